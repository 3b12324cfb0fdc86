"""XLSX files: sheets, types, formulas and damage."""

from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pyarrow as pa
import pytest

from geodata.errors import DataError
from geodata.exports import ReadOptions, read_export
from geodata.exports.formulas import formula_columns

HEADER = ["Kod", "Dag", "Tid"]
ROW = [5011, dt.date(2024, 1, 2), dt.time(9, 30)]


@pytest.fixture
def save(tmp_path):
    def _save(sheets, name="export.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return _save


def code_of(path, **options):
    with pytest.raises(DataError) as caught:
        read_export(path, ReadOptions(**options))
    (fault,) = caught.value.faults
    return fault.code


def test_types_by_column(save):
    path = save(
        {
            "Data": [
                ["kod", "blandat", "dag", "stund", "tid", "tal", "ja", "längd", "dag ibland"],
                [
                    5011,
                    "0301",
                    dt.date(2024, 1, 2),
                    dt.datetime(2024, 1, 2, 3, 4),
                    dt.time(9, 30),
                    1.5,
                    True,
                    dt.timedelta(hours=30),
                    dt.date(2024, 1, 2),
                ],
                [
                    5010,
                    5011,
                    dt.date(2024, 2, 29),
                    dt.datetime(2024, 1, 3),
                    dt.time(0, 0, 1),
                    2,
                    False,
                    dt.timedelta(minutes=5),
                    "okänt",
                ],
                [None, None, None, None, None, None, None, None, None],
                [None, 1.25, None, None, None, None, None, None, " "],
            ]
        }
    )
    raw = read_export(path, ReadOptions())
    assert {f.name: f.type for f in raw.table.schema} == {
        "kod": pa.int64(),
        "blandat": pa.string(),
        "dag": pa.timestamp("us"),
        "stund": pa.timestamp("us"),
        "tid": pa.time64("us"),
        "tal": pa.float64(),
        "ja": pa.bool_(),
        "längd": pa.string(),
        "dag ibland": pa.string(),
    }
    columns = raw.table.to_pydict()
    assert columns["kod"] == [5011, 5010, None]
    assert columns["blandat"] == ["0301", "5011", "1.25"]
    assert columns["dag"][1] == dt.datetime(2024, 2, 29)
    assert columns["stund"][0] == dt.datetime(2024, 1, 2, 3, 4)
    assert columns["längd"][:2] == ["30:00:00", "00:05:00"]
    assert columns["dag ibland"] == ["2024-01-02", "okänt", None]
    assert raw.row_numbers.tolist() == [2, 3, 5]
    assert raw.rows_read == 3
    assert (raw.format, raw.layer, raw.encoding) == ("xlsx", "Data", None)


def test_empty_rows_at_the_end_are_no_rows(save):
    path = save({"Data": [HEADER, ROW, [None, " ", ""], [None], [" "]]})
    assert read_export(path, ReadOptions()).rows_read == 1


def test_first_sheet_with_data_is_chosen_and_told(save):
    path = save({"Tomt": [], "Data": [HEADER, ROW], "Mer": [["x"], [1]]})
    raw = read_export(path, ReadOptions())
    assert raw.layer == "Data"
    (notice,) = [n for n in raw.notices if n.code == "sheet_chosen"]
    assert notice.level == "chosen"
    assert notice.data == {"sheets": ["Data", "Mer"], "chosen": "Data"}
    assert read_export(path, ReadOptions(sheet="Mer")).table.to_pydict() == {"x": [1]}
    assert not read_export(path, ReadOptions(sheet="Mer")).notices


def test_unknown_sheet(save):
    path = save({"Anmälningar": [HEADER, ROW]})
    with pytest.raises(DataError, match="Anmälningar") as caught:
        read_export(path, ReadOptions(sheet="Anmalningar"))
    assert caught.value.faults[0].code == "unknown_sheet"


def test_titles_and_skip_rows(save):
    path = save({"Data": [["Utdrag ur RAR"], [], HEADER, ROW]})
    assert code_of(path) == "preamble"
    raw = read_export(path, ReadOptions(skip_rows=2))
    assert raw.table.column_names == HEADER
    assert raw.row_numbers.tolist() == [4]


def test_formula_cells_are_counted(save):
    path = save(
        {
            "Data": [
                ["text", "länk", "tal"],
                ["a", '=HYPERLINK("http://x", "y")', 1],
                ["b", "=1+1", "=SUM(C2:C2)"],
            ]
        }
    )
    raw = read_export(path, ReadOptions())
    (notice,) = [n for n in raw.notices if n.code == "formula_cells"]
    assert notice.data == {"cells": 3, "first": "B2", "columns": ["länk", "tal"]}
    assert raw.table.column("text").to_pylist() == ["a", "b"]


def test_formulas_are_counted_over_the_borders_of_pieces(save, monkeypatch):
    rows = [["a", "b"], *([f"=1+{i}", i] for i in range(50))]
    path = save({"Data": rows})
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr("geodata.exports.formulas._CHUNK", size)
        counts, first = formula_columns(path, "Data")
        assert dict(counts) == {0: 50}
        assert first == "A2"


def test_duplicates_and_no_rows(save):
    assert code_of(save({"Data": [["a", "b", "a "], [1, 2, 3]]})) == "duplicate_columns"
    assert code_of(save({"Data": [HEADER]})) == "header_only"
    assert code_of(save({"Data": []})) == "empty_file"


def test_truncated(save):
    path = save({"Data": [HEADER, *[ROW] * 100]})
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert code_of(path) == "truncated_file"


def test_damaged_inside(save):
    path = save({"Data": [HEADER, *[ROW] * 100]})
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:300]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert code_of(path) in ("unreadable", "header_only", "empty_file")


@pytest.mark.parametrize("name", ["export.xlsx", "export.xls", "export.csv"])
def test_password_and_old_excel(tmp_path, name):
    path = tmp_path / name
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2000)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert code_of(path) == "password_protected"
    path.write_bytes(ole + "Workbook".encode("utf-16-le") + bytes(500))
    assert code_of(path) == "old_excel"


def test_workbook_with_a_lying_name(save):
    path = save({"Data": [HEADER, ROW]}, name="export.csv")
    assert read_export(path, ReadOptions()).format == "xlsx"
    assert code_of(path, format="csv") == "wrong_format"


def test_rejected_sheet_read_again(save):
    own = ["lagesbild_input", "lagesbild_row", "lagesbild_reason", "lagesbild_detail"]
    path = save({"Data": [["lon", *own], ["'-78,5", 1, 2, "x", "y"]]})
    assert read_export(path, ReadOptions()).table.to_pydict() == {"lon": ["-78,5"]}
