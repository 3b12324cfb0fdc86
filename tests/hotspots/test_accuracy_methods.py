from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

from hotspots.accuracy import learned, methods
from hotspots.accuracy.grid import disc, spread
from hotspots.accuracy.history import History, gather
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.periods import choose_periods
from hotspots.accuracy.registry import METHODS, geometric_mean, mean_of_ranks, names, scores
from hotspots.options import HotspotOptions
from tests.factories import make_incidents

WEEKS = 14


def town(seed: int = 1, n: int = 40, weeks: int = WEEKS) -> pd.DataFrame:
    """A town of 20 × 20 cells: three lasting hot spots, one that moves, other classes, a guard."""
    rng = np.random.default_rng(seed)
    x, y, day, kind = [], [], [], []
    spots = np.array([[250, 250], [850, 1450], [1550, 650]])
    for week in range(weeks):
        moving = np.array([[(week // 4) * 400 + 150, 1050]])
        centres = np.vstack([spots, moving])[rng.integers(0, 4, n)]
        near = centres + rng.normal(0, 40, (n, 2))
        free = rng.random(n) < 0.3
        near[free] = rng.uniform(0, 2000, (int(free.sum()), 2))
        x += near[:, 0].round().tolist()
        y += near[:, 1].round().tolist()
        day += (week * 7 + rng.integers(0, 7, n)).tolist()
        kind += rng.choice(["drug_possession", "damage"], n, p=[0.7, 0.3]).tolist()
    return make_incidents(x=x, y=y, day=day, offence_class=kind)


def history(incidents: pd.DataFrame | None = None) -> History:
    found = gather(town() if incidents is None else incidents, HotspotOptions(), AccuracyOptions())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def known() -> History:
    return history()


def test_counts_are_all_there(known) -> None:
    events = town()
    assert len(known.periods) == WEEKS
    assert known.counts.sum() == (events["offence_class"] == "drug_possession").sum()
    assert known.place_counts.sum() == known.counts.sum()
    assert known.beside["other_classes"].sum() == (events["offence_class"] == "damage").sum()


def test_the_area_is_what_lies_near_earlier_events_of_any_class(known) -> None:
    events = town()
    x, y = events["x_m"].to_numpy(), events["y_m"].to_numpy()
    week = (events["start"].dt.tz_localize(None) - pd.Timestamp("2024-01-01")).dt.days // 7
    past = known.before(3)
    cells = np.column_stack([known.grid.columns, known.grid.rows])
    held = np.unique(np.column_stack([x, y])[week < 3] // 100, axis=0)
    apart = ((cells[:, None, :] - held[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    assert past.area.tolist() == (apart <= 9).tolist()


@pytest.mark.parametrize("name", [name for name in METHODS if name != "population"])
def test_no_method_sees_the_period_it_is_tried_on(name, known) -> None:
    now = 9
    scrambled = np.random.default_rng(5)

    def later(table: np.ndarray) -> np.ndarray:
        return np.hstack([table[:, :now], scrambled.integers(0, 50, table[:, now:].shape)])

    other = dataclasses.replace(
        known,
        counts=later(known.counts),
        beside={kind: later(table) for kind, table in known.beside.items()},
        place_counts=later(known.place_counts),
        _memo={},
    )
    # The later folds are run first, so that anything they lay by would be found.
    METHODS[name](other.before(WEEKS - 1))
    expected = METHODS[name](dataclasses.replace(known, _memo={}).before(now))
    assert METHODS[name](other.before(now)).tolist() == expected.tolist()


def test_the_past_ends_where_the_period_begins(known) -> None:
    past = known.before(6)
    assert past.counts.shape[1] == past.now == 6
    for ask in (past.earlier, lambda p: past.remembered("x", p)):
        with pytest.raises(IndexError):
            ask(6)
    with pytest.raises(IndexError):
        past.remember("x", 6, 1)


def test_row_order_does_not_matter() -> None:
    events = town()
    one, two = history(events), history(events.sample(frac=1, random_state=3))
    tried = names(population=False)
    for name, score in scores(one.before(9), tried).items():
        assert score.tolist() == scores(two.before(9), (name,))[name].tolist(), name


def test_kernel_density_equals_the_direct_sum(known) -> None:
    past = known.before(10)
    found = methods.density(past)
    weight = past.place_counts.sum(axis=1)
    cx, cy = (known.grid.columns + 0.5) * 100, (known.grid.rows + 0.5) * 100
    d2 = (cx[:, None] - known.place_x_m) ** 2 + (cy[:, None] - known.place_y_m) ** 2
    kernel = np.where(d2 < 200**2, 3 / (np.pi * 200**2) * (1 - d2 / 200**2) ** 2, 0)
    assert found == pytest.approx(kernel @ weight, abs=1e-15)


def test_getis_ord_equals_the_textbook(known) -> None:
    past = known.before(10)
    area = past.area
    x = past.counts.sum(axis=1)[area]
    cells = np.column_stack([known.grid.columns, known.grid.rows])[area]
    w = (np.abs(cells[:, None] - cells[None, :]).max(axis=2) <= 1).astype(float)
    n, mean = len(x), x.mean()
    s = np.sqrt((x**2).mean() - mean**2)
    sums = w.sum(axis=1)
    z = (w @ x - mean * sums) / (s * np.sqrt((n * sums - sums**2) / (n - 1)))
    assert methods.getis_ord(past)[area] == pytest.approx(z, abs=1e-9)


def test_clusters_rank_whole_hot_spots(known) -> None:
    past = known.before(WEEKS - 1)
    score = methods.clusters(past)
    assert (score > 0).any()
    assert not score[past.counts.sum(axis=1) == 0].any()


def test_near_repeat_weighs_by_distance_and_age() -> None:
    # One event a week ago at the origin, one far away long ago; weeks are counted from the end.
    events = make_incidents(
        x=[50.0] * 300 + [50.0], y=[50.0] * 300 + [5050.0], day=[*([91] * 300), 0]
    )
    past = history(events).before(WEEKS)
    score = methods.promap(past)
    here = past.history.grid.at(np.array([569050.0, 569250.0]), np.array([6495050.0, 6495050.0]))
    recency = 1 / (1 + 0.5 * 365.25 / 52 / 7)
    assert score[here] == pytest.approx([300 * recency, 300 * recency / 3])


def test_decay_halves() -> None:
    assert methods.decay(4, 1.0).tolist() == [0.125, 0.25, 0.5, 1.0]
    assert methods.decay(3, np.inf).tolist() == [1.0, 1.0, 1.0]
    assert methods.decayed(np.array([[0.0, 3.0]]), [1.0, np.inf])[0] == pytest.approx([2.0, 1.5])


def test_recency_learns_whether_the_past_is_gone() -> None:
    """Where the hot cells change every month, a short half-life wins; where they stay, a long."""
    rng = np.random.default_rng(2)
    weeks, n = 30, 80
    week = np.repeat(np.arange(weeks), n)

    def half_life(*, months: int) -> float:
        epoch = week // (4 * months)
        rates = rng.gamma(0.3, 1.0, (epoch.max() + 1, 400))
        rates /= rates.sum(axis=1, keepdims=True)
        cell = np.array([rng.choice(400, p=rates[e]) for e in epoch])
        x, y = (cell % 20) * 100 + 50, (cell // 20) * 100 + 50
        past = history(make_incidents(x=x, y=y, day=week * 7)).before(weeks - 1)
        best = methods.best_of_past(past, "recency", methods._recency_trials)
        return methods._recency_settings()[best][0]

    assert half_life(months=1) <= 90
    assert half_life(months=1000) >= 180


def test_additive_regression_finds_planted_weights() -> None:
    rng = np.random.default_rng(4)
    rows = rng.gamma(0.5, 1.0, (40_000, 4))
    truth = np.array([0.5, 0.0, 0.2, 0.05])
    events = rng.poisson(rows @ truth).astype(float)
    some = events > 0
    weights = learned.fit_additive(rows[some], events[some], rows.sum(axis=0))
    assert weights == pytest.approx(truth, abs=0.02)
    # Expected and observed sums agree at the optimum.
    assert (rows @ weights).sum() == pytest.approx(events.sum(), rel=1e-6)


def test_a_feature_that_never_occurs_gets_no_weight() -> None:
    hot = np.array([[1.0, 0.0], [2.0, 0.0]])
    weights = learned.fit_additive(hot, np.array([1.0, 2.0]), np.array([6.0, 0.0]))
    assert weights.tolist() == pytest.approx([0.5, 0.0])


def test_trees_do_not_hang_on_the_last_digits_of_a_sum(known, monkeypatch) -> None:
    """Another processor adds in another order; the scores must stay what they are."""
    expected = learned.boosting(dataclasses.replace(known, _memo={}).before(9))
    plain, rng = learned.features, np.random.default_rng(0)

    def jittered(past):
        exact = plain(past)
        return exact * (1 + 1e-15 * rng.integers(-4, 5, exact.shape))

    monkeypatch.setattr(learned, "features", jittered)
    found = learned.boosting(dataclasses.replace(known, _memo={}).before(9))
    assert found.tolist() == expected.tolist()


def test_features_stay_when_a_year_has_passed(known) -> None:
    early, late = learned.features(known.before(3)), learned.features(known.before(12))
    assert early.shape == late.shape
    assert (late >= 0).all()


def test_season_takes_the_same_period_of_earlier_years() -> None:
    rng = np.random.default_rng(0)
    days = np.repeat(np.arange(0, 900), 2)
    found = gather(
        make_incidents(x=rng.integers(0, 500, 1800), y=0, day=days),
        HotspotOptions(),
        AccuracyOptions(period="month"),
    )
    assert found is not None
    past = found.before(25)
    expected = past.counts[:, [12, 13, 14, 0, 1, 2]].mean(axis=1)
    assert learned.season(past) == pytest.approx(expected)
    assert not learned.season(found.before(5)).any()


def test_mixtures() -> None:
    one, other = np.array([1.0, 2.0, 2.0]), np.array([30.0, 10.0, 20.0])
    assert mean_of_ranks(one, other).tolist() == [2.0, 1.75, 2.25]
    assert geometric_mean(np.array([4.0]), np.array([9.0])).tolist() == [6.0]


def test_spread_and_links() -> None:
    grid, first = spread(
        np.array([50.0, 250.0]),
        np.array([50.0, 50.0]),
        np.array([4, 2]),
        cell_size_m=100,
        margin_m=100,
    )
    assert len(disc(1)) == 5
    assert len(grid) == 9  # two crosses of five that share a cell
    assert dict(zip(grid.columns[grid.rows == 0].tolist(), first[grid.rows == 0].tolist(), strict=True)) == {
        -1: 4, 0: 4, 1: 2, 2: 2, 3: 2,
    }  # fmt: skip
    around = grid.ring @ np.ones(len(grid))
    assert around[grid.at(np.array([50.0]), np.array([50.0]))].tolist() == [4.0]
    assert grid.at(np.array([1e6]), np.array([0.0])).tolist() == [-1]


def days(first: str, n: int, every: int = 1) -> np.ndarray:
    return np.datetime64(first, "D") + np.arange(n) * every


def test_weeks_are_counted_back_from_the_last_day() -> None:
    found = choose_periods(
        np.repeat(days("2024-01-03", 100), 4),
        last=date(2024, 4, 11),
        by_month=False,
        options=AccuracyOptions(),
    )
    assert found is not None
    assert found.unit == "week"
    assert str(found.edges[-1]) == "2024-04-12"
    assert str(found.edges[0]) == "2024-01-01" or np.diff(found.edges).astype(int).tolist() == [
        7
    ] * len(found)
    assert found.number(np.array(["2024-04-11", "2024-04-12"], "datetime64[D]")).tolist() == [
        len(found) - 1,
        -1,
    ]


def test_longer_periods_for_rarer_events_and_none_for_few() -> None:
    options = AccuracyOptions()
    monthly = choose_periods(
        days("2020-01-01", 1461), last=date(2023, 12, 31), by_month=False, options=options
    )
    assert monthly is not None
    assert (monthly.unit, len(monthly)) == ("month", 48)
    rare = choose_periods(
        days("2020-01-01", 365, 4), last=date(2023, 12, 31), by_month=False, options=options
    )
    assert rare is not None
    assert (rare.unit, len(rare)) == ("quarter", 16)
    assert (
        choose_periods(
            days("2020-01-01", 50, 29), last=date(2023, 12, 31), by_month=False, options=options
        )
        is None
    )


def test_months_only_never_make_weeks_and_a_month_begun_is_left_out() -> None:
    first = np.repeat(np.arange("2020-01", "2022-03", dtype="datetime64[M]"), 200).astype(
        "datetime64[D]"
    )
    found = choose_periods(first, last=date(2022, 2, 20), by_month=True, options=AccuracyOptions())
    assert found is not None
    assert found.unit == "month"
    assert str(found.edges[-1]) == "2022-02-01"
