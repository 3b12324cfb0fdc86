"""Which area a place belongs to at a date.

Every distinct place is looked up once (`areas.lookup`), and the answer passed on to its events, who
then ask whether the area was in force on their day.

One rule decides borders: a point on a border belongs to the area (``covers``), and where several
areas of the same kind cover it at the date asked for, to the one that comes first by ``area_id``,
then by ``valid_from``. So every event belongs to at most one area, and inside plus outside is all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from areas.lookup import Floats, Ints, Polygons, covering
from geodata.errors import SchemaError
from geodata.schema import AREA_KINDS

FOREVER: Final = np.iinfo(np.int64)


def assign_areas(incidents: pd.DataFrame, areas: gpd.GeoDataFrame, *, kind: str) -> pd.Series[Any]:
    """Return the area in which each event stands, at the event's own date.

    Parameters
    ----------
    incidents
        Table ``incidents``: ``place_id``, ``x_m``, ``y_m`` and ``start`` are used. The date is the
        local day of ``start`` in the table's own time zone.
    areas
        Table ``areas``, valid polygons (as from `read_areas`), in the CRS of the coordinates.
    kind
        Which set of areas: a value of `geodata.schema.AREA_KINDS`.

    Returns
    -------
    pandas.Series
        ``area_id`` as text, named so and indexed like `incidents`; missing outside all areas.

    Raises
    ------
    ValueError
        For an unknown `kind`.

    Notes
    -----
    An area is valid from the start of ``valid_from`` to the end of ``valid_to``; a missing date is
    no limit. For borders see the module.
    """
    rows = _of_kind(areas, kind)
    place, x, y = _distinct_places(incidents)
    layers = covering(x, y, rows.polygons, every=bool(rows.dated.any()))
    found = np.full(len(incidents), -1, dtype=np.int64)
    if not rows.dated.any():
        found = layers[0][place]
    else:
        start = incidents["start"].dt.as_unit("us")
        first, last = _as_instants(rows, start.dt.tz)
        instants = start.astype("int64").to_numpy()
        for layer in layers:
            row = layer[place]
            fits = (found < 0) & (row >= 0)
            fits &= (instants >= first[row]) & (instants < last[row])
            found[fits] = row[fits]
    return _named(found, rows, incidents.index)


def assign_points(
    points: gpd.GeoSeries, areas: gpd.GeoDataFrame, *, kind: str, on: date
) -> pd.Series[Any]:
    """Return the area in which each point stands on one day.

    Parameters
    ----------
    points
        Points; missing and empty ones stand in no area.
    areas
        Table ``areas`` in the same CRS.
    kind
        Which set of areas: a value of `geodata.schema.AREA_KINDS`.
    on
        The day whose boundaries count.

    Returns
    -------
    pandas.Series
        ``area_id`` as text, indexed like `points`; missing outside all areas.

    Raises
    ------
    ValueError
        For an unknown `kind`.
    SchemaError
        If the two differ in CRS.
    """
    if points.crs != areas.crs:
        msg = f"points in {points.crs}, areas in {areas.crs}"
        raise SchemaError(msg)
    day = pd.Timestamp(on)
    in_force = ~(areas["valid_from"] > day) & ~(areas["valid_to"] < day)
    rows = _of_kind(areas[in_force], kind)
    geometry = points.where(~points.is_empty).to_numpy()
    layers = covering(shapely.get_x(geometry), shapely.get_y(geometry), rows.polygons, every=False)
    return _named(layers[0], rows, points.index)


@dataclass(frozen=True)
class _Rows:
    """The areas of one kind in order of preference."""

    ids: pd.Series[Any]
    valid_from: pd.Series[Any]
    valid_to: pd.Series[Any]
    polygons: Polygons

    @property
    def dated(self) -> npt.NDArray[np.bool_]:
        return (self.valid_from.notna() | self.valid_to.notna()).to_numpy()


def _of_kind(areas: gpd.GeoDataFrame, kind: str) -> _Rows:
    if kind not in AREA_KINDS:
        msg = f"unknown kind of area: {kind}"
        raise ValueError(msg)
    chosen = areas[areas["kind"] == kind].sort_values(
        ["area_id", "valid_from"], na_position="first", kind="stable", ignore_index=True
    )
    return _Rows(
        chosen["area_id"], chosen["valid_from"], chosen["valid_to"], chosen.geometry.to_numpy()
    )


def _distinct_places(incidents: pd.DataFrame) -> tuple[Ints, Floats, Floats]:
    """Return each event's position in the list of distinct places, and the places' coordinates."""
    ids = incidents["place_id"].to_numpy(dtype=np.int64)
    x, y = (incidents[c].to_numpy(dtype=np.float64) for c in ("x_m", "y_m"))
    if len(ids) and (ids.min() < 0 or ids.max() > 2 * len(ids)):
        ids = pd.factorize(ids)[0].astype(np.int64)  # numbers too sparse to count by
    size = int(ids.max()) + 1 if len(ids) else 0
    place_x, place_y = np.full(size, np.nan), np.full(size, np.nan)
    place_x[ids], place_y[ids] = x, y
    return ids, place_x, place_y


def _as_instants(rows: _Rows, timezone: Any) -> tuple[Ints, Ints]:  # noqa: ANN401 (a tzinfo)
    """Return first instant, and first instant after, of each area's validity, in µs since 1970.

    A midnight that the clock change skips or doubles is the first instant of that day.
    """

    def instants(days: pd.Series[Any], missing: int) -> Ints:
        local = days.dt.as_unit("us").dt.tz_localize(
            timezone,
            nonexistent="shift_forward",
            ambiguous=np.ones(len(days), dtype=bool),
        )
        return np.where(days.isna(), missing, local.astype("int64"))

    first = instants(rows.valid_from, FOREVER.min)
    after = instants(rows.valid_to.dt.normalize() + pd.Timedelta(days=1), FOREVER.max)
    return first, after


def _named(found: Ints, rows: _Rows, index: pd.Index[Any]) -> pd.Series[Any]:
    ids = pd.array(rows.ids.tolist(), dtype="str")
    return pd.Series(ids.take(found, allow_fill=True), index=index, name="area_id")
