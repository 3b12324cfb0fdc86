"""The covering problem as a linear program: its dual prices give the tightest bound of all."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from scipy.optimize import LinearConstraint, linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from hotspots.choosing.bounds import priced
from hotspots.choosing.problem import Floats, Problem


def constraints(problem: Problem) -> LinearConstraint:
    """Return the rows of the program, over candidates and then demand.

    First one row a demand (it counts only where a chosen site reaches it), then one a point with
    more than one candidate, then the number of sites, then the limits.
    """
    n, m = problem.reach.shape
    numbers, at = np.unique(problem.point, return_inverse=True)
    shared = np.bincount(at) > 1
    one = csr_array((np.ones(n), (at, np.arange(n))), shape=(len(numbers), n))[shared]
    limits = csr_array(np.vstack([np.ones((1, n)), problem.use.T]))
    rows = vstack([one, limits])
    top = np.concatenate([np.ones(int(shared.sum())), [problem.k], problem.room])
    return LinearConstraint(
        vstack(
            [
                hstack([-problem.reach.T, eye_array(m)]),
                hstack([rows, csr_array((rows.shape[0], m))]),
            ],
            format="csc",
        ),
        -np.inf,
        np.concatenate([np.zeros(m), top.astype(np.float64)]),
    )


def relax(problem: Problem) -> tuple[float, Floats]:
    """Return the bound of the linear program, and a bound with each candidate in the choice.

    The dual prices are put into the Lagrangian bound, which holds for any prices: so the bounds
    hold however exactly the program was solved.
    """
    n, m = problem.reach.shape
    rows = constraints(problem)
    result: Any = linprog(
        np.concatenate([np.zeros(n), -problem.worth.astype(np.float64)]),
        A_ub=cast("Any", rows.A),  # sparse, which the stubs of SciPy don't know here
        b_ub=np.asarray(rows.ub),
        bounds=(0, 1),
        method="highs",
    )
    if result.status != 0:
        return float(problem.worth.sum()), np.full(n, np.inf)
    prices = np.maximum(-result.ineqlin.marginals, 0)
    return priced(problem, prices[:m], prices[len(prices) - len(problem.room) :])
