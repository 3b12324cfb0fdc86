"""DBSCAN: scikit-learn's partition, a stated rule for borders, and nothing that depends on order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from hotspots import partition
from hotspots.partition import dbscan, plain

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(params=["numpy", "compiled"], scope="module")
def way(request: pytest.FixtureRequest):
    """Both ways to the same answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "_in_numpy", lambda *_a: request.param == "numpy")
        yield


def town(n: int, side: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct points in whole metres, far from the origin, and weights."""
    rng = np.random.default_rng(seed)
    points = np.unique(rng.integers(0, side, (n, 2)), axis=0).astype(float)
    return (
        points[:, 0] + 569_000,
        points[:, 1] + 6_495_000,
        rng.integers(1, 5, len(points)),
    )


def brute_force_border(x, y, core, label):
    """Nearest core point; at a tie the westernmost, then the southernmost."""
    cores = np.flatnonzero(core)
    for i in np.flatnonzero(~core & (label >= 0)):
        apart = (x[cores] - x[i]) ** 2 + (y[cores] - y[i]) ** 2
        yield label[i], label[cores[np.lexsort((y[cores], x[cores], apart))[0]]]


@given(
    n=st.integers(1, 250),
    side=st.sampled_from([40, 150, 400, 1500]),
    eps=st.sampled_from([1.0, 5.0, 25.0, 50.0, 75.0]),
    minimum=st.integers(1, 14),
    seed=st.integers(0, 10_000),
)
def test_same_partition_as_scikit_learn(n, side, eps, minimum, seed) -> None:
    x, y, weight = town(n, side, seed)
    ours = dbscan(x, y, weight, eps_m=eps, min_weight=minimum)
    theirs = DBSCAN(eps=eps, min_samples=minimum).fit(np.c_[x, y], sample_weight=weight)
    core = np.zeros(len(x), dtype=bool)
    core[theirs.core_sample_indices_] = True
    np.testing.assert_array_equal(ours >= 0, theirs.labels_ >= 0)
    pairs = set(zip(ours[core].tolist(), theirs.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert all(got == due for got, due in brute_force_border(x, y, core, ours))


@given(seed=st.integers(0, 10_000), east=st.integers(-10_000, 10_000), north=st.integers(-99, 99))
def test_moving_the_town_and_shuffling_its_points_change_nothing(seed, east, north) -> None:
    x, y, weight = town(150, 300, seed)
    label = dbscan(x, y, weight, eps_m=25, min_weight=6)
    moved = dbscan(x + east / 100, y + north / 100, weight, eps_m=25, min_weight=6)
    np.testing.assert_array_equal(label, moved)
    order = np.random.default_rng(seed).permutation(len(x))
    shuffled = dbscan(x[order], y[order], weight[order], eps_m=25, min_weight=6)
    np.testing.assert_array_equal(shuffled, label[order])


def test_scaling_town_and_distance_together_changes_nothing() -> None:
    x, y, weight = town(300, 400, 7)
    np.testing.assert_array_equal(
        dbscan(x, y, weight, eps_m=25, min_weight=6),
        dbscan(3 * x, 3 * y, weight, eps_m=75, min_weight=6),
    )


def test_limits_are_inclusive() -> None:
    # 45² + 60² = 75²: exactly at the distance
    x, y = np.array([0.0, 45.0]), np.array([0.0, 60.0])
    assert dbscan(x, y, np.array([1, 1]), eps_m=75, min_weight=2).tolist() == [0, 0]
    assert dbscan(x, y, np.array([1, 1]), eps_m=74.99, min_weight=2).tolist() == [-1, -1]
    assert dbscan(x, y, np.array([1, 1]), eps_m=75, min_weight=3).tolist() == [-1, -1]


def test_border_point_goes_to_its_nearest_core_and_to_the_western_at_a_tie() -> None:
    # two crowds with one light core point each towards the other, and a border point between
    x = np.array([-59.0, 0.0, 100.0, 159.0, 49.0])
    weight = np.array([9, 1, 1, 9, 1])
    for at, cluster in ((49.0, 0), (51.0, 1), (50.0, 0), (39.0, 0), (61.0, 1)):
        x[4] = at
        label = dbscan(x, np.zeros(5), weight, eps_m=60, min_weight=10)
        assert label.tolist() == [0, 0, 1, 1, cluster]
    # the order in which they are named has no say, in whichever direction they lie
    x[4] = 50.0
    for backwards in (x[::-1], np.zeros(5)), (np.zeros(5), x[::-1]):
        label = dbscan(*backwards, weight[::-1], eps_m=60, min_weight=10)
        assert label.tolist() == [0, 1, 1, 0, 0]


def test_small_parts_give_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y, weight = town(800, 500, 3)
    whole = dbscan(x, y, weight, eps_m=40, min_weight=40)
    monkeypatch.setattr(plain, "PAIRS_AT_ONCE", 50)
    np.testing.assert_array_equal(dbscan(x, y, weight, eps_m=40, min_weight=40), whole)
    assert whole.max() > 0


@pytest.mark.parametrize("threads", [2, 3, 50])
def test_threads_give_the_same_answer(threads: int) -> None:
    x, y, weight = town(800, 500, 3)
    one = dbscan(x, y, weight, eps_m=40, min_weight=40)
    np.testing.assert_array_equal(
        dbscan(x, y, weight, eps_m=40, min_weight=40, threads=threads), one
    )
    assert one.max() > 0


def test_cells_joined_by_points_that_are_not_the_outermost_are_joined() -> None:
    # cells are 53 m wide; the outermost pair along the row of cells is too far apart (y differs),
    # the pair within reach lies a little behind it
    x = np.array([52.0, 50.0, 54.0, 56.0])
    y = np.array([0.0, 50.0, 50.0, 0.0])
    x, y = x + 53 * 1000, y + 53 * 1000
    x = np.concatenate([x, x + 53 * 20])
    y = np.concatenate([y, y])
    weight = np.full(8, 9)
    expected = DBSCAN(eps=75, min_samples=9).fit(np.c_[x, y], sample_weight=weight).labels_
    np.testing.assert_array_equal(dbscan(x, y, weight, eps_m=75, min_weight=9), expected)


@given(seed=st.integers(0, 10_000))
def test_scattered_heavy_points_are_settled_as_in_scikit_learn(seed) -> None:
    # few points a cell and all of them core: many pairs of cells stay open after the first look
    p = np.unique(np.random.default_rng(seed).integers(0, 200, (14, 2)), axis=0).astype(float)
    weight = np.full(len(p), 9)
    ours = dbscan(p[:, 0], p[:, 1], weight, eps_m=50, min_weight=9)
    np.testing.assert_array_equal(
        ours, DBSCAN(eps=50, min_samples=9).fit(p, sample_weight=weight).labels_
    )


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one(n: int) -> None:
    none = np.zeros(n)
    weight = np.full(n, 5)
    assert dbscan(none, none, weight, eps_m=75, min_weight=5).tolist() == [0] * n
    assert dbscan(none, none, weight, eps_m=75, min_weight=6).tolist() == [-1] * n
