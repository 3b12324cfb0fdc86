"""From a model to clusters: search, next search without the places taken, p-values, table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.errors import Notice
from hotspots.scan.circles import Circles, Floats, Ints
from hotspots.scan.kernel import Windows, strongest, strongest_of_each
from hotspots.scan.montecarlo import Significance, sequential
from hotspots.scan.options import ScanOptions
from hotspots.scan.tables import Cases, Days, Ground

NO_CEILING = 1e300
COLUMNS = {
    "rank": "int64",
    "center_place_id": "int64",
    "x_m": "float64",
    "y_m": "float64",
    "radius_m": "float64",
    "first_day": "datetime64[us]",
    "last_day": "datetime64[us]",
    "n_days": "int64",
    "n_places": "int64",
    "observed": "int64",
    "expected": "float64",
    "ratio": "float64",
    "llr": "float64",
    "p_value": "float64",
    "replications": "int64",
    "place_ids": "str",
}


@dataclass(frozen=True)
class Scan:
    """What a scan found.

    Attributes
    ----------
    table
        One row a cluster, strongest first: ``rank`` 1…m, ``center_place_id``, ``x_m``, ``y_m`` and
        ``radius_m`` of the circle (metres), ``first_day`` and ``last_day`` (inclusive; missing in a
        search of places only), ``n_days``, ``n_places``, ``observed`` and ``expected`` events,
        ``ratio`` of the two, ``llr`` (Kulldorff's log likelihood ratio), ``p_value`` of the whole
        search, ``replications`` it rests on, ``place_ids`` (ascending, by ``;``).
    place_rank
        ``rank`` by ``place_id``, for the places of some cluster.
    events
        Events searched.
    notices
        What the user should know.
    """

    table: pd.DataFrame
    place_rank: pd.Series[int]
    events: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Found:
    """One cluster, in numbers of the arrays."""

    llr: float
    position: int
    first: int
    last: int


def no_scan(events: int, notice: Notice) -> Scan:
    """Return a scan without clusters and the reason why."""
    table = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    return Scan(table, _by_place([], []), events, (notice,))


def run(
    ground: Ground,
    circles: Circles,
    cases: Cases,
    windows: Windows,
    *,
    days: Days | None,
    options: ScanOptions,
    draw: Callable[[np.random.Generator], Cases],
) -> Scan:
    """Search, test and describe.

    Parameters
    ----------
    ground, circles, cases, windows, days
        The model.
    options
        Settings.
    draw
        Returns the cases of a random world.
    """
    clusters = find(circles, cases, windows, options.max_clusters)
    nothing, everywhere = np.zeros(len(ground.place_id), dtype=bool), (0, len(ground.place_id))

    def simulate(k: int, floor: float, ceiling: float) -> float:
        world = draw(np.random.default_rng([options.seed, k]))
        floor = max(floor, 0.0)
        return float(strongest(circles, world, windows, nothing, floor, ceiling, everywhere)[0])

    test = sequential(
        [found.llr for found in clusters],
        simulate,
        replications=options.replications,
        stop_after=options.stop_after,
    )
    return _describe(ground, circles, cases, windows, clusters, days=days, test=test)


def find(circles: Circles, cases: Cases, windows: Windows, most: int) -> list[Found]:
    """Return the strongest window, then the strongest that shares no place with it, and so on.

    Taken places only make circles end earlier, so a centre's strongest window gets no stronger: it
    is searched for again only when it comes first and has lost a place.
    """
    taken = np.zeros(len(windows.weight), dtype=bool)
    llr, where = strongest_of_each(circles, cases, windows, taken, NO_CEILING)
    clusters: list[Found] = []
    while len(clusters) < most and len(llr):
        centre = int(np.argmax(llr))
        position, first, last = where[centre].tolist()
        if position < 0:
            break
        inside = _members(circles, position)
        if taken[inside].any():
            llr[centre], *where[centre] = strongest(
                circles, cases, windows, taken, 0.0, NO_CEILING, (centre, centre + 1)
            )
            continue
        clusters.append(Found(float(llr[centre]), position, first, last))
        taken[inside] = True
    return clusters


def _members(circles: Circles, position: int) -> Ints:
    """Return the places of the circle that ends at a position, centre first."""
    centre = _centre(circles, position)
    return circles.member[circles.start[centre] : position + 1].astype(np.int64)


def _centre(circles: Circles, position: int) -> int:
    return int(np.searchsorted(circles.start, position, side="right")) - 1


def _describe(
    ground: Ground,
    circles: Circles,
    cases: Cases,
    windows: Windows,
    clusters: list[Found],
    *,
    days: Days | None,
    test: Significance,
) -> Scan:
    rows, members = [], []
    for rank, found in enumerate(clusters, start=1):
        inside = np.sort(_members(circles, found.position))
        centre = _centre(circles, found.position)
        observed, expected = _counts(inside, found, cases, windows)
        outermost = ground.points[circles.member[found.position]] - ground.points[centre]
        rows.append(
            {
                "rank": rank,
                "center_place_id": ground.place_id[centre],
                "x_m": ground.points[centre, 0],
                "y_m": ground.points[centre, 1],
                "radius_m": float(np.hypot(*outermost)),
                "first_day": days.day(found.first) if days else pd.NaT,
                "last_day": days.day(found.last) if days else pd.NaT,
                "n_days": found.last - found.first + 1 if days else 0,
                "n_places": len(inside),
                "observed": observed,
                "expected": expected,
                "ratio": observed / expected,
                "llr": found.llr,
                "p_value": test.p[rank - 1],
                "replications": test.runs[rank - 1],
                "place_ids": ";".join(str(i) for i in ground.place_id[inside].tolist()),
            }
        )
        members.append(ground.place_id[inside])
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    ranks = [row["rank"] for row in rows]
    return Scan(table, _by_place(members, ranks), windows.total)


def _counts(inside: Ints, found: Found, cases: Cases, windows: Windows) -> tuple[int, float]:
    """Return observed and expected events of a cluster."""
    observed = 0
    for place in inside:
        pairs = slice(cases.start[place], cases.start[place + 1])
        when = (cases.day[pairs] >= found.first) & (cases.day[pairs] <= found.last)
        observed += int(cases.events[pairs][when].sum())
    share = windows.day_sum[found.last + 1] - windows.day_sum[found.first]
    return observed, float(windows.weight[inside].sum() * share * windows.scale)


def _by_place(members: list[Ints], ranks: list[int]) -> pd.Series[int]:
    ids = np.concatenate([*members, np.zeros(0, dtype=np.int64)])
    values = np.repeat(np.array(ranks, dtype=np.int64), [len(m) for m in members])
    series = pd.Series(values, index=pd.Index(ids, name="place_id"), name="rank", dtype="int64")
    return series.sort_index()


def weights_of(days: Floats) -> Floats:
    """Return the running sum of the days' weights, from 0; shape (days + 1,)."""
    return np.concatenate([[0.0], np.cumsum(days)])
