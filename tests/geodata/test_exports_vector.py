"""GeoPackage, Shapefile, GeoJSON and (Geo)Parquet, whole and damaged."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geodata.errors import DataError, LagesbildError
from geodata.exports import ReadOptions, read_export
from geodata.exports.one_by_one import read_one_by_one

N = 10
EAST, NORTH = 569_000.0, 6_495_000.0
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def points(crs="EPSG:3006"):
    return gpd.GeoDataFrame(
        {"kod": ["5011"] * N, "dag": pd.date_range("2024-01-01", periods=N), "n": range(N)},
        geometry=gpd.points_from_xy(EAST + np.arange(N), [NORTH] * N),
        crs=crs,
    )


def read(path, **options):
    raw = read_export(path, ReadOptions(**options))
    assert raw.rows_read == raw.table.num_rows + len(raw.rejected)
    assert len(raw.row_numbers) == raw.table.num_rows
    raw.table.validate(full=True)
    return raw


def code_of(path, **options):
    with pytest.raises(DataError) as caught:
        read_export(path, ReadOptions(**options))
    (fault,) = caught.value.faults
    return fault.code


def rejected_of(raw):
    return list(raw.rejected[["row_number", "reason"]].itertuples(index=False, name=None))


def codes(raw):
    return [notice.code for notice in raw.notices]


@pytest.fixture
def shape(tmp_path):
    points().drop(columns="dag").to_file(tmp_path / "p.shp")
    return tmp_path / "p.shp"


@pytest.mark.parametrize("name", ["p.gpkg", "p.shp", "p.geojson", "p.parquet", "p.zip"])
def test_points_become_columns(tmp_path, name):
    path = tmp_path / name
    frame = points().to_crs("EPSG:4326") if name == "p.geojson" else points()
    frame = frame.drop(columns="dag")
    if name == "p.parquet":
        frame.to_parquet(path)
    elif name == "p.zip":
        frame.to_file(tmp_path / "p.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in PARTS:
                archive.write(tmp_path / f"p{part}", f"mapp/p{part}")
    else:
        frame.to_file(path)
    raw = read(path)
    assert raw.table.column_names == ["kod", "n", "__x", "__y"]
    np.testing.assert_allclose(raw.table["__x"].to_numpy(), frame.geometry.x)
    np.testing.assert_allclose(raw.table["__y"].to_numpy(), frame.geometry.y)
    assert raw.table["kod"].to_pylist() == ["5011"] * N
    assert raw.crs == ("EPSG:4326" if name == "p.geojson" else "EPSG:3006")
    assert raw.row_numbers.tolist() == list(range(1, N + 1))
    assert raw.notices == ()


@pytest.mark.parametrize("name", ["p.gpkg", "p.shp", "p.parquet"])
def test_no_crs_is_told(tmp_path, name):
    path = tmp_path / name
    frame = points(crs=None).drop(columns="dag")
    if name == "p.parquet":
        frame.to_parquet(path)
    else:
        with pytest.warns(UserWarning, match="'crs' was not provided"):
            frame.to_file(path)
    raw = read(path)
    assert raw.crs is None
    assert codes(raw) == ["crs_missing"]


def test_damaged_prj_counts_as_none(shape):
    shape.with_suffix(".prj").write_text('PROJCS["x",GEOGCS[')
    raw = read(shape)
    assert raw.crs is None
    assert raw.table.num_rows == N
    assert "crs_missing" in codes(raw)


@pytest.mark.parametrize("name", ["p.gpkg", "p.geojson", "p.parquet"])
@pytest.mark.parametrize("kind", ["polygon", "line"])
def test_polygons_and_lines_are_refused(tmp_path, name, kind):
    frame = points()
    shapes = frame.buffer(1) if kind == "polygon" else frame.buffer(1).boundary
    frame = frame.set_geometry(shapes)
    path = tmp_path / name
    frame.to_parquet(path) if name == "p.parquet" else frame.to_file(path)
    assert code_of(path) == "not_points"


def test_odd_geometries_cost_their_rows(tmp_path):
    frame = points().drop(columns="dag")
    shapes = list(frame.geometry)
    shapes[1] = None
    shapes[3] = shapely.MultiPoint([(1, 2)])
    shapes[4] = shapely.MultiPoint([(1, 2), (3, 4)])
    shapes[6] = shapely.box(0, 0, 1, 1)
    shapes[8] = shapely.Point()
    path = tmp_path / "p.parquet"
    frame.set_geometry(gpd.GeoSeries(shapes, crs=3006)).to_parquet(path)
    raw = read(path)
    assert rejected_of(raw) == [
        (2, "empty_geometry"),
        (5, "several_points"),
        (7, "not_a_point"),
        (9, "empty_geometry"),
    ]
    assert raw.row_numbers.tolist() == [1, 3, 4, 6, 8, 10]
    assert raw.table["__x"].to_pylist()[2] == 1.0


def test_layer_with_points_is_chosen_and_told(tmp_path):
    path = tmp_path / "p.gpkg"
    frame = points().drop(columns="dag")
    frame.set_geometry(frame.buffer(5)).to_file(path, layer="ytor")
    frame.to_file(path, layer="händelser")
    raw = read(path)
    assert raw.layer == "händelser"
    (notice,) = raw.notices
    assert (notice.code, notice.level) == ("layer_chosen", "chosen")
    assert read(path, layer="händelser").notices == ()
    assert code_of(path, layer="ytor") == "not_points"
    assert code_of(path, layer="händelse") == "unknown_layer"


def test_layer_without_geometry(tmp_path):
    path = tmp_path / "p.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), path)
    raw = read(path)
    assert raw.table.to_pydict() == {"a": [1, 2], "b": ["x", "y"]}
    assert raw.crs is None
    assert raw.notices == ()


def test_dates_of_a_geopackage_leave_utc(tmp_path):
    path = tmp_path / "p.gpkg"
    points().assign(stund=pd.Timestamp("2024-06-01 13:37")).to_file(path)
    raw = read(path)
    assert raw.table.schema.field("dag").type.tz is None
    assert raw.table["dag"].to_pylist()[1] == pd.Timestamp("2024-01-02")
    assert raw.table.schema.field("stund").type.tz == "UTC"
    (notice,) = raw.notices
    assert (notice.code, notice.data) == ("times_in_utc", {"column": "stund"})


def test_bad_geometry_and_bad_text_in_a_geopackage(tmp_path):
    path = tmp_path / "p.gpkg"
    points().drop(columns="dag").to_file(path, layer="p")
    with sqlite3.connect(path) as base:
        names = base.execute("select name from sqlite_master where type='trigger'").fetchall()
        for (name,) in names:
            base.execute(f'drop trigger "{name}"')
        base.execute("update p set geom = x'deadbeef' where fid = 4")
        base.execute("update p set kod = cast(x'e5e4f6' as text) where fid = 7")
    base.close()
    raw = read(path)
    assert raw.rows_read == N
    assert (4, "empty_geometry") in rejected_of(raw)
    assert raw.row_numbers.tolist()[:3] == [1, 2, 3]


def test_dbf_cut_short_costs_the_records_lost(shape):
    table = shape.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:-20])
    raw = read(shape)
    assert raw.rows_read == N
    assert rejected_of(raw) == [(N, "bad_record")]


def test_shp_cut_short_is_told(shape):
    shape.write_bytes(shape.read_bytes()[: 100 + 28 * 6])
    raw = read(shape)
    assert raw.row_numbers.tolist() == [1, 2, 3, 4, 5, 6]
    assert len(raw.rejected) == 4
    assert "truncated_file" in codes(raw)


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_part_of_a_shapefile_is_missing(shape, part):
    shape.with_suffix(part).unlink()
    if part == ".shx":
        assert code_of(shape) == "missing_part"
    else:  # the points alone can still be read
        assert read(shape).table.num_rows == N


def test_checksum_of_a_shapefile_covers_its_parts(shape):
    before = read(shape).sha256
    table = shape.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"5011", b"5010", 1))
    assert read(shape).sha256 != before


def test_one_by_one_is_the_same_as_whole(tmp_path):
    path = tmp_path / "p.gpkg"
    frame = points().drop(columns="dag")
    frame.to_file(path, layer="p")
    slow = read_one_by_one(str(path), "p", path)
    whole = read(path).table
    assert slow.table.to_pydict() == whole.drop_columns(["__x", "__y"]).to_pydict()
    assert slow.bad == []
    assert slow.numbers.tolist() == list(range(1, N + 1))
    got = shapely.from_wkb(slow.wkb.to_numpy())
    np.testing.assert_array_equal(shapely.get_x(got), whole["__x"].to_numpy())


def test_bad_features_of_a_geojson(tmp_path):
    path = tmp_path / "p.geojson"
    points("EPSG:4326").to_file(path)
    content = json.loads(path.read_text())
    content["features"][2]["geometry"] = None
    content["features"][3]["geometry"]["coordinates"] = ["a", "b"]
    content["features"][5]["properties"]["dag"] = "skräp"
    path.write_text(json.dumps(content))
    raw = read(path)
    assert rejected_of(raw) == [(3, "empty_geometry"), (4, "empty_geometry")]
    assert raw.table["dag"].to_pylist()[3] == "skräp"


def test_geojson_that_cannot_be_opened(tmp_path):
    path = tmp_path / "p.geojson"
    points("EPSG:4326").to_file(path)
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    assert code_of(path) == "truncated_file"
    path.write_text(whole.replace(":", "=", 3))
    assert code_of(path) == "unreadable"
    path.write_text('{"a": [1, 2]}')
    assert code_of(path) == "unknown_format"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    assert code_of(path) == "header_only"


@pytest.mark.parametrize("name", ["p.gpkg", "p.parquet"])
def test_truncated(tmp_path, name):
    path = tmp_path / name
    points().to_parquet(path) if name == "p.parquet" else points().to_file(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert code_of(path) == "truncated_file"


def test_geoarrow_points_and_default_crs(tmp_path):
    path = tmp_path / "p.parquet"
    points("OGC:CRS84").to_parquet(path, geometry_encoding="geoarrow")
    raw = read(path)
    assert raw.crs == "EPSG:4326"
    np.testing.assert_array_equal(raw.table["__x"].to_numpy(), points().geometry.x)


def test_plain_parquet(tmp_path):
    path = tmp_path / "p.parquet"
    table = pa.table(
        {
            "a": pa.array(["x", "y", None], pa.large_string()),
            "b": pa.array(["u", "u", "v"]).dictionary_encode(),
            "c": pa.array([None] * 3, pa.null()),
            "geometry": pa.array([b"1", b"2", b"3"]),
            "lista": pa.array([[1], [2], [3]]),
            "__index_level_0__": pa.array([5, 6, 7]),
        }
    )
    pq.write_table(table, path)
    raw = read(path)
    assert raw.table.to_pydict() == {"a": ["x", "y", None], "b": ["u", "u", "v"], "c": [None] * 3}
    assert set(raw.table.schema.types) == {pa.string()}
    (notice,) = raw.notices
    assert (notice.code, notice.data) == ("columns_dropped", {"columns": ["geometry", "lista"]})
    pq.write_table(table.slice(0, 0), path)
    assert code_of(path) == "header_only"


def test_files_that_are_none_of_these(tmp_path):
    assert code_of(tmp_path / "ingen.csv") == "file_missing"
    assert code_of(tmp_path) == "file_missing"
    path = tmp_path / "fil.bin"
    for content, code in [
        (b"%PDF-1.7\n...", "unknown_format"),
        (b"<html><table>", "unknown_format"),
        (b"PK\x03\x04 and no more", "truncated_file"),
        (b"", "empty_file"),
    ]:
        path.write_bytes(content)
        assert code_of(path) == code
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert code_of(path) == "unknown_format"


@pytest.mark.parametrize("name", ["p.gpkg", "p.geojson", "p.parquet", "p.shp", "p.dbf", "p.zip"])
def test_any_damage_gives_rows_that_add_up_or_one_fault(tmp_path, shape, name):
    """Bytes overwritten and ends cut off: never a bare traceback, never a Python warning."""
    path = tmp_path / name
    if name == "p.parquet":
        points().to_parquet(path)
    elif name == "p.zip":
        with zipfile.ZipFile(path, "w") as archive:
            for part in PARTS:
                archive.write(tmp_path / f"p{part}", f"p{part}")
    elif name in ("p.gpkg", "p.geojson"):
        points("EPSG:4326").to_file(path)
    whole, chance = path.read_bytes(), random.Random(7)
    opened = shape if name == "p.dbf" else path
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 3, 20])):
            damaged[chance.randrange(len(damaged))] = chance.choice([0, 34, 255])
        if chance.random() < 0.3:
            damaged = damaged[: chance.randrange(1, len(damaged))]
        path.write_bytes(damaged)
        try:
            read(opened)
        except LagesbildError as error:
            code = error.faults[0].code
            assert code


@pytest.mark.real
def test_the_real_files(real_data, tmp_path):
    sizes = {
        "charlottesville_2012_2017.csv.gz": 31_887,
        "SFcrime_2012H2.parquet": 13_472,
        "london_drugs_2018_2021.parquet": 132_352,
        "met_stop_and_search_2018_2019.parquet": 151_900,
    }
    for name, n in sizes.items():
        raw = read(real_data / "incidents" / name)
        assert (raw.rows_read, len(raw.rejected)) == (n, 0)
    assert read(real_data / "incidents" / "SFcrime_2012H2.parquet").crs == "EPSG:2227"
    for path in sorted((real_data / "boundaries").iterdir()):
        copy = shutil.copy(path, tmp_path)
        assert code_of(tmp_path / copy) == "not_points"
