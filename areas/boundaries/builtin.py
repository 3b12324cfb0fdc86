"""The boundaries that come with Lägesbild; ``areas/data/README.md`` says where from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyogrio
from shapely.geometry import MultiPolygon, Polygon

from areas.boundaries.tables import as_areas, concat
from geodata.crs import area_of_use, to_crs_table
from geodata.schema import DEFAULT_CRS

DATA: Final = Path(__file__).parents[1] / "data"

EDITIONS: Final = {
    "est": {"hageby": 2025, "klockaretorpet": 2019, "navestad": 2025},
    "est_2023": {"hageby": 2023, "klockaretorpet": 2019, "navestad": 2023},
}
"""Year of the police's list from which each area's polygon is taken."""

NORRKOPING: Final = (16.19, 58.59)
"""Longitude and latitude of the town's centre, degrees; tells whether a system covers it."""


@cache
def _read(name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(DATA / name)


def _est(name: str) -> gpd.GeoDataFrame:
    table = _read("est_police_areas.geojson")
    edition = table["area_id"].map(EDITIONS[name])
    return as_areas(table[table["list_year"] == edition], kind="est_area")


def _regso() -> gpd.GeoDataFrame:
    return as_areas(_read("regso_norrkoping.geojson"), kind="regso")


def builtin_areas(names: Sequence[str], crs: str) -> gpd.GeoDataFrame:
    """Return built-in areas.

    Parameters
    ----------
    names
        ``est``: Hageby, Klockaretorpet and Navestad from the police's latest lists;
        ``est_2023``: the same with Hageby and Navestad of 2023; ``regso``: the 40 RegSO of
        Norrköping.
    crs
        System to return them in.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``areas``; none of them authoritative, none of them dated.

    Raises
    ------
    KeyError
        For an unknown name.
    """
    tables = [_regso() if name == "regso" else _est(name) for name in names]
    return to_crs_table(concat(tables, crs=DEFAULT_CRS), crs)


def municipality_outline(crs: str) -> Polygon | MultiPolygon:
    """Return the outline of Norrköping municipality, made of its RegSO, in `crs`."""
    outline: Polygon | MultiPolygon = builtin_areas(["regso"], crs).union_all()
    return outline


def municipality_box(crs: str, *, margin_m: float = 0.0) -> tuple[float, float, float, float]:
    """Return the upright box round Norrköping municipality: x min, y min, x max, y max in `crs`."""
    x0, y0, x1, y1 = (float(v) for v in builtin_areas(["regso"], crs).total_bounds)
    return x0 - margin_m, y0 - margin_m, x1 + margin_m, y1 + margin_m


def covers_norrkoping(crs: str) -> bool:
    """Tell whether a system is meant to be used in Norrköping."""
    use = area_of_use(crs)
    if use is None:
        return False
    (lon, lat), (west, south, east, north) = NORRKOPING, use
    return west <= lon <= east and south <= lat <= north
