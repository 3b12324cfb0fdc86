"""DBSCAN over weighted points, exact, in linear memory and close to linear time.

The method is that of Ester, Kriegel, Sander & Xu (1996): a point is *core* when the weights within
``eps`` of it (itself included, the limit included) reach a minimum; core points within ``eps`` of
one another hang together; other points within ``eps`` of a core point are its *border*.

scikit-learn's version lists every pair of neighbours, so its memory grows with the square of the
density (10 GB at a million points). Here points are laid in square cells narrow enough that all
points of a cell are neighbours (Gunawan 2013; de Berg, Gunawan & Roeloffzen 2017). Cells whose own
weight reaches the minimum are core without a look at pairs; points of other cells are counted until
the minimum is reached; two cells hang together by one pair of points, looked for by halving.

Where few pairs are left to look at the same is done in numpy (`plain`), which is ready at once;
else by loops that numba compiles the first time and then keeps on disk (`cells`, `kernel`).

Coordinates are taken as whole centimetres, so that every comparison is exact and the answer stays
the same when the whole town is moved.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hotspots.distance import to_cm

Ints = NDArray[np.int64]

FEW = 5_000
"""Points below which numpy takes tens of milliseconds."""
MOST = 200_000
"""Points above which the loops are worth loading whatever their pairs."""
MANY = 3_000_000
"""Pairs from which the loops are worth loading: below, numpy takes less time than that."""

FARTHEST_M = 2.0**31 / 100
"""Extent that fits in 32 bits of centimetres: half the way round the Earth."""


def dbscan(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    weight: Ints,
    *,
    eps_m: float,
    min_weight: int,
    threads: int = 1,
) -> Ints:
    """Partition weighted points by density.

    Parameters
    ----------
    x_m, y_m
        Coordinates, metres, shape (n,); compared to the centimetre.
    weight
        Whole-number weight of each point, at least 1.
    eps_m
        Distance within which points are neighbours, metres, inclusive.
    min_weight
        Weight within `eps_m`, the point's own included, that makes a core point.
    threads
        How many to work with; the answer is the same.

    Returns
    -------
    numpy.ndarray
        Cluster of each point, −1 for none; shape (n,). Clusters are numbered by their westernmost
        core point, the southernmost of these. A border point goes to its nearest core point, at a
        tie the westernmost, then the southernmost – unlike scikit-learn, where it goes to the
        cluster that happens to be found first. Neither depends on the order of the points.

    Raises
    ------
    ValueError
        The points lie farther apart than `FARTHEST_M`, which no coordinates on Earth do.
    """
    if len(x_m) == 0:
        return np.zeros(0, dtype=np.int64)
    if max(np.ptp(x_m), np.ptp(y_m)) >= FARTHEST_M - 1:
        msg = "points are too far apart to be on Earth"
        raise ValueError(msg)
    eps = round(eps_m * 100)
    if _in_numpy(x_m, y_m, weight, eps, min_weight):
        from hotspots.partition import plain

        x, y = to_cm(x_m), to_cm(y_m)
        return plain.partition(x, y, weight, eps=eps, min_weight=min_weight)
    return _partition(x_m, y_m, weight, eps=eps, min_weight=min_weight, threads=threads)


def prepare() -> None:
    """Load the compiled loops ahead of their use, which takes a third of a second."""
    two = np.array([0.0, 1.0])
    _partition(two, two, np.ones(2, dtype=np.int64), eps=100, min_weight=1)


def _in_numpy(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], weight: Ints, eps: int, min_weight: int
) -> bool:
    """Tell whether numpy takes less time than loading the compiled loops, if they aren't there."""
    if "numba" in sys.modules or len(x_m) > MOST:
        return len(x_m) < FEW
    from hotspots.partition import plain

    x, y = to_cm(x_m), to_cm(y_m)
    return plain.pairs(x, y, weight, eps=eps, min_weight=min_weight) < MANY


def _partition(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    weight: Ints,
    *,
    eps: int,
    min_weight: int,
    threads: int = 1,
) -> Ints:
    """Return what `dbscan` returns, by compiled loops."""
    from hotspots.partition import cells, kernel

    label = np.full(len(x_m), -1, dtype=np.int64)
    eps2 = float(eps) ** 2
    # points of a cell differ by at most side − 1 in either coordinate, so they are neighbours
    side = float(max(int(eps / 2**0.5), 1))
    points = cells.lay(np.ascontiguousarray(x_m), np.ascontiguousarray(y_m), side)
    weight = weight.astype(np.int64)[points.original]
    own = np.add.reduceat(weight, points.start[:-1])
    box = cells.boxes(points, points.start[1:])
    core = np.zeros(len(label), dtype=np.bool_)
    parts = _share_out(points.start, threads)
    limits = (eps2, min_weight)
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(kernel.find_core, points, box, weight, own, limits, part, core)
            for part in parts
        ]
        for job in jobs:
            job.result()
        stop = kernel.core_first(points, core)
        box = cells.boxes(points, stop)
        parent = kernel.join(points, stop, box, eps2)
        cluster = _number(points.x, points.y, kernel.first_core(points, stop, parent))[parent]
        jobs = [
            pool.submit(kernel.put_labels, points, stop, box, cluster, eps2, part, label)
            for part in parts
        ]
        for job in jobs:
            job.result()
    return label


def _share_out(start: Ints, threads: int) -> list[tuple[int, int]]:
    """Return ranges of cells with about as many points each."""
    wanted = np.linspace(0, start[-1], threads + 1)[1:-1]
    edges = [0, *np.searchsorted(start, wanted).tolist(), len(start) - 1]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _number(x: NDArray[np.float64], y: NDArray[np.float64], first: Ints) -> Ints:
    """Return the number of the cluster that each cell stands for, −1 where for none."""
    cell = np.flatnonzero(first >= 0)
    order = np.lexsort((y[first[cell]], x[first[cell]]))
    number = np.full(len(first), -1, dtype=np.int64)
    number[cell[order]] = np.arange(len(cell))
    return number
