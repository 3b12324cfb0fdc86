"""Choosing camera sites beside spopt's `MCLP` and HiGHS on the whole model; the frontier.

Run ``python -m scripts.benchmarks.covering``; spopt needn't be there, its absence is told. Radius
75 m, 10 cameras. The sparse town: 2,000 sites and 10,000 events on a 20 × 20 km plane. The small
one: as many along a street grid of 3 × 3 km (blocks of 100 m), 60 % of the events near 60 points of
very unequal weight. The dense one: 10,000 sites and 100,000 events on the same streets. HiGHS on
the whole model has events that the same sites reach merged, and stops at a gap of 0.1 %; ours goes
on to the proven optimum. All in one process, in turn; seconds are processor time. spopt takes more
than a minute: it is run once.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack
from scipy.spatial import cKDTree

from hotspots.choosing.choice import choose
from hotspots.choosing.frontier import frontier
from hotspots.choosing.options import ChoiceOptions
from hotspots.choosing.problem import merge

RADIUS_M = 75.0
CAMERAS = 10
GAP = 1e-3

Floats = NDArray[np.float64]
T = TypeVar("T")


def plane(n_sites: int, n_events: int) -> tuple[Floats, Floats]:
    """Return sites and events spread evenly over 20 × 20 km."""
    rng = np.random.default_rng(581)
    return rng.uniform(0, 20_000, (n_sites, 2)), rng.uniform(0, 20_000, (n_events, 2))


def town(n_sites: int, n_events: int) -> tuple[Floats, Floats]:
    """Return sites and events along the streets of a town."""
    rng = np.random.default_rng(581)
    side, block, clusters = 3000.0, 100.0, 60

    def street(m: int) -> Floats:
        way, fixed = rng.integers(0, 2, m), rng.integers(0, int(side / block) + 1, m) * block
        along = rng.uniform(0, side, m)
        points: Floats = np.where(
            way[:, None] == 0, np.column_stack([fixed, along]), np.column_stack([along, fixed])
        )
        return points

    sites, centres = street(n_sites), street(clusters)
    share = rng.pareto(1.2, clusters) + 0.2
    k = int(0.6 * n_events)
    which = rng.choice(clusters, k, p=share / share.sum())
    spread = rng.uniform(30, 120, clusters)[which, None]
    near = centres[which] + rng.normal(0, 1, (k, 2)) * spread
    grid = np.round(near / block) * block
    across = np.abs(near - grid)
    on_x = across[:, 0] < across[:, 1]
    near = np.where(np.column_stack([on_x, ~on_x]), grid, near)
    return np.round(sites, 1), np.round(np.concatenate([near, street(n_events - k)]))


def coverage(sites: Floats, events: Floats) -> tuple[csr_array, NDArray[np.int64]]:
    """Return sites × places (ones within the radius) and the events of each place."""
    places, weight = np.unique(events, axis=0, return_counts=True)
    near = cKDTree(sites).query_ball_tree(cKDTree(places), RADIUS_M)
    site = np.repeat(np.arange(len(sites)), [len(one) for one in near])
    place = np.concatenate([np.array(one, dtype=np.int64) for one in near])
    ones = np.ones(len(site), dtype=np.int64)
    shape = (len(sites), len(places))
    return csr_array((ones, (site, place)), shape=shape), weight.astype(np.int64)


def costs_of(n: int) -> pd.DataFrame:
    """Return candidates with a made-up area of private yard in view, 0–3,000 m²."""
    yard = np.random.default_rng(1).integers(0, 3000, n).astype(float)
    return pd.DataFrame({"candidate_id": [f"C{i:05d}" for i in range(n)], "private_yard_m2": yard})


def timed(work: Callable[[], T], runs: int = 1) -> tuple[T, float]:
    """Return the result and the least processor time of some runs, seconds."""
    best, answer = np.inf, None
    for _run in range(runs):
        begin = time.process_time()
        answer = work()
        best = min(best, time.process_time() - begin)
    assert answer is not None
    return answer, best


def by_spopt(sites: Floats, events: Floats) -> float:
    """Return the events that spopt's choice covers."""
    mclp: Any = importlib.import_module("spopt.locate").MCLP
    pulp: Any = importlib.import_module("pulp")
    apart = np.hypot(*(events[:, None] - sites).transpose(2, 0, 1))
    weight = np.ones(len(events))
    model = mclp.from_cost_matrix(apart, weight, RADIUS_M, p_facilities=CAMERAS)
    return float(model.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective.value())


