"""Maps that are pictures: put back on the ground by where their edges lie, their dots gathered.

The scale is one of the round ones that maps have, at the dots to the millimetre that the file or
the document around it tells; the place is where the edges of the picture and the borders that
anybody knows agree best, by the correlation of the two. A dot is a piece of one colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import scipy.ndimage
import scipy.sparse as sp
import shapely
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.sparse.csgraph import connected_components

from tests.attack.nearness import Group
from tests.attack.placing import Placing
from tests.attack.secrets import Public

ROUND = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)
POWERS = (1_000, 10_000, 100_000)
USUAL_DPI = (96, 150, 200, 300)
COARSE = 420
"""Dots across in which the scale is looked for."""
HOUSES = 200
"""Houses and other middles that show where a town is."""
LEAST_PICTURE = 60
SHARES = (0.15, 1.5)
"""How much of a picture's width a town may take."""
SURE = 5.5
"""How far above all other places the best one must stand, in standard deviations."""
ALIKE = 0.9
"""Scales that fit nearly as well as the best are tried too."""
PANELS = 6
MOVED = 4.0
"""Dots that a panel is moved at most once its borders are found; `SAMPLED` points say where to."""
SAMPLED = 8_000
DOT_MM = 4.0
LEAST_DOT = 6
"""Dots of the picture in the least piece of a colour that is taken for a mark."""
LEAST_DOTS = 3
"""Marks of a colour: where edges are smoothed there are many of one or two."""
GROUND = 0.01
"""A colour that takes more of the picture than this is ground."""


@dataclass(frozen=True, eq=False)
class Raster:
    """A picture: ``(rows, columns, 3)``, and how many dots to a millimetre it may have."""

    rgb: np.ndarray
    per_mm: tuple[float, ...]


