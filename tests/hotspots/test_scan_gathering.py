"""Places gathered into cells for a scan, and set out again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from hotspots.scan.gathering import gather, set_out
from hotspots.scan.permutation import PermutationOptions, scan_permutation

OPTIONS = PermutationOptions(max_radius_m=300.0, replications=99)


def town() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a year of events on 900 places 20 m apart, with a week of many at one corner."""
    rng = np.random.default_rng(3)
    x, y = np.meshgrid(np.arange(30) * 20.0 + 5, np.arange(30) * 20.0 + 5)
    locations = pd.DataFrame({"place_id": np.arange(900) + 7, "x_m": x.ravel(), "y_m": y.ravel()})
    spread = pd.DataFrame({"place_id": rng.integers(7, 907, 800), "day": rng.integers(0, 365, 800)})
    corner = locations[(locations["x_m"] < 100) & (locations["y_m"] < 100)]["place_id"]
    burst = pd.DataFrame({"place_id": rng.choice(corner, 30), "day": rng.integers(358, 365, 30)})
    cases = pd.concat([spread, burst], ignore_index=True)
    return cases.assign(
        day=np.datetime64("2025-01-01") + cases["day"].to_numpy().astype("timedelta64[D]")
    ), locations


def test_few_places_are_left_as_they_are() -> None:
    cases, locations = town()
    found = gather(cases, locations, options=OPTIONS, cell_size_m=100.0)
    assert found.cell is None
    assert found.cases is cases
    assert found.locations is locations
    assert not found.notices


def test_cells_keep_events_and_lie_among_their_places() -> None:
    cases, locations = town()
    found = gather(cases, locations, options=OPTIONS, cell_size_m=100.0, most_work=40_000)
    assert found.cell is not None
    assert [notice.code for notice in found.notices] == ["scan_by_cells"]
    assert len(found.locations) == 36
    assert len(found.cases) == len(cases)
    assert found.locations["x_m"].between(0, 600).all()
    first = found.locations.iloc[0]
    assert (first["x_m"], first["y_m"]) == (45.0, 45.0)  # the mean of 5, 25, 45, 65 and 85


def test_larger_cells_where_small_ones_are_too_many() -> None:
    cases, locations = town()
    found = gather(cases, locations, options=OPTIONS, cell_size_m=100.0, most_work=11_000)
    assert found.notices[0].data == {"cell_size_m": 200.0}


def test_the_same_burst_is_found_and_told_by_places() -> None:
    cases, locations = town()
    found = gather(cases, locations, options=OPTIONS, cell_size_m=100.0, most_work=40_000)
    by_cell = set_out(scan_permutation(found.cases, found.locations, OPTIONS), found, locations)
    top = by_cell.table.iloc[0]
    members = [int(one) for one in top["place_ids"].split(";")]
    assert top["p_value"] == 0.01
    assert top["n_places"] == len(members) == len(set(members))
    assert top["center_place_id"] in members
    held = cases["place_id"].isin(members)
    days = cases["day"].between(top["first_day"], top["last_day"])
    assert int((held & days).sum()) == top["observed"]
    assert set(by_cell.place_rank[by_cell.place_rank == 1].index) == set(members)
    plain = scan_permutation(cases, locations, OPTIONS).table.iloc[0]
    assert np.hypot(top["x_m"] - plain["x_m"], top["y_m"] - plain["y_m"]) < 150


def test_order_of_rows_does_not_matter() -> None:
    cases, locations = town()
    one = gather(cases, locations, options=OPTIONS, cell_size_m=100.0, most_work=40_000)
    other = gather(
        cases[::-1], locations[::-1], options=OPTIONS, cell_size_m=100.0, most_work=40_000
    )
    pd.testing.assert_frame_equal(one.locations, other.locations)
    pd.testing.assert_frame_equal(one.cases, other.cases[::-1])


def test_prospective_is_the_retrospective_search_of_what_still_goes_on() -> None:
    cases, locations = town()
    few = locations[locations["place_id"] % 3 == 0]
    own = cases[cases["place_id"].isin(few["place_id"])]
    last = scan_permutation(own, few, replace(OPTIONS, replications=1)).table.iloc[0]
    whole = replace(OPTIONS, mode="retrospective", replications=1)
    every = scan_permutation(own, few, whole).table
    assert last["last_day"] == own["day"].max()
    assert last["llr"] <= every["llr"].max() + 1e-9
