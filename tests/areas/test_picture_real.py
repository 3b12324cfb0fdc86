"""The picture of two real towns: weeks where days are known, and none where only months are."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.config import load_project
from scripts.outputs import run_and_write
from scripts.progress import Steps
from tests.scripts.test_real_towns import EXAMPLES

pytestmark = pytest.mark.real


def notices(name: str, data: str, real_data: Path, folder: Path) -> dict[str, dict]:
    """Run a town with the picture as its only stage; return what its notices say, by code."""
    (folder / data).symlink_to(real_data / "incidents" / data)
    (folder / "lagesbild.toml").write_bytes((EXAMPLES / f"{name}.toml").read_bytes())
    project = load_project(folder, ("evidence.run=false",))
    with Steps.on_terminal() as steps:
        said = run_and_write(project, steps, stages=("picture",))
    return {notice.code: dict(notice.data) for notice in said.notices}


def page(folder: Path) -> str:
    (file,) = folder.glob("*/2*/lagesbild.html")
    return file.read_text("utf-8")


def test_charlottesville_ends_four_weeks_before_its_extract(
    real_data: Path, tmp_path: Path
) -> None:
    said = notices("charlottesville", "charlottesville_2012_2017.csv.gz", real_data, tmp_path)
    assert said["picture_weeks_empty"] == {"weeks": 4}
    assert said["picture_unplaced"] == {"n": 1_089}
    text = page(tmp_path)
    assert "v. 48 2017" in text
    assert "Platser med 2 eller fler händelser" in text
    assert "600 E MARKET ST" not in text.split("Platser", 1)[1].split("Så är det räknat")[0]


def test_london_has_months_only(real_data: Path, tmp_path: Path) -> None:
    said = notices("london", "london_drugs_2018_2021.parquet", real_data, tmp_path)
    assert "picture_no_weeks" in said
    text = page(tmp_path)
    assert "Samma v. i fjol" not in text
    assert "Timme och veckodag" not in text
