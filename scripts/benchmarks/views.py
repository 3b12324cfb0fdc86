"""Exact views from 2,000 points among 2,400 houses, beside pysovist and shapely.

Run ``python -m scripts.benchmarks.views [--sites 2000]``. The town is synthetic: blocks of houses
around yards, some of them turned, some with wings. With ``LAGESBILD_DATA`` set to a folder that
holds ``osm/Helsinki_buildings.parquet`` the footprints of Helsinki's centre are measured as well,
laid out five times side by side.

All do the same on the same merged footprints: the ground seen within 50 m, all around. pysovist is
asked as its manual says for many observers (``isovist_field``, one worker); it gives areas.
Shapely gets the straightforward way: a disc minus the houses in it and what each of their walls
throws in shadow. Cpu seconds of one thread, the least of three runs (shapely and pysovist: of one);
compiling is told apart. What making the houses ready takes (merging, index; pysovist: its plan) is
told apart too and is in none of the ratios.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.sightlines import Obstacles, ViewOptions, make_obstacles, views
from hotspots.sightlines.walls import edges_of

CRS = "EPSG:3006"
REACH_M = 50.0
SEED = 581
OPTIONS = ViewOptions(reach_m=REACH_M)

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def town() -> gpd.GeoDataFrame:
    """Return 2,400 houses in 20 × 12 blocks of 90 × 70 m, ten around each yard."""
    rng = np.random.default_rng(SEED)
    plots = [(x, y, 16.0, 12.0) for x in (0, 18, 36, 54) for y in (0, 44)]
    plots += [(0, 16, 12.0, 24.0), (58, 16, 12.0, 24.0)]
    shapes = []
    for column in range(20):
        for row in range(12):
            corner = np.array([569_000 + 90 * column, 6_495_000 + 70 * row])
            turn = rng.uniform(-8, 8)
            for x, y, width, depth in plots:
                size = np.array([width, depth]) * rng.uniform(0.8, 1.0, 2)
                house: shapely.Geometry = shapely.box(x, y, x + size[0], y + size[1])
                if rng.random() < 0.3:
                    wing = shapely.box(x + 2, y + 2, x + 6, y + size[1] + 5)
                    house = shapely.union(house, wing)
                house = shapely.affinity.rotate(house, turn, (35.0, 28.0))
                shapes.append(shapely.affinity.translate(house, *corner))
    return gpd.GeoDataFrame(geometry=shapes, crs=CRS)


def helsinki(folder: Path) -> gpd.GeoDataFrame:
    """Return the footprints of Helsinki's centre five times side by side."""
    table = gpd.read_parquet(folder / "osm" / "Helsinki_buildings.parquet")[["geometry"]]
    table = table.to_crs("EPSG:3067")
    shapes = shapely.make_valid(table.geometry.to_numpy())
    west, _south, east, _north = table.total_bounds
    wide = float(east - west) + 20
    tiled = [
        [shapely.affinity.translate(shape, n * wide) for shape in shapes.tolist()] for n in range(5)
    ]
    return gpd.GeoDataFrame(geometry=[shape for tile in tiled for shape in tile], crs=CRS)


def sites(obstacles: Obstacles, n: int) -> Floats:
    """Return points on open ground, half a metre or more from every house."""
    low, high = np.array(shapely.total_bounds(obstacles.opaque)).reshape(2, 2)
    xy = np.random.default_rng(SEED).uniform(low, high, (4 * n, 2))
    return xy[~obstacles.inside(xy, margin_m=0.5)][:n]


