"""The synthetic town: repeatable, in order as a town, its planted truth and its faults as stated."""

from __future__ import annotations

import json
import tomllib
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from areas.boundaries.builtin import builtin_areas
from geodata.exports import ReadOptions, read_export
from geodata.incidents import Import, ImportOptions, Input, import_incidents
from geodata.options import read_options
from geodata.places import group_places
from geodata.synthetic import DemoFiles, big_export, write_demo
from geodata.synthetic.demo import LAYERS, TODAY
from geodata.synthetic.events import MIX, OPERATION_WEEKS, make_events
from geodata.synthetic.export import HEADER, clean_rows
from geodata.synthetic.spots import SPOTS, make_places, plant
from geodata.synthetic.town import Town, build_town, order_areas
from hotspots.clusters import find_hotspots
from hotspots.options import HotspotOptions

REAL_STREETS = {
    "Hagebygatan", "Drottninggatan", "Kungsgatan", "Armeraregatan", "Formaregatan", "Norra Promenaden",
    "Östra Promenaden", "Södra Promenaden", "Wilhelm Wibergs gata", "Linköpingsvägen", "Ektorpsgatan",
}  # fmt: skip


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return builtin_areas(["est", "regso"], "EPSG:3006")


@pytest.fixture(scope="module")
def demo(areas: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo(tmp_path_factory.mktemp("demo"), areas=areas)


@pytest.fixture(scope="module")
def truth(demo: DemoFiles) -> dict:
    return json.loads(demo.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def layers(demo: DemoFiles) -> dict[str, gpd.GeoDataFrame]:
    return {
        attribute: pyogrio.read_dataframe(demo.layers, layer=layer)
        for layer, attribute in LAYERS.items()
    }


@pytest.fixture(scope="module")
def lines(demo: DemoFiles) -> list[list[str]]:
    text = demo.export.read_bytes().decode("cp1252")
    return [line.split(";") for line in text.removesuffix("\r\n").split("\r\n")]


@pytest.fixture(scope="module")
def cases(town: Town, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    return events_of(town, areas, 6000)


@pytest.fixture(scope="module")
def town(areas: gpd.GeoDataFrame) -> Town:
    return build_town(areas, 581)


def events_of(town: Town, areas: gpd.GeoDataFrame, n: int) -> pd.DataFrame:
    places = make_places(town, order_areas(areas), np.random.default_rng(1))
    planted = plant(places, 581)
    return make_events(places, planted, n_events=n, last=TODAY, months=36, seed=581).cases


@pytest.fixture(scope="module")
def imported(demo: DemoFiles, areas: gpd.GeoDataFrame) -> Import:
    tables = tomllib.loads(demo.project_file.read_text(encoding="utf-8"))["input"]
    inputs = []
    for table in tables:
        raw = read_export(demo.project_file.parent / table.pop("path"), ReadOptions())
        options, faults = read_options(ImportOptions, table, "[[input]]")
        assert faults == []
        inputs.append(Input(raw=raw, options=options))
    box = tuple(areas.total_bounds + np.array([-2000, -2000, 2000, 2000]))
    return import_incidents(
        inputs, crs="EPSG:3006", timezone="Europe/Stockholm", today=TODAY, bbox=box
    )


# --- repeatable


def test_same_seed_same_bytes(demo: DemoFiles, areas: gpd.GeoDataFrame, tmp_path: Path) -> None:
    shuffled = areas.sample(frac=1, random_state=3)  # the order of the areas is nobody's business
    for name in ("underlag.gpkg", "polisens_utdrag.csv"):
        (tmp_path / name).write_text("left over from an older run")
    again = write_demo(tmp_path, areas=shuffled)
    for file in ("project_file", "export", "est_reports", "operations", "layers", "truth"):
        assert getattr(again, file).read_bytes() == getattr(demo, file).read_bytes(), file
    assert again.rows == demo.rows


def test_another_seed_is_another_town(town: Town, areas: gpd.GeoDataFrame) -> None:
    other = build_town(areas, 582)
    assert not town.buildings.geometry.iloc[0].equals(other.buildings.geometry.iloc[-1])
    assert len(other.buildings) != len(town.buildings)
    assert 3000 < len(other.buildings) < 7000


def test_no_clock_in_the_workbook(demo: DemoFiles) -> None:
    with zipfile.ZipFile(demo.est_reports) as book:
        assert {info.date_time[:3] for info in book.infolist()} == {(2025, 12, 31)}
        core = book.read("docProps/core.xml").decode()
    assert core.count("2025-12-31T00:00:00Z") == 2


def test_no_clock_in_the_layers(demo: DemoFiles) -> None:
    content = demo.layers.read_bytes()
    assert b"2025-12-31T00:00:00.000Z" in content
    assert date.today().isoformat().encode() not in content


# --- the town


def test_sizes(layers: dict[str, gpd.GeoDataFrame], demo: DemoFiles) -> None:
    assert 3000 <= len(layers["buildings"]) <= 6500
    assert 1000 <= len(layers["entrances"]) <= 3500
    assert 2000 <= len(layers["poles"]) <= 4000
    assert demo.layers.stat().st_size < 5_000_000
    kinds = set(layers["buildings"]["kind"])
    assert {"apartments", "villa", "rowhouse", "school", "mall", "police", "industry"} <= kinds


def test_every_landmark_stands(layers: dict[str, gpd.GeoDataFrame]) -> None:
    names = Counter(layers["buildings"]["name"].dropna())
    assert len(names) == 11
    assert set(names.values()) == {1}


def test_no_building_or_pole_in_water(layers: dict[str, gpd.GeoDataFrame]) -> None:
    water = layers["water"].union_all()
    assert water.is_valid
    assert not layers["buildings"].intersects(water).any()
    assert not layers["poles"].intersects(water).any()
    houses = shapely.STRtree(layers["buildings"].geometry.to_numpy())
    assert houses.query(layers["poles"].geometry.to_numpy(), predicate="within").size == 0


def test_buildings_stand_apart_and_off_the_streets(layers: dict[str, gpd.GeoDataFrame]) -> None:
    houses = layers["buildings"].geometry.to_numpy()
    assert shapely.is_valid(houses).all()
    tree = shapely.STRtree(houses)
    one, other = tree.query(houses, predicate="intersects")
    pair = one < other
    shared = shapely.area(shapely.intersection(houses[one[pair]], houses[other[pair]]))
    assert shared.max(initial=0) < 0.02
    streets = layers["streets"]
    street, house = tree.query(
        streets.geometry.to_numpy(), predicate="dwithin", distance=streets["width_m"].max() / 2
    )
    gap = shapely.distance(streets.geometry.to_numpy()[street], houses[house])
    assert (gap > streets["width_m"].to_numpy()[street] / 2).all()


def test_houses_lie_where_the_areas_are(
    layers: dict[str, gpd.GeoDataFrame], areas: gpd.GeoDataFrame
) -> None:
    ground = areas[areas["kind"] == "regso"].union_all()
    assert layers["buildings"].within(ground).all()
    assert layers["streets"].within(ground.buffer(1)).all()
    for name in ("Hageby", "Klockaretorpet", "Navestad"):
        area = areas.loc[areas["name"] == name, "geometry"].iloc[0]
        inside = layers["entrances"].within(area)
        assert inside.sum() > 50, name


def test_entrances_stand_on_outlines(layers: dict[str, gpd.GeoDataFrame]) -> None:
    houses = layers["buildings"].set_index("building_id")
    doors = layers["entrances"]
    own = houses.loc[doors["building_id"]]
    gap = shapely.distance(doors.geometry.to_numpy(), own.geometry.boundary.to_numpy())
    assert gap.max() < 1e-6
    assert own["residential"].all()
    assert doors["owner"].notna().all()
    for column in ("entrance_id", "address"):
        assert doors[column].is_unique


def test_addresses_are_invented_and_distinct(layers: dict[str, gpd.GeoDataFrame]) -> None:
    houses, streets = layers["buildings"], layers["streets"]
    assert houses["address"].is_unique
    assert streets.loc[streets["kind"] != "footpath", "name"].notna().all()
    assert streets.loc[streets["kind"] == "footpath", "name"].isna().all()
    assert not REAL_STREETS & set(streets["name"].dropna())
    assert set(houses["street"]) <= set(streets["name"].dropna())
    for owner in houses["owner"].dropna().unique():
        assert any(word in owner.lower() for word in ("exempel", "prov", "demo"))


# --- the events


def test_national_mix_of_drug_offences(lines: list[list[str]]) -> None:
    codes = Counter(row[HEADER.index("brottskod")] for row in lines[1:] if len(row) == len(HEADER))
    drugs = {code: codes[code] for code in MIX}
    for code, share in MIX.items():
        assert drugs[code] / sum(drugs.values()) == pytest.approx(share, abs=0.006), code
    assert codes["5005"] / 3 < 200  # some hundreds of sale reports in three years, as in real life


def test_planted_cases_stand_where_the_truth_says(truth: dict, lines: list[list[str]]) -> None:
    rows = [row for row in lines[1:] if len(row) == len(HEADER)]
    at = {name: HEADER.index(name) for name in ("N", "E", "diarienr")}
    seen = {}
    for row in rows:
        seen.setdefault((row[at["E"]], row[at["N"]]), set()).add(row[at["diarienr"]])
    assert len(truth["spots"]) == len(SPOTS)
    for spot in truth["spots"]:
        found = set().union(*(seen.get((f"{x},0", f"{y},0"), set()) for x, y in spot["places"]))
        assert spot["n_cases"] <= len(found) <= spot["n_cases"] * 1.35 + 5, spot["name"]
        assert spot["radius_m"] < 150
    station = truth["station"]
    found = seen[f"{station['x_m'][0]},0", f"{station['y_m'][0]},0"]
    assert len(found) >= station["n_cases"] == 540


def test_patterns_in_time(cases: pd.DataFrame) -> None:
    assert len(cases) == 6000
    week = cases["start"].dt.isocalendar().week
    month = cases["start"].dt.month
    by = {s.spot_id: cases["spot"] == s.spot_id for s in SPOTS}
    for spot in SPOTS:
        assert by[spot.spot_id].sum() == spot.cases
        own = cases[by[spot.spot_id]]
        if spot.pattern == "operations":
            assert set(week[own.index]) <= set(OPERATION_WEEKS)
            assert own["initiated"].mean() > 0.9
        if spot.pattern == "summer":
            assert month[own.index].between(4, 10).all()
        if spot.pattern == "school":
            assert own["start"].dt.day_of_week.max() < 5
        if spot.pattern == "stairwell":
            assert set(own["kind"]) == {"entrance"}
    before = cases.loc[by["P07"], "start"].max()
    after = cases.loc[by["P08"], "start"].min()
    assert before < after
    steady = cases[by["P01"]]
    assert steady["start"].dt.to_period("Q").nunique() == 12
    assert (steady["codes"] == "5005").mean() > 0.15


def test_times_exist_and_are_in_order(cases: pd.DataFrame) -> None:
    for column in ("start", "end"):
        cases[column].dt.tz_localize("Europe/Stockholm", ambiguous=True, nonexistent="raise")
    assert (cases["end"] >= cases["start"]).all()
    assert cases["start"].min() >= pd.Timestamp("2023-01-01")
    assert cases["start"].max() < pd.Timestamp("2026-01-01")
    assert (cases["registered"] <= pd.Timestamp(TODAY)).all()


@pytest.mark.parametrize("n", [40, 1000])
def test_small_numbers_add_up(town: Town, areas: gpd.GeoDataFrame, n: int) -> None:
    cases = events_of(town, areas, n)
    assert len(cases) == n
    rows = clean_rows(cases, 581)
    assert len(rows) == cases["codes"].str.count(";").sum() + n
    assert rows["diarienr"].nunique() == n
    assert (rows[["brottskod", "N", "E", "brottsdag start"]] != "").all(axis=None)


# --- the export and what an import makes of it


def test_export_looks_as_exports_do(lines: list[list[str]], truth: dict) -> None:
    assert tuple(lines[0]) == HEADER
    assert len(lines) - 1 == truth["rows"]
    mess = truth["mess"]
    assert truth["rows"] == truth["clean_rows"] + sum(mess.values())
    assert 0.02 < sum(mess.values()) / truth["rows"] < 0.06
    odd = [row for row in lines if len(row) != len(HEADER)]
    assert len(odd) == mess["wrong_number_of_columns"]
    clock = [row[HEADER.index("tid start")] for row in lines[1:] if len(row) == len(HEADER)]
    assert any(len(time) <= 2 for time in clock)  # zeros eaten
    assert clock.count("9999") > 100
    repeated = Counter(map(tuple, lines[1:]))
    assert sum(n - 1 for n in repeated.values()) == mess["duplicate"]


def test_import_report_tells_the_stated_numbers(imported: Import, truth: dict) -> None:
    mess = truth["mess"]
    found = imported.rejected["reason"].value_counts().to_dict()
    told = {
        reason: n
        for reason, n in mess.items()
        if reason not in ("duplicate", "unknown_code", "other_crs")
    }
    assert found == told
    police = imported.incidents[imported.incidents["input_no"] == 1]
    # rows in RT90 are put right, unknown codes are kept
    assert len(police) == truth["cases"] + mess["unknown_code"] + mess["other_crs"]
    assert (police["offence_class"] == "unknown").sum() == mess["unknown_code"]
    codes = {notice.code for notice in imported.report.notices}
    assert {"mixed_crs", "unknown_code", "duplicates_merged", "stacked_flagged"} <= codes


def test_no_clean_row_is_screened_out(imported: Import, truth: dict) -> None:
    hidden = imported.rejected[imported.rejected["reason"] == "personal_data"]
    assert len(hidden) == truth["mess"]["personal_data"]
    assert set(hidden["input_no"]) == {1}
    assert (imported.incidents["input_no"] == 2).sum() == 1500


def test_only_the_station_is_stacked(imported: Import, truth: dict) -> None:
    stacked = imported.incidents[imported.incidents["stacked"]]
    points = stacked[["x_m", "y_m"]].drop_duplicates().to_numpy().tolist()
    assert points == [[truth["station"]["x_m"][0], truth["station"]["y_m"][0]]]


def test_every_word_of_the_inputs_is_understood(imported: Import) -> None:
    police = imported.incidents[imported.incidents["input_no"] == 1]
    reports = imported.incidents[imported.incidents["input_no"] == 2]
    for column in ("police_initiated", "space_type", "geocode_class"):
        assert (police[column] != "unknown").all(), column
    for column in ("certainty", "space_type", "offence_class"):
        assert (reports[column] != "unknown").all(), column
    assert set(reports["source"]) == {"est_report"}
    assert (reports["space_type"] == "residential_common").sum() > 300


# --- for benchmarks


def test_big_export(tmp_path: Path) -> None:
    big_export(tmp_path / "a.csv", n_rows=5000, n_places=700, seed=4)
    big_export(tmp_path / "b.csv", n_rows=5000, n_places=700, seed=4)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    table = pd.read_csv(tmp_path / "a.csv", sep=";", dtype=str)
    assert tuple(table.columns) == HEADER
    assert len(table) == 5000
    assert not table.isna().any(axis=None)
    assert 300 < len(table[["N", "E"]].drop_duplicates()) <= 700
    hour, minute = np.divmod(table["tid slut"].astype(int), 100)
    assert (hour < 24).all()
    assert (minute < 60).all()
    assert (table["tid slut"].astype(int) >= table["tid start"].astype(int)).all()
    raw = read_export(tmp_path / "a.csv", ReadOptions())
    assert raw.rows_read == 5000
    assert len(raw.rejected) == 0


def test_planted_hot_spots_are_found_again(imported: Import, truth: dict) -> None:
    places = group_places(imported.incidents, crs="EPSG:3006")
    found = find_hotspots(imported.incidents, places, HotspotOptions(), crs="EPSG:3006").table
    names = {}
    for spot in truth["spots"]:
        gap = found.distance(shapely.Point(spot["x_m"], spot["y_m"]))
        names[spot["spot_id"]] = found.loc[gap.idxmin(), "hotspot_id"] if gap.min() < 30 else None
    ended = names.pop("P07")  # moved away before the counted period was well begun
    assert ended is None
    assert all(names.values())
    assert len(set(names.values())) == len(names)  # each on its own
    steady = [names[s.spot_id] for s in SPOTS if s.pattern == "steady"]
    ranks = found.set_index("hotspot_id")["rank"]
    assert max(ranks[steady]) <= 6
    assert found["area_m2"].max() < 50_000
    assert len(found) <= len(names) + 3  # and little else


def test_a_camera_can_stand_at_every_planted_hot_spot_out_of_doors(
    layers: dict[str, gpd.GeoDataFrame], truth: dict
) -> None:
    indoors = {s.spot_id for s in SPOTS if s.pattern == "stairwell"}
    for spot in truth["spots"]:
        if spot["spot_id"] not in indoors:
            apart = layers["poles"].distance(shapely.Point(spot["x_m"], spot["y_m"]))
            assert apart.min() < 50, spot["spot_id"]
