"""Files are read ahead of the settings: the same result, in the right language, or not at all."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from geodata.errors import DataError
from geodata.exports import RawTable, ReadOptions
from scripts.ahead import Ahead
from scripts.config import load_project
from scripts.outputs import run_and_write
from scripts.progress import Steps
from tests.project import HEADER, good_rows, write_project


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are read in the ordinary way, as it happens."""
    from scripts import ahead, reading

    names: list[str] = []
    read_export = ahead.read_export

    def noted(path: Path, options: ReadOptions) -> RawTable:
        names.append(path.name)
        return read_export(path, options)

    monkeypatch.setattr(reading, "read_export", noted)
    monkeypatch.setattr(ahead, "read_export", noted)
    return names


def test_each_file_is_read_once_and_the_run_is_the_same(tmp_path: Path, reads: list[str]) -> None:
    extra = "[evidence]\nrun = false\n"
    folder = write_project(tmp_path, HEADER + good_rows(), extra)
    project = load_project(folder)
    plain = run_and_write(project, Steps())
    assert len(reads) == 1
    with Ahead(folder) as ahead:
        again = run_and_write(project, Steps(), ahead=ahead)
    assert len(reads) == 2
    assert (plain.rows, plain.counts) == (again.rows, again.counts)
    assert [one.text for one in plain.notices] == [one.text for one in again.notices]


@pytest.mark.parametrize(
    "overrides",
    [
        pytest.param(("project.language=en",), id="another language"),
        pytest.param(("store.use=no",), id="the store or the files"),
    ],
)
def test_nothing_is_begun_where_overrides_decide(
    tmp_path: Path, reads: list[str], overrides: tuple[str, ...]
) -> None:
    with Ahead(write_project(tmp_path, HEADER + good_rows()), overrides):
        pass
    assert reads == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[[input]\n", id="not TOML"),
        pytest.param('input = "utdrag.csv"\n', id="no list"),
        pytest.param("[[input]]\npath = 1\n", id="no path"),
        pytest.param('[[input]]\npath = "a.csv"\nencoding = "klingon"\n', id="bad setting"),
        pytest.param('store = 1\n[[input]]\npath = "a.csv"\n', id="store no table"),
        pytest.param('[store]\nfolder = 1\n[[input]]\npath = "a.csv"\n', id="folder no text"),
    ],
)
def test_faulty_settings_begin_nothing(tmp_path: Path, reads: list[str], text: str) -> None:
    (tmp_path / "lagesbild.toml").write_text(text, encoding="utf-8")
    with Ahead(tmp_path):
        pass
    assert reads == []


def test_a_filled_store_is_read_in_their_stead(tmp_path: Path, reads: list[str]) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    (folder / "lager").mkdir()
    with Ahead(folder):
        pass
    assert reads == []


def test_a_missing_file_is_told_in_the_language_of_the_project(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    file = folder / "lagesbild.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[project]\n", '[project]\nlanguage = "en"\n'), encoding="utf-8")
    one = load_project(folder).inputs[0]
    one.path.unlink()
    with Ahead(folder) as ahead, pytest.raises(DataError) as caught:
        ahead.read(one.path, one.read)
    assert "file" in caught.value.faults[0].what


def test_a_fault_is_not_kept_waiting_by_a_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scripts import ahead

    may_end, ended = Event(), Event()

    def long(_path: Path, _options: ReadOptions) -> None:
        may_end.wait(20)
        ended.set()

    monkeypatch.setattr(ahead, "read_export", long)
    with pytest.raises(DataError), Ahead(write_project(tmp_path, HEADER)):
        raise DataError([])
    assert not ended.is_set()
    may_end.set()
    assert ended.wait(20)
