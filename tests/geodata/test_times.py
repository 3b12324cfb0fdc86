"""Times: every way of writing, unknown times, intervals, and each kind of bad date."""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geodata.options import read_options
from geodata.reasons import names_of
from geodata.schema import PRECISIONS
from geodata.times import ParsedTimes, TimeOptions, read_times

ZONE = "Europe/Stockholm"
TODAY = date(2026, 6, 30)


def column(values, kind=None):
    if values is None or isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if kind is None and all(value is None or isinstance(value, str) for value in values):
        kind = pa.string()
    return pa.chunked_array([pa.array(values, kind)])


def read(dates, times=None, ends=None, end_times=None, *, zone=ZONE, **options) -> ParsedTimes:
    return read_times(
        date=column(dates),
        time=column(times),
        end_date=column(ends),
        end_time=column(end_times),
        options=TimeOptions(**options),
        timezone=zone,
        today=TODAY,
    )


def reasons(parsed):
    return names_of(parsed.reason).tolist()


def precisions(parsed):
    return [PRECISIONS[number] for number in parsed.precision]


def notice(parsed, code):
    return next(n for n in parsed.notices if n.code == code)


def codes(parsed):
    return [n.code for n in parsed.notices]


def at(text, zone=ZONE):
    return pd.Timestamp(text, tz=zone)


# --- ways of writing a day and a time --------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-31 14:05",
        "2025-01-31 14:05:00",
        "2025-01-31T14:05",
        "2025-01-31T14:05:00.000",
        "2025-01-31T13:05:00Z",
        "2025-01-31T13:05:00+00",
        "2025-01-31T14:05:00+01:00",
        "2025-01-31 14:05:00+0100",
        "2025-01-31 08:05:00 -05:00",
        "2025/01/31 13:05:00+00",
        "20250131 14:05",
        "20250131T1405",
        "20250131T140500",
        "202501311405",
        "20250131140500",
        "2025-01-31 kl. 14.05",
        "2025-01-31 kl 14:05",
        "2025-01-31 klockan 14.05",
        "2025-01-31, 14:05",
        "2025.01.31 14.05",
        "31/1 2025 14.05",
        "31/1 -25 14.05",
        "31 januari 2025 kl. 14.05",
        "31 jan. 2025 14:05",
        "den 31 januari 2025 14:05",
        "fredag den 31 januari 2025 14:05",
        "fre 31 jan 2025 14:05",
        "31-jan-2025 14:05",
        "31-JAN-25 14:05",
        "31JAN2025 14:05",
        "Fri, 31 Jan 2025 13:05:00 GMT",
        "January 31, 2025 2:05 PM",
        "Jan 31st, 2025 2:05 p.m.",
        "2025-jan-31 14:05",
        "31/01/2025 14:05",
        "31.1.2025 14.05",
        "31-01-2025 14:05",
        "1/31/2025 2:05 PM",
        "01/31/2025 02:05:00 PM",
        "1/31/25 14:05",
        "31/1/25 14:05",
        "25-01-31 14:05",
        "250131 14:05",
        "  2025-01-31\u00a014:05 ",
        "'2025-01-31 14:05'",
        "45688.586806",
        "45688,5868055556",
    ],
)
def test_ways_to_write_a_moment(text):
    parsed = read([text])
    assert reasons(parsed) == [""]
    assert parsed.start[0] == at("2025-01-31 14:05")
    assert parsed.end[0] == parsed.start[0]
    assert precisions(parsed) == ["minute"]


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-31",
        "20250131",
        "250131",
        "25-01-31",
        "31/1 2025",
        "31/1/2025",
        "1/31/2025",
        "1/31/25",
        "31 januari 2025",
        "31-jan-2025",
        "31. Januari 2025",
        "45688",
        "2025-01-31 00:00:00",
        "2025-01-31T00:00:00Z",
        "2025-01-30T23:00:00Z",
    ],
)
def test_ways_to_write_a_day(text):
    parsed = read([text])
    assert (parsed.start[0], parsed.end[0]) == (at("2025-01-31"), at("2025-02-01"))
    assert precisions(parsed) == ["day"]


@pytest.mark.parametrize(
    "text",
    ["2018-02", "2018/2", "02/2018", "feb 2018", "Februari 2018", "2018 feb", "feb-18", "201802"],
)
def test_ways_to_write_a_month(text):
    parsed = read([text])
    assert (parsed.start[0], parsed.end[0]) == (at("2018-02-01"), at("2018-03-01"))
    assert precisions(parsed) == ["month"]
    assert notice(parsed, "month_only").data["rows"] == 1


