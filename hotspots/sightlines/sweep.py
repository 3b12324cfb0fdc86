"""The sweep: what one point sees among walls, as the corners of a polygon. Compiled by numba.

A ray is turned once around the point. It stops at the nearest wall or at the reach; which wall that
is changes only where a wall begins or ends, since no two walls cross (the footprints are merged
before). So the angles of all ends are sorted, and between two of them the nearest wall is sought
once, among those that the ray then meets (Asano 1985). Only walls seen from outside hide: every
edge has its house to the left. All of it is reckoned from the point itself, in metres, so that
coordinates of seven digits cost no exactness.

Imported only when views are made, since the decorator loads numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled
from hotspots.sightlines.walls import EdgeGrid

TURN = 2 * np.pi
SAME = 1e-9
"""Angles (radians) closer than this are one."""

SAGITTA_M = 0.01
"""Farthest from the true arc that the chords instead of it may lie, metres."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def gather(grid: EdgeGrid, x: float, y: float, reach: float, seen: Ints, stamp: int) -> Floats:
    """Return the pieces of walls within reach, shape (k, 4), relative to the point.

    Each runs anticlockwise as seen from the point. ``seen`` (m,) holds who asked for an edge last.
    """
    first = max(int((x - reach - grid.west) // grid.side), 0)
    last = min(int((x + reach - grid.west) // grid.side), grid.columns - 1)
    low = max(int((y - reach - grid.south) // grid.side), 0)
    high = min(int((y + reach - grid.south) // grid.side), grid.rows - 1)
    found = np.empty((64, 4))
    n = 0
    for column in range(first, last + 1):
        for row in range(low, high + 1):
            cell = column * grid.rows + row
            for at in range(grid.start[cell], grid.start[cell + 1]):
                edge = grid.edge[at]
                if seen[edge] == stamp:
                    continue
                seen[edge] = stamp
                qx, qy = grid.edges[edge, 0] - x, grid.edges[edge, 1] - y
                px, py = grid.edges[edge, 2] - x, grid.edges[edge, 3] - y
                if px * qy - py * qx <= 0.0:  # seen from inside the house, or from its end
                    continue
                dx, dy = qx - px, qy - py
                a = dx * dx + dy * dy
                b = px * dx + py * dy
                inside = b * b - a * (px * px + py * py - reach * reach)
                if inside <= 0.0:
                    continue
                root = np.sqrt(inside)
                enter, leave = max((-b - root) / a, 0.0), min((-b + root) / a, 1.0)
                if leave <= enter:
                    continue
                if n == len(found):
                    more = np.empty((2 * n, 4))
                    more[:n] = found
                    found = more
                # an end within reach keeps its exact place, so that neighbours share it
                found[n, 0] = px + enter * dx if enter > 0.0 else px
                found[n, 1] = py + enter * dy if enter > 0.0 else py
                found[n, 2] = px + leave * dx if leave < 1.0 else qx
                found[n, 3] = py + leave * dy if leave < 1.0 else qy
                n += 1
    return found[:n]


@compiled
def turn_to(px: float, py: float, zero: float) -> float:
    """Return the angle of a direction anticlockwise from the angle `zero`, 0 ≤ angle < 2π."""
    angle = float(np.arctan2(py, px)) - zero
    if angle < 0.0:
        angle += TURN
    return angle if 0.0 <= angle < TURN else 0.0


@compiled
def spans(pieces: Floats, zero: float, width: float) -> tuple[Floats, Ints]:
    """Return from which to which angle each piece is met, and which piece it is.

    Angles run from ``zero``, 0 to `width`. A piece that passes the angle 0 gives two spans.
    """
    angles = np.empty((2 * len(pieces), 2))
    piece = np.empty(2 * len(pieces), dtype=np.int64)
    n = 0
    for k in range(len(pieces)):
        px, py, qx, qy = pieces[k]
        begin, end = turn_to(px, py, zero), turn_to(qx, qy, zero)
        size = np.arctan2(px * qy - py * qx, px * qx + py * qy)
        if end <= begin:
            if begin + size < TURN - SAME:  # too narrow to be told from a point
                continue
            if end > SAME:
                angles[n, 0], angles[n, 1], piece[n] = 0.0, min(end, width), k
                n += 1
            end = TURN
        end = min(end, width)
        if end - begin > SAME:
            angles[n, 0], angles[n, 1], piece[n] = begin, end, k
            n += 1
    return angles[:n], piece[:n]


@compiled
def hit(pieces: Floats, k: int, angle: float) -> float:
    """Return how far a ray goes before it meets the line of a piece, metres."""
    px, py, qx, qy = pieces[k]
    across = np.cos(angle) * (qy - py) - np.sin(angle) * (qx - px)
    return float((px * qy - py * qx) / across)


@compiled
def nearest_walls(
    pieces: Floats, angles: Floats, piece: Ints, zero: float, width: float
) -> tuple[Floats, Ints]:
    """Return the angles where the nearest wall changes, and the wall from each of them on.

    The first angle is 0 and the last `width`; a wall of −1 is none: the reach ends the view.
    """
    n = len(angles)
    ends = np.empty(2 * n + 2)
    ends[:n], ends[n : 2 * n] = angles[:, 0], angles[:, 1]
    ends[2 * n], ends[2 * n + 1] = 0.0, width
    ends.sort()
    order = np.argsort(angles[:, 0])
    turns, walls = np.empty(2 * n + 2), np.empty(2 * n + 1, dtype=np.int64)
    met = np.empty(n, dtype=np.int64)
    found, upcoming, meets, before = 0, 0, 0, 0.0
    for k in range(2 * n + 1):
        if ends[k + 1] - before <= SAME:
            continue
        middle = (before + ends[k + 1]) / 2
        while upcoming < n and angles[order[upcoming], 0] < middle:
            met[meets] = order[upcoming]
            meets += 1
            upcoming += 1
        wall, least, kept = -1, np.inf, 0
        for at in range(meets):
            span = met[at]
            if angles[span, 1] > middle:
                met[kept] = span
                kept += 1
                far = hit(pieces, piece[span], zero + middle)
                if far < least:
                    least, wall = far, piece[span]
        meets = kept
        if found == 0 or walls[found - 1] != wall:
            turns[found], walls[found] = before, wall
            found += 1
        before = ends[k + 1]
    turns[found] = width
    return turns[: found + 1], walls[:found]


@compiled
def put(ring: Floats, n: int, x: float, y: float) -> int:
    """Add a corner unless it is the one before; return how many there are."""
    if n and abs(ring[n - 1, 0] - x) < SAME and abs(ring[n - 1, 1] - y) < SAME:
        return n
    ring[n, 0], ring[n, 1] = x, y
    return n + 1


@compiled
def put_arc(ring: Floats, n: int, begin: float, end: float, reach: float) -> int:
    """Add chords instead of an arc. Their inner corners lie so far out that the area is the arc's.

    The arc's ends stay where they are. With k chords of angle s between them and the inner corners
    at ρ, ½ sin s (2 R ρ + (k − 2) ρ²) = ½ R² k s.
    """
    step = 2 * np.arccos(1 - min(SAGITTA_M / reach, 0.5))
    k = int(np.ceil((end - begin) / step)) + 1
    s = (end - begin) / k
    ratio = k * s / np.sin(s)
    out = ratio / 2 if k == 2 else (np.sqrt(1 + (k - 2) * ratio) - 1) / (k - 2)
    n = put(ring, n, reach * np.cos(begin), reach * np.sin(begin))
    for corner in range(1, k):
        angle = begin + corner * s
        n = put(ring, n, out * reach * np.cos(angle), out * reach * np.sin(angle))
    return int(put(ring, n, reach * np.cos(end), reach * np.sin(end)))


@compiled
def put_wall(ring: Floats, n: int, piece: Floats, begin: float, end: float) -> int:
    """Add the part of a wall between two angles; its own ends keep their exact place."""
    px, py, qx, qy = piece
    for angle in (begin, end):
        c, s = np.cos(angle), np.sin(angle)
        x, y = px, py
        if abs(c * py - s * px) > SAME * (abs(px) + abs(py)) or c * px + s * py < 0.0:
            x, y = qx, qy
            if abs(c * qy - s * qx) > SAME * (abs(qx) + abs(qy)) or c * qx + s * qy < 0.0:
                far = (px * qy - py * qx) / (c * (qy - py) - s * (qx - px))
                x, y = far * c, far * s
        n = put(ring, n, x, y)
    return int(n)


@compiled
def outline(pieces: Floats, zero: float, width: float, reach: float) -> Floats:
    """Return the ring of what is seen from the origin, anticlockwise, not closed, shape (k, 2)."""
    angles, piece = spans(pieces, zero, width)
    turns, walls = nearest_walls(pieces, angles, piece, zero, width)
    chords = int(np.ceil(width / (2 * np.arccos(1 - min(SAGITTA_M / reach, 0.5)))))
    ring = np.empty((chords + 4 * len(walls) + 4, 2))
    n = 0
    if width < TURN:
        n = put(ring, n, 0.0, 0.0)
    for k in range(len(walls)):
        begin, end = zero + turns[k], zero + turns[k + 1]
        if walls[k] < 0:
            n = put_arc(ring, n, begin, end, reach)
        else:
            n = put_wall(ring, n, pieces[walls[k]], begin, end)
    while n > 1 and np.abs(ring[0] - ring[n - 1]).max() < SAME:
        n -= 1
    return ring[:n]


@compiled
def sweep(
    grid: EdgeGrid, xy: Floats, zero: Floats, width: Floats, reach: Floats
) -> tuple[Floats, Ints]:
    """Return the closed rings of what each point sees, one after another, and where each starts.

    Parameters
    ----------
    grid
        The walls.
    xy
        Points outside the houses, metres, shape (n, 2).
    zero, width
        Angle (radians, anticlockwise from east) where each one's sector begins, and how wide it is.
    reach
        Metres, shape (n,).

    Returns
    -------
    tuple
        Corners, metres, shape (k, 2), and offsets of the rings, shape (n + 1,).
    """
    seen = np.full(len(grid.edges), -1, dtype=np.int64)
    corners, start = np.empty((256 * len(xy) + 256, 2)), np.zeros(len(xy) + 1, dtype=np.int64)
    for site in range(len(xy)):
        x, y = xy[site]
        pieces = gather(grid, x, y, reach[site], seen, site)
        ring = outline(pieces, zero[site], width[site], reach[site])
        before, after = start[site], start[site] + len(ring) + 1
        if after > len(corners):
            more = np.empty((2 * after, 2))
            more[:before] = corners[:before]
            corners = more
        for k in range(len(ring)):
            corners[before + k, 0], corners[before + k, 1] = x + ring[k, 0], y + ring[k, 1]
        corners[after - 1] = corners[before]
        start[site + 1] = after
    return corners[: start[-1]], start
