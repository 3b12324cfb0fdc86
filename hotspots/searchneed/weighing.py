"""The need of each entrance: points for reports, finds, a camera near by, the owner's request.

Nothing of who lives there is known here: no social, economic or population figure is read, and
dwellings only say how many homes share the entrance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.search_tables import NEED_COLUMNS, REGISTER_COLUMNS, SEARCHES
from hotspots.options import SearchOptions
from hotspots.searchneed import learning, telling
from hotspots.searchneed.options import NeedOptions
from hotspots.searchneed.sharing import share_points
from hotspots.searchneed.shrinking import shrink
from hotspots.selection import Period, Selection, count_within

Floats = NDArray[np.float64]

SPACE: Final = ("residential_common",)
"""Kind of space whose reports count."""

EST: Final = "est_report"
ENOUGH_REPORTS: Final = 20
"""So few EST reports are still preferred to another source's events."""


@dataclass(frozen=True)
class Need:
    """What `weigh_need` found.

    Attributes
    ----------
    table
        Table ``search_entrances``, in the order of the register.
    hits
        Table ``search_hits``.
    notices
        What was counted, and what wasn't.
    """

    table: gpd.GeoDataFrame
    hits: pd.DataFrame
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Reports:
    """Reports given to each entrance: number, weighted number, and the weights' spread.

    ``given`` of ``total`` reports reached an entrance; ``phi`` is Σw² / Σw of these.
    """

    n: Floats
    weighted: Floats
    phi: float
    given: int
    total: int
    source: str


def weigh_need(
    register: gpd.GeoDataFrame,
    incidents: pd.DataFrame,
    *,
    results: pd.DataFrame | None,
    cameras: gpd.GeoDataFrame | None,
    on: date,
    counted: SearchOptions,
    options: NeedOptions,
    crs: str,
) -> Need:
    """Weigh the need of every entrance of the register, with consent or without.

    Parameters
    ----------
    register
        Table ``register`` with ``area_id`` filled in.
    incidents
        Table ``incidents``; those in common areas, of one source, count.
    results
        Table ``search_results``, or ``None``.
    cameras
        Cameras in place, points in `crs`, or ``None``.
    on
        The day; what happened later isn't known.
    counted
        Classes and source of the reports.
    options
        Points and their decay.
    crs
        The project's.

    Returns
    -------
    Need
        ``need`` is the sum of its four parts, each ≥ 0.
    """
    xy = register[["x_m", "y_m"]].to_numpy(np.float64)
    reports = gather(incidents, xy, on=on, counted=counted, options=options)
    dwellings, unknown = known_dwellings(register, options.usual_dwellings)
    shrunk = shrink(
        xy,
        reports.weighted,
        dwellings,
        radius_m=options.neighbourhood_m,
        prior_dwellings=options.neighbourhood_dwellings,
        phi=reports.phi,
    )
    known = results if results is not None else schema.empty("search_results", tables=SEARCHES)
    known = known[known["week_start"] <= pd.Timestamp(on)]
    done = learning.done_searches(known, register)
    hits = learning.hit_rates(done)
    factor = learning.hit_factors(register, hits, options.hit_factor_most)
    finds = _finds(done, len(register), on, options)
    near = nearness(xy, cameras, options.camera_m)
    asked = _asked(register, on, options)
    table = register.assign(
        reports=reports.n,
        reports_weighted=reports.weighted,
        around_rate=shrunk.around * 100,
        reports_expected=shrunk.expected,
        hit_factor=factor,
        finds_weighted=finds,
        camera_nearness=near,
        need_reports=shrunk.expected * factor,
        need_finds=finds * options.points_find,
        need_camera=near * options.points_camera,
        need_request=asked * options.points_request,
        **_visits(done, len(register)),
    )
    parts = table[["need_reports", "need_finds", "need_camera", "need_request"]]
    table["need"] = parts.to_numpy(np.float64).sum(axis=1)
    table["need_words"] = telling.words(table)
    frame = gpd.GeoDataFrame(table[[*REGISTER_COLUMNS, *NEED_COLUMNS, "geometry"]], crs=crs)
    schema.check(frame, "search_entrances", crs=crs, tables=SEARCHES)
    notices = telling.need_weighed(frame, reports.given, reports.total, reports.source, unknown)
    return Need(frame, hits, notices)


