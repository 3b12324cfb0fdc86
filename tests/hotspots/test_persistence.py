from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.matching import MatchOptions, earlier_hotspots, match_hotspots
from hotspots.options import HotspotOptions
from hotspots.persistence import (
    PersistenceOptions,
    classify,
    follow_hotspots,
    whole_quarters,
)
from hotspots.selection import Period
from hotspots.topclass import top_class
from hotspots.trend import mann_kendall
from tests.factories import CRS, X0, Y0, make_incidents, make_places, no_incidents
from tests.made_tables import filled

RULES = PersistenceOptions()
OPTIONS = HotspotOptions(min_quarters_per_year=0)


def kind(quarters: str, counts: list[int] | None = None) -> str:
    hot = np.array([q == "X" for q in quarters])
    return classify(hot, mann_kendall(counts or [5 if q else 0 for q in hot]), RULES)


@pytest.mark.parametrize(
    ("quarters", "expected"),
    [
        ("XXXXXXXXXXXX", "chronic"),
        ("X.XXXXXXXX.X", "chronic"),
        ("......XXXXXX", "chronic"),  # since it began, a year and a half ago
        ("........X.XX", "new"),
        ("...........X", "new"),
        ("XXXXXXXX....", "gone"),
        ("XX..........", "gone"),
        (".XX..XX..XX.", "intermittent"),  # summers
        ("X...X...X...", "intermittent"),
        ("X.X..X.X.XX.", "intermittent"),
        ("XXXXXXXX.X..", "fading"),
        (".......X.X..", "intermittent"),  # one quarter is no habit that could fade
        ("............", "unclear"),
        ("XXXXXXX", "unclear"),  # too short
        ("", "unclear"),
    ],
)
def test_the_class_follows_from_the_hot_quarters(quarters: str, expected: str) -> None:
    flat = [3, 2, 3, 2] * 3
    assert kind(quarters, flat[: len(quarters)] or [0]) == expected


def test_a_falling_trend_makes_a_hot_spot_fade() -> None:
    falling = [30, 28, 25, 26, 20, 18, 15, 12, 10, 9, 8, 7]
    assert kind("XXXXXXXXXXXX", falling) == "fading"
    assert kind("XXXXXXXXXXXX", falling[::-1]) == "chronic"


@given(st.lists(st.booleans(), min_size=8, max_size=20))
def test_every_row_of_quarters_has_one_class(hot: list[bool]) -> None:
    found = classify(np.array(hot), mann_kendall([int(h) for h in hot]), RULES)
    assert found in ("new", "chronic", "intermittent", "fading", "gone", "unclear")
    assert (found == "unclear") == (not any(hot))
    assert (found == "gone") == (any(hot) and not any(hot[-4:]))
    assert (found == "new") == (any(hot[-4:]) and not any(hot[:-4]))


def test_quarters_are_counted_back_from_the_end_and_only_whole_ones() -> None:
    period = Period(date(2024, 1, 6), date(2025, 12, 31))
    edges = whole_quarters(period, 12)
    assert edges[0] == np.datetime64("2024-01-01")  # the first days may lack events by chance
    assert len(edges) - 1 == 8
    late = whole_quarters(Period(date(2024, 1, 20), date(2025, 12, 31)), 12)
    assert late[0] == np.datetime64("2024-04-01")
    assert len(whole_quarters(period, 3)) - 1 == 3
    assert edges[-1] == np.datetime64("2026-01-01")


def test_ties_with_the_last_of_the_top_belong_to_it() -> None:
    n = np.array([0, 5, 3, 3, 3, 1, 0])
    assert top_class(n, share=0.4).tolist() == [False, True, True, True, True, False, False]
    assert top_class(n, share=0.2).tolist() == [False, True] + [False] * 5
    assert top_class(n, share=1.0, least=3).sum() == 4
    assert not top_class(np.zeros(3, dtype=np.int64), share=0.5).any()


def town(days: list[tuple[float, list[int]]], **columns: object) -> pd.DataFrame:
    """Events at places `x` metres east, on days counted from 2024-01-01."""
    x = [at for at, listed in days for _ in listed]
    day = [d for _, listed in days for d in listed]
    return make_incidents(x=x, day=day, **columns)


EVERY = list(range(0, 730, 14))
STEADY = (0.0, EVERY)
ENDED = (1000.0, list(range(0, 360, 10)))
BEGUN = (2000.0, list(range(380, 731, 7)))
LAST = (5000.0, [730])  # so that the extract ends on 2025-12-31


def found_in(
    incidents: pd.DataFrame, options: HotspotOptions = OPTIONS
) -> tuple[gpd.GeoDataFrame, Hotspots]:
    places = make_places(incidents)
    return places, find_hotspots(incidents, places, options, crs=CRS)


