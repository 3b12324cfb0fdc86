"""The smallest hours in a row that hold most of the known time, round the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.language import gettext as _
from hotspots.aoristic import HOURS, Floats, Ints

WEEKDAYS: Final = slice(0, 5)
WEEKEND: Final = slice(5, 7)
_SLACK: Final = 1e-9
"""Shares are held to the limit up to this: 0.8 of ten events is eight of them."""


@dataclass(frozen=True)
class Window:
    """Hours in a row that hold most of the known time.

    Attributes
    ----------
    start
        First hour, 0–23.
    hours
        Length, 0–24 hours; past midnight it goes on in the small hours of the same kind of day.
    share
        Share of the known time it holds, 0–1.
    efficiency
        `share` by the window's share of all hours of the week; 1 is no better than any hours.
    """

    start: int
    hours: int
    share: float
    efficiency: float

    def text(self) -> str:
        """Return the hours, as ``14–22``."""
        if self.hours == 0:
            return _("inga timmar")
        if self.hours == HOURS:
            return _("hela dygnet")
        return f"{self.start:02d}–{(self.start + self.hours) % HOURS or HOURS:02d}"


@dataclass(frozen=True)
class SplitWindow:
    """One window for Monday to Friday and one for the weekend, together the fewest hours a week.

    Days are calendar days: the small hours of Saturday belong to the weekend. The ``share`` of each
    is of all known time, so they sum to `share`; its ``efficiency`` is within its own kind of day.
    """

    weekdays: Window
    weekend: Window
    share: float
    efficiency: float


def smallest_window(known: Floats, *, share: float) -> Window:
    """Return the fewest hours in a row, the same every day, that hold a share of the known time.

    Parameters
    ----------
    known
        Weights by day and hour, shape (days, 24), with a sum above 0.
    share
        Least share of that sum, 0–1.

    Returns
    -------
    Window
        Of windows equally short the one that holds most, then the one that starts first.
    """
    best, start = _best_runs(known.sum(axis=0))
    held = best / best[-1]
    hours = int(np.argmax(held >= share - _SLACK))
    return Window(int(start[hours]), hours, float(held[hours]), _efficiency(held[hours], hours))


def smallest_split(known: Floats, *, share: float) -> SplitWindow:
    """Return the window of weekdays and that of weekends that together take fewest hours a week.

    Parameters and ties as in `smallest_window`; `known` has shape (7, 24). At equal hours and
    share the shorter window on weekdays is taken.
    """
    total = known.sum()
    parts = [_best_runs(known[days].sum(axis=0)) for days in (WEEKDAYS, WEEKEND)]
    (week, week_start), (end, end_start) = parts
    held = (week[:, None] + end[None, :]) / total
    cost = 5 * np.arange(HOURS + 1)[:, None] + 2 * np.arange(HOURS + 1)[None, :]
    enough = np.flatnonzero((held >= share - _SLACK).ravel())
    keys = (enough, -np.round(held.ravel()[enough], 9), cost.ravel()[enough])
    pick = enough[np.lexsort(keys)[0]]
    at, also = divmod(int(pick), HOURS + 1)
    windows = []
    for best, start, hours in ((week, week_start, at), (end, end_start, also)):
        own = float(best[hours] / best[-1]) if best[-1] else 0.0
        part = float(best[hours] / total)
        windows.append(Window(int(start[hours]), hours, part, _efficiency(own, hours)))
    both = float(held[at, also])
    efficiency = both / (float(cost[at, also]) / (7 * HOURS))
    return SplitWindow(windows[0], windows[1], both, efficiency)


def _best_runs(hourly: Floats) -> tuple[Floats, Ints]:
    """Return the most that 0, 1, …, 24 hours in a row hold, and where such a run starts first."""
    ring = np.concatenate([[0.0], np.cumsum(np.concatenate([hourly, hourly]))])
    best, start = np.zeros(HOURS + 1), np.zeros(HOURS + 1, dtype=np.int64)
    for hours in range(1, HOURS):
        held = ring[hours : hours + HOURS] - ring[:HOURS]
        # Rounded, so that equal runs are equal whatever they were summed from.
        start[hours] = int(np.argmax(np.round(held, 9)))
        best[hours] = held[start[hours]]
    best[HOURS] = hourly.sum()
    return best, start


def _efficiency(share: float, hours: int) -> float:
    return float(share) * HOURS / hours if hours else 0.0
