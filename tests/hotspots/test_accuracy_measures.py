from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.accuracy.measures import (
    best_possible,
    cumulative,
    flagged_cells,
    membership,
    pai,
    pei,
    rri,
)


def test_known_answers_of_the_method_notes() -> None:
    assert pai(30, 120, 0.05, 2.5) == pytest.approx(12.5)
    assert rri(24, 30, 100, 120) == pytest.approx(0.96)
    assert pei(30, 40) == pytest.approx(0.75)


def test_nothing_to_judge_by_is_no_number() -> None:
    assert np.isnan(pai(0, 0, 1, 10))
    assert np.isnan(pai(1, 1, 0, 10))
    assert np.isnan(pei(0, 0))
    assert np.isnan(rri(3, 0, 10, 10))
    assert np.isnan(rri(3, 3, 10, 0))


@pytest.mark.real
def test_table_of_ptools(real_data) -> None:
    known = json.loads((real_data / "checks" / "reference_values.json").read_text())["pai_ptools"]
    observed, predicted, area = (np.array(known[k], float) for k in ("obs", "pred", "area"))
    found, efficiency, _ = cumulative(observed, predicted, area)
    assert found.tolist() == known["PAI_cumulative"]
    assert efficiency.tolist() == known["PEI"]


def test_toy_numbers_with_recapture() -> None:
    found, efficiency, recapture = cumulative(
        np.array([6.0, 3.0, 0.0]), np.array([3.0, 2.0, 1.0]), np.ones(3)
    )
    assert found.tolist() == [2.0, 1.5, 1.0]
    assert efficiency.tolist() == [1.0, 1.0, 1.0]
    # (6/3)/(9/6), (9/5)/(9/6), (9/6)/(9/6)
    assert recapture == pytest.approx([4 / 3, 1.2, 1.0])


def test_cumulative_goes_by_density_not_by_count() -> None:
    found, efficiency, _ = cumulative(
        np.array([4.0, 6.0]), np.array([2.0, 3.0]), np.array([1.0, 9.0])
    )
    assert found == pytest.approx([4.0, 1.0])
    assert efficiency == pytest.approx([1.0, 1.0])


def test_flagged_cells_are_whole_and_never_none() -> None:
    assert [flagged_cells(0.01, n) for n in (3, 149, 150, 1000)] == [1, 1, 2, 10]
    assert flagged_cells(1.0, 7) == 7


@given(
    score=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    data=st.data(),
)
def test_ties_count_by_expectation_over_all_orders(score, data) -> None:
    n = len(score)
    events = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), float)
    k = data.draw(st.integers(1, n))
    member = membership(np.array(score, float), (k,))[0]
    caught = []
    for order in itertools.permutations(range(n)):
        ranked = sorted(order, key=lambda i: -score[i])  # stable: ties stay as permuted
        caught.append(events[ranked[:k]].sum())
    assert member @ events == pytest.approx(np.mean(caught))
    assert member.sum() == pytest.approx(k)
    assert ((member >= 0) & (member <= 1)).all()


@given(st.lists(st.integers(0, 4), min_size=2, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(score, random) -> None:
    order = list(range(len(score)))
    random.shuffle(order)
    score, events = np.array(score, float), np.arange(len(score), dtype=float)
    sizes = (1, len(score) // 2 or 1)
    one = membership(score, sizes) @ events
    assert membership(score[order], sizes) @ events[order] == pytest.approx(one)


def test_rounding_of_sums_is_no_difference() -> None:
    assert membership(np.array([0.1 + 0.2, 0.3, 0.0]), (1,)).tolist() == [[0.5, 0.5, 0.0]]


def test_best_possible_is_the_busiest_cells() -> None:
    assert best_possible(np.array([1.0, 5.0, 0.0, 3.0]), (1, 2, 4)).tolist() == [5, 8, 9]
