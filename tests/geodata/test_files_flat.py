from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from geodata.disclosure import DisclosureOptions, Released, release
from geodata.exports.raw import FORMULA_STARTS, REJECTED_COLUMNS
from geodata.files import OutputOptions
from geodata.files.excel import sheet_name, write_xlsx
from geodata.files.flat import flat, safe_text
from geodata.files.options import AUTO_LIMIT
from geodata.files.parquet import write_parquet
from geodata.files.text import write_csv, write_rejected
from geodata.files.titles import TITLES, title
from geodata.language import LANGUAGES, Language, using
from tests.made_tables import CRS, filled

OPTIONS = DisclosureOptions()
STAMP = datetime(2025, 1, 31, 12, tzinfo=UTC)
EVIL = [
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "＝1",
    "'=1",
    'snäll; "text"\nny',
]


def evil(name: str) -> Released:
    table = filled(name, len(EVIL))
    for label in table.columns:
        if isinstance(table[label].dtype, pd.StringDtype):
            table[label] = pd.Series(EVIL, dtype="str")
    return release(table, name, "intern", OPTIONS)


def rows(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("name", ["incidents", "places", "areas", "hotspots", "rejected"])
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, name: str) -> None:
    write_csv(tmp_path / "t.csv", evil(name))
    header, *body = rows(tmp_path / "t.csv")
    assert len(body) == len(EVIL)
    for cell in [*header, *(c for row in body for c in row)]:
        assert not cell.startswith(FORMULA_STARTS)


def test_csv_is_as_swedish_excel_wants_it(tmp_path: Path) -> None:
    released = release(filled("camera_sites", 2), "camera_sites", "intern", OPTIONS)
    write_csv(tmp_path / "t.csv", released)
    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") == 3
    assert text.count("\n") == 3
    header, first, _second = rows(tmp_path / "t.csv")
    row = dict(zip(header, first, strict=True))
    assert row["reach_m"] == "0,5"
    assert (row["x_m"], row["y_m"]) == ("568941,0", "6495231,0")
    assert "geometry" not in row
    write_csv(tmp_path / "dot.csv", released, decimal_comma=False)
    assert "0.5" in (tmp_path / "dot.csv").read_text("utf-8-sig")


def test_times_keep_their_offset_and_missing_is_empty(tmp_path: Path) -> None:
    table = filled("incidents", 2, case_id=pd.Series([None, "7"], dtype="str"))
    write_csv(tmp_path / "t.csv", release(table, "incidents", "intern", OPTIONS))
    header, first, _second = rows(tmp_path / "t.csv")
    row = dict(zip(header, first, strict=True))
    assert row["start"] == "2024-03-15 14:35:00+01:00"
    assert row["case_id"] == ""


def test_withheld_tables_are_not_written(tmp_path: Path) -> None:
    withheld = release(filled("places"), "places", "publik", OPTIONS)
    with pytest.raises(ValueError, match="withheld"):
        write_csv(tmp_path / "t.csv", withheld)
    with pytest.raises(ValueError, match="withheld"):
        write_parquet(tmp_path / "t.parquet", withheld, crs=CRS)
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.text(), max_size=10))
def test_safe_text_changes_only_what_is_risky(texts: list[str]) -> None:
    texts = [t for t in texts if t.isprintable()]
    safe = safe_text(pd.Series(texts, dtype="str")).tolist()
    for before, after in zip(texts, safe, strict=True):
        assert not after.startswith(FORMULA_STARTS)
        assert after in (before, "'" + before)


def test_flat_escapes_categories_and_headers_and_leaves_the_input() -> None:
    table = pd.DataFrame({"=1": pd.Categorical(["=a", "b"]), "n": [-1, 2]})
    before = table.copy()
    safe = flat(table)
    assert list(safe.columns) == ["'=1", "n"]
    assert list(safe["'=1"]) == ["'=a", "b"]
    assert list(safe["n"]) == [-1, 2]
    pd.testing.assert_frame_equal(table, before)


def test_xlsx_holds_text_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, {n: evil(n) for n in ("incidents", "hotspots", "rejected")}, stamp=STAMP)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Om filen", "Händelser", "Hot spots", "Avvisade rader"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d", "b"}
    assert not any(isinstance(c.value, str) and c.value.startswith(FORMULA_STARTS) for c in cells)
    assert book["Om filen"]["A1"].value == "INTERN – SEKRETESSPRÖVAS"
    start = book["Händelser"].cell(2, 5)
    assert (start.value, start.is_date) == (datetime(2024, 3, 15, 14, 35), True)
    with zipfile.ZipFile(path) as content:
        assert not any(b"<f>" in content.read(name) for name in content.namelist())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_asheet_name_of_its_own(language: Language) -> None:
    with using(language):
        names = [sheet_name(name) for name in TITLES]
        whole = [title(name) for name in TITLES]
    assert len({name.casefold() for name in names}) == len(names)
    for name, text in zip(names, whole, strict=True):
        assert Workbook().create_sheet(name).title == name
        assert len(name) <= 31
        assert len(text.replace(":", "").replace("*", "")) == len(name), "cut off"


