"""The attacker against all that leaves the demo town: runs and appendices of two years."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.attack.attacker import attack, attack_numbers, attack_opened
from tests.attack.maps import placed
from tests.attack.opening import Opened, open_folder
from tests.attack.secrets import Truth
from tests.attack.truth import truth_of
from tests.project import summary

YEARS = tuple((date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024, 2025))
LIGHT = {
    "evidence.run": "false",
    # One camera, found roughly: that there is one is enough.
    "choice.n_cameras": "1",
    "choice.frontier_points": "3",
    "alternatives.sector_step_deg": "45",
    "alternatives.reach_step_m": "20",
}
FORMATS = {2024: '["gpkg","csv"]', 2025: '["gpkg","xlsx","csv","parquet"]'}


@dataclass
class Town:
    """A town, and what is made of it: each once, however many tests look at it."""

    file: Path

    def run(self, profile: str, year: int = 2025, earlier: tuple[Path, ...] = ()) -> Path:
        """Run the town with the follow-up of a year; return the folder of what was made."""
        chosen = {
            "project.profile": profile,
            "output.folder": f"ut-{profile}-{year}",
            "output.formats": FORMATS[year if profile == "publik" else 2024],
            "followup.date_from": f"{year}-01-01",
            "followup.date_to": f"{year}-12-31",
        }
        code, said = summary("run", self.file, *_settings(chosen, earlier))
        assert code in (0, 4), said
        return Path(said["folder"])

    def appendix(self, year: int, earlier: tuple[Path, ...] = ()) -> Path:
        """Make both tiers of a year's appendix; return its folder."""
        chosen = _settings({"output.folder": "bilagor"}, earlier)
        code, said = summary(
            "appendix", self.file, "--period", str(year), "--profile", "publik", *chosen
        )
        assert code == 0, said
        return self.file.parent / "bilagor" / "bilagor" / str(year)

    @cached_property
    def inside(self) -> Path:
        """A run for those who may see everything."""
        return self.run("intern")

    @cached_property
    def editions(self) -> tuple[Path, ...]:
        """Run and appendix of two years for the public, each told of those before it."""
        made: tuple[Path, ...] = ()
        for year in (2024, 2025):
            made += (self.run("publik", year, ledgers(made)),)
            made += (self.appendix(year, ledgers(made)),)
        return made

    @cached_property
    def opened(self) -> list[Opened]:
        """What stands in each of the editions."""
        return [open_folder(one) for one in self.editions]

    @cached_property
    def truth(self) -> Truth:
        """What the public must not be told."""
        sites = gpd.read_file(self.inside / "results.gpkg", layer="camera_sites")
        assert len(sites)
        proposed = shapely.get_coordinates(sites.geometry.to_numpy())
        return truth_of(self.file, "publik", spans=YEARS, proposed=(proposed,))


def _settings(chosen: dict[str, str], earlier: tuple[Path, ...]) -> list[str]:
    before = ",".join(f'"{one}"' for one in earlier)
    pairs = {**LIGHT, **chosen, "disclosure.earlier": f"[{before}]"}
    return [word for key, value in pairs.items() for word in ("--set", f"{key}={value}")]


def ledgers(editions: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return what editions have told: an appendix tells for each tier."""
    return tuple(file for one in editions for file in sorted(one.rglob("published.json")))


@pytest.fixture(scope="module")
def town(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Return a smaller demo town."""
    folder = tmp_path_factory.mktemp("town") / "demo"
    shutil.copytree(small_demo, folder)
    return Town(folder / "lagesbild.toml")


@pytest.mark.parametrize("number", [0, 1], ids=["run", "appendix"])
def test_no_number_is_had_back_from_the_first_edition(town: Town, number: int) -> None:
    assert attack_numbers(town.opened[number], town.truth, town.opened[:number]) == set()


@pytest.mark.parametrize("number", [2, 3], ids=["run", "appendix"])
def test_nothing_is_had_back_from_the_second_edition_and_the_first(town: Town, number: int) -> None:
    assert attack_opened(town.opened[number], town.truth, town.opened[:number]) == []


def test_there_is_something_to_have_back(town: Town) -> None:
    told = pd.read_csv(town.editions[0] / "followup_areas.csv", sep=";")
    small = told[["n_before", "n_now"]].isna()
    assert small.any(axis=None)
    assert not small.all(axis=None)
    searched = pd.read_csv(town.editions[0] / "search_areas.csv", sep=";")
    assert searched["n_finds"].isna().any()
    assert searched["n_searches"].notna().any()


def test_every_map_of_an_appendix_is_put_back_on_the_ground(town: Town) -> None:
    """What isn't placed isn't attacked: three figures a tier, the second of three panels."""
    panels = [
        (where, [panel.off_m for panel in found])
        for where, drawing, found in placed(town.opened[3], town.truth)
        if len(drawing.marks) > 300
    ]
    pages = [found for where, found in panels if ".html" in where]
    papers = [found for where, found in panels if ".pdf" in where and found]
    for figures in (pages, papers):
        assert sorted(len(found) for found in figures) == [1, 1, 1, 1, 3, 3]
        assert max(off for found in figures for off in found) < 1.5


def test_nothing_is_had_back_by_partners(town: Town) -> None:
    truth = replace(town.truth, minimum=3, cell_m=100.0, times_told=True)
    assert attack(town.run("samverkan"), truth) == []


def test_the_pages_of_an_inner_run_are_full_of_it(town: Town, tmp_path: Path) -> None:
    for name in ("karta.html", "index.html", "run.json", "importrapport.html"):
        shutil.copy(town.inside / name, tmp_path / name)
    kinds = {leak.kind for leak in attack(tmp_path, town.truth)}
    assert {"point", "case", "address", "seed", "day"} <= kinds
