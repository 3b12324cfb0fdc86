"""The covering problem with points, limits and sites already decided, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose at most `k` candidates, one a point, within the limits, that cover most.

    Attributes
    ----------
    reach
        Candidates × demand, ones where a candidate reaches a demand; int64.
    worth
        Positive weight of each demand, shape (demands,).
    point
        Number of the physical point of each candidate, shape (candidates,).
    use
        What each candidate takes of each limit, ≥ 0, shape (candidates, limits).
    room
        How much there is of each, ≥ 0, shape (limits,).
    price
        What decides between choices that cover the same, ≥ 0, shape (candidates,).
    k
        Most candidates to choose.
    """

    reach: csr_array
    worth: Ints
    point: Ints
    use: Ints
    room: Ints
    price: Ints
    k: int

    @property
    def n(self) -> int:
        """Number of candidates."""
        return len(self.point)

    def covered(self, chosen: Ints) -> int:
        """Return the weight that a choice covers."""
        seen = np.zeros(len(self.worth), dtype=bool)
        seen[self.reached(chosen)] = True
        return int(self.worth[seen].sum())

    def reached(self, chosen: Ints) -> Ints:
        """Return the demand that any of these reaches; what two reach stands twice."""
        reach = self.reach  # rows cut out by hand: a matrix of them costs 50 times as much
        ends = reach.indptr
        parts = [reach.indices[ends[one] : ends[one + 1]] for one in chosen.tolist()]
        found: Ints = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        return found

    def paid(self, chosen: Ints) -> int:
        """Return what a choice costs."""
        return int(self.price[chosen].sum())

    def allows(self, chosen: Ints) -> bool:
        """Tell whether a choice keeps to the number, the points and the limits."""
        return bool(
            len(chosen) <= self.k
            and len(np.unique(self.point[chosen])) == len(chosen)
            and (self.use[chosen].sum(axis=0) <= self.room).all()
        )

    def only(self, rows: Ints) -> Problem:
        """Return the problem with these candidates only."""
        return replace(
            self,
            reach=self.reach[rows],
            point=self.point[rows],
            use=self.use[rows],
            price=self.price[rows],
        )

    def among(self, rows: Ints) -> Problem:
        """Return the problem with these candidates only, demand that is reached alike merged."""
        part = self.only(rows)
        reach, worth = merge(part.reach, part.worth)
        return replace(part, reach=reach, worth=worth)

    def limited(self, room: int) -> Problem:
        """Return the problem with one more limit: the price of a choice is at most `room`."""
        return replace(
            self,
            use=np.column_stack([self.use, self.price]),
            room=np.append(self.room, np.int64(room)),
        )


def tidied(problem: Problem) -> Problem:
    """Return the same problem without limits that can't bind, and with no more sites than fit.

    No more sites fit than of those that take least of a limit; a limit that even the sites that
    take most keep to is none. Where all take the same, a limit is a number of sites.
    """
    k, held = min(problem.k, problem.n), np.sort(problem.use, axis=0)
    if problem.n:
        fit = (np.cumsum(held, axis=0) <= problem.room).sum(axis=0)
        k = min([k, *fit.tolist()])
    binds = held[problem.n - k :].sum(axis=0) > problem.room
    return replace(problem, use=problem.use[:, binds], room=problem.room[binds], k=k)


def merge(reach: csr_array, worth: Ints) -> tuple[csr_array, Ints]:
    """Leave out demand that nobody reaches and make one of what the same candidates reach.

    Two sets of candidates are told apart by two sums of 63 random bits each: that two different
    sets have both alike has a chance below 1 in 10²⁴ for a million demands.

    Returns
    -------
    tuple
        Candidates × merged demand, in an order that the sets alone decide, and its weights.
    """
    columns = csc_array(reach)
    size = np.diff(columns.indptr).astype(np.int64)
    random = np.random.default_rng(1).integers(0, 2**63, (2, reach.shape[0]), dtype=np.uint64)
    ones = csr_array(reach.astype(np.uint64))
    first, second = ones.T @ random[0], ones.T @ random[1]
    order = np.lexsort((second, first, size))
    order = order[size[order] > 0]
    if len(order) == 0:
        return csr_array((reach.shape[0], 0), dtype=np.int64), np.zeros(0, dtype=np.int64)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (
        (first[order][1:] != first[order][:-1])
        | (second[order][1:] != second[order][:-1])
        | (size[order][1:] != size[order][:-1])
    )
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(worth[order], starts)
    kept = csr_array(columns[:, order[starts]])
    kept.sort_indices()
    return kept, sums.astype(np.int64)
