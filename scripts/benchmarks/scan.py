"""Scan statistics: `hotspots.scan` with 999 random worlds, beside what else searches in Python.

Run ``python -m scripts.benchmarks.scan``. Two sets: New York fever (194 cases, 192 places, 3 km,
7 days; from the real data folder, left out where that is absent) and a made year (5,000 events on
3,000 places in 20 × 20 km, 1 km, 28 days). Median seconds of `RUNS`.

No package for Python does the same. Two do a part, and are measured on that part:

- PredictCode's `open_cp.stscan2.STScanNumpy` searches the prospective space-time permutation
  cylinders and stops there: no random worlds. It is an unpublished checkout, found by the variable
  ``OPEN_CP`` (folder of the checkout).
- `pyscan-stats` finds the strongest disc anywhere in space, not only around places and without a
  limit on its population: another, larger search, shown for scale.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer

from hotspots.scan.permutation import PermutationOptions, scan_permutation
from hotspots.scan.poisson import PoissonOptions, scan_poisson

RUNS = 3
WORLDS = 999


def data() -> Path:
    """Return the folder of checks."""
    named = os.environ.get("LAGESBILD_DATA")
    folder = Path(named) if named else Path(__file__).parents[3] / "shared" / "data"
    return folder / "checks"


def fever() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return New York fever: cases and places."""
    places = pd.read_csv(data() / "NYCfevergeo.csv")
    cases = pd.read_csv(data() / "NYCfevercas.csv")
    metres = Transformer.from_crs("EPSG:4326", "EPSG:32618", always_xy=True)
    x, y = metres.transform(places["long"], places["lat"])
    locations = pd.DataFrame({"place_id": places["zip"], "x_m": x, "y_m": y})
    days = pd.to_datetime(cases["date"])
    return pd.DataFrame({"place_id": cases["zip"], "day": days}), locations


