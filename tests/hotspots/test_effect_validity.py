"""How often each method cries wolf when nothing happened, with events that come in bouts.

Seeded, so the shares are the same every time; the bounds are those of a binomial of the nominal
5 % with as many runs (99.9 %), or wide of it on the safe side.
"""

from __future__ import annotations

import numpy as np
import pytest

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