def locate(raster: Raster, public: Public) -> list[Placing]:
    """Return where the panels of a picture lie, from its dots to metres."""
    rows, columns = raster.rgb.shape[:2]
    lines = known_lines(public)
    if len(lines) == 0 or min(rows, columns) < LEAST_PICTURE:
        return []
    low, high = shapely.total_bounds(lines).reshape(2, 2)
    light = raster.rgb.astype(float).mean(axis=2)
    edges = np.hypot(scipy.ndimage.sobel(light, 0), scipy.ndimage.sobel(light, 1)) > 60
    step = max(1, columns // COARSE)
    whole = edges[: rows // step * step, : columns // step * step].astype(float)
    coarse = whole.reshape(rows // step, step, columns // step, step).mean(axis=(1, 3))
    found = []
    for metres in sorted(_scales(raster, float(high[0] - low[0]))):
        peak = _agreement(coarse, lines, low, high, metres * step)
        found.append((float((peak.max() - peak.mean()) / peak.std()), metres))
    least = max(SURE, ALIKE * max(found, default=(0.0, 0.0))[0])
    fitting = [metres for sure, metres in found if sure >= least]
    fine = edges.astype(float)
    every = shapely.get_parts([public.borders, public.streets, *lines])
    return [
        _settled(one, edges, every)
        for metres in fitting
        for one in _panels(fine, lines, low, high, metres)
    ]


def known_lines(public: Public) -> np.ndarray:
    """Return borders of areas, of the town alone where houses show where it is."""
    lines = shapely.get_parts(shapely.boundary(np.array(public.outlines, dtype=object)))
    if len(public.middles) > HOUSES:
        low, high = np.percentile(public.middles, [2, 98], axis=0)
        lines = shapely.clip_by_rect(lines, *low, *high)
    return np.asarray(lines[~shapely.is_empty(lines)])


def _scales(raster: Raster, wide_m: float) -> set[float]:
    """Return how many metres a dot may be."""
    columns = raster.rgb.shape[1]
    every = {
        round_ * power / 1000 / per_mm
        for per_mm, round_, power in product(raster.per_mm, ROUND, POWERS)
    }
    return {one for one in every if SHARES[0] < wide_m / one / columns < SHARES[1]}


def _agreement(
    edges: np.ndarray, lines: np.ndarray, low: np.ndarray, high: np.ndarray, metres: float
) -> np.ndarray:
    """Return how well borders lie on edges, by where the town's upper left corner is put."""
    xy = shapely.get_coordinates(shapely.segmentize(lines, metres / 2))
    at = np.unique(((xy - (low[0], high[1])) / metres * (1, -1)).astype(int), axis=0)
    size = [
        next_fast_len(n + int(m) + 1) for n, m in zip(edges.shape, at.max(0)[::-1], strict=True)
    ]
    borders = np.zeros(size)
    borders[at[:, 1], at[:, 0]] = 1
    return np.asarray(irfft2(rfft2(edges - edges.mean(), size) * np.conj(rfft2(borders)), size))


def _panels(
    edges: np.ndarray, lines: np.ndarray, low: np.ndarray, high: np.ndarray, metres: float
) -> Iterator[Placing]:
    peak = _agreement(edges, lines, low, high, metres)
    spread, most = float(peak.std()), float(peak.max())
    apart = int(max((high - low) / metres)) // 4
    for _panel in range(PANELS):
        row, column = np.unravel_index(int(peak.argmax()), peak.shape)
        value = float(peak[row, column])
        if value < max(0.6 * most, SURE / 2 * spread):
            return
        shift = [
            int(n - size if n >= limit else n)  # what wraps around begins outside of the picture
            for n, size, limit in zip((row, column), peak.shape, edges.shape, strict=True)
        ]
        left, top = low[0] - metres * shift[1], high[1] + metres * shift[0]
        matrix = np.array([[metres, 0, left], [0, -metres, top], [0, 0, 1.0]])
        wide, deep = (high - low) / metres
        box = (shift[1], shift[0], shift[1] + wide, shift[0] + deep)
        yield Placing(matrix, int(value / spread), 0.5 * metres, tuple(map(float, box)))  # type: ignore[arg-type]
        around = (
            slice(max(row - apart, 0), row + apart),
            slice(max(column - apart, 0), column + apart),
        )
        peak[around] = -np.inf


def _settled(panel: Placing, edges: np.ndarray, lines: np.ndarray) -> Placing:
    """Return a panel moved by some dots at most, to where all that is public lies on edges best."""
    metres = panel.metres
    xy = shapely.get_coordinates(shapely.segmentize(shapely.get_parts(lines), metres))
    back = np.linalg.inv(panel.matrix)
    at = xy @ back[:2, :2].T + back[:2, 2]
    inside = ((at > 0) & (at < edges.shape[::-1])).all(axis=1)
    at = np.random.default_rng(0).permutation(at[inside])[:SAMPLED]
    soft = scipy.ndimage.gaussian_filter(edges.astype(float), 0.7)
    steps = np.arange(-MOVED, MOVED + 0.25, 0.5)
    moves = np.array(list(product(steps, steps)))
    fits = [
        scipy.ndimage.map_coordinates(soft, (at + move - 0.5).T[::-1], order=1).sum()
        for move in moves
    ]
    move = moves[int(np.argmax(fits))]
    matrix = panel.matrix.copy()
    matrix[:2, 2] -= matrix[:2, :2] @ move
    x0, y0, x1, y1 = np.add(panel.box, np.tile(move, 2)).tolist()
    return replace(panel, matrix=matrix, box=(x0, y0, x1, y1))


def dots(raster: Raster, panel: Placing, public: Public) -> list[Group]:
    """Return the middles of small pieces of one colour, colour by colour, in metres."""
    largest = DOT_MM * max(raster.per_mm)
    plain = raster.rgb.astype(np.uint32) @ np.array([65_536, 256, 1], dtype=np.uint32)
    pieces = _pieces(plain)
    n = np.bincount(pieces.ravel())
    colours, of_colour, share = np.unique(plain, return_inverse=True, return_counts=True)
    del colours
    ground = (share > GROUND * plain.size)[of_colour].reshape(plain.shape)
    small = (n >= LEAST_DOT) & (n <= largest**2)
    small[np.unique(pieces[ground])] = False
    numbered = np.where(small, np.cumsum(small), 0)[pieces]
    middles: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for number, (down, across) in enumerate(scipy.ndimage.find_objects(numbered), 1):
        if max(down.stop - down.start, across.stop - across.start) <= largest:
            row, column = np.argwhere(numbered[down, across] == number)[0]
            colour = int(plain[down.start + row, across.start + column])
            at = ((across.start + across.stop) / 2, (down.start + down.stop) / 2)
            middles[colour].append(at)
    found = []
    for colour, places in middles.items():
        at = np.array(places)
        inside = ((at > panel.box[:2]) & (at < panel.box[2:])).all(axis=1)
        xy = at[inside] @ panel.matrix[:2, :2].T + panel.matrix[:2, 2]
        if len(xy) >= LEAST_DOTS:
            known = public.known(xy, 2 * panel.exact_m)
            found.append(Group(f"#{colour:06x}", xy, known, middles=True))
    return found


def _pieces(plain: np.ndarray) -> np.ndarray:
    """Return the number of the piece of one colour that each dot belongs to."""
    number = np.arange(plain.size).reshape(plain.shape)
    across, down = plain[:, 1:] == plain[:, :-1], plain[1:] == plain[:-1]
    one = np.concatenate([number[:, :-1][across], number[:-1][down]])
    other = np.concatenate([number[:, 1:][across], number[1:][down]])
    joined = sp.coo_matrix((np.ones(len(one), dtype=bool), (one, other)), (plain.size, plain.size))
    return np.asarray(connected_components(joined, directed=False)[1]).reshape(plain.shape)
