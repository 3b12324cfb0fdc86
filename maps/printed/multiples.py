"""Small multiples: the same frame and classes side by side, for years or kinds to be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from maps.printed.backdrop import Backdrop
from maps.printed.canvas import Box, Canvas, fitting_scale, words
from maps.printed.drawing import draw, patterns
from maps.printed.layer import Frame, Layer
from maps.printed.options import PrintOptions
from maps.printed.plan import Furnished, Orientation, Size, foot, plan_sheet, sheet_size
from maps.printed.sheet import PrintedMap, alt_text, check_profiles, whole

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.interactive import MapFacts

_GAP_MM: Final = 4.0
_NAME_MM: Final = 5.0


@dataclass(frozen=True)
class Panel:
    """One of the small maps: its name, such as a year, and its layers."""

    name: str
    layers: tuple[Layer, ...]


def small_multiples(  # noqa: PLR0913 (what a map is)
    panels: Sequence[Panel],
    background: Backdrop | Mapping[str, gpd.GeoDataFrame],
    facts: MapFacts,
    options: PrintOptions,
    *,
    frame: Frame,
    title: str,
    size: Size = "A4",
    orientation: Orientation = "landscape",
    number: int | None = None,
    furnished: Furnished = "sheet",
) -> PrintedMap:
    """Draw several maps of one frame and scale with one legend.

    Parameters
    ----------
    panels
        In reading order, at least one. Their layers should share classes (`common_classes`), or
        the legend has several scales.
    background, facts, options, frame, title, size, orientation, number, furnished
        As of `printed_map`.

    Raises
    ------
    ValueError
        If there is no panel, a layer is of another profile, or the size leaves no room.
    """
    if not panels:
        msg = "no panel to draw"
        raise ValueError(msg)
    layers = [layer for panel in panels for layer in panel.layers]
    check_profiles(layers, facts.profile)
    backdrop = background if isinstance(background, Backdrop) else Backdrop(background)
    wide, high = sheet_size(size, orientation)
    plan = plan_sheet(
        layers, facts, (wide, high), frame=frame, furnished=furnished, title=title, number=number
    )
    boxes = _boxes(plan.map, len(panels), frame)
    scale = fitting_scale(frame, boxes[0])
    centre = ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)
    parts = [patterns(layers)]
    unplaced = []
    for place, (panel, box) in enumerate(zip(panels, boxes, strict=True)):
        canvas = Canvas(box, centre, scale)
        drawing = draw(
            panel.layers, backdrop, canvas, street_names=options.street_names, key=str(place)
        )
        unplaced += list(drawing.unplaced)
        parts.append(words(panel.name, box.x, box.y - 1.3, 10, weight="semibold"))
        parts.append(drawing.svg)
    parts += [*plan.around, foot(plan, scale)]
    told = " ".join(
        " ".join([f"{panel.name}:", *(layer.alt for layer in reversed(panel.layers) if layer.alt)])
        for panel in panels
    )
    alt = f"{alt_text(title, [], facts)} {told}".strip()
    return PrintedMap(
        title=title,
        number=number,
        alt=alt,
        scale=scale,
        canvas=Canvas(boxes[0], centre, scale),
        width_mm=wide,
        height_mm=high,
        profile=facts.profile,
        unplaced=tuple(label.text for label in unplaced),
        drawing=whole(Markup().join(parts), (wide, high), title=title, alt=alt),
    )


def _boxes(box: Box, n: int, frame: Frame) -> list[Box]:
    """Return the boxes of `n` panels in rows and columns, so that the frame is drawn largest."""
    tries = []
    for columns in range(1, n + 1):
        rows = math.ceil(n / columns)
        wide = (box.width - _GAP_MM * (columns - 1)) / columns
        high = (box.height - _GAP_MM * (rows - 1)) / rows - _NAME_MM
        if min(wide, high) <= 0:
            continue
        ground = max((frame[2] - frame[0]) / wide, (frame[3] - frame[1]) / high)
        tries.append((ground, columns, wide, high))
    _ground, columns, wide, high = min(tries)
    return [
        Box(
            box.x + (i % columns) * (wide + _GAP_MM),
            box.y + (i // columns) * (high + _NAME_MM + _GAP_MM) + _NAME_MM,
            wide,
            high,
        )
        for i in range(n)
    ]
