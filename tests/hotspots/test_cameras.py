"""Camera sites: what is counted, where they may stand, that no other choice reaches more."""

from __future__ import annotations

import re
from itertools import combinations
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
from geodata.errors import SchemaError
from hotspots.cameras import CameraOptions, CameraPlan, propose_cameras
from hotspots.clusters import find_hotspots
from hotspots.options import HotspotOptions
from tests.factories import CRS, X0, Y0, make_incidents, make_places, no_incidents

LOOSE = HotspotOptions(
    window_months=24,
    top_share=1,
    min_events=2,
    min_days=1,
    min_quarters_per_year=0,
    min_samples=2,
    weight="events",
)


def points(xy: list[tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:
    geometry = shapely.points(np.array(xy, dtype=float).reshape(-1, 2) + np.array([X0, Y0]))
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


def propose(
    incidents: pd.DataFrame,
    poles: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
    **settings: Any,
) -> CameraPlan:
    hotspots = find_hotspots(incidents, make_places(incidents), LOOSE, crs=CRS)
    options = CameraOptions(**{"min_events": 2, **settings})
    return propose_cameras(
        incidents, hotspots, candidates=poles, streets=streets, options=options, crs=CRS
    )


def codes(plan: CameraPlan) -> list[str]:
    return [notice.code for notice in plan.notices]


def test_known_answer() -> None:
    incidents = make_incidents(
        x=[0] * 6 + [40] * 4 + [200] * 3 + [10],
        day=[0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8, 8, 9],
        offence_class=["drug_supply"] * 6 + ["drug_possession"] * 7 + ["drug_use"],
        police_initiated=["yes"] * 5 + ["no"] * 9,
        area_id=["navestad"] * 10 + [None] * 4,
    )
    poles = points([(-30, 0), (20, 0), (200, 10)], pole_id=["a", "b", "c"])
    plan = propose(incidents, poles, n_cameras=2)
    sites = plan.sites
    assert sites["site_id"].tolist() == ["K01", "K02"]
    assert sites["candidate_id"].tolist() == ["b", "c"]
    assert sites["candidate_source"].tolist() == ["poles", "poles"]
    assert sites["n_covered"].tolist() == sites["n_added"].tolist() == [10, 3]
    assert sites["n_days"].tolist() == [8, 1]
    assert sites["n_drug_supply"].tolist() == [6, 0]
    assert sites["n_drug_use"].tolist() == [0, 0]
    assert sites["n_use_within_reach"].tolist() == [1, 0]
    assert sites["n_police_initiated"].tolist() == [5, 0]
    assert sites["share_covered"].tolist() == pytest.approx([10 / 13, 3 / 13])
    assert sites["area_id"].tolist()[0] == "navestad"
    assert pd.isna(sites["area_id"].tolist()[1])
    assert (plan.covered, plan.bound, plan.gap, plan.status) == (13, 13, 0, "optimal")
    assert plan.coverage.to_dict("list") == {
        "site_id": ["K01", "K01", "K02"],
        "place_id": [1, 3, 4],
        "n_events": [6, 4, 3],
    }
    assert sites["why"][0] == (
        "Når 10 händelser (6 överlåtelse, 4 innehav) på 8 olika dagar inom 50 m. "
        "Står i hot spot H01. 50\u00a0% upptäcktes på polisens initiativ. "
        "Dessutom 1 händelse av eget bruk, som inte räknas."
    )
    schema.check(sites, "camera_sites", crs=CRS)


def test_reach_is_inclusive() -> None:
    incidents = make_incidents(x=[0, 0, 100, 100], day=range(4))
    at_the_limit = points([(50, 0)])
    assert propose(incidents, at_the_limit).sites["n_covered"].tolist() == [4]
    assert propose(incidents, at_the_limit, reach_m=49.99).status == "nothing_to_propose"


def test_own_use_dwellings_other_sources_and_stacked_points_are_not_reached() -> None:
    incidents = make_incidents(
        x=[0, 1, 2, 3, 4, 5, 6],
        day=range(7),
        offence_class=["drug_use", *["drug_supply"] * 6],
        space_type=["public", "dwelling", "residential_common", *["public"] * 4],
        source=["police"] * 3 + ["est_report"] + ["police"] * 3,
        stacked=[False] * 4 + [True] + [False] * 2,
    )
    plan = propose(incidents, points([(3, 0)]))
    assert plan.sites["n_covered"].tolist() == [2]
    counted = next(n for n in plan.notices if n.code == "cameras_counted")
    assert counted.data == {"n": 2, "n_elsewhere": 2, "n_use": 1}
    both = propose(incidents, points([(3, 0)]), classes=("drug_use", "drug_supply"))
    assert both.sites["n_covered"].tolist() == [3]
    assert both.sites["n_use_within_reach"].tolist() == [0]


def test_unknown_space_counts_only_where_no_space_is_known_and_is_told() -> None:
    some = make_incidents(x=[0] * 6, day=range(6), space_type=["unknown"] * 3 + ["public"] * 3)
    assert propose(some, points([(0, 0)])).sites["n_covered"].tolist() == [3]
    assert "unknown_space_admitted" not in codes(propose(some, points([(0, 0)])))
    none = some.assign(space_type=schema.category(["unknown"] * 6, "incidents", "space_type"))
    plan = propose(none, points([(0, 0)]))
    assert plan.sites["n_covered"].tolist() == [6]
    warning = next(n for n in plan.notices if n.code == "unknown_space_admitted")
    assert warning.level == "warning"


def test_unspecified_counts_only_where_nothing_finer_is_known_and_is_told() -> None:
    coarse = make_incidents(x=[0] * 6, day=range(6), offence_class="drug_unspecified")
    plan = propose(coarse, points([(0, 0)]))
    assert plan.sites["n_covered"].tolist() == [6]
    assert "unspecified_admitted" in codes(plan)
    mixed = make_incidents(
        x=[0] * 6, day=range(6), offence_class=["drug_supply"] * 2 + ["drug_unspecified"] * 4
    )
    plan = propose(mixed, points([(0, 0)]))
    assert plan.sites["n_covered"].tolist() == [2]
    assert "unspecified_admitted" not in codes(plan)


def test_streets_then_a_grid_stand_in_for_poles() -> None:
    incidents = make_incidents(x=[0] * 5, day=range(5))
    street = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(X0 - 500, Y0 + 20), (X0 + 500, Y0 + 20)])], crs=CRS
    )
    plan = propose(incidents, streets=street)
    assert plan.sites["candidate_source"].tolist() == ["streets"]
    assert plan.sites.geometry[0].distance(shapely.Point(X0, Y0)) == 20
    plan = propose(incidents)
    assert plan.sites["candidate_source"].tolist() == ["grid"]
    assert plan.sites.geometry[0].equals(shapely.Point(X0, Y0))
    empty = points([])
    assert propose(incidents, empty, street).sites["candidate_source"].tolist() == ["streets"]


