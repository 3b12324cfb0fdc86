"""Places: sums, days, addresses and order, against a plain pandas group-by."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema
from geodata.places import group_places

CRS = "EPSG:3006"


def incidents_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return a table of incidents with the given values and plain defaults."""
    base: dict[str, object] = {
        "incident_id": 1, "input_no": 1, "source_row": 2, "case_id": None, "time_precision": "minute",
        "offence_code": None, "offence_codes": None, "offence_count": 1,
        "offence_class": "drug_supply", "offence_classes": "drug_supply", "andts_group": "narcotics",
        "source": "police", "police_initiated": "no", "space_type": "public",
        "certainty": "confirmed", "geocode_class": "address", "address": None, "place_id": 1,
        "x_m": 570_000.0, "y_m": 6_493_000.0, "weight": 1.0, "stacked": False,
        "area_id": None, "regso_id": None, "start": "2024-05-01 12:00",
    }  # fmt: skip
    table = pd.DataFrame([base | {"incident_id": i + 1} | row for i, row in enumerate(rows)])
    table = table if len(table) else pd.DataFrame(columns=list(base))
    start = pd.to_datetime(table["start"]).dt.as_unit("us").dt.tz_localize("Europe/Stockholm")
    table["start"], table["end"] = start, start
    for name, column in schema.INCIDENTS.items():
        if column.kind == "category":
            table[name] = schema.category(table[name], "incidents", name)
        elif column.kind == "text":
            table[name] = table[name].astype("str").where(table[name].notna(), None).astype("str")
        elif column.kind in {"int", "float", "bool"}:
            table[name] = table[name].astype({"int": "int64"}.get(column.kind, column.kind))
    table = table[list(schema.INCIDENTS)]
    schema.check(table, "incidents")
    return table


