"""Views: known answers, brute force rays, an independent library, low houses, bad input."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import SchemaError, SettingsError
from hotspots.sightlines import (
    Obstacles,
    ViewOptions,
    existing_views,
    make_obstacles,
    views,
)
from tests.factories import CRS, X0, Y0

OPTIONS = ViewOptions(reach_m=50.0)
HERE = np.array([[X0, Y0]])
TURNING = np.array([np.nan])


def houses(*shapes: shapely.Geometry, **columns: list[object]) -> gpd.GeoDataFrame:
    moved = [shapely.affinity.translate(shape, X0, Y0) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


def obstacles(*shapes: shapely.Geometry, **columns: list[object]) -> Obstacles:
    return make_obstacles(houses(*shapes, **columns), options=OPTIONS, crs=CRS)


def view(
    found: Obstacles, bearing: float = np.nan, options: ViewOptions = OPTIONS
) -> shapely.Polygon:
    return views(HERE, np.array([bearing]), options, found)[0]


def codes(found: Obstacles) -> list[str]:
    return [notice.code for notice in found.notices]


# --- known answers


def test_open_ground_is_the_whole_circle_to_its_exact_area() -> None:
    seen = view(make_obstacles(None, options=OPTIONS, crs=CRS))
    assert seen.area == pytest.approx(np.pi * 50**2, abs=1e-6)
    far = np.hypot(*(np.array(seen.exterior.coords) - HERE).T)
    assert far.min() >= 49.99
    assert far.max() <= 50.01


@pytest.mark.parametrize(
    ("bearing", "towards"), [(0, (0, 1)), (90, (1, 0)), (180, (0, -1)), (225, (-1, -1))]
)
def test_bearings_run_clockwise_from_north(bearing: float, towards: tuple[float, float]) -> None:
    seen = view(make_obstacles(None, options=OPTIONS, crs=CRS), bearing)
    assert seen.area == pytest.approx(np.pi * 50**2 / 6, abs=1e-6)
    ahead = np.array(towards) / np.hypot(*towards) * 40
    assert seen.contains(shapely.Point(HERE[0] + ahead))
    assert not seen.contains(shapely.Point(HERE[0] - ahead))


def test_a_wall_hides_the_strip_behind_it_and_no_more() -> None:
    # a wall 10 m north, 20 m wide: it spans 90° and leaves the triangle before it
    seen = view(obstacles(shapely.box(-10, 10, 10, 12)))
    assert seen.area == pytest.approx(np.pi * 50**2 * 3 / 4 + 100, abs=1e-6)
    assert not seen.contains(shapely.Point(X0, Y0 + 20))
    assert seen.contains(shapely.Point(X0, Y0 + 9.99))


def test_a_closed_yard_is_seen_whole_and_nothing_else() -> None:
    ring = shapely.box(-20, -15, 20, 15).difference(shapely.box(-12, -9, 12, 9))
    assert view(obstacles(ring)).area == pytest.approx(24 * 18, abs=1e-9)


def test_the_sector_cuts_the_view_of_the_whole_turn() -> None:
    found = obstacles(shapely.box(-10, 10, 10, 12), shapely.box(15, -20, 25, 20))
    whole = view(found)
    sectors = [
        view(found, b, ViewOptions(reach_m=50.0, field_of_view_deg=60)) for b in range(0, 360, 60)
    ]
    assert sum(s.area for s in sectors) == pytest.approx(whole.area, abs=1e-6)
    assert all(whole.buffer(0.02).contains(s) for s in sectors)


def test_distances_of_the_standard() -> None:
    options = ViewOptions()
    assert options.distance_m("observe") == pytest.approx(53.2, abs=0.05)
    assert options.distance_m("recognise") == pytest.approx(26.6, abs=0.05)
    assert options.settled(40.0).metres() == 40.0
    lens = ViewOptions(reach_m="lens", purpose="identify").settled(40.0)
    assert lens.metres() == pytest.approx(13.3, abs=0.05)


# --- brute force and an independent library

SCENE = st.lists(
    st.tuples(
        st.floats(-55, 55), st.floats(-55, 55), st.floats(2, 30), st.floats(2, 30), st.floats(0, 90)
    ),
    min_size=1,
    max_size=12,
)


def scene(found: list[tuple[float, float, float, float, float]]) -> Obstacles:
    shapes = []
    for x, y, width, depth, turn in found:
        box = shapely.affinity.rotate(shapely.box(0, 0, width, depth), turn)
        shapes.append(shapely.affinity.translate(box, x, y))
    return obstacles(*shapes)


@settings(max_examples=60)
@given(SCENE, st.one_of(st.none(), st.floats(0, 360)), st.integers(0, 10_000))
def test_what_is_seen_is_what_rays_reach(
    found: list[tuple[float, float, float, float, float]], bearing: float | None, seed: int
) -> None:
    town = scene(found)
    if town.inside(HERE, margin_m=0.01)[0]:
        return
    seen = view(town, np.nan if bearing is None else bearing)
    assert seen.is_valid
    points = HERE + np.random.default_rng(seed).uniform(-51, 51, (400, 2))
    rays = shapely.linestrings(np.stack([np.repeat(HERE, len(points), 0), points], axis=1))
    free = shapely.length(shapely.intersection(rays, shapely.union_all(town.opaque))) < 1e-7
    free &= np.hypot(*(points - HERE).T) <= 50
    if bearing is not None:
        azimuth = np.degrees(np.arctan2(*(points - HERE).T))
        free &= np.abs((azimuth - bearing + 180) % 360 - 180) <= 30
    differ = free != shapely.contains_xy(seen, points)
    # only within 1 cm of the border: the chords instead of the arc
    assert (shapely.distance(shapely.points(points[differ]), seen.boundary) < 0.0101).all()


@settings(max_examples=40)
@given(SCENE)
def test_areas_as_cgal(found: list[tuple[float, float, float, float, float]]) -> None:
    pyvispoly = pytest.importorskip("pyvispoly")
    town = scene(found)
    holed = any(len(house.interiors) for house in town.opaque)
    if town.inside(HERE, margin_m=0.01)[0] or holed:
        return

    def ring(shape: shapely.Polygon) -> list[object]:
        corners = np.array(shape.exterior.coords)[:-1] - HERE
        return [pyvispoly.Point(x, y) for x, y in corners.tolist()]

    room = shapely.orient_polygons(shapely.box(X0 - 200, Y0 - 200, X0 + 200, Y0 + 200))
    holes = shapely.orient_polygons(town.opaque, exterior_cw=True)
    plan = pyvispoly.PolygonWithHoles(
        pyvispoly.Polygon(ring(room)), [pyvispoly.Polygon(ring(hole)) for hole in holes]
    )
    seen = pyvispoly.VisibilityPolygonCalculator(plan).compute_visibility_polygon(
        pyvispoly.Point(0, 0)
    )
    theirs = shapely.Polygon([(float(p.x()), float(p.y())) for p in seen.boundary()])
    disc = shapely.Point(0, 0).buffer(50, quad_segs=4096)
    assert view(town).area == pytest.approx(theirs.intersection(disc).area, abs=0.1)


def test_order_of_rows_and_place_on_the_map_change_nothing() -> None:
    rng = np.random.default_rng(4)
    shapes = [shapely.box(x, y, x + 9, y + 7) for x, y in rng.uniform(-60, 60, (30, 2))]
    table = houses(*shapes)
    xy = HERE + rng.uniform(-40, 40, (20, 2))
    turning = np.full(20, np.nan)
    one = views(xy, turning, OPTIONS, make_obstacles(table, options=OPTIONS, crs=CRS))
    other = make_obstacles(table.iloc[::-1], options=OPTIONS, crs=CRS)
    assert shapely.equals_exact(one, views(xy, turning, OPTIONS, other), 0.0).all()
    assert shapely.equals_exact(one[::-1], views(xy[::-1], turning, OPTIONS, other), 0.0).all()


# --- houses lower than the camera


def test_the_shadow_of_a_low_house_ends_where_the_line_over_its_roof_meets_the_ground() -> None:
    # 2.5 m high under a camera at 5 m: hidden to twice the distance of its far side
    found = obstacles(shapely.box(-5, 10, 5, 12), height_m=[2.5])
    seen = view(found)
    axis = [y for y in np.arange(0.5, 50, 1.0) if seen.contains(shapely.Point(X0, Y0 + y))]
    assert max(y for y in axis if y < 15) == 9.5
    assert min(y for y in axis if y > 15) == 24.5
    wall = obstacles(shapely.box(-5, 10, 5, 12), height_m=[5.0])
    assert view(wall).area < seen.area < np.pi * 50**2 - 20


@settings(max_examples=30)
@given(SCENE, st.floats(0.5, 4.5), st.integers(0, 10_000))
def test_low_houses_against_rays_in_space(
    found: list[tuple[float, float, float, float, float]], height: float, seed: int
) -> None:
    shapes = [
        shapely.affinity.translate(shapely.affinity.rotate(shapely.box(0, 0, w, d), t), x, y)
        for x, y, w, d, t in found
    ]
    town = obstacles(*shapes, height_m=[height] * len(shapes))
    if town.inside(HERE, margin_m=0.01)[0]:
        return
    seen = view(town)
    points = HERE + np.random.default_rng(seed).uniform(-34, 34, (200, 2))
    # the ray is below the roofs on its last part: where 5 (1 − s) < height
    low = points + (HERE - points) * (height / 5.0)
    rays = shapely.linestrings(np.stack([low, points], axis=1))
    free = shapely.length(shapely.intersection(rays, shapely.union_all(town.low))) < 1e-7
    differ = free != shapely.contains_xy(seen, points)
    near = shapely.distance(shapely.points(points[differ]), seen.boundary)
    assert (near < 1e-6).all()


def test_storeys_stand_in_for_heights_and_a_canopy_hides_nothing() -> None:
    box = shapely.box(-10, 10, 10, 12)
    assert len(obstacles(box, levels=["1"]).low) == 1
    assert len(obstacles(box, levels=["2"]).low) == 0
    roof = obstacles(box, building=["roof"])
    assert view(roof).area == pytest.approx(np.pi * 50**2, abs=1e-6)
    assert "see_through" in codes(roof)


# --- bad input


def test_no_buildings_is_told() -> None:
    found = make_obstacles(None, options=OPTIONS, crs=CRS)
    assert not found.tested
    assert codes(found) == ["sight_not_tested"]
    empty = make_obstacles(houses(shapely.box(0, 0, 1, 1)).iloc[:0], options=OPTIONS, crs=CRS)
    assert codes(empty) == ["sight_not_tested"]


def test_a_footprint_that_crosses_itself_is_mended_and_told() -> None:
    bow = shapely.Polygon([(-10, 10), (10, 20), (10, 10), (-10, 20)])
    flat = shapely.Polygon([(30, 30), (31, 31), (30, 30)])
    found = obstacles(bow, flat)
    told = next(n for n in found.notices if n.code == "footprints_mended")
    assert told.data == {"mended": 2, "dropped": 1}
    assert not view(found).contains(shapely.Point(X0 + 9, Y0 + 40))


def test_overlapping_footprints_are_one_house_and_told() -> None:
    one, other = shapely.box(-10, 10, 2, 12), shapely.box(-2, 10, 10, 12)
    found = obstacles(one, other, one)
    told = next(n for n in found.notices if n.code == "footprints_overlap")
    assert told.data == {"n": 3}
    whole = obstacles(shapely.box(-10, 10, 10, 12))
    assert view(found).area == pytest.approx(view(whole).area, abs=1e-9)
    # neighbours that only share a wall are not told of
    assert "footprints_overlap" not in codes(obstacles(one, shapely.box(2, 10, 10, 12)))


def test_a_camera_in_a_house_sees_nothing() -> None:
    assert view(obstacles(shapely.box(-5, -5, 5, 5))).is_empty
    assert view(obstacles(shapely.box(0, -5, 5, 5))).is_empty  # in the wall


@pytest.mark.parametrize("reach", [0.0, -5.0])
def test_no_reach_is_a_fault(reach: float) -> None:
    found = make_obstacles(None, options=OPTIONS, crs=CRS)
    with pytest.raises(SettingsError, match=r"ger ingen vy") as error:
        views(HERE, TURNING, ViewOptions(reach_m=reach), found)
    assert error.value.faults[0].code == "no_reach"


def test_another_system_is_an_error_of_the_program() -> None:
    with pytest.raises(SchemaError):
        make_obstacles(houses(shapely.box(0, 0, 1, 1)), options=OPTIONS, crs="EPSG:3007")


# --- existing cameras


def test_existing_cameras_with_and_without_what_is_known() -> None:
    table = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "bearing_deg": [90.0, None, None], "reach_m": [20.0, None, None]},
        geometry=[
            shapely.Point(X0, Y0),
            shapely.Point(X0 + 200, Y0),
            shapely.box(X0 + 400, Y0, X0 + 410, Y0 + 10),
        ],
        crs=CRS,
    )
    found = existing_views(
        table, options=OPTIONS, obstacles=make_obstacles(None, options=OPTIONS, crs=CRS), crs=CRS
    )
    area = dict(zip(found.ids, shapely.area(found.seen), strict=True))
    assert area["a"] == pytest.approx(np.pi * 400 / 6, abs=1e-6)
    assert area["b"] == pytest.approx(np.pi * 2500, abs=1e-6)
    assert area["c"] == 100
    assert found.notices[0].data == {"n": 2, "no_reach": 1, "turning": 1}
