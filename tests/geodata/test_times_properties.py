"""Times: relations that hold for any file, and brute force against the standard library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.schema import PRECISIONS
from geodata.times import TimeOptions, read_times
from geodata.times.words import DAY_US
from geodata.times.zones import calendar

TODAY = date(2026, 6, 30)
EPOCH = datetime(1970, 1, 1)
ZONES = ["Europe/Stockholm", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "UTC"]


def read(columns, zone="Europe/Stockholm", **options):
    arrays = {
        name: pa.chunked_array([pa.array(values, pa.string())]) for name, values in columns.items()
    }
    return read_times(**arrays, options=TimeOptions(**options), timezone=zone, today=TODAY)


def brute(day: int, clock: int, zone: str) -> tuple[datetime, datetime] | None:
    """Return first and last instant of a local time; None when the clock never shows it."""
    tz = ZoneInfo(zone)
    wall = EPOCH + timedelta(days=day, microseconds=clock)
    found = sorted({wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)})
    real = [at for at in found if at.astimezone(tz).replace(tzinfo=None) == wall]
    return (real[0], real[-1]) if real else None


@pytest.mark.parametrize("zone", ZONES)
def test_arithmetic_on_days_agrees_with_the_standard_library(zone):
    rng = np.random.default_rng(11)
    first, last = 14_000, 18_500
    days = calendar(zone, first, last + 2)
    changed = np.flatnonzero(np.diff(days.starts) != DAY_US) + first
    day = np.concatenate([rng.integers(first, last, 300), np.repeat(changed, 24)])
    clock = (
        np.concatenate([rng.integers(0, 1440, 300), np.tile(np.arange(24) * 60 + 30, len(changed))])
        * 60_000_000
    )
    early, late, skipped = days.instants(day, clock)
    for at in range(len(day)):
        expected = brute(int(day[at]), int(clock[at]), zone)
        assert (expected is None) == skipped[at]
        if expected is not None:
            for instant, found in zip(expected, (early[at], late[at]), strict=True):
                assert instant == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                    microseconds=int(found)
                )


moments = st.datetimes(datetime(1990, 1, 1), datetime(2026, 6, 29)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
FORMATS = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y%m%d%H%M",
    "%Y%m%dT%H%M",
    "%d %b %Y %H.%M",
    "%B %d, %Y %I:%M %p",
    "%Y/%m/%d kl. %H.%M",
]


@given(st.lists(moments, min_size=1, max_size=20), st.sampled_from(FORMATS))
def test_what_is_written_is_read(written, pattern):
    parsed = read(
        {"date": [moment.strftime(pattern) for moment in written]},
        zone="Asia/Kolkata",
        unknown_times=(),
    )
    assert not parsed.reason.any()
    shown = parsed.start.dt.tz_localize(None).tolist()
    if all(moment.time() == datetime.min.time() for moment in written):
        assert set(parsed.precision) == {PRECISIONS.index("day")}
    assert shown == [pd.Timestamp(moment) for moment in written]


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2026, 6, 30)), min_size=1, max_size=30),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m/%d/%y", "%y-%m-%d"]),
)
def test_an_order_that_is_set_is_kept(days, pattern):
    order = pattern.replace("%", "").casefold()
    order = "".join(letter for letter in order if letter in "ymd")
    parsed = read({"date": [day.strftime(pattern) for day in days]}, date_order=order)
    assert not parsed.reason.any()
    assert parsed.start.dt.date.tolist() == days


CELLS = st.sampled_from(
    (
        *("2025-01-31", "31/1/2025", "1/31/2025", "3/4/2025", "3.4.25", "2025-03-30 02:30"),
        *("2025-10-26", "2025-10-26 02:30", "2018-02", "", "x", "2030-01-01", "250131"),
        *("2025-01-31T12:00:00Z", "2023-02-29"),
    )
)
CLOCKS = st.sampled_from(["", "9999", "0000", "5", "930", "14:05", "2400", "x", "02:30"])
ROWS = st.lists(st.tuples(CELLS, CLOCKS, CELLS, CLOCKS), min_size=1, max_size=20)
NAMES = ("date", "time", "end_date", "end_time")


def as_columns(rows):
    return dict(zip(NAMES, (list(values) for values in zip(*rows, strict=True)), strict=True))


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    one = read(as_columns(rows))
    other = read(as_columns([rows[at] for at in order]))
    for name in ("start", "end"):
        expected = getattr(one, name).iloc[order].reset_index(drop=True)
        pd.testing.assert_series_equal(expected, getattr(other, name))
    np.testing.assert_array_equal(one.precision[order], other.precision)
    np.testing.assert_array_equal(one.reason[order], other.reason)
    assert one.notices == other.notices
    assert one.faults == other.faults


@given(ROWS)
def test_a_row_has_times_or_a_reason_and_ends_after_it_starts(rows):
    parsed = read(as_columns(rows))
    bad = parsed.reason != 0
    assert (parsed.start.isna().to_numpy() == bad).all()
    assert (parsed.end.isna().to_numpy() == bad).all()
    assert (parsed.end[~bad] >= parsed.start[~bad]).all()
    wide = ~bad & (parsed.precision >= PRECISIONS.index("day"))
    exclusive = wide & np.array([not any(row[2:]) for row in rows])
    assert (parsed.end[exclusive] > parsed.start[exclusive]).all()
    assert parsed.details.index.tolist() == np.flatnonzero(bad).tolist()


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=8)), max_size=10))
def test_any_text_gives_a_time_or_a_reason(rows):
    columns = {"date": [day for day, _ in rows], "time": [clock for _, clock in rows]}
    parsed = read({**columns, "end_date": columns["date"], "end_time": columns["time"]})
    assert len(parsed.start) == len(rows)
    assert (parsed.start.isna().to_numpy() == (parsed.reason != 0)).all()


@given(
    st.lists(
        st.from_regex(
            r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}[ T]?[0-9:.]{0,8}", fullmatch=True
        ),
        max_size=10,
    )
)
def test_anything_like_a_date_gives_a_time_or_a_reason(texts):
    parsed = read({"date": texts})
    assert (parsed.start.isna().to_numpy() == (parsed.reason != 0)).all()


def test_many_distinct_stamps_are_read_the_same_way_as_few():
    minutes = np.arange(130_000)
    stamps = pd.Timestamp("2020-01-01") + pd.to_timedelta(minutes, unit="min")
    texts = stamps.strftime("%Y-%m-%d %H:%M").tolist()
    texts[5], texts[6] = None, "31/1 2020 kl. 14.05"
    parsed = read({"date": texts}, zone="UTC", unknown_times=())
    assert np.flatnonzero(parsed.reason).tolist() == [5]
    assert parsed.start[6] == pd.Timestamp("2020-01-31 14:05", tz="UTC")
    keep = ~np.isin(minutes, (5, 6))
    assert (parsed.start[keep].dt.tz_localize(None).to_numpy() == stamps[keep].to_numpy()).all()
