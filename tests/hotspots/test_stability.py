"""Stability: what must stay, what can't, and what has no say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from geodata.options import read_options
from geodata.schema import GEOCODE_CLASSES
from hotspots import stability as room
from hotspots.clusters import find_hotspots
from hotspots.options import HotspotOptions
from hotspots.stability import Stability, StabilityOptions, measure_stability
from tests.factories import CRS, make_incidents, make_places, no_incidents

OPTIONS = HotspotOptions(window_months=12, top_share=1.0, min_samples=5)
NO_ERROR = {f"error_{name}_m": 0.0 for name in GEOCODE_CLASSES}


def measure(incidents: pd.DataFrame, *, workers=None, options=OPTIONS, **settings) -> Stability:
    places = make_places(incidents)
    found = find_hotspots(incidents, places, options, crs=CRS)
    asked = StabilityOptions(**{"runs": 40, **settings})
    return measure_stability(incidents, places, found, options, stability=asked, workers=workers)


def crowd(n_places: int, each: int, *, apart: float = 20, east: float = 0, **columns):
    """Events on a row of places, spread over a year."""
    x = np.repeat(east + apart * np.arange(n_places), each)
    day = np.linspace(0, 360, len(x)).astype(int)
    return make_incidents(x=x.tolist(), day=day.tolist(), **columns)


def town() -> pd.DataFrame:
    """One place with forty events, a row of thirty with two each, and stray events."""
    rng = np.random.default_rng(3)
    x = [0] * 40 + np.repeat(2000 + 50 * np.arange(30), 2).tolist() + [-9000, 9000, 5000]
    day = rng.permutation(np.linspace(0, 360, len(x)).astype(int))
    return make_incidents(x=x, day=day.tolist())


def test_one_busy_place_always_stays_and_a_loose_row_seldom() -> None:
    found = measure(town())
    schema.check(found.table, "stability", tables=EVIDENCE)
    # the row has most events and is the first
    assert found.table["hotspot_id"].tolist() == ["H01", "H02"]
    assert found.table["stability"][1] == 1.0
    assert found.table["stability"][0] < 0.5
    assert found.table["uncertain"].tolist() == [True, False]
    assert found.table["n_runs"].tolist() == [40, 40]
    assert (found.table["n_stays"] / 40 == found.table["stability"]).all()
    assert found.n_runs == len(found.n_found) == 40


def test_without_error_everything_stays() -> None:
    found = measure(town(), **NO_ERROR)
    assert found.table["stability"].tolist() == [1.0, 1.0]
    assert found.n_found.tolist() == [2] * 40


def test_a_row_loses_the_larger_the_error() -> None:
    shares = [
        measure(crowd(12, 2, apart=10), error_address_m=error).table["stability"][0]
        for error in (0.0, 20.0, 60.0, 500.0)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0
    assert 0 < shares[2] < 1
    assert shares[3] == 0.0


@pytest.mark.parametrize("name", GEOCODE_CLASSES)
def test_each_class_has_its_own_error(name) -> None:
    incidents = crowd(12, 2, apart=10, geocode_class=[name] * 24)
    assert measure(incidents, **{**NO_ERROR, f"error_{name}_m": 500.0}).table["stability"][0] == 0
    others = {**dict.fromkeys(NO_ERROR, 500.0), f"error_{name}_m": 0.0}
    assert measure(incidents, **others).table["stability"][0] == 1


def test_the_class_of_most_events_counts_and_the_least_exact_at_a_tie() -> None:
    off = {**NO_ERROR, "error_area_m": 500.0}
    tie = crowd(12, 2, apart=10, geocode_class=["address", "area"] * 12)
    assert measure(tie, **off).table["stability"][0] == 0
    most = crowd(12, 3, apart=10, geocode_class=["address", "area", "address"] * 12)
    assert measure(most, **off).table["stability"][0] == 1


def test_seeded_and_the_same_whatever_the_workers_and_the_row_order() -> None:
    incidents = crowd(12, 2, apart=10)
    first = measure(incidents, workers=1)
    assert 0 < first.table["stability"][0] < 1
    for other in (measure(incidents, workers=3), measure(incidents.sample(frac=1, random_state=1))):
        pd.testing.assert_frame_equal(first.table, other.table)
        np.testing.assert_array_equal(first.n_found, other.n_found)
    assert (measure(incidents, seed=1).n_found != first.n_found).any()


def test_more_runs_begin_with_the_same_runs() -> None:
    few, many = measure(town(), runs=20), measure(town(), runs=40)
    np.testing.assert_array_equal(many.n_found[:20], few.n_found)


def test_half_of_all_points_are_moved_by_more_than_the_median_in_no_direction(monkeypatch) -> None:
    seen: list[np.ndarray] = []
    partition = room.clusters.partition_places

    def watching(place, chosen, x_m, y_m, options):
        seen.append(np.array([x_m, y_m]))
        # events stand where their places stand
        np.testing.assert_array_equal(chosen.column("x_m"), x_m[place])
        return partition(place, chosen, x_m, y_m, options)

    incidents = crowd(200, 2)
    places = make_places(incidents)
    found = find_hotspots(incidents, places, OPTIONS, crs=CRS)
    monkeypatch.setattr(room.clusters, "partition_places", watching)
    measure_stability(
        incidents, places, found, OPTIONS, stability=StabilityOptions(runs=50), workers=1
    )
    shift = np.array(seen) - places[["x_m", "y_m"]].to_numpy().T
    apart = np.hypot(shift[:, 0], shift[:, 1])
    assert np.median(apart) == pytest.approx(83, rel=0.03)
    assert abs(shift.mean(axis=(0, 2))).max() < 3
    assert shift[:, 0].std() == pytest.approx(shift[:, 1].std(), rel=0.04)


@given(labels=st.lists(st.tuples(*[st.integers(-1, 3)] * 2, st.integers(1, 9)), min_size=1))
def test_stays_is_a_jaccard_above_one_half_and_by_one_only(labels) -> None:
    before, after, events = np.array(labels).T
    k = int(before.max()) + 1
    base = room._lay_out(*_any_town())
    hotspots = replace(base, hotspot=before, n_events=events, n_hotspots=k)
    stays, found = room._stays(hotspots, after)
    assert found == after.max() + 1
    for h in range(k):
        shares = [
            events[(before == h) & (after == c)].sum() / events[(before == h) | (after == c)].sum()
            for c in range(found)
            if ((before == h) | (after == c)).any()
        ]
        assert stays[h] == any(share > 0.5 for share in shares)
        assert sum(share > 0.5 for share in shares) <= 1


def _any_town():
    incidents = crowd(3, 10)
    places = make_places(incidents)
    found = find_hotspots(incidents, places, OPTIONS, crs=CRS)
    return incidents, places, found, OPTIONS, StabilityOptions()


def test_swallowed_by_a_larger_one_is_not_to_stay() -> None:
    base = room._lay_out(*_any_town())
    small = replace(base, hotspot=np.array([0, 0, -1]), n_events=np.array([5, 5, 10]), n_hotspots=1)
    assert room._stays(small, np.array([0, 0, 0]))[0].tolist() == [False]
    assert room._stays(small, np.array([0, 0, -1]))[0].tolist() == [True]
    assert room._stays(small, np.array([-1, -1, -1]))[0].tolist() == [False]


@pytest.mark.parametrize("least", ["auto", 5])
def test_none_one_place_and_one_day_are_answered(least) -> None:
    options = replace(OPTIONS, min_samples=least)
    for none in (no_incidents(), crowd(1, 3), make_incidents(x=[0] * 50, day=[0] * 50)):
        found = measure(none, options=options)
        assert found.table.empty
        assert found.n_runs == 0
        schema.check(found.table, "stability", tables=EVIDENCE)
    assert measure(crowd(1, 12), options=options).table["stability"].tolist() == [1.0]


def test_fewer_than_99_runs_are_refused_in_a_project_file() -> None:
    _options, faults = read_options(StabilityOptions, {"runs": 98}, "[stability]")
    assert [fault.code for fault in faults] == ["out_of_range"]
    assert StabilityOptions().runs == 99
