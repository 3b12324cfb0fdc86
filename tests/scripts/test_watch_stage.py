"""The stage and the page of the watch: what is said, shown, and kept inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from areas.watch.options import WatchOptions
from geodata import language, schema
from geodata.disclosure import release
from geodata.synthetic.outbreaks import Outbreak, plant_outbreaks
from scripts.config import Project
from scripts.progress import Steps
from scripts.project_options import ProjectOptions
from scripts.stages import Part
from scripts.stages import watch as stage
from tests.factories import make_incidents, make_places

WEEKS = 120


def make_town(**columns: Any) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = 6 * WEEKS
    return make_incidents(
        day=[0, *rng.integers(0, 7 * WEEKS, n).tolist()],
        x=[0.0, *(150.0 * rng.integers(0, 40, n)).tolist()],
        y=[0.0, *(150.0 * rng.integers(0, 10, n)).tolist()],
        address=["Storgatan <1>"] * (n + 1),
        **columns,
    )


def run(
    incidents: pd.DataFrame,
    *,
    profile: Literal["intern", "samverkan", "publik"] = "intern",
    **settings: Any,
) -> tuple[Project, Part]:
    areas = schema.empty("areas", crs="EPSG:3006")
    results: Any = SimpleNamespace(incidents=incidents, places=make_places(incidents), areas=areas)
    project = Project(
        file=Path("lagesbild.toml"),
        project=ProjectOptions(name="Staden <b>", profile=profile, extract_date=date(2026, 4, 21)),
        watch=WatchOptions(**settings),
    )
    none: Any = None
    return project, stage.work(project, none, results, None, Steps())


def page_of(project: Project, part: Part, folder: Path) -> str:
    released = {
        name: release(table, name, project.project.profile, project.disclosure)
        for name, table in part.tables.items()
    }
    assert part.write is not None
    part.write(folder, released)
    return (folder / "bevakning.html").read_text(encoding="utf-8")


def test_no_signal_reads_as_a_normal_outcome(tmp_path: Path) -> None:
    project, part = run(make_town())
    assert part.counts == {"watch_signals": 0}
    assert [one.code for one in part.notices] == ["unfinished_week", "watch_no_areas"]
    page = page_of(project, part, tmp_path)
    assert "Inga signaler denna vecka" in page
    assert "vanligt utfall" in page
    assert "INTERN" in page
    assert "Hela kommunen" in page


def test_an_outbreak_between_places_is_found_and_text_is_escaped(tmp_path: Path) -> None:
    town = make_town()
    near = make_places(town)["place_id"].to_numpy()[:3]
    planted = plant_outbreaks(
        town,
        {"corner": near},
        [Outbreak("o", "corner", "police", "drug_possession", date(2026, 4, 6), (9, 9))],
    )
    assert len(planted) == len(town) + 18
    project, part = run(planted)
    signals = part.tables["watch_signals"]
    assert "scan" in set(signals["method"].astype("str"))
    page = page_of(project, part, tmp_path)
    assert "Storgatan &lt;1&gt;" in page
    assert "<1>" not in page
    assert "<script" not in page
    assert "http" not in page.replace('http-equiv="', "")
    again = page_of(project, run(planted)[1], tmp_path)
    assert again == page
    for banned in ("brottsutsatt", "ökat", "minskat"):
        assert banned not in page


def test_months_only_cannot_be_watched_by_the_week() -> None:
    _project, part = run(make_town(time_precision="month"))
    assert [one.code for one in part.notices] == ["watch_months_only"]
    assert part.tables == {}
    assert part.write is None


def test_too_short_a_history_is_said(tmp_path: Path) -> None:
    town = make_town()
    days = (town["start"].dt.tz_localize(None) - pd.Timestamp("2024-01-01")).dt.days
    project, part = run(town[(days >= 7 * 60).to_numpy()].reset_index(drop=True))
    assert "watch_no_series" in {one.code for one in part.notices}
    assert "för kort historik" in page_of(project, part, tmp_path)


def test_the_week_asked_for_is_watched() -> None:
    _project, part = run(make_town(), week="2026-W10")
    assert set(part.tables["watch_series"]["week"]) == {"2026-W10"}


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_other_profiles_get_nothing(profile: Literal["samverkan", "publik"]) -> None:
    project, part = run(make_town(), profile=profile)
    assert part.tables == {}
    assert part.pages == ()
    project, part = run(make_town())
    for name, table in part.tables.items():
        assert release(table, name, "samverkan", project.disclosure).table is None


def test_the_page_is_there_in_english(tmp_path: Path) -> None:
    with language.using("en"):
        project, part = run(make_town())
        assert page_of(replace(project), part, tmp_path).startswith("<!DOCTYPE html>")
