"""Scan statistics against the definition, written out as plainly as can be."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from geodata.errors import DataError, SettingsError
from hotspots.scan import circles as circles_module
from hotspots.scan.circles import make_circles
from hotspots.scan.montecarlo import sequential
from hotspots.scan.permutation import PermutationOptions, scan_permutation
from hotspots.scan.poisson import PoissonOptions, scan_poisson

FIRST = date(2024, 1, 1)
FEW = {"replications": 19, "max_radius_m": 250.0}


def tables(points, events, *, shift: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return cases from (place number, day) and locations from points in metres."""
    x, y = zip(*points, strict=True)
    locations = pd.DataFrame({"place_id": range(1, len(points) + 1), "x_m": x, "y_m": y})
    locations[["x_m", "y_m"]] = locations[["x_m", "y_m"]].astype(float) + shift
    place = [p % len(points) + 1 for p, _day in events]
    days = pd.Timestamp(FIRST) + pd.to_timedelta([d for _p, d in events], unit="D")
    return pd.DataFrame({"place_id": place, "day": days}), locations


def kulldorff(c: float, mu: float, total: float) -> float:
    if c <= mu:
        return 0.0
    rest = (total - c) * math.log((total - c) / (total - mu)) if c < total else 0.0
    return c * math.log(c / mu) + rest


def rings(points: np.ndarray, centre: int, radius: float) -> list[set[int]]:
    """All circles around a place, ties together."""
    apart = np.rint(np.hypot(*(points - points[centre]).T) * 100)
    return [set(np.flatnonzero(apart <= r)) for r in np.unique(apart[apart <= radius * 100])]


def best_by_definition(
    counts: np.ndarray, by_place, by_day, points, *, options, prospective: bool, taken=frozenset()
) -> float:
    """The largest ratio over all circles and all spans of days, one by one."""
    total, days = counts.sum(), counts.shape[1]
    best = 0.0
    for centre in range(len(points)):
        for inside in rings(points, centre, options.max_radius_m):
            rows = sorted(inside)
            if inside & taken or by_place[rows].sum() > options.max_share * by_place.sum() + 1e-9:
                continue
            for last in range(days):
                if prospective and last < days - 1:
                    continue
                for first in range(max(0, last - options.max_days + 1), last + 1):
                    c = counts[rows, first : last + 1].sum()
                    share = by_day[first : last + 1].sum() / by_day.sum()
                    mu = total * by_place[rows].sum() / by_place.sum() * share
                    if c >= options.min_events:
                        best = max(best, kulldorff(c, mu, total))
    return best


def matrix(cases: pd.DataFrame, n: int, days: int) -> np.ndarray:
    counts = np.zeros((n, days))
    day = (cases["day"] - pd.Timestamp(FIRST)).dt.days
    np.add.at(counts, (cases["place_id"] - 1, day), 1)
    return counts


POINTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda p: (p[0] * 60, p[1] * 60)),
    min_size=2,
    max_size=7,
)
EVENTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 8)), min_size=2, max_size=25)


@settings(max_examples=150)
@given(
    points=POINTS,
    events=EVENTS,
    mode=st.sampled_from(["prospective", "retrospective"]),
    max_days=st.integers(1, 9),
    min_events=st.integers(1, 3),
    share=st.sampled_from([0.3, 0.5, 1.0]),
)
def test_permutation_equals_brute_force(points, events, mode, max_days, min_events, share) -> None:
    cases, locations = tables(points, events)
    options = PermutationOptions(
        mode=mode, max_days=max_days, min_events=min_events, max_share=share, **FEW
    )
    scan = scan_permutation(cases, locations, options, first_day=FIRST, last_day=date(2024, 1, 9))
    counts = matrix(cases, len(points), 9)
    taken: set[int] = set()
    for found in [*scan.table.itertuples(), None]:
        expected = best_by_definition(
            counts,
            counts.sum(axis=1),
            counts.sum(axis=0),
            np.array(points, dtype=float),
            options=options,
            prospective=mode == "prospective",
            taken=taken,
        )
        assert (found.llr if found else 0.0) == pytest.approx(expected, abs=1e-9)
        if found:
            inside = {int(i) - 1 for i in found.place_ids.split(";")}
            assert not inside & taken
            taken |= inside
            rows = sorted(inside)
            first, last = (
                (d - pd.Timestamp(FIRST)).days for d in (found.first_day, found.last_day)
            )
            assert counts[rows, first : last + 1].sum() == found.observed
            assert kulldorff(found.observed, found.expected, len(events)) == pytest.approx(
                found.llr
            )


