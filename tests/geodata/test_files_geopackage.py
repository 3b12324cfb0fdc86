from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import fiona
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from geodata import schema
from geodata.disclosure import DisclosureOptions, Released, release
from geodata.files.arrow import batches, geometry_type, point_wkb
from geodata.files.geopackage import write_geopackage
from geodata.files.qgis import layer_style
from geodata.files.qgisparts import class_rules
from tests.made_tables import CRS, filled, grid

OPTIONS = DisclosureOptions()
STAMP = datetime(2025, 1, 31, 12, tzinfo=UTC)


def square(i: int) -> shapely.Polygon:
    return box(568000 + 10 * i, 6495000, 568010 + 10 * i, 6495010)


def tables(profile: str = "intern") -> dict[str, Released]:
    made: dict[str, pd.DataFrame] = {name: filled(name) for name in schema.TABLES}
    made["grid"] = grid([1, 6, 70], side=250)
    made["areas"] = filled("areas", 2, geometry=[square(0), MultiPolygon([square(1), square(5)])])
    ids = pd.Series(["H01", "H02"], dtype="str")
    outlines = [square(0), square(3)]
    kinds = pd.Series(["chronic", "new"], dtype="str")  # one of a few words, never text of the data
    made["hotspots"] = filled(
        "hotspots", 2, hotspot_id=ids, area_id=ids, persistence=kinds, geometry=outlines
    )
    return {name: release(table, name, profile, OPTIONS) for name, table in made.items()}


def write(folder: Path, released: dict[str, Released], name: str = "results.gpkg") -> Path:
    path = folder / name
    write_geopackage(path, released, crs=CRS, stamp=STAMP)
    return path


def test_every_table_is_a_layer_and_reads_back_the_same(tmp_path: Path) -> None:
    released = tables()
    path = write(tmp_path, released)
    assert set(pyogrio.list_layers(path)[:, 0]) == {*schema.TABLES, "layer_styles"}
    for name, one in released.items():
        assert one.table is not None
        back = pyogrio.read_dataframe(path, layer=name)
        assert len(back) == len(one.table)
        assert [c for c in back.columns if c != "geometry"] == [
            c for c in one.table.columns if c != "geometry"
        ]
        for label in one.table.columns.drop("geometry", errors="ignore"):
            expected, read = one.table[label], back[label]
            if schema.TABLES[name][label].kind == "time":
                assert (read.dt.tz_convert("Europe/Stockholm") == expected).all()
            else:
                assert read.astype(str).tolist() == expected.astype(str).tolist(), label


def test_fiona_reads_it_too_with_types_and_crs(tmp_path: Path) -> None:
    path = write(tmp_path, tables())
    with fiona.open(path, layer="incidents") as layer:
        assert layer.crs.to_epsg() == 3006
        assert layer.schema["geometry"] == "Point"
        kinds = layer.schema["properties"]
        assert kinds["start"] == "datetime"
        assert kinds["offence_class"].startswith("str")
        assert kinds["offence_count"] == "int"
        assert kinds["stacked"] == "bool"
        first = next(iter(layer))
        assert first["properties"]["start"].startswith("2024-03-15T13:35:00")  # UTC
    with fiona.open(path, layer="hotspots") as layer:
        assert layer.schema["properties"]["first_date"] == "date"
    with fiona.open(path, layer="areas") as layer:
        assert layer.schema["geometry"] == "MultiPolygon"
        assert {f["geometry"]["type"] for f in layer} == {"MultiPolygon"}


def test_points_stand_where_the_columns_say(tmp_path: Path) -> None:
    x = np.array([568000.25, 568941.0, 1.5])
    y = np.array([6495000.0, 6495231.5, -2.25])
    released = release(filled("incidents", x_m=x, y_m=y), "incidents", "intern", OPTIONS)
    back = pyogrio.read_dataframe(write(tmp_path, {"incidents": released}), layer="incidents")
    assert back.geometry.x.tolist() == x.tolist()
    assert back.geometry.y.tolist() == y.tolist()


@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), max_size=20))
def test_point_wkb_is_that_of_shapely(points: list[tuple[float, float]]) -> None:
    x, y = (np.array([p[i] for p in points], dtype=float) for i in (0, 1))
    expected = shapely.to_wkb(shapely.points(x, y), byte_order=1)
    assert point_wkb(x, y).to_pylist() == list(expected)


