"""What searches have given: finds per search by area and kind of space, with intervals.

A search is one space in one week; it ends in a find or not. Finds of a group are Beta-binomial: the
groups' rates vary as a Beta distribution whose mean is the rate of all and whose precision is had
from the groups by maximum likelihood (an empirical prior; Skellam 1948). A rate is the posterior
mean, its interval the posterior's 2.5 and 97.5 percentiles. It tells how searches have gone, never
how common anything is.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import betaincinv, betaln

from geodata import schema
from geodata.search_tables import HIT_LEVELS, SEARCHES, SPACES

Floats = NDArray[np.float64]

LEAST_PRECISION: Final = 1.0
MOST_PRECISION: Final = 1e4
"""Searches that the prior may count for: from Jeffreys' prior to groups that don't differ."""

TAIL: Final = 0.025


def done_searches(results: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Return searches done at known entrances.

    Returns
    -------
    pandas.DataFrame
        ``entrance`` (row of `register`), ``entrance_id``, ``space``, ``week_start``, ``find`` and
        ``alert`` (bool), ``area_id``.
    """
    row = pd.Series(np.arange(len(register)), index=register["entrance_id"])
    done = results[results["known"] & (results["result"] != "not_done")]
    at = row.reindex(done["entrance_id"]).to_numpy()
    there = ~np.isnan(at)
    done, place = done[there], at[there].astype(np.int64)
    return pd.DataFrame(
        {
            "entrance": place,
            "entrance_id": done["entrance_id"].to_numpy(),
            "space": done["space"].astype("str").to_numpy(),
            "week_start": done["week_start"].to_numpy(),
            "find": (done["result"] == "find").to_numpy(bool),
            "alert": (done["result"] == "alert").to_numpy(bool),
            "area_id": register["area_id"].to_numpy()[place],
        }
    )


def prior_of(finds: Floats, searches: Floats) -> tuple[float, float]:
    """Return the empirical Beta prior of groups, as finds and non-finds that it counts for.

    The mean is (K + ½) / (N + 1) of all; the precision has the largest Beta-binomial likelihood
    between `LEAST_PRECISION` and `MOST_PRECISION`, the least where fewer than two groups have been
    searched.
    """
    k, n = finds[searches > 0], searches[searches > 0]
    mean = (float(k.sum()) + 0.5) / (float(n.sum()) + 1.0)
    if len(n) < 2:
        return mean * LEAST_PRECISION, (1 - mean) * LEAST_PRECISION

    def loss(log_precision: float) -> float:
        a = mean * np.exp(log_precision)
        b = (1 - mean) * np.exp(log_precision)
        return -float((betaln(k + a, n - k + b) - betaln(a, b)).sum())

    bounds = (np.log(LEAST_PRECISION), np.log(MOST_PRECISION))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    precision = float(np.exp(found.x))
    return mean * precision, (1 - mean) * precision


def hit_rates(done: pd.DataFrame) -> pd.DataFrame:
    """Return table ``search_hits``: all, by area, by space, by area and space.

    Parameters
    ----------
    done
        As `done_searches`.
    """
    parts = [
        _level(done.assign(_all=0), "all", ["_all"]),
        _level(done, "area", ["area_id"]),
        _level(done, "space", ["space"]),
        _level(done, "area_space", ["area_id", "space"]),
    ]
    table = pd.concat(parts, ignore_index=True)
    table["level"] = schema.category(table["level"], "search_hits", "level", tables=SEARCHES)
    for name in ("area_id", "space"):
        table[name] = table[name].astype("str")
    order = table["space"].map({space: i for i, space in enumerate(SPACES)}).fillna(-1)
    table = table.assign(_order=order).sort_values(
        ["level", "area_id", "_order"], ignore_index=True, na_position="first"
    )
    table = table[list(SEARCHES["search_hits"])]
    schema.check(table, "search_hits", tables=SEARCHES)
    return table


def _level(done: pd.DataFrame, level: str, keys: list[str]) -> pd.DataFrame:
    groups = done.groupby(keys, dropna=False, sort=True)
    counts = groups.agg(
        n_searches=("find", "size"), n_alerts=("alert", "sum"), n_finds=("find", "sum")
    ).reset_index()
    n, k = (counts[c].to_numpy(np.float64) for c in ("n_searches", "n_finds"))
    a, b = prior_of(k, n) if level != "all" else (0.5, 0.5)
    rate, low, high = posterior(k, n, a, b)
    found: dict[str, Any] = {
        "level": pd.Series([level] * len(counts), dtype="str"),
        "area_id": counts.get("area_id", pd.Series([None] * len(counts), dtype="str")),
        "space": counts.get("space", pd.Series([None] * len(counts), dtype="str")),
        **{c: counts[c].astype("int64") for c in ("n_searches", "n_alerts", "n_finds")},
        "rate": rate,
        "rate_low": low,
        "rate_high": high,
        "prior_finds": np.full(len(counts), a),
        "prior_searches": np.full(len(counts), a + b),
    }
    if level not in HIT_LEVELS:
        raise AssertionError(level)
    return pd.DataFrame(found)


def posterior(finds: Floats, searches: Floats, a: float, b: float) -> tuple[Floats, Floats, Floats]:
    """Return mean and 95 % interval of Beta(a + finds, b + searches − finds)."""
    up, down = a + finds, b + searches - finds
    low, high = (np.asarray(betaincinv(up, down, q), dtype=np.float64) for q in (TAIL, 1 - TAIL))
    return up / (up + down), low, high


def hit_factors(register: pd.DataFrame, hits: pd.DataFrame, most: float) -> Floats:
    """Return how the hit rate of its area and spaces raises or lowers an entrance's need.

    Parameters
    ----------
    register
        Table ``register``.
    hits
        Table ``search_hits``.
    most
        Largest factor; the smallest is 1 / `most`. So a rate that rose by chance, or because
        searches were sent there before, can't send all the next ones there too.

    Returns
    -------
    numpy.ndarray
        Mean over the entrance's spaces of its area's rate there by that of all searches; 1 where
        nothing is known. Shape (n,).
    """
    cells = hits[hits["level"] == "area_space"]
    if cells.empty or most == 1:
        return np.ones(len(register))
    usual = float((cells["prior_finds"] / cells["prior_searches"]).iloc[0])
    known = {
        (area if isinstance(area, str) else None, space): rate / usual
        for area, space, rate in zip(cells["area_id"], cells["space"], cells["rate"], strict=True)
    }
    pairs = pd.MultiIndex.from_arrays([register["area_id"], register["spaces"]])
    codes, distinct = pd.factorize(pairs)
    factors = []
    for name, spaces in distinct:
        area = name if isinstance(name, str) else None
        listed = spaces.split(";") if spaces else SPACES
        factors.append(float(np.mean([known.get((area, space), 1.0) for space in listed])))
    limited = np.clip(np.array(factors, dtype=np.float64), 1 / most, most)
    return np.asarray(limited[codes], dtype=np.float64)