@settings(max_examples=80)
@given(
    points=POINTS,
    events=EVENTS,
    weights=st.lists(st.floats(0.1, 50), min_size=7, max_size=7),
    day_weights=st.lists(st.floats(0.1, 5), min_size=9, max_size=9),
    timed=st.booleans(),
)
def test_poisson_equals_brute_force(points, events, weights, day_weights, timed) -> None:
    cases, locations = tables(points, events)
    locations["baseline"] = weights[: len(points)]
    options = PoissonOptions(max_days=4, **FEW)
    counts, by_day = matrix(cases, len(points), 9), np.array(day_weights)
    if timed:
        calendar = pd.date_range(FIRST, periods=9)
        scan = scan_poisson(
            cases,
            locations,
            options,
            first_day=FIRST,
            last_day=date(2024, 1, 9),
            day_weight=pd.Series(day_weights, index=calendar),
        )
    else:
        scan = scan_poisson(cases.drop(columns="day"), locations, options)
        counts, by_day = counts.sum(axis=1, keepdims=True), np.ones(1)
    expected = best_by_definition(
        counts,
        locations["baseline"].to_numpy(),
        by_day,
        np.array(points, dtype=float),
        options=options,
        prospective=False,
    )
    assert (scan.table["llr"].max() if len(scan.table) else 0.0) == pytest.approx(
        expected, abs=1e-9
    )


