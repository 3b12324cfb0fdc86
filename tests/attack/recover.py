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
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

Key = tuple[str, ...]
"""What a number counts: kind and source, area, class, first day, last day."""

WHOLE, ALL = "*", "all"
STREET = ("drug_supply", "drug_production", "drug_possession", "drug_use", "drug_unspecified")


@dataclass(frozen=True)
class Recovered:
    """A hidden count that can be told more closely than ”small”."""

    key: Key
    low: float
    high: float


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
    names = sorted({*shown, *secret})
    number = {key: i for i, key in enumerate(names)}
    rows = [*_area_sums(names), *_class_sums(names), *_span_sums(names)]
    matrix = sp.lil_matrix((len(rows), len(names)))
    for at, (total, parts) in enumerate(rows):
        matrix[at, number[total]] = -1
        for part in parts:
            matrix[at, number[part]] = 1
    bounds = [(shown[k], shown[k]) if k in shown else (0, None) for k in names]
    found = {}
    for key in secret:
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(names))
            cost[number[key]] = sign
            done = linprog(
                cost,
                A_eq=matrix.tocsr() if rows else None,
                b_eq=np.zeros(len(rows)) if rows else None,
                bounds=bounds,
                method="highs",
            )
            ends.append(sign * done.fun if done.status == 0 else (0 if sign == 1 else np.inf))
        found[key] = (float(ends[0]), float(ends[1]))
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
                for parts in itertools.combinations(sorted(inner, key=lambda k: k[3]), size):
                    if _abut(total, parts):
                        found.append((total, list(parts)))
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
    grid: dict[tuple[int, int], int | None] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            plain = text.strip()
            if WHOLE_NUMBER.match(plain):
                grid[r, c] = int(re.sub(r"\D", "", plain))
            elif HIDDEN.search(plain) and c > 0:
                grid[r, c] = None
    secret = [at for at, value in grid.items() if value is None]
    if not secret:
        return {}
    number = {at: i for i, at in enumerate(sorted(grid))}
    sums = []
    for c in {c for _r, c in grid}:
        own = sorted(r for r, cc in grid if cc == c)
        totals = [r for r in own if rows[r] and TOTAL.match(rows[r][0])]
        if len(totals) == 1 and len(own) > 2:
            sums.append(((totals[0], c), [(r, c) for r in own if r != totals[0]]))
    matrix = sp.lil_matrix((len(sums), len(grid)))
    for at, (total, parts) in enumerate(sums):
        matrix[at, number[total]] = -1
        for part in parts:
            matrix[at, number[part]] = 1
    bounds = [(v, v) if (v := grid[at]) is not None else (0, None) for at in sorted(grid)]
    found = {}
    for at in secret:
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(grid))
            cost[number[at]] = sign
            done = linprog(
                cost,
                A_eq=matrix.tocsr() if sums else None,
                b_eq=np.zeros(len(sums)) if sums else None,
                bounds=bounds,
                method="highs",
            )
            if done.status == 2:  # what was taken for a total is none
                return {}
            ends.append(sign * done.fun if done.status == 0 else np.inf)
        found[at] = (float(ends[0]), float(ends[1]))
    return found
