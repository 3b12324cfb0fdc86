"""Gi* on 160,000 cells, beside esda, analytic with FDR and with 999 permutations.

Run ``python -m scripts.benchmarks.gistar [--side 400]``. Synthetic counts on 400 × 400 cells of
50 m (100,000 events, 60 % in 200 clusters), band 150 m: 29 cells count together. The yardstick is
esda's ``G_Local(star=True, transform="B")`` with the building of its weights, as a user would have
to build them. esda runs once, ours five times (median). Seconds by the clock and of all cores
together: the second also holds on a busy machine.

The 999 permutations of esda are conditional, cell by cell. Ours are both: conditional (the same
draws for all cells) and of the whole map, for the family-wise p that esda doesn't give.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotspots.significance import CellNeighbours, GiStarOptions, score

CELL_M, BAND_M = 50.0, 150.0
RUNS, SEED = 5, 581
N_EVENTS = 100_000
FIGURES = ("p", "q", "q_perm", "p_family")

Floats = NDArray[np.float64]

ANALYTIC = GiStarOptions(draws=0, permutations=0, judge="q", alternative="two-sided")
PERMUTED = GiStarOptions(draws=999, permutations=999, judge="p_family")
FINE = GiStarOptions(draws=99_999, permutations=999)


def counts(side: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return column, row and events of each cell."""
    rng = np.random.default_rng(SEED)
    extent = side * CELL_M
    centre, deviation = rng.uniform(0, extent, (200, 2)), rng.uniform(30, 120, 200)
    cluster = rng.integers(0, 200, int(0.6 * N_EVENTS))
    near = centre[cluster] + rng.normal(0, 1, (len(cluster), 2)) * deviation[cluster][:, None]
    points = np.vstack([near, rng.uniform(0, extent, (N_EVENTS - len(cluster), 2))])
    at = np.clip(points // CELL_M, 0, side - 1).astype(np.int64)
    values = np.bincount(at[:, 0] * side + at[:, 1], minlength=side * side)
    column, row = (a.ravel() for a in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    return column, row, values.astype(np.float64)


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of all cores together."""

    wall: float
    cpu: float

    def times(self, other: Cost) -> str:
        """Return how many times `other` this is."""
        return (
            f"{self.wall / other.wall:.0f} × ours by the clock, {self.cpu / other.cpu:.0f} × by cpu"
        )


def cost(task: Callable[[], Any], runs: int) -> tuple[Cost, Any]:
    """Return the median cost of `runs` runs and what the last made."""
    wall, cpu = [], []
    for _run in range(runs):
        start, used = time.perf_counter(), time.process_time()
        made = task()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return Cost(statistics.median(wall), statistics.median(cpu)), made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=400, help="cells along each side")
    column, row, values = counts(parser.parse_args().side)

    def ours(options: GiStarOptions) -> dict[str, NDArray[Any]]:
        neighbours = CellNeighbours.from_metres(column, row, cell_size_m=CELL_M, band_m=BAND_M)
        return score(values, neighbours, options)

    ours(PERMUTED)  # the first run compiles
    print(f"{len(values):,} cells, band {BAND_M:g} m of {CELL_M:g} m cells")
    analytic, scores = cost(partial(ours, ANALYTIC), RUNS)
    permuted, _scores = cost(partial(ours, PERMUTED), RUNS)
    fine, found = cost(partial(ours, FINE), RUNS)
    print("Lägesbild, clock and cpu:")
    print(f"  analytic with FDR {analytic.wall:.3f} s, {analytic.cpu:.3f} s")
    print(f"  999 conditional + 999 whole-map {permuted.wall:.2f} s, {permuted.cpu:.2f} s")
    print(f"  99,999 conditional + 999 whole-map {fine.wall:.2f} s, {fine.cpu:.2f} s")
    hot = {n: int(((found["z"] > 0) & (found[n] <= 0.05)).sum()) for n in FIGURES}
    print("  hot at 0.05 by " + ", ".join(f"{name} {n:,}" for name, n in hot.items()))
    peer = esda_costs(np.column_stack([column, row]) * np.float64(CELL_M), values, scores["z"])
    if peer is not None:
        print(f"analytic: esda with its weights {peer[0].times(analytic)}")
        print(f"999 permutations: esda without its weights {peer[1].times(permuted)}")


def esda_costs(xy: Floats, values: Floats, z: Floats) -> tuple[Cost, Cost] | None:
    """Measure esda on the same cells; ``None`` if it isn't installed.

    Returns
    -------
    tuple
        Analytic with its weights, and 999 permutations without.
    """
    if importlib.util.find_spec("esda") is None or importlib.util.find_spec("libpysal") is None:
        print("esda and libpysal are not installed")
        return None
    warnings.simplefilter("ignore")
    weigh: Any = import_module("libpysal.weights").DistanceBand
    local: Any = import_module("esda.getisord").G_Local
    build, weights = cost(lambda: weigh(xy, BAND_M, binary=True, silence_warnings=True), 1)

    def peer(permutations: int) -> Any:  # noqa: ANN401
        return local(
            values,
            weights,
            star=True,
            transform="B",
            permutations=permutations,
            seed=SEED,
            n_jobs=1,
        )

    plain, scores = cost(lambda: peer(0), 1)
    permuted, _scores = cost(lambda: peer(999), 1)
    print(f"esda {version('esda')}, libpysal {version('libpysal')}, clock and cpu:")
    print(f"  weights {build.wall:.1f} s, {build.cpu:.1f} s")
    print(f"  analytic {plain.wall:.1f} s, {plain.cpu:.1f} s")
    print(f"  999 permutations {permuted.wall:.1f} s, {permuted.cpu:.1f} s")
    print(f"  largest difference of its z from ours {np.abs(scores.Zs - z).max():.1e}")
    together = Cost(build.wall + plain.wall, build.cpu + plain.cpu)
    return together, permuted


if __name__ == "__main__":
    main()
