"""Made-up series on which the weekly watch is tried: how often it is wrong, how soon it is right.

Beside it stands ``farringtonFlexible`` of the R package surveillance (threshold ``nbPlugin``,
settings of Noufaily et al. 2013), whose p-values `areas.watch.farrington.plug_in` gives to ten
decimals (held to a file of its own output by a test), so that R isn't needed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.watch.farrington import expect, plug_in
from areas.watch.options import WatchOptions
from areas.watch.reference import make_reference, week_of
from areas.watch.series import Series
from areas.watch.watching import Judged, judge

Floats = NDArray[np.float64]

AREAS, CLASSES, YEARS = 50, 10, 5
FIRST: Final = week_of(date(2019, 1, 7))
WEEKS: Final = YEARS * 52 + 40
FOLLOWED: Final = 26
"""Weeks that an outbreak is followed for at most."""


@dataclass(frozen=True, eq=False)
class World:
    """What series come from: expected events by week, shape (s, weeks), and variance by mean."""

    mean: Floats
    dispersion: Floats

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw the counts, negative binomial."""
        spread = np.maximum(self.dispersion, 1.001)[:, None] - 1
        counts: Floats = rng.poisson(rng.gamma(self.mean / spread) * spread).astype(np.float64)
        return counts

    def outbreak(self, rng: np.random.Generator, size: Floats, begin: int) -> Floats:
        """Draw an outbreak's events: so many standard deviations of each week on average."""
        extra = np.zeros_like(self.mean)
        weeks = slice(begin, begin + len(size))
        extra[:, weeks] = size * np.sqrt(self.mean[:, weeks] * self.dispersion[:, None])
        counts: Floats = rng.poisson(extra).astype(np.float64)
        return counts


def make_world(rng: np.random.Generator, n: int = AREAS * CLASSES) -> World:
    """Return series as various as a town's.

    Medians of one event a week, from 0.1 to 20; dispersion 1 to 3, a third of them Poisson; yearly
    waves from none to sevenfold between trough and top; trends of up to 10 % a year in half.
    """
    weeks = np.arange(WEEKS)
    level = np.exp(rng.normal(0.0, 1.2, n)).clip(0.1, 20.0)
    wave, top = rng.uniform(0, 1, n), rng.uniform(0, 52.18, n)
    slope = np.where(rng.random(n) < 0.5, rng.uniform(-0.1, 0.1, n), 0.0) / 52.18
    season = wave[:, None] * np.cos(2 * np.pi * (weeks - top[:, None]) / 52.18)
    mean = level[:, None] * np.exp(season + slope[:, None] * (weeks - WEEKS / 2))
    spread = np.where(rng.random(n) < 1 / 3, 1.0, rng.uniform(1.0, 3.0, n))
    return World(mean, spread)


def as_series(counts: Floats, until: int) -> Series:
    """Return counts up to a week, that one included, as the watch takes them."""
    keys = pd.DataFrame(
        {
            "unit": "area",
            "unit_id": [str(i) for i in range(len(counts))],
            "name": [str(i) for i in range(len(counts))],
            "source": "police",
            "class": "other",
            "share_police_initiated": np.nan,
        }
    )
    return Series(keys, counts[:, : until + 1], FIRST, FIRST + until, {})


def watch(counts: Floats, until: int, *, false_signals: float = 1.0, seed: int = 581) -> Judged:
    """Watch one week of made-up series."""
    options = WatchOptions(false_signals=false_signals)
    return judge(as_series(counts, until), options, seed=seed)


def flexible_p(counts: Floats, until: int) -> Floats:
    """Return the p-values of ``farringtonFlexible``, missing where its rules give none.

    Those are: fewer than five events in four weeks.
    """
    options = WatchOptions()
    reference = make_reference(
        FIRST + until,
        FIRST,
        years=YEARS,
        half_window=options.half_window,
        n_periods=options.season_parts,
        left_out=options.left_out,
    )
    base = expect(counts, reference, trend=True, outbreak_residual=options.outbreak_residual)
    p = plug_in(counts[:, until], base)
    enough = counts[:, until - 3 : until + 1].sum(axis=1) >= options.min_recent
    return np.where(enough, p, 1.0)


