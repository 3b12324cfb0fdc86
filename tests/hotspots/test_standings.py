"""Where a camera could stand: own points, streets, corners; out of houses, on public ground."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.candidates import CandidateOptions, Standings, find_standings
from hotspots.sightlines import ViewOptions, make_obstacles
from tests.factories import CRS, X0, Y0

VIEWS = ViewOptions(reach_m=50.0)


def layer(*shapes: shapely.Geometry, **columns: list[Any]) -> gpd.GeoDataFrame:
    moved = [shapely.affinity.translate(shape, X0, Y0) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


def find(
    houses: gpd.GeoDataFrame | None = None, options: CandidateOptions | None = None, **layers: Any
) -> Standings:
    return find_standings(
        layer(shapely.box(0, 0, 100, 100), hotspot_id=["H1"]),
        layers,
        obstacles=make_obstacles(houses, options=VIEWS, crs=CRS),
        reach_m=50,
        spacing_m=25,
        options=options or CandidateOptions(),
        crs=CRS,
    )


def codes(found: Standings) -> list[str]:
    return [notice.code for notice in found.notices]


def test_own_points_are_moved_out_of_houses_or_struck() -> None:
    poles = layer(
        shapely.Point(50, 50),
        shapely.Point(14, 28),  # 2 m inside the north wall
        shapely.Point(10, 15),  # in the wall
        shapely.Point(30, 20),  # 10 m from any wall
        shapely.Point(500, 500),  # far from the hot spot
        pole_id=["free", "inside", "wall", "deep", "far"],
    )
    found = find(layer(shapely.box(10, 10, 50, 30)), poles=poles)
    assert found.ids.tolist() == ["wall", "inside", "free"]
    expected = np.array([[9.7, 15.0], [14.0, 30.3], [50.0, 50.0]])
    assert np.abs(found.xy - (X0, Y0) - expected).max() < 0.011
    assert found.moved_m == pytest.approx([0.3, 2.3, 0.0], abs=0.011)
    rejected = dict(zip(found.rejected["id"], found.rejected["reason"], strict=True))
    assert rejected == {"deep": "inside_building", "far": "far"}
    told = next(n for n in found.notices if n.code == "standings_in_houses")
    assert told.data == {"moved": 2, "struck": 1}


def test_corners_of_houses_outside_both_walls() -> None:
    house = shapely.box(10, 10, 50, 30)
    found = find(layer(house), CandidateOptions(sources=("corners",)))
    assert len(found.ids) == 4
    moved = shapely.affinity.translate(house, X0, Y0)
    assert shapely.distance(shapely.points(found.xy), moved) == pytest.approx(0.3, abs=0.01)


def test_inward_corners_and_yards_have_no_points() -> None:
    wing = shapely.union(shapely.box(10, 10, 50, 30), shapely.box(10, 10, 20, 60))
    yard = shapely.box(60, 60, 95, 95).difference(shapely.box(70, 70, 85, 85))
    found = find(layer(wing, yard), CandidateOptions(sources=("corners",)))
    assert len(found.ids) == 5 + 4


def test_generated_points_keep_to_public_ground_and_own_ones_stay() -> None:
    streets = layer(shapely.LineString([(0, 50), (100, 50)]))
    public = layer(shapely.box(-10, 0, 60, 100))
    found = find(streets=streets, public_ground=public)
    assert (found.xy[:, 0] - X0).tolist() == [0, 25, 50]
    assert found.rejected["reason"].tolist() == ["not_public"] * 2
    own = find(poles=layer(shapely.Point(90, 50)), public_ground=public)
    assert own.public is not None
    assert own.public.tolist() == [False]
    assert "standings_public_unknown" in codes(find(streets=streets))


def test_sources_by_what_there_is() -> None:
    streets = layer(shapely.LineString([(0, 50), (100, 50)]))
    house = layer(shapely.box(10, 10, 50, 30))
    assert set(find(house, streets=streets).source) == {"streets", "corners"}
    assert set(find().source) == {"grid"}
    both = CandidateOptions(sources=("poles", "streets"))
    found = find(options=both, streets=streets, poles=layer(shapely.Point(25, 50)))
    # a pole where a street point stands is the same place, and keeps one id
    assert len(found.ids) == 5


def test_order_of_rows_changes_nothing_and_all_stand_outside() -> None:
    rng = np.random.default_rng(8)
    houses = layer(*[shapely.box(x, y, x + 12, y + 9) for x, y in rng.uniform(0, 100, (20, 2))])
    streets = layer(*[shapely.LineString(line) for line in rng.uniform(0, 100, (10, 2, 2))])
    one, other = find(houses, streets=streets), find(houses.iloc[::-1], streets=streets.iloc[::-1])
    assert one.ids.tolist() == other.ids.tolist()
    assert (one.xy == other.xy).all()
    assert len(set(one.ids)) == len(one.ids)
    town = make_obstacles(houses, options=VIEWS, crs=CRS)
    assert not town.inside(one.xy, margin_m=0.001).any()
    assert one.rejected.equals(other.rejected)
