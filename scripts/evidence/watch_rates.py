"""How often the weekly watch, and R's, is wrong in weeks in which nothing has happened.

Signals without cause are rare, and counting them says little: some ten in two hundred weeks. But
in a made-up world the true distribution of each series is known. So beside the count stands how
often each series *would* reach the number that was asked of it, by that distribution: the same
mean, without the chance of the one draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from areas.watch.farrington import tail
from areas.watch.watching import Judged
from scripts.evidence.watch_trial import (
    CLASSES,
    FOLLOWED,
    LEAST_RECENT,
    YEARS,
    World,
    flexible,
    make_world,
    watch,
)

Floats = NDArray[np.float64]

HALVINGS = 24
THINNED = 7
"""Every so many series tell of how many outbreaks are found; classes don't repeat in step."""
MOST_EVENTS = 90
"""Of an outbreak in one week: its mean is at most some 40."""


@dataclass(frozen=True)
class FalseSignals:
    """False signals in weeks without any outbreak, all series counted.

    Attributes
    ----------
    weeks, series
        Weeks tried, and series watched in each on average.
    by_week, by_shift, either
        Signals counted.
    expected
        Signals of single weeks to expect from the numbers that were asked for.
    """

    weeks: int
    series: float
    by_week: int
    by_shift: int
    either: int
    expected: float

    @property
    def rate(self) -> float:
        """Return the mean number a week: of single weeks as expected, of slow shifts as counted."""
        return (self.expected + self.by_shift) / self.weeks

    @property
    def at_most(self) -> float:
        """Return the upper end of the one-sided exact 95 % interval of the count in ten weeks."""
        return at_most(self.either, self.weeks)

    def __add__(self, other: FalseSignals) -> FalseSignals:
        """Return both together."""
        weeks = self.weeks + other.weeks
        return FalseSignals(
            weeks,
            (self.series * self.weeks + other.series * other.weeks) / weeks,
            self.by_week + other.by_week,
            self.by_shift + other.by_shift,
            self.either + other.either,
            self.expected + other.expected,
        )


def at_most(n: int, weeks: int) -> float:
    """Return the number in ten weeks that so many in so many weeks don't exceed, 95 % certain."""
    return float(10 * stats.chi2.ppf(0.95, 2 * (n + 1)) / 2 / weeks)


@dataclass(frozen=True, eq=False)
class NullWeeks:
    """Such weeks: what was true, what R's regression made of it, what the watch asked for.

    Attributes
    ----------
    weeks
        Weeks tried.
    mean, spread
        True mean and dispersion of each area's series in the watched week, shape (n,).
    fitted, dispersion
        The same by the regression of ``farringtonFlexible``.
    before
        Events of the three weeks before.
    asked
        Number from which the watch gives a signal of the week; infinite where it isn't watched.
    """

    weeks: int
    mean: Floats
    spread: Floats
    fitted: Floats
    dispersion: Floats
    before: Floats
    asked: Floats

    def rate(self, asked: Floats) -> float:
        """Return the false signals a week to expect when these numbers are asked for."""
        return float(chance_of(asked, self.mean, self.spread, self.before).sum()) / self.weeks

    def limit(self, rate: float, mean: Floats, dispersion: Floats) -> float:
        """Return the p-value of `least` that gives so many false signals a week, by halving."""
        low, high = np.log(1e-12), np.log(0.1)
        for _halving in range(HALVINGS):
            middle = (low + high) / 2
            over = self.rate(least(np.exp(middle), mean, dispersion)) > rate
            low, high = (low, middle) if over else (middle, high)
        return float(np.exp(low))

    def found(self, asked: Floats, size: float, *, every: int = THINNED) -> float:
        """Return the share of outbreaks found in their first week, to expect.

        Parameters
        ----------
        asked
            Number from which there is a signal, shape (n,).
        size
            Events of the outbreak that week on average, in its standard deviations.
        every
            Every so many series are reckoned with.
        """
        some = slice(None, None, every)
        mean, spread, wanted = self.mean[some], self.spread[some], asked[some]
        more = size * np.sqrt(mean * spread)
        found = np.zeros(len(mean))
        for events in range(MOST_EVENTS):
            rest = tail(np.maximum(wanted - events, 0.0), mean, spread)
            found += stats.poisson.pmf(events, more) * np.where(np.isfinite(wanted), rest, 0.0)
        return float(found.mean())


