"""What counts: classes, one source, a period; and that it is told."""

from __future__ import annotations

from datetime import date
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from geodata import schema
from geodata.errors import SettingsError
from geodata.options import read_options
from hotspots import options as room
from hotspots.options import HotspotOptions
from hotspots.selection import (
    Period,
    choose_period,
    choose_source,
    count,
    event_days,
    has_class,
    select,
)
from tests.factories import make_incidents, no_incidents


def codes(notices) -> list[str]:
    return [notice.code for notice in notices]


def test_words_of_settings_are_those_of_the_tables() -> None:
    assert get_args(room.OffenceClass) == schema.OFFENCE_CLASSES
    assert get_args(room.Source) == ("auto", *schema.SOURCES)
    assert get_args(room.SpaceType) == schema.SPACE_TYPES


def test_defaults_are_those_of_the_method_notes() -> None:
    options, faults = read_options(HotspotOptions, {}, "[hotspots]")
    assert not faults
    assert options.classes == schema.STREET_DRUG_CLASSES
    assert (options.eps_m, options.min_samples, options.weight) == (75, "auto", "days")
    assert (options.min_events, options.min_days, options.min_quarters_per_year) == (10, 6, 2)
    assert (options.cell_size_m, options.top_share, options.window_months) == (100, 0.05, 24)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("eps_m", 0, "out_of_range"),
        ("classes", ["drugs"], "wrong_type"),
        ("source", "guards", "wrong_type"),
        ("top_share", 1.5, "out_of_range"),
        ("eps", 75, "unknown_setting"),
    ],
)
def test_faulty_settings_are_told(key, value, code) -> None:
    _options, faults = read_options(HotspotOptions, {key: value}, "[hotspots]")
    assert codes(faults) == [code]


def test_an_event_counts_by_any_of_its_classes() -> None:
    incidents = make_incidents(
        offence_class=["drug_supply", "drug_use", "violence"],
        offence_classes=["drug_supply;violence", "drug_use", "violence"],
        x=[0, 1, 2],
    )
    assert has_class(incidents, ["violence"]).tolist() == [True, False, True]
    assert has_class(incidents, ["drug_use", "drug_supply"]).tolist() == [True, True, False]
    assert not has_class(incidents, []).any()


def test_source_with_most_events_of_the_classes_is_counted_and_others_are_told() -> None:
    incidents = make_incidents(
        source=["est_report"] * 3 + ["police"] * 2 + ["police"] * 5,
        offence_class=["drug_use"] * 5 + ["violence"] * 5,
    )
    source, notice = choose_source(incidents, HotspotOptions())
    assert source == "est_report"
    assert notice.level == "chosen"
    assert "EST-rapport (3 händelser)" in notice.text
    assert "polisanmälan (2)" in notice.text
    assert choose_source(incidents, HotspotOptions(source="police"))[0] == "police"
    tie = make_incidents(source=["citizen", "est_report"])
    assert choose_source(tie, HotspotOptions())[0] == "est_report"


def test_stacked_places_other_sources_and_other_days_do_not_count() -> None:
    incidents = make_incidents(
        x=[0, 1, 2, 3],
        stacked=[True, False, False, False],
        source=["police", "police", "est_report", "police"],
        day=[0, 0, 0, 9],
    )
    days = Period(date(2024, 1, 1), date(2024, 1, 5))
    got = select(incidents, classes=["drug_possession"], source="police", period=days)
    assert got["x_m"].tolist() == [569_001.0]
    everyone = select(incidents, classes=["drug_possession"])
    assert len(everyone) == 3


def test_days_are_local_and_a_month_is_one_day() -> None:
    incidents = make_incidents(x=[0, 1, 2], time_precision=["minute", "minute", "month"])
    late = pd.Timestamp("2024-06-30 23:30").tz_localize("Europe/Stockholm")
    incidents["start"] = pd.Series([late, late + pd.Timedelta(hours=1), late])
    days = event_days(incidents)
    assert days.astype(str).tolist() == ["2024-06-30", "2024-07-01", "2024-06-01"]


def test_period_reaches_24_months_back_from_the_last_day_of_the_extract() -> None:
    incidents = make_incidents(day=[0, 1000], offence_class=["violence", "tobacco"])
    period, notices = choose_period(incidents, HotspotOptions())
    assert period == Period(date(2024, 9, 28), date(2026, 9, 27))
    assert codes(notices) == ["period_counted"]
    assert notices[0].level == "chosen"
    assert "24 månader" in notices[0].text


def test_short_extract_is_used_whole_and_stated_dates_are_kept() -> None:
    incidents = make_incidents(day=[3, 100])
    period, notices = choose_period(incidents, HotspotOptions())
    assert period == Period(date(2024, 1, 4), date(2024, 4, 10))
    assert "hela uttaget" in notices[0].text
    stated = HotspotOptions(date_from=date(2024, 2, 1), date_to=date(2024, 2, 29))
    assert choose_period(incidents, stated)[0] == Period(date(2024, 2, 1), date(2024, 2, 29))


def test_a_period_that_begins_after_its_end_is_a_fault() -> None:
    with pytest.raises(SettingsError, match="börjar 2025-01-01") as raised:
        choose_period(make_incidents(), HotspotOptions(date_from=date(2025, 1, 1)))
    assert codes(raised.value.faults) == ["period_reversed"]


def test_events_known_by_month_reach_to_its_end() -> None:
    incidents = make_incidents(day=[0, 31], time_precision="month")
    period, _notices = choose_period(incidents, HotspotOptions())
    assert period == Period(date(2024, 1, 1), date(2024, 2, 29))


def test_quarters_are_counted_back_from_the_end() -> None:
    period = Period(date(2023, 4, 1), date(2025, 3, 31))
    assert period.edges(3).astype(str).tolist()[-3:] == ["2024-10-01", "2025-01-01", "2025-04-01"]
    assert len(period.edges(3)) == 9
    assert period.months() == 24
    assert Period(date(2024, 1, 5), date(2024, 1, 5)).months() == 1


def test_count_tells_what_it_chose_and_left_out() -> None:
    incidents = make_incidents(
        x=[0, 0, 1],
        day=[0, 40, 40],
        stacked=[False, False, True],
        time_precision=["minute", "month", "minute"],
    )
    chosen = count(incidents, HotspotOptions())
    assert codes(chosen.notices) == [
        "period_counted",
        "source_counted",
        "stacked_left_out",
        "months_as_days",
    ]
    assert len(chosen.events) == len(chosen.days) == 2
    assert not chosen.by_month


def test_nothing_to_count_is_not_an_error() -> None:
    chosen = count(no_incidents(), HotspotOptions())
    assert chosen.period is None
    assert chosen.notices == ()
    assert len(chosen.events) == 0
    assert np.shape(chosen.days) == (0,)
