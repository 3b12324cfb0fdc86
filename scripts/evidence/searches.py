"""``python -m scripts.evidence.searches``: try the choice of dog searches, write its section.

The section of docs/evidence.md is made of synthetic towns, so it needs no data folder; the rest of
the page is left as it is.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from scripts.evidence.accuracy import difference, markdown_table
from scripts.evidence.search_towns import ENTRANCES, STEPS, WORLDS, World
from scripts.evidence.search_trial import PER_ROUND, POLICIES, Outcome, live
from scripts.evidence.sections import with_section

Floats = NDArray[np.float64]

PAGE: Final = Path(__file__).parents[2] / "docs" / "evidence.md"
WORDS: Final = Path(__file__).with_name("searches.md")
TOWNS: Final = 10
SEED: Final = 581
HEADING: Final = "## Choosing dog searches"

NAMES: Final = {
    "policy": "**the round**",
    "need": "pure need",
    "random": "pure random",
    "robin": "round robin",
}
MEASURES: Final = {
    "finds": ("finds per 100 searches", 1, 1),
    "spots": ("spots found", 100, 0),
    "spots_silent": ("in silent areas", 100, 0),
    "coverage": ("entrances searched", 100, 0),
    "waiting": ("fortnights waited by 9 of 10", 1, 0),
    "least_owner": ("least owner's share", 1, 2),
    "top_tenth": ("searches at the top tenth", 100, 0),
}
PERCENT: Final = 100
LESS_IS_BETTER: Final = ("waiting", "top_tenth")

Tried = dict[str, dict[str, Floats]]
"""Policy → measure → value of each town."""


def try_world(world: World, towns: int = TOWNS) -> Tried:
    """Let the same towns live under each policy."""
    outcomes: dict[str, list[Outcome]] = {
        policy: [live(world, SEED + town, policy) for town in range(towns)] for policy in POLICIES
    }
    return {
        policy: {f.name: np.array([getattr(one, f.name) for one in found]) for f in fields(Outcome)}
        for policy, found in outcomes.items()
    }


def section(tried: dict[str, Tried]) -> list[str]:
    """Return the section: words around a table a world, and what the round wins and loses."""
    lines = []
    for world in WORLDS:
        found = tried[world.name]
        lines += [f"### {world.name.capitalize()}", "", f"{world.remark.capitalize()}.", ""]
        shown = [m for m in MEASURES if not np.isnan(found["policy"][m]).all()]
        rows = [[NAMES[p], *(level(found[p][m], m) for m in shown)] for p in POLICIES]
        lines += markdown_table(["", *(MEASURES[m][0] for m in shown)], rows)
        lines += verdicts(found, shown)
    text = WORDS.read_text(encoding="utf-8").format(
        towns=len(tried[WORLDS[0].name]["policy"]["finds"]),
        entrances=ENTRANCES,
        rounds=STEPS,
        per_round=PER_ROUND,
    )
    return [HEADING, "", *text.replace("<!-- tables -->", "\n".join(lines).rstrip()).splitlines()]


def level(values: Floats, measure: str) -> str:
    """Return a mean with its standard error."""
    _name, factor, decimals = MEASURES[measure]
    known = factor * values[~np.isnan(values)]
    sign = " %" if factor == PERCENT else ""
    error = known.std(ddof=1) / np.sqrt(len(known))
    return f"{known.mean():.{decimals}f}{sign} (SE {error:.{decimals + 1}f})"


def verdicts(found: Tried, shown: list[str]) -> list[str]:
    """Return where the round is better and worse than each other way, beyond noise."""
    lines = []
    wide = float(t.ppf(0.975, len(found["policy"]["finds"]) - 1))
    for other in POLICIES[1:]:
        words: dict[str, list[str]] = {"better": [], "worse": [], "not told apart": []}
        for measure in shown:
            mean, error = paired(found["policy"][measure], found[other][measure])
            name, factor, _decimals = MEASURES[measure]
            sign = -1 if measure in LESS_IS_BETTER else 1
            low, high = mean - wide * error, mean + wide * error
            word = "better" if sign * mean > wide * error else "worse"
            word = word if abs(mean) > wide * error else "not told apart"
            told = difference(factor * mean, factor * error, factor * low, factor * high)
            words[word].append(f"{name} {told}")
        parts = [f"{word}: {'; '.join(some)}" for word, some in words.items() if some]
        lines.append(f"* The round against {NAMES[other]} – " + ". ".join(parts) + ".")
    return [*lines, ""]


def paired(one: Floats, other: Floats) -> tuple[float, float]:
    """Return the mean difference, town by town, and its standard error."""
    apart = (one - other)[~np.isnan(one - other)]
    return float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(len(apart)))


@click.command()
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), default=PAGE)
@click.option("--towns", type=click.IntRange(min=2), default=TOWNS)
def main(page: Path, towns: int) -> None:
    """Write the section of dog searches into the page; the same command gives the same section."""
    tried = {}
    for world in WORLDS:
        tried[world.name] = try_world(world, towns)
        click.echo(f"{world.name}: {towns} towns", err=True)
    page.write_text(
        with_section(page.read_text(encoding="utf-8"), HEADING, section(tried)), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
