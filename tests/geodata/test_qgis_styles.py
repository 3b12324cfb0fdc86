"""Every layer with geometry has a QGIS style that fits it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point, box

from geodata.all_tables import ALL_TABLES
from geodata.disclosure import DisclosureOptions, release
from geodata.files.geopackage import write_geopackage
from geodata.files.qgis import layer_style
from geodata.files.qgisparts import value_rules

CRS = "EPSG:3006"
DRAWN = [
    name
    for name, columns in ALL_TABLES.items()
    if "geometry" in columns or {"x_m", "y_m"} <= set(columns)
]


def made(name: str, n: int = 3) -> pd.DataFrame:
    """Return valid rows of any table; categories go through their values."""
    data: dict[str, object] = {}
    for label, column in ALL_TABLES[name].items():
        match column.kind:
            case "int":
                data[label] = pd.Series(range(1, n + 1), dtype="int64")
            case "float":
                data[label] = pd.Series([0.5 + i for i in range(n)])
            case "bool":
                data[label] = pd.Series([i % 2 == 0 for i in range(n)])
            case "text":
                data[label] = pd.Series([f"T{i}" for i in range(n)], dtype="str")
            case "time":
                data[label] = pd.Series(
                    [pd.Timestamp(2024, 3, 15, tz="Europe/Stockholm")] * n
                ).astype("datetime64[us, Europe/Stockholm]")
            case "date":
                data[label] = pd.Series([datetime(2024, 3, 15)] * n).astype("datetime64[us]")
            case "category":
                values = [column.values[i % len(column.values)] for i in range(n)]
                data[label] = pd.Categorical(values, categories=list(column.values))
    if "geometry" not in ALL_TABLES[name]:
        return pd.DataFrame(data)
    meaning = ALL_TABLES[name]["geometry"].meaning
    shapes = {
        "Poi": [Point(600_000 + i, 6_500_000) for i in range(n)],
        "Lin": [LineString([(i, 0), (i + 1, 1)]) for i in range(n)],
        "Pol": [box(i, 0, i + 1, 1) for i in range(n)],
    }
    table: pd.DataFrame = gpd.GeoDataFrame(data, geometry=shapes[meaning[:3]], crs=CRS)
    return table


def style(name: str, table: pd.DataFrame | None = None) -> ET.Element:
    qml = layer_style(name, made(name) if table is None else table)
    assert qml is not None, f"{name}: no style"
    return ET.fromstring(qml)


def test_tables_without_geometry_have_none() -> None:
    assert len(DRAWN) >= 30
    for name in ALL_TABLES.keys() - set(DRAWN):
        assert layer_style(name, made(name)) is None, name


@pytest.mark.parametrize("name", DRAWN)
def test_a_style_draws_the_kind_of_shape_that_the_layer_has(name: str) -> None:
    columns = ALL_TABLES[name]
    meaning = columns["geometry"].meaning if "geometry" in columns else "Point"
    wanted = {"Poi": "marker", "Lin": "line", "Pol": "fill"}[meaning[:3]]
    root = style(name)
    kinds = {one.get("type") for one in root.findall("renderer-v2/symbols/symbol")}
    assert kinds == {wanted}
    assert all(rule.get("label") for rule in root.iter("rule"))


@pytest.mark.parametrize("name", DRAWN)
def test_rules_and_labels_name_columns_and_values_of_the_table(name: str) -> None:
    root = style(name)
    texts = [rule.get("filter", "") for rule in root.iter("rule")]
    texts += [one.get("fieldName", "") for one in root.iter("text-style")]
    texts += [one.get("value", "") for one in root.iter("Option") if one.get("name") in ("expression", "geometryModifier")]  # fmt: skip
    for text in texts:
        assert set(text.split('"')[1::2]) <= set(ALL_TABLES[name]), text
    for rule in root.iter("rule"):
        for column, value in re.findall(r"\"(\w+)\" (?:=|<>) '([^']*)'", rule.get("filter", "")):
            values = ALL_TABLES[name][column].values
            assert not values or value in values, (column, value)


@pytest.mark.parametrize(
    ("name", "column", "undrawn"),
    [
        ("agreement", "class", set()),
        ("relative_density", "class", set()),
        ("camera_alternatives", "alternative", set()),
        ("camera_evaluation", "role", set()),
        ("measure_counts", "role", {"rest"}),  # all else has no shape
        ("search_round", "part", set()),
        ("picture_places", "status", set()),
        ("perceived_points", "feeling", set()),
        ("perceived_cells", "disagreement", set()),
        ("appendix_cameras", "state", set()),
    ],
)
def test_no_kind_is_left_undrawn(name: str, column: str, undrawn: set[str]) -> None:
    filters = " ".join(rule.get("filter", "") for rule in style(name).iter("rule"))
    told = set(re.findall(rf"\"{column}\" = '(\w+)'", filters))
    assert told == set(ALL_TABLES[name][column].values) - undrawn


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_layer_has_a_style_too(name: str) -> None:
    assert style(name, made(name).iloc[:0]).findall("renderer-v2/symbols/symbol")


def test_every_layer_written_has_its_style(tmp_path: Path) -> None:
    released = {
        name: release(made(name), name, "intern", DisclosureOptions()) for name in ALL_TABLES
    }
    path = tmp_path / "results.gpkg"
    write_geopackage(path, released, crs=CRS, stamp=datetime(2025, 1, 31, tzinfo=UTC))
    layers = {name for name, kind in pyogrio.list_layers(path) if kind}
    assert layers == set(DRAWN)
    styled = pyogrio.read_dataframe(path, layer="layer_styles")["f_table_name"]
    assert set(styled) == layers


def test_classes_of_a_figure_hold_every_value_once() -> None:
    values = pd.Series([0.1, 0.4, 2.0, 7.5, 7.5, 33.0, 120.0])
    rules = value_rules(values, "v", "från {low}")
    for value in values:
        hits = 0
        for rule in rules:
            test = rule.where.replace('"v"', str(value)).replace("IS NOT NULL", "< 1e9")
            hits += eval(test.replace(" AND ", " and "))
        assert hits == 1, value
    assert len({rule.label for rule in rules}) == len(rules) > 3
    assert len(value_rules(pd.Series([3.0, 3.0]), "v", "från {low}")) == 1
