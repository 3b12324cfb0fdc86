"""XLSX by calamine: values as last computed, one type a column where all its cells agree.

Excel knows numbers and dates but no whole numbers and no codes: 5011 is stored as 5011.0. A column
of whole numbers only comes out as integers; a column that mixes numbers and texts comes out as
text, in which 5011.0 is written ``5011``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from geodata.errors import DataError, Fault, Notice
from geodata.exports.formulas import formula_columns
from geodata.exports.headers import (
    clean_names,
    drop_blank_rows,
    drop_nameless,
    header_notices,
    name_faults,
    reread_rejected,
)
from geodata.exports.raw import Cut, ReadOptions, file_fault, rejected_frame, shorten
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.options import nearest

_EXACT: Final = 2**53
_ZIP_ERRORS: Final = (
    calamine.ZipError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression that zipfile doesn't know
    RuntimeError,  # an encrypted part
)


def read_excel(path: Path, options: ReadOptions) -> Cut:
    """Cut a sheet of an XLSX file into columns.

    Parameters
    ----------
    path
        The file.
    options
        Sheet, and rows above the header to skip.

    Returns
    -------
    Cut
        An empty cell is null. Columns are int64, double, bool, timestamp[us] (dates and times of
        day and date), time64[us] or string.

    Raises
    ------
    DataError
        ``truncated_file``, ``unreadable``, ``unknown_sheet``, ``empty_file``, ``header_only``,
        ``preamble``, ``duplicate_columns``.
    """
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            chosen, notices = _choose_sheet(book, options, path)
            rows = chosen.to_python(skip_empty_area=False)
        sheet = chosen.name
        formulas, first = formula_columns(path, sheet)
    except calamine.PasswordError as error:
        raise DataError(_damaged("password_protected", path, error)) from error
    except _ZIP_ERRORS as error:
        raise DataError(_damaged("truncated_file", path, error)) from error
    except (calamine.CalamineError, KeyError) as error:
        raise DataError(_damaged("unreadable", path, error)) from error
    at = _header_at(rows, options.skip_rows)
    if at is None:
        raise DataError(_no_rows("empty_file", sheet, path))
    cells = [_text(cell) or "" for cell in rows[at]]
    names = clean_names(cells)
    faults = _titles(rows, at, path) or name_faults(names, path, row=at + 1)
    if faults:
        raise DataError(faults)
    columns = zip(*rows[at + 1 :], strict=True) if len(rows) > at + 1 else [()] * len(names)
    table = pa.table([_column(column) for column in columns], names=names)
    row_numbers = np.arange(table.num_rows, dtype=np.int64) + at + 2
    table, kept = drop_blank_rows(table)
    if kept is not None:
        row_numbers = row_numbers[kept]
    if table.num_rows == 0:
        raise DataError(_no_rows("header_only", sheet, path))
    table = drop_nameless(table, cells)
    table, reread = reread_rejected(table)
    return Cut(
        table=table,
        row_numbers=row_numbers,
        rejected=rejected_frame([]),
        notices=(
            *notices,
            *header_notices(names, at + 1),
            *_formula_notices(formulas, first, names),
            *reread,
        ),
        layer=sheet,
    )


def _choose_sheet(
    book: calamine.CalamineWorkbook, options: ReadOptions, path: Path
) -> tuple[calamine.CalamineSheet, list[Notice]]:
    """Return the sheet stated, else the first visible one with cells, and what to tell of it."""
    meta = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    names = [m.name for m in meta]
    if options.sheet is not None:
        if options.sheet in names:
            return book.get_sheet_by_name(options.sheet), []
        raise DataError(
            file_fault(
                "unknown_sheet",
                _("Bladet ”{sheet}” finns inte.").format(sheet=options.sheet),
                path,
                next_step=nearest(options.sheet, names),
            )
        )
    visible = {m.name for m in meta if m.visible == calamine.SheetVisibleEnum.Visible}
    sheets = {name: book.get_sheet_by_name(name) for name in names}
    filled = [name for name, sheet in sheets.items() if sheet.height > 0]
    if not filled:
        raise DataError(_no_rows("empty_file", ", ".join(names), path))
    chosen = next((name for name in filled if name in visible), filled[0])
    if len(filled) == 1:
        return sheets[chosen], []
    notice = Notice(
        code="sheet_chosen",
        level="chosen",
        text=_(
            "Filen har {n} blad med data: {names}. Bladet ”{chosen}” läses; ett annat väljs med "
            "sheet."
        ).format(n=len(filled), names=", ".join(filled), chosen=chosen),
        data={"sheets": filled, "chosen": chosen},
    )
    return sheets[chosen], [notice]


def _header_at(rows: Sequence[Sequence[Any]], skip: int) -> int | None:
    """Return the place from 0 of the first row with anything in it."""
    filled = (i for i in range(skip, len(rows)) if _n_filled(rows[i]))
    return next(filled, None)


def _n_filled(row: Sequence[Any]) -> int:
    return sum(bool((_text(cell) or "").strip()) for cell in row)


def _titles(rows: Sequence[Sequence[Any]], at: int, path: Path) -> list[Fault]:
    """Return a fault if the header has one cell and a row below it several."""
    if _n_filled(rows[at]) != 1:
        return []
    below = range(at + 1, min(at + 50, len(rows)))
    widths = [(_n_filled(rows[i]), i) for i in below]
    widest = max((width for width, _i in widths), default=0)
    if widest < 3:
        return []
    found = next(i for width, i in widths if 2 * width > widest)
    return [
        file_fault(
            "preamble",
            _("Rad {row} är ingen rubrikrad: {text}").format(
                row=at + 1, text=shorten("".join(_text(cell) or "" for cell in rows[at]))
            ),
            path,
            place=_("rad {row}").format(row=at + 1),
            why=_("Rubrikerna tycks stå på rad {row}: {text}").format(
                row=found + 1, text=shorten("; ".join(_text(cell) or "" for cell in rows[found]))
            ),
            next_step=_("Sätt skip_rows = {rows} för filen i projektfilen.").format(rows=found),
        )
    ]


def _column(cells: Sequence[Any]) -> pa.Array:
    """Return cells as the type they share, else as text."""
    values = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
    kinds = {type(value) for value in values} - {type(None)}
    if kinds and kinds <= {int, float}:
        whole = all(v is None or (float(v).is_integer() and abs(v) < _EXACT) for v in values)
        return pa.array(
            [None if v is None else int(v) for v in values] if whole else values,
            pa.int64() if whole else pa.float64(),
        )
    if kinds and kinds <= {date, datetime}:
        return pa.array(
            [datetime(v.year, v.month, v.day) if type(v) is date else v for v in values],
            pa.timestamp("us"),
        )
    if kinds == {time}:
        return pa.array(values, pa.time64("us"))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:  # noqa: ANN401 (any cell)
    """Return a cell as Excel would show it; ``None`` for an empty one."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, timedelta):  # Excel's [h]:mm:ss
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)  # dates and times in ISO form


