"""The whole run against the straightforward notebook, on the same million events.

``python -m scripts.benchmarks.whole_run [--rows 1000000] [--places 40000] [--repeat 3]``

All run as processes of their own, so that peak memory is each one's own. The notebook
(`scripts.benchmarks.notebook`) reads, joins, clusters rows and draws; `lagesbild run` does all of
that and classifies, deduplicates, reports, ranks and writes every table as well. Both use the same
settings, and must find the same hot spots up to their border rows. The stages that have no
counterpart in the notebook are switched off in the project file. The run is then measured once more
with camera proposals, follow-up and the map's switch of period, as they are without any setting;
evidence, picture and watch, which have benchmarks of their own, stay off.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from areas.boundaries import builtin_areas
from geodata.schema import DEFAULT_CRS
from geodata.synthetic import big_export
from scripts.benchmarks.notebook import EPS_M, MIN_SAMPLES

DEFAULT_SHARE = 0.02
"""Share of the rows on a station's default address; Charlottesville's has 3.4 % of all reports."""

PROJECT = f"""\
[project]
name = "Benchmark"
extract_date = 2025-12-31
synthetic = true
[areas]
builtin = ["est", "regso"]
[[input]]
path = "../utdrag.csv"
stacked_share = 0.5
[input.constants]
source = "police"
[hotspots]
classes = ["drug_supply", "drug_production", "drug_possession", "drug_use"]
window_months = 600
weight = "events"
eps_m = {EPS_M}
min_samples = {MIN_SAMPLES}
min_events = 1
min_days = 1
min_quarters_per_year = 0
top_share = 1.0
[evidence]
run = false
[picture]
run = false
[watch]
run = false
"""
NO_COUNTERPART = """\
[cameras]
run = false
[followup]
run = false
[map]
periods = "none"
"""


@dataclass(frozen=True)
class Timing:
    """Wall time in seconds, peak memory in MB, and what the process printed."""

    seconds: float
    peak_mb: float
    said: str


def timed(command: list[str]) -> Timing:
    """Run a process and measure it."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = child.stdout.read().decode() if child.stdout else ""
    _pid, status, usage = _wait(child.pid)
    seconds = time.perf_counter() - started
    child.returncode = status
    if status:
        msg = f"{command[:4]} ended with {status}"
        raise SystemExit(msg)
    return Timing(seconds, usage.ru_maxrss / 1024, said)


def _wait(pid: int) -> tuple[int, int, resource.struct_rusage]:
    import os

    return os.wait4(pid, 0)


def main() -> None:
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--places", type=int, default=40_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        big_export(
            folder / "utdrag.csv",
            n_rows=arguments.rows,
            n_places=arguments.places,
            drugs_only=True,
            default_share=DEFAULT_SHARE,
        )
        areas = builtin_areas(("regso",), DEFAULT_CRS)
        pyogrio.write_dataframe(areas[["area_id", "geometry"]], folder / "areas.gpkg")
        python = sys.executable
        runs = [
            (name, [python, "-m", "scripts.cli", "run", _project(folder / name, text), "--json"])
            for name, text in (("alike", PROJECT + NO_COUNTERPART), ("more", PROJECT))
        ]
        files = [str(folder / f) for f in ("utdrag.csv", "areas.gpkg", "map.html")]
        theirs = [python, "-m", "scripts.benchmarks.notebook", *files]
        # in turn, so that what else the machine does falls on all alike
        times: dict[str, list[Timing]] = {name: [] for name in ("alike", "more", "notebook")}
        for _turn in range(arguments.repeat):
            for name, command in (*runs, ("notebook", theirs)):
                times[name].append(timed(command))
        _report(times, arguments.rows, folder / "map.html.npy")


def _project(folder: Path, text: str) -> str:
    folder.mkdir()
    (folder / "lagesbild.toml").write_text(text, encoding="utf-8")
    return str(folder)


def _report(times: dict[str, list[Timing]], rows: int, cores: Path) -> None:
    import pandas as pd

    said = json.loads(times["alike"][-1].said)
    table = pyogrio.read_dataframe(Path(said["folder"]) / "results.gpkg", layer="hotspots")
    mine, theirs = table["n_events"], json.loads(times["notebook"][-1].said)
    same = same_hotspots(table.geometry.to_numpy(), np.load(cores))
    print(f"rows {rows}; pandas {pd.__version__}; hot spots {len(mine)} and {len(theirs)}")
    print(f"core rows of each lie in one hot spot of the other's: {'yes' if same else 'NO'}")
    # A border row goes to its nearest core here, to the cluster found first in scikit-learn.
    print(f"events in hot spots, border rows included: {sum(mine)} and {sum(theirs)}")
    names = {"alike": "run", "more": "run, with more", "notebook": "notebook"}
    middle = {name: median(one.seconds for one in all_) for name, all_ in times.items()}
    for name, all_ in times.items():
        seconds = ", ".join(f"{one.seconds:.1f}" for one in all_)
        peak = max(one.peak_mb for one in all_)
        ratio = middle["notebook"] / middle[name]
        print(f"{names[name]:14} {seconds} s, peak {peak:.0f} MB, {ratio:.1f} x the notebook")


def same_hotspots(outlines: NDArray[Any], cores: NDArray[np.float64]) -> bool:
    """Tell whether outlines and clusters go together one to one.

    Parameters
    ----------
    outlines
        Polygons of our hot spots, disjoint, each with all its places inside, shape (k,).
    cores
        Core rows of the notebook's clusters: easting, northing, cluster; shape (n, 3).

    Returns
    -------
    bool
        True when each core row lies in an outline, all of a cluster in the same one, no two
        clusters in one, and no outline is without a cluster.
    """
    places = np.unique(cores, axis=0)
    row, outline = shapely.STRtree(outlines).query(
        shapely.points(places[:, :2]), predicate="intersects"
    )
    once = np.array_equal(np.sort(row), np.arange(len(places)))
    pairs = np.unique(np.column_stack([places[row, 2], outline]), axis=0)
    n = len(np.unique(places[:, 2]))
    return once and len(pairs) == n == len(outlines) == len(np.unique(pairs[:, 1]))


if __name__ == "__main__":
    main()
