"""Water, streets and blocks of the synthetic town.

A skeleton of main roads, ring streets and smoothed area boundaries divides the town; each part is
filled with a bent grid in the direction of its area, thinned by chance: some links become footpaths
and some nothing. The faces of what remains are the blocks.
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

Floats = NDArray[np.float64]

WIDTHS: Final = {"main": 14.0, "collector": 9.0, "local": 6.5, "footpath": 3.0}
"""Width of the carriageway in metres by kind of street."""

POLYGON: Final = 3  # shapely's number of the type

GRID_SIZE: Final = 0.1  # metres; coordinates are rounded to it, which also mends float noise


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
    return shapely.set_precision(shapely.make_valid(shapely.polygons(ring)), GRID_SIZE)


def outline_polygon(areas: gpd.GeoDataFrame) -> BaseGeometry:
    """Return the built-up part: the drawn outline within the areas handed in."""
    outline = shapely.polygons(smooth(np.array((*plan.OUTLINE, plan.OUTLINE[0]), dtype=float)))
    return shapely.intersection(outline, shapely.union_all(areas.geometry.to_numpy()))


def skeleton(areas: gpd.GeoDataFrame, outline: BaseGeometry, water: BaseGeometry) -> pd.DataFrame:
    """Return main roads, ring streets and collectors: name, kind, geometry."""
    rows: list[dict[str, Any]] = [
        {"name": name, "kind": "main", "geometry": shapely.linestrings(smooth(np.array(points)))}
        for name, points in plan.MAIN_ROADS
    ]
    taken = shapely.union_all([row["geometry"] for row in rows])
    for name, x, y, radius in plan.RINGS:
        turn = np.linspace(0, 2 * np.pi, 65)
        ring = np.column_stack([x + (radius + 36) * np.cos(turn), y + (radius + 36) * np.sin(turn)])
        line = shapely.linestrings(ring)
        rows.append({"name": name, "kind": "collector", "geometry": line})
        taken = taken.union(line)
    discs = shapely.buffer(shapely.points([(x, y) for _, x, y, _ in plan.RINGS]), 230)
    inside = outline.buffer(-140).difference(water.buffer(14)).difference(shapely.union_all(discs))
    near = taken.buffer(55, quad_segs=4)  # no second road beside one already drawn
    for border in areas.geometry.boundary:
        simple = shapely.line_merge(border).simplify(32)
        for part in shapely.get_parts(simple):
            bent = shapely.linestrings(smooth(shapely.get_coordinates(part), 2))
            free = bent.intersection(inside).difference(near)
            for piece in shapely.get_parts(shapely.line_merge(free)):
                if piece.length > 160:
                    # back over the gap to the road it was cut off from
                    line = _reach(piece, taken, 75)
                    rows.append({"name": None, "kind": "collector", "geometry": line})
                    taken = taken.union(line)
                    near = near.union(line.buffer(55, quad_segs=4))
    return pd.DataFrame(rows)


def _reach(line: BaseGeometry, others: BaseGeometry, within: float) -> BaseGeometry:
    points = shapely.get_coordinates(line)
    for end in (0, -1):
        target = shapely.shortest_line(shapely.points(points[end]), others)
        if target.length <= within:
            hit = shapely.get_coordinates(target)[-1:]
            points = np.vstack([hit, points] if end == 0 else [points, hit])
    return shapely.linestrings(points)


def style_of(name: str) -> plan.Style:
    """Return the style of an area by its name."""
    return next((style for word, style in plan.STYLES if word in name), plan.OUTER)


def bent_grid(
    ground: BaseGeometry, angle: float, style: plan.Style, phase: Floats
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return the links of a bent grid.

    Parameters
    ----------
    ground
        What to cover.
    angle
        Direction of the grid, radians.
    style
        Pitch and bend.
    phase
        Two numbers that shift the bends.

    Returns
    -------
    tuple
        Links, shape (n, 4, 2); their axis (0 along, 1 across) and the number of their line.
    """
    low_x, low_y, high_x, high_y = ground.bounds
    origin = np.round([(low_x + high_x) / 2, (low_y + high_y) / 2])
    half = np.hypot(high_x - low_x, high_y - low_y) / 2
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    links, axis_of, line_of = [], [], []
    for axis, (pitch, other) in enumerate((style.pitch, style.pitch[::-1])):
        n_lines, n_links = int(half // pitch) + 1, int(half // other) + 1
        line, link = np.meshgrid(
            np.arange(-n_lines, n_lines + 1), np.arange(-n_links, n_links), indexing="ij"
        )
        along = (link[..., None] + np.linspace(0, 1, 4)) * other
        across = np.broadcast_to(line[..., None] * pitch, along.shape)
        local = np.stack([along, across] if axis == 0 else [across, along], axis=-1)
        links.append(local.reshape(-1, 4, 2))
        axis_of.append(np.full(line.size, axis))
        line_of.append(line.ravel())
    local = np.concatenate(links)
    world = origin + local @ axes
    bend = style.bend * np.sin(world[..., ::-1] / 172.0 + phase)
    bend += 0.4 * style.bend * np.sin(world / 91.0 + phase[::-1])
    return world + bend, np.concatenate(axis_of), np.concatenate(line_of)


def local_links(
    areas: gpd.GeoDataFrame,
    roads: pd.DataFrame,
    outline: BaseGeometry,
    water: BaseGeometry,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the links of all bent grids: line (a number a street), kind, geometry."""
    drawn = shapely.union_all(roads["geometry"].to_numpy(), grid_size=GRID_SIZE)
    # streets stop short of the edge of the town, which is wood
    land = shapely.difference(outline.buffer(-55), water.buffer(16))
    edges = shapely.union_all([drawn, land.boundary], grid_size=GRID_SIZE)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inner = shapely.point_on_surface(faces)
    faces = faces[shapely.contains(land, inner) & (shapely.area(faces) > 9000)]
    owner = _owner(shapely.point_on_surface(faces), areas)
    rings = shapely.points([(x, y) for _, x, y, _ in plan.RINGS])
    turn = rng.uniform(0, np.pi / 2, len(areas))
    in_grid = np.array([style_of(name) is plan.GRID_CITY for name in areas["name"]])
    turn = np.where(in_grid, 0.12 + turn / 12, turn)  # the old town keeps one direction
    angles = dict(zip(areas.index, turn, strict=True))
    phases = dict(zip(areas.index, rng.uniform(0, 6.28, (len(areas), 2)), strict=True))
    faces, owner = faces[~_any_in(faces, rings)], owner[~_any_in(faces, rings)]
    tables = []
    for area in np.unique(owner):
        style = style_of(areas.at[area, "name"])
        ground = shapely.multipolygons(faces[owner == area])
        links, axis, line = bent_grid(ground, angles[area], style, phases[area])
        draw = rng.random(len(links))
        lines = shapely.linestrings(links)
        link, face = shapely.STRtree(faces[owner == area]).query(lines, predicate="intersects")
        keep = draw[link] < style.streets + style.paths
        link, face = link[keep], face[keep]
        table = pd.DataFrame({"kind": np.where(draw[link] < style.streets, "local", "footpath")})
        table["geometry"] = shapely.intersection(lines[link], faces[owner == area][face])
        table["line"] = area * 1000 + axis[link] * 500 + line[link]
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    geometry = table["geometry"].to_numpy()
    near = shapely.union_all(roads["geometry"].to_numpy()).buffer(34)
    shapely.prepare(near)
    keep = (shapely.length(geometry) > 14) & ~shapely.covered_by(geometry, near)
    return table[keep & ~_blocked(geometry)].reset_index(drop=True)


def _any_in(polygons: NDArray[Any], points: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which polygons hold one of the points."""
    return shapely.contains(polygons[:, None], points).any(axis=1)


def _blocked(lines: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which lines run over the ground of a landmark or of the square."""
    spots = shapely.points([(x, y) for _, _, x, y, _ in plan.LANDMARKS])
    radius = np.array([95.0 if kind == "mall" else 70.0 for kind, *_ in plan.LANDMARKS])
    ground = shapely.union_all(shapely.buffer(spots, radius))
    return shapely.intersects(lines, ground)


def _owner(points: NDArray[Any], areas: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return for each point the index of the first area that holds it, else of the nearest."""
    tree = shapely.STRtree(areas.geometry.to_numpy())
    point, area = tree.query(points, predicate="intersects")
    first = pd.Series(area).groupby(point).min()
    found = tree.nearest(points)
    found[first.index.to_numpy()] = first.to_numpy()
    return areas.index.to_numpy()[found]


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
    pool = [s + e for e in endings[:2] for s in plan.STEMS if s + e not in used]
    spare = [s + e for e in endings[2:] for s in plan.STEMS]
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


def make_blocks(
    streets: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    land: BaseGeometry,
    outline: BaseGeometry,
    phase: Floats,
) -> gpd.GeoDataFrame:
    """Return the faces between the streets: kind (of `plan.Style.mix`), area, geometry.

    The kind follows a smooth field over the town, so that like lies beside like.
    """
    roads = streets.geometry[streets["kind"] != "footpath"].to_numpy()
    lines = shapely.union_all([*roads, land.boundary], grid_size=GRID_SIZE)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    faces = faces[shapely.contains(land, inner) & (shapely.area(faces) > 600)]
    wide = streets[streets["kind"].isin(["main", "collector"])]
    verge = np.where(wide["kind"] == "main", 4.5, 2.0)
    faces = shapely.difference(faces, shapely.union_all(wide.geometry.buffer(verge).to_numpy()))
    faces = shapely.get_parts(faces)
    faces = faces[(shapely.area(faces) > 600) & (shapely.get_type_id(faces) == POLYGON)]
    faces = faces[np.lexsort(shapely.bounds(faces)[:, :2].T)]
    inner = shapely.point_on_surface(faces)
    owner = _owner(inner, areas)
    x, y = shapely.get_x(inner), shapely.get_y(inner)
    field = np.sin(x / 210 + phase[0]) + np.sin(y / 190 + phase[1])
    field += 0.8 * np.sin((x + y) / 120 + phase[2])
    blocks = gpd.GeoDataFrame({"area_no": owner, "field": field}, geometry=faces, crs=plan.CRS)
    blocks["kind"] = ""
    for area, group in blocks.groupby("area_no"):
        mix = style_of(areas.at[area, "name"]).mix
        share = group.area.loc[group["field"].sort_values(kind="stable").index].cumsum()
        limits = np.cumsum([part for _, part in mix])[:-1]
        number = np.searchsorted(limits, (share - group.area[share.index] / 2) / group.area.sum())
        blocks.loc[share.index, "kind"] = np.array([kind for kind, _ in mix])[number]
    soft = blocks["kind"].isin(["villa", "row", "slab", "point", "yard", "field"])
    blocks.loc[soft & (blocks.distance(land.boundary) < 1), "kind"] = "park"
    blocks.loc[blocks.distance(outline.boundary) < 20, "kind"] = "wood"
    for (px, py), kind in ((plan.SQUARE, "square"), (plan.PARK, "park")):
        blocks.loc[blocks.contains(shapely.Point(px, py)), "kind"] = kind
    rings = shapely.points([(rx, ry) for _, rx, ry, _ in plan.RINGS])
    for ring in rings:
        blocks.loc[blocks.contains(ring), "kind"] = "ring"
    return blocks.drop(columns="field")


def out_of_woods(links: pd.DataFrame, blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the links without what runs inside woods and fields; one line in four stays as footpath."""
    wild = blocks.geometry[blocks["kind"].isin(["wood", "field"])].to_numpy()
    inside = shapely.union_all(wild).buffer(-4)
    shapely.prepare(inside)
    geometry = links["geometry"].to_numpy()
    wood = shapely.intersects(inside, geometry)
    table = links.copy()
    table.loc[wood, "geometry"] = shapely.difference(geometry[wood], inside)
    trail = links[wood & (links["line"] % 4 == 0)].copy()
    trail["kind"] = "footpath"
    trail["geometry"] = shapely.intersection(trail["geometry"].to_numpy(), inside)
    table = pd.concat([table, trail], ignore_index=True)
    return table[shapely.length(table["geometry"].to_numpy()) > 12].reset_index(drop=True)


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
    land = shapely.difference(outline, water.buffer(10))
    lines = gpd.GeoDataFrame(pd.concat([roads, links], ignore_index=True), crs=plan.CRS)
    blocks = make_blocks(lines, areas, land, outline, rng.uniform(0, 6.28, 3))
    streets = name_streets(roads, out_of_woods(links, blocks), rng)
    return Network(streets=streets, blocks=blocks, water=water, outline=outline)
