"""Learned methods: what the past periods tell about how one follows from those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hotspots.accuracy.grid import Floats
from hotspots.accuracy.history import Past
from hotspots.accuracy.methods import all_time, decayed

SCALES_DAYS: Final = (15.0, 60.0, 240.0, np.inf)
EM_STEPS: Final = 300
BLOCK: Final = 2048
ZERO_ROWS: Final = 3000
STEPS: Final = 100
DIGITS: Final = 9
FIRST_TARGET: Final = 2


def features(past: Past) -> Floats:
    """Describe each cell by its own and its neighbours' history at several time scales.

    Returns
    -------
    numpy.ndarray
        Shape (cells, features), ≥ 0, each a mean number of events a period: own counts, own active
        periods, the eight neighbours, the sixteen around those, the surroundings to five cells,
        the kernel density, the same season of earlier years, and other events there and near;
        last a constant.
    """
    grid = past.history.grid
    scales = [days / past.period_days for days in SCALES_DAYS]
    two = scales[1::2]
    own = decayed(past.counts, scales)
    active = decayed((past.counts > 0).astype(np.float64), two)
    long_run = own[:, [3]]
    parts = [
        own,
        active,
        grid.ring @ own[:, [1, 3]],
        grid.second_ring @ long_run,
        grid.surroundings @ long_run,
        (past.history.quartic @ decayed(past.place_counts, two)) * grid.cell_size_m**2,
        season(past)[:, None],
    ]
    for name in sorted(past.beside):
        other = decayed(past.beside[name], two)
        parts += [other, grid.ring @ other[:, [1]], grid.surroundings @ other[:, [1]]]
    parts.append(np.ones((len(grid), 1)))
    return np.hstack(parts)


def features_now(past: Past) -> Floats:
    """Return `features`, computed once for all methods that are handed the same past."""
    found: Floats = past.once("features", lambda: features(past))
    return found


def season(past: Past) -> Floats:
    """Return mean events in the same period of earlier years, the one before and after included."""
    year, now = past.history.periods.per_year, past.now
    same = [
        at
        for back in range(year, now + 2, year)
        for at in (now - back - 1, now - back, now - back + 1)
        if 0 <= at < now
    ]
    if not same:
        return np.zeros(len(past.counts))
    return np.asarray(past.counts[:, same].mean(axis=1))


@dataclass(frozen=True)
class Lesson:
    """What one past period teaches: features before it, and what happened in it.

    Attributes
    ----------
    hot, events
        Features and counts of the cells with events, (n, features) and (n,).
    cold, cold_weight
        Features of a drawn sample of the cells without, and how many each stands for.
    total
        Sum of the features over the whole area, (features,).
    """

    hot: Floats
    events: Floats
    cold: Floats
    cold_weight: float
    total: Floats


def lessons(past: Past) -> list[Lesson]:
    """Return what each past period teaches, from the third on."""
    learnt = []
    for period in range(FIRST_TARGET, past.now):
        lesson: Lesson | None = past.remembered("lesson", period)
        if lesson is None:
            lesson = _lesson(past, period)
            past.remember("lesson", period, lesson)
        learnt.append(lesson)
    return learnt


def _lesson(past: Past, period: int) -> Lesson:
    then = past.earlier(period)
    known = features(then)[then.area]
    events = past.counts[then.area, period]
    (cold,) = np.nonzero(events == 0)
    drawn = min(ZERO_ROWS, len(cold))
    sample = np.sort(np.random.default_rng(period).choice(cold, drawn, replace=False))
    return Lesson(
        hot=known[events > 0],
        events=events[events > 0],
        cold=known[sample],
        cold_weight=len(cold) / max(drawn, 1),
        total=known.sum(axis=0),
    )


def additive(past: Past) -> Floats:
    """Expect events as a sum of past ones, each with a learnt weight by age and nearness.

    A Poisson regression with identity link and weights ≥ 0, that is, a discrete self-exciting
    process (Mohler et al. 2011) whose kernels are the columns of `features`; fitted by
    expectation-maximisation, which here needs only the cells with events and the columns' sums.
    All-time counts are the special case in which one weight is 1 and the others 0.
    """
    learnt = lessons(past)
    hot = np.vstack([lesson.hot for lesson in learnt])
    events = np.concatenate([lesson.events for lesson in learnt])
    total = np.sum([lesson.total for lesson in learnt], axis=0)
    if len(events) == 0:
        return all_time(past)
    return np.asarray(features_now(past) @ fit_additive(hot, events, total))


def fit_additive(hot: Floats, events: Floats, total: Floats) -> Floats:
    """Return the weights ≥ 0 of greatest Poisson likelihood, shape (features,).

    Parameters
    ----------
    hot, events
        Features and counts of the rows with events.
    total
        Sums of the features over all rows, with and without events.
    """
    used = total > 0
    scaled = hot[:, used] / total[used]
    share = np.full(int(used.sum()), events.sum() / used.sum())
    for _step in range(EM_STEPS):
        pull = np.zeros(len(share))
        for start in range(0, len(events), BLOCK):  # read once: a block stays in the cache
            rows = scaled[start : start + BLOCK]
            pull += (events[start : start + BLOCK] / (rows @ share)) @ rows
        share = share * pull
    weights = np.zeros(len(total))
    weights[used] = share / total[used]
    return weights


def boosting(past: Past) -> Floats:
    """Expect events by boosted trees with Poisson loss (scikit-learn) on the same features.

    Trees ask only for the order of a feature's values, so each is cut into steps beforehand; that
    spares scikit-learn its slow weighted percentiles. Sizes are fixed beforehand, not tuned.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    learnt = lessons(past)
    rows = np.vstack([part for one in learnt for part in (one.hot, one.cold)])
    events = np.concatenate(
        [part for one in learnt for part in (one.events, np.zeros(len(one.cold)))]
    )
    if events.sum() == 0:
        return all_time(past)
    weight = np.concatenate(
        [
            np.full(n, w)
            for one in learnt
            for n, w in ((len(one.hot), 1.0), (len(one.cold), one.cold_weight))
        ]
    )
    model = HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.06,
        max_iter=80,
        max_leaf_nodes=12,
        min_samples_leaf=50,
        l2_regularization=10.0,
        early_stopping=False,
        random_state=0,
    )
    # Sums in another order differ in their last digits; no tree may hang on those.
    rows, now = np.round(rows, DIGITS), np.round(features_now(past)[past.area], DIGITS)
    edges = [_edges(column) for column in rows.T]
    score = np.zeros(len(past.counts))
    # More threads than free cores wait for one another longer than they work.
    with threadpool_limits(1):
        model.fit(_steps(rows, edges), events, sample_weight=weight)
        score[past.area] = model.predict(_steps(now, edges))
    return score


def _edges(column: Floats) -> Floats:
    """Return where a feature is cut: at its quantiles, those of the values over 0 alone."""
    over = column[column > 0]
    if len(over) == 0:
        return np.zeros(0)
    # Half a digit below, so that values equal to an edge fall on one side of it.
    quantiles = np.quantile(over, np.linspace(0, 1, STEPS), method="lower")
    return np.unique(quantiles) - 0.5 * 10.0**-DIGITS


def _steps(rows: Floats, edges: list[Floats]) -> Floats:
    columns = [
        np.searchsorted(edge, column, side="right")
        for column, edge in zip(rows.T, edges, strict=True)
    ]
    return np.column_stack(columns).astype(np.float64)
