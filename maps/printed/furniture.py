"""What stands around a map: legend, scale bar, north arrow and marks, each with its height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from geodata.disclosure import Profile
from geodata.language import gettext as _
from geodata.language import number
from maps.fonts import width
from maps.pictures.svg import tag
from maps.printed.canvas import MM_PER_PT, paint, symbol, words
from maps.printed.labels import wrapped
from maps.printed.layer import Key, Layer, Look

TEXT_PT: Final = 8.0
SMALL_PT: Final = 7.0
_ROW_MM: Final = 4.3
_LINE: Final = 1.22
_SWATCH_MM: Final = 7.0
_MARKS: Final = {
    "intern": ("#9b1c1c", "#ffffff"),
    "samverkan": ("#6b4a00", "#ffffff"),
    "publik": ("#e6eef1", "#12506b"),
}
_SOFT: Final = "#4f5a61"


@dataclass(frozen=True)
class Piece:
    """A part of the sheet drawn from its own upper left corner."""

    svg: Markup
    height: float

    def at(self, x: float, y: float) -> Markup:
        """Return it with its corner at a place."""
        return tag("g", self.svg, transform=f"translate({x:.2f} {y:.2f})")


def text_block(text: str, wide: float, size_pt: float = SMALL_PT, *, colour: str = _SOFT) -> Piece:
    """Return a text in lines of at most `wide` millimetres."""
    size = size_pt * MM_PER_PT
    lines = wrapped(text, size, wide) if text else []
    drawn = [
        words(line, 0, size * (0.95 + _LINE * row), size_pt, colour=colour)
        for row, line in enumerate(lines)
    ]
    return Piece(Markup().join(drawn), size * _LINE * len(lines))


def stacked(pieces: Sequence[Piece], gap: float) -> Piece:
    """Return pieces one beneath the other."""
    parts, y = [], 0.0
    for piece in pieces:
        parts.append(piece.at(0, y))
        y += piece.height + gap
    return Piece(Markup().join(parts), max(0.0, y - gap))


def legend_blocks(layers: Sequence[Layer], wide: float) -> list[Piece]:
    """Return the legend: a block a heading, layers of the same heading together, in their order.

    Parameters
    ----------
    layers
        Lowest first; the legend tells the uppermost first.
    wide
        Width in millimetres.
    """
    titles = list(dict.fromkeys(layer.title for layer in reversed(layers)))
    blocks = []
    told: set[str] = set()
    for title in titles:
        same = [layer for layer in layers if layer.title == title]
        keys = list(dict.fromkeys(key for layer in same for key in layer.legend))
        notes = dict.fromkeys(note for layer in same for note in layer.notes if note not in told)
        told |= set(notes)
        if not keys and not notes:
            continue
        pieces = [_heading(title, wide), *(_row(key, wide) for key in keys)]
        pieces += [text_block(note, wide) for note in notes]
        blocks.append(stacked(pieces, 0.9))
    return blocks


def _heading(text: str, wide: float) -> Piece:
    size = TEXT_PT * MM_PER_PT
    lines = wrapped(text, size, wide, "semibold")
    drawn = [
        words(line, 0, size * (0.9 + _LINE * row), TEXT_PT, weight="semibold")
        for row, line in enumerate(lines)
    ]
    return Piece(Markup().join(drawn), size * _LINE * len(lines) + 0.3)


def _row(key: Key, wide: float) -> Piece:
    size = TEXT_PT * MM_PER_PT
    left = _SWATCH_MM + 1.8
    lines = wrapped(key.text, size, wide - left)
    drawn = [
        words(line, left, _ROW_MM / 2 + size * (0.34 + _LINE * row), TEXT_PT)
        for row, line in enumerate(lines)
    ]
    high = max(_ROW_MM, size * _LINE * (len(lines) - 1) + _ROW_MM)
    return Piece(Markup().join([_swatch(key), *drawn]), high)


def _swatch(key: Key) -> Markup:
    middle = _ROW_MM / 2
    if key.shape == "fill":
        return tag(
            "rect", x=0.2, y=0.4, width=_SWATCH_MM - 0.4, height=_ROW_MM - 0.8, **paint(key.look)
        )
    if key.shape == "line":
        d = f"M0 {middle:.2f}H{_SWATCH_MM:g}"
        return tag("path", d=d, **{**paint(key.look), "fill": "none"})
    if key.shape == "text":
        size = TEXT_PT * 0.95
        baseline = middle + size * MM_PER_PT * 0.34
        x = _SWATCH_MM / 2
        return words(key.mark, x, baseline, size, weight="semibold", anchor="middle")
    drawn = symbol(key.shape, _SWATCH_MM / 2, middle, key.size_mm, key.look)
    if key.mark:
        pt = key.size_mm * 0.62 / MM_PER_PT
        ink = "#ffffff" if key.look.fill not in (None, "#ffffff") else "#1d2327"
        baseline = middle + key.size_mm * 0.215
        drawn += words(
            key.mark, _SWATCH_MM / 2, baseline, pt, weight="bold", colour=ink, anchor="middle"
        )
    return drawn


def scale_bar(scale: int, longest_mm: float) -> Piece:
    """Return a bar of a round length, halved, with its unit, and the scale as a fraction."""
    metres = longest_mm * scale / 1000
    power = 10.0 ** math.floor(math.log10(metres))
    length = next(step * power for step in (5.0, 2.0, 1.0) if step * power <= metres)
    unit, size = ("km", 1000.0) if length >= 1000 else ("m", 1.0)
    wide = length * 1000 / scale
    y = 3.4
    parts = [
        tag("rect", x=0, y=y, width=wide / 2, height=1.1, fill="#1d2327"),
        tag(
            "rect",
            x=wide / 2,
            y=y,
            width=wide / 2,
            height=1.1,
            fill="#ffffff",
            stroke="#1d2327",
            stroke_width="0.2",
        ),
        tag(
            "rect",
            x=0,
            y=y,
            width=wide,
            height=1.1,
            fill="none",
            stroke="#1d2327",
            stroke_width="0.2",
        ),
    ]
    for share in (0.0, 0.5, 1.0):
        value = length * share / size
        text = number(value, 0 if value == int(value) else 1 if (value * 10) % 1 == 0 else 2)
        text += f"\u00a0{unit}" if share == 1 else ""
        anchor = "start" if share == 0 else "middle"
        parts.append(words(text, wide * share, 2.5, SMALL_PT, anchor=anchor))
    ratio = _("Skala 1:{scale}").format(scale=number(scale))
    parts.append(words(ratio, 0, y + 4.1, SMALL_PT, colour=_SOFT))
    return Piece(Markup().join(parts), y + 5.0)


def north_arrow() -> Piece:
    """Return an arrow towards the grid's north, 6 mm wide."""
    parts = [
        tag("path", d="M3 3.2L5.2 10.4L3 8.8Z", fill="#1d2327"),
        tag(
            "path",
            d="M3 3.2L0.8 10.4L3 8.8Z",
            fill="#ffffff",
            stroke="#1d2327",
            stroke_width="0.25",
            stroke_linejoin="round",
        ),
        words("N", 3, 2.6, 8.0, weight="bold", anchor="middle"),
    ]
    return Piece(Markup().join(parts), 10.6)


def chips(profile: Profile, marks: Sequence[str]) -> tuple[Markup, float]:
    """Return the marking of the profile and other marks in a row, and how wide it is."""
    looks = [_MARKS[profile], *[("#fdf0d0", "#6b4a00")] * (len(marks) - 1)]
    parts, x = [], 0.0
    for text, (back, front) in zip(marks, looks, strict=True):
        wide = width(text, SMALL_PT * MM_PER_PT, "bold") + 3.2
        parts.append(tag("rect", x=x, y=0, width=wide, height=4.2, rx="0.6", fill=back))
        parts.append(words(text, x + 1.6, 2.95, SMALL_PT, weight="bold", colour=front))
        x += wide + 1.6
    return Markup().join(parts), x - 1.6


def frame_line(x: float, y: float, wide: float, high: float) -> Markup:
    """Return the line around a map."""
    look = Look(line="#1d2327", width_mm=0.3)
    return tag("rect", x=x, y=y, width=wide, height=high, **paint(look))
