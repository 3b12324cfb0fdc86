"""Where else offences may have moved: rings around the place, and stairwells and cellars near it.

Offences that leave a square may go round the corner or into the stairwells. Each ring's change is
held against that of everything farther away than the last ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.ratios import RatioOfRatios, ratio_of_ratios

ERROR: Final = 0.05
"""Chance that chance alone makes any of the rings of a place look changed."""


@dataclass(frozen=True)
class Ring:
    """One ring.

    Attributes
    ----------
    what
        ``all``, or ``stairwell``: common areas of residential buildings within the last ring, the
        place itself included.
    from_m, to_m
        Distances from the place; an event on the outer border belongs to the ring.
    n_before, n_after
        Events.
    ratio
        Change over that of all that lies farther away. The limits of all rings together hold in
        95 cases of 100 (Bonferroni).
    """

    what: str
    from_m: float
    to_m: float
    n_before: int
    n_after: int
    ratio: RatioOfRatios


def count_rings(
    place: Any,  # noqa: ANN401 (a polygon)
    xy: NDArray[np.float64],
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
    indoors: NDArray[np.bool_],
    *,
    edges_m: tuple[float, ...],
    dispersion: float,
) -> list[Ring]:
    """Count events in rings around a place.

    Parameters
    ----------
    place
        Polygon.
    xy
        Points of the events, metres, shape (n, 2).
    before, after, indoors
        Which of them are of each period, and in common areas of houses, shape (n,).
    edges_m
        Outer borders of the rings, any order.
    dispersion
        Variance of a count by its mean.

    Returns
    -------
    list of Ring
        Innermost first, then that of stairwells.
    """
    edges = [0.0, *sorted(set(edges_m))]
    near = np.full(len(xy), np.inf)
    box = np.array(place.bounds) + np.array([-1, -1, 1, 1]) * (edges[-1] + 1)
    close = (xy[:, 0] >= box[0]) & (xy[:, 1] >= box[1])
    close &= (xy[:, 0] <= box[2]) & (xy[:, 1] <= box[3])
    near[close] = shapely.distance(place, shapely.points(xy[close]))
    far = near > edges[-1]
    other = float((far & before).sum()), float((far & after).sum())

    level = 1 - ERROR / (len(edges) - 1 + int(indoors.any()))

    def ring(what: str, low: float, high: float, which: NDArray[np.bool_]) -> Ring:
        own = int((which & before).sum()), int((which & after).sum())
        ratio = ratio_of_ratios(own, other, dispersion=dispersion, level=level)
        return Ring(what, low, high, *own, ratio)

    found = [ring("all", low, high, (near > low) & (near <= high)) for low, high in pairwise(edges)]
    if indoors.any():
        found.append(ring("stairwell", 0.0, edges[-1], indoors & (near <= edges[-1])))
    return found
