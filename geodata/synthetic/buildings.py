"""The buildings of the synthetic town, block by block.

Every building is a footprint with a front: the part of its outline where its doors are. Candidates
are laid out by the kind of block and then sifted: none stands on a street, on another building, or
outside its block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.synthetic import plan
from geodata.synthetic.landmarks import landmarks, rectangles, ring_blocks
from geodata.synthetic.network import Network
from geodata.synthetic.plan import Floats


@dataclass(frozen=True)
class Form:
    """Measures of a kind of building: length, gap and depth in metres, levels from–to."""

    kind: str
    length: tuple[float, float]
    gap: float
    depth: float
    setback: float
    levels: tuple[int, int]


QUARTER: Final = Form("apartments", (34, 52), 0, 12.5, 6.5, (4, 6))
VILLA: Final = Form("villa", (10.5, 14), 15, 9, 11, (1, 2))
ROW: Final = Form("rowhouse", (30, 48), 16, 8.5, 11, (2, 2))
SLAB: Final = Form("apartments", (52, 76), 22, 12, 13, (3, 4))
POINT: Final = Form("apartments", (21, 23), 34, 20, 14, (7, 11))
INDUSTRY: Final = Form("industry", (38, 88), 24, 34, 13, (1, 2))


def along_edges(block: BaseGeometry, form: Form, rng: np.random.Generator) -> Floats:
    """Return houses wall to wall around a block, corners filled."""
    inner = shapely.simplify(shapely.buffer(block, -form.setback, join_style="mitre"), 4)
    found = []
    for part in shapely.get_parts(inner):
        ring = shapely.get_coordinates(shapely.orient_polygons(part).exterior)
        side = np.diff(ring, axis=0)
        sizes = np.hypot(*side.T)
        before = np.roll(side, 1, axis=0) / np.roll(sizes, 1)[:, None]
        skew = np.abs((before * side).sum(axis=1) / sizes)  # |cos| of the corner
        corners = form.depth * (1 + skew) + 0.3  # the corner belongs to the house before
        for start, way, size, corner in zip(ring, side, sizes, corners, strict=False):
            free = size - corner
            if free < 16:
                continue
            n = max(1, round(free / rng.uniform(*form.length)))
            unit = way / size
            at = corner + (np.arange(n) + 0.5) * free / n
            centre = start + at[:, None] * unit + np.array([-unit[1], unit[0]]) * form.depth / 2
            angle = np.full(n, np.arctan2(unit[1], unit[0]))
            whole = rng.random(n) > 0.07  # now and then a gap
            box = rectangles(centre, angle, np.full(n, free / n), np.full(n, form.depth))
            found.append(box[whole])
    return np.concatenate(found) if found else np.empty((0, 4, 2))


def along_street(block: BaseGeometry, form: Form, rng: np.random.Generator) -> Floats:
    """Return houses that stand apart with their front to the street around the block."""
    line = shapely.buffer(block, -(form.setback + form.depth / 2))
    found = []
    for part in shapely.get_parts(line):
        if part.is_empty or part.length < 60:
            continue
        ring = shapely.orient_polygons(part).exterior
        mean = sum(form.length) / 2
        n = int(ring.length // (mean + form.gap))
        at = (np.arange(n) + 0.5 + rng.uniform(-0.12, 0.12, n)) * ring.length / max(n, 1)
        points = [
            shapely.get_coordinates(shapely.line_interpolate_point(ring, at + shift))
            for shift in (-mean / 2, 0, mean / 2)
        ]
        way_in, way_out = points[1] - points[0], points[2] - points[1]
        turn = np.cross(np.pad(way_in, ((0, 0), (0, 1))), np.pad(way_out, ((0, 0), (0, 1))))[:, 2]
        straight = np.abs(turn) < 0.4 * (mean / 2) ** 2
        way = points[2] - points[0]
        box = rectangles(
            points[1],
            np.arctan2(way[:, 1], way[:, 0]),
            rng.uniform(*form.length, n),
            np.full(n, form.depth),
        )
        found.append(box[straight])
    return np.concatenate(found) if found else np.empty((0, 4, 2))


def in_rows(block: BaseGeometry, form: Form, rng: np.random.Generator) -> Floats:
    """Return houses in the open block, in rows along it, across it, or around yards."""
    inner = shapely.buffer(block, -form.setback + 2)
    box = shapely.get_coordinates(shapely.oriented_envelope(block))
    sides = np.diff(box[:3], axis=0)
    long = sides[np.argmax(np.hypot(*sides.T))]
    heading = float(np.arctan2(long[1], long[0]))
    middle = shapely.get_coordinates(shapely.centroid(block))
    half = float(np.hypot(*sides.T).max()) * 0.75
    shapely.prepare(inner)
    best = np.empty((0, 4, 2))
    first = int(rng.integers(3))
    # of the ways to lay out the block the fullest is taken, the drawn one first on a tie
    for layout in (first, (first + 1) % 3, (first + 2) % 3):
        for shift in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
            boxes = _rows(form, half, layout, heading, middle, np.array(shift), rng)
            boxes = boxes[shapely.contains(inner, shapely.polygons(boxes))]
            if len(boxes) > len(best):
                best = boxes
    return best[rng.random(len(best)) > 0.08]


def _rows(
    form: Form,
    half: float,
    layout: int,
    heading: float,
    middle: Floats,
    shift: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return houses over a square: rows along (0), across (1), or turned by turns (2)."""
    mean = sum(form.length) / 2
    pitch = np.array([mean + form.gap, form.depth + max(form.gap, 30)])
    if layout == 2:
        pitch[1] = pitch[0]
    n = int(half // pitch.min()) + 1
    i, j = (axis.ravel() for axis in np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1)))
    local = (np.column_stack([i, j]) + shift) * pitch
    local = local[np.abs(local).max(axis=1) < half]
    angle = heading + (np.pi / 2 if layout == 1 else 0.0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = (
        np.round(local / pitch - shift).sum(axis=1) % 2 if layout == 2 else np.zeros(len(local))
    )
    return rectangles(
        middle + local @ turn,
        angle + turned * np.pi / 2,
        rng.uniform(*form.length, len(local)),
        np.full(len(local), form.depth),
    )


LAYOUTS: Final = {
    "quarter": (along_edges, QUARTER),
    "villa": (along_street, VILLA),
    "row": (along_street, ROW),
    "slab": (in_rows, SLAB),
    "point": (in_rows, POINT),
    "industry": (in_rows, INDUSTRY),
}


def _houses(blocks: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    built = blocks[blocks["kind"].isin(list(LAYOUTS))]
    found = [
        LAYOUTS[kind][0](block, LAYOUTS[kind][1], rng)
        for kind, block in zip(built["kind"], built.geometry, strict=True)
    ]
    boxes = np.concatenate(found)
    row = np.repeat(np.arange(len(built)), [len(some) for some in found])
    forms = [LAYOUTS[kind][1] for kind in built["kind"]]
    low, high = np.array([form.levels for form in forms])[row].T
    high_rise = rng.random(len(built)) < 0.25  # slabs are low, or all of a block high
    of_slabs = (built["kind"] == "slab").to_numpy()
    levels = rng.integers(low, high + 1)
    levels = np.where((high_rise & of_slabs)[row], 8, levels)
    quarter = (built["kind"] == "quarter").to_numpy()[row]
    kind = np.array([form.kind for form in forms], dtype=object)[row]
    kind[quarter & (rng.random(len(row)) < 0.22)] = "office"
    size = np.hypot(*(boxes[:, 1] - boxes[:, 0]).T)
    stairs = np.maximum(1, np.round(size / np.where(quarter, 60, 26))).astype(int)
    return pd.DataFrame(
        {
            "kind": kind,
            "levels": levels,
            "stairs": np.where(kind == "apartments", stairs, 0),
            "block": built.index.to_numpy()[row],
            "geometry": np.asarray(shapely.polygons(boxes)),
            "front": np.asarray(shapely.linestrings(boxes[:, :2])),
            "name": None,
        }
    )


def _sift(table: pd.DataFrame, streets: gpd.GeoDataFrame, land: BaseGeometry) -> pd.DataFrame:
    """Drop what stands on streets, outside the land, or on an earlier building."""
    geometry = table["geometry"].to_numpy()
    tree = shapely.STRtree(streets.geometry.to_numpy())
    house, street = tree.query(geometry, predicate="dwithin", distance=10.5)
    gap = shapely.distance(geometry[house], tree.geometries[street])
    room = streets["width_m"].to_numpy()[street] / 2 + 2
    bad = np.zeros(len(table), dtype=bool)
    bad[house[gap < room]] = True
    shapely.prepare(land)
    bad |= ~shapely.contains(land, geometry)
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    pairs = np.column_stack([one, other])[one < other]
    shared = shapely.area(shapely.intersection(geometry[pairs[:, 0]], geometry[pairs[:, 1]]))
    for first, second in pairs[shared > 0.01]:
        bad[second] |= not bad[first]
    return table[~bad].reset_index(drop=True)


def make_buildings(network: Network, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Build the town.

    Returns
    -------
    geopandas.GeoDataFrame
        ``building_id``, ``kind``, ``name``, ``levels``, ``stairs``, ``n_dwellings``,
        ``residential``, ``owner``, ``tenure``, ``block``, geometry (Polygon) and ``front``.
    """
    parts = [landmarks(network.blocks), ring_blocks(network.blocks), _houses(network.blocks, rng)]
    land = shapely.difference(network.outline, network.water.buffer(8))
    table = _sift(pd.concat(parts, ignore_index=True), network.streets, land)
    corner = shapely.bounds(table["geometry"].to_numpy())
    first = ~table["name"].notna()
    table = table.iloc[np.lexsort((corner[:, 1], corner[:, 0], first))].reset_index(drop=True)
    table.insert(0, "building_id", [f"B{n:05d}" for n in range(1, len(table) + 1)])
    flats = table["stairs"] * table["levels"] * 2
    units = np.maximum(1, shapely.area(table["geometry"].to_numpy()) // 55).astype(int)
    table["n_dwellings"] = np.select(
        [table["kind"] == "apartments", table["kind"] == "villa", table["kind"] == "rowhouse"],
        [flats, 1, units],
        0,
    )
    table["residential"] = table["n_dwellings"] > 0
    share = np.cumsum([part for *_, part in plan.OWNERS])[:-1]
    of_block = np.searchsorted(share, rng.random(int(table["block"].max()) + 2))
    number = of_block[table["block"].to_numpy()]
    flat = table["kind"] == "apartments"
    for column, position in (("owner", 0), ("tenure", 1)):
        words = np.array([owner[position] for owner in plan.OWNERS], dtype=object)
        table[column] = pd.Series(words[number]).where(flat)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=plan.CRS)


def number_on(streets: NDArray[Any], side: NDArray[Any], along: Floats) -> NDArray[np.int64]:
    """Return house numbers: odd on the left, even on the right, in order along each street."""
    table = pd.DataFrame({"street": streets, "side": side, "along": along})
    rank = table.sort_values("along", kind="stable").groupby(["street", "side"]).cumcount()
    number = 2 * rank.sort_index().to_numpy() + np.where(side, 1, 2)
    return number.astype(np.int64)
