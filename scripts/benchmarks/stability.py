"""Ninety-nine reruns with moved points beside finding the hot spots once.

Run ``python -m scripts.benchmarks.stability``. The town is synthetic: 20,000 events in two years on
up to 4,000 or 12,000 places, some far more often than others, 60 % of them in 40 Gaussian clusters,
40 % along streets. All in one process, in turn; nothing else is known to do the same, so the
measure is the work itself.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema
from geodata.places import group_places
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.options import HotspotOptions
from hotspots.stability import StabilityOptions, measure_stability

CRS = "EPSG:3006"
N_EVENTS = 20_000
RUNS = 5


def town(n_places: int) -> pd.DataFrame:
    """Return a table ``incidents`` of police reports of one class."""
    rng = np.random.default_rng(581)
    n = int(0.6 * n_places)
    centres = rng.uniform(0, 6000, (40, 2))
    clustered = centres[rng.integers(0, 40, n)] + rng.normal(0, 60, (n, 2))
    streets = np.column_stack(
        [rng.integers(0, 40, n_places - n) * 150.0, rng.uniform(0, 6000, n_places - n)]
    )
    xy = np.unique(np.rint(np.concatenate([clustered, streets])), axis=0)
    xy += np.array([569_000, 6_495_000])
    share = rng.pareto(1.2, len(xy)) + 1
    place = np.sort(rng.choice(len(xy), N_EVENTS, p=share / share.sum()))
    kept, place = np.unique(place, return_inverse=True)
    day = pd.to_timedelta(rng.integers(0, 730, N_EVENTS), unit="D")
    start = (pd.Timestamp("2024-01-01 12:00") + day).tz_localize("Europe/Stockholm").as_unit("us")
    values = {
        "incident_id": np.arange(1, N_EVENTS + 1),
        "start": start,
        "end": start,
        "time_precision": "day",
        "offence_class": "drug_possession",
        "offence_classes": "drug_possession",
        "andts_group": "narcotics",
        "source": "police",
        "geocode_class": "address",
        "place_id": place + 1,
        "x_m": xy[kept][place, 0],
        "y_m": xy[kept][place, 1],
    }
    fill = {"int": 1, "float": 1.0, "bool": False, "category": "unknown"}
    columns = {}
    for name, column in schema.INCIDENTS.items():
        value = pd.Series(values.get(name, fill.get(column.kind)), index=range(N_EVENTS))
        if column.kind == "category":
            value = pd.Series(schema.category(value, "incidents", name))
        columns[name] = value.astype("str") if column.kind == "text" else value
    table = pd.DataFrame(columns)
    schema.check(table, "incidents")
    return table


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(
    incidents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    found: Hotspots,
    options: HotspotOptions,
) -> dict[str, float]:
    """Return median seconds of one clustering run and of 99 moved ones, by threads."""
    asked = StabilityOptions()

    def reruns(workers: int) -> Callable[[], object]:
        return lambda: measure_stability(
            incidents, places, found, options, stability=asked, workers=workers
        )

    works: dict[str, Callable[[], object]] = {
        "find_hotspots, once": lambda: find_hotspots(incidents, places, options, crs=CRS),
        "stability, 99 runs, 1 thread": reruns(1),
        "stability, 99 runs, 2 threads": reruns(2),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _run in range(RUNS):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> None:
    """Print medians and ratios."""
    names = ("numpy", "numba", "pandas", "scipy")
    print(", ".join(f"{name} {version(name)}" for name in names) + f"; {os.cpu_count()} cores")
    for n_places in (4_000, 12_000):
        incidents = town(n_places)
        places = group_places(incidents, crs=CRS)
        options = HotspotOptions()
        found = find_hotspots(incidents, places, options, crs=CRS)
        print(f"{len(incidents):,} events, {len(places):,} places, {len(found.table)} hot spots")
        took = measure(incidents, places, found, options)
        once = took["find_hotspots, once"]
        for name, value in took.items():
            print(f"  {name:34}{value:9.3f} s{value / once:8.1f} ×")


if __name__ == "__main__":
    main()
