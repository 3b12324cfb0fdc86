"""The picture in a whole run: its files, its faults all at once, and what leaves in each profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import HEADER, good_rows, row, summary, write_project

REFERENCE = """
[reference]
population = "b.csv"
reporters = "r.csv"
perceived_points = "p.csv"
perceived_answers = "s.csv"
"""
EST = """
[[input]]
path = "est.csv"
[input.constants]
source = "est_report"
"""
QUICK = ("--set", "evidence.run=false", "--set", "output.formats=['csv']")

GOOD = {
    "b.csv": "kod;2024\n" + "".join(f"0581R{i:03d};{900 + i}\n" for i in range(1, 41)),
    "r.csv": "rapportör;vecka;område;antal\nBo;2024-W50;Hageby;0\nBo;2024-W51;Hageby;2\n",
    "p.csv": "känsla;E;N;antal\notrygg;568930;6495231;9\ntrygg;569930;6495231;9\n",
    "s.csv": "område;svar;otrygga\nHageby;90;30\nNavestad;90;60\nKlockaretorpet;90;10\n",
}


def project(folder: Path, **files: str) -> Path:
    made = write_project(folder, HEADER + good_rows(), REFERENCE + EST)
    (folder / "est.csv").write_bytes((folder / "utdrag.csv").read_bytes())
    for name, text in (GOOD | {f"{n}.csv": t for n, t in files.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return made


def pages(folder: Path) -> dict[str, str]:
    (run,) = [path for path in (folder / "resultat").iterdir() if path.is_dir()]
    return {p.relative_to(run).as_posix(): p.read_text("utf-8") for p in run.rglob("*.html")}


def test_a_run_makes_the_picture_and_says_so(tmp_path: Path) -> None:
    code, said = summary("run", project(tmp_path), *QUICK)
    assert code in (0, 4), said
    made = pages(tmp_path)
    assert {
        "lagesbild.html",
        "lagesbild/hageby.html",
        "lagesbild/klockaretorpet.html",
        "lagesbild/navestad.html",
        "upplevd_trygghet.html",
        "aterkoppling.html",
    } <= set(made)
    for page in ("lagesbild.html", "upplevd_trygghet.html", "aterkoppling.html"):
        assert f'href="{page}"' in made["index.html"]
    assert "SAMVERKAN" in made["aterkoppling.html"]  # it leaves the house even in an inner run
    assert "Provgatan" not in made["aterkoppling.html"]
    codes = {notice["code"] for notice in said["notices"]}
    assert {"population_read", "reporters_read", "feelings_read", "answers_read"} <= codes


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_only_the_sheet_leaves(tmp_path: Path, profile: str) -> None:
    folder = project(tmp_path)
    code, said = summary("run", folder, *QUICK, "--set", f"project.profile={profile}")
    assert code in (0, 4), said
    made = pages(tmp_path)
    # It tells of weeks; publicly nothing nearer than a quarter is told.
    assert ("aterkoppling.html" in made) == (profile == "samverkan")
    assert ("aterkoppling.html" in made["index.html"]) == (profile == "samverkan")
    assert not {name for name in made if name.startswith(("lagesbild", "upplevd"))}
    left = {name for name in said["files"] if name.startswith(("picture", "perceived"))}
    areas = {"picture_areas", "picture_counts", "perceived_areas"}
    assert {name.partition(".")[0] for name in left} <= areas
    assert profile == "samverkan" or not any(name.startswith("picture") for name in left)
    assert "perceived_cells" not in made["karta.html"]


def test_all_faults_of_all_its_files_are_told_at_once(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        b="kod;2024\n0581R001;-5\n",
        r="rapportör;vecka\nBo;v. 99 2024\n",
        p="känsla;E;N\nglad;1;2\n",
        s="område;svar;otrygga\nMånen;1;1\n",
    )
    code, said = summary("run", folder, *QUICK)
    assert code == 3
    told = {fault["code"]: fault["where"] for fault in said["faults"]}
    assert {"negative_population", "unreadable_week", "unknown_feeling", "unknown_area"} <= set(
        told
    )
    assert "[reference] population" in told["negative_population"]


def test_a_project_without_these_files_gets_its_picture_all_the_same(tmp_path: Path) -> None:
    code, said = summary("run", write_project(tmp_path, HEADER + good_rows()), *QUICK)
    assert code in (0, 4), said
    assert "lagesbild.html" in pages(tmp_path)
    assert "aterkoppling.html" not in pages(tmp_path)  # nobody but the police has reported


def test_it_can_be_left_out(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    code, _said = summary("run", folder, *QUICK, "--set", "picture.run=false")
    assert code in (0, 4)
    assert "lagesbild.html" not in pages(tmp_path)


def test_one_event_is_enough(tmp_path: Path) -> None:
    code, said = summary("run", write_project(tmp_path, HEADER + row()), *QUICK)
    assert code in (0, 4), said
    assert "lagesbild.html" in pages(tmp_path)


def test_the_sheet_tells_of_measures_and_never_of_cameras(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "m.csv").write_text(
        "id;slag;namn;från;till;fastställd;ansvarig;område;E;N;radie\n"
        "B1;belysning;Nya lampor;2024-11-01;;2024-10-01;gatukontoret;Hageby;;;\n"
        "K1;kamera;Kamera på hörnet;2024-11-01;;2024-10-01;kommunen;Hageby;;;\n",
        encoding="utf-8",
    )
    summary("run", folder, *QUICK, "--set", 'reference.measures="m.csv"')
    sheet = pages(tmp_path)["aterkoppling.html"]
    assert "belysning" in sheet
    assert "kamera" not in sheet.lower()
    assert "Nya lampor" not in sheet
