"""Drawn maps taken apart: what lies at a place it should not know, and cells that are too fine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from tests.attack.drawn import Drawing, Mark, moved
from tests.attack.nearness import Group, Target
from tests.attack.opening import Opened
from tests.attack.pixels import dots, locate
from tests.attack.placing import Placing, outlines_of, place
from tests.attack.secrets import CORNER, Leak, Public, Truth

LEAST_CELL_M = 10.0
SMALL_M = 250.0
"""Marks no larger than this are looked at together too, whatever their looks."""
MARGIN = 0.05
"""How far outside of what was matched a panel goes on, in its sides."""
LEAST_AREA_M2 = 100_000.0


def placed(opened: Opened, truth: Truth) -> list[tuple[str, Drawing, list[Placing]]]:
    """Return every drawing with its panels, those without any too."""
    own = [shape for _where, shape in opened.shapes if shape is not None]
    areas = [shape for shape in own if shape.area > LEAST_AREA_M2]
    outlines = outlines_of([*truth.public.outlines, *areas])
    corners = np.concatenate([truth.public.corners, *outlines])
    return [(where, one, place(one, outlines, corners)) for where, one in opened.drawings]


def attack_maps(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give what drawn maps tell of places, of cameras, and by cells."""
    targets = _targets(truth)
    seen: set[bytes] = set()
    for where, drawing, panels in placed(opened, truth):
        same = b"".join(mark.xy.tobytes() for mark in drawing.marks)
        if same in seen:  # the same map on another paper
            continue
        seen.add(same)
        for panel in panels:
            marks = [mark for mark in drawing.marks if _within(mark, panel)]
            groups = groups_of(marks, panel, truth.public)
            for kind, target in targets.items():
                for said in target.told(groups, panel.exact_m):
                    yield Leak(kind, where, said)
            for side in fine_cells(marks, panel, truth.public, truth.cell_m):
                yield Leak("cell", where, f"cells of {side:.0f} m are drawn")


def attack_pictures(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give what dots of pictures tell of places and of cameras."""
    targets = _targets(truth)
    seen: set[bytes] = set()
    for where, raster in opened.rasters:
        same = raster.rgb.tobytes()
        if same in seen:  # the same map in another file
            continue
        seen.add(same)
        for panel in locate(raster, truth.public):
            groups = dots(raster, panel, truth.public)
            for kind, target in targets.items():
                for said in target.told(groups, panel.exact_m):
                    yield Leak(kind, where, said)


def _targets(truth: Truth) -> dict[str, Target]:
    targets = {"point": Target(truth.places, truth.public)}
    if len(truth.cameras):
        targets["camera"] = Target(np.unique(truth.cameras, axis=0), truth.public)
    return targets


def _within(mark: Mark, panel: Placing) -> bool:
    low, high = np.array(panel.box[:2]), np.array(panel.box[2:])
    edge = MARGIN * (high - low)
    inside = (mark.xy >= low - edge) & (mark.xy <= high + edge)
    return bool(inside.all(axis=1).any())


def groups_of(marks: list[Mark], panel: Placing, public: Public) -> list[Group]:
    """Return the corners and the middles of marks, in metres, look by look and size by size."""
    if not marks:
        return []
    owner = np.repeat(np.arange(len(marks)), [len(mark.xy) for mark in marks])
    corners = moved(panel.matrix, np.concatenate([mark.xy for mark in marks]))
    known = public.known(corners, panel.exact_m)
    middles = moved(panel.matrix, [mark.middle for mark in marks])
    away = public.middle_tree.query(middles)[0]
    whole = np.bincount(owner, known == 0) == 0
    anyway = np.where((away < panel.exact_m) | whole, CORNER, 0)
    size = np.array([mark.size for mark in marks]) * panel.metres
    looks: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for n, mark in enumerate(marks):
        looks[mark.look, False].append(n)
        if len(mark.xy) > 1:
            looks[f"{mark.look}, 2^{np.log2(max(size[n], 0.5)):.0f} m", True].append(n)
            if size[n] < SMALL_M:
                looks["small marks", True].append(n)
    found = []
    for (look, middle), which in looks.items():
        if middle:
            found.append(Group(look, middles[which], anyway[which], middles=True))
        else:
            own = np.isin(owner, which)
            found.append(Group(look, corners[own], known[own], middles=False))
    return found


def fine_cells(marks: list[Mark], panel: Placing, public: Public, cell_m: float) -> Iterator[float]:
    """Give the side of each kind of cell drawn that is smaller than may be shown.

    Cells are squares whose corners lie on multiples of their own side, of the ground or of each
    other; or shapes of right angles all of whose sides are multiples of the shortest.
    """
    off = 2 * panel.exact_m
    squares: dict[int, list[np.ndarray]] = defaultdict(list)
    for mark in marks:
        ring = _turns(moved(panel.matrix, mark.xy)) if mark.closed else np.zeros((0, 2))
        sides = np.abs(np.roll(ring, -1, axis=0) - ring)
        if len(ring) < 4 or not (sides.min(axis=1) < off).all():
            continue
        sides = sides.max(axis=1)
        least = float(sides.min())
        if not LEAST_CELL_M < least < cell_m - off or _public(ring, public, panel.exact_m):
            continue
        if len(ring) > 4 and (np.abs(sides - np.round(sides / least) * least) < off).all():
            yield least
        elif len(ring) == 4 and float(np.ptp(sides)) < off:
            squares[round(least)].append(ring.min(axis=0))
    for side, corners in squares.items():
        if _on_lattice(np.array(corners), side, off):
            yield float(side)


def _turns(ring: np.ndarray) -> np.ndarray:
    """Return the corners at which a ring turns, each once."""
    ring = ring[np.hypot(*(np.roll(ring, -1, axis=0) - ring).T) > 0.5]
    ahead, behind = np.roll(ring, -1, axis=0) - ring, ring - np.roll(ring, 1, axis=0)
    bend = np.abs(ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0])
    return np.asarray(ring[bend > 1e-3 * np.hypot(*ahead.T) * np.hypot(*behind.T)])


def _public(ring: np.ndarray, public: Public, off: float) -> bool:
    return bool((public.corner_tree.query(ring)[0] < 2 * off).all())


def _on_lattice(corners: np.ndarray, side: float, off: float) -> bool:
    """Tell whether squares stand on one lattice: that of the ground, or their own."""
    for start, least in ((np.zeros(2), 1), (corners[0], 4)):
        steps = (corners - start) / side
        away = np.abs(steps - np.round(steps)).max(axis=1) * side
        on = away < off + 0.5
        places = np.unique(np.round(steps[on]), axis=0)
        if on.mean() > 0.9 and len(places) >= least and (least == 1 or np.ptp(places, 0).all()):
            return True
    return False
