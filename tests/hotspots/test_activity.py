from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from hotspots.activity import ActivityOptions, initiative_table, mark_operations
from hotspots.clusters import find_hotspots
from hotspots.options import HotspotOptions
from hotspots.selection import count
from hotspots.withoutoperations import without_operations
from tests.factories import CRS, X0, Y0, make_incidents, make_places, no_incidents

OPTIONS = HotspotOptions(min_quarters_per_year=0, top_share=1.0)


def operations(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Table of operations; days count from 2024-01-01, ``area`` is a geometry."""
    zero = pd.Timestamp("2024-01-01")
    n = len(rows)
    table = gpd.GeoDataFrame(
        {
            "operation_id": pd.Series([f"I{i:03d}" for i in range(1, n + 1)], dtype="str"),
            "source_row": np.arange(2, n + 2),
            "name": pd.Series([None] * n, dtype="str"),
            "kind": pd.Series([None] * n, dtype="str"),
            "first_date": pd.Series(
                [zero + pd.Timedelta(days=r["first"]) for r in rows], dtype="datetime64[us]"
            ),
            "last_date": pd.Series(
                [zero + pd.Timedelta(days=r.get("last", r["first"])) for r in rows],
                dtype="datetime64[us]",
            ),
            "from_minute": pd.array([r.get("start") for r in rows], dtype="Int64"),
            "to_minute": pd.array([r.get("stop") for r in rows], dtype="Int64"),
            "patrol_hours": np.array([r.get("hours", np.nan) for r in rows], dtype=float),
            "area_id": pd.Series([None] * n, dtype="str"),
        },
        geometry=gpd.GeoSeries([r.get("area") for r in rows], crs=CRS),
        crs=CRS,
    )
    schema.check(table, "operations", crs=CRS, tables=EVIDENCE)
    return table


def at(*moments: str, x: float | list[float] = 0.0, **columns: object) -> pd.DataFrame:
    table = make_incidents(x=np.broadcast_to(x, len(moments)).tolist(), **columns)
    stamps = pd.DatetimeIndex(list(moments)).tz_localize("Europe/Stockholm").as_unit("us")
    table["start"] = table["end"] = pd.Series(stamps)
    return table


def test_days_of_an_operation_are_marked_within_its_area() -> None:
    area = box(X0 - 10, Y0 - 10, X0 + 10, Y0 + 10)
    events = at("2024-01-05 12:00", "2024-01-05 12:00", "2024-01-08 00:00", x=[0.0, 500.0, 0.0])
    found = mark_operations(events, operations([{"first": 4, "last": 6, "area": area}]))
    assert found.marked.tolist() == [True, False, False]
    wide = mark_operations(
        events, operations([{"first": 4, "area": area}]), ActivityOptions(margin_m=500)
    )
    assert wide.marked.tolist() == [True, True, False]
    everywhere = mark_operations(events, operations([{"first": 4, "last": 7}]))
    assert everywhere.marked.all()


def test_hours_count_when_asked_for_and_work_goes_on_past_midnight() -> None:
    moments = ["2024-01-05 17:59", "2024-01-05 18:00", "2024-01-06 01:59", "2024-01-06 02:00"]
    events = at(*moments)
    night = operations([{"first": 4, "start": 18 * 60, "stop": 2 * 60}])
    days = mark_operations(events, night).marked.tolist()
    assert days == [True, True, True, False]
    hours = mark_operations(events, night, ActivityOptions(whole_days=False)).marked.tolist()
    assert hours == [False, True, True, False]


def test_an_unknown_hour_belongs_to_the_day_and_a_month_is_undecided() -> None:
    events = at("2024-01-05", "2024-01-01", "2024-02-01", time_precision=["day", "month", "month"])
    one = operations([{"first": 4, "start": 600, "stop": 660}])
    found = mark_operations(events, one, ActivityOptions(whole_days=False))
    assert found.marked.tolist() == [True, False, False]
    assert found.undecided.tolist() == [False, True, False]


def test_nothing_is_marked_without_operations_or_events() -> None:
    assert not mark_operations(at("2024-01-05"), operations([])).marked.any()
    assert len(mark_operations(no_incidents(), operations([{"first": 4}])).marked) == 0


EVENT = st.tuples(st.integers(0, 12), st.integers(0, 1439), st.integers(-3, 3), st.booleans())
WORK = st.tuples(
    st.integers(0, 12),
    st.integers(0, 3),
    st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1440)),
    st.none() | st.integers(-3, 3),
)


@settings(max_examples=150)
@given(st.lists(EVENT, min_size=1, max_size=12), st.lists(WORK, max_size=4), st.booleans())
def test_equals_asking_event_by_event(
    rows: list[tuple[int, int, int, bool]],
    work: list[tuple[int, int, tuple[int, int] | None, int | None]],
    whole_days: bool,
) -> None:
    zero = datetime(2024, 1, 1)
    moments = [zero + timedelta(days=d, minutes=m) for d, m, _x, _k in rows]
    events = at(
        *map(str, moments),
        x=[100.0 * x for *_, x, _k in rows],
        time_precision=["minute" if known else "day" for *_, known in rows],
    )
    table = operations(
        [
            {
                "first": d,
                "last": d + n,
                "start": hours[0] if hours else None,
                "stop": hours[1] if hours else None,
                "area": None if x is None else Point(X0 + 100 * x, Y0).buffer(1),
            }
            for d, n, hours, x in work
        ]
    )
    found = mark_operations(events, table, ActivityOptions(whole_days=whole_days, margin_m=110))

    def belongs(i: int, j: int) -> bool:
        day, minute, x, known = rows[i]
        first, n, hours, place = work[j]
        if place is not None and abs(x - place) > 1:
            return False
        for nth in range(n + 1):  # each day of the work by itself
            if (hours is None or not known or whole_days) and day == first + nth:
                return True
            if hours is not None and known:
                start, stop = hours
                begin = (first + nth) * 1440 + start
                end = (first + nth) * 1440 + (stop if stop > start else stop + 1440)
                if begin <= day * 1440 + minute < end:
                    return True
        return False

    pairs = set(zip(found.event.tolist(), found.operation.tolist(), strict=True))
    expected = {(i, j) for i in range(len(rows)) for j in range(len(work)) if belongs(i, j)}
    assert pairs == expected
    assert found.marked.tolist() == [
        any((i, j) in expected for j in range(len(work))) for i in range(len(rows))
    ]


def test_initiative_is_told_by_unit_and_source_and_never_summed() -> None:
    events = make_incidents(
        x=np.zeros(7),
        day=[0, 0, 1, 2, 3, 3, 3],
        source=["police"] * 4 + ["est_report"] * 3,
        police_initiated=["yes", "yes", "no", "unknown", "no", "no", "no"],
    )
    unit = pd.Series(["A", "A", "A", "A", "A", None, "B"], dtype="str")
    table = initiative_table(events, unit)
    assert table[["unit", "source"]].astype(str).to_numpy().tolist() == [
        ["A", "police"], ["A", "est_report"], ["B", "est_report"]
    ]  # fmt: skip
    police = table.iloc[0]
    assert (police["n_events"], police["n_days"]) == (4, 3)
    assert (police["n_yes"], police["n_no"], police["n_unknown"]) == (2, 1, 1)
    shares = table[["share_yes", "share_no", "share_unknown"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(np.ones(3))
    shuffled = events.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(initiative_table(shuffled, unit.loc[shuffled.index]), table)
    assert initiative_table(no_incidents(), unit.iloc[:0]).empty


def worked() -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """One place found in two weeks of work, one found all the time."""
    pushed = [d for d in range(60, 67) for _ in range(5)] + [200, 230]
    steady = list(range(0, 300, 9))
    incidents = make_incidents(
        x=[0.0] * len(pushed) + [2000.0] * len(steady),
        day=pushed + steady,
        police_initiated=["yes"] * len(pushed) + ["no"] * len(steady),
    )
    area = Point(X0, Y0).buffer(50)
    return incidents, operations([{"first": 60, "last": 66, "area": area, "hours": 70.0}])


def test_with_and_without_stand_side_by_side() -> None:
    incidents, list_of = worked()
    places = make_places(incidents)
    hotspots = find_hotspots(incidents, places, OPTIONS, crs=CRS)
    counted = count(incidents, OPTIONS)
    found = without_operations(counted, hotspots, list_of, OPTIONS)
    table = found.table.set_index("n_events")
    pushed, steady = table.loc[37], table.loc[34]
    assert (pushed["n_marked"], pushed["n_events_without"], pushed["n_days_without"]) == (35, 2, 2)
    assert not pushed["stands_without"]
    assert "når inte gränserna" in pushed["why"]
    assert (steady["n_marked"], steady["n_events_without"]) == (0, 34)
    assert steady["rank"] == 1
    assert steady["stands_without"]
    row = found.operations.iloc[0]
    assert (row["n_events"], row["n_days"], row["n_op_days"], row["n_initiated"]) == (35, 7, 7, 35)
    assert row["events_per_hour"] == pytest.approx(0.5)
    assert len(found.without) == 36
    assert found.notices[0].data == {"n_marked": 35, "n_events": 71, "fallen": 1}
    assert "spaning" in found.caveat
    assert len(incidents) == 71


def test_ranks_change_places_without_the_operations() -> None:
    pushed = list(range(60, 90)) + list(range(200, 300, 10))
    steady = list(range(0, 300, 12))
    incidents = make_incidents(x=[0.0] * len(pushed) + [2000.0] * len(steady), day=pushed + steady)
    places = make_places(incidents)
    hotspots = find_hotspots(incidents, places, OPTIONS, crs=CRS)
    list_of = operations([{"first": 60, "last": 89, "area": Point(X0, Y0).buffer(50)}])
    table = without_operations(count(incidents, OPTIONS), hotspots, list_of, OPTIONS).table
    assert table["rank"].tolist() == [1, 2]
    assert table["rank_without"].tolist() == [2, 1]
    assert "Plats 2 i rangordningen, mot 1" in table["why"][0]


def test_all_of_a_hot_spot_may_be_operations() -> None:
    incidents = make_incidents(x=np.zeros(20), day=list(range(20)))
    places = make_places(incidents)
    options = replace(OPTIONS, date_to=date(2024, 1, 31))
    hotspots = find_hotspots(incidents, places, options, crs=CRS)
    found = without_operations(
        count(incidents, options), hotspots, operations([{"first": 0, "last": 20}]), options
    )
    assert found.table["n_events_without"].tolist() == [0]
    assert found.table["rank_without"].isna().all()


@pytest.mark.parametrize("rows", ["none", "one day", "months"])
def test_bad_input_gets_a_clear_answer(rows: str) -> None:
    incidents = {
        "none": no_incidents(),
        "one day": make_incidents(x=np.zeros(30), day=5),
        "months": make_incidents(
            x=np.zeros(30), day=[30 * (i % 10) for i in range(30)], time_precision="month"
        ),
    }[rows]
    places = make_places(incidents)
    hotspots = find_hotspots(incidents, places, OPTIONS, crs=CRS)
    counted = count(incidents, OPTIONS)
    found = without_operations(counted, hotspots, operations([{"first": 2, "last": 9}]), OPTIONS)
    schema.check(found.table, "hotspot_operations", tables=EVIDENCE)
    codes = [n.code for n in found.notices]
    assert codes[0] == "operations_marked"
    assert ("operations_undecided" in codes) == (rows == "months")
    none = without_operations(counted, hotspots, None, OPTIONS)
    assert none.table.empty
    assert [n.code for n in none.notices] == ["no_operations"]
