"""Near repeat against the definition and against two published answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import poisson

from geodata.errors import DataError, SettingsError
from hotspots.nearrepeat import NearRepeatOptions, knox, near_repeat
from hotspots.nearrepeat.sweep import deal

FEW = {"replications": 19}


def made(events) -> pd.DataFrame:
    x, y, day = zip(*events, strict=True) if events else ((), (), ())
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.array(day, dtype=int), unit="D")
    return pd.DataFrame({"x_m": np.array(x, float), "y_m": np.array(y, float), "day": days})


def by_definition(table: pd.DataFrame, options: NearRepeatOptions) -> np.ndarray:
    """Count all pairs one by one."""
    counts = np.zeros((len(options.distances_m) + 1, len(options.days) + 1), dtype=int)
    left = options.closed == "left"

    def number(value: float, edges) -> int:
        for k, edge in enumerate(edges):
            if value < edge or (value == edge and not left):
                return k
        return len(edges)

    rows = list(table.itertuples())
    for i, one in enumerate(rows):
        for other in rows[:i]:
            dx, dy = abs(one.x_m - other.x_m), abs(one.y_m - other.y_m)
            apart = dx + dy if options.metric == "manhattan" else float(np.hypot(dx, dy))
            same = apart == 0 and options.distances_m[0] == 0
            band = 0 if same else number(apart, options.distances_m)
            counts[band, number(abs((one.day - other.day).days), options.days)] += 1
    return counts


EVENTS = st.lists(
    st.tuples(st.integers(-6, 6), st.integers(-6, 6), st.integers(0, 30)).map(
        lambda e: (e[0] * 30, e[1] * 40, e[2])
    ),
    max_size=20,
)


@given(
    events=EVENTS,
    closed=st.sampled_from(["left", "right"]),
    metric=st.sampled_from(["manhattan", "euclidean"]),
    distances=st.sampled_from([(0.0, 100.0, 200.0), (50.0,), (0.0,), (70.0, 350.0)]),
    days=st.sampled_from([(7, 14), (1,), (5, 6, 20)]),
)
def test_equals_brute_force(events, closed, metric, distances, days) -> None:
    options = NearRepeatOptions(
        distances_m=distances, days=days, closed=closed, metric=metric, **FEW
    )
    table = made(events)
    result = near_repeat(table, options)
    counts = by_definition(table, options)
    assert result.table["observed"].tolist() == counts.ravel().tolist()
    n = len(events)
    assert result.table["observed"].sum() == n * (n - 1) // 2
    assert result.table["expected"].sum() == pytest.approx(n * (n - 1) / 2)


def test_worlds_are_the_same_events_with_their_dates_dealt_anew(monkeypatch) -> None:
    """p by brute force over the very same worlds, and in sweeps of any width."""
    rng = np.random.default_rng(3)
    table = made([(*rng.integers(0, 300, 2), d) for d in rng.integers(0, 20, 40)])
    table = table.sort_values(["x_m", "y_m", "day"], ignore_index=True)
    options = NearRepeatOptions(distances_m=(0.0, 80.0), days=(3, 9), replications=49)
    result = near_repeat(table, options)
    observed, reached = by_definition(table, options), 0
    number = np.arange(len(table), dtype=np.int32)
    dealt = deal(number, number.astype(np.int64), knox.random_keys(options.seed, 49))
    assert (np.sort(dealt, axis=0) == number[:, None]).all()
    assert dealt[:, 0].tolist() == number.tolist()
    for k in range(1, 50):
        world = table.assign(day=table["day"].to_numpy()[dealt[:, k]])
        reached += by_definition(world, options) >= observed
    assert result.table["p_value"].tolist() == ((np.ravel(reached) + 1) / 50).tolist()
    monkeypatch.setattr(knox, "WORLDS", 7)
    assert_frame_equal(near_repeat(table, options).table, result.table, check_exact=True)


def test_each_event_gets_each_day_as_often() -> None:
    """Chi-square over all 36 pairs of event and day in 60,000 worlds: 25 degrees of freedom."""
    number = np.arange(6, dtype=np.int32)
    dealt = deal(number, number.astype(np.int64), knox.random_keys(1, 60_000)[1:])
    counts = np.array([np.bincount(row, minlength=6) for row in dealt])
    assert ((counts - 10_000.0) ** 2 / 10_000).sum() < 52.6  # 0.1 % of the time, and seeded


def test_row_order_and_shift_change_nothing() -> None:
    rng = np.random.default_rng(4)
    table = made([(*rng.integers(0, 2000, 2), d) for d in rng.integers(0, 100, 300)])
    options = NearRepeatOptions(replications=49)
    result = near_repeat(table, options).table
    mixed = table.sample(frac=1, random_state=1)
    assert_frame_equal(near_repeat(mixed, options).table, result, check_exact=True)
    shifted = table.assign(x_m=table["x_m"] + 123_456.0, y_m=table["y_m"] - 7_000_000.0)
    assert_frame_equal(near_repeat(shifted, options).table, result, check_exact=True)


def test_planted_repeats_are_found() -> None:
    rng = np.random.default_rng(5)
    first = [(*rng.uniform(0, 5000, 2), int(d)) for d in rng.integers(0, 365, 300)]
    again = [(x + 20, y + 20, d + 3) for x, y, d in first[:40]]
    result = near_repeat(made(first + again), NearRepeatOptions(replications=199)).table
    near = result[(result["distance_to_m"] == 100) & (result["days_to"] == 7)].iloc[0]
    assert near["observed"] >= 40
    assert near["p_value"] == pytest.approx(1 / 200)
    assert near["ratio"] > 5


# Burkitt's lymphoma, West Nile district of Uganda 1961–1975 (Williams et al. 1978,
# doi:10.1038/bjc.1978.16), 188 cases: x, y, day as in the example data of libpysal (BSD).
BURKITT = Path(__file__).with_name("burkitt.csv")


def test_burkitt() -> None:
    cases = pd.read_csv(BURKITT, comment="#")
    cases["day"] = pd.Timestamp("1960-01-01") + pd.to_timedelta(cases["day"], unit="D")
    options = NearRepeatOptions(distances_m=(20.0,), days=(5,), closed="right", metric="euclidean")
    table = near_repeat(cases, options).table
    assert table["observed"].tolist() == [13, 3416, 39, 14110]
    assert table["expected"].tolist() == pytest.approx(
        [10.1438161, 3418.8561839, 41.8561839, 14107.1438161], rel=1e-8
    )
    # pointpats gives the chance of more than 13, Knox that of at least 13: they differ by P(13)
    more = table["p_poisson"].iloc[0] - poisson.pmf(13, table["expected"].iloc[0])
    assert more == pytest.approx(0.14624558197140414, abs=1e-9)
    assert 0.15 < table["p_value"].iloc[0] < 0.30


@pytest.mark.real
def test_near_repeat_calculator(real_data: Path) -> None:
    checks = real_data / "checks"
    known = json.loads((checks / "reference_values.json").read_text(encoding="utf-8"))
    known = known["near_repeat_calculator_1_3"]["chicago_be_month1"]
    table = pd.read_csv(checks / "chicago_be_month1.csv", names=["x_m", "y_m", "day"])
    result = near_repeat(table, NearRepeatOptions(days=(7, 14, 21))).table
    assert result["observed"].tolist() == np.ravel(known["observed"]).tolist()
    # theirs is against the mean of 19 random worlds, ours exact
    wanted = np.ravel(known["obs_over_exp"])
    noise = 4 / np.sqrt(19 * result["expected"].to_numpy()) * wanted + 0.02
    assert (np.abs(result["ratio"].to_numpy() - wanted) < noise).all()


@pytest.mark.parametrize("events", [[], [(0, 0, 1)], [(0, 0, 1), (5, 5, 1)]])
def test_nothing_to_compare_is_said(events) -> None:
    result = near_repeat(made(events), NearRepeatOptions(**FEW))
    assert [n.code for n in result.notices] == ["near_repeat_no_contrast"]
    assert (result.table["p_value"] == 1).all()


def test_faults(monkeypatch) -> None:
    table = made([(0, 0, 1), (10, 0, 2), (20, 0, 3)])
    with pytest.raises(DataError) as error:
        near_repeat(table.assign(day=pd.NaT, x_m=np.nan), NearRepeatOptions())
    assert {f.code for f in error.value.faults} == {"date_missing", "coordinates_missing"}
    with pytest.raises(SettingsError) as refused:
        near_repeat(table, NearRepeatOptions(distances_m=(100.0, 50.0)))
    assert refused.value.faults[0].code == "edges_not_rising"
    monkeypatch.setattr(knox, "MAX_PAIRS", 2)
    with pytest.raises(SettingsError) as refused:
        near_repeat(table, NearRepeatOptions())
    assert refused.value.faults[0].code == "near_repeat_too_large"


def test_expected_pairs_of_many_events_stay_within_bounds() -> None:
    rng = np.random.default_rng(8)
    n = 120_000  # pairs by pairs is beyond 64 bits
    xy = rng.integers(0, 400, (n, 2)) * 1000.0
    table = near_repeat(
        pd.DataFrame(
            {
                "x_m": xy[:, 0],
                "y_m": xy[:, 1],
                "day": np.datetime64("2024-01-01") + rng.integers(0, 730, n).astype("m8[D]"),
            }
        ),
        NearRepeatOptions(**FEW),
    ).table
    assert table["observed"].sum() == n * (n - 1) // 2
    assert table["expected"].sum() == pytest.approx(n * (n - 1) / 2)
    assert (table["expected"] >= 0).all()
    assert table["p_poisson"].between(0, 1).all()


def test_too_many_pairs_mean_fewer_worlds_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made([(i % 7 * 30, i % 5 * 30, i % 60) for i in range(300)])
    plain = near_repeat(table, NearRepeatOptions())
    assert plain.replications == 999
    assert not plain.notices
    monkeypatch.setattr(knox, "MOST_WORK", 300 * 299 // 2 * 150)
    fewer = near_repeat(table, NearRepeatOptions())
    assert [notice.code for notice in fewer.notices] == ["near_repeat_fewer_worlds"]
    assert 99 <= fewer.replications < 999
    assert (fewer.table["observed"] == plain.table["observed"]).all()
    asked = near_repeat(table, NearRepeatOptions(replications=19))
    assert asked.replications == 19
    assert not asked.notices
