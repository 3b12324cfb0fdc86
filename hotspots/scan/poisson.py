"""The Poisson scan: more events than a baseline such as population explains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.errors import DataError, Fault, Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.scan.circles import Floats, Ints, make_circles
from hotspots.scan.options import ScanOptions
from hotspots.scan.tables import (
    Cases,
    Days,
    by_place_and_day,
    from_pairs,
    read_cases,
    read_days,
    read_ground,
)

if TYPE_CHECKING:
    from hotspots.scan.search import Scan


@dataclass(frozen=True, kw_only=True)
class PoissonOptions(ScanOptions):
    """The settings of the Poisson scan."""


def scan_poisson(
    cases: pd.DataFrame,
    locations: pd.DataFrame,
    options: PoissonOptions,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    day_weight: pd.Series[float] | None = None,
) -> Scan:
    """Find where, and if days are given when, more events gather than the baseline explains.

    Under the null hypothesis events fall on places in proportion to their baseline, given their
    number in all (Kulldorff 1997, doi:10.1080/03610929708831995). Random worlds draw them so.

    Parameters
    ----------
    cases
        ``place_id`` and, if one row stands for several events, ``count``; with ``day`` the search
        is over places and days, without it over places only.
    locations
        ``place_id``, ``x_m``, ``y_m`` (metres) and ``baseline``: population, all reports, or what
        else the events are to be compared with, in any unit.
    options
        Settings. ``max_share`` is a share of the whole baseline.
    first_day, last_day
        The period, both inclusive; by default the days from the first to the last event.
    day_weight
        How much of the baseline falls on each day, by date; by default the same on all.

    Returns
    -------
    Scan
        Clusters, strongest first, no two with a place in common. p-values as in
        `hotspots.scan.montecarlo`.

    Raises
    ------
    DataError
        As `scan_permutation`, and ``baseline_unusable``, ``cases_without_baseline``.
    SettingsError
        ``scan_too_large``.
    """
    from hotspots.scan.kernel import Windows
    from hotspots.scan.search import no_scan, run, weights_of

    ground = read_ground(locations, baseline=True)
    assert ground.baseline is not None
    place, count = read_cases(cases, ground)
    total = int(count.sum())
    if total == 0:
        text = _("Det finns inga händelser att söka bland.")
        return no_scan(0, Notice(code="scan_no_events", text=text))
    days, day = None, np.zeros(len(cases), dtype=np.int64)
    if "day" in cases.columns:
        days, day = read_days(cases, first_day, last_day)
    by_day = _weights(days, day_weight)
    observed = by_place_and_day(place, day, count, n=len(ground.place_id), length=len(by_day))
    _check_baseline(observed, ground.baseline, by_day)
    whole = float(ground.baseline.sum())
    circles = make_circles(
        ground.points,
        ground.baseline,
        max_radius_m=options.max_radius_m,
        max_weight=options.max_share * whole,
    )
    windows = Windows(
        weight=ground.baseline,
        day_sum=weights_of(by_day),
        scale=total / whole / float(by_day.sum()),
        day_per_event=0.0,
        total=total,
        min_count=options.min_events,
        max_days=min(options.max_days, len(by_day)),
        last_only=False,
    )
    urn = _Urn(total, ground.baseline / whole, by_day / by_day.sum())
    return run(ground, circles, observed, windows, days=days, options=options, draw=urn.draw)


def _weights(days: Days | None, day_weight: pd.Series[float] | None) -> Floats:
    """Return the weight of each day; one day where time isn't searched."""
    if days is None:
        return np.ones(1)
    if day_weight is None:
        return np.ones(days.length)
    calendar = pd.date_range(days.day(0), periods=days.length, freq="D")
    weights = day_weight.reindex(calendar).to_numpy(np.float64, na_value=np.nan).astype(np.float64)
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        what = _("Dagarnas vikter ska vara kända, minst noll, och inte noll alla dagar.")
        raise DataError(Fault(code="baseline_unusable", what=what))
    return weights


def _check_baseline(cases: Cases, by_place: Floats, by_day: Floats) -> None:
    places = np.repeat(np.arange(len(by_place)), np.diff(cases.start))
    without = int(cases.events[(by_place[places] == 0) | (by_day[cases.day] == 0)].sum())
    if without:
        raise DataError(
            Fault(
                code="cases_without_baseline",
                what=_("{n} händelser står där jämförelsetalet är noll.").format(n=number(without)),
                next_step=_("Rätta jämförelsetalet, eller slå ihop platserna till områden."),
            )
        )


@dataclass(frozen=True)
class _Urn:
    """Draws events over places, and over days, in proportion to the baseline."""

    total: int
    by_place: Floats
    by_day: Floats

    def draw(self, rng: np.random.Generator) -> Cases:
        n, length = len(self.by_place), len(self.by_day)
        count: Ints = rng.multinomial(self.total, self.by_place).astype(np.int64)
        if length == 1:
            hit = np.flatnonzero(count)
            return from_pairs(hit, count[hit], n=n, length=1)
        place = np.repeat(np.arange(n, dtype=np.int64), count)
        day = np.searchsorted(np.cumsum(self.by_day), rng.random(self.total), side="right")
        pairs, sums = np.unique(place * length + np.minimum(day, length - 1), return_counts=True)
        return from_pairs(pairs, sums.astype(np.int64), n=n, length=length)
