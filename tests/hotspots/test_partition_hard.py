"""DBSCAN where it is easy to be wrong or slow: ties, lines, stacks, crowds just out of reach."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN

from hotspots import partition
from hotspots.partition import cells, dbscan, kernel, plain

EAST, NORTH = 569_000.0, 6_495_000.0


def places(kind: str, n: int, eps: int, rng: np.random.Generator) -> np.ndarray:
    """Weighted places of one kind, whole metres."""
    if kind == "one place":
        points = np.zeros((n, 2))
    elif kind == "a line":
        points = np.outer(rng.integers(-2 * n, 2 * n, n), rng.integers(-3, 4, 2))
    elif kind == "exactly eps apart":
        # eps is 5k: along the axes, and along 3–4–5 triangles
        steps = np.array([[eps, 0], [0, eps], [3 * eps // 5, 4 * eps // 5]])
        points = rng.integers(-2, 3, (n, 3)) @ steps
    elif kind == "doubles":
        points = rng.integers(0, 3 * eps, (n, 2))[rng.integers(0, max(n // 3, 1), n)]
    else:
        points = rng.integers(0, rng.choice([eps, 4 * eps, 12 * eps]) + 1, (n, 2))
    return points.astype(float)


def same_as_scikit_learn(points, weight, eps, minimum) -> np.ndarray:
    """Hold core points, noise and clusters to scikit-learn's, borders to our rule, both ways."""
    x, y = points[:, 0] + EAST, points[:, 1] + NORTH
    ways = []
    for in_numpy in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(partition, "_in_numpy", lambda *_a, chosen=in_numpy: chosen)
            ways.append(dbscan(x, y, weight, eps_m=eps, min_weight=minimum))
    ours, other_way = ways
    np.testing.assert_array_equal(ours, other_way)
    if len(points) == 0:
        assert len(ours) == 0
        return ours
    theirs = DBSCAN(eps=eps, min_samples=minimum).fit(points, sample_weight=weight)
    core = np.zeros(len(points), dtype=bool)
    core[theirs.core_sample_indices_] = True
    np.testing.assert_array_equal(ours >= 0, theirs.labels_ >= 0)
    pairs = set(zip(ours[core].tolist(), theirs.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    cores, border = np.flatnonzero(core), np.flatnonzero(~core & (ours >= 0))
    for i, apart in zip(border, cdist(points[border], points[cores], "sqeuclidean"), strict=True):
        order = np.lexsort((points[cores, 1], points[cores, 0], apart))
        assert ours[i] == ours[cores[order[0]]]
    first = [min(map(tuple, points[core & (ours == k)].tolist())) for k in range(ours.max() + 1)]
    assert first == sorted(first)
    return ours


@settings(max_examples=1000)
@given(
    kind=st.sampled_from(["town", "doubles", "a line", "exactly eps apart", "one place"]),
    n=st.integers(0, 70),
    eps=st.sampled_from([5, 10, 75, 100]),
    minimum=st.integers(1, 25),
    heavy=st.sampled_from([1, 4, 30, 1_000_000]),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_thousand_weighted_sets_as_in_scikit_learn(kind, n, eps, minimum, heavy, seed) -> None:
    rng = np.random.default_rng(seed)
    points = places(kind, n, eps, rng)
    same_as_scikit_learn(points, rng.integers(1, heavy + 1, n), eps, minimum)


@pytest.mark.parametrize("minimum", [20, 200])
def test_a_town_of_thousands_as_in_scikit_learn(minimum) -> None:
    rng = np.random.default_rng(5)
    centres = rng.integers(0, 2000, (12, 2))
    points = np.rint(centres[rng.integers(0, 12, 6000)] + rng.normal(0, 60, (6000, 2)))
    label = same_as_scikit_learn(points, np.ones(6000, dtype=np.int64), 75, minimum)
    assert label.max() > 0
    assert (label < 0).any()


@pytest.mark.parametrize("in_numpy", [False, True])
def test_a_million_events_on_one_place_make_it_core_by_itself(in_numpy, monkeypatch) -> None:
    monkeypatch.setattr(partition, "_in_numpy", lambda *_a: in_numpy)
    x, weight = np.array([0.0, 75.0, 150.01]), np.array([1_000_000, 1, 1])
    assert dbscan(x, np.zeros(3), weight, eps_m=75, min_weight=400).tolist() == [0, 0, -1]
    assert dbscan(x, np.zeros(3), weight, eps_m=75, min_weight=1_000_001).tolist() == [0, 0, -1]
    assert dbscan(x, np.zeros(3), weight, eps_m=75, min_weight=1_000_002).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("in_numpy", [False, True])
def test_centimetres_decide(in_numpy, monkeypatch) -> None:
    monkeypatch.setattr(partition, "_in_numpy", lambda *_a: in_numpy)
    for apart, label in ((75.0, [0, 0]), (75.004, [0, 0]), (75.01, [-1, -1])):
        x = EAST + np.array([0.0, apart])
        got = dbscan(x, np.full(2, NORTH), np.ones(2, dtype=np.int64), eps_m=75, min_weight=2)
        assert got.tolist() == label, apart


def test_all_in_one_cell_and_all_within_a_few_metres() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 50, (2, 200_000))
    weight = np.ones(200_000, dtype=np.int64)
    assert not dbscan(x, y, weight, eps_m=75, min_weight=400).any()
    assert (dbscan(x, y, weight, eps_m=75, min_weight=200_001) == -1).all()


@pytest.mark.parametrize("gap_cm", [0, 1])
def test_crowds_on_parallel_lines_at_reach_and_just_out_of_it(gap_cm) -> None:
    # 45° lines 75 m (+ 1 cm) apart, 20,000 points on each: 4e8 pairs for who looks at all of them
    along = np.arange(20_000) / 100
    shift = 7500 / 2**0.5 / 100 + gap_cm / 100
    x = np.concatenate([along, along + shift]).round(2)
    y = np.concatenate([along, along - shift]).round(2)
    whole = np.rint(np.c_[x, y] * 100)
    # an independent word on whether they touch
    least = cKDTree(whole[:20_000]).query(whole[20_000:])[0].min()
    label = dbscan(x, y, np.ones(40_000, dtype=np.int64), eps_m=75, min_weight=20)
    assert label.max() == (0 if least <= 7500 else 1)


@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    reach=st.integers(1, 400),
)
def test_halving_finds_a_pair_where_there_is_one(seed, sizes, reach) -> None:
    rng = np.random.default_rng(seed)
    n, (a, b) = sum(sizes), sizes
    x, y = rng.integers(0, 100, (2, n)).astype(np.int32)
    x[a:] += rng.integers(0, 300)
    y[a:] += rng.integers(0, 300)
    xy = np.c_[x, y].astype(float)
    due = bool((cdist(xy[:a], xy[a:], "sqeuclidean") <= reach**2).any())
    none = np.zeros(1, dtype=np.int64)
    points = cells.Points(x, y, np.arange(n, dtype=np.int32), none, none, 1)
    assert kernel.touch(points, (0, a), (a, a + b), float(reach**2)) == due
    # the points are the same ones, each still in its own range
    np.testing.assert_array_equal(np.c_[x, y], xy[points.original])
    assert sorted(points.original[:a]) == list(range(a))


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=300))
def test_radix_sort_is_a_stable_sort(keys) -> None:
    key = np.array(keys)
    np.testing.assert_array_equal(cells.sorting(key), np.argsort(key, kind="stable"))


