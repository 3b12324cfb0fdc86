"""The camera stage from beginning to end: small project and the demo town."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geodata.synthetic.cameras import SHELTER
from tests.project import good_rows, lagesbild, summary, write_project

LOOSE = """
[hotspots]
min_events = 5
min_days = 3
min_quarters_per_year = 0
top_share = 1
[cameras]
min_events = 2
space_types = ["public", "unknown"]
[choice]
n_cameras = 1
[sheets]
pdf = false
[evidence]
run = false
"""


@pytest.fixture
def project(tmp_path):
    return write_project(tmp_path / "p", "diarienr;brottsdag start;tid start;brottsdag slut;tid slut;"
        "brottskod;antal;gata;N;E\n" + good_rows(60), LOOSE)  # fmt: skip


def run(folder, *more):
    code, said = summary("cameras", folder, *more)
    assert code == 0, said
    return Path(said["folder"]), said


def versions(folder):
    return sorted(p.name for p in (folder / "beslut" / "K01").glob("v*"))


def test_without_houses_a_sheet_is_made_and_says_what_is_not_checked(project):
    folder, said = run(project)
    assert said["counts"]["camera_sites"] == 1
    page = (folder / "kameror" / "K01.html").read_text("utf-8")
    assert "fri sikt är inte prövad" in page
    assert "ej kontrollerat" in page
    assert "sight_not_tested" in {one["code"] for one in said["notices"]}
    assert (project / "beslut" / "K01" / "formular.toml").exists()
    assert not (folder / "kameror" / "K01.pdf").exists()


def test_a_version_comes_only_when_what_is_said_has_changed(project):
    run(project)
    run(project)
    assert versions(project) == ["v1"]
    form = project / "beslut" / "K01" / "formular.toml"
    before = {p.name: p.read_bytes() for p in (project / "beslut" / "K01" / "v1").iterdir()}
    text = form.read_text("utf-8").replace('author = ""', 'author = "Samordnare"')
    form.write_text(text, encoding="utf-8")
    folder, said = run(project)
    assert versions(project) == ["v1", "v2"]
    assert {p.name: p.read_bytes() for p in (project / "beslut" / "K01" / "v1").iterdir()} == before
    page = (folder / "kameror" / "K01.html").read_text("utf-8")
    assert "Ändrat sedan förra versionen" in page
    assert "Samordnare" in page
    assert form.read_text("utf-8") == text
    lines = (folder / "kameror" / "omprovning.csv").read_text("utf-8-sig").splitlines()
    reviews = list(csv.DictReader(lines, delimiter=";"))
    assert reviews[0]["Version"] == "2"
    assert "Samordnare" in reviews[0]["Ändrat sedan förra versionen"]
    assert said["counts"]["camera_sites"] == 1


def test_a_form_of_a_place_no_longer_proposed_stays_and_is_told(project):
    run(project)
    other = project / "beslut" / "K09" / "formular.toml"
    other.parent.mkdir()
    other.write_text("[place]\nx_m = 1.0\ny_m = 1.0\n", encoding="utf-8")
    _folder, said = run(project)
    (told,) = [one for one in said["notices"] if one["code"] == "forms_left_over"]
    assert "K09" in told["text"]
    assert other.exists()


def test_a_tampered_version_is_told_and_not_mended(project):
    run(project)
    file = project / "beslut" / "K01" / "v1" / "K01.txt"
    file.write_text("ändrad", encoding="utf-8")
    _folder, said = run(project)
    assert "version_changed" in {one["code"] for one in said["notices"]}
    assert file.read_text("utf-8") == "ändrad"


def test_a_form_with_faults_stops_the_run_and_leaves_the_last_one(project):
    run(project)
    form = project / "beslut" / "K01" / "formular.toml"
    form.write_text('[identity]\ncontroller = "kommun"\n[intrusion]\nsound = "nej"\n', "utf-8")
    runs = sorted((project / "resultat").iterdir())
    code, said = summary("cameras", project)
    assert code == 3
    assert [fault["code"] for fault in said["faults"]] == ["wrong_type", "wrong_type"]
    assert sorted((project / "resultat").iterdir()) == runs


def test_other_profiles_get_no_sheet_no_form_and_no_place(project):
    text = (project / "lagesbild.toml").read_text("utf-8")
    text = text.replace('name = "Prov"', 'name = "Prov"\nprofile = "samverkan"')
    (project / "lagesbild.toml").write_text(text, encoding="utf-8")
    folder, _said = run(project)
    names = {p.name for p in folder.rglob("*")}
    assert "kameror" not in names
    assert "kameror.html" not in names
    assert not (project / "beslut").exists()
    assert not [
        row[0] for row in pyogrio.list_layers(folder / "results.gpkg") if "camera" in row[0]
    ]
    assert "camera_views" not in (folder / "karta.html").read_text("utf-8")


def test_the_verb_is_told_in_help():
    assert "cameras" in lagesbild("--help").stdout
    assert "beslut" in lagesbild("cameras", "--help").stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from geodata import language
    from scripts.demo import write_demo_project

    folder = tmp_path_factory.mktemp("demo")
    with language.using("sv"):
        write_demo_project(folder)
        code, said = summary("cameras", folder, "--set", "evidence.run=false")
    assert code == 0
    return folder, Path(said["folder"])


def test_the_demo_has_a_complete_a_half_filled_and_a_declined_proposal(demo):
    folder, made = demo
    texts = {p.stem: p.read_text("utf-8") for p in (made / "kameror").glob("K*.txt")}
    assert "Komplett" in texts["K01"]
    assert "Ofullständigt: 13 uppgifter saknas." in texts["K02"]
    assert "K03" not in texts
    assert len(texts) == 5
    assert "Avstådd i tidigare beslut: Centrumets egna väktare" in (
        made / "kameror.html"
    ).read_text("utf-8")
    assert (folder / "beslut" / "K03" / "formular.toml").exists()
    rows = (made / "kameror" / "forteckning.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("Exempeltorget;Torg;")


def test_no_shelter_is_found_in_anything_the_demo_writes(demo):
    folder, made = demo
    x, y = SHELTER
    words = ("påhittat)", "skyddat boende (", "kvinnojour", "shelter")
    for file in [*made.rglob("*"), *(folder / "beslut").rglob("v*/*")]:
        if file.suffix in {".html", ".txt", ".csv", ".json", ".geojson", ".svg"}:
            text = file.read_text("utf-8-sig").casefold()
            assert not [word for word in words if word in text], file
            assert f"{x:.0f}" not in text or f"{y:.0f}" not in text, file
    layers = [row[0] for row in pyogrio.list_layers(made / "results.gpkg")]
    point = shapely.Point(SHELTER)
    for name in layers:
        table = gpd.read_file(made / "results.gpkg", layer=name)
        if name.startswith(("camera_sensitive", "camera_masks")) and "geometry" in table:
            assert not table.geometry.dwithin(point, 3).any()
        assert "shelter" not in table.to_csv().casefold()


def test_every_figure_of_the_sheet_stands_in_the_tables(demo):
    _folder, made = demo
    sites = gpd.read_file(made / "results.gpkg", layer="camera_sites")
    picture = gpd.read_file(made / "results.gpkg", layer="camera_picture").set_index("site_id")
    views = gpd.read_file(made / "results.gpkg", layer="camera_views").set_index("site_id")
    for row in sites.itertuples():
        assert picture.loc[row.site_id, "n_events"] == row.n_covered
        text = (made / "kameror" / f"{row.site_id}.txt").read_text("utf-8").replace("\u00a0", " ")
        assert f"Räknade händelser: {row.n_covered} (" in text
        area = f"{views.loc[row.site_id, 'area_m2']:,.0f}".replace(",", " ")
        assert f"Upptagningsområde: {area} m²" in text
        assert views.loc[row.site_id, "net_m2"] <= views.loc[row.site_id, "area_m2"]


def test_the_pages_ask_for_nothing_and_have_no_script(demo):
    _folder, made = demo
    for file in [made / "kameror.html", *(made / "kameror").glob("*.html")]:
        text = file.read_text("utf-8")
        assert "<script" not in text
        assert not re.findall(r"(?:src|href)=[\"']?https?:", text)
        assert "default-src &#39;none&#39;" in text


def test_the_same_project_moved_gives_the_same_sheets(demo, tmp_path):
    folder, made = demo
    names = [p.name for p in folder.iterdir() if p.name not in {"resultat", "beslut"}]
    for name in names:
        shutil.copy(folder / name, tmp_path / name)
    shutil.copytree(
        folder / "beslut", tmp_path / "beslut", ignore=shutil.ignore_patterns("v[0-9]*")
    )
    code, said = summary("cameras", tmp_path, "--set", "evidence.run=false")
    assert code == 0
    for file in sorted((made / "kameror").iterdir()):
        again = Path(said["folder"]) / "kameror" / file.name
        assert again.read_bytes() == file.read_bytes(), file.name