def by_highs(reach: csr_array, weight: NDArray[np.int64]) -> tuple[float, float]:
    """Return what HiGHS covers on the whole model, and its bound."""
    merged, worth = merge(reach, weight)
    n, m = merged.shape
    budget = csr_array(np.concatenate([np.ones(n), np.zeros(m)])[None, :])
    result = milp(
        np.concatenate([np.zeros(n), -worth.astype(np.float64)]),
        integrality=(np.arange(n + m) < n).astype(np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            vstack([hstack([merged.T, -eye_array(m)]), budget], format="csc"),
            np.concatenate([np.zeros(m), [0.0]]),
            np.concatenate([np.full(m, np.inf), [float(CAMERAS)]]),
        ),
        options={"mip_rel_gap": GAP},
    )
    assert result.fun is not None
    assert result.mip_dual_bound is not None
    return -float(result.fun), -float(result.mip_dual_bound)


def main() -> None:
    """Print the figures."""
    options = ChoiceOptions(n_cameras=CAMERAS, limits=())
    sites, events = plane(2000, 10_000)
    reach, weight = coverage(sites, events)
    costs = costs_of(len(sites))
    choice, ours = timed(lambda: choose(reach, weight, costs, options), 5)
    print("10 of 2,000 sites, 10,000 events")
    print(f"  ours            {ours:9.3f} s  covers {choice.covered:,.0f} ({choice.status})")
    if importlib.util.find_spec("spopt"):
        value, theirs = timed(lambda: by_spopt(sites, events))
        assert value == choice.covered, "the objectives differ"
        print(f"  spopt {version('spopt'):10}{theirs:9.3f} s  covers {value:,.0f}")
        print(f"  ratio           {theirs / ours:9.0f}")
    else:
        print("  spopt is not installed")

    sites, events = town(2000, 10_000)
    reach, weight = coverage(sites, events)
    costs = costs_of(len(sites))
    choice, ours = timed(lambda: choose(reach, weight, costs, options), 5)
    found, points = timed(lambda: frontier(reach, weight, costs, options), 2)
    print("10 of 2,000 sites, 10,000 events in a town")
    print(f"  ours            {ours:9.3f} s  covers {choice.covered:,.0f} ({choice.status})")
    proven = int(found.points["proven"].sum())
    print(f"  frontier        {points:9.3f} s  {len(found.points)} points, {proven} proven")
    print(f"  in solves       {points / ours:9.1f}")

    sites, events = town(10_000, 100_000)
    reach, weight = coverage(sites, events)
    costs = costs_of(len(sites))
    choice, ours = timed(lambda: choose(reach, weight, costs, options), 3)
    print(f"10 of 10,000 sites, 100,000 events in a dense town ({reach.nnz:,} pairs)")
    print(f"  ours            {ours:9.3f} s  covers {choice.covered:,.0f}, gap {choice.gap:.2%}")
    print(f"  greed alone                  {choice.greedy_shortfall:.2%} short")
    found, points = timed(lambda: frontier(reach, weight, costs, options))
    proven = int(found.points["proven"].sum())
    print(f"  frontier        {points:9.3f} s  {len(found.points)} points, {proven} proven")
    print(f"  in solves       {points / ours:9.1f}")
    (value, top), whole = timed(lambda: by_highs(reach, weight))
    print(f"  HiGHS, whole    {whole:9.3f} s  covers {value:,.0f}, bound {top:,.0f}")
    print(f"  ratio           {whole / ours:9.0f}")


if __name__ == "__main__":
    main()
