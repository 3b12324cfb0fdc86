"""Inhabitants: reading, its faults, and apportioning to areas that cut the zones."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from areas.population import Inhabitants, read_population
from areas.population.apportion import homes
from geodata.errors import DataError
from tests.areas.picture_tables import areas_table

CRS = "EPSG:3006"


def zones(*people: float) -> gpd.GeoDataFrame:
    shapes = [shapely.box(100 * i, 0, 100 * i + 100, 100) for i in range(len(people))]
    ids = [f"0581R{i + 1:03d}" for i in range(len(people))]
    return gpd.GeoDataFrame({"zone_id": ids, "population": people}, geometry=shapes, crs=CRS)


def buildings(*rows: tuple[float, float, str, object]) -> gpd.GeoDataFrame:
    """Make 10 × 10 m houses: x, y, kind, storeys."""
    return gpd.GeoDataFrame(
        {"kind": [r[2] for r in rows], "levels": [r[3] for r in rows]},
        geometry=[shapely.box(x, y, x + 10, y + 10) for x, y, _k, _l in rows],
        crs=CRS,
    )


HALF = shapely.box(0, 0, 50, 100)


def within(people: Inhabitants, shape: object, given: float = np.nan) -> tuple[float, object]:
    row = people.within([shape], [given]).iloc[0]
    return row["population"], row["how"]


def test_by_ground_where_no_buildings_are_known() -> None:
    assert within(Inhabitants(zones(400)), HALF) == (200, "area")


def test_by_floor_area() -> None:
    houses = buildings((10, 10, "apartments", 3), (70, 10, "villa", 1), (80, 50, "office", 9))
    assert within(Inhabitants(zones(20), homes(houses)), HALF) == (15, "floor")


def test_by_footprint_where_storeys_are_not_known() -> None:
    houses = buildings((10, 10, "apartments", None), (70, 10, "villa", None))
    assert within(Inhabitants(zones(20), homes(houses)), HALF) == (10, "footprint")


def test_a_zone_with_too_few_dwellings_goes_by_ground() -> None:
    houses = buildings((10, 10, "apartments", 1))  # 100 m² for 400 people: the layer is cut
    assert within(Inhabitants(zones(400), homes(houses)), HALF) == (200, "area")


def test_both_ways_are_told() -> None:
    houses = buildings((10, 10, "villa", 1), (60, 10, "villa", 1))
    people = Inhabitants(zones(10, 100), homes(houses))
    assert within(people, shapely.box(50, 0, 150, 100)) == (55, "mixed")


def test_what_is_given_stands_and_what_is_unknown_stays_unknown() -> None:
    people = Inhabitants(zones(10, np.nan))
    assert within(people, HALF, 77.0) == (77, "given")
    assert np.isnan(within(people, shapely.box(50, 0, 150, 100))[0])
    assert np.isnan(within(Inhabitants(), HALF)[0])
    assert np.isnan(within(people, None)[0])


def test_parts_sum_to_the_whole() -> None:
    rng = np.random.default_rng(1)
    houses = buildings(*[(x, y, "villa", 2) for x, y in rng.uniform(0, 290, (60, 2)) * [1, 0.3]])
    people = Inhabitants(zones(50, 40, 60), homes(houses))
    cuts = [shapely.box(a, 0, b, 100) for a, b in ((0, 37), (37, 151), (151, 300))]
    parts = people.within(cuts, [np.nan] * 3)["population"]
    assert parts.sum() == pytest.approx(150)


def test_reads_scbs_codes_and_the_latest_year(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text(
        "region;2023;2025\n0581R001_RegSO2025;10;1 200\n0581R002;5;30\n0180R001;9;9\n", "utf-8"
    )
    read = read_population(file, areas=areas_table(), crs=CRS)
    assert read.year == 2025
    assert read.zones["population"].tolist() == [1200, 30]
    codes = {notice.code for notice in read.notices}
    assert {"population_noise", "population_elsewhere"} <= codes


def test_a_zone_missing_in_the_file_is_told_and_unknown(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("kod;invånare\n0581R001;10\n", "utf-8")
    read = read_population(file, areas=areas_table(), crs=CRS)
    assert np.isnan(read.zones["population"].tolist()[1])
    assert "population_missing" in {notice.code for notice in read.notices}


def test_a_layer_brings_its_own_borders(tmp_path: Path) -> None:
    file = tmp_path / "b.gpkg"
    own = zones(10, 20).rename(columns={"zone_id": "regso", "population": "folkmängd"})
    own.geometry = own.geometry.translate(569_000, 6_495_000)
    own.to_file(file)
    read = read_population(file, areas=areas_table(), crs=CRS)
    assert read.zones["population"].tolist() == [10, 20]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kod;invånare\n0581R001;-4\n", "negative_population"),
        ("kod;invånare\n0581R001;många\n", "unreadable_number"),
        ("kod;invånare\n0581R001;1\n0581R001;2\n", "several_rows_a_zone"),
        ("kod;invånare\n0581R001;1\n0581R099;2\n", "unknown_codes"),
        ("kod;invånare\n0180R001;1\n", "unknown_codes"),
        ("kod;kön\n0581R001;kvinna\n", "unknown_column"),
        ("kod;namn\n0581R001;A\n", "no_population"),
        ("namn;invånare\nA;1\n", "missing_column"),
    ],
)
def test_each_fault_of_the_file_is_told(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "b.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        read_population(file, areas=areas_table(), crs=CRS)
    assert code in {fault.code for fault in caught.value.faults}
