"""What a printed map is made of: layers of shapes, symbols and labels with their legend.

A theme (`maps.printed.themes`) turns a released table into a `Layer`; `maps.printed.printed_map`
draws layers without knowing what they mean. A new theme needs nothing but this module:

>>> def benches(table: Released) -> Layer:
...     look = Look(fill="#ffffff", line="#1d2327")
...     points = np.asarray(table.table.geometry.array)
...     return Layer(
...         title="Bänkar",
...         profile=table.profile,
...         marks=(Symbols(points, "square", 2.0, look),),
...         legend=(Key("square", look, "bänk"),),
...         alt="Bänkarna är ritade som kvadrater.",
...     )

Lengths on paper are in millimetres (``_mm``) or points (``_pt``), places in metres of the project's
CRS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from geodata.disclosure import Profile
from maps.fonts import Weight

Geometries = npt.NDArray[np.object_]
Frame = tuple[float, float, float, float]
"""Left, bottom, right and top in metres."""

Shape = Literal["circle", "square", "diamond", "triangle", "cross", "ring"]
KeyShape = Literal[
    "fill", "line", "circle", "square", "diamond", "triangle", "cross", "ring", "text"
]


@dataclass(frozen=True)
class Hatch:
    """Lines across a surface: colour, distance and angle (degrees from upright)."""

    colour: str = "#4a4f54"
    gap_mm: float = 1.3
    width_mm: float = 0.22
    angle: float = 45.0
    ground: str = "#ffffff"


@dataclass(frozen=True)
class Look:
    """How something is drawn; ``None`` is not at all. ``dash_mm`` are lengths of line and gap."""

    fill: str | None = None
    line: str | None = None
    width_mm: float = 0.3
    dash_mm: tuple[float, ...] = ()
    hatch: Hatch | None = None
    opacity: float = 1.0
    halo: bool = False


@dataclass(frozen=True)
class Shapes:
    """Polygons or lines of one look, drawn in the order given.

    A polygon that would be smaller than ``least_mm`` on paper is drawn as a disc of that width.
    """

    shapes: Geometries
    look: Look
    least_mm: float = 0.0


@dataclass(frozen=True)
class Symbols:
    """Points of one look.

    ``texts`` stand within the symbols, one each. With ``spread`` symbols that would lie on one
    another are moved apart, with a line to their place.
    """

    points: Geometries
    shape: Shape
    size_mm: float
    look: Look
    texts: tuple[str, ...] = ()
    ink: str = "#ffffff"
    spread: bool = False


@dataclass(frozen=True)
class Label:
    """A text that finds a free place of its own.

    Attributes
    ----------
    text
        What it says; a line break begins a new line.
    x_m, y_m
        What it belongs to.
    place
        ``inside``: on the place itself, moved only as far as it must. ``beside``: next to it, at
        least ``clear_mm`` away, with a line to it where it had to move far. ``along``: turned by
        ``angle`` degrees, there or not at all.
    required
        Drawn wherever there is room; others are left out where there is none.
    rank
        Lower ones choose first.
    home
        The shape that it names, in metres: it may stand whole within that shape or outside it,
        never on its edge, and a line leads to the shape's edge.
    once
        Of the labels with the same word here, only the first that finds room stands.
    """

    text: str
    x_m: float
    y_m: float
    place: Literal["inside", "beside", "along"] = "beside"
    clear_mm: float = 1.5
    size_pt: float = 8.0
    weight: Weight = "semibold"
    colour: str = "#1d2327"
    required: bool = True
    rank: int = 50
    angle: float = 0.0
    home: shapely.Geometry | None = None
    once: str = ""


@dataclass(frozen=True)
class Key:
    """A line of the legend."""

    shape: KeyShape
    look: Look
    text: str
    size_mm: float = 3.0
    mark: str = ""


@dataclass(frozen=True)
class Layer:
    """One layer of a printed map, of one released table.

    Attributes
    ----------
    title
        Its heading in the legend, with unit; layers of the same title share one.
    profile
        Whom its table was released for.
    marks, labels
        What is drawn, lowest first.
    legend
        What the signs mean.
    level
        ``under`` the streets (surfaces) or ``over`` them.
    keep_clear
        Whether no label may cover its shapes; symbols are always kept clear.
    tags
        Short words that must stand on the map, such as ``Preliminär gräns``.
    notes
        Sentences beneath the legend: what is hidden, what is left out.
    alt
        What it shows, in a sentence or two, for those who can't see it.
    """

    title: str
    profile: Profile
    marks: tuple[Shapes | Symbols, ...] = ()
    labels: tuple[Label, ...] = ()
    legend: tuple[Key, ...] = ()
    level: Literal["under", "over"] = "over"
    keep_clear: bool = False
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alt: str = ""
