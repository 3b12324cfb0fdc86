"""The verb and the stage of the follow-up, from files to page; bad input in front of the user."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from tests.project import HEADER, lagesbild, row, summary, write_project

MEASURES = "id;slag;namn;från;till;fastställd;E;N;radie\n"
CAMERA = "K1;kamera;Kamera;2024-01-01;;2023-11-01;568941;6495231;75\n"
QUIET = '[input.constants]\nsource = "police"\n[evidence]\nrun = false\n'


def export(before: int = 120, after: int = 30) -> str:
    """Return events at one place, fewer in 2024 than in 2023, and at four others as many."""
    rng = np.random.default_rng(1)
    lines = []
    for place in range(5):
        for year, n in ((2022, before), (2023, before), (2024, after if place == 0 else before)):
            days = rng.integers(0, 365, n)
            for day in (np.datetime64(f"{year}-01-01") + days).astype(str):
                lines.append(
                    row(
                        len(lines) + 1,
                        date=str(day),
                        e=str(568941 + int(rng.integers(-20, 20))),
                        n=str(6495231 + 900 * place + int(rng.integers(-20, 20))),
                    )
                )
    return "".join(lines)


def project(folder: Path, measures: str = MEASURES + CAMERA, extra: str = QUIET) -> Path:
    made = write_project(
        folder, HEADER + export(), extra + '[reference]\nmeasures = "atgarder.csv"\n'
    )
    (made / "atgarder.csv").write_text(measures, encoding="utf-8")
    return made


def test_from_files_to_page(tmp_path: Path) -> None:
    folder = project(tmp_path)
    code, said = summary("followup", folder, "--set", "project.extract_date=2024-12-28")
    assert code == 0
    assert said["counts"]["measures"] == 1
    run = Path(said["folder"])
    page = (run / "uppfoljning.html").read_text(encoding="utf-8")
    assert "säkerställd minskning" in page
    assert 'href="uppfoljning.html"' in (run / "index.html").read_text(encoding="utf-8")
    found = gpd.read_file(run / "results.gpkg", layer="measures")
    assert found["verdict"].tolist() == ["fell"]
    areas = gpd.read_file(run / "results.gpkg", layer="followup_areas")
    assert set(areas["first_now"].astype(str).str[:10]) == {"2023-12-28"}
    assert json.loads((run / "run.json").read_text(encoding="utf-8"))["settings"]["effect"]


def test_every_source_of_the_extract_is_told_for_itself(tmp_path: Path) -> None:
    other = '[[input]]\npath = "rapporter.csv"\n[input.constants]\nsource = "est_report"\n'
    folder = project(tmp_path, extra=QUIET.replace("[evidence]", other + "[evidence]"))
    (folder / "rapporter.csv").write_text(HEADER + export(40, 40), encoding="utf-8")
    code, said = summary("followup", folder, "--set", "project.extract_date=2024-12-28")
    assert code == 0
    run = Path(said["folder"])
    sources = gpd.read_file(run / "results.gpkg", layer="measure_sources")
    assert sources["source"].tolist() == ["police", "est_report"]
    assert sources["verdict"].tolist() == ["fell", "none"]
    counts = gpd.read_file(run / "results.gpkg", layer="measure_counts")
    own = counts[(counts["role"] == "treated") & (counts["variant"] == "given")]
    assert own["source"].tolist() == ["police", "est_report"]
    assert own["n_before"].tolist()[1] < 50 < own["n_before"].tolist()[0]
    page = (run / "uppfoljning.html").read_text(encoding="utf-8")
    assert '<th scope="col">polisanmälan</th><th scope="col">EST-rapport</th>' in page
    # The measure stands on the map too, with both.
    found = (run / "karta.html").read_text(encoding="utf-8")
    assert "Före → efter, polisanmälan" in found
    assert "Före → efter, EST-rapport" in found


def test_an_export_that_ends_before_its_date_is_not_a_fall(tmp_path: Path) -> None:
    folder = project(tmp_path)
    code, said = summary("followup", folder, "--set", "project.extract_date=2025-01-25")
    assert code == 0
    areas = gpd.read_file(Path(said["folder"]) / "results.gpkg", layer="followup_areas")
    assert areas["last_now"].astype(str).str[:10].unique().tolist() == ["2024-12-26"]


def test_period_asked_for_on_the_command_line(tmp_path: Path) -> None:
    code, said = summary(
        "followup", project(tmp_path), "--from", "2024-02-01", "--to", "2024-07-31"
    )
    assert code == 0
    page = (Path(said["folder"]) / "uppfoljning.html").read_text(encoding="utf-8")
    assert "2024-02-01–2024-07-31 (182 dagar) mot 2023-02-01–2023-07-31 (181 dagar)" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2024-05-01", "--to", "2024-04-01"), "innan den börjar"),
        (("--from", "2024-05-01", "--to", "2024-05-03"), "kortare än en vecka"),
        (("--from", "i fjol"), "Fel slags värde"),
    ],
)
def test_periods_that_cannot_be(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    result = lagesbild("followup", project(tmp_path), *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_faults_of_the_list_name_file_and_rows(tmp_path: Path) -> None:
    lines = CAMERA.replace("kamera;", "kammera;") + CAMERA.replace("K1", "K2").replace(
        "2024-01-01;;", "2024-01-01;2023-01-01;"
    )
    result = lagesbild("followup", project(tmp_path, MEASURES + lines))
    assert result.exit_code == 3
    assert "[reference] measures" in result.output
    assert "rad 2" in result.output
    assert "rad 3" in result.output


def test_a_run_without_measures_compares_areas_only(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + export(), QUIET)
    code, said = summary("followup", folder)
    assert code == 0
    assert "measures" not in said["counts"]
    page = (Path(said["folder"]) / "uppfoljning.html").read_text(encoding="utf-8")
    assert "Områden, period mot period" in page


def test_other_profiles_get_no_page(tmp_path: Path) -> None:
    code, said = summary("followup", project(tmp_path), "--set", "project.profile=samverkan")
    assert code == 0
    assert not (Path(said["folder"]) / "uppfoljning.html").exists()
    assert not (Path(said["folder"]) / "measures.csv").exists()
