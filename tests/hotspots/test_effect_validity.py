"""How often each method cries wolf when nothing happened, with events that come in bouts.

Seeded, so the shares are the same every time; the bounds are those of a binomial of the nominal
5 % with as many runs (99.9 %), or wide of it on the safe side.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspots.effect.diffindiff import diff_in_diff, dispersion_within
from hotspots.effect.evaluating import evaluate_measures
from hotspots.effect.options import EffectOptions
from hotspots.effect.timeseries import interrupted
from hotspots.effect.wdd import Change, wdd
from tests.hotspots.effect_town import COUNTED, measures, town

RUNS = 100
MOST = 0.12
"""Binomial with 100 runs and 5 %: 13 or more have a chance of 0.15 %."""


def panel(rng: np.random.Generator, *, dispersion: float, own_change: float, effect: float = 1.0):
    """Return counts of a treated place and five others over 13 + 13 blocks, with season."""
    level = 3.0 * rng.gamma(8, 1 / 8, 6)
    level[0] = 3.0
    season = 1 + 0.3 * np.cos(2 * np.pi * np.arange(26) / 13)
    change = np.where(np.arange(26) >= 13, np.exp(rng.normal(0, own_change, 6))[:, None], 1.0)
    mean = level[:, None] * season * change
    mean[0, 13:] *= effect
    if dispersion > 1:
        mean = rng.gamma(mean / (dispersion - 1), dispersion - 1)
    return rng.poisson(mean)


def shares(dispersion: float, own_change: float, effect: float = 1.0) -> dict[str, float]:
    rng = np.random.default_rng(581)
    said = {"did": 0, "plain": 0, "wide": 0}
    for _run in range(RUNS):
        counts = panel(rng, dispersion=dispersion, own_change=own_change, effect=effect)
        before, after = counts[:, :13].sum(axis=1), counts[:, 13:].sum(axis=1)
        control = Change(before[1:].sum(), after[1:].sum())
        treated, weights = Change(before[0], after[0]), (5.0, 1.0, 1.0, 1.0)
        spread = dispersion_within(counts, 13)
        said["did"] += diff_in_diff(counts, 13).certain
        said["plain"] += wdd(control, treated, area_weights=weights).total.certain
        wide = wdd(control, treated, area_weights=weights, dispersion=spread)
        said["wide"] += wide.total.certain
    return {name: n / RUNS for name, n in said.items()}


def test_events_one_by_one() -> None:
    found = shares(1.0, 0.0)
    assert max(found.values()) <= MOST


def test_events_in_bouts_fool_the_published_test_and_not_the_widened_ones() -> None:
    found = shares(2.5, 0.0)
    assert found["plain"] > 0.15  # why the interval is widened
    assert found["wide"] <= MOST
    assert found["did"] <= MOST


def test_places_that_each_change_by_themselves_are_allowed_for_by_the_regression() -> None:
    found = shares(1.0, 0.25)
    assert found["wide"] > MOST  # why the regression must agree
    assert found["did"] <= MOST


def test_an_effect_is_found_more_often_than_chance() -> None:
    found = shares(1.0, 0.0, effect=0.4)
    assert found["did"] > 0.6
    assert found["wide"] > 0.6


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_the_series_alone(dispersion: float) -> None:
    rng = np.random.default_rng(582)
    said = 0
    days = np.full(39 + 13, 28)
    middle = np.cumsum(days) - 14
    for _run in range(RUNS):
        mean = 4 * (1 + 0.4 * np.cos(2 * np.pi * middle / 365.25)) * np.exp(-0.1 * middle / 365.25)
        if dispersion > 1:
            mean = rng.gamma(mean / (dispersion - 1), dispersion - 1)
        said += interrupted(rng.poisson(mean), days, 39).ratio.certain
    assert said / RUNS <= MOST


def test_whole_way_from_events_to_verdict() -> None:
    """Control places chosen by the events themselves, verdict of all variants and methods."""
    rng = np.random.default_rng(583)
    runs, said = 20, 0
    for _run in range(runs):
        events = town(rng, a_year=40.0, bout=1.8, n_side=4)
        found = evaluate_measures(measures(), events, COUNTED, EffectOptions())
        said += found.tables["measures"]["verdict"].iloc[0] in ("fell", "rose")
    assert said <= 3  # 5 % of 20 is 1; four or more have a chance of 1.6 %


def test_none_on_one_side_has_an_exact_limit() -> None:
    """5 → 0 beside 100 → 100: two-sided p is 2 · 0.5⁵, so 6 % and no certain change; 6 → 0 is."""
    quiet = np.zeros((4, 26), dtype=np.int64)
    quiet[1:, :] = 4
    for n, certain in ((5, False), (6, True), (12, True)):
        counts = quiet.copy()
        counts[0, :n] = 1
        found = diff_in_diff(counts, 13)
        assert found.estimate == 0
        assert found.p == pytest.approx(2 * 0.5**n)
        assert found.certain == certain
        turned = diff_in_diff(counts[:, ::-1], 13)
        assert np.isnan(turned.estimate)
        assert turned.low == pytest.approx(1 / found.high)
        assert turned.certain == certain


def test_a_place_chosen_for_an_unusual_year_is_not_said_to_have_fallen() -> None:
    """What fell back by itself: 20 a year, 60 in the year before, 20 again, beside steady places."""
    rng = np.random.default_rng(584)
    events = town(rng, a_year=20.0, level_spread=0.2)
    here = events[(events["x_m"] < 569_060) & (events["y_m"] < 6_495_060)]
    extra = here.sample(40, replace=True, random_state=1)
    days = np.sort(rng.integers(0, 366, 40)).astype("timedelta64[D]")
    start = (np.datetime64("2024-01-01T12:00") + days).astype("datetime64[us]")
    extra["start"] = extra["end"] = pd.Series(start, index=extra.index).dt.tz_localize(
        "Europe/Stockholm"
    )
    both = pd.concat([events, extra], ignore_index=True)
    found = evaluate_measures(measures(), both, COUNTED, EffectOptions()).tables["measures"].iloc[0]
    assert found["verdict"] == "none"
    assert "går tillbaka av sig självt" in found["sentence"]


def test_the_regression_is_the_ratio_of_ratios_where_nothing_is_overdispersed() -> None:
    """With dispersion 0 the estimate is closed: (A₁/A₀) / (C₁/C₀), variance the inverse counts'."""
    counts = np.full((4, 8), 6)
    counts[0, 4:] = 3
    counts[1:, 4:] = 5
    found = diff_in_diff(counts, 4)
    assert found.estimate == pytest.approx((12 / 24) / (60 / 72))
    error = np.sqrt(1 / 24 + 1 / 12 + 1 / 72 + 1 / 60)
    reach = stats.t.ppf(0.975, found.free) * error
    assert found.low == pytest.approx(found.estimate * np.exp(-reach))
    assert found.high == pytest.approx(found.estimate * np.exp(reach))
    assert found.dispersion == 1


@pytest.mark.parametrize(
    ("counts", "n_before", "why"),
    [
        (np.full((4, 3), 5), 1, "few_blocks"),
        (np.full((2, 8), 5), 4, "no_control"),
        (np.zeros((4, 8), dtype=np.int64), 4, "no_events"),
    ],
)
def test_why_there_is_no_regression(counts, n_before, why) -> None:
    found = diff_in_diff(counts, n_before)
    assert found.why == why
    assert not found.certain
    assert np.isnan(found.estimate)


def test_a_series_too_short_says_so() -> None:
    days = np.full(30, 28)
    assert interrupted(np.full(30, 9), days, 24).ratio.why == "few_points"  # under two years before
    assert interrupted(np.full(30, 9), days, 26).ratio.why == "few_points"  # four blocks after
    assert interrupted(np.zeros(40, dtype=np.int64), np.full(40, 28), 30).ratio.why == "few_points"
    assert interrupted(np.full(40, 9), np.full(40, 28), 30).ratio.why is None
