"""A bound on the covering problem with points and limits, and the candidates that can't be best.

The rules that a demand counts only where a chosen site reaches it, and that limits are kept, are
given up for prices (Lagrangian relaxation; Galvão & ReVelle 1996,
doi:10.1016/0377-2217(94)00159-6). What remains costs one product of the matrix: the best candidate
of each point, and of these the best k. It never covers less than the true best: a bound. Prices of
demand are moved down the subgradient with Polyak's step; the price of a limit is set where the
bound is least, by halving. Where the bound with a candidate in the choice lies below what is asked,
the candidate is left out. The prices also lead greed to better choices, which ask for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hotspots.choosing.greedy import greedy, improve
from hotspots.choosing.problem import Floats, Ints, Problem

ROUNDS: Final = 400
SHRINK_EVERY: Final = 20
"""Rounds after which the candidates that are out are taken from the matrix."""
TRY_EVERY: Final = 40
"""Rounds after which a choice is made with the prices of the limits."""
FIRST_TRY: Final = 5
WIDER: Final = 1.25
"""How far the price of a limit is sought from where it was."""
HALVINGS: Final = 6
"""Of the range in which the price of a limit lies, in each round."""
FEW: Final = 200
"""Candidates so few that solving is quicker than bounding."""
LEAST_STEP: Final = 1e-3
PATIENCE: Final = 12
"""Rounds without a better bound after which the step is halved."""
SLACK: Final = 1e-6
"""Sums of prices may be off by this share; what lies so close to the limit is kept."""


@dataclass(frozen=True, eq=False)
class Bounded:
    """What the prices tell.

    Attributes
    ----------
    bound
        No choice covers more; all the weight there is, where the candidates are few.
    ceiling
        No choice with this candidate in it covers more, shape (candidates,).
    known
        The best choice met.
    demand
        The prices of demand at which the bound was least, shape (demands,).
    """

    bound: float
    ceiling: Floats
    known: Ints
    demand: Floats

    def able(self, least: int) -> Ints:
        """Return the candidates that could be in a choice that covers `least`."""
        if self.bound < least * (1 - SLACK):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.ceiling >= least * (1 - SLACK))


def bound(problem: Problem, known: Ints, least: int, demand: Floats | None = None) -> Bounded:
    """Bound what a choice can cover, with each of the candidates and at all.

    Parameters
    ----------
    problem
        What is to be covered.
    known
        A choice that is known.
    least
        Weight that a choice has to cover to be of interest; may be out of reach.
    demand
        Prices of demand to begin with, such as those of a problem that is nearly the same.
    """
    search = _Search(problem, known, least)
    if demand is not None:
        search.demand = demand
    for turn in range(ROUNDS):
        if turn % SHRINK_EVERY == 0:
            search.shrink()
        if search.part.n <= FEW:
            break
        if len(problem.room) and turn % TRY_EVERY == FIRST_TRY:
            search.attempt()
        if not search.turn(turn):
            break
    return Bounded(search.best, search.ceiling, search.known, search.best_demand)


def priced(problem: Problem, demand: Floats, toll: Floats) -> tuple[float, Floats]:
    """Return the bound at given prices ≥ 0, and the bound with each candidate in the choice.

    Parameters
    ----------
    problem
        What is to be covered.
    demand
        Price of each demand, shape (demands,); never more than its weight counts.
    toll
        Price of each limit, shape (limits,).
    """
    search = _Search(problem, np.zeros(0, dtype=np.int64), 0)
    search.demand, search.toll = np.minimum(demand, search.worth), toll
    search.bound_here(search.reach @ search.demand)
    return search.best, search.ceiling


class _Search:
    """The prices, and what is known so far."""

    def __init__(self, problem: Problem, known: Ints, least: int) -> None:
        self.problem = problem
        self.known = known
        self.covered = problem.covered(known)
        self.goal = max(self.covered, least)
        self.worth = problem.worth.astype(np.float64)
        self.demand = self.worth / 2
        self.best_demand = self.demand
        self.toll = np.zeros(len(problem.room))
        self.best = float(self.worth.sum())
        self.step, self.waited = 1.0, 0
        self.ceiling = np.full(problem.n, np.inf)
        self.rows = np.arange(problem.n)
        self._cut(problem)

    def _cut(self, part: Problem) -> None:
        self.part = part
        self.reach = part.reach.astype(np.float64)
        self.use = part.use.astype(np.float64)
        self.room = part.room.astype(np.float64)
        self.alone = len(np.unique(part.point)) == part.n

    def shrink(self) -> None:
        """Take out the candidates that can't be in a choice of the weight asked."""
        able = self.ceiling[self.rows] >= self.goal * (1 - SLACK)
        if not able.all():
            self.rows = self.rows[able]
            self._cut(self.part.only(np.flatnonzero(able)))

    def attempt(self) -> None:
        """Choose with the limits priced; a better choice asks for more."""
        found = self.rows[improve(self.part, greedy(self.part, toll=self.use @ self.toll))]
        covered = self.problem.covered(found)
        if covered > self.covered:
            self.known, self.covered = found, covered
            self.goal = max(self.goal, covered)

    def turn(self, turn: int) -> bool:
        """Work out one bound and move the prices; ``False`` when nothing is left to gain."""
        value = self.reach @ self.demand
        if len(self.room):
            self._set_toll(value, turn % len(self.room))
        before = self.best
        now, chosen = self.bound_here(value)
        self.waited = 0 if self.best < before else self.waited + 1
        if self.waited >= PATIENCE:
            self.step, self.waited = self.step / 2, 0
        reached = self.part.reached(chosen)
        counted = np.bincount(reached, minlength=len(self.worth)).astype(np.float64)
        slope = counted - (self.worth > self.demand)
        norm = float((slope * slope).sum())  # not BLAS: the same on any number of threads
        if self.best < self.goal or norm == 0 or self.step < LEAST_STEP:
            return False
        by = self.step * max(now - self.goal, 1.0) / norm
        self.demand = np.clip(self.demand - by * slope, 0, self.worth)
        return True

    def bound_here(self, value: Floats) -> tuple[float, Ints]:
        """Work out the bound at the prices now, and what is chosen at them."""
        value = value - self.use @ self.toll
        chosen, out = self._best_choice(value)
        now = float(np.maximum(self.worth - self.demand, 0).sum() + self.toll @ self.room)
        now += float(value[chosen].sum())
        self.ceiling[self.rows] = np.minimum(self.ceiling[self.rows], now - out + value)
        if now < self.best - 1e-9 * abs(self.best):
            self.best, self.best_demand = now, self.demand
        return now, chosen

    def _set_toll(self, value: Floats, at: int) -> None:
        """Set the price of one limit where the bound is least: where its use meets its room."""
        use = self.use[:, at]
        toll = self.toll.copy()
        toll[at] = 0
        value = value - self.use @ toll
        if self._used(value, use) <= self.room[at]:
            self.toll[at] = 0.0
            return
        low, high = 0.0, float(value.max() / max(use.mean(), 1e-9))
        if self.toll[at] > 0:  # near where it was
            low, high = self.toll[at] / WIDER, self.toll[at] * WIDER
            if self._used(value - low * use, use) <= self.room[at]:
                low, high = 0.0, low
        while self._used(value - high * use, use) > self.room[at]:
            low, high = high, 2 * high
        for _half in range(HALVINGS):
            middle = (low + high) / 2
            if self._used(value - middle * use, use) > self.room[at]:
                low = middle
            else:
                high = middle
        self.toll[at] = high

    def _used(self, value: Floats, use: Floats) -> float:
        return float(use[self._best_choice(value)[0]].sum())

    def _best_choice(self, value: Floats) -> tuple[Ints, Floats]:
        """Return the best k candidates, one a point, and what each candidate would push out."""
        k = self.part.k
        heads, first, order = np.arange(len(value)), None, None
        if not self.alone:
            order = np.lexsort((-value, self.part.point))
            first = np.ones(len(order), dtype=bool)
            first[1:] = self.part.point[order][1:] != self.part.point[order][:-1]
            heads = order[first]
        worth = value[heads]
        ranks = np.argpartition(-worth, k - 1)[:k] if len(worth) > k else np.arange(len(worth))
        ranks = ranks[worth[ranks] > 0]
        last = float(worth[ranks].min()) if len(ranks) == k else 0.0
        out_of_point = np.full(len(heads), last)
        out_of_point[ranks] = worth[ranks]
        if order is None or first is None:
            return heads[ranks], out_of_point
        out = np.empty(len(value))
        out[order] = out_of_point[np.cumsum(first) - 1]
        return heads[ranks], out
