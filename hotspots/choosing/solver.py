"""The best choice and its proof: what can't be best is left out, what remains goes to HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from hotspots.choosing.bounds import SLACK, Bounded, bound
from hotspots.choosing.greedy import first_choice
from hotspots.choosing.linear import constraints, relax
from hotspots.choosing.problem import Floats, Ints, Problem, tidied

CORE: Final = 60
"""Candidates among which the best choice is sought first."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A choice and what is proven of it.

    Attributes
    ----------
    chosen
        Candidates, ascending.
    covered
        Weight that they cover.
    bound
        No choice covers more.
    status
        ``optimal``: covered equals bound, and no choice that covers as much costs less.
        ``time_limit``: the proof was not finished.
    demand
        Prices of demand that prove the bound, to begin the next proof with, shape (demands,).
    """

    chosen: Ints
    covered: int
    bound: int
    status: Literal["optimal", "time_limit"]
    demand: Floats


def solve(
    problem: Problem,
    *,
    time_limit_s: float,
    least: int = 0,
    known: Ints | None = None,
    demand: Floats | None = None,
) -> Solution:
    """Return the choice that covers most, of those that do the one that costs least.

    Parameters
    ----------
    problem
        What is to be covered.
    time_limit_s
        Time for the proof, seconds. When it runs out the answer may differ from run to run;
        otherwise it depends on the problem only.
    least
        Weight that the choice has to cover.
    known
        A choice that is allowed, to begin with.
    demand
        Prices of demand to begin with, shape (demands,).

    Returns
    -------
    Solution
        Covers less than `least` where no choice covers that, or none was found in time: its
        ``status`` tells which.
    """
    until = time.monotonic() + time_limit_s
    size = np.diff(problem.reach.indptr)
    fits = np.flatnonzero((problem.use <= problem.room).all(axis=1) & (size > 0))
    if len(fits) == 0 or problem.k == 0:
        return Solution(np.zeros(0, dtype=np.int64), 0, 0, "optimal", problem.worth / 2)
    part = tidied(problem.only(fits))
    if known is not None and not np.isin(known, fits).all():
        known = None
    start = first_choice(part, None if known is None else np.searchsorted(fits, known))
    found = _solve(part, bound(part, start, least, demand), least, until)
    return replace(found, chosen=fits[found.chosen])


def _solve(problem: Problem, limits: Bounded, least: int, until: float) -> Solution:
    best = limits.known
    covered = problem.covered(best)
    goal = max(covered, least)
    rows, roof = _reduced(problem, limits.able(goal), limits.bound, goal)
    found, roof = _best(problem, rows, roof, goal, until)
    if found is not None and problem.covered(found) > covered:
        best, covered = found, problem.covered(found)
    roof = max(roof, covered)
    done = roof == covered or (covered < least and roof < least)
    if done and covered >= least:
        best, done = _cheapest(problem, rows.able(covered), best, until)
    status: Literal["optimal", "time_limit"] = "optimal" if done else "time_limit"
    return Solution(np.sort(best), covered, roof, status, limits.demand)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Candidates that could be in a choice, and the most that any choice with each covers."""

    rows: Ints
    ceiling: Floats

    def able(self, least: int) -> Ints:
        return self.rows[self.ceiling >= least * (1 - SLACK)]


def _reduced(problem: Problem, rows: Ints, limit: float, goal: int) -> tuple[_Rows, int]:
    """Leave out what dual prices tell can't be best; return the rest and a bound on it."""
    if limit < goal * (1 - SLACK):
        rows = rows[:0]
    rows = _undominated(problem, rows)
    ceiling = np.full(len(rows), limit)
    if len(rows):
        top, ceiling = relax(problem.among(rows))
        limit = min(limit, top)
    kept = _Rows(rows, ceiling)
    left = kept.able(goal)
    # What was left out covers less than the goal.
    roof = _whole(limit) if len(left) else 0
    return _Rows(left, ceiling[np.isin(rows, left)]), max(roof, goal - 1)


def _whole(limit: float) -> int:
    """Return a bound as a whole number: all weights are whole."""
    return int(np.floor(limit * (1 + 1e-9) + 1e-6))


