"""The four real towns, whole runs: the traps in the data are found by the tool, not by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import summary

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

pytestmark = pytest.mark.real


def run_town(
    name: str, data: str, real_data: Path, folder: Path, *, evidence: bool = False
) -> dict:
    """Run a town; with `evidence`, which takes minutes on the largest, everything is weighed too."""
    (folder / "lagesbild.toml").write_bytes((EXAMPLES / f"{name}.toml").read_bytes())
    (folder / data).write_bytes((real_data / "incidents" / data).read_bytes())
    code, said = summary("run", folder, "--set", f"evidence.run={str(evidence).lower()}")
    assert code == 0, said
    rows = said["rows"]
    ends = rows["rows_kept"] + rows["rows_rejected"] + rows["rows_duplicate"]
    assert rows["rows_read"] == ends
    assert said["counts"]["hotspots"] > 0
    assert said["counts"]["camera_sites"] > 0
    return said


def told(said: dict, code: str) -> list[dict]:
    return [notice["data"] for notice in said["notices"] if notice["code"] == code]


def test_charlottesville_has_a_default_address(real_data: Path, tmp_path: Path) -> None:
    data = "charlottesville_2012_2017.csv.gz"
    said = run_town("charlottesville", data, real_data, tmp_path)
    assert said["rows"]["rows_read"] == 31_887
    stacks = [n for n in said["notices"] if n["code"].startswith("stack") and "422" in n["text"]]
    assert len(stacks) == 1
    assert "600 E MARKET ST" in stacks[0]["text"]
    assert told(said, "stacked_left_out")[0]["n_events"] == 1_089


def test_san_francisco_has_several_rows_an_event(real_data: Path, tmp_path: Path) -> None:
    said = run_town("san-francisco", "SFcrime_2012H2.parquet", real_data, tmp_path, evidence=True)
    assert "hotspots.html" in said["files"]
    assert said["rows"]["rows_read"] == 13_472
    assert said["counts"]["events"] == 10_140


def test_london_repeats_rows_that_may_be_separate_events(real_data: Path, tmp_path: Path) -> None:
    said = run_town("london", "london_drugs_2018_2021.parquet", real_data, tmp_path)
    assert said["rows"]["rows_kept"] == said["rows"]["rows_read"] == 132_352
    assert any("28\u00a0094" in notice["text"] for notice in said["notices"])


def test_met_measures_police_work(real_data: Path, tmp_path: Path) -> None:
    data = "met_stop_and_search_2018_2019.parquet"
    said = run_town("met-stop-and-search", data, real_data, tmp_path)
    assert said["rows"]["rows_read"] == 151_900
    assert said["rows"]["rows_rejected"] == 13_919
