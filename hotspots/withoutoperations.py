"""Hot spots with the days of operations and without them, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
from hotspots import tally
from hotspots.activity import ActivityOptions, Marked, mark_operations
from hotspots.clusters import Hotspots
from hotspots.figures import days_text
from hotspots.options import HotspotOptions
from hotspots.selection import Selection

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class WithoutOperations:
    """What the operations make of the hot spots.

    Attributes
    ----------
    table
        Table ``hotspot_operations``, by rank.
    operations
        Table ``operation_counts``, a row an operation.
    without
        Rows of ``incidents`` that are counted and not marked. Run `find_hotspots` on the extract
        without the marked rows to see which hot spots there would be.
    notices, caveat
        What to look at; the words that always go with it.
    """

    table: pd.DataFrame
    operations: pd.DataFrame
    without: pd.DataFrame = field(repr=False)
    notices: tuple[Notice, ...]
    caveat: str


def without_operations(
    counted: Selection,
    hotspots: Hotspots,
    operations: gpd.GeoDataFrame | None,
    options: HotspotOptions,
    activity: ActivityOptions | None = None,
) -> WithoutOperations:
    """Count each hot spot with the days of operations and without them.

    Parameters
    ----------
    counted
        The counted events, those that the hot spots were made of.
    hotspots
        The hot spots; the places stay theirs.
    operations
        Table ``operations``; ``None`` or empty where no list is known.
    options
        Least events and days of a hot spot.
    activity
        What belongs to an operation.
    """
    caveat = source_caveat(hotspots.source or "unknown")
    if operations is None or operations.empty:
        nothing = [
            schema.empty(n, tables=EVIDENCE) for n in ("hotspot_operations", "operation_counts")
        ]
        text = _(
            "Ingen lista över insatser är angiven. Då går det inte att se vad som är kvar av hot "
            "spots utan insatsdagarna."
        )
        notice = Notice(code="no_operations", text=text, level="warning")
        return WithoutOperations(nothing[0], nothing[1], counted.events, (notice,), caveat)
    found = mark_operations(counted.events, operations, activity)
    ids = pd.Index(hotspots.table["hotspot_id"])
    group = ids.get_indexer(counted.events["place_id"].map(hotspots.place_hotspot))
    table = _compare(counted, found, group.astype(np.int64), hotspots, options)
    counts = _by_operation(counted, found, operations)
    return WithoutOperations(
        table, counts, counted.events[~found.marked], _tell(counted, found, table), caveat
    )


def _compare(
    counted: Selection, found: Marked, group: Ints, hotspots: Hotspots, options: HotspotOptions
) -> pd.DataFrame:
    k = len(hotspots.table)
    if k == 0:
        return schema.empty("hotspot_operations", tables=EVIDENCE)
    inside = group >= 0
    rest = inside & ~found.marked
    n_events, n_days = _totals(group[inside], counted.days[inside], k)
    less_events, less_days = _totals(group[rest], counted.days[rest], k)
    n_marked = n_events - less_events
    rank_without = pd.array(_ranks(less_events, less_days), dtype="Int64")
    rank_without[less_events == 0] = pd.NA
    table = pd.DataFrame(
        {
            "hotspot_id": hotspots.table["hotspot_id"].astype("str").to_numpy(),
            "n_events": n_events,
            "n_days": n_days,
            "rank": _ranks(n_events, n_days),
            "n_marked": n_marked,
            "n_undecided": tally.totals(group[inside & found.undecided], k),
            "share_marked": n_marked / np.maximum(n_events, 1),
            "n_events_without": less_events,
            "n_days_without": less_days,
            "rank_without": rank_without,
            "stands_without": (less_events >= options.min_events) & (less_days >= options.min_days),
        }
    ).astype({"hotspot_id": "str"})
    why = [_why(row) for row in table.itertuples(index=False)]
    table["why"] = pd.Series(why, dtype="str")
    schema.check(table, "hotspot_operations", tables=EVIDENCE)
    return table


def _totals(group: Ints, days: NDArray[np.datetime64], k: int) -> tuple[Ints, Ints]:
    return tally.totals(group, k), tally.distinct(group, days, k)


def _ranks(n_events: Ints, n_days: Ints) -> Ints:
    """Return the rank of each hot spot by days, then events, then its rank before."""
    order = np.lexsort((np.arange(len(n_days)), -n_events, -n_days))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _why(row: Any) -> str:  # noqa: ANN401 (a named tuple of the table)
    if row.n_marked == 0:
        return _("Ingen av de {n} händelserna ligger på insatsdagar.").format(
            n=number(row.n_events)
        )
    text = _(
        "{marked} av {n} händelser ({share}) ligger på insatsdagar. Utan dem återstår {rest} på "
        "{days}."
    ).format(
        marked=number(row.n_marked),
        n=number(row.n_events),
        share=percent(row.share_marked),
        rest=number(row.n_events_without),
        days=days_text(row.n_days_without, by_month=False),
    )
    if not row.stands_without:
        return text + " " + _("Det når inte gränserna för en hot spot.")
    moved = _("Plats {rank} i rangordningen, mot {before} med insatsdagarna.")
    return text + " " + moved.format(rank=row.rank_without, before=row.rank)


def _by_operation(counted: Selection, found: Marked, operations: gpd.GeoDataFrame) -> pd.DataFrame:
    k = len(operations)
    n_events, n_days = _totals(found.operation, counted.days[found.event], k)
    initiated = (counted.events["police_initiated"] == "yes").to_numpy()[found.event]
    hours = operations["patrol_hours"].to_numpy(np.float64)
    per_hour = np.divide(n_events, hours, out=np.full(k, np.nan), where=hours > 0)
    table = pd.DataFrame(
        {
            "operation_id": operations["operation_id"].astype("str").to_numpy(),
            "n_op_days": (operations["last_date"] - operations["first_date"]).dt.days.to_numpy()
            + 1,
            "patrol_hours": hours,
            "n_events": n_events,
            "n_days": n_days,
            "n_initiated": tally.totals(found.operation[initiated], k),
            "events_per_hour": per_hour,
        }
    ).astype({"operation_id": "str"})
    schema.check(table, "operation_counts", tables=EVIDENCE)
    return table


def _tell(counted: Selection, found: Marked, table: pd.DataFrame) -> tuple[Notice, ...]:
    n, total = int(found.marked.sum()), len(counted.events)
    fallen = int((~table["stands_without"]).sum()) if len(table) else 0
    text = _(
        "{n} av {total} räknade händelser ligger på insatsdagar. Utan dem når {fallen} av {spots} "
        "hot spots inte längre gränserna."
    ).format(n=number(n), total=number(total), fallen=number(fallen), spots=number(len(table)))
    data = {"n_marked": n, "n_events": total, "fallen": fallen}
    notices = [Notice(code="operations_marked", text=text, data=data)]
    unsure = int(found.undecided.sum())
    if unsure:
        text = _(
            "{n} händelser har bara månad, i en månad med insats på platsen. De kan inte märkas "
            "och räknas med i båda fallen."
        ).format(n=number(unsure))
        notices.append(Notice(code="operations_undecided", text=text, level="warning"))
    return tuple(notices)
