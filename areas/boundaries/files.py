"""One area file: its columns, dates and rings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from areas.boundaries.options import AreaFile
from areas.boundaries.rings import mend_areas
from areas.boundaries.tables import as_areas
from geodata.crs import to_crs_table
from geodata.errors import Fault, LagesbildError, Notice
from geodata.language import gettext as _
from geodata.language import number
from geodata.options import nearest
from geodata.vectors import KINDS, open_layer

GUESSES: Final[dict[str, tuple[str, ...]]] = {
    "area_id": ("area_id", "regsokod", "desokod", "regso", "deso", "omradeskod", "områdeskod",
                "kod", "omrade_id", "område_id", "id"),
    "name": ("name", "namn", "regsonamn", "omradesnamn", "områdesnamn", "omrade", "område", "area"),
    "valid_from": ("valid_from", "giltig_fran", "giltig_från"),
    "valid_to": ("valid_to", "giltig_till"),
    "decision_ref": ("decision_ref", "beslut", "diarienummer", "dnr"),
    "population": ("population", "folkmangd", "folkmängd", "befolkning"),
}  # fmt: skip
"""Names of columns taken for granted when the project file doesn't say, lower case."""


class FileRead(NamedTuple):
    """What a file gave; the table is empty when there are faults."""

    table: gpd.GeoDataFrame | None
    faults: list[Fault]
    notices: list[Notice]


def read_area_file(
    file: AreaFile, *, crs: str, base: Path, where: str, max_repair_share: float
) -> FileRead:
    """Read one ``[[areas.file]]``.

    Parameters
    ----------
    file
        What the project file says of it.
    crs
        The project's system.
    base
        Folder that a relative path starts from.
    where
        The entry in the project file, for messages.
    max_repair_share
        See `AreaOptions`.

    Returns
    -------
    FileRead
        Table ``areas`` in `crs`, or every fault.
    """
    faults = _setting_faults(file, where)
    path = base / file.path
    if file.path == Path():
        return FileRead(None, faults, [])
    try:
        raw = open_layer(
            path, layer=file.layer or None, source_crs=file.crs or None, kinds=("polygon",)
        )
    except LagesbildError as error:
        return FileRead(None, faults + [_within(f, where) for f in error.faults], [])
    table, more, notices = _columns(raw, file, path)
    faults += more
    faults += _shape_faults(table, path)
    if faults:
        return FileRead(None, [_within(f, where) for f in faults], notices)
    mended = mend_areas(to_crs_table(table, crs), path=path, max_share=max_repair_share)
    return FileRead(
        None if mended.faults else mended.table,
        [_within(f, where) for f in mended.faults],
        notices + mended.notices,
    )


def _within(fault: Fault, where: str) -> Fault:
    if fault.where.startswith(where):
        return fault
    return replace(fault, where=f"{where}: {fault.where}" if fault.where else where)


def _setting_faults(file: AreaFile, where: str) -> list[Fault]:
    if file.path != Path():
        return []
    return [
        Fault(
            code="missing_setting",
            what=_("Inställningen ”path” saknas."),
            where=where,
            next_step=_('Ange filen: path = "omraden.gpkg".'),
        )
    ]


def _columns(
    raw: gpd.GeoDataFrame, file: AreaFile, path: Path
) -> tuple[gpd.GeoDataFrame, list[Fault], list[Notice]]:
    """Return table ``areas`` in the file's system, faults of its columns, what was chosen."""
    found, faults, guessed = _mapping(raw, file, path)
    notices = [_guessed(path, guessed)] if guessed else []
    texts = {label: _texts(raw[column]) for label, column in found.items()}
    if "name" in texts and "area_id" not in texts:
        texts["area_id"] = texts["name"].str.casefold().str.replace(" ", "-")
        notices.append(
            Notice(
                code="area_id_from_name",
                text=_("{file}: områdenas id har bildats av deras namn.").format(file=path.name),
                level="chosen",
                data={"file": path.name},
            )
        )
    data: dict[str, Any] = {
        "area_id": texts.get("area_id"),
        "name": texts.get("name"),
        "decision_ref": texts.get("decision_ref", file.decision_ref or None),
        "source": file.source or path.name,
        "authoritative": file.authoritative,
    }
    for label in ("valid_from", "valid_to"):
        constant = getattr(file, label)
        data[label] = pd.Timestamp(constant) if constant else pd.NaT
        if label in found:
            data[label], more = _dates(raw[found[label]], found[label], path)
            faults += more
    if "population" in found:
        data["population"], more = _numbers(raw[found["population"]], found["population"], path)
        faults += more
    table = gpd.GeoDataFrame(data, index=raw.index, geometry=raw.geometry, crs=raw.crs)
    faults += _value_faults(table, found, path)
    if faults:
        return raw, faults, notices
    return as_areas(table, kind=file.kind), faults, notices


