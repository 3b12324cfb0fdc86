"""A map with all that a reader needs to judge it, on a sheet of its own or in a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup

from geodata.disclosure import Profile, marking
from geodata.language import N_, day, language, ngettext
from geodata.language import gettext as _
from geodata.options import setting
from maps.fonts import FAMILY, width
from maps.paper import kind_names, synthetic_mark
from maps.pictures.svg import tag
from maps.printed.backdrop import Backdrop
from maps.printed.canvas import KEY, MM_PER_PT, Box, Canvas, fitting_scale, words
from maps.printed.drawing import draw, patterns
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
from maps.printed.layer import Frame, Label, Layer

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.interactive import MapFacts

Size = Literal["A4", "A3"] | tuple[float, float]
Orientation = Literal["portrait", "landscape"]
Furnished = Literal["sheet", "figure"]

SHEETS_MM: Final[Mapping[str, tuple[float, float]]] = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
_MARGIN_MM: Final = 10.0
_COLUMN_MM: Final = 56.0
_GAP_MM: Final = 5.0
_LEAST_MAP_MM: Final = 25.0
_SOFT: Final = "#4f5a61"


@dataclass(frozen=True)
class PrintOptions:
    """``[print]``: static maps."""

    dpi: int = setting(
        300,
        N_("Punkter per tum i PNG-bilder; fler ger skarpare bild och större fil."),
        minimum=72,
        maximum=600,
    )
    classes: int = setting(
        5,
        N_("Flest klasser på en tryckt karta; fler är svårare att skilja i gråskala."),
        minimum=2,
        maximum=6,
    )
    street_names: bool = setting(
        True, N_("Om gator får namn på kartor i skala 1:6 000 och större.")
    )


@dataclass(frozen=True, kw_only=True)
class PrintedMap:
    """A finished map.

    Attributes
    ----------
    title, number
        What it is called.
    alt
        What it shows, in words: the map's text alternative.
    scale
        Denominator of its scale at the size given.
    canvas
        Which ground lies where, so that another map can have the same frame.
    width_mm, height_mm
        Its size.
    unplaced
        Texts of labels for which no room was found.
    profile
        Whom it is for.
    """

    title: str
    number: int | None
    alt: str
    scale: int
    canvas: Canvas
    width_mm: float
    height_mm: float
    profile: Profile
    unplaced: tuple[str, ...]
    drawing: str = field(repr=False)

    def svg(self) -> str:
        """Return it as SVG, with text as text, title and description."""
        return self.drawing

    def png(self, *, dpi: float = 300) -> bytes:
        """Return it as PNG."""
        from maps.pdf import picture_png

        return picture_png(self.drawing, dpi=dpi)

    def pdf(self) -> bytes:
        """Return it as a tagged PDF page of its own size, text as text and fonts within."""
        from maps.pdf import picture_pdf

        return picture_pdf(self.drawing, title=self.title, alt=self.alt)


def printed_map(  # noqa: PLR0913 (what a map is)
    layers: Sequence[Layer],
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
    scale: int | None = None,
) -> PrintedMap:
    """Draw a map.

    Parameters
    ----------
    layers
        Lowest first, from `maps.printed.themes` or one's own.
    background
        The project's own layers; a `Backdrop` when several maps share it.
    facts
        What is printed beside the map: caveat, sources, period, extract date.
    options
        Settings of ``[print]``.
    frame
        Ground that must be seen: left, bottom, right, top in metres. More is seen where the paper
        has another shape.
    title
        What the map shows.
    size, orientation
        ``A4``, ``A3``, or width and height in millimetres, which `orientation` doesn't turn.
    number
        Number of the map.
    furnished
        ``sheet``: title, facts and caveat around, to stand alone. ``figure``: map, legend, scale
        and marking, for a document that tells the rest.
    scale
        Denominator, when it must be that of another map; else the largest round scale that fits.

    Raises
    ------
    ValueError
        If a layer was released for another profile than the map's, or the size leaves no room.
    OutputError
        If the font is missing.
    """
    check_profiles(layers, facts.profile)
    backdrop = background if isinstance(background, Backdrop) else Backdrop(background)
    wide, high = sheet_size(size, orientation)
    plan = plan_sheet(layers, facts, (wide, high), furnished=furnished, title=title, number=number)
    chosen = scale or fitting_scale(frame, plan.map)
    centre = ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)
    canvas = Canvas(plan.map, centre, chosen)
    panel = draw(layers, backdrop, canvas, street_names=options.street_names)
    parts = [patterns(layers), panel.svg, *plan.around, foot(plan, chosen)]
    alt = alt_text(title, layers, facts, panel.unplaced)
    return PrintedMap(
        title=title,
        number=number,
        alt=alt,
        scale=chosen,
        canvas=canvas,
        width_mm=wide,
        height_mm=high,
        profile=facts.profile,
        unplaced=tuple(label.text for label in panel.unplaced),
        drawing=whole(Markup().join(parts), (wide, high), title=title, alt=alt),
    )


@dataclass(frozen=True)
class Plan:
    """Where everything stands: the map's box, what is around it, and where scale and north go."""

    map: Box
    around: tuple[Markup, ...]
    foot: tuple[float, float]
    foot_width: float


