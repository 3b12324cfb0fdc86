"""The crime picture of a view: known answers, brute force, bad cases."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from hotspots.clusters import Hotspots
from hotspots.crimepicture import (
    Counted,
    Held,
    Measure,
    compare_places,
    count_measures,
    describe_crime,
    event_days_of,
    find_members,
    hot_quarters,
)
from hotspots.crimepicture.change import rate_change
from hotspots.options import HotspotOptions
from hotspots.period import Period
from hotspots.persistence import PersistenceOptions, follow_hotspots
from tests.factories import CRS, X0, Y0, make_incidents, make_places

YEAR = Period(date(2024, 1, 1), date(2025, 12, 31))
COUNTED = Counted(
    classes=("drug_supply", "drug_possession"),
    source="police",
    space_types=("public",),
    period=YEAR,
    earliest=date(2024, 1, 1),
)


def box(west, south, east, north):
    return shapely.box(X0 + west, Y0 + south, X0 + east, Y0 + north)


def extra(n=1):
    return pd.DataFrame(
        {"n_expected": [1.0] * n, "n_quarters": [8] * n, "n_hot": [3] * n, "stability": [0.5] * n}
    )


def members_of(incidents, *views, buildings=None, address_m=0.0):
    return find_members(
        make_places(incidents),
        np.array(views, dtype=object),
        buildings=buildings,
        address_m=address_m,
    )


def test_counts_reports_and_offences_apart_by_source_class_and_period():
    incidents = make_incidents(
        x=[1, 1, 1, 2, 2, 50, 1],
        day=[700, 701, 300, 10, 720, 720, 721],
        case_id=["a", "a", "b", None, None, "z", "u"],
        offence_count=[2, 1, 3, 1, 1, 9, 4],
        offence_class=["drug_possession"] * 4 + ["violence", "drug_supply", "drug_use"],
        source=["police"] * 4 + ["est_report", "police", "police"],
    )
    members = members_of(incidents, box(0, -5, 10, 5))
    crime = describe_crime(incidents, members, ["K01"], COUNTED, extra=extra())
    counts = crime.counts.set_index(["months", "source", "offence_class"])
    assert counts.loc[(12, "police", "drug_possession"), ["n_reports", "n_offences"]].tolist() == [
        1,
        3,
    ]
    assert counts.loc[(24, "police", "drug_possession"), "n_reports"] == 3
    assert counts.loc[(24, "est_report", "violence"), "n_offences"] == 1
    assert counts.loc[(12, "police", "drug_use"), "n_offences"] == 4
    assert crime.counts.groupby("months")["whole"].all().to_dict() == {
        12: True,
        24: True,
        36: False,
    }
    row = crime.picture.iloc[0]
    assert (row["n_events"], row["n_days"], row["n_use"]) == (4, 4, 1)
    assert row["longest_gap"] == 399
    assert crime.times["n"].sum() == pytest.approx(4)


def test_other_kinds_of_space_and_stacked_points_are_no_part_of_the_figures():
    incidents = make_incidents(
        x=[1, 1, 1], day=[1, 2, 3], space_type=["public", "dwelling", "public"],
        stacked=[False, False, True],
    )  # fmt: skip
    members = members_of(incidents, box(0, -5, 10, 5))
    row = describe_crime(incidents, members, ["K01"], COUNTED, extra=extra()).picture.iloc[0]
    assert (row["n_events"], row["n_dropped"]) == (1, 1)


def test_a_view_without_events_has_a_gap_as_long_as_the_period():
    incidents = make_incidents(x=[100.0])
    members = members_of(incidents, box(0, -5, 10, 5))
    row = describe_crime(incidents, members, ["K01"], COUNTED, extra=extra()).picture.iloc[0]
    assert (row["n_events"], row["longest_gap"], row["n_days"]) == (0, 731, 0)
    assert np.isnan(row["change"])
    assert pd.isna(row["window_start"])


def test_the_share_within_proposed_hours_and_its_efficiency():
    incidents = make_incidents(x=[1] * 4, day=[0, 1, 2, 3])  # Monday to Thursday at 12
    hours = np.zeros((7, 24), dtype=bool)
    hours[:2, 10:14] = True
    members = members_of(incidents, box(0, -5, 10, 5))
    row = describe_crime(
        incidents, members, ["K01"], COUNTED, extra=extra(), hours={"K01": hours}
    ).picture.iloc[0]
    assert row["hours_week"] == 8
    assert row["hours_share"] == pytest.approx(0.5)
    assert row["hours_efficiency"] == pytest.approx(0.5 / (8 / 168))


def test_a_change_is_given_only_with_enough_events():
    incidents = make_incidents(x=[1] * 30, day=[*range(10), *range(400, 420)])
    members = members_of(incidents, box(0, -5, 10, 5))

    def change(least):
        return describe_crime(
            incidents, members, ["K01"], COUNTED, extra=extra(), least_for_trend=least
        ).picture.iloc[0]

    assert change(30)["change"] == 2.0
    assert np.isnan(change(31)["change"])
    assert (change(31)["n_now"], change(31)["n_before"]) == (20, 10)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_interval_of_a_ratio_is_that_of_the_exact_binomial(now, before):
    ratio, low, high = rate_change(now, before)
    if now + before == 0:
        assert np.isnan([ratio, low, high]).all()
        return
    exact = binomtest(now, now + before).proportion_ci(0.95, method="exact")
    assert low == pytest.approx(exact.low / (1 - exact.low), abs=1e-9)
    if before:
        assert ratio == now / before
        assert high == pytest.approx(exact.high / (1 - exact.high), rel=1e-6)
        assert low <= ratio <= high
    else:
        assert np.isnan([ratio, high]).all()


def test_an_address_belongs_when_the_facade_of_its_own_house_is_in_view():
    houses = gpd.GeoDataFrame(geometry=[box(10, -5, 20, 5), box(22, -5, 30, 5)], crs=CRS)
    incidents = make_incidents(x=[5, 12, 18, 23], day=[0, 1, 2, 3])
    members = members_of(incidents, box(0, -5, 10, 5), buildings=houses, address_m=9)
    assert members.place.tolist() == [1, 2, 3]
    assert members.facade.tolist() == [False, True, True]
    near = members_of(incidents, box(0, -5, 10, 5), buildings=houses, address_m=3)
    assert near.place.tolist() == [1, 2]
    none = members_of(incidents, box(0, -5, 10, 5))
    assert none.place.tolist() == [1]


def test_quarters_in_the_top_class_by_the_rule_of_hot_spots():
    busy, quiet = list(range(0, 720, 10)), [5, 6]
    incidents = make_incidents(x=[1] * len(busy) + [500] * 2, day=busy + quiet)
    views = np.array([box(0, -5, 10, 5), box(490, -5, 510, 5)], dtype=object)
    places = make_places(incidents)
    members = find_members(places, views, buildings=None, address_m=0)
    found = hot_quarters(
        incidents, 2, members, COUNTED, options=HotspotOptions(), rules=PersistenceOptions()
    )
    assert found[0][0] == found[1][0] == 8
    assert found[0][1] == 8
    assert found[1][1] <= 1


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_hot_quarters_of_views_that_overlap_are_those_of_each_followed_alone(data):
    n = data.draw(st.integers(1, 60))
    points = st.lists(st.sampled_from([0, 5, 30, 60, 400]), min_size=n, max_size=n)
    days = data.draw(st.lists(st.integers(0, 730), min_size=n, max_size=n))
    incidents = make_incidents(x=data.draw(points), day=days)
    views = np.array([box(-1, -5, 32, 5), box(4, -5, 62, 5), box(900, 0, 910, 9)], dtype=object)
    places, rules = make_places(incidents), PersistenceOptions(min_events=2)
    members = find_members(places, views, buildings=None, address_m=0)
    alone = []
    for number_, view in enumerate(views):
        mine = members.of(number_)
        followed = Hotspots(
            table=gpd.GeoDataFrame(
                {"hotspot_id": pd.Series(["V"], dtype="str")}, geometry=[view], crs=CRS
            ),
            place_hotspot=pd.Series(["V"] * len(mine), index=mine, dtype="str"),
            notices=(),
            period=COUNTED.period,
            source="police",
        )
        options = HotspotOptions(classes=COUNTED.classes)
        table = follow_hotspots(incidents, places, followed, options, rules).table
        alone.append((int(table["n_quarters"].sum()), int(table["n_hot"].sum())))
    found = hot_quarters(
        incidents, len(views), members, COUNTED, options=HotspotOptions(), rules=rules
    )
    assert found == alone


def test_comparison_ranks_against_the_busiest_place_of_each_other_hot_spot():
    held = Held(
        n_events=np.array([10, 30, 8, 5, 40]),
        area_m2=np.array([5000.0, 5000.0, 1000.0, 5000.0, 10_000.0]),
        hotspot=np.array([0, 1, 1, 2, 0]),
        xy=np.array([[0, 0], [500, 0], [520, 0], [1000, 0], [20, 0]], dtype=float),
        hotspot_names=["H01 A", "H02 B", "H03 C"],
    )
    table = compare_places(
        ["K01"], np.array([0]), held, areas=[("Navestad", 100, 50.0)], apart_m=100, named=1
    )
    assert table["name"].tolist() == ["K01", "Navestad", "H02 B", "H03 C"]
    assert table["rank"].tolist() == [2, pd.NA, 1, 3]
    assert table["per_ha"].tolist() == [20.0, 2.0, 60.0, 10.0]
    assert table["named"].tolist() == [True, True, True, False]
    assert set(table["n_compared"]) == {3}
    # a place asked for is named before the others, with its own rank
    table = compare_places(
        ["K01"], np.array([0]), held, areas=[None], apart_m=100, named=1, asked={"K01": [3]}
    )
    assert table["name"].tolist() == ["K01", "H03 C", "H02 B"]
    assert table["rank"].tolist() == [2, 3, 1]
    assert table["named"].all()


def measure(first, last, name="M"):
    return Measure(name, "lighting", "Ljus", first, last, "", "", "")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 7, 1), date(2024, 7, 31), (6, 182, 184)),
        (date(2024, 3, 1), None, (2, 60, 61)),
        (date(2024, 1, 10), None, None),
        (date(2026, 5, 1), None, None),
        (None, None, None),
    ],
)
def test_before_and_after_are_equally_long_and_within_the_extract(first, last, expected):
    days = {"K01": np.arange("2024-01-01", "2026-01-01", dtype="datetime64[D]")}
    table = count_measures(
        {"K01": [measure(first, last)]},
        days,
        months=6,
        span=(date(2024, 1, 1), date(2025, 12, 31)),
        low_number=20,
    )
    row = table.iloc[0]
    if expected is None:
        assert pd.isna(row["months"])
        assert bool(row["few"])
    else:
        assert (row["months"], row["n_before"], row["n_after"]) == expected
        assert not row["few"]


def test_low_numbers_are_marked_and_no_measures_give_an_empty_table():
    days = {"K01": np.array(["2024-06-01"], dtype="datetime64[D]")}
    span = (date(2024, 1, 1), date(2025, 12, 31))
    table = count_measures(
        {"K01": [measure(date(2024, 7, 1), None)]}, days, months=6, span=span, low_number=20
    )
    assert table["few"].tolist() == [True]
    assert table["n_before"].tolist() == [1]
    assert count_measures({"K01": []}, days, months=6, span=span, low_number=20).empty


def test_the_order_of_rows_changes_nothing():
    rng = np.random.default_rng(1)
    incidents = make_incidents(
        x=rng.integers(0, 20, 60).tolist(), day=rng.integers(0, 700, 60).tolist(),
        offence_class=rng.choice(["drug_supply", "drug_possession", "violence"], 60).tolist(),
    )  # fmt: skip
    members = members_of(incidents, box(0, -5, 10, 5), box(5, -5, 20, 5))
    ids = ["K01", "K02"]
    one = describe_crime(incidents, members, ids, COUNTED, extra=extra(2))
    mixed = incidents.sample(frac=1, random_state=3)
    two = describe_crime(mixed, members, ids, COUNTED, extra=extra(2))
    for name in ("counts", "picture", "times"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    days = event_days_of(incidents, members, ids, COUNTED)
    assert len(days["K01"]) == one.picture["n_events"].iloc[0]
