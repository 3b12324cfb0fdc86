"""Counts by period: known answers, sums, and the packing that the page unpacks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.period_tables import PERIOD_TABLES
from hotspots.periods import count_periods, period_unit
from hotspots.selection import Selection
from maps.layers.periods import packed


class Span:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last


def selection(days, x, places, areas, first, last):
    n = len(days)
    incidents = pd.DataFrame(
        {
            "x_m": np.asarray(x, float),
            "y_m": np.zeros(n),
            "place_id": np.asarray(places, np.int64),
            "area_id": pd.Series(areas, dtype="str"),
            "regso_id": pd.Series([None] * n, dtype="str"),
        }
    )
    rows = np.arange(n)
    return Selection(incidents, rows, np.array(days, "datetime64[D]"), rows[:0], "police", Span(first, last), False, ())  # type: ignore[arg-type]  # fmt: skip


def example():
    days = ["2024-01-01", "2024-03-31", "2024-04-01", "2024-12-30", "2024-12-30"]
    return selection(
        days, [10, 10, 150, 10, 150], [1, 1, 2, 1, 2], ["A", "A", None, None, "A"],
        date(2024, 1, 1), date(2024, 12, 30),
    )  # fmt: skip


def lookup(table):
    keys = zip(table["level"], table["object_id"], table["period"], strict=True)
    return dict(zip(keys, table["n_events"], strict=True))


def test_events_fall_in_the_quarter_of_their_day():
    spots = pd.Series({1: "H01"})
    table = count_periods(example(), spots, cell_size_m=100, unit="quarter")
    assert lookup(table) == {
        ("whole", "*", "2024-Q1"): 2,
        ("whole", "*", "2024-Q2"): 1,
        ("whole", "*", "2024-Q3"): 0,
        ("whole", "*", "2024-Q4"): 2,
        ("area", "A", "2024-Q1"): 2,
        ("area", "A", "2024-Q4"): 1,
        ("hotspot", "H01", "2024-Q1"): 2,
        ("hotspot", "H01", "2024-Q4"): 1,
        ("cell", "E0_N0", "2024-Q1"): 2,
        ("cell", "E0_N0", "2024-Q4"): 1,
        ("cell", "E1_N0", "2024-Q2"): 1,
        ("cell", "E1_N0", "2024-Q4"): 1,
        ("place", "1", "2024-Q1"): 2,
        ("place", "1", "2024-Q4"): 1,
        ("place", "2", "2024-Q2"): 1,
        ("place", "2", "2024-Q4"): 1,
    }
    whole = table.drop_duplicates("period").set_index("period")["whole"]
    assert whole.to_dict() == {
        "2024-Q1": True, "2024-Q2": True, "2024-Q3": True, "2024-Q4": False,
    }  # fmt: skip


def test_years_are_the_sums_of_their_quarters_and_order_matters_not():
    rng = np.random.default_rng(1)
    n = 400
    days = np.datetime64("2022-02-03") + rng.integers(0, 900, n)
    places = rng.integers(1, 30, n)
    last = days.max().astype(object)
    args = (places * 37.0, places, [None] * n)
    made = selection(days, *args, date(2022, 2, 3), last)
    spots = pd.Series(dtype="str")
    quarters = count_periods(made, spots, cell_size_m=100, unit="quarter")
    years = count_periods(made, spots, cell_size_m=100, unit="year")
    summed = quarters.assign(period=quarters["period"].str[:4])
    summed = summed.groupby(["level", "object_id", "period"], observed=True)["n_events"].sum()
    assert summed.to_dict() == lookup(years)
    order = rng.permutation(n)
    turned = selection(
        days[order], (places * 37.0)[order], places[order], [None] * n, date(2022, 2, 3), last
    )
    again = count_periods(turned, spots, cell_size_m=100, unit="quarter")
    pd.testing.assert_frame_equal(quarters, again)


def test_nothing_counted_gives_an_empty_table():
    none = Selection(pd.DataFrame(), np.array([], int), np.array([], "datetime64[D]"), np.array([], int), "police", None, False, ())  # fmt: skip
    table = count_periods(none, pd.Series(dtype="str"), cell_size_m=100, unit="year")
    assert len(table) == 0
    assert list(table) == list(PERIOD_TABLES["period_counts"])


@pytest.mark.parametrize(
    ("first", "last", "n_places", "unit"),
    [
        (date(2023, 1, 1), date(2025, 12, 31), 20_000, "quarter"),
        (date(2023, 1, 1), date(2025, 12, 31), 20_001, "year"),
        (date(2022, 12, 31), date(2025, 12, 31), 10, "year"),
        (date(2024, 5, 1), date(2024, 5, 2), 1, "quarter"),
    ],
)
def test_quarters_up_to_three_years_and_a_number_of_places(first, last, n_places, unit):
    assert period_unit(first, last, n_places) == unit


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=12)
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_packing_loses_nothing(counts):
    names = ["a", "b", "c"]
    ids = [f"o{i}" for i in range(len(counts))]
    rows = [(o, p, n) for o, row in zip(ids, counts, strict=True) for p, n in zip(names, row, strict=True) if n]  # fmt: skip
    codes = packed(
        pd.DataFrame(rows[::-1], columns=["object_id", "period", "n_events"]), ids, names
    )
    unpacked, current = [], [0, 0, 0]
    for code in codes:
        if code:
            value = abs(code) - 1
            current[value % 3] = value // 3 + 1
        if code <= 0:
            unpacked.append(current)
            current = [0, 0, 0]
    assert unpacked == counts