def test_december_ends_with_the_year():
    parsed = read(["2018-12"])
    assert parsed.end[0] == at("2019-01-01")


@pytest.mark.parametrize("number", range(1, 13))
def test_months_by_name_in_both_languages(number):
    swedish = (
        "januari februari mars april maj juni juli augusti september oktober november december"
    )
    english = (
        "january february march april may june july august september october november december"
    )
    for names in (swedish, english):
        name = names.split()[number - 1]
        for word in {name, name[:3], name.upper()}:
            assert read([f"3 {word} 2020"]).start[0] == at(f"2020-{number:02}-03")


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("930", "09:30"),
        ("0930", "09:30"),
        ("5", "00:05"),
        ("45", "00:45"),
        ("1405", "14:05"),
        ("14:05", "14:05"),
        ("14.05", "14:05"),
        ("9:05", "09:05"),
        ("14:05:30", "14:05:30"),
        ("kl. 14.05", "14:05"),
        ("2:05 PM", "14:05"),
        ("12:05 am", "00:05"),
        ("12:05 pm", "12:05"),
        ("0.586805556", "14:05"),
        ("1899-12-30 14:05:00", "14:05"),
        ("2400", "24:00"),
        ("24:00", "24:00"),
    ],
)
def test_ways_to_write_a_clock_time(text, clock):
    # A second row tells that figures are HHMM.
    parsed = read(["2025-01-31"] * 2, [text, "1234"])
    assert reasons(parsed) == ["", ""]
    expected = at("2025-02-01") if clock == "24:00" else at(f"2025-01-31 {clock}")
    assert parsed.start[0] == expected
    assert precisions(parsed) == ["minute"] * 2


def test_figures_up_to_24_are_hours_unless_told_otherwise():
    parsed = read(["2025-01-31"] * 3, ["5", "14", "23"])
    assert parsed.start.tolist() == [at(f"2025-01-31 {hour}:00") for hour in ("05", "14", "23")]
    assert parsed.end[1] == at("2025-01-31 14:59")
    assert precisions(parsed) == ["hour"] * 3
    assert notice(parsed, "clock_as_hours").level == "chosen"
    told = read(["2025-01-31"], ["5"], clock="hhmm")
    assert told.start[0] == at("2025-01-31 00:05")
    assert "clock_as_hours" not in codes(told)


def test_six_figures_are_hours_minutes_and_seconds():
    parsed = read(["2025-01-31"] * 2, ["93005", "140500"])
    assert parsed.start.tolist() == [at("2025-01-31 09:30:05"), at("2025-01-31 14:05")]


@pytest.mark.parametrize(
    "clocks",
    [
        pa.array([1405, 5], pa.int64()),
        pa.array([1405, 5], pa.int16()),
        pa.array([1405.0, 5.0], pa.float64()),
        pa.array([14.05, 0.05], pa.float64()),
        pa.array([time(14, 5), time(0, 5)], pa.time64("us")),
        pa.array([time(14, 5), time(0, 5)], pa.time32("s")),
        pa.array([datetime(1899, 12, 30, 14, 5), datetime(1899, 12, 30, 0, 5)]),
        pa.array([0.5868055556, 0.0034722222], pa.float64()),
        pa.array(["1405", "0005"]).dictionary_encode(),
        pa.array(["1405", "0005"], pa.large_string()),
    ],
)
def test_any_type_of_clock_column(clocks):
    parsed = read(["2025-01-31"] * 2, clocks)
    assert parsed.start.tolist() == [at("2025-01-31 14:05"), at("2025-01-31 00:05")]


@pytest.mark.parametrize(
    "days",
    [
        pa.array([date(2025, 1, 31), None]),
        pa.array([date(2025, 1, 31), None], pa.date64()),
        pa.array([datetime(2025, 1, 31), None], pa.timestamp("ms")),
        pa.array([datetime(2025, 1, 31), None], pa.timestamp("us", "UTC")),
        pa.array([datetime(2025, 1, 30, 23), None], pa.timestamp("ns", "UTC")),
        pa.array([datetime(2025, 1, 30, 23), None], pa.timestamp("s", "Europe/Stockholm")),
        pa.array([20250131, None], pa.int64()),
        pa.array([45688, None], pa.int64()),
        pa.array([45688.0, float("nan")], pa.float64()),
    ],
)
def test_any_type_of_date_column(days):
    parsed = read(days)
    assert parsed.start[0] == at("2025-01-31")
    assert precisions(parsed)[0] == "day"
    assert reasons(parsed) == ["", "missing_date"]


