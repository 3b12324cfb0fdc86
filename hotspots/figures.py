"""The figures of each hot spot, all from one pass over the events it counts."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.language import ngettext, number
from hotspots import tally
from hotspots.selection import Period, Selection

Ints = NDArray[np.int64]
DESCRIBED: Final = ("area_id", "offence_class", "offence_count", "police_initiated")
"""Columns of the events that hot spots are described by, beside days and places."""


def quarters(days: NDArray[np.datetime64], period: Period) -> tuple[Ints, Ints]:
    """Return the quarter and the year of each day, both counted back from the period's end.

    Quarter 0 is the last three months of the period and year 0 its last twelve months, so that
    every full year has four full quarters, whatever day the extract was made.
    """
    edges = period.edges(3)
    quarter = len(edges) - 1 - np.searchsorted(edges, days, side="right")
    return quarter, quarter // 4


def days_text(n: int, *, by_month: bool) -> str:
    """Return a number of distinct days in words: months, where only the month is known."""
    text = (
        ngettext("{n} månad", "{n} olika månader", n)
        if by_month
        else ngettext("{n} dag", "{n} olika dagar", n)
    )
    return text.format(n=number(n))


def describe(
    chosen: Selection,
    places: gpd.GeoDataFrame,
    hotspot: Ints,
    outlines: NDArray[Any],
    *,
    crs: str,
) -> gpd.GeoDataFrame:
    """Describe the hot spots.

    Parameters
    ----------
    chosen
        The counted events, and those of other sources beside them.
    places
        Table ``places``, sorted by ``place_id``.
    hotspot
        Hot spot of each place in order of rank, 0…k−1, −1 for none; shape (places,).
    outlines
        Outline of each hot spot, shape (k,).
    crs
        The project's CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``hotspots``. Events of the counted source are those on the places of the cluster;
        events of other sources are those on the same places or elsewhere within the outline.
    """
    k = len(outlines)
    width = max(2, len(str(k)))  # so that ids sort as their ranks do
    ids = places["place_id"].to_numpy(np.int64)
    place = tally.positions(ids, chosen.column("place_id").to_numpy(np.int64))
    inside = hotspot[place] >= 0
    events = chosen.incidents[list(DESCRIBED)].iloc[chosen.rows[inside]]
    days, place = chosen.days[inside], place[inside]
    group = hotspot[place]
    n_events = tally.totals(group, k)
    first, last = tally.first_last(group, days, k)
    area = shapely.area(outlines)
    assert chosen.period is not None
    data: dict[str, Any] = {
        "hotspot_id": pd.Series([f"H{i:0{width}d}" for i in range(1, k + 1)], dtype="str"),
        "rank": np.arange(1, k + 1),
        "name": _names(places, hotspot, place, days, k),
        "area_id": tally.most_common(group, events["area_id"], k),
        "n_events": n_events,
        "n_offences": tally.totals(group, k, events["offence_count"].to_numpy()),
        "n_days": tally.distinct(group, days, k),
        "n_places": tally.distinct(group, place, k),
        "first_date": first,
        "last_date": last,
        "n_quarters": tally.distinct(group, quarters(days, chosen.period)[0], k),
        "area_m2": area,
        "density_per_ha": n_events / (area / 10_000),
        "share": n_events / len(chosen),
        "share_police_initiated": _initiated(group, events, k),
        **_not_weighed(k),
    }
    by_class = tally.by_category(group, events["offence_class"], k)
    for i, name in enumerate(schema.OFFENCE_CLASSES):
        data[f"n_{name}"] = by_class[:, i]
    by_source = _beside(chosen, places, hotspot, outlines)
    for i, name in enumerate(schema.SOURCES):
        data[f"n_source_{name}"] = n_events if name == chosen.source else by_source[:, i]
    columns = [name for name in schema.HOTSPOTS if name != "geometry"]
    table = gpd.GeoDataFrame({name: data[name] for name in columns}, geometry=outlines, crs=crs)
    schema.check(table, "hotspots", crs=crs)
    return table


def _not_weighed(k: int) -> dict[str, Any]:
    """Return the columns of the evidence, empty until `hotspots.summary` fills them."""
    text = pd.Series([None] * k, dtype="str")
    empty = {name: np.full(k, np.nan) for name in ("z", "p", "q", "stability", "method_pai")}
    words = dict.fromkeys(("persistence", "time_window", "method", "sentence"), text)
    return {**empty, **words, "uncertain": np.zeros(k, dtype=bool)}


def _names(
    places: gpd.GeoDataFrame, hotspot: Ints, place: Ints, days: NDArray[np.datetime64], k: int
) -> pd.Series[Any]:
    """Return the address of the busiest place that has one: most days, most events, first id."""
    n = len(places)
    n_days, n_events = tally.distinct(place, days, n), tally.totals(place, n)
    named = np.flatnonzero((hotspot >= 0) & places["address"].notna().to_numpy())
    order = named[np.lexsort((named, -n_events[named], -n_days[named], hotspot[named]))]
    owner, first = np.unique(hotspot[order], return_index=True)
    names = pd.Series(pd.NA, index=range(k), dtype="str")
    names.iloc[owner] = places["address"].iloc[order[first]].to_numpy()
    return names


def _initiated(group: Ints, events: pd.DataFrame, k: int) -> NDArray[np.float64]:
    """Return the share found on police initiative, of the events where it is known."""
    by_answer = tally.by_category(group, events["police_initiated"], k)
    yes, no = by_answer[:, 0].astype(float), by_answer[:, 1]
    known = yes + no
    share = np.full(k, np.nan)
    share[known > 0] = yes[known > 0] / known[known > 0]
    return share


def _beside(
    chosen: Selection, places: gpd.GeoDataFrame, hotspot: Ints, outlines: NDArray[Any]
) -> Ints:
    """Return events by hot spot and source, on its places or elsewhere within its outline."""
    ids = places["place_id"].to_numpy(np.int64)
    beside = chosen.incidents[["place_id", "source"]].iloc[chosen.others]
    place = tally.positions(ids, beside["place_id"].to_numpy(np.int64))
    of_place = hotspot.copy()
    free = tally.unique(place[hotspot[place] < 0])
    points = places.geometry.to_numpy()[free]
    outline, at = shapely.STRtree(points).query(outlines, predicate="intersects")
    of_place[free[at]] = outline
    group = of_place[place]
    return tally.by_category(group[group >= 0], beside["source"][group >= 0], len(outlines))
