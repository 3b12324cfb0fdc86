"""Ring blocks, and the buildings with a place of their own: malls, schools, station, hospital."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon

from geodata.synthetic import plan
from geodata.synthetic.plan import Floats


def rectangles(centre: Floats, angle: Floats, length: Floats, depth: Floats) -> Floats:
    """Return corners, shape (n, 4, 2), to the centimetre; the first side is the front."""
    u = np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None] / 2
    v = np.column_stack([-np.sin(angle), np.cos(angle)]) * depth[:, None] / 2
    corners = np.stack([centre - u - v, centre + u - v, centre + u + v, centre - u + v], axis=1)
    return np.round(corners, 2)


def ring_blocks(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the houses of the large rings, as sectors with their doors to the yard."""
    rows = []
    sector = 2 * np.pi / 12
    for _name, x, y, radius in plan.RINGS:
        block = int(blocks.index[blocks.contains(Point(x, y))][0])
        for k in range(12):
            turn = (k + np.linspace(0.07, 0.93, 5)) * sector
            way = np.column_stack([np.cos(turn), np.sin(turn)])
            yard = np.round([x, y] + (radius - 13) * way, 2)
            street = np.round([x, y] + radius * way, 2)
            rows.append(
                {
                    "kind": "apartments",
                    "levels": 8 if k % 3 else 5,
                    "stairs": 3,
                    "block": block,
                    "geometry": Polygon(np.vstack([yard, street[::-1]])),
                    "front": LineString(yard),
                    "name": None,
                }
            )
    return pd.DataFrame(rows)


def landmarks(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return malls, schools and the other buildings with a place of their own."""
    wings = {
        "mall": ((0, 0, 128, 72), (-38, 44, 46, 30)),
        "school": ((0, 0, 76, 15), (-30, 22, 15, 32), (0, 19, 13, 26), (30, 22, 15, 32)),
        "police": ((0, 0, 48, 16), (-18, 17, 14, 22)),
        "hospital": ((0, 0, 120, 18), (-34, 26, 18, 38), (34, 26, 18, 38), (0, 52, 90, 16)),
    }
    rows = []
    for kind, name, x, y, degrees in plan.LANDMARKS:
        angle = np.radians(degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        part = np.array(wings[kind], dtype=float)
        centre = [x, y] + part[:, :2] @ turn
        boxes = rectangles(centre, np.full(len(part), angle), part[:, 2], part[:, 3])
        shape = shapely.set_precision(shapely.union_all(shapely.polygons(boxes)), 0.01)
        holder = blocks.index[blocks.contains(Point(x, y))]
        rows.append(
            {
                "kind": kind,
                "levels": 2 if kind != "police" else 4,
                "stairs": 0,
                "name": name,
                "block": int(holder[0]) if len(holder) else -1,
                "geometry": shape,
                "front": LineString(boxes[0, :2]),
            }
        )
    return pd.DataFrame(rows)
