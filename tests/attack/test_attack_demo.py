"""The attacker against what the program makes of the demo town, in each profile that leaves."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from areas.boundaries import builtin_areas
from geodata.schema import DEFAULT_CRS
from geodata.synthetic import write_demo
from tests.attack.attacker import attack
from tests.attack.secrets import Leak
from tests.attack.truth import truth_of
from tests.project import summary

YEARS = tuple((date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024, 2025))
LIGHT = ("--set", "evidence.run=false")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project file of a smaller demo town."""
    folder = tmp_path_factory.mktemp("town")
    areas = builtin_areas(("est", "regso"), DEFAULT_CRS)
    return write_demo(folder, areas=areas, n_events=3000).project_file


def run(file: Path, profile: str, year: int = 2025, earlier: Path | None = None) -> Path:
    """Run the town with the follow-up of a year; return the folder of what was made."""
    out = f"ut-{profile}-{year}"
    dates = (f"date_from={year}-01-01", f"date_to={year}-12-31")
    followed = [word for one in dates for word in ("--set", f"followup.{one}")]
    if earlier is not None:
        followed += ["--set", f'disclosure.earlier=["{earlier}"]']
    chosen = ("--set", f"project.profile={profile}", "--set", f"output.folder={out}")
    formats = ("--set", 'output.formats=["gpkg","xlsx","csv","parquet"]')
    code, said = summary("run", file, *LIGHT, *chosen, *formats, *followed)
    assert code in (0, 4), said
    return Path(said["folder"])


@pytest.mark.parametrize("profile", ["publik", "samverkan"])
def test_nothing_is_had_back_from_a_run(town: Path, profile: str) -> None:
    made = run(town, profile)
    assert attack(made, truth_of(town, profile, spans=YEARS)) == []


def test_nothing_is_had_back_from_this_years_and_last_years_edition(town: Path) -> None:
    before = run(town, "publik", 2024)
    now = run(town, "publik", 2025, before)
    told = pd.read_csv(now / "followup_areas.csv", sep=";")
    small = told[["n_before", "n_now"]].isna()
    assert small.any(axis=None)  # there is something to have back
    assert not small.all(axis=None)
    assert attack(now, truth_of(town, "publik", spans=YEARS), earlier=(before,)) == []


def test_the_pages_of_an_inner_run_are_full_of_it(town: Path, tmp_path: Path) -> None:
    made = run(town, "intern")
    for name in ("karta.html", "index.html", "run.json", "importrapport.html"):
        shutil.copy(made / name, tmp_path / name)
    kinds = {leak.kind for leak in attack(tmp_path, truth_of(town, "publik"))}
    assert {"point", "case", "address", "seed", "day"} <= kinds


def appendix(file: Path, year: int) -> Path:
    chosen = ("--period", str(year), "--profile", "publik", "--set", "output.folder=bilagor")
    code, said = summary("appendix", file, *LIGHT, *chosen)
    assert code == 0, said
    return file.parent / "bilagor" / "bilagor" / str(year)


def test_nothing_is_had_back_from_the_appendix_of_two_years(town: Path) -> None:
    before, now = appendix(town, 2024), appendix(town, 2025)
    truth = truth_of(town, "publik", spans=YEARS)
    assert attack(before, truth) == []
    found: list[Leak] = attack(now, truth, earlier=(before,))
    assert found == []
