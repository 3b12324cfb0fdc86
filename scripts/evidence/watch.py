"""``python -m scripts.evidence.watch``: tries the weekly watch, writes a part of evidence.md."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

import click
import numpy as np
import pandas as pd

from areas.assign import assign_points
from areas.watch.calendar import week_name
from areas.watch.reference import monday, week_of
from geodata import language
from geodata.schema import STREET_DRUG_CLASSES
from geodata.synthetic.events import OPERATION_WEEKS
from geodata.synthetic.outbreaks import DEMO_OUTBREAKS, Outbreak, plant_outbreaks
from scripts.config import Project, load_project
from scripts.demo import write_demo_project
from scripts.evidence.sections import with_section
from scripts.evidence.watch_trial import AREAS, CLASSES, detection, false_signals
from scripts.pipeline import Results, compute, import_step
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.stages.watch import watch_week

PAGE: Final = Path(__file__).parents[2] / "docs" / "evidence.md"
HEADING: Final = "## Does the weekly watch keep its promise?"
NULL_WEEKS: Final = 150
OUTBREAKS: Final = {
    "steep: 4 standard deviations a week, 4 weeks": np.full(4, 4.0),
    "middling: 2 standard deviations, 8 weeks": np.full(8, 2.0),
    "slow: 1 standard deviation, 26 weeks": np.full(26, 1.0),
}
SERIES: Final = 100
WEEKS: Final = range(week_of(date(2025, 9, 1)), week_of(date(2025, 12, 22)) + 1)
AFTER: Final = 4
"""Weeks after an outbreak in which a signal still is its own."""
NEAR_M: Final = 600.0


def section(*, null_weeks: int = NULL_WEEKS, series: int = SERIES) -> list[str]:
    """Return the section's lines."""
    found, smallest = false_signals(null_weeks, seed=581)
    allowed = max(found.either, 1)
    limit = float(smallest[allowed - 1])
    lines = [
        HEADING,
        "",
        "Made by `python -m scripts.evidence.watch`; the same code gives the same text.",
        "",
        f"**False signals.** {null_weeks} weeks without any outbreak, each in a world of its own "
        f"with {AREAS} areas × {CLASSES} classes over five years: medians of one event a week (0.1 "
        "to 20), variance 1 to 3 times the mean, yearly waves, trends. Promised is at most one "
        "false signal in ten weeks, of which the series have three quarters and the scan one.",
        "",
        "| | false signals in ten weeks |",
        "|---|---|",
        f"| a week higher than its past | {10 * found.by_week / null_weeks:.2f} |",
        f"| a slow shift | {10 * found.by_shift / null_weeks:.2f} |",
        f"| series with either | {found.in_ten_weeks:.2f} (at most {found.at_most:.2f} with 95 % "
        "certainty) |",
        f"| `farringtonFlexible`, its p held to the same 1 in ten weeks (Bonferroni) | "
        f"{10 * int((smallest <= 0.1 / found.series).sum()) / null_weeks:.2f} |",
        "",
        f"**Outbreaks.** Put into {series} such series, one in each. `farringtonFlexible` (R "
        "package surveillance, threshold `nbPlugin`; its p-values, to ten decimals) gets the limit "
        "at which it gave as many false signals as the watch in the weeks above "
        f"(p ≤ {limit:.1e}). A series where nothing was found counts with the whole time as its "
        "delay.",
        "",
        "| outbreak | way | found within 4 weeks | found at all | mean delay, weeks |",
        "|---|---|---|---|---|",
    ]
    for name, size in OUTBREAKS.items():
        for way, one in zip(
            ("the watch", "farringtonFlexible"),
            detection(size, limit, n=series, seed=581),
            strict=True,
        ):
            lines.append(f"| {name} | {way} | {one.soon:.0%} | {one.ever:.0%} | {one.delay:.1f} |")
    return [*lines, "", *town_lines(), ""]


@dataclass(frozen=True)
class _Signal:
    week: int
    unit: str
    unit_id: str
    source: str
    kind: str
    x: float
    y: float
    text: str


