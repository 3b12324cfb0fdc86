"""First proposals of where a dog search would be of use: entrances and houses by need.

Only reports from common areas of residential buildings count, and a site is always an entrance or a
building, never a door, a flat or a person. A site with a single report is never shown. Who owns the
building, whether there is consent and when to go is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from hotspots import tally
from hotspots.clusters import Hotspots
from hotspots.layers import in_order, nearest_outline
from hotspots.options import SearchOptions
from hotspots.selection import Selection, count

__all__ = ["SearchOptions", "SearchPlan", "propose_searches"]

Ints = NDArray[np.int64]
SPACE: Final = ("residential_common",)
AT_WALL_M: Final = 3.0
"""An entrance belongs to a building when it stands at most this far from it, metres."""

KIND_COLUMNS: Final = ("building", "use", "kind", "typ", "type", "ändamål", "andamal")
"""Columns that may say what kind of building it is; a building is what any of them says."""

UNKNOWN_KINDS: Final = ("", "yes", "unknown", "okänd", "okänt")


@dataclass(frozen=True)
class SearchPlan:
    """Proposed sites of dog searches: table ``search_sites``, and what there is to tell."""

    sites: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class _Spots:
    """What reports can be given to: entrances, then buildings, or the places themselves.

    ``of_place`` gives the row of each place, −1 for none.
    """

    table: pd.DataFrame  # id, name, x_m, y_m, source
    of_place: Ints


def propose_searches(
    incidents: pd.DataFrame,
    hotspots: Hotspots,
    *,
    entrances: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    options: SearchOptions,
    crs: str,
) -> SearchPlan:
    """Rank entrances or residential buildings by reports in their common areas.

    Each report goes to one site. With both layers it goes to the nearest residential building
    within ``reach_m`` and there to the nearest of its entrances, or to the building itself where
    no entrance is known; with one layer to the nearest of that; with none to its own place. At
    equal distance the site farther west, then south, then with the lower id gets it.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    hotspots
        Hot spots, to name the one a site stands in.
    entrances
        Points, or ``None``.
    buildings
        Polygons, or ``None``.
    options
        What counts, and how far a report may lie from its site.
    crs
        The project's CRS.

    Returns
    -------
    SearchPlan
        Sites by distinct days, then events, then west to east. Empty, with the notice
        ``no_search_sites``, where nothing meets the limits.
    """
    chosen = count(incidents, options, space_types=SPACE)
    notices = hotspots.untold(chosen.notices)
    ids, first, place = np.unique(
        chosen.events["place_id"].to_numpy(np.int64), return_index=True, return_inverse=True
    )
    xy = chosen.events[["x_m", "y_m"]].to_numpy(np.float64)[first]
    spots, more = _find_spots(ids, xy, entrances, buildings, options, crs)
    site = spots.of_place[place]
    k = len(spots.table)
    n_events = tally.totals(site[site >= 0], k)
    n_days = tally.distinct(site[site >= 0], chosen.days[site >= 0], k)
    order = np.lexsort((np.arange(k), -n_events, -n_days))
    order = order[n_events[order] >= options.min_events][: options.n_sites]
    notices += [*more, _tell_counted(chosen, site, n_events, len(order), options)]
    if not len(order):
        text = _("Ingen plats för hundsök föreslås: ingen har minst {n} händelser.").format(
            n=options.min_events
        )
        notices.append(Notice(code="no_search_sites", text=text, level="warning"))
        empty = cast("gpd.GeoDataFrame", schema.empty("search_sites", crs=crs))
        return SearchPlan(empty, tuple(notices))
    rank = np.full(k + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    sites = _describe(chosen, rank[site], spots.table.iloc[order], hotspots, crs)
    notices.append(_tell_consent())
    return SearchPlan(sites, tuple(notices))


def _find_spots(
    ids: Ints,
    xy: NDArray[np.float64],
    entrances: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    options: SearchOptions,
    crs: str,
) -> tuple[_Spots, list[Notice]]:
    """Return what reports are given to, and which of it each place with reports goes to."""
    notices: list[Notice] = []
    doors = houses = None
    if entrances is not None and len(entrances):
        doors = in_order(entrances, "E", crs=crs).assign(source="entrances")
    if buildings is not None and len(buildings):
        houses, notices = _residential(in_order(buildings, "B", crs=crs), options)
        houses = houses.assign(source="buildings")
    if houses is not None and doors is not None:
        return _doors_of_houses(xy, doors, houses, options.reach_m), notices
    layer = doors if doors is not None else houses
    if layer is not None:
        of_place = nearest_outline(xy, layer.geometry.to_numpy(), within_m=options.reach_m)
        return _Spots(_spots(layer), of_place), notices
    missing = pd.Series(pd.NA, index=range(len(ids)), dtype="str")
    table = pd.DataFrame({"id": missing, "name": missing, "x_m": xy[:, 0], "y_m": xy[:, 1]})
    text = _(
        "Varken entréer eller hus finns som lager. Platserna för hundsök är därför händelsernas "
        "egna punkter."
    )
    notices.append(Notice(code="search_at_places", text=text, level="warning"))
    return _Spots(table.assign(source="places"), np.arange(len(ids))), notices


def _spots(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(layer[["id", "name", "x_m", "y_m", "source"]])


def _doors_of_houses(
    xy: NDArray[np.float64], doors: gpd.GeoDataFrame, houses: gpd.GeoDataFrame, reach_m: float
) -> _Spots:
    """Give each place to its nearest house, and there to the nearest entrance if there is one."""
    outlines = houses.geometry.to_numpy()
    at = doors[["x_m", "y_m"]].to_numpy(np.float64)
    house_of_door = nearest_outline(at, outlines, within_m=AT_WALL_M)
    house = nearest_outline(xy, outlines, within_m=reach_m)
    pairs = pd.merge(
        pd.DataFrame({"place": np.arange(len(xy)), "house": house}).query("house >= 0"),
        pd.DataFrame({"door": np.arange(len(at)), "house": house_of_door}),
        on="house",
    )
    place, door = pairs["place"].to_numpy(), pairs["door"].to_numpy()
    apart = np.hypot(*(xy[place] - at[door]).T)
    order = np.lexsort((door, apart, place))
    found, first = np.unique(place[order], return_index=True)
    of_place = np.where(house >= 0, house + len(doors), -1)
    of_place[found] = door[order][first]
    return _Spots(pd.concat([_spots(doors), _spots(houses)], ignore_index=True), of_place)


def _residential(
    houses: gpd.GeoDataFrame, options: SearchOptions
) -> tuple[gpd.GeoDataFrame, list[Notice]]:
    """Return the residential buildings, with those of unknown kind if the settings say so."""
    wanted = {word.casefold() for word in options.residential}
    residential = np.zeros(len(houses), dtype=bool)
    stated = np.zeros(len(houses), dtype=bool)
    for name in houses.columns:
        if str(name).casefold() in KIND_COLUMNS:
            codes, texts = pd.factorize(houses[name].astype("str").fillna("").str.casefold())
            words = [{word.strip() for word in re.split("[;,/]", text)} for text in texts]
            residential |= np.array([bool(w & wanted) for w in words])[codes]
            stated |= np.array([not w <= set(UNKNOWN_KINDS) for w in words])[codes]
    unknown = ~residential & ~stated
    kept = residential | unknown if options.include_unknown_buildings else residential
    if options.include_unknown_buildings:
        kept = residential | unknown
        text = _(
            "Hus för hundsök: {residential} bostadshus av {total}. {unknown} hus utan angivet slag "
            "räknas med."
        )
    else:
        kept = residential
        text = _(
            "Hus för hundsök: {residential} bostadshus av {total}. {unknown} hus utan angivet slag "
            "räknas inte."
        )
    numbers = {
        "residential": int(residential.sum()),
        "total": len(houses),
        "unknown": int(unknown.sum()),
    }
    text = text.format(**{name: number(n) for name, n in numbers.items()})
    notice = Notice(code="residential_buildings", text=text, level="chosen", data=numbers)
    return houses[kept].reset_index(drop=True), [notice]


def _describe(
    chosen: Selection, site: Ints, spots: pd.DataFrame, hotspots: Hotspots, crs: str
) -> gpd.GeoDataFrame:
    """Return table ``search_sites``; `site` is the rank (0…) of each event's site, −1 for none."""
    k = len(spots)
    inside = site >= 0
    group, events, days = site[inside], chosen.events[inside], chosen.days[inside]
    first, last = tally.first_last(group, days, k)
    xy = spots[["x_m", "y_m"]].to_numpy(np.float64)
    hotspot = nearest_outline(xy, hotspots.table.geometry.to_numpy(), within_m=0)
    names = np.array([*hotspots.table["hotspot_id"], None], dtype=object)
    spots = spots.reset_index(drop=True)
    data: dict[str, Any] = {
        "site_id": pd.Series([f"S{i:02d}" for i in range(1, k + 1)], dtype="str"),
        "rank": np.arange(1, k + 1),
        "entrance_id": spots["id"].astype("str"),
        "site_source": spots["source"].astype("str"),
        "name": spots["name"].astype("str").fillna(tally.most_common(group, events["address"], k)),
        "hotspot_id": pd.Series(names[hotspot], dtype="str"),
        "area_id": tally.most_common(group, events["area_id"], k),
        "n_events": tally.totals(group, k),
        "n_days": tally.distinct(group, days, k),
        "first_date": first,
        "last_date": last,
    }
    points = gpd.points_from_xy(xy[:, 0], xy[:, 1])
    table = gpd.GeoDataFrame(data, geometry=points, crs=crs)
    unit = _("månader") if chosen.by_month else _("dagar")
    words = [_why(row, unit) for row in table.to_dict("records")]
    table.insert(len(data), "why", pd.Series(words, dtype="str"))
    schema.check(table, "search_sites", crs=crs)
    return table