def planted(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """300 events anywhere any day, and 12 within 100 m and three days."""
    points = rng.uniform(0, 3000, (80, 2))
    points[:6] = rng.uniform(1450, 1550, (6, 2))
    events = [(int(rng.integers(80)), int(rng.integers(60))) for _ in range(300)]
    events += [(int(rng.integers(6)), 57 + int(rng.integers(3))) for _ in range(12)]
    return tables([tuple(p) for p in points], events)


def test_planted_outbreak_is_found_and_nothing_else_is_sure() -> None:
    cases, locations = planted(np.random.default_rng(1))
    scan = scan_permutation(cases, locations, PermutationOptions(replications=199))
    top = scan.table.iloc[0]
    assert top["p_value"] == pytest.approx(1 / 200)
    assert set(top["place_ids"].split(";")) & set("123456")
    assert top["last_day"] == pd.Timestamp("2024-02-29")
    assert (scan.table["p_value"].iloc[1:] > 0.05).all()
    assert (scan.place_rank.loc[scan.place_rank == 1].index.astype(str)).tolist() == top[
        "place_ids"
    ].split(";")


def test_row_order_and_shift_change_nothing_and_a_rerun_is_the_same() -> None:
    cases, locations = planted(np.random.default_rng(2))
    options = PermutationOptions(replications=99, mode="retrospective")
    scan = scan_permutation(cases, locations, options)
    mixed = scan_permutation(
        cases.sample(frac=1, random_state=3), locations.sample(frac=1, random_state=4), options
    )
    assert_frame_equal(scan.table, mixed.table, check_exact=True)
    assert_series_equal(scan.place_rank, mixed.place_rank)
    locations[["x_m", "y_m"]] += 6_500_000
    shifted = scan_permutation(cases, locations, options)
    assert_frame_equal(
        scan.table.drop(columns=["x_m", "y_m", "radius_m"]),
        shifted.table.drop(columns=["x_m", "y_m", "radius_m"]),
    )


def test_counts_stand_for_rows() -> None:
    cases, locations = planted(np.random.default_rng(5))
    summed = cases.value_counts().reset_index()
    options = PermutationOptions(replications=99)
    assert_frame_equal(
        scan_permutation(cases, locations, options).table,
        scan_permutation(summed, locations, options).table,
        check_exact=True,
    )


def test_p_values_are_even_where_nothing_is_to_be_found() -> None:
    """Under the null p ≤ 0.1 comes up a tenth of the time."""
    low = 0
    for seed in range(100):
        rng = np.random.default_rng([7, seed])
        points = [tuple(p) for p in rng.uniform(0, 1000, (15, 2))]
        events = list(zip(rng.integers(0, 15, 60).tolist(), rng.integers(0, 30, 60), strict=True))
        options = PermutationOptions(replications=39, seed=seed, max_clusters=1)
        low += bool(
            (scan_permutation(*tables(points, events), options).table["p_value"] <= 0.1).any()
        )
    assert 2 <= low <= 20


def test_stopping_early_only_shortens_what_is_unsure() -> None:
    cases, locations = planted(np.random.default_rng(1))
    early = scan_permutation(cases, locations, PermutationOptions(replications=499)).table
    late = scan_permutation(
        cases, locations, PermutationOptions(replications=499, stop_after=0)
    ).table
    assert (late["replications"] == 499).all()
    assert early["replications"].iloc[0] == 499
    assert (early["replications"].iloc[1:] < 499).all()
    assert early["p_value"].iloc[0] == late["p_value"].iloc[0]
    assert np.abs(early["p_value"] - late["p_value"]).max() < 0.25


@pytest.mark.parametrize("mode", ["prospective", "retrospective"])
def test_what_is_left_out_of_a_random_world_changes_no_p_value(monkeypatch, mode) -> None:
    """A world searched only above a floor, or up to a ceiling, is on the same side of both."""
    worlds = []

    def caught(observed, simulate, *, replications, stop_after):
        for k in range(60):
            whole = simulate(k, 0.0, 1e300)
            floor = 3.0 + k % 4
            ceiling = floor + k % 5
            part = simulate(k, floor, ceiling)
            assert part == whole if floor < whole <= ceiling else part <= floor or part > ceiling
            assert (part > floor, part > ceiling) == (whole > floor, whole > ceiling)
            worlds.append(whole)
        return sequential(observed, simulate, replications=9, stop_after=0)

    monkeypatch.setattr("hotspots.scan.search.sequential", caught)
    cases, locations = planted(np.random.default_rng(8))
    scan_permutation(cases, locations, PermutationOptions(mode=mode))
    assert len(set(worlds)) > 30


def test_sequential_rule() -> None:
    """Besag & Clifford: h / l when h worlds have reached it at world l, else (g + 1) / (n + 1)."""
    worlds = [5.0, 1.0, 5.0, 5.0, 1.0, 3.0, 1.0, 1.0, 1.0]
    test = sequential([9.0, 4.0, 0.5], lambda k, _f, _c: worlds[k], replications=9, stop_after=3)
    assert test.p.tolist() == [1 / 10, 3 / 4, 1.0]
    assert test.runs.tolist() == [9, 4, 3]
    assert sequential([], lambda _k, _f, _c: 0.0, replications=9, stop_after=3).p.tolist() == []


def test_equal_counts_as_reached() -> None:
    test = sequential([4.0], lambda _k, _f, _c: 4.0, replications=19, stop_after=0)
    assert test.p.tolist() == [1.0]


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "scan_no_events"),
        ([(0, 1)], "scan_no_contrast"),
        ([(0, 1), (0, 3)], "scan_no_contrast"),
        ([(0, 1), (1, 1)], "scan_no_contrast"),
    ],
    ids=["none", "one", "one place", "one day"],
)
def test_nothing_to_compare_is_said(events, code) -> None:
    cases, locations = tables([(0, 0), (100, 0)], events)
    scan = scan_permutation(cases, locations, PermutationOptions())
    assert [n.code for n in scan.notices] == [code]
    assert scan.table.empty
    assert scan.place_rank.empty
    assert scan.table["llr"].dtype == "float64"
    full = scan_permutation(*tables([(0, 0), (9, 0)], [(0, 0), (1, 1)]), PermutationOptions())
    assert scan.table.dtypes.to_dict() == full.table.dtypes.to_dict()


