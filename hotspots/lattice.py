"""Square cells of a lattice whose corners lie on multiples of the side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspots import tally


class Cells(NamedTuple):
    """Non-empty cells, numbered 0…k−1 by column, then row.

    Attributes
    ----------
    cell
        Number of the cell of each point, shape (n,).
    columns, rows
        Of each cell, shape (k,).
    """

    cell: NDArray[np.int64]
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]


def cell_numbers(values: NDArray[np.float64], cell_size_m: float) -> NDArray[np.int64]:
    """Return the column or row of each coordinate; cells are closed in the south-west."""
    return np.floor(values / cell_size_m).astype(np.int64)


def number_cells(x_m: NDArray[np.float64], y_m: NDArray[np.float64], cell_size_m: float) -> Cells:
    """Return the cells that points lie in.

    Parameters
    ----------
    x_m, y_m
        Coordinates, metres, shape (n,).
    cell_size_m
        Side of the cells, metres.
    """
    columns, rows = cell_numbers(x_m, cell_size_m), cell_numbers(y_m, cell_size_m)
    if len(columns) == 0:
        return Cells(columns, columns, rows)
    low = int(rows.min())
    height = int(rows.max()) - low + 1
    keys, cell = tally.renumber(columns * height + (rows - low))
    return Cells(cell, keys // height, keys % height + low)
