"""What is counted in a published number, and how such numbers hang together.

A *cell* is a number of events: of one source, within a set of areas, a set of classes and a span
of days. Cut along the borders of all cells, areas × classes × days fall into *atoms* that every
cell either holds or doesn't, so that all sums, differences, tables and editions are one system of
linear equations: the count of a cell is the sum of its atoms. Nothing about totals need be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

EVERYWHERE: Final = "*"
"""Stands for all areas, or all classes, also those that no table names."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Cell:
    """What a number counts.

    Attributes
    ----------
    what
        What is counted, and by whom: ``events/police``. Numbers of different kinds never sum.
    areas, classes
        Sorted ids. A set that holds ``*`` is all but the others that it holds.
    first, last
        The span of days, both ends within.
    """

    what: str
    areas: tuple[str, ...]
    classes: tuple[str, ...]
    first: date
    last: date


def all_but(ids: Sequence[str]) -> tuple[str, ...]:
    """Return the set of all ids but these."""
    return tuple(sorted({EVERYWHERE, *ids}))


def only(*ids: str) -> tuple[str, ...]:
    """Return the set of these ids."""
    return tuple(sorted(set(ids)))


@dataclass(frozen=True, eq=False)
class System:
    """Cells of one kind as sums of atoms.

    Attributes
    ----------
    cells
        The cells, each once, sorted.
    sums
        Sparse matrix, shape ``(cells, atoms)``, of 0 and 1.
    """

    cells: tuple[Cell, ...]
    sums: sp.csr_matrix


def build(cells: Sequence[Cell]) -> System:
    """Return the system of cells that count the same kind of thing.

    Parameters
    ----------
    cells
        All of one `what`; repeated ones are taken once.
    """
    own = tuple(sorted(set(cells)))
    areas = _memberships([cell.areas for cell in own])
    classes = _memberships([cell.classes for cell in own])
    days = _spans(own)
    atoms = (areas.shape[1], classes.shape[1], days.shape[1])
    rows, columns = [], []
    for row in range(len(own)):
        held = np.ix_(*(np.flatnonzero(part[row]) for part in (areas, classes, days)))
        found = np.ravel_multi_index(np.broadcast_arrays(*held), atoms).ravel()
        rows.append(np.full(len(found), row))
        columns.append(found)
    shape = (len(own), int(np.prod(atoms)))
    at: Any = (np.concatenate(rows), np.concatenate(columns)) if own else ([], [])
    return System(own, sp.csr_matrix((np.ones(len(at[0])), at), shape=shape))


def _memberships(sets: Sequence[tuple[str, ...]]) -> Bools:
    """Return which set holds which atom, shape ``(sets, atoms)``; ids never told apart are one."""
    names = sorted({name for ids in sets for name in ids} | {EVERYWHERE})
    number = {name: i for i, name in enumerate(names)}
    held = np.zeros((len(sets), len(names)), dtype=bool)
    for row, ids in enumerate(sets):
        held[row, [number[name] for name in ids]] = True
        if EVERYWHERE in ids:  # all but the others
            held[row] = ~held[row]
            held[row, number[EVERYWHERE]] = True
    return np.asarray(np.unique(held[:, held.any(axis=0)], axis=1), dtype=bool)


def _spans(cells: Sequence[Cell]) -> Bools:
    """Return which cell holds which span of days, shape ``(cells, spans)``."""
    edges = sorted({e for c in cells for e in (c.first, c.last + timedelta(days=1))})
    spans = list(pairwise(edges))
    return np.array(
        [
            [c.first <= start and end <= c.last + timedelta(days=1) for start, end in spans]
            for c in cells
        ],
        dtype=bool,
    ).reshape(len(cells), len(spans))


def nested_pairs(system: System, values: Floats, minimum: int) -> list[tuple[int, int]]:
    """Return pairs of cells whose difference is a small count of something.

    One holds the other and differs from it in one way only: in areas, in classes or in days. What
    lies between them is a number too, had by a subtraction.

    Returns
    -------
    list
        ``(larger, smaller)`` as row numbers of the system, where the difference of the values is
        from 1 to ``minimum − 1``.
    """
    found = []
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    for i in order:
        end = int(np.searchsorted(ranked, values[i] + minimum - 0.5))
        start = int(np.searchsorted(ranked, values[i] + 0.5))
        found += [
            (int(j), int(i))
            for j in order[start:end]
            if _one_step(system.cells[int(j)], system.cells[int(i)])
            and _holds(system.sums, int(j), int(i))
        ]
    return sorted(found)


def _one_step(large: Cell, small: Cell) -> bool:
    same = (
        large.areas == small.areas,
        large.classes == small.classes,
        (large.first, large.last) == (small.first, small.last),
    )
    return sum(same) == len(same) - 1


def _holds(sums: sp.csr_matrix, large: int, small: int) -> bool:
    def atoms(row: int) -> Any:  # noqa: ANN401 (an index array of scipy)
        return sums.indices[sums.indptr[row] : sums.indptr[row + 1]]

    return bool(np.isin(atoms(small), atoms(large)).all())
