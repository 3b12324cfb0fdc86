"""An inspection finds each kind of fault that is planted, and nothing where there is none."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pikepdf
import pytest
import shapely

from scripts.inspecting.findings import CHECKS
from scripts.inspecting.folder import inspect_folder
from tests.project import HEADER, good_rows, lagesbild, write_project

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Karta</title>{head}</head>
<body><strong class="mark">PUBLIK</strong><p>{body}</p><table><tr><th>Område</th><th>Händelser</th></tr>
<tr><th>Hageby</th><td>{n}</td></tr><tr><th>Navestad</th><td>dolt</td></tr></table>
<script type="application/json">{data}</script></body></html>"""
PHOTO = b"\x89PNG\r\n\x1a\n"


def page(body: str = "Hela 2024.", n: str = "40", head: str = "", data: object = None) -> str:
    return PAGE.format(body=body, n=n, head=head, data=json.dumps(data or {"layers": {}}))


def seal(folder: Path, profile: str = "publik", **more: object) -> None:
    """Write the manifest as a run would."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "run.json"]
    outputs = [
        {
            "name": p.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
        }
        for p in files
    ]
    told = {"program": "lagesbild", "profile": profile, "outputs": outputs, **more}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "utlamnas"
    made.mkdir()
    (made / "karta.html").write_text(page(), encoding="utf-8")
    (made / "areas.csv").write_text("area_id;n_events\nHageby;40\nNavestad;\n", encoding="utf-8")
    seal(made)
    return made


def found(folder: Path) -> set[tuple[str, str]]:
    seen = inspect_folder(folder, None)
    assert seen.passed == (not seen.findings)
    return {(one.check, one.code) for one in seen.findings}


def test_nothing_is_found_where_nothing_is_wrong(folder: Path) -> None:
    assert found(folder) == set()


def test_a_run_for_others_passes_and_one_for_the_house_does_not(tmp_path: Path) -> None:
    extra = '[evidence]\nrun = false\n[output]\nformats = ["gpkg", "parquet", "csv", "xlsx"]\n'
    project = write_project(tmp_path / "p", HEADER + good_rows(90), extra)
    for profile, codes in (("publik", 0), ("samverkan", 0), ("intern", 5)):
        out = f"output.folder=ut-{profile}"
        lagesbild("run", project, "--set", f"project.profile={profile}", "--set", out)
        (run,) = [p for p in (project / f"ut-{profile}").iterdir() if p.is_dir()]
        done = lagesbild("inspect", run, "--json")
        told = json.loads(done.stdout)
        assert done.exit_code == codes, told["findings"]
        assert {one["file"] for one in told["files"]} == {
            p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()
        }
    failed = {check for check, passed in told["checks"].items() if not passed}
    assert {"profile", "tables", "geometry", "counts", "personal"} <= failed


def html(**how: object) -> Callable[[Path], None]:
    return lambda folder: (folder / "karta.html").write_text(page(**how), "utf-8") and None


def put(name: str, data: str | bytes) -> Callable[[Path], None]:
    raw = data.encode() if isinstance(data, str) else data
    return lambda folder: (folder / name).write_bytes(raw) and None


def layer(name: str, shape: shapely.Geometry, kind: str = "gpkg") -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        table = gpd.GeoDataFrame({"note": ["PUBLIK"]}, geometry=[shape], crs="EPSG:3006")
        if kind == "gpkg":
            table.to_file(folder / "results.gpkg", layer=name)
        elif kind == "geojson":
            table.to_crs("EPSG:4326").to_file(folder / f"{name}.geojson", driver="GeoJSON")
        else:
            table.to_parquet(folder / f"{name}.parquet")

    return write


def book(change: Callable[[openpyxl.Workbook], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        made = openpyxl.Workbook()
        made.active.append(["PUBLIK"])
        change(made)
        made.save(folder / "results.xlsx")

    return write


def _hidden_sheet(made: openpyxl.Workbook) -> None:
    made.create_sheet("Underlag").sheet_state = "hidden"


def _comment(made: openpyxl.Workbook) -> None:
    made.active["A1"].comment = openpyxl.comments.Comment("se ärendet", "Bo")


def _author(made: openpyxl.Workbook) -> None:
    made.properties.creator = "Bo Ek"


def _inner_sheet(title: str) -> Callable[[openpyxl.Workbook], None]:
    def change(made: openpyxl.Workbook) -> None:
        made.create_sheet(title).append(["a"])

    return change


def _closed_header(made: openpyxl.Workbook) -> None:
    made.active.oddHeader.center.text = "INTERN – SEKRETESSPRÖVAS"


def _few(made: openpyxl.Workbook) -> None:
    made.create_sheet("Antal").append(["Område", "Antal händelser"])
    made["Antal"].append(["Hageby", 2])


def word(change: Callable[[docx.document.Document], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        made = docx.Document()
        made.core_properties.author = ""
        made.core_properties.comments = ""
        made.add_paragraph("PUBLIK")
        change(made)
        made.save(folder / "bilaga.docx")

    return write


def _split_number(made: docx.document.Document) -> None:
    line = made.add_paragraph("Ring 070-1")
    line.add_run("23 45 ").bold = True
    line.add_run("67")


def _word_author(made: docx.document.Document) -> None:
    made.core_properties.last_modified_by = "Bo Ek"


def _word_table(made: docx.document.Document) -> None:
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Område", "Anmälda brott", "A", "3"), strict=True):
        cell.text = text


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        made = pikepdf.new()
        made.add_blank_page()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        own = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        made.pages[0].Resources = own
        made.pages[0].Contents = made.make_stream(b"BT /F1 12 Tf 50 700 Td (PUBLIK) Tj ET")
        change(made)
        made.save(folder / "bilaga.pdf")

    return write


def _pdf_text(text: str) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        lines = f"BT /F1 12 Tf 50 700 Td (PUBLIK) Tj 0 -20 Td ({text}) Tj ET"
        made.pages[0].Contents = made.make_stream(lines.encode())

    return change


def _pdf_author(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = "Bo Ek"


def _pdf_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["rader.csv"] = pikepdf.AttachedFileSpec(made, b"a;b")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


IMAGE = PHOTO + chunk(b"IHDR", b"\0" * 13) + chunk(b"IEND", b"")
EXIF = PHOTO + chunk(b"IHDR", b"\0" * 13) + chunk(b"eXIf", b"MM\0*") + chunk(b"IEND", b"")
SIGNED = PHOTO + chunk(b"IHDR", b"\0" * 13) + chunk(b"tEXt", b"Author\0Bo Ek") + chunk(b"IEND", b"")
JPEG = b"\xff\xd8\xff\xe1" + struct.pack(">H", 8) + b"Exif\0\0" + b"\xff\xda"
POINT = shapely.Point(569_000, 6_494_000)
SMALL, CELL = shapely.box(0, 0, 100, 100), shapely.box(0, 0, 250, 250)


def zipped(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        pytest.param(put("x.bin", b"\x00\xff\xfe"), ("files", "unreadable"), id="unknown kind"),
        pytest.param(put("x.xlsx", b"PK\x03\x04trasig"), ("files", "unreadable"), id="broken file"),
        pytest.param(put("r.html", "<!doctype html><p>Utan"), ("profile", "no_mark"), id="no mark"),
        pytest.param(
            put("r.html", "<!doctype html><b>INTERN – SEKRETESSPRÖVAS</b>"),
            ("profile", "closed_file"), id="inner page",
        ),
        pytest.param(
            put("r.html", "<!doctype html><b>SAMVERKAN – endast för EST-gruppen</b>"),
            ("profile", "closed_file"), id="page for partners",
        ),
        pytest.param(book(_closed_header), ("profile", "closed_file"), id="inner page header"),
        pytest.param(
            book(_inner_sheet("Kameror underlagens status")), ("tables", "inside_table"), id="sheet"
        ),
        pytest.param(
            book(_inner_sheet("Rejected rows")), ("tables", "inside_table"), id="English sheet"
        ),
        pytest.param(layer("incidents", CELL), ("tables", "inside_table"), id="inner table"),
        pytest.param(
            html(data={"layers": {"search_sites": {}}}), ("tables", "inside_table"), id="inner layer"
        ),
        pytest.param(layer("areas", POINT), ("geometry", "points"), id="points in a GeoPackage"),
        pytest.param(layer("areas", POINT, "geojson"), ("geometry", "points"), id="GeoJSON"),
        pytest.param(layer("areas", POINT, "parquet"), ("geometry", "points"), id="Parquet"),
        pytest.param(layer("grid", SMALL), ("geometry", "fine_shapes"), id="small cells"),
        pytest.param(layer("grid", SMALL, "geojson"), ("geometry", "fine_shapes"), id="in degrees"),
        pytest.param(
            html(data={"layers": {"x": {"kind": "sites", "points": [1]}}}),
            ("geometry", "points"), id="points on the map",
        ),
        pytest.param(html(body="Vid 6494123, 569321."), ("geometry", "coordinates"), id="metres"),
        pytest.param(html(body="58.59123, 16.18456"), ("geometry", "coordinates"), id="degrees"),
        pytest.param(
            put("p.csv", "PUBLIK;N;E\na;6494123.5;569321\n"), ("geometry", "coordinates"), id="CSV"
        ),
        pytest.param(html(body="Exempelgatan 14 B"), ("geometry", "addresses"), id="address"),
        pytest.param(html(n="3"), ("counts", "small_counts"), id="small count on a page"),
        pytest.param(put("t.csv", "a;n_events\nA;4\n"), ("counts", "small_counts"), id="in CSV"),
        pytest.param(book(_few), ("counts", "small_counts"), id="in a workbook"),
        pytest.param(word(_word_table), ("counts", "small_counts"), id="in Word"),
        pytest.param(html(body="Vid K03 ses gatan."), ("cameras", "camera_name"), id="camera"),
        pytest.param(
            html(data={"layers": {"camera_views": {}}}), ("cameras", "camera_layer"), id="views"
        ),
        pytest.param(put("K01.txt", "PUBLIK\nUnderlag"), ("cameras", "camera_file"), id="sheet"),
        pytest.param(html(body="811218-9876"), ("personal", "personal_number"), id="person"),
        pytest.param(html(body="Bilen ABC123 sågs"), ("personal", "plate"), id="plate"),
        pytest.param(html(body="<i title='bo@ek.se'>Bo</i>"), ("personal", "email"), id="mail"),
        pytest.param(html(body="<!-- 070-123 45 67 -->"), ("personal", "phone"), id="in a comment"),
        pytest.param(word(_split_number), ("personal", "phone"), id="phone cut in pieces"),
        pytest.param(pdf(_pdf_text("811218-9876")), ("personal", "personal_number"), id="in PDF"),
        pytest.param(html(body="5000-K123456-24"), ("personal", "case_number"), id="case"),
        pytest.param(html(body="Lgh 1203"), ("personal", "flat"), id="flat"),
        pytest.param(put("b.png", EXIF), ("metadata", "picture_data"), id="EXIF in PNG"),
        pytest.param(put("b.jpg", JPEG), ("metadata", "picture_data"), id="EXIF in JPEG"),
        pytest.param(
            html(body=f"<img src='data:image/png;base64,{base64.b64encode(EXIF).decode()}'>"),
            ("metadata", "picture_data"), id="EXIF in a page",
        ),
        pytest.param(put("b.png", SIGNED), ("metadata", "picture_text"), id="text in PNG"),
        pytest.param(book(_author), ("metadata", "named"), id="author of a workbook"),
        pytest.param(word(_word_author), ("metadata", "named"), id="author in Word"),
        pytest.param(pdf(_pdf_author), ("metadata", "named"), id="author of a PDF"),
        pytest.param(book(_hidden_sheet), ("metadata", "hidden"), id="hidden sheet"),
        pytest.param(book(_comment), ("metadata", "hidden"), id="comment"),
        pytest.param(pdf(_pdf_attachment), ("metadata", "hidden"), id="attachment"),
        pytest.param(
            html(head="<script src='https://cdn.se/a.js'></script>"),
            ("references", "fetched"), id="script",
        ),
        pytest.param(
            html(head="<style>@import url(//cdn.se/a.css)</style>"),
            ("references", "fetched"), id="style",
        ),
        pytest.param(
            html(head="<script>fetch('https://cdn.se/x')</script>"),
            ("references", "fetched"), id="fetch",
        ),
        pytest.param(
            html(body=r"Läst ur C:\Users\bo\utdrag.csv"), ("references", "own_path"), id="path"
        ),
        pytest.param(
            html(body="<a href='file:///srv/x'>x</a>"), ("references", "own_path"), id="file link"
        ),
        pytest.param(
            put("allt.zip", zipped("x.txt", b"811218-9876")),
            ("personal", "personal_number"), id="in an archive",
        ),
    ],
)  # fmt: skip
def test_each_fault_planted_is_found(
    folder: Path, plant: Callable[[Path], None], expected: tuple[str, str]
) -> None:
    plant(folder)
    seal(folder)
    assert expected in found(folder)


@pytest.mark.parametrize(
    "plant",
    [
        layer("grid", CELL),
        html(body="Cell 565250, 6493750."),
        html(body="Patruller", head="<!-- #abc123 -->"),
        html(body="<a href='https://imy.se'>IMY</a>"),
        word(lambda _made: None),
        book(lambda _made: None),
        pdf(lambda _made: None),
        put("b.png", IMAGE),
        put("t.csv", "Åtgärd;Antal\nPatrull;2\n"),
        put("t.csv", "a;n_days\nA;4\n"),
    ],
)
def test_what_may_leave_is_not_told(folder: Path, plant: Callable[[Path], None]) -> None:
    plant(folder)
    seal(folder)
    assert found(folder) == set()


def test_a_file_that_the_run_did_not_write_or_that_has_changed_is_told(folder: Path) -> None:
    (folder / "egen.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (folder / "areas.csv").write_text("area_id;n_events\nHageby;41\n", encoding="utf-8")
    codes = {(one.file, one.code) for one in inspect_folder(folder, None).findings}
    assert codes == {
        ("areas.csv", "changed"),
        ("egen.csv", "not_of_the_run"),
        ("egen.csv", "no_mark"),
    }


def test_weaker_limits_and_a_closed_run_are_told(folder: Path) -> None:
    seal(folder, settings={"disclosure": {"min_count_publik": 2, "min_cell_m_publik": 250.0}})
    assert found(folder) == {("counts", "weak_limit")}
    seal(folder, profile="intern")
    assert ("profile", "closed_folder") in found(folder)
    seal(folder, profile="samverkan")
    assert inspect_folder(folder, None).profile == "samverkan"
    assert ("profile", "closed_folder") in {
        (one.check, one.code) for one in inspect_folder(folder, "publik").findings
    }


def test_of_two_tiers_in_one_folder_the_closed_one_is_named(folder: Path) -> None:
    inner = "<!doctype html><b>INTERN – SEKRETESSPRÖVAS</b>"
    (folder / "strategisk.html").write_text(inner, encoding="utf-8")
    seal(folder, profile="intern")
    named = {(one.file, one.code) for one in inspect_folder(folder, None).findings}
    assert named == {("strategisk.html", "closed_file"), ("run.json", "closed_folder")}
    (folder / "karta.html").write_text(inner, encoding="utf-8")
    seal(folder, profile="intern")
    assert found(folder) == {("profile", "closed_folder")}


def test_the_verb_passes_fails_and_writes_its_page_beside_the_folder(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    done = lagesbild("inspect", folder)
    assert done.exit_code == 0
    assert "GODKÄND: 3 filer" in done.output
    written = folder.parent / "granskning-utlamnas.html"
    assert "verdict-passed" in written.read_text("utf-8")
    html(body="811218-9876 <b>och</b>", n="2")(folder)
    done = lagesbild("inspect", folder)
    assert done.exit_code == 5
    assert "UNDERKÄND" in done.output
    text = written.read_text("utf-8")
    assert "verdict-failed" in text
    assert "INTERN – SEKRETESSPRÖVAS" in text
    assert "811218" not in text + done.output
    assert sorted(folder.rglob("*")) == before


def test_the_page_never_stands_in_what_is_handed_out(folder: Path, tmp_path: Path) -> None:
    assert lagesbild("inspect", folder, "--html", folder / "g.html").exit_code == 3
    assert lagesbild("inspect", folder, "--html", tmp_path / "g.html").exit_code == 0
    (tmp_path / "tom").mkdir()
    assert lagesbild("inspect", tmp_path / "tom").exit_code == 3


def test_a_folder_without_a_manifest_needs_a_mark_on_every_file(folder: Path) -> None:
    (folder / "run.json").unlink()
    assert found(folder) == {("profile", "no_mark")}
    seen = inspect_folder(folder, None)
    assert {one.file: one.mark for one in seen.files} == {
        "karta.html": "publik",
        "areas.csv": "omärkt",
    }


def test_every_finding_belongs_to_a_check_that_is_listed(folder: Path) -> None:
    html(body="811218-9876", n="2")(folder)
    seen = inspect_folder(folder, None)
    assert {one.check for one in seen.findings} <= set(CHECKS)
    assert set(seen.to_dict()["checks"]) == set(CHECKS)


def test_a_long_list_is_cut_on_the_terminal_and_told_in_full_as_data(folder: Path) -> None:
    for number in range(20):
        html(n="2")(folder)
        (folder / f"sida{number:02}.html").write_text(page(n="2"), encoding="utf-8")
    seal(folder)
    seen = inspect_folder(folder, None)
    assert len(seen.of("counts")) == 21
    assert any("13 saker till" in line for line in seen.lines())


def test_parquet_with_its_own_words_states_its_profile(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(pd.DataFrame({"area_id": ["A"]}))
    about = {"profile": "intern", "marking": "INTERN – SEKRETESSPRÖVAS", "notes": []}
    pq.write_table(
        table.replace_schema_metadata({"lagesbild": json.dumps(about)}), folder / "areas.parquet"
    )
    seal(folder)
    assert found(folder) == {("profile", "closed_file")}