def test_instants_are_shown_in_the_projects_zone():
    parsed = read(
        pa.array([datetime(2018, 3, 31, 23, 1)], pa.timestamp("us", "UTC")), zone="Europe/London"
    )
    assert str(parsed.start.dtype) == "datetime64[us, Europe/London]"
    assert parsed.start[0] == at("2018-04-01 00:01", "Europe/London")


def test_midnight_of_an_instant_is_a_time_among_others():
    parsed = read(["2025-01-31T00:00:00Z", "2025-01-31T14:05:00Z", "2025-02-01T10:00:00Z"])
    assert precisions(parsed) == ["minute"] * 3
    assert parsed.start[0] == at("2025-01-31 01:00")


def test_days_kept_as_instants_stay_on_their_day():
    parsed = read(
        ["2013/01/31 00:00:00+00"] * 9 + ["2013/01/31 17:30:00+00"], zone="America/New_York"
    )
    assert parsed.start[0] == at("2013-01-31", "America/New_York")
    assert precisions(parsed) == ["day"] * 9 + ["minute"]
    assert notice(parsed, "midnight_only").data["rows"] == 9


def test_the_zone_of_the_data_may_differ_from_the_projects():
    parsed = read(["2025-07-01", "2025-07-01"], ["14:05", "9999"], time_zone="UTC")
    assert parsed.start[0] == at("2025-07-01 16:05")
    assert parsed.start[1] == at("2025-07-01")


def test_unknown_zone_is_a_fault():
    parsed = read(["2025-07-01"], time_zone="Europe/Norrköping")
    assert [fault.code for fault in parsed.faults] == ["unknown_timezone"]
    assert parsed.faults[0].where == "[[input]] time_zone"


def test_a_date_column_with_midnight_beside_its_own_clock_column():
    parsed = read(["2013/01/31 00:00:00+00"] * 2, pa.array([2248, 5]), zone="America/New_York")
    assert parsed.start.tolist() == [
        at("2013-01-31 22:48", "America/New_York"),
        at("2013-01-31 00:05", "America/New_York"),
    ]


# --- unknown times ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["9999", "0000", "0", "00:00", "00:00:00", "", None, "okänt"])
def test_unknown_times_leave_the_day(text):
    parsed = read(["2025-01-31"] * 3, ["1405", text, "0930"])
    assert precisions(parsed) == ["minute", "day", "minute"]
    assert (parsed.start[1], parsed.end[1]) == (at("2025-01-31"), at("2025-02-01"))
    told = notice(parsed, "time_missing" if text in ("", None, "okänt") else "time_unknown")
    assert told.data["rows"] == 1


def test_unknown_times_are_told_by_value():
    parsed = read(["2025-01-31"] * 6, ["1405", "9999", "9999", "0000", "", "0930"])
    assert notice(parsed, "time_unknown").data["values"] == {"9999": 2, "0000": 1}
    assert "9999" in notice(parsed, "time_unknown").text


def test_midnight_may_be_a_time():
    parsed = read(["2025-01-31"] * 2, ["0000", "0930"], unknown_times=("9999",))
    assert precisions(parsed) == ["minute"] * 2
    assert parsed.start[0] == at("2025-01-31 00:00")


def test_midnight_in_a_column_of_time_stamps_is_unknown():
    parsed = read(["2025-01-31 00:00", "2025-01-31 09:30", "2025-02-01 10:00"])
    assert precisions(parsed) == ["day", "minute", "minute"]
    assert notice(parsed, "time_unknown").data["rows"] == 1


def test_typed_midnights_are_unknown_too():
    parsed = read(pa.array([datetime(2025, 1, 31), datetime(2025, 1, 31, 9, 30)]))
    assert precisions(parsed) == ["day", "minute"]


def test_a_clock_column_that_holds_no_clock_times():
    parsed = read(["2025-01-31"] * 2, pa.array([datetime(1899, 12, 30)] * 2))
    assert precisions(parsed) == ["day"] * 2
    assert notice(parsed, "time_unknown").data["rows"] == 2


