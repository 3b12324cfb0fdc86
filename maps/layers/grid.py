"""The count grid in readable classes, its squares told by column and row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.language import gettext as _
from geodata.language import number
from maps import encoding, style
from maps.layers.base import MapLayer, Popups, Swatch, wgs84

_FIT_M: Final = 0.3
"""How far a corner may be drawn from where it is: less than the width of its line."""
_MOST_TERMS: Final = 8
_METRES_A_DEGREE: Final = 111_320.0


@dataclass(frozen=True)
class Lattice:
    """Squares by column and row, and a polynomial from these to degrees.

    Four corners in degrees a square would be most of the page in a large town. Instead the page
    carries column and row, and the script works the corners out.

    Attributes
    ----------
    side_m
        Side of a square, metres; 0 without squares.
    origin
        Column and row, counted in sides from the origin of the CRS, of the south-west square.
    columns, rows
        Of each square, from `origin`.
    centre, half
        Column and row are made ``u = (column − centre[0]) / half``, ``v`` likewise.
    terms
        ``(i, j, longitude, latitude)``: coefficients of ``uⁱ vʲ``, in degrees.
    """

    side_m: float
    origin: tuple[int, int]
    columns: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    centre: tuple[float, float]
    half: float
    terms: list[tuple[int, int, float, float]]

    def names(self) -> list[str]:
        """Return the names squares have when counted from the origin of the CRS."""
        east, north = self.origin
        return [f"E{east + c}_N{north + r}" for c, r in zip(self.columns, self.rows, strict=True)]

    def json(self) -> dict[str, Any]:
        """Return the lattice as JSON values, squares as differences to the square before."""
        squares = np.column_stack([self.columns, self.rows])
        steps = np.diff(squares, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
        return {
            "squares": [int(v) for v in steps.ravel().tolist()],
            "centre": list(self.centre),
            "half": self.half,
            "terms": [list(term) for term in self.terms],
        }


def make_lattice(cells: gpd.GeoDataFrame) -> Lattice:
    """Return the lattice of a grid of equal squares, in order of the table.

    The degree of the polynomial is the lowest that draws every corner within `_FIT_M`, at most
    `_MOST_TERMS`; a town needs the third, all of Sweden the highest.
    """
    if len(cells) == 0:
        none = np.array([], dtype=np.int64)
        return Lattice(0.0, (0, 0), none, none, (0.0, 0.0), 1.0, [])
    bounds = cells.geometry.bounds.to_numpy()
    side = round(float(bounds[0, 2] - bounds[0, 0]), 3)
    left, bottom = bounds[:, 0].min(), bounds[:, 1].min()
    columns = np.rint((bounds[:, 0] - left) / side).astype(np.int64)
    rows = np.rint((bounds[:, 1] - bottom) / side).astype(np.int64)
    corners = np.unique(
        np.concatenate(
            [np.column_stack([columns + a, rows + b]) for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))]
        ),
        axis=0,
    )
    points = gpd.points_from_xy(left + corners[:, 0] * side, bottom + corners[:, 1] * side)
    degrees = wgs84(gpd.GeoDataFrame(geometry=points, crs=cells.crs))
    low, high = corners.min(axis=0), corners.max(axis=0)
    centre, half = (low + high) / 2, float((high - low).max()) / 2
    terms = _fit((corners - centre) / half, shapely.get_coordinates(degrees))
    origin = (int(np.floor(left / side + 1e-6)), int(np.floor(bottom / side + 1e-6)))
    return Lattice(side, origin, columns, rows, (float(centre[0]), float(centre[1])), half, terms)


def _fit(
    uv: npt.NDArray[np.float64], degrees: npt.NDArray[np.float64]
) -> list[tuple[int, int, float, float]]:
    """Return the least-squares polynomial of the lowest degree that is close enough."""
    metres = _METRES_A_DEGREE * np.array([np.cos(np.radians(degrees[0, 1])), 1.0])
    powers: list[tuple[int, int]] = []
    weights: npt.NDArray[np.float64] = np.zeros((0, 2))
    for degree in range(1, _MOST_TERMS + 1):
        powers = [(i, n - i) for n in range(degree + 1) for i in range(n + 1)]
        matrix = np.column_stack([uv[:, 0] ** i * uv[:, 1] ** j for i, j in powers])
        weights = np.asarray(np.linalg.lstsq(matrix, degrees, rcond=None)[0], dtype=np.float64)
        if np.abs((matrix @ weights - degrees) * metres).max() <= _FIT_M:
            break
    return [
        (i, j, round(float(a), 9), round(float(b), 9))
        for (i, j), (a, b) in zip(powers, weights, strict=True)
    ]


def grid_layer(grid: gpd.GeoDataFrame, classes: int) -> MapLayer:
    """Return the count grid in classes of equal colour.

    Parameters
    ----------
    grid
        A released grid: counts, counts with hidden ones (``NA``), or ready classes
        (``events_class``).
    classes
        Most classes wanted.
    """
    cells = grid.sort_values("cell_id", kind="stable").reset_index(drop=True)
    if "events_class" in cells.columns:
        numbers, words = _ready_classes(cells)
    else:
        numbers, words = _count_classes(cells, classes)
    colours = style.SEQUENTIAL[max(1, len(words))][: len(words)]
    legend = [Swatch("fill", c, w) for c, w in zip(colours, words, strict=True)]
    if (numbers < 0).any():
        legend.append(Swatch("hidden", style.HIDDEN_FILL, _hidden_words(cells)))
    lattice = make_lattice(cells)
    data = {
        "kind": "grid",
        "lattice": lattice.json(),
        "classes": numbers.tolist(),
        "colours": list(colours),
        "hidden": style.HIDDEN_FILL,
        "popups": _popups(cells, numbers, words, lattice).json(),
    }
    return MapLayer(
        key="grid",
        title=_("Rutnät"),
        data=data,
        views=frozenset({"overview"}),
        legend=tuple(legend),
        note=_("Händelser per ruta om {side} × {side} m").format(side=number(lattice.side_m)),
        level="cell",
        ids=tuple(cells["cell_id"].tolist()),
    )


def _count_classes(cells: gpd.GeoDataFrame, classes: int) -> tuple[np.ndarray, list[str]]:
    known = cells["n_events"].notna().to_numpy()
    values = cells.loc[known, "n_events"].to_numpy(dtype=np.int64)
    starts = style.class_starts(values, classes)
    numbers = np.full(len(cells), -1, dtype=np.int64)
    if values.size:
        numbers[known] = style.classify(values, starts)
    return numbers, style.class_texts(starts, int(values.max(initial=0)))


def _ready_classes(cells: gpd.GeoDataFrame) -> tuple[np.ndarray, list[str]]:
    """Take the classes of a public grid; its first class, too few to show, is not a colour."""
    kinds = cells["events_class"].cat
    codes = kinds.codes.to_numpy(dtype=np.int64)
    return np.where(cells["hidden"].to_numpy(dtype=bool), -1, codes - 1), list(kinds.categories)[1:]


def _hidden_words(cells: gpd.GeoDataFrame) -> str:
    if "events_class" in cells.columns:
        return str(cells["events_class"].cat.categories[0])
    return _("dolt, litet antal (inte noll)")


def _popups(
    cells: gpd.GeoDataFrame, numbers: np.ndarray, words: list[str], lattice: Lattice
) -> Popups:
    popups = Popups(titles={"kind": "same", "text": _("Ruta")})
    if "events_class" in cells.columns:
        names = [*words, _hidden_words(cells)]
        popups.add(_("Händelser"), [names[n] for n in numbers])
        return popups
    names = cells["cell_id"].tolist()
    if names == lattice.names():
        east, north = lattice.origin
        popups.titles = {"kind": "lattice", "prefix": _("Ruta"), "origin": [east, north]}
    else:
        popups.titles = {"kind": "prefixed", "prefix": _("Ruta"), "values": names}
    popups.lead = {
        "events": encoding.whole_numbers(cells["n_events"]),
        "days": encoding.whole_numbers(cells["n_days"]),
    }
    return popups
