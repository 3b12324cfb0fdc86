"""The trial of the watch: what it promises, that it isn't behind R's, and the trial's own sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from scripts.evidence.watch_rates import (
    FalseSignals,
    NullWeeks,
    at_most,
    false_signals,
    least,
    past_outbreaks,
)
from scripts.evidence.watch_trial import Compared, detection, make_world

Tried = tuple[FalseSignals, NullWeeks]
STEEP = np.full(4, 4.0)


@pytest.fixture(scope="module", params=[False, True], ids=["own", "by class"])
def tried(request: pytest.FixtureRequest) -> tuple[bool, Tried]:
    return request.param, false_signals(6, seed=4, common=request.param)


def of_r(found: FalseSignals, seen: NullWeeks) -> float:
    """Return the limit at which R's would give as many false signals."""
    return seen.limit(found.rate, seen.fitted, seen.dispersion)


def test_false_signals_keep_to_what_is_promised(tried: tuple[bool, Tried]) -> None:
    # three quarters of a false signal in ten weeks are the series' share
    found, seen = tried[1]
    assert found.series > 450
    assert found.either <= 3  # more would have a chance under 1 in 1,000
    assert 0.1 < 10 * found.expected / found.weeks <= 0.5
    # R's, at the same limit, gives several times as many
    assert seen.rate(least(2e-4, seen.fitted, seen.dispersion)) > 3 * found.rate


def test_the_watch_finds_more_than_r_at_the_same_false_signals(tried: tuple[bool, Tried]) -> None:
    common, (found, seen) = tried
    limit = of_r(found, seen)
    theirs = least(limit, seen.fitted, seen.dispersion)
    assert seen.rate(theirs) == pytest.approx(found.rate, rel=0.02)
    # in the first week, to expect; R's single weeks get all of the false signals
    for size, times in ((4.0, 1.3), (2.0, 1.0)):
        ours, of_theirs = (seen.found(one, size, every=1) for one in (seen.asked, theirs))
        assert ours > times * of_theirs
    compared = detection(STEEP, limit, worlds=1, seed=5, common=common)
    (more, error), (sooner, _error) = compared.more, compared.sooner
    assert more > 0
    assert sooner > 0
    assert 0 < error < 0.03
    assert compared.both[0].n == 500


def test_large_outbreaks_are_found_and_small_limits_find_less() -> None:
    sizes = np.full(1, 12.0)
    strict = detection(sizes, 1e-12, worlds=1, seed=2)
    loose = replace(strict, theirs=detection(sizes, 1e-3, worlds=1, seed=2).theirs)
    assert strict.both[0].soon > 0.6
    assert loose.both[1].soon > strict.both[1].soon
    assert loose.more[0] < strict.more[0]


def test_rates_are_those_of_drawing() -> None:
    rng = np.random.default_rng(1)
    n = 300
    mean, spread = np.full(n, 4.0), np.full(n, 2.0)
    asked = np.where(np.arange(n) % 3 == 0, np.inf, 8.0)
    before = np.where(np.arange(n) % 2 == 0, 0.0, 9.0)
    seen = NullWeeks(10, mean, spread, mean, spread, before, asked)
    drawn = rng.negative_binomial(mean, 0.5, (20_000, n))
    true = float((drawn >= asked).sum()) / 20_000 / 10
    assert seen.rate(asked) == pytest.approx(true, rel=0.02)
    # fewer than five events in four weeks are no signal, whatever was asked for
    low = replace(seen, before=np.zeros(n))
    assert low.rate(np.full(n, 2.0)) == pytest.approx(low.rate(np.full(n, 5.0)))
    with_events = drawn[:, :30] + rng.poisson(1.5 * np.sqrt(8.0), (20_000, 30))
    wanted = float((with_events >= asked[:30]).mean())
    assert seen.found(asked, 1.5, every=1) == pytest.approx(wanted, rel=0.02)


def test_least_is_the_least_and_limit_its_inverse() -> None:
    mean, dispersion = np.array([0.3, 3.0, 30.0, 5.0]), np.array([1.5, 2.0, 3.0, 1.0])
    asked = least(1e-4, mean, dispersion)
    over = np.where(dispersion > 1, dispersion, 1 + 1e-9)
    for number, smaller in ((asked, True), (asked - 1, False)):
        p = stats.nbinom.sf(number - 1, mean / (over - 1), 1 / over)
        assert bool(np.all(p <= 1e-4)) is smaller
        assert bool(np.any(p <= 1e-4)) is smaller
    big = np.full(400, 50.0)
    seen = NullWeeks(1, big, np.full(400, 2.0), big, np.full(400, 2.0), big, big)
    assert seen.limit(0.2, big, np.full(400, 2.0)) == pytest.approx(0.2 / 400, rel=0.2)


def test_differences_are_paired() -> None:
    ours = np.array([0.0, 1.0, np.nan, 2.0])
    theirs = np.array([0.0, np.nan, np.nan, np.nan])
    compared = Compared(ours, theirs, 4)
    share, error = compared.more
    assert share == 0.5
    assert error == pytest.approx(0.25)  # √((2 − 2²/4) / 4²)
    assert compared.sooner[0] == pytest.approx((0 + 3 + 0 + 2) / 4)
    same = Compared(ours, ours, 4)
    assert same.more == (0.0, 0.0)
    assert [one.ever for one in compared.both] == [0.75, 0.25]


def test_counts_add_and_have_an_upper_end() -> None:
    first, second = FalseSignals(10, 500.0, 1, 0, 1, 0.4), FalseSignals(30, 480.0, 2, 1, 3, 1.2)
    both = first + second
    assert both == FalseSignals(40, 485.0, 3, 1, 4, 1.6)
    assert both.rate == pytest.approx(2.6 / 40)
    assert both.at_most == pytest.approx(at_most(4, 40))
    assert stats.poisson.cdf(4, both.at_most * 4) == pytest.approx(0.05)


def test_past_outbreaks_are_in_the_past() -> None:
    rng = np.random.default_rng(3)
    world = make_world(rng, 200)
    assert not past_outbreaks(world, rng, 280, 0).any()
    extra = past_outbreaks(world, rng, 280, 3)
    assert not extra[:, 280 - 26 :].any()
    usual = 12 * 4 * np.sqrt(world.mean * world.dispersion[:, None]).mean()
    assert extra.sum() / 200 == pytest.approx(usual, rel=0.15)
