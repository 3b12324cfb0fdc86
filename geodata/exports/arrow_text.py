"""Text files cut by Arrow, where that is exact.

Exact means that Arrow finds one record on each line: then row numbers are known and no stray quote
has swallowed a line. Quoted line breaks, NUL and bytes that aren't UTF-8 go the way of
`geodata.exports.records`, some ten times slower.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from geodata.exports.encoding import Decoded
from geodata.exports.headers import clean_names
from geodata.exports.layout import Layout, fits
from geodata.exports.raw import shorten
from geodata.exports.records import MAX_RECORD_LINES, ends_within_quote, long_fields, one_record

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
    """Cut a body in which every record fits the header, in threads; ``None`` if it isn't so."""
    body = _Body.of(text, layout)
    table = None if body is None else body.read(threads=True)
    if body is None or table is None or not body.is_exact(table, []):
        return None
    return Rows(table, np.arange(table.num_rows, dtype=np.int64) + layout.header_row + 1, [], 0)


def cut_irregular(text: Decoded, layout: Layout) -> Rows | None:
    """Cut a body with some blank or ragged lines, in one thread; ``None`` if it isn't so."""
    body = _Body.of(text, layout) if text.valid else None
    if body is None:
        return None
    invalid: list[tuple[int, str]] = []

    def handle(row: Any) -> str:  # noqa: ANN401 (pyarrow's InvalidRow)
        invalid.append((row.number, row.text))
        return "skip" if len(invalid) <= _MOST_INVALID else "error"

    table = body.read(threads=False, handler=handle)
    if table is None or not body.is_exact(table, invalid):
        return None
    row_numbers = np.flatnonzero(_fitting(table, invalid)) + layout.header_row + 1
    return _sort_out(Rows(table, row_numbers, [], 0), invalid, layout)


def _fitting(table: pa.Table, invalid: list[tuple[int, str]]) -> npt.NDArray[np.bool_]:
    """Return which of all records, in order, became rows of the table."""
    fitting = np.ones(table.num_rows + len(invalid), dtype=np.bool_)
    fitting[[number - 1 for number, _text in invalid]] = False
    return fitting


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


def _line_breaks(table: pa.Table) -> npt.NDArray[np.int64]:
    """Return the number of line breaks within the cells of each row."""
    total = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        if pc.any(pc.match_substring(column, "\n")).as_py():
            total += pc.count_substring(column, "\n").to_numpy()
    return total


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

    def is_exact(self, table: pa.Table, invalid: list[tuple[int, str]]) -> bool:
        """Tell whether each line is a record, but for line breaks that are properly quoted."""
        n_more = self.n_lines() - table.num_rows - len(invalid)
        if n_more == 0:
            return True
        alone = self.data.count(b"\r", self.start, self.end)
        alone -= self.data.count(b"\r\n", self.start, self.end)
        if not self.quoted or n_more < 0 or alone or any("\n" in raw for _row, raw in invalid):
            return False
        breaks = _line_breaks(table)
        if breaks.sum() != n_more:
            return False
        of_records = np.zeros(table.num_rows + len(invalid), dtype=np.int64)
        of_records[_fitting(table, invalid)] = breaks
        return self._properly_quoted(of_records)

    def _properly_quoted(self, breaks: npt.NDArray[np.int64]) -> bool:
        """Tell whether the records that have line breaks within are each one record to ``csv``.

        A stray quote that swallows a line is followed by text where a separator should stand.
        """
        if breaks.max() >= MAX_RECORD_LINES:
            return False
        ends = np.flatnonzero(
            np.frombuffer(self.data, np.uint8)[self.start : self.end] == ord("\n")
        )
        starts = np.concatenate([[0], ends + 1, [self.end - self.start + 1]]) + self.start
        first = np.concatenate([[0], np.cumsum(breaks + 1)[:-1]])
        with long_fields():
            for record in np.flatnonzero(breaks):
                line = first[record]
                raw = self.data[starts[line] : starts[line + breaks[record] + 1] - 1].decode(
                    "utf-8"
                )
                if not one_record(io.StringIO(raw, newline=""), self.layout.separator):
                    return False
        return True

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
