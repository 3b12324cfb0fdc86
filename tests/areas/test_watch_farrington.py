"""The regression of the watch: equal to surveillance's, right in the tail, safe on bad series."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from areas.watch import farrington
from areas.watch.glm import fit
from areas.watch.outlook import Outlook, least_signal, look, predictive
from areas.watch.reference import Reference, make_reference, monday, same_week, week_of, years_back

REFERENCE = Path(__file__).parent / "watch_reference"
SETTINGS = {
    "trend5": (True, 5, 10),
    "level5": (False, 5, 10),
    "trend3": (True, 3, 10),
    "noseason": (True, 4, 1),
}
FIRST = week_of(date(2019, 1, 7))


def reference(now: int, *, years: int = 5, parts: int = 10) -> Reference:
    return make_reference(
        FIRST + now, FIRST, years=years, half_window=3, n_periods=parts, left_out=26
    )


def outlook(y: np.ndarray, ref: Reference, base: farrington.Baseline) -> Outlook:
    return look(y, base, ref, np.full(len(y), "police"), outbreak_residual=2.58)


def drawn(rng: np.random.Generator, mean: np.ndarray, spread: float, n: int) -> np.ndarray:
    size = mean / (spread - 1)
    return rng.negative_binomial(size, 1 / spread, (n, len(mean))).astype(float)


@pytest.mark.parametrize("setting", SETTINGS)
def test_numbers_are_those_of_farringtonflexible(setting: str) -> None:
    # surveillance 1.20.3 on R 4.2; watch_reference/make.R makes the files
    counts = pd.read_csv(REFERENCE / "counts.csv")
    names = list(counts.columns[1:])
    y = counts[names].to_numpy(float).T
    told = pd.read_csv(REFERENCE / "farringtonflexible.csv")
    told = told[told["setting"] == setting]
    trend, years, parts = SETTINGS[setting]
    for now, at_week in told.groupby("week"):
        ref = reference(int(now), years=years, parts=parts)
        base = farrington.expect(y, ref, trend=trend, outbreak_residual=2.58)
        rows = at_week.set_index("series").loc[names]
        ok = rows["phi"].notna().to_numpy()  # R gives no answer for a series of zeros
        # where the first week compared with is missing, surveillance counts the time of the fit
        # from that week but that of the forecast from the first known one: two weeks off
        sure = ok & np.isfinite(y[:, ref.weeks[0]])
        assert sure.sum() >= 6
        close = {"rtol": 1e-8, "atol": 0}
        np.testing.assert_allclose(base.expected[sure], rows["expected"][sure], **close)
        np.testing.assert_allclose(base.dispersion[ok], rows["phi"][ok], **close)
        np.testing.assert_array_equal(farrington.threshold(base, 0.001)[sure], rows["upper"][sure])
        p = farrington.plug_in(y[:, int(now)], base)
        np.testing.assert_allclose(p[sure], rows["p"][sure], rtol=1e-7)
        np.testing.assert_array_equal(base.trend[ok], rows["trend"].notna()[ok])


def test_fit_solves_the_score_equations() -> None:
    rng = np.random.default_rng(2)
    ref = reference(290)
    y = rng.poisson(3.0, (4, 291)).astype(float)[:, ref.weeks]
    weights = rng.uniform(0.5, 1.5, y.shape)
    found = fit(y, weights, ref, trend=True)
    off = weights * (y - found.mean)
    for part in range(ref.n_periods):
        assert np.abs(off[:, ref.period == part].sum(axis=1)).max() < 1e-3
    assert np.abs((off * ref.time).sum(axis=1)).max() < 0.1
    assert found.converged.all()
    # the hat matrix has the model's rank as its trace
    np.testing.assert_allclose(found.leverage.sum(axis=1), ref.n_periods + 1, rtol=1e-6)


def test_a_series_of_zeros_and_one_without_any_known_week_do_no_harm() -> None:
    y = np.zeros((2, 291))
    y[1] = np.nan
    base = farrington.expect(y, reference(290), trend=True, outbreak_residual=2.58)
    assert base.expected[0] < 1e-6
    ahead = outlook(y, reference(290), base)
    p = predictive(np.array([0.0, np.nan]), ahead)
    assert p[0] == pytest.approx(1.0)
    assert np.isnan(p[1])
    # after five years of nothing three events are odd, but not impossible
    few = predictive(np.array([3.0, 3.0]), ahead)[0]
    assert 1e-8 < few < 0.1


def test_missing_weeks_are_not_zeros() -> None:
    y = np.full((2, 291), 10.0)
    y[1, 100:160] = np.nan
    base = farrington.expect(y, reference(290), trend=False, outbreak_residual=2.58)
    np.testing.assert_allclose(base.expected, 10.0, rtol=1e-6)
    assert base.unsure[1] > base.unsure[0]


def test_a_past_outbreak_weighs_less() -> None:
    rng = np.random.default_rng(5)
    calm = rng.poisson(5.0, (1, 291)).astype(float)
    sick = calm.copy()
    sick[0, 185:191] += 40  # within the season of the watched week, two years before
    ref = reference(290)
    first, second = (
        farrington.expect(y, ref, trend=False, outbreak_residual=limit)
        for y, limit in ((sick, 2.58), (sick, 1e9))
    )
    true = farrington.expect(calm, ref, trend=False, outbreak_residual=2.58).expected[0]
    assert abs(first.expected[0] - true) < 0.5 * abs(second.expected[0] - true)
    weights = farrington.outbreak_weights(
        sick[:, ref.weeks],
        fit(sick[:, ref.weeks], np.ones((1, len(ref.weeks))), ref, trend=False),
        2.58,
    )
    assert weights.sum() == pytest.approx(len(ref.weeks))


@given(mean=st.floats(0.05, 200), spread=st.floats(1.01, 8), observed=st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_tail_is_the_negative_binomial(mean: float, spread: float, observed: int) -> None:
    told = farrington.tail(np.array([float(observed)]), np.array([mean]), np.array([spread]))[0]
    true = stats.nbinom.sf(observed - 1, mean / (spread - 1), 1 / spread)
    assert told == pytest.approx(true, rel=1e-6, abs=1e-300)


def test_least_signal_is_the_least() -> None:
    rng = np.random.default_rng(4)
    y = rng.poisson([[0.3], [2.0], [30.0]], (3, 291)).astype(float)
    base = farrington.expect(y, reference(290), trend=True, outbreak_residual=2.58)
    ahead = outlook(y, reference(290), base)
    least = least_signal(ahead, 1e-4)
    assert (predictive(least, ahead) <= 1e-4).all()
    assert (predictive(least - 1, ahead) > 1e-4).all()


@pytest.mark.parametrize(("level", "spread"), [(0.5, 2.0), (1.0, 3.0), (5.0, 1.5)])
def test_chances_hold_in_the_tail_where_plug_in_ones_do_not(level: float, spread: float) -> None:
    # few, clumped events over three years: the hardest of the cases that were looked at
    rng = np.random.default_rng(3)
    weeks = 3 * 52 + 8
    ref = reference(weeks - 1, years=3)
    y = drawn(rng, np.full(weeks, level), spread, 1000)
    base = farrington.expect(y, ref, trend=True, outbreak_residual=2.58)
    alpha = 1e-4
    least = least_signal(outlook(y, ref, base), alpha)
    naive = farrington.threshold(base, alpha) + 1
    # the true chance of reaching what each asks for, in shares of the chance it was asked for
    true, of_naive = (
        farrington.tail(one, np.full(1, level), np.full(1, spread)).mean() / alpha
        for one in (least, naive)
    )
    assert 0.1 < true < 1.2
    assert of_naive > 4


@given(st.integers(FIRST, FIRST + 3000), st.integers(1, 10))
@settings(max_examples=80, deadline=None)
def test_same_week_is_the_nearest_monday(week: int, years: int) -> None:
    now, then = monday(week), monday(same_week(week, years))
    try:
        wanted = now.replace(year=now.year - years)
    except ValueError:
        wanted = date(now.year - years, 3, 1)
    assert then.weekday() == 0
    assert abs((then - wanted).days) <= 3


def test_reference_weeks_cover_the_years_and_leave_out_the_last() -> None:
    now = 290
    ref = reference(now)
    assert ref.weeks.max() == now - 27
    assert ref.recent.tolist() == list(range(now - 26, now + 1))
    assert set(ref.period.tolist()) == set(range(10))
    season = ref.weeks[ref.period == 9]
    assert len(season) == 5 * 7
    assert len(ref.weeks) == now - 26 - season.min()
    assert years_back(FIRST + now, FIRST, 3, 9) == 5
    assert years_back(FIRST + 54, FIRST, 3, 9) == 0
    assert years_back(FIRST + 55, FIRST, 3, 9) == 1
