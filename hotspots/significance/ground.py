"""The ground: the cells where an event could happen, not forest and water.

A test against "spread evenly over the whole map" finds the town, not its hot spots: nobody reports
from the woods. So only cells are compared that hold a street, a building, an address or an event of
any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.errors import DataError, Fault
from geodata.language import gettext as _
from hotspots.lattice import cell_numbers

Ints = NDArray[np.int64]

# rows and columns are within ±2³⁰ at any cell size from 1 cm: one number holds both
HALF, FULL = 1 << 30, 1 << 31


@dataclass(frozen=True)
class Ground:
    """Cells where an event could happen, distinct, by column and row.

    Attributes
    ----------
    column, row
        Numbers of the cells as in the count grid, shape (n,).
    cell_size_m
        Side, metres.
    """

    column: Ints
    row: Ints
    cell_size_m: float

    def lay_out(self, grid: pd.DataFrame) -> tuple[NDArray[np.float64], int]:
        """Return the events of each cell of the ground, shape (n,), and the events outside it.

        `grid` is table ``grid`` with the same cell size.
        """
        column = np.rint(grid["x_m"].to_numpy(np.float64) / self.cell_size_m).astype(np.int64)
        row = np.rint(grid["y_m"].to_numpy(np.float64) / self.cell_size_m).astype(np.int64)
        events = grid["n_events"].to_numpy(np.float64)
        own, asked = keys(self.column, self.row), keys(column, row)
        at = np.minimum(np.searchsorted(own, asked), max(len(own) - 1, 0))
        found = own[at] == asked if len(own) else np.zeros(len(asked), dtype=bool)
        values = np.zeros(len(own))
        values[at[found]] = events[found]
        return values, int(events[~found].sum())


def keys(column: Ints, row: Ints) -> Ints:
    """Return one number a cell, ascending by column, then row."""
    joined: Ints = (column + HALF) * FULL + (row + HALF)
    return joined


def make_ground(
    events: pd.DataFrame,
    *,
    cell_size_m: float,
    layers: Sequence[gpd.GeoDataFrame] = (),
    inside: gpd.GeoDataFrame | None = None,
    never: gpd.GeoDataFrame | None = None,
) -> Ground:
    """Make the set of cells where an event could happen.

    Parameters
    ----------
    events
        Rows of ``incidents``, of all classes and sources: where anything was ever reported,
        something can be. Their cells always belong, if they touch `inside`.
    cell_size_m
        Side of the cells, metres; corners lie on multiples of it.
    layers
        Streets, buildings, addresses, entrances, in the project's CRS: a cell belongs when it
        touches one of them.
    inside
        The municipality: only cells that touch it belong.
    never
        Water and the like: a cell that lies wholly in one of these polygons, and has no event,
        does not belong, though a bridge crosses it.

    Returns
    -------
    Ground
        The cells.

    Raises
    ------
    DataError
        ``no_ground`` where no cell is left.
    """
    x_m, y_m = events["x_m"].to_numpy(np.float64), events["y_m"].to_numpy(np.float64)
    busy = np.unique(keys(cell_numbers(x_m, cell_size_m), cell_numbers(y_m, cell_size_m)))
    built = [touched_cells(layer.geometry.to_numpy(), cell_size_m) for layer in layers]
    cells = np.unique(np.concatenate([busy, *built]))
    if never is not None and len(cells):
        tree = shapely.STRtree(never.geometry.to_numpy())
        under = tree.query(_squares(cells, cell_size_m), predicate="covered_by")[0]
        cells = np.setdiff1d(cells, np.setdiff1d(cells[under], busy))
    if inside is not None and len(cells):
        tree = shapely.STRtree(inside.geometry.to_numpy())
        cells = cells[
            np.unique(tree.query(_squares(cells, cell_size_m), predicate="intersects")[0])
        ]
    if not len(cells):
        raise DataError(
            Fault(
                code="no_ground",
                what=_("Det finns ingen ruta där en händelse kan ske."),
                why=_("Inga gator, hus, adresser eller händelser ligger inom kommunen."),
                next_step=_("Kontrollera lagren och deras koordinater."),
            )
        )
    return Ground(cells // FULL - HALF, cells % FULL - HALF, cell_size_m)


def touched_cells(shapes: NDArray[Any], cell_size_m: float) -> Ints:
    """Return the keys of the cells that points, lines or polygons touch, ascending.

    Cells are closed in the south-west, so a point lies in one cell.
    """
    shapes = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    shapes = shapes[~shapely.is_empty(shapes)]
    low = cell_numbers(shapely.bounds(shapes)[:, :2], cell_size_m)
    high = cell_numbers(shapely.bounds(shapes)[:, 2:], cell_size_m)
    wide, tall = (high - low + 1).T
    # every cell of every box around a shape …
    shape = np.repeat(np.arange(len(shapes)), wide * tall)
    nth = np.arange(len(shape)) - np.repeat(np.cumsum(wide * tall) - wide * tall, wide * tall)
    cell = keys(low[shape, 0] + nth % wide[shape], low[shape, 1] + nth // wide[shape])
    # … and of these, those that a shape of more than one cell really touches
    unsure = (wide * tall)[shape] > 1
    touches = shapely.intersects(shapes[shape[unsure]], _squares(cell[unsure], cell_size_m))
    return np.unique(np.concatenate([cell[~unsure], cell[unsure][touches]]))


def _squares(cells: Ints, cell_size_m: float) -> NDArray[Any]:
    west = (cells // FULL - HALF) * cell_size_m
    south = (cells % FULL - HALF) * cell_size_m
    squares: NDArray[Any] = shapely.box(west, south, west + cell_size_m, south + cell_size_m)
    return squares
