"""Text files cut by Arrow, where that is exact.

Exact means that Arrow finds one record on each line: then row numbers are known and no stray quote
has swallowed a line. Quoted line breaks, NUL and bytes that aren't UTF-8 go the way of
`geodata.exports.records`, some ten times slower.
"""

from __future__ import annotations

import csv
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from geodata.exports.encoding import Decoded
from geodata.exports.headers import clean_names
from geodata.exports.layout import Layout, fits
from geodata.exports.raw import shorten
from geodata.exports.records import ends_within_quote, long_fields

_BLOCK: Final = 1 << 20
_MOST_INVALID: Final = 20_000
"""More irregular rows than this are no quicker to handle here than record by record."""


class Rows(NamedTuple):
    """The body of a text file, cut: ``surplus`` rows had blank cells too many at their end."""

    table: pa.Table
    row_numbers: npt.NDArray[np.int64]
    rejected: list[tuple[int, str, str]]
    surplus: int


def cut_regular(text: Decoded, layout: Layout) -> Rows | None:
    """Cut a body of which every line is a record that fits the header; ``None`` if it isn't so."""
    body = _Body.of(text, layout)
    table = None if body is None else body.read(threads=True)
    if body is None or table is None or table.num_rows != body.n_lines():
        return None
    return Rows(table, np.arange(table.num_rows, dtype=np.int64) + layout.header_row + 1, [], 0)


def cut_irregular(text: Decoded, layout: Layout) -> Rows | None:
    """Cut a body with some blank or ragged lines, in one thread; ``None`` if it isn't so."""
    body = _Body.of(text, layout)
    if body is None:
        return None
    invalid: list[tuple[int, str]] = []

    def handle(row: Any) -> str:  # noqa: ANN401 (pyarrow's InvalidRow)
        invalid.append((row.number, row.text))
        return "skip" if len(invalid) <= _MOST_INVALID else "error"

    table = body.read(threads=False, handler=handle)
    if table is None or table.num_rows + len(invalid) != body.n_lines():
        return None
    places = np.ones(table.num_rows + len(invalid), dtype=np.bool_)
    places[[number - 1 for number, _text in invalid]] = False
    row_numbers = np.flatnonzero(places) + layout.header_row + 1
    return _sort_out(Rows(table, row_numbers, [], 0), invalid, layout)


def _sort_out(rows: Rows, invalid: list[tuple[int, str]], layout: Layout) -> Rows:
    """Put rows that only have blank cells too many back in their place; reject the others."""
    width = len(layout.cells)
    back: list[list[str]] = []
    numbers: list[int] = []
    with long_fields():
        for number, raw in invalid:
            cells = next(csv.reader([raw], delimiter=layout.separator), [])
            row = number + layout.header_row
            if not any(cell.strip() for cell in cells):
                continue
            if fits(cells, width):
                back.append(cells[:width])
                numbers.append(row)
            else:
                rows.rejected.append((row, "wrong_number_of_columns", shorten(raw)))
    if not back:
        return rows
    columns = [pa.array(column, pa.string()) for column in zip(*back, strict=True)]
    added = pa.table(columns, schema=rows.table.schema)
    row_numbers = np.concatenate([rows.row_numbers, np.array(numbers, dtype=np.int64)])
    order = np.argsort(row_numbers, kind="stable")
    table = pa.concat_tables([rows.table, added]).take(pa.array(order))
    return Rows(table, row_numbers[order], rows.rejected, len(back))


class _Body(NamedTuple):
    """The lines below the header, from byte ``start`` to ``end`` without line breaks at the end."""

    data: bytes
    start: int
    end: int
    layout: Layout
    quoted: bool

    @classmethod
    def of(cls, text: Decoded, layout: Layout) -> _Body | None:
        """Return the body; ``None`` if Arrow isn't to be trusted with it."""
        data, start, end = text.data, layout.body, len(text.data)
        while end > start and data[end - 1] in b"\r\n\x1a":  # Ctrl-Z ends files of old systems
            end -= 1
        if end <= start or data.find(b"\0", start, end) >= 0:
            return None
        return cls(data, start, end, layout, data.find(b'"', start, end) >= 0)

    def n_lines(self) -> int:
        """Return the number of lines, whether they end in LF, CR LF or CR."""
        breaks = self.data.count(b"\n", self.start, self.end)
        if self.data.find(b"\r", self.start, self.end) >= 0:
            breaks += self.data.count(b"\r", self.start, self.end)
            breaks -= self.data.count(b"\r\n", self.start, self.end)
        return breaks + 1

    def read(self, *, threads: bool, handler: Any = None) -> pa.Table | None:  # noqa: ANN401
        """Return all columns as strings; ``None`` if Arrow can't."""
        names = clean_names(self.layout.cells)
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(pa.py_buffer(self.data)[self.start : self.end]),
                pa_csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=threads),
                pa_csv.ParseOptions(
                    delimiter=self.layout.separator,
                    quote_char='"' if self.quoted else False,
                    newlines_in_values=self.quoted,
                    ignore_empty_lines=False,
                    invalid_row_handler=handler,
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        return None if self.quoted and self._left_open() else table

    def _left_open(self) -> bool:
        """Tell whether the last line leaves a quote open, which hides from the count of lines."""
        breaks = (self.data.rfind(mark, self.start, self.end) for mark in (b"\n", b"\r"))
        line = self.data[max(self.start, max(breaks) + 1) : self.end]
        return ends_within_quote([line.decode("utf-8", "replace")], self.layout.separator)
