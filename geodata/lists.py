"""Short lists that a person keeps: known columns under the headings people use, all as text.

A list is CSV, XLSX or a vector file. It is short and somebody's own, so a column that nobody knows
or a row that can't be cut stops the work: what is misread in silence would be missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.exports import ReadOptions, read_export
from geodata.exports.raw import X_COLUMN, Y_COLUMN, unescape_cell
from geodata.language import gettext as _
from geodata.options import nearest


@dataclass(frozen=True)
class Listing:
    """A list, cut.

    Attributes
    ----------
    path
        The file, for messages.
    columns
        Known columns that the file has: stripped texts, empty where a cell is; all of one length.
    rows
        Number of each row as a spreadsheet shows it.
    crs
        System of a vector file's points, which then are columns ``x`` and ``y``.
    notices
        What the reader warns of.
    """

    path: Path
    columns: Mapping[str, Sequence[str]]
    rows: Sequence[int]
    crs: str | None
    notices: tuple[Notice, ...]

    def texts(self, name: str) -> Sequence[str]:
        """Return a column, empty texts where the file hasn't got it."""
        return self.columns.get(name, [""] * len(self.rows))

    def fault(self, code: str, what: str, rows: Sequence[int], next_step: str = "") -> Fault:
        """Return a fault of the rows at these positions."""
        listed = ", ".join(str(self.rows[i]) for i in rows[:10])
        more = ", …" if len(rows) > 10 else ""
        where = _("{path}, rad {rows}").format(path=self.path, rows=listed + more)
        return Fault(code=code, what=what, where=where, next_step=next_step)


def read_listing(
    path: Path,
    names: Mapping[str, Sequence[str]],
    *,
    required: Sequence[str],
    ignored: Sequence[str] = (),
    layer: str | None = None,
) -> Listing:
    """Cut a list into its known columns.

    Parameters
    ----------
    path
        The file.
    names
        Column → headings it may have, the first one the recommended; any case, ``_`` and blank
        alike.
    required
        Columns that must be there.
    ignored
        Headings that may stand there and are not read.
    layer
        Layer of a vector file.

    Raises
    ------
    DataError
        As `read_export`; ``broken_rows``, ``unknown_column``, ``duplicate_columns``,
        ``missing_column``, ``empty_list``.
    """
    raw = read_export(path, ReadOptions(layer=layer))
    if len(raw.rejected):
        told = ", ".join(map(str, raw.rejected["row_number"].tolist()))
        what = _("Rader som inte går att dela i kolumner: {rows}.").format(rows=told)
        raise DataError(Fault(code="broken_rows", what=what, where=str(path)))
    headings = [h for h in raw.table.column_names if _key(h) not in {_key(i) for i in ignored}]
    chosen, faults = _known(headings, names, path, points=raw.crs is not None)
    faults += [
        Fault(
            code="missing_column",
            what=_("Kolumnen ”{name}” saknas.").format(name=names[name][0]),
            where=str(path),
            next_step=_("Rubriker som finns: {names}.").format(names=", ".join(headings)),
        )
        for name in required
        if name not in chosen
    ]
    raise_all(faults, DataError)
    cells = {name: _texts(raw.table.column(heading)) for name, heading in chosen.items()}
    filled = [i for i, row in enumerate(zip(*cells.values(), strict=True)) if any(row)]
    if not filled:
        raise DataError(Fault(code="empty_list", what=_("Listan är tom."), where=str(path)))
    numbers = raw.row_numbers.tolist()
    return Listing(
        path=path,
        columns={name: [column[i] for i in filled] for name, column in cells.items()},
        rows=[numbers[i] for i in filled],
        crs=raw.crs,
        notices=tuple(note for note in raw.notices if note.level == "warning"),
    )


def as_number(text: str) -> float | None:
    """Return a number with decimal comma or point and any spaces; ``None`` where it is none."""
    plain = "".join(text.split()).replace(",", ".").replace("−", "-")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _known(
    headings: Sequence[str], names: Mapping[str, Sequence[str]], path: Path, *, points: bool
) -> tuple[dict[str, str], list[Fault]]:
    aliases = {_key(alias): name for name, listed in names.items() for alias in listed}
    if points:
        aliases |= {_key(X_COLUMN): "x", _key(Y_COLUMN): "y"}
    chosen: dict[str, str] = {}
    faults = []
    for heading in headings:
        name = aliases.get(_key(heading))
        if name is None:
            step = nearest(_key(heading), [listed[0] for listed in names.values()])
            what = _("Okänd kolumn ”{heading}”.").format(heading=heading)
            faults.append(Fault(code="unknown_column", what=what, where=str(path), next_step=step))
        elif name in chosen:
            what = _("Två kolumner betyder samma sak: ”{heading}” är den andra.")
            faults.append(
                Fault(code="duplicate_columns", what=what.format(heading=heading), where=str(path))
            )
        else:
            chosen[name] = heading
    return chosen, faults


def _key(heading: str) -> str:
    return " ".join(heading.strip().casefold().replace("_", " ").split())


def _texts(column: Any) -> list[str]:  # noqa: ANN401 (an Arrow column)
    return [_text(value) for value in column.to_pylist()]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    text = unescape_cell(str(value)).strip()
    return re.sub(r" 00:00:00(\.0+)?$", "", text)  # a spreadsheet's way of writing a day
