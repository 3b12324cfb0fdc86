"""The Knox test in a table of distances by spans of days."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import DataError, Fault, Notice, SettingsError, raise_all
from geodata.language import N_, number
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.distance import to_cm

if TYPE_CHECKING:
    from hotspots.nearrepeat.sweep import Grid

Ints = NDArray[np.int64]

WORLDS = 25
"""Worlds counted in one sweep: enough to pay for meeting the pairs, few enough for the cache."""
MAX_PAIRS = 1_000_000_000
"""Pairs compared; counts of near pairs are held in 32 bits."""
MOST_WORK = 20_000_000_000
"""Pairs compared in all worlds together, of some 2 ns: above it there are fewer worlds."""
LEAST_WORLDS = 99


@dataclass(frozen=True, kw_only=True)
class NearRepeatOptions:
    """Which pairs are near, and how many random worlds they are compared with."""

    distances_m: tuple[float, ...] = setting(
        (0.0, 100.0, 200.0, 300.0),
        N_("Avståndsbandens yttre gränser. 0 är samma plats. Allt bortom den sista är ett band."),
        unit="m",
        minimum=0,
        maximum=100_000,
    )
    days: tuple[int, ...] = setting(
        (7, 14, 21),
        N_("Tidsspannens yttre gränser. Allt bortom den sista är ett spann."),
        unit="dagar",
        minimum=0,
        maximum=36_600,
    )
    closed: Literal["left", "right"] = setting(
        "left",
        N_(
            "Vilken gräns som hör till: ”left” räknar 7 dagar till nästa spann, ”right” till det "
            "som slutar där."
        ),
    )
    metric: Literal["manhattan", "euclidean"] = setting(
        "manhattan",
        N_("Avstånd längs kvarterens sidor (”manhattan”) eller fågelvägen (”euclidean”)."),
    )
    replications: int = setting(
        999,
        N_("Högsta antal slumpningar. Fler ger ett finare p-värde men tar längre tid."),
        unit="slumpningar",
        minimum=19,
        maximum=100_000,
    )
    seed: int = setting(
        581, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )


@dataclass(frozen=True)
class NearRepeat:
    """What followed what.

    Attributes
    ----------
    table
        One row a band and span, by distance, then days: ``distance_from_m``, ``distance_to_m``,
        ``days_from``, ``days_to`` (the last of each is infinite), ``observed`` pairs, each counted
        once, ``expected``, ``ratio``, ``p_value`` (share of worlds, the real one among them, with
        at least as many) and ``p_poisson`` (chance of at least as many in a Poisson variable with
        the expected mean, as Knox 1964 did it).
    events
        Events compared.
    replications
        Random worlds.
    notices
        What the user should know.
    """

    table: pd.DataFrame
    events: int
    replications: int
    notices: tuple[Notice, ...] = ()


def near_repeat(events: pd.DataFrame, options: NearRepeatOptions) -> NearRepeat:
    """Compare the pairs near in place and time with what the two alone would give.

    Knox's test (1964, doi:10.2307/2985220) for a table of bands, as in Ratcliffe's Near Repeat
    Calculator. Random worlds deal the dates anew among the events. The expected number of pairs is
    exact: pairs of the band × pairs of the span / all pairs.

    Parameters
    ----------
    events
        ``x_m``, ``y_m`` (metres) and ``day``, one row an event. Dates known by month only don't
        belong here.
    options
        Settings.

    Raises
    ------
    DataError
        ``date_missing``, ``coordinates_missing``.
    SettingsError
        ``edges_not_rising``; ``near_repeat_too_large`` where there are more than 10⁹ pairs of
        neighbours to compare.
    """
    x, y, day = _read(events)
    edges = to_cm(np.array(options.distances_m, dtype=np.float64))
    _check_edges(options.distances_m, edges)
    _check_edges(options.days, np.array(options.days))
    left = options.closed == "left"
    spans = np.array(options.days, dtype=np.int32) - left
    n = len(day)
    notices: list[Notice] = []
    if n < 2 or (day == day[0]).all():
        text = _("Det behövs händelser på minst två dagar för att pröva närupprepning.")
        notices.append(Notice(code="near_repeat_no_contrast", text=text, level="warning"))
    grid, order = _grid(x, y, int(edges[-1]))
    options, fewer = _affordable(grid, options)
    notices += fewer
    all_pairs = n * (n - 1) // 2
    by_span = _pairs_within(day, spans)
    how = (options.metric == "manhattan", left)
    by_band, close = _worlds(grid, day, order, (edges, spans), how=how, options=options)
    counts = _cells(by_band, close, by_span, all_pairs)
    return NearRepeat(
        _table(counts, by_band, by_span, all_pairs, options),
        n,
        options.replications,
        tuple(notices),
    )


def _read(events: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Return coordinates in whole centimetres and days, in an order that rows don't decide."""
    points = events[["x_m", "y_m"]].to_numpy(np.float64)
    faults = []
    if not np.isfinite(points).all():
        faults.append(
            Fault(code="coordinates_missing", what=_("Det finns händelser utan koordinater."))
        )
    missing = int(events["day"].isna().sum())
    if missing:
        what = _("{n} rader saknar datum.").format(n=number(missing))
        faults.append(Fault(code="date_missing", what=what))
    raise_all(faults, DataError)
    cm = to_cm(points)
    day = pd.to_datetime(events["day"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((day, cm[:, 1], cm[:, 0]))
    return cm[order, 0], cm[order, 1], day[order]


def _check_edges(given: Sequence[float], edges: NDArray[np.integer]) -> None:
    if len(edges) == 0 or (np.diff(edges) <= 0).any():
        listed = ", ".join(number(value) for value in given)
        what = _("Gränserna ska vara minst en och stiga: {edges}.").format(edges=listed)
        raise SettingsError(Fault(code="edges_not_rising", what=what))


def _grid(x: Ints, y: Ints, reach: int) -> tuple[Grid, Ints]:
    """Return the events in order of cell and that order."""
    from hotspots.nearrepeat.sweep import Grid

    side = max(reach, 1)
    column, row = x // side, y // side
    if len(x):
        column, row = column - column.min() + 1, row - row.min() + 1
    width = int(row.max(initial=0)) + 3
    key = column * width + row
    order = np.argsort(key, kind="stable")
    key = key[order]
    here = np.arange(len(key))
    grid = Grid(
        x[order],
        y[order],
        np.stack([here + 1, np.searchsorted(key, key + width - 1)]),
        np.stack([np.searchsorted(key, key + d, side="right") for d in (1, width + 1)]),
    )
    compared = int((grid.until - grid.begin).sum())
    if compared > MAX_PAIRS:
        raise SettingsError(
            Fault(
                code="near_repeat_too_large",
                what=_("Det blir {n} par av grannar att jämföra, högst {most} går.").format(
                    n=number(compared), most=number(MAX_PAIRS)
                ),
                next_step=_("Minska avstånden eller perioden, eller ta bort standardadresser."),
            )
        )
    return grid, order


def _affordable(
    grid: Grid, options: NearRepeatOptions
) -> tuple[NearRepeatOptions, tuple[Notice, ...]]:
    """Return the settings with as many worlds as can be made in some tens of seconds."""
    compared = int((grid.until - grid.begin).sum())
    worlds = max(MOST_WORK // max(compared, 1), LEAST_WORLDS)
    if worlds >= options.replications:
        return options, ()
    text = _(
        "Närupprepning prövas mot {n} slumpningar i stället för {asked}: det är {pairs} par av "
        "grannar att jämföra i var och en."
    ).format(n=number(worlds), asked=number(options.replications), pairs=number(compared))
    notice = Notice(
        code="near_repeat_fewer_worlds", text=text, level="chosen", data={"replications": worlds}
    )
    return replace(options, replications=worlds), (notice,)


def _pairs_within(day: Ints, spans: NDArray[np.int32]) -> Ints:
    """Return the pairs of events at most so many days apart, for each span."""
    ordered = np.sort(day)
    here = np.arange(len(day))
    return np.array(
        [int((np.searchsorted(ordered, ordered + s, side="right") - here - 1).sum()) for s in spans]
    )


def _worlds(
    grid: Grid,
    day: Ints,
    order: Ints,
    limits: tuple[Ints, NDArray[np.int32]],
    *,
    how: tuple[bool, bool],
    options: NearRepeatOptions,
) -> tuple[Ints, Ints]:
    """Return pairs by band, and by band, span and world; world 0 is the real one."""
    from hotspots.nearrepeat.sweep import count_pairs, deal

    start = (day - day.min()).astype(np.int32) if len(day) else day.astype(np.int32)

    keys = random_keys(options.seed, options.replications)

    def some(first: int) -> tuple[Ints, NDArray[np.int32]]:
        days = deal(start, order, keys[first : first + WORLDS])
        counted: tuple[Ints, NDArray[np.int32]] = count_pairs(grid, days, *limits, how)
        return counted

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = list(threads.map(some, range(0, options.replications + 1, WORLDS)))
    return parts[0][0], np.concatenate([close for _pairs, close in parts], axis=2).astype(np.int64)


def random_keys(seed: int, replications: int) -> NDArray[np.uint64]:
    """Return the start of the random numbers of each world; world 0 is the real one, with key 0."""
    keys = np.random.SeedSequence(seed).generate_state(replications + 1, np.uint64) | np.uint64(1)
    keys[0] = 0
    return keys


def _cells(by_band: Ints, close: Ints, by_span: Ints, all_pairs: int) -> Ints:
    """Return pairs by band, span and world, each pair in one cell; the last of each is the rest."""
    bands, spans, worlds = close.shape
    within = np.empty((bands + 1, spans + 1, worlds), dtype=np.int64)
    within[:-1, :-1] = close
    within[:-1, -1] = by_band[:, None]
    within[-1, :-1] = by_span[:, None] - close.sum(axis=0)
    within[-1, -1] = all_pairs - by_band.sum()
    return np.diff(within, axis=1, prepend=0)


def _table(
    counts: Ints, by_band: Ints, by_span: Ints, all_pairs: int, options: NearRepeatOptions
) -> pd.DataFrame:
    from scipy.special import pdtrc  # scipy.stats would load 60 MB for this one function

    bands, spans, worlds = counts.shape
    of_band = np.append(by_band, all_pairs - by_band.sum())
    of_span = np.diff(np.append(by_span, all_pairs), prepend=0)
    # from some 80,000 events on the product of two counts of pairs is beyond 64 bits
    expected = (np.outer(of_band.astype(np.float64), of_span) / max(all_pairs, 1)).ravel()
    observed = counts[:, :, 0].ravel()
    reached = (counts[:, :, 1:] >= counts[:, :, :1]).sum(axis=2).ravel()
    far = np.array([*options.distances_m, np.inf])
    late = np.array([*options.days, np.inf])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = observed / expected
    return pd.DataFrame(
        {
            "distance_from_m": np.repeat(np.append(0.0, far[:-1]), spans),
            "distance_to_m": np.repeat(far, spans),
            "days_from": np.tile(np.append(0.0, late[:-1]), bands),
            "days_to": np.tile(late, bands),
            "observed": observed,
            "expected": expected,
            "ratio": ratio,
            "p_value": (reached + 1) / worlds,
            "p_poisson": np.where(observed > 0, pdtrc(observed - 1, expected), 1.0),
        }
    )