def random_incidents(seed: int, n: int = 400, n_places: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    place = rng.integers(1, n_places + 1, n)
    streets = ["Åsgatan 1", "Älvgatan 2", "Örngatan 3", "Agatan 4", None]
    days = rng.integers(0, 60, n)
    return incidents_of(
        [
            {
                "place_id": int(p),
                "x_m": 569_000.0 + p,
                "y_m": 6_490_000.0 + 7 * p,
                "address": streets[rng.integers(0, 5)],
                "offence_class": schema.OFFENCE_CLASSES[rng.integers(0, 16)],
                "source": schema.SOURCES[rng.integers(0, 8)],
                "police_initiated": schema.YES_NO[rng.integers(0, 3)],
                "space_type": schema.SPACE_TYPES[rng.integers(0, 5)],
                "offence_count": int(rng.integers(1, 4)),
                "stacked": bool(p == 3),
                "start": str(pd.Timestamp("2024-03-01 00:10") + pd.Timedelta(hours=11 * int(d))),
            }
            for p, d in zip(place, days, strict=True)
        ]
    )


def test_known_answer() -> None:
    table = incidents_of(
        [
            {"place_id": 7, "x_m": 2.0, "address": "Bgatan 1", "start": "2024-01-02 23:59"},
            {"place_id": 7, "x_m": 2.0, "address": "Agatan 1", "start": "2024-01-03 00:00",
             "offence_count": 3, "offence_class": "drug_use", "source": "citizen"},
            {"place_id": 7, "x_m": 2.0, "start": "2024-01-03 23:59", "police_initiated": "yes",
             "space_type": "residential_common", "stacked": True},
            {"place_id": 2, "x_m": 1.0, "address": "Cgatan 1", "start": "2023-12-31 00:30"},
        ]
    )  # fmt: skip
    places = group_places(table, crs=CRS)
    schema.check(places, "places", crs=CRS)
    assert places["place_id"].tolist() == [2, 7]
    one = places.iloc[1]
    assert (one["n_events"], one["n_offences"], one["n_days"]) == (3, 5, 2)
    assert one["first_date"] == pd.Timestamp("2024-01-02")
    assert one["last_date"] == pd.Timestamp("2024-01-03")
    assert one["address"] == "Agatan 1"  # equally common: first by alphabet
    assert (one["n_drug_supply"], one["n_drug_use"]) == (2, 1)
    assert (one["n_source_police"], one["n_source_citizen"]) == (2, 1)
    assert (one["n_police_initiated"], one["n_public"], one["n_residential_common"]) == (1, 2, 1)
    assert bool(one["stacked"])
    assert not places["stacked"].iloc[0]
    assert (places.geometry.x == places["x_m"]).all()
    # 00:30 in Stockholm is the day before in UTC
    assert places["first_date"].iloc[0] == pd.Timestamp("2023-12-31")


def test_month_only_events_are_one_day() -> None:
    rows = [{"time_precision": "month", "start": "2024-02-01"}] * 5
    places = group_places(incidents_of(rows), crs=CRS)
    assert places["n_days"].tolist() == [1]
    assert places["first_date"].iloc[0] == pd.Timestamp("2024-02-01")


@given(st.integers(0, 10_000), st.integers(1, 80), st.integers(1, 40))
def test_equals_plain_group_by(seed: int, n: int, n_places: int) -> None:
    table = random_incidents(seed, n, n_places)
    places = group_places(table, crs=CRS).set_index("place_id")
    groups = table.groupby("place_id")
    assert places["n_events"].equals(groups.size().rename("n_events"))
    assert places["n_offences"].tolist() == groups["offence_count"].sum().tolist()
    day = table["start"].dt.tz_localize(None).dt.normalize()
    assert places["n_days"].tolist() == day.groupby(table["place_id"]).nunique().tolist()
    assert places["first_date"].tolist() == day.groupby(table["place_id"]).min().tolist()
    assert places["last_date"].tolist() == day.groupby(table["place_id"]).max().tolist()
    for place_id, group in groups:
        common = group["address"].value_counts()
        expected = sorted(common[common == common.max()].index)[0] if len(common) else None
        found = places.loc[place_id, "address"]
        assert found == expected if expected else pd.isna(found)


@given(st.integers(0, 1000))
def test_sums_equal_the_events(seed: int) -> None:
    table = random_incidents(seed)
    places = group_places(table, crs=CRS)
    assert places["n_events"].sum() == len(table)
    assert places["n_offences"].sum() == table["offence_count"].sum()
    by_class = places[[f"n_{c}" for c in schema.OFFENCE_CLASSES]]
    assert (by_class.sum(axis=1) == places["n_events"]).all()
    assert by_class.sum().tolist() == [
        (table["offence_class"] == c).sum() for c in schema.OFFENCE_CLASSES
    ]
    by_source = places[[f"n_source_{s}" for s in schema.SOURCES]]
    assert (by_source.sum(axis=1) == places["n_events"]).all()


def test_row_order_does_not_matter() -> None:
    table = random_incidents(5)
    expected = group_places(table, crs=CRS)
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(group_places(shuffled, crs=CRS), expected)


def test_sparse_numbers_keep_their_numbers() -> None:
    rows = [{"place_id": 5_000_000_000, "x_m": 3.0}, {"place_id": 4, "x_m": 1.0}]
    places = group_places(incidents_of(rows), crs=CRS)
    assert places["place_id"].tolist() == [4, 5_000_000_000]
    assert places["x_m"].tolist() == [1.0, 3.0]


@pytest.mark.parametrize("rows", [[], [{"address": None}]])
def test_nothing_and_no_addresses(rows: list[dict[str, object]]) -> None:
    places = group_places(incidents_of(rows), crs=CRS)
    schema.check(places, "places", crs=CRS)
    assert len(places) == len(rows)
    assert places["address"].isna().all()


def test_input_is_left_alone() -> None:
    table = random_incidents(1)
    before = table.copy(deep=True)
    group_places(table, crs=CRS)
    pd.testing.assert_frame_equal(table, before)
