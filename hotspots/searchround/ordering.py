"""The shortest walk past some entrances, from any of them to any other, with its proof.

Few stops are ordered exactly by dynamic programming over sets of stops (Held & Karp 1962,
doi:10.1137/0110015). Many are ordered by improvement, runs turned round (2-opt) and moved (Or-opt),
from several starts, and the result is held against a bound: the least spanning tree with a price on
each stop, raised by subgradient (Held & Karp 1970, doi:10.1287/opre.18.6.1138).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEW: Final = 13
"""Stops that are ordered exactly."""
STARTS: Final = 8
ROUNDS: Final = 150
LONGEST_RUN: Final = 3
TINY: Final = 1e-9
"""Minutes below which nothing is gained."""


@dataclass(frozen=True)
class Ordered:
    """Stops in order.

    Attributes
    ----------
    order
        All stops, shape (stops,); of the two directions the one that begins with the lower number.
    length
        Of the walk, in the unit of the distances.
    bound
        No walk past all stops is shorter. Equals ``length`` where proven.
    """

    order: Ints
    length: float
    bound: float


def shortest_walk(apart: Floats) -> Ordered:
    """Order the stops of one walk.

    Parameters
    ----------
    apart
        From stop to stop, shape (stops, stops), symmetric, ≥ 0.
    """
    n = len(apart)
    if n <= FEW:
        order = exact_order(apart) if n > 1 else np.arange(n)
        length = length_of(apart, order)
        return Ordered(order, length, length)
    starts = np.unique(np.linspace(0, n - 1, STARTS).astype(np.int64))
    tries = [improved(apart, nearest_first(apart, int(start))) for start in starts]
    order = forwards(min(tries, key=lambda one: length_of(apart, one)))
    length = length_of(apart, order)
    return Ordered(order, length, min(length, walk_bound(apart, length)))


def length_of(apart: Floats, order: Ints) -> float:
    """Return the length of a walk."""
    return float(apart[order[:-1], order[1:]].sum())


def forwards(order: Ints) -> Ints:
    """Return the walk in the direction that begins with the lower number."""
    return order if len(order) < 2 or order[0] < order[-1] else order[::-1].copy()


def best_ends(apart: Floats) -> Floats:
    """Return the shortest walk past each set of stops that ends at each stop.

    Returns
    -------
    numpy.ndarray
        Shape (2**stops, stops): infinite where the stop isn't in the set.
    """
    n = len(apart)
    sets = np.arange(1 << n)
    best = np.full((1 << n, n), np.inf)
    best[1 << np.arange(n), np.arange(n)] = 0.0
    size = np.array([int(one).bit_count() for one in sets])
    for k in range(2, n + 1):
        of_size = sets[size == k]
        for last in range(n):
            with_it = of_size[of_size >> last & 1 == 1]
            before = best[with_it ^ (1 << last)]
            best[with_it, last] = (before + apart[:, last]).min(axis=1)
    return best


def walk_back(apart: Floats, best: Floats, stops: int) -> Ints:
    """Return the shortest walk past the set `stops` (bits), of table `best_ends`."""
    last = int(np.argmin(best[stops]))
    order = [last]
    while stops := stops ^ (1 << last):
        last = int(np.argmin(best[stops] + apart[:, last]))
        order.append(last)
    return forwards(np.array(order, dtype=np.int64))


def exact_order(apart: Floats) -> Ints:
    """Return the shortest walk past all stops; time grows as 2**stops."""
    return walk_back(apart, best_ends(apart), (1 << len(apart)) - 1)


def nearest_first(apart: Floats, start: int) -> Ints:
    """Return the walk that always goes on to the nearest stop left."""
    left = np.ones(len(apart), dtype=bool)
    order, here = [start], start
    left[start] = False
    while left.any():
        here = int(np.argmin(np.where(left, apart[here], np.inf)))
        order.append(here)
        left[here] = False
    return np.array(order, dtype=np.int64)


def improved(apart: Floats, order: Ints) -> Ints:
    """Return the walk with runs turned and moved for as long as it gets shorter."""
    while True:
        turned = _turn(apart, order)
        moved = _move(apart, turned)
        if length_of(apart, moved) > length_of(apart, order) - TINY:
            return order
        order = moved


def _padded(apart: Floats, order: Ints) -> Floats:
    """Return distances by place in the walk, with a stop before and after at no distance."""
    n = len(order)
    padded = np.zeros((n + 2, n + 2))
    padded[1:-1, 1:-1] = apart[np.ix_(order, order)]
    return padded


def _turn(apart: Floats, order: Ints) -> Ints:
    """Turn runs round (2-opt), the best first, for as long as that helps."""
    n = len(order)
    first, last = np.triu_indices(n, 1)
    while True:
        at = _padded(apart, order)
        i, j = first + 1, last + 1
        gain = at[i - 1, i] + at[j, j + 1] - at[i - 1, j] - at[i, j + 1]
        best = int(np.argmax(gain))
        if gain[best] < TINY:
            return order
        a, b = int(first[best]), int(last[best])
        order = np.concatenate([order[:a], order[a : b + 1][::-1], order[b + 1 :]])


def _move(apart: Floats, order: Ints) -> Ints:
    """Move runs of one to three stops elsewhere, either way round (Or-opt), while that helps."""
    while True:
        found = max(
            (_best_move(apart, order, k) for k in range(1, min(LONGEST_RUN, len(order) - 1) + 1)),
            key=lambda one: one[0],
        )
        if found[0] < TINY:
            return order
        order = found[1]


def _best_move(apart: Floats, order: Ints, k: int) -> tuple[float, Ints]:
    """Return the gain of the best move of a run of `k` stops, and the walk after it."""
    n = len(order)
    at = _padded(apart, order)
    i = np.arange(1, n - k + 2)  # places of the run's first stop
    j = i + k - 1
    saved = at[i - 1, i] + at[j, j + 1] - at[i - 1, j + 1]
    saved[(i == 1) | (j == n)] = (at[i - 1, i] + at[j, j + 1])[(i == 1) | (j == n)]
    gap = np.arange(n + 1)  # between place gap and gap + 1
    joins = at[gap, gap + 1]
    ahead = at[gap][:, i].T + at[gap + 1][:, j].T - joins
    turned = at[gap][:, j].T + at[gap + 1][:, i].T - joins
    own = (gap >= i[:, None] - 1) & (gap <= j[:, None])
    gain = saved[:, None] - np.where(own, np.inf, np.minimum(ahead, turned))
    row, to = np.unravel_index(int(np.argmax(gain)), gain.shape)
    run = order[i[row] - 1 : j[row]]
    if turned[row, to] < ahead[row, to]:
        run = run[::-1]
    rest = np.delete(order, np.arange(i[row] - 1, j[row]))
    place = int(to) if to < i[row] else int(to) - k
    return float(gain[row, to]), np.concatenate([rest[:place], run, rest[place:]])


def spanning_edges(apart: Floats) -> tuple[Floats, Ints]:
    """Return lengths and ends of a least spanning tree's edges, by Prim, shortest first."""
    n = len(apart)
    near, to = apart[0].copy(), np.zeros(n, dtype=np.int64)
    left = np.ones(n, dtype=bool)
    left[0] = False
    lengths, ends = [], []
    for _step in range(n - 1):
        new = int(np.argmin(np.where(left, near, np.inf)))
        lengths.append(float(near[new]))
        ends.append((int(to[new]), new))
        left[new] = False
        closer = apart[new] < near
        near[closer], to[closer] = apart[new][closer], new
    by_length = np.argsort(lengths, kind="stable")
    return np.array(lengths)[by_length], np.array(ends, dtype=np.int64).reshape(-1, 2)[by_length]