def test_coordinates_that_are_not_on_earth_are_refused() -> None:
    with pytest.raises(ValueError, match="too far apart"):
        dbscan(np.array([0.0, 1e9]), np.zeros(2), np.ones(2), eps_m=75, min_weight=1)


def test_numpy_is_chosen_while_it_is_quicker_than_loading_the_loops(monkeypatch) -> None:
    rng = np.random.default_rng(3)
    few, many = (rng.uniform(0, side, (2, 20_000)) for side in (300.0, 1500.0))
    weight = np.ones(20_000, dtype=np.int64)
    monkeypatch.setattr(partition, "sys", SimpleNamespace(modules={}))
    # dense cells are core without a look; the same points farther apart leave pairs to look at
    assert partition._in_numpy(*few, weight, 7500, 20)
    assert not partition._in_numpy(*many, weight, 7500, 400)
    monkeypatch.setattr(partition, "sys", SimpleNamespace(modules={"numba": None}))
    assert not partition._in_numpy(*few, weight, 7500, 20)
    assert partition._in_numpy(*few[:, :100], weight[:100], 7500, 20)


@given(n=st.integers(1, 80), minimum=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_the_pairs_foretold_are_no_fewer_than_the_pairs_within_reach(n, minimum, seed) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 40_000, (2, n))
    weight = rng.integers(1, 4, n)
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= 7500
    open_ = (near @ weight) < minimum  # their cells can't be core by themselves
    foretold = plain.pairs(x, y, weight, eps=7500, min_weight=minimum)
    assert foretold >= near[open_].sum()
