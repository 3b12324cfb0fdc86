"""How much of a bell-shaped uncertainty lies within a polygon, exactly but for rounding. Compiled.

A point known to within a normal error has the density ``exp(−r² / 2σ²) / 2πσ²`` around it. By
Green's theorem its mass within a polygon is a sum over the polygon's edges: each gives the mass of
the triangle between the centre and the edge, with a sign. In units of σ, with the edge's line at
the (signed) distance h from the centre and t along it, that is

    1 / 2π  ∫ h (1 − exp(−(h² + t²) / 2)) / (h² + t²) dt

whose integrand is smooth everywhere: a few Gauss-Legendre nodes for each σ of length give seven
digits. Where the edge is so far out that the exponential is nothing, the integral is the angle
under which the edge is seen. (The closed form is Owen's T function, Owen 1956; the sum costs less.)

Imported only when masses are worked out, since the decorator loads numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR_SQUARED = 50.0
"""Squared distance, in σ², beyond which the exponential is less than 2e-11."""


@compiled
def density_ratio(u: float) -> float:
    """Return (1 − exp(−u / 2)) / u, that is ½ at 0."""
    if u < 1e-4:
        return 0.5 - u / 8.0 + u * u / 48.0
    return float((1.0 - np.exp(-u / 2.0)) / u)


@compiled
def edge_mass(ax: float, ay: float, bx: float, by: float) -> float:
    """Return the signed mass of the triangle from the centre to an edge, in units of σ."""
    dx, dy = bx - ax, by - ay
    length = np.sqrt(dx * dx + dy * dy)
    if length == 0.0:
        return 0.0
    h = (ax * dy - ay * dx) / length
    if h == 0.0:
        return 0.0
    begin = (ax * dx + ay * dy) / length
    end = begin + length
    nearest = 0.0 if begin < 0.0 < end else min(abs(begin), abs(end))
    if h * h + nearest * nearest > FAR_SQUARED:
        return float(np.arctan2(ax * by - ay * bx, ax * bx + ay * by) / (2 * np.pi))
    total = 0.0
    if length < 0.3:
        half = length * 0.5 * 0.5773502691896257
        middle = (begin + end) / 2
        total = density_ratio(h * h + (middle - half) ** 2)
        total += density_ratio(h * h + (middle + half) ** 2)
        return float(h * total * length / (4 * np.pi))
    pieces = int(np.ceil(length))
    step = length / pieces
    for piece in range(pieces):
        middle = begin + (piece + 0.5) * step
        for node, weight in (
            (0.0, 0.5688888888888889),
            (0.5384693101056831, 0.47862867049936647),
            (0.906179845938664, 0.23692688505618908),
        ):
            low = density_ratio(h * h + (middle - node * step / 2) ** 2)
            if node == 0.0:
                total += weight * low
            else:
                total += weight * (low + density_ratio(h * h + (middle + node * step / 2) ** 2))
    return float(h * total * step / (4 * np.pi))


@compiled
def masses(
    edges: Floats, start: Ints, shape: Ints, centre: Floats, sigma: Floats, point: Ints
) -> Floats:
    """Return the mass of each pair of a polygon and a point.

    Parameters
    ----------
    edges
        x, y of both ends, the inside to the left, metres, shape (m, 4).
    start
        Polygon ``k`` has the edges ``start[k]`` to ``start[k + 1]``.
    shape, point
        Rows of the pairs.
    centre, sigma
        Points and their standard deviations (> 0), metres.
    """
    found = np.empty(len(shape))
    for pair in range(len(shape)):
        x, y = centre[point[pair]]
        scale = 1.0 / sigma[point[pair]]
        total = 0.0
        for k in range(start[shape[pair]], start[shape[pair] + 1]):
            total += edge_mass(
                (edges[k, 0] - x) * scale,
                (edges[k, 1] - y) * scale,
                (edges[k, 2] - x) * scale,
                (edges[k, 3] - y) * scale,
            )
        found[pair] = total
    return found
