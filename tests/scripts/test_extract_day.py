"""The day of the extract is found, told, and the same to every stage."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.project import HEADER, lagesbild, row, summary, write_project

LAST = date(2022, 12, 25)
QUICK = (
    "--set",
    "evidence.run=false",
    "--set",
    "output.formats=['csv']",
    "--set",
    "cameras.run=false",
)


def old_rows(n: int = 800) -> str:
    """Return three years of rows until a Sunday long ago."""
    days = [LAST - timedelta(days=(n - 1 - i) * 4 // 3) for i in range(n)]
    return "".join(
        row(i, date=day.isoformat(), e=str(568900 + 30 * (i % 3))) for i, day in enumerate(days)
    )


def mistyped() -> str:
    return (
        row(9001, date="2024-08-14") + row(9002, date="2023-11-02") + row(9003, date="2062-01-05")
    )


def new_project(folder: Path, content: str) -> tuple[Path, str]:
    export = folder / "gammalt.csv"
    export.write_text(HEADER + content, encoding="utf-8")
    done = lagesbild("new", folder / "p", "--export", export)
    assert done.exit_code == 0
    return folder / "p", done.output


def ends(said: dict) -> dict[str, str]:
    """Return the last day, or first day of the last week, that each stage counts."""
    columns = {
        "picture": ("picture_weeks.csv", "week_start"),
        "watch": ("watch_weeks.csv", "first_date"),
        "followup": ("followup_areas.csv", "last_now"),
        "map": ("period_counts.csv", "period"),
    }
    told = {n["code"]: n["data"] for n in said["notices"]}
    found = {"hotspots": str(told["period_counted"]["last"])}
    for stage, (name, column) in columns.items():
        table = pd.read_csv(Path(said["folder"]) / name, sep=";", encoding="utf-8-sig")
        found[stage] = str(table[column].max())
    return found


def test_new_takes_the_last_day_that_is_not_mistyped_and_says_why(tmp_path: Path) -> None:
    project, said = new_project(tmp_path, old_rows() + mistyped())
    text = (project / "lagesbild.toml").read_text("utf-8")
    assert f'extract_date = "{LAST}"' in text
    assert "extract_date är gissad" in text
    assert "filens sista datum" in said
    assert "3 rader har senare datum" in said


def test_a_month_whose_last_days_may_well_be_empty_counts_as_whole(tmp_path: Path) -> None:
    last = date(2022, 12, 29)
    seldom = "".join(row(i, date=str(last - timedelta(days=3 * i))) for i in range(100))
    project, said = new_project(tmp_path, seldom)
    assert 'extract_date = "2022-12-31"' in (project / "lagesbild.toml").read_text("utf-8")
    assert "filens sista datum är 2022-12-29" in said
    often = "".join(row(i, date=str(last - timedelta(days=i // 4))) for i in range(400))
    (tmp_path / "ofta").mkdir()
    project, _said = new_project(tmp_path / "ofta", often)
    assert 'extract_date = "2022-12-29"' in (project / "lagesbild.toml").read_text("utf-8")


def test_new_without_a_date_or_an_export_states_none(tmp_path: Path) -> None:
    project, said = new_project(tmp_path, row(1, date="okänt") + row(2, date=""))
    assert "\nextract_date" not in (project / "lagesbild.toml").read_text("utf-8")
    assert "Uttagsdagen framgår inte" in said
    assert lagesbild("new", tmp_path / "tom").exit_code == 0
    assert "\nextract_date" not in (tmp_path / "tom" / "lagesbild.toml").read_text("utf-8")


def test_an_event_that_ends_after_the_last_start_is_kept(tmp_path: Path) -> None:
    late = row(9000, date=LAST.isoformat(), end_date="2022-12-26", time="2300", end_time="0100")
    project, _said = new_project(tmp_path, old_rows(60) + late)
    assert 'extract_date = "2022-12-26"' in (project / "lagesbild.toml").read_text("utf-8")
    assert summary("check", project)[1]["report"]["totals"]["rows_rejected"] == 0


@pytest.mark.parametrize(
    "stated", ['extract_date = "2022-12-25"', "", 'extract_date = "2025-01-01"']
)
def test_every_stage_ends_where_the_data_do(tmp_path: Path, stated: str) -> None:
    found = []
    for name, content in (("good", old_rows()), ("bad", old_rows() + mistyped())):
        project = write_project(tmp_path / name, HEADER + content)
        file = project / "lagesbild.toml"
        file.write_text(
            file.read_text("utf-8").replace("extract_date = 2025-01-01", stated), "utf-8"
        )
        code, said = summary("run", project, *QUICK)
        assert code in (0, 4)
        rows = said["rows"]
        assert rows["rows_read"] == sum(
            rows[f"rows_{one}"] for one in ("kept", "rejected", "duplicate")
        )
        assert rows["rows_rejected"] == (3 if name == "bad" else 0)
        found.append(ends(said))
    assert found[0] == found[1]
    assert found[0]["hotspots"] == LAST.isoformat()
    assert found[0]["watch"] == (LAST - timedelta(days=6)).isoformat()
    report = json.loads((Path(said["folder"]) / "importrapport.json").read_text("utf-8"))
    reasons = report["inputs"][0]["reasons"]
    assert set(reasons) <= {"future_date", "long_after_others"}
    assert sum(reasons.values()) == 3


def test_weekly_extracts_move_the_day_on(tmp_path: Path) -> None:
    project = write_project(tmp_path, HEADER + old_rows())
    file = project / "lagesbild.toml"
    file.write_text(file.read_text("utf-8").replace("2025-01-01", LAST.isoformat()), "utf-8")
    assert summary("add", "--project", project)[0] == 0
    week = project / "nasta.csv"
    days = [LAST + timedelta(days=i) for i in range(1, 8)]
    week.write_text(
        HEADER + "".join(row(500 + i, date=str(d)) for i, d in enumerate(days)), "utf-8"
    )
    code, (added,) = summary("add", project, week)
    assert code == 0
    assert added["rows"]["rows_kept"] == 7
    assert "extract_date_guessed" in {n["code"] for n in added["notices"]}
    code, said = summary("run", project, *QUICK)
    told = {n["code"]: n for n in said["notices"]}
    assert "2023-01-01" in told["extract_date_of_store"]["text"]
    manifest = json.loads((Path(said["folder"]) / "run.json").read_text("utf-8"))
    assert manifest["extract_date"] == "2023-01-01"
    assert ends(said)["watch"] == "2022-12-26"


def test_an_old_year_told_anew_counts_as_the_later_extract(tmp_path: Path) -> None:
    project = write_project(tmp_path, HEADER + old_rows())
    assert summary("add", "--project", project)[0] == 0
    again = project / "rattat.csv"
    day = LAST - timedelta(days=1065)
    again.write_text(HEADER + row(0, date=str(day), e="568900", street="Rättad 1"), "utf-8")
    _code, (added,) = summary("add", project, again)
    assert (added["added"]["corrected"], added["added"]["outdated"]) == (1, 0)
