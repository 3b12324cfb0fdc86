"""Where labels stand: never on one another, never outside the map, near what they name.

Each label tries its places in order of how good they are and takes the first that is free; the
most important labels choose first. A label that must stand and finds nothing near is moved further
out and gets a line to its place, across other labels and their lines only where nothing else is
free. Method: the sequential placement of Yoeli (1972) with the point
positions of Imhof (1975); a search for the global best is not worth its time with tens of labels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from markupsafe import Markup

from maps.fonts import Weight, width
from maps.pictures.svg import tag
from maps.printed.canvas import MM_PER_PT, Canvas, words
from maps.printed.layer import Label

_AIR_MM: Final = 0.35
"""Least room between labels."""

_SLACK: Final = 1.06
"""A browser without the font takes another one, some percent wider."""

_LINE: Final = 1.12
_ASCENT: Final = 0.73
_LEADER_FROM_MM: Final = 2.6
_AROUND: Final = (45, -45, 135, -135, 0, 180, 90, -90)
"""Directions in degrees from the right, upwards positive, best first (Imhof)."""

_FURTHER_MM: Final = (0.0, 1.2, 2.6, 4.5, 7.0, 10.0, 14.0, 19.0, 26.0, 36.0, 50.0, 70.0)


@dataclass(frozen=True)
class Placed:
    """A label with its middle on paper, in millimetres, and the place or shape that it names."""

    label: Label
    x: float
    y: float
    width: float
    height: float
    target: shapely.Geometry

    @property
    def outline(self) -> shapely.Polygon:
        """What it covers."""
        return _outline(self.x, self.y, self.width, self.height, self.label.angle)

    @property
    def leader(self) -> shapely.LineString | None:
        """The line to its place; ``None`` where it stands at it."""
        return _leader(self.label, self.outline, self.target)


def place(
    labels: Sequence[Label], canvas: Canvas, obstacles: Sequence[shapely.Geometry] = ()
) -> tuple[list[Placed], list[Label]]:
    """Find a place for each label.

    Parameters
    ----------
    labels
        What should stand on the map; those of places outside it are left out.
    canvas
        The map.
    obstacles
        What no label may cover, in millimetres on paper.

    Returns
    -------
    tuple
        The labels that stand, no two of them touching, and those for which no room was left.
    """
    taken = list(obstacles)
    placed: list[Placed] = []
    unplaced: list[Label] = []
    inside = shapely.box(
        canvas.box.x + 0.6, canvas.box.y + 0.6, canvas.box.right - 0.6, canvas.box.bottom - 0.6
    )
    shapely.prepare(inside)
    order = sorted(labels, key=lambda one: (one.rank, one.text, one.x_m, one.y_m))
    standing: set[str] = set()
    for label in order:
        if label.once in standing:
            continue
        x, y = canvas.to_paper(np.array([[label.x_m, label.y_m]]))[0].tolist()
        if not inside.covers(shapely.Point(x, y)):
            continue
        wide, high = _size(label)
        home: shapely.Geometry = shapely.Point(x, y)
        others: Sequence[shapely.Geometry] = taken
        if label.home is not None:
            home = shapely.transform(label.home, canvas.to_paper)
            others = [one for one in taken if not bool(shapely.equals(one, home))]
            others = [*others, shapely.boundary(home)]
        at = _first_free(label, home, _Room(label, (x, y), (wide, high), inside, others), placed)
        if at is None:
            unplaced.append(label)
            continue
        standing |= {label.once} - {""}
        placed.append(Placed(label, *at, wide, high, home))
        taken.append(placed[-1].outline)
    return placed, unplaced


@dataclass(frozen=True)
class _Room:
    """Where one label may stand: its place, its size, the map, and what is taken."""

    label: Label
    at: tuple[float, float]
    size: tuple[float, float]
    inside: shapely.Polygon
    taken: Sequence[shapely.Geometry]

    def free(self) -> tuple[list[tuple[float, float]], list[shapely.Polygon]]:
        """Return the free places for its middle, the best first, and what it would cover."""
        tries = list(_tries(self.label, self.at, self.size))
        outlines = np.array([_outline(x, y, *self.size, self.label.angle) for x, y in tries])
        free = shapely.covers(self.inside, outlines)
        if self.taken and bool(free.any()):
            tree = shapely.STRtree(outlines[free])
            hit, _other = tree.query(np.array(self.taken), predicate="intersects")[::-1]
            ok = np.ones(int(free.sum()), dtype=bool)
            ok[hit] = False
            free[np.flatnonzero(free)] = ok
        found = np.flatnonzero(free).tolist()
        return [tries[i] for i in found], [outlines[i] for i in found]


def _first_free(
    label: Label, home: shapely.Geometry, room: _Room, placed: Sequence[Placed]
) -> tuple[float, float] | None:
    """Return the first free place that no other label's line crosses and whose line crosses none.

    Where every free place has such a crossing, the first of them.
    """
    places, outlines = room.free()
    if not places or label.place == "along":
        return places[0] if places else None
    words_: list[shapely.Geometry] = [one.outline for one in placed]
    lines: list[shapely.Geometry] = [one.leader for one in placed if one.leader is not None]
    for at, outline in zip(places, outlines, strict=True):
        own = _leader(label, outline, home)
        crossed = shapely.intersects(lines, outline).any()
        if own is not None and not crossed:
            crossed = shapely.intersects([*words_, *lines], own).any()
        if not crossed:
            return at
    return places[0]


def _leader(
    label: Label, outline: shapely.Polygon, home: shapely.Geometry
) -> shapely.LineString | None:
    """Return the line from a label to what it names, where it stands far from it."""
    line = shapely.shortest_line(outline, home)
    if label.place == "along" or line.length - label.clear_mm <= _LEADER_FROM_MM:
        return None
    return line


def _tries(
    label: Label, target: tuple[float, float], size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Yield places for the middle of a label, the best first."""
    x, y = target
    wide, high = size
    if label.place in ("inside", "along"):
        yield x, y
        if label.place == "along":
            return
        for step in (0.6, 1.2, 1.8, 2.6):
            for degrees in (90, -90, 0, 180, 45, 135, -45, -135):
                turn = math.radians(degrees)
                yield x + step * high * math.cos(turn) * 1.5, y - step * high * math.sin(turn)
    if label.place == "inside" and not label.required:
        return
    for further in _FURTHER_MM:
        for degrees in _AROUND if further < 5 else range(-180, 180, 15):
            turn = math.radians(degrees)
            right, up = math.cos(turn), math.sin(turn)
            gap = label.clear_mm + further
            yield (
                x + right * gap + math.copysign(wide / 2, right) * (abs(right) > 0.1),
                y - up * gap - math.copysign(high / 2, up) * (abs(up) > 0.1),
            )


