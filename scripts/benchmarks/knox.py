"""Near repeat: `hotspots.nearrepeat` beside pointpats' `Knox`, same count, in one run.

Run ``python -m scripts.benchmarks.knox``. The city is synthetic: 20 × 20 km, 60 % of the events in
200 clusters (standard deviation 30–120 m), the rest along a random street grid, all points
distinct, over two years. 100 m and 14 days. Each measurement runs in a process of its own, so that
its peak memory is its own; the time is the median of `RUNS`, code compiled before.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import resource
import statistics
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from hotspots.nearrepeat import NearRepeatOptions, near_repeat

SIDE_M = 20_000.0
DISTANCE_M, DAYS = 100.0, 14
RUNS = 3


def city(n: int) -> pd.DataFrame:
    """Return `n` events with distinct points."""
    rng = np.random.default_rng(581)
    centres = rng.uniform(0, SIDE_M, (200, 2))
    clustered = int(0.6 * n)
    spread = rng.uniform(30, 120, 200)
    which = rng.integers(0, 200, clustered)
    near = centres[which] + rng.normal(0, 1, (clustered, 2)) * spread[which, None]
    along = rng.uniform(0, SIDE_M, (n - clustered, 2))
    streets = rng.uniform(0, SIDE_M, 150)
    on = rng.integers(0, 2, n - clustered)
    along[np.arange(len(along)), on] = streets[rng.integers(0, 150, len(along))]
    xy = np.concatenate([near, along])
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D")
    return pd.DataFrame({"x_m": xy[:, 0], "y_m": xy[:, 1], "day": days})


def ours(events: pd.DataFrame, replications: int) -> int:
    """Return the near pairs by `near_repeat`."""
    options = NearRepeatOptions(
        distances_m=(DISTANCE_M,),
        days=(DAYS,),
        closed="right",
        metric="euclidean",
        replications=replications,
    )
    return int(near_repeat(events, options).table["observed"].iloc[0])


def theirs(events: pd.DataFrame, replications: int) -> int:
    """Return the near pairs by pointpats."""
    peer = importlib.import_module("pointpats")
    day = (events["day"] - events["day"].min()).dt.days.to_numpy(float)[:, None]
    points = events[["x_m", "y_m"]].to_numpy()
    return int(peer.Knox(points, day, delta=DISTANCE_M, tau=DAYS, permutations=replications).nst)


def measure(who: str, n: int, replications: int, answer: Any) -> None:  # noqa: ANN401 (a pipe)
    """Send near pairs, median seconds and peak memory in MB."""
    work = ours if who == "ours" else theirs
    events = city(n)
    work(city(100), 19)
    seconds, pairs = [], 0
    for _run in range(RUNS):
        begin = time.perf_counter()
        pairs = work(events, replications)
        seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((pairs, statistics.median(seconds), peak))


def run(who: str, n: int, replications: int) -> tuple[int, float, float]:
    """Measure in a new process."""
    context = multiprocessing.get_context("spawn")
    mine, other = context.Pipe()
    process = context.Process(target=measure, args=(who, n, replications, other))
    process.start()
    answer: tuple[int, float, float] = mine.recv()
    process.join()
    return answer


def main() -> None:
    """Print one line a case."""
    peer = importlib.util.find_spec("pointpats") is not None
    print(
        f"numba {version('numba')}, pointpats {version('pointpats') if peer else 'not installed'}"
    )
    heads = ("events", "worlds", "near pairs", "seconds", "peak MB", "ratio")
    print(" " * 12 + "{:>9}{:>8}{:>12}{:>10}{:>9}{:>8}".format(*heads))
    for n, replications in ((10_000, 199), (100_000, 99)):
        pairs, one, peak = run("ours", n, replications)
        print(f"{'ours':12}{n:>9,}{replications:>8}{pairs:>12,}{one:>10.3f}{peak:>9.0f}")
        if peer and n <= 10_000:
            same, other, peak = run("pointpats", n, replications)
            assert same == pairs, "the counts differ"
            print(
                f"{'pointpats':12}{n:>9,}{replications:>8}{same:>12,}{other:>10.3f}{peak:>9.0f}"
                f"{other / one:>8.0f}"
            )


if __name__ == "__main__":
    main()
