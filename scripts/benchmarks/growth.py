"""How the whole evidence run grows: time and peak memory of ``lagesbild hotspots`` by events.

``python -m scripts.benchmarks.growth [--most 10000000] [--limit 600] [--svg docs/growth.svg]``

Each size is run once, in a process of its own from start to end, with the default settings and all
the evidence. The events are those of a town: three a place, up to 40,000 places. A size is left out
when the one before it tells that it would take longer than the limit, or more than half of the
machine's memory.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.synthetic import big_export
from scripts.benchmarks.growth_svg import growth_svg
from scripts.benchmarks.whole_run import timed

SIZES: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
MOST_PLACES: Final = 40_000
EVENTS_A_PLACE: Final = 3
STEEPEST: Final = 3.5
"""A size is 3–3⅓ times the one before; what it takes is expected to grow by no more than this."""

PROJECT: Final = """\
[project]
name = "Tillväxt"
extract_date = 2025-12-31
synthetic = true
[areas]
builtin = ["est", "regso"]
[[input]]
path = "utdrag.csv"
stacked_share = 0.5
[input.constants]
source = "police"
"""


@dataclass(frozen=True)
class Run:
    """One size: seconds and MB of the whole process, and seconds by step."""

    rows: int
    seconds: float
    peak_mb: float
    steps: dict[str, float]


def one(folder: Path) -> None:
    """Do what ``lagesbild hotspots`` does and print the seconds of each step."""
    from scripts.config import load_project
    from scripts.outputs import run_and_write
    from scripts.progress import Steps

    steps = Steps()
    run_and_write(load_project(folder, ()), steps, proposals=False)
    print(json.dumps(steps.seconds))


def measure(rows: int) -> Run:
    """Write an export of so many rows and run on it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = min(MOST_PLACES, rows // EVENTS_A_PLACE)
        big_export(folder / "utdrag.csv", n_rows=rows, n_places=places)
        (folder / "lagesbild.toml").write_text(PROJECT, encoding="utf-8")
        module = "scripts.benchmarks.growth"
        done = timed([sys.executable, "-m", module, "--one", str(folder)])
    return Run(rows, done.seconds, done.peak_mb, json.loads(done.said))


def measure_all(most: int, limit: float) -> tuple[list[Run], str]:
    """Return the runs, and why the last sizes were left out, if they were."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**21
    runs: list[Run] = []
    for rows in SIZES:
        if rows > most:
            return runs, f"{rows:,} events were not asked for"
        if runs and runs[-1].seconds * STEEPEST > limit:
            return runs, f"{rows:,} events would take more than {limit:g} s"
        if runs and runs[-1].peak_mb * STEEPEST > memory_mb:
            return runs, f"{rows:,} events would take more than half of the memory"
        print(f"{rows:,} …", file=sys.stderr, flush=True)
        runs.append(measure(rows))
    return runs, ""


def report(runs: list[Run], left_out: str) -> str:
    """Return the table, sizes beside one another, and the steps that take a second or more."""
    lines = ["events    " + "".join(f"{run.rows:>12,}" for run in runs)]
    lines.append("seconds   " + "".join(f"{run.seconds:>12.1f}" for run in runs))
    lines.append("peak MB   " + "".join(f"{run.peak_mb:>12.0f}" for run in runs))
    lines.append("µs/event  " + "".join(f"{run.seconds / run.rows * 1e6:>12.0f}" for run in runs))
    lines += ["", "seconds by step"]
    for step in runs[-1].steps:
        seconds = [run.steps.get(step, 0.0) for run in runs]
        if max(seconds) >= 1:
            lines.append("          " + "".join(f"{s:>12.1f}" for s in seconds) + f"  {step}")
    if left_out:
        lines += ["", f"Stopped there: {left_out}."]
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--limit", type=float, default=600.0)
    parser.add_argument("--svg", type=Path, default=Path(__file__).parents[2] / "docs/growth.svg")
    parser.add_argument("--one", type=Path)
    arguments = parser.parse_args()
    if arguments.one is not None:
        one(arguments.one)
        return
    runs, left_out = measure_all(arguments.most, arguments.limit)
    points = [(run.rows, run.seconds, run.peak_mb) for run in runs]
    arguments.svg.write_text(growth_svg(points), encoding="utf-8")
    print(report(runs, left_out))


if __name__ == "__main__":
    main()
