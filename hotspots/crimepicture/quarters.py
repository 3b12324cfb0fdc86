"""In how many quarters a view was in the top class, by the rule that hot spots are followed by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.crimepicture.members import Members
from hotspots.crimepicture.picture import Counted
from hotspots.options import HotspotOptions
from hotspots.persistence import PersistenceOptions, hot_by, limits_of, whole_quarters
from hotspots.selection import Period, event_days, find_rows


def hot_quarters(
    incidents: pd.DataFrame,
    n_views: int,
    members: Members,
    counted: Counted,
    *,
    options: HotspotOptions,
    rules: PersistenceOptions,
) -> list[tuple[int, int]]:
    """Return quarters followed and quarters in the top class of each view.

    The quarters are whole ones, counted back from the period's last day. Views may overlap: each
    has all its own events.

    Parameters
    ----------
    incidents
        Table ``incidents``, the whole extract.
    n_views, members
        How many views, and the places of each.
    counted
        What counts; only admitted kinds of space.
    options, rules
        The grid of the top class, and when a quarter is hot.
    """
    admitted = incidents["space_type"].isin(list(counted.space_types)).to_numpy()
    days = event_days(incidents)
    if not admitted.any():
        return [(0, 0)] * n_views
    first = days[admitted].min().item()
    last = counted.period.last
    edges = whole_quarters(Period(min(first, last), last), rules.max_quarters)
    n = len(edges) - 1
    if n < 1:
        return [(0, 0)] * n_views
    rows = find_rows(
        incidents, classes=counted.classes, source=counted.source, space_types=counted.space_types
    )
    rows = rows[(days[rows] >= edges[0]) & (days[rows] < edges[-1])]
    events = incidents[["place_id", "x_m", "y_m"]].iloc[rows]
    quarter = np.searchsorted(edges, days[rows], side="right").astype(np.int64) - 1
    place = events["place_id"].to_numpy(np.int64)
    inside = [np.isin(place, members.of(view)) for view in range(n_views)]
    n_events = np.array([np.bincount(quarter[mine], minlength=n) for mine in inside])
    xy = events[["x_m", "y_m"]].to_numpy(np.float64)
    limits = limits_of(xy, quarter, n, options.cell_size_m, rules)
    return [(n, int(row.sum())) for row in hot_by(n_events.reshape(-1, n), limits, rules)]
