"""Which events count: classes, one source, a period, no unconfirmed stacked points.

Sources are never summed: what one source finds on its own initiative and what another is told are
different things (Brå on "spanings- och ingripandebrott"). Everything in this room therefore counts
one source and shows the others beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.schema import SOURCES
from hotspots.lattice import Cells, number_cells
from hotspots.options import Filter, HotspotOptions
from hotspots.period import Period, choose_period, event_days

__all__ = [
    "HotspotOptions",
    "Period",
    "Selection",
    "choose_period",
    "choose_source",
    "count",
    "count_within",
    "event_days",
    "find_rows",
    "has_class",
    "select",
]


@dataclass(frozen=True)
class Selection:
    """The events that count.

    It holds which rows they are; whole rows are copied only when `events` or `beside` is asked for,
    since a million rows of 26 columns are 200 MB.

    Attributes
    ----------
    incidents
        The table the events were selected from.
    rows
        Position of each counted event in `incidents`, ascending, shape (n,).
    days
        Local day of each event (see `event_days`), shape (n,).
    others
        Positions of the events of the same classes and period from all other sources.
    source, period, notices
        What was chosen, and the notices that tell it.
    by_month
        All events are known by month only: "days" are then months.
    """

    incidents: pd.DataFrame
    rows: NDArray[np.int64]
    days: NDArray[np.datetime64]
    others: NDArray[np.int64]
    source: str
    period: Period | None
    by_month: bool
    notices: tuple[Notice, ...]

    def __len__(self) -> int:
        """Return the number of counted events."""
        return len(self.rows)

    @cached_property
    def _numbered(self) -> dict[float, Cells]:
        return {}

    def cells(self, cell_size_m: float) -> Cells:
        """Return the cells of a side, metres, that the counted events lie in; kept for the next."""
        if cell_size_m not in self._numbered:
            x_m, y_m = (self.column(name).to_numpy(np.float64) for name in ("x_m", "y_m"))
            self._numbered[cell_size_m] = number_cells(x_m, y_m, cell_size_m)
        return self._numbered[cell_size_m]

    def column(self, name: str) -> pd.Series[Any]:
        """Return one column of the counted events."""
        values: pd.Series[Any] = self.incidents[name].iloc[self.rows]
        return values

    @cached_property
    def events(self) -> pd.DataFrame:
        """The counted events: rows of ``incidents``, in their order."""
        return self.incidents.iloc[self.rows]

    @property
    def beside(self) -> pd.DataFrame:
        """Rows of the same classes and period from *all* sources, to be shown beside."""
        return self.incidents.iloc[np.sort(np.concatenate([self.rows, self.others]))]


def has_class(incidents: pd.DataFrame, classes: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which events have at least one offence of `classes`, whichever is its principal one."""
    codes, texts = pd.factorize(incidents["offence_classes"])
    wanted = set(classes)
    hit = np.array([bool(wanted & set(str(text).split(";"))) for text in texts] + [False])
    return hit[codes]


