"""Counts by period, packed beside the layers that they belong to, for the switch of period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.language import gettext as _
from geodata.language import number
from maps import style
from maps.layers.base import MapLayer, Swatch
from maps.layers.periodspots import with_spots
from maps.layers.shading import shading_layer

_LEAST_PERIODS: Final = 2
_DAYS_A_YEAR: Final = 365.25
_EPOCH: Final = pd.Timestamp(1970, 1, 1)


@dataclass(frozen=True)
class Periods:
    """The periods of the switch, in order.

    ``whole`` tells whether the data cover the whole of each; ``totals`` are the counted events;
    ``days`` first and last day of each.
    """

    names: tuple[str, ...]
    whole: tuple[bool, ...]
    totals: tuple[int, ...]
    days: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]

    def json(self) -> dict[str, Any]:
        """Return the periods as JSON values."""
        texts = [
            name if full else _("{period} (del av)").format(period=name)
            for name, full in zip(self.names, self.whole, strict=True)
        ]
        days = [[(one - _EPOCH).days for one in pair] for pair in self.days]
        return {"names": texts, "totals": list(self.totals), "days": days}

    def rows(self) -> list[tuple[str, str]]:
        """Return each period and its events as text."""
        names = self.json()["names"]
        return [(name, number(n)) for name, n in zip(names, self.totals, strict=True)]


def with_periods(
    layers: Sequence[MapLayer],
    tables: Mapping[str, gpd.GeoDataFrame],
    classes: int,
    days: tuple[date | None, date | None] = (None, None),
) -> tuple[list[MapLayer], Periods | None]:
    """Return the layers with what they show in each period, and the periods.

    Parameters
    ----------
    layers
        Layers of the map, the lowest first.
    tables
        Released tables of the map; used are ``period_counts``, ``period_hotspots`` and ``areas``.
    classes
        Most classes of the grid's legend. They are the same for all periods, so that two periods
        can be compared by colour.
    days
        First and last day counted, both included.

    Returns
    -------
    tuple
        ``None`` for the periods, and the layers as they were, with less than two periods or
        without counts. Else each layer with its counts, hot spots with those of each period, and
        beneath all the areas shaded by their events.
    """
    table = tables.get("period_counts")
    if table is None:
        return list(layers), None
    whole = table.loc[table["level"] == "whole"].sort_values("period", kind="stable")
    if len(whole) < _LEAST_PERIODS:
        return list(layers), None
    periods = Periods(
        tuple(whole["period"].tolist()),
        tuple(bool(one) for one in whole["whole"]),
        tuple(int(n) for n in whole["n_events"]),
        tuple(_days(name, *days) for name in whole["period"]),
    )
    names = dict(zip(periods.names, periods.json()["names"], strict=True))
    made = list(layers)
    if tables.get("areas") is not None:
        years = [((last - first).days + 1) / _DAYS_A_YEAR for first, last in periods.days]
        shaded = shading_layer(layers, tables["areas"], table, years, periods.names, classes)
        made = [*([shaded] if shaded else []), *made]
    made = [
        with_spots(one, tables.get("period_hotspots"), names) if one.key == "hotspots" else one
        for one in made
    ]
    return [_with(layer, table, periods, classes) for layer in made], periods


def _days(period: str, first: date | None, last: date | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day that are counted of a period, ``2024`` or ``2024-Q1``."""
    span = pd.Period(period.replace("-", ""))
    begins, ends = span.start_time, span.end_time.normalize()
    if first is not None:
        begins = max(begins, pd.Timestamp(first))
    if last is not None:
        ends = min(ends, pd.Timestamp(last))
    return begins, max(begins, ends)


def _with(layer: MapLayer, table: pd.DataFrame, periods: Periods, classes: int) -> MapLayer:
    if not layer.level:
        return layer
    mine = table.loc[(table["level"] == layer.level) & table["object_id"].isin(layer.ids)]
    data = {**layer.data, "counts": packed(mine, layer.ids, periods.names)}
    if layer.level != "cell":
        return replace(layer, data=data)
    values = mine["n_events"].to_numpy(dtype=np.int64)
    starts = style.class_starts(values, classes)
    words = style.class_texts(starts, int(values.max(initial=0)))
    colours = style.SEQUENTIAL[max(1, len(words))][: len(words)]
    data |= {"period_starts": list(starts), "period_colours": list(colours)}
    legend = tuple(Swatch("fill", c, w) for c, w in zip(colours, words, strict=True))
    return replace(layer, data=data, period_legend=legend)


def packed(mine: pd.DataFrame, ids: Sequence[str], names: Sequence[str]) -> list[int]:
    """Return counts in one list of whole numbers, object by object.

    A count ``n`` in period ``p`` of ``P`` is ``1 + p + P (n − 1)``; the last of an object is
    negative, an object without any is 0. Most places have one or two events, so that most take
    three signs of the page.
    """
    count = len(names)
    place = pd.Series(np.arange(len(ids)), index=list(ids)).loc[mine["object_id"]].to_numpy()
    number_ = pd.Series(np.arange(count), index=list(names)).loc[mine["period"]].to_numpy()
    order = np.lexsort((number_, place))
    codes = (1 + number_ + count * (mine["n_events"].to_numpy(np.int64) - 1))[order]
    owners = place[order]
    last = np.append(owners[1:] != owners[:-1], True)[: len(owners)]
    codes = np.where(last, -codes, codes)
    empty = np.setdiff1d(np.arange(len(ids)), owners)
    everyone = np.concatenate([owners, empty])
    all_codes = np.concatenate([codes, np.zeros(len(empty), dtype=np.int64)])
    return [int(v) for v in all_codes[np.argsort(everyone, kind="stable")].tolist()]