def test_planted_stories_are_told_again() -> None:
    incidents = town([STEADY, ENDED, BEGUN, LAST])
    places, hotspots = found_in(incidents, replace(OPTIONS, top_share=1.0))
    found = follow_hotspots(incidents, places, hotspots, OPTIONS, PersistenceOptions(top_share=1.0))
    at = hotspots.table.set_index("hotspot_id").geometry.centroid.x - X0
    story = found.table.set_index("hotspot_id")["class"]
    by_x = {round(at[name], -2): story[name] for name in at.index}
    assert by_x == {0: "chronic", 1000: "gone", 2000: "new"}
    counted = found.quarters.groupby("hotspot_id")["n_events"].sum()
    assert sorted(counted) == sorted(hotspots.table["n_events"])
    assert "spaning" in found.caveat
    assert found.quarters.groupby("hotspot_id").size().eq(8).all()
    assert not any(w in " ".join(found.table["why"]) for w in ("ökat", "minskat"))


def test_the_order_of_the_rows_does_not_matter() -> None:
    incidents = town([STEADY, ENDED, BEGUN, LAST])
    shuffled = incidents.sample(frac=1, random_state=3)
    results = []
    for rows in (incidents, shuffled):
        places, hotspots = found_in(rows)
        results.append(follow_hotspots(rows, places, hotspots, OPTIONS))
    pd.testing.assert_frame_equal(results[0].table, results[1].table)
    pd.testing.assert_frame_equal(results[0].quarters, results[1].quarters)


def test_places_that_have_fallen_silent_count_in_earlier_quarters() -> None:
    old = (20.0, list(range(0, 300, 10)))  # within the outline, but only before the period
    incidents = town([(0.0, list(range(400, 731, 7))), old, LAST])
    options = replace(OPTIONS, date_from=date(2025, 1, 1))
    places, hotspots = found_in(incidents, options)
    assert hotspots.table["n_events"].tolist() == [48]
    found = follow_hotspots(incidents, places, hotspots, options)
    assert found.quarters["n_events"].sum() == 48 + 30
    assert "chosen_by_outcome" in [n.code for n in found.notices]


def test_other_sources_and_classes_are_not_followed() -> None:
    incidents = town([STEADY, LAST])
    other = incidents.copy()
    other["source"] = schema.category(["est_report"] * len(other), "incidents", "source")
    both = pd.concat([incidents, other], ignore_index=True)
    places, hotspots = found_in(both)
    found = follow_hotspots(both, places, hotspots, OPTIONS)
    assert found.quarters["n_events"].sum() == hotspots.table["n_events"].sum() == len(EVERY)


@pytest.mark.parametrize("rows", ["none", "one day"])
def test_too_little_to_follow_is_said(rows: str) -> None:
    incidents = no_incidents() if rows == "none" else town([(0.0, [5] * 30)])
    places, hotspots = found_in(incidents)
    found = follow_hotspots(incidents, places, hotspots, OPTIONS)
    schema.check(found.table, "persistence", tables=EVIDENCE)
    assert [n.code for n in found.notices] == ["no_hotspots_to_follow"]
    earlier, notices = earlier_hotspots(incidents, places, hotspots, OPTIONS, crs=CRS)
    assert earlier is None
    assert [n.code for n in notices] == ["no_earlier_period"]


def test_a_short_extract_is_unclear_rather_than_guessed() -> None:
    incidents = town([(0.0, list(range(0, 200, 5)))])
    places, hotspots = found_in(incidents)
    found = follow_hotspots(incidents, places, hotspots, OPTIONS)
    assert found.table["class"].tolist() == ["unclear"]
    assert "för kort historik" in found.table["why"][0]


def test_months_only_are_followed_and_said() -> None:
    incidents = town([STEADY, LAST], time_precision="month")
    places, hotspots = found_in(incidents)
    found = follow_hotspots(incidents, places, hotspots, OPTIONS)
    assert found.table["class"].tolist() == ["chronic"]
    assert "months_in_quarters" in [n.code for n in found.notices]


def spots(*boxes: tuple[float, float]) -> Hotspots:
    """Hot spots as strips from west to east, metres from the corner."""
    shapes = [box(X0 + a, Y0, X0 + b, Y0 + 10) for a, b in boxes]
    ids = pd.Series([f"H{i:02d}" for i in range(1, len(shapes) + 1)], dtype="str")
    table = filled("hotspots", len(shapes), hotspot_id=ids, geometry=shapes)
    no_places = pd.Series([], dtype="str", index=pd.Index([], dtype="int64", name="place_id"))
    return Hotspots(table, no_places, (), source="police")


def kinds(now: Hotspots, earlier: Hotspots, **options: float) -> dict[tuple[str, str], str]:
    table = match_hotspots(now, earlier, MatchOptions(**options)).table
    return {
        (a if isinstance(a, str) else "-", b if isinstance(b, str) else "-"): str(k)
        for a, b, k in zip(table["hotspot_id"], table["earlier_id"], table["kind"], strict=True)
    }


