"""Programs with whole numbers: the cheapest numbers ≥ 0 whose sums lie within bounds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

NEAR: Final = 1e-6
"""Less than this is the solver's rounding: all counts are whole."""


def solve(
    costs: Floats, rows: sp.csr_matrix, low: Floats, high: Floats, whole: Bools
) -> Floats | None:
    """Return the cheapest numbers ≥ 0 within bounds, or ``None`` if there are none.

    Those of `whole`, the first ones, are whole numbers. The linear program first: its corners are
    nearly always whole.
    """
    for integral in (0, 1):
        kinds = np.zeros(len(costs), dtype=np.int64)
        kinds[: len(whole)] = np.where(whole, integral, 0)
        found = solved(costs, rows, low, high, kinds)
        if found is None:
            return None
        if is_whole(found[: len(whole)], whole):
            return rounded(found, whole)
    return None


def solved(
    costs: Floats, rows: sp.csr_matrix, low: Floats, high: Floats, kinds: Ints
) -> Floats | None:
    """Return the cheapest numbers ≥ 0 within bounds, those of `kinds` 1 whole; ``None`` if none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    limits: Any = LinearConstraint(rows, low, high) if rows.shape[0] else ()
    found = milp(costs, integrality=kinds, bounds=Bounds(0, np.inf), constraints=limits)
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def rounded(found: Floats, whole: Bools) -> Floats:
    """Return numbers without the solver's rounding, where they are whole."""
    made = found.copy()
    made[: len(whole)][whole] = np.round(made[: len(whole)][whole])
    return made


def is_whole(atoms: Floats, whole: Bools) -> bool:
    """Return whether all that must be whole numbers are, but for the solver's rounding."""
    return bool((np.abs(atoms[whole] - np.round(atoms[whole])) < NEAR).all())
