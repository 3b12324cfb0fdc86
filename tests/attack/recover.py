"""Hidden counts of a table as printed, worked back from the totals that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

Key = tuple[str, ...]
"""What a number counts: kind and source, area, class, first day, last day."""

WHOLE, OUTSIDE, UNPLACED, ALL = "*", "*outside", "*unplaced", "all"
IMPOSSIBLE = 2
"""What the solver says of sums that can't all hold."""
STREET = ("drug_supply", "drug_production", "drug_possession", "drug_use", "drug_unspecified")


def _spans(
    values: Mapping[Any, int | None], sums: list[tuple[Any, list[Any]]], secret: Iterable[Any]
) -> dict[Any, tuple[float, float]] | None:
    """Return least and most of each secret value; ``None`` where the sums can't all hold."""
    number = {key: i for i, key in enumerate(values)}
    matrix = sp.lil_matrix((len(sums), len(values)))
    for at, (total, parts) in enumerate(sums):
        matrix[at, number[total]] = -1
        for part in parts:
            matrix[at, number[part]] = 1
    equal = {"A_eq": matrix.tocsr(), "b_eq": np.zeros(len(sums))} if sums else {}
    bounds = [(0, None) if value is None else (value, value) for value in values.values()]
    found = {}
    for key in secret:
        cost = np.zeros(len(values))
        cost[number[key]] = 1
        least, most = (
            linprog(sign * cost, bounds=bounds, method="highs", **equal) for sign in (1, -1)
        )
        if IMPOSSIBLE in (least.status, most.status):
            return None
        high = float(-most.fun) if most.status == 0 else np.inf
        found[key] = (float(least.fun), high)
    return found


HIDDEN = re.compile(r"dolt|dold|hidden|färre än|<\s?\d", re.IGNORECASE)
TOTAL = re.compile(r"^(hela|summa|totalt|alla|samtliga|kommunen|whole|all|total)", re.IGNORECASE)
WHOLE_NUMBER = re.compile(r"^-?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*$")


def from_page(rows: list[list[str]]) -> dict[tuple[int, int], tuple[float, float]]:
    """Return the span of each hidden count of a table as printed, by row and column.

    A row or column whose heading says that it is a total is the sum of the others.
    """
    grid = _grid(rows)
    sums = []
    for c in sorted({c for _r, c in grid}):
        own = sorted(r for r, cc in grid if cc == c)
        totals = [r for r in own if TOTAL.match(rows[r][0])]
        if len(totals) == 1 and len(own) > 2:
            sums.append(((totals[0], c), [(r, c) for r in own if r != totals[0]]))
    # Where they can't hold, what was taken for a total is none.
    return _spans(grid, sums, [at for at, value in grid.items() if value is None]) or {}


def _grid(rows: list[list[str]]) -> dict[tuple[int, int], int | None]:
    """Return the whole numbers of a table by row and column, hidden ones as ``None``."""
    grid: dict[tuple[int, int], int | None] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            plain = text.strip()
            if WHOLE_NUMBER.match(plain):
                grid[r, c] = int(re.sub(r"\D", "", plain))
            elif HIDDEN.search(plain) and c > 0:
                grid[r, c] = None
    return grid
