"""The watch of one week: every series against its own past, signals in order of rarity."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from areas.watch import control, cusum, farrington, glm, outlook
from areas.watch.common import common_season
from areas.watch.farrington import Baseline
from areas.watch.options import WatchOptions
from areas.watch.outlook import Outlook
from areas.watch.reference import Reference, make_reference, years_back
from areas.watch.season import Season
from areas.watch.series import Series

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_YEARS: Final = 2
"""A season can't be told from chance by one year."""

LEAST_SEASON: Final = 3
"""Known weeks of the watched week's own season that a comparison needs at least."""

RECENT: Final = 4
"""Weeks over which ``min_recent`` counts, and in which a shift has to go on."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What is found about each series, arrays of shape (s,); NaN where it can't be told.

    Attributes
    ----------
    state
        ``watched``, ``short``, ``few`` or ``missing``.
    n_past
        Events in the weeks compared with.
    expected, upper, dispersion, p
        Of the watched week.
    cusum, cusum_p, shift_weeks
        The sum, its chance (a bound where it is far from a signal) and the weeks it has grown over.
    shift_expected
        Events to expect over those weeks.
    by_week, by_shift
        Which series have a signal of either kind.
    n_watched
        Series that share the allowed false signals.
    curve
        Expected events by week of the series, shape (s, weeks).
    """

    state: NDArray[np.str_]
    n_past: Ints
    expected: Floats
    upper: Floats
    dispersion: Floats
    p: Floats
    cusum: Floats
    cusum_p: Floats
    shift_weeks: Ints
    shift_expected: Floats
    by_week: Bools
    by_shift: Bools
    n_watched: int
    curve: Floats


def judge(series: Series, options: WatchOptions, *, seed: int) -> Judged:
    """Hold every series against its own past.

    Parameters
    ----------
    series
        From `areas.watch.series.make_series`.
    options
        Settings.
    seed
        Of the draws by which possible shifts are tried; each series has its own stream.
    """
    n = len(series.counts)
    years = np.array(
        [
            years_back(series.week, int(since), options.half_window, options.years)
            for since in series.since
        ],
        dtype=np.int64,
    )
    groups = [
        _Group.of(series, np.flatnonzero(years == back), int(back), options)
        for back in np.unique(years[years >= LEAST_YEARS])
    ]
    state = np.full(n, "short", dtype="U8")
    n_past = np.zeros(n, dtype=np.int64)
    for group in groups:
        state[group.rows] = group.states(options)
        n_past[group.rows] = group.n_past
    state[~np.isfinite(series.counts[:, -1]) & (state == "watched")] = "missing"
    found = Judged(
        state=state,
        n_past=n_past,
        shift_weeks=np.zeros(n, dtype=np.int64),
        by_week=np.zeros(n, dtype=bool),
        by_shift=np.zeros(n, dtype=bool),
        n_watched=int((state == "watched").sum()),
        curve=np.full(series.counts.shape, np.nan),
        **{name: np.full(n, np.nan) for name in _FLOATS},
    )
    for group in groups:
        _judge_group(group, found, options, seed)
    return found


_FLOATS: Final = ("expected", "upper", "dispersion", "p", "cusum", "cusum_p", "shift_expected")


@dataclass(frozen=True, eq=False)
class _Group:
    """Series with equally many years behind them, and so the same weeks to compare with."""

    rows: Ints
    counts: Floats
    sources: NDArray[np.str_]
    reference: Reference
    fitted: glm.Fit
    slope: Bools
    season: Season | None

    @staticmethod
    def of(series: Series, rows: Ints, years: int, options: WatchOptions) -> _Group:
        reference = make_reference(
            series.week,
            series.first_week,
            years=years,
            half_window=options.half_window,
            n_periods=options.season_parts,
            left_out=options.left_out,
        )
        fitted, slope = farrington.regress(
            series.counts[rows][:, reference.weeks],
            reference,
            trend=options.trend,
            outbreak_residual=options.outbreak_residual,
        )
        season = common_season(series, rows, fitted, reference, options)
        sources = series.keys["source"].to_numpy(str)[rows]
        return _Group(rows, series.counts[rows], sources, reference, fitted, slope, season)

    @property
    def n_past(self) -> Ints:
        """Return the events compared with."""
        past: Ints = np.nansum(self.counts[:, self.reference.weeks], axis=1).astype(np.int64)
        return past

    def states(self, options: WatchOptions) -> NDArray[np.str_]:
        """Return whether each can be watched."""
        known = np.isfinite(self.counts[:, self.reference.weeks])
        season = known[:, self.reference.period == self.reference.n_periods - 1].sum(axis=1)
        thin = (season < LEAST_SEASON) | (2 * known.sum(axis=1) < known.shape[1])
        few = self.n_past < options.min_past
        return np.where(thin, "short", np.where(few, "few", "watched"))

    def only(self, keep: Bools) -> _Group:
        """Return the group with some of its rows."""
        at = np.flatnonzero(keep)
        return _Group(
            self.rows[at],
            self.counts[at],
            self.sources[at],
            self.reference,
            glm.take(self.fitted, at),
            self.slope[at],
            None if self.season is None else self.season.of(at),
        )


