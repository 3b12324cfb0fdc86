from __future__ import annotations

from itertools import permutations
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm, theilslopes

from hotspots.trend import MOST_EXACT, mann_kendall


def test_a_rising_series_of_four() -> None:
    found = mann_kendall([1, 2, 3, 4])
    assert (found.s, found.tau, found.slope, found.exact) == (6, 1.0, 1.0, True)
    assert found.p == pytest.approx(2 / 24)


def test_nothing_can_be_said_of_equal_values_or_of_one() -> None:
    flat = mann_kendall([3, 3, 3, 3])
    assert (flat.s, flat.p, flat.slope) == (0, 1.0, 0.0)
    assert isnan(flat.tau)
    one = mann_kendall([3])
    assert (one.s, one.p) == (0, 1.0)
    assert isnan(one.slope)


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=25, unique=True))
def test_without_ties_equals_scipy_exact(values: list[float]) -> None:
    found = mann_kendall(values)
    known = kendalltau(range(len(values)), values, method="exact")
    assert found.tau == pytest.approx(known.statistic, abs=1e-12)
    assert found.p == pytest.approx(known.pvalue, abs=1e-12)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=7))
def test_with_ties_equals_trying_every_order(values: list[int]) -> None:
    def s_of(series: tuple[int, ...]) -> int:
        pairs = [(i, j) for j in range(len(series)) for i in range(j)]
        return sum(int(np.sign(series[j] - series[i])) for i, j in pairs)

    found = mann_kendall(values)
    every = [abs(s_of(order)) for order in permutations(values)]
    assert found.s == s_of(tuple(values))
    assert found.p == pytest.approx(np.mean([s >= abs(found.s) for s in every]), abs=1e-12)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 9), min_size=MOST_EXACT + 1, max_size=60).filter(
        lambda v: len({*v}) > 1
    )
)
def test_long_series_are_normal_with_ties_and_continuity(values: list[int]) -> None:
    found = mann_kendall(values)
    known = kendalltau(range(len(values)), values, method="asymptotic")
    assert not found.exact
    assert found.tau == pytest.approx(known.statistic)
    if abs(found.s) > 1:
        sd = abs(found.s) / norm.isf(known.pvalue / 2)  # scipy's variance has ties, no continuity
        assert found.p == pytest.approx(2 * norm.sf((abs(found.s) - 1) / sd), rel=1e-6)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=20))
def test_sens_slope_is_the_median_of_pairwise_slopes(values: list[int]) -> None:
    assert mann_kendall(values).slope == pytest.approx(theilslopes(values).slope)


def test_turned_round_it_falls_as_much() -> None:
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    one, other = mann_kendall(values), mann_kendall(values[::-1])
    assert one.s == -other.s
    assert one.p == other.p
    assert one.slope == -other.slope
