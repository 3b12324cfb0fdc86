"""What published numbers count, and hidden ones worked back from all of them by linear programs.

Independent of the program's own suppression. A number counts the events of an area, a class and a
span of days; sets that hold ``*`` are all but the others in them. Cut along all borders the three
give atoms, every number is a sum of atoms, and the least and the most that a hidden number can be
follow from all numbers of all tables, tiers and editions at once. A split, such as weekdays, parts
each sum anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

REST = "*"
"""Stands for all that has no name: alone in a set, everything."""
EVERY = frozenset({REST})
ROUNDED = ("weekday", "part")
"""Splits whose numbers are shares of events, summed and rounded."""
IMPOSSIBLE = 2
"""What the solver says of sums that can't all hold."""


class Cell(NamedTuple):
    """What a number counts; `first` and `last` are days, both within."""

    what: str
    areas: frozenset[str]
    classes: frozenset[str]
    first: str
    last: str
    split: str = ""
    parts: frozenset[str] = EVERY


def of_ledger(held: Mapping[str, Any]) -> Iterator[tuple[Cell, int | None]]:
    """Give what a ``published.json`` tells, and what it says is hidden."""
    cuts = [(str(split), frozenset(parts)) for split, parts in held.get("parts", ())]
    for row in [*held["counts"], *held.get("more", ())]:
        what, areas, classes, days, *cut, number = row
        yield (
            Cell(
                held["what"][what],
                frozenset(held["areas"][areas]),
                frozenset(held["classes"][classes]),
                *held["days"][days],
                *(cuts[cut[0]] if cut else ()),
            ),
            number,
        )


def ranges(
    shown: Mapping[Cell, int], secret: Iterable[Cell], empty: Set[Cell] = frozenset()
) -> dict[Cell, tuple[float, float]]:
    """Return the least and the most that each secret number can be.

    Parameters
    ----------
    shown
        All numbers that are told.
    secret
        What is asked for.
    empty
        What is taken to be none, since no table has a row of it.
    """
    asked = defaultdict(set)
    for cell in secret:
        asked[cell.what].add(cell)
    found: dict[Cell, tuple[float, float]] = {}
    for what, own in sorted(asked.items()):
        told = {cell: n for cell, n in shown.items() if cell.what == what}
        none = {cell: 0 for cell in empty if cell.what == what}
        ends = _of_one_kind({**none, **told}, sorted(own, key=str))
        # Where they can't all hold, what was taken to be none is some.
        assert none or ends is not None, f"the numbers of {what} contradict each other"
        found |= ends or {}
    return found


def _of_one_kind(
    told: Mapping[Cell, int], asked: list[Cell]
) -> dict[Cell, tuple[float, float]] | None:
    cells = [*told, *(cell for cell in asked if cell not in told)]
    sums, links = _sums(cells)
    known = np.array([float(n) for n in told.values()])
    slack = np.array([0.5 if cell.split in ROUNDED else 0.0 for cell in told])
    rows = sums[: len(told)]
    exact = slack == 0
    program: dict[str, Any] = {
        "A_eq": sp.csr_matrix(np.vstack([rows[exact], links])),
        "b_eq": np.concatenate([known[exact], np.zeros(len(links))]),
    }
    if not exact.all():
        loose, n = rows[~exact], known[~exact]
        program["A_ub"] = sp.csr_matrix(np.vstack([loose, -loose]))
        program["b_ub"] = np.concatenate([n + 0.5, 0.5 - n])
    found = {}
    for cell in asked:
        cost = sums[cells.index(cell)]
        least, most = (linprog(sign * cost, method="highs", **program) for sign in (1, -1))
        if IMPOSSIBLE in (least.status, most.status):
            return None
        found[cell] = (float(least.fun), float(-most.fun) if most.status == 0 else np.inf)
    return found


def _sums(cells: list[Cell]) -> tuple[np.ndarray, np.ndarray]:
    """Return which atoms each cell is the sum of, and what atoms of splits sum to."""
    areas = _held([cell.areas for cell in cells])
    classes = _held([cell.classes for cell in cells])
    days = _days(cells)
    base = np.einsum("ka,kc,kd->kacd", areas, classes, days).reshape(len(cells), -1)
    plain, which = np.unique(base, axis=1, return_inverse=True)  # atoms never told apart are one
    del which
    blocks = [np.where(np.array([not cell.split for cell in cells])[:, None], plain, 0)]
    links = []
    for split in sorted({cell.split for cell in cells} - {""}):
        own = np.array([cell.split == split for cell in cells])
        regions, region = np.unique(plain[own], axis=1, return_inverse=True)
        parts = _held([cell.parts for cell in cells if cell.split == split])
        block = np.zeros((len(cells), regions.shape[1] * parts.shape[1]))
        block[own] = np.einsum("kr,kp->krp", regions, parts).reshape(int(own.sum()), -1)
        blocks.append(block)
        links.append((len(blocks) - 1, np.ravel(region), parts.shape[1]))
    starts = np.cumsum([0, *(block.shape[1] for block in blocks)])
    rows = []
    for at, region, n_parts in links:
        for number in range(int(region.max()) + 1):
            row = np.zeros(starts[-1])
            row[: starts[1]][region == number] = -1
            row[starts[at] + number * n_parts : starts[at] + (number + 1) * n_parts] = 1
            rows.append(row)
    tied = np.array(rows).reshape(-1, starts[-1])
    return np.hstack(blocks), tied


def _held(sets: list[frozenset[str]]) -> np.ndarray:
    """Return which set holds which name; a set with `REST` holds all but the others in it."""
    names = sorted({REST, *(name for one in sets for name in one)})
    held = np.array([[name in one for name in names] for one in sets], dtype=bool)
    rest = held[:, names.index(REST)].copy()
    held[rest] = ~held[rest]
    held[rest, names.index(REST)] = True
    return held.astype(float)


def _days(cells: list[Cell]) -> np.ndarray:
    """Return which cell holds which of the spans that all first and last days cut."""
    day = timedelta(days=1)
    spans = [tuple(date.fromisoformat(d or "1900-01-01") for d in (c.first, c.last)) for c in cells]
    edges = sorted({edge for first, last in spans for edge in (first, last + day)})
    return np.array(
        [
            [float(first <= start and end <= last + day) for start, end in pairwise(edges)]
            for first, last in spans
        ]
    )
