"""Hot spots: known answers, limits, and what must not change them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import schema
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.options import HotspotOptions
from hotspots.outlines import draw_outlines
from tests.factories import CRS, make_incidents, make_places, no_incidents

# A year back from the last day; an event every 30 days reaches every quarter.
YEAR = {"window_months": 12, "top_share": 1.0}
DAYS = list(range(0, 360, 30))


def find(incidents: pd.DataFrame, **settings: Any) -> Hotspots:
    options = HotspotOptions(**{**YEAR, **settings})
    return find_hotspots(incidents, make_places(incidents), options, crs=CRS)


def codes(found: Hotspots) -> list[str]:
    return [notice.code for notice in found.notices]


def two_crowds(**columns: Any) -> pd.DataFrame:
    """Twelve events on two places 40 m apart, and fifteen on one place 500 m east of them."""
    x = [0] * 6 + [40] * 6 + [540] * 15
    day = DAYS + list(range(0, 360, 24))
    return make_incidents(x=x, day=day, **columns)


def test_known_answer() -> None:
    incidents = two_crowds(
        address=["A-gatan 1"] * 6 + ["A-gatan 2"] * 6 + ["B-gatan 1"] * 15,
        offence_class=["drug_supply"] * 4 + ["drug_use"] * 23,
        offence_count=[2] + [1] * 26,
        police_initiated=["yes"] * 3 + ["no"] + ["unknown"] * 23,
        area_id=["hageby"] * 7 + [None] * 20,
    )
    found = find(incidents)
    table = found.table
    assert table["hotspot_id"].tolist() == ["H01", "H02"]
    assert table["n_events"].tolist() == [15, 12]
    assert table["n_days"].tolist() == [15, 12]
    assert table["n_offences"].tolist() == [15, 13]
    assert table["n_places"].tolist() == [1, 2]
    assert table["name"].tolist() == ["B-gatan 1", "A-gatan 1"]
    assert table["n_drug_supply"].tolist() == [0, 4]
    assert table["n_drug_use"].tolist() == [15, 8]
    assert table["n_source_police"].tolist() == [15, 12]
    assert table["share"].tolist() == pytest.approx([15 / 27, 12 / 27])
    assert np.isnan(table["share_police_initiated"][0])
    assert table["share_police_initiated"][1] == pytest.approx(3 / 4)
    assert table["area_id"].tolist()[1] == "hageby"
    assert pd.isna(table["area_id"][0])
    assert table["n_quarters"].tolist() == [4, 4]
    assert table["first_date"][0] == pd.Timestamp("2024-01-01")
    assert table["last_date"][0] == pd.Timestamp("2024-12-02")
    assert table["density_per_ha"].tolist() == pytest.approx(
        (table["n_events"] / (table.area / 10_000)).tolist()
    )
    assert table["area_m2"][0] == pytest.approx(np.pi * 37.5**2, rel=0.04)
    assert found.place_hotspot.tolist() == ["H02", "H02", "H01"]
    assert found.place_hotspot.index.tolist() == [1, 2, 3]
    schema.check(table, "hotspots", crs=CRS)


def test_none_is_a_notice_not_an_error() -> None:
    for incidents in (no_incidents(), make_incidents(x=[0, 300], day=[0, 1])):
        found = find(incidents)
        assert found.table.empty
        schema.check(found.table, "hotspots", crs=CRS)
        assert "no_hotspots" in codes(found)
        assert found.place_hotspot.isna().all()
    text = next(n.text for n in found.notices if n.code == "no_hotspots")
    assert text == "Inga hot spots enligt valda gränser."


def test_everything_on_one_point() -> None:
    found = find(make_incidents(x=[0] * 12, day=DAYS))
    assert found.table["n_events"].tolist() == [12]
    assert found.table.geometry[0].geom_type == "Polygon"


def test_one_raid_is_not_a_hot_spot() -> None:
    raid = make_incidents(x=[0] * 200, day=[0] * 195 + [100, 200, 250, 310, 364])
    assert find(raid).table["n_days"].tolist() == [6]
    assert find(raid, min_days=7).table.empty
    assert find(raid[:195]).table.empty


@pytest.mark.parametrize(
    ("limit", "value", "left"),
    [
        ("min_events", 12, 2),
        ("min_events", 13, 1),
        ("min_events", 16, 0),
        ("min_days", 12, 2),
        ("min_days", 13, 1),
    ],
)
def test_minimums_are_inclusive(limit, value, left) -> None:
    assert len(find(two_crowds(), **{limit: value}).table) == left


def test_quarters_of_every_year_are_asked_for() -> None:
    days = [*range(0, 700, 30), 730]
    steady = make_incidents(x=[0] * len(days), day=days)
    assert len(find(steady, window_months=24).table) == 1
    only_last_year = make_incidents(x=[0] * 13 + [900] * 2, day=[*range(400, 660, 20), 0, 730])
    assert find(only_last_year, window_months=24).table.empty
    assert len(find(only_last_year, window_months=24, min_quarters_per_year=0).table) == 1
    assert len(find(only_last_year, window_months=12).table) == 1


def test_a_short_extract_is_not_asked_for_quarters_it_lacks() -> None:
    # forty days hold no full quarter
    days = list(range(0, 40, 3))
    assert len(find(make_incidents(x=[0] * len(days), day=days)).table) == 1


def test_a_hot_spot_reaches_the_densest_cells() -> None:
    # two crowds and 18 lone cells: the top twentieth is one cell, the larger crowd's
    lone = make_incidents(x=np.arange(18) * 200 + 5000, day=0)
    both = pd.concat([two_crowds(), lone], ignore_index=True)
    x, y = both["x_m"] - 569_000, both["y_m"] - 6_495_000
    day = (both["start"].dt.tz_localize(None) - pd.Timestamp("2024-01-01 12:00")).dt.days
    incidents = make_incidents(x=x, y=y, day=day)
    assert find(incidents, top_share=0.05).table["n_events"].tolist() == [15]
    assert find(incidents, top_share=0.10).table["n_events"].tolist() == [15, 12]


def test_rank_follows_the_setting() -> None:
    # west: many events on few days; east: fewer events on more days
    incidents = make_incidents(x=[0] * 40 + [500] * 15, day=[*(DAYS[:10] * 4), *range(0, 360, 24)])
    assert find(incidents).table["n_events"].tolist() == [15, 40]
    assert find(incidents, rank_by="events").table["n_events"].tolist() == [40, 15]
    assert find(incidents, rank_by="density").table["n_events"].tolist() == [40, 15]


def test_weight_by_events_makes_cores_of_busy_days() -> None:
    incidents = make_incidents(x=[0] * 12, day=[*([0] * 9), 100, 200, 300])
    assert find(incidents, min_days=2, min_samples=5).table.empty
    assert len(find(incidents, min_days=2, min_samples=5, weight="events").table) == 1


def test_other_sources_are_shown_beside_and_never_summed() -> None:
    est = make_incidents(x=[0, 10, 300], day=[0, 1, 2], source="est_report")
    incidents = pd.concat([make_incidents(x=[0] * 12, day=DAYS), est], ignore_index=True)
    x = incidents["x_m"] - 569_000
    again = make_incidents(x=x, day=[*DAYS, 0, 1, 2], source=incidents["source"].astype(str))
    table = find(again).table
    assert table["n_events"].tolist() == [12]
    assert table["n_source_police"].tolist() == [12]
    # one on the very place, one elsewhere within the outline, one outside
    assert table["n_source_est_report"].tolist() == [2]


def test_stacked_places_are_left_out_and_told() -> None:
    incidents = two_crowds(stacked=[False] * 12 + [True] * 15)
    found = find(incidents)
    assert found.table["n_events"].tolist() == [12]
    assert "stacked_left_out" in codes(found)


def test_months_count_as_days_with_a_fitting_limit() -> None:
    months = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]
    incidents = make_incidents(
        x=[0] * 24 + [700] * 20,
        day=months * 2 + [0, 31, 60, 91] * 5,
        time_precision="month",
    )
    found = find(incidents, min_samples=3)
    assert "months_as_days" in codes(found)
    assert found.table["n_days"].tolist() == [12, 4]
    limits = next(n for n in found.notices if n.code == "limits")
    assert limits.data["min_days"] == 3  # a quarter of twelve months
    assert "olika månader" in limits.text


def test_large_hot_spots_are_told() -> None:
    chain = make_incidents(x=np.repeat(np.arange(8) * 60, 6), day=DAYS[::2] * 8)
    found = find(chain)
    assert found.table["area_m2"][0] > 10_000
    assert "large_hotspots" in codes(found)
    assert "large_hotspots" not in codes(find(chain, max_area_ha=50))


def random_town(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 1500, (6, 2))
    spot = rng.integers(0, 6, 300)
    xy = centres[spot] + rng.integers(-60, 60, (300, 2))
    return make_incidents(
        x=xy[:, 0],
        y=xy[:, 1],
        day=rng.integers(0, 365, 300),
        source=rng.choice(["police", "est_report"], 300, p=[0.8, 0.2]),
        address=rng.choice(["A 1", "B 2", None], 300),
        area_id=rng.choice(["a", "b", None], 300),
    )


def as_bytes(table: gpd.GeoDataFrame) -> bytes:
    return table.to_wkb().to_csv(index=False).encode()


@settings(max_examples=15)
@given(seed=st.integers(0, 1000))
def test_same_bytes_twice_and_in_any_row_order(seed) -> None:
    incidents = random_town(seed)
    places = make_places(incidents)
    options = HotspotOptions(window_months=12, min_samples=4, eps_m=40)
    one = find_hotspots(incidents, places, options, crs=CRS)
    two = find_hotspots(incidents, places, options, crs=CRS)
    assert as_bytes(one.table) == as_bytes(two.table)
    shuffled = find_hotspots(
        incidents.sample(frac=1, random_state=seed),
        places.sample(frac=1, random_state=seed),
        options,
        crs=CRS,
    )
    assert as_bytes(one.table) == as_bytes(shuffled.table)
    pd.testing.assert_series_equal(one.place_hotspot, shuffled.place_hotspot)
    assert one.notices == shuffled.notices


@settings(max_examples=15)
@given(seed=st.integers(0, 1000))
def test_moving_the_town_by_whole_cells_moves_the_hot_spots(seed) -> None:
    incidents = random_town(seed)
    options = HotspotOptions(window_months=12, min_samples=4, eps_m=40)
    one = find_hotspots(incidents, make_places(incidents), options, crs=CRS).table
    moved = incidents.assign(x_m=incidents["x_m"] + 1200, y_m=incidents["y_m"] - 3400)
    two = find_hotspots(moved, make_places(moved), options, crs=CRS).table
    back = two.assign(geometry=two.translate(-1200, 3400))
    assert_geodataframe_equal(one, back, check_less_precise=True, normalize=True)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), eps=st.sampled_from([20.0, 40.0, 75.0]))
def test_outlines_hold_their_places_and_nothing_of_one_another(seed, eps) -> None:
    incidents = random_town(seed)
    places = make_places(incidents)
    options = HotspotOptions(
        eps_m=eps, min_samples=2, min_events=2, min_days=1, min_quarters_per_year=0, top_share=1
    )
    found = find_hotspots(incidents, places, options, crs=CRS)
    table = found.table.set_index("hotspot_id")
    assert table.is_valid.all()
    for hotspot, outline in table.geometry.items():
        mine = places[places["place_id"].map(found.place_hotspot == hotspot)]
        assert shapely.contains_xy(outline, mine["x_m"], mine["y_m"]).all()
        others = table.geometry.drop(hotspot)
        assert not others.intersects(outline).any()
        corners = shapely.get_coordinates(outline) * 100
        assert np.allclose(corners, np.round(corners), atol=1e-4)


def test_crowded_hot_spots_are_drawn_apart() -> None:
    # border places of two clusters 10 m apart
    x = np.array([0.0, 60.0, 70.0, 130.0])
    outlines = draw_outlines(x, np.zeros(4), np.array([0, 0, 1, 1]), eps_m=75)
    assert not outlines[0].intersects(outlines[1])
    assert shapely.contains_xy(outlines[0], x[:2], 0).all()
    assert shapely.contains_xy(outlines[1], x[2:], 0).all()
    alone = draw_outlines(x[:2], np.zeros(2), np.array([0, 0]), eps_m=75)
    assert alone[0].geom_type == "Polygon"


def test_input_is_not_changed() -> None:
    incidents = random_town(1)
    places = make_places(incidents)
    before = incidents.copy(), places.copy()
    find_hotspots(incidents, places, HotspotOptions(), crs=CRS)
    pd.testing.assert_frame_equal(incidents, before[0])
    assert_geodataframe_equal(places, before[1])