def walk_bound(apart: Floats, known: float) -> float:
    """Return a length that no walk past all stops goes below."""
    return forest_bound(apart, known, start=0.0, least=1, most=1)


def forest_bound(apart: Floats, known: float, *, start: float, least: int, most: int) -> float:
    """Return what no set of walks past all stops goes below, each walk with its start.

    Some number of walks, from `least` to `most`, is a forest of as many trees in which no stop has
    more than two neighbours. Given up for a price ≥ 0 on each neighbour more than two, the least
    forest is that of the spanning tree's shortest edges.

    Parameters
    ----------
    apart
        From stop to stop.
    known
        Total of a set of walks that is known, for the length of the steps.
    start
        What each walk costs besides its length.
    least, most
        How many walks there can be.
    """
    n = len(apart)
    walks = np.arange(least, min(most, n) + 1)
    price, step, best, waited = np.zeros(n), 1.0, -np.inf, 0
    for _round in range(ROUNDS):
        lengths, ends = spanning_edges(apart + price[:, None] + price[None, :])
        sums = np.concatenate([[0.0], np.cumsum(lengths)])
        totals = walks * start + sums[n - walks] - 2 * price.sum()
        at = int(np.argmin(totals))
        if totals[at] > best + TINY:
            best, waited = float(totals[at]), 0
        else:
            waited += 1
        if waited >= 10:
            step, waited = step / 2, 0
        slope = np.bincount(ends[: n - walks[at]].ravel(), minlength=n) - 2.0
        norm = float(slope @ slope)
        if known - best < TINY or norm == 0:
            break
        price = np.maximum(price + step * max(known - totals[at], TINY) / norm * slope, 0.0)
    return best
