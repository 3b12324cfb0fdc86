"""A sheet as plain text, to be pasted into the assessment."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from geodata.disclosure import marking
from maps.paper import (
    Beside,
    Block,
    Bullets,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Remark,
    Table,
    plain,
    synthetic_mark,
)
from maps.sheets.model import Sheet
from maps.sheets.pdf import footer, sheet_paper

_WIDTH: Final = 96


def sheet_text(sheet: Sheet) -> str:
    """Return a sheet as text of lines no longer than a letter's, headings underlined."""
    mark = marking(sheet.profile)
    if sheet.synthetic:
        mark += f" · {synthetic_mark()}"
    lines = [mark, sheet.title, "=" * len(sheet.title), f"{sheet.project}. {footer(sheet)}", ""]
    lines += _lines(sheet_paper(sheet).blocks)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _lines(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += _of(block)
    return lines


def _of(block: Block) -> list[str]:  # noqa: PLR0911 (one a kind of block)
    if isinstance(block, Heading):
        return ["", block.text.upper(), "-" * len(block.text)]
    if isinstance(block, Paragraph | Remark):
        return [*textwrap.wrap(_flat(plain(block.words)), _WIDTH), ""]
    if isinstance(block, Bullets):
        sign = "[ ]" if block.mark == "box" else "-"
        return [*(line for item in block.items for line in _hung(sign, plain(item))), ""]
    if isinstance(block, Facts):
        return [*(line for name, words in block.pairs for line in _fact(name, plain(words))), ""]
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Picture):
        return [*textwrap.wrap(f"[{block.alt}]", _WIDTH), ""]
    if isinstance(block, Beside):
        return _lines((*block.left, *block.right))
    return []


def _flat(text: str) -> str:
    """Return a text on one line: a line break in the data must not look like a new heading."""
    return " ".join(text.split())


def _hung(sign: str, text: str) -> list[str]:
    empty = " " * (len(sign) + 1)
    return textwrap.wrap(
        _flat(text), _WIDTH, initial_indent=f"{sign} ", subsequent_indent=empty
    ) or [sign]


def _fact(name: str, value: str) -> list[str]:
    return textwrap.wrap(f"{name}: {_flat(value)}", _WIDTH, subsequent_indent="    ")


def _table(table: Table) -> list[str]:
    """Return a table row by row: columns in line where they fit, else a name before each value."""
    rows = [tuple(_flat(plain(cell)) for cell in row) for row in table.rows]
    widths = [
        max(len(row[column]) for row in (table.header, *rows))
        for column in range(len(table.header))
    ]
    lines = [table.caption] if table.caption else []
    if sum(widths) + 2 * len(widths) <= _WIDTH:
        lines += [_row(row, widths, table.left) for row in (table.header, *rows)]
    else:
        for row in rows:
            pairs = [
                f"{name}: {cell}" for name, cell in zip(table.header[1:], row[1:], strict=True)
            ]
            lines += _hung("-", f"{row[0]} – " + "; ".join(pairs))
    return [*lines, *textwrap.wrap(table.note, _WIDTH), ""]


def _row(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = [
        cell.ljust(width) if column < left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells)
