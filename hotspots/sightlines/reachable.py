"""The most that a camera could see from each point, whatever stands in the way. Compiled.

A view lies within the circle of its reach. The mass of a two-dimensional normal distribution within
a circle depends on the distance to its middle alone (the noncentral chi-squared distribution of two
degrees of freedom, Ruben 1960). So what a point could see is a sum over distances: no view, no
polygon. In the steps that the choice counts in it is never less than what the view turns out to
hold.

Imported only when bounds are worked out, since the decorator loads numba.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hotspots.compiled import compiled
from hotspots.sightlines.obstacles import Obstacles
from hotspots.sightlines.shares import AT_WALL_M, EXACT_M, SPREADS, to_open_ground

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINE: Final = 200
"""Distances a standard deviation in the table of masses; the nearer one is taken, a bound."""

OUTSIDE_M: Final = 0.02
"""Chords of a view's arc lie up to 1 cm outside its circle."""


def most_in_reach(
    xy: Floats,
    place_xy: Floats,
    sigma_m: Floats,
    open_share: Floats,
    weight: Ints,
    obstacles: Obstacles,
    *,
    reach_m: float,
    steps: int,
) -> Floats:
    """Return the most events that a view of each point can hold, in steps of a share.

    Parameters
    ----------
    xy
        Points, metres, shape (n, 2).
    place_xy, sigma_m, open_share, weight
        Places with their standard deviations (metres), `open_mass` and events, shapes (m, 2) and
        (m,).
    obstacles
        The houses: a place inside one that is taken as a point stands at its wall.
    reach_m
        Reach of every view, metres.
    steps
        Steps that shares are rounded to, as of `hotspots.choosing.gain.in_steps`.

    Returns
    -------
    numpy.ndarray
        Events, shape (n,): not less than ``in_steps(shares_within(view)) @ weight / steps`` of any
        view from the point.
    """
    if not len(xy) or not len(place_xy):
        return np.zeros(len(xy))
    circles = _circles(place_xy, sigma_m, open_share, obstacles, reach_m + OUTSIDE_M, 0.5 / steps)
    found: Floats = most_held(
        np.ascontiguousarray(xy, dtype=np.float64),
        circles.places,
        weight[circles.order].astype(np.float64),
        circles.tables,
        circles.cells,
        steps,
    )
    return found


def circle_shares(
    xy: Floats,
    place_xy: Floats,
    sigma_m: Floats,
    open_share: Floats,
    obstacles: Obstacles,
    *,
    reach_m: float,
    least: float,
) -> csr_array:
    """Return `shares_within` of whole circles, to a millionth.

    Parameters as of `most_in_reach`; for points with no house within reach, where the view of a
    camera that turns is the circle.
    """
    if not len(xy) or not len(place_xy):
        return csr_array((len(xy), len(place_xy)))
    circles = _circles(place_xy, sigma_m, open_share, obstacles, reach_m, least)
    at = np.ascontiguousarray(xy, dtype=np.float64)
    size, place, share = held_shares(at, circles.places, circles.tables, circles.cells, least)
    start = np.concatenate([[0], np.cumsum(size)])
    found = csr_array((share, circles.order[place], start), shape=(len(xy), len(place_xy)))
    found.sort_indices()
    return found


@dataclass(frozen=True, eq=False)
class _Circles:
    """What the loops take: places by cell, tables of masses by distance, cells."""

    order: Ints
    places: tuple[Floats, Ints, Floats]
    tables: tuple[Floats, Floats, Floats]
    cells: tuple[Floats, Ints, tuple[int, int], float]


def _circles(
    place_xy: Floats,
    sigma_m: Floats,
    open_share: Floats,
    obstacles: Obstacles,
    reach_m: float,
    least: float,
) -> _Circles:
    exact = np.isnan(open_share)
    at = place_xy.astype(np.float64, copy=True)
    at[exact] = to_open_ground(place_xy[exact], obstacles)
    tables, finest, kind = _tables(np.where(exact, 0.0, sigma_m), reach_m)
    on_ground = np.where(exact, 1.0, open_share)
    radius = _radius(tables, finest, kind, on_ground, least)
    cell = max(float(radius.max()), 1.0)
    order, corner, start, shape = _cells(at, cell)
    return _Circles(
        order,
        (at[order], kind[order], on_ground[order]),
        (tables, finest, radius),
        (corner, start, shape, cell),
    )


