"""Camera proposals: sight, decisions, shelters, missing layers, the sets to choose from."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.errors import SettingsError
from hotspots.alternatives import alternatives, place_times
from hotspots.cameraplan import (
    CameraSettings,
    Decided,
    SceneLook,
    considered_table,
    frontier_tables,
    masks_table,
    plan_cameras,
    sensitive_table,
    sights_of,
    site_masks,
    views_table,
)
from hotspots.choosing.options import ChoiceOptions, Limit
from hotspots.clusters import find_hotspots
from hotspots.options import CameraOptions, HotspotOptions
from hotspots.privacy import PrivacyOptions
from hotspots.stability import StabilityOptions
from tests.factories import CRS, X0, Y0, make_incidents, make_places, no_incidents

LOOSE = HotspotOptions(
    window_months=24, top_share=1, min_events=2, min_days=1, min_quarters_per_year=0,
    min_samples=2, weight="events",
)  # fmt: skip
SETTINGS = CameraSettings(
    cameras=CameraOptions(min_events=2), choice=ChoiceOptions(n_cameras=1, limits=())
)
SECRET = "Kvinnojouren Hemlig"


def box(west, south, east, north):
    return shapely.box(X0 + west, Y0 + south, X0 + east, Y0 + north)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def poles(*xy):
    points = [shapely.Point(X0 + x, Y0 + y) for x, y in xy]
    return layer(*points, pole_id=[f"P{i}" for i in range(1, len(points) + 1)])


INCIDENTS = make_incidents(x=[0] * 20 + [30] * 10, day=list(range(30)), geocode_class="address")


def plan(layers, settings=SETTINGS, incidents=INCIDENTS, **more):
    hotspots = find_hotspots(incidents, make_places(incidents), LOOSE, crs=CRS)
    return plan_cameras(incidents, hotspots, layers, settings, crs=CRS, **more)


WALL = layer(box(-20, 4, 60, 8), building=["garage"])
TWO = poles((0, 12), (0, -12))


def test_the_pole_behind_a_wall_is_not_chosen():
    found = plan({"poles": TWO, "buildings": WALL})
    assert found.sites["candidate_id"].tolist() == ["P2"]
    assert bool(found.sites["sight"].all())
    assert found.sites["n_covered"].tolist() == [30]
    scene = found.scene
    assert scene is not None
    # nothing behind the wall is in the view of the pole before it
    assert not scene.seen[found.at[0]].intersects(box(-20, 9, 60, 40))


def test_without_houses_the_view_is_a_circle_and_that_is_told():
    found = plan({"poles": TWO})
    assert "sight_not_tested" in {one.code for one in found.notices}
    assert not found.sites["sight"].any()
    views = views_table(
        found.scene, found.at, ["K01"], site_masks(found.scene, found.at, CRS), crs=CRS
    )
    assert views["area_m2"].iloc[0] == pytest.approx(np.pi * 50**2, rel=1e-3)
    for name in ("n_residential", "yard_m2", "n_sensitive", "existing_m2", "stop_m2", "masked_m2"):
        assert pd.isna(views[name].iloc[0]), name


def test_nothing_to_propose_without_events_or_within_reach():
    assert plan({"poles": TWO}, incidents=no_incidents()).sites.empty
    far = plan({"poles": TWO}, replace(SETTINGS, cameras=CameraOptions(min_events=99)))
    assert far.sites.empty
    assert far.notices[-1].code == "no_camera_sites"


def test_decided_places_stay_and_declined_ones_take_their_surroundings_along():
    stands = poles((0, -12), (3, -12), (0, 40))
    decided = Decided("K07", "", X0 + 0, Y0 + 40, "decided")
    found = plan({"poles": stands}, decided=[decided])
    assert found.sites["candidate_id"].tolist() == ["P3"]
    assert found.sites["pinned"].tolist() == [True]
    declined = Decided("K01", "P1", X0 + 0, Y0 - 12, "declined", "väktare prövas först")
    found = plan({"poles": stands}, decided=[declined])
    assert found.sites["candidate_id"].tolist() == ["P3"]
    table = considered_table(found.scene, found.choice, "area_m2", ["H01"], crs=CRS)
    assert table["candidate_id"].tolist() == ["P1", "P2"]
    assert table["reason"].str.contains("väktare prövas först").all()


def test_a_decided_place_that_is_no_candidate_becomes_one():
    decided = Decided("K01", "gammal", X0 + 5, Y0 - 30, "decided")
    found = plan({"poles": TWO}, decided=[decided])
    assert found.sites["candidate_id"].tolist() == ["gammal"]


def test_a_shelter_steers_the_choice_and_is_in_no_table():
    settings = replace(
        SETTINGS, choice=ChoiceOptions(n_cameras=1, limits=(Limit(cost="n_sensitive", each=0.0),))
    )
    stands = poles((0, -12), (70, 0))
    shelter = layer(box(-40, -40, -30, -30), slag=["kvinnojour"], namn=[SECRET])
    free = plan({"poles": stands, "sensitive": shelter.iloc[:0]}, settings)
    kept = plan({"poles": stands, "sensitive": shelter}, settings)
    assert free.sites["candidate_id"].tolist() == ["P1"]
    assert kept.sites["candidate_id"].tolist() == ["P2"]
    scene = kept.scene
    chosen = {"P2": "K01"}
    masked = site_masks(scene, kept.at, CRS)
    tables = [
        views_table(scene, kept.at, ["K01"], masked, crs=CRS),
        masks_table(masked, ["K01"], crs=CRS),
        sensitive_table(scene, kept.at, ["K01"], masked),
        considered_table(scene, kept.choice, "n_sensitive", ["H01"], crs=CRS),
        *frontier_tables(scene, kept.frontier, chosen, total=30, weight=kept.demand.n, crs=CRS),
        kept.sites,
    ]
    for table in tables:
        assert SECRET not in table.to_csv()
        assert "shelter" not in table.to_csv()
    considered = tables[3]
    # that P1 breaks the only limit with nothing to see there would tell of the shelter
    assert considered.empty
    assert scene.costs["n_sensitive"].tolist() == [0, 0]
    assert "n_withheld" not in scene.costs.columns


NO_SENSITIVE = replace(
    SETTINGS, choice=ChoiceOptions(n_cameras=1, limits=(Limit(cost="n_sensitive", each=0.0),))
)
SHELTER = layer(box(-40, -40, -30, -30), slag=["kvinnojour"], namn=[SECRET])


def test_a_decided_place_with_a_shelter_in_view_is_no_fault_that_tells_of_it():
    stands = poles((0, -12), (70, 0))
    decided = Decided("K01", "P1", X0 + 0, Y0 - 12, "decided")
    found = plan({"poles": stands, "sensitive": SHELTER}, NO_SENSITIVE, decided=[decided])
    assert found.sites["candidate_id"].tolist() == ["P1"]
    # a school in view is told as before
    school = layer(box(-40, -40, -30, -30), slag=["skola"], namn=["Skolan"])
    never = replace(NO_SENSITIVE, privacy=PrivacyOptions(masked=()))
    with pytest.raises(SettingsError) as caught:
        plan({"poles": stands, "sensitive": school}, never, decided=[decided])
    assert caught.value.faults[0].code == "pinned_beyond_limit"


def test_shelters_in_every_view_leave_nothing_to_propose_and_no_figure():
    found = plan({"poles": poles((0, -12)), "sensitive": SHELTER}, NO_SENSITIVE)
    assert found.sites.empty
    assert found.notices[-1].code == "no_camera_sites"
    assert not any("känsliga" in one.text and "högst" in one.text for one in found.notices)


def test_limits_that_nothing_satisfies_say_which():
    settings = replace(
        SETTINGS, choice=ChoiceOptions(n_cameras=1, limits=(Limit(cost="area_m2", each=10.0),))
    )
    with pytest.raises(SettingsError) as caught:
        plan({"poles": TWO, "buildings": WALL}, settings)
    assert caught.value.faults[0].code == "limits_too_tight"


def test_the_frontier_runs_from_most_covered_to_least_intrusive():
    stands = poles((0, -12), (30, -12), (60, 20), (-40, 0))
    settings = replace(SETTINGS, choice=ChoiceOptions(n_cameras=2, limits=()))
    found = plan({"poles": stands, "buildings": WALL}, settings)
    assert "frontier_by_area" in {one.code for one in found.notices}
    chosen = dict(zip(found.sites["candidate_id"], ["K01", "K02"], strict=False))
    sets, sites = frontier_tables(
        found.scene, found.frontier, chosen, total=30, weight=found.demand.n, crs=CRS
    )
    assert sets["events"].is_monotonic_decreasing
    assert sets["cost"].is_monotonic_decreasing
    assert sets["proposed"].tolist() == [True] + [False] * (len(sets) - 1)
    assert sites.groupby("set_no").size().to_dict() == {
        k: n for k, n in zip(sets["set_no"], sets["n_sites"], strict=True) if n
    }


def test_the_order_of_rows_and_layers_changes_nothing():
    stands = poles((0, -12), (30, -12), (60, 20), (-40, 0))
    settings = replace(SETTINGS, choice=ChoiceOptions(n_cameras=2, limits=()))
    houses = layer(box(-20, 4, 60, 8), box(20, -40, 30, -30), building=["yes", "apartments"])
    one = plan({"poles": stands, "buildings": houses}, settings)
    mixed = INCIDENTS.sample(frac=1, random_state=1)
    two = plan({"poles": stands.iloc[::-1], "buildings": houses.iloc[::-1]}, settings, mixed)
    pd.testing.assert_frame_equal(pd.DataFrame(one.sites), pd.DataFrame(two.sites))


def test_a_layer_about_who_lives_there_moves_no_site():
    stands = poles((0, -12), (30, -12), (60, 20))
    layers = {"poles": stands, "buildings": WALL}
    people = layer(box(-100, -100, 100, 100), invanare=[5000.0], medelinkomst=[1.0])
    pd.testing.assert_frame_equal(
        pd.DataFrame(plan(layers).sites),
        pd.DataFrame(plan({**layers, "demography": people}).sites),
    )


def test_alternatives_are_at_least_three_and_never_larger():
    found = plan({"poles": TWO, "buildings": WALL})
    times = place_times(found.demand.events, found.demand.place, len(found.demand.ids), years=2.0)
    table = alternatives(
        sights_of(found.scene, found.at, ["K01"]),
        times,
        SceneLook(found.scene, found.demand, CRS),
        crs=CRS,
    )
    assert len(table) >= 4
    first = table.iloc[0]
    assert first["alternative"] == "proposed"
    assert first["events"] == pytest.approx(found.sites["n_expected"].iloc[0] / 2.0, rel=0.05)
    assert (table["area_m2"] <= first["area_m2"] + 1e-6).all()
    assert (table["events"] <= first["events"] + 1e-6).all()


def test_existing_cameras_count_and_only_what_is_added_does():
    stands = poles((0, -12), (45, 0))
    there = layer(shapely.Point(X0 - 10, Y0 - 6).buffer(45), namn=["gammal"])
    settings = replace(
        SETTINGS,
        choice=ChoiceOptions(n_cameras=1, limits=()),
        errors=StabilityOptions(error_address_m=15.0),
    )
    assert plan({"poles": stands}, settings).sites["candidate_id"].tolist() == ["P1"]
    found = plan({"poles": stands, "cameras": there}, settings)
    assert found.sites["candidate_id"].tolist() == ["P2"]
    assert (found.sites["n_expected_added"] <= found.sites["n_expected"]).all()


def test_a_fixed_camera_gets_a_bearing_and_sees_a_sector():
    settings = replace(SETTINGS, views=replace(SETTINGS.views, camera="fixed"))
    found = plan({"poles": poles((0, -30))}, settings)
    (bearing,) = found.sites["bearing_deg"]
    assert bearing in (0.0, 15.0, 30.0, 345.0)
    area = float(shapely.area(found.scene.seen[found.at[0]]))
    assert area == pytest.approx(np.pi * 50**2 / 6, rel=1e-3)