def test_poles_far_from_every_hot_spot_are_not_candidates() -> None:
    incidents = make_incidents(x=[0] * 5 + [900] * 1, day=range(6))
    plan = propose(incidents, points([(900, 0), (80, 0)]), n_cameras=2, min_events=2)
    candidates = next(n for n in plan.notices if n.code == "camera_candidates")
    assert candidates.data["n_near"] == 1
    assert plan.status == "nothing_to_propose"  # near the hot spot, but it reaches no event


def test_hot_spots_without_a_pole_near_are_told() -> None:
    incidents = make_incidents(x=[0] * 5 + [900] * 4, day=range(9))
    plan = propose(incidents, points([(900, 10)]))
    assert plan.sites["n_covered"].tolist() == [4]
    notice = next(n for n in plan.notices if n.code == "no_candidates_near")
    assert notice.level == "warning"
    assert notice.data == {"hotspot_ids": ["H01"]}
    assert "Ingen stolpe finns inom 50 m från H01" in notice.text
    assert "no_candidates_near" not in codes(propose(incidents, points([(0, 0), (900, 10)])))


@pytest.mark.parametrize(
    "incidents",
    [
        no_incidents(),
        make_incidents(x=[0, 500]),
        make_incidents(x=[0] * 5, source="police", space_type="dwelling", day=range(5)),
    ],
)
def test_nothing_to_propose_is_a_notice(incidents) -> None:
    plan = propose(incidents, points([(0, 0)]))
    assert plan.status == "nothing_to_propose"
    assert plan.sites.empty
    assert plan.coverage.empty
    schema.check(plan.sites, "camera_sites", crs=CRS)
    assert codes(plan)[-1] == "no_camera_sites"


