"""Sections of docs/evidence.md that have a command of their own, and the page around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BREAK: Final = re.compile(r"^(?=## )", re.MULTILINE)
MADE_BY: Final = "Made by `python -m scripts.evidence."
"""How the text of such a section begins."""


def with_section(page: str, heading: str, lines: Sequence[str]) -> str:
    """Return the page with a section in the place of its former self, else at the end.

    Parameters
    ----------
    page
        Markdown.
    heading
        ``## …``, the first line of the section.
    lines
        The section, heading included.
    """
    new = "\n".join(lines).rstrip() + "\n"
    parts = _BREAK.split(page)
    at = [i for i, part in enumerate(parts) if part.partition("\n")[0] == heading]
    if not at:
        return page.rstrip() + "\n\n" + new
    after = "\n" if at[0] + 1 < len(parts) else ""
    return "".join([*parts[: at[0]], new + after, *parts[at[0] + 1 :]])


def own_sections(page: str) -> list[str]:
    """Return the sections of a page that have a command of their own, in order."""
    bodies = (part.partition("\n")[2].lstrip() for part in _BREAK.split(page)[1:])
    whole = _BREAK.split(page)[1:]
    return [part for part, body in zip(whole, bodies, strict=True) if body.startswith(MADE_BY)]


def kept(new: str, old: str) -> str:
    """Return a new page with the sections of the old one that have a command of their own."""
    return "\n".join([new.rstrip() + "\n", *(part.rstrip() + "\n" for part in own_sections(old))])
