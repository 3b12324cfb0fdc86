"""Which periods an extract can tell of, and what can be said of a change."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import DataError
from geodata.periods import read_period
from scripts.appendix.changing import states
from scripts.appendix.computing import Span, choose_span


def events(*days: str, n: int = 1) -> pd.DataFrame:
    """Return events on days, `n` on each; only their times are looked at."""
    starts = pd.to_datetime([f"{d} 12:00" for d in days for _i in range(n)])
    return pd.DataFrame({"start": starts.tz_localize("Europe/Stockholm")})


def daily(first: str, last: str) -> pd.DataFrame:
    return events(*[d.strftime("%Y-%m-%d") for d in pd.date_range(first, last)])


def span(incidents: pd.DataFrame, period: str, extract: str | None = None, **more: int) -> Span:
    options = {"periods": 3, "late_days": 30, **more}
    day = date.fromisoformat(extract) if extract else None
    return choose_span(incidents, read_period(period), against=None, extract=day, **options)


def test_earlier_years_are_those_that_the_extract_holds() -> None:
    found = span(daily("2021-01-01", "2023-12-31"), "2023")
    assert [one.name for one in found.earlier] == ["2022", "2021"]
    assert found.compared == read_period("2022")
    assert not found.unfinished
    assert found.late is None  # nobody said when the extract was made


def test_a_slip_of_the_pen_does_not_stretch_the_extract() -> None:
    whole = pd.concat([events("2009-05-05"), daily("2022-01-01", "2023-12-31")])
    found = span(whole, "2023")
    assert [one.name for one in found.earlier] == ["2022"]
    first = span(whole, "2022")
    assert first.compared is None


def test_a_half_known_year_before_is_not_compared_with() -> None:
    found = span(daily("2022-06-01", "2023-12-31"), "2023")
    assert found.earlier == ()
    assert found.compared is None


def test_a_year_that_is_not_over_is_told_to_its_last_whole_quarter() -> None:
    found = span(daily("2022-01-01", "2023-08-20"), "2023", "2023-08-20")
    assert found.unfinished
    assert (found.told.first, found.told.last) == (date(2023, 1, 1), date(2023, 6, 30))
    assert found.compared is not None
    assert (found.compared.first, found.compared.last) == (date(2022, 1, 1), date(2022, 6, 30))


def test_before_the_first_quarter_is_over_the_days_that_there_are_are_told() -> None:
    found = span(daily("2022-01-01", "2023-02-20"), "2023", "2023-02-20")
    assert found.told.last == date(2023, 2, 20)
    assert found.compared is not None
    assert found.compared.last == date(2022, 2, 20)


def test_an_extract_made_soon_after_is_told_with_its_days() -> None:
    incidents = daily("2022-01-01", "2023-12-31")
    assert span(incidents, "2023", "2024-01-10").late == 10
    assert span(incidents, "2023", "2024-02-10").late is None
    assert span(incidents, "2023", "2023-12-31").late == 0


@pytest.mark.parametrize("period", ["2019", "2027"])
def test_a_period_outside_the_extract_is_refused(period: str) -> None:
    with pytest.raises(DataError) as caught:
        span(daily("2022-01-01", "2023-12-31"), period)
    assert caught.value.faults[0].code == "period_without_data"
    with pytest.raises(DataError):
        span(events(), period)


@given(st.integers(0, 3000), st.integers(0, 900))
def test_what_is_told_never_passes_the_extract_and_years_never_overlap(
    back: int, ends: int
) -> None:
    last = date(2023, 1, 15) + pd.Timedelta(days=ends % 350).to_pytimedelta()
    incidents = daily((last - pd.Timedelta(days=30 + back)).isoformat(), last.isoformat())
    found = span(incidents, "2023", last.isoformat())
    assert found.told.last <= last
    told = [found.told, *found.earlier]
    for later, earlier in pairwise(told):
        assert earlier.last < later.first
        assert abs(earlier.days - later.days) <= 1


def test_what_can_be_said_of_a_change() -> None:
    low = np.array([1.1, 0.3, 0.8, 0.8, 1.5, 1.2])
    high = np.array([2.0, 0.9, 1.2, 1.2, 2.0, np.nan])
    power = np.array([0.1, 0.1, 0.9, 0.2, 1.0, 0.1])
    known = np.array([True, True, True, True, False, True])
    found = states(low, high, power, known, 0.8)
    assert found == ["more", "fewer", "none", "few", "missing", "more"]
