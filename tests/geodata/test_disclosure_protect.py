"""No small count can be worked back: held against all tables there are, on small ones."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.disclosure.cells import Cell, all_but, build, only
from geodata.disclosure.protect import ContradictionError, suppress

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
NEXT = (date(2025, 1, 1), date(2025, 12, 31))
CLASSES = ("x", "y", "z")


def cell(area: str, kind: str, span: tuple[date, date] = YEAR) -> Cell:
    areas = {"all": all_but(()), "rest": all_but(("A", "B", "C"))}.get(area, only(area))
    return Cell("events/police", areas, only(*CLASSES) if kind == "all" else only(kind), *span)


def table(counts: np.ndarray) -> dict[Cell, int]:
    """Return the cells of areas A, B, … × classes x, y, … with all totals."""
    names = [*"ABC"[: counts.shape[0] - 1], "rest"]
    kinds = CLASSES[: counts.shape[1]]
    found = {
        cell(name, kind): int(counts[i, j])
        for (i, name), (j, kind) in itertools.product(enumerate(names), enumerate(kinds))
    }
    found |= {cell(name, "all"): int(counts[i].sum()) for i, name in enumerate(names)}
    found |= {cell("all", kind): int(counts[:, j].sum()) for j, kind in enumerate(kinds)}
    found[cell("all", "all")] = int(counts.sum())
    return found


def hide(values: dict[Cell, int], known: dict[Cell, int] | None = None, minimum: int = 3):
    both = {**(known or {}), **values}
    system = build(list(both))
    counts = np.array([both[c] for c in system.cells], dtype=np.int64)
    fixed = np.array([c in (known or {}) for c in system.cells], dtype=bool)
    done = suppress(system, counts, fixed=fixed, minimum=minimum)
    return system, counts, done


def possible(system, counts, hidden, limit: int) -> dict[int, set[int]]:
    """Return every value that a hidden cell can have, by trying all atoms up to a limit."""
    n = system.sums.shape[1]
    atoms = np.array(list(itertools.product(range(limit + 1), repeat=n)))
    told = np.asarray(atoms @ system.sums.T.toarray())
    fits = (told[:, ~hidden] == counts[~hidden]).all(axis=1)
    return {int(i): set(told[fits, i].astype(int)) for i in np.flatnonzero(hidden)}


@given(st.lists(st.integers(0, 4), min_size=6, max_size=6))
@settings(max_examples=25, deadline=None)
def test_every_small_count_may_be_any_small_count(numbers: list[int]) -> None:
    counts = np.array(numbers).reshape(3, 2)
    # three areas (one is the rest) and two classes that are all there are
    values = {c: n for c, n in table(counts).items() if c.classes != only(*CLASSES)}
    for i, name in enumerate(["A", "B", "rest"]):
        values[Cell("events/police", cell(name, "x").areas, ("x", "y"), *YEAR)] = int(
            counts[i].sum()
        )
    values = {c: n for c, n in values.items() if "C" not in c.areas}
    system, told, done = hide(values)
    assert done.unprotected == ()
    hidden = done.hidden
    assert hidden[(told > 0) & (told < 3)].all()
    for at, values_ in possible(system, told, hidden, 6).items():
        assert len(values_) > 1
        if 0 < told[at] < 3:
            assert {1, 2} <= values_


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_hiding_does_not_depend_on_the_order_of_rows(numbers, random) -> None:
    values = table(np.array(numbers).reshape(4, 3))
    first = hide(values, minimum=5)
    shuffled = list(values.items())
    random.shuffle(shuffled)
    second = hide(dict(shuffled), minimum=5)
    assert (first[2].hidden == second[2].hidden).all()


def test_a_row_with_one_small_count_hides_another_small_one() -> None:
    values = table(np.array([[2, 20, 90], [30, 6, 90], [40, 50, 90], [40, 50, 90]]))
    system, _counts, done = hide(values, minimum=5)
    hidden = {system.cells[i] for i in np.flatnonzero(done.hidden)}
    assert cell("A", "x") in hidden
    assert cell("B", "y") in hidden  # the smallest that can stand against it
    assert len(hidden) == 4
    assert cell("all", "all") not in hidden


def test_nothing_small_hides_nothing() -> None:
    _system, _counts, done = hide(table(np.full((4, 3), 9)), minimum=5)
    assert not done.hidden.any()


def test_what_lies_between_two_shown_numbers_is_protected_too() -> None:
    values = {cell("A", "all"): 20, cell("A", "x"): 18, cell("B", "all"): 40, cell("B", "x"): 30}
    system, _counts, done = hide(values, minimum=5)
    hidden = {system.cells[i] for i in np.flatnonzero(done.hidden)}
    assert hidden == {cell("A", "x")}  # 20 and 18 would tell of 2 others


def test_an_earlier_edition_that_shows_the_total_makes_more_hidden() -> None:
    now = {cell("A", "all"): 2, cell("B", "all"): 30, cell("rest", "all"): 40}
    _system, _counts, alone = hide(now, minimum=5)
    assert int(alone.hidden.sum()) == 1  # no total is told
    system, _counts, both = hide(now, {cell("all", "all"): 72}, minimum=5)
    hidden = {system.cells[i] for i in np.flatnonzero(both.hidden)}
    assert hidden == {cell("A", "all"), cell("B", "all")}


def test_two_years_and_each_of_them() -> None:
    long = (YEAR[0], NEXT[1])
    before = {cell("A", "all", YEAR): 30}
    now = {cell("A", "all", long): 33, cell("B", "all", long): 60}
    system, _counts, done = hide(now, before, minimum=5)
    hidden = {system.cells[i] for i in np.flatnonzero(done.hidden)}
    assert hidden == {cell("A", "all", long)}  # 33 less last year's 30


def test_what_earlier_editions_tell_already_is_said() -> None:
    now = {cell("A", "all"): 2}
    before = {
        cell("all", "all"): 72,
        cell("B", "all"): 30,
        Cell("events/police", all_but(("A", "B")), only(*CLASSES), *YEAR): 40,
    }
    system, _counts, done = hide(now, before, minimum=5)
    assert [system.cells[i] for i in done.unprotected] == [cell("A", "all")]


def test_numbers_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ContradictionError):
        hide({cell("all", "all"): 5, cell("A", "all"): 9})
