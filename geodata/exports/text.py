"""Text files cut into columns of strings: by Arrow where that is exact, else record by record."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from geodata.errors import DataError, Notice
from geodata.exports.arrow_text import Rows, cut_irregular, cut_regular
from geodata.exports.encoding import Decoded, decode, settle
from geodata.exports.headers import (
    clean_names,
    drop_blank_rows,
    drop_nameless,
    header_notices,
    reread_rejected,
)
from geodata.exports.layout import Layout, find_layout, fits, separator_name
from geodata.exports.raw import Cut, ReadOptions, file_fault, rejected_frame, shorten
from geodata.exports.records import Record, lines_of, long_fields, records
from geodata.language import gettext as _
from geodata.language import ngettext, number

_BATCH: Final = 50_000


def read_text(path: Path, options: ReadOptions) -> Cut:
    """Cut a CSV file, also gzipped, into columns of strings.

    Parameters
    ----------
    path
        The file.
    options
        Encoding, separator and rows to skip.

    Returns
    -------
    Cut
        All columns are strings; an empty cell is ``""``.

    Raises
    ------
    DataError
        Those of `decode` and `find_layout`, and ``header_only``, ``nul_bytes``,
        ``truncated_file``.
    """
    text = decode(_bytes_of(path), options.encoding, path)
    layout = find_layout(text, options, path)
    rows = cut_regular(text, layout)
    if rows is None:
        before, text = text.encoding, settle(text)
        if text.encoding != before:
            layout = find_layout(text, options, path)
            rows = cut_regular(text, layout)
    rows = rows or cut_irregular(text, layout) or _cut_exactly(text, layout)
    table, row_numbers, rejected, surplus = rows
    table, kept = drop_blank_rows(table)
    if kept is not None:
        row_numbers = row_numbers[kept]
    _refuse_no_rows(table, rejected, layout, path)
    table = drop_nameless(table, layout.cells)
    table, reread = reread_rejected(table)
    return Cut(
        table=table,
        row_numbers=row_numbers,
        rejected=rejected_frame(rejected),
        notices=(
            *header_notices(clean_names(layout.cells), layout.header_row),
            *_layout_notices(text, layout, options),
            *([_surplus_notice(surplus)] if surplus else []),
            *reread,
        ),
        encoding=text.encoding,
        separator=layout.separator,
    )


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if not zipped:
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            return file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            file_fault(
                "truncated_file",
                _("Filen är avbruten eller skadad."),
                path,
                why=_("Den är packad med gzip men går inte att packa upp: {error}").format(
                    error=error
                ),
                next_step=_("Hämta eller kopiera filen på nytt."),
            )
        ) from error


class _Columns:
    """Rows collected by column, in batches, so that Python's strings never stand all at once."""

    def __init__(self, names: list[str]) -> None:
        self.schema = pa.schema([(name, pa.string()) for name in names])
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.batches: list[pa.RecordBatch] = []

    def add(self, row: int, cells: list[str]) -> None:
        self.rows.append(cells)
        self.numbers.append(row)
        if len(self.rows) == _BATCH:
            self.close()

    def close(self) -> None:
        """Move the rows collected so far into a batch."""
        if self.rows:
            columns = [pa.array(column, pa.string()) for column in zip(*self.rows, strict=True)]
            self.batches.append(pa.RecordBatch.from_arrays(columns, schema=self.schema))
            self.rows = []


def _cut_exactly(text: Decoded, layout: Layout) -> Rows:
    """Cut the body record by record."""
    columns = _Columns(clean_names(layout.cells))
    width = len(layout.cells)
    rejected: list[tuple[int, str, str]] = []
    surplus = 0
    with long_fields():
        for record in _body(text, layout):
            reason = _reason(record, width, bad_bytes=not text.valid)
            if reason:
                rejected.append((record.row, reason, shorten(record.raw)))
                continue
            surplus += len(record.cells) > width
            columns.add(record.row, record.cells[:width])
    columns.close()
    table = pa.Table.from_batches(columns.batches, columns.schema)
    return Rows(table, np.array(columns.numbers, dtype=np.int64), rejected, surplus)


def _body(text: Decoded, layout: Layout) -> Iterator[Record]:
    """Yield the records that aren't blank."""
    body = lines_of(text.data.rstrip(b"\x1a"), layout.body)
    for record in records(body, layout.separator, layout.header_row + 1):
        cells = record.cells
        if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
            yield record


def _reason(record: Record, width: int, *, bad_bytes: bool) -> str:
    """Return why a record can't be used; empty if it can."""
    if "\0" in record.raw:
        return "nul_byte"
    if bad_bytes and any("\ud800" <= c <= "\udfff" for c in record.raw):
        return "bad_encoding"
    if record.broken:
        return "unterminated_quote"
    return "" if fits(record.cells, width) else "wrong_number_of_columns"


def _refuse_no_rows(
    table: pa.Table, rejected: list[tuple[int, str, str]], layout: Layout, path: Path
) -> None:
    if table.num_rows:
        return
    if not rejected:
        raise DataError(
            file_fault(
                "header_only",
                _("Filen har en rubrikrad men inga rader."),
                path,
                place=_("rad {row}").format(row=layout.header_row),
                why=_("Rubrikerna är: {names}").format(names=shorten("; ".join(layout.cells))),
                next_step=_("Gör om uttaget; kontrollera dess urval och period."),
            )
        )
    if Counter(reason for _row, reason, _detail in rejected)["nul_byte"] == len(rejected):
        raise DataError(
            file_fault(
                "nul_bytes",
                _("Alla rader innehåller NUL-tecken."),
                path,
                why=_("Filen är skadad eller är inte en textfil."),
                next_step=_("Gör om uttaget som CSV eller XLSX."),
            )
        )


def _surplus_notice(n: int) -> Notice:
    return Notice(
        code="trailing_separators",
        text=ngettext(
            "{n} rad slutar med tomma fält utöver rubrikradens kolumner. De tomma fälten är "
            "borttagna.",
            "{n} rader slutar med tomma fält utöver rubrikradens kolumner. De tomma fälten är "
            "borttagna.",
            n,
        ).format(n=number(n)),
        data={"rows": n},
    )


def _chosen_notice(encoding: str, layout: Layout) -> Notice:
    if len(layout.cells) == 1:
        told = _("Filen läses som {encoding}.").format(encoding=encoding)
    else:
        told = _("Filen läses som {encoding} med {separator} som avgränsare.").format(
            encoding=encoding, separator=separator_name(layout.separator)
        )
    return Notice(
        code="text_format",
        level="chosen",
        text=told,
        data={"encoding": encoding, "separator": layout.separator},
    )


def _layout_notices(text: Decoded, layout: Layout, options: ReadOptions) -> list[Notice]:
    notices = []
    if options.encoding == "auto" or options.separator == "auto":
        notices.append(_chosen_notice(text.encoding, layout))
    if len(layout.cells) == 1:
        notices.append(
            Notice(
                code="single_column",
                level="warning",
                text=_(
                    "Filen har bara en kolumn: varken semikolon, komma, tabb eller lodstreck delar "
                    "dess rader."
                ),
            )
        )
    return notices
