"""Tables are written beside the pages, in a thread that speaks the language of the run."""

from __future__ import annotations

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
    monkeypatch.setattr("scripts.outputs.write_tables", lambda *_a: spoken.append(language()))
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
