"""Smaller proposals beside each site's own: what they keep, checked against trying every one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geodata import schema
from geodata.camera_tables import CAMERAS
from hotspots.alternatives import AlternativeOptions, alternatives, place_times

CRS = "EPSG:3006"


class Circles:
    """A world without houses: a place is seen whole or not at all; masks hide some places."""

    def __init__(self, polar: np.ndarray, hidden: np.ndarray) -> None:
        self.azimuth, self.distance, self.hidden = polar[:, 0], polar[:, 1], hidden

    def shares(self, sights: pd.DataFrame) -> csr_array:
        seen = []
        for sight in sights.to_dict("records"):
            inside = self.distance <= sight["reach_m"]
            if sight["width_deg"] < 360:
                first = sight["bearing_deg"] - sight["width_deg"] / 2
                inside &= (self.azimuth - first) % 360 < sight["width_deg"]
            seen.append(inside & ~(self.hidden & sight["masked"]))
        return csr_array(np.array(seen, dtype=float))

    def costs(self, sights: pd.DataFrame) -> gpd.GeoDataFrame:
        width, reach = sights["width_deg"], sights["reach_m"]
        return gpd.GeoDataFrame(
            {
                "area_m2": np.pi * reach**2 * width / 360,
                "n_dwelling_buildings": pd.array([3] * len(sights), dtype="Int64"),
                "n_sensitive": pd.array([pd.NA] * len(sights), dtype="Int64"),
            },
            geometry=[shapely.Point(0, 0).buffer(float(r)) for r in reach],
            crs=CRS,
        )


def world(seed: int, m: int = 12, hours=None):
    rng = np.random.default_rng(seed)
    polar = np.column_stack([rng.integers(0, 72, m) * 5 + 2.5, rng.integers(1, 50, m)])
    n = rng.integers(1, 6, m)
    place = np.repeat(np.arange(m), n)
    hour = rng.integers(0, 24, len(place)) if hours is None else rng.choice(hours, len(place))
    start = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 360, len(place)) * 24 + hour, unit="h"
    )
    events = pd.DataFrame({"start": start, "end": start, "time_precision": "minute"})
    return Circles(polar, rng.random(m) < 0.2), n, place_times(events, place, m, years=2.0)


def site(bearing: float = np.nan, width: float = 360.0, reach: float = 50.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_id": ["K01"],
            "row": [0],
            "bearing_deg": [bearing],
            "width_deg": [width],
            "reach_m": [reach],
        }
    )


def rows(sites, times, look, **other) -> pd.DataFrame:
    table = alternatives(sites, times, look, AlternativeOptions(**other), crs=CRS)
    schema.check(table, "camera_alternatives", crs=CRS, tables=CAMERAS)
    return table.set_index("alternative")


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    turning=st.booleans(),
    width=st.sampled_from([60.0, 90.0]),
    keep=st.sampled_from([0.5, 0.8, 1.0]),
)
def test_sector_and_reach_are_the_smallest_on_their_steps(seed, turning, width, keep) -> None:
    look, n, times = world(seed)
    bearing, whole = (np.nan, 360.0) if turning else (100.0, width)
    table = rows(site(bearing, whole), times, look, keep_share=keep)

    def held(*changes: dict[str, float]) -> np.ndarray:
        sight = {"bearing_deg": bearing, "width_deg": whole, "reach_m": 50.0, "masked": False}
        return look.shares(pd.DataFrame([{**sight, **change} for change in changes])) @ n

    total = float(held({})[0])
    assert table.loc["proposed", "events"] == pytest.approx(total / 2)
    if total == 0:
        return
    first = 0.0 if turning else bearing - whole / 2
    slices = int(whole / 5)
    runs = [
        (start, many)
        for start in range(slices)
        for many in range(1, slices + 1)
        if turning or start + many <= slices
    ]
    kept = held(
        *({"bearing_deg": (first + 5 * a + 2.5 * b) % 360, "width_deg": 5.0 * b} for a, b in runs)
    )
    widths = [
        5.0 * b for (_a, b), events in zip(runs, kept, strict=True) if events >= keep * total - 1e-9
    ]
    area = np.pi * 50**2 * min(widths) / 360
    assert table.loc["smaller_sector", "area_m2"] == pytest.approx(area)
    assert table.loc["smaller_sector", "share_kept"] >= keep - 1e-9
    reaches = [r for r in range(5, 51, 5) if held({"reach_m": float(r)})[0] >= keep * total - 1e-9]
    area = np.pi * min(reaches) ** 2 * whole / 360
    assert table.loc["shorter_reach", "area_m2"] == pytest.approx(area)
    assert table.loc["masked", "share_kept"] == pytest.approx(held({"masked": True})[0] / total)


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=30)
def test_the_hours_are_the_fewest_that_hold_enough(seed) -> None:
    look, _n, times = world(seed)
    table = rows(site(), times, look)
    week = times.hours.sum(axis=0).reshape(7, 25)[:, :24]
    best = 168
    for days in (range(7),):
        for length in range(1, 25):
            for start in range(24):
                hours = [(start + i) % 24 for i in range(length)]
                if week[np.ix_(days, hours)].sum() >= 0.8 * week.sum() - 1e-9:
                    best = min(best, 7 * length)
    runs = {}
    for name, part in (("week", week[:5]), ("end", week[5:])):
        daily = part.sum(axis=0)
        runs[name] = [
            max(sum(daily[(s + i) % 24] for i in range(length)) for s in range(24))
            for length in range(25)
        ]
    best = min(
        [best]
        + [
            5 * a + 2 * b
            for a in range(25)
            for b in range(25)
            if runs["week"][a] + runs["end"][b] >= 0.8 * week.sum() - 1e-9
        ]
    )
    assert table.loc["fewer_hours", "hours_week"] == best
    assert table.loc["fewer_hours", "share_kept"] >= 0.8 - 1e-9
    assert table.loc["fewer_hours", "area_m2"] == table.loc["proposed", "area_m2"]


def test_a_window_in_the_evening() -> None:
    look, _n, times = world(3, hours=[20, 21, 22])
    table = rows(site(), times, look, keep_share=1.0)
    assert table.loc["fewer_hours", "hours_week"] == 21
    assert "20–23" in table.loc["fewer_hours", "text"]
    assert table.loc["fewer_hours", "share_kept"] == pytest.approx(1)


def test_too_few_known_hours_stand_as_proposed() -> None:
    look, _n, times = world(3, m=2)
    table = rows(site(), times, look)
    assert table.loc["fewer_hours", "hours_week"] == 168
    assert "För få" in table.loc["fewer_hours", "text"]


def test_nothing_in_view() -> None:
    look, _n, times = world(3)
    table = rows(site(reach=0.5), times, look)
    assert table["events"].eq(0).all()
    assert table["share_kept"].isna().all()


def test_what_is_not_known_is_missing_not_zero() -> None:
    look, _n, times = world(3)
    table = rows(site(), times, look)
    assert table["n_sensitive"].isna().all()
    assert (table["n_residential"] == 3).all()


def test_no_sites() -> None:
    look, _n, times = world(3)
    assert alternatives(site().iloc[:0], times, look, crs=CRS).empty
