"""Layers: formats, kinds of geometry, broken rings, systems, and a clear fault for each."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.errors import DataError
from geodata.reference import read_layer

CRS = "EPSG:3006"
X, Y = 570_000.0, 6_493_000.0


def layer_of(shapes: list[object], crs: str | None = CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=gpd.GeoSeries(shapes, crs=crs))


def square(x: float = 0) -> shapely.Polygon:
    return shapely.box(X + x, Y, X + x + 10, Y + 10)


def fault_code(path: Path, *kinds: str, **options: object) -> str:
    with pytest.raises(DataError) as raised:
        read_layer(path, crs=CRS, kinds=kinds or ("polygon",), **options)
    (fault,) = raised.value.faults
    assert str(path) in fault.where
    return fault.code


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".parquet"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"layer{suffix}"
    table = layer_of([square(), square(50)])
    table.to_parquet(path) if suffix == ".parquet" else table.to_file(path)
    found = read_layer(path, crs="EPSG:3010", kinds=("polygon",))
    assert found.table.crs == "EPSG:3010"
    assert found.table["id"].tolist() == [0, 1]
    assert found.table.area.sum() == pytest.approx(200, rel=2e-3)
    assert found.notices == ()
    assert found.table.attrs == {"mended": 0, "source": path.name}


def test_parquet_without_description(tmp_path: Path) -> None:
    path = tmp_path / "wkb.parquet"
    shapes = [square(), None]
    pd.DataFrame({"id": [1, 2], "geom": [shapely.to_wkb(s) for s in shapes]}).to_parquet(path)
    assert fault_code(path) == "missing_crs"
    assert fault_code(path, source_crs="EPSG:99999") == "unknown_crs"
    found = read_layer(path, crs=CRS, kinds=("polygon",), source_crs="SWEREF 99 TM")
    assert found.table["id"].tolist() == [1]
    pd.DataFrame({"id": [1], "geom": ["POINT (1 1)"]}).to_parquet(path)
    assert fault_code(path) == "no_geometry"


@pytest.mark.parametrize(
    ("shape", "due"),
    [
        (square(), "point"),
        (square(), "line"),
        (shapely.Point(X, Y), "polygon"),
        (shapely.LineString([(X, Y), (X + 1, Y)]), "polygon"),
    ],
)
def test_wrong_kind_is_one_clear_fault(tmp_path: Path, shape: object, due: str) -> None:
    path = tmp_path / "layer.gpkg"
    layer_of([shape]).to_file(path)
    assert fault_code(path, due) == "wrong_geometry_kind"


def test_wrong_kind_in_words(tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    layer_of([square()]).to_file(path)
    with pytest.raises(
        DataError, match="Lagret har ytor, men här ska det vara punkter eller linjer"
    ):
        read_layer(path, crs=CRS, kinds=("point", "line"))


def test_rows_of_another_kind_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "layer.geojson"
    layer_of([square(), shapely.Point(X, Y), square(50)]).to_file(path)
    found = read_layer(path, crs=CRS, kinds=("polygon",))
    assert found.table["id"].tolist() == [0, 2]
    (notice,) = found.notices
    assert notice.code == "other_kinds_left_out"
    assert notice.data["rows"] == 1


def test_broken_rings_are_mended_and_counted(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    flat = shapely.Polygon([(X, Y), (X + 10, Y), (X, Y)])
    path = tmp_path / "layer.gpkg"
    layer_of([square(), bow_tie, flat]).to_file(path)
    found = read_layer(path, crs=CRS, kinds=("polygon",))
    assert found.table["id"].tolist() == [0, 1]
    assert found.table.is_valid.all()
    assert found.table.area.tolist() == pytest.approx([100, 50])
    (notice,) = found.notices
    assert (notice.code, notice.data["mended"], notice.data["dropped"]) == ("rings_mended", 2, 1)
    assert found.table.attrs["mended"] == 2


def test_layers_of_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    layer_of([square()]).to_file(path, layer="hus")
    layer_of([square(50)]).to_file(path, layer="skjul")
    layer_of([shapely.Point(X, Y)]).to_file(path, layer="stolpar")
    assert len(read_layer(path, crs=CRS, kinds=("point",)).table) == 1  # the only one of its kind
    assert fault_code(path, "polygon") == "several_layers"
    found = read_layer(path, crs=CRS, kinds=("polygon",), layer="skjul")
    assert found.table.total_bounds[0] == pytest.approx(X + 50)
    with pytest.raises(DataError, match="Menade du ”skjul”") as raised:
        read_layer(path, crs=CRS, kinds=("polygon",), layer="skjull")
    assert raised.value.faults[0].code == "missing_layer"


def test_heights_are_dropped_and_do_not_hide_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    layer_of([shapely.force_3d(square(), 12.0)]).to_file(path, layer="hus")
    layer_of([shapely.Point(X, Y, 3.0)]).to_file(path, layer="stolpar")
    for kind in ("polygon", "point"):
        found = read_layer(path, crs=CRS, kinds=(kind,))
        assert len(found.table) == 1
        assert not found.table.has_z.any()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert fault_code(tmp_path / "gone.gpkg") == "missing_file"
    for name, code in [
        ("a.dxf", "unknown_format"),
        ("a.gpkg", "unreadable_file"),
        ("a.geojson", "unreadable_file"),
        ("a.parquet", "unreadable_file"),
        ("a.shp", "unreadable_file"),
    ]:
        path = tmp_path / name
        path.write_bytes(b"\x00\x01 nothing of the kind")
        assert fault_code(path) == code


def test_layer_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    layer_of([square()]).iloc[:0].to_file(path, geometry_type="Polygon")
    assert fault_code(path) == "empty_layer"


@pytest.mark.parametrize(
    ("shape", "stated", "code"),
    [
        (shapely.box(16.1, 58.5, 16.2, 58.6), CRS, "degrees_in_metres"),
        (shapely.box(Y, X, Y + 10, X + 10), CRS, "swapped_axes"),
        (shapely.box(58.5, 16.1, 58.6, 16.2), "EPSG:4619", "swapped_axes"),
        (shapely.box(1_522_000, 6_496_000, 1_523_000, 6_497_000), CRS, "outside_crs"),
    ],
)
def test_systems_that_cannot_be_right(
    tmp_path: Path, shape: object, stated: str, code: str
) -> None:
    path = tmp_path / "layer.gpkg"
    layer_of([shape], crs=stated).to_file(path)
    assert fault_code(path) == code


@pytest.mark.real
def test_buildings_streets_and_entrances_of_a_real_town(real_data: Path) -> None:
    osm = real_data / "osm"
    buildings = read_layer(osm / "Helsinki_buildings.parquet", crs="EPSG:3067", kinds=("polygon",))
    assert len(buildings.table) == 482
    assert buildings.table.is_valid.all()
    assert buildings.notices[0].data == {
        "file": "Helsinki_buildings.parquet", "mended": 18, "dropped": 7,
    }  # fmt: skip
    streets = read_layer(osm / "Helsinki_streets.parquet", crs="EPSG:3067", kinds=("line",))
    entrances = read_layer(osm / "Helsinki_entrances.parquet", crs="EPSG:3067", kinds=("point",))
    assert (len(streets.table), len(entrances.table)) == (2504, 325)
    assert fault_code(osm / "Helsinki_buildings.parquet", "point") == "wrong_geometry_kind"
    # The town lies outside SWEREF's area of use only a little; its own system is the right one.
    width = buildings.table.total_bounds[2] - buildings.table.total_bounds[0]
    assert 1000 < width < 1100
