"""Where everything stands on a map's sheet: head, map, legend, scale, caveat and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup

from geodata.disclosure import marking
from geodata.language import day
from geodata.language import gettext as _
from maps.fonts import width
from maps.paper import kind_names, synthetic_mark
from maps.printed.canvas import MM_PER_PT, Box, fitting_scale, words
from maps.printed.furniture import (
    SMALL_PT,
    Piece,
    chips,
    legend_blocks,
    north_arrow,
    scale_bar,
    stacked,
    text_block,
)
from maps.printed.labels import wrapped
from maps.printed.layer import Frame, Layer

if TYPE_CHECKING:
    from maps.interactive import MapFacts

Size = Literal["A4", "A3"] | tuple[float, float]
Orientation = Literal["portrait", "landscape"]
Furnished = Literal["sheet", "figure"]

SHEETS_MM: Final[Mapping[str, tuple[float, float]]] = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
_MARGIN_MM: Final = 10.0
_COLUMN_MM: Final = 56.0
_GAP_MM: Final = 5.0
_LEAST_MAP_MM: Final = 25.0
_FOOT_MM: Final = 11.0
_SOFT: Final = "#4f5a61"


@dataclass(frozen=True)
class Plan:
    """Where everything stands: the map's box, what is around it, and where scale and north go."""

    map: Box
    around: tuple[Markup, ...]
    foot: tuple[float, float]
    foot_width: float


def sheet_size(size: Size, orientation: Orientation) -> tuple[float, float]:
    """Return width and height in millimetres."""
    if isinstance(size, tuple):
        return size
    short, long = SHEETS_MM[size]
    return (long, short) if orientation == "landscape" else (short, long)


def plan_sheet(
    layers: Sequence[Layer],
    facts: MapFacts,
    size: tuple[float, float],
    *,
    frame: Frame,
    furnished: Furnished,
    title: str,
    number: int | None,
) -> Plan:
    """Say where everything stands on a sheet, and draw all of it but the map and its scale.

    The legend goes beside the map or beneath it, where the frame is then drawn larger.

    Raises
    ------
    ValueError
        If the size leaves no room for the map and its legend.
    """
    wide, high = size
    margin = _MARGIN_MM if furnished == "sheet" else 0.2
    inner = wide - 2 * margin
    around: list[Markup] = []
    top = margin
    bottom = high - margin
    if furnished == "sheet":
        head = _head(layers, facts, inner, title=title, number=number)
        around.append(head.at(margin, top))
        top += head.height + 2.5
        closing = _closing(facts, inner)
        bottom -= closing.height
        around.append(closing.at(margin, bottom))
        bottom -= 2.5
    else:
        below = _line_of_marks(layers, facts, inner)
        bottom -= below.height + 0.6
        around.append(below.at(margin, bottom + 0.6))
    room = Box(margin, top, inner, bottom - top)
    plans = [_beside(layers, room), _beneath(layers, room)]
    fitting = [plan for plan in plans if plan is not None]
    if not fitting:
        msg = "the size leaves no room for the map and its legend"
        raise ValueError(msg)
    best = min(fitting, key=lambda plan: fitting_scale(frame, plan.map))
    return replace(best, around=(*around, *best.around))


def _beside(layers: Sequence[Layer], room: Box) -> Plan | None:
    column = min(_COLUMN_MM, room.width * 0.32)
    left = room.right - column
    legend = stacked(legend_blocks(layers, column), 3.2)
    box = Box(room.x, room.y, room.width - column - _GAP_MM, room.height)
    if min(box.width, box.height) < _LEAST_MAP_MM or legend.height + _FOOT_MM + 3 > room.height:
        return None
    corner = (left, room.bottom - _FOOT_MM)
    return Plan(box, (legend.at(left, room.y),), corner, column - 10)


def _beneath(layers: Sequence[Layer], room: Box) -> Plan | None:
    legend, foot_width = _columns(layers, room.width)
    top = room.bottom - max(legend.height, _FOOT_MM)
    box = Box(room.x, room.y, room.width, top - room.y - 3.0)
    if min(box.width, box.height) < _LEAST_MAP_MM:
        return None
    corner = (room.right - foot_width, top - 0.5)
    return Plan(box, (legend.at(room.x, top),), corner, foot_width - 10)


