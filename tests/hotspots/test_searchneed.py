"""The need of entrances: shares that add up, shrinking by hand, points that only rise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import gamma, poisson

from geodata import schema
from geodata.register.reading import as_register
from geodata.search_tables import NEED_COLUMNS, REGISTER, REGISTER_COLUMNS, SEARCHES
from hotspots.options import SearchOptions
from hotspots.searchneed.options import NeedOptions
from hotspots.searchneed.sharing import MEDIAN_RADIUS, REACH_SD, share_points
from hotspots.searchneed.shrinking import MOST_SHAPE, gamma_shape, posterior, shrink, sums_around
from hotspots.searchneed.weighing import Need, weigh_need
from tests.factories import CRS, X0, Y0, make_incidents

TODAY = date(2025, 1, 1)
DAY = 366
"""`day` of make_incidents that is `TODAY`."""

FAR = 500.0
"""Metres between entrances that share nothing."""


def entrances(n: int, step: float = FAR, **columns: Any) -> gpd.GeoDataFrame:
    data: dict[str, Any] = {}
    for name, column in REGISTER_COLUMNS.items():
        if column.kind == "text":
            data[name] = pd.Series([None if column.nullable else ""] * n, dtype="str")
        elif column.kind == "date":
            data[name] = np.full(n, np.datetime64("NaT", "us"))
        elif column.kind == "int":
            data[name] = pd.array([None] * n, dtype="Int64")
        elif column.kind == "category":
            value = columns.pop(name, "valid" if name == "consent" else column.values[0])
            full = [value] * n if isinstance(value, str) else value
            data[name] = schema.category(full, "register", name, tables=REGISTER)
    data["entrance_id"] = pd.Series([f"E{i}" for i in range(n)], dtype="str")
    data["x_m"], data["y_m"] = X0 + step * np.arange(n), np.full(n, Y0)
    data["dwellings"] = pd.array([10] * n, dtype="Int64")
    data["spaces"] = pd.Series(["stairwell"] * n, dtype="str")
    for name, value in columns.items():
        kind = data[name].dtype
        data[name] = pd.Series(value if np.ndim(value) else [value] * n).astype(kind)
    return as_register(pd.DataFrame(data), CRS)


def reports(**columns: Any) -> pd.DataFrame:
    usual = {
        "space_type": "residential_common",
        "source": "est_report",
        "certainty": "confirmed",
        "day": DAY,
    }
    return make_incidents(**{**usual, **columns})


def results(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return results: entrance, space, Monday, result."""
    ids, spaces, mondays, found = zip(*rows, strict=True) if rows else ((), (), (), ())
    n = len(rows)
    category = {"space": spaces, "result": found}
    data: dict[str, Any] = {
        "entrance_id": pd.Series(ids, dtype="str"),
        "known": np.ones(n, dtype=bool),
        "source_row": np.arange(n),
        "week": pd.Series([""] * n, dtype="str"),
        "week_start": pd.to_datetime(list(mondays)).astype("datetime64[us]"),
        "minutes": np.full(n, np.nan),
        "performer": pd.Series([None] * n, dtype="str"),
        "to_police": pd.array([None] * n, dtype="boolean"),
        "follow_up": pd.Series([None] * n, dtype="str"),
    }
    for name, values in category.items():
        data[name] = schema.category(values, "search_results", name, tables=SEARCHES)
    table = pd.DataFrame(data)[list(SEARCHES["search_results"])]
    schema.check(table, "search_results", tables=SEARCHES)
    return table


def weigh(
    register: gpd.GeoDataFrame,
    incidents: pd.DataFrame,
    found: pd.DataFrame | None = None,
    cameras: gpd.GeoDataFrame | None = None,
    **options: Any,
) -> Need:
    return weigh_need(
        register,
        incidents,
        results=found,
        cameras=cameras,
        on=TODAY,
        counted=SearchOptions(),
        options=NeedOptions(**options),
        crs=CRS,
    )


