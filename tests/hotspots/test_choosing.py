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
from hotspots.choosing import bounds as bounds_module
from hotspots.choosing import solver
from hotspots.choosing.choice import choose
from hotspots.choosing.frontier import frontier
from hotspots.choosing.options import ChoiceOptions, Limit

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
    rows = list(rows)
    point = costs["point_id"].to_numpy()[rows].tolist()
    held = {limit.cost: costs[limit.cost].to_numpy()[rows] for limit in limits}
    return (
        len(rows) <= k
        and len(set(point)) == len(point)
        and set(pinned) <= set(costs["candidate_id"].to_numpy()[rows].tolist())
        and all(limit.each is None or (held[limit.cost] <= limit.each).all() for limit in limits)
        and all(
            limit.total is None or held[limit.cost].sum() <= limit.total + 1e-9 for limit in limits
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


@settings(deadline=None, max_examples=40)
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
    assert costs["private_yard_m2"].iloc[rows].sum() == pytest.approx(-best[1])
    assert allowed(costs, rows, k, limits, pinned)
    assert choice.covered == pytest.approx(worth(gain, weight, rows, base))
    assert choice.sites["events_added"].sum() == pytest.approx(choice.covered)
    assert choice.greedy <= choice.covered
    assert not set(forbidden) & set(choice.sites["candidate_id"])


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 100_000), k=st.integers(1, 4), limits=LIMITS)
def test_the_frontier_is_every_efficient_choice_and_no_other(seed, k, limits) -> None:
    gain, weight, costs = world(seed)
    base = np.zeros(9)
    pairs = {
        (costs["private_yard_m2"].to_numpy()[list(rows)].sum(), worth(gain, weight, rows, base))
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
    asked = options(k, *limits, frontier_points=200)
    first = choose(csr_array(gain), weight, costs, asked).first
    again = frontier(csr_array(gain), weight, costs, asked, first=first)
    pd.testing.assert_frame_equal(again.points, found.points)
    pd.testing.assert_frame_equal(again.sites, found.sites)


def small(n: int = 6, seed: int = 3):
    gain, weight, costs = world(seed, n=n)
    return csr_array(gain), weight, costs


def test_more_cameras_than_candidates() -> None:
    gain, weight, costs = small()
    choice = choose(gain, weight, costs, options(50))
    assert choice.status == "optimal"
    assert len(choice.sites) <= costs["point_id"].nunique()
    assert "fewer_cameras" in {notice.code for notice in choice.notices}


def test_limits_that_nothing_satisfies_say_which_and_by_how_much() -> None:
    gain, weight, costs = small()
    costs["private_yard_m2"] += 10.0
    limits = (Limit(cost="private_yard_m2", each=7.5), Limit(cost="n_sensitive", each=5.0))
    least = costs["private_yard_m2"][np.asarray(gain.sum(axis=1)).ravel() > 0].min()
    with pytest.raises(SettingsError) as error:
        choose(gain, weight, costs, options(3, *limits))
    (fault,) = error.value.faults
    assert fault.code == "limits_too_tight"
    assert f"det minsta någon plats klarar är {least:.0f} m²" in fault.why
    assert f"{least - 7.5:.1f} m² över".replace(".", ",") in fault.why
    assert "känsliga" not in fault.why


def test_a_limit_whose_layer_is_missing_is_told_not_taken_as_kept() -> None:
    gain, weight, costs = small()
    costs["n_sensitive"] = pd.NA
    choice = choose(gain, weight, costs, options(2, Limit(cost="n_sensitive", each=0.0)))
    assert "ej kontrollerad" in choice.notices[0].text
    assert choice.notices[0].level == "warning"


def test_what_is_not_a_cost_is_never_read() -> None:
    gain, weight, costs = small()
    one = choose(gain, weight, costs, options(3))
    other = choose(gain, weight, costs.assign(share_born_abroad=[9, 1, 8, 2, 7, 3]), options(3))
    pd.testing.assert_frame_equal(one.sites, other.sites)
    pd.testing.assert_frame_equal(one.considered, other.considered)


def test_independent_of_the_order_of_candidates_and_places() -> None:
    gain, weight, costs = world(5)
    one = choose(csr_array(gain), weight, costs, options(3))
    rng = np.random.default_rng(2)
    rows, columns = rng.permutation(len(gain)), rng.permutation(len(weight))
    moved = costs.iloc[rows].reset_index(drop=True)
    other = choose(csr_array(gain[np.ix_(rows, columns)]), weight[columns], moved, options(3))
    columns_shown = ["rank", "candidate_id", "events_seen", "events_added"]
    pd.testing.assert_frame_equal(one.sites[columns_shown], other.sites[columns_shown])


@pytest.mark.parametrize(
    ("pinned", "forbidden", "code"),
    [
        (["X"], [], "pinned_unknown"),
        (["C01"], ["C01"], "pinned_forbidden"),
        (["C00", "C01", "C02", "C03"], [], "pinned_too_many"),
    ],
)
def test_decisions_that_contradict(pinned, forbidden, code) -> None:
    gain, weight, costs = small()
    with pytest.raises(SettingsError) as error:
        choose(gain, weight, costs, options(3), pinned=pinned, forbidden=forbidden)
    assert code in {fault.code for fault in error.value.faults}


def test_no_candidates() -> None:
    _gain, weight, costs = small()
    choice = choose(csr_array((0, len(weight))), weight, costs.iloc[:0], options(3))
    assert choice.status == "nothing_to_propose"
    assert choice.covered == choice.bound == 0


def test_the_gap_is_told_when_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gain, weight, costs = world(11, n=14, m=40)
    true = choose(csr_array(gain), weight, costs, options(4))
    real = solver.milp

    def out_of_time(*args, **kwargs):
        result = real(*args, **kwargs)
        result.x, result.mip_dual_bound, result.status = None, None, 1
        return result

    monkeypatch.setattr(solver, "milp", out_of_time)
    monkeypatch.setattr(solver, "relax", lambda kernel: (np.inf, np.full(kernel.n, np.inf)))
    choice = choose(csr_array(gain), weight, costs, options(4))
    assert choice.status == "time_limit"
    assert choice.covered <= true.covered <= choice.bound
    assert choice.gap == pytest.approx((choice.bound - choice.covered) / choice.bound)
    assert "Tiden tog slut" in choice.notices[-1].text
