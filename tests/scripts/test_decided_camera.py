"""A decided camera is evaluated with the polygons that were fixed before it started."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.project import HEADER, lagesbild, row, summary, write_project

SETTINGS = """
[input.constants]
source = "police"
[hotspots]
min_events = 5
min_days = 3
min_quarters_per_year = 0
top_share = 1
[cameras]
min_events = 2
space_types = ["public", "unknown"]
[choice]
n_cameras = 1
[sheets]
pdf = false
[evidence]
run = false
"""


def export(last: int) -> str:
    """Return events at five places by year, far fewer at the busiest one in 2024."""
    rng = np.random.default_rng(1)
    lines = []
    for place in range(5):
        for year in range(2022, last + 1):
            n = 150 if place == 0 and year < 2024 else 30 if place == 0 else 120
            days = np.datetime64(f"{year}-01-01") + rng.integers(0, 365, n)
            for day in days.astype(str):
                east = 568941 + int(rng.integers(-20, 20))
                north = 6495231 + 900 * place + int(rng.integers(-20, 20))
                lines.append(row(len(lines) + 1, date=str(day), e=str(east), n=str(north)))
    return "".join(lines)


def decide(folder: Path, started: str, decided: str = "2024-01-01") -> None:
    form = folder / "beslut" / "K01" / "formular.toml"
    text = form.read_text("utf-8")
    text = text.replace('position = "open"', f'position = "decided"\nstarted = {started}')
    text = text.replace("# decided =", f"decided = {decided} #")
    if f"decided = {decided}" not in text:
        text = text.replace("[balance]", f"[balance]\ndecided = {decided}")
    form.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project in which a camera was proposed in 2023, and decided on for 2024."""
    made = write_project(tmp_path / "p", HEADER + export(2023), SETTINGS)
    file = made / "lagesbild.toml"
    later = file.read_text("utf-8")
    file.write_text(later.replace("2025-01-01", "2024-01-01"), encoding="utf-8")
    code, said = summary("cameras", made)
    assert code == 0, said
    decide(made, "2024-01-01")
    file.write_text(later, encoding="utf-8")
    (made / "utdrag.csv").write_text(HEADER + export(2024), encoding="utf-8")
    return made


def fixed(folder: Path, version: int = 1) -> Path:
    return folder / "beslut" / "K01" / f"v{version}" / "K01-yta.geojson"


def test_its_fixed_polygons_are_compared(project: Path) -> None:
    code, said = summary("followup", project)
    assert code == 0, said
    found = gpd.read_file(Path(said["folder"]) / "results.gpkg", layer="measures")
    assert found["measure_id"].tolist() == ["K01"]
    assert found["kind"].tolist() == ["kamera"]
    assert found["verdict"].tolist() == ["fell"]
    plan = gpd.read_file(fixed(project))
    plan = plan[plan["table"] == "camera_evaluation"]
    assert pd.to_datetime(found["fixed_date"]).dt.date.tolist() == [
        pd.Timestamp(plan["fixed_date"].iloc[0]).date()
    ]
    # the very polygons, not new ones: those of the view and those of the margin
    layer = gpd.read_file(Path(said["folder"]) / "results.gpkg", layer="measure_counts")
    for variant in ("view", "margin"):
        for role in ("treated", "control"):
            own = plan[(plan["variant"] == variant) & (plan["role"] == role)]
            mine = layer[(layer["variant"] == variant) & (layer["role"] == role)]
            assert len(own)
            gap = shapely.union_all(own.geometry.values).symmetric_difference(
                shapely.union_all(mine.geometry.values)
            )
            assert gap.area < 1.0


def test_a_plan_that_cannot_be_read_or_lies_elsewhere_is_one_fault(project: Path) -> None:
    text = fixed(project).read_text("utf-8")
    content = json.loads(text)
    content["crs"]["properties"]["name"] = "urn:ogc:def:crs:EPSG::3857"
    fixed(project).write_text(json.dumps(content), encoding="utf-8")
    result = lagesbild("followup", project)
    assert result.exit_code == 3
    assert result.output.count("annat koordinatsystem") == 1
    fixed(project).write_text(text[: len(text) // 2], encoding="utf-8")
    result = lagesbild("followup", project)
    assert result.exit_code == 3
    assert result.output.count("uppföljningsplanen går inte att läsa") == 1
