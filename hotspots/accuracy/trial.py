"""The rolling origin: every method learns from the past, is tried on the next period, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.accuracy.grid import Floats, Ints
from hotspots.accuracy.history import History
from hotspots.accuracy.measures import best_possible, flagged_cells, membership
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.registry import AUTO, REFERENCE, names, scores

FIRST_FOLD: Final = 4
"""Earliest period that is foretold: the learned methods learn from the third and fourth."""

WARM_UP: Final = 0.5
"""Share of the learning time after which methods are foretelling, for `auto` to choose from."""

LEAST_FOLDS: Final = 3


@dataclass(frozen=True)
class Trial:
    """What every method caught in every fold.

    Attributes
    ----------
    methods
        Names; the last is ``auto``.
    shares
        Shares of the area that were flagged.
    starts
        First day of each fold's period, ``datetime64[D]``, shape (folds,).
    area
        Cells in which an event could happen, shape (folds,).
    flagged
        Cells flagged, shape (folds, shares).
    total
        Events of the period, those outside the area included, shape (folds,).
    best
        Most events that so many cells of the area could have held, shape (folds, shares).
    caught
        Events in the flagged cells, shape (folds, methods, shares).
    caught_before
        Share of the past's events in the flagged cells, 0–1, shape (folds, methods, shares).
    chosen
        Method that `auto` was in each fold.
    chosen_next
        Method that `auto` is for the period after the last: what a run should use.
    unit
        Length of a period.
    cell_size_m, margin_m
        Of the area.
    """

    methods: tuple[str, ...]
    shares: tuple[float, ...]
    starts: NDArray[np.datetime64]
    area: Ints
    flagged: Ints
    total: Floats
    best: Floats
    caught: Floats
    caught_before: Floats
    chosen: tuple[str, ...]
    chosen_next: str
    unit: str
    cell_size_m: float
    margin_m: float

    @property
    def hit_rate(self) -> Floats:
        """Share of the period's events caught, shape (folds, methods, shares)."""
        return self.caught / self.total[:, None, None]

    @property
    def pai(self) -> Floats:
        """Hit rate over the flagged share of the area, shape (folds, methods, shares)."""
        return self.hit_rate / (self.flagged / self.area[:, None])[:, None, :]

    @property
    def pei(self) -> Floats:
        """Caught over what could be caught, shape (folds, methods, shares)."""
        return self.caught / self.best[:, None, :]


def try_methods(
    history: History, options: AccuracyOptions, *, methods: tuple[str, ...] | None = None
) -> Trial | None:
    """Try every method on every period after the learning time.

    In each fold the area is the same for all methods and known beforehand: the cells within the
    margin of any earlier event. Events of the period that fall outside it are missed by all.
    Periods without events tell nothing and are left out.

    Parameters
    ----------
    history
        Counts by cell and period.
    options
        Shares of the area and length of the learning time.
    methods
        Names of those to try, all-time counts among them; all when left out.

    Returns
    -------
    Trial or None
        ``None`` when fewer than three folds are left.
    """
    n = len(history.periods)
    learning = int(np.ceil(options.history_share * n))
    first = max(FIRST_FOLD, int(learning * WARM_UP))
    inside = history.counts.sum(axis=0)
    area = np.array([(history.first_near < period).sum() for period in range(n)])
    folds = [p for p in range(first, n) if inside[p] > 0 and history.counts[:, :p].any()]
    caught_area = [history.counts[history.first_near < p, p].sum() for p in folds]
    folds = [p for p, events in zip(folds, caught_area, strict=True) if events > 0]
    tested = np.array([p >= learning for p in folds])
    if int(tested.sum()) < LEAST_FOLDS:
        return None
    tried = methods or names(population=history.residents is not None, trees=options.trees)
    results = [_fold(history, period, tried, options.shares) for period in folds]
    flagged, best, caught, before = (np.array(part) for part in zip(*results, strict=True))
    choices = choose(caught / best[:, None, :], tried)
    auto = np.array([tried.index(name) for name in choices[:-1]])
    here = np.arange(len(folds))
    periods = np.array(folds)[tested]
    return Trial(
        methods=(*tried, AUTO),
        shares=options.shares,
        starts=history.periods.edges[periods],
        area=area[periods].astype(np.int64),
        flagged=flagged[tested],
        total=inside[periods],
        best=best[tested],
        caught=np.concatenate([caught, caught[here, auto][:, None]], axis=1)[tested],
        caught_before=np.concatenate([before, before[here, auto][:, None]], axis=1)[tested],
        chosen=tuple(np.array(choices[:-1])[tested].tolist()),
        chosen_next=choices[-1],
        unit=history.periods.unit,
        cell_size_m=history.grid.cell_size_m,
        margin_m=options.margin_m,
    )


def _fold(
    history: History, period: int, tried: tuple[str, ...], shares: tuple[float, ...]
) -> tuple[Ints, Floats, Floats, Floats]:
    """Return flagged cells, best possible, caught, and share of the past caught, of one fold."""
    past = history.before(period)
    truth, before = history.counts[past.area, period], past.counts[past.area].sum(axis=1)
    sizes = tuple(flagged_cells(share, len(truth)) for share in shares)
    members = [membership(score, sizes) for score in scores(past, tried).values()]
    return (
        np.array(sizes, dtype=np.int64),
        best_possible(truth, sizes),
        np.array([member @ truth for member in members]),
        np.array([member @ before for member in members]) / before.sum(),
    )


def choose(efficiency: Floats, tried: tuple[str, ...]) -> list[str]:
    """Return which method `auto` is in each fold, and in the one after the last.

    The method of best mean PEI (over shares and earlier folds), if its lead over all-time counts is
    more than the standard error of that lead over the earlier folds; else all-time counts. Only
    earlier folds are looked at, so every choice could have been made at the time.

    Parameters
    ----------
    efficiency
        PEI, shape (folds, methods, shares).
    tried
        Names of the methods.

    Returns
    -------
    list of str
        Of length folds + 1.
    """
    by_fold = efficiency.mean(axis=2)
    reference = tried.index(REFERENCE)
    choices = [REFERENCE] * min(LEAST_FOLDS, len(by_fold) + 1)
    for fold in range(len(choices), len(by_fold) + 1):
        known = by_fold[:fold]
        leader = int(np.argmax(np.round(known.mean(axis=0), 12)))
        lead = known[:, leader] - known[:, reference]
        error = float(lead.std(ddof=1)) / np.sqrt(fold)
        choices.append(tried[leader] if lead.mean() > error else REFERENCE)
    return choices
