"""Hot spots: places where events gather, day after day.

Places are partitioned by density (`hotspots.partition`), before any clipping to areas, so that no
edge is made where a decided area ends. What gathers too few events, on too few days, in too few
quarters, or outside the densest cells is not a hot spot.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots import tally
from hotspots.cores import core_text, core_weight, tell_core
from hotspots.figures import days_text, describe, quarters
from hotspots.lattice import cell_numbers
from hotspots.options import HotspotOptions
from hotspots.outlines import draw_outlines
from hotspots.partition import dbscan
from hotspots.selection import Period, Selection, count

Ints = NDArray[np.int64]
XY: Final = ("x_m", "y_m")
M2_PER_HA: Final = 10_000


@dataclass(frozen=True)
class Hotspots:
    """What `find_hotspots` found.

    Attributes
    ----------
    table
        Table ``hotspots``, by rank.
    place_hotspot
        Hot spot of each place whose events it counts, index ``place_id``; missing outside.
    notices
        What was chosen, and what to look at.
    period, source
        Days and source counted; ``None`` without any rows.
    min_samples
        Weight within ``eps_m`` that made a place a core, as stated or chosen.
    """

    table: gpd.GeoDataFrame
    place_hotspot: pd.Series[Any]
    notices: tuple[Notice, ...]
    period: Period | None = None
    source: str | None = None
    min_samples: int | None = None


def find_hotspots(
    incidents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    options: HotspotOptions,
    *,
    crs: str,
    counted: Selection | None = None,
    scores: pd.DataFrame | None = None,
) -> Hotspots:
    """Find, draw and rank the hot spots.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    places
        Table ``places`` of the same events.
    options
        What counts and what a hot spot is.
    crs
        The project's CRS, in metres.
    counted
        What `hotspots.selection.count` chose of `incidents` with the same options, where that is
        already known.
    scores
        ``x_m``, ``y_m`` (south-west corner) and ``score`` of the cells of ``cell_size_m``, of the
        method that tells which cells are the hottest; their counts when left out.

    Returns
    -------
    Hotspots
        With an empty table and the notice ``no_hotspots`` where nothing meets the limits.
    """
    chosen = count(incidents, options) if counted is None else counted
    limits = set_limits(chosen, options)
    places = places.sort_values("place_id", ignore_index=True)
    ids = places["place_id"].to_numpy(np.int64)
    x_m, y_m = places["x_m"].to_numpy(np.float64), places["y_m"].to_numpy(np.float64)
    place = tally.positions(ids, chosen.column("place_id").to_numpy(np.int64))
    cluster, least, n_places = partition_places(place, chosen, x_m, y_m, options)
    notices = [
        *chosen.notices,
        _tell_limits(limits, least, chosen, options),
        *tell_core(least, n_places, chosen, options),
    ]
    cluster = keep(cluster, meets(limits, cluster[place], chosen, options, scores))
    member = np.flatnonzero(cluster >= 0)
    if len(member):
        outlines = draw_outlines(x_m[member], y_m[member], cluster[member], eps_m=options.eps_m)
        order = _rank(cluster[place], chosen, outlines, options)
        cluster[member] = np.argsort(order)[cluster[member]]
        table = describe(chosen, places, cluster, outlines[order], crs=crs)
        notices += _tell_large(table, options)
    else:
        table = cast("gpd.GeoDataFrame", schema.empty("hotspots", crs=crs))
        text = _("Inga hot spots enligt valda gränser.")
        notices.append(Notice(code="no_hotspots", text=text, level="warning"))
    names = np.array([*table["hotspot_id"], None], dtype=object)
    index = pd.Index(ids, name="place_id")
    of_place = pd.Series(names[cluster], index=index, dtype="str", name="hotspot_id")
    source = None if chosen.period is None else chosen.source
    return Hotspots(table, of_place, tuple(notices), chosen.period, source, least)


@dataclass(frozen=True)
class Limits:
    """What a cluster must reach: events, distinct days, quarters in each year (latest first)."""

    events: int
    days: int
    quarters: tuple[int, ...]


def set_limits(chosen: Selection, options: HotspotOptions) -> Limits:
    """Return the limits that fit the data.

    A year that the period covers only in part can't be asked for more quarters than it has. Where
    all events are known by month only, days are months, and no more of them are asked for than a
    quarter of the period's months (at least 2).
    """
    if chosen.period is None:
        return Limits(options.min_events, options.min_days, ())
    edges = chosen.period.edges(3)
    whole = edges[:-1] >= np.datetime64(chosen.period.first)
    years = [whole[max(end - 4, 0) : end] for end in range(len(whole), 0, -4)]
    days = options.min_days
    if chosen.by_month:
        days = min(days, max(2, ceil(chosen.period.months() / 4)))
    quarters = tuple(min(options.min_quarters_per_year, int(year.sum())) for year in years)
    return Limits(options.min_events, days, quarters)


def _tell_limits(
    limits: Limits, least_core: int, chosen: Selection, options: HotspotOptions
) -> Notice:
    by_month = chosen.by_month
    least = max(limits.quarters, default=0)
    each_year = _(", i minst {n} kvartal varje år,").format(n=least) if least else ""
    text = _(
        "En hot spot har minst {events} händelser på minst {days}{quarters} och når "
        "in bland de {top} tätaste rutorna om {cell} m. Platser hör ihop inom {eps} m, från {core}."
    ).format(
        events=limits.events,
        days=days_text(limits.days, by_month=by_month),
        quarters=each_year,
        top=percent(options.top_share),
        cell=number(options.cell_size_m),
        eps=number(options.eps_m),
        core=core_text(least_core, options, by_month=by_month),
    )
    data = {"min_events": limits.events, "min_days": limits.days, "quarters": limits.quarters}
    return Notice(code="limits", text=text, level="chosen", data=data)


def partition_places(
    place: Ints,
    chosen: Selection,
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    options: HotspotOptions,
) -> tuple[Ints, int, int]:
    """Return the cluster of each place, −1 for none, the least weight of a core, and places.

    Only places with counted events have a cluster; they are the ones that are counted.
    """
    n = len(x_m)
    if options.weight == "days":
        weight = tally.distinct(place, chosen.days, n)
    else:
        weight = tally.totals(place, n)
    used = np.flatnonzero(weight)
    x_m, y_m, weight = x_m[used], y_m[used], weight[used]
    least = core_weight(x_m, y_m, weight, options)
    cluster = np.full(n, -1, dtype=np.int64)
    cluster[used] = dbscan(x_m, y_m, weight, eps_m=options.eps_m, min_weight=least)
    return cluster, least, len(used)


def keep(cluster: Ints, wanted: NDArray[np.bool_]) -> Ints:
    """Return the clusters numbered anew: the wanted ones from 0, in order, all others −1."""
    number_of = np.where(wanted, np.cumsum(wanted) - 1, -1)
    return np.append(number_of, -1)[cluster]


def meets(
    limits: Limits,
    cluster: Ints,
    chosen: Selection,
    options: HotspotOptions,
    scores: pd.DataFrame | None = None,
) -> NDArray[np.bool_]:
    """Tell which clusters meet the limits, given the cluster of each event; shape (clusters,)."""
    k = int(cluster.max(initial=-1)) + 1
    inside = cluster >= 0
    group, days = cluster[inside], chosen.days[inside]
    ok = (tally.totals(group, k) >= limits.events) & (tally.distinct(group, days, k) >= limits.days)
    if k and chosen.period is not None:
        quarter, years = quarters(days, chosen.period)
        for year, least in enumerate(limits.quarters):
            at = years == year
            ok &= tally.distinct(group[at], quarter[at], k) >= least
    dense = np.zeros(k, dtype=bool)
    dense[cluster[inside & _in_top_cells(chosen, options, scores)]] = True
    return ok & dense


def _in_top_cells(
    chosen: Selection, options: HotspotOptions, scores: pd.DataFrame | None
) -> NDArray[np.bool_]:
    """Tell which events lie in the top cells: as many as the top share of non-empty cells.

    The hottest by count, or by the scores of a method; ties with the last one count.
    """
    cell, columns, rows = chosen.cells(options.cell_size_m)
    n = tally.totals(cell, len(columns)).astype(np.float64)
    if len(n) == 0:
        return np.zeros(0, dtype=bool)
    # rounded first: 0.05 × 100 cells is 5 cells, not 6 for the sake of the last binary digit
    top = ceil(round(options.top_share * len(n), 6))
    ranked = n
    if scores is not None:
        half = options.cell_size_m / 2
        at = pd.MultiIndex.from_arrays(
            [cell_numbers(scores[name].to_numpy() + half, options.cell_size_m) for name in XY]
        )
        known = pd.Series(scores["score"].to_numpy(np.float64), index=at)
        n = known.reindex(pd.MultiIndex.from_arrays([columns, rows])).fillna(-np.inf).to_numpy()
        ranked = known.to_numpy()
    return (n >= np.sort(ranked)[-min(top, len(ranked))])[cell]  # type: ignore[no-any-return]


def _rank(
    cluster: Ints, chosen: Selection, outlines: NDArray[Any], options: HotspotOptions
) -> Ints:
    """Return the clusters, best first; at a tie the one with the westernmost core place."""
    k = len(outlines)
    inside = cluster >= 0
    events = tally.totals(cluster[inside], k)
    days = tally.distinct(cluster[inside], chosen.days[inside], k)
    density = events / shapely.area(outlines)
    keys = {
        "days": (-events, -days),
        "events": (-days, -events),
        "density": (-events, -days, -density),
    }
    return np.lexsort((np.arange(k), *keys[options.rank_by]))


def _tell_large(table: gpd.GeoDataFrame, options: HotspotOptions) -> list[Notice]:
    large = table[table["area_m2"] > options.max_area_ha * M2_PER_HA]
    if large.empty:
        return []
    text = ngettext(
        "{n} av {total} hot spots är större än {limit} ha (störst {most} ha): en kamera ser bara "
        "en del av den. Mindre eps_m eller större min_samples delar upp den.",
        "{n} av {total} hot spots är större än {limit} ha (störst {most} ha): en kamera ser bara "
        "en del av var och en. Mindre eps_m eller större min_samples delar upp dem.",
        len(large),
    ).format(
        n=number(len(large)),
        total=number(len(table)),
        limit=number(options.max_area_ha, 1),
        most=number(float(large["area_m2"].max()) / M2_PER_HA, 1),
    )
    ids = large["hotspot_id"].tolist()
    return [Notice(code="large_hotspots", text=text, level="warning", data={"hotspot_ids": ids})]
