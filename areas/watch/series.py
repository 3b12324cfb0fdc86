"""Weekly series: events by unit, class and source, with missing weeks told from weeks of none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.assign import assign_points
from areas.watch.calendar import event_weeks
from areas.watch.options import WatchOptions
from areas.watch.reference import monday, week_of
from geodata.language import gettext as _
from geodata.schema import OFFENCE_CLASSES, SOURCES, STREET_DRUG_CLASSES
from geodata.watch_tables import WATCH_CLASSES, WATCH_UNITS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USUAL: Final = 5
"""Rows a week from which a source is taken to be missing, not silent, in a week without any."""

INITIATED: Final = 0.5
"""Share found on police initiative from which a series is marked."""

YEAR_OF_WEEKS: Final = 52


@dataclass(frozen=True, eq=False)
class Series:
    """All series of a watched week.

    Attributes
    ----------
    keys
        One row a series: ``unit``, ``unit_id``, ``name``, ``source``, ``class``,
        ``share_police_initiated`` of the last year.
    counts
        Events by week, shape (s, weeks), the watched one last; NaN before the series begins and in
        weeks that are missing.
    first_week
        Number of the week at position 0.
    week
        Number of the watched week.
    missing
        By source: weeks in which it has no rows although it usually has.
    """

    keys: pd.DataFrame
    counts: Floats
    first_week: int
    week: int
    missing: dict[str, Ints]

    @property
    def since(self) -> Ints:
        """Return the number of the week at which each series begins, shape (s,)."""
        known = np.isfinite(self.counts)
        begun: Ints = np.where(known.any(axis=1), known.argmax(axis=1), self.counts.shape[1])
        return begun + self.first_week


@dataclass(frozen=True, eq=False)
class _Cube:
    """Events of one kind of unit by unit, source, class and week, with what each unit is."""

    unit: str
    ids: list[str]
    names: list[str]
    since: Ints
    counts: Floats
    initiated: Floats


def make_series(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    week: int,
    options: WatchOptions,
) -> Series:
    """Count events by week for the municipality, each area and the busiest places.

    An area's series counts by its boundary on the last day of the watched week, also backwards, so
    that a new boundary is not taken for a change. Events at implausibly common points
    (``stacked``) count for the municipality only: where they took place isn't known.

    Parameters
    ----------
    incidents
        Table ``incidents``; rows known by month only are left out.
    areas, places
        Tables of those names, in the same CRS.
    week
        Number of the watched week; later events don't count.
    options
        Settings.

    Returns
    -------
    Series
        Series with at least one event, in order of unit, name, source and class.
    """
    rows = incidents[(incidents["time_precision"] != "month").to_numpy()]
    at = event_weeks(rows["start"]).to_numpy().astype(np.int64)
    rows, at = rows[at <= week], at[at <= week]
    first = int(at.min()) if len(at) else week
    if len(at) and rows["start"].min().weekday() > 0:
        first = min(first + 1, week)  # the first week is not whole
    rows, at = rows[at >= first], at[at >= first] - first
    length = week - first + 1
    events = _Events.of(rows, at, length)
    begun = events.source_begins()
    missing = events.missing_weeks(begun)
    cubes = [
        _municipality(events),
        _areas(events, areas, places, options.area_kind, week, first),
        _places(events, places, options),
    ]
    keys, counts = [], []
    for cube in cubes:
        more, found = _lay_out(cube, begun, missing)
        keys.append(more)
        counts.append(found)
    return Series(
        keys=pd.concat(keys, ignore_index=True),
        counts=np.concatenate(counts),
        first_week=first,
        week=week,
        missing={SOURCES[code]: weeks + first for code, weeks in missing.items()},
    )


@dataclass(frozen=True, eq=False)
class _Events:
    """Codes of each event: class, source, week, place; and whether its place is believed."""

    kind: Ints
    source: Ints
    week: Ints
    place: Ints
    placed: NDArray[np.bool_]
    initiated: Ints
    length: int

    @staticmethod
    def of(rows: pd.DataFrame, week: Ints, length: int) -> _Events:
        told = rows["police_initiated"].astype("str")
        return _Events(
            kind=_codes(rows["offence_class"], OFFENCE_CLASSES),
            source=_codes(rows["source"], SOURCES),
            week=week.astype(np.int64),
            place=rows["place_id"].to_numpy().astype(np.int64),
            placed=~rows["stacked"].to_numpy(bool),
            initiated=told.map({"yes": 1, "no": 0}).fillna(-1).to_numpy().astype(np.int64),
            length=length,
        )

    def by_source(self) -> Floats:
        """Return rows by source and week."""
        flat = np.bincount(
            self.source * self.length + self.week, minlength=len(SOURCES) * self.length
        )
        return flat.reshape(len(SOURCES), self.length).astype(np.float64)

    def source_begins(self) -> Ints:
        """Return the position of each source's first week with rows."""
        some = self.by_source() > 0
        begun: Ints = np.where(some.any(axis=1), some.argmax(axis=1), self.length)
        return begun

    def missing_weeks(self, begun: Ints) -> dict[int, Ints]:
        """Return the weeks without rows of each source that usually has at least `USUAL`."""
        found = {}
        for code, counts in enumerate(self.by_source()):
            own = counts[begun[code] :]
            some = own[own > 0]
            usual = len(some) > len(own) / 2 and np.median(some) >= USUAL
            if usual and len(some) < len(own):
                found[code] = np.flatnonzero(own == 0) + begun[code]
        return found

    def cube(self, unit: Ints, n: int) -> tuple[Floats, Floats]:
        """Count by unit, source, class and week, and the last year's initiative by unit…class.

        Returns
        -------
        tuple
            Shape (n, sources, classes, weeks); and (n, sources, classes, 2): found on police
            initiative, and not.
        """
        shape = (n, len(SOURCES), len(OFFENCE_CLASSES))
        key = (unit * shape[1] + self.source) * shape[2] + self.kind
        inside = unit >= 0
        counts = np.bincount(
            (key * self.length + self.week)[inside], minlength=int(np.prod(shape)) * self.length
        ).reshape(*shape, self.length)
        late = inside & (self.week >= self.length - YEAR_OF_WEEKS) & (self.initiated >= 0)
        told = np.bincount(
            (key * 2 + 1 - self.initiated)[late], minlength=int(np.prod(shape)) * 2
        ).reshape(*shape, 2)
        return counts.astype(np.float64), told.astype(np.float64)


