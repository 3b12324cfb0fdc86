"""Whole runs with all the evidence: what they leave, and that no input, however thin, breaks them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from geodata.evidence_tables import EVIDENCE
from scripts.demo import write_demo_project
from tests.project import HEADER, row, summary, write_project

LAW = re.compile(r"brottsutsatt|laglig|otillåt|olovlig|rättslig|straff", re.IGNORECASE)
EVIDENCE_COLUMNS = (
    "z",
    "p",
    "q",
    "stability",
    "persistence",
    "time_window",
    "method",
    "method_pai",
    "sentence",
)


def newest(folder: Path) -> Path:
    (made,) = (path for path in (folder / "resultat").iterdir() if path.is_dir())
    return made


def layers(folder: Path) -> set[str]:
    path = newest(folder) / "results.gpkg"
    return {name for name, _kind in pyogrio.list_layers(path)} - {"layer_styles"}


def read(folder: Path, name: str) -> gpd.GeoDataFrame | pd.DataFrame:
    return pyogrio.read_dataframe(newest(folder) / "results.gpkg", layer=name)


def codes(said: dict) -> set[str]:
    return {notice["code"] for notice in said["notices"]}


# --- the demo town -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """Return the demo's folder and what ``lagesbild run`` says; the whole of the evidence."""
    folder = tmp_path_factory.mktemp("demo")
    code, said = summary("run", write_demo_project(folder))
    assert code == 0
    return folder, said


def test_the_run_leaves_the_page_and_the_tables(demo: tuple[Path, dict]) -> None:
    folder, said = demo
    assert "hotspots.html" in said["files"]
    not_there = {"operations", "relative_density", "gi_star_areas"}
    assert set(EVIDENCE) - not_there <= layers(folder)


def test_every_hot_spot_is_weighed_in_every_way(demo: tuple[Path, dict]) -> None:
    folder, said = demo
    table = read(folder, "hotspots")
    assert len(table) == said["counts"]["hotspots"] > 5
    for name in EVIDENCE_COLUMNS:
        assert table[name].notna().all(), name
    assert table["stability"].between(0, 1).all()
    assert (table["uncertain"] == (table["stability"] < 0.5)).all()
    assert (table["p"] <= table["q"]).all()
    assert table["time_window"].str.fullmatch(r"\d\d–\d\d|hela dygnet").all()
    assert (table["method_pai"] > 1).all()  # counts find more than chance does
    assert table["method"].nunique() == 1


def test_every_hot_spot_has_a_sentence_of_its_own_without_law(demo: tuple[Path, dict]) -> None:
    folder, _said = demo
    table = read(folder, "hotspots")
    page = (newest(folder) / "hotspots.html").read_text(encoding="utf-8")
    assert table["sentence"].is_unique
    for sentence in table["sentence"]:
        assert re.fullmatch(r"[A-ZÅÄÖ].*[^.]\.", sentence)
        assert LAW.search(sentence) is None
        assert sentence in page
    assert LAW.search(page) is None


def test_the_page_sets_hot_spots_with_and_without_operation_days(demo: tuple[Path, dict]) -> None:
    folder, said = demo
    assert "no_operations" not in codes(said)
    page = (newest(folder) / "hotspots.html").read_text(encoding="utf-8")
    assert "Med och utan insatsdagar" in page
    marked = read(folder, "hotspot_operations").set_index("hotspot_id")["n_events_without"]
    events = read(folder, "hotspots").set_index("hotspot_id")["n_events"]
    assert (marked <= events.reindex(marked.index)).all()
    assert (marked < events.reindex(marked.index)).any()


def test_the_manifest_holds_the_settings_of_the_evidence(demo: tuple[Path, dict]) -> None:
    settings = json.loads((newest(demo[0]) / "run.json").read_text(encoding="utf-8"))["settings"]
    assert settings["stability"]["runs"] >= 99
    assert {"evidence", "accuracy", "scan", "near_repeat", "significance"} <= set(settings)


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_no_evidence_leaves_the_house(
    demo: tuple[Path, dict], tmp_path: Path, profile: str
) -> None:
    file = write_demo_project(tmp_path)
    quick = ["hotspots.method='counts'", "scan.replications=99", "accuracy.period='quarter'"]
    sets = [part for one in (f"project.profile={profile}", *quick) for part in ("--set", one)]
    code, said = summary("hotspots", file, *sets)
    assert code == 0
    assert "hotspots.html" not in said["files"]
    assert not set(EVIDENCE) & layers(tmp_path)
    if profile == "samverkan":
        inside = {"z", "p", "time_window", "method", "method_pai", "sentence", "name"}
        assert not inside & set(read(tmp_path, "hotspots").columns)
    texts = read(demo[0], "hotspots")["sentence"]
    for path in newest(tmp_path).iterdir():
        if path.suffix in {".html", ".json"}:
            content = path.read_text(encoding="utf-8")
            assert not any(text in content for text in texts), path.name


# --- a small town ------------------------------------------------------------------------------


def town(events: int = 600, **cells: str) -> str:
    """Return rows of two years: half of them on nine places in a row, the rest all over."""
    rng = np.random.default_rng(5)
    lines = []
    for i in range(events):
        east, north = (int(v) for v in rng.integers(0, 60, 2) * 50 - 1500)
        if i % 2:
            east, north = int(rng.integers(0, 9)) * 30, 0
        day = date(2023, 1, 15) + timedelta(days=int(rng.integers(0, 700)))
        ordinary = {
            "date": str(day),
            "time": f"{rng.integers(10, 24)}{rng.integers(10, 60)}",
            "e": str(568900 + east),
            "n": str(6495200 + north),
        }
        lines.append(row(i, **{**ordinary, **cells}))
    return HEADER + "".join(lines)


