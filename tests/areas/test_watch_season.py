"""The season held in common: what it does to few events, and leaves of many."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from areas.watch import farrington
from areas.watch.common import common_season
from areas.watch.options import WatchOptions
from areas.watch.reference import Reference, make_reference, week_of
from areas.watch.season import Season, draw_towards, season_of, unlikeness
from areas.watch.series import Series
from areas.watch.watching import judge

FIRST = week_of(date(2022, 1, 3))
NOW = 2 * 52 + 20
PARTS = 10


def two_years() -> Reference:
    return make_reference(FIRST + NOW, FIRST, years=2, half_window=3, n_periods=PARTS, left_out=26)


REFERENCE = two_years()
WAVE = np.exp(0.8 * np.cos(2 * np.pi * np.arange(NOW + 1) / 52.18))


def fitted(y: np.ndarray) -> farrington.Baseline:
    return farrington.expect(y, REFERENCE, trend=False, outbreak_residual=1e9)


def common(series: Series, options: WatchOptions) -> Season | None:
    rows = np.arange(len(series.counts))
    past = series.counts[:, REFERENCE.weeks]
    fit, _slope = farrington.regress(past, REFERENCE, trend=True, outbreak_residual=2.58)
    return common_season(series, rows, fit, REFERENCE, options)


def town(rng: np.random.Generator, level: list[float], *, wave: np.ndarray = WAVE) -> Series:
    """Return areas of one class with the municipality's sum first."""
    areas = rng.poisson(np.array(level)[:, None] * wave).astype(float)
    n = len(level)
    keys = pd.DataFrame(
        {
            "unit": ["municipality"] + ["area"] * n,
            "unit_id": [pd.NA, *(str(i) for i in range(n))],
            "name": "",
            "source": "police",
            "class": "violence",
            "share_police_initiated": np.nan,
        }
    )
    counts = np.concatenate([areas.sum(axis=0, keepdims=True) + rng.poisson(20 * WAVE), areas])
    return Series(keys, counts, FIRST, FIRST + NOW, {})


def test_levels_are_the_gamma_priors_by_hand() -> None:
    y = np.random.default_rng(1).poisson(2.0, (1, NOW + 1)).astype(float)
    base = fitted(y)
    events = 8.0
    season = Season(np.linspace(0, 1, PARTS)[None, :], np.full((1, PARTS), events))
    known = np.ones((1, len(REFERENCE.weeks)), dtype=bool)
    drawn, shared = draw_towards(base.fit, known, season, REFERENCE)
    past, spread = y[0, REFERENCE.weeks], base.dispersion[0]
    weeks = np.bincount(REFERENCE.period, minlength=PARTS)
    held = np.bincount(REFERENCE.period, weights=past, minlength=PARTS)
    rate = np.exp(season.log_rate[0])
    rate *= held.sum() / (weeks * rate).sum()
    wanted = (held / spread + events) / (weeks / spread + events / rate)
    np.testing.assert_allclose(np.exp(drawn.level[0]), wanted, rtol=1e-5)
    np.testing.assert_allclose(drawn.mean[0], wanted[REFERENCE.period], rtol=1e-5)
    variance = 1 / (held / spread + events)
    np.testing.assert_allclose(drawn.level_variance[0] * spread, variance, rtol=1e-4)
    np.testing.assert_allclose(shared[0], events * variance / np.sqrt(held.sum()), rtol=1e-4)


@pytest.mark.parametrize("empty", [False, True])
def test_the_weight_goes_from_own_to_common(*, empty: bool) -> None:
    y = np.random.default_rng(2).poisson(1.0, (1, NOW + 1)).astype(float)
    if empty:
        y[:, REFERENCE.weeks[REFERENCE.period == 4]] = 0
    base = fitted(y)
    known = np.ones((1, len(REFERENCE.weeks)), dtype=bool)
    log_rate = np.sin(np.arange(PARTS))[None, :]
    own, common = (
        draw_towards(base.fit, known, Season(log_rate, np.full((1, PARTS), events)), REFERENCE)[0]
        for events in (1e-9, 1e9)
    )
    many = base.fit.level[0] > -3
    np.testing.assert_allclose(own.level[0, many], base.fit.level[0, many], atol=1e-4)
    np.testing.assert_allclose(np.diff(common.level[0]), np.diff(log_rate[0]), atol=1e-6)
    # the series' own total stays
    assert common.mean[0].sum() == pytest.approx(y[0, REFERENCE.weeks].sum(), rel=1e-4)


