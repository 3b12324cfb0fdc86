"""Maximal covering: choose k sites that together reach as much as possible, and prove it.

The problem is that of Church & ReVelle (1974). Before it is solved it is made smaller without
changing its answer: demand reached by the same candidates is one demand; a candidate that reaches
nothing that another does not is left out, and so is one that can't be part of a choice as good as
a known one: first by its own weight, then by a Lagrangian bound (`hotspots.lagrange`). What remains
goes sparse to HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from hotspots import tally
from hotspots.lagrange import price

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """The chosen candidates and the proof.

    Attributes
    ----------
    chosen
        Candidates, the one that adds most first; none adds nothing.
    added
        What each adds to those before it.
    covered
        Sum of ``added``.
    bound
        No choice of as many candidates can cover more than this.
    status
        ``optimal``: covered equals bound. ``time_limit``: the proof was not finished.
    """

    chosen: Ints
    added: Ints
    covered: int
    bound: int
    status: Literal["optimal", "time_limit"]

    @property
    def gap(self) -> float:
        """Return what may be missing, as a share of the bound (0–1)."""
        return (self.bound - self.covered) / self.bound if self.bound else 0.0


def max_cover(
    candidate: Ints,
    demand: Ints,
    weight: Ints,
    cost: NDArray[np.float64],
    k: int,
    *,
    time_limit_s: float,
) -> Cover:
    """Choose at most `k` candidates that cover the most weight.

    Parameters
    ----------
    candidate, demand
        One element a pair within reach, shape (pairs,); no pair twice.
    weight
        Positive whole-number weight of each demand, shape (demands,).
    cost
        Of each candidate, shape (candidates,): decides between candidates that reach the same,
        and the order of those that add the same; lower goes first, then the lower index.
    k
        Most candidates to choose.
    time_limit_s
        Time for the solver, seconds. When it runs out the answer may differ from run to run;
        otherwise it depends on the arguments only.
    """
    if len(demand) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Cover(none, none, 0, 0, "optimal")
    reach = _merge(candidate, demand, weight, len(cost))
    kept = np.flatnonzero(_undominated(reach.matrix, cost))
    matrix = reach.matrix[kept]
    greedy = _order(matrix, reach.weight, cost[kept], np.arange(len(kept)), k)
    if len(kept) <= k or len(greedy.chosen) < k:
        # all that can be reached is reached
        best, bound = greedy, greedy.covered
    else:
        able = np.flatnonzero(_able(matrix @ reach.weight, k, greedy.covered))
        kept, matrix = kept[able], matrix[able]
        known = _swap(matrix, reach.weight, cost[kept], k)
        ids = kept[known.chosen]
        limit = np.inf
        if len(kept) > k:
            priced = price(matrix, reach.weight, k, known.covered)
            limit, able = priced.bound, np.flatnonzero(priced.able)
            kept, matrix = kept[able], matrix[able]
        used = np.unique(matrix.indices)
        matrix, weights = matrix[:, used], reach.weight[used]
        among = np.flatnonzero(np.isin(kept, ids))
        best = _order(matrix, weights, cost[kept], among, k)
        bound = best.covered
        if len(kept) > k and limit >= best.covered + 1:
            best, bound = _solve(matrix, weights, cost[kept], k, best, time_limit_s)
            bound = max(best.covered, min(bound, int(np.floor(limit + 1e-6 * limit))))
    return Cover(
        chosen=kept[best.chosen],
        added=best.added,
        covered=best.covered,
        bound=bound,
        status="optimal" if bound == best.covered else "time_limit",
    )


@dataclass(frozen=True)
class _Reach:
    matrix: csr_array  # candidates × merged demand, ones
    weight: Ints


def _merge(candidate: Ints, demand: Ints, weight: Ints, n: int) -> _Reach:
    """Merge demand that is reached by the same candidates."""
    order = np.lexsort((candidate, demand))
    candidate, demand = candidate[order], demand[order]
    reached, start = np.unique(demand, return_index=True)
    stops = np.append(start[1:], len(demand))
    merged: dict[bytes, int] = {}
    number = np.empty(len(reached), dtype=np.int64)
    for i, (low, high) in enumerate(zip(start.tolist(), stops.tolist(), strict=True)):
        number[i] = merged.setdefault(candidate[low:high].tobytes(), len(merged))
    sums = np.zeros(len(merged), dtype=np.int64)
    np.add.at(sums, number, weight[reached])
    column = number[np.searchsorted(reached, demand)]
    pairs = tally.unique(candidate * len(merged) + column)
    at = (pairs // len(merged), pairs % len(merged))
    matrix = csr_array((np.ones(len(pairs), dtype=np.int64), at), shape=(n, len(merged)))
    return _Reach(matrix, sums)


def _undominated(matrix: csr_array, cost: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which candidates reach something that no better candidate reaches as well."""
    size = np.diff(matrix.indptr)
    common = (matrix @ matrix.T).tocoo()
    i, j, n = common.row, common.col, common.data
    within = (n == size[i]) & (i != j)
    i, j = i[within], j[within]
    better = (size[j] > size[i]) | (cost[j] < cost[i]) | ((cost[j] == cost[i]) & (j < i))
    keep = size > 0
    keep[i[better]] = False
    return keep


