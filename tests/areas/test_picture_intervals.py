"""Exact intervals, empirical Bayes and ISO weeks against known answers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from areas.picture.intervals import poisson_limits, rate_ratio, share_limits
from areas.picture.shrink import Prior, fit_prior, shrink
from areas.picture.weeks import iso, last_complete, monday, mondays, same_week_last_year


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.3640, 121.6268)],
)
def test_poisson_limits_are_garwoods(n: int, low: float, high: float) -> None:
    found = poisson_limits(n)
    assert [float(v) for v in found] == pytest.approx([low, high], abs=1e-4)


@given(st.floats(0.2, 60))
def test_poisson_limits_cover_what_they_say(mean: float) -> None:
    n = np.arange(0, 400)
    low, high = poisson_limits(n)
    inside = (low <= mean) & (mean <= high)
    assert stats.poisson.pmf(n, mean)[inside].sum() >= 0.95 - 1e-9


def test_rate_ratio_is_the_exact_binomial() -> None:
    ratio, low, high = rate_ratio(20, 10.0, 10, 10.0)
    test = stats.binomtest(20, 30).proportion_ci(0.95, method="exact")
    assert float(ratio) == 2.0
    assert float(low) == pytest.approx(test.low / (1 - test.low))
    assert float(high) == pytest.approx(test.high / (1 - test.high))


@pytest.mark.parametrize(
    ("n", "e", "m", "f"), [(0, 1.0, 0, 1.0), (3, 0.0, 2, 1.0), (3, np.nan, 2, 1.0), (3, 1.0, 2, -1)]
)
def test_rate_ratio_that_cant_be_told_is_missing(n: int, e: float, m: int, f: float) -> None:
    assert np.isnan(rate_ratio(n, e, m, f)).all()


def test_rate_ratio_against_none_has_only_a_lower_limit() -> None:
    ratio, low, high = rate_ratio(8, 1.0, 0, 1.0)
    assert np.isnan(ratio)
    assert np.isnan(high)
    assert float(low) > 1


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.1, 9), st.floats(0.1, 9))
def test_rate_ratio_turned_round_is_its_inverse(n: int, m: int, e: float, f: float) -> None:
    ratio, low, high = rate_ratio(n, e, m, f)
    other, other_low, other_high = rate_ratio(m, f, n, e)
    if n and m:
        assert float(ratio * other) == pytest.approx(1)
        assert float(low * other_high) == pytest.approx(1)
        assert float(high * other_low) == pytest.approx(1)
        assert low < ratio < high


def test_share_limits_are_clopper_pearsons() -> None:
    share, low, high = share_limits([0, 7, 20, 0], [20, 20, 20, 0])
    exact = [stats.binomtest(k, 20).proportion_ci(0.95, method="exact") for k in (0, 7, 20)]
    assert low[:3] == pytest.approx([e.low for e in exact])
    assert high[:3] == pytest.approx([e.high for e in exact])
    assert share[1] == 0.35
    assert np.isnan([share[3], low[3], high[3]]).all()


def test_prior_has_marshalls_moments() -> None:
    n, size = np.array([2.0, 9, 4, 20, 1, 12]), np.array([1.0, 2, 1, 3, 1, 2])
    prior = fit_prior(n, size)
    assert prior is not None
    mean = 48 / 10
    spread = sum(e * (k / e - mean) ** 2 for k, e in zip(n, size, strict=True)) / 10
    assert prior.mean == pytest.approx(mean)
    assert prior.variance == pytest.approx(spread - mean / (10 / 6))


def test_no_prior_from_few_areas_or_no_events() -> None:
    assert fit_prior(np.ones(4), np.ones(4)) is None
    assert fit_prior(np.zeros(9), np.ones(9)) is None
    assert fit_prior(np.ones(9), np.full(9, np.nan)) is None


def test_large_areas_keep_their_rate_and_small_ones_take_the_common() -> None:
    prior = Prior(mean=5.0, variance=4.0, n=500, exposure=100)
    n, size = np.array([90_000.0, 0.0]), np.array([10_000.0, 1e-9])
    rate, low, high = shrink(n, size, prior)
    assert rate == pytest.approx([9.0, 5.0], rel=1e-3)
    assert (low < rate).all()
    assert (rate < high).all()


@given(st.integers(0, 60), st.floats(0.05, 30), st.floats(0.1, 20), st.floats(0.01, 50))
def test_shrunk_rate_lies_between_own_and_common(
    n: int, size: float, mean: float, variance: float
) -> None:
    rate, _low, _high = shrink(
        np.array([float(n)]), np.array([size]), Prior(mean, variance, 100, 100 / mean)
    )
    own = n / size
    assert min(own, mean) - 1e-9 <= rate[0] <= max(own, mean) + 1e-9


def test_areas_that_dont_differ_all_take_the_common_rate() -> None:
    n, size = np.full(8, 5.0), np.full(8, 2.0)
    prior = fit_prior(n, size)
    assert prior is not None
    assert prior.variance == 0
    rate, low, high = shrink(np.array([0.0, 3.0]), np.array([1.0, np.nan]), prior)
    assert rate[0] == 2.5
    assert low[0] < 2.5 < high[0]
    assert np.isnan([rate[1], low[1], high[1]]).all()


def test_week_53_is_held_against_the_week_364_days_before() -> None:
    start = date.fromisocalendar(2020, 53, 1)
    assert same_week_last_year(start) == date(2019, 12, 30) == start - timedelta(364)
    assert same_week_last_year(date.fromisocalendar(2021, 10, 1)) == date.fromisocalendar(
        2020, 10, 1
    )
    assert same_week_last_year(date.fromisocalendar(2021, 52, 1)).isocalendar()[:2] == (2020, 52)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_weeks_are_those_of_the_calendar(day: date) -> None:
    start = mondays(np.array([day], dtype="datetime64[D]"))
    year, week = iso(start)
    assert (int(year[0]), int(week[0])) == day.isocalendar()[:2]
    assert start[0].astype(object) == monday(day)
    last = last_complete(day)
    assert last.weekday() == 0
    assert last + timedelta(6) <= day < last + timedelta(13)
