"""The methods that are tried: each a pure function of the past that gives every cell a score.

None of them is given the period it is tried on. Settings that are chosen at all are chosen on
earlier periods (`recency_weighted`); the rest are fixed beforehand and stated here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from hotspots.accuracy.grid import Floats
from hotspots.accuracy.history import Past
from hotspots.accuracy.measures import best_possible, flagged_cells, membership
from hotspots.partition import dbscan

Method = Callable[[Past], Floats]

DBSCAN_EPS_M: Final = 75.0
DBSCAN_MIN_WEIGHT: Final = 5
PROMAP_DAYS: Final = 60.0
HALF_LIVES_DAYS: Final = (np.inf, 730.0, 365.0, 180.0, 90.0, 30.0)
NEIGHBOUR_WEIGHTS: Final = (0.0, 0.02, 0.05, 0.1, 0.2)
CHOICE_SHARES: Final = (0.01, 0.05)


def last_period(past: Past) -> Floats:
    """Count the last period's events."""
    return past.counts[:, -1]


def all_time(past: Past) -> Floats:
    """Count all past events."""
    return np.asarray(past.counts.sum(axis=1))


def random(past: Past) -> Floats:
    """Score all cells alike: with ties counted by expectation this is a random choice, exactly."""
    return np.zeros(len(past.counts))


def population(past: Past) -> Floats:
    """Score by the baseline: inhabitants of the cell (`residents.Residents.within`)."""
    assert past.history.residents is not None
    return past.history.residents.within(past.area)


def density(past: Past) -> Floats:
    """Kernel density of all past events at the cells' centres, quartic kernel, 200 m, exact."""
    return np.asarray(past.history.quartic @ past.place_counts.sum(axis=1))


def getis_ord(past: Past) -> Floats:
    """Getis-Ord Gi* of the all-time counts, binary weights of the cell and the eight around it.

    Getis & Ord (1992), Ord & Getis (1995), over the cells of the area.
    """
    counts = np.where(past.area, past.counts.sum(axis=1), 0.0)
    inside = past.area.astype(np.float64)
    near = past.history.grid.ring
    total, neighbours = counts + near @ counts, inside + near @ inside
    n = inside.sum()
    mean = counts.sum() / n
    spread = np.sqrt(max((counts**2).sum() / n - mean**2, 0.0))
    scale = spread * np.sqrt(np.maximum(n * neighbours - neighbours**2, 0.0) / max(n - 1, 1))
    z = np.zeros(len(counts))
    np.divide(total - mean * neighbours, scale, out=z, where=scale > 0)
    return z


def clusters(past: Past) -> Floats:
    """Rank whole DBSCAN clusters by events per cell: the hot spot as it is usually drawn.

    DBSCAN (`hotspots.partition`) on the past's places, weight in events, 75 m, 5 events. The cells
    that hold a place of a cluster share its density; other cells come after all clusters.
    """
    weight = past.place_counts.sum(axis=1)
    (known,) = np.nonzero(weight > 0)
    score = np.zeros(len(past.counts))
    group = dbscan(
        past.history.place_x_m[known],
        past.history.place_y_m[known],
        weight[known].astype(np.int64),
        eps_m=DBSCAN_EPS_M,
        min_weight=DBSCAN_MIN_WEIGHT,
    )
    cell = past.history.place_cell[known]
    held = np.unique(np.column_stack([group, cell])[group >= 0], axis=0)
    if len(held) == 0:
        return score
    events = np.bincount(group[group >= 0], weights=weight[known][group >= 0])
    per_cell = events / np.bincount(held[:, 0])
    np.maximum.at(score, held[:, 1], per_cell[held[:, 0]])
    return score


def promap(past: Past) -> Floats:
    """Weigh events of the last two months by nearness in space and time: near repeats.

    Bowers, Johnson & Pease (2004), "prospective hot-spotting": the sum over events within 400 m
    and two months of 1/(1 + cells away) · 1/(1 + weeks ago).
    """
    age_days = (np.arange(past.now)[::-1] + 0.5) * past.period_days
    recent = np.where(age_days <= max(PROMAP_DAYS, past.period_days), 1 / (1 + age_days / 7), 0.0)
    return past.history.grid.falling @ (past.counts @ recent)


def decayed(counts: Floats, half_lives_periods: Sequence[float]) -> Floats:
    """Return mean events a period, the weight of a period halving with its age.

    Returns
    -------
    numpy.ndarray
        Shape (cells, half-lives).
    """
    weights = np.column_stack([decay(counts.shape[1], h) for h in half_lives_periods])
    mean = np.zeros((len(counts), len(half_lives_periods)))
    (busy,) = np.nonzero(counts.any(axis=1))  # most cells near events never had one themselves
    mean[busy] = counts[busy] @ (weights / weights.sum(axis=0))
    return mean


def decay(periods: int, half_life_periods: float) -> Floats:
    """Return the weight of each past period, the last one 1; shape (periods,)."""
    return np.exp2(-np.arange(periods)[::-1] / half_life_periods)


def recency_weighted(past: Past) -> Floats:
    """Weigh counts by age and add a little of the neighbours; both weights learnt on the past.

    Half-life and neighbours' weight are those that would have caught most, on a mean over 1 and
    5 % of the area, in the earlier periods: each tried only on what had passed by then.
    """
    return _recency_trials(past)[best_of_past(past, "recency", _recency_trials)]


def _recency_settings() -> list[tuple[float, float]]:
    """Return half-life in days and neighbours' weight of each trial, plain counts first."""
    return [(h, w) for h in HALF_LIVES_DAYS for w in NEIGHBOUR_WEIGHTS]


def _recency_trials(past: Past) -> list[Floats]:
    own = decayed(past.counts, [h / past.period_days for h in HALF_LIVES_DAYS])
    near = past.history.grid.ring @ own
    return [
        own[:, i] + weight * near[:, i]
        for i in range(len(HALF_LIVES_DAYS))
        for weight in NEIGHBOUR_WEIGHTS
    ]


def best_of_past(
    past: Past, name: str, trials: Callable[[Past], Sequence[Floats]], *, first: int = 2
) -> int:
    """Return which of several scores caught most in the periods before, the first at a tie.

    Each earlier period is scored on what was known when it began and counted once; the measure is
    the mean over `CHOICE_SHARES` of the events caught over those that could be caught (PEI).
    """
    kept = []
    for period in range(first, past.now):
        value = past.remembered(name, period)
        if value is None:
            then = past.earlier(period)
            truth = past.counts[then.area, period]
            value = np.array([mean_pei(score[then.area], truth) for score in trials(then)])
            past.remember(name, period, value)
        kept.append(value)
    if not kept:
        return 0
    mean = np.nanmean(np.array(kept), axis=0) if np.isfinite(kept).any() else np.zeros(1)
    return int(np.argmax(np.round(mean, 12)))


def mean_pei(score: Floats, truth: Floats) -> float:
    """Return the mean PEI over `CHOICE_SHARES`; NaN when nothing happened."""
    if truth.sum() == 0 or len(score) == 0:
        return float("nan")
    sizes = tuple(flagged_cells(share, len(score)) for share in CHOICE_SHARES)
    caught = membership(score, sizes) @ truth
    return float(np.mean(caught / best_possible(truth, sizes)))