def test_matched_split_new_and_gone() -> None:
    now = spots((0, 60), (61, 100), (500, 600))
    earlier = spots((0, 100), (300, 400))
    assert kinds(now, earlier) == {
        ("H01", "H01"): "same",
        ("H02", "H01"): "split",
        ("H03", "-"): "new",
        ("-", "H02"): "gone",
    }
    assert kinds(earlier, now)[("H01", "H02")] == "merged"


def test_too_little_overlap_is_another_hot_spot() -> None:
    assert kinds(spots((0, 100)), spots((80, 180))) == {("H01", "-"): "new", ("-", "H01"): "gone"}
    assert kinds(spots((0, 100)), spots((80, 180)), min_overlap=0.2) == {("H01", "H01"): "same"}


STRIP = st.tuples(st.integers(0, 300), st.integers(1, 80)).map(lambda p: (p[0], p[0] + p[1]))


@given(st.lists(STRIP, max_size=6), st.lists(STRIP, max_size=6))
def test_the_matching_is_stable_and_tells_of_all(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    now, earlier = spots(*first), spots(*second)
    table = match_hotspots(now, earlier).table
    assert set(table["hotspot_id"].dropna()) == set(now.table["hotspot_id"])
    assert set(table["earlier_id"].dropna()) == set(earlier.table["hotspot_id"])
    same = table[table["kind"] == "same"]
    assert same["hotspot_id"].is_unique
    assert same["earlier_id"].is_unique
    best = dict(zip(same["hotspot_id"], same["overlap"], strict=True))
    also = dict(zip(same["earlier_id"], same["overlap"], strict=True))
    for i, (a, b) in enumerate(first):
        for j, (c, d) in enumerate(second):
            shared = max(min(b, d) - max(a, c), 0) / min(b - a, d - c)
            if shared >= 0.25 + 1e-9:
                blocking = shared > best.get(f"H{i + 1:02d}", 0) + 1e-6
                assert not (blocking and shared > also.get(f"H{j + 1:02d}", 0) + 1e-6)
    turned = Hotspots(earlier.table.iloc[::-1], earlier.place_hotspot, (), source="police")
    pd.testing.assert_frame_equal(match_hotspots(now, turned).table, table)


def test_the_earlier_period_is_found_with_the_same_settings() -> None:
    incidents = town([STEADY, ENDED, BEGUN, LAST])
    options = replace(OPTIONS, window_months=12, top_share=1.0)
    places, now = found_in(incidents, options)
    earlier, notices = earlier_hotspots(incidents, places, now, options, crs=CRS)
    assert earlier is not None
    assert (earlier.period.first, earlier.period.last) == (date(2024, 1, 1), date(2024, 12, 31))
    assert notices[0].data["shared_days"] == 0
    table = match_hotspots(now, earlier).table
    assert sorted(table["kind"].astype(str)) == ["gone", "new", "same"]
    followed = follow_hotspots(incidents, places, earlier, options, until=now.period.last)
    gone = table.loc[table["kind"] == "gone", "earlier_id"].item()
    assert followed.table.set_index("hotspot_id").loc[gone, "class"] == "gone"


def test_an_extract_that_does_not_reach_back_gives_no_comparison() -> None:
    incidents = town([STEADY, LAST])
    places, now = found_in(incidents)
    earlier, notices = earlier_hotspots(incidents, places, now, OPTIONS, crs=CRS)
    assert earlier is None
    assert "räcker inte" in notices[0].text


def test_a_quarter_is_hot_with_as_many_events_as_the_densest_cells() -> None:
    # The hot spot has two events a quarter on either side of a line of the grid; another cell has
    # three in the first quarter only and five in the last.
    quarters = [date(2024 + q // 4, 1 + 3 * (q % 4), 5) for q in range(8)]
    at = [(q - date(2024, 1, 1)).days for q in quarters]
    own = [(x, [d, d + 1]) for d in at for x in (90.0, 110.0)]
    incidents = town([*own, (4000.0, [at[0]] * 3), (4000.0, [at[7]] * 5), LAST])
    options = replace(OPTIONS, top_share=1.0)
    places, hotspots = found_in(incidents, options)
    assert hotspots.table["n_events"].tolist() == [32]
    found = follow_hotspots(incidents, places, hotspots, options)
    assert found.quarters["n_events"].tolist() == [4] * 8
    assert found.quarters["hot"].tolist() == [True] * 7 + [False]
    assert found.table["n_hot"].tolist() == [7]


def test_a_season_shows_even_where_events_are_many() -> None:
    summers = [d for year in (0, 366) for d in range(year + 100, year + 270, 2)]
    rest = [year + d for year in (0, 366) for d in (3, 30, 300, 330)]
    incidents = town([(0.0, summers + rest), LAST])
    places, hotspots = found_in(incidents)
    found = follow_hotspots(incidents, places, hotspots, OPTIONS)
    assert found.quarters["hot"].tolist() == [False, True, True, False] * 2
    assert found.table["class"].tolist() == ["intermittent"]
    loose = follow_hotspots(incidents, places, hotspots, OPTIONS, PersistenceOptions(own_share=0))
    assert loose.quarters["hot"].all()
