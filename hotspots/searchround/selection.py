"""Which entrances a round takes: the best of the rounds that keep every rule, and the proof.

Three things are settled in order, each without touching the one before: the least numbers of owners
and areas are met as far as they can be; the part by need has as much need as any such round; and
the rest is drawn among those that have waited longest. Most rounds are had by sorting alone, and
that is proof enough; the others are solved as whole-number programs (`hotspots.searchround.exact`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.searchround.draws import draws
from hotspots.searchround.exact import Problem, complete, least_shortfall, most_need, shortfall
from hotspots.searchround.minima import COLUMN, least_numbers
from hotspots.searchround.options import RoundOptions

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

COLUMNS: Final = (
    "entrance_id",
    "owner",
    "area_id",
    "need",
    "last_searched",
    "n_searched_recent",
    "last_found",
    "consent_valid",
)
"""What `select_round` reads of the entrances."""


@dataclass(frozen=True)
class Selected:
    """The entrances of a round and what was weighed.

    Attributes
    ----------
    entrances
        One row an entrance taken, those by need first: ``entrance_id``, ``part`` (``need`` or
        ``drawn``), ``order`` (1… within its part: by need, or by the draw), ``need``,
        ``last_searched``, ``draw`` (0–1).
    minima
        One row an owner and area: the columns of `least_numbers`, ``n_selected``, ``short`` and
        ``reason`` (empty; ``no_consent`` or ``searched`` when too few of its entrances may be
        taken, by what stops most of them; ``others`` when other groups' least numbers stand in the
        way).
    n_wanted
        Entrances asked for.
    n_register, n_without_consent, n_capped
        Entrances in all, those without valid consent, and those with consent that were searched
        too often of late.
    need_total, need_free
        Need of the part by need, and what it could be if no owner and area had a least number.
    need_bound
        No part by need that keeps the rules has more; equals ``need_total`` when solved exactly.
    pool
        How many the rest was drawn among.
    seed
        Of the draw.
    """

    entrances: pd.DataFrame
    minima: pd.DataFrame
    n_wanted: int
    n_register: int
    n_without_consent: int
    n_capped: int
    need_total: float
    need_free: float
    need_bound: float
    pool: int
    seed: int

    @property
    def gap(self) -> float:
        """Return what need may be missing, as a share of the bound (0–1)."""
        if self.need_bound <= 0:
            return 0.0
        return max(0.0, (self.need_bound - self.need_total) / self.need_bound)


def select_round(
    entrances: pd.DataFrame, *, options: RoundOptions, monday: date, seed: int, n: int | None = None
) -> Selected:
    """Choose the entrances of a round.

    Parameters
    ----------
    entrances
        All entrances of the register, one row each, in any order: ``entrance_id`` (unique),
        ``owner`` and ``area_id`` (missing: no group), ``need`` (≥ 0), ``last_searched`` (date,
        missing: never), ``n_searched_recent`` (searches within the window), ``last_found`` (date of
        the last find, missing: none), ``consent_valid`` (throughout the week). Other columns are
        not looked at.
    options
        The shares and limits.
    monday
        First day of the round's week.
    seed
        Of the draw, together with the week.
    n
        Entrances wanted; ``options.n_entrances`` when left out. Of these ``share_by_need``,
        rounded half up, are taken by need.

    Returns
    -------
    Selected
        Fewer than `n` entrances where not as many may be taken. The same whatever the order of the
        rows.

    Raises
    ------
    ValueError
        If an entrance stands twice.
    """
    table = entrances.loc[:, list(COLUMNS)]
    if not table["entrance_id"].is_unique:
        msg = "each entrance must stand once"
        raise ValueError(msg)
    wanted = options.n_entrances if n is None else n
    table = table.sort_values("entrance_id", kind="stable").reset_index(drop=True)
    consent = table["consent_valid"].to_numpy(bool)
    capped = consent & ~_rested(table, options, monday)
    able = pd.Series(consent & ~capped)
    size = min(wanted, int(able.sum()))
    minima = least_numbers(table, able, wanted, options.least_share)
    chosen = table[able.to_numpy()].reset_index(drop=True)
    chosen["draw"] = draws(chosen["entrance_id"].astype(str), seed=seed, monday=monday)
    by_need = int(np.floor(options.share_by_need * size + 0.5))
    picked = _pick(chosen, minima, by_need, size - by_need, options)
    return Selected(
        entrances=_listed(chosen, picked),
        minima=_told(minima, chosen, picked, table, capped),
        n_wanted=wanted,
        n_register=len(table),
        n_without_consent=int((~consent).sum()),
        n_capped=int(capped.sum()),
        need_total=_total(chosen["need"].to_numpy(np.float64), picked.need),
        need_free=picked.free,
        need_bound=picked.bound,
        pool=picked.pool,
        seed=seed,
    )


def _rested(table: pd.DataFrame, options: RoundOptions, monday: date) -> Bools:
    """Return which entrances have not been searched too often, or had a find meanwhile."""
    since = pd.Timestamp(monday - timedelta(days=options.window_days))
    found = pd.to_datetime(table["last_found"]) >= since
    few = table["n_searched_recent"].to_numpy(np.int64) < options.max_per_window
    return np.asarray(few | found.to_numpy(bool), dtype=bool)


@dataclass(frozen=True)
class _Picked:
    """Rows by need in order, rows drawn in order, and what the choice was made among."""

    need: Ints
    drawn: Ints
    free: float
    bound: float
    pool: int


def _pick(
    chosen: pd.DataFrame, minima: pd.DataFrame, by_need: int, rest: int, options: RoundOptions
) -> _Picked:
    need = chosen["need"].to_numpy(np.float64)
    draw = chosen["draw"].to_numpy(np.float64)
    waited = _waiting_rank(chosen["last_searched"])
    # Equal need: who has waited longest, then the draw. No entrance is favoured by its name.
    by_rank = np.lexsort((draw, waited, -need))
    free = np.sort(by_rank[:by_need])
    problem = Problem.of(chosen, minima)
    first, bound = free, _total(need, free)
    cost, pool = _price(waited, draw, free, rest, options.pool_factor)
    second = _cheapest(cost, free, rest)
    if shortfall(problem, np.concatenate([first, second])) > 0:
        limit = least_shortfall(problem, by_need + rest)
        found = complete(problem, first, cost, rest, limit)
        if found is None:
            first, bound = most_need(problem, need, by_rank, by_need, rest, limit)
            cost, pool = _price(waited, draw, first, rest, options.pool_factor)
            found = complete(problem, first, cost, rest, limit)
        if found is None:  # a round that meets as much is known to exist
            raise AssertionError
        second = found
    rank = np.empty(len(chosen), dtype=np.int64)
    rank[by_rank] = np.arange(len(chosen))
    return _Picked(
        need=first[np.argsort(rank[first], kind="stable")],
        drawn=second[np.argsort(cost[second], kind="stable")],
        free=_total(need, free),
        bound=bound,
        pool=pool,
    )


def _total(need: Floats, rows: Ints) -> float:
    """Return the sum, the same in any order: two choices are compared by it."""
    return math.fsum(need[rows].tolist())


def _waiting_rank(last: pd.Series) -> Ints:
    """Return 0 for those never searched, then 1, 2 … by the day of the last search, ties equal."""
    days = pd.to_datetime(last).to_numpy("datetime64[ns]").astype(np.int64)  # NaT is the least
    return np.unique(days, return_inverse=True)[1].astype(np.int64)


def _price(waited: Ints, draw: Floats, taken: Ints, rest: int, factor: float) -> tuple[Floats, int]:
    """Return what each entrance costs the draw, and how many lie in the pool.

    Those in the pool, the longest unsearched with all ties at its edge, cost their draw. One
    outside costs more than all of a round from the pool, and more the later it was searched:
    it is taken only for the sake of a least number.
    """
    free = np.ones(len(waited), dtype=bool)
    free[taken] = False
    left = np.sort(waited[free])
    if rest == 0 or not len(left):
        return draw.copy(), 0
    size = min(len(left), int(np.ceil(factor * rest)))
    inside = waited <= left[size - 1]
    later = 1.0 + waited / (waited.max() + 1.0)
    cost = np.where(inside, draw, (rest + 1.0) * later + draw * 1e-6)
    return cost, int((inside & free).sum())


def _cheapest(cost: Floats, taken: Ints, rest: int) -> Ints:
    order = np.argsort(cost, kind="stable")
    return order[~np.isin(order, taken)][:rest]


def _listed(chosen: pd.DataFrame, picked: _Picked) -> pd.DataFrame:
    rows = np.concatenate([picked.need, picked.drawn])
    table = chosen.loc[rows, ["entrance_id", "need", "last_searched", "draw"]].reset_index(
        drop=True
    )
    n, m = len(picked.need), len(picked.drawn)
    table.insert(1, "part", pd.Series(["need"] * n + ["drawn"] * m, dtype="str"))
    order = np.concatenate([np.arange(1, n + 1), np.arange(1, m + 1)]).astype(np.int64)
    table.insert(2, "order", order)
    return table


def _told(
    minima: pd.DataFrame,
    chosen: pd.DataFrame,
    picked: _Picked,
    table: pd.DataFrame,
    capped: Bools,
) -> pd.DataFrame:
    """Return the least numbers with what was taken, what is short and why."""
    found = minima.copy()
    taken = chosen.loc[np.concatenate([picked.need, picked.drawn])]
    for kind, column in COLUMN.items():
        rows = found["kind"] == kind
        for name, among in (("n_selected", taken), ("n_capped", table[capped])):
            numbers = among[column].astype("str").value_counts()
            in_group = numbers.reindex(found.loc[rows, "name"], fill_value=0)
            found.loc[rows, name] = in_group.to_numpy(np.int64)
    found = found.astype({"n_selected": "int64", "n_capped": "int64"})
    found["short"] = np.maximum(found["least"] - found["n_selected"], 0)
    barred = found["n_entrances"] - found["n_able"]
    why = np.select(
        [
            found["short"] == 0,
            found["n_selected"] < found["possible"],
            found["n_capped"] * 2 > barred,
        ],
        ["", "others", "searched"],
        "no_consent",
    )
    found["reason"] = pd.Series(why, dtype="str")
    return found
