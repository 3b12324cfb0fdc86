"""``lagesbild add`` and ``purge``, as a person uses them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geodata.store.weeks import missing_weeks
from tests.project import HEADER, good_rows, lagesbild, row, write_project

PLAIN = "[evidence]\nrun = false\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "p", HEADER + good_rows(39), extra=PLAIN)


def week(project: Path, name: str, *rows: str) -> Path:
    path = project / name
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def run(*arguments: object) -> dict:
    done = lagesbild(*[str(a) for a in arguments], "--json")
    assert done.exit_code in (0, 4), done.output
    return json.loads(done.stdout)


def tables(folder: str) -> dict[str, pd.DataFrame]:
    path = Path(folder) / "results.gpkg"
    names = [name for name, _kind in pyogrio.list_layers(path)]
    return {name: pyogrio.read_dataframe(path, layer=name) for name in names}


def test_a_run_from_the_store_is_a_run_from_the_files(project: Path) -> None:
    from_files = run("run", project)
    run("add", "--project", project)
    from_store = run("run", project)
    ours, theirs = tables(from_store["folder"]), tables(from_files["folder"])
    for name in ("grid", "hotspots", "places", "incidents"):
        pd.testing.assert_frame_equal(ours[name], theirs[name])
    assert from_store["rows"] == from_files["rows"]
    assert "store_read" in {n["code"] for n in from_store["notices"]}


def test_the_same_export_twice_leaves_every_file_as_it_was(project: Path) -> None:
    run("add", "--project", project)
    first = tables(run("run", project)["folder"])
    assert run("add", "--project", project)[0]["added"]["part"] is None
    again = tables(run("run", project)["folder"])
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, again[name])


def test_the_project_may_stand_first_as_with_the_other_verbs(project: Path) -> None:
    path = week(project, "vecka.csv", row(901, date="2024-04-04"))
    assert run("add", project, path)[0]["added"]["new"] == 1
    assert run("add", path, "--project", project)[0]["added"]["part"] is None


def test_a_corrected_row_is_told_and_both_versions_stand_in_a_table(project: Path) -> None:
    run("add", "--project", project)
    path = week(project, "v2.csv", row(3, date="2024-04-04", e="568900", street="Ny 5"), row(100))
    added = run("add", path, "--project", project)[0]["added"]
    assert (added["new"], added["corrected"]) == (1, 1)
    said = run("run", project)
    assert said["counts"]["events"] == 40
    rows = said["rows"]
    assert rows["rows_read"] == 41
    assert rows["rows_kept"] + rows["rows_rejected"] + rows["rows_duplicate"] == 41
    history = tables(said["folder"])["event_versions"]
    assert history["address"].tolist() == ["Provgatan 1", "Ny 5"]
    off = run("run", project, "--set", "store.use=no")
    assert off["counts"]["events"] == 39


def test_rejected_rows_are_written_to_be_corrected_and_added_again(project: Path) -> None:
    path = week(project, "v2.csv", row(100, n="0", e="0"), row(101))
    done = run("add", path, "--project", project)[0]
    rejected = Path(done["rejected"])
    text = rejected.read_text("utf-8-sig").replace(";0;0", ";6495231;568941")
    corrected = week(project, "rattade.csv")
    corrected.write_text(text, encoding="utf-8")
    again = run("add", corrected, "--project", project)[0]
    assert (again["rows"]["rows_read"], again["added"]["new"]) == (1, 1)


def test_purging_removes_events_and_runs_and_says_so(project: Path) -> None:
    run("add", "--project", project)
    old = Path(run("run", project)["folder"])
    asked = run("purge", project, "--before", "2024-06-01", "--dry-run")
    assert (asked["events"], asked["runs"]) == (None, [old.name])
    assert old.is_dir()
    done = run("purge", project, "--before", "2024-06-01", "--yes")
    assert done["runs"] == [old.name]
    assert not old.exists()
    assert not (old.parent / "senaste.html").exists()
    assert [Path(one["file"]).name for one in done["kept"]] == ["utdrag.csv", "beslut"]
    fresh = run("run", project)
    assert fresh["counts"]["events"] == 39 - done["events"]
    first = tables(fresh["folder"])["incidents"]["start"].min()
    assert pd.Timestamp(first).date() >= date(2024, 6, 1)
    assert run("purge", project, "--before", "2024-06-01", "--yes")["runs"] == []


def test_purging_says_what_it_leaves_why_and_until_when(project: Path) -> None:
    toml = project / "lagesbild.toml"
    extra = '[dogsearch]\nresults = "hundsok_resultat.csv"\n[reference]\nmeasures = "saknas.csv"\n'
    toml.write_text(toml.read_text("utf-8") + extra, encoding="utf-8")
    (project / "hundsok_resultat.csv").write_text("datum\n", encoding="utf-8")
    (project / "beslut" / "K01").mkdir(parents=True)
    asked = run("purge", project, "--before", "2024-06-01", "--dry-run")
    kept = {Path(one["file"]).name: one for one in asked["kept"]}
    assert set(kept) == {"utdrag.csv", "beslut", "hundsok_resultat.csv"}
    assert "fem år" in kept["beslut"]["until"]
    said = lagesbild("purge", str(project), "--before", "2024-06-01", "--dry-run").output
    assert "Lämnas med avsikt" in said
    assert "Får tas bort: tidigast fem år" in said
    run("purge", project, "--before", "2024-06-01", "--yes")
    assert (project / "beslut" / "K01").is_dir()
    assert (project / "hundsok_resultat.csv").is_file()


def test_a_file_of_texts_that_lacks_one_stops_before_anything_is_deleted(project: Path) -> None:
    run("add", "--project", project)
    old = Path(run("run", project)["folder"])
    (project / "egna.toml").write_text('[kept.input]\nsv = "a"\nuntil_sv = "b"\n', "utf-8")
    override = ("--set", "store.kept_texts=egna.toml")
    done = lagesbild("purge", str(project), "--before", "2024-06-01", "--yes", *override)
    assert done.exit_code == 2
    assert "[kept.decisions] sv" in done.output
    assert old.is_dir()
    (project / "egna.toml").write_text("[", "utf-8")
    done = lagesbild("purge", str(project), "--before", "2024-06-01", "--yes", *override)
    assert done.exit_code == 2
    assert "kept_texts" in done.output


def test_purging_asks_first_and_needs_a_day(project: Path) -> None:
    run("add", "--project", project)
    without = lagesbild("purge", str(project), "--yes")
    assert without.exit_code == 2
    assert "retention_months" in without.output
    answered_no = lagesbild("purge", str(project), "--before", "2024-06-01")
    assert answered_no.exit_code == 1
    assert run("run", project)["counts"]["events"] == 39


def test_several_inputs_ask_which_one_a_new_file_is_of(project: Path) -> None:
    toml = project / "lagesbild.toml"
    toml.write_text(toml.read_text("utf-8") + '[[input]]\npath = "est.csv"\n', encoding="utf-8")
    week(project, "est.csv", row(500))
    path = week(project, "v2.csv", row(100))
    unclear = lagesbild("add", str(path), "--project", str(project))
    assert unclear.exit_code == 2
    assert "--input" in unclear.output
    assert run("add", path, "--project", project, "--input", 2)[0]["added"]["new"] == 1
    wrong = lagesbild("add", str(path), "--project", str(project), "--input", "3")
    assert wrong.exit_code == 2


def test_a_week_missing_from_an_export_is_told(project: Path) -> None:
    days = [f"2024-09-{d:02d}" for d in [*range(2, 9), *range(16, 23)]]
    rows = [row(200 + i, date=day) for i, day in enumerate(days)]
    done = run("add", week(project, "sep.csv", *rows), "--project", project)[0]
    told = {n["code"]: n for n in done["notices"]}
    assert told["weeks_missing"]["data"] == {"weeks": ["2024-W37"]}


def test_weeks_between_two_exports_are_looked_at_and_few_events_say_nothing() -> None:
    starts = pd.Series(pd.to_datetime(["2024-01-15"] * 6)).dt.tz_localize("Europe/Stockholm")
    assert missing_weeks(starts, date(2024, 1, 1)) == [date(2024, 1, 8)]
    assert missing_weeks(starts, date(2024, 1, 14)) == []
    assert missing_weeks(starts.iloc[:3], date(2024, 1, 1)) == []
    assert missing_weeks(starts.iloc[:0], None) == []
