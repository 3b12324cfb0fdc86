"""The words and lists of the panel beside the map, and those that the page's script needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.disclosure import span_told
from geodata.language import day, language, number
from geodata.language import gettext as _
from maps.layers.base import MapLayer, day_forms, event_forms

if TYPE_CHECKING:
    from maps.content import Content
    from maps.interactive import MapFacts

GROUPS: Final = {
    "hotspots": ("hotspots", "grid"),
    "areas": (
        "areas_est_area",
        "areas_other",
        "areas_regso",
        "areas_deso",
        "areas_municipality",
        "areas_shaded",
    ),
    "cameras": ("camera_sites", "camera_views", "camera_masks", "camera_frontier"),
    "searches": ("search_round", "search_sites"),
    "measures": ("measures",),
    "perceived": ("perceived_cells",),
    "places": ("places",),
}
"""Keys of the layers by theme, in the order of the panel."""


@dataclass(frozen=True)
class Group:
    """The layers of one theme. An ``open`` one shows its layers when the page opens."""

    key: str
    title: str
    layers: tuple[MapLayer, ...]
    open: bool


def groups(layers: tuple[MapLayer, ...]) -> tuple[Group, ...]:
    """Return the layers by theme, what the map is about first; empty themes are left out."""
    titles = {
        "hotspots": _("Hot spots och rutnät"),
        "areas": _("Områden"),
        "cameras": _("Kameror"),
        "searches": _("Hundsök"),
        "measures": _("Åtgärder och deras effekt"),
        "perceived": _("Upplevd trygghet"),
        "places": _("Platser"),
    }
    by_key = {layer.key: layer for layer in layers}
    made = []
    for key, keys in GROUPS.items():
        members = tuple(by_key[one] for one in keys if one in by_key)
        shown = any("overview" in layer.views for layer in members)
        if members:
            made.append(Group(key, titles[key], members, shown))
    return tuple(made)


def listed(layers: tuple[MapLayer, ...]) -> list[MapLayer]:
    """Return the layers in the order of the panel."""
    return [layer for group in groups(layers) for layer in group.layers]


def fact_lines(facts: MapFacts) -> list[tuple[str, str]]:
    """Return the short facts beneath the title."""
    lines = []
    if facts.first_date and facts.last_date:
        told = span_told(facts.first_date, facts.last_date, facts.profile)
        lines.append((_("Period"), told))
    if facts.extract_date:
        lines.append((_("Uttagsdatum"), day(facts.extract_date)))
    if facts.n_events is not None:
        lines.append((_("Räknade händelser"), number(facts.n_events)))
    return lines


def about(facts: MapFacts, made: Content) -> list[tuple[str, tuple[str, ...]]]:
    """Return the headed lists at the end of the panel."""
    program = (facts.software,) if facts.software else ()
    return [
        (_("Så är kartan gjord"), facts.method),
        (_("Vad som visas och inte"), made.notes),
        (_("Källor"), facts.sources),
        (_("Program"), (*program, _("Kartvisning: Leaflet {version}").format(version="1.9.4"))),
    ]


def script_texts() -> dict[str, object]:
    """Return the words and the ways of writing numbers that the page's script needs."""
    english = language() == "en"
    return {
        "group": "," if english else "\u00a0",
        "decimal": "." if english else ",",
        "percent": "{n}%" if english else "{n}\u00a0%",
        "hidden": _("dolt"),
        "events": [event_forms(1), event_forms(2)],
        "days": [day_forms(1), day_forms(2)],
        "preliminary": _("preliminär gräns"),
        "previous": _("Föregående på samma plats"),
        "next": _("Nästa på samma plats"),
        "nth": _("{i} av {n} på platsen"),
        "details": _("Uppgifter"),
        "close": _("Stäng"),
        "zoomIn": _("Zooma in"),
        "zoomOut": _("Zooma ut"),
        "allPeriods": _("Hela perioden"),
        "inPeriod": _("Händelser {period}"),
        "noHits": _("Inget som heter så på kartan."),
        "hits": _("{n} förslag"),
        "kindArea": _("område"),
        "kindHotspot": _("hot spot"),
        "kindMeasure": _("åtgärd"),
        "kindStreet": _("gata"),
        "kindAddress": _("adress"),
        "left": _("till vänster: {period}"),
        "right": _("till höger: {period}"),
    }
