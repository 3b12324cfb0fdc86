"""Events of both periods by unit, source, class and week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.assign import assign_areas
from areas.followup.periods import Periods
from areas.picture.units import Window, in_force
from geodata.effect_tables import BY_DATE
from geodata.language import gettext as _
from geodata.picture_tables import OUTSIDE, WHOLE
from geodata.schema import OFFENCE_CLASSES, SOURCES, STREET_DRUG_CLASSES

Ints = NDArray[np.int64]
WEEK: Final = 7


@dataclass(frozen=True, eq=False)
class Unit:
    """What is compared.

    Attributes
    ----------
    area_id, name, unit, boundary
        As of table ``followup_areas``.
    inside
        Which events are its own, shape (n,).
    days_before, days_now
        Days of each period that it was in force.
    """

    area_id: str
    name: str
    unit: str
    boundary: str
    inside: NDArray[np.bool_]
    days_before: int
    days_now: int


@dataclass(frozen=True, eq=False)
class Weeks:
    """Number of the week (or month) of each event within its period, −1 outside; shape (n,)."""

    before: Ints
    now: Ints
    n_before: int
    n_now: int

    def counts(self, which: NDArray[np.bool_], *, now: bool) -> Ints:
        """Count the events chosen by week; those of a last, broken week are in no column."""
        week, n = (self.now, self.n_now) if now else (self.before, self.n_before)
        chosen = week[which]
        return np.bincount(chosen[(chosen >= 0) & (chosen < n)], minlength=n)[:n].astype(np.int64)

    def total(self, which: NDArray[np.bool_], *, now: bool) -> int:
        """Count all events chosen, a broken week too."""
        return int((which & ((self.now if now else self.before) >= 0)).sum())


def find_weeks(days: NDArray[np.datetime64], periods: Periods, *, by_month: bool) -> Weeks:
    """Return the week of each event, counted from the first day of its period."""
    found = []
    for first, last in (
        (periods.first_before, periods.last_before),
        (periods.first_now, periods.last_now),
    ):
        low, high = np.datetime64(first), np.datetime64(last)
        if by_month:
            number = (days.astype("datetime64[M]") - low.astype("datetime64[M]")).astype(np.int64)
            whole = int((high.astype("datetime64[M]") - low.astype("datetime64[M]")).astype(int))
            n = whole + 1
        else:
            number = (days - low).astype(np.int64) // WEEK
            n = int((high - low).astype(int) + 1) // WEEK
        inside = (days >= low) & (days <= high)
        found.append((np.where(inside, number, -1), n))
    (before, n_before), (now, n_now) = found
    return Weeks(before, now, n_before, n_now)


def find_units(
    incidents: pd.DataFrame, areas: gpd.GeoDataFrame, kind: str | None, periods: Periods
) -> list[Unit]:
    """Return the whole, each area by the boundary of each event's day, and what lies outside.

    An area that was redrawn, began or ended within the two periods also has a unit for each of its
    boundaries, laid on both periods. Events on a default address are of the whole only.
    """
    n = len(incidents)
    placed = ~incidents["stacked"].to_numpy(bool)
    full = periods.days_before, periods.days_now
    units = [Unit(WHOLE, _("Hela kommunen"), "whole", BY_DATE, np.ones(n, dtype=bool), *full)]
    if kind is None:
        return units
    found = assign_areas(incidents, areas, kind=kind)
    window = Window(periods.first_before, periods.last_now)
    own = areas[areas["kind"].astype("str") == kind]
    for row in in_force(areas, kind, window).itertuples(index=False):
        area, name = str(row.area_id), str(row.name)
        versions = own[own["area_id"] == area].sort_values("valid_from", na_position="first")
        days = _days(versions, periods)
        inside = (found == area).fillna(False).to_numpy(bool) & placed
        units.append(Unit(area, name, "area", BY_DATE, inside, *days))
        if len(versions) == 1 and days == full:
            continue
        for since, version in _versions(versions):
            laid = assign_areas(incidents, version, kind=kind).notna().to_numpy(bool) & placed
            units.append(Unit(area, name, "area", since, laid, *full))
    outside = found.isna().to_numpy(bool) & placed
    units.append(Unit(OUTSIDE, _("Utanför områdena"), "outside", BY_DATE, outside, *full))
    return units


def _versions(versions: gpd.GeoDataFrame) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Return first day and each boundary for itself, without its dates; equal ones once."""
    found: dict[bytes, tuple[str, gpd.GeoDataFrame]] = {}
    never = pd.Series([pd.NaT], dtype="datetime64[us]")
    for i in range(len(versions)):
        one = versions.iloc[[i]].reset_index(drop=True)
        begins = one["valid_from"].iloc[0]
        since = "" if pd.isna(begins) else begins.date().isoformat()
        shape = one.geometry.iloc[0].normalize().wkb
        found.setdefault(shape, (since, one.assign(valid_from=never, valid_to=never)))
    return list(found.values())


def _days(versions: gpd.GeoDataFrame, periods: Periods) -> tuple[int, int]:
    """Return the days of each period on which some boundary of an area was in force."""
    made = []
    for first, last in (
        (periods.first_before, periods.last_before),
        (periods.first_now, periods.last_now),
    ):
        low, high = pd.Timestamp(first), pd.Timestamp(last)
        begins = versions["valid_from"].fillna(low).clip(lower=low)
        ends = versions["valid_to"].fillna(high).clip(upper=high)
        length = ((ends - begins).dt.days + 1).clip(lower=0).sum()
        made.append(int(min(length, (high - low).days + 1)))
    return made[0], made[1]


def series_of(incidents: pd.DataFrame) -> list[tuple[str, str, NDArray[np.bool_]]]:
    """Return source, class and which events, of each series that the data have.

    Sources are never summed. By class an event counts under its principal offence.
    """
    found = []
    classes = incidents["offence_class"].astype("str").to_numpy()
    for source in SOURCES:
        own = (incidents["source"] == source).to_numpy()
        if not own.any():
            continue
        drugs = own & np.isin(classes, STREET_DRUG_CLASSES)
        found.append((source, "all", own))
        if drugs.any():
            found.append((source, "street_drugs", drugs))
        there = set(classes[own])
        found += [(source, one, own & (classes == one)) for one in OFFENCE_CLASSES if one in there]
    return found
