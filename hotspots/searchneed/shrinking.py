"""Empirical Bayes: an entrance's reports shrunk towards its neighbourhood, by dwellings.

Reports at an entrance are Poisson with a rate a dwelling, and the rates of a neighbourhood vary as
a gamma distribution (Clayton & Kaldor 1987). The gamma's shape is had from the moments of all
entrances, as Marshall (1991) does; its mean is that of the neighbourhood, itself drawn towards all
entrances by a fixed number of dwellings. Weighted reports have a variance below their mean: `phi`
says by how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_SHAPE: Final = 1e6
"""Shape where the rates don't vary more than chance makes them: all is the neighbourhood's."""


@dataclass(frozen=True)
class Shrunk:
    """What `shrink` found.

    Attributes
    ----------
    expected
        Reports expected at each entrance, shape (n,).
    around
        Rate a dwelling of each neighbourhood, shape (n,).
    shape
        Of the gamma; small is much variation, so little shrinking.
    mean
        Rate a dwelling of all entrances.
    """

    expected: Floats
    around: Floats
    shape: float
    mean: float


def gamma_shape(counts: Floats, dwellings: Floats, phi: float = 1.0) -> float:
    """Return the shape of the gamma of rates, by moments (Marshall 1991).

    The rates' variance, weighted by dwellings, less what Poisson noise gives: A = s² − φ·m / Ē with
    mean rate m and mean dwellings Ē; the shape is m² / A, `MOST_SHAPE` where A ≤ 0.
    """
    total = float(dwellings.sum())
    mean = float(counts.sum()) / total if total else 0.0
    if mean <= 0:
        return MOST_SHAPE
    rates = counts / dwellings
    spread = float((dwellings * (rates - mean) ** 2).sum()) / total
    between = spread - phi * mean / (total / len(counts))
    return min(mean**2 / between, MOST_SHAPE) if between > 0 else MOST_SHAPE


def posterior(
    counts: Floats, dwellings: Floats, around: Floats, shape: float, phi: float = 1.0
) -> Floats:
    """Return the reports expected at each entrance.

    With y/φ as a Poisson count and a rate that is Gamma of shape a and mean m/φ, the posterior mean
    of the rate times dwellings E and φ is E·(y + aφ) / (E + aφ/m). 0 where the neighbourhood has no
    report.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = dwellings * (counts + shape * phi) / (dwellings + shape * phi / around)
    return np.where(around > 0, found, 0.0)


def shrink(
    xy: Floats,
    counts: Floats,
    dwellings: Floats,
    *,
    radius_m: float,
    prior_dwellings: float,
    phi: float = 1.0,
) -> Shrunk:
    """Shrink weighted counts towards their neighbourhoods.

    Parameters
    ----------
    xy
        Entrances, metres, shape (n, 2).
    counts
        Weighted reports, shape (n,), ≥ 0.
    dwellings
        Of each entrance, shape (n,), > 0.
    radius_m
        Radius of the neighbourhood, the entrance itself included.
    prior_dwellings
        Dwellings that all entrances' rate counts for in a neighbourhood's.
    phi
        Variance of the weighted reports by their mean, 0–1: Σw² / Σw.
    """
    total = float(dwellings.sum())
    mean = float(counts.sum()) / total if total else 0.0
    shape = gamma_shape(counts, dwellings, phi)
    near_counts, near_dwellings = sums_around(xy, np.column_stack([counts, dwellings]), radius_m).T
    around = (near_counts + mean * prior_dwellings) / (near_dwellings + prior_dwellings)
    return Shrunk(posterior(counts, dwellings, around, shape, phi), around, shape, mean)


def sums_around(xy: Floats, values: Floats, radius_m: float) -> Floats:
    """Return the sums of columns over the points within a radius, each point's own included.

    Parameters
    ----------
    xy
        Shape (n, 2).
    values
        Shape (n, k).
    """
    from scipy.spatial import cKDTree

    sums = values.astype(np.float64).copy()
    if len(xy) > 1:
        one, other = cKDTree(xy).query_pairs(radius_m, output_type="ndarray").T
        for k in range(values.shape[1]):
            sums[:, k] += np.bincount(one, weights=values[other, k], minlength=len(xy))
            sums[:, k] += np.bincount(other, weights=values[one, k], minlength=len(xy))
    return sums
