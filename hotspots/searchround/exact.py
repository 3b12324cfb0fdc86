"""The whole-number programs of a round, small and solved to the end by HiGHS.

Within a cell, the entrances of one owner in one area, the least numbers can't tell entrances apart.
A cell therefore takes its foremost ones, and a program needs only as many of them as a round could
take. With owners and areas as the two sides, each cell an edge between them, the programs for the
least numbers and for the draw are flows in a network, whose basic solutions are whole numbers
(Ahuja, Magnanti & Orlin 1993, *Network Flows*, theorem 11.12); the one for need adds one sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack

WHOLE: Final = 1e-6
"""The solver's own tolerance: what lies so near a whole number is that number."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """Cells, groups and least numbers.

    Attributes
    ----------
    cell
        Cell of each entrance that may be taken, shape (entrances,).
    sizes
        Entrances in each cell, shape (cells,).
    groups
        Groups × cells: ones where the cell is of that owner or area.
    least
        Least number of each group, never more than it has, shape (groups,).
    """

    cell: Ints
    sizes: Ints
    groups: csr_array
    least: Ints

    @classmethod
    def of(cls, able: pd.DataFrame, minima: pd.DataFrame) -> Problem:
        """Make the problem of the entrances that may be taken and table of `least_numbers`."""
        bound = minima[minima["possible"] > 0].reset_index(drop=True)
        codes = []
        for kind, column in (("owner", "owner"), ("area", "area_id")):
            of_kind = {str(bound.loc[i, "name"]): i for i in bound.index[bound["kind"] == kind]}
            codes.append(able[column].astype("str").map(of_kind).fillna(-1).to_numpy(np.int64))
        pairs, cell, sizes = np.unique(
            np.column_stack(codes), axis=0, return_inverse=True, return_counts=True
        )
        of_cell, side = np.nonzero(pairs >= 0)
        at = (pairs[of_cell, side], of_cell)
        shape = (len(bound), len(pairs))
        groups = csr_array(coo_array((np.ones(len(of_cell)), at), shape=shape))
        least = bound["possible"].to_numpy(np.int64)
        return cls(cell.ravel().astype(np.int64), sizes.astype(np.int64), groups, least)

    def counted(self, rows: Ints) -> Ints:
        """Return how many of some entrances each group has, shape (groups,)."""
        per_cell = np.bincount(self.cell[rows], minlength=len(self.sizes))
        return np.asarray(self.groups @ per_cell).astype(np.int64)


def shortfall(problem: Problem, rows: Ints) -> int:
    """Return how many entrances the groups lack together when `rows` are taken."""
    return int(np.maximum(problem.least - problem.counted(rows), 0).sum())


def least_shortfall(problem: Problem, size: int) -> int:
    """Return the shortfall that no round of `size` entrances can go below."""
    cells, groups = len(problem.sizes), len(problem.least)
    cost = np.concatenate([np.zeros(cells), np.ones(groups)])
    meets = LinearConstraint(_with_slack(problem.groups), lb=problem.least)
    total = LinearConstraint(_row(cost == 0), lb=size, ub=size)
    upper = np.concatenate([problem.sizes, problem.least])
    solved = _solve(cost, [meets, total], upper)
    if solved is None:  # `size` never exceeds what may be taken
        raise AssertionError
    return int(solved.x[cells:].sum())


def complete(problem: Problem, first: Ints, cost: Floats, rest: int, limit: int) -> Ints | None:
    """Return the cheapest `rest` entrances that leave a shortfall of at most `limit`.

    Parameters
    ----------
    problem
        What binds.
    first
        Entrances taken already.
    cost
        Of each entrance.
    rest
        How many more to take.
    limit
        Shortfall of the least numbers that is borne, as few as can be.

    Returns
    -------
    numpy.ndarray or None
        Rows, cheapest first; ``None`` when `first` can't be completed so.
    """
    order = np.argsort(cost, kind="stable")
    order = order[~np.isin(order, first)]
    rows = order[_place_in_cell(problem.cell[order]) < rest]
    groups = len(problem.least)
    lacking = np.maximum(problem.least - problem.counted(first), 0)
    price = np.concatenate([cost[rows], np.zeros(groups)])
    is_row = np.arange(len(price)) < len(rows)
    limits = [
        LinearConstraint(_with_slack(csr_array(problem.groups[:, problem.cell[rows]])), lb=lacking),
        LinearConstraint(_row(is_row), lb=rest, ub=rest),
        LinearConstraint(_row(~is_row), ub=limit),
    ]
    solved = _solve(price, limits, np.concatenate([np.ones(len(rows)), lacking]))
    return None if solved is None else rows[solved.x[: len(rows)] == 1]


def most_need(
    problem: Problem, need: Floats, by_rank: Ints, by_need: int, rest: int, limit: int
) -> tuple[Ints, float]:
    """Return the part by need with most need that can still be completed.

    Parameters
    ----------
    problem
        What binds.
    need
        Of each entrance, ≥ 0.
    by_rank
        All entrances, by falling need; decides between equals in a cell.
    by_need, rest
        Entrances of the part, and of the rest of the round.
    limit
        Shortfall of the least numbers that is borne by the whole round.

    Returns
    -------
    tuple
        Rows, and the need that no such part exceeds.
    """
    rows = by_rank[_place_in_cell(problem.cell[by_rank]) < by_need]
    cells, groups = len(problem.sizes), len(problem.least)
    scale = float(need[rows].max(initial=0.0)) or 1.0
    in_cell = csr_array(
        (np.ones(len(rows)), (problem.cell[rows], np.arange(len(rows)))), shape=(cells, len(rows))
    )
    none = np.zeros(cells + groups)
    is_rest = np.concatenate([np.zeros(len(rows)), np.ones(cells), np.zeros(groups)])
    per_cell = hstack([in_cell, eye_array(cells, format="csr")], format="csr")
    whole = hstack([per_cell, csr_array((cells, groups))], format="csr")
    limits = [
        LinearConstraint(whole, ub=problem.sizes),
        LinearConstraint(_with_slack(csr_array(problem.groups @ per_cell)), lb=problem.least),
        LinearConstraint(_row(np.concatenate([np.ones(len(rows)), none])), lb=by_need, ub=by_need),
        LinearConstraint(_row(is_rest), lb=rest, ub=rest),
        LinearConstraint(_row(np.arange(len(is_rest)) >= len(rows) + cells), ub=limit),
    ]
    upper = np.concatenate([np.ones(len(rows)), problem.sizes, problem.least])
    solved = _solve(np.concatenate([-need[rows] / scale, none]), limits, upper)
    if solved is None:  # the limit is a shortfall that some round has
        raise AssertionError
    numbers = np.asarray(in_cell @ solved.x[: len(rows)])
    taken = rows[_place_in_cell(problem.cell[rows]) < numbers[problem.cell[rows]]]
    total = math.fsum(need[taken].tolist())
    return taken, max(total, solved.bound * scale) if solved.gap > 1e-9 else total


@dataclass(frozen=True)
class _Solved:
    """Whole numbers, what no choice gains beyond, and how far from it the gain is (a share)."""

    x: Ints
    bound: float
    gap: float


def _solve(
    cost: Floats, limits: list[LinearConstraint], upper: NDArray[np.generic]
) -> _Solved | None:
    """Minimise over whole numbers from 0 to `upper`; ``None`` when no choice keeps the limits.

    The linear program is tried first: where its answer is whole, as in a network, it is the best
    whole one too, in a fiftieth of the time.
    """
    bounds = Bounds(0, upper.astype(np.float64))
    solved = milp(cost, constraints=limits, bounds=bounds)
    if solved.x is None:
        return None
    x = np.rint(solved.x)
    if np.abs(solved.x - x).max(initial=0.0) < WHOLE:
        return _Solved(x.astype(np.int64), -float(solved.fun), 0.0)
    whole = np.ones(len(cost), dtype=np.int64)
    solved = milp(
        cost, constraints=limits, bounds=bounds, integrality=whole, options={"mip_rel_gap": 0.0}
    )
    if solved.x is None:
        return None
    x = np.rint(solved.x)
    return _Solved(x.astype(np.int64), -float(solved.mip_dual_bound), float(solved.mip_gap))


def _place_in_cell(cells: Ints) -> Ints:
    """Return the place of each element among those of its cell, from 0, in the order given."""
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(cells) else ordered
    lengths = np.diff(np.r_[starts, len(cells)])
    place = np.empty(len(cells), dtype=np.int64)
    place[order] = np.arange(len(cells)) - np.repeat(starts, lengths)
    return place


def _with_slack(matrix: csr_array) -> csr_array:
    """Return the matrix with one more column a row: what the group of the row lacks."""
    return csr_array(hstack([matrix, eye_array(matrix.shape[0])], format="csr"))


def _row(ones: NDArray[np.generic]) -> csr_array:
    return csr_array(ones.astype(np.float64).reshape(1, -1))