@dataclass(frozen=True)
class FalseSignals:
    """False signals in weeks without any outbreak, all series counted."""

    weeks: int
    series: float
    by_week: int
    by_shift: int
    either: int

    @property
    def in_ten_weeks(self) -> float:
        """Return the mean number in ten weeks."""
        return 10 * self.either / self.weeks

    @property
    def at_most(self) -> float:
        """Return the upper end of its one-sided exact 95 % Poisson interval."""
        from scipy import stats

        return float(10 * stats.chi2.ppf(0.95, 2 * (self.either + 1)) / 2 / self.weeks)


def false_signals(weeks: int, *, seed: int) -> tuple[FalseSignals, Floats]:
    """Watch one week each of so many worlds without outbreaks.

    Returns
    -------
    tuple
        The count of false signals, and the smallest p-values of ``farringtonFlexible`` on the same
        weeks, ascending, by which its limit is set to give as many.
    """
    watched, week, shift, either = 0, 0, 0, 0
    smallest = []
    for number_ in range(weeks):
        rng = np.random.default_rng(np.random.SeedSequence([seed, number_]))
        world = make_world(rng)
        counts = world.draw(rng)
        until = YEARS * 52 + int(rng.integers(8, 40))
        judged = watch(counts, until, seed=seed + number_)
        watched += judged.n_watched
        week += int(judged.by_week.sum())
        shift += int(judged.by_shift.sum())
        either += int((judged.by_week | judged.by_shift).sum())
        smallest.append(np.sort(flexible_p(counts, until))[:20])
    found = FalseSignals(weeks, watched / weeks, week, shift, either)
    return found, np.sort(np.concatenate(smallest))


@dataclass(frozen=True)
class Found:
    """Outbreaks found by one of the ways, out of `n`: share within four weeks, in all, and delay.

    Attributes
    ----------
    soon, ever
        Shares found within four weeks, and within the time followed, 0–1.
    delay
        Mean weeks from the first week to the signal, those never found counted as the time
        followed.
    """

    n: int
    soon: float
    ever: float
    delay: float

    @staticmethod
    def of(first: Floats, followed: int) -> Found:
        """Return the shares of the week of each first signal, NaN where there was none."""
        late = np.where(np.isnan(first), followed, first)
        return Found(
            len(first),
            float((first < 4).mean()),
            float(np.isfinite(first).mean()),
            float(late.mean()),
        )


def detection(size: Floats, limit: float, *, n: int, seed: int) -> tuple[Found, Found]:
    """Put an outbreak into every one of `n` series and see when it is found.

    Parameters
    ----------
    size
        Mean number of its events in each week, in standard deviations of that week, shape
        (weeks,).
    limit
        p-value from which ``farringtonFlexible`` is taken to signal.
    n
        Series; the limits of the watch are those of 500 whatever their number.
    seed
        Of the draws.

    Returns
    -------
    tuple
        The watch, and ``farringtonFlexible``.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 7]))
    world = make_world(rng, n)
    begin = YEARS * 52 + 8
    counts = world.draw(rng) + world.outbreak(rng, size, begin)
    ours, theirs = np.full(n, np.nan), np.full(n, np.nan)
    for after in range(len(size)):
        open_ = np.flatnonzero(np.isnan(ours))
        if len(open_):
            share = len(open_) / (AREAS * CLASSES)
            judged = watch(counts[open_], begin + after, false_signals=share, seed=seed)
            ours[open_[judged.by_week | judged.by_shift]] = after
        p = flexible_p(counts, begin + after)
        theirs[np.isnan(theirs) & (p <= limit)] = after
    return Found.of(ours, len(size)), Found.of(theirs, len(size))
