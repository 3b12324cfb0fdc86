"""First proposals of where a dog search would be of use: entrances and houses by need.

Only reports from common areas of residential buildings count, and a site is always an entrance or a
building, never a door, a flat or a person. A site with a single report is never shown. Who owns the
building, whether there is consent and when to go is decided elsewhere.
"""

from __future__ import annotations

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
from hotspots.entrances import find_spots
from hotspots.figures import days_text
from hotspots.layers import nearest_outline
from hotspots.options import SearchOptions
from hotspots.selection import Selection, count_within

__all__ = ["SearchOptions", "SearchPlan", "propose_searches"]

Ints = NDArray[np.int64]
SPACE: Final = ("residential_common",)


@dataclass(frozen=True)
class SearchPlan:
    """Proposed sites of dog searches: table ``search_sites``, and what there is to tell."""

    sites: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


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
    chosen = count_within(incidents, options, period=hotspots.period, space_types=SPACE)
    if not len(chosen):
        why = _("Inga händelser i allmänna utrymmen i bostadshus finns att räkna.")
        return _nothing([], why, crs)
    notices = list(chosen.notices if chosen.source != hotspots.source else ())
    ids, first, place = np.unique(
        chosen.column("place_id").to_numpy(np.int64), return_index=True, return_inverse=True
    )
    xy = incidents[["x_m", "y_m"]].iloc[chosen.rows[first]].to_numpy(np.float64)
    spots, more = find_spots(ids, xy, entrances, buildings, options, crs)
    site = spots.of_place[place]
    k = len(spots.table)
    n_events = tally.totals(site[site >= 0], k)
    n_days = tally.distinct(site[site >= 0], chosen.days[site >= 0], k)
    order = np.lexsort((np.arange(k), -n_events, -n_days))
    order = order[n_events[order] >= options.min_events][: options.n_sites]
    notices += [*more, _tell_counted(chosen, site, n_events, len(order), options)]
    if not len(order):
        why = _("Ingen entré och inget hus har minst {n} händelser.").format(n=options.min_events)
        return _nothing(notices, why, crs)
    rank = np.full(k + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    sites = _describe(chosen, rank[site], spots.table.iloc[order], hotspots, crs)
    notices.append(_tell_consent())
    return SearchPlan(sites, tuple(notices))


def _nothing(notices: list[Notice], why: str, crs: str) -> SearchPlan:
    text = _("Ingen plats för hundsök föreslås.") + " " + why
    notice = Notice(code="no_search_sites", text=text, level="warning")
    sites = cast("gpd.GeoDataFrame", schema.empty("search_sites", crs=crs))
    return SearchPlan(sites, (*notices, notice))


def _describe(
    chosen: Selection, site: Ints, spots: pd.DataFrame, hotspots: Hotspots, crs: str
) -> gpd.GeoDataFrame:
    """Return table ``search_sites``; `site` is the rank (0…) of each event's site, −1 for none."""
    k = len(spots)
    width = max(2, len(str(k)))  # so that ids sort as their ranks do
    inside = site >= 0
    group, days = site[inside], chosen.days[inside]
    events = chosen.incidents[["address", "area_id"]].iloc[chosen.rows[inside]]
    first, last = tally.first_last(group, days, k)
    xy = spots[["x_m", "y_m"]].to_numpy(np.float64)
    hotspot = nearest_outline(xy, hotspots.table.geometry.to_numpy(), within_m=0)
    names = np.array([*hotspots.table["hotspot_id"], None], dtype=object)
    spots = spots.reset_index(drop=True)
    data: dict[str, Any] = {
        "site_id": pd.Series([f"S{i:0{width}d}" for i in range(1, k + 1)], dtype="str"),
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
    words = [_why(row, by_month=chosen.by_month) for row in table.to_dict("records")]
    table.insert(len(data), "why", pd.Series(words, dtype="str"))
    schema.check(table, "search_sites", crs=crs)
    return table


def _why(site: dict[str, Any], *, by_month: bool) -> str:
    """Say in words why a site is proposed."""
    texts = {
        "entrances": _("{n} händelser på {days} i allmänna utrymmen vid entrén, {first}–{last}."),
        "buildings": _("{n} händelser på {days} i allmänna utrymmen i huset, {first}–{last}."),
        "places": _("{n} händelser på {days} i allmänna utrymmen på platsen, {first}–{last}."),
    }
    text = texts[site["site_source"]].format(
        n=number(site["n_events"]),
        days=days_text(site["n_days"], by_month=by_month),
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
        "{reach} m från närmaste entré eller hus och ges inte till någon plats. Platser med "
        "färre än {least} händelser visas inte ({few}), så att ingen plats pekar ut en enda "
        "rapport."
    ).format(
        n=number(len(chosen)),
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
    data = {"n": len(chosen), "n_far": far, "n_few": few, "n_more": more}
    return Notice(code="searches_counted", text=text, level="chosen", data=data)


def _tell_consent() -> Notice:
    text = _(
        "Platserna för hundsök är en ordning efter behov, inte en plan. Ett sök i allmänna "
        "utrymmen kräver fastighetsägarens samtycke, och rör aldrig lägenheter eller personer."
    )
    return Notice(code="search_needs_consent", text=text, level="warning")