def _tables(spread: Floats, reach_m: float) -> tuple[Floats, Floats, Ints]:
    """Return the mass by distance of each kind of spread, its distances apart, each one's kind."""
    from scipy.special import chndtr

    kinds, kind = np.unique(spread, return_inverse=True)
    apart = np.where(kinds >= EXACT_M, kinds, 1.0) / FINE
    far = reach_m + np.where(kinds >= EXACT_M, SPREADS * kinds, AT_WALL_M)
    length = np.ceil(far / apart).astype(np.int64) + 1
    tables = np.zeros((len(kinds), int(length.max()) + 1))
    for row, sigma in enumerate(kinds.tolist()):
        at = np.arange(length[row]) * apart[row]
        if sigma < EXACT_M:
            tables[row, : length[row]] = at <= far[row]
        else:
            mass = chndtr((reach_m / sigma) ** 2, 2.0, (at / sigma) ** 2)
            tables[row, : length[row]] = np.clip(mass, 0.0, 1.0)
    return tables, apart, kind.astype(np.int64)


def _radius(tables: Floats, apart: Floats, kind: Ints, on_ground: Floats, least: float) -> Floats:
    """Return how far away places of each kind may count at all, metres, shape (kinds,)."""
    found = np.zeros(len(tables))
    for row in range(len(tables)):
        counts = np.flatnonzero(tables[row] >= least * on_ground[kind == row].min())
        found[row] = (counts[-1] + 1) * apart[row] if len(counts) else 0.0
    return found


def _cells(at: Floats, cell: float) -> tuple[Ints, Floats, Ints, tuple[int, int]]:
    """Sort places into square cells: order, corner of the first cell, where each begins, shape."""
    corner = at.min(axis=0)
    column = ((at - corner) // cell).astype(np.int64)
    shape = (int(column[:, 0].max()) + 1, int(column[:, 1].max()) + 1)
    number = column[:, 0] * shape[1] + column[:, 1]
    order = np.lexsort((at[:, 1], at[:, 0], number))
    start = np.searchsorted(number[order], np.arange(shape[0] * shape[1] + 1))
    return order, corner, start.astype(np.int64), shape


@compiled
def most_held(
    xy: Floats,
    places: tuple[Floats, Ints, Floats],
    weight: Floats,
    masses: tuple[Floats, Floats, Floats],
    cells: tuple[Floats, Ints, tuple[int, int], float],
    steps: int,
) -> Floats:
    """Return the weight within reach of each point, at the nearer distance of the tables."""
    place_xy, kind, on_ground = places
    tables, apart, radius = masses
    corner, start, shape, cell = cells
    found = np.zeros(len(xy))
    for site in range(len(xy)):
        x, y = xy[site]
        column = int(np.floor((x - corner[0]) / cell))
        row = int(np.floor((y - corner[1]) / cell))
        total = 0.0
        for i in range(max(column - 1, 0), min(column + 2, shape[0])):
            for j in range(max(row - 1, 0), min(row + 2, shape[1])):
                for k in range(start[i * shape[1] + j], start[i * shape[1] + j + 1]):
                    far = np.sqrt((place_xy[k, 0] - x) ** 2 + (place_xy[k, 1] - y) ** 2)
                    if far <= radius[kind[k]]:
                        mass = tables[kind[k], int(far / apart[kind[k]])]
                        share = min(mass / on_ground[k] + 1e-6, 1.0)
                        total += np.rint(share * steps) * weight[k]
        found[site] = total / steps
    return found


@compiled
def held_shares(
    xy: Floats,
    places: tuple[Floats, Ints, Floats],
    masses: tuple[Floats, Floats, Floats],
    cells: tuple[Floats, Ints, tuple[int, int], float],
    least: float,
) -> tuple[Ints, Ints, Floats]:
    """Return how many places each circle holds, and these with their shares, circle by circle."""
    place_xy, kind, on_ground = places
    tables, apart, radius = masses
    corner, start, shape, cell = cells
    size = np.zeros(len(xy), dtype=np.int64)
    place = np.empty(1024, dtype=np.int64)
    share = np.empty(1024)
    n = 0
    for site in range(len(xy)):
        x, y = xy[site]
        column = int(np.floor((x - corner[0]) / cell))
        row = int(np.floor((y - corner[1]) / cell))
        for i in range(max(column - 1, 0), min(column + 2, shape[0])):
            for j in range(max(row - 1, 0), min(row + 2, shape[1])):
                for k in range(start[i * shape[1] + j], start[i * shape[1] + j + 1]):
                    far = np.sqrt((place_xy[k, 0] - x) ** 2 + (place_xy[k, 1] - y) ** 2)
                    if far > radius[kind[k]]:
                        continue
                    at = far / apart[kind[k]]
                    low = int(at)
                    mass = tables[kind[k], low]
                    mass += (at - low) * (tables[kind[k], low + 1] - mass)
                    held = min(mass / on_ground[k], 1.0)
                    if held < least:
                        continue
                    if n == len(place):
                        place = np.append(place, np.empty(n, dtype=np.int64))
                        share = np.append(share, np.empty(n))
                    place[n], share[n] = k, held
                    n += 1
                    size[site] += 1
    return size, place[:n], share[:n]
