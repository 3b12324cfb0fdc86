"""What stands on the map and beside it, in words and layers, before it becomes a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import numpy as np

from geodata.crs import to_crs_table
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps import encoding, style
from maps.layers.areas import STRONG, area_layers, valid_on
from maps.layers.background import Background, Extent, make_background
from maps.layers.base import WGS84, MapLayer
from maps.layers.grid import grid_layer
from maps.layers.hotspots import hotspot_layer
from maps.layers.measures import measure_layer
from maps.layers.perceived import perceived_layer
from maps.layers.periods import Periods, with_periods
from maps.layers.places import place_layer
from maps.layers.rounds import round_layer
from maps.layers.sites import camera_layer, search_layer
from maps.layers.views import camera_view_layers

if TYPE_CHECKING:
    from geodata.disclosure import Released
    from maps.interactive import MapFacts, MapOptions

KNOWN: Final = (
    "areas",
    "grid",
    "hotspots",
    "camera_views",
    "camera_masks",
    "camera_frontier",
    "camera_frontier_sites",
    "camera_sites",
    "search_sites",
    "search_round",
    "places",
    "perceived_cells",
    "measures",
    "measure_counts",
    "measure_sources",
    "period_counts",
    "period_hotspots",
)
SWEDEN: Final = [[55.2, 10.9], [69.1, 24.2]]
"""South-west and north-east, shown when there is nothing to show."""


_PAGE: Final = 2_600_000
"""Bytes that layers and background may take together, so that the page stays under 3 MB."""
_LEAST_BACKGROUND: Final = 300_000


@dataclass(frozen=True)
class Content:
    """All parts of the page that depend on the tables.

    ``layers`` stand lowest first; ``preliminary`` are names of areas without a decided boundary;
    without ``periods`` the page has no switch of period.
    """

    layers: tuple[MapLayer, ...]
    background: Background
    bounds: list[list[float]]
    views: tuple[tuple[str, str], ...]
    banners: tuple[str, ...]
    findings: tuple[str, ...]
    preliminary: tuple[str, ...]
    notes: tuple[str, ...]
    periods: Periods | None = None


def make(
    layers: Mapping[str, Released],
    background: Mapping[str, gpd.GeoDataFrame],
    facts: MapFacts,
    options: MapOptions,
) -> Content:
    """Return the content of the page.

    Raises
    ------
    ValueError
        If a layer was released for another profile than the map's, or has no name here.
    """
    tables = _tables(layers, facts)
    areas = tables.get("areas")
    if areas is not None:
        tables["areas"] = areas = valid_on(areas, facts.last_date)
    made, periods = with_periods(
        _layers(tables, options, facts),
        tables,
        options.grid_classes,
        (facts.first_date, facts.last_date),
    )
    preliminary = _preliminary(areas)
    extent = _extent(tables, options.background_reach_m)
    used = sum(len(encoding.to_json(layer.data)) for layer in made)
    drawn = make_background(
        background,
        extent=extent,
        simplify_m=options.simplify_m,
        budget=max(_LEAST_BACKGROUND, _PAGE - used),
    )
    views = {
        "overview": _("Lägesbild"),
        "cameras": _("Kameror"),
        "searches": _("Hundsök"),
        "measures": _("Åtgärder"),
    }
    needed = {"cameras": "camera_sites", "searches": "search_sites", "measures": "measures"}
    if "search_round" in {layer.key for layer in made}:
        needed["searches"] = "search_round"
    shown = {"", *(layer.key for layer in made)}
    notes = [note for name in KNOWN if name in layers for note in layers[name].notes]
    return Content(
        layers=tuple(made),
        background=drawn,
        bounds=_bounds(tables, background),
        views=tuple((k, v) for k, v in views.items() if needed.get(k, "") in shown),
        preliminary=preliminary,
        banners=_banners(preliminary, facts),
        findings=_findings(tables),
        notes=(*dict.fromkeys(notes), *_background_notes(drawn)),
        periods=periods,
    )


def _tables(layers: Mapping[str, Released], facts: MapFacts) -> dict[str, gpd.GeoDataFrame]:
    unknown = sorted(set(layers) - set(KNOWN))
    foreign = sorted(n for n, r in layers.items() if r.profile != facts.profile)
    if unknown or foreign:
        msg = f"no layer for {unknown}; released for another profile: {foreign}"
        raise ValueError(msg)
    return {
        name: cast("gpd.GeoDataFrame", released.table)
        for name, released in layers.items()
        if released.table is not None
    }


def _layers(
    tables: Mapping[str, gpd.GeoDataFrame], options: MapOptions, facts: MapFacts
) -> list[MapLayer]:
    """Return the layers lowest first."""
    areas = tables.get("areas")
    names = {} if areas is None else dict(zip(areas["area_id"], areas["name"], strict=True))
    outlines = [] if areas is None else area_layers(areas, tables.get("hotspots"))
    made = []
    if "grid" in tables:
        made.append(grid_layer(tables["grid"], options.grid_classes))
    if len(tables.get("perceived_cells", ())):
        made.append(perceived_layer(tables["perceived_cells"]))
    made += outlines
    if "hotspots" in tables:
        made.append(hotspot_layer(tables["hotspots"], names))
    if "places" in tables:
        made.append(place_layer(tables["places"], from_zoom=options.places_from_zoom))
    if "measures" in tables:
        done = measure_layer(tables["measures"], tables, names, facts.last_date)
        made += [done] if done else []
    made += camera_view_layers(tables)
    for name, layer in (("camera_sites", camera_layer), ("search_sites", search_layer)):
        if len(tables.get(name, ())):
            made.append(layer(tables[name], names))
    if len(tables.get("search_round", ())):
        # A round is what is planned; the places it was thought of from stand back.
        made = [
            replace(one, views=frozenset()) if one.key == "search_sites" else one for one in made
        ]
        made.append(round_layer(tables["search_round"], names))
    return made


def _main(tables: Mapping[str, gpd.GeoDataFrame]) -> list[gpd.GeoDataFrame]:
    """Return what the map opens on: decided areas and hot spots, else most of the next best."""
    areas = tables.get("areas")
    strong = [] if areas is None else [areas.loc[areas["kind"].isin(STRONG)]]
    best = [t for t in [*strong, tables.get("hotspots")] if t is not None and len(t)]
    if best:
        return best
    rest = [tables.get(name) for name in ("grid", "places", "areas")]
    return [_most(t) for t in rest if t is not None and len(t)][:1]


def _most(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table without the outermost fortieth in each direction: a stray cell or two."""
    boxes = table.geometry.bounds.to_numpy()
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    low = np.quantile(middle, 0.025, axis=0, method="lower")
    high = np.quantile(middle, 0.975, axis=0, method="higher")
    return table[((middle >= low) & (middle <= high)).all(axis=1)]


