"""Tables are written beside the pages, in a thread that speaks the language of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geodata.language import Language, language, using
from scripts.config import load_project
from scripts.outputs import run_and_write
from scripts.progress import Steps
from tests.project import HEADER, good_rows, write_project


@pytest.mark.parametrize("wanted", ["sv", "en"])
def test_tables_are_written_in_the_language_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Language
) -> None:
    spoken: list[str] = []
    monkeypatch.setattr("scripts.writing.write_tables", lambda *_a: spoken.append(language()))
    with using(wanted):
        run_and_write(load_project(write_project(tmp_path, HEADER + good_rows())), Steps())
    assert spoken == [wanted]


def test_runs_of_single_stages_never_clear_a_whole_run(tmp_path: Path) -> None:
    extra = "[evidence]\nrun = false\n[output]\nkeep_runs = 1\n"
    project = load_project(write_project(tmp_path, HEADER + good_rows(), extra))
    whole = run_and_write(project, Steps()).folder
    parts = [run_and_write(project, Steps(), stages=("watch",)).folder for _ in range(2)]
    assert all(folder.is_dir() for folder in (whole, *parts))
    again = run_and_write(project, Steps()).folder
    assert again.is_dir()
    assert not any(folder.is_dir() for folder in (whole, *parts))


def test_the_start_page_leads_to_the_whole_run_and_lists_the_part_made_after_it(
    tmp_path: Path,
) -> None:
    folder = write_project(tmp_path, HEADER + good_rows(), "[evidence]\nrun = false\n")
    project = load_project(folder)
    whole = run_and_write(project, Steps())
    part = run_and_write(project, Steps(), stages=("watch",))
    spots = run_and_write(project, Steps(), proposals=False)
    assert whole.start_page == folder / "resultat" / "senaste.html"
    assert part.start_page == part.folder / "index.html"
    page = whole.start_page.read_text("utf-8")
    linked = re.findall(r'href="([^"/]+)/index.html">([^<]+)<', page)
    assert [name for name, _text in linked] == [one.folder.name for one in (whole, spots, part)]
    assert [text.partition(":")[0] for _name, text in linked][1:] == [
        "Hot spots",
        "Veckans bevakning",
    ]
    assert "refresh" not in page
    told = [json.loads((one.folder / "run.json").read_text("utf-8")) for one in (whole, part)]
    assert [one["whole"] for one in told] == [True, False]
    again = run_and_write(project, Steps())
    assert f"url={again.folder.name}/index.html" in whole.start_page.read_text("utf-8")


def test_what_a_part_holds_is_not_told_outside_the_house(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows(), "[evidence]\nrun = false\n")
    project = load_project(folder, ("project.profile=publik",))
    made = run_and_write(project, Steps(), stages=("cameras",))
    told = json.loads((made.folder / "run.json").read_text("utf-8"))
    assert told["whole"] is False
    assert "part" not in told
