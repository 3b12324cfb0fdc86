"""What each number counts in the tables of dog searches, answers and indicators.

They count other things than events, so that none of their numbers can be had from those of events;
each kind is protected in itself, over all its editions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.disclosure.cells import Cell, all_but, only
from geodata.disclosure.countrules import (
    EVENT_TABLES,
    NAMED,
    OUTSIDE,
    Bools,
    CountTable,
    Tables,
    areas_of,
    day_of,
)
from geodata.errors import SettingsError
from geodata.periods import read_period

PERSONAL: Final = "personal"
"""Begins the kind of what is about single persons: its least count is that of the public always."""


def _search_areas(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    areas = areas_of(table["area_id"], defaults=False)
    entrances = {
        "n_entrances": only("other", "valid", "round"),
        "n_valid": only("valid", "round"),  # no entrance is in the round without consent
        "n_round": only("round"),
    }
    searches = {"n_searches": only("find", "none"), "n_finds": only("find")}
    found: dict[str, list[Cell | None]] = {name: [] for name in (*entrances, *searches)}
    rows: Any = table.itertuples(index=False)
    for row in rows:
        first, last = day_of(row.first_date), day_of(row.last_date)
        where = areas[OUTSIDE if pd.isna(row.area_id) else str(row.area_id)]
        # A register is of one day, searches of all days between.
        for name, classes in entrances.items():
            found[name].append(Cell("entrances", where, classes, last, last))
        for name, classes in searches.items():
            found[name].append(Cell("searches", where, classes, first, last))
    return found


def _few_entrances(table: pd.DataFrame, minimum: int) -> Mapping[str, Bools]:
    """Return areas with so few entrances that any number of theirs is one of a few houses."""
    few = (table["n_entrances"] < minimum).to_numpy(dtype=bool)
    return dict.fromkeys(("n_entrances", "n_valid", "n_round", "n_searches", "n_finds"), few)


def _perceived(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    found: dict[str, list[Cell | None]] = {"n_answers": [], "n_unsafe": []}
    rows: Any = table.itertuples(index=False)
    for row in rows:
        origin = "" if pd.isna(row.origin) else row.origin
        what = f"answers/{row.question}/{origin}/{row.wave}"
        for name, classes in (("n_answers", only("safe", "unsafe")), ("n_unsafe", only("unsafe"))):
            found[name].append(Cell(what, only(str(row.area_id)), classes, *NAMED))
    return found


def _indicators(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    found: list[Cell | None] = []
    rows: Any = table.itertuples(index=False)
    for row in rows:
        if pd.isna(row.value) or not pd.isna(row.unit):
            found.append(None)  # nobody told, or no count
            continue
        first, last, wave = _span(str(row.period))
        kind = PERSONAL if row.sensitive else "indicator"
        what = "/".join([kind, str(row.item), str(row.role), str(row.indicator), *wave])
        found.append(Cell(what, all_but(()), all_but(()), first, last))
    return {"value": found}


def _span(period: str) -> tuple[date, date, tuple[str, ...]]:
    """Return the days of a period as written; one that can't be read is named by its words."""
    try:
        told = read_period(period.replace("_", "--"))
    except SettingsError:
        return *NAMED, (period,)
    return told.first, told.last, ()


def _of_whole(table: pd.DataFrame) -> pd.Series[Any]:
    """Return the indicators of the whole municipality: by area none leaves."""
    return table["area_id"].isna()


def least_told(value: float) -> int:
    """Return a number as the count that it is at least; what is above nothing is one at least."""
    return max(math.floor(value), 1) if value > 0 else 0


_SHARES: Final = ("unsafe", "unsafe_low", "unsafe_high")

COUNT_TABLES: Final[Mapping[str, CountTable]] = {
    **EVENT_TABLES,
    "search_areas": CountTable(
        _search_areas,
        {},
        inside=("first_date", "last_date"),
        inside_public=("n_valid", "n_round"),
        secret=_few_entrances,
        sums_known=True,
        span_in_note=True,
        asked="--period",
    ),
    "perceived_areas": CountTable(
        _perceived,
        dict.fromkeys(_SHARES, ("n_answers", "n_unsafe")),
        inside=(
            *("n_reported", "reported_rate", "unsafe_class", "reported_class"),
            *("disagreement", "few"),
        ),
        sums_known=True,
    ),
    "appendix_indicators": CountTable(
        _indicators, {"uncertainty": ("value",)}, rows=_of_whole, any_days=True
    ),
}
"""The tables that leave as counts in ``samverkan`` and ``publik``, by name."""


def whole_numbers(table: pd.DataFrame, column: str) -> list[int | None]:
    """Return a column as counts: rounded where it is printed so, ``None`` where there is none."""
    values = table[column].to_numpy(dtype=np.float64, na_value=np.nan).tolist()
    if column == "value":
        return [None if math.isnan(v) else least_told(v) for v in values]
    return [None if math.isnan(v) else int(np.rint(v)) for v in values]
