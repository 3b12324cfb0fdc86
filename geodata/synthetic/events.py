"""The events: planted hot spots, the station's default address, and ordinary background.

Each event is a case of the police at one place and time with one offence or two. The mix of drug
offences is the national one: possession 50.5 %, own use 42 %, supply 7 %, production 0.4 % (Brå).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.synthetic.plan import Floats
from geodata.synthetic.spots import SPOTS, STATION, STATION_SHARE, Spot

MIX: Final = {"5010": 0.505, "5011": 0.42, "5005": 0.0705, "5004": 0.0045}
"""Shares of the drug offences (Brå, table of handled offences), made to sum to 1."""

PAIRED: Final = 0.3
"""Share of the drug cases that are both possession and own use."""

OTHER_CODES: Final = (
    ("5047", 0.05),
    ("9357", 0.06),
    ("1209", 0.05),
    ("0407", 0.03),
    ("4023", 0.03),
)
"""Offences other than drugs and their shares of all cases."""

OPERATION_WEEKS: Final = (9, 19, 36, 46)
"""ISO weeks in which the police work with drugs in the open, every year."""

CLOCKS: Final = {
    "day": (1, 0, 0, 0, 0, 0, 1, 3, 6, 9, 12, 15, 18, 19, 19, 18, 17, 14, 10, 7, 5, 4, 3, 2),
    "evening": (4, 2, 1, 1, 0, 0, 0, 1, 2, 3, 5, 7, 9, 10, 11, 13, 14, 15, 15, 14, 13, 11, 9, 6),
    "night": (12, 9, 6, 4, 2, 1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 14),
    "school": (0, 0, 0, 0, 0, 0, 0, 2, 8, 14, 16, 18, 17, 15, 12, 6, 2, 1, 0, 0, 0, 0, 0, 0),
    "patrol": (2, 1, 0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 9, 12, 15, 16, 15, 13, 12, 12, 11, 9, 7, 4),
}
WEEKDAYS: Final = {
    "day": (10, 10, 10, 11, 13, 8, 5),
    "evening": (9, 9, 10, 11, 14, 13, 8),
    "night": (5, 5, 6, 8, 15, 17, 9),
    "school": (12, 13, 13, 13, 11, 0, 0),
    "patrol": (7, 10, 12, 14, 15, 11, 5),
}


@dataclass(frozen=True)
class Events:
    """Cases (one row a case) and what was planted.

    Attributes
    ----------
    cases
        ``x``, ``y``, ``street``, ``number``, ``kind``, ``geocode``, ``spot`` (id of the planted hot
        spot, ``station`` or missing), ``codes`` (by ``;``), ``count``, ``start``, ``end``,
        ``timeless``, ``initiated``, ``registered``.
    truth
        One dict a planted hot spot, for the truth file.
    """

    cases: pd.DataFrame
    truth: list[dict[str, Any]]


def make_events(
    places: pd.DataFrame,
    planted: Mapping[str, pd.DataFrame],
    *,
    n_events: int,
    last: date,
    months: int,
    seed: int,
) -> Events:
    """Make the cases.

    Parameters
    ----------
    places
        From `spots.make_places`.
    planted
        From `spots.plant`.
    n_events
        Number of cases.
    last
        Last day of the period.
    months
        Length of the period.
    seed
        The same seed gives the same events.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 2]))
    end = pd.Timestamp(last)
    start = end - pd.DateOffset(months=months) + pd.Timedelta(days=1)
    days = pd.date_range(start, end, freq="D")
    tables, truth = [], []
    for spot in SPOTS:
        n = round(spot.cases * n_events / 6000)
        chosen = planted[spot.spot_id]
        nth = rng.choice(len(chosen), n, p=chosen["share"].to_numpy())
        table = chosen.drop(columns="share").iloc[nth].assign(lure=spot.supply)
        table["start"] = moments(days, _alive(spot, days), spot.clock, n, rng)
        tables.append(table)
        truth.append(_truth(spot, chosen, table, end))
    tables.append(_station(places, round(STATION_SHARE * n_events), days, rng))
    rest = n_events - sum(map(len, tables))
    nth = rng.choice(len(places), rest, p=places["pull"].to_numpy() / places["pull"].sum())
    table = places.iloc[nth].assign(spot=None, lure=1.0)
    table["start"] = moments(days, np.ones(len(days)), "evening", rest, rng)
    cases = pd.concat([*tables, table], ignore_index=True)
    cases["codes"] = _codes(cases, rng)
    cases["count"] = np.where(rng.random(n_events) < 0.94, 1, rng.integers(2, 5, n_events))
    _found(cases, end, rng)
    return Events(cases=cases, truth=truth)


def _alive(spot: Spot, days: pd.DatetimeIndex) -> Floats:
    """Return the weight of each day for a planted hot spot."""
    weight = np.ones(len(days))
    week = days.isocalendar().week.to_numpy()
    month = days.month.to_numpy()
    if spot.pattern == "operations":
        weight = np.where(np.isin(week, OPERATION_WEEKS), 1.0, 0.0)
    elif spot.pattern == "summer":
        weight = np.array([0, 0, 0, 0.2, 1, 2, 2, 2, 0.8, 0.1, 0, 0])[month - 1]
    elif spot.pattern == "school":
        weight = np.where(np.isin(month, (6, 7)) | np.isin(week, (1, 8, 52)), 0.0, 1.0)
    if spot.first is not None:
        weight = weight * (days >= pd.Timestamp(spot.first))
    if spot.last is not None:
        weight = weight * (days < pd.Timestamp(spot.last))
    return np.asarray(weight, dtype=float)