def _size(label: Label) -> tuple[float, float]:
    lines = label.text.split("\n")
    size = label.size_pt * MM_PER_PT
    wide = max(width(line, size, label.weight) for line in lines) * _SLACK
    return wide + 2 * _AIR_MM, size * _LINE * len(lines) + 2 * _AIR_MM


def _outline(x: float, y: float, wide: float, high: float, angle: float) -> shapely.Polygon:
    box = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    if not angle:
        return box
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    shift = np.array([x, y])
    return shapely.transform(
        box, lambda xy: (xy - shift) @ np.array([[cos, sin], [-sin, cos]]) + shift
    )


def drawn(placed: Sequence[Placed]) -> Markup:
    """Return the labels as SVG, with a line to the place where one stands far from it."""
    lines, texts = [], []
    for one in placed:
        leader = one.leader
        if leader is not None:
            (x, y), (u, v) = shapely.get_coordinates(leader).tolist()
            d = f"M{x:.2f} {y:.2f}L{u:.2f} {v:.2f}"
            lines.append(tag("path", d=d, stroke=one.label.colour, stroke_width="0.2", fill="none"))
        size = one.label.size_pt * MM_PER_PT
        parts = one.label.text.split("\n")
        top = one.y - size * _LINE * len(parts) / 2
        texts += [
            words(
                part,
                one.x,
                top + size * (_LINE * row + (_LINE + _ASCENT - 0.27) / 2 + 0.04),
                one.label.size_pt,
                weight=one.label.weight,
                colour=one.label.colour,
                anchor="middle",
                halo=True,
                turn=one.label.angle,
            )
            for row, part in enumerate(parts)
        ]
    return Markup().join([*lines, *texts])


def obstacle(x: float, y: float, size: float) -> shapely.Polygon:
    """Return the room of a symbol."""
    half = size / 2 + 0.2
    return shapely.box(x - half, y - half, x + half, y + half)


def wrapped(text: str, size: float, wide: float, weight: Weight = "regular") -> list[str]:
    """Return a text in lines no wider than `wide`, broken at its blanks.

    Parameters
    ----------
    text
        The text; a single word that is too wide stands alone.
    size, wide
        In the same unit.
    weight
        Of the letters.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) * _SLACK <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def area_name(text: str, longest: int = 16) -> str:
    """Return a name in two lines where it is long, broken at the blank nearest its middle."""
    breaks = [i for i, letter in enumerate(text) if letter == " "]
    if len(text) <= longest or not breaks:
        return text
    at = min(breaks, key=lambda i: (abs(i - len(text) / 2), i))
    return text[:at] + "\n" + text[at + 1 :]
