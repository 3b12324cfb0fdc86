"""Who reported which weeks: the list, its faults, and no report apart from no events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from areas.picture import read_reporters
from geodata.errors import DataError
from geodata.language import Language, using
from tests.areas.picture_tables import areas_table, picture_of
from tests.factories import make_incidents


def listed(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "r.csv"
    file.write_text(text, encoding="utf-8")
    return file


def statuses(picture: object, unit: str) -> dict[int, str]:
    weeks = picture.tables["picture_weeks"]  # type: ignore[attr-defined]
    own = weeks[(weeks["area_id"] == unit) & (weeks["source"] == "est_report")]
    return dict(zip(own["iso_week"], own["status"].astype(str), strict=True))


EVENTS = make_incidents(  # EST reports in area a in weeks 50 and 52, outside of it in week 51
    x=[900.0, 100.0, 900.0],
    day=[(date.fromisocalendar(2024, w, 3) - date(2024, 1, 1)).days for w in (50, 51, 52)],
    source="est_report",
)


def test_without_a_list_a_source_silent_everywhere_is_no_report() -> None:
    events = EVENTS.iloc[[0, 2]]
    assert statuses(picture_of(events), "a") == {50: "reported", 51: "no_report", 52: "reported"}
    assert statuses(picture_of(EVENTS), "a")[51] == "zero"


def test_the_list_tells_zero_from_no_report(tmp_path: Path) -> None:
    text = "rapportör;vecka;område;antal\nBo;2024-W49;Åkern;0\nBo;v. 52 2024;a;1\n"
    known = {"reporters": read_reporters(listed(tmp_path, text), areas=areas_table())}
    events = EVENTS.iloc[[2]]
    both = picture_of(
        make_incidents(
            x=[900.0, 900.0],
            day=[300, (events["start"].iloc[0].date() - date(2024, 1, 1)).days],
            source="est_report",
        ),
        known=known,
    )
    found = statuses(both, "a")
    assert {w: found[w] for w in (49, 50, 51, 52)} == {
        49: "zero",
        50: "no_report",
        51: "no_report",
        52: "reported",
    }
    coverage = both.tables["picture_coverage"].set_index("iso_week")
    assert coverage.loc[49, "status"] == "zero"
    assert coverage.loc[50, "status"] == "no_report"
    assert int(coverage.loc[52, "n_reports"]) == 1
    assert coverage["stated"].all()


def test_a_stated_week_without_events_can_be_the_week_now(tmp_path: Path) -> None:
    text = "rapportör;vecka;antal\nBo;2024-12-24;0\n"
    known = {"reporters": read_reporters(listed(tmp_path, text), areas=areas_table())}
    picture = picture_of(make_incidents(day=[300], source="est_report"), known=known)
    assert picture.week == date.fromisocalendar(2024, 52, 1)
    row = picture.tables["picture_now"].query("area_id == '*' and value == 'all'").iloc[0]
    assert row["n_week"] == 0


def test_no_report_now_is_missing_not_zero() -> None:
    events = make_incidents(day=[360, 330], source=["police", "est_report"])
    now = picture_of(events).tables["picture_now"]
    row = now.query("area_id == '*' and value == 'all' and source == 'est_report'").iloc[0]
    assert row.isna()["n_week"]


def test_no_place_is_gone_where_nobody_reported() -> None:
    days = [360, 310, 311]
    events = make_incidents(x=[0.0, 9.0, 9.0], day=days, source=["police", *["est_report"] * 2])
    assert "gone" not in set(picture_of(events).tables["picture_places"]["status"].astype(str))
    seen = make_incidents(
        x=[0.0, 9.0, 9.0, 20.0], day=[*days, 361], source=["police", *["est_report"] * 3]
    )
    assert "gone" in set(picture_of(seen).tables["picture_places"]["status"].astype(str))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rapportör;vecka\nBo;2024-W54\n", "unreadable_week"),
        ("rapportör;vecka\nBo;i går\n", "unreadable_week"),
        ("rapportör;vecka\n;2024-W10\n", "missing_name"),
        ("rapportör;vecka;område\nBo;2024-W10;Månen\n", "unknown_area"),
        ("rapportör;vecka;källa\nBo;2024-W10;skvaller\n", "unknown_source"),
        ("rapportör;vecka;antal\nBo;2024-W10;-1\n", "unreadable_number"),
        ("rapportör;vecka;namn\nBo;2024-W10;Eva\n", "unknown_column"),
        ("rapportör\nBo\n", "missing_column"),
    ],
)
def test_each_fault_of_the_list_is_told(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_reporters(listed(tmp_path, text), areas=areas_table())
    assert code in {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize("spoken", ["sv", "en"])
def test_a_list_is_read_whatever_language_is_spoken(tmp_path: Path, spoken: Language) -> None:
    text = (
        "rapportör;källa;vecka;område;antal\n"
        "Bo;EST-rapport;2024-W50;a;1\nIda;EST report;2024-W51;a;0\nUno;est_report;2024-W52;a;0\n"
    )
    with using(spoken):
        table = read_reporters(listed(tmp_path, text), areas=areas_table()).table
    assert set(table["source"].astype(str)) == {"est_report"}
