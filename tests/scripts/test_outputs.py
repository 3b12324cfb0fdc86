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
