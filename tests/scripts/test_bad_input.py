"""Every kind of bad input that the tool must meet with a clear word: one test each.

What is checked is the whole way, from the project file to what ``check --json`` says: the code of
the fault, or where the rows went, and always that the rows add up.
"""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from shapely import Point, Polygon, box

from tests.project import HEADER, good_rows, row, summary, write_project

DATA = Path(__file__).parents[1] / "data"
GOOD = HEADER + good_rows()


def workbook(*extra: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split(";"))
    for cells in extra:
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fault_codes(folder: Path) -> list[str]:
    code, said = summary("check", folder)
    assert code == said["exit_code"]
    for fault in said["faults"]:
        assert fault["what"]
        assert fault["where"] or fault["why"]
    return [fault["code"] for fault in said["faults"]]


def rows_of(folder: Path) -> tuple[dict, dict, list[str]]:
    code, said = summary("check", folder)
    assert code == 0, said
    totals = said["report"]["totals"]
    ends = totals["rows_kept"] + totals["rows_rejected"] + totals["rows_duplicate"]
    assert totals["rows_read"] == ends
    return totals, said["report"]["reasons"], [n["code"] for n in said["notices"]]


@pytest.mark.parametrize(
    ("content", "extra", "name", "code"),
    [
        pytest.param("", "", "u.csv", "empty_file", id="empty file"),
        pytest.param(HEADER, "", "u.csv", "header_only", id="header only"),
        pytest.param(GOOD, 'separator = ","', "u.csv", "wrong_separator", id="wrong separator"),
        pytest.param(bytes(range(256)) * 200, "", "u.csv", "not_text", id="binary garbage"),
        pytest.param("a" * 10_000_000, "", "u.csv", "line_too_long", id="10 MB single line"),
        pytest.param(
            HEADER.replace("gata", "antal") + good_rows(), "", "u.csv", "duplicate_columns",
            id="duplicate column names",
        ),
        pytest.param(
            GOOD, '[input.columns]\ndate = "brottsdag strat"', "u.csv", "missing_column",
            id="missing mapped column",
        ),
        pytest.param(
            HEADER + row(1, n="", e="") + row(2, n="", e=""), "", "u.csv", "all_rejected",
            id="all rows rejected",
        ),
        pytest.param(
            HEADER + row(1, n="58,592", e="16,186"), 'crs = "EPSG:3006"', "u.csv",
            "crs_contradicts_values", id="degrees in a metre CRS",
        ),
        pytest.param(
            HEADER + row(1, n="6496652", e="1522146"), 'crs = "SWEREF 99 TM"', "u.csv",
            "crs_contradicts_values", id="RT90 called SWEREF",
        ),
        pytest.param(
            HEADER + row(1, date="13/5/2024") + row(2, date="5/13/2024"), "", "u.csv",
            "mixed_date_orders", id="two date formats mixed",
        ),
        pytest.param(GOOD, 'crs = "EPSG:99999"', "u.csv", "unknown_crs", id="unknown CRS"),
        pytest.param(
            HEADER.replace("gata", "namn") + good_rows(), "", "u.csv", "personal_column",
            id="a column of names",
        ),
        pytest.param(workbook()[:3000], "", "u.xlsx", "truncated_file", id="truncated XLSX"),
        pytest.param(
            (DATA / "skyddad.xlsx").read_bytes(),
            "", "u.xlsx", "password_protected", id="password-protected XLSX",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used(
    tmp_path: Path, content: str | bytes, extra: str, name: str, code: str
) -> None:
    assert fault_codes(write_project(tmp_path, content, extra, name)) == [code]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param({"n": "0", "e": "0"}, "zero_coordinates", id="coordinates 0,0"),
        pytest.param({"n": "9999999", "e": "9999999"}, "dummy_coordinates", id="9999999"),
        pytest.param({"n": "6600000"}, "outside_area", id="outside the municipality"),
        pytest.param({"date": "2026-01-01"}, "future_date", id="future date"),
        pytest.param({"end_date": "2024-03-01"}, "end_before_start", id="end before start"),
        pytest.param({"date": "2023-02-29"}, "unreadable_date", id="29 February, wrong year"),
        pytest.param({"street": "Gatan \0 1"}, "nul_byte", id="NUL byte"),
        pytest.param({"street": "Gatan 1;2"}, "wrong_number_of_columns", id="ragged row"),
        pytest.param({"street": "Gatan 1 811218-9876"}, "personal_data", id="personnummer"),
        pytest.param({"street": "Gatan 1 lgh 1203"}, "personal_data", id="flat number"),
        pytest.param({"street": "Gatan 1 070-123 45 67"}, "personal_data", id="phone number"),
        pytest.param({"street": "Gatan 1 bil ABC12D"}, "personal_data", id="number plate"),
    ],
)
def test_one_bad_row_costs_one_row(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    totals, reasons, _ = rows_of(write_project(tmp_path, GOOD + row(99, **cells)))
    assert (totals["rows_read"], totals["rows_kept"]) == (40, 39)
    assert reasons == {reason: 1}


@pytest.mark.parametrize(
    ("rows", "notice"),
    [
        pytest.param(
            row(98, date="2024-03-31", time="0230"), "time_skipped_by_dst", id="skipped hour"
        ),
        pytest.param(
            row(98, date="2024-10-27", time="0230"), "time_doubled_by_dst", id="doubled hour"
        ),
        pytest.param(row(98, time="9999"), "time_unknown", id="unknown time"),
        pytest.param(row(98, code="5099"), "unknown_code", id="unknown code"),
    ],
)
def test_what_is_kept_and_told(tmp_path: Path, rows: str, notice: str) -> None:
    totals, _, notices = rows_of(write_project(tmp_path, GOOD + rows))
    assert totals["rows_kept"] == totals["rows_read"] == 40
    assert notice in notices


def test_swapped_axes_are_found_and_told(tmp_path: Path) -> None:
    swapped = HEADER.replace("N;E", "E;N") + good_rows()
    totals, _, notices = rows_of(write_project(tmp_path, swapped))
    assert totals["rows_kept"] == 39
    assert "axes_swapped" in notices


def test_emoji_and_every_other_sign_are_kept(tmp_path: Path) -> None:
    totals, _, _ = rows_of(write_project(tmp_path, GOOD + row(99, street="Gatan 😀 ’ 5")))
    assert totals["rows_kept"] == 40


def test_formula_cells_are_told_and_never_computed_on_the_way_out(tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org","klicka")'
    cells = row(99, street=formula, n="").strip().split(";")
    folder = write_project(
        tmp_path, workbook(cells), '[output]\nformats = ["gpkg", "csv"]', "u.xlsx"
    )
    _, _, notices = rows_of(folder)
    assert "formula_cells" in notices
    code, said = summary("run", folder)
    assert code in (0, 4)
    for name in said["files"]:
        if name.endswith(".csv"):
            text = (Path(said["folder"]) / name).read_text(encoding="utf-8-sig")
            assert not any(
                cell.strip('"').startswith(("=", "@"))
                for line in text.splitlines()
                for cell in line.split(";")
            )


def test_polygons_where_points_are_due(tmp_path: Path) -> None:
    shapes = gpd.GeoDataFrame({"datum": ["2024-01-01"]}, geometry=[box(0, 0, 9, 9)], crs=3006)
    shapes.to_file(tmp_path / "ytor.gpkg")
    data = (tmp_path / "ytor.gpkg").read_bytes()
    assert fault_codes(write_project(tmp_path / "p", data, "", "u.gpkg")) == ["not_points"]


def test_a_vector_file_without_a_coordinate_system(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"datum": ["2024-01-01"]}, geometry=[Point(5, 5)], crs=3006)
    points.to_file(tmp_path / "punkter.shp")
    (tmp_path / "punkter.prj").unlink()
    folder = write_project(tmp_path, "", "", "oanvand.csv")
    toml = (folder / "lagesbild.toml").read_text(encoding="utf-8")
    (folder / "lagesbild.toml").write_text(
        toml.replace("oanvand.csv", "punkter.shp"), encoding="utf-8"
    )
    assert fault_codes(folder) == ["all_outside_area"]


def area_project(folder: Path, shapes: list[Polygon]) -> Path:
    folder = write_project(folder, GOOD)
    areas = gpd.GeoDataFrame(
        {"area_id": [f"A{i}" for i in range(len(shapes))], "name": "Prov"},
        geometry=shapes,
        crs=3006,
    )
    areas.to_file(folder / "omraden.gpkg")
    text = (folder / "lagesbild.toml").read_text(encoding="utf-8")
    (folder / "lagesbild.toml").write_text(
        text + '[[areas.file]]\npath = "omraden.gpkg"\n', encoding="utf-8"
    )
    return folder


def test_an_area_whose_ring_crosses_itself(tmp_path: Path) -> None:
    e, n = 568900, 6495200
    bow_tie = Polygon([(e, n), (e + 500, n + 500), (e + 500, n), (e, n + 500)])
    assert fault_codes(area_project(tmp_path, [bow_tie])) == ["invalid_ring"]


def test_areas_that_overlap_are_told_with_the_square_metres(tmp_path: Path) -> None:
    e, n = 568900, 6495200
    shapes = [box(e, n, e + 500, n + 500), box(e + 400, n, e + 900, n + 500)]
    code, said = summary("check", area_project(tmp_path, shapes))
    assert code == 0, said
    told = [notice["text"] for notice in said["notices"] if notice["code"] == "areas_overlap"]
    assert len(told) == 1
    assert "50\u00a0000" in told[0]


def test_a_project_file_with_ten_faults_tells_all_ten(tmp_path: Path) -> None:
    (tmp_path / "lagesbild.toml").write_text(
        """
[project]
nmae = "felstavat"
profile = "hemlig"
crs = "EPSG:4326"
timezone = "Europa/Stockholm"
extent = [1, 2, 3]
[hotspot]
eps_m = 75
[hotspots]
eps_m = -1
min_samples = "fem"
[choice]
n_cameras = 0
[[input]]
separator = "x"
""",
        encoding="utf-8",
    )
    code, said = summary("check", tmp_path)
    assert code == 2
    wheres = " ".join(fault["where"] + fault["what"] for fault in said["faults"])
    assert len(said["faults"]) == 11
    for name in (
        "nmae", "profile", "crs", "timezone", "extent", "[hotspot]", "eps_m", "min_samples",
        "n_cameras", "separator", "path",
    ):  # fmt: skip
        assert name in wheres
    assert "name" in said["faults"][0]["next_step"] or "hotspots" in said["faults"][0]["next_step"]


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = write_project(tmp_path, GOOD)
    (folder / "resultat").write_text("en fil, ingen mapp")
    code, said = summary("run", folder)
    assert code == 3
    assert [fault["code"] for fault in said["faults"]] == ["not_a_folder"]


@pytest.mark.parametrize("written", ["map_html", "write_tables"])
def test_a_full_disk_leaves_the_last_good_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    folder = write_project(tmp_path, GOOD)
    code, before = summary("run", folder)
    assert code in (0, 4)

    def full(*_a: object, **_k: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"scripts.writing.{written}", full)
    code, said = summary("run", folder)
    assert code == 3
    assert [fault["code"] for fault in said["faults"]] == ["disk_full"]
    runs = [p for p in (folder / "resultat").iterdir() if p.is_dir()]
    assert [str(p) for p in runs] == [before["folder"]]
