"""The accuracy tables of docs/evidence.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from hotspots.accuracy import AccuracyOptions
from hotspots.accuracy.cards import Card, compare, method_card
from hotspots.accuracy.history import gather
from hotspots.accuracy.intervals import Interval
from hotspots.accuracy.registry import AUTO, REFERENCE
from hotspots.accuracy.trial import Trial, try_methods
from hotspots.concentration import Concentration, over_cells, over_places
from hotspots.options import HotspotOptions
from hotspots.selection import count_within
from scripts.evidence.towns import Town

SEED: Final = 581
MARGINS_M: Final = (0.0, 100.0, 300.0, 600.0)
GOAL_SHARES: Final = (0.01, 0.05)

NAMES: Final = {
    "auto": "**auto**",
    "all_time": "all-time counts",
    "last_period": "last period's counts",
    "random": "random",
    "kde": "KDE, quartic 200 m",
    "getis_ord": "Getis-Ord Gi\\*",
    "dbscan": "DBSCAN clusters, 75 m",
    "scan": "space-time permutation scan, live clusters",
    "promap": "near repeat (ProMap)",
    "recency": "recency-weighted counts with neighbours",
    "additive": "additive Poisson regression, learned",
    "boosting": "boosted trees, learned",
    "boosting_ranks": "mean of ranks: trees and all-time counts",
    "additive_ranks": "mean of ranks: additive and all-time counts",
    "blend": "additive and trees, geometric mean",
}


@dataclass(frozen=True)
class TownResult:
    """Everything that is written about one town."""

    town: Town
    trial: Trial
    card: Card
    over_kde: Interval
    margins: pd.DataFrame
    places: Concentration
    cells: Concentration


def try_town(town: Town, incidents: pd.DataFrame, counted: HotspotOptions) -> TownResult:
    """Try all methods on a town, the plain ones with other margins of the area as well.

    Raises
    ------
    ValueError
        When the town has too little to be tried on: the data folder isn't the one meant.
    """
    options = AccuracyOptions(max_periods=1000, trees=True)
    trial = _trial(incidents, counted, options, None)
    plain = (REFERENCE, "last_period", "kde")
    margins = []
    for margin in MARGINS_M:
        other = _trial(incidents, counted, replace(options, margin_m=margin), plain)
        means = other.pai.mean(axis=0)
        for name in plain:
            row = means[other.methods.index(name)]
            margins.append((margin, name, float(other.area.mean()), *_at_goal(row, trial)))
    chosen = count_within(incidents, counted, period=None)
    return TownResult(
        town=town,
        trial=trial,
        card=method_card(trial, options, seed=SEED),
        over_kde=compare(trial, "kde", n_bootstrap=options.n_bootstrap, seed=SEED),
        margins=pd.DataFrame(margins, columns=["margin_m", "method", "cells", "one", "five"]),
        places=over_places(chosen.events, incidents),
        cells=over_cells(
            chosen.events,
            incidents,
            cell_size_m=counted.cell_size_m,
            margin_m=options.margin_m,
        ),
    )


def _trial(
    incidents: pd.DataFrame,
    counted: HotspotOptions,
    options: AccuracyOptions,
    methods: tuple[str, ...] | None,
) -> Trial:
    history = gather(incidents, counted, options)
    trial = None if history is None else try_methods(history, options, methods=methods)
    if trial is None:
        message = "too few events to try the methods on"
        raise ValueError(message)
    return trial


def _at_goal(values: np.ndarray, trial: Trial) -> tuple[float, ...]:
    return tuple(float(values[trial.shares.index(share)]) for share in GOAL_SHARES)


def _cell(card: Card, method: str, share: float) -> pd.Series:
    table = card.table
    return table[(table["method"] == method) & (table["share"] == share)].iloc[0]


def markdown_table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table in Markdown, the first column left, the rest right."""
    rule = ["---", *["--:"] * (len(head) - 1)]
    return ["| " + " | ".join(row) + " |" for row in (head, rule, *rows)] + [""]


def lead_text(row: pd.Series) -> str:
    """Return a lead with its standard error and interval."""
    return difference(row["lead"], row["lead_error"], row["lead_low"], row["lead_high"])


def difference(mean: float, error: float, low: float, high: float) -> str:
    """Return a difference with its standard error and interval, with true minus signs."""
    text = f"{mean:+.2f} (SE {error:.2f}; {low:+.2f} to {high:+.2f})"
    return text.replace("-", "\u2212")


def verdict(row: pd.Series) -> str:
    """Say what a paired difference amounts to."""
    if row["lead_low"] > 0:
        return "better"
    return "worse" if row["lead_high"] < 0 else "within noise"


def summary(results: list[TownResult]) -> list[str]:
    """Return `auto` and KDE against all-time counts, all towns in one table."""
    rows = []
    for result in results:
        for share in GOAL_SHARES:
            auto, kde = (_cell(result.card, name, share) for name in (AUTO, "kde"))
            counts = _cell(result.card, REFERENCE, share)
            rows.append(
                [
                    result.town.name,
                    f"{share:.0%}",
                    f"{counts['pai']:.2f}",
                    f"{auto['pai']:.2f}",
                    lead_text(auto),
                    f"**{verdict(auto)}**",
                    f"{kde['pai']:.2f}",
                    lead_text(kde),
                    verdict(kde),
                ]
            )
    head = ["town", "area", "counts", "auto", "auto − counts", "", "KDE", "KDE − counts", ""]
    return [*markdown_table(head, rows), *goal(results)]