def test_known_answer() -> None:
    register = entrances(3)
    incidents = reports(
        x=[0, 0, FAR, FAR, 9000],
        day=[DAY, DAY - 120, DAY, DAY, DAY],
        certainty=["confirmed", "confirmed", "suspected", "unknown", "confirmed"],
    )
    table = weigh(register, incidents).table
    assert table["reports"].tolist() == [2, 2, 0]
    assert_allclose(table["reports_weighted"], [1 + 0.5, 0.5 + 0.75, 0])
    assert_allclose(table["need"], table["need_reports"])
    assert (table["hit_factor"] == 1).all()


def test_what_does_not_count() -> None:
    register = entrances(2)
    other = reports(
        x=0,
        space_type=["public", "dwelling", "residential_common", "residential_common"],
        offence_class=["drug_use", "drug_use", "alcohol", "drug_use"],
        day=[DAY, DAY, DAY, DAY - 365],
    )
    later = reports(x=[0], day=[DAY + 1])
    area = reports(x=[0], geocode_class=["area"])
    for incidents in (other, later, area):
        assert weigh(register, incidents).table["need"].tolist() == [0, 0]
    notice = weigh(register, area).notices[0]
    assert notice.code == "need_weighed"
    assert (notice.data["n"], notice.data["n_given"]) == (1, 0)


def test_no_population_or_income_is_read() -> None:
    words = ("population", "income", "foreign", "age", "welfare", "befolk", "inkomst", "utrikes")
    for name in (*REGISTER_COLUMNS, *NEED_COLUMNS):
        assert not any(word in name.split("_") for word in words)


def test_each_part_is_shown_and_adds_up() -> None:
    register = entrances(3, owner_request=[None, pd.Timestamp("2024-12-01"), None])
    cameras = gpd.GeoDataFrame(geometry=gpd.points_from_xy([X0 + 2 * FAR + 30], [Y0]), crs=CRS)
    found = results(
        ("E0", "stairwell", "2024-09-02", "find"), ("E1", "stairwell", "2024-09-02", "alert")
    )
    table = weigh(register, reports(x=[0]), found, cameras).table
    parts = table[["need_reports", "need_finds", "need_camera", "need_request"]]
    assert_allclose(table["need"], parts.sum(axis=1))
    age = (TODAY - date(2024, 9, 2)).days
    assert_allclose(table["need_finds"], [2 * 0.5 ** (age / 120), 0, 0])
    assert_allclose(table["need_camera"], [0, 0, 1 - 30 / 150])
    assert table["need_request"].tolist() == [0, 1, 0]
    assert table["n_searches"].tolist() == [1, 1, 0]
    assert "tidigare fynd" in table["need_words"][0]
    assert "ägarens önskemål" in table["need_words"][1]
    assert "kamera" in table["need_words"][2]
    schema.check(table, "search_entrances", crs=CRS, tables=SEARCHES)


def test_finds_of_one_week_count_once_and_old_ones_not() -> None:
    register = entrances(2)
    found = results(
        ("E0", "stairwell", "2024-12-30", "find"),
        ("E0", "attic", "2024-12-30", "find"),
        ("E1", "attic", "2023-12-25", "find"),
    )
    table = weigh(register, reports(x=[9000]), found).table
    assert_allclose(table["finds_weighted"], [0.5 ** (2 / 120), 0])


@given(
    st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=1, max_size=12),
    st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=1, max_size=12),
    st.floats(1, 200),
)
def test_shares_add_up_to_one_or_to_nothing(
    points: list[tuple[float, float]], doors: list[tuple[float, float]], error: float
) -> None:
    at, to = np.array(points), np.array(doors)
    shares = share_points(at, np.full(len(at), error), to)
    total = np.bincount(shares.point, weights=shares.share, minlength=len(at))
    apart = np.hypot(*(at[:, None] - to).transpose(2, 0, 1))
    reach = REACH_SD * error / MEDIAN_RADIUS
    reached = (apart <= reach * (1 - 1e-9)).any(axis=1)
    assert_allclose(total[reached], 1)
    assert set(np.round(total, 9)) <= {0.0, 1.0}


