"""What somebody who is new meets: words that say what is shown, and the next step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.project import HEADER, good_rows, lagesbild, write_project


def test_check_says_what_its_shares_are_of(tmp_path: Path) -> None:
    said = lagesbild("check", write_project(tmp_path, HEADER + good_rows())).output
    lines = said.splitlines()
    for heading in ("Slag av händelse", "Källa", "Slags plats", "Läget känt som"):
        following = lines[lines.index(heading) + 1]
        assert following.startswith("  ")
        assert following.endswith("%")


def test_an_appendix_without_a_period_says_how_to_give_one(tmp_path: Path) -> None:
    done = lagesbild("appendix", write_project(tmp_path, HEADER + good_rows()))
    assert done.exit_code == 2
    assert "--period 2023-H1" in done.output


def test_a_day_that_is_none_is_told_in_swedish() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli", "purge", ".", "--before", "2022"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 2
    assert "skriv ÅÅÅÅ-MM-DD" in done.stderr
