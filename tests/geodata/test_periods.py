"""Periods: what people write, the same days earlier, and where they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import SettingsError
from geodata.periods import Period, read_period


def test_a_year_a_half_and_two_days_are_read() -> None:
    assert read_period("2023") == Period(date(2023, 1, 1), date(2023, 12, 31), "year")
    assert read_period(" 2023-H1 ") == Period(date(2023, 1, 1), date(2023, 6, 30), "half_year")
    assert read_period("2023 h2").first == date(2023, 7, 1)
    for sign in ("--", "–", "/", "..", " till "):
        told = read_period(f"2023-02-03{sign}2023-05-31")
        assert (told.first, told.last, told.kind) == (date(2023, 2, 3), date(2023, 5, 31), "span")


def test_two_days_that_make_a_year_are_a_year() -> None:
    assert read_period("2023-01-01--2023-12-31").kind == "year"
    assert read_period("2023-07-01--2023-12-31").key == "2023-H2"


@pytest.mark.parametrize("text", ["", "23", "2023-H3", "2023-02-30--2023-05-31", "i fjol", "20233"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_period(text)
    assert caught.value.faults[0].code == "bad_period"
    assert "2023-H1" in caught.value.faults[0].next_step


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        read_period("2023-05-31--2023-02-03")
    assert caught.value.faults[0].code == "period_reversed"


def test_a_leap_year_is_held_against_a_whole_year() -> None:
    assert read_period("2024").before() == read_period("2023")
    assert read_period("2025-H1").before() == read_period("2024-H1")
    february = read_period("2024-02-01--2024-02-29").before()
    assert (february.first, february.last) == (date(2023, 2, 1), date(2023, 2, 28))


@given(st.dates(date(1970, 1, 1), date(2080, 1, 1)), st.integers(0, 700))
def test_the_key_is_read_back_as_the_same_days(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    told = read_period(f"{first}--{last}")
    assert (told.first, told.last) == (first, last)
    again = read_period(told.key.replace("_", "--"))
    assert again == told
    assert told.before().last < told.last


def test_it_can_be_cut_where_the_extract_ends() -> None:
    year = read_period("2023")
    assert year.until(date(2024, 5, 1)) == year
    assert year.until(date(2023, 9, 30)).days == 273
