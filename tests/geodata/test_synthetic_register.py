"""The demo's register: repeatable, read without faults, mixed consents, finds where they belong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from areas.boundaries.builtin import builtin_areas
from geodata.register import Register, Results, owners_table, read_register, read_results
from geodata.synthetic.register import EMPTY_OWNER, NEAR_M, RegisterFiles, write_register
from geodata.synthetic.spots import SPOTS
from geodata.synthetic.town import Town, build_town
from tests.factories import CRS

TODAY = date(2025, 12, 31)


@pytest.fixture(scope="module")
def town() -> Town:
    areas: gpd.GeoDataFrame = builtin_areas(("est", "regso"), CRS)
    return build_town(areas, 581)


@pytest.fixture(scope="module")
def files(town: Town, tmp_path_factory: pytest.TempPathFactory) -> RegisterFiles:
    return write_register(tmp_path_factory.mktemp("demo"), town, TODAY, 581)


@pytest.fixture(scope="module")
def register(files: RegisterFiles) -> Register:
    return read_register(files.register, crs=CRS, on=TODAY)


@pytest.fixture(scope="module")
def results(files: RegisterFiles, register: Register) -> Results:
    return read_results(files.results, register=register.table, on=TODAY)


def test_same_seed_same_bytes(files: RegisterFiles, town: Town, tmp_path: Path) -> None:
    again = write_register(tmp_path, town, TODAY, 581)
    assert again.register.read_bytes() == files.register.read_bytes()
    assert again.results.read_bytes() == files.results.read_bytes()


def test_every_entrance_of_the_town_stands_once(register: Register, town: Town) -> None:
    assert sorted(register.table["entrance_id"]) == sorted(town.entrances["entrance_id"])
    at = register.table.set_index("entrance_id").geometry
    doors = town.entrances.set_index("entrance_id").geometry
    apart = shapely.distance(at.to_numpy(), doors.reindex(at.index).to_numpy())
    assert apart.max() < 0.1


def test_consents_are_mixed(register: Register) -> None:
    share = register.table["consent"].value_counts(normalize=True)
    assert 0.6 < share["valid"] < 0.8
    for name in ("none", "expired", "withdrawn", "unclear"):
        assert share[name] > 0
    assert set(register.issues["code"]) == {"no_owner", "owner_without_entrances"}
    assert EMPTY_OWNER in set(owners_table(register)["owner"])


def test_results_are_of_known_entrances_and_mostly_without_finds(results: Results) -> None:
    assert results.issues.empty
    assert results.table["known"].all()
    share = results.table["result"].value_counts(normalize=True)
    assert share["no_alert"] > 0.8
    assert 0 < share["find"] < 0.1


def test_finds_lie_by_the_planted_stairwells(register: Register, results: Results) -> None:
    at = register.table.set_index("entrance_id")[["x_m", "y_m"]]
    done = results.table[results.table["result"] != "not_done"]
    xy = at.loc[done["entrance_id"]].to_numpy()
    spots = np.array([spot.at for spot in SPOTS if spot.pattern == "stairwell"])
    near = np.hypot(*(xy[:, None] - spots).transpose(2, 0, 1)).min(axis=1) < NEAR_M
    find = (done["result"] == "find").to_numpy()
    assert find[near].mean() > 3 * find[~near].mean()
