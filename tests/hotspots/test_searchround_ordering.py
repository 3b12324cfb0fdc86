"""The order of stops: against all permutations, and bounds that no walk goes below."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.searchround.ordering import (
    exact_order,
    forest_bound,
    improved,
    length_of,
    nearest_first,
    shortest_walk,
    spanning_edges,
    walk_bound,
)


def distances(xy: np.ndarray) -> np.ndarray:
    return np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))


def random_distances(n: int, seed: int) -> np.ndarray:
    """Return symmetric distances that need not obey the triangle inequality."""
    apart = np.random.default_rng(seed).random((n, n))
    apart = apart + apart.T
    np.fill_diagonal(apart, 0)
    return apart


def shortest(apart: np.ndarray) -> float:
    n = len(apart)
    return min(length_of(apart, np.array(one)) for one in permutations(range(n)))


@given(st.integers(1, 7), st.integers(0, 10_000))
@settings(max_examples=40)
def test_few_stops_are_ordered_as_well_as_any_permutation(n, seed):
    apart = random_distances(n, seed)
    found = shortest_walk(apart)
    assert sorted(found.order.tolist()) == list(range(n))
    assert found.length == pytest.approx(shortest(apart))
    assert found.bound == found.length == pytest.approx(length_of(apart, found.order))


@given(st.integers(2, 7), st.integers(0, 10_000))
@settings(max_examples=40)
def test_no_walk_goes_below_the_bound_and_improvement_never_harms(n, seed):
    apart = random_distances(n, seed)
    best = shortest(apart)
    assert walk_bound(apart, best) <= best + 1e-6
    first = nearest_first(apart, 0)
    better = improved(apart, first)
    assert sorted(better.tolist()) == list(range(n))
    assert best - 1e-9 <= length_of(apart, better) <= length_of(apart, first) + 1e-9


def test_stops_on_a_line_are_walked_from_end_to_end():
    x = np.random.default_rng(3).permutation(40).astype(float)
    apart = np.abs(x[:, None] - x[None, :])
    found = shortest_walk(apart)
    assert found.length == pytest.approx(39)
    assert found.bound == pytest.approx(39)
    assert (np.abs(np.diff(x[found.order])) == 1).all()


def test_many_stops_come_near_the_bound():
    apart = distances(np.random.default_rng(7).random((40, 2)))
    found = shortest_walk(apart)
    assert found.bound <= found.length <= 1.1 * found.bound
    assert found.length <= length_of(apart, nearest_first(apart, 0))


def test_equal_points_and_one_stop_are_walked():
    assert shortest_walk(np.zeros((1, 1))).order.tolist() == [0]
    assert shortest_walk(np.zeros((0, 0))).order.tolist() == []
    assert shortest_walk(np.zeros((5, 5))).length == 0
    assert shortest_walk(np.zeros((20, 20))).length == 0


def test_both_ways_round_give_the_same_walk():
    apart = distances(np.random.default_rng(1).random((9, 2)))
    order = exact_order(apart)
    assert order[0] < order[-1]
    assert length_of(apart, order) == pytest.approx(length_of(apart, order[::-1]))


def test_the_spanning_tree_is_the_least():
    from scipy.sparse.csgraph import minimum_spanning_tree

    for seed in range(5):
        apart = distances(np.random.default_rng(seed).random((12, 2)))
        lengths, ends = spanning_edges(apart)
        assert lengths.sum() == pytest.approx(minimum_spanning_tree(apart).sum())
        assert (np.diff(lengths) >= 0).all()
        assert apart[ends[:, 0], ends[:, 1]] == pytest.approx(lengths)


def test_the_bound_of_several_walks_leaves_out_the_longest_ways():
    # two pairs far apart: as one walk 1 + 100 + 1, as two walks 1 + 1 and one start more
    x = np.array([0.0, 1.0, 101.0, 102.0])
    apart = np.abs(x[:, None] - x[None, :])
    assert forest_bound(apart, 42.0, start=20.0, least=1, most=4) == pytest.approx(42)
    assert forest_bound(apart, 122.0, start=20.0, least=1, most=1) == pytest.approx(122)
