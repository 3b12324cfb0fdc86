"""Water and streets of the synthetic town.

A skeleton of main roads, ring streets and smoothed area boundaries divides the town; each part is
filled with a bent grid in the direction of its area (`grid`), and the faces are the blocks
(`blocks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.synthetic import plan
from geodata.synthetic.blocks import make_blocks
from geodata.synthetic.grid import local_links, out_of_woods
from geodata.synthetic.plan import GRID_SIZE, Floats

WIDTHS: Final = {"main": 14.0, "collector": 9.0, "local": 6.5, "footpath": 3.0}
"""Width of the carriageway in metres by kind of street."""


@dataclass(frozen=True)
class Network:
    """Streets (LineString: street_id, name, kind, width_m), blocks and water."""

    streets: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame
    water: BaseGeometry
    outline: BaseGeometry


def smooth(points: Floats, rounds: int = 3) -> Floats:
    """Cut the corners of a line (Chaikin's scheme); the ends stay."""
    for _ in range(rounds):
        near = 0.75 * points[:-1] + 0.25 * points[1:]
        far = 0.25 * points[:-1] + 0.75 * points[1:]
        middle = np.stack([near, far], axis=1).reshape(-1, points.shape[1])
        points = np.vstack([points[:1], middle, points[-1:]])
    return points


def water_polygon() -> BaseGeometry:
    """Return the schematic river from lake to bay, as one polygon."""
    line = smooth(np.array(plan.RIVER, dtype=float))
    step = np.gradient(line[:, :2], axis=0)
    normal = np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(*step.T)[:, None]
    half = line[:, 2:] / 2
    ring = np.vstack([line[:, :2] + normal * half, (line[:, :2] - normal * half)[::-1]])
    water: BaseGeometry = shapely.set_precision(Polygon(ring).buffer(0), GRID_SIZE)
    return water


def outline_polygon(areas: gpd.GeoDataFrame) -> BaseGeometry:
    """Return the built-up part: the drawn outline within the areas handed in."""
    outline = Polygon(smooth(np.array((*plan.OUTLINE, plan.OUTLINE[0]), dtype=float)))
    return outline.intersection(shapely.union_all(areas.geometry.to_numpy()))


def skeleton(areas: gpd.GeoDataFrame, outline: BaseGeometry, water: BaseGeometry) -> pd.DataFrame:
    """Return main roads, ring streets and collectors: name, kind, geometry."""
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "kind": "main",
            "geometry": LineString(smooth(np.array(points, dtype=float))),
        }
        for name, points in plan.MAIN_ROADS
    ]
    taken: BaseGeometry = shapely.union_all([row["geometry"] for row in rows])
    for name, x, y, radius in plan.RINGS:
        turn = np.linspace(0, 2 * np.pi, 65)
        ring = np.column_stack([x + (radius + 36) * np.cos(turn), y + (radius + 36) * np.sin(turn)])
        line = LineString(ring)
        rows.append({"name": name, "kind": "collector", "geometry": line})
        taken = taken.union(line)
    discs = MultiPoint([(x, y) for _, x, y, _ in plan.RINGS]).buffer(230)
    inside = outline.buffer(-140).difference(water.buffer(14)).difference(discs)
    near: BaseGeometry = taken.buffer(55, quad_segs=4)  # no second road beside one already drawn
    for border in areas.geometry.boundary:
        simple = shapely.line_merge(border).simplify(32)
        for part in shapely.get_parts(simple):
            bent = LineString(smooth(shapely.get_coordinates(part), 2))
            free = bent.intersection(inside).difference(near)
            for piece in shapely.get_parts(shapely.line_merge(free)):
                if piece.length > 160:
                    # back over the gap to the road it was cut off from
                    road = _reach(piece, taken, 75)
                    rows.append({"name": None, "kind": "collector", "geometry": road})
                    taken = taken.union(road)
                    near = near.union(road.buffer(55, quad_segs=4))
    return pd.DataFrame(rows)


def _reach(line: BaseGeometry, others: BaseGeometry, within: float) -> LineString:
    points = shapely.get_coordinates(line)
    for end in (0, -1):
        target = shapely.shortest_line(Point(points[end]), others)
        if target.length <= within:
            hit = shapely.get_coordinates(target)[-1:]
            points = np.vstack([hit, points] if end == 0 else [points, hit])
    return LineString(points)


def name_streets(
    roads: pd.DataFrame, links: pd.DataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return the streets: links of one line joined, one row a connected piece, named.

    Footpaths have no name. Names are drawn without replacement and given from west to east.
    """
    table = pd.concat([roads, links], ignore_index=True)
    loose = table["name"].isna() & (table["kind"] != "footpath")
    own = -1 - np.arange(len(table))  # a collector is a street of its own
    key = table["line"].fillna(pd.Series(own, index=table.index)).where(loose, -(10**6))
    west = table.assign(key=key, west=shapely.bounds(table["geometry"].to_numpy())[:, 0])
    order = west[loose].groupby("key")["west"].min().sort_values(kind="stable").index
    used = {name for name, *_ in plan.MAIN_ROADS}
    endings = ("gatan", "vägen", "gränd", "stigen", "allén", "backen")
    stems = plan.STEMS.split()
    pool = [s + e for e in endings[:2] for s in stems if s + e not in used]
    spare = [s + e for e in endings[2:] for s in stems]
    pool = [*rng.permutation(pool), *rng.permutation(spare)]
    names = dict(zip(order, pool, strict=False))
    table["name"] = table["name"].where(~loose, key.map(names))
    table["group"] = table["name"].fillna("").astype(str)
    rows = []
    for (kind, name), group in table.groupby(["kind", "group"], sort=True):
        merged = shapely.union_all(group["geometry"].to_numpy(), grid_size=GRID_SIZE)
        if merged.geom_type == "MultiLineString":
            merged = shapely.line_merge(merged)
        rows += [(name or None, kind, part) for part in shapely.get_parts(merged)]
    streets = gpd.GeoDataFrame(rows, columns=["name", "kind", "geometry"], crs=plan.CRS)
    streets = streets[streets.length > 10].reset_index(drop=True)
    streets.insert(0, "street_id", [f"G{n:04d}" for n in range(1, len(streets) + 1)])
    streets["width_m"] = streets["kind"].map(WIDTHS)
    return streets


def build_network(areas: gpd.GeoDataFrame, rng: np.random.Generator) -> Network:
    """Lay out water, streets and blocks.

    Parameters
    ----------
    areas
        Polygons in `plan.CRS` with column ``name``; of overlapping areas the first holds.
    rng
        Source of chance.
    """
    water = water_polygon()
    outline = outline_polygon(areas)
    roads = skeleton(areas, outline, water)
    links = local_links(areas, roads, outline, water, rng)
    land = outline.difference(water.buffer(10))
    lines = gpd.GeoDataFrame(pd.concat([roads, links], ignore_index=True), crs=plan.CRS)
    blocks = make_blocks(lines, areas, land, outline, rng.uniform(0, 6.28, 3))
    streets = name_streets(roads, out_of_woods(links, blocks), rng)
    return Network(streets=streets, blocks=blocks, water=water, outline=outline)
