"""Perceived safety against reports as a drawn map: nine colours, and marks where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import number
from maps.layers.perceived import BIVARIATE, class_words
from maps.pictures.svg import picture, tag

WIDTH: Final = 1000.0
"""Units across the drawing; it is scaled to the page."""

_MARGIN: Final = 0.03
_TALLEST: Final = 0.9
"""Of the width."""

_SMALLEST: Final = 9.0
"""Units that a shape is drawn at least, so that a far one can be seen."""


@dataclass(frozen=True)
class Piece:
    """One coloured shape.

    Attributes
    ----------
    shape
        Polygon in metres.
    classes
        Of unsafe and of reported, 0–2; ``None`` where too few have answered.
    mark
        Number in the list of disagreements, or empty.
    hint
        What it holds, in words.
    """

    shape: Any
    classes: tuple[int, int] | None
    mark: str
    hint: str


def bivariate_map(
    key: str,
    title: str,
    pieces: Sequence[Piece],
    outlines: Sequence[tuple[str, Any]],
    *,
    description: str,
    letter: float = 19.0,
) -> Markup:
    """Draw the pieces, north up, with outlines and their names on top.

    Parameters
    ----------
    key, title, description
        Id on the page, name, and content in words.
    pieces
        At least one.
    outlines
        Name and polygon of areas; only those near the pieces are drawn.
    letter
        Height of the areas' names, units of the drawing.
    """
    bounds = np.array([piece.shape.bounds for piece in pieces])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    pad = (_MARGIN + letter / WIDTH) * float((high - low).max())  # with room for a name on top
    low, high = low - pad, high + pad
    near = [one for one in outlines if shapely.intersects(one[1], shapely.box(*low, *high))]
    scale = min(WIDTH / (high[0] - low[0]), _TALLEST * WIDTH / (high[1] - low[1]))
    width, height = (high - low) * scale

    def drawn(shape: Any) -> str:  # noqa: ANN401 (a polygon)
        return _path(shape, low[0], high[1], scale)

    parts: list[Markup] = []
    for piece in pieces:
        colour = "none" if piece.classes is None else BIVARIATE[piece.classes[0]][piece.classes[1]]
        kind = "few" if piece.classes is None else "piece"
        hint = tag("title", piece.hint)
        parts.append(tag("path", hint, class_=kind, d=drawn(piece.shape), fill=colour))
    for _name, shape in near:
        parts.append(tag("path", class_="outline", d=drawn(shape)))
    for name, shape in near:
        x, y = (shape.centroid.x - low[0]) * scale, (high[1] - shape.bounds[3]) * scale
        half = 0.32 * letter * len(name)  # letters are some 0.6 as wide as high
        at, up = min(max(x, half), width - half), max(y - letter / 3, letter)
        parts.append(tag("text", name, class_="area-name", x=at, y=up, text_anchor="middle"))
    for piece in pieces:
        if piece.mark:
            centre = shapely.point_on_surface(piece.shape)
            x, y = (centre.x - low[0]) * scale, (high[1] - centre.y) * scale
            parts.append(tag("circle", class_="mark", cx=x, cy=y, r=13))
            parts.append(
                tag("text", piece.mark, class_="mark-text", x=x, y=y + 5.5, text_anchor="middle")
            )
    box = f"0 0 {width:.0f} {height:.0f}"
    return picture(key, title, description, *parts, class_="bivariate", viewBox=box)


def bivariate_legend(key: str) -> Markup:
    """Draw the nine colours as a square, unsafe upwards and reported to the right."""
    side, gap, left, foot = 34.0, 2.0, 30.0, 30.0
    parts: list[Markup] = []
    for unsafe in range(3):
        for reported in range(3):
            hint = tag("title", class_words(unsafe, reported))
            x, y = left + reported * (side + gap), (2 - unsafe) * (side + gap)
            colour = BIVARIATE[unsafe][reported]
            parts.append(
                tag("rect", hint, x=x, y=y, width=side, height=side, fill=colour, class_="piece")
            )
    size = 3 * side + 2 * gap
    middle = left + size / 2
    parts.append(tag("text", _("fler rapporter →"), x=middle, y=size + 20, text_anchor="middle"))
    turn = f"rotate(-90 14 {size / 2:.0f})"
    parts.append(
        tag(
            "text", _("mer otrygghet →"), x=14, y=size / 2 + 4, text_anchor="middle", transform=turn
        )
    )
    words = _("Nio färger: orange växer med upplevd otrygghet, blått med rapporter.")
    return picture(
        key,
        _("Teckenförklaring"),
        words,
        *parts,
        class_="bivariate-legend",
        viewBox=f"0 0 {left + size + 4:.0f} {size + foot:.0f}",
    )


def piece_words(name: str, unsafe: int, safe: int, reported: int) -> str:
    """Return what a cell holds, in words."""
    return _("{name}: {unsafe} svar otryggt, {safe} tryggt, {reported} rapporter").format(
        name=name, unsafe=number(unsafe), safe=number(safe), reported=number(reported)
    )


def _path(shape: Any, left: float, top: float, scale: float) -> str:  # noqa: ANN401 (a polygon)
    if shape.area * scale**2 < _SMALLEST**2:
        reach = _SMALLEST / 2 / scale
        shape = shapely.box(
            shape.centroid.x - reach,
            shape.centroid.y - reach,
            shape.centroid.x + reach,
            shape.centroid.y + reach,
        )
    shape = shapely.simplify(shape, 1.0 / scale)
    written = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            corners = shapely.get_coordinates(ring)[:-1]
            x, y = (corners[:, 0] - left) * scale, (top - corners[:, 1]) * scale
            points = " ".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
            written.append(f"M{points}Z")
    return "".join(written)
