"""Mistyped years are turned away at reading, the data themselves never."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.reasons import names_of
from geodata.times import TimeOptions, read_times
from geodata.times.late import ENOUGH, FEW_SHARE, GAP_DAYS, long_after

YEAR = np.arange(20_000, 20_366)


def test_a_few_mistyped_years_are_late_and_many_late_rows_are_the_data() -> None:
    assert not long_after(YEAR).any()
    assert long_after(np.append(YEAR, 21_000)).nonzero()[0].tolist() == [366]
    assert not long_after(np.append(YEAR, np.repeat(21_000, 50))).any()
    assert not long_after(np.append(YEAR, YEAR[-1] + GAP_DAYS - 1)).any()


def test_of_a_short_file_only_one_row_far_apart_is_late() -> None:
    weekly = np.arange(0, 7 * 40, 7)
    assert long_after(np.append(weekly, weekly[-1] + 365)).sum() == 1
    assert not long_after(np.append(weekly[: ENOUGH - 2], 1_000)).any()
    # Where half a year without events is usual, one more is no sign of anything.
    seldom = np.arange(0, 100 * 40, 100)
    assert not long_after(np.append(seldom, seldom[-1] + 250)).any()


def test_no_rows_have_no_late_dates() -> None:
    assert long_after(np.zeros(0, dtype=np.int64)).tolist() == []


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=300), st.randoms())
def test_what_is_late_is_few_after_a_gap_whatever_the_order(days: list[int], random) -> None:
    found = long_after(np.array(days))
    late = sorted(d for d, is_late in zip(days, found.tolist(), strict=True) if is_late)
    if late:
        assert len(late) <= max(FEW_SHARE * len(days), 1)
        kept = [d for d, is_late in zip(days, found.tolist(), strict=True) if not is_late]
        assert late[0] - max(kept) >= GAP_DAYS
    random.shuffle(days)
    again = sorted(np.array(days)[long_after(np.array(days))].tolist())
    assert again == late


def _read(texts: list[str], **options: object):
    return read_times(
        date=pa.chunked_array([pa.array(texts)]),
        options=TimeOptions(**options),
        timezone="Europe/Stockholm",
        today=date(2026, 6, 30),
    )


@pytest.mark.parametrize("late", ["reject", "keep"])
def test_the_row_has_its_reason_and_is_told_unless_kept(late: str) -> None:
    texts = [f"2023-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 29)]
    parsed = _read([*texts, "2025-03-01", "2031-03-01"], late_dates=late)
    expected = ["long_after_others", "future_date"] if late == "reject" else ["", "future_date"]
    assert names_of(parsed.reason).tolist()[-2:] == expected
    assert not parsed.reason[:-2].any()
    told = [n for n in parsed.notices if n.code == "late_dates_rejected"]
    assert [n.data for n in told] == ([{"rows": 1}] if late == "reject" else [])
    if late == "reject":
        assert parsed.details.iloc[0] == "2025-03-01"
