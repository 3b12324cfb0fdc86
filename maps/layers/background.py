"""The project's own layers as a quiet background: simplified, cut to the map and packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from maps import encoding, style
from maps.layers.base import label_points, simplified, wgs84

DIGITS: Final = 5
Extent = tuple[float, float, float, float]

_LEAST_NAMED_M: Final = 60.0
_MOST_NAMES: Final = 300
_COARSER: Final = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Background:
    """The background as the page's script reads it, lowest first.

    ``tolerance_m`` is what its lines were simplified by, ``dropped`` the layer left out to keep
    the page light.
    """

    parts: list[dict[str, Any]]
    tolerance_m: float
    dropped: str = ""


def make_background(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    extent: Extent | None,
    simplify_m: float,
    budget: int,
) -> Background:
    """Return the background, within a budget.

    Parameters
    ----------
    layers
        By name of `style.BACKGROUND`, in the project's CRS.
    extent
        Left, bottom, right and top in metres: what lies wholly outside is left out. ``None``: all
        is kept. The municipality's outline is kept whole.
    simplify_m
        Tolerance asked for, metres. It is doubled up to three times while the background is too
        heavy, and polygons smaller than its square are left out.
    budget
        Bytes of the page it may take. If it is too heavy still, the buildings are left out.

    Raises
    ------
    ValueError
        If a layer has a name without a style.
    """
    unknown = sorted(set(layers) - set(style.BACKGROUND))
    if unknown:
        msg = f"no style for background layers {unknown}"
        raise ValueError(msg)
    inside = {
        name: _cut(layers[name], None if name == "municipality" else extent)
        for name in style.BACKGROUND
        if name in layers
    }
    tolerance = simplify_m
    for factor in _COARSER:
        tolerance = simplify_m * factor
        parts = [part for name, table in inside.items() for part in _parts(name, table, tolerance)]
        if len(encoding.to_json(parts)) <= budget:
            return Background(parts, tolerance)
    kept = [part for part in parts if part["name"] != "buildings"]
    return Background(kept, tolerance, dropped="buildings" if len(kept) < len(parts) else "")


def _cut(table: gpd.GeoDataFrame, extent: Extent | None) -> gpd.GeoDataFrame:
    """Keep what touches the extent; cut wide shapes at it, so that a whole bay weighs little."""
    if extent is None:
        return table
    box = shapely.box(*extent)
    near = table.loc[shapely.intersects(np.asarray(table.geometry.array), box)]
    shapes = np.array(near.geometry.array, dtype=object)  # a copy: the table may share its own
    wide = ~shapely.covers(box, shapes)
    shapes[wide] = shapely.clip_by_rect(shapely.make_valid(shapes[wide]), *extent)
    return near.set_geometry(shapes, crs=table.crs)


def _parts(name: str, table: gpd.GeoDataFrame, tolerance: float) -> list[dict[str, Any]]:
    if style.BACKGROUND[name]["kind"] == "street":
        return _streets(table, tolerance)
    shapes = _polygons(np.asarray(table.geometry.array), tolerance)
    if len(shapes) == 0:
        return []
    part = _encoded(name, table, shapes)
    if "name" in table.columns and "ink" in style.BACKGROUND[name]:
        part["names"] = _polygon_names(table.loc[table["name"].notna().to_numpy()])
    return [part]


def _polygon_names(table: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return names of the largest polygons, each with a point inside."""
    large = table.assign(size=table.area.to_numpy(), word=table["name"].astype(str))
    large = large.sort_values(["size", "word"], ascending=[False, True], kind="stable")
    large = large.drop_duplicates("word").head(_MOST_NAMES)
    inside = large.set_geometry(label_points(np.asarray(large.geometry.array)), crs=large.crs)
    return {
        "texts": large["word"].tolist(),
        "points": encoding.points(wgs84(inside), DIGITS),
        "digits": DIGITS,
    }


def _streets(table: gpd.GeoDataFrame, tolerance: float) -> list[dict[str, Any]]:
    """Return streets by rank, paths (0) first and main roads (3) last, all names with the last."""
    shapes = np.asarray(table.geometry.array)
    lines = shapely.get_dimensions(shapes) == 1
    column = next((c for c in style.ROAD_COLUMNS if c in table.columns), None)
    rank = np.ones(len(table), dtype=np.int64)
    if column is not None:
        rank = table[column].astype(str).map(style.ROAD_RANKS).fillna(1).to_numpy(dtype=np.int64)
    parts = []
    for level in range(4):
        chosen = shapes[lines & (rank == level)]
        if len(chosen):
            parts.append(_encoded("streets", table, _lines(chosen, tolerance), rank=level))
    if parts and "name" in table.columns:
        parts[-1]["names"] = _names(table.loc[lines & table["name"].notna().to_numpy()])
    return parts


def _names(streets: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return where street names may be written: the middle of each fairly straight stretch."""
    words: list[str] = []
    stretches: list[Any] = []
    for word, shapes in sorted(streets.geometry.groupby(streets["name"].astype(str))):
        merged = _joined(np.asarray(shapes.array))
        words += [word] * len(merged)
        stretches += merged.tolist()
    lines = np.array(stretches, dtype=object)
    lengths = shapely.length(lines)
    ends = [shapely.line_interpolate_point(lines, part, normalized=True) for part in (0.3, 0.7)]
    straight = shapely.distance(*ends) > 0.97 * 0.4 * lengths
    keep = np.flatnonzero(straight & (lengths >= _LEAST_NAMED_M))
    both = np.column_stack([end[keep] for end in ends]).ravel()
    degrees = wgs84(gpd.GeoDataFrame(geometry=both, crs=streets.crs))
    return {
        "texts": [words[i] for i in keep],
        "ends": encoding.points(degrees, DIGITS),
        "digits": DIGITS,
    }


def _polygons(shapes: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    parts = shapely.get_parts(shapes)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    parts = parts[shapely.area(parts) > tolerance**2]
    # Outer rings one way and holes the other: all can then be filled as one path.
    return _sorted(np.asarray(shapely.orient_polygons(simplified(parts, tolerance))))


def _joined(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Join lines end to end where only two meet; crossings stay where they are."""
    merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(shapes)))
    return _sorted(shapely.get_parts(merged))


def _lines(shapes: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.simplify(_joined(shapes), tolerance))


def _sorted(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return shapes in an order of their own, near ones together: differences stay short."""
    if len(shapes) == 0:
        return shapes
    left, bottom, _right, _top = shapely.bounds(shapes).T
    order = np.lexsort((shapely.to_wkb(shapes), left, bottom, left // 500, bottom // 500))
    return shapes[order]


def _encoded(
    name: str, table: gpd.GeoDataFrame, shapes: npt.NDArray[np.object_], **more: object
) -> dict[str, Any]:
    degrees = wgs84(gpd.GeoDataFrame(geometry=shapes, crs=table.crs))
    look = {**style.BACKGROUND[name], **more}
    return {
        "name": name,
        "digits": DIGITS,
        "look": look,
        "shapes": encoding.paths(degrees, DIGITS),
    }