def test_a_larger_budget_than_there_is_use_for_is_told() -> None:
    incidents = make_incidents(x=[0] * 5 + [500] * 4, day=range(9))
    plan = propose(incidents, points([(0, 0), (5, 0), (500, 0)]), n_cameras=9)
    assert len(plan.sites) == 2
    assert "fewer_cameras" in codes(plan)


def test_a_site_reaches_at_least_the_minimum() -> None:
    incidents = make_incidents(x=[0] * 5 + [500] * 4, day=range(9))
    plan = propose(incidents, points([(0, 0), (500, 0)]), min_events=5)
    assert plan.sites["n_covered"].tolist() == [5]


def test_a_layer_in_another_system_is_refused() -> None:
    incidents = make_incidents(x=[0] * 5, day=range(5))
    degrees = points([(0, 0)]).set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(SchemaError, match="CRS"):
        propose(incidents, degrees)


def random_case(seed: int) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    rng = np.random.default_rng(seed)
    incidents = make_incidents(
        x=rng.integers(0, 250, 60),
        y=rng.integers(0, 250, 60),
        day=rng.integers(0, 300, 60),
        offence_class=rng.choice(["drug_supply", "drug_possession", "drug_use"], 60),
    )
    return incidents, points([tuple(p) for p in rng.integers(-20, 270, (8, 2))])


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 3))
def test_no_other_choice_reaches_more(seed, k) -> None:
    incidents, poles = random_case(seed)
    plan = propose(incidents, poles, n_cameras=k, min_events=2)
    counted = incidents[incidents["offence_class"] != "drug_use"]
    at = shapely.points(counted["x_m"], counted["y_m"])
    near = shapely.distance(poles.geometry.to_numpy()[:, None], at) <= 50
    near = near[near.sum(axis=1) >= 2]
    best = max(
        (
            int(near[list(c)].any(axis=0).sum())
            for c in combinations(range(len(near)), min(k, len(near)))
        ),
        default=0,
    )
    assert plan.covered == plan.bound == best
    assert plan.sites["n_added"].sum() == plan.covered
    assert plan.coverage["n_events"].sum() == plan.sites["n_covered"].sum()


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_order_of_rows_never_matters(seed) -> None:
    incidents, poles = random_case(seed)
    one = propose(incidents, poles, n_cameras=3)
    two = propose(
        incidents.sample(frac=1, random_state=seed),
        poles.sample(frac=1, random_state=seed).reset_index(drop=True),
        n_cameras=3,
    )
    assert_geodataframe_equal(one.sites, two.sites)
    pd.testing.assert_frame_equal(one.coverage, two.coverage)
    assert one.notices == two.notices


def test_words_are_plain_and_say_nothing_of_law() -> None:
    # the four in the middle are within reach of both poles
    incidents = make_incidents(x=[-40] * 6 + [0] * 4 + [40] * 5, day=range(15))
    plan = propose(incidents, points([(-40, 0), (40, 0)]), n_cameras=3)
    texts = " ".join([*plan.sites["why"], *(n.text for n in plan.notices)]).casefold()
    assert not re.search("brottsutsatt|laglig|tillåt|ökat|minskat|knark", texts)
    assert plan.sites["n_covered"].tolist() == [10, 9]
    assert plan.sites["n_added"].tolist() == [10, 5]
    assert "bättre rang" not in plan.sites["why"][0]
    assert "5 av dem nås inte av någon kameraplats med bättre rang." in plan.sites["why"][1]
