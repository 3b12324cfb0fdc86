"""What only shows when all parts stand together: settings, notices and the words on the terminal."""

from pathlib import Path

from click.testing import CliRunner

from geodata.errors import Notice, about_file
from scripts.cli import build
from scripts.config import TABLES
from scripts.new import HEADINGS
from scripts.summary import RunSummary


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
