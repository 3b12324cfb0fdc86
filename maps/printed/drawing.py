"""One map panel: ground, layers and labels within a frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup

from maps.pictures.svg import tag
from maps.printed.backdrop import Backdrop
from maps.printed.canvas import (
    KEY,
    MM_PER_PT,
    Box,
    Canvas,
    hatch_pattern,
    paint,
    symbol,
    words,
)
from maps.printed.furniture import frame_line
from maps.printed.labels import Placed, drawn, obstacle, place
from maps.printed.layer import Hatch, Label, Layer, Look, Shapes, Symbols

_Numbers = npt.NDArray[np.int64]
_Places = npt.NDArray[np.float64]
_ROUNDS: Final = 400


@dataclass(frozen=True)
class Drawing:
    """A drawn panel; `unplaced` are the labels that found no room."""

    svg: Markup
    placed: tuple[Placed, ...]
    unplaced: tuple[Label, ...]


def draw(
    layers: Sequence[Layer],
    backdrop: Backdrop,
    canvas: Canvas,
    *,
    street_names: bool,
    key: str = "",
) -> Drawing:
    """Draw layers in their order, lowest first, with the streets above those that lie ``under``.

    Parameters
    ----------
    layers
        What to draw.
    backdrop
        The ground.
    canvas
        Where on paper, and which ground.
    street_names
        Whether streets have their names where the scale allows it.
    key
        Tells the panels of one sheet apart.
    """
    ground, streets = backdrop.drawn(canvas)
    parts = [ground]
    parts += [_layer(layer, canvas) for layer in layers if layer.level == "under"]
    parts.append(streets)
    parts += [_layer(layer, canvas) for layer in layers if layer.level == "over"]
    wanted = [label for layer in layers for label in layer.labels]
    if street_names:
        wanted += backdrop.names(canvas)
    placed, unplaced = place(wanted, canvas, _obstacles(layers, canvas))
    box = canvas.box
    clip = tag(
        "clipPath",
        tag("rect", x=box.x, y=box.y, width=box.width, height=box.height),
        id=f"{KEY}c{key}",
    )
    inside = tag("g", *parts, clip_path=f"url(#{KEY}c{key})")
    around = frame_line(box.x, box.y, box.width, box.height)
    svg = Markup().join([clip, inside, drawn(placed), around])
    missing = tuple(label for label in unplaced if label.required)
    return Drawing(svg, tuple(placed), missing)


def patterns(layers: Sequence[Layer]) -> Markup:
    """Return the hatches that the layers and their legend fill with."""
    looks = [mark.look for layer in layers for mark in layer.marks]
    looks += [key.look for layer in layers for key in layer.legend]
    hatches: dict[Hatch, None] = dict.fromkeys(look.hatch for look in looks if look.hatch)
    return tag("defs", *(hatch_pattern(hatch) for hatch in hatches)) if hatches else Markup()


def _layer(layer: Layer, canvas: Canvas) -> Markup:
    return Markup().join(
        _shapes(mark, canvas) if isinstance(mark, Shapes) else _symbols(mark, canvas)
        for mark in layer.marks
    )


def seen_size(mark: Shapes, canvas: Canvas) -> Shapes:
    """Return shapes that can be seen on paper: the smallest as discs around their middle."""
    if not mark.least_mm:
        return mark
    bounds = shapely.bounds(mark.shapes)
    sides = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    small = sides * canvas.mm_per_m < mark.least_mm
    if not small.any():
        return mark
    shapes = mark.shapes.copy()
    middles = shapely.centroid(shapes[small])
    shapes[small] = shapely.buffer(middles, mark.least_mm / 2 / canvas.mm_per_m, quad_segs=6)
    return replace(mark, shapes=shapes)


def _shapes(mark: Shapes, canvas: Canvas) -> Markup:
    mark = seen_size(mark, canvas)
    line = canvas.path(mark.shapes)
    if not line:
        return Markup()
    look = _edged(mark, canvas)
    parts = []
    if look.halo and look.line is not None:
        halo = Look(line="#ffffff", width_mm=look.width_mm * 2)
        parts.append(tag("path", d=line, stroke_opacity="0.8", **paint(halo)))
    parts.append(tag("path", d=line, fill_rule="evenodd", **paint(look)))
    return Markup().join(parts)


def _edged(mark: Shapes, canvas: Canvas) -> Look:
    """Return a look whose edges are no heavier than the small surfaces that they hold."""
    look = mark.look
    surfaces = mark.shapes[shapely.get_dimensions(mark.shapes) == 2]
    if look.line is None or len(surfaces) == 0:
        return look
    side = float(np.sqrt(np.median(shapely.area(surfaces)))) * canvas.mm_per_m
    share, least = (0.18, 0.15) if look.fill is None and look.hatch is None else (0.06, 0.01)
    return replace(look, width_mm=min(look.width_mm, max(share * side, least)))


def _symbols(mark: Symbols, canvas: Canvas) -> Markup:
    chosen, true, places = _places(mark, canvas)
    size = mark.size_mm * 0.62 / MM_PER_PT
    ink = mark.look.fill or mark.look.line or "none"
    parts = []
    for (u, v), (x, y) in zip(true.tolist(), places.tolist(), strict=True):
        if mark.spread and math.dist((u, v), (x, y)) > mark.size_mm / 4:
            line = f"M{u:.2f} {v:.2f}L{x:.2f} {y:.2f}"
            parts.append(tag("path", d=line, fill="none", stroke=ink, stroke_width="0.3"))
            parts.append(tag("circle", cx=u, cy=v, r=0.55, fill=ink))
    for number, (x, y) in zip(chosen.tolist(), places.tolist(), strict=True):
        parts.append(symbol(mark.shape, x, y, mark.size_mm, mark.look))
        if mark.texts:
            text = mark.texts[number]
            smaller = size * (1.0 if len(text) < 2 else 0.9 if len(text) == 2 else 0.66)
            baseline = y + smaller * MM_PER_PT * 0.34
            parts.append(
                words(text, x, baseline, smaller, weight="bold", colour=mark.ink, anchor="middle")
            )
    return Markup().join(parts)


def _places(mark: Symbols, canvas: Canvas) -> tuple[_Numbers, _Places, _Places]:
    """Return which symbols are seen, where they belong and where they stand, on paper."""
    chosen = np.flatnonzero(canvas.seen(mark.points))
    middles = shapely.get_coordinates(shapely.centroid(mark.points[chosen]))
    true = canvas.to_paper(middles)
    return chosen, true, apart(true, mark.size_mm + 0.3, canvas.box) if mark.spread else true


def apart(places: _Places, least: float, box: Box) -> _Places:
    """Move places apart until no two are nearer than `least`, as little as need be.

    Parameters
    ----------
    places
        Shape ``(n, 2)``, millimetres.
    least
        Least distance between two.
    box
        What none may leave, but for half of `least`.
    """
    moved = places.copy()
    n = len(moved)
    low = np.array([box.x, box.y]) + least / 2
    high = np.array([box.right, box.bottom]) - least / 2
    one, other = np.triu_indices(n, 1)
    for _round in range(_ROUNDS):
        gap = moved[other] - moved[one]
        far = np.hypot(gap[:, 0], gap[:, 1])
        near = far < least - 1e-6
        if not near.any():
            break
        # Places that are the same go apart along a direction of their own.
        turn = 2.4 * (one + other)
        gap = np.where(far[:, None] > 1e-9, gap, np.column_stack([np.cos(turn), np.sin(turn)]))
        step = gap / np.maximum(far, 1e-9)[:, None] * ((least - far) * 0.52)[:, None]
        step = np.where(far[:, None] > 1e-9, step, gap * least * 0.52)
        for side, sign in ((one, -1.0), (other, 1.0)):
            np.add.at(moved, side[near], sign * step[near])
        moved = np.clip(moved, low, high)
    return moved


def _obstacles(layers: Sequence[Layer], canvas: Canvas) -> list[shapely.Geometry]:
    """Return what no label may cover: symbols, and the shapes of layers that ask for it."""
    taken: list[shapely.Geometry] = []
    for layer in layers:
        for mark in layer.marks:
            if isinstance(mark, Shapes) and layer.keep_clear:
                near = seen_size(mark, canvas).shapes[canvas.seen(mark.shapes)]
                taken += shapely.transform(near, canvas.to_paper).tolist()
            elif isinstance(mark, Symbols):
                _chosen, _true, places = _places(mark, canvas)
                taken += [obstacle(x, y, mark.size_mm) for x, y in places.tolist()]
    return taken
