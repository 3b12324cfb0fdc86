"""Rounds among Helsinki's real staircase entrances, along its real streets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.register import made_register
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.planning import plan_round
from hotspots.searchround.walking import Streets, walking_between

pytestmark = pytest.mark.real

CRS = "EPSG:3067"
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def city(real_data: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the staircases as entrances with a consent each, and the streets."""
    doors = gpd.read_parquet(real_data / "osm" / "Helsinki_entrances.parquet").to_crs(CRS)
    streets = gpd.read_parquet(real_data / "osm" / "Helsinki_streets.parquet").to_crs(CRS)
    register = made_register(entrances=doors, buildings=None, crs=CRS, on=MONDAY).table
    rng = np.random.default_rng(1)
    register["owner"] = pd.Series([f"Ägare {i % 5}" for i in range(len(register))], dtype="str")
    register["area_id"] = pd.Series(["A", "B"] * len(register), dtype="str")[: len(register)]
    register["consent"] = "valid"
    register["search_spaces"] = "stairwell"
    return register.assign(need=rng.random(len(register)), need_words=""), streets


def test_a_round_among_real_staircases_is_walked_along_real_streets(city):
    entrances, streets = city
    options = RoundOptions(n_entrances=20, least_share=1.0)
    made = plan_round(
        entrances, results=None, streets=streets, options=options, monday=MONDAY, seed=581, crs=CRS
    )
    assert len(made.stops) == 20
    assert made.minima["short"].sum() == 0
    assert (made.walks["minutes"] <= options.shift_min + 1e-6).all()
    assert made.division.gap < 0.1
    assert made.walks.is_empty.sum() == 0


def test_real_ways_are_longer_than_straight_ones_but_not_by_much(city):
    entrances, streets = city
    xy = entrances[["x_m", "y_m"]].to_numpy()
    found = walking_between(xy, Streets.of(streets), RoundOptions())
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    along = found.by_street & (apart > 100)
    assert along[apart > 100].mean() > 0.9  # nearly all hang together
    detour = found.metres[along] / apart[along]
    assert detour.min() >= 1 - 1e-9
    assert 1.1 < np.median(detour) < 1.7