def least(limit: float, mean: Floats, dispersion: Floats) -> Floats:
    """Return the smallest number with a chance of at most `limit`, by a negative binomial."""
    clumped = dispersion > 1
    over = np.where(clumped, dispersion, 2.0)
    reach = stats.nbinom.isf(limit, mean / (over - 1), 1 / over)
    number: Floats = np.where(clumped, reach, stats.poisson.isf(limit, mean)) + 1
    return number


def chance_of(asked: Floats, mean: Floats, spread: Floats, before: Floats) -> Floats:
    """Return the true chance of a signal of the week: the number asked for, and enough lately."""
    reached = tail(np.maximum(asked, LEAST_RECENT - before), mean, spread)
    return np.where(np.isfinite(asked), reached, 0.0)


def false_signals(
    weeks: int, *, seed: int, common: bool = False, past: int = 0
) -> tuple[FalseSignals, NullWeeks]:
    """Watch one week each of so many worlds without outbreaks.

    Parameters
    ----------
    weeks
        Worlds.
    seed
        Of the draws.
    common
        As of `scripts.evidence.watch_trial.make_world`.
    past
        Steep outbreaks in the past of every series.
    """
    watched, week, shift, either, expected = 0, 0, 0, 0, 0.0
    seen = []
    for number in range(weeks):
        rng = np.random.default_rng(np.random.SeedSequence([seed, number]))
        world = make_world(rng, common=common)
        counts = world.draw(rng)
        until = YEARS * 52 + int(rng.integers(8, 40))
        counts += past_outbreaks(world, rng, until, past)
        judged = watch(counts, until, seed=seed + number)
        watched += judged.n_watched
        week += int(judged.by_week.sum())
        shift += int(judged.by_shift.sum())
        either += int((judged.by_week | judged.by_shift).sum())
        expected += expected_signals(judged, world, counts, until)
        base = flexible(counts, until)
        asked = np.where(judged.state == "watched", judged.upper, np.inf)[CLASSES + 1 :]
        before = counts[:, until - 3 : until].sum(axis=1)
        seen.append(
            [
                world.mean[:, until],
                world.dispersion,
                base.expected,
                base.dispersion,
                before,
                asked,
            ]
        )
    found = FalseSignals(weeks, watched / weeks, week, shift, either, expected)
    return found, NullWeeks(weeks, *(np.concatenate(one) for one in zip(*seen, strict=True)))


def past_outbreaks(world: World, rng: np.random.Generator, until: int, n: int) -> Floats:
    """Draw the events of `n` outbreaks in each series' past: 4 weeks of 4 standard deviations."""
    extra = np.zeros_like(world.mean)
    row = np.arange(len(extra))
    for _outbreak in range(n):
        begin = rng.integers(0, until - FOLLOWED - 8, len(extra))
        for week in range(4):
            at = row, begin + week
            extra[at] += rng.poisson(4.0 * np.sqrt(world.mean[at] * world.dispersion))
    return extra


def expected_signals(judged: Judged, world: World, counts: Floats, until: int) -> float:
    """Return the signals of one week to expect of the watch from the numbers it asks for.

    The municipality's sums are taken for negative binomials with their true mean and variance.
    """
    mean, variance = world.mean[:, until], world.mean[:, until] * world.dispersion
    before = counts[:, until - 3 : until].sum(axis=1)
    mean, variance, before = (_with_sums(one) for one in (mean, variance, before))
    chance = chance_of(judged.upper, mean, variance / mean, before)
    return float(chance[judged.state == "watched"].sum())


def _with_sums(values: Floats) -> Floats:
    """Return the municipality's sums, of all and by class, and then the values themselves."""
    of_class = np.arange(len(values)) % CLASSES
    sums = np.bincount(of_class, values, CLASSES)
    return np.concatenate([[values.sum()], sums, values])