def _formula_notices(formulas: Counter[int], first: str, names: Sequence[str]) -> list[Notice]:
    if not formulas:
        return []
    n = sum(formulas.values())
    columns = [names[place] for place in sorted(formulas) if place < len(names)]
    return [
        Notice(
            code="formula_cells",
            level="warning",
            text=ngettext(
                "{n} cell innehåller en formel (den första är {first}; kolumner: {columns}). "
                "Värdet som senast räknades ut läses, formeln räknas inte.",
                "{n} celler innehåller formler (den första är {first}; kolumner: {columns}). "
                "Värdena som senast räknades ut läses, formlerna räknas inte.",
                n,
            ).format(n=number(n), first=first, columns=", ".join(columns)),
            data={"cells": n, "first": first, "columns": columns},
        )
    ]


def _no_rows(code: str, sheet: str, path: Path) -> Fault:
    what = {
        "empty_file": _("Filen är tom."),
        "header_only": _("Filen har en rubrikrad men inga rader."),
    }
    return file_fault(
        code,
        what[code],
        path,
        place=_("blad {sheet}").format(sheet=sheet),
        next_step=_("Gör om uttaget, eller ange rätt blad med sheet i projektfilen."),
    )


def _damaged(code: str, path: Path, error: Exception) -> Fault:
    what = {
        "password_protected": _("Filen är skyddad med lösenord."),
        "truncated_file": _("Filen är avbruten eller skadad."),
        "unreadable": _("Filen går inte att läsa som XLSX."),
    }
    return file_fault(
        code,
        what[code],
        path,
        why=_("Läsaren säger: {error}").format(error=error),
        next_step=_("Öppna filen i Excel och spara den på nytt, eller hämta den igen."),
    )
