"""The attacker against a real city: reports of Charlottesville in two years' editions."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.attack.attacker import attack, attack_opened
from tests.attack.maps import placed
from tests.attack.opening import Opened, open_folder
from tests.attack.secrets import Truth
from tests.attack.truth import truth_of
from tests.attack.virginia import write_city
from tests.project import summary

YEARS = tuple((date(year, 1, 1), date(year, 12, 31)) for year in (2013, 2014, 2015, 2016))

pytestmark = pytest.mark.real


def publish(file: Path, year: int, earlier: list[Path]) -> list[Path]:
    """Make run and appendix of a year for the public; return their folders."""
    made: list[Path] = []
    for verb in ("run", "appendix"):
        told = [p for one in [*earlier, *made] for p in sorted(one.rglob("published.json"))]
        chosen = {
            "evidence.run": "false",
            "project.profile": "publik",
            "output.folder": f"ut-{year}" if verb == "run" else "bilagor",
            "output.formats": '["gpkg","csv"]',
            "followup.date_from": f"{year}-01-01",
            "followup.date_to": f"{year}-12-31",
            "disclosure.earlier": "[" + ",".join(f'"{p}"' for p in told) + "]",
        }
        words = [word for key, value in chosen.items() for word in ("--set", f"{key}={value}")]
        period = ["--period", str(year)] if verb == "appendix" else []
        code, said = summary(verb, file, *period, *words)
        assert code == 0, said
        appendix = file.parent / "bilagor" / "bilagor" / str(year)
        made.append(appendix if verb == "appendix" else Path(said["folder"]))
    return made


@pytest.fixture(scope="module")
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Truth]:
    """Return run and appendix of 2015 and of 2016, and what they must not tell."""
    file = write_city(tmp_path_factory.mktemp("city"), real_data)
    made: list[Path] = []
    for year in (2015, 2016):
        made += publish(file, year, made)
    return made, truth_of(file, "publik", spans=YEARS)


@pytest.fixture(scope="module")
def opened(city: tuple[list[Path], Truth]) -> list[Opened]:
    return [open_folder(one) for one in city[0]]


@pytest.mark.parametrize("number", range(4), ids=["run", "appendix", "next run", "next appendix"])
def test_nothing_is_had_back_from_a_real_city(
    city: tuple[list[Path], Truth], opened: list[Opened], number: int
) -> None:
    assert attack_opened(opened[number], city[1], opened[:number]) == []


def test_the_real_city_has_small_numbers_and_maps(
    city: tuple[list[Path], Truth], opened: list[Opened]
) -> None:
    """There is something to have back, and every figure is put back on the ground."""
    folders, truth = city
    assert sum(0 < n < truth.minimum for n in truth.counts.values()) > 50
    assert len(truth.places) > 1500
    told = pd.read_csv(folders[0] / "followup_areas.csv", sep=";")
    assert told["n_now"].isna().any()
    assert told["n_now"].notna().any()
    panels = [len(found) for where, _one, found in placed(opened[3], truth) if ".html" in where]
    assert sum(panels) >= 4


def test_the_same_attacker_finds_the_places_on_the_inner_map(
    city: tuple[list[Path], Truth], tmp_path: Path
) -> None:
    project = city[0][0].parents[1]
    code, said = summary("run", project, "--set", "evidence.run=false")
    assert code == 0, said
    shutil.copy(Path(said["folder"]) / "karta.html", tmp_path)
    assert {"point", "address", "day"} <= {leak.kind for leak in attack(tmp_path, city[1])}
