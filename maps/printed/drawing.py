"""One map panel: ground, layers and labels within a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from markupsafe import Markup

from maps.pictures.svg import tag
from maps.printed.backdrop import Backdrop
from maps.printed.canvas import (
    KEY,
    MM_PER_PT,
    Canvas,
    hatch_pattern,
    paint,
    symbol,
    words,
)
from maps.printed.furniture import frame_line
from maps.printed.labels import Placed, drawn, obstacle, place
from maps.printed.layer import Hatch, Label, Layer, Look, Shapes, Symbols


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


def _shapes(mark: Shapes, canvas: Canvas) -> Markup:
    line = canvas.path(mark.shapes)
    if not line:
        return Markup()
    parts = []
    if mark.look.halo and mark.look.line is not None:
        halo = Look(line="#ffffff", width_mm=mark.look.width_mm + 0.6)
        parts.append(tag("path", d=line, stroke_opacity="0.8", **paint(halo)))
    parts.append(tag("path", d=line, fill_rule="evenodd", **paint(mark.look)))
    return Markup().join(parts)


def _symbols(mark: Symbols, canvas: Canvas) -> Markup:
    seen = canvas.seen(mark.points)
    places = canvas.to_paper(shapely.get_coordinates(shapely.centroid(mark.points)))
    size = mark.size_mm * 0.62 / MM_PER_PT
    parts = []
    for number in np.flatnonzero(seen).tolist():
        x, y = places[number].tolist()
        parts.append(symbol(mark.shape, x, y, mark.size_mm, mark.look))
        if mark.texts:
            text = mark.texts[number]
            smaller = size * (1.0 if len(text) < 2 else 0.9 if len(text) == 2 else 0.66)
            baseline = y + smaller * MM_PER_PT * 0.34
            parts.append(
                words(text, x, baseline, smaller, weight="bold", colour=mark.ink, anchor="middle")
            )
    return Markup().join(parts)


def _obstacles(layers: Sequence[Layer], canvas: Canvas) -> list[shapely.Geometry]:
    """Return the room of all symbols: no label may cover one."""
    taken: list[shapely.Geometry] = []
    for layer in layers:
        for mark in layer.marks:
            if isinstance(mark, Symbols):
                near = mark.points[canvas.seen(mark.points)]
                places = canvas.to_paper(shapely.get_coordinates(shapely.centroid(near)))
                taken += [obstacle(x, y, mark.size_mm) for x, y in places.tolist()]
    return taken
