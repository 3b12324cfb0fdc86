from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import schema
from hotspots.aoristic import UNKNOWN_HOUR, aoristic
from hotspots.timeprofile import TimeOptions, hotspot_times, time_profiles
from hotspots.timewindow import smallest_split, smallest_window
from tests.factories import make_incidents, no_incidents

ZONE = ZoneInfo("Europe/Stockholm")


def events(
    spans: list[tuple[str, str]], precision: str | list[str] = "minute", **columns: object
) -> pd.DataFrame:
    table = make_incidents(x=np.zeros(len(spans)), time_precision=precision, **columns)
    for name, at in (("start", 0), ("end", 1)):
        stamps = pd.DatetimeIndex([pd.Timestamp(span[at]) for span in spans])
        zoned = stamps if stamps.tz is not None else stamps.tz_localize(ZONE)
        table[name] = pd.Series(zoned.tz_convert("Europe/Stockholm")).astype(table[name].dtype)
    return table


def matrix(table: pd.DataFrame) -> np.ndarray:
    return aoristic(table, np.zeros(len(table), dtype=np.int64), 1)[0]


def by_minutes(table: pd.DataFrame) -> np.ndarray:
    """Count minute by minute with the standard library, for intervals of whole minutes."""
    out = np.zeros((7, 25))
    for start, end, precision in zip(
        table["start"], table["end"], table["time_precision"], strict=True
    ):
        if precision == "month":
            continue
        if precision == "day":
            days = []
            day = start.date()
            while not days or datetime(day.year, day.month, day.day, tzinfo=ZONE) < end:
                days.append(day)
                day += timedelta(days=1)
            for one in days:
                out[one.weekday(), 24] += 1 / len(days)
            continue
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        if precision == "hour" and last.minute:
            last += timedelta(minutes=60 - last.minute)
        minutes = max(int((last - first).total_seconds() // 60), 1)
        for i in range(minutes):
            shown = (first + timedelta(minutes=i)).astimezone(ZONE)
            out[shown.weekday(), shown.hour] += 1 / minutes
    return out


def test_an_hour_from_half_past_is_half_in_each() -> None:
    found = matrix(events([("2024-05-06 14:30", "2024-05-06 15:30")]))  # a Monday
    assert found[0, 14] == pytest.approx(0.5, abs=1e-12)
    assert found[0, 15] == pytest.approx(0.5, abs=1e-12)
    assert found.sum() == pytest.approx(1, abs=1e-12)


def test_midnight_and_the_turn_of_the_week() -> None:
    found = matrix(events([("2024-05-05 23:00", "2024-05-06 01:00")]))  # Sunday to Monday
    assert found[6, 23] == pytest.approx(0.5)
    assert found[0, 0] == pytest.approx(0.5)


def test_an_end_on_the_hour_is_exclusive_and_no_length_is_its_hour() -> None:
    found = matrix(
        events([("2024-05-06 14:00", "2024-05-06 15:00"), ("2024-05-06 15:00", "2024-05-06 15:00")])
    )
    assert found[0, 14] == pytest.approx(1)
    assert found[0, 15] == pytest.approx(1)
    assert np.count_nonzero(found) == 2


def test_the_night_of_23_hours_has_no_hour_two() -> None:
    # Sunday 31 March 2024: 02:00 becomes 03:00
    found = matrix(events([("2024-03-31 00:00", "2024-03-31 06:00")]))
    assert found[6, 2] == 0
    assert found[6, [0, 1, 3, 4, 5]] == pytest.approx(np.full(5, 0.2))


def test_the_night_of_25_hours_has_hour_two_twice() -> None:
    # Sunday 27 October 2024: 03:00 becomes 02:00
    found = matrix(events([("2024-10-27 00:00", "2024-10-27 04:00")]))
    assert found[6, :4] == pytest.approx(np.array([1, 1, 2, 1]) / 5)
    late = matrix(events([("2024-10-27T01:30:00+00:00", "2024-10-27T01:30:00+00:00")]))
    assert late[6, 2] == 1  # 02:30 the second time


def test_whole_weeks_fill_every_cell_alike() -> None:
    found = matrix(events([("2024-05-06 00:00", "2024-05-27 00:00")]))
    assert found[:, :24] == pytest.approx(np.full((7, 24), 1 / 168))


def test_a_known_day_has_its_weekday_and_no_hour() -> None:
    spans = [("2024-05-07 00:00", "2024-05-08 00:00"), ("2024-05-11 00:00", "2024-05-13 00:00")]
    found = matrix(events(spans, "day"))
    assert found[:, UNKNOWN_HOUR] == pytest.approx([0, 1, 0, 0, 0, 0.5, 0.5][:7])
    assert found[:, :UNKNOWN_HOUR].sum() == 0


def test_days_of_23_and_25_hours_are_one_day_each() -> None:
    spans = [("2024-03-31 00:00", "2024-04-01 00:00"), ("2024-10-27 00:00", "2024-10-28 00:00")]
    assert matrix(events(spans, "day"))[6, UNKNOWN_HOUR] == pytest.approx(2)


def test_the_hour_lasts_to_its_end() -> None:
    found = matrix(events([("2024-05-06 14:00", "2024-05-06 15:59")], "hour"))
    assert found[0, [14, 15]] == pytest.approx([0.5, 0.5])


def test_months_stand_in_no_cell_but_are_counted() -> None:
    table = events(
        [("2024-05-01 00:00", "2024-06-01 00:00"), ("2024-05-06 12:00", "2024-05-06 12:00")],
        ["month", "minute"],
    )
    profile = time_profiles(table)["police"]
    assert profile.matrix.sum() == pytest.approx(1)
    assert (profile.n_events, profile.n_month_only, profile.n_unknown_hour) == (2, 1, 0)
    only = time_profiles(table.iloc[:1])["police"]
    assert only.window is None
    assert only.split is None
    assert only.matrix.sum() == 0
    assert "för få" in only.sentence
    assert "bara månad" in only.sentence


MINUTE = st.integers(0, 60 * 24 * 800)
ROW = st.tuples(
    MINUTE, st.integers(0, 60 * 24 * 9), st.sampled_from(["minute", "hour", "day", "month"])
)


@settings(max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=6))
def test_equals_counting_minute_by_minute(rows: list[tuple[int, int, str]]) -> None:
    zero = pd.Timestamp("2023-01-01", tz="UTC")
    spans, kinds = [], []
    for at, length, precision in rows:
        start = (zero + pd.Timedelta(minutes=at)).tz_convert(ZONE)
        end = (zero + pd.Timedelta(minutes=at + length)).tz_convert(ZONE)
        if precision == "hour":
            start = start - pd.Timedelta(minutes=start.minute)
            end = max(end, start)
        spans.append((start.isoformat(), end.isoformat()))
        kinds.append(precision)
    table = make_incidents(x=np.zeros(len(rows)), time_precision=kinds)
    for name, at in (("start", 0), ("end", 1)):
        utc = pd.to_datetime([span[at] for span in spans], utc=True)
        table[name] = pd.Series(utc.tz_convert("Europe/Stockholm")).astype(table[name].dtype)
    found = matrix(table)
    np.testing.assert_allclose(found, by_minutes(table), atol=1e-9)
    dated = sum(kind != "month" for kind in kinds)
    assert abs(found.sum() - dated) < 1e-9
    shuffled = matrix(table.sample(frac=1, random_state=1))
    assert np.array_equal(found, shuffled)


@settings(max_examples=25)
@given(st.integers(0, 365 * 24 * 4), st.integers(1, 700), st.sampled_from(["Asia/Kolkata", "UTC"]))
def test_other_zones_keep_their_own_hours(quarter: int, quarters: int, zone: str) -> None:
    start = pd.Timestamp("2023-01-01", tz="UTC") + pd.Timedelta(minutes=15 * quarter)
    end = start + pd.Timedelta(minutes=15 * quarters)
    table = make_incidents(x=[0.0])
    for name, stamp in (("start", start), ("end", end)):
        table[name] = pd.Series(pd.DatetimeIndex([stamp]).as_unit("us").tz_convert(zone))
    expected = np.zeros((7, 25))
    for i in range(quarters):
        shown = (start + pd.Timedelta(minutes=15 * i)).tz_convert(zone)
        expected[shown.weekday(), shown.hour] += 1 / quarters
    np.testing.assert_allclose(matrix(table), expected, atol=1e-9)


def test_a_million_events_sum_to_their_number() -> None:
    rng = np.random.default_rng(5)
    n = 300_000
    table = pd.DataFrame({"time_precision": np.full(n, "minute")})
    start = pd.Timestamp("2022-01-01").value // 1000 + rng.integers(0, 3 * 365 * 86_400, n) * 10**6
    length = rng.integers(0, 20 * 86_400, n) * 10**6 * (rng.random(n) < 0.5)
    for name, micros in (("start", start), ("end", start + length)):
        index = pd.DatetimeIndex(micros.view("datetime64[us]")).tz_localize("UTC")
        table[name] = pd.Series(index.tz_convert("Europe/Stockholm"))
    group = rng.integers(0, 3, n)
    found = aoristic(table, group, 3)
    assert np.abs(found.sum(axis=(1, 2)) - np.bincount(group)).max() < 1e-9


def brute_window(hourly: np.ndarray, share: float) -> tuple[int, float]:
    """Return hours and share of the best window by trying all."""
    for hours in range(1, 25):
        held = max(
            sum(hourly[(start + i) % 24] for i in range(hours)) / hourly.sum()
            for start in range(24)
        )
        if held >= share - 1e-9:
            return hours, held
    raise AssertionError


@given(
    st.lists(st.integers(0, 9), min_size=24, max_size=24).filter(any),
    st.sampled_from([0.5, 0.8, 1.0]),
)
def test_the_window_is_the_shortest_that_holds_enough(hourly: list[int], share: float) -> None:
    known = np.tile(np.array(hourly, dtype=float) / 7, (7, 1))
    window = smallest_window(known, share=share)
    hours, held = brute_window(np.array(hourly, dtype=float), share)
    assert window.hours == hours
    assert window.share == pytest.approx(held)
    inside = sum(hourly[(window.start + i) % 24] for i in range(window.hours))
    assert inside / sum(hourly) == pytest.approx(window.share)
    assert window.efficiency == pytest.approx(window.share / (window.hours / 24))


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=48, max_size=48).filter(any))
def test_the_split_window_takes_the_fewest_hours_a_week(cells: list[int]) -> None:
    known = np.zeros((7, 24))
    known[2], known[6] = cells[:24], cells[24:]

    def most(hourly: np.ndarray, hours: int) -> float:
        return max(sum(hourly[(s + i) % 24] for i in range(hours)) for s in range(24))

    week = [most(known[2], h) for h in range(25)]
    end = [most(known[6], h) for h in range(25)]
    need = 0.8 * known.sum() - 1e-9
    cheapest = min(5 * a + 2 * b for a in range(25) for b in range(25) if week[a] + end[b] >= need)
    split = smallest_split(known, share=0.8)
    assert 5 * split.weekdays.hours + 2 * split.weekend.hours == cheapest
    assert split.share >= 0.8 - 1e-9
    assert split.weekdays.share + split.weekend.share == pytest.approx(split.share)
    assert split.efficiency == pytest.approx(split.share / (cheapest / 168))


