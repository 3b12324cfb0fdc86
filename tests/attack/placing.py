"""Drawn maps back on the ground, as anybody can who knows where the borders of areas run.

A drawn ring is held against each public outline of the same proportions; where its corners fall on
the outline the map's scale and place are known, and the corners of all that is public and drawn
then give an affine transform by least squares. Each panel of a sheet is found by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tests.attack.drawn import Drawing, Mark, moved

LEAST_CORNERS = 6
"""Corners of the plainest outline that is recognised: a rectangle is like any other."""
ASPECT = 0.01
"""How much the proportions of a drawn outline may differ from the true one."""
FIT = 0.004
"""How far from the outline its drawn corners may lie, in its longer sides."""
ROUNDS = 12
LEAST_MATCHED = 10
AROUND = 4.0
"""How far around a recognised outline a panel is looked for, in sizes of the outline."""
TRIED = 400
"""Drawn rings tried, the largest first."""


@dataclass(frozen=True, eq=False)
class Placing:
    """Where a panel lies: a matrix from its page to metres, and how sure that is.

    Attributes
    ----------
    matrix
        3 × 3, from units of the page to metres.
    matched
        Drawn corners that fell on public ones.
    off_m
        Root mean square of how far from them, in metres.
    box
        Around what was matched, in units of the page: x0, y0, x1, y1.
    """

    matrix: np.ndarray
    matched: int
    off_m: float
    box: tuple[float, float, float, float]

    @property
    def metres(self) -> float:
        """Metres to a unit of the page."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))

    @property
    def exact_m(self) -> float:
        """How near a drawn point must lie to be the same place, in metres."""
        return max(0.3, 3 * self.off_m)


def outlines_of(shapes: Iterable[shapely.Geometry]) -> list[np.ndarray]:
    """Return the outer corners of polygons, the closing one left out; rectangles have none."""
    found = []
    for shape in shapes:
        for part in shapely.get_parts(shape).tolist():
            if part.geom_type == "Polygon":
                ring = shapely.get_coordinates(part.exterior)[:-1]
                if len(ring) >= LEAST_CORNERS:
                    found.append(ring)
    return found


def place(drawing: Drawing, outlines: list[np.ndarray], corners: np.ndarray) -> list[Placing]:
    """Return each panel of a drawing on which a public outline is recognised.

    Parameters
    ----------
    drawing
        What is drawn.
    outlines
        Rings of what is public, ``(n, 2)`` in metres.
    corners
        All public corners, ``(n, 2)`` in metres: what the fit is made with.
    """
    rings = [m for m in drawing.marks if m.closed and len(np.unique(m.xy, axis=0)) > 5]
    rings = sorted(rings, key=lambda m: -m.size)[:TRIED]
    every = np.concatenate([m.xy for m in drawing.marks]) if drawing.marks else np.zeros((0, 2))
    tree = cKDTree(corners)
    sides = np.array([np.ptp(ring, axis=0) for ring in outlines]).reshape(-1, 2)
    found: list[Placing] = []
    for mark in rings:
        wide, high = np.ptp(mark.xy, axis=0)
        if min(wide, high) <= 0 or any(_explains(one, mark, tree) for one in found):
            continue
        alike = np.abs(sides[:, 0] / sides[:, 1] / (wide / high) - 1) < ASPECT
        for outline in np.flatnonzero(alike):
            start = _start(mark, outlines[outline])
            placing = None if start is None else _refined(start, mark, every, tree)
            if placing is not None:
                found.append(placing)
                break
    return found


def _explains(placing: Placing, mark: Mark, tree: cKDTree) -> bool:
    """Tell whether a ring lies on public corners already, as placed."""
    near = tree.query(moved(placing.matrix, mark.xy))[0] < 3 * placing.exact_m
    return float(near.mean()) > 0.7


def _start(mark: Mark, outline: np.ndarray) -> np.ndarray | None:
    """Return the transform that lays a ring's box on an outline's, if the ring then lies on it."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    drawn_low, drawn_high = mark.xy.min(axis=0), mark.xy.max(axis=0)
    step = (high - low) / (drawn_high - drawn_low)
    most = FIT * float((high - low).max())
    for up in (-1.0, 1.0):  # pages of SVG count downwards, those of PDF upwards
        scale = np.array([step[0], up * step[1]])
        start = np.where(scale > 0, drawn_low, drawn_high)
        matrix = np.diag([*scale, 1.0])
        matrix[:2, 2] = low - scale * start
        there = shapely.linearrings(outline)
        here = shapely.linearrings(moved(matrix, mark.xy))
        far = shapely.distance(shapely.points(moved(matrix, mark.xy)), there)
        back = shapely.distance(shapely.points(outline), here)
        if min((far < most).mean(), (back < most).mean()) > 0.9:
            return matrix
    return None


def _refined(matrix: np.ndarray, mark: Mark, every: np.ndarray, tree: cKDTree) -> Placing | None:
    """Return the affine transform by least squares over all corners that fall on public ones."""
    points = mark.xy
    reach = FIT * float(np.ptp(moved(matrix, mark.xy), axis=0).max())
    for turn in range(ROUNDS):
        away, which = tree.query(moved(matrix, points), distance_upper_bound=reach)
        held = np.isfinite(away)
        if int(held.sum()) < min(LEAST_MATCHED, len(mark.xy) // 2):
            return None
        columns = np.column_stack([points[held], np.ones(int(held.sum()))])
        solved = np.linalg.lstsq(columns, tree.data[which[held]], rcond=None)[0]
        matrix = np.vstack([solved.T, [0.0, 0.0, 1.0]])
        off = np.hypot(*(moved(matrix, points[held]) - tree.data[which[held]]).T)
        reach = min(reach, max(4 * float(np.median(off)), 0.05))
        if turn == 2:  # the outline holds: now what lies around it
            around = AROUND * mark.size
            points = every[(np.abs(every - mark.middle) < around).all(axis=1)]
    inside = points[held]
    # A corner of another panel may have fallen on a public one by chance.
    low, high = np.percentile(inside, [0.5, 99.5], axis=0)
    box = (*low.tolist(), *high.tolist())
    return Placing(matrix, int(held.sum()), float(np.sqrt((off**2).mean())), box)