def moments(
    days: pd.DatetimeIndex, weight: Floats, clock: str, n: int, rng: np.random.Generator
) -> NDArray[np.datetime64]:
    """Return times by day, weekday and hour; never in the hour that daylight saving skips."""
    chance = weight * np.array(WEEKDAYS[clock])[days.day_of_week.to_numpy()]
    if chance.sum() == 0:  # a short period may hold no day of the spot
        chance = np.ones(len(days))
    day = rng.choice(len(days), n, p=chance / chance.sum())
    hours = np.array(CLOCKS[clock], dtype=float)
    hour = rng.choice(24, n, p=hours / hours.sum())
    skipped = (hour == 2) & (days.month == 3)[day] & (days.day_of_week == 6)[day]
    hour = np.where(skipped, 4, hour)
    minute = hour * 60 + np.maximum(rng.integers(0, 60, n), 1)
    chosen: NDArray[np.datetime64] = days.to_numpy("datetime64[m]")[day] + minute.astype(
        "timedelta64[m]"
    )
    return chosen


def _truth(
    spot: Spot, chosen: pd.DataFrame, cases: pd.DataFrame, end: pd.Timestamp
) -> dict[str, Any]:
    recent = cases["start"] > end - pd.DateOffset(months=24)
    middle = (chosen[["x", "y"]].to_numpy() * chosen[["share"]].to_numpy()).sum(axis=0)
    reach = np.hypot(*(chosen[["x", "y"]].to_numpy() - middle).T)
    return {
        "spot_id": spot.spot_id,
        "name": spot.name,
        "pattern": spot.pattern,
        "x_m": round(float(middle[0]), 1),
        "y_m": round(float(middle[1]), 1),
        "radius_m": round(float(reach.max()), 1),
        "n_cases": len(cases),
        "n_cases_24_months": int(recent.sum()),
        "n_days": int(cases["start"].dt.normalize().nunique()),
        "first_date": str(cases["start"].min().date()) if len(cases) else None,
        "last_date": str(cases["start"].max().date()) if len(cases) else None,
        "places": chosen[["x", "y"]].to_numpy().tolist(),
    }


def _station(
    places: pd.DataFrame, n: int, days: pd.DatetimeIndex, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the cases that stand on the police station's own address."""
    at = places[places["kind"] == "police"]
    reach = np.hypot(at["x"].to_numpy() - STATION[0], at["y"].to_numpy() - STATION[1])
    station = at.iloc[int(np.argmin(reach))]
    table = pd.DataFrame([station] * n).assign(spot="station", lure=0.3)
    table["start"] = moments(days, np.ones(len(days)), "day", n, rng)
    return table


def _codes(cases: pd.DataFrame, rng: np.random.Generator) -> NDArray[Any]:
    """Return the codes of each case, in exact shares, supply where it is likeliest."""
    n = len(cases)
    codes = np.full(n, "", dtype=object)
    planted = (cases["spot"].notna() & (cases["spot"] != "station")).to_numpy()
    free = _draw(np.where(planted, 0.25, 1.0), n, rng)
    taken = 0
    for code, share in OTHER_CODES:
        some = free[taken : taken + round(share * n)]
        codes[some] = code
        taken += len(some)
    drug = np.flatnonzero(codes == "")
    pairs = round(PAIRED * len(drug))
    offences = len(drug) + pairs
    lure = cases["lure"].to_numpy(dtype=float)[drug]
    supply = round(MIX["5005"] * offences)
    production = round(MIX["5004"] * offences)
    use = round(MIX["5011"] * offences) - pairs
    order = drug[_draw(lure, len(drug), rng)]
    codes[order[:supply]] = "5005"
    rest = order[supply:]
    home = np.isin(cases["kind"].to_numpy()[rest], ["villa", "industry", "apartments"])
    rest = rest[_draw(np.where(home, 20.0, 0.01), len(rest), rng)]
    codes[rest[:production]] = "5004"
    rest = rng.permutation(rest[production:])
    codes[rest[:pairs]] = "5010;5011"
    codes[rest[pairs : pairs + use]] = "5011"
    codes[rest[pairs + use :]] = "5010"
    return codes


def _draw(weight: Floats, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return row numbers in a random order in which heavy rows tend to come first.

    Sampling without replacement by exponential keys (Efraimidis & Spirakis 2006).
    """
    return np.argsort(rng.exponential(1.0, n) / weight, kind="stable")


def _found(cases: pd.DataFrame, end: pd.Timestamp, rng: np.random.Generator) -> None:
    """Add in place how each case came to be known, when it ended and when it was registered."""
    n = len(cases)
    drug = cases["codes"].str.startswith(("5010", "5011", "5004"))
    patrol = cases["spot"].isin([s.spot_id for s in SPOTS if s.pattern == "operations"])
    chance = np.select([patrol, drug, cases["codes"] == "5005"], [0.98, 0.86, 0.58], 0.16)
    cases["initiated"] = rng.random(n) < chance
    late = np.where(cases["initiated"], rng.integers(0, 2, n), rng.integers(0, 5, n))
    short = rng.integers(0, 12, n) * (rng.random(n) < 0.4)
    long = rng.integers(20, 900, n) * (rng.random(n) < 0.5)
    length = np.where(cases["initiated"], short, long)
    cases["end"] = cases["start"] + pd.to_timedelta(length, unit="min")
    cases["timeless"] = ~cases["initiated"] & (rng.random(n) < 0.2)
    registered = cases["start"].dt.normalize() + pd.to_timedelta(late, unit="D")
    cases["registered"] = registered.where(registered <= end, end)
    cases["end"] = cases["end"].where(cases["end"] <= end + pd.Timedelta(hours=23), cases["start"])
