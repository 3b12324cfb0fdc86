"""The cumulative sum: recursion, invariances, chances that hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from areas.watch import cusum, farrington
from areas.watch.farrington import Baseline
from areas.watch.outlook import Outlook, look
from areas.watch.reference import Reference, make_reference, week_of

FIRST = week_of(date(2019, 1, 7))
NOW = 290
REFERENCE = make_reference(FIRST + NOW, FIRST, years=5, half_window=3, n_periods=10, left_out=26)


def baseline(y: np.ndarray, reference: Reference = REFERENCE) -> Baseline:
    return farrington.expect(y, reference, trend=False, outbreak_residual=2.58)


def outlook(y: np.ndarray, base: Baseline) -> Outlook:
    return look(y, base, REFERENCE, np.full(len(y), "police"), outbreak_residual=2.58)


@given(
    y=st.integers(0, 50), mean=st.floats(0.05, 30), alpha=st.floats(0.01, 2), k=st.floats(1.1, 4)
)
def test_evidence_is_the_log_likelihood_ratio(y: int, mean: float, alpha: float, k: float) -> None:
    def log_chance(m: float) -> float:
        return float(stats.nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * m)))

    told = cusum.evidence(np.array([float(y)]), np.array([mean]), np.array([alpha]), k)[0]
    assert told == pytest.approx(log_chance(k * mean) - log_chance(mean), rel=1e-6, abs=1e-6)


def test_evidence_without_excess_is_poisson_and_missing_weeks_tell_nothing() -> None:
    told = cusum.evidence(np.array([3.0, np.nan]), np.array([2.0, 2.0]), np.zeros(2), 1.5)
    poisson = stats.poisson.logpmf(3, 3.0) - stats.poisson.logpmf(3, 2.0)
    assert told[0] == pytest.approx(poisson)
    assert told[1] == 0.0


def test_sums_are_those_of_the_recursion() -> None:
    rng = np.random.default_rng(8)
    y = rng.poisson(4.0, (5, NOW + 1)).astype(float)
    y[2, NOW - 9 :] += 5
    base = baseline(y)
    ahead = outlook(y, base)
    found = cusum.sums(y, base, ahead, REFERENCE, 1.5)
    for row in range(5):
        total = 0.0
        alpha = cusum.excess_of(base, ahead.dispersion)[row : row + 1]
        for i, week in enumerate(REFERENCE.recent):
            step = cusum.evidence(y[row, [week]], found.expected[row, [i]], alpha, 1.5)[0]
            total = max(0.0, total + step)
        assert found.value[row] == pytest.approx(total, abs=1e-9)
    assert 8 <= found.since[2] <= 26  # the shift began ten weeks ago; chance may lengthen it
    assert found.value[2] > 3 * max(found.value[[0, 1, 3, 4]].max(), 0.1)


def test_a_shift_has_a_small_chance_and_none_has_not() -> None:
    rng = np.random.default_rng(9)
    y = rng.poisson(5.0, (2, NOW + 1)).astype(float)
    y[1, NOW - 20 :] = rng.poisson(9.0, 21)
    base = baseline(y)
    ahead = outlook(y, base)
    found = cusum.sums(y, base, ahead, REFERENCE, 1.5)
    p = [
        cusum.chance(
            found,
            row,
            base,
            ahead,
            REFERENCE,
            shift=1.5,
            draws=1500,
            seed=np.random.SeedSequence([2, row]),
        )
        for row in range(2)
    ]
    assert p[1] < 1e-5
    assert p[0] > 1e-2


def test_chance_agrees_with_drawing_the_whole_thing() -> None:
    # brute force: pasts and presents drawn again, fitted again, summed again
    rng = np.random.default_rng(10)
    n = 2500
    y = rng.poisson(6.0, (n, NOW + 1)).astype(float)
    base = baseline(y)
    ahead = outlook(y, base)
    found = cusum.sums(y, base, ahead, REFERENCE, 1.5)
    limit = 5.0
    true = float((found.value >= limit).mean())
    # the sum at the limit, in a series that is like the others
    row = int(np.argmin(np.abs(found.value - limit)))
    at_limit = cusum.Sums(np.full(n, limit), found.since, found.expected, found.known)
    told = cusum.chance(
        at_limit,
        row,
        base,
        ahead,
        REFERENCE,
        shift=1.5,
        draws=4000,
        seed=np.random.SeedSequence(4),
    )
    assert true > 0
    assert true / 3 < told < 8 * true  # one series' own fit, and on the side of caution
