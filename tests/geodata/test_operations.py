from __future__ import annotations

from datetime import date, time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely import box

from geodata.errors import DataError
from geodata.operations import OperationOptions, Operations, read_operations
from tests.made_tables import CRS, filled

X, Y = 569_000, 6_495_000


def areas() -> gpd.GeoDataFrame:
    none = pd.Series([None] * 3).astype("datetime64[us]")
    return filled(
        "areas",
        3,
        area_id=pd.Series(["EST1", "R1", "EST2"], dtype="str"),
        name=pd.Series(["Hageby", "Hageby", "Borg"], dtype="str"),
        kind=pd.Categorical(
            ["est_area", "regso", "est_area"],
            categories=["est_area", "regso", "deso", "municipality", "other"],
        ),
        valid_from=none,
        valid_to=pd.Series([None, None, "2023-12-31"]).astype("datetime64[us]"),
        geometry=[box(X + a, Y, X + a + 100, Y + 100) for a in (0, 1000, 2000)],
    )


def read(path: Path, **options: float) -> Operations:
    return read_operations(
        path,
        areas=areas(),
        crs=CRS,
        timezone="Europe/Stockholm",
        today=date(2025, 12, 31),
        options=OperationOptions(**options),
    )


def write(folder: Path, text: str, name: str = "insatser.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(path)
    return [fault.code for fault in caught.value.faults]


def test_a_csv_with_area_hours_and_point(tmp_path: Path) -> None:
    text = (
        "Namn;Från;Till;Tid från;Tid till;Område;E;N;Radie;Timmar;Slag\n"
        "Vecka 9;2024-02-26;2024-03-03;16:00;02:00;hageby;;;;120,5;riktad\n"
        f"Torget;2024-05-02;;;;;{X},5;{Y};80;;\n"
        "Allt;2024-01-10;2024-01-10;;;;;;;;\n"
    )
    found = read(write(tmp_path, text))
    table = found.table
    assert table["operation_id"].tolist() == ["I001", "I002", "I003"]
    assert table["name"].tolist() == ["Allt", "Vecka 9", "Torget"]
    week = table.iloc[1]
    assert (week["from_minute"], week["to_minute"]) == (16 * 60, 2 * 60)
    assert week["area_id"] == "EST1"  # the decided area goes before RegSO of the same name
    assert week.geometry.equals(box(X, Y, X + 100, Y + 100))
    assert week["patrol_hours"] == 120.5
    assert str(week["last_date"].date()) == "2024-03-03"
    square = table.iloc[2]
    assert square["first_date"] == square["last_date"]
    assert pd.isna(square["from_minute"])
    assert square.geometry.area == pytest.approx(3.14159 * 80**2, rel=0.01)
    assert table.iloc[0].geometry is None
    codes = [notice.code for notice in found.notices]
    assert "operations_read" in codes
    assert "operations_everywhere" in codes


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [f"2024-05-{d:02d};{X + d};{Y}" for d in (3, 1, 2)]
    one = read(write(tmp_path, "från;E;N\n" + "\n".join(rows), "a.csv")).table
    other = read(write(tmp_path, "från;E;N\n" + "\n".join(rows[::-1]), "b.csv")).table
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns="source_row")), pd.DataFrame(other.drop(columns="source_row"))
    )


def test_a_spreadsheet_with_real_dates_and_times(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["från", "till", "tid från", "tid till", "polygon"])
    square = f"POLYGON(({X} {Y}, {X + 50} {Y}, {X + 50} {Y + 50}, {X} {Y}))"
    book.active.append([date(2024, 5, 1), date(2024, 5, 3), time(8, 0), time(17, 30), square])
    path = tmp_path / "insatser.xlsx"
    book.save(path)
    row = read(path).table.iloc[0]
    assert (row["from_minute"], row["to_minute"]) == (480, 1050)
    assert str(row["last_date"].date()) == "2024-05-03"
    assert row.geometry.area == pytest.approx(1250)


def test_toml_with_corners_and_midnight(tmp_path: Path) -> None:
    text = (
        "[[insats]]\ndate_from = 2024-05-01\ndate_to = 2024-05-02\n"
        'from_time = 18:00:00\nto_time = "24:00"\n'
        f"polygon = [[{X}, {Y}], [{X + 10}, {Y}], [{X + 10}, {Y + 10}]]\n"
    )
    row = read(write(tmp_path, text, "insatser.toml")).table.iloc[0]
    assert (row["from_minute"], row["to_minute"]) == (1080, 1440)
    assert row.geometry.area == pytest.approx(50)


def test_every_fault_is_told_with_its_row(tmp_path: Path) -> None:
    text = (
        "från;till;område;E;N;timmar;tid från;tid till\n"
        "2024-13-45;;;;;;;\n"
        "2024-05-02;2024-05-01;;;;;;\n"
        "2024-05-02;;Hagbey;;;;;\n"
        f"2024-05-02;;;{X};;;;\n"
        "2024-05-02;;;;;många;;\n"
        f"2024-05-02;;;{Y};{X};;;\n"
        "2024-05-02;;Borg;;;;;\n"  # no longer valid
        "2204-05-02;;;;;;;\n"
        "2024-05-02;;;;;;kväll;\n"
        ";2024-05-02;;;;;;\n"
    )
    path = write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        read(path)
    told = {fault.code: fault for fault in caught.value.faults}
    assert set(told) == {
        "unreadable_date", "end_before_start", "unknown_area", "half_point",
        "unreadable_number", "far_away", "unlikely_year", "unreadable_time",
    }  # fmt: skip
    assert told["end_before_start"].where.endswith("rad 3")
    assert sorted(faults(path)).count("unknown_area") == 2
    assert "Hageby" in next(f.next_step for f in caught.value.faults if "Hagbey" in f.what)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "till;område\n2024-05-01;Hageby\n", "missing_column"),
        ("a.csv", "från;väder\n2024-05-01;sol\n", "unknown_column"),
        ("a.csv", "från;datum\n2024-05-01;2024-05-01\n", "duplicate_columns"),
        ("a.csv", "från;tid från;tid till\n2024-05-01;08:00;\n", "half_hours"),
        ("a.csv", "från;polygon\n2024-05-01;runt torget\n", "bad_polygon"),
        ("a.csv", "från;radie;E;N\n2024-05-01;-5;569000;6495000\n", "unreadable_number"),
        ("a.toml", "x = 1\n", "no_operations"),
        ("a.toml", "[[insats]\n", "unreadable"),
        ("a.csv", "", "empty_file"),
    ],
)
def test_what_cannot_be_a_list_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    assert faults(write(tmp_path, text, name)) == [code]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "ingen.csv") == ["file_missing"]
    assert faults(tmp_path / "ingen.toml") == ["unreadable"]