# --- bad rows --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing_date"),
        (None, "missing_date"),
        ("0000-00-00", "missing_date"),
        ("-", "missing_date"),
        ("igår", "unreadable_date"),
        ("2025-13-01", "unreadable_date"),
        ("2025-02-30", "unreadable_date"),
        ("2023-02-29", "unreadable_date"),
        ("31 foo 2025", "unreadable_date"),
        ("🙂", "unreadable_date"),
        ("2025-01-31 25:00", "unreadable_time"),
        ("2025-01-31 12:60", "unreadable_time"),
        ("2026-07-01", "future_date"),
        ("2030-01-01 12:00", "future_date"),
        ("9999-12-31", "future_date"),
        ("2026-07", "future_date"),
        ("1899-12-30", "too_old_date"),
        ("1900-01-01", "too_old_date"),
        ("0001-01-01", "too_old_date"),
    ],
)
def test_bad_dates_have_their_reason(text, reason):
    parsed = read([text, "2025-01-31 12:00", "2026-06-30 23:59"])
    assert reasons(parsed) == [reason, "", ""]
    assert pd.isna(parsed.start[0])
    assert pd.isna(parsed.end[0])
    assert parsed.details.index.tolist() == [0]


def test_29_february_of_a_common_year_says_so():
    parsed = read(["2023-02-29", "2024-02-29", "29/2/2023", "2025-02-30"])
    assert reasons(parsed) == ["unreadable_date", "", "unreadable_date", "unreadable_date"]
    assert "skottår" in parsed.details[0]
    assert "skottår" in parsed.details[2]
    assert "skottår" not in parsed.details[3]


@pytest.mark.parametrize("text", ["abc", "2560", "960", "25:00", "12:60", "14:05-15:00", "-5"])
def test_bad_clock_times(text):
    parsed = read(["2025-01-31"] * 2, [text, "1405"])
    assert reasons(parsed) == ["unreadable_time", ""]
    assert parsed.details[0] == f"2025-01-31 | {text}"


def test_the_last_moment_of_today_is_not_the_future():
    parsed = read(["2026-06-30"] * 3, ["23:59", "24:00", "9999"])
    assert reasons(parsed) == ["", "future_date", ""]


def test_an_instant_that_is_tomorrow_here():
    parsed = read(["2026-06-30T21:59:00Z", "2026-06-30T22:00:00Z", "2026-06-30T12:00:00Z"])
    assert reasons(parsed) == ["", "future_date", ""]


def test_the_earliest_date_is_a_setting():
    assert reasons(read(["1960-01-01"])) == [""]
    assert reasons(read(["1960-01-01"], earliest_date=date(1970, 1, 1))) == ["too_old_date"]


def test_no_rows():
    parsed = read(pa.array([], pa.string()), pa.array([], pa.string()))
    assert len(parsed.start) == 0
    assert str(parsed.start.dtype) == f"datetime64[us, {ZONE}]"
    assert not parsed.faults


def test_a_column_of_nulls():
    assert reasons(read(pa.nulls(3), pa.nulls(3))) == ["missing_date"] * 3


# --- the order of day and month --------------------------------------------------------------


def test_a_value_above_12_decides_for_the_file():
    for texts, second in (
        (["3/4/2025", "31/1/2025"], "2025-04-03"),
        (["3/4/2025", "1/31/2025"], "2025-03-04"),
        (["3/4/25", "1/31/25"], "2025-03-04"),
        (["3.4.25", "31.1.25"], "2025-04-03"),
        (["25-03-04", "25-01-31"], "2025-03-04"),
        (["04-03-25", "31-01-25"], "2025-03-04"),
    ):
        parsed = read(texts)
        assert parsed.start[0] == at(second)
        assert notice(parsed, "date_order").data["proving"] >= (0 if "-" in texts[0] else 1)
        assert not parsed.faults


def test_the_end_column_may_decide_for_the_start():
    parsed = read(["3/4/2025"], None, ["3/31/2025"])
    assert parsed.start[0] == at("2025-03-04")


def test_two_orders_in_one_file_stop_the_work():
    parsed = read(["31/1/2025"] * 3 + ["1/31/2025"] * 2 + ["3/4/2025"])
    (fault,) = parsed.faults
    assert fault.code == "mixed_date_orders"
    assert "dag-månad-år: 3," in fault.why
    assert "månad-dag-år: 2," in fault.why
    assert "31/1/2025" in fault.why
    assert "date_order" in fault.next_step


def test_the_setting_decides_between_two_orders():
    parsed = read(["31/1/2025"] * 3 + ["1/31/2025"] * 2 + ["3/4/2025"], date_order="dmy")
    assert not parsed.faults
    assert reasons(parsed) == [""] * 3 + ["unreadable_date"] * 2 + [""]
    assert parsed.start[5] == at("2025-04-03")