def _codes(column: pd.Series[Any], values: tuple[str, ...]) -> Ints:
    """Return the position of each value among `values`."""
    codes: Ints = column.cat.set_categories(list(values)).cat.codes.to_numpy().astype(np.int64)
    return codes


def _municipality(events: _Events) -> _Cube:
    counts, told = events.cube(np.zeros(len(events.week), dtype=np.int64), 1)
    return _Cube(
        "municipality", [""], [_("Hela kommunen")], np.zeros(1, dtype=np.int64), counts, told
    )


def _areas(
    events: _Events,
    areas: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    kind: str,
    week: int,
    first: int,
) -> _Cube:
    last = pd.Timestamp(monday(week)) + pd.Timedelta(days=6)
    of_place = assign_points(places.geometry, areas, kind=kind, on=last.date())
    in_force = ~(areas["valid_from"] > last) & ~(areas["valid_to"] < last)
    chosen = areas[(areas["kind"] == kind) & in_force].sort_values(["area_id", "valid_from"])
    chosen = chosen.drop_duplicates("area_id", keep="last").sort_values(["name", "area_id"])
    ids = chosen["area_id"].astype("str").tolist()
    begins = (
        areas[areas["kind"] == kind]
        .groupby("area_id")["valid_from"]
        .agg(lambda days: days.min() if days.notna().all() else pd.NaT)
    )
    since = [_first_whole_week(begins.get(one), first) for one in ids]
    number = pd.Series(np.arange(len(ids)), index=ids, dtype="int64")
    area = of_place.map(number).fillna(-1).astype("int64")
    unit = _of_events(events, places, area.to_numpy().astype(np.int64))
    counts, told = events.cube(unit, len(ids))
    return _Cube(
        "area", ids, chosen["name"].astype("str").tolist(), np.array(since, np.int64), counts, told
    )


