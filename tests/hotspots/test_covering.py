"""Maximal covering: never worse than trying everything, often better than greed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hotspots import covering, lagrange
from hotspots.covering import max_cover
from hotspots.lagrange import Priced, price


def solve(reach: np.ndarray, weight: np.ndarray, k: int, cost: np.ndarray | None = None):
    candidate, demand = np.nonzero(reach)
    cost = np.zeros(len(reach)) if cost is None else cost
    return max_cover(candidate, demand, weight, cost, k, time_limit_s=60)


@given(
    n=st.integers(1, 9),
    m=st.integers(1, 14),
    k=st.integers(1, 4),
    density=st.sampled_from([0.1, 0.3, 0.6]),
    seed=st.integers(0, 10_000),
)
def test_equals_trying_everything(n, m, k, density, seed) -> None:
    rng = np.random.default_rng(seed)
    reach = rng.random((n, m)) < density
    weight = rng.integers(1, 10, m)
    cover = solve(reach, weight, k, rng.random(n))
    best = max(weight[reach[list(c)].any(axis=0)].sum() for c in combinations(range(n), min(k, n)))
    assert cover.covered == best == cover.bound
    assert cover.status == "optimal"
    assert cover.gap == 0
    assert len(cover.chosen) <= k
    assert weight[reach[cover.chosen].any(axis=0)].sum() == cover.covered
    assert cover.added.sum() == cover.covered
    assert (cover.added > 0).all()
    assert (np.diff(cover.added) <= 0).all()


def test_better_than_greed() -> None:
    # greed takes the middle one (8) and then only 4 more; the two at the sides reach 14
    reach = np.array([[1, 1, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1]], dtype=bool)
    weight = np.array([3, 4, 1, 1, 4, 3])
    cover = solve(reach, weight, 2)
    assert sorted(cover.chosen.tolist()) == [0, 2]
    assert cover.covered == 14


def test_candidates_that_reach_the_same_are_told_apart_by_cost_then_order() -> None:
    reach = np.ones((3, 2), dtype=bool)
    weight = np.array([1, 2])
    assert solve(reach, weight, 1, np.array([5.0, 3.0, 3.0])).chosen.tolist() == [1]
    assert solve(reach, weight, 1, np.array([5.0, 5.0, 5.0])).chosen.tolist() == [0]


def test_more_than_needed_leaves_out_those_that_add_nothing() -> None:
    cover = solve(np.eye(3, dtype=bool), np.array([1, 3, 2]), 50)
    assert cover.chosen.tolist() == [1, 2, 0]
    assert cover.added.tolist() == [3, 2, 1]
    same = solve(np.ones((4, 3), dtype=bool), np.array([1, 1, 1]), 3)
    assert same.chosen.tolist() == [0]


def test_nothing_within_reach() -> None:
    cover = solve(np.zeros((3, 2), dtype=bool), np.array([1, 1]), 2)
    assert (cover.covered, cover.bound, cover.status, cover.gap) == (0, 0, "optimal", 0)
    assert len(cover.chosen) == 0


def test_the_gap_is_told_when_the_proof_is_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    real = covering.milp

    def out_of_time(*args, **kwargs):
        result = real(*args, **kwargs)
        result.x = None
        result.mip_dual_bound = -20.4
        return result

    def no_better(matrix, weight, k, least):
        return Priced(float(weight.sum()), np.ones(matrix.shape[0], dtype=bool))

    monkeypatch.setattr(covering, "milp", out_of_time)
    monkeypatch.setattr(covering, "price", no_better)
    reach = np.array([[1, 1, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1]], dtype=bool)
    cover = solve(reach, np.array([3, 4, 1, 1, 4, 3]), 2)
    assert cover.status == "time_limit"
    assert cover.covered == 14  # greed, then one changed for a better one
    assert cover.bound == 16  # never more than all there is
    assert cover.gap == pytest.approx(2 / 16)


@given(
    n=st.integers(3, 9),
    m=st.integers(1, 14),
    k=st.integers(1, 2),
    density=st.sampled_from([0.1, 0.3, 0.6]),
    seed=st.integers(0, 10_000),
)
def test_the_price_bounds_every_choice_and_leaves_every_best_one(n, m, k, density, seed) -> None:
    few = lagrange.FEW
    lagrange.FEW = 0  # so that small cases are priced too
    try:
        _check_price(n, m, k, density, seed)
    finally:
        lagrange.FEW = few


def _check_price(n, m, k, density, seed) -> None:
    rng = np.random.default_rng(seed)
    reach = rng.random((n, m)) < density
    weight = rng.integers(1, 10, m)
    worth = {c: int(weight[reach[list(c)].any(axis=0)].sum()) for c in combinations(range(n), k)}
    best = max(worth.values())
    priced = price(csr_array(reach.astype(np.int64)), weight, k, best)
    assert priced.bound >= best - 1e-6
    for choice, total in worth.items():
        if total == best:
            assert priced.able[list(choice)].all()


def test_larger_case_beats_greed_and_is_proven() -> None:
    rng = np.random.default_rng(4)
    sites, events = rng.uniform(0, 800, (150, 2)), rng.uniform(0, 800, (600, 2))
    reach = np.hypot(*(sites[:, None] - events).transpose(2, 0, 1)) <= 75
    weight = rng.integers(1, 6, 600)
    cover = solve(reach, weight, 12)
    left, greedy = weight.copy(), 0
    for _ in range(12):
        gain = reach @ left
        greedy += gain.max()
        left[reach[gain.argmax()]] = 0
    assert cover.covered > greedy
    assert cover.status == "optimal"
