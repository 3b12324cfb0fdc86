"""``python -m scripts.evidence --data FOLDER``: try all methods on the towns, write the page."""

from __future__ import annotations

from pathlib import Path

import click

from geodata import language
from scripts.evidence.accuracy import (
    TownResult,
    concentration_section,
    first_trial,
    kde_cost,
    summary,
    town_section,
    try_town,
)
from scripts.evidence.sections import kept
from scripts.evidence.towns import TOWNS, read_town

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"
WORDS = Path(__file__).with_name("words.md")


@click.command()
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), default=PAGE)
def main(data: Path, page: Path) -> None:
    """Write the page from the folder of data; the same data give the same page."""
    results = []
    with language.using("en"):
        for town in TOWNS:
            incidents, counted = read_town(town, data)
            results.append(try_town(town, incidents, counted))
            click.echo(f"{town.name}: {results[-1].card.folds} folds", err=True)
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    page.write_text(kept(render(results), old), encoding="utf-8")


def render(results: list[TownResult]) -> str:
    """Return the page: the words of words.md around the tables."""
    parts = {
        "summary": summary(results),
        "kde": kde_cost(results),
        "first_trial": first_trial(results),
        "concentration": concentration_section(results),
        "towns": [line for result in results for line in town_section(result)],
    }
    text = WORDS.read_text(encoding="utf-8")
    for name, lines in parts.items():
        text = text.replace(f"<!-- {name} -->\n", "\n".join(lines).rstrip() + "\n")
    return text


if __name__ == "__main__":
    main()
