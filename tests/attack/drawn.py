"""What is drawn, wherever it is drawn: marks of one look, in the units of their page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

UNIT = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
"""Moves nothing; matrices are 3 × 3 and take columns ``(x, y, 1)``."""

CAP = 0.34
"""From the baseline of a figure or a letter to its middle, in sizes of the letters."""


@dataclass(frozen=True, eq=False)
class Mark:
    """One stroke of the pen: points on it (``(n, 2)``), whether it closes, and how it looks."""

    xy: np.ndarray
    look: str
    closed: bool = False

    @property
    def middle(self) -> np.ndarray:
        """Middle of its box: of a circle, a square or a glyph the place that it stands for."""
        return np.asarray((self.xy.min(axis=0) + self.xy.max(axis=0)) / 2)

    @property
    def size(self) -> float:
        """Longer side of its box."""
        return float(np.ptp(self.xy, axis=0).max())


@dataclass(eq=False)
class Drawing:
    """All marks of one picture or page."""

    marks: list[Mark] = field(default_factory=list)

    def add(
        self, xy: Sequence[Sequence[float]] | np.ndarray, look: str, *, closed: bool = False
    ) -> None:
        """Add a mark, if it has any point that can be drawn."""
        points = np.asarray(xy, dtype=float).reshape(-1, 2)
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            self.marks.append(Mark(points, look, closed))


def moved(matrix: np.ndarray, xy: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """Return points taken through a matrix."""
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])


def affine(a: float, b: float, c: float, d: float, e: float, f: float) -> np.ndarray:
    """Return the matrix that SVG and PDF write as six numbers."""
    return np.array([[a, c, e], [b, d, f], [0.0, 0.0, 1.0]])
