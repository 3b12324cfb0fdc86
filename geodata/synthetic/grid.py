"""The bent grids that fill the parts of the synthetic town with local streets and footpaths."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geodata.synthetic import plan
from geodata.synthetic.blocks import owner_of
from geodata.synthetic.plan import GRID_SIZE, Floats, style_of


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
    land = outline.buffer(-55).difference(water.buffer(16))
    edges = shapely.union_all([drawn, land.boundary], grid_size=GRID_SIZE)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inner = shapely.point_on_surface(faces)
    faces = faces[shapely.contains(land, inner) & (shapely.area(faces) > 9000)]
    rings = np.asarray(shapely.points([(x, y) for _, x, y, _ in plan.RINGS]))
    faces = faces[~_any_in(faces, rings)]
    owner = owner_of(shapely.point_on_surface(faces), areas)
    turn = rng.uniform(0, np.pi / 2, len(areas))
    in_grid = np.array([style_of(name) is plan.GRID_CITY for name in areas["name"]])
    turn = np.where(in_grid, 0.12 + turn / 12, turn)  # the old town keeps one direction
    angles = dict(zip(areas.index, turn, strict=True))
    phases = dict(zip(areas.index, rng.uniform(0, 6.28, (len(areas), 2)), strict=True))
    tables = []
    for area in np.unique(owner):
        style = style_of(areas.at[area, "name"])
        ground = MultiPolygon(list(faces[owner == area]))
        links, axis, line = bent_grid(ground, angles[area], style, phases[area])
        draw = rng.random(len(links))
        lines = np.asarray(shapely.linestrings(links))
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


def _any_in(polygons: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which polygons hold one of the points."""
    held = np.asarray(shapely.contains(polygons[:, None], points))
    return np.asarray(held.any(axis=1))


def _blocked(lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which lines run over the ground of a landmark or of the square."""
    spots = shapely.points([(x, y) for _, _, x, y, _ in plan.LANDMARKS])
    radius = np.array(
        [95.0 if kind in ("mall", "hospital") else 70.0 for kind, *_ in plan.LANDMARKS]
    )
    ground = shapely.union_all(shapely.buffer(spots, radius))
    return np.asarray(shapely.intersects(lines, ground))


def out_of_woods(links: pd.DataFrame, blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the links without what runs in woods and fields; one line in four stays a footpath."""
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
