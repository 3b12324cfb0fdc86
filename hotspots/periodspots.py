"""The hot spots of each year or quarter by the same settings, for the map's switch of period.

The settings say what a hot spot of the whole counted time is. A period is a part of it, so what a
place must gather is made smaller in proportion to its days, with all periods held to one measure:
the weight of a core is that of the whole time, never chosen anew, so that a quiet year has fewer
hot spots and not the same number of weaker ones. Distances stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from string import ascii_lowercase
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.period_tables import PERIOD_TABLES
from hotspots import tally
from hotspots.clusters import Hotspots, keep, meets, partition_places, set_limits
from hotspots.options import HotspotOptions
from hotspots.outlines import draw_outlines
from hotspots.periods import Span, Unit, spans
from hotspots.selection import Period, Selection

Ints = NDArray[np.int64]

LEAST_CORE: Final = 5
LEAST_EVENTS: Final = 5
LEAST_DAYS: Final = 3
"""What the limits are never made smaller than, unless the settings ask for less to begin with: a
few events on a day or two are no hot spot in any period."""


def limits_of(options: HotspotOptions, core: int, share: float) -> HotspotOptions:
    """Return the settings of a period that is a `share` (0–1) of the counted time.

    Parameters
    ----------
    options
        Settings of the whole time.
    core
        Weight of a core there, as stated or chosen.
    share
        Days of the period by days of the whole.
    """

    def less(value: int, least: int) -> int:
        # rounded first, so that a quarter of 8 is 2 and not 3 for the sake of the last binary digit
        return max(ceil(round(value * share, 6)), min(value, least))

    return replace(
        options,
        min_samples=less(core, LEAST_CORE),
        min_events=less(options.min_events, LEAST_EVENTS),
        min_days=less(options.min_days, LEAST_DAYS),
    )


def find_period_hotspots(
    counted: Selection,
    places: gpd.GeoDataFrame,
    found: Hotspots,
    options: HotspotOptions,
    *,
    unit: Unit,
    crs: str,
) -> gpd.GeoDataFrame:
    """Find the hot spots of each period.

    Parameters
    ----------
    counted
        The events that count.
    places
        Table ``places`` of the same events.
    found
        The hot spots of the whole time, with the weight of a core.
    options
        The settings that found them.
    unit
        ``year`` or ``quarter``.
    crs
        The project's CRS, in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``period_hotspots`` of `geodata.period_tables`, by period and rank. One that shares
        events with a hot spot of the whole time has its id, with ``b``, ``c`` … where several do.
    """
    columns = PERIOD_TABLES["period_hotspots"]
    if counted.period is None or found.min_samples is None:
        return gpd.GeoDataFrame(
            schema.empty("period_hotspots", tables=PERIOD_TABLES, crs=crs), crs=crs
        )
    town = _Town.of(counted, places, found)
    span = spans(counted, unit)
    whole = _days(counted.period)
    parts = []
    for number, name in enumerate(span.names):
        period = span.covered(number)
        own = limits_of(options, found.min_samples, _days(period) / whole)
        parts.append(_spots_of(town, counted, span, number, own).assign(period=name))
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs)
    for column in ("period", "spot_id", "hotspot_id"):
        table[column] = table[column].astype("str")
    table = table[list(columns)]
    schema.check(table, "period_hotspots", crs=crs, tables=PERIOD_TABLES)
    return table


@dataclass(frozen=True, eq=False)
class _Town:
    """The places, the place of each counted event, and the hot spot of each place (−1 for none)."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    place: Ints
    hotspot: Ints
    names: NDArray[np.object_]

    @staticmethod
    def of(counted: Selection, places: gpd.GeoDataFrame, found: Hotspots) -> _Town:
        table = places.sort_values("place_id", ignore_index=True)
        ids = table["place_id"].to_numpy(np.int64)
        hotspot, names = pd.factorize(found.place_hotspot.reindex(ids), sort=True)
        return _Town(
            table["x_m"].to_numpy(np.float64),
            table["y_m"].to_numpy(np.float64),
            tally.positions(ids, counted.column("place_id").to_numpy(np.int64)),
            np.asarray(hotspot, dtype=np.int64),
            np.asarray(names, dtype=object),
        )


def _spots_of(
    town: _Town, counted: Selection, span: Span, number: int, options: HotspotOptions
) -> pd.DataFrame:
    """Return the hot spots of one period, best first."""
    at = np.flatnonzero(span.period == number)
    chosen = replace(
        counted,
        rows=counted.rows[at],
        days=counted.days[at],
        others=counted.others[:0],
        period=span.covered(number),
        notices=(),
    )
    place = town.place[at]
    cluster, *_told = partition_places(place, chosen, town.x_m, town.y_m, options)
    wanted = meets(set_limits(chosen, options), cluster[place], chosen, options)
    cluster = keep(cluster, wanted)
    member = np.flatnonzero(cluster >= 0)
    outlines = np.array([], dtype=object)
    if len(member):
        outlines = draw_outlines(
            town.x_m[member],
            town.y_m[member],
            cluster[member],
            eps_m=options.eps_m,
            apart=False,  # half the time, for places that nothing is counted by
        )
    k = len(outlines)
    inside = cluster[place] >= 0
    group = cluster[place][inside]
    events = tally.totals(group, k)
    days = tally.distinct(group, chosen.days[inside], k)
    n_places = tally.distinct(group, place[inside], k)
    order = np.lexsort((np.arange(k), *_keys(options, events, days, outlines)))
    same = _same(group, town.hotspot[place[inside]], k)
    names = [None if same[i] < 0 else str(town.names[same[i]]) for i in order]
    return pd.DataFrame(
        {
            "spot_id": pd.Series(_ids(names), dtype=object),
            "rank": np.arange(1, k + 1, dtype=np.int64),
            "hotspot_id": pd.Series(names, dtype=object),
            "n_events": events[order],
            "n_days": days[order],
            "n_places": n_places[order],
            "area_m2": shapely.area(outlines)[order].astype(np.float64),
            "geometry": outlines[order],
        }
    )


def _keys(
    options: HotspotOptions, events: Ints, days: Ints, outlines: NDArray[Any]
) -> tuple[NDArray[Any], ...]:
    """Return what ranks hot spots, the last first, as `hotspots.clusters` ranks them."""
    density = events / shapely.area(outlines)
    keys: dict[str, tuple[NDArray[Any], ...]] = {
        "days": (-events, -days),
        "events": (-days, -events),
        "density": (-events, -days, -density),
    }
    return keys[options.rank_by]


def _same(group: Ints, hotspot: Ints, k: int) -> Ints:
    """Return the hot spot of the whole time with most of the events of each, −1 for none."""
    both = hotspot >= 0
    width = int(hotspot.max(initial=-1)) + 1
    if not width:
        return np.full(k, -1, dtype=np.int64)
    shared = np.zeros((k, width), dtype=np.int64)
    np.add.at(shared, (group[both], hotspot[both]), 1)
    return np.where(shared.any(axis=1), shared.argmax(axis=1), -1)


def _ids(names: list[str | None]) -> list[str]:
    """Return an id for each hot spot of a period, best first: ``H03``, ``H03b``, ``P1``."""
    seen: dict[str, int] = {}
    found, own = [], 0
    for name in names:
        if name is None:
            own += 1
            found.append(f"P{own}")
            continue
        n = seen[name] = seen.get(name, -1) + 1
        found.append(name if not n else f"{name}{ascii_lowercase[n % 26] * (1 + n // 26)}")
    return found


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1
