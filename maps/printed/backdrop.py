"""The ground beneath: water, green, houses and streets, drawn quietly and as fine as paper shows.

The same frame at the same scale is drawn once and then reused, since an appendix has many maps of
one town.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup

from maps.fonts import width
from maps.pictures.svg import tag
from maps.printed.canvas import MM_PER_PT, Canvas
from maps.printed.layer import Label
from maps.style import BACKGROUND, LAND, ROAD_COLUMNS, ROAD_RANKS

_STREET_M: Final = (3.0, 7.0, 9.0, 13.0)
_LEAST_MM: Final = (0.0, 0.14, 0.26, 0.45)
_CASED_TO: Final = 12_000
"""Streets have edges at this scale and larger; smaller, they are grey lines."""

_NAMED_TO: Final = 6_000
_NAME_PT: Final = 6.5
_STRETCHES: Final = (0.5, 0.3, 0.7, 0.15, 0.85)
_HOUSES_TO: Final = 40_000
_DRAWN_TO: Final = (8_000, 60_000, 150_000, math.inf)
"""Scales to which streets are drawn, by rank."""
_LEAST_SURFACE_MM2: Final = 0.12


@dataclass
class Backdrop:
    """The project's own layers, ready to be drawn in many maps.

    Attributes
    ----------
    layers
        By name of `maps.style.BACKGROUND`, in the project's CRS, as of `maps.interactive.map_html`.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    _done: dict[Canvas, tuple[Markup, Markup]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse layers that have no look."""
        unknown = sorted(set(self.layers) - set(BACKGROUND))
        if unknown:
            msg = f"no style for background layers {unknown}"
            raise ValueError(msg)

    def drawn(self, canvas: Canvas) -> tuple[Markup, Markup]:
        """Return the surfaces, and the streets with outlines that go above other surfaces."""
        if canvas not in self._done:
            self._done[canvas] = (self._surfaces(canvas), self._streets(canvas))
        return self._done[canvas]

    def names(self, canvas: Canvas) -> list[Label]:
        """Return the names of streets, at scales where there is room for them."""
        streets = self.layers.get("streets")
        if streets is None or "name" not in streets.columns or canvas.scale > _NAMED_TO:
            return []
        near = streets.loc[canvas.seen(np.asarray(streets.geometry.array))]
        near = near.loc[near["name"].notna()]
        if near.empty:
            return []
        return [
            label
            for name, shapes in sorted(near.geometry.groupby(near["name"].astype(str)))
            for label in _street_labels(str(name), np.asarray(shapes.array), canvas)
        ]

    def _surfaces(self, canvas: Canvas) -> Markup:
        box = canvas.box
        parts = [tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, fill=LAND)]
        for name in ("green", "water", "buildings"):
            if name not in self.layers or (name == "buildings" and canvas.scale > _HOUSES_TO):
                continue
            shapes = np.asarray(self.layers[name].geometry.array)
            least = _LEAST_SURFACE_MM2 / canvas.mm_per_m**2
            line = canvas.path(shapes[shapely.area(shapes) >= least])
            if not line:
                continue
            look = BACKGROUND[name]
            edge = {}
            if name == "buildings" and canvas.scale <= _CASED_TO:
                edge = {"stroke": str(look["stroke"]), "stroke_width": "0.1"}
            parts.append(tag("path", d=line, fill=str(look["fill"]), fill_rule="evenodd", **edge))
        return Markup().join(parts)

    def _streets(self, canvas: Canvas) -> Markup:
        parts = []
        streets = self.layers.get("streets")
        if streets is not None:
            parts += _street_lines(streets, canvas)
        border = self.layers.get("municipality")
        if border is not None:
            line = canvas.path(np.asarray(border.geometry.array))
            if line:
                look = {"stroke": "#8d8a82", "stroke_width": "0.4", "stroke_dasharray": "2.4 0.9"}
                parts.append(tag("path", d=line, fill="none", **look))
        return Markup().join(parts)


def _street_lines(streets: gpd.GeoDataFrame, canvas: Canvas) -> list[Markup]:
    shapes = np.asarray(streets.geometry.array)
    ranks = _ranks(streets)
    cased = canvas.scale <= _CASED_TO
    paths: list[tuple[str, float]] = []
    for rank, (metres, least) in enumerate(zip(_STREET_M, _LEAST_MM, strict=True)):
        if canvas.scale > _DRAWN_TO[rank]:
            continue
        line = canvas.path(shapes[(ranks == rank) & (shapely.get_dimensions(shapes) == 1)])
        if line:
            paths.append((line, max(metres * canvas.mm_per_m, least, 0.1)))
    look = {"fill": "none", "stroke_linejoin": "round", "stroke_linecap": "round"}
    if not cased:
        return [
            tag("path", d=line, stroke="#a9a69d", stroke_width=f"{wide:.2f}", **look)
            for line, wide in paths
        ]
    edges = [
        tag("path", d=line, stroke="#b5b2a9", stroke_width=f"{wide + 0.24:.2f}", **look)
        for line, wide in paths
    ]
    return edges + [
        tag("path", d=line, stroke="#ffffff", stroke_width=f"{wide:.2f}", **look)
        for line, wide in paths
    ]


def _ranks(streets: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    column = next((c for c in ROAD_COLUMNS if c in streets.columns), None)
    if column is None:
        return np.ones(len(streets), dtype=np.int64)
    ranks = streets[column].astype(str).map(ROAD_RANKS).fillna(1)
    return np.asarray(ranks, dtype=np.int64)


def _street_labels(name: str, shapes: np.ndarray, canvas: Canvas) -> list[Label]:
    """Return where a street's name may stand: along its straight stretches that are long enough."""
    needed = (width(name, _NAME_PT * MM_PER_PT) + 2) / canvas.mm_per_m
    lines = shapely.clip_by_rect(shapely.get_parts(shapes), *canvas.frame)
    joined = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    lengths = shapely.length(joined)
    labels = []
    for line, long in zip(joined.tolist(), lengths.tolist(), strict=True):
        for part in _STRETCHES if long >= needed else ():
            middle = part * long
            low, high = middle - needed / 2, middle + needed / 2
            if low < 0 or high > long:
                continue
            ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high]))
            if math.dist(*ends) > 0.985 * needed:
                labels.append(_street_label(name, ends, long))
    return labels


def _street_label(name: str, ends: np.ndarray, long: float) -> Label:
    (x, y), (u, v) = ends
    # Never upside down; on paper y points downwards.
    angle = (math.degrees(math.atan2(-(v - y), u - x)) + 90) % 180 - 90
    return Label(
        text=name,
        x_m=(x + u) / 2,
        y_m=(y + v) / 2,
        place="along",
        size_pt=_NAME_PT,
        weight="regular",
        colour="#5d5a52",
        required=False,
        rank=1_000_000 - round(long),
        angle=angle,
        once=name,
    )