def test_a_series_without_a_season_is_as_it_was() -> None:
    y = np.random.default_rng(3).poisson(1.0, (2, NOW + 1)).astype(float)
    y[1, 30:] = 0
    season = Season(np.full((2, PARTS), np.nan), np.full((2, PARTS), np.nan))
    with_none = farrington.expect(y, REFERENCE, trend=False, outbreak_residual=2.58, season=season)
    plain = farrington.expect(y, REFERENCE, trend=False, outbreak_residual=2.58)
    for name in ("expected", "guarded", "unsure", "shared"):
        np.testing.assert_array_equal(getattr(with_none, name), getattr(plain, name))


@pytest.mark.parametrize("apart", [0.0, 0.1, 0.4])
def test_unlikeness_is_the_variance_that_series_were_drawn_with(apart: float) -> None:
    rng = np.random.default_rng(4)
    n = 400
    off = rng.normal(0, np.sqrt(apart), (n, PARTS))
    period = np.zeros(NOW + 1, dtype=int)
    period[REFERENCE.weeks] = REFERENCE.period
    y = rng.poisson(1.5 * np.exp(off[:, period]) * WAVE).astype(float)
    whole = fitted(1e5 * WAVE[None, :])
    log_rate = np.repeat(season_of(whole.fit, added=0.5)[0], n, axis=0)
    known = np.ones((n, len(REFERENCE.weeks)), dtype=bool)
    found = unlikeness(fitted(y).fit, known, log_rate, np.zeros(n), REFERENCE)
    # the added standard error is some 0.005; one level a series is fitted, and large ones skew
    assert 0.6 * apart <= found <= 1.6 * apart + 0.03


def test_few_events_get_the_towns_season_and_many_keep_their_own() -> None:
    rng = np.random.default_rng(5)
    level = [0.3] * 30 + [60.0]
    series = town(rng, level)
    flat = rng.poisson(60.0, NOW + 1).astype(float)  # many events, and no season at all
    series.counts[-1] = flat
    season = common(series, WatchOptions())
    assert season is not None
    assert np.isnan(season.log_rate[0]).all()
    assert (season.events[1:] > 1).all()
    assert (season.events[1:] <= WatchOptions().season_events + 1e-9).all()
    lent = farrington.expect(
        series.counts, REFERENCE, trend=False, outbreak_residual=2.58, season=season
    )
    own = farrington.expect(series.counts, REFERENCE, trend=False, outbreak_residual=2.58)
    true = 0.3 * WAVE[-1]
    few = slice(1, -1)
    off = [np.abs(np.log(one.guarded[few] / true)).mean() for one in (lent, own)]
    assert off[0] < 0.7 * off[1]
    assert (lent.unsure[few] < own.unsure[few]).all()
    assert lent.expected[-1] == pytest.approx(60.0, rel=0.08)


def test_unlike_series_are_lent_less() -> None:
    rng = np.random.default_rng(6)
    alike = town(rng, [3.0] * 40)
    unlike = town(rng, [3.0] * 40)
    for i in range(1, 41):
        unlike.counts[i] = rng.poisson(3.0 * np.roll(WAVE, int(rng.integers(52))))
    weights = []
    for one in (alike, unlike):
        season = common(one, WatchOptions())
        assert season is not None
        weights.append(float(np.nanmean(season.events)))
    assert weights[1] < 0.5 * weights[0]
    assert weights[1] < 6


def test_an_outbreak_among_few_events_is_surer_with_the_towns_season() -> None:
    rng = np.random.default_rng(7)
    series = town(rng, [0.4] * 40)
    series.counts[1, -1] = 9
    p = [judge(series, WatchOptions(season_events=events), seed=1).p[1] for events in (30.0, 0.0)]
    assert p[0] < 1e-4
    assert p[0] < p[1] / 5


def test_a_shift_that_is_over_is_no_signal() -> None:
    rng = np.random.default_rng(8)
    series = town(rng, [3.0] * 10)
    series.counts[1, -20:-5] += 6
    going = judge(
        Series(series.keys, series.counts[:, :-4], FIRST, FIRST + NOW - 4, {}),
        WatchOptions(),
        seed=1,
    )
    series.counts[1, -4:] = 0
    over = judge(series, WatchOptions(), seed=1)
    assert going.by_shift[1]
    assert over.cusum_p[1] < 1e-3
    assert not over.by_shift[1]


def test_without_events_lent_there_is_no_season() -> None:
    series = town(np.random.default_rng(9), [2.0, 2.0])
    assert common(series, WatchOptions(season_events=0.0)) is None
    alone = Series(series.keys.iloc[1:], series.counts[1:], FIRST, FIRST + NOW, {})
    assert common(alone, WatchOptions()) is None
