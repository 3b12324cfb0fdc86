"""Measures judged in towns of known truth: found, held one's tongue about, and bad input."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from geodata.effect_tables import FOLLOWUP
from geodata.schema import check
from hotspots.effect.evaluating import Counted, evaluate_measures
from hotspots.effect.options import EffectOptions
from hotspots.effect.windows import Windows, count_blocks, find_windows
from tests.factories import X0, Y0, make_incidents
from tests.hotspots.effect_town import COUNTED, FIRST, LAST, measures, town

OPTIONS = EffectOptions()


def judged(events, table=None, **options):
    return evaluate_measures(
        measures() if table is None else table, events, COUNTED, EffectOptions(**options)
    ).tables


def test_a_planted_effect_is_found_in_both_variants() -> None:
    tables = judged(town(np.random.default_rng(1), effect=0.2))
    row = tables["measures"].iloc[0]
    assert (row["state"], row["verdict"]) == ("evaluated", "fell")
    assert "har minskat" in row["sentence"]
    effects = tables["measure_effects"]
    assert sorted(effects["variant"].astype("str").unique()) == ["given", "margin"]
    did = effects[effects["method"] == "did"]
    assert (did["estimate_low"] < 0.35).all()
    assert (did["estimate_high"] < 1).all()


def test_nothing_planted_is_no_certain_change() -> None:
    row = judged(town(np.random.default_rng(2)))["measures"].iloc[0]
    assert (row["state"], row["verdict"]) == ("evaluated", "none")
    assert row["sentence"].startswith("Ingen säkerställd förändring.")
    assert "minskat på platsen" not in row["sentence"]
    assert "ökat på platsen" not in row["sentence"]


def test_events_that_move_round_the_corner_are_seen_in_buffer_and_ring() -> None:
    tables = judged(town(np.random.default_rng(3), effect=0.1, moved_m=160.0), n_controls=4)
    effects = tables["measure_effects"].set_index(["variant", "method"])
    assert effects.loc[("given", "wdq"), "estimate"] < 0
    rings = tables["measure_rings"].set_index(["what", "to_m"])
    assert rings.loc[("all", 100.0), "ratio_low"] > 1
    assert "har ökat mer än längre bort" in tables["measures"]["sentence"].iloc[0]


def test_all_tables_hold_their_description_and_do_not_depend_on_order() -> None:
    events = town(np.random.default_rng(4), effect=0.5)
    table = measures({}, {"geometry": shapely.Point(X0 + 1400, Y0 + 700).buffer(60)})
    one = judged(events, table)
    two = judged(events.sample(frac=1, random_state=1), table)
    for name, found in one.items():
        check(found, name, tables=FOLLOWUP)
        assert_frame_equal(found, two[name])


def test_polygon_fixed_after_the_start_is_warned_of_loudly() -> None:
    events = town(np.random.default_rng(5))
    late, missing, early = (
        judged(events, measures({"fixed_date": fixed}))["measures"]["warning"].iloc[0]
        for fixed in (date(2025, 3, 1), None, date(2024, 12, 31))
    )
    assert "OBS!" in late
    assert "2025-03-01" in late
    assert "inte när platsens yta fastställdes" in missing
    assert "fastställdes" not in str(early)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"first_date": date(2025, 12, 27)}, "short_after"),
        ({"first_date": date(2026, 2, 1)}, "outside"),
        ({"first_date": date(2020, 1, 1), "last_date": date(2021, 6, 1)}, "outside"),
        ({"first_date": date(2022, 1, 10)}, "short_before"),
        ({"geometry": shapely.Polygon(), "place": "none"}, "no_place"),
        ({"geometry": shapely.Point(X0 - 9000, Y0).buffer(50)}, "no_events"),
    ],
)
def test_what_cannot_be_judged_says_why_and_is_not_lost(change, state) -> None:
    events = town(np.random.default_rng(6), a_year=20.0)
    tables = judged(events, measures({}, change))
    assert len(tables["measures"]) == 2
    row = tables["measures"].set_index("measure_id").loc["M2"]
    assert (row["state"], row["verdict"]) == (state, "unknown")
    assert row["sentence"]
    assert tables["measures"].set_index("measure_id").loc["M1", "state"] == "evaluated"


def test_all_counts_zero() -> None:
    nothing = town(np.random.default_rng(7)).iloc[:0]
    tables = judged(nothing)
    assert tables["measures"]["state"].tolist() == ["no_events"]
    assert not tables["measure_effects"]["certain"].any()


def test_no_control_place_is_said() -> None:
    rng = np.random.default_rng(8)
    near = make_incidents(
        x=rng.normal(0, 20, 300), y=rng.normal(0, 20, 300), day=rng.integers(-700, 700, 300)
    )
    row = judged(near)["measures"].iloc[0]
    assert (row["state"], row["verdict"]) == ("no_control", "unknown")


def test_a_measure_without_end_is_followed_as_far_as_the_extract_and_the_setting_reach() -> None:
    counts = judged(town(np.random.default_rng(9)))["measure_counts"].iloc[0]
    assert counts["first_after"] == pd.Timestamp("2025-01-01")
    assert counts["last_after"] == pd.Timestamp("2025-12-31")
    assert counts["first_before"] == pd.Timestamp("2024-01-01")
    assert counts["last_before"] == pd.Timestamp("2024-12-31")
    assert (counts["days_before"], counts["days_after"]) == (366, 365)


def test_another_measure_at_the_same_place_is_named() -> None:
    table = measures({}, {"kind": "belysning", "first_date": date(2025, 4, 1)})
    warning = judged(town(np.random.default_rng(10)), table)["measures"]["warning"].iloc[0]
    assert "går inte att skilja åt: M2" in warning


def test_a_camera_with_a_plan_is_judged_by_its_fixed_polygons() -> None:
    events = town(np.random.default_rng(11), effect=0.2)
    place = shapely.Point(X0, Y0)
    controls = [shapely.Point(X0 + x, Y0 + 700).buffer(75) for x in (700, 1400, 2100)]
    rows = []
    for variant, wide in (("view", 60), ("margin", 110)):
        shape = place.buffer(wide)
        rows += [("treated", 0, shape), ("buffer", 0, shape.buffer(100).difference(shape))]
        rows += [("control", i, one) for i, one in enumerate(controls, 1)]
        rows = [row if len(row) == 4 else (variant, *row) for row in rows]
    plan = gpd.GeoDataFrame(
        {
            "site_id": "M1",
            "variant": [row[0] for row in rows],
            "role": [row[1] for row in rows],
            "place": [row[2] for row in rows],
            "likeness": 1.0,
            "fixed_date": pd.Timestamp("2024-06-01"),
        },
        geometry=[row[3] for row in rows],
        crs="EPSG:3006",
    )
    found = evaluate_measures(measures(), events, COUNTED, OPTIONS, plan=plan).tables
    assert found["measures"]["fixed_date"].iloc[0] == pd.Timestamp("2024-06-01")
    counts = found["measure_counts"]
    assert sorted(counts["variant"].astype("str").unique()) == ["margin", "view"]
    assert (counts["role"] == "control").sum() == 6
    assert found["measures"]["verdict"].iloc[0] == "fell"


# --- windows ---


def windows(began, ended=None, span=(FIRST, LAST), by_month=False, **options):
    return find_windows(began, ended, span, EffectOptions(**options), by_month=by_month)


def test_the_period_before_is_the_same_part_of_the_year() -> None:
    found = windows(date(2025, 9, 1), date(2025, 11, 30))
    assert isinstance(found, Windows)
    assert (found.first_before, found.last_before) == (date(2024, 9, 1), date(2024, 11, 30))
    assert (found.first_after, found.last_after) == (date(2025, 9, 1), date(2025, 11, 30))
    assert found.same_season
    assert found.match == (date(2023, 9, 1), date(2024, 8, 31))


def test_a_short_measure_is_followed_on() -> None:
    found = windows(date(2025, 5, 6), date(2025, 5, 6), short_days=91)
    assert isinstance(found, Windows)
    assert found.days_after == 91


def test_an_extract_that_begins_late_is_compared_with_the_days_just_before() -> None:
    found = windows(date(2022, 7, 1), date(2022, 9, 30))
    assert isinstance(found, Windows)
    assert not found.same_season
    assert (found.first_before, found.last_before) == (date(2022, 3, 31), date(2022, 6, 30))


def test_months_alone_are_whole_months() -> None:
    found = windows(date(2025, 3, 14), by_month=True)
    assert isinstance(found, Windows)
    assert (found.first_after, found.last_after) == (date(2025, 4, 1), date(2025, 12, 31))
    assert (found.first_before, found.last_before) == (date(2024, 4, 1), date(2024, 12, 31))
    assert found.n_before == 9


def test_blocks_hold_every_event_of_their_days_once() -> None:
    found = windows(date(2025, 1, 1))
    assert isinstance(found, Windows)
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)
    counted = count_blocks(days, found.edges, found.n_before)
    assert counted.tolist() == [28] * 26
    assert found.n_before == 13


def test_known_by_month_counts_by_month() -> None:
    rng = np.random.default_rng(12)
    events = town(rng, effect=0.2).assign(time_precision="month")
    events["time_precision"] = pd.Categorical(
        events["time_precision"], categories=["minute", "hour", "day", "month"]
    )
    counted = Counted("police", "anmälda narkotikabrott", (FIRST, LAST), by_month=True)
    found = evaluate_measures(measures(), events, counted, OPTIONS).tables
    assert found["measures"]["verdict"].iloc[0] == "fell"
    series = found["measure_series"]
    assert series["days"].between(28, 31).all()
