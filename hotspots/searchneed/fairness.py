"""Whether searches are spread fairly by owner, area and tenure, beside what pure chance would give.

A visit is an entrance in a week with at least one search done there. Pure chance draws each week's
visits among the entrances that could be searched, without putting any back: a group's visits of a
week are then hypergeometric, and their sum over the weeks is had exactly by convolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.search_tables import FAIRNESS_GROUPS, SEARCHES
from hotspots.searchneed import telling
from hotspots.searchneed.drift import Drift, drift_of
from hotspots.searchneed.learning import TAIL, done_searches, posterior, prior_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMN_OF: Final = {"owner": "owner", "area": "area_id", "tenure": "tenure"}


@dataclass(frozen=True)
class Fairness:
    """Table ``search_fairness``, the tests of drift by kind of group, and what to tell."""

    table: pd.DataFrame
    drifts: tuple[Drift, ...]
    notices: tuple[Notice, ...]


def weigh_fairness(
    entrances: pd.DataFrame,
    results: pd.DataFrame,
    *,
    on: date,
    share_by_need: float,
    drift_days: int,
    seed: int,
) -> Fairness:
    """Compare searches with numbers of entrances and with need.

    Parameters
    ----------
    entrances
        Table ``search_entrances``.
    results
        Table ``search_results``.
    on
        The day.
    share_by_need
        Part of a round that goes by need, 0–1; what the searches are held to in the test of drift.
    drift_days
        The test looks at the visits of so many days.
    seed
        Of the test's draws.

    Returns
    -------
    Fairness
        A row a group, by kind and name, those without name last. Entrances that could be searched
        are those with valid consent on the day and those that have been searched.
    """
    known = results[results["week_start"] <= pd.Timestamp(on)]
    done = done_searches(known, entrances)
    visits = done[["entrance", "week_start"]].drop_duplicates()
    could = (entrances["consent"] == "valid").to_numpy(bool, copy=True)
    could[visits["entrance"].to_numpy(np.int64)] = True
    weekly: Ints = visits.groupby("week_start", sort=True).size().to_numpy().astype(np.int64)
    parts = [_groups(entrances, done, visits, could, weekly, by) for by in FAIRNESS_GROUPS]
    table = pd.concat(parts, ignore_index=True)
    table["by"] = schema.category(table["by"], "search_fairness", "by", tables=SEARCHES)
    table["group"] = table["group"].astype("str")
    table = table[list(SEARCHES["search_fairness"])]
    schema.check(table, "search_fairness", tables=SEARCHES)
    late = visits["week_start"] > pd.Timestamp(on) - pd.Timedelta(days=drift_days)
    recent = visits.loc[late, "entrance"].to_numpy(np.int64)
    streams = np.random.SeedSequence([seed, 5]).spawn(len(FAIRNESS_GROUPS))
    drifts = tuple(
        drift
        for by, stream in zip(FAIRNESS_GROUPS, streams, strict=True)
        if (drift := drift_of(entrances, could, recent, by, COLUMN_OF[by], share_by_need, stream))
    )
    return Fairness(table, drifts, telling.fairness(table, drifts, drift_days))


def _groups(
    entrances: pd.DataFrame,
    done: pd.DataFrame,
    visits: pd.DataFrame,
    could: NDArray[np.bool_],
    weekly: Ints,
    by: str,
) -> pd.DataFrame:
    codes, names = pd.factorize(entrances[COLUMN_OF[by]].astype("str"), sort=True)
    codes = np.where(codes < 0, len(names), codes)  # without owner or area: a group of its own
    k = len(names) + int((codes == len(names)).any())
    n = np.bincount(codes, minlength=k)
    eligible = np.bincount(codes[could], minlength=k)
    seen = np.bincount(codes[visits["entrance"].to_numpy(np.int64)], minlength=k)
    of_search = codes[done["entrance"].to_numpy(np.int64)]
    searches = np.bincount(of_search, minlength=k).astype(np.float64)
    finds = np.bincount(of_search, weights=done["find"], minlength=k).astype(np.float64)
    rate, low, high = posterior(finds, searches, *prior_of(finds, searches))
    need = np.bincount(codes[could], weights=entrances["need"].to_numpy()[could], minlength=k)
    chance = np.array([chance_interval(weekly, int(g), int(could.sum())) for g in eligible])
    searched = searches > 0
    data: dict[str, Any] = {
        "by": [by] * k,
        "group": pd.Series([*names, None][:k], dtype="str"),
        "n_entrances": n,
        "n_eligible": eligible,
        "n_searched": seen,
        "per_100": 100 * seen / n,
        "per_100_eligible": 100 * _share(seen, eligible),
        "chance_low": chance[:, 0],
        "chance_mean": chance[:, 1],
        "chance_high": chance[:, 2],
        "need_share": need / need.sum() if need.sum() > 0 else np.full(k, np.nan),
        "search_share": seen / max(int(seen.sum()), 1),
        "outside": (seen < chance[:, 0]) | (seen > chance[:, 2]),
        "n_space_searches": searches.astype(np.int64),
        "n_finds": finds.astype(np.int64),
        "rate": np.where(searched, rate, np.nan),
        "rate_low": np.where(searched, low, np.nan),
        "rate_high": np.where(searched, high, np.nan),
    }
    return pd.DataFrame(data)


def _share(part: Ints, whole: Ints) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def chance_interval(weekly: Ints, group: int, total: int) -> tuple[float, float, float]:
    """Return what chance would give a group: 2.5 percentile, mean, 97.5 percentile of its visits.

    Parameters
    ----------
    weekly
        Visits of each week.
    group, total
        Entrances of the group and of all, those that could be searched.
    """
    from scipy.stats import hypergeom  # takes a third of a second to load

    if not total or not len(weekly):
        return 0.0, 0.0, 0.0
    sums = np.ones(1)
    for n in weekly.tolist():
        if n:
            sums = np.convolve(sums, hypergeom.pmf(np.arange(n + 1), total, group, n))
    up = np.cumsum(sums) / sums.sum()
    low, high = np.searchsorted(up, [TAIL, 1 - TAIL])
    return float(low), float(weekly.sum() * group / total), float(min(high, len(up) - 1))