def _columns(layers: Sequence[Layer], inner: float) -> tuple[Piece, float]:
    """Return the legend in columns beneath the map, and what width is left for the scale."""
    foot = min(_COLUMN_MM, inner * 0.36)
    room = inner - foot - _GAP_MM
    n = max(1, int(room // 48))
    column = (room - _GAP_MM * (n - 1)) / n
    blocks = legend_blocks(layers, column)
    columns: list[list[Piece]] = [[] for _n in range(n)]
    for block in blocks:
        heights = [sum(piece.height + 3 for piece in pieces) for pieces in columns]
        columns[heights.index(min(heights))].append(block)
    pieces = [stacked(blocks, 3.0) for blocks in columns]
    parts = [piece.at((column + _GAP_MM) * i, 0) for i, piece in enumerate(pieces)]
    return Piece(Markup().join(parts), max(piece.height for piece in pieces)), foot


def foot(plan: Plan, scale: int) -> Markup:
    """Return the scale bar and the north arrow where the plan has them."""
    x, y = plan.foot
    return Markup().join(
        [
            north_arrow().at(x, y),
            scale_bar(scale, plan.foot_width - 6).at(x + 10, y + 1.2),
        ]
    )


def marks(layers: Sequence[Layer], facts: MapFacts) -> list[str]:
    """Return the words that every map must bear: marking, made-up data, tags of its layers."""
    found = [marking(facts.profile)]
    if facts.synthetic:
        found.append(synthetic_mark())
    return list(dict.fromkeys([*found, *(tag for layer in layers for tag in layer.tags)]))


def _head(
    layers: Sequence[Layer], facts: MapFacts, inner: float, *, title: str, number: int | None
) -> Piece:
    drawn, _wide = chips(facts.profile, marks(layers, facts))
    parts = [drawn]
    if number is not None:
        name = f"{kind_names()['map']} {number}"
        parts.append(words(name, inner, 3.2, 10, weight="semibold", anchor="end", colour=_SOFT))
    big = 16 * MM_PER_PT
    lines = wrapped(title, big, inner, "semibold")
    y = 4.2 + 1.4
    for line in lines:
        y += big * 1.12
        parts.append(words(line, 0, y, 16, weight="semibold"))
    period = period_text(facts)
    about = " · ".join(part for part in (facts.project, period, facts.counted) if part)
    sub = text_block(about, inner, 9)
    parts.append(sub.at(0, y + 1.4))
    return Piece(Markup().join(parts), y + 1.4 + sub.height)


def period_text(facts: MapFacts) -> str:
    """Return first to last day."""
    if facts.first_date is None or facts.last_date is None:
        return ""
    return f"{day(facts.first_date)} – {day(facts.last_date)}"


def _closing(facts: MapFacts, inner: float) -> Piece:
    taken = _("Uttag {day}.").format(day=day(facts.extract_date)) if facts.extract_date else ""
    sources = [text if text.endswith(".") else f"{text}." for text in facts.sources]
    source = " ".join([_("Källa:"), *sources, taken]).strip() if sources or taken else ""
    program = " · ".join(part for part in (facts.software, _("Norr enligt rutnätet.")) if part)
    texts = [facts.caveat, source, program]
    return stacked([text_block(text, inner) for text in texts if text], 0.5)


def _line_of_marks(layers: Sequence[Layer], facts: MapFacts, inner: float) -> Piece:
    """Return the marking of a map in a document, and the extract date where there is room."""
    drawn, used = chips(facts.profile, marks(layers, facts))
    parts = [drawn]
    if facts.extract_date is not None:
        text = _("Uttag {day}").format(day=day(facts.extract_date))
        if used + 4 + width(text, SMALL_PT * MM_PER_PT) <= inner:
            parts.append(words(text, inner, 2.95, SMALL_PT, anchor="end", colour=_SOFT))
    return Piece(Markup().join(parts), 4.2)
