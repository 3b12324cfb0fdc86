"""Inhabitants by cell: a baseline that knows nothing of crime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.accuracy.grid import Floats, Grid, Ints

if TYPE_CHECKING:
    import scipy.sparse as sp


@dataclass(frozen=True)
class Residents:
    """Inhabitants of units (areas or points) and the cells that each unit lies in.

    Attributes
    ----------
    overlap
        m² of each unit in each cell, or 1 where a point is; shape (cells, units).
    inhabitants
        Of each unit, shape (units,).
    """

    overlap: sp.csr_array[Any]
    inhabitants: Floats

    def within(self, area: NDArray[np.bool_]) -> Floats:
        """Spread each unit's inhabitants evenly over its parts inside `area`, 0 outside.

        Nobody is taken to live where no event could happen, so that forest and water get none of
        an area's inhabitants. A unit without any part inside counts nowhere.

        Parameters
        ----------
        area
            Cells in which an event could happen, shape (cells,).

        Returns
        -------
        numpy.ndarray
            Inhabitants by cell, shape (cells,).
        """
        inside = area.astype(np.float64)
        share = self.overlap.T @ inside
        density = np.divide(
            self.inhabitants, share, out=np.zeros_like(self.inhabitants), where=share > 0
        )
        return np.asarray((self.overlap @ density) * inside)


def read_residents(table: pd.DataFrame | None, grid: Grid) -> Residents | None:
    """Place inhabitants in the cells.

    Parameters
    ----------
    table
        Either ``x_m``, ``y_m`` and ``population``, one row a point (the square or address where
        people live); or areas (`geopandas.GeoDataFrame`) with ``population``, no two of which
        should overlap. Metres, in the CRS of the incidents. Rows without a known, positive number
        are left out.
    grid
        Cells of the trial.

    Returns
    -------
    Residents or None
        ``None`` without a table, or when nobody lives in any of the cells.
    """
    if table is None:
        return None
    number = table["population"].to_numpy(np.float64, na_value=np.nan)
    known = np.isfinite(number) & (number > 0)
    table, number = table[known], number[known]
    overlap = _of_areas(table, grid) if isinstance(table, gpd.GeoDataFrame) else _of(table, grid)
    if overlap.nnz == 0:
        return None
    return Residents(overlap, number)


def _of(points: pd.DataFrame, grid: Grid) -> sp.csr_array[Any]:
    cell = grid.at(points["x_m"].to_numpy(np.float64), points["y_m"].to_numpy(np.float64))
    (row,) = np.nonzero(cell >= 0)
    return _matrix(np.ones(len(row)), cell[row], row, (len(grid), len(points)))


def _of_areas(areas: gpd.GeoDataFrame, grid: Grid) -> sp.csr_array[Any]:
    size = grid.cell_size_m
    west, south = grid.columns * size, grid.rows * size
    cells = shapely.box(west, south, west + size, south + size)
    shapes = areas.geometry.to_numpy()
    shapely.prepare(shapes)
    unit, cell = shapely.STRtree(cells).query(shapes, predicate="intersects")
    whole = shapely.covers(shapes[unit], cells[cell])
    held = np.full(len(unit), size * size)
    # Only cells on a border need their part cut out, which is what takes time.
    held[~whole] = shapely.area(shapely.intersection(shapes[unit[~whole]], cells[cell[~whole]]))
    some = held > 0  # cells that only touch the border
    return _matrix(held[some], cell[some], unit[some], (len(grid), len(areas)))


def _matrix(value: Floats, cell: Ints, unit: Ints, shape: tuple[int, int]) -> sp.csr_array[Any]:
    import scipy.sparse as sp

    return sp.csr_array((value, (cell, unit)), shape=shape)
