"""A map with all that a reader needs to judge it, on a sheet of its own or in a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from geodata.disclosure import Profile
from geodata.language import gettext as _
from geodata.language import language, ngettext
from maps.fonts import FAMILY
from maps.pictures.svg import tag
from maps.printed.backdrop import Backdrop
from maps.printed.canvas import KEY, Canvas, fitting_scale
from maps.printed.drawing import draw, patterns
from maps.printed.layer import Frame, Label, Layer
from maps.printed.options import PrintOptions
from maps.printed.plan import Furnished, Orientation, Size, foot, marks, plan_sheet, sheet_size

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.interactive import MapFacts


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
    plan = plan_sheet(
        layers, facts, (wide, high), frame=frame, furnished=furnished, title=title, number=number
    )
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


def check_profiles(layers: Sequence[Layer], profile: Profile) -> None:
    """Refuse layers of another profile than the map's."""
    foreign = sorted({layer.title for layer in layers if layer.profile != profile})
    if foreign:
        msg = f"layers released for another profile than {profile}: {foreign}"
        raise ValueError(msg)


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
