"""Kernel density on a grid, beside KDEpy and scikit-learn, with the error of each.

Run ``python -m scripts.benchmarks.kde [--points 1000000] [--full]``. The city is synthetic, 20 × 20
km: 60 % of the points in 200 Gaussian clusters (deviation 30–120 m), 40 % anywhere, all distinct.
160,000 cells of 50 m, bandwidth 200 m.

Ours and KDEpy take turns; medians of five. KDEpy's ``FFTKDE`` is run as most would, in metres, and
as it should be, with coordinates divided by the bandwidth (it cuts its Gaussian by an absolute
tolerance). Scikit-learn's ``KernelDensity`` (kd-tree, rtol 1e-4) evaluates a random sample of the
cells, and its time is scaled up to all of them; with ``--full`` all cells. The error is the largest
difference from the direct sum over a sample of cells, among them the 100 densest, as a share of the
peak. A peer that isn't installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import statistics
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotspots.kde import Frame, evaluate
from hotspots.kde.options import Kernel

SIDE_M, CELL_M, BANDWIDTH_M = 20_000.0, 50.0, 200.0
RUNS, SEED = 5, 581
N_CHECKED, N_SAMPLE = 400, 2_000
MARGIN_CELLS = 30
"""KDEpy's grid must reach beyond its points."""

Floats = NDArray[np.float64]


def city(n: int) -> Floats:
    """Return points, metres, shape (n, 2)."""
    rng = np.random.default_rng(SEED)
    centre, deviation = rng.uniform(1000, 19_000, (200, 2)), rng.uniform(30, 120, 200)
    cluster = rng.integers(0, 200, int(0.6 * n))
    near = centre[cluster] + rng.normal(0, 1, (len(cluster), 2)) * deviation[cluster][:, None]
    return np.vstack([near, rng.uniform(0, SIDE_M, (n - len(cluster), 2))]).clip(0, SIDE_M)


def measure(tasks: dict[str, Callable[[], Floats]]) -> tuple[dict[str, float], dict[str, Floats]]:
    """Run the tasks in turn; return medians and what each made."""
    made = {name: task() for name, task in tasks.items()}
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _run in range(RUNS):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}, made


def direct(points: Floats, centres: Floats, kernel: Kernel) -> Floats:
    """Sum every point's kernel at each centre, per square metre."""
    values = np.empty(len(centres))
    h2 = BANDWIDTH_M**2
    for i, (x, y) in enumerate(centres):
        r2 = (points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2
        if kernel == "quartic":
            values[i] = 3 / (math.pi * h2) * (np.maximum(1 - r2 / h2, 0) ** 2).sum()
        else:
            values[i] = np.exp(-r2 / (2 * h2)).sum() / (2 * math.pi * h2)
    return values


def ours(points: Floats, frame: Frame, kernel: Kernel) -> Floats:
    """Evaluate with Lägesbild; shape (columns, rows)."""
    x_m, y_m = np.ascontiguousarray(points.T)
    weight = np.ones(len(points))
    return evaluate(x_m, y_m, weight, frame, kernel=kernel, bandwidth_m=BANDWIDTH_M).T


def kdepy(points: Floats, frame: Frame, kernel: Kernel, *, scale: float) -> Floats:
    """Evaluate with KDEpy on the same centres; shape (columns, rows)."""
    at = (np.arange(-MARGIN_CELLS, frame.columns + MARGIN_CELLS) + 0.5) * CELL_M / scale
    x, y = np.meshgrid(at, at, indexing="ij")
    # KDEpy's bandwidth is the deviation of the kernel on a line: 1 / √7 of the biweight's radius
    name, width = ("gaussian", 1.0) if kernel == "gaussian" else ("biweight", 1 / math.sqrt(7))
    fft: Any = import_module("KDEpy").FFTKDE
    model = fft(kernel=name, bw=width * BANDWIDTH_M / scale).fit(points / scale)
    values = model.evaluate(np.column_stack([x.ravel(), y.ravel()]))
    inner = slice(MARGIN_CELLS, -MARGIN_CELLS)
    square: Floats = values.reshape(len(at), len(at))[inner, inner] * len(points) / scale**2
    return square


def sklearn_seconds(points: Floats, centres: Floats, *, full: bool) -> float:
    """Return scikit-learn's seconds for all centres, measured or scaled up from a sample."""
    from sklearn.neighbors import KernelDensity

    rng = np.random.default_rng(SEED)
    asked = centres if full else centres[rng.choice(len(centres), N_SAMPLE, replace=False)]
    start = time.perf_counter()
    model = KernelDensity(bandwidth=BANDWIDTH_M, algorithm="kd_tree", rtol=1e-4).fit(points)
    built = time.perf_counter()
    model.score_samples(asked)
    return (built - start) + (time.perf_counter() - built) * len(centres) / len(asked)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--full", action="store_true", help="scikit-learn on every cell")
    arguments = parser.parse_args()
    cells = round(SIDE_M / CELL_M)
    frame = Frame(0, 0, cells, cells, CELL_M)
    points = city(arguments.points)
    x, y = np.meshgrid(*frame.centres(), indexing="ij")
    centres = np.column_stack([x.ravel(), y.ravel()])
    has_kdepy = importlib.util.find_spec("KDEpy") is not None
    peer = f"KDEpy {version('KDEpy')}" if has_kdepy else ""
    print(f"{len(points):,} points, {cells * cells:,} cells of {CELL_M:g} m, {BANDWIDTH_M:g} m")
    gaussian_s = 0.0
    kernels: tuple[Kernel, ...] = ("gaussian", "quartic")
    for kernel in kernels:
        tasks: dict[str, Callable[[], Floats]] = {"Lägesbild": partial(ours, points, frame, kernel)}
        if has_kdepy:
            tasks[f"{peer}, scaled"] = partial(kdepy, points, frame, kernel, scale=BANDWIDTH_M)
            tasks[f"{peer}, in metres"] = partial(kdepy, points, frame, kernel, scale=1.0)
        times, made = measure(tasks)
        base = times["Lägesbild"]
        gaussian_s = base if kernel == "gaussian" else gaussian_s
        rng = np.random.default_rng(SEED)
        dense = np.argsort(made["Lägesbild"].ravel())[-100:]
        checked = np.union1d(dense, rng.choice(len(centres), N_CHECKED - 100, replace=False))
        exact = direct(points, centres[checked], kernel)
        for name, seconds in times.items():
            error = np.abs(made[name].ravel()[checked] - exact).max() / exact.max()
            print(
                f"{kernel:9} {name:24} {seconds:7.3f} s  {seconds / base:6.2f} × ours  "
                f"error {error:.1e} of the peak"
            )
    seconds = sklearn_seconds(points, centres, full=arguments.full)
    how = "" if arguments.full else f" (scaled up from {N_SAMPLE:,} cells)"
    print(
        f"gaussian  scikit-learn {version('scikit-learn')}, rtol 1e-4 {seconds:7.1f} s  "
        f"{seconds / gaussian_s:6.0f} × ours{how}"
    )


if __name__ == "__main__":
    main()
