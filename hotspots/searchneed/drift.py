"""Whether need and searching have drifted apart.

A round gives one part to need and the rest to the lot, so a group's part of the searches should be
p · (its part of the need) + (1 − p) · (its part of the entrances). The searches of late are held to
that: the likelihood ratio of their numbers, with a p value from draws of as many searches by those
parts. It is called drift when the p value is below 0.05 *and* at least one search in ten would have
to lie elsewhere: many searches make any small difference significant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRAWS: Final = 1999
LEAST_VISITS: Final = 20
"""Fewer visits than this can't tell."""

MOST_APART: Final = 0.10
MOST_P: Final = 0.05


@dataclass(frozen=True)
class Drift:
    """The test of one kind of group.

    Attributes
    ----------
    by
        Kind of group.
    visits
        That were looked at.
    apart
        Part of the visits that would have to lie elsewhere, 0–1 (total variation).
    p
        Of the likelihood ratio.
    most, least
        The group with most visits too many, and too few; ``None`` for the one without name.
    drifted
        Whether it is called drift.
    """

    by: str
    visits: int
    apart: float
    p: float
    most: str | None
    least: str | None
    drifted: bool


def drift_of(
    entrances: pd.DataFrame,
    could: NDArray[np.bool_],
    visited: Ints,
    by: str,
    column: str,
    share_by_need: float,
    stream: np.random.SeedSequence,
) -> Drift | None:
    """Test the visits of one kind of group.

    Parameters
    ----------
    entrances
        Table ``search_entrances``.
    could
        Which of them could be searched.
    visited
        Row of each visit of late.
    by, column
        Kind of group, and the column that holds it.
    share_by_need
        p, 0–1.
    stream
        Of the draws.

    Returns
    -------
    Drift or None
        ``None`` where fewer than `LEAST_VISITS` visits or fewer than two groups can be tested.
    """
    codes, names = pd.factorize(entrances[column].astype("str"), sort=True)
    codes = np.where(codes < 0, len(names), codes)
    eligible = np.bincount(codes[could], minlength=len(names) + 1).astype(np.float64)
    if len(visited) < LEAST_VISITS or (eligible > 0).sum() < 2:
        return None
    need = entrances["need"].to_numpy(np.float64)
    by_need = np.bincount(codes[could], weights=need[could], minlength=len(names) + 1)
    due = expected_shares(by_need.astype(np.float64), eligible, share_by_need)
    seen = np.bincount(codes[visited], minlength=len(names) + 1).astype(np.float64)
    apart, p = likelihood_test(seen, due, stream)
    surplus = seen / seen.sum() - due
    named = [*(str(name) for name in names), None]
    return Drift(
        by=by,
        visits=len(visited),
        apart=apart,
        p=p,
        most=named[int(np.argmax(surplus))],
        least=named[int(np.argmin(surplus))],
        drifted=p < MOST_P and apart >= MOST_APART,
    )


def expected_shares(need: Floats, entrances: Floats, share_by_need: float) -> Floats:
    """Return the part of the searches that each group should have; where there is no need, lots."""
    lots: Floats = entrances / entrances.sum()
    if need.sum() <= 0:
        return lots
    mixed: Floats = share_by_need * need / need.sum() + (1 - share_by_need) * lots
    return mixed


def likelihood_test(
    seen: Floats, due: Floats, stream: np.random.SeedSequence
) -> tuple[float, float]:
    """Return how far apart numbers and parts are, and the p value of their likelihood ratio."""
    n = int(seen.sum())
    rng = np.random.default_rng(stream)
    drawn = rng.multinomial(n, due, size=DRAWS).astype(np.float64)
    above = int((_ratio(drawn, due) >= _ratio(seen[None, :], due)[0] - 1e-9).sum())
    apart = float(np.abs(seen / n - due).sum() / 2)
    return apart, (1 + above) / (1 + DRAWS)


def _ratio(numbers: Floats, due: Floats) -> Floats:
    """Return the likelihood ratio of rows of numbers; groups with nothing due add nothing."""
    expected = numbers.sum(axis=1, keepdims=True) * due
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where((numbers > 0) & (due > 0), numbers * np.log(numbers / expected), 0.0)
    return np.asarray(terms.sum(axis=1), dtype=np.float64)
