"""Which numbers of several tables to hide so that no small count can be worked back.

The reader knows every number that is shown, those of earlier editions too, and that counts are
whole and never negative. A small count ``v`` (1 ≤ v < minimum) is *protected* when for all the
reader can tell it may be as low as 1 and as high as ``minimum − 1``: that it is small is all that
is told. The same holds for what lies between two shown numbers of which one holds the other.

Method: cell suppression with an audit by linear programming (Fischetti & Salazar-González 2001,
*Solving the cell suppression problem on tabular data with linear constraints*, Management Science
47; Kelly, Golden & Assad 1992). Each protection needs a *witness*: another set of atoms, of whole
numbers, that gives every shown number and the value asked for. Where there is none, the cheapest
change of shown numbers that would make one is found, and what it changes is hidden. At last, each
number hidden beyond need is shown again. Small numbers are hidden rather than large ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from geodata.disclosure.cells import System, nested_pairs
from geodata.disclosure.solving import NEAR, is_whole, rounded, solve, solved

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class ContradictionError(ValueError):
    """The numbers given are of different events: no atoms give them all."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """What is hidden of one system.

    Attributes
    ----------
    hidden
        Shape ``(cells,)``: small counts, and others that protect them.
    unprotected
        Cells with a small count that earlier editions give away whatever is hidden now.
    """

    hidden: Bools
    unprotected: tuple[int, ...]


@dataclass(frozen=True)
class _Need:
    """A number to protect and a value that it must be able to have: row of `_Problem.watched`."""

    row: int
    value: int
    high: bool


@dataclass(eq=False)
class _Problem:
    """A system with its values, what is shown of it, and the witnesses found so far.

    A cell that is shown is known to lie from `low` to `high`.
    """

    system: System
    values: Floats
    low: Floats
    high: Floats
    fixed: Bools
    watched: sp.csr_matrix
    shown: Bools
    witnesses: list[Floats] = field(default_factory=list)


def suppress(
    system: System,
    values: Ints,
    *,
    fixed: Bools,
    minimum: int,
    secret: Bools | None = None,
    once: Bools | None = None,
    bounds: tuple[Floats, Floats] | None = None,
) -> Suppression:
    """Choose what to hide.

    Parameters
    ----------
    system
        The cells and their sums, of one kind.
    values
        Their counts, shape ``(cells,)``.
    fixed
        Cells that are known whatever is hidden: published before, or implied.
    minimum
        Counts from 1 to ``minimum − 1`` are small.
    secret
        Cells that are hidden whatever their count. Such a number may be lower and higher by
        ``minimum − 1`` for all the reader can tell.
    once
        Cells that earlier editions hid, whose counts aren't looked at: as far as these editions
        alone leave open that they are small counts, all editions together must do so.
    bounds
        Least and most that each cell is known to be when it is shown; its value without.

    Raises
    ------
    ContradictionError
        If the counts contradict each other: no whole numbers of atoms give them.
    """
    none = np.zeros(len(values), dtype=bool)
    secret, once = none if secret is None else secret, none if once is None else once
    counts = np.where(once, np.nan, values.astype(np.float64))
    low, high = (counts - system.slack, counts + system.slack) if bounds is None else bounds
    small = (values > 0) & (values < minimum) & ~fixed & ~once
    closed = (small | secret | once) & ~fixed
    pairs = nested_pairs(system, np.where(low < high - 1, np.nan, counts), minimum)
    between = [system.sums[large] - system.sums[less] for large, less in pairs]
    rows = np.concatenate([np.flatnonzero(closed & ~once), np.flatnonzero(once)])
    watched = sp.vstack([system.sums[rows], *between], format="csr")
    problem = _Problem(system, counts, low, high, fixed, watched, ~closed)
    if _witness(problem, None) is None:
        msg = "the counts contradict each other"
        raise ContradictionError(msg)
    few = (1, minimum - 1)
    spans = [few if small[r] or once[r] else _around(values[r], minimum) for r in rows]
    needs = _both_ways([*spans, *[few] * len(pairs)])
    old = {need for need in needs if need.row < len(rows) and once[rows[need.row]]}
    if old:
        told = _Problem(system, counts, low, high, fixed, watched, fixed.copy())
        old &= set(_unmet(told, [need for need in needs if need in old]))
    needs = [need for need in needs if need not in old]
    lost = _protect(problem, needs)
    _show_again(problem, [need for need in needs if need not in lost], closed)
    gone = {int(rows[need.row]) for need in lost if need.row < len(rows)}
    return Suppression(~problem.shown, tuple(sorted(gone)))


def agrees(system: System, bounds: tuple[Floats, Floats], *, shown: Bools) -> bool:
    """Return whether there are numbers that give all that is shown: `bounds` as of `tells`."""
    nothing, values = np.zeros(len(shown), dtype=bool), np.zeros(len(shown))
    none = system.sums[:0]
    return _witness(_Problem(system, values, *bounds, nothing, none, shown), None) is not None


def tells(
    system: System,
    bounds: tuple[Floats, Floats],
    *,
    shown: Bools,
    more: Bools,
    small: Bools,
    minimum: int,
) -> bool:
    """Return whether showing more numbers tells of small ones that are hidden.

    Parameters
    ----------
    system, bounds
        The cells, and least and most that each is known to be when it is shown.
    shown, more
        Cells that are shown in any case, and those asked about.
    small
        Cells of small counts that are hidden.
    minimum
        Counts from 1 to ``minimum − 1`` are small.

    Raises
    ------
    ContradictionError
        If no numbers give all that is shown and asked about.
    """
    rows = np.flatnonzero(small)
    needs = _both_ways([(1, minimum - 1)] * len(rows))
    nothing = np.zeros(len(shown), dtype=bool)
    values, watched = np.zeros(len(shown)), system.sums[rows]
    with_more = _Problem(system, values, *bounds, nothing, watched, shown | more)
    if _witness(with_more, None) is None:
        msg = "the numbers contradict each other"
        raise ContradictionError(msg)
    open_ = list(_unmet(with_more, needs))
    if not open_:
        return False
    without = _Problem(system, values, *bounds, nothing, watched, shown)
    return len(open_) > len(list(_unmet(without, open_)))


def _both_ways(spans: list[tuple[int, int]]) -> list[_Need]:
    return [
        need
        for row, (least, most) in enumerate(spans)
        for need in (_Need(row, most, high=True), _Need(row, least, high=False))
    ]


def nearest(system: System, values: Ints, *, loose: Bools, unknown: Bools) -> Ints:
    """Return values that don't contradict each other, changed as little as possible.

    Parameters
    ----------
    system, values
        The cells and their counts.
    loose, unknown
        Which of them may be changed, and which tell nothing.

    Raises
    ------
    ContradictionError
        If the others contradict each other.
    """
    sums, counts = system.sums, values.astype(np.float64)
    n, free = sums.shape[1], np.flatnonzero(loose)
    k = len(free)
    off = sp.csr_matrix((np.ones(k), (free, np.arange(k))), shape=(len(counts), k))
    known = np.flatnonzero(~unknown)
    rows = sp.vstack(
        [
            sp.hstack([sums, -off, off], format="csr")[known],
            sp.hstack([system.links, sp.csr_matrix((system.links.shape[0], 2 * k))]),
        ],
        format="csr",
    )
    told = np.append(counts[known], np.zeros(system.links.shape[0]))
    slack = np.append(system.slack[known], np.zeros(system.links.shape[0]))
    costs = np.concatenate([np.zeros(n), np.ones(2 * k)])
    atoms = solve(costs, rows, told - slack, told + slack, system.whole)
    if atoms is None:
        msg = "the counts contradict each other"
        raise ContradictionError(msg)
    made = values.copy()
    made[free] = np.rint(sums[free] @ atoms[:n]).astype(np.int64)
    return made


def _around(value: int, minimum: int) -> tuple[int, int]:
    """Return how low and how high a number that is hidden, small or not, must be able to be."""
    return max(int(value) - minimum + 1, 0), int(value) + minimum - 1


def _protect(problem: _Problem, needs: list[_Need]) -> set[_Need]:
    """Hide until every need has a witness; return those that can't have one.

    Once is enough: what is hidden later takes no witness away.
    """
    lost: set[_Need] = set()
    for need in _unmet(problem, needs):
        hidden = _cheapest(problem, need)
        if hidden is None:
            lost.add(need)
        else:
            problem.shown &= ~hidden
    return lost


def _unmet(problem: _Problem, needs: list[_Need]) -> Iterator[_Need]:
    """Give the needs without a witness, in order; look for one before giving up."""
    left = _without(problem, needs)
    for high in (True, False):  # one program may find a witness of many, the next one of more
        own = [need for need in left if need.high == high]
        while len(own) > 1:
            _look_for_many(problem, own, high=high)
            before, own = len(own), _without(problem, own)
            if len(own) == before:
                break
    left = _without(problem, left)
    while left:
        need, left = left[0], left[1:]
        found = _witness(problem, need)
        if found is None:
            yield need
        else:
            left = _without(problem, left)


def _without(problem: _Problem, needs: list[_Need]) -> list[_Need]:
    """Return the needs that no witness in hand meets."""
    if not problem.witnesses or not needs:
        return list(needs)
    atoms = np.array(problem.witnesses)
    told = atoms @ problem.system.sums.T
    told, shown = told[:, problem.shown], problem.shown
    within = (told > problem.low[shown] - NEAR) & (told < problem.high[shown] + NEAR)
    fits = np.asarray(within.all(axis=1))
    if not fits.any():
        return list(needs)
    may = atoms[fits] @ problem.watched.T
    most, least = may.max(axis=0), may.min(axis=0)
    return [
        need
        for need in needs
        if (
            most[need.row] < need.value - NEAR if need.high else least[need.row] > need.value + NEAR
        )
    ]


def _look_for_many(problem: _Problem, needs: list[_Need], *, high: bool) -> None:
    """Look for a witness that meets as many needs of one direction as possible."""
    rows = [need.row for need in needs]
    n, k = problem.system.sums.shape[1], len(rows)
    limits = np.array([float(need.value) for need in needs])
    # Beside the atoms, one slack a need: how far its number falls short of the value asked for.
    sign = 1.0 if high else -1.0
    told, low, high_ = _told(problem)
    rows_ = sp.vstack(
        [
            sp.hstack([told, sp.csr_matrix((told.shape[0], k))]),
            sp.hstack([sign * problem.watched[rows], sp.eye(k)]),
        ],
        format="csr",
    )
    found = solved(
        np.concatenate([np.zeros(n), np.ones(k)]),
        rows_,
        np.concatenate([low, sign * limits]),
        np.concatenate([high_, np.full(k, np.inf)]),
        np.zeros(n + k, dtype=np.int64),
    )
    if found is not None and is_whole(found[:n], problem.system.whole):
        problem.witnesses.append(rounded(found[:n], problem.system.whole))


def _told(problem: _Problem) -> tuple[sp.csr_matrix, Floats, Floats]:
    """Return what any witness must give: rows, least and most."""
    system, held = problem.system, np.flatnonzero(problem.shown)
    exact = np.zeros(system.links.shape[0])
    rows = sp.vstack([system.sums[held], system.links], format="csr")
    return rows, np.append(problem.low[held], exact), np.append(problem.high[held], exact)


def _witness(problem: _Problem, need: _Need | None) -> Floats | None:
    """Return atoms of whole numbers that give all that is shown and meet a need, if there are."""
    rows, low, high = _told(problem)
    if need is not None:
        rows = sp.vstack([rows, problem.watched[[need.row]]], format="csr")
        low = np.append(low, need.value if need.high else -np.inf)
        high = np.append(high, np.inf if need.high else need.value)
    atoms = solve(np.zeros(problem.system.sums.shape[1]), rows, low, high, problem.system.whole)
    if atoms is not None:
        problem.witnesses.append(atoms)
    return atoms


def _cheapest(problem: _Problem, need: _Need) -> Bools | None:
    """Return what to hide so that a need has a witness; ``None`` where nothing helps."""
    system, values = problem.system, problem.values
    sums = system.sums
    n = sums.shape[1]
    loose = np.flatnonzero(problem.shown & ~problem.fixed)
    bound = np.flatnonzero(problem.shown & problem.fixed)
    k = len(loose)
    tied = sp.vstack([sums[bound], system.links])
    more_less = sp.hstack([-sp.eye(k), sp.eye(k)])
    rows = sp.vstack(
        [
            sp.hstack([sums[loose], more_less]),
            sp.hstack([tied, sp.csr_matrix((tied.shape[0], 2 * k))]),
            sp.hstack([problem.watched[[need.row]], sp.csr_matrix((1, 2 * k))]),
        ],
        format="csr",
    )
    ends = np.concatenate([loose, bound])
    links = np.zeros(system.links.shape[0])
    low = np.concatenate([problem.low[ends], links, [need.value if need.high else -np.inf]])
    high = np.concatenate([problem.high[ends], links, [np.inf if need.high else need.value]])
    cost = np.where(values > 0, values, 0.0)[loose]
    # A hidden zero protects as well as any, but tells the reader least of what was left to tell.
    cost = np.where(values[loose] == 0, 2.0 * max(need.value, 2), cost)
    atoms = solve(np.concatenate([np.zeros(n), cost, cost]), rows, low, high, system.whole)
    if atoms is None:
        return None
    problem.witnesses.append(atoms[:n])
    hidden = np.zeros(len(values), dtype=bool)
    told = sums[loose] @ atoms[:n]
    hidden[loose] = (told < problem.low[loose] - NEAR) | (told > problem.high[loose] + NEAR)
    return hidden


def _show_again(problem: _Problem, needs: list[_Need], closed: Bools) -> None:
    """Show each number that was hidden beyond need, the largest first."""
    spare = np.flatnonzero(~problem.shown & ~closed)
    for cell in sorted(spare, key=lambda c: (-problem.values[c], c)):
        problem.shown[cell] = True
        if next(_unmet(problem, needs), None) is not None:
            problem.shown[cell] = False
