"""A bound on maximal covering, and the candidates that can't be part of a best choice.

The rule that a demand counts only where a chosen site reaches it is given up for a price on each
demand (Lagrangian relaxation; Galvão & ReVelle 1996, doi:10.1016/0377-2217(94)00159-6). The best
choice then costs one product of the matrix, whatever the prices, and never less than the true one:
a bound. Prices are moved down the subgradient with Polyak's step. Where the bound with a candidate
in the choice lies below a choice that is already known, the candidate is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

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


@dataclass(frozen=True)
class Priced:
    """What the prices tell.

    Attributes
    ----------
    bound
        No choice covers more; all the weight there is, where the candidates are few.
    able
        Candidates that could be in a choice of at least the known weight, shape (candidates,).
    """

    bound: float
    able: Bools


def price(matrix: csr_array, weight: Ints, k: int, least: int) -> Priced:
    """Bound what k candidates can cover and tell which could be among the best.

    Parameters
    ----------
    matrix
        Candidates × demand, ones where a candidate reaches a demand; more candidates than k.
    weight
        Of each demand, positive.
    k
        How many candidates are chosen.
    least
        Weight that some choice is known to cover.
    """
    reach = matrix.astype(np.float64)
    worth = weight.astype(np.float64)
    prices = worth / 2
    best, step, waited = float(worth.sum()), 1.0, 0
    among = np.arange(matrix.shape[0])
    able = np.ones(len(among), dtype=bool)
    for turn in range(ROUNDS):
        if turn % SHRINK_EVERY == 0 and able.sum() > k:
            reach, among, able = reach[able], among[able], able[able]
        if len(among) <= max(k, FEW):
            break
        value: Floats = reach @ prices
        top = np.argpartition(-value, k)[: k + 1]
        top = top[np.argsort(-value[top], kind="stable")]
        chosen, last = top[:k], value[top[k - 1]]
        bound = float(np.maximum(worth - prices, 0).sum() + value[chosen].sum())
        with_it = bound - last + value  # instead of the last one of the choice
        with_it[chosen] = bound
        able &= with_it >= least * (1 - SLACK)
        if bound < best - 1e-9 * abs(bound):
            best, waited = bound, 0
        else:
            waited += 1
        if waited >= PATIENCE:
            step, waited = step / 2, 0
        counted = np.asarray(reach[chosen].sum(axis=0)).ravel()
        slope = counted - (worth > prices)
        norm = float(slope @ slope)
        if best < least + 1 or norm == 0 or step < LEAST_STEP:
            break
        prices = np.clip(prices - step * (bound - least) / norm * slope, 0, worth)
    left = np.zeros(matrix.shape[0], dtype=bool)
    left[among[able]] = True
    return Priced(best, left)
