"""The evidence on the demo town, where what was planted is known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from geodata.operations import read_operations
from geodata.synthetic.events import OPERATION_WEEKS
from hotspots.agreement import agreement_map
from hotspots.matching import earlier_hotspots, match_hotspots
from hotspots.persistence import follow_hotspots
from hotspots.timeprofile import hotspot_times, time_profiles
from hotspots.withoutoperations import without_operations
from scripts.config import load_project
from scripts.demo import write_demo_project
from scripts.pipeline import compute
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.understanding import import_step


class Town:
    """The demo computed once, and which planted spot each hot spot lies on."""

    def __init__(self, folder: Path) -> None:
        self.project = load_project(write_demo_project(folder))
        self.folder, steps = folder, Steps()
        material = read_material(self.project, steps)
        imported = import_step(self.project, material)
        self.results = compute(self.project, material, imported, steps)
        self.spots = json.loads((folder / "facit.json").read_text(encoding="utf-8"))["spots"]
        self.crs = self.project.project.crs

    def planted(self, table: Any) -> dict[str, str]:
        """Return the id of the planted spot of each hot spot that lies on one."""
        return {
            row.hotspot_id: spot["spot_id"]
            for row in table.itertuples()
            for spot in self.spots
            if row.geometry.distance(Point(spot["x_m"], spot["y_m"])) < 30
        }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("demo"))


def test_each_planted_story_is_told_again(town: Town) -> None:
    results, options = town.results, town.project.hotspots
    found = follow_hotspots(results.incidents, results.places, results.hotspots, options)
    names = town.planted(results.hotspots.table)
    kinds = {names.get(row.hotspot_id): row[2] for row in found.table.itertuples()}
    for steady in ("P01", "P02", "P03", "P04"):
        assert kinds[steady] == "chronic"
    assert kinds["P06"] == "intermittent"  # the park in summer
    row = found.table.set_index(found.table["hotspot_id"].map(names)).loc["P08"]
    assert str(row["first_hot"].date()) == "2024-07-01"  # where the moved one went


def test_the_one_that_moved_is_gone_since_the_year_before(town: Town) -> None:
    results, options = town.results, town.project.hotspots
    args = (results.incidents, results.places)
    earlier, _notices = earlier_hotspots(*args, results.hotspots, options, crs=town.crs)
    assert earlier is not None
    was = town.planted(earlier.table)
    matches = match_hotspots(results.hotspots, earlier).table
    gone = matches.loc[matches["kind"] == "gone", "earlier_id"].map(was)
    assert "P07" in gone.tolist()
    same = matches[matches["kind"] == "same"]
    names = town.planted(results.hotspots.table)
    pairs = [
        (names.get(a), was.get(b))
        for a, b in zip(same["hotspot_id"], same["earlier_id"], strict=True)
    ]
    assert all(a == b for a, b in pairs if a and b)
    assert ("P01", "P01") in pairs
    until = results.hotspots.period.last
    story = follow_hotspots(*args, earlier, options, until=until).table.set_index("hotspot_id")
    gone_id = next(name for name, spot in was.items() if spot == "P07")
    assert story.loc[gone_id, "class"] == "gone"


def test_what_was_found_in_operation_weeks_falls_without_them(town: Town) -> None:
    results = town.results
    listed = read_operations(
        town.folder / "insatser.csv",
        areas=results.areas,
        crs=town.crs,
        timezone="Europe/Stockholm",
        today=date(2025, 12, 31),
    )
    assert len(listed.table) == 2 * 3 * len(OPERATION_WEEKS)
    found = without_operations(
        results.counted, results.hotspots, listed.table, town.project.hotspots
    ).table
    share = found.set_index(found["hotspot_id"].map(town.planted(results.hotspots.table)))
    for name in ("P05", "P11"):
        assert share.loc[name, "share_marked"] > 0.85
        assert share.loc[name, "rank_without"] > share.loc[name, "rank"]
    for name in ("P01", "P02", "P03", "P06"):
        assert share.loc[name, "share_marked"] == 0


def test_sources_agree_where_both_were_planted(town: Town) -> None:
    found = agreement_map(town.results.counted.beside, crs=town.crs)
    assert (found.source_a, found.source_b) == ("police", "est_report")
    assert found.n_both > 3 * found.expected
    both = found.table[found.table["class"] == "both"]
    for spot in town.spots:
        near = both.geometry.distance(Point(spot["x_m"], spot["y_m"])).min() < 60
        if spot["pattern"] in ("operations", "summer", "school", "moved"):
            assert not near, spot["spot_id"]  # no EST reports were planted there
        elif spot["n_est_reports"] > 50:
            assert near, spot["spot_id"]


def test_the_matrices_hold_every_event_by_source(town: Town) -> None:
    results = town.results
    profiles = time_profiles(results.counted.beside)
    assert list(profiles) == ["police", "est_report"]
    for name, profile in profiles.items():
        assert profile.n_events == (results.counted.beside["source"] == name).sum()
        assert abs(profile.matrix.sum() - profile.n_events) < 1e-9
    times = hotspot_times(results.counted.beside, results.hotspots.place_hotspot)
    names = town.planted(results.hotspots.table)
    police = times[times["source"] == "police"]
    by_spot = police.set_index(police["hotspot_id"].map(names))
    assert by_spot.loc["P12", "window_hours"] <= 8  # the school
    assert by_spot.loc["P12", "efficiency"] > by_spot.loc["P01", "efficiency"]