def _judge_group(group: _Group, found: Judged, options: WatchOptions, seed: int) -> None:
    """Fill in the arrays of `found` for a group's watched series."""
    group = group.only(np.isin(found.state[group.rows], ("watched", "missing")))
    if not len(group.rows):
        return
    base = farrington.expect(
        group.counts,
        group.reference,
        trend=options.trend,
        outbreak_residual=options.outbreak_residual,
        season=group.season,
        regressed=(group.fitted, group.slope),
    )
    ahead = outlook.look(
        group.counts,
        base,
        group.reference,
        group.sources,
        outbreak_residual=options.outbreak_residual,
    )
    alpha = control.limit(options.false_signals, "week", found.n_watched)
    found.expected[group.rows] = base.expected
    found.dispersion[group.rows] = ahead.dispersion
    found.upper[group.rows] = outlook.least_signal(ahead, alpha)
    found.curve[group.rows] = _curve(base, group)
    here = found.state[group.rows] == "watched"
    rows = np.flatnonzero(here)
    group, base, ahead = group.only(here), take(base, rows), ahead.take(rows)
    _judge_week(group, ahead, found, options, alpha)
    _judge_shift(group, base, ahead, found, options, seed)


def _judge_week(
    group: _Group, ahead: Outlook, found: Judged, options: WatchOptions, alpha: float
) -> None:
    p = outlook.predictive(group.counts[:, -1], ahead)
    enough = np.nansum(group.counts[:, -RECENT:], axis=1) >= options.min_recent
    found.p[group.rows] = p
    found.by_week[group.rows] = (p <= alpha) & enough


def _judge_shift(
    group: _Group,
    base: Baseline,
    ahead: Outlook,
    found: Judged,
    options: WatchOptions,
    seed: int,
) -> None:
    limit = control.limit(options.false_signals, "shift", found.n_watched)
    sums = cusum.sums(group.counts, base, ahead, group.reference, options.shift)
    p = cusum.chance_bound(sums.value, len(group.reference.recent))
    for row in np.flatnonzero(p <= _NEAR * limit).tolist():
        p[row] = cusum.chance(
            sums,
            row,
            base,
            ahead,
            group.reference,
            shift=options.shift,
            draws=options.draws,
            seed=np.random.SeedSequence([seed, int(group.rows[row])]),
        )
    weeks = np.arange(len(group.reference.recent))[::-1]
    counted = sums.known & (weeks <= sums.since[:, None])
    found.cusum[group.rows] = sums.value
    found.cusum_p[group.rows] = p
    found.shift_weeks[group.rows] = sums.since + 1
    found.shift_expected[group.rows] = np.where(counted, sums.expected, 0.0).sum(axis=1)
    found.by_shift[group.rows] = (p <= limit) & _goes_on(group, sums)


def _goes_on(group: _Group, sums: cusum.Sums) -> Bools:
    """Tell which series still lie above their past: a shift that is over is no signal each week."""
    late = group.counts[:, group.reference.recent][:, -RECENT:]
    wanted = np.where(np.isfinite(late), sums.expected[:, -RECENT:], 0.0)
    above: Bools = np.nansum(late, axis=1) > wanted.sum(axis=1)
    return above


_NEAR: Final = 30.0
"""Sums whose bound is within this many times the limit have their chance drawn."""


def _curve(base: Baseline, group: _Group) -> Floats:
    """Return the expected events of each week, NaN before the weeks compared with."""
    curve = np.full(group.counts.shape, np.nan)
    reference = group.reference
    curve[:, reference.weeks] = base.fit.mean
    eta, _variance = base.fit.predict(reference.recent_period, reference.recent_time)
    curve[:, reference.recent] = np.exp(eta)
    return curve


def take(base: Baseline, rows: Ints) -> Baseline:
    """Return the baseline of some series."""
    rest = {
        field.name: getattr(base, field.name)[rows]
        for field in fields(Baseline)
        if field.name != "fit"
    }
    return Baseline(fit=glm.take(base.fit, rows), **rest)
