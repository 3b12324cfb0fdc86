"""The table of measures: every way of writing it, and every way of getting it wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from geodata.errors import DataError
from geodata.measures import measure_kinds, read_measures
from geodata.measures.reading import COLUMNS
from geodata.synthetic.measures import demo_measures, write_measures
from tests.areas.picture_tables import areas_table
from tests.factories import CRS, X0, Y0

AREAS = areas_table()
HEADER = "id;slag;namn;från;till;fastställd;ansvarig;område;E;N;radie;yta"
SQUARE = f"POLYGON(({X0} {Y0}, {X0 + 50} {Y0}, {X0 + 50} {Y0 + 50}, {X0} {Y0 + 50}, {X0} {Y0}))"


def read(tmp_path: Path, *lines: str, header: str = HEADER):
    path = tmp_path / "atgarder.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_measures(path, areas=AREAS, crs=CRS)


def codes(tmp_path: Path, *lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(tmp_path, *lines, header=header)
    return [fault.code for fault in caught.value.faults]


def test_every_way_of_giving_a_place(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        f"K1;Kamera;Torget;2024-05-01;;2024-04-01;enheten;;{X0:.0f};{Y0:.0f};40;",
        "B1;belysning;Ljus;2024-03-01;2024-06-30;;;Åkern;;;;",
        f"P1;patrullering;;2024-01-01;;;;;;;;{SQUARE}".replace("patrullering", "patrull"),
        "O1;annat;Utan plats;2024-02-01;;;;;;;;",
    ).table
    assert list(table.columns) == list(COLUMNS)
    assert table["measure_id"].tolist() == ["P1", "O1", "B1", "K1"]
    assert table["place"].tolist() == ["polygon", "none", "area", "point"]
    assert table["kind"].tolist() == ["polisinsats", "annat", "belysning", "kamera"]
    assert table.geometry.iloc[0].area == pytest.approx(2500)
    assert table.geometry.iloc[1].is_empty
    assert table["area_id"].iloc[2] == "a"
    assert table.geometry.iloc[3].area == pytest.approx(3.14159 * 1600, rel=0.01)


def test_a_measure_without_end_goes_on(tmp_path: Path) -> None:
    found = read(tmp_path, "K1;kamera;;2024-05-01;;;;Åkern;;;;")
    assert pd.isna(found.table["last_date"].iloc[0])
    assert found.notices[-1].data == {"n": 1, "going": 1}


def test_rows_of_one_id_are_one_measure(tmp_path: Path) -> None:
    rows = [
        f"H1;hundsök;Sök;{day};{day};2024-01-0{i};polisen;;{X0 + 200 * i:.0f};{Y0:.0f};50;"
        for i, day in enumerate(("2024-04-08", "2024-05-06", "2024-04-22"), 1)
    ]
    table = read(tmp_path, *rows).table
    assert len(table) == 1
    one = table.iloc[0]
    assert (one["first_date"].date(), one["last_date"].date()) == (
        date(2024, 4, 8),
        date(2024, 5, 6),
    )
    assert one["n_rows"] == 3
    assert one["fixed_date"] == pd.Timestamp("2024-01-03")  # the last of its places to be fixed
    assert len(shapely.get_parts(one.geometry)) == 3
    assert_frame_equal(table, read(tmp_path, *rows[::-1]).table)


def test_a_list_without_ids_is_numbered_by_content(tmp_path: Path) -> None:
    header = "slag;från;område"
    rows = ["kamera;2024-05-01;Åkern", "belysning;2023-05-01;Åkern"]
    one = read(tmp_path, *rows, header=header).table
    assert one["measure_id"].tolist() == ["Å01", "Å02"]
    assert one["kind"].tolist() == ["belysning", "kamera"]
    assert_frame_equal(one, read(tmp_path, *rows[::-1], header=header).table)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("K1;kameraa;;2024-05-01;;;;Åkern;;;;", "unknown_kind"),
        ("K1;kamera;;2024-05-01;;;;Åkersby;;;;", "unknown_area"),
        ("K1;kamera;;2024-05-01;2024-04-01;;;Åkern;;;;", "end_before_start"),
        ("K1;kamera;;;2024-04-01;;;Åkern;;;;", "no_first_day"),
        ("K1;kamera;;maj 2024;;;;Åkern;;;;", "unreadable_date"),
        ("K1;kamera;;2024-05-01;;;;;569000;;;", "half_point"),
        ("K1;kamera;;2024-05-01;;;;;569000;norr;;", "unreadable_number"),
        ("K1;kamera;;2024-05-01;;;;;;;;POLYGON((1 2))", "bad_polygon"),
        ("K1;kamera;;2024-05-01;;;;;59;16;;", "far_away"),
        ("K1;kamera;;2024-05-01;;;;;569000;6495000;-5;", "unreadable_number"),
    ],
)
def test_one_message_each(tmp_path: Path, line: str, code: str) -> None:
    found = codes(tmp_path, line, "B1;belysning;;2024-05-01;;;;Åkern;;;;")
    assert code in found
    assert found.count(code) == 1


def test_all_faults_at_once_with_rows_and_next_steps(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        HEADER,
        "K1;hundsok;;2024-05-01;;;;Åkern;;;;",
        "K2;kamera;;2024-05-01;2020-01-01;;;Åkern;;;;",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_measures(path, areas=AREAS, crs=CRS)
    kind, reversed_ = caught.value.faults
    assert "hundsök" in kind.next_step
    assert "rad 2" in kind.where
    assert "rad 3" in reversed_.where
    assert "2024-05-01" in reversed_.what


def test_missing_and_mixed_ids(tmp_path: Path) -> None:
    good, other = "K1;kamera;;2024-05-01;;;;Åkern;;;;", ";kamera;;2024-06-01;;;;Åkern;;;;"
    assert codes(tmp_path, good, other) == ["missing_id"]
    assert codes(tmp_path, good, good.replace("kamera", "hundsök")) == ["kinds_of_one_id"]


def test_missing_and_unknown_columns(tmp_path: Path) -> None:
    assert codes(tmp_path, "kamera", header="slag") == ["missing_column"]
    assert "unknown_column" in codes(
        tmp_path, "kamera;2024-01-01;x", header="slag;från;personnummer"
    )


def test_a_layer_of_polygons_and_points(tmp_path: Path) -> None:
    path = tmp_path / "m.gpkg"
    gpd.GeoDataFrame(
        {
            "id": ["K1", "B1"],
            "slag": ["kamera", "belysning"],
            "från": ["2024-05-01", "2024-01-01"],
        },
        geometry=[shapely.from_wkt(SQUARE), shapely.from_wkt(SQUARE).buffer(40)],
        crs=CRS,
    ).to_file(path, layer="atgarder", driver="GPKG")
    table = read_measures(path, areas=AREAS, crs=CRS).table
    assert table["measure_id"].tolist() == ["B1", "K1"]
    assert table.geometry.iloc[1].area == pytest.approx(2500)
    points = tmp_path / "p.geojson"
    gpd.GeoDataFrame(
        {"slag": ["kamera"], "från": ["2024-05-01"]},
        geometry=[shapely.Point(X0, Y0)],
        crs=CRS,
    ).to_file(points, driver="GeoJSON")
    found = read_measures(points, areas=AREAS, crs=CRS, radius_m=30.0).table
    assert found["place"].tolist() == ["point"]
    assert found.geometry.iloc[0].centroid.distance(shapely.Point(X0, Y0)) < 0.01


def test_every_kind_is_a_word_for_itself() -> None:
    known = measure_kinds()
    assert {known[kind.casefold()] for kind in known.values()} == set(known.values())
    assert {"kamera", "hundsök", "belysning", "röjning", "ordningsvakt", "fältare"} <= set(
        known.values()
    )


def test_the_demo_writes_a_list_that_can_be_read(tmp_path: Path) -> None:
    spots = [
        {"spot_id": one.spot, "x_m": X0 + 300 * i, "y_m": Y0}
        for i, one in enumerate(demo_measures(date(2025, 12, 31)))
        if one.spot.startswith("P")
    ]
    areas = AREAS.assign(name=["Väst", "Öst", "Klockaretorpet"])
    path = tmp_path / "atgarder.csv"
    write_measures(path, spots, date(2025, 12, 31))
    table = read_measures(path, areas=areas, crs=CRS).table
    assert len(table) == 8
    assert table.set_index("measure_id").loc["H-09", "n_rows"] == 3
