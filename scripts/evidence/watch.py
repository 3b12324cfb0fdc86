"""``python -m scripts.evidence.watch``: tries the weekly watch, writes a part of evidence.md."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import click
import numpy as np

from areas.watch import control
from geodata import language
from scripts.evidence.sections import with_section
from scripts.evidence.watch_scans import false_gatherings
from scripts.evidence.watch_town import WEEKS, Demo, demo, town_lines
from scripts.evidence.watch_trial import AREAS, CLASSES, detection, false_signals

PAGE: Final = Path(__file__).parents[2] / "docs" / "evidence.md"
HEADING: Final = "## Does the weekly watch keep its promise?"
NULL_WEEKS: Final = 200
"""Weeks of each kind of world."""
ALL_SERIES: Final = 0.1
"""False signals a week that everything together may have."""
OUTBREAKS: Final = {
    "steep: 4 standard deviations a week, 4 weeks": np.full(4, 4.0),
    "middling: 2 standard deviations, 8 weeks": np.full(8, 2.0),
    "slow: 1 standard deviation, 26 weeks": np.full(26, 1.0),
}
SERIES: Final = 150
TOWNS: Final = 400


def section(*, null_weeks: int = NULL_WEEKS, series: int = SERIES, towns: int = TOWNS) -> list[str]:
    """Return the section's lines."""
    lines, limits = null_lines(null_weeks)
    with tempfile.TemporaryDirectory() as folder:
        town = demo(Path(folder))
    return [
        HEADING,
        "",
        "Made by `python -m scripts.evidence.watch`, some 20 minutes of one core; the same code "
        "gives the same text.",
        "",
        *lines,
        "",
        *scan_lines(town, towns),
        "",
        *outbreak_lines(limits, series),
        "",
        *town_lines(town),
        "",
    ]


def null_lines(weeks: int) -> tuple[list[str], dict[bool, float]]:
    """Tell of the false signals of series, and return the limits at which R gives as many."""
    alone, theirs = false_signals(weeks, seed=581)
    common, theirs_common = false_signals(weeks, seed=581, common=True)
    both = alone + common
    limits = {
        False: float(theirs[max(alone.either, 1) - 1]),
        True: float(theirs_common[max(common.either, 1) - 1]),
    }
    nominal = [
        10 * int((smallest <= ALL_SERIES / found.series).sum()) / weeks
        for smallest, found in ((theirs, alone), (theirs_common, common))
    ]
    three = (alone, common, both)
    rows = {
        "a week higher than its past": [one.by_week for one in three],
        "a slow shift": [one.by_shift for one in three],
        "series with either": [one.either for one in three],
    }
    lines = [
        f"**False signals of series.** {2 * weeks} weeks without any outbreak, each in a world of "
        f"its own with {AREAS} areas × {CLASSES} classes over five years: medians of one event a "
        "week (0.1 to 20), variance 1 to 3 times the mean, yearly waves, trends; and the sums of "
        "the whole municipality. In half of the worlds each class has its season in the whole "
        "town; in the other half no two series have theirs in common, which is what the watch's "
        "shared season takes least kindly. Promised is at most one false signal in ten weeks, of "
        "which the series may have three quarters and the scan one.",
        "",
        "| false signals in ten weeks | each series its own season | seasons by class | both |",
        "|---|---|---|---|",
        *(
            f"| {name} | {first * 10 / weeks:.2f} | {second * 10 / weeks:.2f} | "
            f"{third * 5 / weeks:.2f} |"
            for name, (first, second, third) in rows.items()
        ),
        "| at most, with 95 % certainty | "
        + " | ".join(f"{one.at_most:.2f}" for one in three)
        + " |",
        "| `farringtonFlexible`, its p held to the same 1 in ten weeks (Bonferroni) | "
        f"{nominal[0]:.2f} | {nominal[1]:.2f} | {sum(nominal) / 2:.2f} |",
    ]
    return lines, limits


def scan_lines(town: Demo, towns: int) -> list[str]:
    """Tell of the false signals of the scan."""
    found = false_gatherings(town.project, town.results, week=WEEKS[-1], towns=towns, seed=581)
    return [
        f"**False signals of the scan.** {towns} times, the moments of the demo town's last year "
        "were dealt anew among the events of each source, so that places and days are as busy as "
        f"before but nothing gathers in both, and the last week was scanned ({found.searches} "
        f"searches): {found.signals} signals, {found.in_ten_weeks:.2f} in ten weeks (at most "
        f"{found.at_most:.2f} with 95 % certainty); the scan's share is 0.25. Places with seasons "
        "of their own, or several reports of one event, are gatherings to the scan, and aren't "
        "tried here.",
    ]


def outbreak_lines(limits: dict[bool, float], series: int) -> list[str]:
    """Tell of outbreaks put into series, found by the watch and by R's."""
    lines = [
        f"**Outbreaks.** Put into {series} such series of each kind of world, one in each. "
        "`farringtonFlexible` (R package surveillance, threshold `nbPlugin`; its p-values, to ten "
        "decimals) gets the limit at which it gave as many false signals as the watch in the same "
        f"kind of weeks above (p ≤ {limits[False]:.1e} and {limits[True]:.1e}). A series where "
        "nothing was found counts with the whole time as its delay. What isn't found is missed: "
        f"among {AREAS * CLASSES} series a week has to be rarer than 1 in "
        f"{1 / control.limit(1.0, 'week', AREAS * CLASSES):,.0f} to be a signal. R's spends all of "
        "its false signals on single weeks, the watch a third of them on slow shifts.",
        "",
        "| outbreak | seasons | way | found within 4 weeks | found at all | mean delay, weeks |",
        "|---|---|---|---|---|---|",
    ]
    behind = []
    for name, size in OUTBREAKS.items():
        for common, limit in limits.items():
            seasons = "by class" if common else "own"
            ours, theirs = detection(size, limit, n=series, seed=581, common=common)
            for way, one in (("the watch", ours), ("farringtonFlexible", theirs)):
                lines.append(
                    f"| {name} | {seasons} | {way} | {one.soon:.0%} | {one.ever:.0%} | "
                    f"{one.delay:.1f} |"
                )
            if ours.delay > theirs.delay:
                behind.append(f"{name.partition(':')[0]} ({seasons})")
    told = f"slower in {', '.join(behind)}" if behind else "slower in none"
    lines += [
        "",
        f"By mean delay the watch is {told} of these {len(OUTBREAKS) * len(limits)} rows.",
    ]
    return lines


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
