"""How well a ranking of cells foretold where the next events came: hit rate, PAI, PEI, RRI.

Sources: PAI, Chainey, Tompson & Uhlig (2008); PEI, Hunt (2016); RRI, Levine (2008). Formulas and
test cases in the project's method notes.

The rule for ties: where cells of equal score compete for the last places of the flagged area, each
of them is counted with the share that gets in, that is, the expected value over all orders. So the
figures don't depend on the order of the rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIE_DIGITS: Final = 12
"""Scores closer than 10⁻¹² of the greatest are ties: the order of a sum must not decide."""


def pai(n: float, total: float, area: float, whole: float) -> float:
    """Return the predictive accuracy index (n/N)/(a/A): how many times denser than the whole.

    Parameters
    ----------
    n, total
        Events of the test period in the flagged area and altogether.
    area, whole
        Flagged and whole area, in the same unit.

    Returns
    -------
    float
        NaN where there was no event or no area to judge by.
    """
    if total <= 0 or area <= 0 or whole <= 0:
        return float("nan")
    return (n / total) / (area / whole)


def pei(n: float, best: float) -> float:
    """Return the predictive efficiency index: PAI over that of the best area of the same size.

    Both have the same denominators, so it is events caught over events that could be caught.
    """
    return n / best if best > 0 else float("nan")


def rri(after: float, before: float, total_after: float, total_before: float) -> float:
    """Return the recapture rate index (n₂/n₁)/(N₂/N₁); under 1, the flagged area cooled off."""
    if before <= 0 or total_after <= 0 or total_before <= 0:
        return float("nan")
    return (after / before) / (total_after / total_before)


def flagged_cells(share: float, cells: int) -> int:
    """Return the number of whole cells nearest to `share` (0–1) of the area, at least one."""
    return max(1, int(np.floor(share * cells + 0.5)))


def levels(score: Floats) -> Floats:
    """Return scores as fractions of the greatest, rounded so that equal ones are equal."""
    greatest = float(np.abs(score).max(initial=0.0))
    if greatest == 0:
        return np.zeros_like(score)
    return np.round(score / greatest, TIE_DIGITS)


def membership(score: Floats, sizes: tuple[int, ...]) -> Floats:
    """Return how far each cell belongs to the best `k` cells, for each `k` of `sizes`.

    Parameters
    ----------
    score
        Higher is hotter, shape (cells,).
    sizes
        Numbers of cells flagged, each between 1 and the number of cells.

    Returns
    -------
    numpy.ndarray
        Shape (sizes, cells), 0–1, each row summing to its `k`: 1 above the last score that gets
        in, 0 under it, and an equal share for the cells tied at it.
    """
    level = levels(score)
    places = [len(score) - k for k in sizes]
    edge = np.partition(level, places)[places]
    member = np.zeros((len(sizes), len(score)))
    for row, k, last in zip(member, sizes, edge, strict=True):
        above, tied = level > last, level == last
        row[above] = 1.0
        row[tied] = (k - int(above.sum())) / int(tied.sum())
    return member


def best_possible(events: Floats, sizes: tuple[int, ...]) -> Floats:
    """Return the most events that `k` cells could have held, for each `k`; shape (sizes,)."""
    held = np.cumsum(np.sort(events)[::-1])
    return np.asarray(held[np.array(sizes) - 1], dtype=np.float64)


def cumulative(observed: Floats, predicted: Floats, area: Floats) -> tuple[Floats, Floats, Floats]:
    """Return PAI, PEI and RRI along the falling order of the predicted density.

    As the table of R's ``ptools::pai``: units of unequal area, the best area of the same size
    being filled in the order of the observed density, its last unit in part.

    Parameters
    ----------
    observed, predicted, area
        By unit, shape (n,); units of equal predicted density in the order given.

    Returns
    -------
    tuple
        Three arrays of shape (n,), after 1, 2, … n units.
    """
    order = np.argsort(-predicted / area, kind="stable")
    caught, covered = np.cumsum(observed[order]), np.cumsum(area[order])
    foreseen = np.cumsum(predicted[order])
    total, whole = float(observed.sum()), float(area.sum())
    best = np.argsort(-observed / area, kind="stable")
    reach = np.interp(
        covered,
        np.concatenate([[0.0], np.cumsum(area[best])]),
        np.concatenate([[0.0], np.cumsum(observed[best])]),
    )
    pairs = list(zip(caught.tolist(), covered.tolist(), strict=True))
    expected = zip(pairs, foreseen.tolist(), strict=True)
    scale = float(predicted.sum())
    return (
        np.array([pai(n, total, a, whole) for n, a in pairs]),
        np.array([pei(n, b) for (n, _), b in zip(pairs, reach.tolist(), strict=True)]),
        np.array([rri(n, before, total, scale) for (n, _), before in expected]),
    )
