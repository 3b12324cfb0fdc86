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
from scripts.evidence.watch_rates import NullWeeks, false_signals, least
from scripts.evidence.watch_scans import false_gatherings
from scripts.evidence.watch_town import WEEKS, Demo, demo, town_lines
from scripts.evidence.watch_trial import AREAS, CLASSES, detection

PAGE: Final = Path(__file__).parents[2] / "docs" / "evidence.md"
HEADING: Final = "## Does the weekly watch keep its promise?"
NULL_WEEKS: Final = 150
"""Weeks of each kind of world."""
ALL_SERIES: Final = 0.1
"""False signals a week that everything together may have."""
STEEP: Final = 4.0
"""Standard deviations of each week of the steep one."""
PAST: Final = 3
"""Outbreaks in the past of every series, where there are any."""
OUTBREAKS: Final = {
    "steep: 4 standard deviations a week, 4 weeks": np.full(4, STEEP),
    "middling: 2 standard deviations, 8 weeks": np.full(8, 2.0),
    "slow: 1 standard deviation, 26 weeks": np.full(26, 1.0),
}
WORLDS: Final = 3
"""Worlds of each kind into which outbreaks are put, of 500 series each."""
TOWNS: Final = 400
SEED: Final = 4077
"""Not of the draws on which the method was chosen."""


def section(*, null_weeks: int = NULL_WEEKS, worlds: int = WORLDS, towns: int = TOWNS) -> list[str]:
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
        *outbreak_lines(limits, worlds),
        "",
        *town_lines(town),
        "",
    ]