def test_a_window_goes_past_midnight() -> None:
    known = np.zeros((7, 24))
    known[:, [22, 23, 0, 1]] = 1
    window = smallest_window(known, share=0.8)
    assert (window.start, window.hours) == (22, 4)
    assert window.text() == "22–02"
    assert window.share == pytest.approx(1)


def test_sources_are_kept_apart() -> None:
    spans = [("2024-05-06 14:00", "2024-05-06 14:00")] * 12
    spans += [("2024-05-11 01:00", "2024-05-11 01:00")] * 11
    table = events(spans, source=["police"] * 12 + ["est_report"] * 11)
    found = time_profiles(table, TimeOptions(min_days=1))
    assert list(found) == ["police", "est_report"]
    assert found["police"].matrix[0, 14] == 12
    assert found["police"].matrix.sum() == 12
    assert found["est_report"].window.start == 1
    assert found["est_report"].split.weekdays.hours == 0
    assert found["est_report"].split.weekdays.text() == "inga timmar"
    assert "EST-rapporter" in found["est_report"].caveat
    assert "spaning" in found["police"].caveat


def test_one_day_of_work_gives_no_window() -> None:
    table = events([("2024-05-06 14:00", "2024-05-06 14:00")] * 30)
    profile = time_profiles(table)["police"]
    assert profile.window is None
    assert "antal olika dagar 1." in profile.sentence
    assert profile.matrix[0, 14] == 30
    many = events([(f"2024-05-{d:02d} 14:00", f"2024-05-{d:02d} 14:00") for d in range(1, 16)])
    assert time_profiles(many)["police"].window.text() == "14–15"


