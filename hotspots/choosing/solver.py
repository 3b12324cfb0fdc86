"""The best choice and its proof: what can't be best is left out, what remains goes to HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from hotspots.choosing.bounds import bound
from hotspots.choosing.greedy import greedy, improve
from hotspots.choosing.problem import Floats, Ints, Problem


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
    """

    chosen: Ints
    covered: int
    bound: int
    status: Literal["optimal", "time_limit"]


def solve(problem: Problem, *, time_limit_s: float, least: int = 0) -> Solution:
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
        return Solution(np.zeros(0, dtype=np.int64), 0, 0, "optimal")
    part = _solve(problem.among(fits), least, until)
    return replace(part, chosen=fits[part.chosen])


def _solve(problem: Problem, least: int, until: float) -> Solution:
    known = improve(problem, greedy(problem))
    goal = max(problem.covered(known), least)
    limits = bound(problem, goal)
    rows = np.flatnonzero(limits.able)
    if len(rows) == 0:  # nothing covers as much as was asked
        covered = problem.covered(known)
        return Solution(np.sort(known), covered, max(covered, goal - 1), "optimal")
    rows = _undominated(problem, rows)
    kernel = problem.among(rows)
    found, roof = _most(kernel, goal, limits.bound, until)
    best, covered = known, problem.covered(known)
    if found is not None and problem.covered(rows[found]) > covered:
        best, covered = rows[found], problem.covered(rows[found])
    done = roof <= covered or (roof < least and covered < least)
    if done and covered >= least:
        cheaper, done = _cheapest(kernel, covered, until)
        if cheaper is not None and problem.paid(rows[cheaper]) < problem.paid(best):
            best = rows[cheaper]
    status: Literal["optimal", "time_limit"] = "optimal" if done else "time_limit"
    return Solution(np.sort(best), covered, max(roof, covered), status)


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


def _most(kernel: Problem, least: int, limit: float, until: float) -> tuple[Ints | None, int]:
    """Return the choice of the kernel that covers most, and a bound on it."""
    total = int(kernel.worth.sum())
    roof = min(total, int(np.floor(limit * (1 + 1e-9) + 1e-6)))
    if roof < least:
        return None, roof
    n = kernel.n
    cost = np.concatenate([np.zeros(n), -kernel.worth.astype(np.float64)])
    result = _milp(kernel, cost, None, until)
    if result.status == 2:  # infeasible
        raise AssertionError  # no site at all is always a choice
    dual = result.get("mip_dual_bound")
    proven = roof
    if dual is not None and np.isfinite(dual):
        proven = min(roof, int(np.floor(-dual + 1e-6 * max(1.0, abs(dual) * 1e-3))))
    if result.x is None:
        return None, proven
    chosen = np.flatnonzero(result.x[:n] > 0.5)
    return (chosen if kernel.allows(chosen) else None), proven


def _cheapest(kernel: Problem, covered: int, until: float) -> tuple[Ints | None, bool]:
    """Return the choice that costs least of those that cover as much, and whether it is proven."""
    n, m = kernel.reach.shape
    if not kernel.price.any():
        return None, True
    cost = np.concatenate([kernel.price.astype(np.float64), np.zeros(m)])
    result = _milp(kernel, cost, covered, until)
    if result.x is None:
        return None, result.status == 2
    chosen = np.flatnonzero(result.x[:n] > 0.5)
    if not kernel.allows(chosen) or kernel.covered(chosen) < covered:
        return None, False
    return chosen, result.status == 0


def _milp(kernel: Problem, cost: Floats, covered: int | None, until: float) -> OptimizeResult:
    n, m = kernel.reach.shape
    # a demand counts only if a chosen site reaches it
    rows = [hstack([kernel.reach.T, -eye_array(m)])]
    low, high = [np.zeros(m)], [np.full(m, np.inf)]
    numbers, at = np.unique(kernel.point, return_inverse=True)
    shared = np.bincount(at) > 1
    one = csr_array((np.ones(n), (at, np.arange(n))), shape=(len(numbers), n))[shared]
    limits = csr_array(np.vstack([np.ones((1, n)), kernel.use.T]))
    for part, top in (
        (one, np.ones(int(shared.sum()))),
        (limits, np.append(kernel.k, kernel.room)),
    ):
        rows.append(hstack([part, csr_array((part.shape[0], m))]))
        low.append(np.full(part.shape[0], -np.inf))
        high.append(top.astype(np.float64))
    if covered is not None:
        rows.append(csr_array(np.concatenate([np.zeros(n), kernel.worth])[None, :]))
        low.append(np.array([float(covered)]))
        high.append(np.array([np.inf]))
    return milp(
        cost,
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            vstack(rows, format="csc"), np.concatenate(low), np.concatenate(high)
        ),
        options={"time_limit": max(until - time.monotonic(), 0.01), "mip_rel_gap": 0.0},
    )