def goal(results: list[TownResult]) -> list[str]:
    """Say whether the goal was reached."""
    found = {
        result.town.name: [verdict(_cell(result.card, AUTO, share)) for share in GOAL_SHARES]
        for result in results
    }
    worse = [name for name, words in found.items() if "worse" in words]
    better = [name for name, words in found.items() if set(words) == {"better"}]
    never = "in no town" if not worse else "in " + ", ".join(worse)
    both = ", ".join(better) if better else "no town"
    reached = not worse and len(better) >= 2
    return [
        f"`auto` is worse than all-time counts beyond noise {never}, and better beyond noise at "
        f"both 1 % and 5 % in {len(better)} of {len(results)}: {both}. The goal (never worse, and "
        f"better in at least two) is **{'reached' if reached else 'not reached'}**.",
        "",
    ]


def kde_cost(results: list[TownResult]) -> list[str]:
    """Return what the usual picture alone would have cost."""
    rows = []
    for result in results:
        for share in GOAL_SHARES:
            kde, counts, auto = (
                _cell(result.card, name, share) for name in ("kde", REFERENCE, AUTO)
            )
            at = result.trial.shares.index(share)
            last = len(result.trial.methods) - 1
            over = result.over_kde
            lost = (1 - kde["hit_rate"] / auto["hit_rate"]) * 100
            rows.append(
                [
                    result.town.name,
                    f"{share:.0%}",
                    *(f"{row['hit_rate']:.1%}" for row in (kde, counts, auto)),
                    f"{lost:.0f} %",
                    difference(
                        *(
                            float(part[last, at])
                            for part in (over.mean, over.error, over.low, over.high)
                        )
                    ),
                ]
            )
    head = ["town", "area", "KDE catches", "counts", "auto", "lost by KDE", "PAI auto − KDE"]
    return markdown_table(head, rows)


def town_section(result: TownResult) -> list[str]:
    """Return all methods of one town."""
    trial, card = result.trial, result.card
    picked = Counter(trial.chosen).most_common()
    shares = trial.shares
    lines = [
        f"## {result.town.name}",
        "",
        f"{result.town.remark} {card.folds} {card.unit}s foretold one by one, the first starting "
        f"{card.first:%Y-%m-%d}, the last {card.last:%Y-%m-%d}; on average {card.mean_events:,.0f} "
        f"events a {card.unit} and {card.mean_cells:,.0f} cells in which an event could happen "
        f"(1 % = {card.mean_cells / 100:,.0f} cells).",
        "",
        "PAI, mean over the periods, with its 95 % interval:",
        "",
    ]
    lines += markdown_table(
        ["method", *(f"{share:.0%}" for share in shares)],
        [
            [NAMES[name], *(_level(_cell(card, name, share)) for share in shares)]
            for name in trial.methods
        ],
    )
    lines += ["Lead in PAI over all-time counts, paired by period (SE; 95 % interval):", ""]
    lines += markdown_table(
        ["method", *(f"{share:.0%}" for share in shares)],
        [
            [NAMES[name], *(lead_text(_cell(card, name, share)) for share in shares)]
            for name in trial.methods
            if name != REFERENCE
        ],
    )
    lines += ["Hit rate, PEI and RRI:", ""]
    lines += markdown_table(
        ["method", *(f"{what} {share:.0%}" for share in shares for what in ("hit", "PEI", "RRI"))],
        [
            [NAMES[name], *(text for share in shares for text in _rest(_cell(card, name, share)))]
            for name in trial.methods
        ],
    )
    chosen = ", ".join(f"{NAMES[name]} in {n}" for name, n in picked)
    lines += [
        f"What `auto` was: {chosen} of {card.folds} {card.unit}s; for the {card.unit} after the "
        f"last it is {NAMES[card.chosen]}. Best in hindsight (mean PEI): {NAMES[card.best]}.",
        "",
    ]
    return lines


def _level(row: pd.Series) -> str:
    return f"{row['pai']:.2f} ({row['pai_low']:.2f}–{row['pai_high']:.2f})"


def _rest(row: pd.Series) -> tuple[str, str, str]:
    return f"{row['hit_rate']:.1%}", f"{row['pei']:.2f}", f"{row['rri']:.2f}"


def first_trial(results: list[TownResult]) -> list[str]:
    """Return the first trial's figures beside ours, for several areas."""
    head = ["town", "method", "first trial 1 % / 5 %"]
    head += [f"margin {margin:g} m" for margin in MARGINS_M]
    rows = []
    for result in results:
        for name, (one, five) in result.town.first_trial.items():
            found = result.margins[result.margins["method"] == name]
            ours = [f"{a:.1f} / {b:.1f}" for a, b in found[["one", "five"]].to_numpy().tolist()]
            rows.append([result.town.name, NAMES[name], f"{one:g} / {five:g}", *ours])
        cells = result.margins.drop_duplicates("margin_m")["cells"]
        rows.append([result.town.name, "*cells in the area*", "", *(f"{n:,.0f}" for n in cells)])
    return markdown_table(head, rows)


def concentration_section(results: list[TownResult]) -> list[str]:
    """Return how unevenly the events lie."""
    rows = [
        [
            result.town.name,
            found.units,
            f"{found.n_units:,}",
            f"{found.n_events:,}",
            *(f"{share:.1%}" for share in found.top["share_events"]),
            f"{found.half:.1%}",
            f"{found.gini:.3f}",
            f"{found.gini_generalised:.3f}",
        ]
        for result in results
        for found in (result.places, result.cells)
    ]
    head = ["town", "units", "number", "events", "top 1 %", "top 5 %", "top 10 %"]
    return markdown_table([*head, "half lies in", "Gini", "generalised"], rows)
