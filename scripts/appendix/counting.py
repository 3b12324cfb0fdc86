"""Counts of each period by area and class, change with intervals, and times of the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.units import Units, Window, chosen_kind, in_force, make_units
from areas.picture.weeks import local_days
from areas.population import Inhabitants
from areas.population.apportion import homes
from geodata import schema
from geodata.appendix_tables import APPENDIX, PARTS
from geodata.labels import label
from geodata.periods import Period
from geodata.schema import OFFENCE_CLASSES, SOURCES
from hotspots.aoristic import aoristic

if TYPE_CHECKING:
    from scripts.appendix.computing import Span
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.reading import Material

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YEAR_DAYS: Final = 365.25
_PART_HOURS: Final = 6


@dataclass(frozen=True)
class Series:
    """What is counted: a source, and which of its events; shape (n,)."""

    source: str
    what: str
    events: Bools


@dataclass(frozen=True, eq=False)
class Counting:
    """What all counts share.

    Attributes
    ----------
    incidents
        Table ``incidents``.
    days
        Local day of each event.
    units
        Areas in force on some day of any period, and the area of each event.
    in_force_days
        Days that each unit was in force, by period; the first is the period told of.
    periods
        The period told of, then those before it, nearest first.
    compared
        What the first is held against, and the days that each unit was in force then.
    series
        What is counted, the project's own count first.
    """

    incidents: pd.DataFrame
    days: NDArray[np.datetime64]
    units: Units
    in_force_days: tuple[Ints, ...]
    periods: tuple[Period, ...]
    compared: tuple[Period, Ints] | None
    series: tuple[Series, ...]

    @classmethod
    def of(cls, project: Project, material: Material, results: Results, span: Span) -> Counting:
        """Return the counting of a project's results."""
        incidents, areas = results.incidents, results.areas
        kind = chosen_kind(areas, project.picture.area_kind)
        periods = (span.told, *span.earlier)
        every = (*periods, *((span.compared,) if span.compared else ()))
        window = Window(min(one.first for one in every), max(one.last for one in every))
        extra: Any = material.extras.get("picture")
        zones = extra.population.zones if extra is not None and extra.population else None
        people = Inhabitants(zones, homes(material.layers.get("buildings")))
        units = make_units(incidents, areas, kind=kind, window=window, inhabitants=people)
        lengths = [_days(units, areas, kind, one) for one in every]
        return cls(
            incidents,
            local_days(incidents["start"]),
            units,
            tuple(lengths[: len(periods)]),
            periods,
            (span.compared, lengths[-1]) if span.compared else None,
            tuple(_series(project, results)),
        )

    def within(self, period: Period) -> Bools:
        """Return which events fall within a period, shape (n,)."""
        first, last = np.datetime64(period.first), np.datetime64(period.last)
        return np.asarray((self.days >= first) & (self.days <= last))

    def by_unit(self, series: Series, period: Period) -> Ints:
        """Return the events of a period by unit, the whole first; shape (k,)."""
        code = self.units.code[series.events & self.within(period)]
        return self.units.of(np.bincount(code, minlength=len(self.units.table)).astype(np.int64))

    def silent(self, series: Series, period: Period) -> bool:
        """Return whether a source has nothing at all in a period, of any class."""
        own = (self.incidents["source"] == series.source).to_numpy(dtype=bool)
        return not bool((own & self.within(period)).any())


def _days(units: Units, areas: Any, kind: str | None, period: Period) -> Ints:  # noqa: ANN401
    """Return the days of a period that each unit was in force, shape (k,)."""
    known = in_force(areas, kind, Window(period.first, period.last)).set_index("area_id")["days"]
    table = units.table
    own = table["area_id"].map(known).fillna(0).to_numpy(dtype=np.int64)
    return np.where(units.areas, own, period.days).astype(np.int64)


def _series(project: Project, results: Results) -> Sequence[Series]:
    """Return the project's own count, then every other source that has events, all classes."""
    incidents = results.incidents
    source = incidents["source"].astype("str").to_numpy()
    counted = results.counted.source
    own = (source == counted) & incidents["offence_class"].isin(project.hotspots.classes).to_numpy()
    found = [Series(counted, "counted", own)]
    found += [
        Series(name, "all", source == name)
        for name in SOURCES
        if name != counted and (source == name).any()
    ]
    return found


def counts_table(counting: Counting) -> pd.DataFrame:
    """Return table ``appendix_counts``."""
    parts = []
    for order, period in enumerate(counting.periods):
        for series in counting.series:
            if counting.silent(series, period):
                continue  # nobody told: that is not known, and not none
            parts.append(_areas_of(counting, order, period, series))
            if series.what == "counted":
                parts.append(_classes_of(counting, order, period, series))
    table = pd.concat(parts, ignore_index=True)
    for column in ("source", "what", "by", "unit", "rate_per"):
        values = table[column].tolist()
        table[column] = schema.category(values, "appendix_counts", column, tables=APPENDIX)
    texts = dict.fromkeys(("period", "area_id", "name", "value"), "str")
    table = table.astype(texts)
    table = table[list(APPENDIX["appendix_counts"])]
    schema.check(table, "appendix_counts", tables=APPENDIX)
    return table


