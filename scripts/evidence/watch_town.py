"""The demo town watched for some months, week by week, without and with outbreaks planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

import numpy as np
import pandas as pd

from areas.assign import assign_points
from areas.watch.calendar import week_name
from areas.watch.reference import monday, week_of
from geodata import language
from geodata.schema import STREET_DRUG_CLASSES
from geodata.synthetic.outbreaks import DEMO_OUTBREAKS, Outbreak, plant_outbreaks
from scripts.config import Project, load_project
from scripts.demo import write_demo_project
from scripts.pipeline import Results, compute
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.stages.watch import watch_week
from scripts.understanding import import_step

WEEKS: Final = range(week_of(date(2025, 9, 1)), week_of(date(2025, 12, 22)) + 1)
AFTER: Final = timedelta(weeks=4)
"""Time after an outbreak in which a signal still is its own."""
NEAR_M: Final = 600.0


@dataclass(frozen=True, eq=False)
class Demo:
    """The demo town: its project, its results, and the operations that its police list."""

    project: Project
    results: Results
    operations: pd.DataFrame


@dataclass(frozen=True)
class Signal:
    """A signal of one week, with where it is: x, y and radius in metres, NaN for an area."""

    week: int
    method: str
    unit: str
    unit_id: str
    name: str
    source: str
    kind: str
    first: date
    last: date
    observed: int
    expected: float
    initiated: bool
    x: float
    y: float
    radius: float

    @property
    def words(self) -> str:
        """Return it in short."""
        return (
            f"{self.method}, {self.name}, {self.source}, {self.kind}, {self.observed} for "
            f"{self.expected:.1f}"
        )


def demo(folder: Path) -> Demo:
    """Make the demo town and compute it."""
    file = write_demo_project(folder)
    project = load_project(file)
    steps = Steps()
    material = read_material(project, steps, stages=())
    imported = import_step(project, material)
    results = compute(project, material.without_rows(), imported, steps, proposals=False)
    listed = pd.read_csv(next(file.parent.rglob("insatser.csv")), sep=";")
    return Demo(project, results, listed.assign(från=pd.to_datetime(listed["från"])))


def town_lines(town: Demo) -> list[str]:
    """Watch the town and tell what was found, missed and raised beside."""
    places = _sets(town.results)
    planted = plant_outbreaks(town.results.incidents, places)
    signals = {
        name: [one for week in WEEKS for one in _signals(town, table, week)]
        for name, table in (("without", town.results.incidents), ("with", planted))
    }
    points = town.results.places.set_index("place_id")[["x_m", "y_m"]]
    lines = [
        f"**The demo town**, {len(WEEKS)} weeks ({week_name(WEEKS[0])} to {week_name(WEEKS[-1])}), "
        f"without and with {len(DEMO_OUTBREAKS)} planted outbreaks. Its export holds three years, "
        "so each week is compared with two.",
        "",
        "| planted | events by week | begins | first signal | weeks from its beginning |",
        "|---|---|---|---|---|",
    ]
    own: set[int] = set()
    for outbreak in DEMO_OUTBREAKS:
        middle = points.loc[places[outbreak.where]].mean().to_numpy()
        hits = [i for i, one in enumerate(signals["with"]) if is_of(one, outbreak, middle, points)]
        own |= set(hits)
        sizes = ", ".join(map(str, outbreak.sizes[:4])) + (" …" if outbreak.sizes[4:] else "")
        begin = week_of(outbreak.first)
        where = f"{outbreak.name}: {outbreak.offence_class}, {outbreak.source}, {outbreak.where}"
        told = "missed | –"
        if hits:
            first = signals["with"][min(hits)]
            told = f"{week_name(first.week)}: {first.words} | {first.week - begin}"
        lines.append(f"| {where} | {sizes} | {week_name(begin)} | {told} |")
    beside = [one for i, one in enumerate(signals["with"]) if i not in own]
    return [*lines, "", *_beside_lines(len(signals["without"]), beside, town, points)]


def _beside_lines(
    n_without: int, beside: list[Signal], town: Demo, points: pd.DataFrame
) -> list[str]:
    """Tell of the signals that belong to no outbreak, each held against the police's list."""
    worked = [at_operation(one, town.operations, points) for one in beside]
    both = sum(w and one.initiated for w, one in zip(worked, beside, strict=True))
    neither = sum(not w and not one.initiated for w, one in zip(worked, beside, strict=True))
    return [
        f"Signals in the same weeks without anything planted: {n_without}. With the outbreaks, "
        f"signals that belong to none of them: {len(beside)}. Each was held against the town's own "
        "list of police operations: does its circle or place reach one of them, on days that the "
        f"signal counts? {sum(worked)} do; {sum(one.initiated for one in beside)} are marked as "
        f"found on police initiative, {both} are both, and {neither} neither.",
        "",
        *(
            f"- {week_name(one.week)}: {one.words}; "
            f"{'at an operation' if at else 'at no operation'}, "
            f"{'marked' if one.initiated else 'not marked'}"
            for one, at in zip(beside, worked, strict=True)
        ),
    ]


