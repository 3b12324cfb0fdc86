"""What counts as seen: shares of an uncertain place, against chance, known answers and relations."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import owens_t

from geodata.schema import GEOCODE_CLASSES
from hotspots.sightlines import (
    Obstacles,
    ViewOptions,
    best_bearings,
    make_obstacles,
    open_mass,
    place_sigma,
    seen_shares,
    shares_within,
)
from hotspots.stability import MEDIAN_RADIUS, StabilityOptions
from tests.factories import CRS, X0, Y0

OPTIONS = ViewOptions(reach_m=50.0)
HERE = np.array([[X0, Y0]])
TURNING = np.array([np.nan])
OPEN = make_obstacles(None, options=OPTIONS, crs=CRS)


def town(*shapes: shapely.Geometry) -> Obstacles:
    moved = [shapely.affinity.translate(shape, X0, Y0) for shape in shapes]
    return make_obstacles(gpd.GeoDataFrame(geometry=moved, crs=CRS), options=OPTIONS, crs=CRS)


def share(found: Obstacles, place: tuple[float, float], sigma: float) -> float:
    at = HERE + np.array(place)
    return float(seen_shares(HERE, TURNING, at, np.array([sigma]), OPTIONS, found)[0, 0])


@pytest.mark.parametrize("sigma", [5.0, 25.0, 70.5, 250.0])
def test_a_camera_at_the_point_itself_on_open_ground(sigma: float) -> None:
    # the mass of a disc around the centre: 1 − exp(−r² / 2σ²)
    assert share(OPEN, (0, 0), sigma) == pytest.approx(
        1 - np.exp(-(50**2) / (2 * sigma**2)), abs=1e-4
    )


@settings(max_examples=40)
@given(
    st.floats(-3, 3),
    st.floats(-3, 3),
    st.floats(0.05, 4),
    st.floats(0.05, 4),
    st.floats(0, 2 * np.pi),
)
def test_mass_of_an_edge_as_owens_t(
    x: float, y: float, length: float, scale: float, turn: float
) -> None:
    from hotspots.sightlines.gaussian import edge_mass

    a = scale * np.array([x, y])
    b = a + length * np.array([np.cos(turn), np.sin(turn)])
    along = (b - a) / np.hypot(*(b - a))
    h = a[0] * along[1] - a[1] * along[0]
    if abs(h) < 1e-6:
        return
    begin, end = a @ along, b @ along
    angle = np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)
    wedge = owens_t(h, end / h) - owens_t(h, begin / h)
    exact = angle / (2 * np.pi) - wedge
    assert edge_mass(*a, *b) == pytest.approx(exact, abs=1e-6)


def test_against_chance_among_houses() -> None:
    rng = np.random.default_rng(7)
    shapes = [
        shapely.affinity.rotate(shapely.box(x, y, x + 25, y + 14), 10 * k)
        for k, (x, y) in enumerate(rng.uniform(-130, 130, (40, 2)))
        if np.hypot(x + 12, y + 7) > 25
    ]
    found = town(*shapes)
    houses = shapely.union_all(found.houses)
    shapely.prepare(houses)
    for place, sigma in (((20.0, 10.0), 70.5), ((-60.0, 0.0), 30.0), ((0.0, 90.0), 110.0)):
        from hotspots.sightlines import views

        seen = views(HERE, TURNING, OPTIONS, found)[0]
        drawn = HERE + place + rng.normal(0, sigma, (400_000, 2))
        free = drawn[~shapely.contains_xy(houses, drawn)]
        by_chance = shapely.contains_xy(seen, free).mean()
        error = np.sqrt(by_chance * (1 - by_chance) / len(free))
        assert share(found, place, sigma) == pytest.approx(by_chance, abs=5 * error)
        mass = open_mass(HERE + place, np.array([sigma]), found)[0]
        assert mass == pytest.approx(len(free) / len(drawn), abs=4e-3)


def test_shares_of_views_that_part_the_ground_sum_to_that_of_the_whole() -> None:
    found = town(shapely.box(10, 10, 30, 20), shapely.box(-40, -30, -10, -20))
    places = HERE + np.random.default_rng(2).uniform(-80, 80, (25, 2))
    sigma = np.full(25, 60.0)
    whole = seen_shares(HERE, TURNING, places, sigma, OPTIONS, found).toarray()[0]
    parts = [
        seen_shares(HERE, np.array([b]), places, sigma, OPTIONS, found).toarray()[0]
        for b in range(0, 360, 60)
    ]
    assert np.sum(parts, axis=0) == pytest.approx(whole, abs=6e-4)  # small shares are left out
    assert (whole <= 1).all()
    assert (whole > 0.05).any()


def test_a_place_inside_a_house_counts_by_the_open_ground_around_it() -> None:
    house = shapely.box(-20, 5, 20, 45)
    found = town(house)
    place = HERE + np.array([0.0, 25.0])  # in the middle of the house
    mass = open_mass(place, np.array([20.0]), found)[0]
    # a square of ±1 σ holds 0.6827² of the mass
    assert mass == pytest.approx(1 - 0.682689**2, abs=1e-6)
    assert 0 < share(found, (0.0, 25.0), 20.0) < 1


def test_all_ground_in_view_is_seen_wholly() -> None:
    yard = shapely.box(-300, -300, 300, 300).difference(shapely.box(-20, -20, 20, 20))
    assert share(town(yard), (0.0, 0.0), 15.0) == pytest.approx(1.0, abs=1e-6)


def test_exact_points_are_in_view_or_not() -> None:
    found = town(shapely.box(-10, 10, 10, 30))
    assert share(found, (0, 9), 0.0) == 1
    assert share(found, (0, 12), 0.0) == 1  # in the house: at its nearest wall, which is in view
    assert share(found, (0, 28), 0.0) == 0  # the nearest wall is the one behind
    assert share(found, (0, 40), 0.0) == 0


def test_order_changes_nothing_and_small_shares_are_left_out() -> None:
    rng = np.random.default_rng(3)
    places, sigma = HERE + rng.uniform(-400, 400, (40, 2)), rng.choice([0.0, 30.0, 70.5], 40)
    xy = HERE + rng.uniform(-100, 100, (6, 2))
    turning = np.full(6, np.nan)
    one = seen_shares(xy, turning, places, sigma, OPTIONS, OPEN)
    other = seen_shares(xy[::-1], turning, places[::-1], sigma[::-1], OPTIONS, OPEN)
    assert (one.toarray() == other.toarray()[::-1, ::-1]).all()
    assert one.data.min() >= 1e-4
    assert one.has_sorted_indices


def test_any_polygons_may_be_asked_for() -> None:
    half = shapely.box(X0, Y0 - 900, X0 + 900, Y0 + 900)
    both = shapely.MultiPolygon([half, shapely.box(X0 - 900, Y0 - 900, X0 - 500, Y0 + 900)])
    asked = np.array([half, both, shapely.Polygon()], dtype=object)
    found = shares_within(asked, HERE, np.array([70.5]), OPEN).toarray()[:, 0]
    assert found == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)


def test_sigma_is_that_of_the_class_of_most_events() -> None:
    kinds = pd.Series(
        pd.Categorical(["address", "street", "street", "area"], categories=GEOCODE_CLASSES)
    )
    errors = StabilityOptions()
    found = place_sigma(np.array([0, 0, 0, 1]), kinds, 2, errors)
    assert found == pytest.approx(np.array([130.0, 300.0]) / MEDIAN_RADIUS)


def test_bearings_look_at_what_there_is_to_see() -> None:
    found = town(shapely.box(5, -30, 8, 30))  # a wall to the east
    places = HERE + np.array([[30.0, 0.0], [0.0, 30.0], [-25.0, -25.0]])
    weight = np.array([100.0, 2.0, 5.0])
    options = ViewOptions(reach_m=50.0, field_of_view_deg=60)
    best = best_bearings(HERE, places, np.full(3, 5.0), weight, options, found, most=3)
    assert abs(best[0, 0] - 225) <= 15
    assert min(abs(best[0, 1] - 0), 360 - best[0, 1]) <= 15
    nothing = best_bearings(HERE + 500, places, np.full(3, 5.0), weight, options, found)
    assert np.isnan(nothing).all()
