"""Runs every benchmark, writes ``docs/benchmarks.md``: ``python -m scripts.benchmarks [NAME …]``.

Each benchmark is a module of its own that measures Lägesbild and its peers in one run and prints
ratios. With names, only those are run and the page is printed instead of written.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"

BENCHMARKS: Final = {
    "import_rows": "Importing a million rows, beside `pandas.read_csv` with its dates parsed",
    "assign_areas": "A million events into a hundred areas, beside `geopandas.sjoin`",
    "whole_run": "The whole run on a million events, beside the straightforward notebook",
    "add_week": "A week added to five years in the store, beside reading that week alone",
    "kde": "Kernel density of a million points, beside KDEpy and scikit-learn",
    "dbscan": "Partitioning a million points by density, beside scikit-learn and a C++ package",
    "stability": "Hot spots found again 99 times with moved points, beside finding them once",
    "gistar": "Gi* on 160,000 cells, beside esda",
    "knox": "Near repeat, beside pointpats",
    "scan": "Scan statistics, beside what there is",
    "watch": "The weekly watch of 500 series, beside surveillance's farringtonFlexible",
    "views": "What 2,000 cameras see among 2,400 houses, beside pysovist and shapely",
    "covering": "Choosing camera sites, beside spopt and HiGHS on the whole model",
    "searchround": "A round of 60 dog searches among 20,000 entrances, beside reading the register",
    "maps": "The page of the map, beside plain Folium with the same content",
    "growth": "The whole evidence run, from ten thousand events and up",
}
"""Module → heading, in the order of the page."""

PICTURES: Final = {
    "growth": "![Time and peak memory by events, on logarithmic axes: the figures are those of the "
    "table above.](growth.svg)"
}
"""What stands below the figures of a benchmark that also draws."""


def measure(name: str) -> str:
    """Run one benchmark in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.benchmarks.{name}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"failed with {done.returncode}: {done.stderr.strip().splitlines()[-1]}"
    return done.stdout.strip()


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {datetime.now(tz=UTC):%Y-%m-%d}"
    )


def main(names: list[str]) -> None:
    """Measure and write the page."""
    parts = [
        "# How fast, against what",
        "Made by `python -m scripts.benchmarks`. Each part is one run in which Lägesbild and its "
        "peers work on the same data in turn: read ratios, not seconds.",
        f"Measured on: {machine()}.",
    ]
    for name, heading in BENCHMARKS.items():
        if names and name not in names:
            continue
        print(f"{name} …", file=sys.stderr)
        parts += [
            f"## {heading}",
            f"`python -m scripts.benchmarks.{name}`",
            f"```text\n{measure(name)}\n```",
        ]
        if name in PICTURES:
            parts.append(PICTURES[name])
    text = "\n\n".join(parts) + "\n"
    if names:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