def test_shares_against_the_density_of_the_error() -> None:
    rng = np.random.default_rng(1)
    points, doors = rng.uniform(0, 100, (5, 2)), rng.uniform(0, 100, (9, 2))
    error = np.array([15.0, 15, 40, 40, np.nan])
    shares = share_points(points, error, doors)
    found = np.zeros((5, 9))
    found[shares.point, shares.entrance] = shares.share
    for i in range(4):
        sd = error[i] / MEDIAN_RADIUS
        apart = np.hypot(*(doors - points[i]).T)
        density = np.where(apart <= 3 * sd, np.exp(-((apart / sd) ** 2) / 2), 0)
        assert_allclose(found[i], density / density.sum() if density.any() else 0)
    assert not found[4].any()


def test_half_the_error_lies_within_its_median() -> None:
    rng = np.random.default_rng(2)
    moved = rng.normal(0, 40 / MEDIAN_RADIUS, (40_000, 2))
    assert np.median(np.hypot(*moved.T)) == pytest.approx(40, rel=0.02)


def test_shrinking_by_hand() -> None:
    counts, dwellings = np.array([4.0, 0.0, 2.0]), np.array([10.0, 10.0, 20.0])
    mean = 6 / 40
    spread = (10 * (0.4 - mean) ** 2 + 10 * mean**2 + 20 * (0.1 - mean) ** 2) / 40
    between = spread - mean / (40 / 3)
    shape = gamma_shape(counts, dwellings)
    assert shape == pytest.approx(mean**2 / between)
    expected = posterior(counts, dwellings, np.full(3, mean), shape)
    assert_allclose(expected, dwellings * (counts + shape) / (dwellings + shape / mean))
    assert 4 > expected[0] > 10 * mean
    assert 0 < expected[1] < 10 * mean


def test_posterior_against_integration() -> None:
    shape, mean, homes, count = 1.7, 0.2, 12.0, 5
    prior = gamma(shape, scale=mean / shape)

    def weight(rate: float) -> float:
        return float(prior.pdf(rate) * poisson.pmf(count, rate * homes))

    top = quad(lambda r: r * weight(r), 0, 5)[0] / quad(weight, 0, 5)[0]
    found = posterior(np.array([5.0]), np.array([homes]), np.array([mean]), shape)
    assert found[0] == pytest.approx(top * homes, rel=1e-6)


def test_rates_that_differ_no_more_than_chance_are_all_the_neighbourhoods() -> None:
    counts = np.array([1.0, 1.0, 1.0, 1.0])
    assert gamma_shape(counts, np.full(4, 10.0)) == MOST_SHAPE
    assert gamma_shape(np.zeros(4), np.full(4, 10.0)) == MOST_SHAPE


@given(
    st.lists(st.integers(0, 20), min_size=2, max_size=10),
    st.integers(0, 9),
    st.floats(0.1, 5),
    st.floats(0.01, 50),
    st.floats(0.1, 1),
)
def test_need_rises_with_reports_at_fixed_prior(
    numbers: list[int], at: int, more: float, shape: float, phi: float
) -> None:
    counts = np.array(numbers, dtype=float)
    homes = np.full(len(counts), 10.0)
    around = np.full(len(counts), 0.3)
    up = counts.copy()
    up[at % len(counts)] += more
    low, high = (posterior(c, homes, around, shape, phi) for c in (counts, up))
    assert high[at % len(counts)] > low[at % len(counts)]
    assert (np.delete(high, at % len(counts)) == np.delete(low, at % len(counts))).all()


@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=8),
    st.integers(0, 7),
)
@settings(max_examples=25, deadline=None)
def test_one_more_report_at_the_door_never_lowers_need(numbers: list[int], at: int) -> None:
    register = entrances(len(numbers))
    at %= len(numbers)
    doors = [i for i, n in enumerate(numbers) for _ in range(n)]
    before = weigh(register, reports(x=[FAR * i for i in [*doors]] or [9e4]))
    after = weigh(register, reports(x=[FAR * i for i in [*doors, at]]))
    assert after.table["need"][at] >= before.table["need"][at] - 1e-12


def test_newer_and_surer_reports_weigh_more() -> None:
    register = entrances(2)
    base = weigh(register, reports(x=[0, FAR], day=[DAY - 10, DAY - 200])).table["need"]
    assert base[0] > base[1]
    sure = weigh(register, reports(x=[0, FAR], certainty=["confirmed", "suspected"])).table["need"]
    assert sure[0] > sure[1]


