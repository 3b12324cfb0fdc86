"""Names of systems, what a project may stand in, and reprojection by known answers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geodata.crs import (
    NAMES,
    area_of_use,
    canonical_crs,
    check_project_crs,
    crs_name,
    parse_crs,
    same_crs,
    to_crs_points,
    to_crs_table,
    transform,
    transform_bounds,
)
from geodata.errors import DataError, SettingsError

# One point in the middle of Norrköping in each system: easting, northing.
CENTRE = {
    "EPSG:4326": (16.186, 58.592),
    "EPSG:3006": (568941, 6495231),
    "EPSG:3021": (1522146, 6496652),
    "EPSG:3010": (131740, 6497264),
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SWEREF 99 TM", 3006),
        ("sweref99tm", 3006),
        ("SWEREF99 16 30", 3010),
        ("SWEREF 99 16 30", 3010),
        ("RT90 2.5 gon V", 3021),
        ("RT 90 2,5 gon v", 3021),
        ("WGS84", 4326),
        ("WGS 84", 4326),
        ("EPSG:2227", 2227),
        ("epsg:3006", 3006),
        ("3006", 3006),
        ("+proj=utm +zone=33 +ellps=GRS80 +units=m", 25833),
    ],
)
def test_systems_are_known_by_the_names_people_write(text, code):
    assert parse_crs(text).to_epsg() == code


def test_each_name_is_the_system_of_its_code():
    for name, code in NAMES.items():
        assert crs_name(name) == f"{name} (EPSG:{code})"
        figures = [part for part in name.split() if part.isdigit() and len(part) == 2]
        if name.startswith("SWEREF 99 ") and name != "SWEREF 99 TM":
            assert "".join(figures[-2:]) in parse_crs(name).name.replace(" ", "")


def test_unknown_system_names_the_nearest():
    with pytest.raises(SettingsError) as caught:
        parse_crs("SWEREF 99 TN")
    fault = caught.value.faults[0]
    assert fault.code == "unknown_crs"
    assert "SWEREF 99 TM" in fault.next_step


@pytest.mark.parametrize("text", ["EPSG:3006", "SWEREF 99 16 30", "EPSG:32617", "EPSG:27700"])
def test_metric_systems_may_hold_a_project(text):
    assert check_project_crs(text) == canonical_crs(text)


@pytest.mark.parametrize(
    ("text", "word"), [("WGS84", "grader"), ("EPSG:2227", "foot"), ("EPSG:3857", "marken")]
)
def test_degrees_feet_and_mercator_may_not(text, word):
    with pytest.raises(SettingsError) as caught:
        check_project_crs(text)
    fault = caught.value.faults[0]
    assert fault.code == "crs_not_metric"
    assert word in fault.why


def test_unknown_project_system():
    with pytest.raises(SettingsError) as caught:
        check_project_crs("EPSG:999999")
    assert caught.value.faults[0].code == "unknown_crs"


@pytest.mark.parametrize("source", CENTRE)
@pytest.mark.parametrize("target", CENTRE)
def test_known_points_within_a_metre(source, target):
    # From whole metres to degrees a metre is some 0.00002 degrees.
    tolerance = 2e-5 if target == "EPSG:4326" else 1.0
    x, y = CENTRE[source]
    east, north = to_crs_points(np.array([x, x]), np.array([y, y]), source, target)
    assert east == pytest.approx([CENTRE[target][0]] * 2, abs=tolerance)
    assert north == pytest.approx([CENTRE[target][1]] * 2, abs=tolerance)


@given(
    st.lists(st.tuples(st.floats(11, 24), st.floats(55, 69)), min_size=1, max_size=20),
    st.sampled_from(["EPSG:3006", "EPSG:3010", "EPSG:3021"]),
)
def test_there_and_back_is_the_same_place(points, crs):
    x, y = (np.array(values) for values in zip(*points, strict=True))
    east, north = to_crs_points(x, y, "EPSG:4326", crs)
    back_x, back_y = to_crs_points(east, north, crs, "EPSG:4326")
    np.testing.assert_allclose(back_x, x, atol=1e-6)
    np.testing.assert_allclose(back_y, y, atol=1e-6)


def test_distinct_points_give_the_same_as_each_point():
    rng = np.random.default_rng(0)
    x, y = rng.integers(10, 14, 200) * 1.0, rng.integers(55, 60, 200) * 1.0
    np.testing.assert_array_equal(
        to_crs_points(x, y, "WGS84", "EPSG:3006"), transform(x, y, "WGS84", "EPSG:3006")
    )


def test_missing_and_impossible_points_become_nan():
    east, north = to_crs_points(
        np.array([np.nan, 16.0, 1e9]), np.array([58.0, 58.0, 58.0]), "WGS84", "EPSG:3006"
    )
    assert np.isnan(east).tolist() == np.isnan(north).tolist() == [True, False, True]


def test_axis_order_of_the_register_does_not_matter():
    assert same_crs("WGS84", "OGC:CRS84")
    assert not same_crs("EPSG:3006", "EPSG:3021")


def test_bounds_hold_every_point_of_the_box():
    box = (546000.0, 6467000.0, 619000.0, 6526000.0)
    west, south, east, north = transform_bounds(box, "EPSG:3006", "WGS84")
    x, y = np.meshgrid(np.linspace(box[0], box[2], 30), np.linspace(box[1], box[3], 30))
    lon, lat = transform(x.ravel(), y.ravel(), "EPSG:3006", "WGS84")
    assert lon.min() >= west - 1e-4
    assert lon.max() <= east + 1e-4
    assert lat.min() >= south - 1e-4
    assert lat.max() <= north + 1e-4


def test_area_of_use_is_in_degrees():
    west, south, east, north = area_of_use("EPSG:3006")
    assert 10 < west < 12
    assert 23 < east < 25
    assert 54 < south < 56
    assert 69 < north < 70


def test_tables_are_reprojected_and_left_alone():
    table = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(16.186, 58.592)], crs=4326)
    there = to_crs_table(table, "SWEREF 99 TM")
    assert there.geometry[0].x == pytest.approx(568941, abs=1)
    assert there.geometry[0].y == pytest.approx(6495231, abs=1)
    assert table.geometry[0].x == 16.186
    again = to_crs_table(there, "EPSG:3006")
    assert again is not there
    assert again.geometry.equals(there.geometry)


def test_a_table_without_a_system_is_refused():
    with pytest.raises(DataError) as caught:
        to_crs_table(gpd.GeoDataFrame(geometry=[Point(0, 0)]), "EPSG:3006")
    assert caught.value.faults[0].code == "missing_crs"
