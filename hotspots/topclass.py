"""The top class: the densest cells of a grid, by one rule wherever it is asked for."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def top_class(n: Ints, *, share: float, least: int = 1) -> Flags:
    """Tell which cells are in the top class.

    Parameters
    ----------
    n
        What is counted in each cell, whole numbers; empty cells may be among them.
    share
        Share of the non-empty cells that makes the top class, 0–1, rounded up to whole cells;
        those that tie with the last of them belong too.
    least
        Cells that hold less are never in it.

    Returns
    -------
    numpy.ndarray
        bool, same shape.
    """
    limit = top_limit(n, share=share)
    if limit is None:
        return np.zeros(n.shape, dtype=bool)
    chosen: Flags = n >= max(limit, least)
    return chosen


def top_limit(n: Ints, *, share: float) -> int | None:
    """Return the least that a cell of the top class holds; ``None`` where all cells are empty."""
    filled = np.sort(n[n > 0])
    if len(filled) == 0:
        return None
    # rounded first: 0.05 × 100 cells is 5 cells, not 6 for the sake of the last binary digit
    return int(filled[-ceil(round(share * len(filled), 6))])