def test_one_slip_in_many_rows_costs_one_row():
    parsed = read(["1/31/2025"] * 200 + ["31/1/2025"])
    assert not parsed.faults
    assert reasons(parsed).count("unreadable_date") == 1
    assert notice(parsed, "contrary_date_order").data["rows"] == 1


def test_formats_that_cannot_be_confused_may_be_mixed():
    parsed = read(["2025-01-31", "31/1/2025", "31 januari 2025", "31.1.2025", "20250131"])
    assert parsed.start.tolist() == [at("2025-01-31")] * 5
    assert not parsed.faults


def test_without_proof_the_choice_is_told():
    parsed = read(["3/4/2025", "5/6/2025"])
    assert parsed.start[0] == at("2025-04-03")
    told = notice(parsed, "date_order")
    assert told.level == "chosen"
    assert told.data["proving"] == 0
    assert "date_order" in told.text


def test_the_future_speaks_against_an_order():
    # As day-month-year the second would be 11 December 2026, after today.
    parsed = read(["3/4/2026", "11/12/2026", "1/2/2026"], date_order="auto")
    assert not parsed.faults
    again = read(["6/5/2026", "6/7/2026", "6/9/2026"])
    assert again.start.tolist() == [at("2026-06-05"), at("2026-06-07"), at("2026-06-09")]
    assert reasons(parsed).count("future_date") == 1


def test_short_years_reach_at_most_twenty_years_ahead():
    parsed = read(["31/1/46", "31/1/47", "31/1/99"], earliest_date=date(1930, 1, 1))
    assert reasons(parsed) == ["future_date", "", ""]
    assert parsed.start[1] == at("1947-01-31")
    assert parsed.start[2] == at("1999-01-31")


# --- intervals -------------------------------------------------------------------------------


def test_intervals():
    parsed = read(
        ["2025-01-31"] * 9,
        ["2200", "2200", "2200", "2200", "9999", "2200", "9999", "2200", "2200"],
        [
            "2025-02-01",
            "",
            "",
            "2025-01-31",
            "2025-01-31",
            "2025-02-01",
            "2025-02-02",
            "",
            "2025-01-31",
        ],
        ["0230", "2315", "0115", "9999", "0530", "9999", "", "", "2330"],
    )
    assert reasons(parsed) == [""] * 9
    ends = [
        "2025-02-01 02:30",
        "2025-01-31 23:15",  # an end time alone belongs to the day of the start
        "2025-02-01 01:15",  # or to the next when it is earlier
        "2025-01-31 22:00",  # the same day again says nothing new
        "2025-01-31 05:30",
        "2025-02-02 00:00",
        "2025-02-03 00:00",
        "2025-01-31 22:00",
        "2025-01-31 23:30",
    ]
    assert parsed.end.tolist() == [at(text) for text in ends]
    assert precisions(parsed) == [
        "minute", "minute", "minute", "minute", "day", "day", "day", "minute", "minute"
    ]  # fmt: skip
    assert parsed.start[4] == at("2025-01-31")
    assert parsed.start[5] == at("2025-01-31 22:00")
    assert notice(parsed, "end_past_midnight").data["rows"] == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (("2025-01-31", "1405"), ("2025-01-31", "1404")),
        (("2025-01-31", "1405"), ("2025-01-30", "9999")),
        (("2025-01-31", "9999"), ("2025-01-30", "9999")),
        (("2025-01-31", "9999"), ("2025-01-30", "2359")),
    ],
)
def test_end_before_start(start, end):
    parsed = read([start[0]], [start[1]], [end[0]], [end[1]], clock="hhmm")
    assert reasons(parsed) == ["end_before_start"]
    assert parsed.details[0] == " | ".join((*start, *end))


def test_bad_ends_have_their_reason():
    parsed = read(
        ["2025-01-31"] * 4,
        ["1405"] * 4,
        ["2025-02-30", "2027-01-01", "", "2025-01-31"],
        ["1505", "1505", "abc", "2599"],
    )
    assert reasons(parsed) == [
        "unreadable_date",
        "future_date",
        "unreadable_time",
        "unreadable_time",
    ]


def test_the_start_speaks_before_the_end():
    parsed = read(["2027-01-01"], None, ["2025-02-30"])
    assert reasons(parsed) == ["future_date"]


