"""What the terminal tells of a run for others stays with the one who runs it, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project import HEADER, good_rows, lagesbild, row, summary, write_project

MARK = "INTERNT, bara för dig som kör"
LEAVES = "Det som kan lämnas ut"
EXTRA = "[evidence]\nrun = false\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    bad = row(901, n="0", e="0") + row(902, code="9999") + row(903, date="2023-02-30")
    return write_project(tmp_path, HEADER + good_rows(60) + bad, EXTRA)


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_inner_lines_are_marked_and_stand_in_no_file(project: Path, profile: str) -> None:
    override = f"project.profile={profile}"
    said = lagesbild("run", project, "--set", override).output
    inner, outer = said.split(LEAVES)
    assert said.startswith(MARK)
    assert "rader lästa" in inner
    assert "avvisade" not in outer
    assert "! " not in outer
    code, told = summary("run", project, "--set", override)
    assert code in (0, 4)
    assert told["inside_only"] == ["rows", "counts", "notices"]
    assert told["profile"] == profile
    warnings = [n for n in told["notices"] if n["level"] == "warning"]
    assert warnings, "nothing to look for"
    folder = Path(told["folder"])
    manifest = json.loads((folder / "run.json").read_text("utf-8"))
    assert not {"rows", "notices", "seed"} & set(manifest)
    assert not (folder / "importrapport.html").exists()
    written = "\n".join(
        path.read_text("utf-8", errors="ignore") for path in folder.rglob("*") if path.is_file()
    )
    for notice in told["notices"]:
        if notice["data"] and notice["level"] == "warning":
            assert notice["text"] not in written, notice["code"]


def test_a_run_for_the_house_needs_no_mark(project: Path) -> None:
    assert MARK not in lagesbild("run", project).output
    assert summary("run", project)[1]["inside_only"] == []
