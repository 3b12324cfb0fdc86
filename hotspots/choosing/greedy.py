"""Choices that need no proof: greed, then one candidate changed at a time while it helps."""

from __future__ import annotations

from typing import Final

import numpy as np

from hotspots.choosing.problem import Bools, Floats, Ints, Problem

TOLLS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
"""What all the room of the limits is worth, in what greed covers."""


def greedy(problem: Problem, start: Ints | None = None, *, toll: Floats | None = None) -> Ints:
    """Take candidates one by one, always one that adds most of those that still fit.

    Parameters
    ----------
    problem
        What is to be covered.
    start
        Candidates that are in already.
    toll
        What is taken off the gain of each candidate, shape (candidates,): for what it takes of the
        limits.

    Returns
    -------
    numpy.ndarray
        The candidates in the order taken. At a tie the one that costs less, then the first.
    """
    taken = [] if start is None else start.tolist()
    left = _left(problem, np.array(taken, dtype=np.int64))
    while len(taken) < problem.k:
        gain = problem.reach @ left
        able = np.flatnonzero((gain > 0) & _fits(problem, np.array(taken, dtype=np.int64)))
        if len(able) == 0:
            break
        score = gain[able] if toll is None else gain[able] - toll[able]
        top = able[score == score.max()]
        best = int(top[np.argmin(problem.price[top])])
        taken.append(best)
        left[_reached(problem, best)] = 0
    return np.array(taken, dtype=np.int64)


def first_choice(problem: Problem, known: Ints | None = None) -> Ints:
    """Return a good choice: greed, with more and more taken off for what the limits hold.

    Where limits bind, greed spends them on the first candidates. With a toll on their use the
    choice is that of greed for the two aims weighed together, at each of `TOLLS` weights. Where a
    good choice is `known` already, it is the one to improve, and only one weight is tried beside.
    """
    best = greedy(problem) if known is None else known
    covered = problem.covered(best)
    part = problem.use / np.maximum(problem.room, 1)
    if covered and part.any():
        share = part.sum(axis=1)
        for weight in TOLLS if known is None else (1.0,):
            found = greedy(problem, toll=share * (weight * covered))
            if problem.covered(found) > covered:
                best, covered = found, problem.covered(found)
    return improve(problem, best)


def improve(problem: Problem, chosen: Ints) -> Ints:
    """Change one candidate at a time for one that covers more, while there is such a change."""
    best = problem.covered(chosen)
    improved = True
    while improved:
        improved = False
        for leaving in chosen.tolist():
            found = greedy(problem, chosen[chosen != leaving])
            covered = problem.covered(found)
            if covered > best:
                chosen, best, improved = found, covered, True
                break
    return chosen


def ranked(problem: Problem, among: Ints) -> tuple[Ints, Ints]:
    """Return a choice's candidates, the one that adds most first, and what each adds."""
    left = problem.worth.copy()
    rest, order, added = among, [], []
    while len(rest):
        gain = problem.reach[rest] @ left
        at = int(np.lexsort((rest, problem.price[rest], -gain))[0])
        order.append(int(rest[at]))
        added.append(int(gain[at]))
        left[_reached(problem, order[-1])] = 0
        rest = np.delete(rest, at)
    return np.array(order, dtype=np.int64), np.array(added, dtype=np.int64)


def _left(problem: Problem, taken: Ints) -> Ints:
    left = problem.worth.copy()
    left[problem.reached(taken)] = 0
    return left


def _reached(problem: Problem, one: int) -> Ints:
    reach = problem.reach
    return np.asarray(reach.indices[reach.indptr[one] : reach.indptr[one + 1]], dtype=np.int64)


def _fits(problem: Problem, taken: Ints) -> Bools:
    """Tell which candidates can be added to those taken."""
    left = problem.room - problem.use[taken].sum(axis=0)
    fits = (problem.use <= left).all(axis=1)
    fits &= ~np.isin(problem.point, problem.point[taken])
    return np.asarray(fits, dtype=bool)
