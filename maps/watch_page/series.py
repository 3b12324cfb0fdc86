"""The series of the watch: in brief, and each as a small chart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.watch_page.chart import weeks_picture
from maps.watch_page.words import UNITS, what_words

_LOW, _LINE = 46, 30
_WIDE: Final = ("municipality", "area")
"""Units that have a line each in the overview; places have most often one series, and stand as
small charts together."""


@dataclass(frozen=True)
class Small:
    """A series as it is shown; ``of`` is the place, where several stand together."""

    what: str
    of: str
    source: str
    now: str
    chart: Markup
    top: str
    signal: str
    initiated: bool
    missing: bool


@dataclass(frozen=True)
class Row:
    """A unit in the overview: its widest series of each source, ``None`` where there is none."""

    name: str
    unit: str
    key: str
    cells: tuple[Small | None, ...]
    signals: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class Block:
    """The series of one unit, or those of all places, whose name then stands on each."""

    name: str
    unit: str
    key: str
    series: tuple[Small, ...]

    @property
    def how_many(self) -> str:
        """Return the number of its series in words."""
        n = len(self.series)
        return ngettext("{n} serie", "{n} serier", n).format(n=number(n))

    @property
    def loud(self) -> bool:
        """Tell whether any of its series has a signal."""
        return any(one.signal for one in self.series)


@dataclass(frozen=True)
class Weeks:
    """The weeks of one series, oldest first."""

    counts: list[float]
    expected: list[float]
    first: date


def weeks_of(weeks: pd.DataFrame) -> dict[str, Weeks]:
    """Return the weeks of table ``watch_weeks`` by series."""
    found = {}
    for name, rows in weeks.groupby("series_id", sort=False):
        ordered = rows.sort_values("first_date")
        found[str(name)] = Weeks(
            ordered["n_events"].to_numpy(np.float64, na_value=np.nan).tolist(),
            ordered["expected"].to_numpy(np.float64).tolist(),
            ordered["first_date"].iloc[0].date(),
        )
    return found


def sources_of(shown: pd.DataFrame) -> list[str]:
    """Return the sources of the series, in their order."""
    return list(dict.fromkeys(shown["source"].astype("str")))


def _units(shown: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Return kind, name and series of each unit, in their order."""
    groups = shown.groupby(["unit", "name", "unit_id"], sort=False, observed=True, dropna=False)
    return [(str(unit), str(name), rows) for (unit, name, _unit_id), rows in groups]


def make_rows(shown: pd.DataFrame, signals: pd.DataFrame, weeks: Mapping[str, Weeks]) -> list[Row]:
    """Return the overview, units with a signal first; places have no line there."""
    marked = dict(zip(signals["series_id"], signals["signal_id"], strict=True))
    sources, rows = sources_of(shown), []
    for number_, (unit, name, series) in enumerate(_units(shown)):
        if unit not in _WIDE:
            continue
        first = series.drop_duplicates("source").set_index("source")
        cells = tuple(
            _small(first.loc[one].to_dict() | {"source": one}, weeks, marked, _LINE)
            if one in first.index
            else None
            for one in sources
        )
        told = tuple(marked[one] for one in series["series_id"] if one in marked)
        rows.append(Row(name, _(UNITS[unit]), f"unit-{number_}", cells, told, len(series)))
    return sorted(rows, key=lambda row: not row.signals)


def make_blocks(
    shown: pd.DataFrame, signals: pd.DataFrame, weeks: Mapping[str, Weeks]
) -> list[Block]:
    """Return all series: those of each unit, then those of all places together."""
    marked = dict(zip(signals["series_id"], signals["signal_id"], strict=True))
    blocks, places = [], []
    for number_, (unit, name, rows) in enumerate(_units(shown)):
        small = [
            _small(row, weeks, marked, _LOW, of="" if unit in _WIDE else name)
            for row in rows.to_dict("records")
        ]
        if unit in _WIDE:
            blocks.append(Block(name, _(UNITS[unit]), f"unit-{number_}", tuple(small)))
        else:
            places += small
    if places:
        places.sort(key=lambda one: not one.signal)
        blocks.append(Block(_("Platser"), "", "unit-places", tuple(places)))
    return blocks


def _small(
    row: Mapping[Hashable, Any],
    weeks: Mapping[str, Weeks],
    marked: Mapping[str, str],
    height: int,
    of: str = "",
) -> Small:
    own, source = weeks[row["series_id"]], label(str(row["source"]))
    name = f"{row['name']}, {what_words(str(row['class']))}, {source}"
    chart = weeks_picture(
        f"{'line' if height == _LINE else 'series'}-{row['series_id']}",
        name,
        own.counts,
        own.expected,
        upper=float(row["upper"]),
        first=len(own.counts) - 1,
        height=height,
    )
    missing = str(row["state"]) == "missing"
    now = (
        _("uppgift saknas")
        if missing
        else _("{n} mot {expected}").format(
            n=number(row["observed"]), expected=number(row["expected"], 1)
        )
    )
    return Small(
        what=what_words(str(row["class"])),
        of=of,
        source=source,
        now=now,
        chart=chart,
        top=top(own),
        signal=marked.get(str(row["series_id"]), ""),
        initiated=bool(row["police_initiated"]),
        missing=missing,
    )


def top(own: Weeks) -> str:
    """Return the most events of any week, in words."""
    return number(np.nanmax([0.0, *own.counts]))


def iso(first: date) -> str:
    """Return the ISO week of a day, ``2026-W10``."""
    year, number_, _weekday = first.isocalendar()
    return f"{year}-W{number_:02d}"
