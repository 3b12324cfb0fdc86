"""Events into areas at their own date: known answers, brute force, sums, order."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from areas.assign import assign_areas, assign_points
from areas.boundaries import builtin_areas
from geodata import schema
from geodata.errors import SchemaError

CRS = "EPSG:3006"
ZONE = "Europe/Stockholm"


def areas_of(rows: list[tuple[str, shapely.Geometry, str | None, str | None]]) -> gpd.GeoDataFrame:
    n = len(rows)
    table = gpd.GeoDataFrame(
        {
            "area_id": pd.Series([r[0] for r in rows], dtype="str"),
            "name": pd.Series([r[0] for r in rows], dtype="str"),
            "kind": schema.category(["est_area"] * n, "areas", "kind"),
            "valid_from": pd.to_datetime(pd.Series([r[2] for r in rows])).astype("datetime64[us]"),
            "valid_to": pd.to_datetime(pd.Series([r[3] for r in rows])).astype("datetime64[us]"),
            "decision_ref": pd.Series([None] * n, dtype="str"),
            "authoritative": pd.Series([False] * n, dtype="bool"),
            "source": pd.Series(["test"] * n, dtype="str"),
            "population": np.full(n, np.nan),
        },
        geometry=gpd.GeoSeries([r[1] for r in rows], crs=CRS),
        crs=CRS,
    )
    schema.check(table, "areas", crs=CRS)
    return table


def events_of(points: list[tuple[float, float]], times: list[str]) -> pd.DataFrame:
    xy = np.array(points, dtype=float).reshape(-1, 2)
    distinct, place = np.unique(xy, axis=0, return_inverse=True)
    start = pd.to_datetime(pd.Series(times, dtype="str"), format="ISO8601").astype("datetime64[us]")
    return pd.DataFrame(
        {
            "place_id": place + 1,
            "x_m": distinct[place, 0],
            "y_m": distinct[place, 1],
            "start": start.dt.tz_localize(ZONE),
        }
    )


def brute(events: pd.DataFrame, areas: gpd.GeoDataFrame) -> list[str | None]:
    ordered = areas.sort_values(["area_id", "valid_from"], na_position="first")
    answer: list[str | None] = []
    for _i, event in events.iterrows():
        day = event["start"].tz_localize(None).normalize()
        point = shapely.Point(event["x_m"], event["y_m"])
        answer.append(
            next(
                (
                    area["area_id"]
                    for _j, area in ordered.iterrows()
                    if not (area["valid_from"] > day or area["valid_to"] < day)
                    and area["geometry"].covers(point)
                ),
                None,
            )
        )
    return answer


def as_list(found: pd.Series) -> list[str | None]:
    return [None if pd.isna(v) else v for v in found]


def test_inside_outside_and_on_the_border() -> None:
    areas = areas_of(
        [
            ("b", shapely.box(0, 0, 10, 10), None, None),
            ("a", shapely.box(10, 0, 20, 10), None, None),
        ]
    )
    events = events_of([(5, 5), (10, 5), (10, 0), (20, 10), (21, 5), (0, 0)], ["2024-01-01"] * 6)
    found = assign_areas(events, areas, kind="est_area")
    assert as_list(found) == ["b", "a", "a", "a", None, "b"]
    assert isinstance(found.dtype, pd.StringDtype)
    assert found.name == "area_id"
    assert found.index.equals(events.index)


def test_each_event_at_its_own_date() -> None:
    box = shapely.box(0, 0, 10, 10)
    areas = areas_of(
        [
            ("old", box, None, "2023-12-31"),
            ("new", box, "2024-01-01", "2024-06-30"),
            ("gone", shapely.box(0, 0, 1, 1), "2030-01-01", None),
        ]
    )
    times = [
        "2023-12-31 23:59:59.999999",
        "2024-01-01 00:00",
        "2024-06-30 23:59",
        "2024-07-01 00:00",
    ]
    found = assign_areas(events_of([(5, 5)] * 4, times), areas, kind="est_area")
    assert as_list(found) == ["old", "new", "new", None]


def test_date_is_the_local_day_and_not_that_of_utc() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), "2024-07-01", None)])
    events = events_of([(5, 5), (5, 5)], ["2024-07-01 00:30", "2024-06-30 23:30"])
    assert as_list(assign_areas(events, areas, kind="est_area")) == ["a", None]


def test_midnight_that_daylight_saving_skips() -> None:
    """In Beirut 2022-03-27 began at 01:00."""
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), "2022-03-27", None)])
    events = events_of([(5, 5), (5, 5)], ["2022-03-27 12:00"] * 2)
    start = pd.Series(pd.to_datetime(["2022-03-26 23:59", "2022-03-27 01:00"])).dt.as_unit("us")
    events["start"] = start.dt.tz_localize("Asia/Beirut")
    assert as_list(assign_areas(events, areas, kind="est_area")) == [None, "a"]


def test_only_the_kind_asked_for() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), None, None)])
    events = events_of([(5, 5)], ["2024-01-01"])
    assert as_list(assign_areas(events, areas, kind="regso")) == [None]
    with pytest.raises(ValueError, match="unknown kind"):
        assign_areas(events, areas, kind="stadsdel")


squares = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 6), st.integers(1, 6))
day_numbers = st.none() | st.integers(0, 12)


def stamp(number: int | None) -> str | None:
    return None if number is None else str(date(2024, 3, 25 + number if number < 7 else 31))


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), squares, day_numbers, day_numbers), max_size=7),
    st.lists(st.tuples(st.integers(-1, 15), st.integers(-1, 15), st.integers(0, 200)), max_size=25),
)
def test_equals_brute_force(rows, points) -> None:
    areas = areas_of(
        [
            (name, shapely.box(x, y, x + w, y + h), stamp(first), stamp(last))
            for name, (x, y, w, h), first, last in rows
        ]
    )
    # hours from 25 March 2024, over the change to summer time on 31 March
    times = [
        str(pd.Timestamp("2024-03-25") + pd.Timedelta(hours=h + h // 146)) for *_xy, h in points
    ]
    events = events_of([(x, y) for x, y, _h in points], times)
    found = as_list(assign_areas(events, areas, kind="est_area"))
    assert found == brute(events, areas)
    on = date(2024, 3, 28)
    same_day = events.assign(start=pd.Timestamp(on, tz=ZONE).as_unit("us"))
    geometry = gpd.GeoSeries(shapely.points(events["x_m"], events["y_m"]), crs=CRS)
    assert as_list(assign_points(geometry, areas, kind="est_area", on=on)) == brute(same_day, areas)


@given(st.randoms(use_true_random=False))
def test_order_of_events_and_areas_does_not_matter(random) -> None:
    areas = areas_of([(f"a{i}", shapely.box(3 * i, 0, 3 * i + 5, 9), None, None) for i in range(5)])
    events = events_of([(i % 19, i % 11) for i in range(80)], ["2024-01-01"] * 80)
    expected = assign_areas(events, areas, kind="est_area")
    order = list(range(80))
    random.shuffle(order)
    rows = list(range(5))
    random.shuffle(rows)
    found = assign_areas(events.iloc[order], areas.iloc[rows], kind="est_area")
    pd.testing.assert_series_equal(found.sort_index(), expected)


def test_inside_and_outside_are_all_and_regso_covers_the_municipality() -> None:
    """Every point within the municipality stands in one RegSO, also on the borders between them."""
    areas = builtin_areas(["est", "regso"], CRS)
    rng = np.random.default_rng(1)
    regso = areas[areas["kind"] == "regso"]
    corners = shapely.get_coordinates(regso.geometry.to_numpy())
    x0, y0, x1, y1 = regso.total_bounds
    scattered = rng.uniform((x0, y0), (x1, y1), (3000, 2))
    events = events_of(
        [*map(tuple, scattered), *map(tuple, corners)], ["2024-01-01"] * (3000 + len(corners))
    )
    found = assign_areas(events, areas, kind="regso")
    assert found.iloc[3000:].notna().all()
    assert found.notna().sum() + found.isna().sum() == len(events)
    outline = regso.union_all()
    shapely.prepare(outline)
    within = shapely.intersects_xy(outline, events["x_m"].to_numpy(), events["y_m"].to_numpy())
    # The union's border is computed, so points on it are compared only where it is exact.
    np.testing.assert_array_equal(found.iloc[:3000].notna().to_numpy(), within[:3000])


def test_sparse_place_numbers() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), None, None)])
    events = events_of([(5, 5), (10, 10), (1, 1)], ["2024-01-01"] * 3)
    events["place_id"] = events["place_id"] * 10**12
    assert as_list(assign_areas(events, areas, kind="est_area")) == ["a", None, "a"]


def test_no_events_and_missing_points() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), None, "2024-01-01")])
    empty = schema.empty("incidents")
    found = assign_areas(empty, areas, kind="est_area")
    assert len(found) == 0
    assert isinstance(found.dtype, pd.StringDtype)
    points = gpd.GeoSeries([shapely.Point(1, 1), None, shapely.Point()], crs=CRS, index=[7, 8, 9])
    found = assign_points(points, areas, kind="est_area", on=date(2024, 1, 1))
    assert as_list(found) == ["a", None, None]
    assert found.index.tolist() == [7, 8, 9]


def test_points_in_another_system_are_refused() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), None, None)])
    points = gpd.GeoSeries([shapely.Point(1, 1)], crs="EPSG:3010")
    with pytest.raises(SchemaError):
        assign_points(points, areas, kind="est_area", on=date(2024, 1, 1))


def test_input_is_left_alone() -> None:
    areas = areas_of([("a", shapely.box(0, 0, 9, 9), "2024-01-01", None)])
    events = events_of([(5, 5)], ["2024-01-01"])
    before, areas_before = events.copy(deep=True), areas.copy(deep=True)
    assign_areas(events, areas, kind="est_area")
    pd.testing.assert_frame_equal(events, before)
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(areas_before))
