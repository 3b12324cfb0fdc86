"""XLSX: one sheet a table, written row by row, with text that stays text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from geodata.disclosure import Released, marking
from geodata.files.flat import flat
from geodata.files.titles import title
from geodata.language import gettext as _

MOST_ROWS: Final = 1_048_575
"""Rows below the header that a sheet can hold."""

MOST_LETTERS: Final = 31
"""Letters of a sheet's name."""


def write_xlsx(path: Path, tables: Mapping[str, Released], *, stamp: datetime) -> None:
    """Write released tables as sheets of one workbook, after a sheet that says what they are.

    Parameters
    ----------
    path
        The file.
    tables
        Released tables. Withheld ones, and those with more rows than a sheet holds, are named on
        the first sheet only. Times are written in their own time zone, without it.
    stamp
        Timezone-aware time that stands as "created"; equal tables and stamp give equal bytes.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    book = Workbook(write_only=True)
    about = book.create_sheet(_("Om filen"))
    for line in _about(tables):
        about.append([text_cell(about, line)])
    for released in tables.values():
        if released.table is None or len(released.table) > MOST_ROWS:
            continue
        sheet = book.create_sheet(sheet_name(released.name))
        sheet.freeze_panes = "A2"
        for row in _rows(sheet, flat(released.table)):
            sheet.append(row)
    unstamped = BytesIO()
    book.save(unstamped)
    path.write_bytes(stamped(unstamped, stamp))


def write_list_xlsx(
    path: Path, released: Released, headings: Mapping[str, str], *, stamp: datetime
) -> None:
    """Write one released table as a workbook of one sheet and nothing else, to be handed over.

    The marking stands in the header of the printed page, so that the cells hold the items alone.

    Parameters
    ----------
    path
        The file.
    released
        A table that is not withheld.
    headings
        Column → heading; the columns written, in order.
    stamp
        As of `write_xlsx`.

    Raises
    ------
    ValueError
        If the table is withheld.
    OSError
        If the file can't be written.
    """
    table = released.shown()[list(headings)].rename(columns=dict(headings))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(released.name))
    sheet.freeze_panes = "A2"
    sheet.oddHeader.center.text = marking(released.profile)
    for row in _rows(sheet, flat(table)):
        sheet.append(row)
    unstamped = BytesIO()
    book.save(unstamped)
    path.write_bytes(stamped(unstamped, stamp))


def sheet_name(name: str) -> str:
    """Return the title of a table without the signs that no sheet may have, not too long."""
    whole: str = INVALID_TITLE_REGEX.sub("", title(name))
    return whole[:MOST_LETTERS]


def _about(tables: Mapping[str, Released]) -> Iterator[str]:
    for profile in sorted({released.profile for released in tables.values()}):
        yield marking(profile)
    for released in tables.values():
        name = title(released.name)
        if released.table is None and released.notes:
            yield _("{name}: lämnas inte ut.").format(name=name)
        elif released.table is not None and len(released.table) > MOST_ROWS:
            yield _("{name}: fler rader än ett kalkylblad rymmer; finns i andra format.").format(
                name=name
            )
        for note in released.notes:
            yield f"{name}: {note}"


def text_cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:  # noqa: ANN401
    """Return a cell of a write-only sheet that holds text, whatever the text looks like."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # never a formula, whatever it begins with
    if bold:
        cell.font = Font(bold=True)
    return cell


def _rows(sheet: Any, table: pd.DataFrame) -> Iterator[list[Any]]:  # noqa: ANN401
    yield [text_cell(sheet, str(name), bold=True) for name in table.columns]
    plain = {name: _values(table[name]) for name in table.columns}
    for values in zip(*plain.values(), strict=True):
        yield [text_cell(sheet, v) if isinstance(v, str) else v for v in values]


def _values(series: pd.Series[Any]) -> list[Any]:
    """Return a column as values that openpyxl knows, ``None`` where missing."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_localize(None)
    if pd.api.types.is_datetime64_dtype(series.dtype):
        return [None if pd.isna(v) else v.to_pydatetime() for v in series]
    return series.astype(object).where(series.notna(), None).tolist()


def stamped(book: BytesIO, stamp: datetime) -> bytes:
    """Return a workbook with all its own times set to `stamp`: openpyxl writes the present."""
    moment = stamp.astimezone(UTC)
    result = BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _CORE.format(moment=moment.strftime("%Y-%m-%dT%H:%M:%SZ")).encode()
            info = zipfile.ZipInfo(entry.filename, date_time=moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return result.getvalue()


_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
    "</cp:coreProperties>"
)
