"""From metres on the ground to millimetres on paper, and shapes to SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup

from maps.fonts import CSS_WEIGHT, Weight, writable
from maps.pictures.svg import tag
from maps.printed.layer import Frame, Geometries, Hatch, Look, Shape

KEY: Final = "\ue000"
"""Stands for the picture's own key in ids until the picture is whole."""

MM_PER_PT: Final = 25.4 / 72
_FINEST_MM: Final = 0.03
_BEYOND_MM: Final = 3.0
_NICE: Final = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)


@dataclass(frozen=True)
class Box:
    """A rectangle on paper in millimetres, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower side."""
        return self.y + self.height


def nice_scale(least: float) -> int:
    """Return the least readable denominator that is not under `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    steps = [step * power for step in (*_NICE, 10.0)]
    return round(next(step for step in steps if step >= least * (1 - 1e-9)))


def fitting_scale(frame: Frame, box: Box) -> int:
    """Return the largest readable scale at which a frame fits in a box, as its denominator."""
    left, bottom, right, top = frame
    # Metres per millimetre, times the 1000 mm of a metre.
    return nice_scale(1000 * max((right - left) / box.width, (top - bottom) / box.height, 1e-6))


@dataclass(frozen=True)
class Canvas:
    """A place on paper where ground is drawn: its box, and what lies in the middle, at a scale."""

    box: Box
    centre: tuple[float, float]
    scale: int

    @property
    def mm_per_m(self) -> float:
        """Millimetres on paper to a metre of ground."""
        return 1000 / self.scale

    @property
    def frame(self) -> Frame:
        """What ground is seen, in metres."""
        half_x, half_y = (side / self.mm_per_m / 2 for side in (self.box.width, self.box.height))
        x, y = self.centre
        return (x - half_x, y - half_y, x + half_x, y + half_y)

    def to_paper(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return places (``(n, 2)``, metres) as millimetres on paper."""
        k = self.mm_per_m
        middle = (self.box.x + self.box.width / 2, self.box.y + self.box.height / 2)
        return np.column_stack(
            [
                middle[0] + (xy[:, 0] - self.centre[0]) * k,
                middle[1] - (xy[:, 1] - self.centre[1]) * k,
            ]
        )

    def seen(self, shapes: Geometries) -> npt.NDArray[np.bool_]:
        """Tell which shapes touch what is seen."""
        return np.asarray(shapely.intersects(shapes, shapely.box(*self.frame)))

    def path(self, shapes: Geometries) -> str:
        """Return polygons and lines as the path of an SVG, cut a little outside the box."""
        near = shapes[self.seen(shapes)]
        beyond = _BEYOND_MM / self.mm_per_m
        left, bottom, right, top = self.frame
        limits = (left - beyond, bottom - beyond, right + beyond, top + beyond)
        wide = ~shapely.covers(shapely.box(*limits), near)
        if bool(wide.any()):
            near = near.copy()
            near[wide] = shapely.clip_by_rect(shapely.make_valid(near[wide]), *limits)
        lines = _lines(shapely.simplify(near, _FINEST_MM / self.mm_per_m))
        if len(lines) == 0:
            return ""
        coordinates, owner = shapely.get_coordinates(lines, return_index=True)
        closed = np.asarray(shapely.get_type_id(lines)) == shapely.GeometryType.LINEARRING
        return _written(self.to_paper(coordinates), owner, closed)