def gather(
    incidents: pd.DataFrame,
    entrances: Floats,
    *,
    on: date,
    counted: SearchOptions,
    options: NeedOptions,
) -> Reports:
    """Share the reports of common areas over the entrances, shape (n, 2), metres."""
    n = len(entrances)
    period = Period(on - timedelta(days=options.window_days - 1), on)
    chosen = count_reports(incidents, counted, period)
    if not len(chosen) or not n:
        return Reports(np.zeros(n), np.zeros(n), 1.0, 0, len(chosen), chosen.source)
    weight = weights(chosen, on, options)
    columns = incidents[["place_id", "geocode_class", "x_m", "y_m"]].iloc[chosen.rows]
    kind = columns["geocode_class"].cat.codes.to_numpy(np.int64)
    keys = np.column_stack([columns["place_id"].to_numpy(np.int64), kind])
    _keys, first, spot = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    spot = spot.ravel()
    errors = {
        "address": options.error_address_m,
        "interpolated": options.error_interpolated_m,
        "street": options.error_street_m,
        "unknown": options.error_unknown_m,
    }
    names = columns["geocode_class"].astype("str").to_numpy()[first]
    error = np.array([errors.get(name, np.nan) for name in names])
    shares = share_points(columns[["x_m", "y_m"]].to_numpy(np.float64)[first], error, entrances)
    number = np.bincount(spot, minlength=len(first)).astype(np.float64)
    sums = np.bincount(spot, weights=weight, minlength=len(first))
    reached = np.isin(spot, shares.point)
    used = weight[reached]
    return Reports(
        n=_total(shares.entrance, shares.share * number[shares.point], n),
        weighted=_total(shares.entrance, shares.share * sums[shares.point], n),
        phi=float((used**2).sum() / used.sum()) if used.sum() > 0 else 1.0,
        given=int(reached.sum()),
        total=len(chosen),
        source=chosen.source,
    )


def count_reports(incidents: pd.DataFrame, counted: SearchOptions, period: Period) -> Selection:
    """Return the reports that count, of one source.

    With ``source = "auto"`` the EST reports are taken where there are at least `ENOUGH_REPORTS`:
    they are about the common areas themselves and say how certain they are. Otherwise the source
    with most events.
    """
    if counted.source == "auto":
        est = replace(counted, source=EST)
        own = count_within(incidents, est, period=period, space_types=SPACE)
        if len(own) >= ENOUGH_REPORTS:
            return own
    return count_within(incidents, counted, period=period, space_types=SPACE)


def weights(chosen: Selection, on: date, options: NeedOptions) -> Floats:
    """Return the weight of each report: half after each half-life, less when not certain."""
    age = (np.datetime64(on) - chosen.days.astype("datetime64[D]")).astype(np.float64)
    sure = {"confirmed": 1.0, "suspected": options.weight_suspected}
    certainty = chosen.column("certainty").astype("str").to_numpy()
    factor = np.array([sure.get(name, options.weight_unknown) for name in certainty])
    return np.asarray(factor * 0.5 ** (age / options.half_life_days), dtype=np.float64)


def known_dwellings(register: pd.DataFrame, usual: float) -> tuple[Floats, int]:
    """Return dwellings, the median of those known where they aren't, and how many aren't.

    `usual` each where none is known; at least 1.
    """
    given = register["dwellings"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    unknown = np.isnan(given)
    median = float(np.median(given[~unknown])) if (~unknown).any() else usual
    return np.maximum(np.where(unknown, median, given), 1.0), int(unknown.sum())


def nearness(xy: Floats, cameras: gpd.GeoDataFrame | None, within_m: float) -> Floats:
    """Return 1 at the nearest camera, falling evenly to 0 at `within_m`; shape (n,)."""
    from scipy.spatial import cKDTree

    if cameras is None or cameras.empty or not len(xy):
        return np.zeros(len(xy))
    points = shapely.get_coordinates(shapely.centroid(cameras.geometry.to_numpy()))
    apart, _which = cKDTree(points).query(xy)
    return np.clip(1 - np.asarray(apart, dtype=np.float64) / within_m, 0.0, 1.0)


def _finds(done: pd.DataFrame, n: int, on: date, options: NeedOptions) -> Floats:
    """Return recent finds of each entrance, one a week at most, halved at each half-life."""
    found = done[done["find"]].drop_duplicates(["entrance", "week_start"])
    age = (np.datetime64(on) - found["week_start"].to_numpy("datetime64[D]")).astype(np.float64)
    recent = age < options.window_days
    weight = np.where(recent, 0.5 ** (age / options.half_life_days), 0.0)
    return _total(found["entrance"].to_numpy(np.int64), weight, n)


def _total(entrance: NDArray[np.int64], values: Floats, n: int) -> Floats:
    return np.bincount(entrance, weights=values, minlength=n).astype(np.float64)


def _asked(register: pd.DataFrame, on: date, options: NeedOptions) -> Floats:
    day = pd.Timestamp(on)
    first = day - pd.Timedelta(days=options.window_days - 1)
    asked = register["owner_request"].between(first, day)
    return np.asarray(asked.to_numpy(bool), dtype=np.float64)


def _visits(done: pd.DataFrame, n: int) -> dict[str, object]:
    """Return weeks with a search of each entrance, and the last of them."""
    visits = done[["entrance", "week_start"]].drop_duplicates()
    last = visits.groupby("entrance")["week_start"].max().reindex(range(n))
    return {
        "n_searches": np.bincount(visits["entrance"].to_numpy(np.int64), minlength=n),
        "last_search": last.to_numpy("datetime64[us]"),
    }
