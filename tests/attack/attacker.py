"""The attacker: takes produced files only, and tries to have back what they must not tell.

`Truth` is what it is judged by, never what it works with: it looks for coordinates, words and
numbers by itself, and what it found is then held against the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree
from scipy.stats import poisson

from tests.attack import words
from tests.attack.coordinates import Frame, all_pairs
from tests.attack.counted import Cell, ranges
from tests.attack.derived import derived
from tests.attack.maps import attack_maps, attack_pictures
from tests.attack.opening import Opened, open_folder
from tests.attack.packed import outlines
from tests.attack.recover import from_page
from tests.attack.secrets import Leak, Public, Truth
from tests.attack.told import cell_of, cells_told, names_in, unnamed

EXACT_M = 1.0
NEAR_M = (10.0, 25.0)
FEW = 8
"""Points fewer than this may lie near places with events by chance."""
COUNT_HEADING = re.compile(
    r"antal|händelser|anmälningar|rapporter|sök|fynd|svar|events|reports|^n_", re.IGNORECASE
)
OWN_WORK = re.compile(r"n_measures|insats|åtgärd", re.IGNORECASE)
"""Tables of what police and municipality did themselves: these count no events."""
SMALL_AREA_M2 = 40_000.0
ROUNDED_M = 1.5
"""How far a corner may be moved by the digits that a page carries."""
PUBLIC_SHARE = 0.9


def attack(folder: Path, truth: Truth, *, earlier: tuple[Path, ...] = ()) -> list[Leak]:
    """Return all that can be had back from the files of a folder, and of earlier editions."""
    return attack_opened(open_folder(folder), truth, [open_folder(one) for one in earlier])


def attack_opened(opened: Opened, truth: Truth, before: list[Opened]) -> list[Leak]:
    """Return all that can be had back from what stands in files, `before` in earlier editions."""
    return sorted(
        {
            *_words(opened, truth),
            *_points(opened, truth),
            *_outlines(opened, truth),
            *attack_maps(opened, truth),
            *attack_pictures(opened, truth),
            *attack_numbers(opened, truth, before),
        },
        key=lambda leak: (leak.kind, leak.where, leak.what),
    )


def attack_numbers(opened: Opened, truth: Truth, before: list[Opened]) -> set[Leak]:
    """Return what numbers alone give back."""
    return {
        *_small(opened, truth),
        *_hidden(opened, before, truth),
        *_printed(opened, truth),
        *derived(opened),
    }


def _words(opened: Opened, truth: Truth) -> Iterator[Leak]:
    plain = words.Plain(opened)
    found = {
        "case": [*words.exact(plain, truth.cases), *words.case_numbers(opened)],
        "address": words.exact(plain, truth.addresses),
        "text": [*words.exact(plain, truth.texts), *words.persons(opened)],
        "id": words.exact(plain, truth.ids),
        "seed": words.seeds(opened, truth.seeds),
    }
    if not truth.times_told:
        days = words.days(opened, first=truth.first, last=truth.last, allowed=truth.allowed_days)
        found |= {"day": days, "hour": words.clocks(opened)}
    for kind, hits in found.items():
        for where, what in hits:
            yield Leak(kind, where, what)


def _points(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give lists of pairs that lie at, or keep close to, places with an event."""
    points, public = truth.places, truth.public
    tree = cKDTree(points)
    town = float(np.prod(np.ptp(points, axis=0)))
    # How often what anybody knows, a house or a street, lies so near a place with an event.
    around = tree.query(public.points.data)[0]
    usual = {reach: float((around < reach).mean()) for reach in NEAR_M}
    for where, pairs in all_pairs(opened, Frame(truth.crs, truth.box)):
        own = np.unique(pairs, axis=0)
        known = public.points.query(own)[0] < EXACT_M + 0.3
        away = np.abs(own - np.round(own / truth.cell_m) * truth.cell_m).max(axis=1)
        known |= away < EXACT_M + 0.5  # a corner of the grid
        if ".background." in where:  # names stand along the lines of streets
            on = public.street_tree.query(shapely.points(own), "dwithin", EXACT_M)[0]
            known[on] = True
        own = own[~known]
        if not len(own):
            continue
        distance = tree.query(own)[0]
        hits = int((distance < EXACT_M).sum())
        chance = len(own) * len(points) * np.pi * EXACT_M**2 / town
        if hits and poisson.sf(hits - 1, chance) < 1e-3:
            yield Leak("point", where, f"{hits} of {len(own)} at a place with an event")
            continue
        for reach, often in usual.items():
            near = int((distance < reach).sum())
            most = 0.6 * len(own) if len(own) >= FEW else np.inf
            if near > most and poisson.sf(near - 1, len(own) * max(often, 0.01)) < 1e-9:
                yield Leak("point", where, f"{near} of {len(own)} within {reach:g} m of one")
                break


