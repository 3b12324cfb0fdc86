"""The picture: sums, weeks, rates, places, reporters, comparison, and bad input."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from areas.picture import feedback_measures
from areas.population import Inhabitants
from geodata import schema
from geodata.picture_tables import OUTSIDE, PICTURE, UNPLACED, WHOLE
from tests.areas.picture_tables import areas_table, picture_of, town
from tests.factories import CRS, X0, Y0, make_incidents


def people(west: float, east: float) -> dict[str, Inhabitants]:
    table = areas_table().iloc[:2]
    zones = gpd.GeoDataFrame(
        {"zone_id": table["area_id"], "population": [west, east]},
        geometry=table.geometry.to_numpy(),
        crs=CRS,
    )
    return {"inhabitants": Inhabitants(zones)}


def counts_of(picture: object, unit: str, source: str = "police", value: str = "all") -> pd.Series:
    table = picture.tables["picture_counts"]  # type: ignore[attr-defined]
    own = table[(table["area_id"] == unit) & (table["source"] == source)]
    return own[own["value"] == value].iloc[0]


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 120))
def test_areas_outside_and_unplaced_sum_to_the_whole(seed: int, n: int) -> None:
    table = picture_of(town(n, seed), known=people(900, 500)).tables["picture_counts"]
    for column in ("n_events", "n_offences"):
        wide = table.pivot_table(
            index=["source", "by", "value"], columns="area_id", values=column, observed=True
        )
        parts = wide.drop(columns=WHOLE).sum(axis=1)
        assert (parts == wide[WHOLE]).all()
        by = wide[WHOLE].groupby(["source", "by"], observed=True).sum().unstack("by")
        for name in ("class", "space"):
            assert (by[name] == by["all"]).all()


def test_counts_are_those_of_the_window() -> None:
    incidents = town()
    picture = picture_of(incidents)
    days = incidents["start"].dt.tz_localize(None).dt.normalize()
    inside = days.between(pd.Timestamp(picture.window.first), pd.Timestamp(picture.window.last))
    for source in ("police", "est_report"):
        own = incidents[inside & (incidents["source"] == source)]
        row = counts_of(picture, WHOLE, source)
        assert (row["n_events"], row["n_offences"]) == (len(own), own["offence_count"].sum())
        drugs = own[own["offence_class"] == "drug_use"]
        assert counts_of(picture, WHOLE, source, "drug_use")["n_events"] == len(drugs)


def test_rates_by_hand() -> None:
    incidents = make_incidents(x=[900.0] * 12 + [100.0] * 8, day=list(range(100, 120)))
    picture = picture_of(incidents, known=people(1000, 1000))
    row = counts_of(picture, "a")
    years = 364 / 365.25
    # Area a is 20 % of each RegSO: 400 of 2,000 inhabitants, 40 of 200 ha.
    assert row["per_1000"] == pytest.approx(12 / 0.4 / years)
    assert row["per_1000_low"] == pytest.approx(6.2006 / 0.4 / years, rel=1e-4)
    assert row["per_ha"] == pytest.approx(12 / 40 / years)
    assert row["share"] == 0.6
    assert row["rest_ratio"] == pytest.approx((12 / 400) / (8 / 1600))
    assert row["ratio_per"] == "inhabitants"
    assert picture.tables["picture_areas"].set_index("area_id").loc["a", "population_how"] == "area"


def test_without_inhabitants_rates_are_per_hectare_and_that_is_told() -> None:
    picture = picture_of(town())
    row = counts_of(picture, "a")
    assert np.isnan([row["per_1000"], row["shrunk"]]).all()
    assert row["per_ha"] > 0
    assert row["ratio_per"] == "hectares"
    assert "picture_no_population" in {notice.code for notice in picture.notices}


def test_row_order_changes_nothing() -> None:
    incidents = town()
    shuffled = incidents.sample(frac=1.0, random_state=5)
    one, other = (picture_of(t, known=people(900, 400)) for t in (incidents, shuffled))
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(other.tables[name]))


def test_all_tables_hold_their_description() -> None:
    for name, table in picture_of(town()).tables.items():
        schema.check(table, name, tables=PICTURE)


def test_the_week_beside_earlier_ones() -> None:
    week = date.fromisocalendar(2024, 52, 1)
    since = (week - date(2024, 1, 1)).days
    last_year = (date.fromisocalendar(2023, 52, 1) - date(2024, 1, 1)).days
    days = [since, since + 6, since - 1, since - 14, since - 28, since - 29, last_year]
    picture = picture_of(make_incidents(day=days))
    assert picture.week == week
    row = picture.tables["picture_now"].query("area_id == '*' and value == 'all'").iloc[0]
    assert (row["n_week"], row["n_previous"], row["n_last_year"]) == (2, 3, 1)
    assert row["previous_weeks"] == 3  # nobody reported anything in the third week before


def test_a_week_of_53_keeps_its_number() -> None:
    late = make_incidents(day=[(date(2020, 12, 31) - date(2024, 1, 1)).days])
    row = picture_of(late, as_of=date(2021, 1, 4)).tables["picture_weeks"].iloc[-1]
    assert (row["iso_year"], row["iso_week"], row["n_events"]) == (2020, 53, 1)


def test_the_week_now_is_the_last_that_anybody_reported_in() -> None:
    picture = picture_of(make_incidents(day=[5, 300]))
    assert picture.week == date.fromisocalendar(2024, 43, 1)
    told = {notice.code: notice.data for notice in picture.notices}
    assert told["picture_weeks_empty"] == {"weeks": 9}


def test_months_alone_give_no_weeks() -> None:
    incidents = make_incidents(day=[0, 31, 60], time_precision="month")
    incidents["end"] = incidents["start"] + pd.Timedelta(days=30)
    picture = picture_of(incidents)
    assert picture.week is None
    assert not {"picture_weeks", "picture_now", "picture_places"} & set(picture.tables)
    assert counts_of(picture, WHOLE)["n_events"] == 3
    assert (picture.window.first, picture.window.last) == (date(2023, 4, 1), date(2024, 3, 31))
    assert "picture_no_weeks" in {notice.code for notice in picture.notices}


def test_no_events_give_no_picture_and_an_area_without_gives_zeros() -> None:
    from areas.picture import Known, PictureOptions, make_picture
    from tests.areas.picture_tables import flat

    none = make_incidents().iloc[:0]
    options = PictureOptions()
    day = date(2024, 12, 31)
    assert (
        make_picture(none, Known(areas_table()), options, as_of=day, crs=CRS, spread=flat) is None
    )
    picture = picture_of(make_incidents(x=[1900.0], day=[300]), known=people(100, 100))
    row = counts_of(picture, "a")
    assert (row["n_events"], row["per_1000"], row["per_1000_low"]) == (0, 0, 0)
    assert row["per_1000_high"] > 0
    assert np.isnan(row["rest_ratio"]) or row["rest_ratio"] == 0


def test_one_area_that_holds_everything() -> None:
    picture = picture_of(make_incidents(x=[900.0] * 9, day=list(range(280, 289))))
    row = counts_of(picture, "a")
    assert (row["n_events"], row["share"]) == (9, 1.0)
    assert np.isnan(row["rest_ratio"])
    assert row["rest_ratio_low"] > 0
    assert counts_of(picture, OUTSIDE)["n_events"] == 0


def test_a_new_area_counts_its_own_weeks_only() -> None:
    start = date(2024, 12, 2)
    new = {
        "area_id": "n",
        "name": "Ny",
        "kind": "est_area",
        "box": (0, 0, 200, 200),
        "valid_from": start,
        "population": 100,
    }
    days = [10, 20, (start - date(2024, 1, 1)).days + 3, 362]
    picture = picture_of(make_incidents(x=[50.0, 50.0, 50.0, 1500.0], day=days), areas_table(new))
    row, unit = counts_of(picture, "n"), picture.tables["picture_areas"].set_index("area_id")
    assert row["n_events"] == 1
    assert unit.loc["n", "days"] == 28
    assert row["per_1000"] == pytest.approx(1 / 0.1 / (28 / 365.25))
    assert counts_of(picture, OUTSIDE)["n_events"] == 3
    weeks = picture.tables["picture_weeks"].query("area_id == 'n'")
    assert set(weeks.loc[weeks["week_start"] < "2024-12-02", "status"]) == {"not_in_force"}
    assert "picture_young_area" in {notice.code for notice in picture.notices}


def test_a_default_address_is_in_the_whole_and_in_no_area() -> None:
    incidents = make_incidents(x=[900.0] * 4, day=[300] * 4, stacked=[True, True, True, False])
    picture = picture_of(incidents)
    assert counts_of(picture, WHOLE)["n_events"] == 4
    assert counts_of(picture, "a")["n_events"] == 1
    assert counts_of(picture, UNPLACED)["n_events"] == 3
    assert len(picture.tables["picture_places"]) == 1


def test_places_new_returning_lasting_and_gone() -> None:
    now = (date(2024, 12, 29) - date(2024, 1, 1)).days  # the Sunday that ends the week now
    events = {
        "new": (0.0, [now - 1, now - 2]),
        "returning": (10.0, [now - 3, now - 300]),
        "lasting": (20.0, [now - 8, now - 40]),
        "gone": (30.0, [now - 35, now - 60]),
        "": (40.0, [now - 35]),
    }
    incidents = make_incidents(
        x=[x for x, days in events.values() for _ in days],
        day=[d for _x, days in events.values() for d in days],
    )
    table = picture_of(incidents).tables["picture_places"]
    found = dict(zip(table.geometry.x - X0, table["status"], strict=True))
    assert found == {x: status for status, (x, _days) in events.items() if status}
    row = table[table["status"] == "new"].iloc[0]
    assert (row["n_week"], row["n_recent"], row["n_events"]) == (2, 2, 2)


def test_short_data_cant_tell_new_from_returning() -> None:
    now = (date(2024, 12, 29) - date(2024, 1, 1)).days
    table = picture_of(make_incidents(day=[now, now - 30], x=[0.0, 9.0])).tables["picture_places"]
    assert table["status"].isna().all()


def test_hours_sum_to_the_events_of_the_window() -> None:
    picture = picture_of(town())
    hours = picture.tables["picture_hours"]
    whole = hours[hours["area_id"] == WHOLE].groupby("source", observed=True)["weight"].sum()
    for source, weight in whole.items():
        assert weight == counts_of(picture, WHOLE, str(source))["n_events"]


def test_peers_follow_the_rules_and_never_overlap() -> None:
    others = [
        {"area_id": f"0581R1{i:02d}", "name": f"R{i}", "kind": "regso", "box": box}
        for i, box in enumerate(
            [(3000, 0, 3400, 1000), (4000, 0, 4500, 1000), (5000, 0, 9000, 4000)]
        )
    ]
    picture = picture_of(town(), areas_table(*others), peer_factor=2.0)
    peers = picture.tables["picture_peers"]
    assert peers["peer_id"].tolist()[:1] == ["0581R100"]
    assert not {"0581R001", "0581R002", "0581R102"} & set(peers["peer_id"])
    assert (peers["size_ratio"].between(0.5, 2)).all()


def test_the_peers_ratio_by_hand() -> None:
    other = {"area_id": "0581R100", "name": "R", "kind": "regso", "box": (3000, 0, 3400, 1000)}
    incidents = make_incidents(x=[900.0] * 6 + [3100.0] * 3, day=[300] * 9)
    row = counts_of(picture_of(incidents, areas_table(other)), "a")
    assert row["peer_ratio"] == pytest.approx(2.0)


def test_feedback_is_of_others_than_the_police_and_sums() -> None:
    table = picture_of(town()).tables["feedback"]
    assert set(table["source"]) == {"est_report"}
    sums = table.groupby("by", observed=True)["n_events"].sum()
    assert sums["all"] == sums["area"] == sums["class"]


def test_measures_fall_in_the_area_they_stand_in() -> None:
    picture = picture_of(town())
    last = picture.feedback.last
    measures = gpd.GeoDataFrame(
        {
            "area_id": pd.Series(["a", None, None, "a"], dtype="str"),
            "kind": pd.Series(["patrull", "patrull", None, "patrull"], dtype="str"),
            "first_date": pd.to_datetime([last, last, last, last - timedelta(500)]),
            "last_date": pd.to_datetime([last, None, last, last - timedelta(400)]),
        },
        geometry=[None, shapely.Point(X0 + 900, Y0 + 500), None, None],
        crs=CRS,
    )
    table = feedback_measures(picture, measures)
    assert list(table.itertuples(index=False, name=None)) == [
        ("Åkern", "patrull", 2, 2),
        ("Hela kommunen", "insats", 1, 1),
    ]
