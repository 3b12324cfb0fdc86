"""Which points are tried where there are many: bounds that hold, and what is told."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hotspots.cameraplan import CameraSettings, Decided, plan_cameras
from hotspots.candidates import CandidateOptions
from hotspots.choosing.frontier import frontier
from hotspots.choosing.gain import in_steps
from hotspots.choosing.options import ChoiceOptions
from hotspots.choosing.problem import Problem, tidied
from hotspots.clusters import find_hotspots
from hotspots.nearsums import sums_within
from hotspots.options import CameraOptions, HotspotOptions
from hotspots.sightlines import ViewOptions, make_obstacles, open_mass, shares_within, views
from hotspots.sightlines.reachable import circle_shares, most_in_reach
from tests.factories import CRS, make_incidents, make_places

STEPS = 20
REACH = 50.0
VIEWS = ViewOptions(reach_m=REACH)


def scene(seed: int, houses: int):
    """Return points, places with exact and very inexact ones, weights and houses."""
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 380, (houses, 2))
    shapes = [shapely.box(x, y, x + 30, y + 20) for x, y in corner.tolist()]
    layer = gpd.GeoDataFrame(geometry=shapes, crs=CRS) if houses else None
    town = make_obstacles(layer, options=VIEWS, crs=CRS)
    place = rng.uniform(0, 400, (60, 2))
    sigma = rng.choice([0.0, 3.0, 25.0, 70.0], 60)
    return rng.uniform(0, 400, (25, 2)), place, sigma, rng.integers(1, 9, 60), town


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), houses=st.integers(0, 8))
def test_no_view_holds_more_than_its_bound(seed, houses) -> None:
    xy, place, sigma, weight, town = scene(seed, houses)
    ground = open_mass(place, sigma, town)
    seen = views(xy, np.full(len(xy), np.nan), VIEWS, town)
    gain = shares_within(seen, place, sigma, town, open_share=ground)
    held = np.asarray(in_steps(gain, STEPS) @ weight) / STEPS
    most = most_in_reach(xy, place, sigma, ground, weight, town, reach_m=REACH, steps=STEPS)
    assert (most >= held - 1e-9).all()
    if not houses:  # and it is tight: a step a place at most, where one lies on the border
        assert most.sum() <= held.sum() * 1.05 + 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_shares_of_circles_are_those_of_their_polygons(seed) -> None:
    xy, place, sigma, _weight, town = scene(seed, 0)
    ground = open_mass(place, sigma, town)
    seen = views(xy, np.full(len(xy), np.nan), VIEWS, town)
    exact = shares_within(seen, place, sigma, town, open_share=ground).toarray()
    found = circle_shares(xy, place, sigma, ground, town, reach_m=REACH, least=1e-4).toarray()
    border = np.abs(np.hypot(*(xy[:, None] - place[None]).transpose(2, 0, 1)) - REACH) < 0.1
    point = border & (sigma < 0.5)  # a point on the very border is in view or not
    assert np.abs(np.where(point, 0, found - exact)).max() < 2e-3
    assert np.abs(np.where(point, 0, found - exact))[:, sigma > 20].max() < 1.1e-4


@pytest.mark.parametrize("least", [1e-4, 0.025])
def test_a_greater_least_share_leaves_out_just_the_smaller(least) -> None:
    xy, place, sigma, _weight, town = scene(7, 6)
    seen = views(xy, np.full(len(xy), np.nan), VIEWS, town)
    full = shares_within(seen, place, sigma, town).toarray()
    found = shares_within(seen, place, sigma, town, least=least).toarray()
    assert np.array_equal(found, np.where(full >= least, full, 0))


def many():
    """Return incidents at twelve places of two hot spots, the second one small."""
    rng = np.random.default_rng(3)
    big = np.column_stack([rng.integers(0, 200, 150), rng.integers(0, 200, 150)])
    small = np.column_stack([rng.integers(1000, 1040, 12), rng.integers(0, 40, 12)])
    xy = np.concatenate([big, small])
    days = (np.arange(len(xy)) % 28).tolist()
    return make_incidents(
        x=xy[:, 0].tolist(), y=xy[:, 1].tolist(), day=days, geocode_class="address"
    )


LOOSE = HotspotOptions(
    window_months=24, top_share=1, min_events=2, min_days=1, min_quarters_per_year=0,
    min_samples=2, weight="events",
)  # fmt: skip


def plan(incidents, tried: int, each: int = 2, **more):
    own = CameraSettings(
        cameras=CameraOptions(min_events=2),
        candidates=CandidateOptions(most_tried=tried, tried_each=each),
        choice=ChoiceOptions(n_cameras=3, limits=()),
    )
    spots = find_hotspots(incidents, make_places(incidents), LOOSE, crs=CRS)
    return plan_cameras(incidents, spots, {}, own, crs=CRS, **more), spots


def test_the_best_points_give_the_same_proposals_as_all() -> None:
    incidents = many()
    everything, _spots = plan(incidents, 100_000)
    some, spots = plan(incidents, 30)
    assert some.sites["candidate_id"].tolist() == everything.sites["candidate_id"].tolist()
    assert some.choice.covered == everything.choice.covered
    assert len(some.scene.seen) < len(everything.scene.seen)
    assert "standings_tried" not in {one.code for one in everything.notices}
    told = next(one for one in some.notices if one.code == "standings_tried")
    assert told.data["n_tried"] == len(some.scene.seen)
    assert told.data["n"] == len(everything.scene.seen)
    # the bound of what was left out is that of the best of them, seen with all tried
    seen = everything.choice.considered.set_index("candidate_id")["events_seen"]
    left = seen.drop(index=list(some.scene.ids))
    assert left.max() <= told.data["most_left"] <= seen.max()
    # every hot spot has its best points among those tried
    assert set(some.scene.stand.hotspot.tolist()) == set(range(len(spots.table)))


def test_points_of_decisions_are_tried_however_little_they_see() -> None:
    incidents = many()
    everything, _spots = plan(incidents, 100_000)
    seen = everything.choice.considered.set_index("candidate_id")["events_seen"]
    worst = everything.scene.ids.tolist().index(seen.idxmin())
    x, y = everything.scene.xy[worst].tolist()
    decided = Decided("K01", str(seen.idxmin()), x, y, "decided")
    found, _spots = plan(incidents, 10, 0, decided=[decided])
    assert found.sites["candidate_id"].tolist()[0:1] != []
    assert str(seen.idxmin()) in found.sites["candidate_id"].tolist()


@given(
    points=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20),
    others=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20),
    radius=st.integers(1, 40),
)
@settings(max_examples=60, deadline=None)
def test_sums_near_points_against_all_pairs(points, others, radius) -> None:
    at, other = np.array(points, dtype=float), np.array(others, dtype=float)
    figures = np.arange(2 * len(other)).reshape(-1, 2)
    near = np.hypot(*(at[:, None] - other[None]).transpose(2, 0, 1)) <= radius
    assert np.array_equal(sums_within(at, other, figures, float(radius)), near @ figures)


def test_limits_that_cannot_bind_are_none_and_equal_costs_are_a_number_of_sites() -> None:
    problem = Problem(
        reach=csr_array(np.eye(4, dtype=np.int64)),
        worth=np.array([4, 3, 2, 1]),
        point=np.arange(4),
        use=np.column_stack([np.full(4, 10), [1, 2, 3, 4], [5, 5, 5, 90]]),
        room=np.array([25, 9, 20]),
        price=np.full(4, 10),
        k=4,
    )
    found = tidied(problem)
    assert found.k == 2
    # of two sites the second limit holds any, the third does not hold the last one
    assert found.use.T.tolist() == [[5, 5, 5, 90]]
    assert found.room.tolist() == [20]


def test_equal_costs_give_one_set_a_number_of_sites() -> None:
    rng = np.random.default_rng(5)
    gain = csr_array((rng.random((30, 60)) < 0.1).astype(float))
    costs = pd.DataFrame(
        {"candidate_id": [f"C{i:02d}" for i in range(30)], "area_m2": np.full(30, 7853.9)}
    )
    options = ChoiceOptions(n_cameras=4, limits=(), frontier_cost="area_m2")
    found = frontier(gain, np.ones(60, dtype=np.int64), costs, options)
    assert found.complete
    assert found.points["n_cameras"].tolist() == [0, 1, 2, 3, 4]
    fewer = [
        frontier(gain, np.ones(60, dtype=np.int64), costs, replace(options, n_cameras=k))
        for k in (1, 2, 3, 4)
    ]
    best = [0.0, *(one.points["events_added"].max() for one in fewer)]
    assert found.points["events_added"].tolist() == best
