"""A round as tables and words: weeks, what earlier results say, each unmet wish by itself."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata import schema
from geodata.errors import SettingsError
from geodata.search_tables import SEARCHES
from hotspots.searchround.history import candidates
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.planning import plan_round
from hotspots.searchround.weeks import monday_of, week_text

CRS = "EPSG:3006"
MONDAY = date(2026, 11, 23)


def entrances(owners: list[str], **columns) -> gpd.GeoDataFrame:
    n = len(owners)
    table = schema.empty("search_entrances", crs=CRS, tables=SEARCHES).reindex(range(n))
    ids = [f"E{i:02d}" for i in range(n)]
    for name, values in {"entrance_id": ids, "owner": owners, "search_spaces": ["stairwell"] * n,
                         "need_words": [""] * n, "address": ids}.items():  # fmt: skip
        table[name] = pd.Series(values, dtype="str")
    kinds = table["consent"].cat.categories
    table["consent"] = pd.Categorical(columns.pop("consent", ["valid"] * n), categories=kinds)
    table["need"] = np.arange(n, dtype=float)
    table["x_m"], table["y_m"] = 568_000.0 + 30 * np.arange(n), np.full(n, 6_494_000.0)
    for name, values in columns.items():
        table[name] = pd.to_datetime(pd.Series(values)).astype("datetime64[us]")
    points = gpd.points_from_xy(table["x_m"], table["y_m"])
    return gpd.GeoDataFrame(pd.DataFrame(table).assign(geometry=points), crs=CRS)


def results(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entrance_id": [r[0] for r in rows],
            "week_start": pd.to_datetime([r[1] for r in rows]).astype("datetime64[us]"),
            "result": [r[2] for r in rows],
        }
    )


def plan(table: gpd.GeoDataFrame, **options):
    return plan_round(
        table,
        results=options.pop("results", None),
        streets=None,
        options=RoundOptions(**options),
        monday=MONDAY,
        seed=581,
        crs=CRS,
    )


def told(planned) -> list[str]:
    return [notice.code for notice in planned.notices]


def test_weeks_are_read_and_the_next_one_is_taken_where_none_is_given():
    assert monday_of("2026-W48", date(2020, 1, 1)) == MONDAY
    assert monday_of("2026w48", date(2020, 1, 1)) == MONDAY
    assert monday_of("2020-W53", date(2020, 1, 1)) == date(2020, 12, 28)
    for today in (date(2026, 11, 16), date(2026, 11, 22)):
        assert monday_of("", today) == MONDAY
    assert week_text(date(2027, 1, 1)) == "2026-W53"
    for wrong in ("2025-W53", "48", "2026-11-23", "2026-W00"):
        with pytest.raises(SettingsError):
            monday_of(wrong, MONDAY)


def test_searches_within_the_window_are_counted_by_week_and_not_by_space():
    found = candidates(
        entrances(["A"] * 3),
        results(
            [
                ("E00", "2026-11-16", "no_alert"),
                ("E00", "2026-11-16", "find"),  # another space the same week
                ("E00", "2026-09-07", "no_alert"),
                ("E00", "2026-08-17", "no_alert"),  # 98 days before
                ("E01", "2026-11-16", "not_done"),
                ("E02", "2026-11-23", "find"),  # the round's own week
                ("E99", "2026-11-16", "find"),
            ]
        ),
        monday=MONDAY,
        options=RoundOptions(),
    )
    assert found["n_searched_recent"].tolist() == [2, 0, 0]
    assert found["last_searched"].isna().tolist() == [False, True, True]
    assert found["last_searched"][0] == found["last_found"][0] == pd.Timestamp("2026-11-16")


def test_consent_must_hold_from_monday_to_sunday():
    table = entrances(
        ["A"] * 5,
        consent=["valid", "valid", "valid", "expired", "valid"],
        consent_valid_to=[None, "2026-11-28", "2026-11-29", None, None],
        consent_withdrawn=[None, None, None, None, "2026-11-27"],
        consent_date=["2026-01-01"] * 5,
    )
    found = candidates(table, None, monday=MONDAY, options=RoundOptions())
    assert found["consent_valid"].tolist() == [True, False, True, False, False]


def test_each_owner_without_its_least_number_is_named_once_with_the_number():
    owners = ["Nekar"] * 6 + ["Vägrar"] * 6 + ["Ja"] * 12
    consent = ["none"] * 12 + ["valid"] * 12
    made = plan(entrances(owners, consent=consent), n_entrances=8, least_share=1.0)
    unmet = [notice for notice in made.notices if notice.code == "least_unmet"]
    assert [notice.data["name"] for notice in unmet] == ["Nekar", "Vägrar"]
    assert unmet[0].text == (
        "Ägaren Nekar skulle ha minst 2 i rundan men får 0. Bara 0 av dess 6 entréer får sökas; "
        "de flesta saknar samtycke."
    )


def test_what_the_least_numbers_cost_is_told():
    made = plan(entrances(["A"] * 10 + ["B"] * 10), n_entrances=4, share_by_need=1, least_share=1)
    (notice,) = [n for n in made.notices if n.code == "need_given_up"]
    # 19 + 18 + 9 + 8 instead of 19 + 18 + 17 + 16
    assert notice.data["share"] == pytest.approx(1 - 54 / 70)


def test_the_tables_agree_with_each_other():
    made = plan(entrances(["A", "B"] * 12), n_entrances=15, shift_min=120)
    stops, walks = made.stops, made.walks
    assert stops.groupby("walk").size().tolist() == walks["n_entrances"].tolist()
    assert stops.groupby("walk")["walk_m"].sum().tolist() == pytest.approx(walks["walking_m"])
    assert (walks["minutes"] <= 120 + 1e-6).all()
    assert (walks["bound_min"] <= walks["walking_min"] + 1e-9).all()
    assert [list(rows["stop"]) for _no, rows in stops.groupby("walk")] == [
        list(range(1, n + 1)) for n in walks["n_entrances"]
    ]
    assert sorted(stops.loc[stops["part"] == "need", "place"]) == list(range(1, 9))


def test_the_largest_round_within_a_budget_is_found():
    table = entrances(["A"] * 24)
    made = plan(table, budget_min=200, shift_min=240)
    n = len(made.stops)
    assert made.walks["minutes"].sum() <= 200
    more = plan(table, n_entrances=n + 1, shift_min=240)
    assert more.walks["minutes"].sum() > 200
    assert told(plan(table, budget_min=20)) == ["budget_too_small"]


def test_a_single_entrance_is_a_walk_of_its_own():
    made = plan(entrances(["A"]), n_entrances=1)
    assert made.walks["walking_m"].tolist() == [0.0]
    assert made.walks["minutes"].tolist() == [35.0]
    assert made.walks.geometry.iloc[0].geom_type == "LineString"