def _extent(tables: Mapping[str, gpd.GeoDataFrame], reach_m: float) -> Extent | None:
    boxes = [table.total_bounds for table in _main(tables)]
    if not boxes:
        return None
    low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
    return (low[0] - reach_m, low[1] - reach_m, high[2] + reach_m, high[3] + reach_m)


def _bounds(
    tables: Mapping[str, gpd.GeoDataFrame], background: Mapping[str, gpd.GeoDataFrame]
) -> list[list[float]]:
    """Return the south-west and north-east corners of what the map opens on, in degrees."""
    shown = _main(tables) or [t for t in background.values() if len(t)]
    if not shown:
        return SWEDEN
    boxes = [to_crs_table(table[["geometry"]], WGS84).total_bounds for table in shown]
    west, south = np.min(boxes, axis=0)[:2].round(6).tolist()
    east, north = np.max(boxes, axis=0)[2:].round(6).tolist()
    return [[south, west], [north, east]]


def _banners(preliminary: tuple[str, ...], facts: MapFacts) -> tuple[str, ...]:
    banners = []
    if facts.synthetic:
        banners.append(_("Syntetiska data: händelserna är påhittade och visar inget verkligt."))
    if preliminary:
        text = _("Preliminär gräns: {names}. Den beslutade gränsen är inte inläst.")
        banners.append(text.format(names=", ".join(preliminary)))
    return tuple(banners)


def _background_notes(drawn: Background) -> tuple[str, ...]:
    if not drawn.parts:
        return ()
    text = _("Bakgrundens linjer är förenklade med högst {tolerance} m.")
    notes = [text.format(tolerance=number(drawn.tolerance_m, 1))]
    if drawn.dropped:
        notes.append(
            _("Bakgrundens {layer} visas inte: de hade gjort filen för tung.").format(
                layer=style.background_names()[drawn.dropped]
            )
        )
    return tuple(notes)


def tags(made: Content, facts: MapFacts) -> tuple[str, ...]:
    """Return the short words beneath the map itself, so that a picture of it has them too."""
    synthetic = (_("Syntetiska data"),) if facts.synthetic else ()
    preliminary = (_("Preliminär gräns"),) if made.preliminary else ()
    taken = (_("Uttag {day}").format(day=day(facts.extract_date)),) if facts.extract_date else ()
    return (*synthetic, *preliminary, *taken)


def _preliminary(areas: gpd.GeoDataFrame | None) -> tuple[str, ...]:
    if areas is None:
        return ()
    loose = areas["kind"].isin(STRONG) & ~areas["authoritative"].astype(bool)
    return tuple(dict.fromkeys(areas.loc[loose, "name"]))


def _findings(tables: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, ...]:
    """Return what was found in a line each, also when it is nothing."""
    found = []
    if "hotspots" in tables:
        n = len(tables["hotspots"])
        some = ngettext("{n} hot spot.", "{n} hot spots.", n).format(n=number(n))
        found.append(some if n else _("Inga hot spots enligt valda gränser."))
    if "camera_sites" in tables and len(tables["camera_sites"]) == 0:
        found.append(_("Ingen kameraplats föreslås."))
    if "search_sites" in tables and len(tables["search_sites"]) == 0:
        found.append(_("Ingen plats för hundsök föreslås."))
    return tuple(found)
