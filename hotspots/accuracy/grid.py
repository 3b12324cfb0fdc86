"""The cells of the trial and who is whose neighbour, as sparse matrices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hotspots.lattice import cell_numbers

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR_REPEAT_M: Final = 400.0


@dataclass(frozen=True)
class Grid:
    """Square cells in order of column, then row; corners on multiples of the cell's side.

    Attributes
    ----------
    columns, rows
        Of each cell, shape (cells,).
    cell_size_m
        Side, metres.
    """

    columns: Ints
    rows: Ints
    cell_size_m: float

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def _low(self) -> tuple[int, int, int]:
        return int(self.columns.min()), int(self.rows.min()), int(np.ptp(self.rows)) + 1

    @cached_property
    def _keys(self) -> Ints:
        low_column, low_row, height = self._low
        return (self.columns - low_column) * height + (self.rows - low_row)

    def find(self, columns: Ints, rows: Ints) -> Ints:
        """Return the number of each cell, −1 where it isn't in the grid."""
        low_column, low_row, height = self._low
        key = (columns - low_column) * height + (rows - low_row)
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        known = (self._keys[at] == key) & (rows >= low_row) & (rows < low_row + height)
        return np.where(known, at, -1).astype(np.int64)

    def at(self, x_m: Floats, y_m: Floats) -> Ints:
        """Return the cell of each point, −1 outside the grid."""
        size = self.cell_size_m
        return self.find(cell_numbers(x_m, size), cell_numbers(y_m, size))

    def around(self, nearer: float, farther: float) -> sp.csr_array[Any]:
        """Return the matrix that sums over the cells at a distance from `nearer` to `farther`.

        Distances between centres, in cell sides, both ends included; shape (cells, cells).
        """
        offsets = disc(farther)
        offsets = offsets[(offsets**2).sum(axis=1) >= nearer**2 - 1e-9]
        return self._links(offsets, np.ones(len(offsets)))

    def _links(self, offsets: Ints, weights: Floats) -> sp.csr_array[Any]:
        here, there, value = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
        for (dx, dy), weight in zip(offsets.tolist(), weights.tolist(), strict=True):
            other = self.find(self.columns + dx, self.rows + dy)
            (found,) = np.nonzero(other >= 0)
            here.append(found.astype(np.int64))
            there.append(other[found])
            value.append(np.full(len(found), weight))
        i, j, v = np.concatenate(here), np.concatenate(there), np.concatenate(value)
        import scipy.sparse as sp

        return sp.csr_array((v, (i, j)), shape=(len(self), len(self)))

    @cached_property
    def ring(self) -> sp.csr_array[Any]:
        """Sum over the eight cells around."""
        return self.around(1.0, 1.5)

    @cached_property
    def second_ring(self) -> sp.csr_array[Any]:
        """Sum over the sixteen cells around those eight, the four corners included."""
        return self.around(2.0, 2.9)

    @cached_property
    def surroundings(self) -> sp.csr_array[Any]:
        """Sum over the cells from three to five sides away."""
        return self.around(3.0, 5.0)

    @cached_property
    def falling(self) -> sp.csr_array[Any]:
        """Sum over the cells within 400 m, weighted by 1/(1 + distance in cell sides)."""
        offsets = disc(NEAR_REPEAT_M / self.cell_size_m)
        return self._links(offsets, 1 / (1 + np.sqrt((offsets**2).sum(axis=1))))

    def quartic(self, x_m: Floats, y_m: Floats, bandwidth_m: float) -> sp.csr_array[Any]:
        """Return the matrix from weights of places to the density at the cells' centres.

        Quartic kernel K(d) = 3/(πh²)·(1 − d²/h²)² (Silverman 1986), exact, events per m²;
        shape (cells, places).
        """
        size = self.cell_size_m
        column, row = cell_numbers(x_m, size), cell_numbers(y_m, size)
        places = np.arange(len(x_m))
        parts: list[tuple[Floats, Ints, Ints]] = []
        for dx, dy in disc(np.ceil(bandwidth_m / size) + 1).tolist():
            cell = self.find(column + dx, row + dy)
            to_centre = (
                ((column + dx + 0.5) * size - x_m) ** 2 + ((row + dy + 0.5) * size - y_m) ** 2
            ) / bandwidth_m**2
            near = (cell >= 0) & (to_centre < 1)
            value = 3 / (np.pi * bandwidth_m**2) * (1 - to_centre[near]) ** 2
            parts.append((value, cell[near], places[near]))
        value, cell, place = (np.concatenate(list(part)) for part in zip(*parts, strict=True))
        import scipy.sparse as sp

        return sp.csr_array((value, (cell, place)), shape=(len(self), len(x_m)))


def disc(radius: float) -> Ints:
    """Return the offsets of cells whose centres lie within `radius` cell sides, shape (n, 2)."""
    reach = int(np.floor(radius))
    steps = np.arange(-reach, reach + 1)
    dx, dy = np.meshgrid(steps, steps)
    offsets = np.column_stack([dx.ravel(), dy.ravel()])
    near = (offsets**2).sum(axis=1) <= radius**2 + 1e-9
    return np.asarray(offsets[near], dtype=np.int64)


def spread(
    x_m: Floats, y_m: Floats, period: Ints, *, cell_size_m: float, margin_m: float
) -> tuple[Grid, Ints]:
    """Return the cells within a margin of any event, and from when on each of them is.

    Parameters
    ----------
    x_m, y_m, period
        Every event of every kind, shape (n,), n ≥ 1.
    cell_size_m
        Side of the cells.
    margin_m
        Between the centre of a cell and the centre of one that holds an event.

    Returns
    -------
    tuple
        The grid, and the first period with an event within the margin, shape (cells,).
    """
    held = np.unique(
        np.column_stack([cell_numbers(x_m, cell_size_m), cell_numbers(y_m, cell_size_m), period]),
        axis=0,
    )
    near = disc(margin_m / cell_size_m)
    cells = (held[:, None, :2] + near[None, :, :]).reshape(-1, 2)
    when = np.repeat(held[:, 2], len(near))
    order = np.lexsort((when, cells[:, 1], cells[:, 0]))
    cells, when = cells[order], when[order]
    new = np.ones(len(cells), bool)
    new[1:] = (np.diff(cells, axis=0) != 0).any(axis=1)
    grid = Grid(columns=cells[new, 0], rows=cells[new, 1], cell_size_m=cell_size_m)
    return grid, when[new]
