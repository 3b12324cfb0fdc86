"""The register of results: words, weeks, unknown entrances, doubles, forms not filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geodata import language
from geodata.errors import DataError
from geodata.register import RegisterOptions, Results, read_results, write_results_template
from geodata.register.results import _monday

TODAY = date(2025, 11, 23)
REGISTER = pd.DataFrame(
    {"entrance_id": ["A", "B", "C"], "address": ["Storgatan 1", "Storgatan 3", "Storgatan 3"]}
)
HEAD = "Entré-id;Adress;Utrymme;Vecka;Resultat;Minuter;Utförare;Överlämnat till polisen;Åtgärd"


def read(tmp_path: Path, *lines: str, head: str = HEAD, **settings: Any) -> Results:
    path = tmp_path / "resultat.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return read_results(path, register=REGISTER, on=TODAY, options=RegisterOptions(**settings))


def codes(results: Results) -> list[str]:
    return [notice.code for notice in results.notices]


def test_known_answer(tmp_path: Path) -> None:
    results = read(
        tmp_path,
        "A;;Trapphus;2025-W37;Fynd;12,5;Polisen;ja;lås, belysning",
        "B;;tvättstuga;2025-W37;inga fynd;;;;",
        "A;;källare;2025-W36;ej genomfört;;;;",
        "A;;vind;2025-W36;markering utan fynd;;;;",
    )
    table = results.table
    assert table["result"].tolist() == ["alert", "not_done", "find", "no_alert"]
    assert table["week"].tolist() == ["2025-W36", "2025-W36", "2025-W37", "2025-W37"]
    find = table.iloc[2]
    assert find["week_start"] == pd.Timestamp("2025-09-08")
    assert find["minutes"] == 12.5
    assert find["performer"] == "police"
    assert find["to_police"]
    assert find["follow_up"] == "light;lock"
    assert table["known"].all()
    assert results.notices[-1].data == {"n": 4, "done": 3, "finds": 1, "empty": 0}


def test_results_of_unknown_entrances_are_kept_and_told_once(tmp_path: Path) -> None:
    results = read(
        tmp_path,
        "A;;vind;2025-W37;fynd;;;;",
        "X;;vind;2025-W37;fynd;;;;",
        "Y;;vind;2025-W37;fynd;;;;",
    )
    assert results.table["known"].tolist() == [True, False, False]
    assert codes(results).count("unknown_entrance") == 1
    assert results.issues["row_number"].tolist() == [3, 4]


def test_known_by_address_of_one_entrance_only(tmp_path: Path) -> None:
    results = read(
        tmp_path, ";storgatan 1;vind;2025-W37;fynd;;;;", ";Storgatan 3;vind;2025-W37;fynd;;;;"
    )
    table = results.table.set_index("entrance_id")
    assert table["known"].to_dict() == {"A": True, "Storgatan 3": False}


def test_what_cannot_be_understood_is_told_one_kind_at_a_time(tmp_path: Path) -> None:
    results = read(
        tmp_path,
        "A;;vind;2025-W37;kanske;;;;",
        "A;;bastu;2025-W37;fynd;;;;",
        "A;;vind;vecka ett;fynd;;;;",
        "A;;vind;2025-W49;fynd;;;;",
        "B;;vind;2025-W37;;;;;",
        "B;;vind;2025-W37;fynd;;;;",
    )
    assert len(results.table) == 1
    assert sorted(results.issues["code"]) == [
        "future_week",
        "unknown_result",
        "unknown_space",
        "unreadable_week",
    ]
    read_notice = next(n for n in results.notices if n.code == "results_read")
    assert read_notice.data["empty"] == 1


def test_of_doubles_the_result_that_says_most_counts(tmp_path: Path) -> None:
    lines = [
        "A;;vind;2025-W37;ingen markering;;;;",
        "A;;vind;2025-W37;fynd;;;;",
        "A;;vind;2025-W37;ej genomfört;;;;",
    ]
    for order in (lines, lines[::-1]):
        results = read(tmp_path, *order)
        assert results.table["result"].tolist() == ["find"]
        assert codes(results).count("double_result") == 1
        assert len(results.issues) == 2


def test_days_stand_for_their_week(tmp_path: Path) -> None:
    results = read(tmp_path, "A;;vind;2025-09-14;fynd;;;;", "B;;vind;2025-09-08;fynd;;;;")
    assert results.table["week"].tolist() == ["2025-W37", "2025-W37"]


def test_free_text_of_measures_is_never_kept(tmp_path: Path) -> None:
    results = read(tmp_path, "A;;vind;2025-W37;fynd;;;;påse hos grannen, lås")
    assert results.table["follow_up"].tolist() == ["lock"]
    assert "påse" not in results.table.to_string() + results.issues.to_string()


def test_columns_about_persons_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "A;;vind;2025-W37;fynd;;;;;x", head=HEAD + ";Boendes namn")
    assert [fault.code for fault in error.value.faults] == ["personal_column"]


def test_missing_columns(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "vind;fynd", head="Utrymme;Resultat")
    assert [fault.code for fault in error.value.faults] == ["missing_column"]


@pytest.mark.parametrize("kind", ["sv", "en"])
def test_the_template_reads_back(tmp_path: Path, kind: language.Language) -> None:
    path = tmp_path / "mall.csv"
    with language.using(kind):
        write_results_template(path)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write("A;vind;2025-W37;fynd;10;polis;ja;lås\r\n")
    results = read_results(path, register=REGISTER, on=TODAY)
    assert results.table["follow_up"].tolist() == ["lock"]
    assert "columns_unread" not in codes(results)


def test_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = [f"{name};;vind;2025-W{week};fynd;;;;" for name in "BAC" for week in (37, 36)]
    one, other = read(tmp_path, *lines).table, read(tmp_path, *lines[::-1]).table
    assert_frame_equal(one.drop(columns="source_row"), other.drop(columns="source_row"))


@given(
    st.dates(date(2000, 1, 3), date(2090, 1, 1)), st.sampled_from(["{y}-W{w:02d}", "v. {w} {y}"])
)
def test_weeks_against_the_calendar(day: date, form: str) -> None:
    year, week, _day = day.isocalendar()
    assert _monday(form.format(y=year, w=week)) == date.fromisocalendar(year, week, 1)