def test_a_million_events_on_one_place() -> None:
    _cases, locations = tables([(0, 0), (100, 0), (5000, 0)], [(0, 0)])
    locations["baseline"] = [10.0, 10.0, 10.0]
    cases = pd.DataFrame({"place_id": [1, 2, 3], "count": [1_000_000, 900, 900]})
    scan = scan_poisson(cases, locations, PoissonOptions(replications=19))
    assert scan.table["place_ids"].tolist() == ["1"]
    assert scan.table["p_value"].tolist() == [1 / 20]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c, p: (c.assign(place_id=9), p), "place_unknown"),
        (lambda c, p: (c.assign(day=pd.NaT), p), "date_missing"),
        (lambda c, p: (c.assign(count=-1), p), "count_unusable"),
        (lambda c, p: (c, p.assign(x_m=np.nan)), "coordinates_missing"),
        (lambda c, p: (c, p.assign(place_id=1)), "place_twice"),
        (lambda c, p: (c, p.assign(baseline=-1.0)), "baseline_unusable"),
        (lambda c, p: (c, p.assign(baseline=[0.0, 1.0])), "cases_without_baseline"),
        (lambda c, p: (c.assign(day=pd.Timestamp("2023-01-01")), p), "outside_period"),
    ],
)
def test_faults(change, code) -> None:
    cases, locations = tables([(0, 0), (100, 0)], [(0, 1), (1, 2)])
    cases, locations = change(cases, locations.assign(baseline=1.0))
    with pytest.raises(DataError) as error:
        scan_poisson(cases, locations, PoissonOptions(), first_day=FIRST)
    assert code in [fault.code for fault in error.value.faults]


def test_too_many_circles_is_refused_before_memory_is_gone(monkeypatch) -> None:
    monkeypatch.setattr(circles_module, "MAX_PAIRS", 8)
    points = np.zeros((3, 2))
    with pytest.raises(SettingsError) as error:
        make_circles(points, np.ones(3), max_radius_m=10, max_weight=3)
    assert error.value.faults[0].code == "scan_too_large"


@given(points=POINTS, radius=st.sampled_from([None, 60.0, 130.0]), limit=st.integers(0, 7))
def test_circles_by_blocks(points, radius, limit) -> None:
    """Whole rings only, in order, whatever the size of the blocks."""
    at = np.array(points, dtype=float)
    circles = make_circles(at, np.ones(len(at)), max_radius_m=radius, max_weight=limit)
    kept = circles_module.BLOCK_PAIRS
    try:
        circles_module.BLOCK_PAIRS = 3
        small = make_circles(at, np.ones(len(at)), max_radius_m=radius, max_weight=limit)
    finally:
        circles_module.BLOCK_PAIRS = kept
    for one, other in zip(circles, small, strict=True):
        assert np.array_equal(one, other)
    for centre in range(len(at)):
        row = slice(circles.start[centre], circles.start[centre + 1])
        ends = np.flatnonzero(circles.closes[row]) + 1
        found = [set(circles.member[row][:end].tolist()) for end in ends]
        wanted = [r for r in rings(at, centre, radius or 1e9) if len(r) <= limit]
        assert found == wanted
