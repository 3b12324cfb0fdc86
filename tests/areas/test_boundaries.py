"""Area files: what is read, what is chosen, and every fault with its own message, all at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from areas.boundaries import (
    AreaColumns,
    AreaFile,
    AreaOptions,
    Areas,
    ComposedArea,
    builtin_areas,
    read_areas,
)
from geodata import schema
from geodata.errors import DataError, LagesbildError, SettingsError
from geodata.options import read_options

CRS = "EPSG:3006"
X, Y = 570_000.0, 6_493_000.0


def box(x: float, y: float, width: float = 100, height: float = 100) -> shapely.Polygon:
    return shapely.box(X + x, Y + y, X + x + width, Y + y + height)


def write(
    folder: Path,
    shapes: list[object],
    crs: str | None = CRS,
    name: str = "a.gpkg",
    **columns: object,
) -> Path:
    n = len(shapes)
    data = {"area_id": [f"a{i}" for i in range(n)], "name": [f"Område {i}" for i in range(n)]}
    table = gpd.GeoDataFrame(data | columns, geometry=gpd.GeoSeries(shapes, crs=crs))
    path = folder / name
    table.to_file(path)
    return path


def read(
    path: Path, *, builtin: tuple[str, ...] | None = (), crs: str = CRS, **file: object
) -> Areas:
    options = AreaOptions(builtin=builtin, file=(AreaFile(path=Path(path.name), **file),))
    return read_areas(options, crs=crs, base=path.parent)


def codes(raised: pytest.ExceptionInfo[LagesbildError]) -> list[str]:
    return [fault.code for fault in raised.value.faults]


def notice_codes(areas: Areas) -> list[str]:
    return [notice.code for notice in areas.notices]


def test_a_decided_boundary(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0)], namn=["Åbacken"], folkmängd=[4321], since=["2024-02-01"])
    areas = read(
        path,
        columns=AreaColumns(name="namn", valid_from="since"),
        valid_to=date(2026, 12, 31),
        decision_ref="KS 2024/17",
        authoritative=True,
        source="Kommunstyrelsen",
    )
    row = areas.table.iloc[0]
    assert (row["area_id"], row["name"], row["kind"]) == ("a0", "Åbacken", "est_area")
    assert (row["valid_from"], row["valid_to"]) == (
        pd.Timestamp("2024-02-01"),
        pd.Timestamp("2026-12-31"),
    )
    assert row["decision_ref"] == "KS 2024/17"
    assert row["authoritative"]
    assert row["population"] == 4321
    assert row["source"] == "Kommunstyrelsen"
    assert notice_codes(areas) == ["columns_guessed"]  # told: area_id and population


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_formats_and_reprojection(tmp_path: Path, name: str) -> None:
    expected = box(0, 0)
    degrees = gpd.GeoSeries([expected], crs=CRS).to_crs("EPSG:4326")
    areas = read(write(tmp_path, list(degrees), crs="EPSG:4326", name=name))
    found = areas.table.geometry.iloc[0]
    assert found.symmetric_difference(expected).area < 0.1
    schema.check(areas.table, "areas", crs=CRS)


def test_rows_come_sorted_whatever_their_order(tmp_path: Path) -> None:
    one = read(write(tmp_path, [box(0, 0), box(200, 0)], name="one.gpkg"))
    two = read(
        write(
            tmp_path,
            [box(200, 0), box(0, 0)],
            name="two.gpkg",
            area_id=["a1", "a0"],
            **{"name ": ["x", "y"]},
        ),
        columns=AreaColumns(name="name"),
        source="one.gpkg",
    )
    assert one.table["area_id"].tolist() == two.table["area_id"].tolist()
    assert one.table.geometry.geom_equals(two.table.geometry).all()


def test_id_from_the_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"namn": ["Östra Haga"]}, geometry=[box(0, 0)], crs=CRS).to_file(path)
    areas = read(path)
    assert areas.table["area_id"].tolist() == ["östra-haga"]
    assert "area_id_from_name" in notice_codes(areas)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """One run tells everything that is wrong in three files and one composed area."""
    bow_tie = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    write(tmp_path, [bow_tie], name="bow.gpkg")
    write(tmp_path, [box(0, 0)], name="cols.gpkg", start=["31/12 2024"])
    options = AreaOptions(
        builtin=(),
        file=(
            AreaFile(path=Path("bow.gpkg")),
            AreaFile(path=Path("cols.gpkg"), columns=AreaColumns(name="nmae", valid_from="start")),
            AreaFile(path=Path("gone.gpkg")),
            AreaFile(),
        ),
        compose=(ComposedArea("h", "H", ("0581R19",)),),
    )
    with pytest.raises(DataError) as raised:
        read_areas(options, crs=CRS, base=tmp_path)
    assert codes(raised) == [
        "invalid_ring",
        "missing_column",
        "wrong_date",
        "missing_file",
        "missing_setting",
        "unknown_code",
    ]
    text = str(raised.value)
    assert "Menade du ”name”?" in text
    assert "0581R019" in text
    assert "[[areas.file]] 3" in text


def test_self_crossing_ring_is_named_and_shown(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    with pytest.raises(DataError) as raised:
        read(write(tmp_path, [box(300, 0), bow_tie]))
    (fault,) = raised.value.faults
    assert fault.code == "invalid_ring"
    assert "Område 1" in fault.what
    assert "korsar sig själv vid 570\u00a0050, 6\u00a0493\u00a0050" in fault.what
    assert "a.gpkg" in fault.where


def test_a_crossing_that_hardly_matters_is_mended_and_told(tmp_path: Path) -> None:
    curl = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 2), (1, 1), (1, 2), (0, 1)]
    shape = shapely.Polygon([(X + x, Y + y) for x, y in curl])
    assert not shape.is_valid
    areas = read(write(tmp_path, [shape]))
    assert areas.table.is_valid.all()
    assert areas.table.area.iloc[0] == pytest.approx(1e6, rel=1e-3)
    (notice,) = [n for n in areas.notices if n.code == "ring_mended"]
    assert 0 < notice.data["changed_m2"] < 2


def test_duplicates(tmp_path: Path) -> None:
    shapes = [box(0, 0), box(200, 0), box(200, 0)]
    path = write(tmp_path, shapes, area_id=["a", "a", "c"], name_=["A", "A", "C"])
    with pytest.raises(DataError) as raised:
        read(path)
    assert codes(raised) == ["duplicate_area", "same_geometry"]


def test_the_same_area_at_different_times_is_no_duplicate(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        [box(0, 0), box(0, 0, 120)],
        area_id=["a", "a"],
        valid_from=["2020-01-01", "2024-01-01"],
        valid_to=["2023-12-31", None],
    )
    areas = read(path)
    assert areas.table["valid_to"].isna().tolist() == [False, True]
    assert "areas_overlap" not in notice_codes(areas)


def test_one_day_in_common_is_a_duplicate(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        [box(0, 0), box(0, 0, 120)],
        area_id=["a", "a"],
        valid_from=["2020-01-01", "2024-01-01"],
        valid_to=["2024-01-01", None],
    )
    with pytest.raises(DataError) as raised:
        read(path)
    assert codes(raised) == ["duplicate_area"]


def test_one_id_for_two_kinds(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0)])
    options = AreaOptions(builtin=(), file=(AreaFile(path=path), AreaFile(path=path, kind="other")))
    with pytest.raises(DataError) as raised:
        read_areas(options, crs=CRS, base=tmp_path)
    assert codes(raised) == ["area_id_of_two_kinds"]


def test_overlap_is_told_in_square_metres(tmp_path: Path) -> None:
    areas = read(write(tmp_path, [box(0, 0), box(90, 0)]))
    (notice,) = [n for n in areas.notices if n.code == "areas_overlap"]
    assert notice.data["overlap_m2"] == pytest.approx(1000)
    assert "1\u00a0000 m²" in notice.text
    assert "till Område 0" in notice.text
    assert notice.level == "warning"


def test_shared_borders_and_other_kinds_are_no_overlap(tmp_path: Path) -> None:
    options = AreaOptions(
        builtin=(),
        file=(
            AreaFile(path=write(tmp_path, [box(0, 0), box(100, 0)], name="a.gpkg")),
            AreaFile(
                path=write(tmp_path, [box(50, 50)], name="b.gpkg", area_id=["b"]), kind="other"
            ),
        ),
    )
    areas = read_areas(options, crs=CRS, base=tmp_path)
    assert not {"areas_overlap", "gap_between_areas"} & set(notice_codes(areas))


@pytest.mark.parametrize(("gap", "told"), [(0.0, False), (4.0, True), (12.0, False)])
def test_gap_between_neighbours(tmp_path: Path, gap: float, told: bool) -> None:
    areas = read(write(tmp_path, [box(0, 0), box(100 + gap, 0)]))
    found = [n for n in areas.notices if n.code == "gap_between_areas"]
    assert bool(found) == told
    if told:
        assert found[0].data["gap_m2"] == pytest.approx(gap * 100, rel=0.1)


def test_corners_and_crossroads_are_no_gaps(tmp_path: Path) -> None:
    """A concave corner between two areas is filled by widening too, but is no strip."""
    shapes = [box(0, 0), box(100, 50), box(200, 0)]
    assert "gap_between_areas" not in notice_codes(read(write(tmp_path, shapes)))


def test_a_strip_that_a_third_area_fills_is_no_gap(tmp_path: Path) -> None:
    shapes = [box(0, 0), box(104, 0), box(100, 0, 4)]
    assert "gap_between_areas" not in notice_codes(read(write(tmp_path, shapes)))


def test_hole_is_told(tmp_path: Path) -> None:
    ring = box(0, 0).difference(box(40, 40, 10, 10))
    (notice,) = [n for n in read(write(tmp_path, [ring])).notices if n.code == "area_with_hole"]
    assert notice.data["hole_m2"] == pytest.approx(100)


def test_dates_in_wrong_order_and_decision_missing(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0)], valid_from=["2025-01-01"], valid_to=["2024-01-01"])
    with pytest.raises(DataError) as raised:
        read(path, authoritative=True)
    assert codes(raised) == ["validity_reversed", "authoritative_without_decision"]


def test_empty_names_and_bad_population(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0), box(200, 0)], namn=["A", " "], population=["många", "1"])
    with pytest.raises(DataError) as raised:
        read(path, columns=AreaColumns(name="namn"))
    assert codes(raised) == ["wrong_number", "missing_value"]
    assert "post 2" in raised.value.faults[1].where


def test_points_are_no_areas(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        read(write(tmp_path, [shapely.Point(X, Y)]))
    assert codes(raised) == ["wrong_geometry_kind"]


def shapefile(folder: Path, shapes: list[object], stated: str | None) -> Path:
    """Write a Shapefile that states a system, whatever its coordinates are, or none."""
    path = write(folder, shapes, crs=stated or CRS, name="a.shp")
    if stated is None:
        path.with_suffix(".prj").unlink()
    return path


def moved(crs: str) -> list[object]:
    return list(gpd.GeoSeries([box(0, 0)], crs=CRS).to_crs(crs))


@pytest.mark.parametrize(
    ("shapes", "stated", "code"),
    [
        (moved("EPSG:4326"), CRS, "degrees_in_metres"),
        ([shapely.transform(box(0, 0), lambda xy: xy[:, ::-1])], CRS, "swapped_axes"),
        (moved("EPSG:3021"), CRS, "outside_crs"),  # RT90 called SWEREF
        (moved("EPSG:3010"), CRS, "outside_crs"),
        ([box(0, 0)], "EPSG:3010", "outside_crs"),
        ([box(0, 0)], None, "missing_crs"),
    ],
)
def test_wrong_and_missing_systems(
    tmp_path: Path, shapes: list[object], stated: str | None, code: str
) -> None:
    path = shapefile(tmp_path, shapes, stated)
    with pytest.raises(DataError) as raised:
        read(path)
    assert codes(raised) == [code]


def test_system_given_in_the_project_file(tmp_path: Path) -> None:
    path = shapefile(tmp_path, [box(0, 0)], None)
    options = AreaOptions(builtin=(), file=(AreaFile(path=path, crs="SWEREF 99 TM"),))
    assert read_areas(options, crs=CRS, base=tmp_path).table.area.iloc[0] == pytest.approx(1e4)
    wrong = AreaOptions(builtin=(), file=(AreaFile(path=path, crs="EPSG:99999"),))
    with pytest.raises(SettingsError) as raised:
        read_areas(wrong, crs=CRS, base=tmp_path)
    assert codes(raised) == ["unknown_crs"]


def test_metres_in_geojson_that_does_not_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    feature = {
        "type": "Feature",
        "properties": {"id": "a", "name": "A"},
        "geometry": shapely.geometry.mapping(box(0, 0)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(DataError) as raised:
        read(path)
    assert codes(raised) == ["missing_crs"]
    options = AreaOptions(builtin=(), file=(AreaFile(path=path, crs=CRS),))
    assert read_areas(options, crs=CRS, base=tmp_path).table.area.iloc[0] == pytest.approx(1e4)


def test_areas_that_lie_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0), box(300_000, 0), box(0, 200)])
    with pytest.raises(DataError) as raised:
        read(path)
    assert codes(raised) == ["areas_far_apart"]
    path = write(tmp_path, [box(0, 300_000)], name="b.gpkg")
    with pytest.raises(DataError) as raised:
        read(path, builtin=("regso",))
    assert codes(raised) == ["area_outside_project"]
    assert "Område 0" in str(raised.value)
    frame = (X - 10, Y + 5000, X + 10, Y + 6000)
    options = AreaOptions(builtin=(), file=(AreaFile(path=write(tmp_path, [box(0, 0)])),))
    with pytest.raises(DataError) as raised:
        read_areas(options, crs=CRS, base=tmp_path, frame=frame)
    assert codes(raised) == ["area_outside_project"]


def test_composed_of_regso() -> None:
    entry = ComposedArea(
        "hageby", "Hageby", ("0581R019", "0581R031"), decision_ref="KS 1", authoritative=True
    )
    areas = read_areas(AreaOptions(compose=(entry,)), crs=CRS, base=Path())
    est = areas.table[areas.table["kind"] == "est_area"]
    assert est["area_id"].tolist() == ["hageby"]
    regso = areas.table.set_index("area_id")
    pieces = regso.loc[["0581R019", "0581R031"]]
    assert est.area.iloc[0] == pytest.approx(pieces.area.sum())
    assert "0581R019" in est["source"].iloc[0]
    assert "not_authoritative" not in notice_codes(areas)
    assert "builtin_chosen" in notice_codes(areas)


def test_composed_of_own_deso(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0), box(100, 0)], desokod=["0581A0010", "0581A0020"])
    file = AreaFile(path=path, kind="deso", columns=AreaColumns(area_id="desokod"))
    entry = ComposedArea("x", "X", ("0581A0010", "0581A0020"))
    areas = read_areas(
        AreaOptions(builtin=(), file=(file,), compose=(entry,)), crs=CRS, base=tmp_path
    )
    assert areas.table.loc[areas.table["area_id"] == "x"].area.iloc[0] == pytest.approx(2e4)


def test_compose_that_counts_ground_twice(tmp_path: Path) -> None:
    path = write(tmp_path, [box(0, 0, 1000, 1000)], desokod=["0581A0010"])
    whole = builtin_areas(["regso"], CRS)
    holder = whole.loc[whole.contains(box(0, 0, 100, 100).centroid), "area_id"].iloc[0]
    file = AreaFile(path=path, kind="deso", columns=AreaColumns(area_id="desokod"))
    entry = ComposedArea("x", "X", ("0581A0010", holder))
    with pytest.raises(SettingsError) as raised:
        read_areas(AreaOptions(builtin=(), file=(file,), compose=(entry,)), crs=CRS, base=tmp_path)
    assert codes(raised) == ["code_overlap"]


def test_settings_are_read_from_toml_with_suggestions() -> None:
    table = {
        "builtin": ["regso"],
        "file": [
            {"path": "a.gpkg", "columns": {"nmae": "x"}, "kind": "est_area"},
            {"pth": "b.gpkg", "kind": "stadsdel"},
        ],
        "compose": {"area_id": "h", "name": "H", "codes": ["0581R019"], "valid_from": "2024-02-30"},
    }
    options, faults = read_options(AreaOptions, table, "[areas]")
    assert [(f.code, f.where) for f in faults] == [
        ("unknown_setting", "[areas.file 1.columns] nmae"),
        ("unknown_setting", "[[areas.file]] 2 pth"),
        ("wrong_type", "[[areas.file]] 2 kind"),
        ("wrong_type", "[[areas.compose]] 1 valid_from"),
    ]
    assert "name" in faults[0].next_step
    assert options.file[0].path == Path("a.gpkg")
    assert options.compose[0].codes == ("0581R019",)