def _why(site: dict[str, Any], unit: str) -> str:
    """Say in words why a site is proposed."""
    texts = {
        "entrances": _(
            "{n} händelser på {days} olika {unit} i allmänna utrymmen vid entrén, {first}–{last}."
        ),
        "buildings": _(
            "{n} händelser på {days} olika {unit} i allmänna utrymmen i huset, {first}–{last}."
        ),
        "places": _(
            "{n} händelser på {days} olika {unit} i allmänna utrymmen på platsen, {first}–{last}."
        ),
    }
    text = texts[site["site_source"]].format(
        n=number(site["n_events"]),
        days=number(site["n_days"]),
        unit=unit,
        first=day(site["first_date"]),
        last=day(site["last_date"]),
    )
    if not pd.isna(site["hotspot_id"]):
        text += " " + _("Ligger i hot spot {id}.").format(id=site["hotspot_id"])
    return text


def _tell_counted(
    chosen: Selection, site: Ints, n_events: Ints, shown: int, options: SearchOptions
) -> Notice:
    far, few = int((site < 0).sum()), int(((n_events > 0) & (n_events < options.min_events)).sum())
    text = _(
        "För hundsök räknas {n} händelser i allmänna utrymmen i bostadshus. {far} ligger mer än "
        "{reach} m från närmaste entré eller hus och ges inte till någon plats. {few} platser med "
        "färre än {least} händelser visas inte, så att ingen plats pekar ut en enda rapport."
    ).format(
        n=number(len(chosen.events)),
        far=number(far),
        reach=number(options.reach_m),
        few=number(few),
        least=number(options.min_events),
    )
    more = int((n_events >= options.min_events).sum()) - shown
    if more > 0:
        text += " " + ngettext(
            "{n} plats till når gränsen men ryms inte bland de {most} första.",
            "{n} platser till når gränsen men ryms inte bland de {most} första.",
            more,
        ).format(n=number(more), most=number(options.n_sites))
    data = {"n": len(chosen.events), "n_far": far, "n_few": few, "n_more": more}
    return Notice(code="searches_counted", text=text, level="chosen", data=data)


def _tell_consent() -> Notice:
    text = _(
        "Platserna för hundsök är en ordning efter behov, inte en plan. Ett sök i allmänna "
        "utrymmen kräver fastighetsägarens samtycke, och rör aldrig lägenheter eller personer."
    )
    return Notice(code="search_needs_consent", text=text, level="warning")
