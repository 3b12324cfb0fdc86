"""What only shows when all parts stand together: settings, notices and the words on the terminal."""

import json
from pathlib import Path

from click.testing import CliRunner

from geodata.errors import Notice, about_file
from scripts.cli import build
from scripts.config import TABLES
from scripts.new import HEADINGS
from scripts.summary import RunSummary
from tests.project import HEADER, good_rows, lagesbild, write_project


def test_every_table_of_settings_has_a_heading_in_a_new_project_file() -> None:
    assert set(TABLES) <= set(HEADINGS)


def test_new_writes_every_table(tmp_path: Path) -> None:
    made = CliRunner().invoke(build(), ["new", str(tmp_path / "stad")])
    assert made.exit_code == 0, made.output
    text = (tmp_path / "stad" / "lagesbild.toml").read_text("utf-8")
    assert [name for name in TABLES if f"[{name}]" not in text] == []


def test_a_notice_says_its_file_once() -> None:
    notices = (
        Notice(code="a", text="Filen läses som cp1252."),
        Notice(code="b", text="[[input]] 1 (utdrag.csv): 12 rader har okända koder."),
    )
    assert [n.text for n in about_file(notices, "utdrag.csv")] == [
        "utdrag.csv: Filen läses som cp1252.",
        "[[input]] 1 (utdrag.csv): 12 rader har okända koder.",
    ]


def test_the_terminal_lists_folders_not_every_file_in_them() -> None:
    names = ("rows_read", "rows_kept", "rows_rejected", "rows_duplicate", "events")
    summary = RunSummary(
        folder=Path("resultat/nu"),
        start_page=Path("resultat/senaste.html"),
        files=("karta.html", "kameror/K01.html", "kameror/K01.pdf", "hundsok/brev.html"),
        rows=dict.fromkeys(names, 3),
        counts={"hotspots": 1},
        notices=(),
        nothing_to_propose=False,
    )
    listed = [line.strip() for line in summary.lines() if line.startswith("  ")]
    assert listed == ["hundsok/ (1 fil)", "kameror/ (2 filer)", "karta.html"]
    assert summary.to_dict()["files"] == list(summary.files)


def test_new_writes_templates_of_the_register_and_its_results(tmp_path: Path) -> None:
    made = CliRunner().invoke(build(), ["new", str(tmp_path / "stad")])
    assert made.exit_code == 0
    assert {"mall_entreregister.csv", "mall_hundsok_resultat.csv"} <= {
        path.name for path in (tmp_path / "stad").iterdir()
    }


def test_settings_that_cannot_be_are_told_all_at_once(tmp_path: Path) -> None:
    project = write_project(tmp_path / "p", HEADER + good_rows(3))
    bad = ("views.reach_m=0", "choice.n_cameras=0", "round.share_by_need=2", "effect.buffer_m=-1")
    given = [part for one in bad for part in ("--set", one)]
    said = lagesbild("cameras", str(project), *given, "--json")
    assert said.exit_code == 2
    where = [fault["where"] for fault in json.loads(said.stdout)["faults"]]
    for one in bad:
        table, _, key = one.partition("=")[0].partition(".")
        assert sum(f"[{table}] {key}" in place for place in where) == 1, (one, where)
