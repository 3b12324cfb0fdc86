"""The list of operations cut into known columns, whatever kind of file it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from geodata.errors import DataError, Fault, Notice
from geodata.exports import ReadOptions, read_export
from geodata.exports.raw import unescape_cell
from geodata.language import gettext as _
from geodata.options import nearest

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "first": ("från", "från datum", "startdatum", "datum", "first_date", "date_from", "from"),
    "last": ("till", "till datum", "slutdatum", "last_date", "date_to", "to"),
    "from_time": ("tid från", "starttid", "kl från", "from_time", "time_from"),
    "to_time": ("tid till", "sluttid", "kl till", "to_time", "time_to"),
    "area": ("område", "area", "area_id"),
    "x": ("e", "öst", "east", "x_m"),
    "y": ("n", "nord", "north", "y_m"),
    "radius": ("radie", "radie m", "radius", "radius_m"),
    "polygon": ("polygon", "wkt", "geometri", "geometry"),
    "kind": ("slag", "typ", "kind", "type"),
    "name": ("namn", "insats", "name"),
    "hours": ("timmar", "arbetstimmar", "patrulltimmar", "hours", "patrol_hours"),
}
"""Column and the headings it may have, any case; ``_`` and blank are the same."""

TOML_LISTS: Final = ("insats", "operation")


@dataclass(frozen=True)
class Cells:
    """The list, cut.

    Attributes
    ----------
    columns
        Known columns that the file has, as they stand in it, all of the same length.
    rows
        Number of each row: as a spreadsheet shows it, or the entry's number in TOML.
    notices
        What the reader chose.
    """

    columns: Mapping[str, pa.Array]
    rows: Sequence[int]
    notices: tuple[Notice, ...]

    def texts(self, name: str) -> list[str]:
        """Return a column as text without blanks around, empty where missing."""
        if name not in self.columns:
            return [""] * len(self.rows)
        values = self.columns[name].to_pylist()
        return ["" if v is None else unescape_cell(str(v)).strip() for v in values]


def read_cells(path: Path) -> Cells:
    """Cut a list of operations.

    Raises
    ------
    DataError
        As `read_export`; ``unreadable``, ``no_operations``, ``unknown_column``,
        ``duplicate_columns``, ``missing_column`` (no first day).
    """
    if path.suffix.lower() == ".toml":
        table, rows, notices = _toml(path)
    else:
        raw = read_export(path, ReadOptions())
        if len(raw.rejected):
            told = ", ".join(map(str, raw.rejected["row_number"].tolist()))
            raise DataError(
                Fault(
                    code="broken_rows",
                    what=_("Rader som inte går att dela i kolumner: {rows}.").format(rows=told),
                    where=str(path),
                )
            )
        table, rows = raw.table, raw.row_numbers.tolist()
        notices = tuple(note for note in raw.notices if note.level == "warning")
    columns, faults = _known(table, path)
    if faults:
        raise DataError(faults)
    filled = [any(v not in (None, "") for v in row) for row in zip(*_lists(columns), strict=True)]
    keep = np.flatnonzero(filled)
    return Cells(
        {name: column.take(pa.array(keep)) for name, column in columns.items()},
        [rows[i] for i in keep],
        notices,
    )


def _lists(columns: Mapping[str, pa.Array]) -> list[list[Any]]:
    return [column.to_pylist() for column in columns.values()]


def _key(heading: str) -> str:
    return " ".join(heading.strip().casefold().replace("_", " ").split())


def _known(table: pa.Table, path: Path) -> tuple[dict[str, pa.Array], list[Fault]]:
    names = {_key(alias): name for name, aliases in NAMES.items() for alias in aliases}
    columns: dict[str, pa.Array] = {}
    faults = []
    for heading in table.column_names:
        name = names.get(_key(heading))
        if name is None:
            words = [aliases[0] for aliases in NAMES.values()]
            faults.append(
                Fault(
                    code="unknown_column",
                    what=_("Okänd kolumn ”{heading}” i listan över insatser.").format(
                        heading=heading
                    ),
                    where=str(path),
                    next_step=nearest(_key(heading), words),
                )
            )
        elif name in columns:
            faults.append(
                Fault(
                    code="duplicate_columns",
                    what=_("Två kolumner betyder samma sak: ”{heading}” är den andra.").format(
                        heading=heading
                    ),
                    where=str(path),
                )
            )
        else:
            column = table[heading]
            columns[name] = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if "first" not in columns:
        faults.append(
            Fault(
                code="missing_column",
                what=_("Listan över insatser saknar kolumnen ”från”."),
                where=str(path),
                why=_("Utan datum går det inte att veta vilka händelser som hör till insatsen."),
            )
        )
    return columns, faults


def _toml(path: Path) -> tuple[pa.Table, list[int], tuple[Notice, ...]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(
            Fault(
                code="unreadable",
                what=_("Listan över insatser går inte att läsa."),
                where=str(path),
                why=str(error),
            )
        ) from error
    entries = [
        entry
        for name in TOML_LISTS
        for entry in (content[name] if isinstance(content.get(name), list) else [])
        if isinstance(entry, dict)
    ]
    if not entries:
        raise DataError(
            Fault(
                code="no_operations",
                what=_("Filen innehåller ingen insats."),
                where=str(path),
                next_step=_("Skriv varje insats under rubriken [[insats]]."),
            )
        )
    headings = list(dict.fromkeys(key for entry in entries for key in entry))
    arrays = [pa.array([_as_text(e.get(h)) for e in entries], pa.string()) for h in headings]
    return pa.table(dict(zip(headings, arrays, strict=True))), list(range(1, len(entries) + 1)), ()


def _as_text(value: Any) -> str:  # noqa: ANN401 (what TOML holds)
    if value is None:
        return ""
    if isinstance(value, list):  # corners of a polygon
        corners = [*value, *value[:1]]
        return "POLYGON((" + ", ".join(" ".join(map(str, np.ravel(c))) for c in corners) + "))"
    return value.isoformat() if isinstance(value, date | time) else str(value)
