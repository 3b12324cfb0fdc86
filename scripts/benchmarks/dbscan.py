"""Partitioning by density beside scikit-learn's `DBSCAN` and the C++ package `dbscan`.

Run ``python -m scripts.benchmarks.dbscan``; the package ``dbscan`` needn't be there, its absence is
told. The city is synthetic: 20 × 20 km, 60 % of the points in 200 Gaussian clusters (standard
deviation 30–120 m), 40 % along a random grid of streets, all distinct; eps 75 m, 20 points.

What is compared works in turn on the same points in the same process, so that a busy machine slows
both. Memory is the peak of a process of its own that does nothing else, libraries and points
included. scikit-learn's million takes most of a minute and 10 GB: it is run once.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from hotspots.partition import dbscan

SIDE_M = 20_000.0
EPS_M = 75.0
LEAST = 20
RUNS = 7

Floats = NDArray[np.float64]


def city(n: int) -> Floats:
    """Return `n` distinct points, metres, shape (n, 2)."""
    rng = np.random.default_rng(581)
    clustered = int(0.6 * n)
    centres = rng.uniform(0, SIDE_M, (200, 2))
    which = rng.integers(0, 200, clustered)
    spread = rng.uniform(30, 120, 200)[which, None]
    streets = rng.uniform(0, SIDE_M, (2, 120))
    way = rng.integers(0, 2, n - clustered)
    across = streets[way, rng.integers(0, 120, n - clustered)] + rng.normal(0, 3, n - clustered)
    along = rng.uniform(0, SIDE_M, n - clustered)
    on_streets = np.where(way[:, None] == 0, np.c_[across, along], np.c_[along, across])
    in_clusters = centres[which] + rng.normal(0, 1, (clustered, 2)) * spread
    return rng.permutation(np.concatenate([in_clusters, on_streets]))


def ours(
    points: Floats, weight: NDArray[np.int64] | None = None, threads: int = 1
) -> NDArray[np.int64]:
    """Return our clusters."""
    if weight is None:
        weight = np.ones(len(points), dtype=np.int64)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    return dbscan(x, y, weight, eps_m=EPS_M, min_weight=LEAST, threads=threads)


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turn(works: dict[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Return median seconds of each, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _run in range(runs):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(values) for name, values in taken.items()}


def by_cpp(points: Floats) -> object:
    """Return the clusters of the C++ package."""
    import dbscan as peer  # type: ignore[import-not-found,unused-ignore]

    return peer.DBSCAN(points, EPS_M, LEAST)


def by_sklearn(points: Floats) -> object:
    """Return scikit-learn's clusters."""
    from sklearn.cluster import DBSCAN

    return DBSCAN(eps=EPS_M, min_samples=LEAST).fit_predict(points)


def child(job: str, n: int, threads: int) -> None:
    """Do one job in a process of its own and print its figures."""
    points = city(n)
    peers = {"cpp": by_cpp, "sklearn": by_sklearn}
    if job in peers:
        ours(points)  # loads, or compiles, the loops
        works: dict[str, Callable[[], object]] = {
            "ours": lambda: ours(points, threads=threads),
            job: lambda: peers[job](points),
        }
        print(*in_turn(works, RUNS if job == "cpp" else 1).values())
        return
    {"memory-ours": ours, "memory-cpp": by_cpp, "memory-sklearn": by_sklearn}[job](points)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def apart(job: str, n: int, threads: int = 1) -> list[float]:
    """Return what `child` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benchmarks.dbscan", job, str(n), str(threads)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PARLAY_NUM_THREADS": str(threads)},
    )
    return [float(word) for word in done.stdout.split()]


def places_and_events() -> None:
    """Print what 10 million events on 300,000 places cost beside 300,000 points."""
    n, events = 300_000, 10_000_000
    points = city(n)
    place = np.random.default_rng(7).integers(0, n, events)
    weight = np.bincount(place, minlength=n)
    works: dict[str, Callable[[], object]] = {
        "300,000 points": lambda: ours(points),
        "10,000,000 events on them, least 20": lambda: ours(points, weight),
        "10,000,000 events on them, least 400": lambda: dbscan(
            points[:, 0], points[:, 1], weight, eps_m=EPS_M, min_weight=400
        ),
        "counting the events by place": lambda: np.bincount(place, minlength=n),
    }
    took = in_turn(works)
    first = took["300,000 points"]
    for name, value in took.items():
        print(f"{name:40}{value:9.3f} s{value / first:8.2f} ×")


def main() -> None:
    """Print medians and ratios."""
    has_cpp = importlib.util.find_spec("dbscan") is not None
    names = ["numpy", "numba", "scikit-learn", *(["dbscan"] if has_cpp else [])]
    print(", ".join(f"{name} {version(name)}" for name in names))
    print(f"{'':34}{'ours s':>9}{'peer s':>9}{'ratio':>8}")
    cases = [("sklearn", 100_000, 1), ("sklearn", 1_000_000, 1)]
    if has_cpp:
        sizes = (100_000, 1_000_000, 5_000_000)
        cases += [("cpp", n, threads) for n in sizes for threads in (1, 2)]
    else:
        print("the C++ package dbscan is not installed: left out")
    for job, n, threads in cases:
        mine, theirs = apart(job, n, threads)
        case = f"{job}, {n:,} points, {threads} thread{'s' * (threads > 1)}"
        print(f"{case:34}{mine:9.3f}{theirs:9.3f}{theirs / mine:8.1f}")
    for name in ("ours", *(["cpp"] if has_cpp else []), "sklearn"):
        (peak,) = apart(f"memory-{name}", 1_000_000)
        print(f"{'peak memory at 1,000,000, ' + name:40}{peak:9.0f} MB")
    places_and_events()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
