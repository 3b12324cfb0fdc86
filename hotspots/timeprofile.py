"""When events happen: by hour and weekday, always by source.

What one source finds shows when that source works, so a matrix is never made of two. The smallest
window that holds most of the known time says when to look; its efficiency says how much better that
is than any hours at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata import schema
from geodata.caveats import source_caveat
from geodata.evidence_tables import EVIDENCE, HOTSPOT_TIMES
from geodata.labels import label
from geodata.language import N_, number, percent
from geodata.language import gettext as _
from geodata.options import setting
from geodata.schema import SOURCES
from hotspots import tally
from hotspots.aoristic import HOURS, UNKNOWN_HOUR, Floats, Ints, aoristic

WEEKDAYS: Final = slice(0, 5)
WEEKEND: Final = slice(5, 7)
_SLACK: Final = 1e-9
"""Shares are held to the limit up to this: 0.8 of ten events is eight of them."""


@dataclass(frozen=True, kw_only=True)
class TimeOptions:
    """What a time window has to hold."""

    window_share: float = setting(
        0.8,
        N_("Andel av den kända tiden som ett tidsfönster ska rymma. Större andel ger fler timmar."),
        unit="andel",
        above=0,
        maximum=1,
    )
    min_known: int = setting(
        10,
        N_("Minsta antal händelser med känt klockslag för att ett tidsfönster ska anges."),
        unit="händelser",
        minimum=1,
    )


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
        return f"{self.start:02d}–{(self.start + self.hours) % HOURS:02d}"


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


@dataclass(frozen=True, eq=False)
class TimeProfile:
    """The time of one source's events.

    Attributes
    ----------
    source
        Who reported.
    matrix
        float64, shape (7, 25): Monday to Sunday by hour, the last column without known hour. Sums
        to ``n_events - n_month_only``.
    n_events, n_unknown_hour, n_month_only
        Events; those with a day but no hour; those known by month only, which stand in no cell.
    window, split
        Smallest windows; ``None`` with fewer than ``min_known`` known hours.
    sentence, caveat
        What to read out of it, and the words that always go with it.
    """

    source: str
    matrix: Floats
    n_events: int
    n_unknown_hour: int
    n_month_only: int
    window: Window | None
    split: SplitWindow | None
    sentence: str
    caveat: str


def time_profiles(
    events: pd.DataFrame, options: TimeOptions | None = None
) -> Mapping[str, TimeProfile]:
    """Make the hour-by-weekday matrix of each source.

    Parameters
    ----------
    events
        Rows of ``incidents``, already selected, of any number of sources.
    options
        What a window has to hold.

    Returns
    -------
    Mapping
        A profile a source that has events, in order of `schema.SOURCES`; empty without events.
    """
    options = options or TimeOptions()
    group = events["source"].cat.codes.to_numpy().astype(np.int64)
    matrices = aoristic(events, group, len(SOURCES))
    precision = tally.by_category(
        group, events["time_precision"].cat.set_categories(schema.PRECISIONS), len(SOURCES)
    )
    found = {}
    for code in np.unique(group).tolist():
        minute, hour, day, month = precision[code].tolist()
        matrix = matrices[code]
        matrix.flags.writeable = False
        window = split = None
        if minute + hour >= options.min_known:
            window = smallest_window(matrix[:, :UNKNOWN_HOUR], share=options.window_share)
            split = smallest_split(matrix[:, :UNKNOWN_HOUR], share=options.window_share)
        found[SOURCES[code]] = TimeProfile(
            source=SOURCES[code],
            matrix=matrix,
            n_events=minute + hour + day + month,
            n_unknown_hour=day,
            n_month_only=month,
            window=window,
            split=split,
            sentence=_tell(SOURCES[code], (minute + hour, day, month), window, split),
            caveat=source_caveat(SOURCES[code]),
        )
    return found


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


def _tell(
    source: str, known: tuple[int, int, int], window: Window | None, split: SplitWindow | None
) -> str:
    timed, dated, monthly = known
    total = timed + dated + monthly
    parts = []
    if window is None or split is None:
        text = _(
            "{source}: {n} av {total} händelser har känt klockslag. Det är för få för ett "
            "tidsfönster."
        )
        parts.append(text.format(source=label(source), n=number(timed), total=number(total)))
    else:
        text = _(
            "{source}: {share} av tiden för {n} händelser med känt klockslag ryms i {window} alla "
            "dagar ({efficiency} gånger så tätt som dygnet i snitt), eller i {week} måndag–fredag "
            "och {end} lördag–söndag ({both} gånger)."
        )
        parts.append(
            text.format(
                source=label(source),
                share=percent(window.share),
                n=number(timed),
                window=window.text(),
                efficiency=number(window.efficiency, 1),
                week=split.weekdays.text(),
                end=split.weekend.text(),
                both=number(split.efficiency, 1),
            )
        )
    if monthly:
        text = _("{n} med bara månad säger inget om timme eller veckodag och är inte med.")
        parts.append(text.format(n=number(monthly)))
    return " ".join(parts)


def hotspot_times(
    events: pd.DataFrame, hotspot: pd.Series[Any], options: TimeOptions | None = None
) -> pd.DataFrame:
    """Return the smallest time window of each hot spot and source.

    Parameters
    ----------
    events
        Rows of ``incidents``, already selected, of any number of sources.
    hotspot
        Hot spot of each place, index ``place_id``; missing outside.
    options
        What a window has to hold.

    Returns
    -------
    pandas.DataFrame
        Table ``hotspot_times``, by hot spot and source, for those with events. The window is
        missing with fewer than ``min_known`` known hours.
    """
    options = options or TimeOptions()
    of_event = events["place_id"].map(hotspot)
    names = sorted(of_event.dropna().unique())
    inside = of_event.notna().to_numpy()
    events = events[inside]
    number_of = pd.Index(names).get_indexer(of_event[inside]).astype(np.int64)
    width = len(SOURCES)
    pairs = number_of * width + events["source"].cat.codes.to_numpy().astype(np.int64)
    keys, group = np.unique(pairs, return_inverse=True)
    matrices = aoristic(events, group.astype(np.int64), len(keys))
    precision = tally.by_category(group.astype(np.int64), events["time_precision"], len(keys))
    rows: list[dict[str, Any]] = []
    for key, matrix, counted in zip(keys.tolist(), matrices, precision.tolist(), strict=True):
        known = counted[0] + counted[1]
        enough = known >= options.min_known
        window = smallest_window(matrix[:, :HOURS], share=options.window_share) if enough else None
        rows.append(
            {
                "hotspot_id": names[key // width],
                "source": SOURCES[key % width],
                "n_events": sum(counted),
                "n_known": known,
                "n_month_only": counted[3],
                "window_start": window.start if window else None,
                "window_hours": window.hours if window else None,
                "window_share": window.share if window else np.nan,
                "efficiency": window.efficiency if window else np.nan,
            }
        )
    if not rows:
        return schema.empty("hotspot_times", tables=EVIDENCE)
    table = pd.DataFrame(rows, columns=list(HOTSPOT_TIMES))
    table["source"] = schema.category(table["source"], "hotspot_times", "source", tables=EVIDENCE)
    table = table.astype({"hotspot_id": "str", "window_start": "Int64", "window_hours": "Int64"})
    schema.check(table, "hotspot_times", tables=EVIDENCE)
    return table
