"""The union of the discs that show is that of all discs."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots import discs
from hotspots.discs import join_discs


def plain(x, y, group, radius):
    drawn = shapely.buffer(shapely.points(x, y), radius, quad_segs=discs.QUADRANT)
    return np.array([shapely.union_all(drawn[group == i]) for i in np.unique(group)])


def assert_same(got, wanted) -> None:
    assert len(got) == len(wanted)
    assert shapely.is_valid(got).all()
    assert shapely.area(shapely.symmetric_difference(got, wanted)).max() < 1e-4
    holes = [shapely.get_num_interior_rings(shapely.get_parts(one)).sum() for one in got]
    assert holes == [shapely.get_num_interior_rings(shapely.get_parts(o)).sum() for o in wanted]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 250),
    side=st.integers(50, 900),
    same=st.booleans(),
)
def test_union_is_that_of_all_discs(seed, n, side, same) -> None:
    rng = np.random.default_rng(seed)
    xy = np.unique(rng.integers(0, side, (n, 2)), axis=0).astype(float)
    group = np.sort(rng.integers(0, 3, len(xy))) * 2
    radius = np.full(len(xy), 60.0) if same else rng.integers(5, 60, len(xy)).astype(float)
    x, y = xy[rng.permutation(len(xy))].T
    assert_same(join_discs(x, y, group, radius), plain(x, y, group, radius))


def test_size_of_parts_does_not_matter(monkeypatch) -> None:
    xy = np.random.default_rng(1).integers(0, 400, (300, 2)).astype(float)
    group, radius = np.zeros(300, dtype=np.int64), np.full(300, 60.0)
    wanted = discs._hidden(xy, group, radius)
    monkeypatch.setattr(discs, "_AT_ONCE", 7)
    assert discs._hidden(xy, group, radius).tolist() == wanted.tolist()


def ring(radius: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    turn = np.arange(n) * 2 * np.pi / n
    return np.cos(turn) * radius, np.sin(turn) * radius


@pytest.mark.parametrize("filled", [False, True])
def test_a_hole_stays_a_hole_and_a_filled_one_filled(filled) -> None:
    # three rings side by side: the middle one is hidden by the others
    rings = [ring(radius, 90) for radius in (200.0, 205.0, 210.0)]
    x, y = (np.concatenate(side) for side in zip(*rings, strict=True))
    if filled:
        grid = np.arange(-190.0, 191, 20)
        at = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
        at = at[np.hypot(*at.T) < 195]
        x, y = np.append(x, at[:, 0]), np.append(y, at[:, 1])
    group, radius = np.zeros(len(x), dtype=np.int64), np.full(len(x), 50.0)
    got = join_discs(x, y, group, radius)
    assert shapely.get_num_interior_rings(got).tolist() == [0 if filled else 1]
    assert_same(got, plain(x, y, group, radius))


def test_most_discs_of_a_crowd_are_hidden() -> None:
    grid = np.arange(0.0, 600, 20)
    xy = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    hidden = discs._hidden(xy, np.zeros(len(xy), dtype=np.int64), np.full(len(xy), 75.0))
    assert hidden.sum() > 0.8 * len(xy)
    assert not hidden[(xy == 0).all(axis=1)].any()
