"""Entrances made of layers where there is no register: marked so, and never with consent."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema
from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from geodata.register.issues import Issues
from geodata.register.reading import Register, as_register
from geodata.search_tables import REGISTER, REGISTER_COLUMNS

STAIRCASE: Final = "staircase"
"""OpenStreetMap's ``entrance`` of a stairwell."""

TAGS: Final = "other_tags"
"""Column in which GDAL keeps what OpenStreetMap tags beyond its own columns: ``"key"=>"value"``."""

DWELLING_COLUMNS: Final = ("dwellings", "n_dwellings", "building:flats", "antal_lagenheter")
NAME_COLUMNS: Final = ("address", "adress")
STREET_COLUMNS: Final = ("addr:street", "addr_street")
NUMBER_COLUMNS: Final = ("addr:housenumber", "addr_housenumber")
UNIT_COLUMNS: Final = ("addr:unit", "addr_unit", "ref")


def made_register(
    *,
    entrances: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    crs: str,
    on: date,
) -> Register:
    """Make entrances where no register exists.

    Parameters
    ----------
    entrances
        Points in `crs`. Of OpenStreetMap's the staircases are taken where the column ``entrance``
        knows any; otherwise all. Their addresses are kept, units such as ”A” too, flats never.
    buildings
        Residential buildings in `crs`, used only where there are no entrances: one entrance each,
        at a point within.
    crs, on
        The project's system; the day.

    Returns
    -------
    Register
        ``register_source`` is ``entrances`` or ``buildings``, ``consent`` is ``none`` everywhere.
        Empty where there is neither layer.
    """
    if entrances is not None and len(entrances):
        layer, source = _staircases(entrances), "entrances"
    elif buildings is not None and len(buildings):
        layer, source = buildings, "buildings"
    else:
        empty = gpd.GeoDataFrame(schema.empty("register", crs=crs, tables=REGISTER))
        return Register(empty, _no_owners(), Issues(np.empty(0, np.int64)).table(), on)
    table = as_register(_rows(layer, source), crs)
    text = _(
        "Inget register över entréer finns. {n} entréer är gjorda av lagret och har inget "
        "samtycke; ingen av dem kan väljas till en omgång."
    ).format(n=number(len(table)))
    notice = Notice(
        code="register_made", text=text, level="warning", data={"n": len(table), "source": source}
    )
    return Register(table, _no_owners(), Issues(np.empty(0, np.int64)).table(), on, (notice,))


def _no_owners() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in ("owner", "contact_role")})


def _staircases(entrances: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    stairs = (_column(entrances, ("entrance",)).str.casefold() == STAIRCASE).to_numpy(bool)
    return entrances[stairs] if stairs.any() else entrances


def _rows(layer: gpd.GeoDataFrame, source: str) -> pd.DataFrame:
    points = shapely.point_on_surface(layer.geometry.to_numpy())
    xy = np.round(shapely.get_coordinates(points), 2)
    n = len(layer)
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    prefix = "E" if source == "entrances" else "B"
    ids = np.empty(n, dtype=object)
    ids[order] = [f"{prefix}{i}" for i in range(1, n + 1)]
    data: dict[str, object] = {}
    for name, column in REGISTER_COLUMNS.items():
        if column.kind == "text":
            empty = "" if not column.nullable else None
            data[name] = pd.Series([empty] * n, dtype="str")
        elif column.kind == "date":
            data[name] = np.full(n, np.datetime64("NaT", "us"))
        elif column.kind == "int":
            data[name] = pd.array([None] * n, dtype="Int64")
    data["entrance_id"] = pd.Series(ids, dtype="str")
    data["address"] = _addresses(layer)
    data["dwellings"] = _dwellings(layer)
    data["x_m"], data["y_m"] = xy[:, 0], xy[:, 1]
    for name, value in (("register_source", source), ("tenure", "unknown"), ("consent", "none")):
        data[name] = schema.category([value] * n, "register", name, tables=REGISTER)
    return pd.DataFrame(data)


def _column(layer: gpd.GeoDataFrame, names: tuple[str, ...]) -> pd.Series[str]:
    columns = {str(name).lower(): name for name in layer.columns}
    for name in names:
        if name in columns:
            found: pd.Series[str] = layer[columns[name]].astype("str").reset_index(drop=True)
            return found
    if TAGS in columns:
        tags = layer[columns[TAGS]].astype("str").reset_index(drop=True)
        for name in names:
            value: pd.Series[str] = tags.str.extract(f'"{re.escape(name)}"=>"([^"]*)"')[0]
            if value.notna().any():
                return value.astype("str")
    return pd.Series([None] * len(layer), dtype="str")


def _addresses(layer: gpd.GeoDataFrame) -> pd.Series[str]:
    whole = _column(layer, NAME_COLUMNS)
    street, house = _column(layer, STREET_COLUMNS), _column(layer, NUMBER_COLUMNS)
    unit = _column(layer, UNIT_COLUMNS)
    letter = unit.where(unit.str.fullmatch(r"[A-ZÅÄÖa-zåäö]").fillna(False).astype(bool), "")
    parts = (street + " " + house.fillna("") + " " + letter.fillna("")).str.strip()
    return whole.fillna(parts.mask(parts == "")).astype("str")


def _dwellings(layer: gpd.GeoDataFrame) -> object:
    texts = _column(layer, DWELLING_COLUMNS)
    numbers = pd.to_numeric(texts.str.extract(r"^(\d+)(?:\.0)?$")[0], errors="coerce")
    return pd.array(numbers.to_numpy(), dtype="Int64")
