"""Places with reports now: new, returning after a quiet time, lasting; and those that are gone.

Each source for itself. Places on a default address are no places and left out, and so are events
known by month only.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.options import PictureOptions
from areas.picture.units import Units
from areas.picture.weeks import local_days
from geodata import schema
from geodata.picture_tables import PICTURE, WHOLE

_NAMES: Final = ("n_week", "n_recent", "n_before", "n_events")


def places_table(
    incidents: pd.DataFrame,
    units: Units,
    week: NDArray[np.datetime64],
    now: np.datetime64,
    *,
    silent: frozenset[str],
    options: PictureOptions,
    crs: str,
) -> gpd.GeoDataFrame:
    """Return table ``picture_places``.

    Parameters
    ----------
    incidents, units
        Events and the unit of each.
    week
        Monday of each event's week, not-a-time where only the month is known; shape (n,).
    now
        Monday of the week now; later events are left out.
    silent
        Sources that nobody reported of during all of the weeks that count as now: none of their
        places is told to be gone.
    options
        ``recent_weeks``, ``quiet_weeks``, ``min_reports``.
    crs
        The project's system.

    Returns
    -------
    geopandas.GeoDataFrame
        Places with events within ``recent_weeks``: ``lasting`` where the ``quiet_weeks`` before had
        some too, ``returning`` where only earlier weeks had, else ``new``; and as ``gone`` those
        with none now but at least ``min_reports`` in the weeks before. Where the data don't reach
        back beyond the quiet weeks, new can't be told from returning and the status is missing.
        By source, then most recent events, then place.
    """
    since = (now - week).astype("timedelta64[D]").astype(np.int64) // 7
    use = ~np.isnat(week) & (since >= 0) & ~incidents["stacked"].to_numpy(dtype=bool)
    rows = incidents.loc[use, ["place_id", "address", "source", "start", "x_m", "y_m"]]
    if rows.empty:
        return _typed(schema.empty("picture_places", crs=crs, tables=PICTURE), crs)
    ago = since[use]
    rows = rows.assign(
        n_week=ago < 1,
        n_recent=ago < options.recent_weeks,
        n_before=(ago >= options.recent_weeks) & (ago < options.recent_weeks + options.quiet_weeks),
        n_events=True,
        day=local_days(rows["start"]).astype("datetime64[us]"),
        area_id=units.table["area_id"].to_numpy()[units.code[use]],
    )
    keys = ["source", "place_id"]
    grouped = rows.groupby(keys, observed=True, sort=True)
    sums = grouped[list(_NAMES)].sum().astype("int64")
    sums["first_date"], sums["last_date"] = grouped["day"].min(), grouped["day"].max()
    sums["x_m"], sums["y_m"] = grouped["x_m"].first(), grouped["y_m"].first()
    sums = sums.reset_index()
    # A place's address is its most common one, the first in order where two are as common.
    sums["address"] = sums["place_id"].map(_commonest(rows))
    latest = rows.sort_values("day", kind="stable").groupby("place_id")["area_id"].last()
    area = sums["place_id"].map(latest)
    sums["area_id"] = area.where(~area.str.startswith(WHOLE)).astype("str")
    recent, before = sums["n_recent"] > 0, sums["n_before"] > 0
    old = sums["n_events"] > sums["n_recent"] + sums["n_before"]
    status = np.select(
        [
            recent & before,
            recent & old,
            recent,
            ~recent & (sums["n_before"] >= options.min_reports),
        ],
        ["lasting", "returning", "new", "gone"],
        default="",
    ).astype(object)
    if history_weeks(week, now) <= options.recent_weeks + options.quiet_weeks:
        status[status == "new"] = None
    status[(status == "gone") & sums["source"].astype("str").isin(silent).to_numpy()] = ""
    sums["status"] = status
    sums = sums[sums["status"] != ""]
    sums = sums.sort_values(
        ["source", "n_recent", "n_week", "n_before", "place_id"],
        ascending=[True, False, False, False, True],
        kind="stable",
        ignore_index=True,
    )
    sums["status"] = schema.category(sums["status"], "picture_places", "status", tables=PICTURE)
    sums["address"] = sums["address"].astype("str")
    points = gpd.points_from_xy(sums["x_m"], sums["y_m"])
    table = gpd.GeoDataFrame(sums.drop(columns=["x_m", "y_m"]), geometry=points, crs=crs)
    return _typed(table, crs)


def history_weeks(week: NDArray[np.datetime64], now: np.datetime64) -> int:
    """Return how many weeks the events reach back from the week now, that one included."""
    known = week[~np.isnat(week)]
    return (
        int((now - known.min()).astype("timedelta64[D]").astype(int)) // 7 + 1 if len(known) else 0
    )


def _commonest(rows: pd.DataFrame) -> pd.Series[str]:
    named = rows.dropna(subset=["address"])
    counted = named.groupby(["place_id", "address"], observed=True).size().reset_index(name="n")
    ordered = counted.sort_values(["place_id", "n", "address"], ascending=[True, False, True])
    return ordered.drop_duplicates("place_id").set_index("place_id")["address"]


def _typed(table: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    made = gpd.GeoDataFrame(table[list(PICTURE["picture_places"])], geometry="geometry", crs=crs)
    schema.check(made, "picture_places", crs=crs, tables=PICTURE)
    return made
