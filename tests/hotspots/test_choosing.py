"""Choosing camera sites: never worse than trying everything, within every limit."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geodata.errors import SettingsError
from hotspots.choosing import ChoiceOptions, Limit, choose, frontier
from hotspots.choosing import bounds as bounds_module

STEPS = 4


def world(seed: int, n: int = 8, m: int = 9):
    """Return shares in quarters, weights and costs of n candidates on n/2 points or so."""
    rng = np.random.default_rng(seed)
    gain = (
        rng.integers(0, STEPS + 1, (n, m)) * (rng.random((n, m)) < rng.choice([0.3, 0.7])) / STEPS
    )
    costs = pd.DataFrame(
        {
            "candidate_id": [f"C{i:02d}" for i in range(n)],
            "point_id": [f"P{p}" for p in rng.integers(0, max(2, (2 * n) // 3), n)],
            "private_yard_m2": rng.integers(0, 6, n).astype(float),
            "area_m2": rng.integers(1, 9, n) / 10,
            "n_sensitive": rng.integers(0, 3, n).astype(float),
        }
    )
    return gain, rng.integers(0, 9, m), costs


def options(k: int, *limits: Limit, **other) -> ChoiceOptions:
    return ChoiceOptions(n_cameras=k, limits=limits, steps=STEPS, **other)


def worth(gain, weight, rows, base) -> float:
    best = np.maximum(base, gain[list(rows)].max(axis=0, initial=0))
    return float((best - base) @ weight)


def allowed(costs, rows, k, limits, pinned=()) -> bool:
    part = costs.iloc[list(rows)]
    return (
        len(rows) <= k
        and part["point_id"].is_unique
        and set(pinned) <= set(part["candidate_id"])
        and all(limit.each is None or (part[limit.cost] <= limit.each).all() for limit in limits)
        and all(
            limit.total is None or part[limit.cost].sum() <= limit.total + 1e-9 for limit in limits
        )
    )


def every(costs, k, limits, pinned=()):
    for size in range(k + 1):
        for rows in combinations(range(len(costs)), size):
            if allowed(costs, rows, k, limits, pinned):
                yield rows


def attempt(gain, weight, costs, asked_for, asked):
    try:
        return choose(csr_array(gain), weight, costs, asked_for, **asked), None
    except SettingsError as error:
        return None, error.faults[0].code


LIMITS = st.sampled_from(
    [
        (),
        (Limit(cost="n_sensitive", each=1.0),),
        (Limit(cost="private_yard_m2", each=4.0, total=6.0), Limit(cost="area_m2", total=1.3)),
        (Limit(cost="private_yard_m2", total=3.0), Limit(cost="n_sensitive", each=1.0, total=2.0)),
    ]
)


@pytest.fixture(autouse=True)
def _priced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds_module, "FEW", 0)  # so that small cases are priced too


@settings(deadline=None)
@given(seed=st.integers(0, 100_000), k=st.integers(1, 4), limits=LIMITS, more=st.integers(0, 3))
def test_equals_trying_everything(seed, k, limits, more) -> None:
    gain, weight, costs = world(seed)
    rng = np.random.default_rng(seed)
    existing = gain[rng.integers(0, 8, more)] if more == 1 else np.zeros((0, 9))
    base = existing.max(axis=0, initial=0)
    pinned = ["C03"] if more == 2 else []
    forbidden = ["C01", "C05"] if more == 3 else []
    rows_of = [
        rows
        for rows in every(costs, k, limits, pinned)
        if not set(forbidden) & set(costs["candidate_id"].iloc[list(rows)])
    ]
    yard = costs["private_yard_m2"].to_numpy()
    best = max(
        ((worth(gain, weight, rows, base), -yard[list(rows)].sum()) for rows in rows_of),
        default=(0.0, 0.0),
    )
    asked = {
        "existing": csr_array(existing) if more == 1 else None,
        "pinned": pinned,
        "forbidden": forbidden,
    }
    choice, fault = attempt(gain, weight, costs, options(k, *limits), asked)
    if choice is None:
        assert best[0] == 0
        assert fault == ("pinned_beyond_limit" if not rows_of else "limits_too_tight")
        return
    rows = choice.rows
    assert choice.status in ("optimal", "nothing_to_propose")
    assert choice.covered == pytest.approx(best[0])
    assert choice.bound == pytest.approx(best[0])
    assert choice.sites["private_yard_m2"].sum() == pytest.approx(-best[1])
    assert allowed(costs, rows, k, limits, pinned)
    assert choice.covered == pytest.approx(worth(gain, weight, rows, base))
    assert choice.sites["events_added"].sum() == pytest.approx(choice.covered)
    assert choice.greedy <= choice.covered
    assert not set(forbidden) & set(choice.sites["candidate_id"])


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 100_000), k=st.integers(1, 4), limits=LIMITS)
def test_the_frontier_is_every_efficient_choice_and_no_other(seed, k, limits) -> None:
    gain, weight, costs = world(seed)
    base = np.zeros(9)
    pairs = {
        (costs.iloc[list(rows)]["private_yard_m2"].sum(), worth(gain, weight, rows, base))
        for rows in every(costs, k, limits)
    }
    best = sorted(
        (cost, value)
        for cost, value in pairs
        if not any(c <= cost and v >= value and (c, v) != (cost, value) for c, v in pairs)
    )
    try:
        found = frontier(csr_array(gain), weight, costs, options(k, *limits, frontier_points=200))
    except SettingsError:
        return
    assert found.complete
    assert found.points["proven"].all()
    got = list(zip(found.points["cost"], found.points["events_added"], strict=True))
    assert got == [(pytest.approx(c), pytest.approx(v)) for c, v in best]
    for number, one in found.sites.groupby("point"):
        row = found.points.set_index("point").loc[number]
        assert allowed(costs, one["row"], k, limits)
        assert worth(gain, weight, one["row"], base) == pytest.approx(row["events_added"])