def _able(total: Ints, k: int, least: int) -> NDArray[np.bool_]:
    """Tell which candidates could be in a choice of k that covers `least`.

    With the k − 1 candidates of most weight beside it, overlaps not taken off, a candidate must
    reach it. The greedy choice itself always passes.
    """
    ranked = np.sort(total)[::-1]
    others = int(ranked[: k - 1].sum())
    in_others = total >= ranked[k - 2] if k > 1 else np.zeros(len(total), dtype=bool)
    able: NDArray[np.bool_] = (total + others >= least) | in_others
    return able


def _swap(matrix: csr_array, weight: Ints, cost: NDArray[np.float64], k: int) -> _Choice:
    """Take the greedy choice and change one candidate at a time for a better one while it helps."""
    choice = _order(matrix, weight, cost, np.arange(matrix.shape[0]), k)
    improved = True
    while improved:
        improved = False
        for leaving in choice.chosen.tolist():
            stay = choice.chosen[choice.chosen != leaving]
            left = np.where(np.asarray(matrix[stay].sum(axis=0)).ravel() > 0, 0, weight)
            gain = matrix @ left
            entering = int(np.lexsort((cost, -gain))[0])
            if gain[entering] > gain[leaving]:
                among = np.sort(np.append(stay, entering))
                choice, improved = _order(matrix, weight, cost, among, k), True
                break
    return choice


@dataclass(frozen=True)
class _Choice:
    chosen: Ints
    added: Ints

    @property
    def covered(self) -> int:
        return int(self.added.sum())


def _order(
    matrix: csr_array, weight: Ints, cost: NDArray[np.float64], among: Ints, k: int
) -> _Choice:
    """Take at most `k` of the candidates `among`, always the one that adds most."""
    left = weight.copy()
    chosen: list[int] = []
    added: list[int] = []
    part = matrix[among]
    for _step in range(min(k, len(among))):
        gain = part @ left
        best = int(np.lexsort((among, cost[among], -gain))[0])
        if gain[best] == 0:
            break
        chosen.append(int(among[best]))
        added.append(int(gain[best]))
        left[part.indices[part.indptr[best] : part.indptr[best + 1]]] = 0
    return _Choice(np.array(chosen, dtype=np.int64), np.array(added, dtype=np.int64))


def _solve(
    matrix: csr_array,
    weight: Ints,
    cost: NDArray[np.float64],
    k: int,
    greedy: _Choice,
    time_limit_s: float,
) -> tuple[_Choice, int]:
    """Solve the covering problem; the greedy choice stands in where no better one was found."""
    n, m = matrix.shape
    each = hstack([matrix.T, -eye_array(m)])  # a demand counts only if a chosen site reaches it
    budget = csr_array(np.concatenate([np.ones(n), np.zeros(m)])[None, :])
    result: OptimizeResult = milp(
        np.concatenate([np.zeros(n), -weight.astype(np.float64)]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            vstack([each, budget], format="csc"),
            np.concatenate([np.zeros(m), [0.0]]),
            np.concatenate([np.full(m, np.inf), [float(k)]]),
        ),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    best = greedy
    if result.x is not None:
        found = _order(matrix, weight, cost, np.flatnonzero(result.x[:n] > 0.5), k)
        if found.covered > greedy.covered:
            best = found
    return best, max(best.covered, _bound(result, weight))


def _bound(result: OptimizeResult, weight: Ints) -> int:
    """Return the solver's bound as a whole number: all weights are whole."""
    dual = result.get("mip_dual_bound")
    if dual is None or not np.isfinite(dual):
        return int(weight.sum())
    return min(int(np.floor(-dual + 1e-6 * max(1.0, abs(dual) * 1e-3))), int(weight.sum()))