def select(
    incidents: pd.DataFrame,
    *,
    classes: Sequence[str],
    source: str | None = None,
    period: Period | None = None,
    space_types: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the events that count; unconfirmed stacked points never do.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    classes
        Offence classes; an event counts when one of its offences has one of them.
    source
        One source, or ``None`` for all (to show them beside one another, not to sum them).
    period
        Days counted, ``None`` for all.
    space_types
        Kinds of space, ``None`` for all.

    Returns
    -------
    pandas.DataFrame
        Rows of `incidents`, in their order.
    """
    rows = find_rows(
        incidents, classes=classes, source=source, period=period, space_types=space_types
    )
    return incidents.iloc[rows]


def find_rows(
    incidents: pd.DataFrame,
    *,
    classes: Sequence[str],
    source: str | None = None,
    period: Period | None = None,
    space_types: Sequence[str] | None = None,
) -> NDArray[np.int64]:
    """Return the positions of the events that `select` would return, ascending, shape (n,)."""
    keep = has_class(incidents, classes) & ~incidents["stacked"].to_numpy(bool)
    if source is not None:
        keep &= (incidents["source"] == source).to_numpy()
    if space_types is not None:
        keep &= incidents["space_type"].isin(list(space_types)).to_numpy()
    if period is not None:
        days = event_days(incidents)
        keep &= (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
    return np.flatnonzero(keep)


def choose_source(incidents: pd.DataFrame, options: Filter) -> tuple[str, Notice]:
    """Return the source that is counted and the notice that says so.

    With ``source = "auto"`` it is the one with most events of the counted classes in `incidents`,
    the first of `geodata.schema.SOURCES` at a tie.
    """
    return _choose(incidents, find_rows(incidents, classes=options.classes), options)


def _choose(
    incidents: pd.DataFrame, rows: NDArray[np.int64], options: Filter
) -> tuple[str, Notice]:
    """Return the source that is counted, by the events in `rows`, and the notice that says so."""
    sources = incidents["source"].iloc[rows].value_counts(sort=False)
    counts = {name: int(sources.get(name, 0)) for name in SOURCES}
    chosen: str = options.source
    if chosen == "auto":
        chosen = max(SOURCES, key=lambda name: counts[name])
    others = [name for name in SOURCES if counts[name] and name != chosen]
    text = _("Räknad källa: {source} ({n} händelser).").format(
        source=label(chosen), n=number(counts[chosen])
    )
    if others:
        listed = ", ".join(f"{label(name)} ({number(counts[name])})" for name in others)
        text += " " + _("Visas bredvid, aldrig summerat: {others}.").format(others=listed)
    level: Literal["chosen", "info"] = "chosen" if options.source == "auto" else "info"
    return chosen, Notice(
        code="source_counted", text=text, level=level, data={"source": chosen, "counts": counts}
    )


def count(incidents: pd.DataFrame, options: HotspotOptions) -> Selection:
    """Choose period and source, select the events and tell what was chosen and left out.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    options
        Classes, source and period.

    Returns
    -------
    Selection
        The counted events; its notices are ``period_counted``, ``source_counted``,
        ``stacked_left_out`` and ``months_as_days``, where they apply.
    """
    period, notices = choose_period(incidents, options)
    chosen = count_within(incidents, options, period=period)
    if not incidents.empty:
        notices += [*chosen.notices, *_left_out(incidents), *_months(chosen)]
    return replace(chosen, notices=tuple(notices))


def count_within(
    incidents: pd.DataFrame,
    options: Filter,
    *,
    period: Period | None,
    space_types: Sequence[str] | None = None,
) -> Selection:
    """Choose the source and select the events of a period that is already chosen.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    options
        Classes and source.
    period
        Days that count, ``None`` for all.
    space_types
        Kinds of space that count, ``None`` for all.

    Returns
    -------
    Selection
        The counted events; its only notice is ``source_counted``.
    """
    rows = find_rows(incidents, classes=options.classes, period=period, space_types=space_types)
    source, notice = _choose(incidents, rows, options)
    mine = (incidents["source"].iloc[rows] == source).to_numpy()
    rows, others = rows[mine], rows[~mine]
    when = incidents[["start", "time_precision"]].iloc[rows]
    month = (when["time_precision"] == "month").to_numpy()
    return Selection(
        incidents=incidents,
        rows=rows,
        days=event_days(when),
        others=others,
        source=source,
        period=period,
        by_month=bool(len(rows)) and bool(month.all()),
        notices=(notice,),
    )


def _months(chosen: Selection) -> list[Notice]:
    n = int((chosen.column("time_precision") == "month").sum())
    if n == 0:
        return []
    total = len(chosen)
    text = _(
        "{n} av {total} räknade händelser har bara månad. En månad räknas där som en dag, så "
        "antalet dagar är minst det som anges."
    ).format(n=number(n), total=number(total))
    data = {"n": n, "total": total}
    return [Notice(code="months_as_days", text=text, level="warning", data=data)]


def _left_out(incidents: pd.DataFrame) -> list[Notice]:
    stacked = incidents["stacked"].to_numpy(bool)
    n = int(stacked.sum())
    if n == 0:
        return []
    points = int(incidents.loc[stacked, "place_id"].nunique())
    text = ngettext(
        "{n} händelser på en misstänkt standardpunkt räknas inte förrän punkten bekräftats i "
        "projektfilen.",
        "{n} händelser på {points} misstänkta standardpunkter räknas inte förrän punkterna "
        "bekräftats i projektfilen.",
        points,
    ).format(n=number(n), points=number(points))
    data = {"n_events": n, "n_places": points}
    return [Notice(code="stacked_left_out", text=text, level="chosen", data=data)]
