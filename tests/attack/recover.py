"""Working hidden counts back: all numbers of all tables and editions as one linear program.

Independent of the program's own suppression: here every number that a reader can name is a
variable, hidden or not, and what ties them together is written out as a reader would: areas sum to
the whole, classes to all, spans of days to longer ones.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

Key = tuple[str, ...]
"""What a number counts: kind and source, area, class, first day, last day."""

WHOLE, ALL = "*", "all"
IMPOSSIBLE = 2
"""What the solver says of sums that can't all hold."""
STREET = ("drug_supply", "drug_production", "drug_possession", "drug_use", "drug_unspecified")


def recover(shown: Mapping[Key, int], hidden: Iterable[Key]) -> dict[Key, tuple[float, float]]:
    """Return the least and the most that each hidden number can be.

    Parameters
    ----------
    shown
        All numbers of all editions that are told.
    hidden
        What stands in the tables as hidden.
    """
    secret = sorted(set(hidden) - set(shown))
    names: list[Key] = sorted({*shown, *secret})
    values: dict[Any, int | None] = {name: shown.get(name) for name in names}
    areas = _area_sums(names)
    # Some tables leave a part of the whole out, by source and span: it is one more unknown.
    short = {
        (total[0], *total[3:])
        for total, parts in areas
        if all(key in shown for key in (total, *parts))
        and shown[total] != sum(shown[part] for part in parts)
    }
    for total, parts in areas:
        if (total[0], *total[3:]) in short:
            rest = ("rest", total)
            values[rest] = None
            parts.append(rest)  # type: ignore[arg-type]
    found = _spans(values, [*areas, *_class_sums(names), *_span_sums(names)], secret)
    assert found is not None, "the numbers contradict each other: nothing was tried"
    return found


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


def _area_sums(names: list[Key]) -> list[tuple[Key, list[Key]]]:
    lists = defaultdict(list)
    for key in names:
        lists[key[0], *key[2:]].append(key)
    return [
        (total, [k for k in own if k[1] != WHOLE])
        for own in lists.values()
        for total in own
        if total[1] == WHOLE and len(own) > 2 and any(k[1] == "*outside" for k in own)
    ]


def _class_sums(names: list[Key]) -> list[tuple[Key, list[Key]]]:
    lists = defaultdict(list)
    for key in names:
        lists[key[:2], key[3:]].append(key)
    found = []
    for own in lists.values():
        by = {key[2]: key for key in own}
        single = {
            name: key for name, key in by.items() if name not in (ALL, "street_drugs", "counted")
        }
        if ALL in by and len(single) >= 8:  # a list of all classes, zeros told or left out
            found.append((by[ALL], list(single.values())))
        if "street_drugs" in by and all(name in single for name in STREET):
            found.append((by["street_drugs"], [single[name] for name in STREET]))
    return found


def _span_sums(names: list[Key]) -> list[tuple[Key, list[Key]]]:
    lists = defaultdict(list)
    for key in names:
        lists[key[:3]].append(key)
    found = []
    for own in lists.values():
        for total in own:
            inner = [k for k in own if k != total and total[3] <= k[3] and k[4] <= total[4]]
            for size in (2, 3, 4):
                every = itertools.combinations(sorted(inner, key=lambda k: k[3]), size)
                found += [(total, list(parts)) for parts in every if _abut(total, parts)]
    return found


def _abut(total: Key, parts: tuple[Key, ...]) -> bool:
    ends = np.array([p[4] for p in parts], dtype="datetime64[D]")
    starts = np.array([p[3] for p in parts], dtype="datetime64[D]")
    return (
        parts[0][3] == total[3]
        and parts[-1][4] == total[4]
        and bool((starts[1:] == ends[:-1] + 1).all())
    )


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