def made_year() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 5,000 events of a year on 3,000 places, 60 % of which lie in 200 clusters."""
    rng = np.random.default_rng(581)
    centres, spread = rng.uniform(0, 20_000, (200, 2)), rng.uniform(30, 120, 200)
    which = rng.integers(0, 200, 1800)
    near = centres[which] + rng.normal(0, 1, (1800, 2)) * spread[which, None]
    points = np.concatenate([near, rng.uniform(0, 20_000, (1200, 2))])
    busy = rng.pareto(1.5, 3000) + 0.2
    place = rng.choice(3000, 5000, p=busy / busy.sum()) + 1
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 365, 5000), unit="D")
    locations = pd.DataFrame({"place_id": range(1, 3001), "x_m": points[:, 0], "y_m": points[:, 1]})
    return pd.DataFrame({"place_id": place, "day": day}), locations


def leukemia() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return New York leukemia with its degrees as plain coordinates, as SaTScan's run had them."""

    def read(name: str, *columns: str) -> pd.DataFrame:
        path = data() / f"satscan_ny_{name}.txt"
        return pd.read_csv(path, sep=" ", names=["place_id", *columns])

    locations = read("coords", "x_m", "y_m")
    locations[["x_m", "y_m"]] *= 100_000
    locations["baseline"] = read("pop", "year", "people")["people"]
    return read("cases", "count", "year")[["place_id", "count"]], locations


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of `work`."""
    times = []
    for _run in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def peer_module() -> Any:  # noqa: ANN401 (a module or None)
    """Return open_cp's scanner, which needs nothing but numpy."""
    checkout = os.environ.get("OPEN_CP")
    if not checkout:
        return None
    path = Path(checkout) / "open_cp" / "stscan2.py"
    spec = importlib.util.spec_from_file_location("stscan2", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # written in 2017: numpy has since taken this old name of int away
    np.int = int  # type: ignore[attr-defined]
    return module


def peer_search(
    module: Any,  # noqa: ANN401
    cases: pd.DataFrame,
    locations: pd.DataFrame,
    radius_m: float,
    days: int,
) -> float:
    """Return the strongest prospective cylinder by open_cp, its limits set to ours."""
    at = locations.set_index("place_id").loc[cases["place_id"], ["x_m", "y_m"]].to_numpy()
    # our last day is whole: an event on it lies 0.5 days back, so that 28 days are 0.5 … 27.5
    back = (cases["day"].max() - cases["day"]).dt.days.to_numpy() + 0.5
    scanner = module.STScanNumpy(at.T, back)
    scanner.geographic_radius_limit, scanner.geographic_population_limit = radius_m, 0.5
    scanner.time_max_interval, scanner.time_population_limit = float(days), 1.0
    return float(next(iter(scanner.find_all_clusters())).statistic)


def space_time(
    name: str, tables: tuple[pd.DataFrame, pd.DataFrame], radius_m: float, days: int
) -> None:
    """Measure both modes, and open_cp on one prospective search."""
    last = date(2001, 11, 24) if name.startswith("New") else None
    for mode in ("prospective", "retrospective"):
        for stop in (0, 20):
            options = PermutationOptions(
                mode=mode,
                max_radius_m=radius_m,
                max_days=days,
                stop_after=stop,
                replications=WORLDS,
            )
            spent = seconds(partial(scan_permutation, *tables, options, last_day=last))
            table = scan_permutation(*tables, options, last_day=last).table
            how = "999 worlds" if not stop else f"early stop, {table['replications'].max()} worlds"
            top = f"LLR {table['llr'].iloc[0]:.6f}, p {table['p_value'].iloc[0]:.3f}"
            print(f"{name:16}{mode:15}{how:24}{spent:9.3f} s   {top}")
    module = peer_module()
    if module is None:
        print(f"{name:16}open_cp: not at hand (OPEN_CP)")
        return
    options = PermutationOptions(
        max_radius_m=radius_m, max_days=days, stop_after=0, replications=WORLDS
    )
    ours = seconds(lambda: scan_permutation(*tables, options, last_day=last)) / (WORLDS + 1)
    begin = time.perf_counter()
    top_llr = peer_search(module, *tables, radius_m, days)
    other = time.perf_counter() - begin
    print(
        f"{name:16}one prospective search: open_cp {other:.3f} s (LLR {top_llr:.6f}), ours "
        f"{ours * 1e3:.3f} ms a world of the whole test: ratio {other / ours:,.0f}"
    )


def space() -> None:
    """Measure the Poisson scan, and pyscan-stats on one search."""
    tables = leukemia()
    options = PoissonOptions(max_radius_m=None, stop_after=0, replications=WORLDS)
    ours = seconds(lambda: scan_poisson(*tables, options))
    llr = scan_poisson(*tables, options).table["llr"].iloc[0]
    print(f"{'leukemia':16}{'Poisson':15}{'999 worlds':24}{ours:9.3f} s   LLR {llr:.6f}")
    if importlib.util.find_spec("pyscan") is None:
        print(f"{'leukemia':16}pyscan-stats: not installed")
        return
    pyscan = importlib.import_module("pyscan")

    rows = tables[1].to_numpy()
    net = [pyscan.Point(x, y, 1.0) for _id, x, y, _pop in rows]
    cases = [
        pyscan.WPoint(float(c), row[1], row[2], 1.0)
        for c, row in zip(tables[0]["count"], rows, strict=True)
    ]
    people = [pyscan.WPoint(pop, x, y, 1.0) for _id, x, y, pop in rows]
    other = seconds(lambda: pyscan.max_disk(net, cases, people, pyscan.KULLDORF))
    _disc, value = pyscan.max_disk(net, cases, people, pyscan.KULLDORF)
    print(
        f"{'leukemia':16}one search: pyscan-stats {version('pyscan-stats')} {other:.3f} s "
        f"(any disc, LLR {value * tables[0]['count'].sum():.6f}), "
        f"ours {ours / (WORLDS + 1) * 1e3:.3f} ms a world"
    )


def main() -> None:
    """Print one line a case."""
    begin = time.perf_counter()
    cases, locations = made_year()
    few = PermutationOptions(replications=1)
    scan_permutation(cases.head(50), locations, few)
    loaded = time.perf_counter() - begin
    print(f"numba {version('numba')}, numpy {version('numpy')}, {os.cpu_count()} threads")
    print(f"first call with loading and compiling, or reading the compiled code: {loaded:.2f} s")
    if data().is_dir():
        space_time("New York fever", fever(), 3000.0, 7)
        space()
    space_time("made year", (cases, locations), 1000.0, 28)


if __name__ == "__main__":
    main()
