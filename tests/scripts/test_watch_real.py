"""The watch on real towns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.config import load_project
from scripts.pipeline import compute
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.stages import Part
from scripts.stages.watch import watch_week
from scripts.understanding import import_step

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def watched(example: str, data: Path, week: str = "") -> Part:
    project = load_project(EXAMPLES / f"{example}.toml")
    inputs = tuple(replace(one, path=data / "incidents" / one.path.name) for one in project.inputs)
    project = replace(project, inputs=inputs, watch=replace(project.watch, week=week))
    steps = Steps()
    material = read_material(project, steps, stages=())
    imported = import_step(project, material)
    results = compute(project, material.without_rows(), imported, steps, proposals=False)
    return watch_week(project, results)


@pytest.mark.real
def test_charlottesville_is_watched_week_by_week(real_data: Path) -> None:
    part = watched("charlottesville", real_data, "2017-W40")
    series = part.tables["watch_series"]
    assert (series["state"].astype("str") == "watched").sum() > 25
    assert (series["n_missing"] == 0).all()
    signals = part.tables["watch_signals"]
    # West Water Street had 41 reports in 26 weeks, where 12 were to be expected
    assert "200 W WATER ST" in set(signals["name"])
    assert len(signals) <= 5


@pytest.mark.real
def test_london_by_month_is_told_to_be_impossible(real_data: Path) -> None:
    part = watched("london", real_data)
    assert [one.code for one in part.notices] == ["watch_months_only"]
    assert not part.tables
