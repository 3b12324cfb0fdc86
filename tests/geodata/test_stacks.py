"""Points with an implausible share of the rows."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.stacks import find_stacks, is_confirmed


def find(counts, drugs=None, share=0.03, min_rows=20):
    place = np.repeat(np.arange(len(counts)), counts)
    chosen = (
        np.zeros(len(place), bool)
        if drugs is None
        else np.concatenate([np.arange(c) < d for c, d in zip(counts, drugs, strict=True)])
    )
    return find_stacks(place, chosen, share=share, min_rows=min_rows)


def test_a_default_address_is_flagged():
    (stack,) = find([60] + [1] * 40)
    assert (stack.place, stack.rows, stack.of, stack.flagged) == (0, 60, "all", True)
    assert stack.share == pytest.approx(0.6)


def test_ordinary_concentration_is_not():
    zipf = [round(300 / k**0.6) for k in range(1, 400)]
    assert not [s for s in find(zipf) if s.flagged]


def test_a_small_file_with_large_shares_everywhere_is_not():
    assert find([22, 18, 15, 14, 12, 10, 9, 8, 8, 7] + [3] * 30) == []
    assert find([50, 1, 1]) == []


@pytest.mark.parametrize(("counts", "n"), [([19] + [1] * 60, 0), ([20] + [1] * 60, 1)])
def test_the_smallest_number_of_rows_counts(counts, n):
    assert len(find(counts)) == n


def test_it_may_hide_among_other_rows():
    counts, drugs = [300, *[100] * 99], [300, *[1] * 99]
    (stack,) = find(counts, drugs)
    assert (stack.place, stack.of, stack.rows) == (0, "street_drugs", 300)


def test_two_default_addresses_are_both_flagged():
    assert sorted(s.place for s in find([500, 400] + [3] * 300)) == [0, 1]


def test_a_share_below_the_limit_is_told_but_not_flagged():
    (stack,) = find([200] + [20] * 490)
    assert not stack.flagged
    assert stack.share == pytest.approx(0.02)


def test_nothing_of_nothing():
    assert find([]) == []


def test_confirmed_by_address_or_by_point():
    assert is_confirmed(10.0, 20.0, ["Storgatan 5"], ["STORGATAN 5 "])
    assert is_confirmed(10.0, 20.0, [], [(10.4, 20.4)])
    assert not is_confirmed(10.0, 20.0, ["Storgatan 5"], ["Storgatan 7", (12.0, 20.0), (1.0,)])
