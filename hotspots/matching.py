"""Hot spots of two periods matched by where they lie.

The pair that shares most of its area is matched first, then the next among those left. Since both
sides prefer by the same measure, this is the one stable matching: no two hot spots would both
rather have each other. Ties are settled by the ids, so nothing depends on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import numpy as np
import pandas as pd
import shapely

from geodata import schema
from geodata.caveats import source_caveat
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.language import N_, number
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.options import HotspotOptions, Source
from hotspots.selection import event_days


@dataclass(frozen=True, kw_only=True)
class MatchOptions:
    """When a hot spot is the same as one of an earlier period."""

    min_overlap: float = setting(
        0.25,
        N_(
            "Andel av den mindre ytan som två hot spots minst delar för att vara samma. Större "
            "värde ger fler nya och försvunna."
        ),
        unit="andel",
        above=0,
        maximum=1,
    )
    months_back: int = setting(
        12,
        N_("Hur långt före periodens slut den tidigare perioden slutar."),
        unit="månader",
        minimum=1,
        maximum=600,
    )


@dataclass(frozen=True)
class Matches:
    """Table ``matches``, and what to look at."""

    table: pd.DataFrame
    notices: tuple[Notice, ...]
    caveat: str


def earlier_hotspots(
    incidents: pd.DataFrame,
    places: Any,  # noqa: ANN401 (a GeoDataFrame)
    now: Hotspots,
    options: HotspotOptions,
    *,
    crs: str,
    match: MatchOptions | None = None,
) -> tuple[Hotspots | None, tuple[Notice, ...]]:
    """Find the hot spots of the earlier period with the same settings and the same source.

    Parameters
    ----------
    incidents, places
        Tables ``incidents`` and ``places``.
    now
        The hot spots of this period.
    options
        The settings that found them.
    crs
        The project's CRS.
    match
        How far back the earlier period lies.

    Returns
    -------
    tuple
        The hot spots, or ``None`` where the extract doesn't reach that far back; and a notice that
        says which days were compared, and how many of them the two periods share.
    """
    match = match or MatchOptions()
    if now.period is None or now.source is None:
        text = _("Utan händelser finns inget att jämföra med en tidigare period.")
        return None, (Notice(code="no_earlier_period", text=text, level="warning"),)
    back = pd.DateOffset(months=match.months_back)
    first = (pd.Timestamp(now.period.first) - back).date()
    stop = pd.Timestamp(now.period.last) + pd.Timedelta(days=1)
    last = (stop - back).date() - timedelta(days=1)
    earliest = event_days(incidents).min()
    # The first days of an extract may lack events by chance.
    if earliest > np.datetime64(first) + 7:
        text = _(
            "Uttaget börjar {earliest} och räcker inte till den tidigare perioden {first}–{last}: "
            "inga hot spots jämförs."
        ).format(earliest=earliest, first=first, last=last)
        return None, (Notice(code="no_earlier_period", text=text, level="warning"),)
    source = cast("Source", now.source)
    same = replace(options, source=source, date_from=first, date_to=last)
    shared = max((last - now.period.first).days + 1, 0)
    text = _(
        "Jämförs med {first}–{last}, samma källa och gränser. Perioderna delar {n} dagar."
    ).format(first=first, last=last, n=number(shared))
    data = {"first": str(first), "last": str(last), "shared_days": shared}
    notice = Notice(code="earlier_period", text=text, level="chosen", data=data)
    return find_hotspots(incidents, places, same, crs=crs), (notice,)


def match_hotspots(
    now: Hotspots, earlier: Hotspots, options: MatchOptions | None = None
) -> Matches:
    """Match the hot spots of two periods.

    Parameters
    ----------
    now, earlier
        Hot spots of the same town, found with the same settings.
    options
        How much they must share.

    Returns
    -------
    Matches
        Table ``matches``: every hot spot of either period. Its kind is ``same`` for matched pairs;
        ``split`` for one of this period that overlaps an earlier one that has been matched with
        another, ``merged`` for an earlier one likewise; ``new`` and ``gone`` for the rest.
    """
    options = options or MatchOptions()
    pairs = _pairs(now, earlier)
    pairs = pairs[pairs["overlap"] >= options.min_overlap]
    taken_now: set[str] = set()
    taken_earlier: set[str] = set()
    rows: list[dict[str, Any]] = []
    left = []
    for pair in cast("list[dict[str, Any]]", pairs.to_dict("records")):
        if pair["hotspot_id"] in taken_now or pair["earlier_id"] in taken_earlier:
            left.append(pair)
            continue
        taken_now.add(pair["hotspot_id"])
        taken_earlier.add(pair["earlier_id"])
        rows.append(pair | {"kind": "same"})
    for pair in left:  # best first, so each keeps to what it shares most with
        if pair["hotspot_id"] not in taken_now:
            taken_now.add(pair["hotspot_id"])
            rows.append(pair | {"kind": "split"})
        elif pair["earlier_id"] not in taken_earlier:
            taken_earlier.add(pair["earlier_id"])
            rows.append(pair | {"kind": "merged"})
    nothing = {"overlap": 0.0, "jaccard": 0.0, "n_places_shared": 0}
    rows += [
        {"hotspot_id": name, "earlier_id": None, "kind": "new", **nothing}
        for name in now.table["hotspot_id"]
        if name not in taken_now
    ]
    rows += [
        {"hotspot_id": None, "earlier_id": name, "kind": "gone", **nothing}
        for name in earlier.table["hotspot_id"]
        if name not in taken_earlier
    ]
    table = _table(rows)
    return Matches(table, (_tell(table),), source_caveat(now.source or "unknown"))


def _pairs(now: Hotspots, earlier: Hotspots) -> pd.DataFrame:
    """Return the pairs whose outlines share area, best first."""
    one, other = now.table.geometry.to_numpy(), earlier.table.geometry.to_numpy()
    at, also = shapely.STRtree(other).query(one, predicate="intersects")
    shared = shapely.area(shapely.intersection(one[at], other[also]))
    areas = shapely.area(one[at]), shapely.area(other[also])
    ids = now.table["hotspot_id"].to_numpy()[at], earlier.table["hotspot_id"].to_numpy()[also]
    table = pd.DataFrame(
        {
            "hotspot_id": ids[0],
            "earlier_id": ids[1],
            # rounded, so that ties are ties whatever the order of the corners
            "overlap": np.round(shared / np.minimum(*areas), 9),
            "jaccard": np.round(shared / (areas[0] + areas[1] - shared), 9),
        }
    )
    places = pd.concat({"a": now.place_hotspot, "b": earlier.place_hotspot}, axis=1).dropna()
    both = places.value_counts().to_dict()
    table["n_places_shared"] = [int(both.get(pair, 0)) for pair in zip(*ids, strict=True)]
    return table.sort_values(
        ["overlap", "jaccard", "n_places_shared", "hotspot_id", "earlier_id"],
        ascending=[False, False, False, True, True],
    )


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return schema.empty("matches", tables=EVIDENCE)
    table = pd.DataFrame(rows, columns=list(EVIDENCE["matches"]))
    table = table.astype({"hotspot_id": "str", "earlier_id": "str"})
    table = table.sort_values(["hotspot_id", "earlier_id"], ignore_index=True)
    table["kind"] = schema.category(table["kind"], "matches", "kind", tables=EVIDENCE)
    schema.check(table, "matches", tables=EVIDENCE)
    return table


def _tell(table: pd.DataFrame) -> Notice:
    n = {str(kind): int(count) for kind, count in table["kind"].value_counts(sort=False).items()}
    text = _(
        "Av periodens hot spots fanns {same} även i den tidigare perioden, {split} är en del av en "
        "tidigare och {new} är nya. {gone} av de tidigare är inte kvar och {merged} har gått upp i "
        "en annan."
    ).format(**n)
    return Notice(code="hotspots_matched", text=text, data=n)