def null_lines(weeks: int) -> tuple[list[str], dict[bool, float]]:
    """Tell of the false signals of series, and return the limits at which R gives as many."""
    alone, theirs = false_signals(weeks, seed=SEED)
    common, theirs_common = false_signals(weeks, seed=SEED, common=True)
    three = (alone, common, alone + common)
    limits = {
        shared: seen.limit(found.rate, seen.fitted, seen.dispersion)
        for shared, found, seen in ((False, alone, theirs), (True, common, theirs_common))
    }
    nominal = [
        10 * one.rate(least(ALL_SERIES / (AREAS * CLASSES), one.fitted, one.dispersion))
        for one in (theirs, theirs_common)
    ]
    rows = {
        "a week higher than its past, to expect": [10 * one.expected / one.weeks for one in three],
        "a week higher than its past, counted": [10 * one.by_week / one.weeks for one in three],
        "a slow shift, counted": [10 * one.by_shift / one.weeks for one in three],
        "series with either, counted": [10 * one.either / one.weeks for one in three],
        "of these at most, with 95 % certainty": [one.at_most for one in three],
        "`farringtonFlexible`, its p held to 1 in ten weeks (Bonferroni), to expect": [
            *nominal,
            sum(nominal) / 2,
        ],
    }
    lines = [
        f"**False signals of series.** {2 * weeks} weeks without any outbreak, each in a world of "
        f"its own with {AREAS} areas × {CLASSES} classes over five years: medians of one event a "
        "week (0.1 to 20), variance 1 to 3 times the mean, yearly waves, trends; and the sums of "
        "the whole municipality. In half of the worlds each class has its season in the whole "
        "town; in the other half no two series have theirs in common, which is what the watch's "
        "shared season takes least kindly. Promised is at most one false signal in ten weeks, of "
        "which the series may have three quarters (two for single weeks, one for slow shifts) and "
        "the scan one. Since the true distribution of every series is known, the signals *to "
        "expect* are reckoned from the number that was asked of each; the count beside it is one "
        "draw.",
        "",
        "| false signals in ten weeks | each series its own season | seasons by class | both |",
        "|---|---|---|---|",
        *(
            f"| {name} | {' | '.join(f'{value:.2f}' for value in values)} |"
            for name, values in rows.items()
        ),
        "",
        *why_lines({"own": theirs, "by class": theirs_common}, max(weeks // 5, 1)),
    ]
    return lines, limits


def why_lines(seen: dict[str, NullWeeks], weeks: int) -> list[str]:
    """Tell what knowing the mean or the dispersion would be worth, and what the watch makes of it.

    Parameters
    ----------
    seen
        Weeks of each kind of world.
    weeks
        Weeks of worlds with past outbreaks.
    """
    _found, after = false_signals(weeks, seed=SEED, past=PAST)
    seen = {**seen, f"own, {PAST} past outbreaks in each": after}
    ways = {
        "R's mean, R's dispersion (`farringtonFlexible`)": ("fitted", "dispersion"),
        "the true mean, R's dispersion": ("mean", "dispersion"),
        "R's mean, the true dispersion": ("fitted", "spread"),
        "the true mean and dispersion": ("mean", "spread"),
    }
    found: dict[str, list[float]] = {
        "the watch": [one.found(one.asked, STEEP) for one in seen.values()]
    }
    for name, (mean, dispersion) in ways.items():
        found[name] = []
        for one in seen.values():
            by = getattr(one, mean), getattr(one, dispersion)
            limit = one.limit(one.rate(one.asked), *by)
            found[name].append(one.found(least(limit, *by), STEEP))
    rates = [10 * one.rate(one.asked) for one in seen.values()]
    return [
        "What it takes to find more: the share of steep outbreaks found in their first week, to "
        "expect, when each way asks for numbers that give the same false signals of single weeks "
        f"as the watch's. Worlds with {PAST} outbreaks of 4 weeks in the past of every series are "
        f"fewer ({weeks} weeks).",
        "",
        f"| what chances rest on | {' | '.join(seen)} |",
        "|---|" + "---|" * len(seen),
        *(
            f"| {name} | {' | '.join(f'{share:.1%}' for share in shares)} |"
            for name, shares in found.items()
        ),
        "| false signals of single weeks in ten weeks | "
        + " | ".join(f"{rate:.2f}" for rate in rates)
        + " |",
        "",
        "Far out in the tail the dispersion is what matters. R's is Pearson's after "
        "down-weighting: too small where chance itself makes high weeks, so that the false signals "
        "come from few series and all others pay by a stricter limit. The watch judges it by the "
        "likelihood of the past weeks and by the other series of the source "
        "(`areas/watch/clumping.py`). That was found and chosen on other draws than these. Many "
        "past outbreaks make it careful, as they do R's: fewer signals, false and true.",
    ]


def scan_lines(town: Demo, towns: int) -> list[str]:
    """Tell of the false signals of the scan."""
    found = false_gatherings(town.project, town.results, week=WEEKS[-1], towns=towns, seed=SEED)
    return [
        f"**False signals of the scan.** {towns} times, the moments of the demo town's last year "
        "were dealt anew among the events of each source, so that places and days are as busy as "
        f"before but nothing gathers in both, and the last week was scanned ({found.searches} "
        f"searches): {found.signals} signals, {found.in_ten_weeks:.2f} in ten weeks (at most "
        f"{found.at_most:.2f} with 95 % certainty); the scan's share is 0.25. Places with seasons "
        "of their own, or several reports of one event, are gatherings to the scan, and aren't "
        "tried here.",
    ]


def outbreak_lines(limits: dict[bool, float], worlds: int) -> list[str]:
    """Tell of outbreaks put into series, found by the watch and by R's."""
    one_in = 1 / control.limit(1.0, "week", AREAS * CLASSES)
    lines = [
        f"**Outbreaks.** Put into all {worlds * AREAS * CLASSES} area series of {worlds} such "
        "worlds of each kind, one in each. `farringtonFlexible` (R package surveillance, threshold "
        "`nbPlugin`; its p-values, to ten decimals) gets the limit at which it would give as many "
        "false signals as the watch in the same weeks as above: those of the watch's single weeks "
        f"to expect and of its slow shifts as counted (p ≤ {limits[False]:.1e} and "
        f"{limits[True]:.1e}). A series where nothing was found counts with the whole time as its "
        f"delay. What isn't found is missed: among {AREAS * CLASSES} series a week has to be rarer "
        f"than 1 in {one_in:,.0f} to be a signal. Differences are the watch's less R's, with their "
        "standard errors (paired by series).",
        "",
        "| outbreak | seasons | way | found within 4 weeks | found at all | mean delay, weeks |",
        "|---|---|---|---|---|---|",
    ]
    behind = []
    for name, size in OUTBREAKS.items():
        for common, limit in limits.items():
            kind = f"{name} | {'by class' if common else 'own'}"
            found = detection(size, limit, worlds=worlds, seed=SEED, common=common)
            lines += [
                f"| {kind} | {way} | {one.soon:.1%} | {one.ever:.1%} | {one.delay:.2f} |"
                for way, one in zip(("the watch", "farringtonFlexible"), found.both, strict=True)
            ]
            (more, of_more), (sooner, of_sooner) = found.more, found.sooner
            lines.append(
                f"| {kind} | difference | | {100 * more:+.1f} ± {100 * of_more:.1f} points | "
                f"{-sooner:+.2f} ± {of_sooner:.2f} |"
            )
            if more < 0 or sooner < 0:
                behind.append(f"{name.partition(':')[0]} ({kind.rpartition(' | ')[2]})")
    told = f"behind in {', '.join(behind)}" if behind else "behind in none"
    lines += [
        "",
        f"By share found or by mean delay the watch is {told} of these "
        f"{len(OUTBREAKS) * len(limits)} kinds.",
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
