"""Hit rates, their prior and interval; fairness beside chance; drift between need and searching."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from scipy.stats import beta, betabinom

from geodata import schema
from geodata.search_tables import SEARCHES
from hotspots.searchneed.drift import expected_shares, likelihood_test
from hotspots.searchneed.fairness import Fairness, chance_interval, weigh_fairness
from hotspots.searchneed.learning import (
    MOST_PRECISION,
    done_searches,
    hit_factors,
    hit_rates,
    posterior,
    prior_of,
)
from hotspots.searchneed.options import NeedOptions
from tests.hotspots.test_searchneed import TODAY, entrances, reports, results, weigh

WEEKS = [str(day.date()) for day in pd.date_range("2024-07-01", periods=26, freq="7D")]


def fairness(table: pd.DataFrame, found: pd.DataFrame, **changes: Any) -> Fairness:
    settings = {"on": TODAY, "share_by_need": 0.5, "drift_days": 180, "seed": 1} | changes
    return weigh_fairness(table, found, **settings)


def test_posterior_by_hand() -> None:
    rate, low, high = posterior(np.array([3.0]), np.array([10.0]), 1.0, 4.0)
    assert rate[0] == pytest.approx(4 / 15)
    assert_allclose([low[0], high[0]], beta(4, 11).ppf([0.025, 0.975]))


def test_prior_has_the_largest_likelihood() -> None:
    finds, searches = np.array([9.0, 0, 1, 0, 5]), np.array([20.0, 18, 25, 30, 12])
    a, b = prior_of(finds, searches)
    mean = (15 + 0.5) / (105 + 1)
    assert a / (a + b) == pytest.approx(mean)

    def likelihood(precision: float) -> float:
        return float(
            betabinom(searches, mean * precision, (1 - mean) * precision).logpmf(finds).sum()
        )

    best = max(np.geomspace(1, 1e4, 4000), key=likelihood)
    assert a + b == pytest.approx(best, rel=0.01)


def test_groups_that_do_not_differ_are_drawn_together() -> None:
    a, b = prior_of(np.full(6, 2.0), np.full(6, 20.0))
    assert a + b > MOST_PRECISION / 2
    rate, _low, _high = posterior(np.array([2.0, 0]), np.array([20.0, 0]), a, b)
    assert rate[0] == pytest.approx(rate[1], rel=0.01)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8),
)
def test_rates_lie_between_own_and_all(groups: list[tuple[int, int]]) -> None:
    searches = np.array([max(pair) for pair in groups], dtype=float)
    finds = np.array([min(pair) for pair in groups], dtype=float)
    a, b = prior_of(finds, searches)
    rate, low, high = posterior(finds, searches, a, b)
    assert ((low <= rate) & (rate <= high)).all()
    for r, k, n in zip(rate, finds, searches, strict=True):
        if n:
            ends = sorted([k / n, a / (a + b)])
            assert ends[0] - 1e-9 <= r <= ends[1] + 1e-9


def test_hit_rates_count_by_area_and_space() -> None:
    register = entrances(3, area_id=["hageby", "hageby", None])
    found = results(
        ("E0", "stairwell", WEEKS[0], "find"),
        ("E0", "attic", WEEKS[0], "no_alert"),
        ("E1", "stairwell", WEEKS[1], "alert"),
        ("E1", "attic", WEEKS[1], "not_done"),
        ("E2", "attic", WEEKS[1], "no_alert"),
    )
    hits = hit_rates(done_searches(found, register))
    assert len(hits) == 1 + 2 + 2 + 3
    whole = hits.iloc[0]
    assert (whole["n_searches"], whole["n_alerts"], whole["n_finds"]) == (4, 1, 1)
    assert whole["rate"] == pytest.approx(1.5 / 5)
    rows = hits[hits["level"] == "area_space"]
    numbers = {
        (area if isinstance(area, str) else None, space): n
        for area, space, n in zip(rows["area_id"], rows["space"], rows["n_searches"], strict=True)
    }
    assert numbers == {(None, "attic"): 1, ("hageby", "stairwell"): 2, ("hageby", "attic"): 1}


def test_unknown_entrances_teach_nothing() -> None:
    found = results(("E0", "attic", WEEKS[0], "find"), ("X", "attic", WEEKS[0], "find"))
    found["known"] = [True, False]
    assert done_searches(found, entrances(1))["entrance_id"].tolist() == ["E0"]


def test_hit_rate_raises_need_within_its_limit() -> None:
    register = entrances(4, area_id=["a", "a", "b", "b"])
    rows = [(f"E{i % 4}", "stairwell", WEEKS[i // 4], "no_alert") for i in range(80)]
    rows = [
        (e, s, w, "find" if e in ("E0", "E1") and i % 3 else r)
        for i, (e, s, w, r) in enumerate(rows)
    ]
    hits = hit_rates(done_searches(results(*rows), register))
    for most in (1.0, 1.2, 3.0):
        factor = hit_factors(register, hits, most)
        assert factor.max() <= most
        assert factor.min() >= 1 / most
        assert factor[0] == factor[1] >= 1 >= factor[2] == factor[3]
    need = weigh(register, reports(x=[0, 500, 1000, 1500] * 2), results(*rows), points_find=0)
    assert need.table["need"][0] > need.table["need"][2]
    assert_allclose(
        need.table["need_reports"], need.table["reports_expected"] * need.table["hit_factor"]
    )


def test_nothing_known_changes_nothing() -> None:
    register = entrances(2)
    hits = hit_rates(done_searches(results(), register))
    assert hits.empty
    assert hit_factors(register, hits, 1.5).tolist() == [1, 1]


def test_results_after_the_day_are_not_known() -> None:
    later = results(("E0", "stairwell", "2025-01-06", "find"))
    assert weigh(entrances(1), reports(x=[0]), later).table["n_searches"].tolist() == [0]


def test_chance_against_drawing() -> None:
    rng = np.random.default_rng(4)
    weekly = np.array([3, 5, 5, 2, 4])
    drawn = rng.hypergeometric(7, 13, np.broadcast_to(weekly, (20_000, 5))).sum(axis=1)
    low, mean, high = chance_interval(weekly, 7, 20)
    assert mean == pytest.approx(drawn.mean(), rel=0.02)
    assert low == np.quantile(drawn, 0.025)
    assert high == np.quantile(drawn, 0.975)


def test_chance_at_its_edges() -> None:
    assert chance_interval(np.array([4, 4]), 10, 10) == (8, 8, 8)
    assert chance_interval(np.array([4, 4]), 0, 10) == (0, 0, 0)
    assert chance_interval(np.array([], dtype=np.int64), 5, 10) == (0, 0, 0)


def test_fairness_by_hand() -> None:
    register = entrances(
        4,
        owner=["Ett AB", "Ett AB", "Två AB", None],
        area_id=["a", "a", "b", "b"],
        consent=["valid", "none", "valid", "none"],
    )
    found = results(
        ("E0", "stairwell", WEEKS[0], "find"),
        ("E0", "attic", WEEKS[0], "no_alert"),
        ("E1", "stairwell", WEEKS[1], "no_alert"),
        ("E1", "stairwell", WEEKS[2], "not_done"),
    )
    need = weigh(register, reports(x=[0, 1000]), found).table
    told = fairness(need, found)
    table = told.table
    owners = table[table["by"] == "owner"]
    assert owners["group"].fillna("?").tolist() == ["Ett AB", "Två AB", "?"]
    assert owners["n_entrances"].tolist() == [2, 1, 1]
    assert owners["n_eligible"].tolist() == [2, 1, 0]
    assert owners["n_searched"].tolist() == [2, 0, 0]
    assert_allclose(owners["per_100"], [100, 0, 0])
    assert owners["search_share"].tolist() == [1, 0, 0]
    assert owners["n_space_searches"].tolist() == [3, 0, 0]
    assert owners["n_finds"].tolist() == [1, 0, 0]
    assert_allclose(owners["chance_mean"], [2 * 2 / 3, 2 / 3, 0])
    assert_allclose(table.groupby("by", observed=True)["need_share"].sum(), 1)
    assert told.drifts == ()
    schema.check(table, "search_fairness", tables=SEARCHES)


def searched(share_of_first: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 40 entrances of two owners with equal need, and searches of half a year."""
    register = entrances(40, owner=["Ett AB"] * 20 + ["Två AB"] * 20)
    rng = np.random.default_rng(9)
    rows = []
    for week in WEEKS:
        first = rng.random(8) < share_of_first
        places = np.where(first, rng.permutation(20)[:8], 20 + rng.permutation(20)[:8])
        rows += [(f"E{i}", "stairwell", week, "no_alert") for i in places.tolist()]
    found = results(*rows)
    return weigh(register, reports(x=[500.0 * i for i in range(40)]), found).table, found