def test_batches_cut_a_long_table_without_loss() -> None:
    n = 150_000
    table = filled("incidents", n, incident_id=np.arange(n), x_m=np.arange(n) * 1.0)
    parts = list(batches(table, geometry_name="geom", kind="Point"))
    assert [p.num_rows for p in parts] == [65_536, 65_536, 18_928]
    ids = np.concatenate([p.column("incident_id").to_numpy() for p in parts])
    assert (ids == np.arange(n)).all()
    assert shapely.from_wkb(parts[2].column("geom")[-1].as_py()) == Point(n - 1, 0.5)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path, tables(), "one.gpkg").read_bytes()
    reversed_order = dict(reversed(tables().items()))
    assert write(tmp_path, reversed_order, "two.gpkg").read_bytes() == one
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_styles_are_found_where_qgis_looks(tmp_path: Path) -> None:
    path = write(tmp_path, tables())
    with closing(sqlite3.connect(path)) as db:
        columns = {row[1]: row[2] for row in db.execute("PRAGMA table_info(layer_styles)")}
        registered = db.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchall()
        styles = db.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, update_time"
            " FROM layer_styles"
        ).fetchall()
        geometry = dict(db.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert list(columns) == [
        "id",
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
        "styleSLD",
        "useAsDefault",
        "description",
        "owner",
        "ui",
        "update_time",
    ]
    assert registered == [("attributes",)]
    assert {name: column for name, column, *_rest in styles} == geometry
    assert set(geometry) == set(schema.TABLES) - {"rejected"}
    for _name, _column, default, qml, moment in styles:
        assert default == 1
        assert moment == "2025-01-31T12:00:00.000Z"
        root = ET.fromstring(qml)
        assert root.tag == "qgis"
        wanted = {rule.get("symbol") for rule in root.iter("rule")}
        assert wanted == {s.get("name") for s in root.findall("renderer-v2/symbols/symbol")}


def test_styles_name_only_columns_that_are_there() -> None:
    for profile in ("intern", "samverkan", "publik"):
        for name, released in tables(profile).items():
            if released.table is None:
                continue
            qml = layer_style(name, released.table) or "<qgis/>"
            texts = [rule.get("filter", "") for rule in ET.fromstring(qml).iter("rule")]
            texts += [t.get("fieldName", "") for t in ET.fromstring(qml).iter("text-style")]
            named = {part for text in texts for part in text.split('"')[1::2]}
            assert named <= set(released.table.columns), (profile, name)


def test_marking_and_notes_travel_with_each_layer(tmp_path: Path) -> None:
    path = write(tmp_path, tables("samverkan"))
    with closing(sqlite3.connect(path)) as db:
        told = dict(db.execute("SELECT table_name, description FROM gpkg_contents"))
    assert set(told) == {"areas", "grid", "hotspots", "layer_styles"}
    assert told["areas"].startswith("SAMVERKAN")
    assert "dolda (inte noll)" in told["grid"]


def test_hidden_is_null_and_not_zero(tmp_path: Path) -> None:
    back = pyogrio.read_dataframe(write(tmp_path, tables("samverkan")), layer="grid")
    assert back["n_events"].isna().tolist() == [True, True, False]  # 6 would give away the 1
    assert back["hidden"].tolist() == [True, True, False]


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_the_file_itself_holds_no_secret(tmp_path: Path, profile: str) -> None:
    released = tables(profile)
    del released["areas"]  # these may carry texts and dates of decisions
    content = write(tmp_path, released).read_bytes()
    for trace in ("K1234", "HEMLIGT", "14:35", "13:35", "2024-03-15"):
        assert trace.encode() not in content
    layers = {name for name, _kind in pyogrio.list_layers(tmp_path / "results.gpkg")}
    assert layers <= {"grid", "hotspots", "layer_styles"}


def test_empty_tables_keep_their_columns(tmp_path: Path) -> None:
    released = {
        name: release(schema.empty(name, crs=CRS), name, "intern", OPTIONS)
        for name in schema.TABLES
    }
    path = write(tmp_path, released)
    for name in schema.TABLES:
        info = pyogrio.read_info(path, layer=name)
        assert info["features"] == 0
        assert set(info["fields"]) == set(schema.TABLES[name]) - {"geometry"}


def test_only_released_tables_of_one_profile(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="areas"):
        write_geopackage(tmp_path / "a.gpkg", {"areas": filled("areas")}, crs=CRS, stamp=STAMP)
    mixed = {"areas": tables()["areas"], "grid": tables("publik")["grid"]}
    with pytest.raises(ValueError, match="profiles"):
        write(tmp_path, mixed)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        write(tmp_path / "missing", tables())


def test_classes_cover_every_count_once() -> None:
    counts = pd.Series([1, 2, 3, 7, 12, 40, 700, 12_345])
    rules = class_rules(counts)
    assert rules[-1][1] is None
    for count in counts:
        hits = [1 for low, high, _c in rules if low <= count and (high is None or count <= high)]
        assert len(hits) == 1
    assert len({color for _low, _high, color in rules}) == len(rules) == 6
    assert class_rules(pd.Series([pd.NA], dtype="Int64")) == []
    assert [r[:2] for r in class_rules(pd.Series([4, 4]))] == [(4, None)]


def test_geometry_types() -> None:
    assert geometry_type(filled("incidents")) == "Point"
    assert geometry_type(filled("rejected")) is None
    assert geometry_type(filled("places")) == "Point"
    one = gpd.GeoDataFrame(geometry=[square(0)], crs=CRS)
    assert geometry_type(one) == "Polygon"


QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsExpression, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
said = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    kind = layer.renderer().type()
    rules = layer.renderer().rootRule().children() if kind == "RuleRenderer" else []
    said[name] = {
        "valid": layer.isValid(),
        "kind": kind,
        "labels": layer.labelsEnabled(),
        "rules": len(rules),
        "symbols": all(r.symbol() is not None for r in rules),
        "faults": [r.label() for r in rules if QgsExpression(r.filterExpression()).hasParserError()
                   and r.filterExpression()],
    }
print(json.dumps(said))
"""


def test_a_real_qgis_opens_it_styled(tmp_path: Path) -> None:
    python = shutil.which("python3", path="/usr/bin") or ""
    asked = [python or sys.executable, "-c", "import qgis.core"]
    if not python or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("no QGIS on this machine (python3-qgis)")
    path = write(tmp_path, tables())
    names = sorted(set(schema.TABLES) - {"rejected"})
    done = subprocess.run(
        [python, "-c", QGIS, str(path), *names],
        capture_output=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin"},
    )
    assert b"Warning" not in done.stderr
    for name, said in json.loads(done.stdout.splitlines()[-1]).items():
        assert said["valid"], name
        assert said["kind"] == "RuleRenderer", name
        assert said["symbols"], name
        assert said["faults"] == [], name
        assert said["rules"] >= 1, name
        assert said["labels"] == (name in {"areas", "hotspots", "camera_sites", "search_sites"})
