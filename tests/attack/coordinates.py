"""Every pair of coordinates that produced files hold, in metres of the truth's CRS.

Tried on every list of numbers: pairs as they stand, as running sums of differences (the page's own
codec, at 10⁻⁵ and 10⁻⁶ of a degree), longitude first or latitude first, and columns of tables two
by two. Texts are searched for pairs too. What is not near the truth's town is no coordinate.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pyproj
import shapely

from tests.attack.opening import Opened

NUMBERS = re.compile(r"-?\d{2,8}(?:[.,]\d+)?")
PAIR = re.compile(
    r"(-?\d{1,8}(?:[.,]\d+)?)\s*[,;/ ]\s*(?:[A-Za-zÅÄÖåäö=:\"' ]{0,12})(-?\d{1,8}(?:[.,]\d+)?)"
)
FAR = 1e5
"""Numbers under this are no metres of the web's own projection."""
STEPS = (1.0, 1e-5, 1e-6, 1e-7, 0.1, 0.01)


class Frame:
    """Where coordinates of the town lie, and how they become metres."""

    def __init__(self, crs: str, box: tuple[float, float, float, float]) -> None:
        self.box = box
        self._back = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        corners = shapely.get_coordinates(shapely.box(*box))
        back = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        self._degrees = np.sort(np.column_stack(back.transform(*corners.T)), axis=0)[[0, -1]]
        self._degrees += [[-0.01], [0.01]]
        self._mercator = pyproj.Transformer.from_crs("EPSG:3857", crs, always_xy=True)

    def metres(self, pairs: np.ndarray) -> np.ndarray:
        """Return the pairs that lie in the town, in metres, however they are written."""
        pairs = np.asarray(pairs, dtype=float).reshape(-1, 2)
        found = []
        for own in (pairs, pairs[:, ::-1]):
            found.append(own[self._inside(own)])
            low, high = self._degrees
            x, y = own.T
            degrees = own[(x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])]
            far = own[(np.abs(x) > FAR) | (np.abs(y) > FAR)]
            for one, moves in ((degrees, self._back), (far, self._mercator)):
                if len(one):
                    moved = np.column_stack(moves.transform(*one.T))
                    found.append(moved[self._inside(moved)])
        return np.concatenate(found)

    def metres_of_ring(self, ring: np.ndarray) -> np.ndarray | None:
        """Return a ring in metres, if all of it lies in the town."""
        if len(ring) < 3:
            return None
        low, high = self._degrees
        for own in (ring, ring[:, ::-1]):
            x, y = own[0]
            metric = self.box[0] < x < self.box[2] and self.box[1] < y < self.box[3]
            if not metric and not (low[0] < x < high[0] and low[1] < y < high[1]):
                continue
            if self._inside(own).all():
                return own
            if ((own > low) & (own < high)).all():
                moved = np.column_stack(self._back.transform(*own.T))
                return moved if self._inside(moved).all() else None
        return None

    def _inside(self, pairs: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            x, y = pairs[:, 0], pairs[:, 1]
            return (x > self.box[0]) & (x < self.box[2]) & (y > self.box[1]) & (y < self.box[3])


def all_pairs(opened: Opened, frame: Frame) -> list[tuple[str, np.ndarray]]:
    """Return where, and the pairs in metres, list by list."""
    found = []
    for where, value in opened.values:
        for key, numbers in _lists(value):
            pairs = frame.metres(_readings(numbers))
            if len(pairs):
                found.append((f"{where}{key}", pairs))
    for where, shape in opened.shapes:
        pairs = frame.metres(shapely.get_coordinates(shape)) if shape is not None else []
        if len(pairs):
            found.append((where, pairs))
    for where, text in opened.texts:
        told = _of_text(text)
        pairs = frame.metres(np.array(told)) if told else np.zeros((0, 2))
        if len(pairs):
            found.append((where, pairs))
    return found


def _of_text(text: str) -> list[tuple[float, float]]:
    found = []
    for a, b in PAIR.findall(text[:200_000]):
        found.append((float(a.replace(",", ".")), float(b.replace(",", "."))))
    numbers = [float(n.replace(",", ".")) for n in NUMBERS.findall(text[:200_000])]
    found += list(itertools.pairwise(numbers))
    return found


def _readings(numbers: np.ndarray) -> np.ndarray:
    """Return the pairs that a list of numbers may stand for."""
    n = len(numbers) // 2 * 2
    pairs = numbers[:n].reshape(-1, 2)
    both = np.concatenate([pairs, np.cumsum(pairs, axis=0)])
    # columns kept apart: all of one, then all of the other
    apart = numbers[:n].reshape(2, -1).T
    return np.concatenate([*(both * step for step in STEPS), apart])


def _lists(value: Any, key: str = "") -> list[tuple[str, np.ndarray]]:
    """Return every list of numbers, flat; paths as told from the start of the path before."""
    found: list[tuple[str, np.ndarray]] = []
    if isinstance(value, dict):
        if set(value) == {"columns", "rows"}:
            return _columns(value, key)
        numbers = {k: v for k, v in value.items() if _numeric(v)}
        found += _two_by_two(numbers, key)
        single = [
            v for v in value.values() if isinstance(v, int | float) and not isinstance(v, bool)
        ]
        found += [(key, np.array(p, dtype=float)) for p in itertools.permutations(single[:12], 2)]
        for name, inner in value.items():
            found += _lists(inner, f"{key}.{name}")
    elif isinstance(value, list) and value:
        found += _of_list(value, key)
    return found


def _of_list(value: list[Any], key: str) -> list[tuple[str, np.ndarray]]:
    if _numeric(value):
        return [(key, np.array(value, dtype=float))]
    found: list[tuple[str, np.ndarray]] = []
    if all(isinstance(v, list) for v in value):
        found += _paths(value, key)
    elif all(isinstance(v, dict) for v in value):
        found += _records(value, key)
    for inner in value:
        if not isinstance(inner, int | float):
            found += _lists(inner, key)
    return found


def _records(rows: list[dict[str, Any]], key: str) -> list[tuple[str, np.ndarray]]:
    names = [n for n in rows[0] if all(isinstance(r.get(n), int | float) for r in rows)]
    columns = {n: [float(r[n]) for r in rows] for n in names}
    return _two_by_two(columns, key)


def _columns(table: dict[str, Any], key: str) -> list[tuple[str, np.ndarray]]:
    columns = {}
    for at, name in enumerate(table["columns"]):
        values = [row[at] for row in table["rows"]]
        numbers = [np.nan if v is None or isinstance(v, bool) else v for v in values]
        if numbers and all(isinstance(v, int | float) for v in numbers):
            columns[name] = numbers
    return _two_by_two(columns, key)


def _two_by_two(columns: dict[str, Any], key: str) -> list[tuple[str, np.ndarray]]:
    found = []
    for one, other in itertools.permutations(columns, 2):
        a, b = (np.array(columns[c], dtype=float) for c in (one, other))
        if len(a) == len(b):
            found.append((f"{key}.{one}+{other}", np.column_stack([a, b]).ravel()))
    return found


def _paths(shapes: list[Any], key: str) -> list[tuple[str, np.ndarray]]:
    points = path_points(shapes)
    if not points:
        return []
    # told again as differences, so that they are read like any other list
    steps = np.diff(np.concatenate(points), axis=0, prepend=np.zeros((1, 2)))
    return [(f"{key} (paths)", steps.ravel())]


def path_points(shapes: list[Any]) -> list[np.ndarray]:
    """Return the points of each packed path: a path starts from the start of the path before."""
    flat = [p for shape in shapes for p in (shape if _is_shape(shape) else [shape])]
    if not flat or not all(_numeric(p) and len(p) >= 2 for p in flat):
        return []
    start = np.zeros(2)
    points = []
    for path in flat:
        own = np.array(path[: len(path) // 2 * 2], dtype=float).reshape(-1, 2)
        start = start + own[0]
        own[0] = start
        points.append(np.cumsum(own, axis=0))
    return points


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list)


def _numeric(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    )