def _best(
    problem: Problem, rows: _Rows, roof: int, goal: int, until: float
) -> tuple[Ints | None, int]:
    """Return the best choice and a bound: first among the likeliest, then among all that remain.

    What the likeliest give asks for more, and often leaves nobody else.
    """
    best = None
    likely = np.sort(rows.rows[np.argsort(-rows.ceiling, kind="stable")[:CORE]])
    for first in (True, False):
        able = likely if first else rows.able(goal)
        if len(able) == 0:
            return best, goal - 1
        found, top = _most(problem.among(able), until)
        if found is not None and problem.covered(able[found]) >= goal:
            best, goal = able[found], problem.covered(able[found])
        if np.isin(rows.able(goal), able).all():
            return best, min(roof, max(top, goal if best is not None else goal - 1))
    raise AssertionError  # the second time all are tried


def _undominated(problem: Problem, rows: Ints) -> Ints:
    """Leave out candidates instead of which another could always stand.

    The other reaches as much, takes no more of any limit, costs no more, and stands at the same
    point or at one where no other candidate stands.
    """
    part = problem.reach[rows]
    point, n = problem.point[rows], len(rows)
    size = np.diff(part.indptr)
    common = (part @ part.T).tocoo()
    i, j = common.row, common.col
    inside = (common.data == size[i]) & (i != j)
    i, j = i[inside].astype(np.int64), j[inside].astype(np.int64)
    alone = np.bincount(np.unique(point, return_inverse=True)[1])
    alone = alone[np.unique(point, return_inverse=True)[1]] == 1
    cost = np.column_stack([problem.use[rows], problem.price[rows]])
    free = (point[i] == point[j]) | alone[j]
    no_dearer = (cost[j] <= cost[i]).all(axis=1)
    equal = (size[i] == size[j]) & (cost[i] == cost[j]).all(axis=1)
    mutual = equal & ((point[i] == point[j]) | alone[i])
    better = free & no_dearer & (~mutual | (j < i))
    keep = np.ones(n, dtype=bool)
    keep[i[better]] = False
    return rows[keep & (size > 0)]


def _most(kernel: Problem, until: float) -> tuple[Ints | None, int]:
    """Return the choice of the kernel that covers most, and a bound on it."""
    n, total = kernel.n, int(kernel.worth.sum())
    cost = np.concatenate([np.zeros(n), -kernel.worth.astype(np.float64)])
    result = _milp(cost, [constraints(kernel)], n, until)
    dual = result.get("mip_dual_bound")
    roof = total
    if dual is not None and np.isfinite(dual):
        roof = min(total, int(np.floor(-dual + 1e-6 * max(1.0, abs(dual) * 1e-3))))
    if result.x is None:
        return None, roof
    chosen = np.flatnonzero(result.x[:n] > 0.5)
    return (chosen if kernel.allows(chosen) else None), roof


def _cheapest(problem: Problem, able: Ints, best: Ints, until: float) -> tuple[Ints, bool]:
    """Return the choice that costs least of those that cover as much, and whether it is proven."""
    covered, paid = problem.covered(best), problem.paid(best)
    if paid == 0:
        return best, True
    less = problem.limited(paid - 1)
    rows, _roof = _reduced(less, able, np.inf, covered)
    if len(rows.rows) == 0:
        return best, True
    kernel = less.among(rows.rows)
    # Mostly nothing cheaper covers as much, and that is quicker to prove than to price.
    found, top = _most(kernel, until)
    if found is None or kernel.covered(found) < covered:
        return best, top < covered
    n, m = kernel.reach.shape
    as_much = csr_array(np.concatenate([np.zeros(n), kernel.worth])[None, :])
    result = _milp(
        np.concatenate([kernel.price.astype(np.float64), np.zeros(m)]),
        [constraints(kernel), LinearConstraint(as_much, float(covered), np.inf)],
        n,
        until,
    )
    if result.x is None:
        return best, result.status == 2
    chosen = np.flatnonzero(result.x[:n] > 0.5)
    if not kernel.allows(chosen) or kernel.covered(chosen) < covered:
        return best, False
    return rows.rows[chosen], result.status == 0


def _milp(cost: Floats, rows: list[LinearConstraint], n: int, until: float) -> OptimizeResult:
    return milp(
        cost,
        integrality=(np.arange(len(cost)) < n).astype(np.int64),
        bounds=Bounds(0, 1),
        constraints=rows,
        options={
            "time_limit": max(until - time.monotonic(), 0.01),
            "mip_rel_gap": 0.0,
            "presolve": False,  # what it would find has been left out: it only costs time
        },
    )
