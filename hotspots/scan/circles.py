"""Circles around places: who lies in the ever larger circles about each place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import number
from hotspots.distance import to_cm, within

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_PAIRS = 60_000_000
"""Pairs of a centre and a place held at once, 5 bytes each."""
BLOCK_PAIRS = 2_000_000


class Circles(NamedTuple):
    """All circles, as one row of places a centre, from near to far.

    ``start`` (n + 1,) says where each centre's row begins in ``member`` (places, 0…n−1). A circle
    may end only where ``closes`` is true: places equally far away, to the centimetre, belong to the
    same circles.
    """

    start: Ints
    member: NDArray[np.int32]
    closes: NDArray[np.bool_]


def make_circles(
    points: Floats, weight: Floats, *, max_radius_m: float | None, max_weight: float
) -> Circles:
    """Return all circles that hold no more than they may.

    Parameters
    ----------
    points
        Coordinates of the places, metres, shape (n, 2).
    weight
        What the share is a share of (population, events), shape (n,).
    max_radius_m
        Largest radius, metres, inclusive; ``None`` for no bound.
    max_weight
        Largest sum of `weight` in a circle, inclusive.

    Raises
    ------
    SettingsError
        ``scan_too_large`` where the circles would not fit in memory.
    """
    n = len(points)
    cm = to_cm(points)
    sizes = _sizes(cm, max_radius_m)
    if sizes.sum() > MAX_PAIRS:
        raise SettingsError(_too_large(int(sizes.sum())))
    rows, members, closes = np.zeros(n, dtype=np.int64), [], []
    for low, high in _blocks(sizes):
        i, j = _pairs(points, low, high, max_radius_m)
        squared = ((cm[i] - cm[j]) ** 2).sum(axis=1)
        order = np.lexsort((j, squared, i))
        i, j, squared = i[order], j[order], squared[order]
        ends = np.ones(len(i), dtype=bool)
        ends[:-1] = (i[1:] != i[:-1]) | (squared[1:] != squared[:-1])
        fits = _fits(i, weight[j], ends, max_weight)
        rows += np.bincount(i[fits], minlength=n)
        members.append(j[fits].astype(np.int32))
        closes.append(ends[fits])
    start = np.concatenate([[0], np.cumsum(rows)]).astype(np.int64)
    if not members:
        return Circles(start, np.zeros(0, dtype=np.int32), np.zeros(0, dtype=bool))
    return Circles(start, np.concatenate(members), np.concatenate(closes))


def count_pairs(points: Floats, max_radius_m: float | None) -> int:
    """Return how many pairs of a centre and a place all circles hold, each place with itself."""
    return int(_sizes(to_cm(points), max_radius_m).sum())


def _sizes(cm: Ints, max_radius_m: float | None) -> Ints:
    """Return how many places lie within the radius of each."""
    from scipy.spatial import cKDTree

    n = len(cm)
    if max_radius_m is None or n == 0:
        return np.full(n, n, dtype=np.int64)
    points = cm.astype(np.float64)
    counts = cKDTree(points).query_ball_point(points, round(max_radius_m * 100), return_length=True)
    return np.asarray(counts, dtype=np.int64)


def _blocks(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Cut the centres into runs of some `BLOCK_PAIRS` pairs, at least one centre each."""
    low, n = 0, len(sizes)
    sums = np.concatenate([[0], np.cumsum(sizes)])
    while low < n:
        high = max(int(np.searchsorted(sums, sums[low] + BLOCK_PAIRS, side="right")) - 1, low + 1)
        yield low, high
        low = high


def _pairs(points: Floats, low: int, high: int, max_radius_m: float | None) -> tuple[Ints, Ints]:
    if max_radius_m is None:
        n = len(points)
        return np.repeat(np.arange(low, high), n), np.tile(np.arange(n), high - low)
    i, j = within(points[low:high], points, max_radius_m)
    return i + low, j


def _fits(i: Ints, weight: Floats, ends: NDArray[np.bool_], limit: float) -> NDArray[np.bool_]:
    """Tell which places belong to a circle within the limit; places equally far go together."""
    sums = np.cumsum(weight)
    first = np.ones(len(i), dtype=bool)
    first[1:] = i[1:] != i[:-1]
    begin = np.flatnonzero(first)
    before = np.repeat(sums[begin] - weight[begin], np.diff(np.append(begin, len(i))))
    closing = np.flatnonzero(ends)
    at_close = closing[np.searchsorted(closing, np.arange(len(i)))]
    # a share such as 50 % of the whole is met exactly now and then: no rounding may throw it out
    fits: NDArray[np.bool_] = sums[at_close] - before <= limit * (1 + 1e-9)
    return fits


def _too_large(pairs: int) -> Fault:
    return Fault(
        code="scan_too_large",
        what=_("Sökningen blir för stor: {n} par av mittpunkt och plats.").format(n=number(pairs)),
        why=_("Högst {n} får plats i minnet.").format(n=number(MAX_PAIRS)),
        next_step=_("Minska max_radius_m, eller räkna på rutor i stället för platser."),
    )