def _mapping(
    raw: gpd.GeoDataFrame, file: AreaFile, path: Path
) -> tuple[dict[str, str], list[Fault], dict[str, str]]:
    """Return column by label, faults, and which of them were guessed."""
    names = [str(c) for c in raw.columns if c != "geometry"]
    by_lower = {name.casefold(): name for name in reversed(names)}
    found: dict[str, str] = {}
    guessed: dict[str, str] = {}
    faults = []
    for label, guesses in GUESSES.items():
        stated = getattr(file.columns, label)
        if stated and stated not in names:
            faults.append(_no_column(path, stated, names))
        elif stated:
            found[label] = stated
        else:
            taken = next((by_lower[g] for g in guesses if g in by_lower), None)
            if taken is not None:
                found[label] = guessed[label] = taken
    if "name" not in found and not file.columns.name:
        faults.append(
            Fault(
                code="missing_column",
                what=_("Ingen kolumn med områdenas namn hittades."),
                where=str(path),
                why=_("Filen har: {names}.").format(names=", ".join(names) or "–"),
                next_step=_('Ange den under [areas.file.columns], till exempel name = "namn".'),
            )
        )
    return found, faults, guessed


def _no_column(path: Path, stated: str, names: list[str]) -> Fault:
    return Fault(
        code="missing_column",
        what=_("Kolumnen ”{name}” finns inte i filen.").format(name=stated),
        where=str(path),
        next_step=nearest(stated, names) if names else "",
    )


def _guessed(path: Path, guessed: dict[str, str]) -> Notice:
    pairs = ", ".join(f"{label} = {column}" for label, column in guessed.items())
    return Notice(
        code="columns_guessed",
        text=_("{file}: kolumner som antagits: {pairs}.").format(file=path.name, pairs=pairs),
        level="chosen",
        data={"file": path.name, **guessed},
    )


def _texts(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return values as stripped text; whole numbers without decimals; empty is missing."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    texts = values.astype("str").str.strip().where(values.notna())
    return texts.where(texts != "")


def _dates(values: pd.Series[Any], column: str, path: Path) -> tuple[pd.Series[Any], list[Fault]]:
    """Return days; ISO dates when the column holds text."""
    texts = _texts(values)
    if pd.api.types.is_datetime64_any_dtype(values):
        texts = values.dt.strftime("%Y-%m-%d")
    days = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    bad = texts[days.isna() & texts.notna()]
    if not len(bad):
        return days, []
    return days, [
        Fault(
            code="wrong_date",
            what=_("”{value}” i kolumnen {column} är inget datum.").format(
                value=bad.iloc[0], column=column
            ),
            where=_("{path}, post {n}").format(path=path, n=_records(bad.index)),
            next_step=_("Skriv datum som 2025-01-31."),
        )
    ]


def _numbers(values: pd.Series[Any], column: str, path: Path) -> tuple[pd.Series[Any], list[Fault]]:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    bad = values[(numbers.isna() & values.notna()) | (numbers < 0)]
    if not len(bad):
        return numbers, []
    return numbers, [
        Fault(
            code="wrong_number",
            what=_("”{value}” i kolumnen {column} är inget antal.").format(
                value=bad.iloc[0], column=column
            ),
            where=_("{path}, post {n}").format(path=path, n=_records(bad.index)),
        )
    ]


def _records(index: pd.Index[Any]) -> str:
    return ", ".join(number(int(i) + 1) for i in index[:10])


def _value_faults(table: gpd.GeoDataFrame, found: dict[str, str], path: Path) -> list[Fault]:
    faults = []
    for label in ("area_id", "name"):
        empty = table.index[table[label].isna()]
        if label in found and len(empty):
            faults.append(
                Fault(
                    code="missing_value",
                    what=_("Kolumnen {column} är tom.").format(column=found[label]),
                    where=_("{path}, post {n}").format(path=path, n=_records(empty)),
                    why=_("Varje område måste ha ett id och ett namn."),
                )
            )
    return faults


def _shape_faults(table: gpd.GeoDataFrame, path: Path) -> list[Fault]:
    other = table.index[[KINDS.get(name) != "polygon" for name in table.geom_type]]
    if not len(other):
        return []
    return [
        Fault(
            code="wrong_geometry_kind",
            what=_("Områden måste vara ytor, men lagret har {kinds}.").format(
                kinds=", ".join(sorted(set(table.geom_type[other])))
            ),
            where=_("{path}, post {n}").format(path=path, n=_records(other)),
            next_step=_("Ange ett lager med ytor."),
        )
    ]
