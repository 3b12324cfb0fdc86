"""How clumped series are: the likelihood by hand, what is lent, what outbreaks do to it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from areas.watch import farrington
from areas.watch.clumping import (
    SPREADS,
    common_prior,
    fitted_levels,
    least_outbreak,
    put_back,
    spread_chances,
)
from areas.watch.glm import fit
from areas.watch.reference import make_reference, week_of

FIRST = week_of(date(2019, 1, 7))
NOW = 290
REFERENCE = make_reference(FIRST + NOW, FIRST, years=5, half_window=3, n_periods=10, left_out=26)
LIMIT = 2.58


def drawn(rng: np.random.Generator, level: float, spread: float, n: int) -> np.ndarray:
    if spread <= 1:
        return rng.poisson(level, (n, NOW + 1)).astype(float)
    return rng.negative_binomial(level / (spread - 1), 1 / spread, (n, NOW + 1)).astype(float)


def chances(y: np.ndarray, sources: np.ndarray | None = None) -> np.ndarray:
    base = farrington.expect(y, REFERENCE, trend=True, outbreak_residual=LIMIT)
    groups = np.full(len(y), "police") if sources is None else sources
    return spread_chances(y[:, REFERENCE.weeks], base, REFERENCE, groups, outbreak_residual=LIMIT)


@pytest.mark.parametrize(("level", "spread"), [(0.5, 1.0), (1.0, 2.0), (0.5, 3.0), (8.0, 1.5)])
def test_mean_dispersion_is_the_true_one(level: float, spread: float) -> None:
    y = drawn(np.random.default_rng(1), level, spread, 150)
    found = chances(y)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found @ SPREADS).mean() == pytest.approx(spread, rel=0.08)
    # Pearson's, after down-weighting, is not
    base = farrington.expect(y, REFERENCE, trend=True, outbreak_residual=LIMIT)
    if spread >= 2:
        assert base.dispersion.mean() < 0.95 * spread


def test_likelihood_is_the_negative_binomials() -> None:
    # one series without high weeks: its chances are its adjusted likelihood by the prior
    y = np.minimum(drawn(np.random.default_rng(2), 4.0, 1.3, 1), 9.0)
    base = farrington.expect(y, REFERENCE, trend=True, outbreak_residual=LIMIT)
    past, mean = y[0, REFERENCE.weeks], base.fit.mean[0]
    assert not (past >= least_outbreak(mean, base.dispersion[0], LIMIT)).any()
    levels = fitted_levels(base, REFERENCE)[0]
    assert levels == pytest.approx(11, abs=0.2)  # ten parts of the year and a trend
    log = [stats.poisson.logpmf(past, mean).sum()]
    log += [
        stats.nbinom.logpmf(past, mean / (one - 1), 1 / one).sum() + 0.5 * levels * np.log(one)
        for one in SPREADS[1:]
    ]
    likelihood = np.where(6 * base.dispersion[0] >= SPREADS, np.exp(log - np.max(log)), 0.0)
    wanted = likelihood * common_prior(likelihood[None, :])
    np.testing.assert_allclose(chances(y)[0], wanted / wanted.sum(), rtol=1e-6, atol=1e-12)


def test_series_lend_each_other_and_sources_do_not() -> None:
    rng = np.random.default_rng(3)
    calm, wild = drawn(rng, 0.4, 1.0, 80), drawn(rng, 0.4, 4.0, 80)
    y = np.concatenate([calm, wild])
    source = np.repeat(["calm", "wild"], 80)
    apart, together = (chances(y, groups) @ SPREADS for groups in (source, np.full(160, "one")))
    alone = chances(y, np.arange(160).astype(str)) @ SPREADS
    true = np.repeat([1.0, 4.0], 80)
    off = [np.abs(np.log(one / true)).mean() for one in (apart, together, alone)]
    assert off[0] < off[1] < off[2]


def test_the_common_prior_finds_two_kinds_and_keeps_a_little_for_the_rest() -> None:
    likelihood = np.full((40, 5), 1e-6)
    likelihood[:30, 0] = likelihood[30:, 4] = 1.0
    prior = common_prior(likelihood)
    assert prior.sum() == pytest.approx(1.0)
    assert prior[0] == pytest.approx(0.75, abs=0.03)
    assert prior[4] == pytest.approx(0.25, abs=0.03)
    assert (prior[1:4] > 0.1 / 41 / 5).all()


def test_past_outbreaks_make_a_series_less_clumped_than_pearson_says() -> None:
    rng = np.random.default_rng(4)
    y = drawn(rng, 3.0, 1.5, 60)
    y[:, [70, 105, 150, 205]] += 18
    past = y[:, REFERENCE.weeks]
    plain = fit(past, np.ones_like(past), REFERENCE, trend=True).dispersion.mean()
    found = (chances(y) @ SPREADS).mean()
    assert plain > 2.2
    assert found < 1.9


def test_a_missing_week_tells_nothing() -> None:
    y = drawn(np.random.default_rng(5), 2.0, 2.0, 3)
    y[0, REFERENCE.weeks] = np.nan
    known = chances(y[1:])
    every = chances(y, np.array(["a", "b", "b"]))
    np.testing.assert_allclose(every[1:], known)
    likely = SPREADS[every[0] > 1e-9]
    assert likely.max() > 4 * likely.min()  # nothing known: anything near one is as likely


def test_least_outbreak_is_the_first_number_over_the_limit() -> None:
    for mean, spread in ((0.2, 1.0), (3.0, 2.0), (40.0, 1.5)):
        least = float(least_outbreak(np.array(mean), np.array(spread), LIMIT))
        y = np.array([least - 1, least])
        over = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(spread)
        assert over[0] <= LIMIT < over[1]


def test_what_is_put_back_is_what_weighing_takes_off() -> None:
    rng = np.random.default_rng(6)
    for mean, spread in ((0.5, 3.0), (2.0, 2.0), (20.0, 1.5)):
        y = rng.negative_binomial(mean / (spread - 1), 1 / spread, 400_000).astype(float)
        over = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(spread)
        weight = np.where(over > LIMIT, np.maximum(over, 1.0) ** -2, 1.0)
        told = put_back(np.array([mean]), np.array([spread]), LIMIT)[0]
        assert told == pytest.approx(mean / np.average(y, weights=weight), rel=0.01)
    np.testing.assert_array_equal(put_back(np.array([0.0, 500.0]), np.full(2, 2.0), LIMIT), 1.0)