def _first_whole_week(begins: object, first: int) -> int:
    """Return the position of the first week that lies wholly after a day; 0 without one."""
    if not isinstance(begins, pd.Timestamp) or pd.isna(begins):
        return 0
    day = begins.date()
    return max(week_of(day) + (day.weekday() > 0) - first, 0)


def _places(events: _Events, places: gpd.GeoDataFrame, options: WatchOptions) -> _Cube:
    """Return the busiest places of the past, each with all classes together."""
    past = events.placed & (events.week < events.length - options.left_out)
    ids, n = np.unique(events.place[past], return_counts=True)
    busy = n >= options.min_place_past
    order = np.lexsort((ids[busy], -n[busy]))[: options.max_places]
    chosen = np.sort(ids[busy][order])
    rows = places.set_index("place_id").loc[chosen]
    names = [
        str(address) if isinstance(address, str) and address else _("Plats {id}").format(id=one)
        for one, address in zip(chosen.tolist(), rows["address"], strict=True)
    ]
    number = np.full(int(places["place_id"].max()) + 1 if len(places) else 1, -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    unit = np.where(events.placed, number[events.place], -1)
    counts, told = events.cube(unit, len(chosen))
    return _Cube(
        "place",
        [str(one) for one in chosen.tolist()],
        names,
        np.zeros(len(chosen), dtype=np.int64),
        counts,
        told,
    )


def _of_events(events: _Events, places: gpd.GeoDataFrame, value: Ints) -> Ints:
    """Return the value of each event's place, −1 where the place isn't believed."""
    by_place = np.full(int(places["place_id"].max()) + 1 if len(places) else 1, -1, dtype=np.int64)
    by_place[places["place_id"].to_numpy(np.int64)] = value
    return np.where(events.placed, by_place[events.place], -1)


def _lay_out(cube: _Cube, begun: Ints, missing: dict[int, Ints]) -> tuple[pd.DataFrame, Floats]:
    """Return the keys and counts of a cube's series, those without events left out."""
    rows, counts = [], []
    for source in range(len(SOURCES)):
        classes = _classes(cube.counts[:, source].sum(axis=(0, 2)), only_all=cube.unit == "place")
        for unit in range(len(cube.ids)):
            for kind, members in classes:
                weeks = cube.counts[unit, source, members].sum(axis=0)
                weeks[: max(int(begun[source]), int(cube.since[unit]))] = np.nan
                weeks[missing.get(source, np.zeros(0, dtype=np.int64))] = np.nan
                if not np.nansum(weeks) > 0:
                    continue
                yes, no = cube.initiated[unit, source, members].sum(axis=0)
                rows.append(
                    {
                        "unit": cube.unit,
                        "unit_id": cube.ids[unit] or pd.NA,
                        "name": cube.names[unit],
                        "source": SOURCES[source],
                        "class": kind,
                        "share_police_initiated": yes / (yes + no) if yes + no else np.nan,
                    }
                )
                counts.append(weeks)
    columns = ["unit", "unit_id", "name", "source", "class", "share_police_initiated"]
    keys = pd.DataFrame(rows, columns=columns)
    length = cube.counts.shape[-1]
    found = np.array(counts) if counts else np.zeros((0, length))
    order = keys.assign(
        unit=pd.Categorical(keys["unit"], WATCH_UNITS),
        source=pd.Categorical(keys["source"], SOURCES),
        kind=pd.Categorical(keys["class"], WATCH_CLASSES),
    ).sort_values(["unit", "name", "unit_id", "source", "kind"], kind="stable")
    return keys.loc[order.index].reset_index(drop=True), found[order.index.to_numpy()]


def _classes(totals: Floats, *, only_all: bool) -> list[tuple[str, list[int]]]:
    """Return what is counted in a source: its classes, drugs together, and all together."""
    own = [code for code, n in enumerate(totals) if n > 0]
    drugs = [code for code in own if OFFENCE_CLASSES[code] in STREET_DRUG_CLASSES]
    single = [(OFFENCE_CLASSES[code], [code]) for code in own]
    if not own:
        return []
    if only_all:
        return [("all", own)]
    groups: list[tuple[str, list[int]]] = []
    if len(own) > max(len(drugs), 1):
        groups.append(("all", own))
    if len(drugs) > 1:
        groups.append(("street_drugs", drugs))
    return [*groups, *single]
