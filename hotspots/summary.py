"""One line a hot spot: what all the evidence comes to, in figures and in a plain sentence.

The sentence weighs two questions: is it more than chance (Gi*, corrected for looking everywhere),
and does it stay when the points are moved by their own uncertainty. It says nothing on law, and
nothing on how much drugs there are: only on reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots.clusters import Hotspots
from hotspots.figures import days_text
from hotspots.lattice import cell_numbers

STABLE = 0.8
"""Share of runs from which a hot spot is called stable rather than roughly placed."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What `summarise` needs of each test; ``None`` where a test could not be made.

    Attributes
    ----------
    gi_star
        Table ``gi_star`` of the evidence.
    stability
        ``hotspot_id``, ``stability`` (0–1) and ``uncertain`` (bool).
    persistence
        Table ``persistence``.
    times
        Table ``hotspot_times``.
    method, method_pai
        Name of the method the run used and its PAI at 5 % of the area on the town's own past.
    by_month
        Events are known by month only: days are then months.
    """

    gi_star: pd.DataFrame | None = None
    stability: pd.DataFrame | None = None
    persistence: pd.DataFrame | None = None
    times: pd.DataFrame | None = None
    method: str | None = None
    method_pai: float | None = None
    by_month: bool = False


def summarise(
    hotspots: Hotspots, places: gpd.GeoDataFrame, weighed: Weighed, *, cell_size_m: float
) -> gpd.GeoDataFrame:
    """Return the hot spots with the figures of the evidence filled in.

    Parameters
    ----------
    hotspots
        As found.
    places
        Table ``places`` of the same events.
    weighed
        The tests.
    cell_size_m
        Side of the cells of `Weighed.gi_star`, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``hotspots``; ``z``, ``p`` and ``q`` are those of its strongest cell.
    """
    table = hotspots.table.copy()
    ids = table["hotspot_id"]
    if weighed.gi_star is not None:
        best = _strongest_cell(hotspots, places, weighed.gi_star, cell_size_m)
        for name in ("z", "p", "q"):
            table[name] = ids.map(best[name]).astype("float64").to_numpy()
    if weighed.stability is not None:
        found = weighed.stability.set_index("hotspot_id")
        table["stability"] = ids.map(found["stability"]).astype("float64").to_numpy()
        table["uncertain"] = ids.map(found["uncertain"]).fillna(False).astype(bool).to_numpy()
    if weighed.persistence is not None:
        kinds = weighed.persistence.set_index("hotspot_id")["class"].astype("str")
        table["persistence"] = _texts(ids, kinds)
    if weighed.times is not None:
        table["time_window"] = _windows(ids, weighed.times, hotspots.source)
    table["method"] = pd.Series([weighed.method] * len(table), dtype="str", index=table.index)
    table["method_pai"] = np.nan if weighed.method_pai is None else weighed.method_pai
    rows = table.drop(columns="geometry").to_dict("records")
    told = [sentence(row, by_month=weighed.by_month) for row in rows]
    table["sentence"] = pd.Series(told, dtype="str", index=table.index)
    return table


def _strongest_cell(
    hotspots: Hotspots, places: gpd.GeoDataFrame, gi_star: pd.DataFrame, cell_size_m: float
) -> pd.DataFrame:
    """Return z, p and q of the cell with the highest z among those with a place of the hot spot.

    By the normal distribution: the permutations of table ``gi_star`` hold a cell's own count fixed
    and so ask whether its *neighbours* are busy too, which one address with many events, the
    commonest hot spot of drug reports, has no need of.
    """
    of_place = hotspots.place_hotspot.reindex(places["place_id"]).to_numpy()
    inside = pd.notna(of_place)
    member = pd.DataFrame(
        {
            "hotspot_id": of_place[inside],
            "column": cell_numbers(places["x_m"].to_numpy()[inside], cell_size_m),
            "row": cell_numbers(places["y_m"].to_numpy()[inside], cell_size_m),
        }
    ).drop_duplicates()
    cells = pd.DataFrame(
        {
            "column": cell_numbers(gi_star["x_m"].to_numpy() + cell_size_m / 2, cell_size_m),
            "row": cell_numbers(gi_star["y_m"].to_numpy() + cell_size_m / 2, cell_size_m),
            "z": gi_star["z"].to_numpy(),
            "p": gi_star["p"].to_numpy(),
            "q": gi_star["q"].to_numpy(),
        }
    )
    joined = member.merge(cells, on=["column", "row"])
    order = joined.sort_values(
        ["hotspot_id", "z", "column", "row"], ascending=[True, False, True, True]
    )
    return order.drop_duplicates("hotspot_id").set_index("hotspot_id")[["z", "p", "q"]]


def _windows(ids: pd.Series[Any], times: pd.DataFrame, source: str | None) -> pd.Series[Any]:
    own = times[(times["source"] == source) & times["window_start"].notna()]
    starts, hours = own["window_start"].astype("int64"), own["window_hours"].astype("int64")
    texts = {
        name: window_text(start, length)
        for name, start, length in zip(own["hotspot_id"], starts, hours, strict=True)
    }
    return _texts(ids, pd.Series(texts, dtype="str"))


def _texts(ids: pd.Series[Any], by_id: pd.Series[Any]) -> pd.Series[Any]:
    """Return the text of each id, missing where it has none; text also when all are missing."""
    return pd.Series(ids.map(by_id).to_numpy(dtype=object), dtype="str", index=ids.index)


def window_text(start: int, hours: int) -> str:
    """Return hours in a row as ``14–22``."""
    day = 24
    return _("hela dygnet") if hours >= day else f"{start:02d}–{(start + hours) % day or day:02d}"


def sentence(row: dict[str, Any], *, by_month: bool = False) -> str:
    """Return what the evidence on one hot spot comes to, from a row of table ``hotspots``."""
    parts = [
        _("{events} på {days}").format(
            events=ngettext("{n} händelse", "{n} händelser", row["n_events"]).format(
                n=number(row["n_events"])
            ),
            days=days_text(row["n_days"], by_month=by_month),
        )
    ]
    if pd.notna(row["stability"]):
        parts.append(
            _("kvar i {share} av omkörningarna med flyttade punkter").format(
                share=percent(row["stability"])
            )
        )
    if pd.notna(row["persistence"]):
        parts.append(_("{kind} över tid").format(kind=label(str(row["persistence"]))))
    if pd.notna(row["time_window"]):
        parts.append(_("mest kl. {hours}").format(hours=row["time_window"]))
    if pd.notna(row["share_police_initiated"]):
        parts.append(
            _("{share} hittade på polisens initiativ").format(
                share=percent(row["share_police_initiated"])
            )
        )
    return f"{_verdict(row)}: {', '.join(parts)}."


def _verdict(row: dict[str, Any]) -> str:
    level = 0.05
    if pd.notna(row["stability"]) and bool(row["uncertain"]):
        return _("Osäker hot spot, läget kan bero på hur punkterna är satta")
    if pd.isna(row["q"]):
        return _("Hot spot, inte prövad mot slumpen")
    if row["q"] >= level:
        return _("Otydlig hot spot, kan vara slump")
    if pd.isna(row["stability"]):
        return _("Tydlig hot spot")
    if row["stability"] >= STABLE:
        return _("Tydlig och stabil hot spot")
    return _("Tydlig hot spot, men läget är ungefärligt")
