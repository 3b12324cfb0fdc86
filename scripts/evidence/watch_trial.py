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

from areas.watch.farrington import Baseline, expect, plug_in
from areas.watch.options import WatchOptions
from areas.watch.reference import make_reference, week_of
from areas.watch.series import Series
from areas.watch.watching import Judged, judge
from geodata.schema import OFFENCE_CLASSES

Floats = NDArray[np.float64]

AREAS, CLASSES, YEARS = 50, 10, 5
FIRST: Final = week_of(date(2019, 1, 7))
WEEKS: Final = YEARS * 52 + 40
FOLLOWED: Final = 26
"""Weeks that an outbreak is followed for at most: those that no past compared with holds."""
LEAST_RECENT: Final = WatchOptions().min_recent
"""Events in four weeks that a signal of the week needs, here and in ``farringtonFlexible``."""


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


def make_world(
    rng: np.random.Generator, n: int = AREAS * CLASSES, *, common: bool = False
) -> World:
    """Return series as various as a town's.

    Medians of one event a week, from 0.1 to 20; dispersion 1 to 3, a third of them Poisson; yearly
    waves from none to sevenfold between trough and top; trends of up to 10 % a year in half.

    Parameters
    ----------
    rng
        Of the world.
    n
        Series, the classes of the first area first.
    common
        Whether each class has its wave over the whole town. Without, no two series have anything
        to do with each other, and a season held in common is wrong for nearly all of them.
    """
    weeks = np.arange(WEEKS)
    level = np.exp(rng.normal(0.0, 1.2, n)).clip(0.1, 20.0)
    wave, top = rng.uniform(0, 1, n), rng.uniform(0, 52.18, n)
    if common:
        wave, top = (np.resize(one[:CLASSES], n) for one in (wave, top))
    slope = np.where(rng.random(n) < 0.5, rng.uniform(-0.1, 0.1, n), 0.0) / 52.18
    season = wave[:, None] * np.cos(2 * np.pi * (weeks - top[:, None]) / 52.18)
    mean = level[:, None] * np.exp(season + slope[:, None] * (weeks - WEEKS / 2))
    spread = np.where(rng.random(n) < 1 / 3, 1.0, rng.uniform(1.0, 3.0, n))
    return World(mean, spread)


def as_series(counts: Floats, until: int) -> Series:
    """Return counts up to a week, that one included, as the watch takes them.

    Before them stand the municipality's series: all events, and each class.
    """
    number_ = np.arange(len(counts))
    kinds = [OFFENCE_CLASSES[one] for one in range(CLASSES)]
    classes = [counts[number_ % CLASSES == one].sum(axis=0) for one in range(CLASSES)]
    whole = [counts.sum(axis=0), *classes]
    keys = pd.DataFrame(
        {
            "unit": ["municipality"] * len(whole) + ["area"] * len(counts),
            "unit_id": [pd.NA] * len(whole) + [str(i // CLASSES) for i in number_],
            "name": "",
            "source": "police",
            "class": ["all", *kinds, *(kinds[i % CLASSES] for i in number_)],
            "share_police_initiated": np.nan,
        }
    )
    every = np.concatenate([np.array(whole), counts])
    return Series(keys, every[:, : until + 1], FIRST, FIRST + until, {})


def watch(counts: Floats, until: int, *, seed: int = 581) -> Judged:
    """Watch one week of made-up series."""
    return judge(as_series(counts, until), WatchOptions(), seed=seed)


def flexible(counts: Floats, until: int) -> Baseline:
    """Return the regressions of ``farringtonFlexible`` for one week."""
    options = WatchOptions()
    reference = make_reference(
        FIRST + until,
        FIRST,
        years=YEARS,
        half_window=options.half_window,
        n_periods=options.season_parts,
        left_out=options.left_out,
    )
    return expect(counts, reference, trend=True, outbreak_residual=options.outbreak_residual)


def flexible_p(counts: Floats, until: int) -> Floats:
    """Return the p-values of ``farringtonFlexible``, 1 where its rules give none.

    Those are: fewer than `LEAST_RECENT` events in four weeks.
    """
    p = plug_in(counts[:, until], flexible(counts, until))
    enough = counts[:, until - 3 : until + 1].sum(axis=1) >= LEAST_RECENT
    return np.where(enough, p, 1.0)


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


@dataclass(frozen=True, eq=False)
class Compared:
    """The week of each outbreak's first signal by the watch and by R's, NaN: none; shape (n,)."""

    ours: Floats
    theirs: Floats
    followed: int

    @property
    def both(self) -> tuple[Found, Found]:
        """Return what the watch found, and what ``farringtonFlexible`` did."""
        return Found.of(self.ours, self.followed), Found.of(self.theirs, self.followed)

    @property
    def more(self) -> tuple[float, float]:
        """Return how many more the watch found, as a share, and its standard error.

        The error is McNemar's: series that both found, or neither, say nothing of the difference.
        """
        apart = np.isfinite(self.ours).astype(float) - np.isfinite(self.theirs)
        return float(apart.mean()), float(apart.std() / np.sqrt(len(apart)))

    @property
    def sooner(self) -> tuple[float, float]:
        """Return how many weeks sooner the watch was on average, and its standard error."""
        late = [np.where(np.isnan(one), self.followed, one) for one in (self.ours, self.theirs)]
        apart = late[1] - late[0]
        return float(apart.mean()), float(apart.std() / np.sqrt(len(apart)))


def detection(
    size: Floats, limit: float, *, worlds: int, seed: int, common: bool = False
) -> Compared:
    """Put an outbreak into every area's series of some worlds and see when it is found.

    Each outbreak stands alone: the municipality's series, from which seasons are lent, hold none,
    and the past that other series lend from is without any.

    Parameters
    ----------
    size
        Mean number of its events in each week, in standard deviations of that week, shape
        (weeks,); at most `FOLLOWED`.
    limit
        p-value from which ``farringtonFlexible`` is taken to signal.
    worlds
        Of 500 series each.
    seed
        Of the draws.
    common
        As of `make_world`.
    """
    found = [
        _one_world(size, limit, np.random.SeedSequence([seed, 7, number_]), common=common)
        for number_ in range(worlds)
    ]
    ours, theirs = (np.concatenate(one) for one in zip(*found, strict=True))
    return Compared(ours, theirs, len(size))


def _one_world(
    size: Floats, limit: float, draws: np.random.SeedSequence, *, common: bool
) -> tuple[Floats, Floats]:
    """Return the weeks of the first signals in one world."""
    rng = np.random.default_rng(draws)
    world = make_world(rng, common=common)
    begin = YEARS * 52 + 8
    counts = world.draw(rng)
    whole = as_series(counts, WEEKS - 1)
    extra = world.outbreak(rng, size, begin)
    ours, theirs = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    for after in range(len(size)):
        until = begin + after
        signal = _with_outbreaks(whole, extra, until)
        ours[np.isnan(ours) & signal] = after
        p = flexible_p(counts + extra, until)
        theirs[np.isnan(theirs) & (p <= limit)] = after
    return ours, theirs


def _with_outbreaks(whole: Series, extra: Floats, until: int) -> NDArray[np.bool_]:
    """Watch a world with outbreaks in its areas' series; tell which of these have a signal."""
    counts = whole.counts[:, : until + 1].copy()
    counts[CLASSES + 1 :] += extra[:, : until + 1]
    series = Series(whole.keys, counts, FIRST, FIRST + until, {})
    judged = judge(series, WatchOptions(), seed=until)
    return (judged.by_week | judged.by_shift)[CLASSES + 1 :]
