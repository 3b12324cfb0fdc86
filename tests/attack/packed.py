"""Outlines that a page carries as numbers: packed paths, squares of a lattice, GeoJSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from tests.attack.coordinates import Frame, path_points
from tests.attack.opening import Opened

STEPS = (1e-5, 1e-6, 1e-7, 1.0)
LEAST = 3


def outlines(opened: Opened, frame: Frame) -> Iterator[tuple[str, shapely.Polygon]]:
    """Give every ring of numbers that encloses a piece of the town, in metres."""
    for where, value in opened.values:
        for key, ring in _rings(value, ""):
            metres = frame.metres_of_ring(ring)
            if metres is not None:
                yield f"{where}{key}", shapely.Polygon(metres)


def _rings(value: Any, key: str) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, dict):
        if {"squares", "centre", "half", "terms"} <= set(value):
            yield from ((key, ring) for ring in _squares(value))
        for name, inner in value.items():
            yield from _rings(inner, f"{key}.{name}")
    elif isinstance(value, list) and value and isinstance(value[0], list | dict):
        if _pairs(value):
            yield key, np.array(value, dtype=float)[:, :2]
            return
        paths = [path for path in path_points(value) if len(path) >= LEAST]
        for path in paths:
            yield from ((key, path * step) for step in STEPS)
        for inner in [] if paths else value:
            yield from _rings(inner, key)


def _pairs(value: list[Any]) -> bool:
    return len(value) > LEAST and all(
        isinstance(one, list)
        and len(one) in (2, 3)
        and all(isinstance(n, int | float) for n in one)
        for one in value
    )


def _squares(lattice: dict[str, Any]) -> Iterator[np.ndarray]:
    """Give the corners of the page's own squares, in degrees."""
    steps = np.cumsum(np.array(lattice["squares"], dtype=float).reshape(-1, 2), axis=0)
    for step in steps:
        corners = step + np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
        u, v = ((corners - lattice["centre"]) / lattice["half"]).T
        degrees = np.zeros((4, 2))
        for i, j, a, b in lattice["terms"]:
            degrees += (u**i * v**j)[:, None] * np.array([a, b])
        yield degrees
