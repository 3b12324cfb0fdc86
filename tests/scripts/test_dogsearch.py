"""Dog searches from file to page: the round, its files, results read back, bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from tests.project import HEADER, good_rows, lagesbild, summary, write_project

HEAD = (
    "Entré-id;Adress;Fastighetsbeteckning;Fastighetsägare;Kontaktroll;Upplåtelseform;"
    "Antal lägenheter;Utrymmen;Samtycke av;Samtycke datum;Samtycke omfattar;"
    "Samtycke till och med;Samtycke återkallat;E;N\n"
)
RESULT_HEAD = "Entré-id;Utrymme;Vecka;Resultat;Minuter;Utförare;Överlämnat till polisen;Åtgärd\n"
SETTINGS = """
[dogsearch]
register = "register.csv"
results = "resultat.csv"
[round]
n_entrances = {n}
{more}
[evidence]
run = false
"""


def entrance(i: int, **cells: str) -> str:
    ordinary = {
        "id": f"E{i:03d}",
        "address": f"Provgatan {i}",
        "property": f"PROVET {i}",
        "owner": "Provhem AB" if i % 3 else "Brf Provet",
        "role": "förvaltare",
        "tenure": "hyresrätt",
        "flats": "12",
        "spaces": "trapphus, källargång",
        "by": "styrelsen",
        "date": "2024-05-01",
        "scope": "alla",
        "to": "2026-12-31",
        "back": "",
        "e": str(568900 + 25 * (i % 10)),
        "n": str(6495200 + 40 * (i // 10)),
    }
    assert set(cells) <= set(ordinary)
    return ";".join({**ordinary, **cells}.values()) + "\n"


def project(
    folder: Path, rows: str | None = None, n: int = 6, results: str = "", more: str = ""
) -> Path:
    write_project(folder, HEADER + good_rows(), SETTINGS.format(n=n, more=more))
    register = HEAD + ("".join(entrance(i) for i in range(30)) if rows is None else rows)
    (folder / "register.csv").write_text(register, encoding="utf-8")
    if results:
        (folder / "resultat.csv").write_text(RESULT_HEAD + results, encoding="utf-8")
    return folder


def run(folder: Path, *more: str) -> tuple[Path, dict]:
    code, said = summary("dogsearch", folder, *more)
    assert code == 0, said
    return Path(said["folder"]), said


def codes(said: dict) -> list[str]:
    return [notice["code"] for notice in said["notices"]]


def test_a_round_is_planned_with_a_page_a_walk_letters_and_forms(tmp_path):
    made, said = run(project(tmp_path))
    assert said["counts"]["search_round"] == 6
    assert "round_planned" in codes(said)
    stops = gpd.read_file(made / "results.gpkg", layer="search_round")
    walks = gpd.read_file(made / "results.gpkg", layer="search_walks")
    assert stops["entrance_id"].is_unique
    assert walks["n_entrances"].sum() == 6
    assert (stops["part"] == "need").sum() == 3
    assert set(stops["week"]) == {"2025-W02"}  # the week after the extract date
    for no in walks["walk"]:
        page = (made / f"hundsok/pass-{no}.html").read_text("utf-8")
        assert "INTERN" in page
        for address in stops.loc[stops["walk"] == no, "address"]:
            assert f"<b>{address}</b>" in page
    page = (made / "hundsok.html").read_text("utf-8")
    assert all(address in page for address in stops["address"])
    assert "Brf Provet" in (made / "hundsok/brev.html").read_text("utf-8")
    index = (made / "index.html").read_text("utf-8")
    assert 'href="hundsok.html"' in index
    assert "pass-1.html" not in index


def test_the_same_project_gives_the_same_round_byte_for_byte(tmp_path):
    one, _said = run(project(tmp_path / "a"))
    rows = [entrance(i) for i in range(30)]
    other, _said = run(project(tmp_path / "b", "".join(rows[::-1])))
    for file in ("hundsok/pass-1.html", "hundsok/brev.html", "hundsok/resultat.xlsx"):
        assert (one / file).read_bytes() == (other / file).read_bytes()
    names = ("search_round", "search_walks", "search_minima")
    for name in names:
        tables = [gpd.read_file(f / "results.gpkg", layer=name) for f in (one, other)]
        pd.testing.assert_frame_equal(*tables)


def test_the_week_is_asked_for_and_each_is_drawn_anew(tmp_path):
    folder = project(tmp_path)
    made, _said = run(folder, "--week", "2025-W10")
    stops = gpd.read_file(made / "results.gpkg", layer="search_round")
    assert set(stops["week"]) == {"2025-W10"}
    first = set(stops.loc[stops["part"] == "drawn", "entrance_id"])
    made, _said = run(folder, "--week", "2025-W11")
    stops = gpd.read_file(made / "results.gpkg", layer="search_round")
    assert set(stops.loc[stops["part"] == "drawn", "entrance_id"]) != first


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_other_profiles_get_numbers_by_area_and_nothing_of_entrances(tmp_path, profile):
    done = "".join(f"E{i:03d};trapphus;2024-W3{i};ingen markering;10;polis;;\n" for i in range(8))
    folder = project(tmp_path, results=done)
    made, said = run(folder, "--set", f"project.profile={profile}")
    files = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert not any(name.startswith("hundsok/") for name in files)
    assert "search_round" not in said["counts"]
    whole = b"".join(p.read_bytes() for p in made.rglob("*") if p.is_file())
    for secret in (b"E003", b"PROVET", b"Provhem", b"Provgatan", b"Brf Provet"):
        assert secret not in whole
    page = (made / "hundsok.html").read_text("utf-8")
    assert "Antal per område" in page
    assert ("2025-W02" in page) == (profile == "samverkan")
    areas = gpd.read_file(made / "results.gpkg", layer="search_areas")
    assert ("n_round" in areas) == (profile == "samverkan")


def test_outside_the_consents_nothing_is_searched(tmp_path):
    rows = [
        entrance(0),
        entrance(1, to="2025-01-05"),  # the day before the round's Monday
        entrance(2, back="2025-01-06"),  # withdrawn on it
        entrance(3, to="2025-01-08"),  # ends within the week
        entrance(4, by="", date="", scope="", to=""),
        entrance(5, owner=""),
        entrance(6, to="2025-01-12"),  # its last day is the week's
    ]
    made, said = run(project(tmp_path, "".join(rows), n=7))
    stops = gpd.read_file(made / "results.gpkg", layer="search_round")
    assert set(stops["entrance_id"]) == {"E000", "E006"}
    assert codes(said).count("round_smaller") == 1


def test_a_round_larger_than_the_register_is_told_once_and_takes_all(tmp_path):
    made, said = run(project(tmp_path, n=500))
    assert codes(said).count("round_past_register") == 1
    assert len(gpd.read_file(made / "results.gpkg", layer="search_round")) == 30


def test_no_consent_anywhere_gives_a_page_that_says_so(tmp_path):
    rows = "".join(entrance(i, by="", date="", scope="", to="") for i in range(5))
    made, said = run(project(tmp_path, rows))
    assert codes(said).count("round_empty") == 1
    page = (made / "hundsok.html").read_text("utf-8")
    assert "Ingen entré kan väljas den här veckan." in page
    assert not (made / "hundsok").exists()


def test_a_time_budget_takes_as_many_as_fit(tmp_path):
    folder = project(tmp_path, n=1, more="budget_min = 120")
    made, _said = run(folder)
    walks = gpd.read_file(made / "results.gpkg", layer="search_walks")
    assert walks["minutes"].sum() <= 120
    assert walks["n_entrances"].sum() >= 4
    made, said = run(folder, "--set", "round.budget_min=10")
    assert "budget_too_small" in codes(said)


def test_faults_of_the_settings_are_told(tmp_path):
    code, said = summary("dogsearch", project(tmp_path), "--week", "2025-W60")
    assert (code, said["faults"][0]["code"]) == (2, "bad_week")
    code, said = summary("dogsearch", project(tmp_path), "--set", "round.shift_min=20")
    assert (code, said["faults"][0]["code"]) == (2, "search_past_shift")
    (tmp_path / "texter.toml").write_text('[text.consent]\nsv = "x"\n', "utf-8")
    code, said = summary("dogsearch", project(tmp_path), "--set", "round.texts=texter.toml")
    assert (code, said["faults"][0]["code"]) == (2, "search_texts_incomplete")


def filled(form: Path, target: Path, word: str, rows: int | None = None) -> Path:
    """Fill in a form as a user would: a word in the result column."""
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Resultat") + 1
    for row in range(2, sheet.max_row + 1 if rows is None else rows + 2):
        sheet.cell(row, column).value = word
    book.save(target)
    return target


def test_a_form_is_read_back_once_however_often_it_is_read(tmp_path):
    folder = project(tmp_path, results="E029;trapphus;2024-W40;fynd;10;polis;ja;lås\n")
    made, _said = run(folder)
    before = (folder / "resultat.csv").read_bytes()
    form = filled(made / "hundsok/resultat.xlsx", tmp_path / "ifylld.xlsx", "ingen markering")
    told = lagesbild("dogsearch", folder, "--results", form)
    assert told.exit_code == 0
    assert "Inga fynd. Det är ett normalt utfall" in told.stdout
    after = (folder / "resultat.csv").read_bytes()
    assert after.startswith(before)
    assert after.count(b"ingen markering") == 12  # six entrances with two spaces
    code, said = summary("dogsearch", folder, "--results", form)
    assert (code, said["added"], said["known"]) == (0, 0, 12)
    assert (folder / "resultat.csv").read_bytes() == after


def test_results_make_their_own_file_and_are_seen_by_the_next_round(tmp_path):
    folder = project(tmp_path)
    made, said = run(folder)
    assert "no_results_yet" in codes(said)
    form = filled(made / "hundsok/resultat.xlsx", tmp_path / "ifylld.xlsx", "fynd", rows=2)
    _code, said = summary("dogsearch", folder, "--results", form)
    assert said["results"] == {"find": 2}
    stops = gpd.read_file(made / "results.gpkg", layer="search_round")
    made, said = run(folder, "--set", "project.extract_date=2025-02-01")
    weighed = gpd.read_file(made / "results.gpkg", layer="search_entrances")
    first = weighed.set_index("entrance_id").loc[stops["entrance_id"].iloc[0]]
    assert first["n_searches"] == 1
    assert first["need_finds"] > 0


def test_a_result_that_says_more_is_added_and_one_that_says_less_is_told(tmp_path):
    folder = project(tmp_path, results="E001;trapphus;2024-W40;ingen markering;10;polis;;\n")
    form = tmp_path / "ny.csv"
    form.write_text(RESULT_HEAD + "E001;trapphus;2024-W40;fynd;;;ja;\n", "utf-8")
    _code, said = summary("dogsearch", folder, "--results", form)
    assert (said["added"], said["known"]) == (1, 0)
    form.write_text(RESULT_HEAD + "E001;trapphus;2024-W40;ej genomfört;;;;\n", "utf-8")
    _code, said = summary("dogsearch", folder, "--results", form)
    assert (said["added"], said["known"]) == (0, 0)
    assert "weaker_result" in codes(said)


def test_results_of_unknown_entrances_are_kept_and_told(tmp_path):
    folder = project(tmp_path)
    form = tmp_path / "ny.csv"
    form.write_text(RESULT_HEAD + "E777;trapphus;2024-W40;fynd;;;ja;\n", "utf-8")
    _code, said = summary("dogsearch", folder, "--results", form)
    assert said["added"] == 1
    assert codes(said).count("unknown_entrance") == 1
    assert "E777" in (folder / "resultat.csv").read_text("utf-8")


def test_results_need_a_register_and_a_csv_file(tmp_path):
    write_project(tmp_path, HEADER + good_rows())
    form = tmp_path / "ny.csv"
    form.write_text(RESULT_HEAD + "E1;trapphus;2024-W40;fynd;;;;\n", "utf-8")
    code, said = summary("dogsearch", tmp_path, "--results", form)
    assert code == 2
    assert {fault["code"] for fault in said["faults"]} == {"no_register", "results_not_csv"}


def test_entrances_of_a_layer_give_no_round_but_say_why(tmp_path):
    write_project(
        tmp_path, HEADER + good_rows(), '[reference]\nentrances = "e.gpkg"\n[evidence]\nrun=false'
    )
    x, y = [568900.0 + 20 * i for i in range(9)], [6495200.0] * 9
    gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=3006).to_file(tmp_path / "e.gpkg")
    made, said = run(tmp_path)
    assert "register_made" in codes(said)
    page = (made / "hundsok.html").read_text("utf-8")
    assert "det finns inget register med samtycken" in page


def test_walks_follow_the_projects_streets(tmp_path):
    folder = project(tmp_path, more='[reference]\nstreets = "gator.gpkg"')
    lines = [LineString([(568890, 6495195 + 40 * k), (569140, 6495195 + 40 * k)]) for k in range(3)]
    lines.append(LineString([(568890, 6495195), (568890, 6495275)]))
    gpd.GeoDataFrame(geometry=lines, crs=3006).to_file(folder / "gator.gpkg")
    made, _said = run(folder)
    walks = gpd.read_file(made / "results.gpkg", layer="search_walks")
    assert set(walks.geom_type) == {"LineString"}
    assert (walks["walking_m"] >= walks.length - 1e-6).all()


def test_pages_have_no_script_and_escape_what_the_register_says(tmp_path):
    rows = "".join(entrance(i, address=f"<b>Gata</b> {i}", owner="A&B <AB>") for i in range(8))
    made, _said = run(project(tmp_path, rows))
    pages = [made / "hundsok.html", *sorted((made / "hundsok").glob("*.html"))]
    assert len(pages) >= 3
    for page in pages:
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert "<b>Gata</b>" not in text
        assert "&lt;b&gt;Gata" in text
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert json.loads((made / "run.json").read_text("utf-8"))["profile"] == "intern"


def test_without_register_and_entrances_houses_have_one_entrance_each_and_no_consent(
    tmp_path: Path,
) -> None:
    more = '[reference]\nbuildings = "hus.gpkg"\n[evidence]\nrun = false\n'
    write_project(tmp_path, HEADER + good_rows(), more)
    houses = [box(568900 + 40 * i, 6495200, 568920 + 40 * i, 6495220) for i in range(4)]
    kinds = ["apartments", "apartments", "school", "apartments"]
    layer = gpd.GeoDataFrame({"building": kinds}, geometry=houses, crs="EPSG:3006")
    layer.to_file(tmp_path / "hus.gpkg")
    folder, said = run(tmp_path)
    told = {n["code"]: n for n in said["notices"]}
    assert told["register_made"]["data"] == {"n": 3, "source": "buildings"}
    made = gpd.read_file(folder / "results.gpkg", layer="search_entrances")
    assert set(made["register_source"]) == {"buildings"}
    assert set(made["consent"]) == {"none"}
    assert said["counts"]["search_round"] == 0
