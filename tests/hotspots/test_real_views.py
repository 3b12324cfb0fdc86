"""Views, candidates and costs among the real footprints of Helsinki's centre."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.reference import read_layer
from hotspots.candidates import CandidateOptions, find_standings
from hotspots.privacy import PrivacyOptions, privacy_layers, view_costs
from hotspots.privacy.masks import masks
from hotspots.sightlines import ViewOptions, make_obstacles, seen_shares, views

pytestmark = pytest.mark.real

CRS = "EPSG:3067"
OPTIONS = ViewOptions(reach_m=50.0)


def test_helsinki(real_data: Path) -> None:
    layers = {
        name: read_layer(
            real_data / "osm" / f"Helsinki_{name}.parquet", crs=CRS, kinds=(kind,)
        ).table
        for name, kind in (("buildings", "polygon"), ("streets", "line"), ("entrances", "point"))
    }
    town = make_obstacles(layers["buildings"], options=OPTIONS, crs=CRS)
    assert {"see_through", "heights_known", "footprints_overlap"} <= {n.code for n in town.notices}
    assert len(town.low) > 0
    spots = gpd.GeoDataFrame(
        {"hotspot_id": ["H1"]}, geometry=[shapely.Point(385_900, 6_672_300).buffer(150)], crs=CRS
    )
    stand = find_standings(
        spots,
        layers,
        obstacles=town,
        reach_m=50,
        spacing_m=25,
        options=CandidateOptions(),
        crs=CRS,
    )
    assert len(stand.ids) > 200
    assert set(stand.source) == {"streets", "corners"}
    seen = views(stand.xy, np.full(len(stand.xy), np.nan), OPTIONS, town)
    assert shapely.is_valid(seen).all()
    assert not shapely.is_empty(seen).any()

    high = ViewOptions(reach_m=50.0, mount_height_m=1.0)  # nothing is lower: plain rays decide
    walls = make_obstacles(layers["buildings"], options=high, crs=CRS)
    houses = shapely.union_all(walls.opaque)
    plain = views(stand.xy[::25], np.full(len(stand.xy[::25]), np.nan), high, walls)
    rng = np.random.default_rng(1)
    for at, view in zip(stand.xy[::25], plain, strict=True):
        points = at + rng.uniform(-35, 35, (150, 2))
        rays = shapely.linestrings(np.stack([np.repeat([at], len(points), 0), points], axis=1))
        free = shapely.length(shapely.intersection(rays, houses)) < 1e-7
        differ = free != shapely.contains_xy(view, points)
        assert (shapely.distance(shapely.points(points[differ]), view.boundary) < 1e-6).all()

    known = privacy_layers(layers, options=PrivacyOptions(), crs=CRS)
    costs = view_costs(seen, known)
    assert costs["facade_m"].max() > 50
    assert costs["n_entrances"].max() > 0
    assert costs["private_yard_m2"].isna().all()
    left = masks(seen, known, PrivacyOptions(), crs=CRS).costs
    assert (left[["facade_m", "n_dwelling_buildings", "n_entrances"]].to_numpy(float) == 0).all()

    places = np.array([385_900, 6_672_300]) + rng.uniform(-150, 150, (50, 2))
    shares = seen_shares(
        stand.xy, np.full(len(stand.xy), np.nan), places, np.full(50, 70.5), OPTIONS, town
    )
    assert 0.1 < shares.max() < 1