def test_no_events_give_no_profile() -> None:
    assert dict(time_profiles(no_incidents())) == {}
    table = hotspot_times(no_incidents(), pd.Series([], dtype="str"))
    assert table.empty
    schema.empty("hotspots")


def test_the_input_is_left_alone() -> None:
    table = events([("2024-05-06 14:00", "2024-05-06 15:59")], "hour")
    before = table.copy()
    time_profiles(table)
    pd.testing.assert_frame_equal(table, before)


def test_each_hot_spot_and_source_has_its_own_window() -> None:
    spans = [("2024-05-06 14:00", "2024-05-06 14:00")] * 6
    table = events(spans, source=["police"] * 4 + ["est_report"] * 2)
    table["x_m"] = [0.0, 0.0, 100.0, 500.0, 0.0, 0.0]
    table["place_id"] = [1, 1, 2, 3, 1, 1]
    hotspot = pd.Series(
        ["H01", "H01", None], index=pd.Index([1, 2, 3], name="place_id"), dtype="str"
    )
    found = hotspot_times(table, hotspot, TimeOptions(min_known=3, min_days=1))
    assert found["hotspot_id"].tolist() == ["H01", "H01"]
    assert found["source"].tolist() == ["police", "est_report"]
    assert found["n_events"].tolist() == [3, 2]
    assert found["window_start"].tolist()[0] == 14
    assert found["window_hours"].isna().tolist() == [False, True]
