"""The appendix of a real town without areas, whose extract has a default address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import lagesbild

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DATA = "charlottesville_2012_2017.csv.gz"

pytestmark = pytest.mark.real


def test_a_town_without_areas_has_an_appendix_all_the_same(real_data: Path, tmp_path: Path) -> None:
    text = (EXAMPLES / "charlottesville.toml").read_text("utf-8")
    (tmp_path / "lagesbild.toml").write_text(text, encoding="utf-8")
    (tmp_path / DATA).write_bytes((real_data / "incidents" / DATA).read_bytes())
    arguments = ("--period", "2015", "--tier", "normativ", "--set", "output.folder='ut'")
    done = lagesbild("appendix", str(tmp_path), *arguments)
    assert done.exit_code == 0, done.output
    told = (tmp_path / "ut" / "bilagor" / "2015" / "bilaga-normativ-2015.html").read_text("utf-8")
    assert "Inga områden är inlästa" in told
    assert "Utanför områdena" not in told
    # A third of the drug rows stand on the police station; that share grew from one year to the next.
    assert "38\u00a0% av händelserna står på en förvald adress, mot 27\u00a0%" in told
    assert "600 E MARKET" not in told