def test_searching_as_it_should_is_not_drift() -> None:
    told = fairness(*searched(0.5))
    assert not any(drift.drifted for drift in told.drifts)
    assert [n.code for n in told.notices] == ["search_fairness"]


def test_drift_is_told_with_its_groups() -> None:
    told = fairness(*searched(0.8))
    owner = next(drift for drift in told.drifts if drift.by == "owner")
    assert owner.drifted
    assert (owner.most, owner.least) == ("Ett AB", "Två AB")
    assert owner.apart == pytest.approx(0.3, abs=0.08)
    notice = next(n for n in told.notices if n.code == "search_drift")
    assert "Ett AB" in notice.text
    table = told.table[told.table["by"] == "owner"]
    assert table["outside"].tolist() == [True, True]


def test_old_searches_are_no_drift() -> None:
    table, found = searched(0.8)
    assert fairness(table, found, on=date(2026, 6, 1)).drifts == ()


def test_searching_that_ignores_need_is_drift() -> None:
    register = entrances(40, area_id=["a"] * 20 + ["b"] * 20)
    rows = [
        (f"E{(i * 7 + j * 5) % 40}", "stairwell", w, "no_alert")
        for i, w in enumerate(WEEKS)
        for j in range(8)
    ]
    found = results(*rows)
    busy = reports(x=[500.0 * (i % 20) for i in range(200)])
    need = weigh(register, busy, found, neighbourhood_dwellings=1.0).table
    told = {drift.by: drift for drift in fairness(need, found).drifts}
    assert told["area"].drifted
    assert told["area"].least == "a"
    lots = {drift.by: drift for drift in fairness(need, found, share_by_need=0.0).drifts}
    assert not lots["area"].drifted


