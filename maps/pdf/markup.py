"""Texts as Typst reads them: always a string, never markup or code."""

from __future__ import annotations

from maps.fonts import writable
from maps.paper import Run, Words, runs


def literal(words: str) -> str:
    r"""Return a text as a string of Typst's code, quoted.

    Of the characters that mean something within quotes only ``\`` and ``"`` do; the fonts decide
    which others can be written (`maps.fonts.writable`).
    """
    return '"' + writable(words).replace("\\", "\\\\").replace('"', '\\"') + '"'


def text(words: Words) -> str:
    """Return a text as Typst markup that prints it as it is.

    The semicolon ends the expression: whatever follows can't be read as part of it.

    Parameters
    ----------
    words
        A text from anywhere, or pieces of it with their looks.
    """
    return "".join(f"#{_styled(run)};" for run in runs(words))


def content(words: Words) -> str:
    """Return a text as an argument of a Typst function: a block of content."""
    return f"[{text(words)}]"


def array(items: list[str]) -> str:
    """Return expressions as a Typst array, also when there is one or none."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _styled(run: Run) -> str:
    expression = literal(run.text)
    if run.bold:
        expression = f"strong({expression})"
    if run.italic:
        expression = f"emph({expression})"
    if run.soft:
        expression = f"text(fill: soft, {expression})"
    return expression