def town_lines() -> list[str]:
    """Watch the demo town for some months with outbreaks planted, week by week."""
    with tempfile.TemporaryDirectory() as folder:
        project, results = _demo(Path(folder))
    places = _sets(results)
    planted = plant_outbreaks(results.incidents, places)
    signals = {
        name: [one for week in WEEKS for one in _signals(project, results, table, week)]
        for name, table in (("without", results.incidents), ("with", planted))
    }
    points = results.places.set_index("place_id")[["x_m", "y_m"]]
    lines = [
        f"**The demo town**, {len(WEEKS)} weeks ({week_name(WEEKS[0])} to {week_name(WEEKS[-1])}), "
        f"without and with {len(DEMO_OUTBREAKS)} planted outbreaks.",
        "",
        "| planted | events by week | begins | first signal |",
        "|---|---|---|---|",
    ]
    own: set[int] = set()
    for outbreak in DEMO_OUTBREAKS:
        middle = points.loc[places[outbreak.where]].mean().to_numpy()
        hits = [i for i, one in enumerate(signals["with"]) if _is_of(one, outbreak, middle, points)]
        own |= set(hits)
        first = signals["with"][min(hits)] if hits else None
        sizes = ", ".join(map(str, outbreak.sizes[:4])) + (" …" if outbreak.sizes[4:] else "")
        told = f"{week_name(first.week)}: {first.text}" if first else "missed"
        begin = week_name(week_of(outbreak.first))
        where = f"{outbreak.name}: {outbreak.offence_class}, {outbreak.source}, {outbreak.where}"
        lines.append(f"| {where} | {sizes} | {begin} | {told} |")
    false = [one for i, one in enumerate(signals["with"]) if i not in own]
    lines += [
        "",
        f"Signals in the same weeks without anything planted: {len(signals['without'])}. With the "
        f"outbreaks, signals that belong to none of them: {len(false)}, of which "
        f"{sum(_worked(one.week) for one in false)} in the weeks, or the four after, in which the "
        "town's own police operations gather events at a few places: these are true gatherings, "
        "and marked as found on police initiative.",
        "",
        *(f"- {week_name(one.week)}: {one.text}" for one in false),
    ]
    return lines


def _demo(folder: Path) -> tuple[Project, Results]:
    project = load_project(write_demo_project(folder))
    steps = Steps()
    material = read_material(project, steps, stages={})
    imported = import_step(project, material)
    return project, compute(project, material.without_rows(), imported, steps, proposals=False)


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


def _signals(
    project: Project, results: Results, incidents: pd.DataFrame, week: int
) -> list[_Signal]:
    asked = replace(project, watch=replace(project.watch, week=week_name(week)))
    seen = cast(
        "Results", SimpleNamespace(incidents=incidents, places=results.places, areas=results.areas)
    )
    with language.using("en"):
        table = watch_week(asked, seen).tables["watch_signals"]
    return [
        _Signal(
            week,
            str(row["unit"]),
            str(row["unit_id"]),
            str(row["source"]),
            str(row["class"]),
            float(row["x_m"]),
            float(row["y_m"]),
            f"{row['method']}, {row['name']}, {row['class']}, {row['observed']} for "
            f"{row['expected']:.1f}",
        )
        for row in table.to_dict("records")
    ]


def _is_of(
    one: _Signal,
    outbreak: Outbreak,
    middle: np.ndarray,
    points: pd.DataFrame,
) -> bool:
    """Tell whether a signal is about an outbreak: its time, source, class and place."""
    late = AFTER * 7
    when = outbreak.first <= monday(one.week) <= date.fromordinal(outbreak.last.toordinal() + late)
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


def _worked(week: int) -> bool:
    """Tell whether the demo town's police worked in a week that the scan looks back to."""
    return any(monday(week - back).isocalendar()[1] in OPERATION_WEEKS for back in range(AFTER + 1))


@click.command()
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), default=PAGE)
@click.option("--weeks", type=int, default=NULL_WEEKS)
def main(page: Path, weeks: int) -> None:
    """Try the watch and write its section of the page; the rest of the page stays."""
    with language.using("en"):
        lines = section(null_weeks=weeks)
    whole = with_section(page.read_text(encoding="utf-8"), HEADING, lines)
    page.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
