from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hotspots.accuracy import AccuracyOptions, cell_scores, evaluate
from hotspots.accuracy.cards import compare, method_card
from hotspots.accuracy.history import gather
from hotspots.accuracy.intervals import block_length, draws, interval
from hotspots.accuracy.registry import METHODS, NAMES
from hotspots.accuracy.trial import choose, try_methods
from hotspots.options import HotspotOptions
from tests.factories import make_incidents, no_incidents

PLAIN = ("all_time", "last_period", "random", "kde")
WEEKS = 30


def lasting(seed: int = 3, n: int = 50) -> pd.DataFrame:
    """Hot cells that stay hot, and a thin spread everywhere."""
    rng = np.random.default_rng(seed)
    total = n * WEEKS
    cell = np.where(
        rng.random(total) < 0.6, rng.integers(0, 8, total) * 53, rng.integers(0, 900, total)
    )
    return make_incidents(
        x=(cell % 30) * 100 + 50, y=(cell // 30) * 100 + 50, day=rng.integers(0, WEEKS * 7, total)
    )


@pytest.fixture(scope="module")
def history():
    found = gather(lasting(), HotspotOptions(), AccuracyOptions())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def trial(history):
    found = try_methods(history, AccuracyOptions(), methods=PLAIN)
    assert found is not None
    return found


def test_one_fold_by_hand(history, trial) -> None:
    period = len(history.periods) - 1
    past = history.before(period)
    score, truth = past.counts.sum(axis=1)[past.area], history.counts[past.area, period]
    k = round(0.05 * past.area.sum())
    order = np.argsort(-score, kind="stable")
    edge = score[order[k - 1]]
    caught = truth[score > edge].sum()
    caught += truth[score == edge].mean() * (k - (score > edge).sum())
    at = trial.shares.index(0.05)
    assert trial.caught[-1, 0, at] == pytest.approx(caught)
    n = history.counts[:, period].sum()
    assert trial.pai[-1, 0, at] == pytest.approx(caught / n / (k / past.area.sum()))
    assert trial.pei[-1, 0, at] == pytest.approx(caught / np.sort(truth)[::-1][:k].sum())


def test_learning_time_is_not_counted(history, trial) -> None:
    n = len(history.periods)
    assert len(trial.starts) == n - int(np.ceil(0.4 * n))
    assert trial.starts[-1] == history.periods.edges[-2]


def test_counts_beat_chance_and_chance_is_one(trial) -> None:
    pai = trial.pai.mean(axis=0)
    one = dict(zip(trial.methods, pai[:, trial.shares.index(0.05)], strict=True))
    assert one["all_time"] > one["last_period"] > 2 * one["random"]
    # All events lie in the area here from early on.
    assert one["random"] == pytest.approx(1.0, abs=1e-9)
    assert (trial.pei <= 1 + 1e-12).all()


def test_auto_could_have_been_chosen_at_the_time(history) -> None:
    """Another last period changes neither what auto was in it nor anything before."""
    other = dataclasses.replace(history, counts=history.counts.copy(), _memo={})
    other.counts[:, -1] = np.roll(other.counts[:, -1], 7)
    methods = (*PLAIN, "recency", "additive")
    one = try_methods(dataclasses.replace(history, _memo={}), AccuracyOptions(), methods=methods)
    two = try_methods(other, AccuracyOptions(), methods=methods)
    assert one is not None
    assert two is not None
    assert one.chosen == two.chosen
    assert one.caught[:-1].tolist() == two.caught[:-1].tolist()


def test_auto_leaves_counts_only_for_a_lead_beyond_its_error() -> None:
    tried = ("all_time", "kde")
    steady = np.array([[[0.5], [0.6]]] * 5)
    assert choose(steady, tried) == ["all_time"] * 3 + ["kde"] * 3
    # On average ahead, but by one lucky fold.
    lucky = np.array([[[0.5], [0.5]]] * 4 + [[[0.5], [0.9]]])
    assert choose(lucky, tried)[-1] == "all_time"
    behind = np.array([[[0.5], [0.4]]] * 5)
    assert choose(behind, tried) == ["all_time"] * 6


def test_auto_catches_what_its_choice_caught(trial) -> None:
    for fold, name in enumerate(trial.chosen):
        at = trial.methods.index(name)
        assert trial.caught[fold, -1].tolist() == trial.caught[fold, at].tolist()


def test_all_methods_and_the_card() -> None:
    options = AccuracyOptions(period="month", min_periods=10, trees=True)
    days = np.random.default_rng(1).integers(0, 366, 900)
    events = lasting().iloc[:900]
    start = (pd.Timestamp("2024-01-01 12:00") + pd.to_timedelta(days, unit="D")).tz_localize(
        "Europe/Stockholm"
    )
    events = events.assign(start=start.as_unit("us"))
    found = evaluate(events, HotspotOptions(), options=options)
    card = found.card
    assert card is not None
    assert set(card.table["method"]) == set(NAMES) - {"population"}
    assert card.best in NAMES
    assert card.sentence.startswith("Bäst på 7 perioder")
    assert "5 % av ytan" in card.sentence.replace("\u00a0", " ")
    assert [notice.code for notice in found.notices] == ["methods_tried"]
    reference = card.table[card.table["method"] == "all_time"]
    assert not reference["lead"].any()
    assert not reference["beyond_noise"].any()
    again = evaluate(events.sample(frac=1, random_state=9), HotspotOptions(), options=options)
    assert again.card is not None
    pd.testing.assert_frame_equal(again.card.table, card.table)
    assert found.history is not None
    table = cell_scores(found.history, card.chosen)
    assert table["n_events"].sum() == found.history.counts.sum()
    assert table["score"].idxmax() in table.nlargest(30, "n_events").index


def test_a_planted_difference_is_found_and_none_is_not(trial) -> None:
    card = method_card(trial, AccuracyOptions(), seed=1)
    rows = card.table[card.table["share"] == 0.05].set_index("method")
    assert rows.loc["random", "lead_high"] < 0
    assert rows.loc["random", "beyond_noise"]
    assert rows.loc["all_time", "lead"] == 0
    over = compare(trial, "random", n_bootstrap=500, seed=1)
    assert over.low[0, 2] > 0


def test_too_little_is_told_not_guessed() -> None:
    for incidents in (
        no_incidents(),
        make_incidents(x=[0.0] * 50),
        make_incidents(x=np.arange(50.0), day=range(50)),
        lasting().assign(stacked=True),
    ):
        found = evaluate(incidents, HotspotOptions())
        assert found.trial is None
        assert found.card is None
        assert found.notices[0].code == "methods_not_tried"


def test_everything_on_one_point_is_no_fault() -> None:
    found = evaluate(
        make_incidents(x=[0.0] * 700, day=np.arange(700) % 100),
        HotspotOptions(),
        options=AccuracyOptions(n_bootstrap=200),
    )
    assert found.card is not None
    assert found.card.chosen in METHODS or found.card.chosen in NAMES


def test_interval_of_independent_folds_is_that_of_the_textbook() -> None:
    values = np.random.default_rng(0).normal(3.0, 2.0, (400, 1))
    found = interval(values, n_bootstrap=4000, seed=1)
    assert found.mean[0] == pytest.approx(values.mean())
    assert found.error[0] == pytest.approx(values.std(ddof=1) / 20, rel=0.15)
    assert found.beyond_noise[0]


def test_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(0.0, 1.0, (16, 1000))
    found = interval(values, n_bootstrap=1000, seed=2)
    covered = (found.low < 0) & (found.high > 0)
    assert 0.90 < covered.mean() < 0.97


def test_blocks_widen_the_interval_of_dependent_folds() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 1, (64, 200))
    dependent = np.cumsum(noise, axis=0) * 0 + noise
    dependent[1:] += 0.9 * noise[:-1]
    found = interval(dependent, n_bootstrap=800, seed=4)
    naive = dependent.std(axis=0, ddof=1) / 8
    assert found.error.mean() > 1.15 * naive.mean()


def test_draws_are_blocks_and_seeded() -> None:
    assert [block_length(n) for n in (3, 16, 36, 64)] == [1, 3, 3, 4]
    one = draws(16, n_bootstrap=50, seed=5)
    assert one.tolist() == draws(16, n_bootstrap=50, seed=5).tolist()
    assert one.shape == (50, 16)
    assert ((one[:, 1] - one[:, 0]) % 16 == 1).all()


def test_a_constant_has_no_spread_and_two_folds_have_none_to_tell() -> None:
    assert interval(np.full((5, 2), 3.0), n_bootstrap=200, seed=0).error.tolist() == [0, 0]
    assert np.isnan(interval(np.ones((2, 1)), n_bootstrap=200, seed=0).error).all()
