"""The map for a screen: one HTML file with everything in it, that asks no one for anything.

A Folium map whose parts are all within the page. Nothing is fetched unless the project file asks
for tiles, and a Content-Security-Policy holds the browser to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from geodata.disclosure import Profile, Released
from geodata.language import N_
from geodata.options import setting

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class MapOptions:
    """``[map]``: what the map shows and how light it is."""

    tiles: str = setting(
        "",
        N_(
            "Adressmall för en bakgrundskarta från nätet, med {z}, {x} och {y}. Tomt: ingen, och "
            "kartan gör inga anrop. Med en adress ser den som äger den vilken plats som visas."
        ),
    )
    attribution: str = setting(
        "", N_("Upphovsuppgift för bakgrundskartan från nätet; krävs med tiles.")
    )
    grid_classes: int = setting(
        5, N_("Flest klasser i rutnätet; fler visar finare skillnader."), minimum=2, maximum=7
    )
    places_from_zoom: int = setting(
        15,
        N_("Zoomnivå från vilken platserna visas; lägre visar dem tidigare men tätare."),
        minimum=8,
        maximum=19,
    )
    simplify_m: float = setting(
        1.5,
        N_("Så mycket får bakgrundens linjer förenklas; mer ger en mindre fil."),
        unit="m",
        minimum=0,
        maximum=20,
    )
    periods: Literal["auto", "year", "quarter", "none"] = setting(
        "auto",
        N_(
            "Vad kartans reglage växlar mellan: år eller kvartal; auto tar kvartal upp till tre "
            "år och 20 000 platser, none ger inget reglage. Reglaget finns bara i profilen intern."
        ),
    )
    background_reach_m: float = setting(
        1500.0,
        N_("Så långt utanför områden och hot spots bakgrunden ritas; mer ger en större fil."),
        unit="m",
        minimum=0,
    )


@dataclass(frozen=True, kw_only=True)
class MapFacts:
    """What a reader must know to judge the map; printed on it.

    Attributes
    ----------
    project
        Name of the project, the title.
    profile
        Whom the map is for; must be that of every layer.
    caveat
        The standing sentence on what reports show and do not show.
    extract_date
        Day of the export.
    first_date, last_date
        Period of the counted events; ``last_date`` also chooses among dated boundaries.
    counted
        What is counted, as a reader would say it: source and classes of offence.
    n_events
        How many events are counted.
    geocode_shares
        Share (0–1) of all events by geocode class of `geodata.schema.GEOCODE_CLASSES`.
    method
        Sentences on settings and limits, with units.
    sources
        Sentences on where data and layers come from, with licence.
    synthetic
        Whether the events are made up.
    software
        Name and version of the program.
    """

    project: str
    profile: Profile
    caveat: str
    extract_date: date | None = None
    first_date: date | None = None
    last_date: date | None = None
    counted: str = ""
    n_events: int | None = None
    geocode_shares: Mapping[str, float] = field(default_factory=dict)
    method: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    synthetic: bool = False
    software: str = ""


def map_html(
    layers: Mapping[str, Released],
    background: Mapping[str, gpd.GeoDataFrame],
    facts: MapFacts,
    options: MapOptions,
) -> str:
    """Return the whole map as one HTML page.

    Parameters
    ----------
    layers
        Released tables by name: ``areas``, ``grid``, ``hotspots``, ``camera_sites``,
        ``search_sites``, ``places``, those of the stages, and ``period_counts`` for the switch of
        period. One that is missing or withheld is left out, and the page says so.
    background
        The project's own layers in the project's CRS, drawn beneath: ``municipality``, ``green``,
        ``water``, ``buildings`` (polygons) and ``streets`` (lines; ``highway`` and ``name`` are
        used where they exist).
    facts
        What is printed beside the map.
    options
        Settings of ``[map]``.

    Returns
    -------
    str
        HTML in the user's language. The same input gives the same bytes.

    Raises
    ------
    SettingsError
        If tiles are asked for without an attribution or by something that isn't a web address.
    ValueError
        If a layer was released for another profile than the map's, or a layer has no name here.
    """
    from maps.page import render

    return render(layers, background, facts, options)
