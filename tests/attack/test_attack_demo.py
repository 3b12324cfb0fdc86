"""The attacker against what the program makes of the demo town, in each profile that leaves."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from areas.boundaries import builtin_areas
from geodata.schema import DEFAULT_CRS
from geodata.synthetic import write_demo
from tests.attack.attacker import Leak, attack
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


def run(file: Path, profile: str) -> Path:
    out = f"ut-{profile}"
    chosen = ("--set", f"project.profile={profile}", "--set", f"output.folder={out}")
    formats = ("--set", 'output.formats=["gpkg","xlsx","csv","parquet"]')
    code, said = summary("run", file, *LIGHT, *chosen, *formats)
    assert code in (0, 4), said
    return Path(said["folder"])


@pytest.mark.parametrize("profile", ["publik", "samverkan"])
def test_nothing_is_had_back_from_a_run(town: Path, profile: str) -> None:
    made = run(town, profile)
    assert attack(made, truth_of(town, profile, spans=YEARS)) == []


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
