"""Events grouped by place: the one step that sees every row.

From here on everything is computed on places, so that cost grows with the town rather than with the
years of data.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.schema import OFFENCE_CLASSES, SOURCES

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def group_places(incidents: pd.DataFrame, *, crs: str) -> gpd.GeoDataFrame:
    """Return one row a distinct point, with counts.

    Parameters
    ----------
    incidents
        Table ``incidents`` or some of its rows. Events on stacked points are counted too, and the
        flag is carried.
    crs
        CRS of ``x_m`` and ``y_m``.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``places``, in order of ``place_id``, numbers as in `incidents`. ``area_id`` is
        missing: it is filled in with `areas.assign.assign_points`.

    Notes
    -----
    A day is the local day of ``start`` in the table's time zone. An event known by month only
    counts as one on the first of that month, so several in one month are one distinct day. Of
    several addresses on one point the most common stands, of equally common ones the first by
    alphabet (by code point).
    """
    ids, place = _numbered(incidents["place_id"])
    n = len(ids)

    def count(chosen: Bools | None = None) -> Ints:
        return np.bincount(place if chosen is None else place[chosen], minlength=n)

    x, y = np.empty(n), np.empty(n)
    x[place], y[place] = incidents["x_m"], incidents["y_m"]
    n_days, first, last = _days(place, n, incidents["start"])
    columns: dict[str, Any] = {
        "place_id": ids,
        "x_m": x,
        "y_m": y,
        "address": _addresses(place, n, incidents["address"]),
        "n_events": count(),
        "n_offences": np.bincount(place, incidents["offence_count"], n).astype(np.int64),
        "n_days": n_days,
        "first_date": first,
        "last_date": last,
        **_by_value("n", place, n, incidents["offence_class"], OFFENCE_CLASSES),
        **_by_value("n_source", place, n, incidents["source"], SOURCES),
        "n_police_initiated": count(_is(incidents["police_initiated"], "yes")),
        "n_public": count(_is(incidents["space_type"], "public")),
        "n_residential_common": count(_is(incidents["space_type"], "residential_common")),
        "stacked": count(incidents["stacked"].to_numpy(dtype=bool)) > 0,
        "area_id": pd.array([None], dtype="str").take(np.zeros(n, dtype=np.int64)),
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.points(x, y), crs=crs)


def _numbered(place_ids: pd.Series[Any]) -> tuple[Ints, Ints]:
    """Return the distinct ids in ascending order, and each event's position among them."""
    values = place_ids.to_numpy(dtype=np.int64)
    if len(values) and values.min() >= 0 and values.max() <= 4 * len(values):
        present = np.zeros(values.max() + 1, dtype=bool)  # sorting is dearer than marking
        present[values] = True
        return np.flatnonzero(present), (np.cumsum(present) - 1)[values]
    return np.unique(values, return_inverse=True)


def _is(column: pd.Series[Any], value: str) -> Bools:
    codes = column.cat.codes.to_numpy()
    return codes == column.cat.categories.get_loc(value)  # type: ignore[no-any-return]


def _by_value(
    prefix: str, place: Ints, n: int, column: pd.Series[Any], values: tuple[str, ...]
) -> dict[str, Ints]:
    """Return counts a value of a category, in the order of the schema."""
    width = len(values)
    cell = place * width + column.cat.codes.to_numpy()
    table = np.bincount(cell, minlength=n * width).reshape(n, width)
    return {f"{prefix}_{value}": table[:, i].copy() for i, value in enumerate(values)}


def _days(
    place: Ints, n: int, start: pd.Series[Any]
) -> tuple[Ints, npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Return distinct days, first and last day of each place."""
    if not len(place):
        nothing = np.empty(0, dtype="datetime64[us]")
        return np.zeros(n, dtype=np.int64), nothing, nothing
    local = start.dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64)
    origin, span = local.min(), np.ptp(local) + 1
    seen = _distinct(place * span + (local - origin), n * span)
    of_place, day = np.divmod(seen, span)
    n_days = np.bincount(of_place, minlength=n)
    ends = np.cumsum(n_days)
    dates = (day + origin).astype("datetime64[D]").astype("datetime64[us]")
    return n_days, dates[ends - n_days], dates[ends - 1]


def _distinct(keys: Ints, limit: int) -> Ints:
    """Return the distinct keys in ascending order, by marking where that beats sorting."""
    if limit <= 64 * len(keys):
        seen = np.zeros(limit, dtype=bool)
        seen[keys] = True
        return np.flatnonzero(seen)
    ordered = np.sort(keys)
    return ordered[np.diff(ordered, prepend=ordered[0] - 1) > 0]


def _addresses(place: Ints, n: int, address: pd.Series[Any]) -> Any:  # noqa: ANN401 (str array)
    """Return the most common address of each place, the first by alphabet of equal ones."""
    codes, texts = pd.factorize(address)
    width = max(len(texts), 1)
    keys = np.sort((place * width + codes)[codes >= 0])
    begin = np.flatnonzero(np.diff(keys, prepend=-1))
    times = np.diff(begin, append=len(keys))
    of_place, of_text = np.divmod(keys[begin], width)
    most = np.zeros(n, dtype=np.int64)
    np.maximum.at(most, of_place, times)
    leading = times == most[of_place]
    of_place, of_text = of_place[leading], of_text[leading]
    # Only texts that tie are put in order: sorting a million strings is dear, and seldom needed.
    tied = np.bincount(of_place, minlength=n)[of_place] > 1
    order = np.zeros(len(of_text), dtype=np.int64)
    names = np.asarray(texts.take(of_text[tied]), dtype=object)
    order[tied] = np.unique(names, return_inverse=True)[1]
    ranked = np.lexsort((order, of_place))
    first = ranked[np.flatnonzero(np.diff(of_place[ranked], prepend=-1))]
    chosen = np.full(n, -1, dtype=np.int64)
    chosen[of_place[first]] = of_text[first]
    return texts.astype("str").array.take(chosen, allow_fill=True)
