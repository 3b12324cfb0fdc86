"""From events to signals: weeks, missing weeks, short histories, and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from areas.watch import control
from areas.watch.calendar import choose_week, read_week, week_name
from areas.watch.options import WatchOptions
from areas.watch.reference import monday, week_of
from areas.watch.series import Series, make_series
from areas.watch.tables import Gathering, series_table, signals_table, weeks_table
from areas.watch.watching import Judged, judge
from geodata import schema
from geodata.errors import SettingsError
from geodata.watch_tables import WATCH
from tests.factories import CRS, X0, Y0, make_incidents, make_places

START = date(2024, 1, 1)  # day 0 of the factory, a Monday
WEEKS = 160


def make_areas(**dates: pd.Timestamp) -> gpd.GeoDataFrame:
    table = schema.empty("areas", crs=CRS)
    rows = {
        "area_id": ["ost", "vast"],
        "name": ["Öst", "Väst"],
        "kind": "est_area",
        "valid_from": pd.Series([dates.get("east"), dates.get("west")], dtype="datetime64[us]"),
        "valid_to": pd.NaT,
        "decision_ref": pd.NA,
        "authoritative": True,
        "source": "test",
        "population": np.nan,
    }
    frame = pd.DataFrame(rows)
    for name, dtype in table.dtypes.items():
        if name != "geometry":
            frame[name] = frame[name].astype(dtype)
    shapes = [box(X0, Y0 - 500, X0 + 500, Y0 + 500), box(X0 - 500, Y0 - 500, X0 - 0.1, Y0 + 500)]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


def town(
    weeks: int = WEEKS, *, east: int = 6, west: int = 3, **more: Sequence[float]
) -> pd.DataFrame:
    """Return events every week: `east` of the border and `west`, on ten places each."""
    day, x = [], []
    rng = np.random.default_rng(1)
    for week in range(weeks):
        for side, n in ((1, east), (-1, west)):
            k = int(rng.poisson(n))
            day += (7 * week + rng.integers(0, 7, k)).tolist()
            x += (side * 20.0 * rng.integers(1, 11, k)).tolist()
    extra_day, extra_x = more.get("day", []), more.get("x", [])
    # the factory shifts days by whole days from noon
    return make_incidents(day=[0, *day, *extra_day], x=[20.0, *x, *extra_x])


def watched(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame | None = None,
    *,
    week: int | None = None,
    **settings: object,
) -> tuple[Series, Judged]:
    options = WatchOptions(**settings)  # type: ignore[arg-type]
    at = week_of(START) + WEEKS - 1 if week is None else week
    series = make_series(
        incidents,
        make_areas() if areas is None else areas,
        make_places(incidents),
        week=at,
        options=options,
    )
    return series, judge(series, options, seed=581)


def pick(series: Series, unit: str, name: str) -> int:
    keys = series.keys
    return int(np.flatnonzero((keys["unit"] == unit) & (keys["name"] == name))[0])


def test_series_count_events_by_iso_week() -> None:
    incidents = town()
    series, judged = watched(incidents)
    whole = pick(series, "municipality", "Hela kommunen")
    east, west = pick(series, "area", "Öst"), pick(series, "area", "Väst")
    assert series.counts.shape[1] == WEEKS
    assert series.counts[whole].sum() == len(incidents)
    np.testing.assert_array_equal(series.counts[east] + series.counts[west], series.counts[whole])
    labels = [f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02d}" for d in incidents["start"]]
    last = week_name(series.week)
    assert series.counts[whole, -1] == labels.count(last)
    assert judged.state[whole] == "watched"


def test_order_of_the_rows_is_of_no_consequence() -> None:
    incidents = town(day=[7 * (WEEKS - 1) + 1] * 30, x=[20.0] * 30)
    one, found = watched(incidents)
    two, again = watched(incidents.sample(frac=1.0, random_state=3))
    pd.testing.assert_frame_equal(one.keys, two.keys)
    np.testing.assert_array_equal(one.counts, two.counts)
    np.testing.assert_array_equal(found.p, again.p)
    np.testing.assert_array_equal(found.cusum_p, again.cusum_p)


def test_an_outbreak_in_the_watched_week_is_a_signal_in_its_area_only() -> None:
    # twenty more east of the border in the last week
    incidents = town(day=[7 * (WEEKS - 1) + 1] * 20, x=[200.0] * 20)
    series, judged = watched(incidents)
    assert judged.by_week[pick(series, "area", "Öst")]
    assert not judged.by_week[pick(series, "area", "Väst")]
    table = signals_table(series, judged, [], n_scans=0)
    schema.check(table, "watch_signals", tables=WATCH)
    first = table.iloc[0]
    assert first["rank"] == 1
    assert (table["recurrence_weeks"] >= 10).all()
    assert table["recurrence_weeks"].is_monotonic_decreasing
    assert "mot" in first["sentence"]
    assert "att vänta" in first["sentence"]


def test_a_slow_shift_is_a_signal_though_no_week_is() -> None:
    begin = WEEKS - 18
    more = [7 * week + k % 7 for week in range(begin, WEEKS) for k in range(5)]
    series, judged = watched(town(day=more, x=[60.0] * len(more)))
    east = pick(series, "area", "Öst")
    assert judged.by_shift[east]
    assert abs(judged.shift_weeks[east] - 18) <= 8
    table = signals_table(series, judged, [], n_scans=0)
    row = table[table["name"] == "Öst"].iloc[0]
    assert row["method"] in ("shift", "week_and_shift")
    assert row["last_date"].date() == monday(series.week) + timedelta(days=6)


def test_nothing_is_a_normal_outcome() -> None:
    series, judged = watched(town())
    table = signals_table(series, judged, [], n_scans=2)
    assert len(table) == 0
    schema.check(table, "watch_signals", tables=WATCH)
    assert (series_table(series, judged, WatchOptions())["why"].str.len() > 10).all()


def test_a_new_area_with_four_weeks_of_history_is_told_and_not_watched() -> None:
    last = START + timedelta(weeks=WEEKS)
    areas = make_areas(west=pd.Timestamp(last - timedelta(weeks=5)))
    series, judged = watched(town(), areas)
    west = pick(series, "area", "Väst")
    table = series_table(series, judged, WatchOptions())
    assert table["n_weeks"].iloc[west] == 4
    assert table["state"].iloc[west] == "short"
    assert "4 veckor" in table["why"].iloc[west]
    assert not table["signal"].iloc[west]
    assert table["state"].iloc[pick(series, "area", "Öst")] == "watched"


def test_a_new_boundary_is_no_change() -> None:
    # the area is drawn anew a year before the end; what is counted is today's area all along
    areas = make_areas()
    old = areas.copy()
    split = pd.Timestamp(START + timedelta(weeks=WEEKS - 52))
    old["valid_to"] = split - pd.Timedelta(days=1)
    areas["valid_from"] = split
    old["geometry"] = old.geometry.buffer(-240)
    both = gpd.GeoDataFrame(pd.concat([old, areas], ignore_index=True), crs=CRS)
    series, _judged = watched(town(), both)
    plain, _other = watched(town())
    east = pick(series, "area", "Öst")
    np.testing.assert_array_equal(series.counts[east], plain.counts[pick(plain, "area", "Öst")])


@pytest.mark.parametrize("lost", [80, WEEKS - 1])
def test_a_week_missing_from_the_export_is_missing(lost: int) -> None:
    incidents = town()
    at = (incidents["start"].dt.tz_localize(None) - pd.Timestamp(START)).dt.days // 7
    incidents = incidents[(at != lost).to_numpy()].reset_index(drop=True)
    series, judged = watched(incidents)
    assert series.missing["police"].tolist() == [week_of(START) + lost]
    assert np.isnan(series.counts[:, lost]).all()
    states = series_table(series, judged, WatchOptions())["state"].astype("str")
    if lost == WEEKS - 1:
        assert set(states) <= {"missing", "few"}
        assert judged.n_watched == 0
    else:
        assert "watched" in set(states)
        assert not (judged.by_week | judged.by_shift).any()


def test_a_quiet_source_has_weeks_of_none() -> None:
    incidents = make_incidents(day=list(range(0, 7 * WEEKS, 21)), x=20.0)
    series, judged = watched(incidents)
    assert not series.missing
    assert (series.counts[0] == 0).any()
    assert judged.n_watched >= 1


def test_stacked_events_count_for_the_municipality_only() -> None:
    n = 40
    incidents = town(day=[7 * (WEEKS - 1)] * n, x=[20.0] * n)
    incidents.loc[incidents.index[-n:], "stacked"] = True
    series, _judged = watched(incidents)
    whole = pick(series, "municipality", "Hela kommunen")
    assert series.counts[whole, -1] >= n
    assert series.counts[pick(series, "area", "Öst"), -1] < n


def test_few_events_are_not_watched_for_themselves() -> None:
    incidents = make_incidents(day=[0, 300, 700, 1000], x=20.0)
    _series, judged = watched(incidents)
    assert set(judged.state.tolist()) == {"few"}
    assert judged.n_watched == 0


def test_months_are_left_out_and_police_initiative_is_marked() -> None:
    incidents = town()
    incidents["police_initiated"] = pd.Categorical(
        ["yes"] * len(incidents), categories=list(schema.YES_NO)
    )
    series, judged = watched(incidents)
    assert series_table(series, judged, WatchOptions())["police_initiated"].all()
    incidents["time_precision"] = pd.Categorical(
        ["month"] * len(incidents), categories=list(schema.PRECISIONS)
    )
    none = make_series(
        incidents, make_areas(), make_places(incidents), week=week_of(START), options=WatchOptions()
    )
    assert len(none.keys) == 0


def test_more_series_make_each_of_them_harder() -> None:
    assert control.limit(1.0, "week", 500) == pytest.approx(0.05 / 500)
    p = np.array([control.limit(1.0, way, 40) for way in control.SHARES])
    back = [control.recurrence(p[i], way, 40) for i, way in enumerate(control.SHARES)]
    np.testing.assert_allclose(back, 10.0)
    assert sum(control.SHARES.values()) == pytest.approx(1.0)


def test_the_unfinished_week_is_left_out_and_said() -> None:
    week, notices = choose_week(
        date(2023, 1, 2), date(2025, 12, 30), extract_date=date(2025, 12, 31), asked=""
    )
    assert week_name(week) == "2025-W52"
    assert [one.code for one in notices] == ["unfinished_week"]
    week, notices = choose_week(
        date(2023, 1, 2), date(2025, 12, 26), extract_date=date(2025, 12, 28), asked=""
    )
    assert week_name(week) == "2025-W52"
    assert notices == ()


def test_weeks_of_leap_years_and_long_years() -> None:
    assert week_name(read_week("2020-W53")) == "2020-W53"
    assert read_week("2021-W01") == read_week("2020-W53") + 1
    assert read_week("2025w7") == read_week("2025-W07")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-50", "bad_week"),
        ("2025-W54", "bad_week"),
        ("2021-W53", "bad_week"),
        ("2019-W10", "week_outside"),
        ("2026-W01", "week_unfinished"),
        ("2026-W20", "week_outside"),
    ],
)
def test_a_week_that_cannot_be_watched_is_one_clear_fault(text: str, code: str) -> None:
    with pytest.raises(SettingsError) as found:
        choose_week(
            date(2023, 1, 2), date(2025, 12, 30), extract_date=date(2025, 12, 31), asked=text
        )
    assert [fault.code for fault in found.value.faults] == [code]


def gathering(weeks: int = 52) -> Gathering:
    return Gathering(
        source="police",
        kind="damage",
        center_place_id=3,
        name="Torget",
        x_m=X0,
        y_m=Y0,
        radius_m=140.0,
        first_day=pd.Timestamp("2026-12-30"),
        last_day=pd.Timestamp("2027-01-03"),
        observed=9,
        expected=1.2,
        p=0.001,
        initiated=0.0,
        weeks=(*[0] * (weeks - 1), 9),
    )


def test_a_gathering_of_the_scan_is_a_signal_with_weeks_of_its_own() -> None:
    series, judged = watched(town())
    table = signals_table(series, judged, [gathering()], n_scans=2)
    assert table["method"].tolist() == ["scan"]
    assert table["recurrence_weeks"].iloc[0] == pytest.approx(0.25 / (2 * 0.001))
    weeks = weeks_table(series, judged, [gathering()], WatchOptions())
    own = weeks[weeks["series_id"] == table["series_id"].iloc[0]]
    assert len(own) == 52
    assert own["n_events"].iloc[-1] == 9
    assert own["week"].iloc[-1] == week_name(series.week)