def cpu(task: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the least cpu seconds of some runs, and what the last made."""
    taken = []
    for _run in range(runs):
        begin = time.process_time()
        made = task()
        taken.append(time.process_time() - begin)
    return min(taken), made


def by_shadows(houses: Shapes, xy: Floats) -> Floats:
    """Return the areas seen, by shapely: a disc minus houses and the shadows of their walls."""
    step = 2 * np.pi / 256
    angle = np.arange(256) * step
    radius = REACH_M * np.sqrt(step / np.sin(step))  # the disc's exact area
    circle = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    tree = shapely.STRtree(houses)
    areas = np.zeros(len(xy))
    for at, point in enumerate(xy):
        disc = shapely.polygons(circle + point)
        near = houses[tree.query(disc)]
        if len(near):
            edges = edges_of(near)[0] - np.tile(point, 2)
            cross = edges[:, 0] * edges[:, 3] - edges[:, 1] * edges[:, 2]
            edges = edges[cross < 0]  # walls seen from outside
            ends = edges.reshape(-1, 2, 2)
            wall_m = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
            apart_m = -cross[cross < 0] / wall_m  # from the point to the wall's line
            away = ends * (1 + 2 * REACH_M / apart_m)[:, None, None]
            quads = np.stack([ends[:, 0], ends[:, 1], away[:, 1], away[:, 0]], axis=1)
            shadows = shapely.make_valid(shapely.polygons(quads + point))
            disc = disc.difference(shapely.union_all(np.concatenate([shadows, near])))
        areas[at] = disc.area
    return areas


def by_pysovist(houses: Shapes, xy: Floats) -> tuple[float, float, Floats] | None:
    """Return cpu seconds of the plan and of the views, and areas; ``None`` if not installed."""
    if importlib.util.find_spec("pysovist") is None:
        print("  pysovist is not installed")
        return None
    pysovist: Any = import_module("pysovist")
    origin = xy.mean(axis=0)
    segments = edges_of(houses)[0].reshape(-1, 2, 2) - origin
    ready, plan = cpu(lambda: pysovist.Plan(segments), 1)
    took, field = cpu(
        lambda: pysovist.isovist_field(plan, xy - origin, max_distance=REACH_M, n_jobs=1), 1
    )
    return ready, took, np.asarray(field["area"], dtype=np.float64)


def measure(name: str, houses: gpd.GeoDataFrame, n: int) -> None:
    """Measure all of them on one town and print."""
    ready, obstacles = cpu(lambda: make_obstacles(houses, options=OPTIONS, crs=CRS), 1)
    xy = sites(obstacles, n)
    turning = np.full(len(xy), np.nan)
    begin = time.process_time()
    views(xy[:1], turning[:1], OPTIONS, obstacles)
    compiling = time.process_time() - begin
    ours, seen = cpu(lambda: views(xy, turning, OPTIONS, obstacles), 3)
    area = shapely.area(seen)
    print(
        f"{name}: {len(xy):,} views, {len(houses):,} houses, {len(obstacles.walls.edges):,} walls"
    )
    print(f"  Lägesbild {1e6 * ours / len(xy):.0f} µs a view ({ours:.3f} s), polygons and all")
    print(f"    first view {compiling:.1f} s (compiling, or reading what is compiled)")
    print(f"    houses made ready {ready:.2f} s")
    shapely_s, by_shapely = cpu(lambda: by_shadows(obstacles.opaque, xy), 1)
    tell(f"shapely {version('shapely')}, shadow differences", shapely_s, ours, by_shapely - area)
    peer = by_pysovist(obstacles.opaque, xy)
    if peer is not None:
        tell(f"pysovist {version('pysovist')}", peer[1], ours, peer[2] - area)
        print(f"    its plan made ready {peer[0]:.2f} s")


def tell(name: str, seconds: float, ours: float, apart: Floats) -> None:
    """Print one peer."""
    each = 1e6 * seconds / len(apart)
    print(f"  {name}: {each:.0f} µs a view, {seconds / ours:.0f} × ours")
    print(f"    areas differ by at most {np.abs(apart).max():.3f} m²")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=2000, help="number of points")
    n = parser.parse_args().sites
    measure("Made town", town(), n)
    folder = os.environ.get("LAGESBILD_DATA")
    if folder is not None and (Path(folder) / "osm" / "Helsinki_buildings.parquet").exists():
        measure("Helsinki's footprints, five times", helsinki(Path(folder)), n)


if __name__ == "__main__":
    main()
