"""The space-time permutation scan: gathered in place and time at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geodata.errors import Notice
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.scan.circles import Ints, make_circles
from hotspots.scan.options import ScanOptions
from hotspots.scan.tables import (
    Cases,
    by_place_and_day,
    from_pairs,
    read_cases,
    read_days,
    read_ground,
)

if TYPE_CHECKING:
    from hotspots.scan.search import Scan


@dataclass(frozen=True, kw_only=True)
class PermutationOptions(ScanOptions):
    """The settings of the space-time permutation scan."""

    mode: Literal["prospective", "retrospective"] = setting(
        "prospective",
        N_(
            "”prospective” söker det som pågår den sista dagen, ”retrospective” också det som är "
            "över."
        ),
    )


def scan_permutation(
    cases: pd.DataFrame,
    locations: pd.DataFrame,
    options: PermutationOptions,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Scan:
    """Find where and when more events gather than the busy places and busy days explain.

    Under the null hypothesis the date of an event says nothing of its place: the number expected in
    a circle over some days is (events in the circle × events on the days) / all events. Random
    worlds deal the dates anew among the events, so that each place and each day keeps its number.
    No population is needed (Kulldorff, Heffernan, Hartman, Assunção & Mostashari 2005,
    doi:10.1371/journal.pmed.0020059).

    Parameters
    ----------
    cases
        ``place_id``, ``day`` and, if one row stands for several events, ``count``. Dates known by
        month only don't belong here.
    locations
        ``place_id``, ``x_m``, ``y_m`` (metres): every place is the centre of circles, those without
        events too.
    options
        Settings. ``max_share`` is a share of all events.
    first_day, last_day
        The period, both inclusive; by default the days from the first to the last event. A
        prospective search looks for what still goes on on `last_day`.

    Returns
    -------
    Scan
        Clusters, strongest first, no two with a place in common. p-values as in
        `hotspots.scan.montecarlo`.

    Raises
    ------
    DataError
        Unknown or doubled places, missing coordinates or dates, dates outside the period.
    SettingsError
        ``scan_too_large``.
    """
    from hotspots.scan.kernel import Windows
    from hotspots.scan.search import no_scan, run, weights_of

    ground = read_ground(locations, baseline=False)
    place, count = read_cases(cases, ground)
    days, day = read_days(cases, first_day, last_day)
    total = int(count.sum())
    if days is None or total == 0:
        text = _("Det finns inga händelser att söka bland.")
        return no_scan(0, Notice(code="scan_no_events", text=text))
    observed = by_place_and_day(place, day, count, n=len(ground.place_id), length=days.length)
    by_place = np.bincount(place, weights=count, minlength=len(ground.place_id)).astype(np.float64)
    by_day = np.bincount(day, weights=count, minlength=days.length).astype(np.float64)
    if (by_place == total).any() or (by_day == total).any():
        text = _(
            "Alla händelser står på en plats eller en dag. Då går det inte att pröva om plats och "
            "tid hör ihop."
        )
        return no_scan(total, Notice(code="scan_no_contrast", text=text, level="warning"))
    circles = make_circles(
        ground.points,
        by_place,
        max_radius_m=options.max_radius_m,
        max_weight=options.max_share * total,
    )
    windows = Windows(
        weight=by_place,
        day_sum=weights_of(by_day),
        scale=1.0 / total,
        day_per_event=1.0,
        total=total,
        min_count=options.min_events,
        max_days=min(options.max_days, days.length),
        last_only=options.mode == "prospective",
    )
    # a span up to the last day reaches back so far and no farther
    since = days.length - windows.max_days if windows.last_only else 0
    deck = _Deck.of(observed, days.length, since)
    return run(
        ground,
        circles,
        deck.cut(*_pairs_of(observed, days.length)),
        windows,
        days=days,
        options=options,
        draw=deck.deal,
    )


def _pairs_of(cases: Cases, length: int) -> tuple[Ints, Ints]:
    """Return the numbers ``place × length + day`` and their events."""
    place = np.repeat(np.arange(len(cases.start) - 1, dtype=np.int64), np.diff(cases.start))
    return place * length + cases.day, cases.events


@dataclass(frozen=True)
class _Deck:
    """All events one by one, to deal their days anew."""

    place: Ints  # of each event, times the number of days
    day: Ints  # of the events that some window may hold
    n: int
    length: int
    since: int  # days before this one can be in no window

    @classmethod
    def of(cls, cases: Cases, length: int, since: int) -> _Deck:
        pairs, events = _pairs_of(cases, length)
        day = pairs % length
        place, days = np.repeat(pairs - day, events), np.repeat(day, events)
        return cls(place, days[days >= since], len(cases.start) - 1, length, since)

    def deal(self, rng: np.random.Generator) -> Cases:
        # only the days that can be in a window are dealt; who gets the others makes no difference
        place = self.place[rng.choice(len(self.place), len(self.day), replace=False)]
        pairs, count = np.unique(place + self.day, return_counts=True)
        return from_pairs(pairs, count.astype(np.int64), n=self.n, length=self.length)

    def cut(self, pairs: Ints, events: Ints) -> Cases:
        late = pairs % self.length >= self.since
        return from_pairs(pairs[late], events[late], n=self.n, length=self.length)