def test_shares_due() -> None:
    due = expected_shares(np.array([3.0, 1.0]), np.array([10.0, 30.0]), 0.5)
    assert_allclose(due, [0.5 * 0.75 + 0.5 * 0.25, 0.5 * 0.25 + 0.5 * 0.75])
    assert_allclose(expected_shares(np.zeros(2), np.array([1.0, 3.0]), 0.5), [0.25, 0.75])


def test_p_values_are_even_under_the_null() -> None:
    rng = np.random.default_rng(3)
    due = np.array([0.5, 0.3, 0.2])
    streams = np.random.SeedSequence(8).spawn(200)
    found = [
        likelihood_test(rng.multinomial(80, due).astype(float), due, stream)[1]
        for stream in streams
    ]
    assert 0.4 < np.mean(found) < 0.62
    assert np.mean(np.array(found) < 0.05) < 0.1


def test_seed_and_order_of_rows() -> None:
    table, found = searched(0.65)
    one = fairness(table, found)
    again = fairness(table, found.iloc[::-1])
    assert_frame_equal(one.table, again.table)
    assert one.drifts == again.drifts


def test_no_results() -> None:
    need = weigh(entrances(2, owner=["A", "B"]), reports(x=[0])).table
    told = fairness(need, results())
    assert told.notices == ()
    assert not told.table["outside"].any()
    assert told.table["rate"].isna().all()


def test_drift_days_is_a_setting() -> None:
    assert NeedOptions().drift_days == 180
