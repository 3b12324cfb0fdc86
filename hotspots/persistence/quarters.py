"""Events of each hot spot by quarter, and which of its quarters were hot."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import tally
from hotspots.clusters import Hotspots
from hotspots.lattice import number_cells
from hotspots.persistence.classes import PersistenceOptions
from hotspots.selection import Period
from hotspots.topclass import top_limit

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_GRACE_DAYS: Final = 7
"""The first days of an extract may lack events by chance: its first quarter is still whole."""


def whole_quarters(period: Period, most: int) -> NDArray[np.datetime64]:
    """Return the first day of each whole quarter, counted back from the end, oldest first.

    The last element is the day after the period. The first quarter is whole when the period's
    first day lies in its first week.
    """
    edges = period.edges(3)
    whole = edges[:-1] + _GRACE_DAYS >= np.datetime64(period.first)
    edges = edges[np.append(whole, [True])]
    kept: NDArray[np.datetime64] = edges[-(most + 1) :]
    return kept


def places_within(places: gpd.GeoDataFrame, hotspots: Hotspots) -> pd.Series[Any]:
    """Return the hot spot of each place: as member, or else by lying within its outline.

    Places that had no event in the period are members of nothing, yet may lie within an outline:
    without them earlier quarters would look emptier than they were.
    """
    ids = pd.Index(places["place_id"].to_numpy(np.int64), name="place_id")
    found = hotspots.place_hotspot.reindex(ids).astype("str")
    points = places.geometry.to_numpy()
    outline, at = shapely.STRtree(points).query(
        hotspots.table.geometry.to_numpy(), predicate="covers"
    )
    free = found.isna().to_numpy()[at]
    found.iloc[at[free]] = hotspots.table["hotspot_id"].to_numpy()[outline[free]]
    return found


class Counts:
    """Events and distinct days by hot spot and quarter, each of shape (hot spots, quarters)."""

    def __init__(
        self,
        events: pd.DataFrame,
        days: NDArray[np.datetime64],
        edges: NDArray[np.datetime64],
        of_place: pd.Series[Any],
        hotspots: Hotspots,
    ) -> None:
        self.k, self.n = len(hotspots.table), len(edges) - 1
        ids = pd.Index(hotspots.table["hotspot_id"])
        self.hotspot = ids.get_indexer(events["place_id"].map(of_place)).astype(np.int64)
        self.quarter = np.searchsorted(edges, days, side="right").astype(np.int64) - 1
        self.events = events
        inside = self.hotspot >= 0
        group = self.hotspot[inside] * self.n + self.quarter[inside]
        size = self.k * self.n
        self.n_events = tally.totals(group, size).reshape(self.k, self.n)
        self.n_days = tally.distinct(group, days[inside], size).reshape(self.k, self.n)

    def hot(self, cell_size_m: float, rules: PersistenceOptions) -> Flags:
        """Tell which quarters are hot, shape (hot spots, quarters)."""
        xy = self.events[["x_m", "y_m"]].to_numpy(np.float64)
        limits = limits_of(xy, self.quarter, self.n, cell_size_m, rules)
        return hot_by(self.n_events, limits, rules)


def limits_of(
    xy: NDArray[np.float64], quarter: Ints, n: int, cell_size_m: float, rules: PersistenceOptions
) -> Ints:
    """Return what the last cell of the top class holds in each quarter, 0 in one without events.

    Parameters
    ----------
    xy
        Points of the events, metres, shape (events, 2).
    quarter
        Number of the quarter of each event, shape (events,).
    n
        Quarters.
    cell_size_m
        Side of the cells, metres.
    rules
        What the top class is.
    """
    cell, columns, _rows = number_cells(xy[:, 0], xy[:, 1], cell_size_m)
    by_cell = tally.totals(cell * n + quarter, len(columns) * n)
    tops = [top_limit(by_cell[at::n], share=rules.top_share) for at in range(n)]
    return np.array([top or 0 for top in tops], dtype=np.int64)


def hot_by(n_events: Ints, limits: Ints, rules: PersistenceOptions) -> Flags:
    """Tell which quarters are hot.

    Parameters
    ----------
    n_events
        Events by place and quarter, shape (places, quarters).
    limits
        As of `limits_of`, shape (quarters,).
    rules
        The fewest events, and the share of the place's own mean.
    """
    own = rules.own_share * n_events.mean(axis=1)
    hot: Flags = (n_events >= rules.min_events) & (n_events >= own[:, None]) & (n_events >= limits)
    return hot
