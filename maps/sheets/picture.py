"""The map of a sheet: what the camera sees, what is masked, and what lies around. One SVG.

Drawn from the polygons themselves, so that it says what the figures say. No shelter is in any
layer that comes here; sensitive places in view are drawn by kind, without name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import number
from maps.pictures.svg import tag

WIDTH: Final = 720.0
WIDTH_MM: Final = 150.0
_STYLES: Final[Mapping[str, Mapping[str, str | float]]] = {
    "green": {"fill": "#e2ead6"},
    "water": {"fill": "#cfe0ea"},
    "buildings": {"fill": "#d5d0c5", "stroke": "#8d877b", "stroke_width": 0.8},
}
_STREET: Final[Mapping[str, str | float]] = {
    "fill": "none",
    "stroke": "#ffffff",
    "stroke_width": 7,
    "stroke_linecap": "round",
}
_VIEW: Final[Mapping[str, str | float]] = {
    "fill": "#1b5fd0", "fill_opacity": 0.22, "stroke": "#1b5fd0", "stroke_width": 2,
}  # fmt: skip
_MASK: Final[Mapping[str, str | float]] = {
    "fill": "url(#hatch)",
    "stroke": "#1c1b22",
    "stroke_width": 1.2,
}
_EXISTING: Final[Mapping[str, str | float]] = {
    "fill": "none", "stroke": "#7a2e8e", "stroke_width": 2, "stroke_dasharray": "6 4",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ground:
    """What the map is drawn of, in the project's CRS.

    Attributes
    ----------
    layers
        ``green``, ``water``, ``buildings`` (polygons) and ``streets`` (lines), those there are.
    existing
        Views of existing cameras, polygons.
    sensitive
        Points or polygons of sensitive places with a column ``kind``; shelters are not among them.
    """

    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    existing: tuple[Any, ...] = ()
    sensitive: gpd.GeoDataFrame | None = None


def sheet_map(
    view: Any,  # noqa: ANN401 (a shapely polygon)
    at: tuple[float, float],
    masks: tuple[Any, ...],
    ground: Ground,
    *,
    label: str,
) -> tuple[str, str]:
    """Draw the map of one proposal.

    Parameters
    ----------
    view
        What the camera sees, polygon.
    at
        Where it stands, metres.
    masks
        Proposed masking, polygons.
    ground
        What lies around.
    label
        The proposal's id, beside its mark.

    Returns
    -------
    tuple of str
        The SVG and its text alternative.
    """
    frame = _Frame.around(view, at)
    parts: list[Markup] = [_hatch()]
    parts.append(tag("rect", width=frame.width, height=frame.height, fill="#f4f2ed"))
    for name, style in _STYLES.items():
        if name == "buildings":
            parts += frame.shapes(ground.layers.get("streets"), _STREET)
        parts += frame.shapes(ground.layers.get(name), style)
    parts.append(frame.path(view, _VIEW))
    parts += [frame.path(mask, _MASK) for mask in masks]
    parts += [frame.path(one, _EXISTING) for one in ground.existing if frame.meets(one)]
    parts += _sensitive(frame, ground.sensitive)
    parts += _camera(frame.at(at), label)
    parts += _scale(frame)
    drawing = tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width:g} {frame.height:g}",
        width=f"{WIDTH_MM:g}mm",
        height=f"{WIDTH_MM * frame.height / frame.width:.2f}mm",
        role="img",
        aria_label=_alt(view, masks, label),
    )
    return str(drawing), _alt(view, masks, label)


def _alt(view: Any, masks: tuple[Any, ...], label: str) -> str:  # noqa: ANN401
    text = _("Karta över upptagningsområdet för {id}: {area} m².").format(
        id=label, area=number(float(shapely.area(view)))
    )
    if masks:
        hidden = float(shapely.area(shapely.union_all(list(masks))))
        text += " " + _("Maskerat: {area} m².").format(area=number(hidden))
    return text


@dataclass(frozen=True)
class _Frame:
    """A window of the ground, north up."""

    west: float
    north: float
    per_m: float
    width: float
    height: float

    @classmethod
    def around(cls, view: Any, at: tuple[float, float]) -> _Frame:  # noqa: ANN401
        west, south, east, north = shapely.union(view, shapely.Point(at)).bounds
        margin = max(20.0, 0.18 * max(east - west, north - south))
        west, south, east, north = west - margin, south - margin, east + margin, north + margin
        high = max(north - south, 0.56 * (east - west))
        wide = max(east - west, high / 0.8)
        middle, centre = (east + west) / 2, (north + south) / 2
        per_m = WIDTH / wide
        return cls(middle - wide / 2, centre + high / 2, per_m, WIDTH, round(high * per_m, 1))

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] - self.west) * self.per_m, (self.north - point[1]) * self.per_m

    def box(self) -> Any:  # noqa: ANN401
        return shapely.box(
            self.west,
            self.north - self.height / self.per_m,
            self.west + self.width / self.per_m,
            self.north,
        )

    def meets(self, shape: Any) -> bool:  # noqa: ANN401
        return bool(shapely.intersects(self.box(), shape))

    def shapes(
        self, table: gpd.GeoDataFrame | None, style: Mapping[str, str | float]
    ) -> list[Markup]:
        if table is None or not len(table):
            return []
        near = shapely.STRtree(table.geometry.to_numpy()).query(self.box())
        # In order of place, so that the order of the file never shows.
        found = table.geometry.to_numpy()[np.sort(near)]
        cut = shapely.intersection(shapely.make_valid(found), self.box())
        order = np.lexsort(shapely.bounds(cut).T)
        return [self.path(one, style) for one in cut[order] if not one.is_empty]

    def path(self, shape: Any, style: Mapping[str, str | float]) -> Markup:  # noqa: ANN401
        closed = shapely.get_dimensions(shape) == 2
        drawn = shapely.get_parts(shape)
        lines = shapely.get_rings(drawn) if closed else drawn
        text = ""
        for line in lines:
            xy = shapely.get_coordinates(line)
            steps = [f"{x:.1f} {y:.1f}" for x, y in (self.at((a, b)) for a, b in xy)]
            if steps:
                text += "M" + "L".join(steps) + ("Z" if closed else "")
        rule: dict[str, str | float] = {"fill_rule": "evenodd"} if closed else {}
        return tag("path", d=text, **rule, **style)


def _hatch() -> Markup:
    line = tag("path", d="M0 0V8", stroke="#1c1b22", stroke_width=2.4)
    pattern = tag(
        "pattern",
        tag("rect", width=8, height=8, fill="#ffffff", fill_opacity=0.75),
        line,
        id="hatch",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return tag("defs", pattern)


def _camera(at: tuple[float, float], label: str) -> list[Markup]:
    x, y = at
    return [
        tag("circle", cx=_r(x), cy=_r(y), r=13, fill="#1b5fd0", stroke="#ffffff", stroke_width=2.5),
        tag(
            "text", label, x=_r(x), y=_r(y + 4), text_anchor="middle", font_size=11,
            font_weight=700, font_family="Source Sans Pro, sans-serif", fill="#ffffff",
        ),
    ]  # fmt: skip


def _sensitive(frame: _Frame, places: gpd.GeoDataFrame | None) -> list[Markup]:
    if places is None or not len(places):
        return []
    drawn = []
    for shape in places.geometry.to_numpy():
        if not frame.meets(shape):
            continue
        if shapely.get_dimensions(shape) == 2:
            style: dict[str, str | float] = {
                "fill": "#b3401a",
                "fill_opacity": 0.25,
                "stroke": "#b3401a",
            }
            drawn.append(frame.path(shape, {**style, "stroke_width": 1.6}))
        x, y = frame.at(tuple(shapely.get_coordinates(shapely.point_on_surface(shape))[0]))
        mark = f"M{x:.1f} {y - 9:.1f}l9 16h-18Z"
        drawn.append(tag("path", d=mark, fill="#b3401a", stroke="#ffffff", stroke_width=1.6))
    return drawn


def _scale(frame: _Frame) -> list[Markup]:
    """Return a scale bar and an arrow to the north."""
    whole = max(m for m in (5, 10, 20, 50, 100, 200) if m * frame.per_m < 200 or m == 5)
    x, y, long = 16.0, frame.height - 16, whole * frame.per_m
    words: dict[str, str | float] = {
        "font_size": 13,
        "font_family": "Source Sans Pro, sans-serif",
        "fill": "#1d2327",
    }
    line: dict[str, str | float] = {"stroke": "#1d2327", "stroke_width": 2.5, "fill": "none"}
    north = frame.width - 24
    return [
        tag("rect", x=6, y=_r(y - 26), width=_r(long + 20), height=36, fill="#ffffff",
            fill_opacity=0.85),
        tag("path", d=f"M{x} {y - 6:.1f}V{y:.1f}H{x + long:.1f}V{y - 6:.1f}", **line),
        tag("text", f"{whole} m", x=x, y=_r(y - 10), **words),
        tag("path", d=f"M{north:.1f} 14l8 24l-8 -6l-8 6Z", fill="#1d2327"),
        tag("text", _("N"), x=_r(north), y=52, text_anchor="middle", **words),
    ]  # fmt: skip


def _r(value: float) -> float:
    return round(value, 1)