def _outlines(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give small outlines that hold too few places to hide any of them."""
    tree = shapely.STRtree(shapely.points(truth.places))
    frame = Frame(truth.crs, truth.box)
    carried = [one for one in outlines(opened, frame) if not _anybodys(one[1], truth.public)]
    for where, shape in [*opened.shapes, *carried]:
        if shape is None or "Polygon" not in shape.geom_type:
            continue
        if not 0 < shape.area < SMALL_AREA_M2 or _is_square(shape, truth.cell_m):
            continue
        held = len(tree.query(shape.buffer(EXACT_M), predicate="intersects"))
        if 0 < held < truth.minimum:
            yield Leak("outline", where, f"{shape.area:.0f} m² around {held} places")
        elif not _on_lattice(shape, truth.cell_m):
            yield Leak("outline", where, f"{shape.area:.0f} m², finer than {truth.cell_m:g} m")


def _anybodys(shape: shapely.Polygon, public: Public) -> bool:
    """Tell whether an outline is that of a house, a water or another thing that anybody knows."""
    known = public.known(shapely.get_coordinates(shape), ROUNDED_M)
    return bool((known > 0).mean() >= PUBLIC_SHARE)


def _is_square(shape: object, side: float) -> bool:
    x0, y0, x1, y1 = shapely.bounds(shape)
    return min(x1 - x0, y1 - y0) > side - 0.01 and shapely.area(shape) > 0.99 * (x1 - x0) * (
        y1 - y0
    )


def _on_lattice(shape: object, side: float) -> bool:
    corners = shapely.get_coordinates(shape)
    return bool((np.abs(corners - np.round(corners / side) * side) < 0.01).all())


def _small(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give small counts that stand in a column of counts."""
    for where, rows in opened.tables:
        if len(rows) < 2 or "run.json" in where or "gpkg!gpkg_" in where or "rtree_" in where:
            continue
        heading = next((row for row in rows if row), [])
        if OWN_WORK.search(" ".join(heading)):
            continue
        for at, name in enumerate(heading):
            if not COUNT_HEADING.search(name) or name == "n_quarters":
                continue
            for row in rows[1:]:
                plain = row[at].strip() if at < len(row) else ""
                if re.fullmatch(r"\d+(?:\.0)?", plain) and 0 < float(plain) < truth.minimum:
                    yield Leak("small count", where, f"{name}: {' | '.join(row[: at + 1])}")


def _printed(opened: Opened, truth: Truth) -> Iterator[Leak]:
    """Give hidden counts of tables as printed that their own totals narrow down."""
    for where, rows in opened.tables:
        if any(word in where for word in ("gpkg!", ".parquet", ".csv")):
            continue  # machine tables have rows of many kinds: `_hidden` takes these
        for (row, column), (low, high) in from_page(rows).items():
            if high - low < truth.minimum - 2 or (low > 1 and high < truth.minimum):
                name = f"{rows[row][0]}, column {column + 1}: {low:g}–{high:g}"
                yield Leak("hidden count", where, name)


def _hidden(opened: Opened, before: list[Opened], truth: Truth) -> Iterator[Leak]:
    """Give hidden counts that all tables and editions together narrow down."""
    shown, hidden = cells_told([*before, opened])
    names = names_in({*shown, *hidden})
    true = {cell_of(key, names): n for key, n in truth.counts.items()}
    told = {(cell.what, cell.first, cell.last) for cell in shown}
    # Any small number over the same days is tried, also one that no table names.
    for cell, n in true.items():
        if 0 < n < truth.minimum and (cell.what, cell.first, cell.last) in told:
            hidden.add(cell)
    for cell, n in shown.items():
        if 0 < n < truth.minimum:
            yield Leak("small count", "tables", f"{_named(cell)}: {n}")
    hidden -= set(shown)
    for empty in (set(), unnamed({*shown, *hidden})):
        for cell, (low, high) in ranges(shown, hidden, empty).items():
            n = true.get(cell)
            if n is not None and not low - 0.5 < n < high + 0.5:
                continue  # what was concluded is wrong: something else stands there
            small = n is not None and 0 < n < truth.minimum
            if high - low < 0.5 or (small and (low > 1.01 or high < truth.minimum - 1.01)):
                yield Leak("hidden count", "tables", f"{_named(cell)}: {low:g}–{high:g}, is {n}")


def _named(cell: Cell) -> str:
    areas, classes = ("+".join(sorted(one)) for one in (cell.areas, cell.classes))
    split = f" {cell.split} {'+'.join(sorted(cell.parts))}" if cell.split else ""
    return f"{cell.what} {areas} {classes}{split} {cell.first}–{cell.last}"
