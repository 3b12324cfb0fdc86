"""Reports shared over the entrances that their points may have been meant for.

A report's point is off by a two-dimensional Gaussian error whose median is known for its way of
being found. Each entrance within three standard deviations gets a share in proportion to the
density of the error at it. The shares of a report add up to 1 where it reaches any entrance;
where it reaches none it is given to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MEDIAN_RADIUS: Final = float(np.sqrt(2 * np.log(2)))
"""Median distance of a two-dimensional Gaussian, in its standard deviations: 1.1774."""

REACH_SD: Final = 3.0


@dataclass(frozen=True)
class Shares:
    """Pairs of report point and entrance with the share given, all of shape (k,).

    Ordered by point, then entrance.
    """

    point: Ints
    entrance: Ints
    share: Floats


def share_points(points: Floats, error_m: Floats, entrances: Floats) -> Shares:
    """Share points over entrances.

    Parameters
    ----------
    points
        Shape (n, 2), metres.
    error_m
        Median error of each, metres, shape (n,); NaN for a point that is shared by none.
    entrances
        Shape (m, 2), metres.

    Returns
    -------
    Shares
        For each point the shares add up to 1, or there are none.
    """
    from scipy.spatial import cKDTree

    found: list[tuple[Ints, Ints, Floats]] = []
    tree = cKDTree(entrances) if len(entrances) else None
    for error in np.unique(error_m[~np.isnan(error_m)]):
        if tree is None:
            break
        sd = float(error) / MEDIAN_RADIUS
        rows = np.flatnonzero(error_m == error)
        near = cKDTree(points[rows]).sparse_distance_matrix(
            tree, REACH_SD * sd, output_type="ndarray"
        )
        # density at the nearest entrance is taken out first, so that no sum of them is zero
        apart = (near["v"] / sd) ** 2 / 2
        least = np.full(len(rows), np.inf)
        np.minimum.at(least, near["i"], apart)
        density = np.exp(least[near["i"]] - apart)
        total = np.bincount(near["i"], weights=density, minlength=len(rows))
        found.append((rows[near["i"]], near["j"].astype(np.int64), density / total[near["i"]]))
    if not found:
        none = np.empty(0, dtype=np.int64)
        return Shares(none, none, np.empty(0))
    point, entrance, share = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((entrance, point))
    return Shares(point[order], entrance[order], share[order])
