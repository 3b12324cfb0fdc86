"""Pages and accounts as files: the same bytes on every system."""

from __future__ import annotations

from pathlib import Path


def write_page(path: Path, text: str) -> None:
    """Write a text as UTF-8 with plain line ends.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    path.write_text(text, encoding="utf-8", newline="\n")