def check_profiles(layers: Sequence[Layer], profile: Profile) -> None:
    """Refuse layers of another profile than the map's."""
    foreign = sorted({layer.title for layer in layers if layer.profile != profile})
    if foreign:
        msg = f"layers released for another profile than {profile}: {foreign}"
        raise ValueError(msg)


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
    furnished: Furnished,
    title: str,
    number: int | None,
) -> Plan:
    """Say where everything stands on a sheet, and draw all of it but the map and its scale."""
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
        marks = _line_of_marks(layers, facts, inner)
        bottom -= marks.height + 0.6
        around.append(marks.at(margin, bottom + 0.6))
    # A legend beside a wide map, beneath a high one.
    if inner >= 1.25 * (bottom - top):
        column = min(_COLUMN_MM, inner * 0.32)
        left = margin + inner - column
        legend = stacked(legend_blocks(layers, column), 3.2)
        around.append(legend.at(left, top))
        box = Box(margin, top, inner - column - _GAP_MM, bottom - top)
        corner = (left, bottom - 11.0)
        _check_room(box, fits=legend.height + 14 <= bottom - top)
        return Plan(box, tuple(around), corner, column - 10)
    legend, foot_width = _columns(layers, inner)
    bottom -= max(legend.height, 11.5)
    around.append(legend.at(margin, bottom))
    corner = (margin + inner - foot_width, bottom - 0.5)
    box = Box(margin, top, inner, bottom - top - 3.0)
    _check_room(box, fits=True)
    return Plan(box, tuple(around), corner, foot_width - 10)


def _check_room(box: Box, *, fits: bool) -> None:
    if min(box.width, box.height) < _LEAST_MAP_MM or not fits:
        msg = "the size leaves no room for the map and its legend"
        raise ValueError(msg)


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


def alt_text(
    title: str, layers: Sequence[Layer], facts: MapFacts, unplaced: Sequence[Label] = ()
) -> str:
    """Return what a map shows, in words: title, marks, and what each layer tells."""
    told = [_("Karta: {title}.").format(title=title.rstrip("."))]
    told += [f"{mark.capitalize()}." for mark in marks(layers, facts)[1:]]
    told += [layer.alt for layer in reversed(layers) if layer.alt]
    if unplaced:
        n = len(unplaced)
        text = ngettext("{n} namn fick inte rum.", "{n} namn fick inte rum.", n)
        told.append(text.format(n=n))
    return " ".join(told)


def whole(inside: Markup, size: tuple[float, float], *, title: str, alt: str) -> str:
    """Return a sheet as SVG whose ids are its own, however many stand on one page."""
    wide, high = (f"{side:g}" for side in size)
    made = tag(
        "svg",
        tag("title", title),
        tag("desc", alt),
        tag("rect", width=wide, height=high, fill="#ffffff"),
        inside,
        xmlns="http://www.w3.org/2000/svg",
        width=f"{wide}mm",
        height=f"{high}mm",
        viewBox=f"0 0 {wide} {high}",
        role="img",
        font_family=f"'{FAMILY}', 'Segoe UI', Arial, sans-serif",
        lang=language(),
    )
    own = "k" + hashlib.sha256(made.encode()).hexdigest()[:8]
    return str(made).replace(KEY, own)
