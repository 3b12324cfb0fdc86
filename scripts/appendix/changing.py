"""The period told of against the one before, by area, with the follow-up's own intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.followup.counting import find_weeks
from areas.followup.periods import Periods
from areas.followup.ratios import chance_to_show, dispersion_of, period_ratio
from geodata import schema
from geodata.appendix_tables import APPENDIX
from scripts.appendix.counting import Counting, Series

if TYPE_CHECKING:
    from areas.followup import FollowupOptions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_RATIO: Final = ("ratio", "ratio_low", "ratio_high")


def change_table(counting: Counting, options: FollowupOptions) -> pd.DataFrame:
    """Return table ``appendix_change``.

    Parameters
    ----------
    counting
        The counts' own units and series.
    options
        ``[followup]``: which change must be possible to show for an area not to have too few.
    """
    parts = [_change_of(counting, series, options) for series in counting.series]
    table = pd.concat(parts, ignore_index=True)
    for column in ("source", "what", "unit", "state"):
        values = table[column].tolist()
        table[column] = schema.category(values, "appendix_change", column, tables=APPENDIX)
    table = table.astype({"area_id": "str", "name": "str"})
    schema.check(table, "appendix_change", tables=APPENDIX)
    return table


def _change_of(counting: Counting, series: Series, options: FollowupOptions) -> pd.DataFrame:
    units = counting.units.table
    k = len(units)
    told, days_now = counting.periods[0], counting.in_force_days[0]
    now, known_now = counting.by_unit(series, told), not counting.silent(series, told)
    before, days_before, known_before = np.zeros(k, np.int64), np.zeros(k, np.int64), False
    made: dict[str, Floats] = {name: np.full(k, np.nan) for name in _RATIO}
    power = np.zeros(k)
    if counting.compared is not None:
        period, days_before = counting.compared
        before = counting.by_unit(series, period)
        known_before = not counting.silent(series, period)
        spread = _dispersion(counting, series)
        long = days_before.astype(np.float64), days_now.astype(np.float64)
        counts = before.astype(np.float64), now.astype(np.float64)
        made = dict(zip(_RATIO, period_ratio(*counts, *long, spread), strict=True))
        power = chance_to_show(counts[0] + counts[1], *long, spread, options.change)
    known = (days_before > 0) & (days_now > 0) & known_now & known_before
    table = pd.DataFrame(
        {
            "source": [series.source] * k,
            "what": [series.what] * k,
            "area_id": units["area_id"],
            "name": units["name"],
            "unit": units["unit"].astype("str"),
            "n_before": _counts(before, (days_before > 0) & known_before),
            "n_now": _counts(now, (days_now > 0) & known_now),
            **{name: np.where(known, values, np.nan) for name, values in made.items()},
            "state": states(made["ratio_low"], made["ratio_high"], power, known, options.power),
        }
    )
    # As in the counts: an area never in force, or an empty default address, is no row.
    empty = (units["unit"] == "unplaced").to_numpy() & (now + before == 0)
    kept: pd.DataFrame = table.loc[((days_now > 0) | (days_before > 0)) & ~empty]
    return kept


def _counts(n: Ints, known: NDArray[np.bool_]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(n.copy(), ~known)


def _dispersion(counting: Counting, series: Series) -> Floats:
    """Return variance by mean of the weeks' counts of each unit, at least 1; shape (k,).

    Where only months are known the blocks are months.
    """
    assert counting.compared is not None
    told, period = counting.periods[0], counting.compared[0]
    periods = Periods(period.first, period.last, told.first, told.last)
    by_month = bool((counting.incidents["time_precision"] == "month").all())
    weeks = find_weeks(counting.days, periods, by_month=by_month)
    code = counting.units.code
    own = [series.events & (code == i) for i in range(len(counting.units.table))]
    own[0] = series.events
    blocks = [
        np.array([weeks.counts(which, now=now) for which in own], dtype=np.float64)
        for now in (False, True)
    ]
    return dispersion_of(blocks[0], blocks[1], paired=periods.alike)


def states(
    low: Floats, high: Floats, power: Floats, known: NDArray[np.bool_], least: float
) -> list[str]:
    """Return what can be said of each change.

    Parameters
    ----------
    low, high
        Limits of the ratio; a missing upper limit is infinite.
    power
        Chance of showing the change that is asked for.
    known
        Whether both periods have counts.
    least
        Power below which there is too little to say that nothing changed.
    """
    found = []
    for lower, upper, chance, there in zip(low, high, power, known, strict=True):
        if not there:
            found.append("missing")
        elif lower > 1:
            found.append("more")
        elif upper < 1:
            found.append("fewer")
        else:
            found.append("none" if chance >= least else "few")
    return found
