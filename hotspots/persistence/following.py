"""The quarters of each hot spot, its class and its trend, as tables and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.caveats import source_caveat
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.language import gettext as _
from geodata.language import number, percent
from hotspots.clusters import Hotspots
from hotspots.options import HotspotOptions
from hotspots.persistence.classes import YEAR, Flags, PersistenceOptions, classify, explain
from hotspots.persistence.quarters import Counts, places_within, whole_quarters
from hotspots.selection import Period, event_days, select
from hotspots.trend import Trend, mann_kendall


@dataclass(frozen=True)
class Persistence:
    """What `follow_hotspots` found.

    Attributes
    ----------
    table
        Table ``persistence``, a row a hot spot.
    quarters
        Table ``hotspot_quarters``, a row a hot spot and quarter, oldest first.
    notices, caveat
        What was chosen and what to look at; the words that always go with it.
    """

    table: pd.DataFrame
    quarters: pd.DataFrame
    notices: tuple[Notice, ...]
    caveat: str


def follow_hotspots(
    incidents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    hotspots: Hotspots,
    options: HotspotOptions,
    rules: PersistenceOptions | None = None,
    *,
    until: date | None = None,
) -> Persistence:
    """Follow hot spots back in time.

    Parameters
    ----------
    incidents, places
        Tables ``incidents`` and ``places``, the whole extract.
    hotspots
        The hot spots, of this period or an earlier one; their source and the classes of `options`
        are counted.
    options
        The settings that found them.
    rules
        When a quarter is hot, and what the classes are.
    until
        Last day of the last quarter; the last of the hot spots' own period when left out. Hot
        spots of an earlier period are followed until today's last day.

    Returns
    -------
    Persistence
        Events known by month only count in the quarter in which their month begins.
    """
    rules = rules or PersistenceOptions()
    caveat = source_caveat(hotspots.source or "unknown")
    if hotspots.period is None or hotspots.source is None or hotspots.table.empty:
        text = _("Det finns inga hot spots att följa över tid.")
        return _nothing("no_hotspots_to_follow", text, caveat)
    last = until or hotspots.period.last
    earliest = event_days(incidents).min()
    edges = whole_quarters(Period(min(earliest.item(), last), last), rules.max_quarters)
    if len(edges) < 2:
        text = _("Uttaget är kortare än ett helt kvartal. Då går det inte att följa hot spots.")
        return _nothing("too_short_to_follow", text, caveat)
    events = select(incidents, classes=options.classes, source=hotspots.source)
    days = event_days(events)
    inside = (days >= edges[0]) & (days < edges[-1])
    events, days = events[inside], days[inside]
    counts = Counts(events, days, edges, places_within(places, hotspots), hotspots)
    hot = counts.hot(options.cell_size_m, rules)
    trends = [mann_kendall(row) for row in counts.n_events]
    table = _classify(hotspots, hot, trends, edges, rules)
    quarters = _quarter_table(hotspots, counts, hot, edges)
    return Persistence(table, quarters, tuple(_tell(hotspots, edges, events, rules)), caveat)


def _nothing(code: str, text: str, caveat: str) -> Persistence:
    table = schema.empty("persistence", tables=EVIDENCE)
    quarters = schema.empty("hotspot_quarters", tables=EVIDENCE)
    return Persistence(table, quarters, (Notice(code=code, text=text, level="warning"),), caveat)


def _classify(
    hotspots: Hotspots,
    hot: Flags,
    trends: Sequence[Trend],
    edges: NDArray[np.datetime64],
    rules: PersistenceOptions,
) -> pd.DataFrame:
    dates = edges.astype("datetime64[us]")
    none = np.datetime64("NaT", "us")
    from scipy.stats import false_discovery_control  # half a second, which few runs need

    q = false_discovery_control([trend.p for trend in trends])
    rows = []
    for row, trend in zip(hot, trends, strict=True):
        at = np.flatnonzero(row)
        first = dates[at[0]] if len(at) else none
        last = dates[at[-1] + 1] - np.timedelta64(1, "D") if len(at) else none
        kind = classify(row, trend, rules)
        rows.append((kind, len(row), len(at), int(row[-YEAR:].sum()), first, last))
    kinds, n_quarters, n_hot, n_recent, first_hot, last_hot = zip(*rows, strict=True)
    table = pd.DataFrame(
        {
            "hotspot_id": hotspots.table["hotspot_id"].astype("str").to_numpy(),
            "class": schema.category(kinds, "persistence", "class", tables=EVIDENCE),
            "n_quarters": n_quarters,
            "n_hot": n_hot,
            "n_hot_last_year": n_recent,
            "first_hot": np.array(first_hot, dtype="datetime64[us]"),
            "last_hot": np.array(last_hot, dtype="datetime64[us]"),
            "trend_s": [trend.s for trend in trends],
            "trend_tau": [trend.tau for trend in trends],
            "trend_p": [trend.p for trend in trends],
            "trend_q": q,
            "sen_slope": [trend.slope for trend in trends],
        }
    ).astype({"hotspot_id": "str"})
    why = [explain({str(k): v for k, v in row.items()}, rules) for row in table.to_dict("records")]
    table["why"] = pd.Series(why, dtype="str")
    schema.check(table, "persistence", tables=EVIDENCE)
    return table


def _quarter_table(
    hotspots: Hotspots, counts: Counts, hot: Flags, edges: NDArray[np.datetime64]
) -> pd.DataFrame:
    k, n = counts.k, counts.n
    dates = edges.astype("datetime64[us]")
    table = pd.DataFrame(
        {
            "hotspot_id": np.repeat(hotspots.table["hotspot_id"].to_numpy(), n),
            "quarter": np.tile(np.arange(n)[::-1], k),
            "first_date": np.tile(dates[:-1], k),
            "last_date": np.tile(dates[1:] - np.timedelta64(1, "D"), k),
            "n_events": counts.n_events.ravel(),
            "n_days": counts.n_days.ravel(),
            "hot": hot.ravel(),
        }
    ).astype({"hotspot_id": "str"})
    schema.check(table, "hotspot_quarters", tables=EVIDENCE)
    return table


def _tell(
    hotspots: Hotspots,
    edges: NDArray[np.datetime64],
    events: pd.DataFrame,
    rules: PersistenceOptions,
) -> list[Notice]:
    assert hotspots.period is not None
    n, data = len(edges) - 1, {"n_quarters": len(edges) - 1, "first": str(edges[0])}
    text = _(
        "Hot spots följs {n} hela kvartal bakåt, från {first}, inom den yta de har i dag. Ett "
        "kvartal är hett när hot spoten har minst {events} händelser och minst lika många som "
        "kvartalets tätaste rutor ({share} av rutorna med händelser), och minst {own} av sitt eget "
        "snitt."
    ).format(
        n=n,
        first=edges[0],
        events=rules.min_events,
        share=percent(rules.top_share),
        own=percent(rules.own_share),
    )
    notices = [Notice(code="quarters_followed", text=text, level="chosen", data=data)]
    if edges[0] < np.datetime64(hotspots.period.first):
        text = _(
            "Hot spots är valda för att de hade många händelser från {first}. Kvartal dessförinnan "
            "har oftast färre av det skälet, så en stigande trend över den gränsen säger lite."
        ).format(first=hotspots.period.first)
        notices.append(Notice(code="chosen_by_outcome", text=text, level="warning"))
    months = int((events["time_precision"] == "month").sum())
    if months:
        text = _(
            "{n} händelser har bara månad och räknas i det kvartal där månaden börjar."
        ).format(n=number(months))
        notices.append(Notice(code="months_in_quarters", text=text, level="warning"))
    return notices
