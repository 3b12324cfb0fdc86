"""Stability: how often a hot spot stays when its points lie where they might as well have lain.

A Swedish police point is off by 83 m in the median: car arson as the police place it, held against
the rescue service (Gerell 2018). So the hot spots are found again and again with every place moved
by an error of that size. The share of the runs in which a hot spot stays is its stability.

*Places* move, with all their events: events on one address are wrong together, since the address is
what was written down. A hot spot *stays* in a run if one hot spot of that run shares more than half
of their joint events with it (Jaccard above ½). Hennig (2007, 2008) calls a cluster whose best
Jaccard is no more than ½ dissolved; above ½ no hot spot can match two, or be matched by two. To
share half of its own events would not do: a run that melts the whole centre into one would then
keep every hot spot in it.

The points already have one error in them, and each run adds another: the figures err on the
cautious side.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from geodata.language import N_
from geodata.options import setting
from geodata.schema import GEOCODE_CLASSES
from hotspots import clusters, tally
from hotspots.clusters import Hotspots
from hotspots.options import HotspotOptions
from hotspots.selection import Selection, count

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MEDIAN_RADIUS = float(np.sqrt(2 * np.log(2)))
"""Median distance of a two-dimensional Gaussian, in its standard deviations: 1.1774."""


@dataclass(frozen=True, kw_only=True)
class StabilityOptions:
    """How far points may be off, and how often it is tried.

    83 m was measured on points that come from written addresses, so it is the error of an address:
    crimes in the open are booked on a house nearby (Gerell 2018). A point put between two house
    numbers adds its own error, 38 m in the median in towns (Cayo & Talbot 2003): √(83² + 38²). A
    street without number stands for 400 m of it, of which the median point lies 100 m from the
    middle: √(83² + 100²). An area of half a km² has its median point 280 m from its centre. The
    last two are reckoned, not measured.
    """

    runs: int = setting(
        99,
        N_("Antal omräkningar med flyttade punkter. Fler ger en säkrare andel men tar längre tid."),
        unit="omräkningar",
        minimum=99,
        maximum=9999,
    )
    error_address_m: float = setting(
        83.0,
        N_("Lägesfel (median) för punkter på adress. Större värde ger lägre stabilitet."),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    error_interpolated_m: float = setting(
        91.0,
        N_("Lägesfel (median) för punkter mellan gatunummer. Större värde ger lägre stabilitet."),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    error_street_m: float = setting(
        130.0,
        N_("Lägesfel (median) för gata utan nummer. Större värde ger lägre stabilitet."),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    error_area_m: float = setting(
        300.0,
        N_("Lägesfel (median) för mittpunkt av ett område. Större värde ger lägre stabilitet."),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    error_unknown_m: float = setting(
        83.0,
        N_("Lägesfel (median) där geokodningen är okänd. Större värde ger lägre stabilitet."),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    uncertain_below: float = setting(
        0.5,
        N_("En hot spot som står kvar i mindre andel av omräkningarna kallas osäker."),
        unit="andel",
        minimum=0,
        maximum=1,
    )
    seed: int = setting(581, N_("Slumptalens startvärde. Samma värde ger samma svar."), minimum=0)

    def errors_m(self) -> Floats:
        """Return the median errors in order of `geodata.schema.GEOCODE_CLASSES`, metres."""
        return np.array([getattr(self, f"error_{name}_m") for name in GEOCODE_CLASSES])


@dataclass(frozen=True)
class Stability:
    """What `measure_stability` found.

    Attributes
    ----------
    table
        Table ``stability`` of `geodata.evidence_tables`, in order of rank.
    n_runs
        Runs made.
    n_found
        Hot spots found in each run, shape (runs,).
    """

    table: pd.DataFrame
    n_runs: int
    n_found: Ints


def measure_stability(
    incidents: pd.DataFrame,
    places: pd.DataFrame,
    hotspots: Hotspots,
    options: HotspotOptions,
    *,
    stability: StabilityOptions,
    workers: int | None = None,
) -> Stability:
    """Find the hot spots again with moved places, and tell how often each of them stays.

    Every run counts the same events by the same limits as `hotspots.clusters.find_hotspots`.

    Parameters
    ----------
    incidents, places, options
        What `hotspots` was found from.
    hotspots
        The hot spots.
    stability
        Errors and number of runs.
    workers
        Threads; the cores of the machine by default. The answer is the same.

    Returns
    -------
    Stability
        With an empty table where there are no hot spots.
    """
    ids = hotspots.table["hotspot_id"].tolist()
    if not ids:
        return Stability(_table(ids, np.zeros(0), stability), 0, np.zeros(0, dtype=np.int64))
    town = _lay_out(incidents, places, hotspots, options, stability)
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        runs = list(pool.map(lambda run: _stays(town, _again(town, run)), range(stability.runs)))
    stays = np.sum([stays for stays, _found in runs], axis=0)
    found = np.array([found for _stays, found in runs], dtype=np.int64)
    return Stability(_table(ids, stays, stability), stability.runs, found)


def _table(ids: list[str], stays: NDArray[Any], stability: StabilityOptions) -> pd.DataFrame:
    share = stays / stability.runs
    table = pd.DataFrame(
        {
            "hotspot_id": pd.Series(ids, dtype="str"),
            "n_runs": np.full(len(ids), stability.runs, dtype=np.int64),
            "n_stays": stays.astype(np.int64),
            "stability": share,
            "uncertain": share < stability.uncertain_below,
        }
    )
    schema.check(table, "stability", tables=EVIDENCE)
    return table


@dataclass(frozen=True)
class _Town:
    """What all runs share: the places that count, by ``place_id``, and the counted events."""

    xy_m: Floats  # shape (2, places)
    sigma_m: Floats
    n_events: Ints
    hotspot: Ints  # −1 for none
    n_hotspots: int
    place: Ints  # of each event
    chosen: Selection
    limits: clusters.Limits
    options: HotspotOptions
    seed: int


def _lay_out(
    incidents: pd.DataFrame,
    places: pd.DataFrame,
    hotspots: Hotspots,
    options: HotspotOptions,
    stability: StabilityOptions,
) -> _Town:
    chosen = count(incidents, options)
    ids, place = tally.renumber(chosen.column("place_id").to_numpy(np.int64))
    of_class = tally.by_category(place, chosen.column("geocode_class"), len(ids))
    # the class of most events, at a tie the one that stands last and is the least exact
    kind = of_class.shape[1] - 1 - np.argmax(of_class[:, ::-1], axis=1)
    rank = {name: k for k, name in enumerate(hotspots.table["hotspot_id"])}
    hotspot = hotspots.place_hotspot.reindex(ids).map(rank).fillna(-1)
    return _Town(
        xy_m=places.set_index("place_id")[["x_m", "y_m"]].loc[ids].to_numpy(np.float64).T,
        sigma_m=stability.errors_m()[kind] / MEDIAN_RADIUS,
        n_events=tally.totals(place, len(ids)),
        hotspot=hotspot.to_numpy(np.int64),
        n_hotspots=len(rank),
        place=place,
        chosen=chosen,
        limits=clusters.set_limits(chosen, options),
        options=options,
        seed=stability.seed,
    )


def _again(town: _Town, run: int) -> Ints:
    """Return the hot spot of each place when all places are moved, −1 for none."""
    # numbers of its own for each run, whoever makes it and when
    shift = np.random.default_rng([town.seed, run]).standard_normal(town.xy_m.shape)
    x_m, y_m = town.xy_m + shift * town.sigma_m
    moved = pd.DataFrame({"x_m": x_m[town.place], "y_m": y_m[town.place]})
    chosen = replace(town.chosen, incidents=moved, rows=np.arange(len(moved)))
    cluster, *_told = clusters.partition_places(town.place, chosen, x_m, y_m, town.options)
    wanted = clusters.meets(town.limits, cluster[town.place], chosen, town.options)
    return clusters.keep(cluster, wanted)


def _stays(town: _Town, again: Ints) -> tuple[NDArray[np.bool_], int]:
    """Tell which hot spots share more than half of the joint events with one found again."""
    k, found = town.n_hotspots, int(again.max(initial=-1)) + 1
    # the last row and column are those in none
    before, after = town.hotspot % (k + 1), again % (found + 1)
    shared = tally.totals(before * (found + 1) + after, (k + 1) * (found + 1), town.n_events)
    shared = shared.reshape(k + 1, found + 1)
    joint = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    return (2 * shared > joint)[:k, :found].any(axis=1), found
