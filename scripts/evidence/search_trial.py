"""Four ways to choose dog searches, tried on the same towns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.search_tables import SEARCHES
from hotspots.options import SearchOptions
from hotspots.searchneed.options import NeedOptions
from hotspots.searchneed.weighing import weigh_need
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.selection import select_round
from scripts.evidence.search_towns import (
    CRS,
    STEPS,
    WARM_UP,
    Town,
    World,
    day_of,
    make_town,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PER_ROUND: Final = 24
POLICIES: Final = ("policy", "need", "random", "robin")


@dataclass(frozen=True)
class Outcome:
    """What two years of one way of choosing gave a town.

    Attributes
    ----------
    finds
        Finds per 100 searches.
    spots, spots_silent
        Share of the spots that were found at least once; of those in silent areas (NaN: none).
    coverage
        Share of the entrances with consent that were searched at all.
    waiting
        Fortnights since the last search that nine of ten entrances with consent are within.
    least_owner
        Searches per entrance with consent of the owner that had fewest, by those of all.
    top_tenth
        Share of the searches at the tenth of the entrances that had most.
    """

    finds: float
    spots: float
    spots_silent: float
    coverage: float
    waiting: float
    least_owner: float
    top_tenth: float


class Log:
    """Searches so far."""

    def __init__(self) -> None:
        self.place: list[int] = []
        self.step: list[int] = []
        self.find: list[bool] = []

    def add(self, places: Ints, step: int, found: NDArray[np.bool_]) -> None:
        """Note the searches of a step."""
        self.place += places.tolist()
        self.step += [step] * len(places)
        self.find += found.tolist()

    def results(self, town: Town) -> pd.DataFrame:
        """Return them as table ``search_results``."""
        n = len(self.place)
        ids = town.register["entrance_id"].to_numpy()
        told = np.where(self.find, "find", "no_alert")
        category = {"space": ["stairwell"] * n, "result": told}
        days = [np.datetime64(day_of(s)) for s in self.step]
        data = {
            "entrance_id": pd.Series(ids[np.array(self.place, dtype=np.int64)], dtype="str"),
            "known": np.ones(n, dtype=bool),
            "source_row": np.arange(n),
            "week": pd.Series([""] * n, dtype="str"),
            "week_start": np.array(days, dtype="datetime64[us]"),
            "minutes": np.full(n, np.nan),
            "performer": pd.Series([None] * n, dtype="str"),
            "to_police": pd.array([None] * n, dtype="boolean"),
            "follow_up": pd.Series([None] * n, dtype="str"),
        }
        for name, values in category.items():
            data[name] = schema.category(values, "search_results", name, tables=SEARCHES)
        return pd.DataFrame(data)[list(SEARCHES["search_results"])]


def live(world: World, seed: int, policy: str) -> Outcome:
    """Let a town live its two years under one way of choosing.

    Parameters
    ----------
    world
        Kind of town.
    seed
        Of the town, its chances and the draws.
    policy
        ``policy`` (the round as it stands: half by need, half drawn among those longest unsearched,
        least shares, at most two in ninety days), ``need`` (most need, nothing else), ``random``,
        ``robin`` (longest unsearched first, ties by the lot).
    """
    town, log = make_town(world, seed), Log()
    able = np.flatnonzero((town.register["consent"] == "valid").to_numpy(bool))
    for step in range(WARM_UP + STEPS):
        town.step(step)
        if step < WARM_UP:
            continue
        places = _choose(policy, town, log, able, step + 1, seed)
        log.add(places, step + 1, town.search(places, step))
    return _outcome(town, log, able)


def _choose(policy: str, town: Town, log: Log, able: Ints, step: int, seed: int) -> Ints:
    rng = np.random.default_rng([seed, step, 3])
    if policy == "random":
        return np.sort(rng.choice(able, PER_ROUND, replace=False))
    last = np.full(len(town.register), -1, dtype=np.int64)
    np.maximum.at(last, np.array(log.place, dtype=np.int64), np.array(log.step, dtype=np.int64))
    if policy == "robin":
        order = np.lexsort((rng.random(len(able)), last[able]))
        return np.sort(able[order[:PER_ROUND]])
    need = weigh_need(
        town.register,
        town.incidents(),
        results=log.results(town),
        cameras=None,
        on=day_of(step) - timedelta(days=1),
        counted=SearchOptions(),
        options=NeedOptions(),
        crs=CRS,
    ).table
    if policy == "need":
        order = np.lexsort((rng.random(len(able)), -need["need"].to_numpy()[able]))
        return np.sort(able[order[:PER_ROUND]])
    options = RoundOptions(n_entrances=PER_ROUND)
    chosen = select_round(
        _candidates(need, log, step, options), options=options, monday=day_of(step), seed=seed
    )
    return np.flatnonzero(need["entrance_id"].isin(chosen.entrances["entrance_id"]).to_numpy())


def _candidates(need: pd.DataFrame, log: Log, step: int, options: RoundOptions) -> pd.DataFrame:
    """Return what `select_round` reads."""
    day = np.datetime64(day_of(step))
    place = np.array(log.place, dtype=np.int64)
    when = np.array([np.datetime64(day_of(s)) for s in log.step], dtype="datetime64[D]")
    recent = when >= day - np.timedelta64(options.window_days, "D")
    found = np.array(log.find, dtype=bool)
    last_found = pd.Series(when[found]).groupby(place[found]).max().reindex(range(len(need)))
    return pd.DataFrame(
        {
            "entrance_id": need["entrance_id"],
            "owner": need["owner"],
            "area_id": need["area_id"],
            "need": need["need"],
            "last_searched": need["last_search"],
            "n_searched_recent": np.bincount(place[recent], minlength=len(need)),
            "last_found": last_found.to_numpy("datetime64[us]"),
            "consent_valid": need["consent"] == "valid",
        }
    )


def _outcome(town: Town, log: Log, able: Ints) -> Outcome:
    place, n = np.array(log.place), len(town.register)
    visits = np.bincount(place, minlength=n)
    last = np.zeros(n)
    np.maximum.at(last, place, np.array(log.step))
    waiting = WARM_UP + STEPS - last[able]
    opened, found = np.array(town.opened), np.array(town.found)
    reach = np.isin(opened, able)
    silent = reach & (town.loud[opened] < 1)
    owner = town.register["owner"].to_numpy()[able]
    rates = [visits[able][owner == name].mean() for name in np.unique(owner)]
    most = np.sort(visits[able])[::-1][: round(len(able) / 10)]
    return Outcome(
        finds=100 * float(np.mean(log.find)),
        spots=float(found[reach].mean()),
        spots_silent=float(found[silent].mean()) if silent.any() else float("nan"),
        coverage=float((visits[able] > 0).mean()),
        waiting=float(np.quantile(np.minimum(waiting, STEPS), 0.9)),
        least_owner=float(min(rates) / visits[able].mean()),
        top_tenth=float(most.sum() / visits.sum()),
    )
