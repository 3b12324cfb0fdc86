"""Which points are tried: those that could see most, and the best of every hot spot.

A large export has tens of thousands of points where a camera could stand. Nearly all of them see
far less than the best. What each could see at most is known from distances alone
(`most_in_reach`), so views are worked out only for those that could see most, as many as
``most_tried`` says, and for the best of every hot spot. How many were left out and how much the
best of them could see at most is told: what is proven is proven of the points that were tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.cameraplan.gaining import Sight
from hotspots.candidates import CandidateOptions, Standings
from hotspots.distance import within
from hotspots.options import CameraOptions
from hotspots.sites import Demand

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tried:
    """The points that are tried.

    Attributes
    ----------
    stand
        Those points.
    n_left
        Points left out.
    most_left
        The most events that any of those left out could have in view.
    notices
        What was left out.
    """

    stand: Standings
    n_left: int
    most_left: float
    notices: tuple[Notice, ...]


def points_to_try(
    stand: Standings,
    demand: Demand,
    sight: Sight,
    always: Bools,
    cameras: CameraOptions,
    candidates: CandidateOptions,
    *,
    steps: int,
) -> Tried:
    """Return the points to try; what each could see is worked out only where there are many.

    Parameters
    ----------
    stand, demand, sight
        The points, and what they are to see.
    always
        Points that earlier decisions are about, shape (points,).
    cameras, candidates
        How many events a proposal takes, and how many points are tried.
    steps
        Steps that the choice counts shares in.
    """
    if len(stand.xy) <= candidates.most_tried:
        return Tried(stand, 0, 0.0, ())
    from hotspots.sightlines.reachable import most_in_reach

    most = most_in_reach(
        stand.xy,
        demand.xy,
        sight.sigma_m,
        sight.open_share,
        demand.n,
        sight.obstacles,
        reach_m=sight.reach_m,
        steps=steps,
    )
    most[~near_enough(stand, demand, cameras)] = 0.0
    return most_promising(stand, most, always, candidates)


def near_enough(stand: Standings, demand: Demand, options: CameraOptions) -> Bools:
    """Tell which points have as many events within reach as a proposal takes, shape (points,)."""
    site, place = within(stand.xy, demand.xy, options.reach_m)
    total = np.bincount(site, weights=demand.n[place], minlength=len(stand.xy))
    enough: Bools = total >= options.min_events
    return enough


def most_promising(
    stand: Standings, most: Floats, always: Bools, options: CandidateOptions
) -> Tried:
    """Return the points to try.

    Parameters
    ----------
    stand
        All points.
    most
        The most events each could have in view, 0 where it can't be proposed, shape (points,).
    always
        Points that earlier decisions are about, shape (points,).
    options
        How many.
    """
    n = len(stand.xy)
    if n <= options.most_tried:
        return Tried(stand, 0, 0.0, ())
    order = np.argsort(-most, kind="stable")  # points stand by easting and northing: ties too
    kept = always.copy()
    kept[order[: options.most_tried]] = True
    spot = stand.hotspot[order]
    by_spot = order[np.argsort(spot, kind="stable")]
    first = np.searchsorted(stand.hotspot[by_spot], stand.hotspot[by_spot])
    of_spot = by_spot[np.arange(n) - first < options.tried_each]
    kept[of_spot[most[of_spot] > 0]] = True
    left = ~kept & (most > 0)
    n_left, most_left = int(left.sum()), float(most[left].max(initial=0.0))
    return Tried(
        _only(stand, np.flatnonzero(kept)), n_left, most_left, _tell(kept, n_left, most_left)
    )


def _only(stand: Standings, rows: Ints) -> Standings:
    return replace(
        stand,
        ids=stand.ids[rows],
        xy=stand.xy[rows],
        source=stand.source[rows],
        hotspot=stand.hotspot[rows],
        moved_m=stand.moved_m[rows],
        public=None if stand.public is None else stand.public[rows],
    )


def _tell(kept: Bools, n_left: int, most_left: float) -> tuple[Notice, ...]:
    if not n_left:
        return ()
    n_tried = int(kept.sum())
    text = _(
        "Sikten prövas från {n} av {total} möjliga kameraplatser: de som kan se mest och de bästa "
        "vid varje hot spot. Den bästa av de {left} andra som når händelser kan ha högst {most} "
        "händelser i bild. Det som sägs om urvalet är bevisat bland de prövade platserna. Fler "
        "prövas med most_tried i [candidates]."
    ).format(
        n=number(n_tried), total=number(len(kept)), left=number(n_left), most=number(most_left, 1)
    )
    data = {"n_tried": n_tried, "n": len(kept), "n_left": n_left, "most_left": most_left}
    return (Notice(code="standings_tried", text=text, level="chosen", data=data),)
