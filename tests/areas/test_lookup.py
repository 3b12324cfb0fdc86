"""Points in polygons, against brute force: every pair tested by `shapely.covers`."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from areas import lookup
from areas.lookup import covering

FINE, COARSE = 0.02, 4.0
"""Points a cell: the first makes many more cells than points, as a real run has with a million."""


def brute(x: np.ndarray, y: np.ndarray, polygons: np.ndarray) -> list[list[int]]:
    points = shapely.points(x, y)
    return [[j for j, p in enumerate(polygons) if shapely.covers(p, q)] for q in points]


def layers_as_lists(layers: list[np.ndarray]) -> list[list[int]]:
    return [[int(layer[i]) for layer in layers if layer[i] >= 0] for i in range(len(layers[0]))]


def compare(
    x: np.ndarray, y: np.ndarray, polygons: list[shapely.Geometry], per_cell: float
) -> None:
    shapes = np.array(polygons, dtype=object)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "POINTS_A_CELL", per_cell)
        expected = brute(x, y, shapes)
        assert layers_as_lists(covering(x, y, shapes, every=True)) == expected
        first = covering(x, y, shapes, every=False)
        assert len(first) == 1
        assert first[0].tolist() == [e[0] if e else -1 for e in expected]


def star(rng: np.random.Generator, n: int, *, whole: bool) -> shapely.Polygon:
    """Return a spiky polygon, possibly with a hole; with `whole` on whole metres."""
    centre = rng.uniform(0, 40, 2)
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    far = rng.uniform(3, 25, (n, 1))
    ring = centre + far * np.column_stack([np.cos(angle), np.sin(angle)])
    shape = shapely.Polygon(np.round(ring) if whole else ring)
    shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if rng.random() < 0.4:
        shape = shape.difference(shapely.Point(centre).buffer(2, quad_segs=2))
    good = shape.geom_type in {"Polygon", "MultiPolygon"} and not shape.is_empty
    return shape if good else shapely.box(0, 0, 9, 9)


@given(st.integers(0, 10**6), st.sampled_from([FINE, COARSE]), st.booleans())
def test_equals_brute_force(seed: int, per_cell: float, whole: bool) -> None:
    rng = np.random.default_rng(seed)
    polygons = [star(rng, int(rng.integers(3, 15)), whole=whole) for _ in range(rng.integers(1, 6))]
    x, y = rng.uniform(-10, 50, (2, 60))
    if whole:  # so that many points stand on vertices and edges
        x, y = np.round(x), np.round(y)
    vertices = shapely.get_coordinates(polygons)
    x, y = np.append(x, vertices[:, 0]), np.append(y, vertices[:, 1])
    compare(x, y, polygons, per_cell)


@given(st.integers(0, 10**6), st.sampled_from([FINE, COARSE]))
def test_neighbours_that_share_borders(seed: int, per_cell: float) -> None:
    rng = np.random.default_rng(seed)
    seeds = shapely.MultiPoint(rng.integers(0, 50, (12, 2)))
    cells = shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 50, 50))
    polygons = list(cells.geoms)
    corners = shapely.get_coordinates(polygons)
    middles = (corners[1:] + corners[:-1]) / 2
    x, y = np.concatenate([rng.uniform(-5, 55, (80, 2)), corners, middles]).T
    compare(x, y, polygons, per_cell)


@pytest.mark.parametrize("per_cell", [FINE, COARSE])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e5])
def test_far_from_the_origin_and_at_any_scale(per_cell: float, scale: float) -> None:
    rng = np.random.default_rng(3)
    shift = np.array([569_914.37, 6_492_799.91])
    polygons = [
        shapely.transform(star(rng, 12, whole=False), lambda xy: xy * scale + shift)
        for _ in range(5)
    ]
    valid = [p for p in polygons if p.is_valid]
    assert valid
    x, y = (rng.uniform(-10, 50, (500, 2)) * scale + shift).T
    compare(x, y, valid, per_cell)


@pytest.mark.parametrize("per_cell", [FINE, COARSE])
def test_long_flat_edges_across_a_small_grid(per_cell: float) -> None:
    """An edge of 100 km that rises a hair crosses points that all stand within some metres."""
    polygon = shapely.Polygon([(-5e4, -1e4), (5e4, -1e4), (5e4, 1e-3), (-5e4, -1e-3)])
    rng = np.random.default_rng(1)
    x = rng.uniform(-2, 2, 400)
    y = rng.choice([-1e-3, 0.0, 1e-3, 1e-9, -1e-9, 2e-8], 400) + rng.normal(0, 1e-9, 400)
    compare(x, y, [polygon], per_cell)


@pytest.mark.parametrize("n", [0, 1])
def test_few_points_and_few_areas(n: int) -> None:
    x, y = np.full(n, 5.0), np.full(n, 5.0)
    none = np.array([], dtype=object)
    box = np.array([shapely.box(0, 0, 5, 5)], dtype=object)
    assert [v.tolist() for v in covering(x, y, none, every=True)] == [[-1] * n]
    assert [v.tolist() for v in covering(x, y, box, every=True)] == [[0] * n]
    assert covering(x + 1, y, box, every=False)[0].tolist() == [-1] * n


def test_points_without_coordinates_lie_nowhere() -> None:
    box = np.array([shapely.box(0, 0, 5, 5)], dtype=object)
    x, y = np.array([1.0, np.nan, 1.0, 9.0]), np.array([1.0, 1.0, np.nan, 1.0])
    assert covering(x, y, box, every=False)[0].tolist() == [0, -1, -1, -1]


def test_overlapping_areas_come_in_order() -> None:
    boxes = np.array([shapely.box(i, 0, 10, 10) for i in (4, 0, 2)], dtype=object)
    x, y = np.array([5.0, 3.0, 1.0]), np.full(3, 5.0)
    assert layers_as_lists(covering(x, y, boxes, every=True)) == [[0, 1, 2], [1, 2], [1]]