def test_xlsx_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(tmp_path / name, {"areas": evil("areas")}, stamp=STAMP)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_xlsx_tells_what_is_withheld_and_drops_what_xml_cannot_hold(tmp_path: Path) -> None:
    areas = filled("areas", 1, source=pd.Series(["a\x00\x0bb"], dtype="str"))
    tables = {
        "areas": release(areas, "areas", "publik", OPTIONS),
        "places": release(filled("places"), "places", "publik", OPTIONS),
    }
    write_xlsx(tmp_path / "t.xlsx", tables, stamp=STAMP)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    about = [row[0].value for row in book["Om filen"].iter_rows()]
    assert about[0] == "PUBLIK"
    assert "Platser: lämnas inte ut." in about
    assert book.sheetnames == ["Om filen", "Områden"]
    assert "ab" in [cell.value for cell in book["Områden"][2]]


@pytest.mark.parametrize("name", ["incidents", "hotspots", "places", "rejected"])
def test_parquet_reads_back_with_shapes_and_marking(tmp_path: Path, name: str) -> None:
    path = tmp_path / "t.parquet"
    released = release(filled(name), name, "intern", OPTIONS)
    write_parquet(path, released, crs=CRS)
    again = tmp_path / "again.parquet"
    write_parquet(again, released, crs=CRS)
    assert again.read_bytes() == path.read_bytes()
    assert b"SEKRETESS" in pq.read_metadata(path).metadata[b"lagesbild"]
    if name == "rejected":
        assert len(pd.read_parquet(path)) == 3
        return
    back = gpd.read_parquet(path)
    assert back.crs == CRS
    assert len(back) == 3
    if name == "incidents":
        assert back.geometry.x.tolist() == released.table["x_m"].tolist()
        assert (back["start"] == released.table["start"]).all()


def cells() -> pd.DataFrame:
    """Return what stood on the rows; the input has columns of the same names as ours."""
    table = pd.DataFrame(
        {
            "row_number": np.array([3, 5, 6]),
            "reason": ["unreadable_date", "missing_date", "personal_data"],
            "detail": ["2024-13-01", "", ""],
            "Datum": ["2024-13-01", "", "2024-01-04"],
            "=evil": ["-16.18", "ok", ""],
            "lagesbild_row": ["1", "2", "3"],
            "extra": ["a", "b", "c"],
        }
    )
    return table.rename(columns={"extra": "detail"})


def rejected_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "input_no": np.array([1, 1, 1, 2, 1]),
            "row_number": np.array([6, 3, 4, 3, 5]),
            "reason": pd.Series(
                [
                    "personal_data",
                    "unreadable_date",
                    "wrong_number_of_columns",
                    "x",
                    "missing_date",
                ],
                dtype="str",
            ),
            "detail": pd.Series(["", "2024-13-01", "a;b", "", ""], dtype="str"),
        }
    )


def test_rejected_rows_stand_as_they_were_and_can_be_read_again(tmp_path: Path) -> None:
    released = release(rejected_rows(), "rejected", "intern", OPTIONS)
    path = tmp_path / "rejected.csv"
    n = write_rejected(path, released, cells(), input_no=1)
    header, *body = rows(path)
    assert n == len(body) == 4
    assert header == [*REJECTED_COLUMNS, "Datum", "'=evil", "detail"]
    assert [row[1] for row in body] == ["3", "4", "5", "6"]
    assert body[0][4:] == ["2024-13-01", "'-16.18", "a"]
    assert body[1][4:] == ["", "", ""]  # could not be cut into columns
    assert body[2][4:] == ["", "ok", "b"]
    assert body[3][4:] == ["2024-01-04", "", "c"]
    assert body[0][3] == "Datumet går inte att tolka eller finns inte i kalendern. 2024-13-01"


def test_rejected_rows_are_for_the_inside_only(tmp_path: Path) -> None:
    released = release(rejected_rows(), "rejected", "samverkan", OPTIONS)
    with pytest.raises(ValueError, match="rejected"):
        write_rejected(tmp_path / "r.csv", released, cells(), input_no=1)
    assert list(tmp_path.iterdir()) == []


def test_no_rejected_row_gives_a_header_only(tmp_path: Path) -> None:
    released = release(rejected_rows(), "rejected", "intern", OPTIONS)
    path = tmp_path / "r.csv"
    assert write_rejected(path, released, cells().iloc[:0], input_no=3) == 0
    assert rows(path) == [[*REJECTED_COLUMNS, "Datum", "'=evil", "detail"]]


def test_when_events_go_into_the_geopackage() -> None:
    assert OutputOptions().puts_incidents_in_gpkg(AUTO_LIMIT)
    assert not OutputOptions().puts_incidents_in_gpkg(AUTO_LIMIT + 1)
    assert OutputOptions(incidents_in_gpkg="yes").puts_incidents_in_gpkg(10**7)
    assert not OutputOptions(incidents_in_gpkg="no").puts_incidents_in_gpkg(1)
