"""Which entrances a round takes: every rule holds, the part by need is best, draws are fair."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.searchround.draws import draws
from hotspots.searchround.minima import least_numbers
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.selection import select_round

MONDAY = date(2026, 11, 23)


def register(rows: list[dict]) -> pd.DataFrame:
    """Return entrances; what a row leaves out is as for one never searched."""
    ordinary = {
        "owner": "Ägare A",
        "area_id": "A1",
        "need": 1.0,
        "last_searched": pd.NaT,
        "n_searched_recent": 0,
        "last_found": pd.NaT,
        "consent_valid": True,
    }
    table = pd.DataFrame(
        [{"entrance_id": f"E{i:03d}", **ordinary, **r} for i, r in enumerate(rows)]
    )
    for name in ("last_searched", "last_found"):
        table[name] = pd.to_datetime(table[name])
    return table


def chosen(table: pd.DataFrame, n: int, seed: int = 581, **options) -> set[str]:
    selected = select_round(
        table, options=RoundOptions(n_entrances=n, **options), monday=MONDAY, seed=seed
    )
    return set(selected.entrances["entrance_id"])


@st.composite
def registers(draw, most: int = 11) -> pd.DataFrame:
    size = draw(st.integers(1, most))
    days = st.one_of(st.none(), st.integers(1, 5))
    rows = []
    for _ in range(size):
        ago = draw(days)
        rows.append(
            {
                "owner": draw(st.sampled_from(["A", "B", "C", None])),
                "area_id": draw(st.sampled_from(["1", "2", None])),
                "need": draw(st.integers(0, 12)) / 4,
                "last_searched": pd.NaT if ago is None else pd.Timestamp(2026, ago, 1),
                "n_searched_recent": draw(st.integers(0, 3)),
                "last_found": draw(st.sampled_from([pd.NaT, pd.Timestamp(2026, 11, 1)])),
                "consent_valid": draw(st.sampled_from([True, True, False])),
            }
        )
    return register(rows)


def allowed(table: pd.DataFrame) -> pd.DataFrame:
    found = table["last_found"].notna()
    return table[table["consent_valid"] & ((table["n_searched_recent"] < 2) | found)]


def lacking(table: pd.DataFrame, ids: set[str], least: pd.DataFrame) -> int:
    taken = table[table["entrance_id"].isin(ids)]
    column = {"owner": "owner", "area": "area_id"}
    rows = zip(least["kind"], least["name"], least["least"], strict=True)
    return sum(max(0, n - int((taken[column[kind]] == name).sum())) for kind, name, n in rows)


@given(registers(), st.integers(1, 6), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 3))
@settings(max_examples=80)
def test_a_round_keeps_every_rule_and_none_has_more_need(table, n, share, seed):
    options = RoundOptions(n_entrances=n, least_share=share)
    round_ = select_round(table, options=options, monday=MONDAY, seed=seed)
    able = allowed(table)
    ids = round_.entrances["entrance_id"].tolist()
    size = min(n, len(able))
    assert len(ids) == len(set(ids)) == size
    assert set(ids) <= set(able["entrance_id"])
    by_need = int(np.floor(size / 2 + 0.5))
    assert (round_.entrances["part"] == "need").sum() == by_need
    # brute force: every round of that size, every part by need within it
    least = least_numbers(table, table["entrance_id"].isin(able["entrance_id"]), n, share)
    best_lack, best_need = None, -1.0
    need = table.set_index("entrance_id")["need"]
    for one in combinations(able["entrance_id"], size):
        lack = lacking(table, set(one), least)
        top = sum(sorted((need[i] for i in one), reverse=True)[:by_need])
        if best_lack is None or (lack, -top) < (best_lack, -best_need):
            best_lack, best_need = lack, top
    assert lacking(table, set(ids), least) == best_lack == round_.minima["short"].sum()
    assert round_.need_total == pytest.approx(best_need)
    assert round_.gap == pytest.approx(0)


@given(registers(9), st.integers(1, 5), st.integers(0, 5))
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing(table, n, seed):
    options = RoundOptions(n_entrances=n, least_share=1.0)
    one = select_round(table, options=options, monday=MONDAY, seed=seed)
    other = select_round(table[::-1], options=options, monday=MONDAY, seed=seed)
    pd.testing.assert_frame_equal(one.entrances, other.entrances)
    pd.testing.assert_frame_equal(one.minima, other.minima)


def test_without_consent_an_entrance_is_never_taken():
    table = register([{"need": 9.0, "consent_valid": False}, {}, {}])
    assert chosen(table, 3) == {"E001", "E002"}
    round_ = select_round(table, options=RoundOptions(n_entrances=3), monday=MONDAY, seed=1)
    assert (round_.n_wanted, round_.n_without_consent, len(round_.entrances)) == (3, 1, 2)


def test_the_cap_holds_unless_there_was_a_find_within_the_window():
    table = register(
        [
            {"n_searched_recent": 2},
            {"n_searched_recent": 2, "last_found": pd.Timestamp("2026-10-01")},
            {"n_searched_recent": 2, "last_found": pd.Timestamp("2026-05-01")},
            {"n_searched_recent": 1},
        ]
    )
    assert chosen(table, 4) == {"E001", "E003"}
    assert chosen(table, 4, max_per_window=3) == {"E000", "E001", "E002", "E003"}


def test_the_rest_is_drawn_among_those_longest_unsearched():
    rows = [{"last_searched": pd.Timestamp(2025, 1, 1) + pd.Timedelta(days=i)} for i in range(40)]
    table = register(rows)
    seen: set[str] = set()
    for seed in range(60):
        seen |= chosen(table, 4, seed, share_by_need=0.0, pool_factor=2.0, least_share=0.0)
    assert seen == {f"E{i:03d}" for i in range(8)}  # twice as many as are drawn, and all of them


def test_never_searched_come_before_all_others_in_the_draw():
    table = register([{"last_searched": pd.Timestamp(2020, 1, 1)}, {}, {}])
    for seed in range(10):
        found = chosen(table, 2, seed, share_by_need=0.0, pool_factor=1.0)
        assert found == {"E001", "E002"}


def test_every_entrance_is_drawn_as_often():
    table = register([{} for _ in range(10)])
    times = pd.Series(0, index=table["entrance_id"])
    for seed in range(400):
        times[sorted(chosen(table, 3, seed, share_by_need=0.0, pool_factor=9.0))] += 1
    # binomial with mean 120 and deviation 9
    assert times.between(120 - 36, 120 + 36).all()
    assert times.sum() == 1200


def test_an_owner_gets_its_least_number_at_the_cost_of_need():
    rows = [{"owner": "Stor", "need": 5.0} for _ in range(6)] + [
        {"owner": "Liten", "need": 0.1}
    ] * 6
    table = register(rows)
    round_ = select_round(
        table,
        options=RoundOptions(n_entrances=4, share_by_need=1.0, least_share=1.0),
        monday=MONDAY,
        seed=1,
    )
    numbers = round_.minima.set_index("name")["n_selected"]
    assert (numbers["Stor"], numbers["Liten"]) == (2, 2)
    assert round_.need_total == pytest.approx(10.2)
    assert round_.need_free == pytest.approx(20.0)


def test_each_least_number_that_fails_is_named_with_its_reason():
    rows = (
        [{"owner": "Nekar", "area_id": "A1", "consent_valid": False}] * 4
        + [{"owner": "Ofta", "area_id": "A1", "n_searched_recent": 2}] * 4
        + [{"owner": "Ja", "area_id": "A2"}] * 8
    )
    round_ = select_round(
        register(rows), options=RoundOptions(n_entrances=8, least_share=1.0), monday=MONDAY, seed=1
    )
    found = round_.minima.set_index("name")[["least", "n_selected", "short", "reason"]]
    assert found.loc["Nekar"].tolist() == [2, 0, 2, "no_consent"]
    assert found.loc["Ofta"].tolist() == [2, 0, 2, "searched"]
    assert found.loc["Ja"].tolist() == [4, 8, 0, ""]
    assert found.loc["A1", "short"] == 4


def test_least_numbers_that_shut_each_other_out_are_told():
    # X has its only entrance with consent in area 2 and Y in area 1, but each area's own least
    # number takes the places: four are wanted of a round of three
    rows = [
        {"owner": "X", "area_id": None},
        {"owner": "Y", "area_id": None},
        {"owner": None, "area_id": "1"},
        {"owner": None, "area_id": "2"},
        {"owner": "X", "area_id": "1", "consent_valid": False},
        {"owner": "Y", "area_id": "2", "consent_valid": False},
    ]
    round_ = select_round(
        register(rows), options=RoundOptions(n_entrances=3, least_share=1.0), monday=MONDAY, seed=1
    )
    found = round_.minima
    assert found["least"].tolist() == [1, 1, 1, 1]
    assert found["possible"].tolist() == [1, 1, 1, 1]
    assert found["short"].sum() == 1
    assert sorted(found["reason"]) == ["", "", "", "others"]


def test_a_round_larger_than_the_register_takes_all_that_may_be_taken():
    table = register([{} for _ in range(5)])
    round_ = select_round(table, options=RoundOptions(n_entrances=50), monday=MONDAY, seed=1)
    assert len(round_.entrances) == 5
    assert round_.n_wanted == 50


def test_no_consent_anywhere_gives_an_empty_round():
    table = register([{"consent_valid": False} for _ in range(5)])
    round_ = select_round(table, options=RoundOptions(n_entrances=2), monday=MONDAY, seed=1)
    assert round_.entrances.empty
    assert round_.n_without_consent == 5


def test_a_doubled_entrance_is_refused():
    table = register([{}, {}])
    table["entrance_id"] = "E1"
    with pytest.raises(ValueError, match="once"):
        select_round(table, options=RoundOptions(), monday=MONDAY, seed=1)


def test_draws_depend_on_seed_week_and_entrance_alone():
    one = draws(["a", "b", "c"], seed=1, monday=MONDAY)
    assert draws(["c", "x", "a"], seed=1, monday=MONDAY)[[2, 0]].tolist() == one[[0, 2]].tolist()
    assert not np.isin(draws(["a", "b", "c"], seed=2, monday=MONDAY), one).any()
    assert not np.isin(draws(["a", "b", "c"], seed=1, monday=date(2026, 11, 30)), one).any()
    many = draws([str(i) for i in range(20_000)], seed=1, monday=MONDAY)
    assert ((many >= 0) & (many < 1)).all()
    assert np.histogram(many, 10, (0, 1))[0].min() > 1800


def test_least_numbers_are_rounded_down_and_their_sum_always_fits():
    table = register([{"owner": f"O{i % 7}", "area_id": f"A{i % 5}"} for i in range(53)])
    for n in range(1, 54):
        least = least_numbers(table, pd.Series([True] * 53), n, 1.0)
        assert least.groupby("kind")["least"].sum().max() <= n
        round_ = select_round(
            table, options=RoundOptions(n_entrances=n, least_share=1.0), monday=MONDAY, seed=1
        )
        assert round_.minima["short"].sum() == 0
