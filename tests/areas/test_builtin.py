"""The built-in boundaries: what they are, and that they are what the sources say."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from areas.boundaries import (
    AreaFile,
    AreaOptions,
    builtin_areas,
    covers_norrkoping,
    municipality_box,
    municipality_outline,
    read_areas,
)
from areas.boundaries.options import AreaKind
from geodata import schema
from geodata.errors import SettingsError

CRS = "EPSG:3006"


def test_three_areas_and_forty_regso() -> None:
    table = builtin_areas(["est", "regso"], CRS)
    schema.check(table, "areas", crs=CRS)
    est = table[table["kind"] == "est_area"]
    assert est["name"].tolist() == ["Hageby", "Klockaretorpet", "Navestad"]
    assert est["area_id"].tolist() == ["hageby", "klockaretorpet", "navestad"]
    regso = table[table["kind"] == "regso"]
    assert regso["area_id"].tolist() == [f"0581R{i:03}" for i in range(1, 41)]
    assert "Såpkullen-Söderstaden-Vasaparken" in regso["name"].tolist()
    assert not table["authoritative"].any()
    assert table[["valid_from", "valid_to"]].isna().all(axis=None)
    assert table.is_valid.all()
    assert not table.geometry.has_z.any()


def test_areas_in_hectares_as_published() -> None:
    table = builtin_areas(["est"], CRS).set_index("area_id")
    hectares = (table.area / 1e4).round(1).to_dict()
    assert hectares == {"hageby": 156.2, "klockaretorpet": 141.3, "navestad": 80.6}


def test_hageby_of_2023_overlaps_navestad_and_that_of_2025_does_not() -> None:
    def overlaps(name: str) -> list[float]:
        areas = read_areas(AreaOptions(builtin=(name,)), crs=CRS, base=Path())
        return [n.data["overlap_m2"] for n in areas.notices if n.code == "areas_overlap"]

    assert overlaps("est_2023") == [pytest.approx(2723, abs=1)]
    assert overlaps("est") == []


def test_regso_fill_the_municipality_without_gap_or_overlap() -> None:
    table = builtin_areas(["regso"], CRS)
    outline = municipality_outline(CRS)
    assert isinstance(outline, shapely.Polygon)
    assert not outline.interiors
    assert table.area.sum() == pytest.approx(outline.area, abs=1)
    assert municipality_box(CRS) == tuple(outline.bounds)
    x0, _y0, _x1, y1 = municipality_box(CRS, margin_m=500)
    assert (x0, y1) == (outline.bounds[0] - 500, outline.bounds[3] + 500)


def test_stand_ins_are_told_and_so_is_the_choice() -> None:
    areas = read_areas(AreaOptions(), crs=CRS, base=Path())
    notices = {n.code: n for n in areas.notices}
    assert set(notices) == {"builtin_chosen", "not_authoritative"}
    assert "Hageby, Klockaretorpet, Navestad" in notices["not_authoritative"].text
    chosen = read_areas(AreaOptions(builtin=("est", "regso")), crs=CRS, base=Path())
    assert [n.code for n in chosen.notices] == ["not_authoritative"]


@pytest.mark.parametrize("crs", ["EPSG:3010", "EPSG:3021", "EPSG:25833"])
def test_in_other_systems_of_the_place(crs: str) -> None:
    assert covers_norrkoping(crs)
    table = read_areas(AreaOptions(), crs=crs, base=Path()).table
    assert len(table) == 43
    assert table.area.sum() == pytest.approx(
        builtin_areas(["est", "regso"], CRS).area.sum(), rel=2e-3
    )


def test_other_towns_get_none() -> None:
    areas = read_areas(AreaOptions(), crs="EPSG:32617", base=Path())
    assert len(areas.table) == 0
    assert areas.notices == ()
    schema.check(areas.table, "areas")
    with pytest.raises(SettingsError) as raised:
        read_areas(AreaOptions(builtin=("est",)), crs="EPSG:32617", base=Path())
    assert [f.code for f in raised.value.faults] == ["builtin_elsewhere"]


def own_file(folder: Path, area_id: str, x: float = 0.0) -> AreaFile:
    hageby = builtin_areas(["est"], CRS).geometry.iloc[0]
    path = folder / f"{area_id}.gpkg"
    shape = shapely.transform(hageby, lambda xy: xy * [1, 1] + [x, 0])
    gpd.GeoDataFrame({"area_id": [area_id], "name": ["Hageby"]}, geometry=[shape], crs=CRS).to_file(
        path
    )
    return AreaFile(path=path, decision_ref="KS 1", authoritative=True)


def test_own_est_areas_take_the_place_of_the_stand_ins(tmp_path: Path) -> None:
    areas = read_areas(AreaOptions(file=(own_file(tmp_path, "H1"),)), crs=CRS, base=tmp_path)
    est = areas.table[areas.table["kind"] == "est_area"]
    assert est["area_id"].tolist() == ["H1"]
    assert (areas.table["kind"] == "regso").sum() == 40


def test_own_area_takes_the_place_of_the_built_in_one_of_its_id(tmp_path: Path) -> None:
    options = AreaOptions(builtin=("est",), file=(own_file(tmp_path, "hageby"),))
    areas = read_areas(options, crs=CRS, base=tmp_path)
    assert areas.table["area_id"].tolist() == ["hageby", "klockaretorpet", "navestad"]
    assert areas.table["authoritative"].tolist() == [True, False, False]
    told = {n.code: n for n in areas.notices}
    assert told["builtin_replaced"].data["areas"] == ["hageby"]
    assert told["not_authoritative"].data["areas"] == ["klockaretorpet", "navestad"]


def test_areas_of_another_municipality_bring_no_regso(tmp_path: Path) -> None:
    file = own_file(tmp_path, "far", x=-150_000.0)
    areas = read_areas(AreaOptions(file=(file,)), crs=CRS, base=tmp_path)
    assert areas.table["area_id"].tolist() == ["far"]


def test_the_caller_may_change_what_it_got() -> None:
    one = builtin_areas(["est"], CRS)
    one.loc[0, "name"] = "Ändrat"
    assert builtin_areas(["est"], CRS)["name"].iloc[0] == "Hageby"


def test_kinds_of_the_settings_are_those_of_the_tables() -> None:
    assert get_args(AreaKind) == schema.AREA_KINDS


@pytest.mark.real
def test_built_in_polygons_are_the_published_ones(real_data: Path) -> None:
    regso = gpd.read_file(real_data / "boundaries" / "regso_2025_norrkoping.gpkg")
    regso = regso.sort_values("regsokod", ignore_index=True)
    ours = builtin_areas(["regso"], CRS)
    pd.testing.assert_series_equal(ours["name"], regso["regsonamn"], check_names=False)
    assert ours.hausdorff_distance(regso.geometry).max() < 0.01
    police = gpd.read_file(real_data / "boundaries" / "est_police_areas.gpkg")
    latest = (
        police.sort_values("list_year").drop_duplicates("area", keep="last").sort_values("area")
    )
    est = builtin_areas(["est"], CRS)
    assert est["name"].tolist() == latest["area"].tolist()
    distance = est.hausdorff_distance(latest.geometry.reset_index(drop=True))
    assert distance.max() < 0.01


@pytest.mark.real
def test_shares_between_regso_and_police_areas(real_data: Path) -> None:
    """27 % of Navestad lies in 0581R031; Hageby is 54.9 % R019, 39.6 % R031, 4.5 % R008."""
    table = builtin_areas(["est", "regso"], CRS).set_index("area_id").geometry

    def share(est: str, code: str) -> float:
        return table[est].intersection(table[code]).area / table[est].area

    assert share("navestad", "0581R031") == pytest.approx(0.27, abs=0.005)
    assert share("klockaretorpet", "0581R025") == pytest.approx(0.13, abs=0.005)
    assert [share("hageby", f"0581R{i}") for i in ("019", "031", "008")] == pytest.approx(
        [0.549, 0.396, 0.045], abs=0.0005
    )
