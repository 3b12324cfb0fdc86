"""Dog-search sites: common areas only, one site a report, never a single report, never a door."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import schema
from geodata.options import read_options
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.dogsearch import SearchOptions, SearchPlan, propose_searches
from hotspots.options import HotspotOptions
from tests.factories import CRS, X0, Y0, make_incidents, make_places, no_incidents


def points(xy: list[tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:
    geometry = shapely.points(np.array(xy, dtype=float).reshape(-1, 2) + np.array([X0, Y0]))
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


def houses(boxes: list[tuple[float, float, float, float]], **columns: Any) -> gpd.GeoDataFrame:
    geometry = [shapely.box(X0 + a, Y0 + b, X0 + c, Y0 + d) for a, b, c, d in boxes]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


def indoors(**columns: Any) -> pd.DataFrame:
    return make_incidents(**{"space_type": "residential_common", **columns})


def hotspots_of(incidents: pd.DataFrame) -> Hotspots:
    loose = HotspotOptions(
        window_months=12,
        top_share=1,
        min_events=2,
        min_days=1,
        min_quarters_per_year=0,
        min_samples=2,
    )
    return find_hotspots(incidents, make_places(incidents), loose, crs=CRS)


def propose(
    incidents: pd.DataFrame,
    entrances: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    **settings: Any,
) -> SearchPlan:
    return propose_searches(
        incidents,
        hotspots_of(incidents),
        entrances=entrances,
        buildings=buildings,
        options=SearchOptions(**settings),
        crs=CRS,
    )


def codes(plan: SearchPlan) -> list[str]:
    return [notice.code for notice in plan.notices]


def test_known_answer() -> None:
    incidents = indoors(
        x=[0, 0, 0, 40, 40, 40, 200],
        day=[0, 0, 1, 2, 3, 4, 5],
        area_id=["hageby"] * 6 + [None],
    )
    doors = points(
        [(0, 5), (40, 5), (200, 5)], entrance_id=["a", "b", "c"], address=["A 1", "A 3", "B 2"]
    )
    plan = propose(incidents, doors)
    sites = plan.sites
    assert sites["site_id"].tolist() == ["S01", "S02"]
    assert sites["entrance_id"].tolist() == ["b", "a"]
    assert sites["name"].tolist() == ["A 3", "A 1"]
    assert sites["n_events"].tolist() == [3, 3]
    assert sites["n_days"].tolist() == [3, 2]
    assert sites["area_id"].tolist() == ["hageby", "hageby"]
    assert sites["hotspot_id"].tolist() == ["H01", "H01"]
    assert sites["first_date"][0] == pd.Timestamp("2024-01-03")
    assert sites["why"][0] == (
        "3 händelser på 3 olika dagar i allmänna utrymmen vid entrén, 2024-01-03–2024-01-05. "
        "Ligger i hot spot H01."
    )
    counted = next(n for n in plan.notices if n.code == "searches_counted")
    assert (counted.data["n"], counted.data["n_far"], counted.data["n_few"]) == (7, 0, 1)
    assert codes(plan)[-1] == "search_needs_consent"
    assert "samtycke" in plan.notices[-1].text
    schema.check(sites, "search_sites", crs=CRS)


def test_only_common_areas_count() -> None:
    kinds = ["public", "dwelling", "other", "unknown", "residential_common", "residential_common"]
    plan = propose(make_incidents(x=[0] * 6, day=range(6), space_type=kinds), points([(0, 0)]))
    assert plan.sites["n_events"].tolist() == [2]


def test_never_a_site_with_a_single_report() -> None:
    plan = propose(indoors(x=[0, 100], day=[0, 1]), points([(0, 0), (100, 0)]))
    assert plan.sites.empty
    assert codes(plan)[-1] == "no_search_sites"
    _options, faults = read_options(SearchOptions, {"min_events": 1}, "[dogsearch]")
    assert [fault.code for fault in faults] == ["out_of_range"]


def test_each_report_goes_to_one_entrance_the_nearest_the_western_at_a_tie() -> None:
    incidents = indoors(x=[10, 10, 9, 12], day=range(4))
    plan = propose(incidents, points([(20, 0), (0, 0)], id=["east", "west"]))
    assert dict(zip(plan.sites["entrance_id"], plan.sites["n_events"], strict=True)) == {"west": 3}
    beyond = propose(indoors(x=[31] * 3, day=range(3)), points([(0, 0)]))
    assert beyond.sites.empty
    assert propose(indoors(x=[30] * 3, day=range(3)), points([(0, 0)])).sites[
        "n_events"
    ].tolist() == [3]


def test_report_in_a_house_goes_to_that_house_even_when_another_entrance_is_nearer() -> None:
    # two houses wall to wall but for a yard of 2 m; only the western one has an entrance on the map
    blocks = houses(
        [(0, 0, 20, 10), (22, 0, 42, 10)], building=["apartments", "apartments"], osm_id=["w", "e"]
    )
    doors = points([(20, 5)], id=["door"])
    incidents = indoors(x=[24, 24, 24, 10, 10], y=[5] * 5, day=range(5))
    plan = propose(incidents, doors, blocks)
    assert plan.sites["site_source"].tolist() == ["buildings", "entrances"]
    assert plan.sites["entrance_id"].tolist() == ["e", "door"]
    assert plan.sites["n_events"].tolist() == [3, 2]
    inside = blocks.geometry[1].contains(plan.sites.geometry[0])
    assert inside


@pytest.mark.parametrize(
    ("column", "kind", "residential"),
    [
        ("building", "apartments", True),
        ("building", "office", False),
        ("building", "yes", True),
        ("use", "Bostad; Flerfamiljshus", True),
        ("ändamål", "Industri", False),
        ("anything", "office", True),
    ],
)
def test_kind_of_building(column, kind, residential) -> None:
    block = houses([(0, 0, 20, 20)], **{column: [kind]})
    plan = propose(indoors(x=[10] * 3, day=range(3)), buildings=block)
    assert len(plan.sites) == residential
    assert "residential_buildings" in codes(plan)


def test_buildings_of_unknown_kind_can_be_left_out() -> None:
    block = houses([(0, 0, 20, 20)], building=["yes"])
    incidents = indoors(x=[10] * 3, day=range(3))
    assert propose(incidents, buildings=block, include_unknown_buildings=False).sites.empty


def test_without_layers_the_places_themselves() -> None:
    plan = propose(indoors(x=[0, 0, 50, 50, 50], day=range(5), address="A-gatan 3"))
    assert plan.sites["site_source"].tolist() == ["places", "places"]
    assert plan.sites["name"].tolist() == ["A-gatan 3", "A-gatan 3"]
    assert plan.sites["entrance_id"].isna().all()
    assert plan.sites["n_events"].tolist() == [3, 2]
    assert "search_at_places" in codes(plan)


def test_no_more_sites_than_asked_for_and_the_rest_is_told() -> None:
    incidents = indoors(x=np.repeat(np.arange(5) * 100, 2), day=range(10))
    doors = points([(x, 0) for x in range(0, 500, 100)])
    plan = propose(incidents, doors, n_sites=3)
    assert len(plan.sites) == 3
    counted = next(n for n in plan.notices if n.code == "searches_counted")
    assert counted.data["n_more"] == 2


@pytest.mark.parametrize("incidents", [no_incidents(), make_incidents(x=[0] * 3, day=range(3))])
def test_nothing_to_propose_is_a_notice(incidents) -> None:
    plan = propose(incidents, points([(0, 0)]))
    assert plan.sites.empty
    assert codes(plan) == ["no_search_sites"]
    schema.check(plan.sites, "search_sites", crs=CRS)


def test_no_column_could_hold_a_door_a_flat_or_a_person() -> None:
    words = ("door", "flat", "person", "tenant", "apartment", "lägenhet", "namn_på")
    assert not [c for c in schema.SEARCH_SITES if any(word in c for word in words)]


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_every_report_is_counted_once_and_row_order_never_matters(seed) -> None:
    rng = np.random.default_rng(seed)
    incidents = indoors(
        x=rng.integers(0, 120, 60), y=rng.integers(0, 120, 60), day=rng.integers(0, 300, 60)
    )
    corners = rng.integers(0, 110, (6, 2))
    blocks = houses(
        [(a, b, a + 15, b + 10) for a, b in corners.tolist()],
        building=rng.choice(["apartments", "office", "yes"], 6),
    )
    doors = points([tuple(p) for p in corners.tolist()])
    for layers in (
        {"entrances": doors},
        {"buildings": blocks},
        {"entrances": doors, "buildings": blocks},
    ):
        one = propose(incidents, **layers, n_sites=100, reach_m=20)
        counted = next(n for n in one.notices if n.code == "searches_counted").data
        assert one.sites["n_events"].sum() + counted["n_far"] + counted["n_few"] == 60
        two = propose(
            incidents.sample(frac=1, random_state=seed),
            **{
                k: v.sample(frac=1, random_state=seed).reset_index(drop=True)
                for k, v in layers.items()
            },
            n_sites=100,
            reach_m=20,
        )
        assert_geodataframe_equal(one.sites, two.sites)
