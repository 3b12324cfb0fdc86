from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import tally

EVENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 20), st.sampled_from(["a", "b", None])),
    min_size=1,
    max_size=60,
)


@given(EVENTS)
def test_every_figure_equals_a_loop(events) -> None:
    group = np.array([e[0] for e in events])
    days = np.array([e[1] for e in events]).astype("datetime64[D]")
    names = pd.Series([e[2] for e in events], dtype="str")
    k = 6  # the last group is always empty
    mine = [[e for e in events if e[0] == g] for g in range(k)]
    assert tally.totals(group, k).tolist() == [len(m) for m in mine]
    values = days.astype(np.int64)
    assert tally.totals(group, k, values).tolist() == [sum(e[1] for e in m) for m in mine]
    assert tally.distinct(group, days, k).tolist() == [len({e[1] for e in m}) for m in mine]
    common = tally.most_common(group, names, k)
    for g, m in enumerate(mine):
        found = [e[2] for e in m]
        best = max(("a", "b", None), key=lambda v: (found.count(v), v is not None, v == "a"))
        due = best if found else None
        assert (None if pd.isna(common[g]) else common[g]) == due
    first, last = tally.first_last(group, days, k)
    for g, m in enumerate(mine):
        if m:
            assert first[g] == np.datetime64(min(e[1] for e in m), "D")
            assert last[g] == np.datetime64(max(e[1] for e in m), "D")


def test_by_category_counts_every_category() -> None:
    column = pd.Series(pd.Categorical(["x", "y", "x"], categories=["x", "y", "z"]))
    got = tally.by_category(np.array([0, 0, 1]), column, 2)
    assert got.tolist() == [[1, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize("spread", [1, 3, 1000])
def test_numbers_and_positions_of_dense_and_sparse_keys(spread) -> None:
    rng = np.random.default_rng(spread)
    keys = rng.integers(-50, 50, 300) * spread
    values, number = np.unique(keys, return_inverse=True)
    got = tally.renumber(keys)
    assert got[0].tolist() == values.tolist()
    assert got[1].tolist() == number.tolist()
    assert tally.unique(keys).tolist() == values.tolist()
    assert tally.positions(values, keys).tolist() == number.tolist()
    none = np.zeros(0, dtype=np.int64)
    assert [len(part) for part in tally.renumber(none)] == [0, 0]
    assert len(tally.unique(none)) == len(tally.positions(none, none)) == 0
