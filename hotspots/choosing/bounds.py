"""A bound on the covering problem with points and limits, and the candidates that can't be best.

The rules that a demand counts only where a chosen site reaches it, and that limits are kept, are
given up for prices (Lagrangian relaxation; Galvão & ReVelle 1996,
doi:10.1016/0377-2217(94)00159-6). What remains costs one product of the matrix: the best candidate
of each point, and of these the best k. It never covers less than the true best: a bound. Prices are
moved down the subgradient with Polyak's step. Where the bound with a candidate in the choice lies
below what is asked, the candidate is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hotspots.choosing.problem import Bools, Floats, Ints, Problem

ROUNDS: Final = 400
SHRINK_EVERY: Final = 20
"""Rounds after which the candidates that are out are taken from the matrix."""
FEW: Final = 40
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
    able
        Candidates that could be in a choice of at least the weight asked, shape (candidates,).
    """

    bound: float
    able: Bools


def bound(problem: Problem, least: int) -> Bounded:
    """Bound what a choice can cover and tell which candidates can be in one that covers `least`.

    Parameters
    ----------
    problem
        What is to be covered.
    least
        Weight that a choice has to cover to be of interest; may be out of reach.
    """
    worth = problem.worth.astype(np.float64)
    reach = problem.reach.astype(np.float64)
    state = _Prices(problem, worth)
    best, step, waited = float(worth.sum()), 1.0, 0
    among = np.arange(problem.n)
    able = np.ones(problem.n, dtype=bool)
    for turn in range(ROUNDS):
        if turn % SHRINK_EVERY == 0 and not able.all():
            reach, among, able = reach[able], among[able], able[able]
        if len(among) <= FEW:
            break
        value = reach @ state.demand - state.scaled[among] @ state.limit
        chosen, last = _best_choice(value, problem.point[among], problem.k)
        now = float(np.maximum(worth - state.demand, 0).sum() + state.limit @ state.room)
        now += float(value[chosen].sum())
        able &= now - last + value >= least * (1 - SLACK)
        better = now < best - 1e-9 * abs(best)
        best, waited = (now, 0) if better else (best, waited + 1)
        if waited >= PATIENCE:
            step, waited = step / 2, 0
        counted = np.asarray(reach[chosen].sum(axis=0), dtype=np.float64).ravel()
        used = state.scaled[among[chosen]].sum(axis=0)
        moved = state.move(counted, used, step, now - least)
        if best < least or not moved or step < LEAST_STEP:
            break
    left = np.zeros(problem.n, dtype=bool)
    if best >= least * (1 - SLACK):
        left[among[able]] = True
    return Bounded(best, left)


class _Prices:
    """Prices of demand and of limits, moved together.

    Limits are scaled to a room of 1 each (a room of 0 stays 0), and their prices to the weight that
    one candidate may cover, so that one step fits both.
    """

    def __init__(self, problem: Problem, worth: Floats) -> None:
        self.worth = worth
        self.demand = worth / 2
        size = np.maximum(problem.room, 1).astype(np.float64)
        self.scale = float(np.sqrt((worth**2).sum()))
        self.scaled = problem.use / size
        self.room = problem.room / size
        self.limit = np.zeros(len(problem.room))

    def move(self, counted: Floats, used: Floats, step: float, excess: float) -> bool:
        """Take one step down; ``False`` where no direction is left."""
        slope = counted - (self.worth > self.demand)
        over = self.room - used
        norm = float(slope @ slope + self.scale**2 * (over @ over) / max(len(self.worth), 1))
        if norm == 0:
            return False
        by = step * max(excess, 1.0) / norm
        self.demand = np.clip(self.demand - by * slope, 0, self.worth)
        if len(self.limit):
            weight = self.scale**2 / max(len(self.worth), 1)
            self.limit = np.maximum(self.limit - by * weight * over, 0)
        return True


def _best_choice(value: Floats, point: Ints, k: int) -> tuple[Ints, Floats]:
    """Return the best k candidates, one a point, and what each candidate would push out."""
    order = np.lexsort((-value, point))
    first = np.ones(len(order), dtype=bool)
    first[1:] = point[order][1:] != point[order][:-1]
    heads = order[first]
    ranks = np.argsort(-value[heads], kind="stable")[:k]
    ranks = ranks[value[heads[ranks]] > 0]
    last = float(value[heads[ranks[-1]]]) if len(ranks) == k else 0.0
    out_of_point = np.full(len(heads), last)
    out_of_point[ranks] = value[heads[ranks]]
    out = np.empty(len(value))
    out[order] = out_of_point[np.cumsum(first) - 1]
    return heads[ranks], out
