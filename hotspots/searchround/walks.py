"""The entrances of a round as walks, each within a shift, in as little time as can be.

Time is the start of each walk (travel, keys, briefing) and the walking; the searches take as long
whatever the walks. Few entrances are divided exactly, by dynamic programming over sets of stops.
Many are divided from several long walks past them all, each cut as well as it can be (Prins 2004,
doi:10.1016/S0305-0548(03)00158-8), and bettered by moving and exchanging stops; the result is held
against the bound of `hotspots.searchround.ordering.forest_bound`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.searchround.options import RoundOptions
from hotspots.searchround.ordering import (
    STARTS,
    TINY,
    Ordered,
    best_ends,
    forest_bound,
    improved,
    length_of,
    nearest_first,
    shortest_walk,
    spanning_edges,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEW: Final = 11
"""Entrances that are divided exactly: the sets of walks grow as 3**entrances."""
WORK: Final = 480
"""Starts times entrances: large rounds are tried from fewer starts."""


@dataclass(frozen=True)
class Walks:
    """Entrances in walks.

    Attributes
    ----------
    walks
        Each walk's stops in order, longest walk first.
    minutes
        Starts and walking of all walks together, without the searches.
    bound
        No division into walks that fit the shift takes less. Equals ``minutes`` where proven.
    """

    walks: tuple[Ordered, ...]
    minutes: float
    bound: float

    @property
    def gap(self) -> float:
        """Return what time may be saved, as a share of the bound (0–1)."""
        return max(0.0, (self.minutes - self.bound) / self.bound) if self.bound > 0 else 0.0


def divide(minutes: Floats, options: RoundOptions) -> Walks:
    """Divide entrances into walks and order each.

    Parameters
    ----------
    minutes
        Of walking from entrance to entrance, shape (entrances, entrances).
    options
        ``minutes_per_entrance``, ``shift_min`` and ``start_min``. A single search with its start
        must fit into a shift (`geodata.errors` faults are told by the caller).

    Returns
    -------
    Walks
        Every entrance in one walk. A walk never exceeds the shift.

    Raises
    ------
    ValueError
        If a single search does not fit into a shift.
    """
    n, room = len(minutes), options.shift_min - options.start_min
    if options.minutes_per_entrance > room:
        msg = "a search with its start must fit into a shift"
        raise ValueError(msg)
    if n == 0:
        return Walks((), 0.0, 0.0)
    groups = _exact(minutes, options) if n <= FEW else _near_best(minutes, options)
    walks = [_walk(minutes, group) for group in groups]
    walks.sort(key=lambda one: (-len(one.order), int(one.order.min())))
    total = sum(walk.length for walk in walks) + options.start_min * len(walks)
    bound = total
    if n > FEW:
        fewest = _fewest(minutes, options)
        bound = forest_bound(minutes, total, start=options.start_min, least=fewest, most=n)
    return Walks(tuple(walks), total, min(bound, total))


def _walk(minutes: Floats, stops: Ints) -> Ordered:
    found = shortest_walk(minutes[np.ix_(stops, stops)])
    return Ordered(stops[found.order], found.length, found.bound)


def takes(minutes: Floats, order: Ints, options: RoundOptions) -> float:
    """Return how long a walk takes, with start and searches, minutes."""
    searches = options.minutes_per_entrance * len(order)
    return options.start_min + searches + length_of(minutes, order)


def _fits(walking: float, stops: int, options: RoundOptions) -> bool:
    whole = options.start_min + stops * options.minutes_per_entrance + walking
    return whole <= options.shift_min + TINY


def _fewest(minutes: Floats, options: RoundOptions) -> int:
    """Return a number of walks that no division goes below, by time alone."""
    n = len(minutes)
    lengths, _ends = spanning_edges(minutes)
    sums = np.concatenate([[0.0], np.cumsum(lengths)])
    room = options.shift_min - options.start_min
    for walks in range(1, n + 1):
        whole = n * options.minutes_per_entrance + float(sums[n - walks])
        if whole <= walks * room + TINY:
            return walks
    return n


def _exact(minutes: Floats, options: RoundOptions) -> list[Ints]:
    """Return the best division, by dynamic programming over sets of stops."""
    n = len(minutes)
    length = best_ends(minutes).min(axis=1)
    size = np.array([one.bit_count() for one in range(1 << n)])
    whole = options.start_min + size * options.minutes_per_entrance + length
    cost = np.where(whole <= options.shift_min + TINY, options.start_min + length, math.inf)
    best, part = np.full(1 << n, math.inf), np.zeros(1 << n, dtype=np.int64)
    best[0] = 0.0
    for stops in range(1, 1 << n):
        lowest = stops & -stops  # the walk with the first stop: each division is tried once
        others = stops ^ lowest
        subsets = _subsets(others)
        tries = cost[subsets | lowest] + best[others ^ subsets]
        at = int(np.argmin(tries))
        best[stops], part[stops] = tries[at], subsets[at] | lowest
    groups, left = [], (1 << n) - 1
    while left:
        taken = int(part[left])
        groups.append(np.flatnonzero([taken >> i & 1 for i in range(n)]).astype(np.int64))
        left ^= taken
    return groups


def _subsets(stops: int) -> Ints:
    """Return all subsets of a set of bits, the empty one first."""
    found = np.zeros(1, dtype=np.int64)
    while stops:
        bit = stops & -stops
        found = np.concatenate([found, found | bit])
        stops ^= bit
    return found


def _near_best(minutes: Floats, options: RoundOptions) -> list[Ints]:
    """Return a good division: long walks cut as well as can be, then stops moved and exchanged."""
    n = len(minutes)
    tries = max(1, min(STARTS, WORK // n))
    starts = np.unique(np.linspace(0, n - 1, tries).astype(np.int64))
    best: list[Ints] = []
    least = math.inf
    for start in starts:
        tour = improved(minutes, nearest_first(minutes, int(start)))
        groups = _bettered(minutes, _cut(minutes, tour, options), options)
        total = _total(minutes, groups, options)
        if total < least - TINY:
            best, least = groups, total
    return best


def _total(minutes: Floats, groups: Sequence[Ints], options: RoundOptions) -> float:
    return sum(length_of(minutes, one) + options.start_min for one in groups)


def _cut(minutes: Floats, tour: Ints, options: RoundOptions) -> list[Ints]:
    """Cut one long walk into walks that fit the shift, in the least time there is."""
    n = len(tour)
    ways = np.concatenate([[0.0], np.cumsum(minutes[tour[:-1], tour[1:]])])
    best, came = [0.0] + [math.inf] * n, [0] * (n + 1)
    for end in range(1, n + 1):
        for first in range(end - 1, -1, -1):
            walking = float(ways[end - 1] - ways[first])
            if not _fits(walking, end - first, options):
                break
            total = best[first] + options.start_min + walking
            if total < best[end] - TINY:
                best[end], came[end] = total, first
    groups, end = [], n
    while end:
        groups.append(tour[came[end] : end])
        end = came[end]
    return groups[::-1]


def _bettered(minutes: Floats, groups: list[Ints], options: RoundOptions) -> list[Ints]:
    """Move stops to other walks and exchange them between walks for as long as that saves time."""
    groups = [_walk(minutes, one).order for one in groups]
    while True:
        changed = _moved(minutes, groups, options) or _exchanged(minutes, groups, options)
        if changed is None:
            return groups
        groups = changed


def _moved(minutes: Floats, groups: list[Ints], options: RoundOptions) -> list[Ints] | None:
    """Return the walks after the stop whose move saves most is moved; ``None`` if none does."""
    best, saved = None, TINY
    for a, source in enumerate(groups):
        for place in range(len(source)):
            rest = np.delete(source, place)
            gain = length_of(minutes, source) - length_of(minutes, rest)
            gain += 0.0 if len(rest) else options.start_min
            for b, target in enumerate(groups):
                if a == b or gain <= saved:
                    continue
                more, at = _insertion(minutes, target, int(source[place]))
                walking = length_of(minutes, target) + more
                if gain - more > saved and _fits(walking, len(target) + 1, options):
                    best, saved = (a, rest, b, np.insert(target, at, source[place])), gain - more
    if best is None:
        return None
    a, rest, b, target = best
    changed = {a: rest, b: target}
    after = [changed.get(i, one) for i, one in enumerate(groups)]
    return [
        _walk(minutes, one).order if i in changed else one
        for i, one in enumerate(after)
        if len(one)
    ]


def _insertion(minutes: Floats, walk: Ints, stop: int) -> tuple[float, int]:
    """Return what a stop adds where it adds least, and that place."""
    to = minutes[stop, walk]
    inside = to[:-1] + to[1:] - minutes[walk[:-1], walk[1:]]
    costs = np.concatenate([to[:1], inside, to[-1:]])
    at = int(np.argmin(costs))
    return float(costs[at]), at


def _exchanged(minutes: Floats, groups: list[Ints], options: RoundOptions) -> list[Ints] | None:
    """Return the walks after the first exchange of two stops that saves time; ``None`` if none."""
    lengths = [length_of(minutes, one) for one in groups]
    for a, one in enumerate(groups):
        for b in range(a + 1, len(groups)):
            for i, stop in enumerate(one.tolist()):
                without = np.delete(one, i)
                for j, other in enumerate(groups[b].tolist()):
                    first = _swapped(minutes, without, other, options)
                    second = _swapped(minutes, np.delete(groups[b], j), stop, options)
                    if first is None or second is None:
                        continue
                    total = length_of(minutes, first) + length_of(minutes, second)
                    if total < lengths[a] + lengths[b] - TINY:
                        changed = {a: first, b: second}
                        return [
                            _walk(minutes, changed[k]).order if k in changed else kept
                            for k, kept in enumerate(groups)
                        ]
    return None


def _swapped(minutes: Floats, walk: Ints, stop: int, options: RoundOptions) -> Ints | None:
    """Return a walk with one more stop where it adds least; ``None`` past the shift."""
    if not len(walk):
        return np.array([stop], dtype=np.int64)
    more, at = _insertion(minutes, walk, stop)
    if not _fits(length_of(minutes, walk) + more, len(walk) + 1, options):
        return None
    return np.insert(walk, at, stop)
