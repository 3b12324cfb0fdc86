"""Real points and real OpenStreetMap layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from sklearn.cluster import DBSCAN

from geodata.crs import to_crs_points
from geodata.reference import read_layer
from hotspots.cameraplan import CameraSettings, plan_cameras, site_masks, views_table
from hotspots.choosing.options import ChoiceOptions
from hotspots.clusters import find_hotspots
from hotspots.dogsearch import SearchOptions, propose_searches
from hotspots.options import HotspotOptions
from hotspots.partition import dbscan
from tests.factories import CRS, X0, Y0, make_incidents, make_places

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("file", "x", "y", "crs"),
    [
        ("SFcrime_2012H2.parquet", "X", "Y", "EPSG:32610"),
        ("met_stop_and_search_2018_2019.parquet", "Longitude", "Latitude", "EPSG:27700"),
    ],
)
def test_real_places_fall_into_scikit_learns_clusters(real_data: Path, file, x, y, crs) -> None:
    table = pd.read_parquet(real_data / "incidents" / file).dropna(subset=[x, y])
    east, north = to_crs_points(
        table[x].to_numpy(float), table[y].to_numpy(float), "EPSG:4326", crs
    )
    points, weight = np.unique(np.round(np.column_stack([east, north])), axis=0, return_counts=True)
    ours = dbscan(points[:, 0], points[:, 1], weight, eps_m=75, min_weight=20)
    theirs = DBSCAN(eps=75, min_samples=20).fit(points, sample_weight=weight)
    core = theirs.core_sample_indices_
    assert theirs.labels_.max() > 20
    np.testing.assert_array_equal(ours >= 0, theirs.labels_ >= 0)
    pairs = set(zip(ours[core].tolist(), theirs.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_openstreetmap_buildings_and_entrances(real_data: Path) -> None:
    crs = "EPSG:3067"
    osm = real_data / "osm"
    houses = read_layer(osm / "Helsinki_buildings.parquet", crs=crs, kinds=("polygon",)).table
    doors = read_layer(osm / "Helsinki_entrances.parquet", crs=crs, kinds=("point",)).table
    flats = houses[houses["building"] == "apartments"].geometry.representative_point().iloc[:6]
    x, y = np.repeat(flats.x.to_numpy(), 12), np.repeat(flats.y.to_numpy(), 12)
    n = len(x)
    incidents = make_incidents(
        x=np.round(x) - X0,
        y=np.round(y) - Y0,
        day=np.tile(np.arange(12) * 30, 6),
        space_type=["public", "residential_common", "residential_common"] * (n // 3),
    )
    places = make_places(incidents).set_crs(crs, allow_override=True)
    assert places.crs != CRS
    options = HotspotOptions(window_months=12, top_share=1)
    hotspots = find_hotspots(incidents, places, options, crs=crs)
    assert not hotspots.table.empty
    searches = propose_searches(
        incidents, hotspots, entrances=doors, buildings=houses, options=SearchOptions(), crs=crs
    )
    assert set(searches.sites["site_source"]) <= {"entrances", "buildings"}
    assert searches.sites["n_events"].sum() == 48
    assert searches.sites["entrance_id"].is_unique


def test_camera_sites_of_planted_clusters_among_real_houses(real_data: Path) -> None:
    crs = "EPSG:3067"
    kinds = {"streets": "line", "buildings": "polygon", "entrances": "point"}
    layers = {
        name: read_layer(
            real_data / "osm" / f"Helsinki_{name}.parquet", crs=crs, kinds=(kind,)
        ).table
        for name, kind in kinds.items()
    }
    large = layers["buildings"][layers["buildings"].geometry.area > 300].geometry.centroid
    centres = np.column_stack([large.x, large.y])[[5, 40, 90, 150]]
    rng = np.random.default_rng(5)
    xy = np.round(np.repeat(centres, 60, axis=0) + rng.normal(0, 25, (240, 2)))
    incidents = make_incidents(
        x=(xy[:, 0] - X0).tolist(),
        y=(xy[:, 1] - Y0).tolist(),
        day=rng.integers(0, 720, 240).tolist(),
    )
    places = make_places(incidents).set_crs(crs, allow_override=True)
    options = HotspotOptions(min_events=8, min_days=3, min_quarters_per_year=0, top_share=1)
    hotspots = find_hotspots(incidents, places, options, crs=crs)
    settings = CameraSettings(choice=ChoiceOptions(n_cameras=4))
    plan = plan_cameras(incidents, hotspots, layers, settings, crs=crs)
    assert plan.scene is not None
    # each planted cluster gets a camera of its own, and every camera stands by one
    at = np.column_stack([plan.sites.geometry.x, plan.sites.geometry.y])
    apart = np.hypot(*(centres[:, None] - at[None]).transpose(2, 0, 1))
    assert sorted(apart.argmin(axis=0)) == [0, 1, 2, 3]
    assert apart.min(axis=0).max() < 100
    masked = site_masks(plan.scene, plan.at, crs)
    views = views_table(plan.scene, plan.at, ["K01", "K02", "K03", "K04"], masked, crs=crs)
    houses = shapely.union_all(shapely.make_valid(layers["buildings"].geometry.to_numpy()))
    assert shapely.area(shapely.intersection(views.geometry.to_numpy(), houses)).max() < 0.1
    assert views["n_sensitive"].isna().all()
    assert (views["net_m2"] < views["area_m2"]).all()