def test_half_life_is_a_setting() -> None:
    one = weigh(entrances(1), reports(x=[0], day=[DAY - 30]), half_life_days=30.0)
    assert one.table["reports_weighted"].tolist() == [0.5]


def test_moved_in_time_all_is_the_same() -> None:
    register = entrances(3)
    incidents = reports(x=[0, 0, FAR], day=[DAY, DAY - 40, DAY - 90])
    now = weigh(register, incidents).table["need"]
    move = timedelta(days=70)
    later = incidents.assign(start=incidents["start"] + move, end=incidents["end"] + move)
    then = weigh_need(
        register,
        later,
        results=None,
        cameras=None,
        on=TODAY + move,
        counted=SearchOptions(),
        options=NeedOptions(),
        crs=CRS,
    )
    assert_allclose(then.table["need"], now)


def test_moved_in_space_all_is_the_same() -> None:
    incidents = reports(x=[0, 20, 41, FAR], y=[3, 0, 0, 0])
    here = weigh(entrances(4, step=35), incidents).table["need"]
    moved = incidents.assign(x_m=incidents["x_m"] + 4000, y_m=incidents["y_m"] - 700)
    register = entrances(4, step=35)
    there = as_register(
        pd.DataFrame(register.drop(columns="geometry")).assign(
            x_m=register["x_m"] + 4000, y_m=register["y_m"] - 700
        ),
        CRS,
    )
    assert_allclose(weigh(there, moved).table["need"], here, rtol=1e-9)


def test_weights_scaled_need_scales() -> None:
    xy = np.random.default_rng(3).uniform(0, 400, (30, 2))
    counts = np.random.default_rng(4).poisson(2, 30).astype(float)
    homes = np.random.default_rng(5).integers(4, 30, 30).astype(float)
    one = shrink(xy, counts, homes, radius_m=100, prior_dwellings=50, phi=1.0)
    half = shrink(xy, counts / 2, homes, radius_m=100, prior_dwellings=50, phi=0.5)
    assert_allclose(half.expected, one.expected / 2)
    assert half.shape == pytest.approx(one.shape)


def test_sums_around_against_brute_force() -> None:
    rng = np.random.default_rng(6)
    xy, values = rng.uniform(0, 100, (40, 2)), rng.uniform(0, 1, (40, 2))
    near = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1)) <= 25
    assert_allclose(sums_around(xy, values, 25), near @ values)


def test_unknown_dwellings_are_the_usual() -> None:
    known = entrances(3)
    known["dwellings"] = pd.array([10, None, 10], dtype="Int64")
    incidents = reports(x=[0, FAR])
    found = weigh(known, incidents)
    assert_allclose(found.table["need"], weigh(entrances(3), incidents).table["need"])
    assert "dwellings_unknown" in [n.code for n in found.notices]


def test_order_of_reports_and_entrances_does_not_matter() -> None:
    incidents = reports(x=list(range(0, 300, 7)), day=[DAY - i for i in range(43)])
    register = entrances(8, step=40)
    turned = as_register(pd.DataFrame(register.drop(columns="geometry")).iloc[::-1], CRS)
    one, other = weigh(register, incidents), weigh(turned, incidents.iloc[::-1])
    assert_geodataframe_equal(one.table, other.table)


def test_empty_register_and_no_reports() -> None:
    nothing = weigh(entrances(0), reports(x=[0]))
    assert nothing.table.empty
    assert nothing.hits.empty
    quiet = weigh(entrances(2), reports(x=[0]).iloc[:0])
    assert quiet.table["need"].tolist() == [0, 0]


def test_est_reports_go_before_more_events_of_another_source() -> None:
    for n, expected in ((20, "est_report"), (19, "police")):
        source = ["est_report"] * n + ["police"] * 40
        found = weigh(entrances(2), reports(x=[0] * n + [FAR] * 40, source=source))
        assert found.notices[0].data["source"] == expected
        rises = found.table["reports"]
        assert (rises[0] > rises[1]) == (expected == "est_report")
