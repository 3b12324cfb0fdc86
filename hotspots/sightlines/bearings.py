"""Which way a fixed camera is best turned: the sector that holds most of what is asked for."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.sightlines.obstacles import Obstacles
from hotspots.sightlines.options import ViewOptions
from hotspots.sightlines.shares import LEAST, open_mass, shares_within
from hotspots.sightlines.viewing import views

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_DEG: Final = 15.0
"""Bearings are tried in steps of this many degrees, from grid north."""


def best_bearings(
    xy: Floats,
    place_xy: Floats,
    sigma_m: Floats,
    weight: Floats,
    options: ViewOptions,
    obstacles: Obstacles,
    *,
    most: int = 3,
    least: float = LEAST,
) -> Floats:
    """Return the bearings of a fixed camera that see most, for each point.

    The circle is cut in sectors of `STEP_DEG` and the weight seen in each is worked out exactly
    (`shares_within`); a camera sees the sum of the sectors that its own holds, those at its edges
    by the part of them within. Bearings are multiples of `STEP_DEG`.

    Parameters
    ----------
    xy
        Points, metres, shape (n, 2).
    place_xy, sigma_m, weight
        Places with their standard deviations, metres, and weights, shapes (m, 2), (m,) and (m,).
    options
        Sector and reach, settled.
    obstacles
        What hides.
    most
        Bearings a point at most.
    least
        Shares of a small sector below this are left out; the more that is, the faster.

    Returns
    -------
    numpy.ndarray
        Degrees clockwise from grid north, shape (n, most), best first; two bearings of a point are
        at least a sector apart, so that their sectors don't overlap. ``NaN`` where no
        further bearing sees anything. Of equal bearings the first clockwise from north is taken.
    """
    steps = round(360 / STEP_DEG)
    middle = (np.arange(steps) + 0.5) * STEP_DEG
    seen = views(
        np.repeat(xy, steps, axis=0),
        np.tile(middle, len(xy)),
        options,
        obstacles,
        field_of_view_deg=np.full(steps * len(xy), STEP_DEG),
    )
    on_ground = open_mass(place_xy, sigma_m, obstacles)
    shares = shares_within(seen, place_xy, sigma_m, obstacles, open_share=on_ground, least=least)
    worth = np.asarray(shares @ weight).reshape(len(xy), steps)
    inside = _held(options.field_of_view_deg, steps)
    of_bearing = np.round(worth @ inside, 9)  # the last digits must not decide
    return _pick(of_bearing, most, options.field_of_view_deg)


def _held(angle_deg: float, steps: int) -> Floats:
    """Return how much of each small sector a camera's sector holds, shape (steps, bearings)."""
    start = np.arange(steps)[:, None] * STEP_DEG
    bearing = np.arange(steps)[None, :] * STEP_DEG
    offset = np.mod(start - bearing + 180.0, 360.0) - 180.0
    low = np.maximum(offset, -angle_deg / 2)
    high = np.minimum(offset + STEP_DEG, angle_deg / 2)
    held: Floats = np.clip(high - low, 0.0, None) / STEP_DEG
    return held


def _pick(worth: Floats, most: int, apart_deg: float) -> Floats:
    """Return the best bearings of each row, none closer than `apart_deg` to a better one."""
    n, steps = worth.shape
    degrees = np.arange(steps) * STEP_DEG
    left = worth.copy()
    found = np.full((n, most), np.nan)
    for nth in range(most):
        best = np.argmax(left, axis=1)
        some = left[np.arange(n), best] > 0
        found[some, nth] = degrees[best[some]]
        away = np.abs(np.mod(degrees[None, :] - degrees[best][:, None] + 180.0, 360.0) - 180.0)
        left[away < apart_deg] = 0.0
    return found
