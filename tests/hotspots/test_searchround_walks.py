"""Walks: against every division there is, within the shift, and along streets."""

from __future__ import annotations

from itertools import permutations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from hotspots.searchround import walks as module
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.ordering import length_of
from hotspots.searchround.walking import Streets, walking_between
from hotspots.searchround.walks import divide, takes


def between(n: int, seed: int, side_min: float = 60.0) -> np.ndarray:
    xy = np.random.default_rng(seed).random((n, 2)) * side_min
    return np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))


def divisions(stops: list[int]):
    """Yield every division of the stops into groups."""
    if not stops:
        yield []
        return
    first, rest = stops[0], stops[1:]
    for smaller in divisions(rest):
        yield [[first], *smaller]
        for i, group in enumerate(smaller):
            yield [*smaller[:i], [first, *group], *smaller[i + 1 :]]


def best_division(minutes: np.ndarray, options: RoundOptions) -> float:
    best = np.inf
    for groups in divisions(list(range(len(minutes)))):
        total = 0.0
        for group in groups:
            walking = min(length_of(minutes, np.array(p)) for p in permutations(group))
            whole = options.start_min + len(group) * options.minutes_per_entrance + walking
            total += options.start_min + walking if whole <= options.shift_min else np.inf
        best = min(best, total)
    return best


@given(st.integers(1, 6), st.integers(0, 10_000), st.sampled_from([50.0, 80.0, 180.0]))
@settings(max_examples=30)
def test_few_entrances_are_divided_as_well_as_in_any_way(n, seed, shift):
    minutes, options = between(n, seed), RoundOptions(shift_min=shift)
    found = divide(minutes, options)
    assert found.minutes == found.bound == pytest.approx(best_division(minutes, options))


@given(st.integers(3, 6), st.integers(0, 10_000))
@settings(max_examples=20)
def test_many_entrances_stay_between_the_bound_and_what_the_best_would_be(n, seed):
    minutes, options = between(n, seed), RoundOptions(shift_min=80)
    few, module.FEW = module.FEW, 0
    try:
        found = divide(minutes, options)
    finally:
        module.FEW = few
    best = best_division(minutes, options)
    assert found.bound <= best + 1e-6
    assert best - 1e-6 <= found.minutes


@given(st.integers(12, 26), st.integers(0, 1000), st.floats(36, 240))
@settings(max_examples=15)
def test_every_entrance_is_in_one_walk_that_fits_the_shift(n, seed, shift):
    minutes, options = between(n, seed), RoundOptions(shift_min=shift)
    found = divide(minutes, options)
    stops = sorted(i for walk in found.walks for i in walk.order.tolist())
    assert stops == list(range(n))
    assert all(takes(minutes, walk.order, options) <= shift + 1e-6 for walk in found.walks)
    assert found.bound <= found.minutes


def test_two_quarters_far_apart_are_two_walks():
    x = np.concatenate([np.arange(8.0), 500 + np.arange(8.0)])
    found = divide(np.abs(x[:, None] - x[None, :]), RoundOptions(shift_min=1000))
    assert [sorted(walk.order.tolist()) for walk in found.walks] == [
        list(range(8)),
        list(range(8, 16)),
    ]
    assert found.minutes == pytest.approx(2 * 20 + 14)
    assert found.gap == pytest.approx(0)


def test_the_division_does_not_depend_on_the_order_given():
    minutes, options = between(9, 4), RoundOptions(shift_min=90)
    mixed = np.random.default_rng(0).permutation(9)
    one = divide(minutes, options)
    other = divide(minutes[np.ix_(mixed, mixed)], options)
    sets = [frozenset(w.order.tolist()) for w in one.walks]
    assert set(sets) == {frozenset(mixed[w.order].tolist()) for w in other.walks}


def test_a_search_longer_than_the_shift_is_refused():
    with pytest.raises(ValueError, match="fit into a shift"):
        divide(np.zeros((1, 1)), RoundOptions(shift_min=30))


def test_nothing_to_search_is_no_walk():
    assert divide(np.zeros((0, 0)), RoundOptions()).walks == ()


def streets(*lines, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[LineString(one) for one in lines], crs="EPSG:3006")


def test_the_way_goes_along_streets():
    # a U of streets: 100 m up, 100 m across, 100 m down, the entrances 10 m outside its feet
    layer = streets([(0, 0), (0, 100), (100, 100)], [(100, 100), (100, 0)])
    xy = np.array([[-10.0, 0.0], [110.0, 0.0], [50.0, 110.0]])
    options = RoundOptions(walking_kmh=6.0)
    found = walking_between(xy, Streets.of(layer), options)
    assert found.metres[0, 1] == pytest.approx(300 + 2 * 10 * 1.3)
    assert found.metres[0, 2] == pytest.approx(150 + 2 * 10 * 1.3)
    assert found.minutes[0, 1] == pytest.approx(found.metres[0, 1] / 100)
    assert found.by_street[0, 1]
    way = LineString(found.way(0, 1))
    assert way.equals(LineString([(-10, 0), (0, 0), (0, 100), (100, 100), (100, 0), (110, 0)]))
    assert (found.metres == found.metres.T).all()


def test_without_streets_the_way_is_straight_and_a_bit():
    xy = np.array([[0.0, 0.0], [300.0, 400.0]])
    found = walking_between(xy, None, RoundOptions())
    assert found.metres[0, 1] == pytest.approx(650)
    assert not found.by_street.any()
    assert found.way(0, 1).tolist() == xy.tolist()


def test_streets_that_do_not_join_or_lie_too_far_are_not_walked():
    layer = streets([(0, 0), (100, 0)], [(0, 500), (100, 500)])
    xy = np.array([[0.0, 0.0], [0.0, 500.0], [0.0, 900.0]])
    found = walking_between(xy, Streets.of(layer), RoundOptions(snap_m=150))
    assert found.metres[0, 1] == pytest.approx(650)
    assert found.metres[1, 2] == pytest.approx(520)
    assert not found.by_street.any()


def test_neighbours_nearer_to_each_other_than_to_the_street_go_straight():
    layer = streets([(0, 0), (1000, 0)])
    xy = np.array([[100.0, 40.0], [120.0, 40.0], [400.0, 40.0]])
    found = walking_between(xy, Streets.of(layer), RoundOptions())
    assert found.metres[0, 1] == pytest.approx(26)
    assert found.metres[0, 2] == pytest.approx(300 + 2 * 52)


def test_motorways_are_not_walked_and_rows_may_stand_in_any_order():
    layer = streets(
        [(0, 0), (1000, 0)],
        [(0, 0), (0, 100), (1000, 100), (1000, 0)],
        highway=["motorway", "residential"],
    )
    xy = np.array([[0.0, 0.0], [1000.0, 0.0]])
    one = walking_between(xy, Streets.of(layer), RoundOptions())
    other = walking_between(xy, Streets.of(layer[::-1]), RoundOptions())
    assert one.metres[0, 1] == pytest.approx(1200)
    assert one.metres.tolist() == other.metres.tolist()
    assert Streets.of(layer[:1]) is None


def test_lines_drawn_without_common_vertices_are_joined_where_they_cross():
    # a cross, and a street that ends 10 cm short of the upright
    layer = streets([(0, 0), (200, 0)], [(100, -100), (100, 300)], [(100.1, 200), (300, 200)])
    xy = np.array([[0.0, 0.0], [300.0, 200.0]])
    found = walking_between(xy, Streets.of(layer), RoundOptions())
    assert found.metres[0, 1] == pytest.approx(100 + 200 + 200, abs=1)
    assert found.by_street[0, 1]