def test_month_intervals():
    parsed = read(["2018-02"], None, ["2018-04"])
    assert (parsed.start[0], parsed.end[0]) == (at("2018-02-01"), at("2018-05-01"))
    assert precisions(parsed) == ["month"]


# --- summer time -----------------------------------------------------------------------------


def test_the_skipped_hour_is_no_known_time():
    parsed = read(["2025-03-30"] * 4, ["0159", "0200", "0259", "0300"])
    assert precisions(parsed) == ["minute", "day", "day", "minute"]
    assert (parsed.start[1], parsed.end[1]) == (at("2025-03-30"), at("2025-03-31"))
    assert notice(parsed, "time_skipped_by_dst").data["rows"] == 2
    assert parsed.end[1] - parsed.start[1] == pd.Timedelta(hours=23)
    assert parsed.start[3] - parsed.start[0] == pd.Timedelta(minutes=1)


def test_the_doubled_hour_spans_both():
    parsed = read(["2025-10-26"] * 4, ["0159", "0200", "0259", "0300"])
    assert precisions(parsed) == ["minute"] * 4
    assert (parsed.end - parsed.start).tolist() == [
        pd.Timedelta(hours=hours) for hours in (0, 1, 1, 0)
    ]
    assert notice(parsed, "time_doubled_by_dst").data["rows"] == 2
    assert parsed.start[1].utcoffset() == pd.Timedelta(hours=2)
    assert parsed.end[1].utcoffset() == pd.Timedelta(hours=1)


def test_an_interval_out_of_the_doubled_hour_ends_when_it_ends():
    parsed = read(["2025-10-26"], ["0230"], ["2025-10-26"], ["0400"])
    assert parsed.end[0] - parsed.start[0] == pd.Timedelta(hours=2.5)


def test_a_zone_that_skips_midnight():
    parsed = read(["2018-11-04", "2018-11-03"], zone="America/Sao_Paulo")
    assert parsed.start[0] == pd.Timestamp("2018-11-04 01:00", tz="America/Sao_Paulo")
    assert parsed.end[1] == parsed.start[0]


# --- settings and real data ------------------------------------------------------------------


def test_settings_are_read_from_the_project_file():
    options, faults = read_options(
        TimeOptions,
        {"date_order": "mdy", "unknown_times": ["9999"], "earliest_date": "1970-01-01"},
        "[[input]]",
    )
    assert not faults
    assert options.earliest_date == date(1970, 1, 1)


@pytest.mark.real
def test_charlottesville_days_and_hours(real_data):
    table = pd.read_csv(real_data / "incidents" / "charlottesville_2012_2017.csv.gz", dtype=str)
    parsed = read(
        column(table["DateReported"].tolist()),
        column(table["HourReported"].tolist()),
        zone="America/New_York",
    )
    assert not parsed.reason.any()
    # The clock that stands in the column is the clock that is shown.
    shown = parsed.start.dt.strftime("%Y/%m/%d%H%M")
    written = table["DateReported"].str[:10] + table["HourReported"]
    odd = np.flatnonzero(shown != written)
    # Two rows at 2400 are the next midnight, one falls in the hour that summer time skips.
    assert sorted(table["HourReported"].iloc[odd].tolist()).count("2400") == 2
    assert len(odd) == 3
    assert notice(parsed, "time_skipped_by_dst").data["rows"] == 1


@pytest.mark.real
def test_san_francisco_has_days_only(real_data):
    table = pq.read_table(real_data / "incidents" / "SFcrime_2012H2.parquet")
    parsed = read(table["Date"], table["Time"], zone="America/Los_Angeles")
    assert set(precisions(parsed)) == {"day"}
    assert parsed.start.min() == at("2012-07-01", "America/Los_Angeles")
    assert {"midnight_only", "time_unknown"} <= set(codes(parsed))


@pytest.mark.real
def test_london_has_months_only(real_data):
    table = pq.read_table(real_data / "incidents" / "london_drugs_2018_2021.parquet")
    parsed = read(table["month"], zone="Europe/London")
    assert set(precisions(parsed)) == {"month"}
    assert parsed.start.nunique() == 36


@pytest.mark.real
def test_searches_are_instants(real_data):
    table = pq.read_table(real_data / "incidents" / "met_stop_and_search_2018_2019.parquet")
    parsed = read(table["Date"], zone="Europe/London")
    utc = pd.to_datetime(table["Date"].to_pandas(), utc=True).dt.tz_convert("Europe/London")
    assert (parsed.start.to_numpy() == utc.to_numpy()).all()
    assert set(precisions(parsed)) == {"minute"}