def _areas_of(counting: Counting, order: int, period: Period, series: Series) -> pd.DataFrame:
    units = counting.units.table
    n = counting.by_unit(series, period)
    days = counting.in_force_days[order]
    rate, per = _rates(counting, n, days)
    table = _rows(order, period, series, len(units)).assign(
        by=["whole" if unit == "whole" else "area" for unit in units["unit"]],
        area_id=units["area_id"],
        name=units["name"],
        unit=units["unit"].astype("str"),
        value="all",
        days=days,
        n_events=n,
        rate=rate,
        rate_per=pd.Series(per, dtype="object").to_numpy(),
    )
    # An area that wasn't there has no count; an empty default address is no row worth printing.
    there = (days > 0) & ~((units["unit"] == "unplaced").to_numpy() & (n == 0))
    kept: pd.DataFrame = table.loc[there]
    return kept


def _rates(counting: Counting, n: Ints, days: Ints) -> tuple[Floats, list[str | None]]:
    """Return events a year, per 1,000 inhabitants where all areas have them, else per km²."""
    units = counting.units
    years = days / YEAR_DAYS
    people = units.table["population"].to_numpy(dtype=np.float64)
    land = units.table["area_ha"].to_numpy(dtype=np.float64) / 100
    by_people = bool(units.areas.any() and (people[units.areas] > 0).all())
    size = people / 1000 if by_people else land
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where((size > 0) & (years > 0), n / (size * years), np.nan)
    per = "inhabitants" if by_people else "km2"
    return rate, [per if np.isfinite(value) else None for value in rate]


def _classes_of(counting: Counting, order: int, period: Period, series: Series) -> pd.DataFrame:
    chosen = series.events & counting.within(period)
    counts = counting.incidents.loc[chosen, "offence_class"].value_counts(sort=False)
    ever = set(counting.incidents.loc[series.events, "offence_class"].astype("str"))
    classes = [name for name in OFFENCE_CLASSES if name in ever]
    return _rows(order, period, series, len(classes)).assign(
        by="class",
        area_id="*",
        name=[label(name) for name in classes],
        unit="whole",
        value=classes,
        days=period.days,
        n_events=[int(counts.get(name, 0)) for name in classes],
        rate=np.nan,
        rate_per=None,
    )


def _rows(order: int, period: Period, series: Series, n: int) -> pd.DataFrame:
    first, last = (pd.Series([pd.Timestamp(one)] * n) for one in (period.first, period.last))
    return pd.DataFrame(
        {
            "order": np.full(n, order, dtype=np.int64),
            "period": [period.name] * n,
            "first_date": first.astype("datetime64[us]"),
            "last_date": last.astype("datetime64[us]"),
            "source": [series.source] * n,
            "what": [series.what] * n,
        }
    )


def times_table(counting: Counting) -> pd.DataFrame:
    """Return table ``appendix_times`` of the project's own count in the period told of."""
    series = counting.series[0]
    chosen = counting.incidents.loc[series.events & counting.within(counting.periods[0])]
    dated = chosen[(chosen["time_precision"] != "month").to_numpy()]
    week = aoristic(dated, np.zeros(len(dated), dtype=np.int64), 1)[0]
    rows: list[tuple[str, int, int, str | None, float]] = [
        ("hour", weekday + 1, hour, None, float(week[weekday, hour]))
        for weekday in range(7)
        for hour in range(25)
    ]
    rows += [("weekday", i + 1, -1, None, float(n)) for i, n in enumerate(week.sum(axis=1))]
    by_part = [
        week[:, i * _PART_HOURS : (i + 1) * _PART_HOURS].sum() for i in range(len(PARTS) - 1)
    ]
    by_part.append(week[:, 24].sum())
    rows += [("part", 0, -1, part, float(n)) for part, n in zip(PARTS, by_part, strict=True)]
    if dated.empty:
        rows = []
    table = pd.DataFrame(rows, columns=["by", "weekday", "hour", "part", "n_events"])
    table.insert(0, "source", [series.source] * len(rows))
    for column in ("source", "by", "part"):
        values = table[column].tolist()
        table[column] = schema.category(values, "appendix_times", column, tables=APPENDIX)
    table = table.astype({"weekday": "int64", "hour": "int64", "n_events": "float64"})
    schema.check(table, "appendix_times", tables=APPENDIX)
    return table
