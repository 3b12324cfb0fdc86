"""When events happen: by hour and weekday, always by source.

What one source finds shows when that source works, so a matrix is never made of two. The smallest
window that holds most of the known time says when to look; its efficiency says how much better that
is than any hours at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
from hotspots.aoristic import UNKNOWN_HOUR, Floats, Ints, aoristic
from hotspots.selection import event_days
from hotspots.timewindow import SplitWindow, Window, smallest_split, smallest_window


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
    min_days: int = setting(
        5,
        N_("Minsta antal olika dagar med känt klockslag, så att en enda insats inte ger fönster."),
        unit="dagar",
        minimum=1,
    )


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
        Smallest windows; ``None`` with fewer than ``min_known`` known hours, or on fewer than
        ``min_days`` days.
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
    days = _known_days(events, group, len(SOURCES))
    found = {}
    for code in np.unique(group).tolist():
        minute, hour, day, month = precision[code].tolist()
        matrix = matrices[code]
        matrix.flags.writeable = False
        window = split = None
        if minute + hour >= options.min_known and days[code] >= options.min_days:
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
            sentence=_tell(
                SOURCES[code], (minute + hour, day, month), int(days[code]), window, split
            ),
            caveat=source_caveat(SOURCES[code]),
        )
    return found


def _known_days(events: pd.DataFrame, group: Ints, k: int) -> Ints:
    """Return the distinct days of the events with a known hour, shape (k,)."""
    known = events["time_precision"].isin(["minute", "hour"]).to_numpy()
    return tally.distinct(group[known], event_days(events)[known], k)


def _tell(
    source: str,
    known: tuple[int, int, int],
    days: int,
    window: Window | None,
    split: SplitWindow | None,
) -> str:
    timed, dated, monthly = known
    total = timed + dated + monthly
    parts = []
    if window is None or split is None:
        text = _(
            "{source}: {n} av {total} händelser har känt klockslag, antal olika dagar {days}. Det "
            "är för få för ett tidsfönster."
        )
        parts.append(
            text.format(
                source=label(source), n=number(timed), total=number(total), days=number(days)
            )
        )
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
        missing with fewer than ``min_known`` known hours, or on fewer than ``min_days`` days.
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
    days = _known_days(events, group.astype(np.int64), len(keys)).tolist()
    precision = tally.by_category(group.astype(np.int64), events["time_precision"], len(keys))
    rows: list[dict[str, Any]] = []
    for key, matrix, counted, n_days in zip(
        keys.tolist(), matrices, precision.tolist(), days, strict=True
    ):
        known = counted[0] + counted[1]
        enough = known >= options.min_known and n_days >= options.min_days
        window = (
            smallest_window(matrix[:, :UNKNOWN_HOUR], share=options.window_share)
            if enough
            else None
        )
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
