"""What is counted in a published number, and how such numbers hang together.

A *cell* is a number of events: of one source, within a set of areas, a set of classes and a span
of days. Cut along the borders of all cells, areas × classes × days fall into *atoms* that every
cell either holds or doesn't, so that all sums, differences, tables and editions are one system of
linear equations: the count of a cell is the sum of its atoms. Nothing about totals need be told.

Some tables cut the same events once more: by weekday, part of the day or kind of space. Each such
*split* has atoms of its own, one a part and region, and its parts sum to the region's atoms of the
first kind. Two splits never meet in a table, so that this loses nothing: whole numbers that agree
region by region are always the margins of some full table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import scipy.sparse as sp

EVERYWHERE: Final = "*"
"""Stands for all areas, all classes or all parts, also those that no table names."""

ROUNDED: Final = ("weekday", "part")
"""Splits whose numbers are sums of shares of events, rounded: true to half an event."""

Rounding = Literal["none", "apart", "half"]

_AREAS, _CLASSES, _DAYS = range(3)

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
    split, parts
        A further cut, such as ``weekday``, and which of its parts, as `areas`; empty without one.
    """

    what: str
    areas: tuple[str, ...]
    classes: tuple[str, ...]
    first: date
    last: date
    split: str = ""
    parts: tuple[str, ...] = ()


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
    links
        Sparse matrix, shape ``(regions, atoms)``, of −1, 0 and 1, whose rows sum to 0: the parts of
        a region are all of it.
    whole
        Shape ``(atoms,)``: those that count whole events.
    slack
        Shape ``(cells,)``: how far a shown number may lie from the sum of its atoms.
    """

    cells: tuple[Cell, ...]
    sums: sp.csr_matrix
    links: sp.csr_matrix
    whole: Bools
    slack: Floats


@dataclass(frozen=True, eq=False)
class _Axes:
    """Which cell holds which atom of each axis, shapes ``(cells, n)``."""

    areas: Bools
    classes: Bools
    days: Bools

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.areas.shape[1], self.classes.shape[1], self.days.shape[1]


def build(cells: Sequence[Cell], *, rounding: Rounding = "none") -> System:
    """Return the system of cells that count the same kind of thing.

    Parameters
    ----------
    cells
        All of one `what`; repeated ones are taken once.
    rounding
        How numbers of `ROUNDED` splits are taken: as counts that sum to all (``none``), as counts
        whose sum is another than that of all (``apart``), or as true to half an event (``half``).
    """
    half = rounding == "half"
    own = tuple(sorted(set(cells)))
    axes = _Axes(
        _memberships([cell.areas for cell in own]),
        _memberships([cell.classes for cell in own]),
        _spans(own),
    )
    size = int(np.prod(axes.shape)) if own else 0
    at = _Entries()
    links = _Entries()
    whole = [np.ones(size, dtype=bool)]
    for row, cell in enumerate(own):
        if not cell.split:
            at.add(row, _product([part[row] for part in (axes.areas, axes.classes, axes.days)]))
    for split in sorted({cell.split for cell in own} - {""}):
        apart = rounding == "apart" and split in ROUNDED
        made = _split(own, axes, split, size, at, _Entries() if apart else links)
        whole.append(np.full(made, not (half and split in ROUNDED)))
        size += made
    slack = [0.5 if half and cell.split in ROUNDED else 0.0 for cell in own]
    return System(
        own,
        at.matrix(len(own), size),
        links.matrix(links.rows, size),
        np.concatenate(whole),
        np.array(slack, dtype=np.float64),
    )


class _Entries:
    """Entries of a sparse matrix, gathered row by row."""

    def __init__(self) -> None:
        self._rows: list[npt.NDArray[np.int64]] = []
        self._columns: list[npt.NDArray[np.int64]] = []
        self._values: list[Floats] = []
        self.rows = 0

    def add(self, row: int, columns: npt.NDArray[np.int64], value: float = 1.0) -> None:
        self._rows.append(np.full(len(columns), row, dtype=np.int64))
        self._columns.append(columns)
        self._values.append(np.full(len(columns), value))
        self.rows = max(self.rows, row + 1)

    def matrix(self, rows: int, columns: int) -> sp.csr_matrix:
        import scipy.sparse as sp  # what is all shown needs none of it

        if not self._rows:
            return sp.csr_matrix((rows, columns))
        at: Any = (np.concatenate(self._rows), np.concatenate(self._columns))
        return sp.csr_matrix((np.concatenate(self._values), at), shape=(rows, columns))


def _product(held: Sequence[Bools]) -> npt.NDArray[np.int64]:
    """Return the numbers of the atoms that lie within a set of each axis."""
    at = np.ix_(*(np.flatnonzero(one) for one in held))
    shape = tuple(len(one) for one in held)
    return np.asarray(np.ravel_multi_index(np.broadcast_arrays(*at), shape).ravel())


def _split(
    cells: Sequence[Cell],
    axes: _Axes,
    split: str,
    begin: int,
    at: _Entries,
    links: _Entries,
) -> int:
    """Add the rows of a split, and of what ties it to the other atoms; return its atoms.

    Its regions are cut along the borders of its own cells only. Where no cell names a part of a
    region it has no atom: its events, if any, are among the rest.
    """
    rows = [i for i, cell in enumerate(cells) if cell.split == split]
    groups = [_groups(part[rows]) for part in (axes.areas, axes.classes, axes.days)]
    parts = _parts([cells[i].parts for i in rows])
    shape = (*(held.shape[1] for held, _of in groups), parts.shape[1])
    used = np.zeros(shape, dtype=bool)
    used[..., -1] = True
    atoms = [_product([*(one[i] for one, _of in groups), parts[i]]) for i in range(len(rows))]
    for held in atoms:
        used.ravel()[held] = True
    number = begin + np.cumsum(used.ravel()) - 1
    for row, held in zip(rows, atoms, strict=True):
        at.add(row, number[held])
    for region in np.ndindex(*shape[:-1]):
        own = [of == n for (_held, of), n in zip(groups, region, strict=True)]
        first = int(np.ravel_multi_index((*region, 0), shape))
        row = links.rows
        links.add(row, number[first + np.flatnonzero(used[region])])
        links.add(row, _product(own), -1.0)
    return int(used.sum())


def _groups(held: Bools) -> tuple[Bools, npt.NDArray[np.int64]]:
    """Return atoms that the same rows hold as one, and which of these each atom is; −1 for none."""
    made, of = np.unique(held, axis=1, return_inverse=True)
    used = made.any(axis=0)
    number = np.where(used, np.cumsum(used) - 1, -1)
    return made[:, used], number[of.ravel()]


def _parts(sets: Sequence[tuple[str, ...]]) -> Bools:
    """Return which set holds which part; the last is what no table names."""
    held = _memberships(sets)
    rest = np.array([EVERYWHERE in ids for ids in sets], dtype=bool)
    known = held[:, ~(held == rest[:, None]).all(axis=0)]
    return np.column_stack([known, rest])


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
    held = [
        [c.first <= start and end <= c.last + timedelta(days=1) for start, end in spans]
        for c in cells
    ]
    return np.array(held, dtype=bool).reshape(len(cells), len(spans))


def nested_pairs(system: System, values: Floats, minimum: int) -> list[tuple[int, int]]:
    """Return pairs of cells of which one holds the other and little more.

    What lies between them is a number too, had by a subtraction.

    Returns
    -------
    list
        ``(larger, smaller)`` as row numbers of the system, where the difference of the values is
        from 1 to ``minimum − 1``.
    """
    found = []
    for axis, rows in _alike_but_one(system.cells):
        for large in rows:
            if _is_one(system.cells[large], axis):
                continue  # holds no other
            found += [
                (large, small)
                for small in rows
                if 0.5 < values[large] - values[small] < minimum - 0.5
                and _holds(system, large, small)
            ]
    return sorted(set(found))


def _alike_but_one(cells: Sequence[Cell]) -> Iterator[tuple[int, list[int]]]:
    """Give the cells that differ in one axis only, with the number of the axis."""
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row, cell in enumerate(cells):
        axes = (cell.areas, cell.classes, (cell.first, cell.last), (cell.split, cell.parts))
        for axis in range(len(axes)):
            groups[axis, *axes[:axis], *axes[axis + 1 :]].append(row)
    for key, rows in groups.items():
        if len(rows) > 1:
            yield int(key[0]), rows


def _is_one(cell: Cell, axis: int) -> bool:
    """Return whether a cell can't hold another that differs in this axis: it is a single id."""
    if axis == _DAYS:
        return cell.first == cell.last
    ids = {_AREAS: cell.areas, _CLASSES: cell.classes}.get(axis, cell.parts)
    return len(ids) == 1 and ids[0] != EVERYWHERE


def _holds(system: System, large: int, small: int) -> bool:
    if not system.cells[large].split and system.cells[small].split:
        return True  # alike but for the split: a part of the same

    def atoms(row: int) -> Any:  # noqa: ANN401 (an index array of scipy)
        sums = system.sums
        return sums.indices[sums.indptr[row] : sums.indptr[row + 1]]

    return bool(np.isin(atoms(small), atoms(large)).all())
