"""Control places: as large, and as like as can be before anything is done.

A control place is a circle as large as the treated polygon, around a point where events stand. Its
likeness is how its events before fell by quarter and by class: the sum of squared differences of
the square roots of these counts. The square root makes the chance part of any count alike (its
standard deviation is a half), so that a busy quarter doesn't outweigh all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.period import Period, event_days

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_QUARTER_MONTHS: Final = 3
_SIDES: Final = 64
"""Of the polygon that stands for a circle."""
_NOISE: Final = 0.5
"""Variance of the difference of two square roots of counts that differ by chance only."""


@dataclass(frozen=True, eq=False)
class Before:
    """Events of the period before, by point: many events stand on the same address.

    Attributes
    ----------
    xy
        Distinct points, metres, shape (points, 2).
    features
        Events of each point by quarter and then by class, shape (points, features).
    total
        Events of each point, shape (points,).
    """

    xy: Floats
    features: Ints
    total: Ints

    @cached_property
    def points(self) -> NDArray[np.object_]:
        """Return the distinct points as geometries, shape (points,)."""
        return np.asarray(shapely.points(self.xy), dtype=object)

    def at(self, polygon: shapely.Geometry) -> Ints:
        """Return the points in a polygon, its border included."""
        shapely.prepare(polygon)
        return np.flatnonzero(shapely.intersects_xy(polygon, self.xy[:, 0], self.xy[:, 1]))

    def count(self, polygon: shapely.Geometry) -> int:
        """Return the events in a polygon, its border included."""
        return int(self.total[self.at(polygon)].sum())


def before(events: pd.DataFrame, period: Period) -> Before:
    """Take the events of a period, in an order that their content decides.

    Parameters
    ----------
    events
        ``start``, ``time_precision``, ``x_m``, ``y_m``, ``offence_class``.
    period
        The period before; its quarters are counted back from its last day.
    """
    days = event_days(events)
    inside = (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
    events, days = events[inside], days[inside]
    edges = period.edges(_QUARTER_MONTHS)
    quarter = np.searchsorted(edges, days, side="right") - 1
    names = events["offence_class"].astype("category")
    kinds = sorted(names.cat.remove_unused_categories().cat.categories.astype(str))
    kind = pd.Index(kinds).get_indexer(names.cat.categories.astype(str))[names.cat.codes]
    quarters = len(edges) - 1
    xy = events[["x_m", "y_m"]].to_numpy(np.float64)
    # Complex numbers sort by their real part and then the other: rows sort 50 times as slowly.
    points, place = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    m, n = len(points), quarters + len(kinds)
    features = np.bincount(place * n + quarter, minlength=m * n)
    features += np.bincount(place * n + quarters + kind, minlength=m * n)
    return Before(
        xy=np.column_stack([points.real, points.imag]),
        features=features.reshape(m, n),
        total=np.bincount(place, minlength=m),
    )


@dataclass(frozen=True, eq=False)
class Control:
    """A control place.

    Attributes
    ----------
    polygon
        Where it is.
    likeness
        Mean squared difference from the treated place in standard errors: about 1 when they differ
        by chance only, 0 when they are equal.
    """

    polygon: shapely.Polygon
    likeness: float


def choose_controls(
    treated: shapely.Polygon | shapely.MultiPolygon,
    events: Before,
    kept_out: shapely.Geometry,
    n: int,
) -> list[Control]:
    """Return the control places that were most like the treated place, at most `n`.

    Parameters
    ----------
    treated
        The treated polygon.
    events
        The period before.
    kept_out
        No part of a control place lies within it.
    n
        Most places; they don't overlap one another.
    """
    from hotspots.nearsums import sums_within

    if treated.is_empty or len(events.xy) == 0:
        return []
    corner = np.sin(2 * np.pi / _SIDES)
    radius = float(np.sqrt(treated.area / (_SIDES / 2 * corner)))
    shapely.prepare(kept_out)
    centres = events.xy[~shapely.dwithin(kept_out, events.points, radius)]
    figures = np.sqrt(events.features[events.at(treated)].sum(axis=0))
    near = sums_within(centres, events.xy, events.features, radius)
    apart = ((np.sqrt(near) - figures) ** 2).sum(axis=1)
    taken: list[int] = []
    for at in np.lexsort((centres[:, 1], centres[:, 0], np.round(apart, 9))).tolist():
        if len(taken) == n:
            break
        far = np.hypot(*(centres[taken] - centres[at]).T)
        if (far >= 2 * radius).all():
            taken.append(at)
    return [
        Control(
            _circle(centres[at], radius), float(apart[at]) / (_NOISE * events.features.shape[1])
        )
        for at in taken
    ]


def _circle(centre: Floats, radius: float) -> shapely.Polygon:
    angle = 2 * np.pi * np.arange(_SIDES) / _SIDES
    ring = centre + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return shapely.Polygon(np.round(ring, 3))