def _lines(shapes: Geometries) -> Geometries:
    """Return the rings of polygons and the lines, in their order."""
    parts = shapely.get_parts(shapes)
    # A clipped shape may be a collection.
    while bool((shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any()):
        parts = shapely.get_parts(parts)
    parts = parts[shapely.get_dimensions(parts) >= 1]
    surfaces = shapely.get_dimensions(parts) == 2
    return np.concatenate([shapely.get_rings(parts[surfaces]), parts[~surfaces]])


def _written(
    xy: npt.NDArray[np.float64], owner: npt.NDArray[np.int64], closed: npt.NDArray[np.bool_]
) -> str:
    first = np.append(True, owner[1:] != owner[:-1])
    last = np.append(owner[1:] != owner[:-1], True)
    steps = []
    for x, y, begins, ends, shut in zip(
        *np.round(xy, 2).T.tolist(),
        first.tolist(),
        last.tolist(),
        closed[owner].tolist(),
        strict=True,
    ):
        # A ring ends where it began, and Z leads there.
        if not (ends and shut):
            steps.append(f"{'M' if begins else 'L'}{x:g} {y:g}")
        else:
            steps.append("Z")
    return "".join(steps)


def hatch_id(hatch: Hatch) -> str:
    """Return the id of a hatch's pattern."""
    parts = (hatch.colour, hatch.ground, f"{hatch.gap_mm:g}-{hatch.width_mm:g}-{hatch.angle:g}")
    return f"{KEY}h" + "-".join(part.strip("#").replace(".", "_") for part in parts)


def hatch_pattern(hatch: Hatch) -> Markup:
    """Return a hatch as a pattern to fill with."""
    side = hatch.gap_mm
    return tag(
        "pattern",
        tag("rect", width=side, height=side, fill=hatch.ground),
        tag(
            "path",
            d=f"M{side / 2:g} 0V{side:g}",
            stroke=hatch.colour,
            stroke_width=f"{hatch.width_mm:g}",
        ),
        id=hatch_id(hatch),
        width=f"{side:g}",
        height=f"{side:g}",
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({hatch.angle:g})",
    )


def paint(look: Look) -> dict[str, str]:
    """Return a look as attributes of an element."""
    fill = "none" if look.fill is None else look.fill
    attributes = {"fill": f"url(#{hatch_id(look.hatch)})" if look.hatch else fill}
    if look.line is not None:
        attributes |= {
            "stroke": look.line,
            "stroke_width": f"{look.width_mm:g}",
            "stroke_linejoin": "round",
        }
    if look.dash_mm:
        attributes["stroke_dasharray"] = " ".join(f"{length:g}" for length in look.dash_mm)
    if look.opacity < 1:
        attributes["fill_opacity"] = f"{look.opacity:g}"
    return attributes


def words(  # noqa: PLR0913 (a text and its look)
    text: str,
    x: float,
    y: float,
    size_pt: float,
    *,
    weight: Weight = "regular",
    colour: str = "#1d2327",
    anchor: str = "start",
    halo: bool = False,
    turn: float = 0.0,
) -> Markup:
    """Return a line of text with its baseline at `y`."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "fill": colour}
    attributes["font_size"] = f"{size_pt * MM_PER_PT:.3f}"
    if weight != "regular":
        attributes["font_weight"] = str(CSS_WEIGHT[weight])
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if halo:
        attributes |= {
            "stroke": "#ffffff",
            "stroke_width": f"{max(0.5, size_pt * 0.085):.2f}",
            "stroke_linejoin": "round",
            "stroke_opacity": "0.9",
            "paint_order": "stroke",
        }
    if turn:
        attributes["transform"] = f"rotate({turn:.1f} {x:.2f} {y:.2f})"
    return tag("text", writable(text), **attributes)


def symbol(shape: Shape, x: float, y: float, size: float, look: Look) -> Markup:
    """Return a symbol with its middle at a place; all shapes of a size look equally large."""
    half = size / 2
    attributes = paint(look)
    if shape in ("circle", "ring"):
        return tag("circle", cx=x, cy=y, r=half, **attributes)
    corners = {
        "square": [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
        "diamond": [(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
        "triangle": [(0.0, -1.15), (1.1, 0.8), (-1.1, 0.8)],
    }
    if shape == "cross":
        r = half * 0.8
        d = 2 * r
        line = f"M{x - r:.2f} {y - r:.2f}l{d:.2f} {d:.2f}m0 {-d:.2f}l{-d:.2f} {d:.2f}"
        return tag("path", d=line, **{**attributes, "fill": "none"})
    steps = [f"{x + dx * half:.2f} {y + dy * half:.2f}" for dx, dy in corners[shape]]
    return tag("path", d="M" + "L".join(steps) + "Z", **attributes)
