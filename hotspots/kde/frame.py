"""The cells of a density surface, and which of them events can happen in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import DataError, Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import number

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_CELLS = 25_000_000
"""Beyond this a surface takes over 200 MB and says nothing more."""


@dataclass(frozen=True)
class Frame:
    """The cells of a surface: whole multiples of the cell size, as in the count grid.

    Attributes
    ----------
    column, row
        Number of the westernmost column and southernmost row.
    columns, rows
        How many of them.
    cell_size_m
        Side, metres.
    """

    column: int
    row: int
    columns: int
    rows: int
    cell_size_m: float

    def in_cells(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """Return coordinates in cells from the centre of the south-west cell."""
        size = self.cell_size_m
        return x_m / size - (self.column + 0.5), y_m / size - (self.row + 0.5)

    def centres(self) -> tuple[Floats, Floats]:
        """Return easting of each column's and northing of each row's centre, metres."""
        size = self.cell_size_m
        columns = np.arange(self.columns, dtype=np.float64)
        rows = np.arange(self.rows, dtype=np.float64)
        return (self.column + 0.5 + columns) * size, (self.row + 0.5 + rows) * size


def frame_of(
    bounds: tuple[float, float, float, float], *, cell_size_m: float, margin_m: float = 0.0
) -> Frame:
    """Return the cells that hold `bounds` (x min, y min, x max, y max) with a margin, metres.

    Raises
    ------
    SettingsError
        ``grid_too_large`` beyond `MAX_CELLS`.
    """
    low_x, low_y, high_x, high_y = bounds
    column = math.floor((low_x - margin_m) / cell_size_m)
    row = math.floor((low_y - margin_m) / cell_size_m)
    columns = math.floor((high_x + margin_m) / cell_size_m) - column + 1
    rows = math.floor((high_y + margin_m) / cell_size_m) - row + 1
    if columns * rows > MAX_CELLS:
        raise SettingsError(
            Fault(
                code="grid_too_large",
                what=_("Täthetsytan skulle få {n} rutor, fler än {most}.").format(
                    n=number(columns * rows), most=number(MAX_CELLS)
                ),
                why=_("Ytan är {width} × {height} km och rutan {cell:g} m.").format(
                    width=number(columns * cell_size_m / 1000),
                    height=number(rows * cell_size_m / 1000),
                    cell=cell_size_m,
                ),
                next_step=_("Välj större rutor eller en mindre yta."),
            )
        )
    return Frame(column, row, columns, rows, cell_size_m)


def possible_cells(
    frame: Frame, possible: gpd.GeoDataFrame | None, impossible: gpd.GeoDataFrame | None
) -> Bools:
    """Return which cells have their centre where an event could happen, shape (rows, columns).

    Raises
    ------
    DataError
        ``no_possible_cells`` where none is left.
    """
    x_m, y_m = (values.ravel() for values in np.meshgrid(*frame.centres()))
    inside = np.ones(len(x_m), dtype=bool)
    if possible is not None:
        inside &= _within(possible, x_m, y_m)
    if impossible is not None:
        inside &= ~_within(impossible, x_m, y_m)
    if not inside.any():
        raise DataError(
            Fault(
                code="no_possible_cells",
                what=_("Masken täcker allt: ingen ruta finns kvar där något kan hända."),
                why=_("Täthetsytan räknas bara där händelser är möjliga."),
                next_step=_("Kontrollera lagren för kommunen och vattnet och deras koordinater."),
            )
        )
    return inside.reshape(frame.rows, frame.columns)


def _within(polygons: gpd.GeoDataFrame, x_m: Floats, y_m: Floats) -> Bools:
    points = shapely.points(x_m, y_m)
    inside = np.zeros(len(x_m), dtype=bool)
    tree = shapely.STRtree(polygons.geometry.to_numpy())
    inside[tree.query(points, predicate="intersects")[0]] = True
    return inside