SOURCE = '[input.constants]\nsource = "police"\n'


def small(folder: Path, content: str | None = None, extra: str = "") -> Path:
    return write_project(folder, town() if content is None else content, SOURCE + extra)


def test_hotspots_only_proposes_nothing(tmp_path: Path) -> None:
    folder = small(tmp_path)
    code, said = summary("hotspots", folder)
    assert code == 0
    assert said["counts"]["hotspots"] > 0
    assert {"camera_sites", "search_sites"}.isdisjoint(said["counts"])
    assert {"camera_sites", "search_sites"}.isdisjoint(layers(folder))
    assert {"hotspots", "stability", "persistence", "hotspot_times"} <= layers(folder)
    for name in ("karta.html", "hotspots.html", "index.html"):
        page = (newest(folder) / name).read_text(encoding="utf-8")
        assert "Föreslagna kameraplatser" not in page


def test_auto_says_which_method_it_used(tmp_path: Path) -> None:
    folder = small(tmp_path)
    code, said = summary("hotspots", folder, "--set", "hotspots.method=auto")
    assert code == 0
    texts = [notice["text"] for notice in said["notices"]]
    assert any('Med method = "auto" används' in text for text in texts), texts
    (method,) = read(folder, "hotspots")["method"].unique()
    page = (newest(folder) / "hotspots.html").read_text(encoding="utf-8")
    assert f"används i körningen: {method}" in page


def test_without_evidence_the_columns_are_missing(tmp_path: Path) -> None:
    folder = small(tmp_path, extra="[evidence]\nrun = false\n")
    code, said = summary("run", folder)
    assert code == 0
    assert "hotspots.html" not in said["files"]
    assert not set(EVIDENCE) & layers(folder)
    table = read(folder, "hotspots")
    assert len(table) > 0
    for name in EVIDENCE_COLUMNS:
        assert table[name].isna().all(), name
    assert not table["uncertain"].any()


def test_the_same_run_gives_the_same_evidence(tmp_path: Path) -> None:
    pages = []
    header, *rows = town().splitlines(keepends=True)
    for name, lines in (("one", rows), ("two", rows[::-1])):
        folder = small(tmp_path / name, header + "".join(lines))
        assert summary("hotspots", folder)[0] == 0
        pages.append((newest(folder) / "hotspots.html").read_bytes())
    assert pages[0] == pages[1]


# --- thin, odd and wrong -----------------------------------------------------------------------

ONE_POINT = {"e": "568900", "n": "6495200"}


def months() -> str:
    """Return rows that tell the month only."""
    lines = [
        row(i, date=f"{2023 + i % 24 // 12}-{i % 12 + 1:02d}", time="", e=str(568900 + i % 13 * 30))
        for i in range(300)
    ]
    return HEADER + "".join(lines)


@pytest.mark.parametrize("method", ["counts", "auto"])
@pytest.mark.parametrize(
    ("content", "exits", "said_codes"),
    [
        pytest.param(town(60, code="0407"), 4, {"no_hotspots"}, id="no events of the classes"),
        pytest.param(town(400, **ONE_POINT), 0, set(), id="one place"),
        pytest.param(town(400, date="2024-03-05"), 4, {"no_hotspots"}, id="one day"),
        pytest.param(town(9, **ONE_POINT, date="2024-03-05"), 4, {"no_hotspots"}, id="one of all"),
        pytest.param(town(1), 4, {"no_hotspots"}, id="one event"),
        pytest.param(town(400, time=""), 0, set(), id="no times of day"),
        pytest.param(months(), 0, {"no_days_known"}, id="months only"),
        pytest.param(
            town(40, code="5010") + row(9001, **ONE_POINT, count="1000000"),
            0,
            set(),
            id="a million offences on one place",
        ),
    ],
)
def test_thin_data_get_an_answer(
    tmp_path: Path, content: str, exits: int, said_codes: set[str], method: str
) -> None:
    folder = small(tmp_path, content)
    code, said = summary("run", folder, "--set", f"hotspots.method={method}")
    assert code == exits
    assert said_codes <= codes(said), codes(said)
    assert "hotspots.html" in said["files"]
    page = (newest(folder) / "hotspots.html").read_text(encoding="utf-8")
    assert re.search(r"\b(nan|NaN|None|inf)\b", page) is None
    if exits == 4:
        assert "Ingen hot spot hittades." in page


def test_dates_that_are_missing_stop_the_work(tmp_path: Path) -> None:
    code, said = summary("run", small(tmp_path, town(50, date="")))
    assert code == 3
    assert said["faults"][0]["what"]
    assert not (tmp_path / "resultat").exists()


def test_a_bandwidth_below_the_cell_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = small(tmp_path)
    code, said = summary("hotspots", folder, "--set", "density.bandwidth_m=20")
    assert code == 0
    (text,) = (n["text"] for n in said["notices"] if "Bandbredden 20 m" in n["text"])
    assert "Välj" in text
    assert "density" not in layers(folder)
    assert "gi_star" in layers(folder)


@pytest.mark.parametrize(
    "override",
    ["density.bandwidth_m=0", "stability.runs=0", "hotspots.method=best", "evidence.run=1"],
)
def test_a_setting_that_cannot_be_stops_before_anything_is_read(
    tmp_path: Path, override: str
) -> None:
    code, said = summary("run", small(tmp_path), "--set", override)
    assert code == 2
    table, _, rest = override.partition(".")
    assert f"[{table}]" in said["faults"][0]["where"]
    assert rest.partition("=")[0] in said["faults"][0]["where"]
