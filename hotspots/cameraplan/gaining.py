"""What each candidate sees of each place, with as little work as the houses allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from hotspots.sightlines import Obstacles, shares_within
from hotspots.sites import Demand

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sight:
    """What shares are worked out from.

    Attributes
    ----------
    sigma_m, open_share
        Uncertainty of each demanded place, and how much of it is open ground.
    obstacles
        What hides.
    reach_m
        How far cameras see, metres.
    """

    sigma_m: Floats
    open_share: Floats
    obstacles: Obstacles
    reach_m: float


def houses_near(xy: Floats, reach_m: float, obstacles: Obstacles) -> Bools:
    """Tell which points have a house within reach, shape (n,)."""
    found = np.zeros(len(xy), dtype=bool)
    points = np.asarray(shapely.points(xy), dtype=object)
    for tree in (obstacles.tree, obstacles.low_tree):
        found[tree.query(points, predicate="dwithin", distance=reach_m + 1.0)[0]] = True
    return found


def gain_of(
    seen: NDArray[np.object_],
    stood: tuple[Floats, Bools],
    demand: Demand,
    sight: Sight,
    *,
    steps: int,
) -> csr_array:
    """Return the share of each demanded place in each view, candidates × places.

    Parameters
    ----------
    seen
        Views, shape (n,).
    stood
        Points, shape (n, 2), and whether the view is the whole circle, shape (n,): then shares are
        a function of distance alone (`hotspots.sightlines.reachable`).
    demand
        The places.
    sight
        Uncertainty and houses.
    steps
        Of the choice: half a step or less is no step, counts in no choice, and is left out.
    """
    from hotspots.sightlines.reachable import circle_shares

    xy, free = stood
    least = 0.5 / steps
    hidden = np.flatnonzero(~free)
    part = shares_within(
        seen[hidden],
        demand.xy,
        sight.sigma_m,
        sight.obstacles,
        open_share=sight.open_share,
        least=least,
    )
    if not free.any():
        return part
    circles = circle_shares(
        xy[free],
        demand.xy,
        sight.sigma_m,
        sight.open_share,
        sight.obstacles,
        reach_m=sight.reach_m,
        least=least,
    )
    order = np.argsort(np.concatenate([hidden, np.flatnonzero(free)]))
    return csr_array(vstack([part, circles], format="csr")[order])
