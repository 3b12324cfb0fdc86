"""Which cells or areas count together. Itself is always one of them; all weigh 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from hotspots.distance import within

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPARSE = 8
"""Cells of the box for each cell of the ground from which pairs are faster: measured."""


class Neighbours(Protocol):
    """What Gi* needs to know of the neighbours."""

    @property
    def sizes(self) -> Ints:
        """Neighbours of each, itself included, shape (n,)."""

    def sums(self, values: Floats) -> Floats:
        """Return the sum of `values` (n,) over the neighbours of each, itself included."""


@dataclass(frozen=True)
class CellNeighbours:
    """Cells of a square grid whose centres are at most a band apart.

    Attributes
    ----------
    column, row
        Of each cell, distinct; shape (n,).
    band
        Largest distance, inclusive, in cells.
    """

    column: Ints
    row: Ints
    band: float

    @classmethod
    def from_metres(
        cls, column: Ints, row: Ints, *, cell_size_m: float, band_m: float
    ) -> CellNeighbours:
        """Make them from metres.

        Raises
        ------
        SettingsError
            ``band_below_cell`` when no other cell can lie within the band.
        """
        if band_m < cell_size_m:
            raise SettingsError(
                Fault(
                    code="band_below_cell",
                    what=_("Avståndet {band:g} m är mindre än rutans sida {cell:g} m.").format(
                        band=band_m, cell=cell_size_m
                    ),
                    why=_("Då har ingen ruta någon granne att räknas ihop med."),
                    next_step=_("Välj ett band_m på minst {cell:g} m.").format(cell=cell_size_m),
                )
            )
        return cls(column, row, band_m / cell_size_m)

    @cached_property
    def halves(self) -> Ints:
        """Half width of the disc in each of its rows, from lowest to highest, in cells."""
        square = self.band**2 + 1e-9  # 150 m over 50 m must reach its third cell
        reach = math.floor(math.sqrt(square))
        return np.array([math.isqrt(math.floor(square - d * d)) for d in range(-reach, reach + 1)])

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the box around the cells, with the disc's reach on every side."""
        reach = len(self.halves) // 2
        return (
            int(np.ptp(self.row)) + 1 + 2 * reach,
            int(np.ptp(self.column)) + 1 + 2 * reach,
        )

    @cached_property
    def position(self) -> Ints:
        """Position of each cell in the flattened box, shape (n,)."""
        reach = len(self.halves) // 2
        row, column = self.row - self.row.min() + reach, self.column - self.column.min() + reach
        position: Ints = row * self.shape[1] + column
        return position

    @cached_property
    def sizes(self) -> Ints:
        """Cells within the band of each, itself included: fewer along the border."""
        return np.rint(self.sums(np.ones(len(self.row)))).astype(np.int64)

    def sums(self, values: Floats) -> Floats:
        """Return the sum of `values` (n,) over the cells within the band of each."""
        box = np.zeros(self.shape)
        box.ravel()[self.position] = values
        return self.box_sums(box).ravel()[self.position]

    def box_sums(self, box: Floats) -> Floats:
        """Return the sums over the disc around each cell of the box; 0 in its margin."""
        rows, columns = self.shape
        reach = len(self.halves) // 2
        before = np.zeros((rows, columns + 1))
        np.cumsum(box, axis=1, out=before[:, 1:])
        out = np.zeros((rows, columns))
        inner = out[reach : rows - reach, reach : columns - reach]
        for line, half in enumerate(self.halves.tolist()):
            part = before[line : line + rows - 2 * reach]
            inner += part[:, reach + half + 1 : columns - reach + half + 1]
            inner -= part[:, reach - half : columns - reach - half]
        return out

    @property
    def sparse(self) -> bool:
        """Whether the box is mostly empty, so that neighbours are found faster as pairs."""
        return math.prod(self.shape) > SPARSE * len(self.row)

    def as_pairs(self) -> PairNeighbours:
        """Return the same neighbours as pairs."""
        numbers: Floats = np.column_stack([self.column, self.row]).astype(np.float64) * 1000
        # squared distances are whole numbers: half a step above the largest that is in
        reach = math.sqrt(math.floor(self.band**2 + 1e-9) + 0.5) * 1000
        first, second = within(numbers, numbers, reach)
        return PairNeighbours(len(self.row), first, second)


@dataclass(frozen=True)
class PairNeighbours:
    """Neighbours given as pairs.

    Attributes
    ----------
    n
        How many cells or areas there are.
    first, second
        Numbers 0…n−1 of each pair; either way or both ways, once or more, with itself or not.
    """

    n: int
    first: Ints
    second: Ints

    @cached_property
    def matrix(self) -> Any:  # noqa: ANN401 (scipy's sparse array)
        """Return the n × n array of ones, symmetric, the diagonal full."""
        from scipy.sparse import coo_array

        itself = np.arange(self.n)
        one = np.concatenate([self.first, self.second, itself])
        other = np.concatenate([self.second, self.first, itself])
        pair = np.unique(one * self.n + other)
        ones, at = np.ones(len(pair)), (pair // self.n, pair % self.n)
        return coo_array((ones, at), (self.n, self.n)).tocsr()

    @cached_property
    def sizes(self) -> Ints:
        """Neighbours of each, itself included."""
        sizes: Ints = np.diff(self.matrix.indptr).astype(np.int64)
        return sizes

    def sums(self, values: Floats) -> Floats:
        """Return the sum of `values`, shape (n,) or (n, m), over the neighbours of each."""
        sums: Floats = self.matrix @ values
        return sums


def pairs_within(xy: Floats, band_m: float) -> PairNeighbours:
    """Return points at most `band_m` apart as neighbours; `xy` metres, shape (n, 2)."""
    first, second = within(xy, xy, band_m)
    return PairNeighbours(len(xy), first, second)


def pairs_touching(areas: gpd.GeoDataFrame) -> PairNeighbours:
    """Return areas that share a border or a corner (queen) as neighbours, by row number."""
    shapes = areas.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return PairNeighbours(len(shapes), first.astype(np.int64), second.astype(np.int64))
