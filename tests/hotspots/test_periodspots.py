"""Hot spots of each period: limits in proportion, known answers, relations to the whole time."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.period_tables import PERIOD_TABLES
from hotspots.clusters import find_hotspots
from hotspots.options import HotspotOptions
from hotspots.periodspots import find_period_hotspots, limits_of
from hotspots.selection import count
from tests.factories import CRS, make_incidents, make_places, no_incidents

SETTINGS: dict[str, Any] = {
    "date_from": date(2024, 1, 1),
    "date_to": date(2025, 12, 31),
    "top_share": 1.0,
    "min_samples": 8,
}


def find(incidents: Any, unit: Any = "year", **more: Any) -> tuple[Any, gpd.GeoDataFrame]:
    options = HotspotOptions(**{**SETTINGS, **more})
    places = make_places(incidents)
    counted = count(incidents, options)
    whole = find_hotspots(incidents, places, options, crs=CRS, counted=counted)
    table = find_period_hotspots(counted, places, whole, options, unit=unit, crs=CRS)
    return whole, table


def crowds(*parts: tuple[float, range]) -> Any:
    """Return events at places by easting and day."""
    x = [one for one, days in parts for _day in days]
    day = [one for _x, days in parts for one in days]
    return make_incidents(x=x, day=day)


STEADY = (0.0, range(0, 730, 14))
FIRST_YEAR = (500.0, range(0, 360, 40))
SECOND_YEAR = (1000.0, range(370, 730, 20))


@pytest.mark.parametrize(
    ("share", "core", "events", "days"),
    [
        (1.0, 12, 10, 6),
        (0.5, 6, 5, 3),  # 0.5 × 12, 10, 6
        (0.125, 5, 5, 3),  # never below what makes a gathering at all
    ],
)
def test_limits_shrink_with_the_length_of_the_period(
    share: float, core: int, events: int, days: int
) -> None:
    made = limits_of(HotspotOptions(), 12, share)
    assert (made.min_samples, made.min_events, made.min_days) == (core, events, days)
    assert made.eps_m == HotspotOptions().eps_m


def test_limits_below_the_floor_stay_as_stated() -> None:
    asked = HotspotOptions(min_events=2, min_days=1, min_samples=3)
    made = limits_of(asked, 3, 0.25)
    assert (made.min_samples, made.min_events, made.min_days) == (3, 2, 1)


def test_known_answer() -> None:
    whole, table = find(crowds(STEADY, FIRST_YEAR, SECOND_YEAR))
    # Nine events in one year are too few for the whole time (10), and enough for a year (5).
    assert whole.table["hotspot_id"].tolist() == ["H01"]
    told = table[["period", "spot_id", "rank", "n_events", "n_days", "n_places"]]
    assert told.to_numpy().tolist() == [
        ["2024", "H01", 1, 27, 27, 1],
        ["2024", "P1", 2, 9, 9, 1],
        ["2025", "H01", 1, 26, 26, 1],
        ["2025", "P1", 2, 18, 18, 1],
    ]
    assert table["hotspot_id"].isna().tolist() == [False, True, False, True]
    x = table.geometry.centroid.x - 569_000
    assert x.round().tolist() == [0, 500, 0, 1000]
    assert list(table) == list(PERIOD_TABLES["period_hotspots"])


def test_two_of_the_same_hot_spot_have_letters() -> None:
    # Joined over two years by the place between them, apart in the second.
    parts = ((0.0, range(0, 720, 15)), (140.0, range(0, 720, 16)), (70.0, range(0, 360, 12)))
    whole, table = find(crowds(*parts))
    assert len(whole.table) == 1
    by_year = table.groupby("period")["spot_id"].agg(list).to_dict()
    assert by_year == {"2024": ["H01"], "2025": ["H01", "H01b"]}
    assert table["hotspot_id"].tolist() == ["H01"] * 3


def test_nothing_counted_gives_an_empty_table_with_its_columns() -> None:
    _whole, table = find(no_incidents())
    assert len(table) == 0
    assert list(table) == list(PERIOD_TABLES["period_hotspots"])
    assert isinstance(table, gpd.GeoDataFrame)


def test_periods_without_hot_spots_have_no_row() -> None:
    _whole, table = find(crowds(SECOND_YEAR))
    assert table["period"].tolist() == ["2025"]
    _whole, table = find(crowds((0.0, range(0, 730, 300))))
    assert len(table) == 0


def town(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    n = 600
    centres = rng.integers(0, 12, n)
    return make_incidents(
        x=(centres * 260.0 + 30.0 * rng.integers(0, 3, n)).tolist(),
        day=np.minimum(rng.integers(0, 731, n), 90 * centres + rng.integers(0, 400, n)).tolist(),
    )


def test_a_period_that_is_the_whole_time_has_its_hot_spots() -> None:
    year = {"date_from": date(2024, 1, 1), "date_to": date(2024, 12, 31)}
    for settings_ in ({}, {"min_samples": "auto"}, {"rank_by": "events"}, {"rank_by": "density"}):
        whole, table = find(town(3), **year, **settings_)
        assert len(table) > 2
        assert table["spot_id"].tolist() == whole.table["hotspot_id"].tolist()
        for column in ("n_events", "n_days", "n_places", "rank", "area_m2"):
            assert table[column].tolist() == whole.table[column].tolist(), column
        assert table.geometry.geom_equals(whole.table.geometry).all()


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    incidents = town(seed)
    order = np.random.default_rng(seed).permutation(len(incidents))
    _whole, one = find(incidents, "quarter")
    _whole, two = find(incidents.iloc[order].reset_index(drop=True), "quarter")
    assert_geodataframe_equal(one, two)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_events_of_other_periods_change_no_period(seed: int) -> None:
    incidents = town(seed)
    _whole, one = find(incidents)
    later = incidents["start"].dt.year == 2025
    # Without the second year; the counted time is stated, so that its length stays.
    _whole, two = find(incidents[~later].reset_index(drop=True))
    columns = ["rank", "n_events", "n_days", "n_places", "area_m2"]
    first = one[one["period"] == "2024"][columns].reset_index(drop=True)
    assert first.equals(two[two["period"] == "2024"][columns].reset_index(drop=True))
