"""Names of columns: cleaned of blanks, held to be unique, given to those that have none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import Fault, Notice
from geodata.exports.raw import (
    ESCAPED_PATTERN,
    REJECTED_COLUMNS,
    X_COLUMN,
    Y_COLUMN,
    file_fault,
    shorten,
    unescape_cell,
)
from geodata.language import gettext as _
from geodata.language import ngettext

_NUMBER: Final = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*|\d{4}-\d\d-\d\d.*")


def clean_names(cells: Sequence[str]) -> list[str]:
    """Return column names without blanks around them, runs of blanks and line breaks as one space.

    A column without a name is called ``column_3`` by its place from 1.
    """
    names = [" ".join(cell.split()) for cell in cells]
    return [name or f"column_{place}" for place, name in enumerate(names, start=1)]


def name_faults(names: Sequence[str], path: Path, *, row: int | None = None) -> list[Fault]:
    """Return a fault if two columns have one name, or one of those that Lägesbild keeps.

    ``row`` is the row of the header, where there is one.
    """
    faults = []
    double = [name for name, times in Counter(names).items() if times > 1]
    if double:
        places = {n: [i for i, m in enumerate(names, start=1) if m == n] for n in double}
        listed = "; ".join(
            _("”{name}” i kolumn {places}").format(
                name=shorten(name), places=", ".join(str(p) for p in places[name])
            )
            for name in double[:20]
        )
        faults.append(
            file_fault(
                "duplicate_columns",
                _("Flera kolumner har samma namn: {names}.").format(names=listed),
                path,
                place="" if row is None else _("rad {row}").format(row=row),
                why=_("Det går inte att veta vilken av dem som menas."),
                next_step=_("Ge kolumnerna olika namn i filen, eller ta bort dem som inte behövs."),
            )
        )
    kept = [name for name in names if name in (X_COLUMN, Y_COLUMN)]
    if kept:
        faults.append(
            file_fault(
                "reserved_column",
                _("Kolumnnamnet ”{name}” används av Lägesbild.").format(name=kept[0]),
                path,
                next_step=_("Byt namn på kolumnen i filen."),
            )
        )
    return faults


def header_notices(names: Sequence[str], row: int) -> list[Notice]:
    """Return a warning if the header looks like a row of data."""
    numbers = [name for name in names if _NUMBER.fullmatch(name)]
    if 2 * len(numbers) < len(names):
        return []
    return [
        Notice(
            code="header_looks_like_data",
            level="warning",
            text=_(
                "Rubrikraden (rad {row}) ser ut som data: {names}. Saknar filen rubriker "
                "måste en rubrikrad läggas till."
            ).format(row=row, names=shorten("; ".join(names))),
            data={"row": row},
        )
    ]


def drop_nameless(table: pa.Table, cells: Sequence[str]) -> pa.Table:
    """Return `table` without columns that have neither a name nor any value.

    They come of a separator at the end of each line.
    """
    idle = [
        place
        for place, cell in enumerate(cells)
        if not cell.strip() and _is_empty(table.column(place))
    ]
    return table.drop_columns([table.column_names[i] for i in idle]) if idle else table


def _is_empty(column: pa.ChunkedArray) -> bool:
    if column.null_count == len(column):
        return True
    return pa.types.is_string(column.type) and bool(pc.all(pc.equal(column, "")).as_py())


def drop_blank_rows(table: pa.Table) -> tuple[pa.Table, npt.NDArray[np.bool_] | None]:
    """Return `table` without rows in which every cell is null, empty or blanks.

    Returns
    -------
    tuple
        The table and the mask of the rows kept, ``None`` if all were.
    """
    rows: pa.Array | None = None
    for name in table.column_names:
        column = table.column(name) if rows is None else table.column(name).take(rows)
        blank = pc.is_null(column)
        if pa.types.is_string(column.type):
            empty = pc.or_(pc.equal(pc.binary_length(column), 0), pc.utf8_is_space(column))
            blank = pc.fill_null(empty, fill_value=True)
        found = pc.indices_nonzero(blank)
        rows = found if rows is None else rows.take(found)
        if len(rows) == 0:
            return table, None
    if rows is None:
        return table, None
    kept = np.ones(table.num_rows, dtype=np.bool_)
    kept[rows.to_numpy()] = False
    return table.filter(pa.array(kept)), kept


def reread_rejected(table: pa.Table) -> tuple[pa.Table, tuple[Notice, ...]]:
    """Undo what the writer of ``rejected.csv`` added: its columns and the ``'`` before formulas."""
    if not set(REJECTED_COLUMNS) <= set(table.column_names):
        return table, ()
    table = table.drop_columns(list(REJECTED_COLUMNS))
    table = table.rename_columns([unescape_cell(name) for name in table.column_names])
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = pc.replace_substring_regex(table.column(place), ESCAPED_PATTERN, r"\1")
            table = table.set_column(place, field, column)
    notice = Notice(
        code="reread_rejected",
        text=ngettext(
            "Filen är en rättad lista över avvisade rader ({n} rad). Lägesbilds egna kolumner i "
            "den är borttagna.",
            "Filen är en rättad lista över avvisade rader ({n} rader). Lägesbilds egna kolumner i "
            "den är borttagna.",
            table.num_rows,
        ).format(n=table.num_rows),
        data={"rows": table.num_rows},
    )
    return table, (notice,)