def _sets(results: Results) -> dict[str, np.ndarray]:
    """Return the places of each area, and a few in the centre that no area holds."""
    places = results.places
    area = assign_points(places.geometry, results.areas, kind="est_area", on=date(2025, 12, 1))
    sets = {
        str(name): places.loc[(area == name).to_numpy(), "place_id"].to_numpy(np.int64)
        for name in area.dropna().unique()
    }
    outside = places[area.isna().to_numpy() & ~places["stacked"].to_numpy(bool)]
    busiest = outside.sort_values(["n_events", "place_id"], ascending=[False, True]).iloc[40]
    away = np.hypot(outside["x_m"] - busiest["x_m"], outside["y_m"] - busiest["y_m"])
    near = outside.assign(away=away).sort_values(["away", "place_id"]).head(6)
    return {**sets, "centre": near["place_id"].to_numpy(np.int64)}


def _signals(town: Demo, incidents: pd.DataFrame, week: int) -> list[Signal]:
    project = town.project
    asked = replace(project, watch=replace(project.watch, week=week_name(week)))
    seen = cast(
        "Results",
        SimpleNamespace(incidents=incidents, places=town.results.places, areas=town.results.areas),
    )
    with language.using("en"):
        table = watch_week(asked, seen).tables["watch_signals"]
    return [
        Signal(
            week=week,
            method=str(row["method"]),
            unit=str(row["unit"]),
            unit_id=str(row["unit_id"]),
            name=str(row["name"]),
            source=str(row["source"]),
            kind=str(row["class"]),
            first=row["first_date"].date(),
            last=row["last_date"].date(),
            observed=int(row["observed"]),
            expected=float(row["expected"]),
            initiated=bool(row["police_initiated"]),
            x=float(row["x_m"]),
            y=float(row["y_m"]),
            radius=float(row["radius_m"]),
        )
        for row in table.to_dict("records")
    ]


def is_of(one: Signal, outbreak: Outbreak, middle: np.ndarray, points: pd.DataFrame) -> bool:
    """Tell whether a signal is about an outbreak: its time, source, class and place.

    Its time: the outbreak's and four weeks more; of a shift, which counts back over weeks, any that
    counts weeks of the outbreak.
    """
    late = outbreak.last + AFTER
    begun = outbreak.first <= monday(one.week)
    when = begun and (monday(one.week) <= late or one.first <= outbreak.last)
    drug = outbreak.offence_class in STREET_DRUG_CLASSES
    kinds = {outbreak.offence_class, "all", *(("street_drugs",) if drug else ())}
    if not (when and one.source == outbreak.source and one.kind in kinds):
        return False
    if one.unit == "municipality":
        return True
    if one.unit == "area":
        return one.unit_id == outbreak.where
    at = points.loc[int(one.unit_id)].to_numpy()
    return bool(np.hypot(*(at - middle)) <= NEAR_M)


def at_operation(one: Signal, operations: pd.DataFrame, points: pd.DataFrame) -> bool:
    """Tell whether a signal's circle, or place, reaches an operation on days that it counts."""
    if one.unit == "circle":
        at, radius = np.array([one.x, one.y]), one.radius
    elif one.unit == "place":
        at, radius = points.loc[int(one.unit_id)].to_numpy(np.float64), 0.0
    else:
        return False
    days = (operations["från"] <= pd.Timestamp(one.last)) & (
        pd.to_datetime(operations["till"]) >= pd.Timestamp(one.first)
    )
    away = np.hypot(operations["E"] - at[0], operations["N"] - at[1])
    return bool((days & (away <= operations["radie"] + radius)).any())
