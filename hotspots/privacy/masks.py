"""Masking zones: what of a view is to be hidden, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.privacy.costs import AT_WALL_M, DOOR_M, view_costs
from hotspots.privacy.layers import PrivacyLayers
from hotspots.privacy.options import PrivacyOptions

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Masks:
    """Masking zones and what they leave.

    Attributes
    ----------
    zones
        ``view`` (row of the view), ``kind`` (``yard``, ``facade``, ``entrance`` or a kind of
        sensitive place), ``area_m2``, ``share`` (of the view, 0–1) and ``geometry``; by view and
        kind. Zones of different kinds may overlap.
    left
        What is left of each view: polygons or multipolygons, shape (views,).
    costs
        `view_costs` of what is left, and ``masked_m2``: what the zones take together.
    """

    zones: gpd.GeoDataFrame
    left: Shapes
    costs: pd.DataFrame


def masks(seen: Shapes, layers: PrivacyLayers, options: PrivacyOptions, *, crs: str) -> Masks:
    """Return the zones that hide what is private in each view.

    A yard in view is hidden whole. A residential façade, an entrance and a sensitive place are
    hidden with the ground ``mask_margin_m`` in front of them, so that nobody who stands at the
    door is filmed. The zones are ground: how they are drawn in the picture is set at the camera.
    Nothing is drawn for withheld places: a mask would tell where they are.

    Parameters
    ----------
    seen
        Views, shape (n,).
    layers
        What there is to hide; what is missing gives no zones.
    options
        Kinds and margin.
    crs
        The project's system.
    """
    rows, kinds, shapes = [], [], []
    left = seen.copy()
    for kind, grounds in _zones(layers, options):
        for view, ground in _met(seen, grounds):
            shape = polygons(shapely.intersection(seen[view], ground))
            if shapely.is_empty(shape):
                continue
            rows.append(view)
            kinds.append(kind)
            shapes.append(shape)
            # by the ground itself: cut by the zone, its rounded corners would leave slivers
            left[view] = polygons(shapely.difference(left[view], ground))
    zones = gpd.GeoDataFrame(
        {
            "view": np.array(rows, dtype=np.int64),
            "kind": pd.Series(kinds, dtype="str"),
            "area_m2": shapely.area(np.array(shapes, dtype=object)),
        },
        geometry=gpd.GeoSeries(shapes, crs=crs),
    )
    zones["share"] = zones["area_m2"] / shapely.area(seen)[zones["view"].to_numpy()]
    zones = zones[["view", "kind", "area_m2", "share", "geometry"]]
    zones = zones.sort_values(["view", "kind"], kind="stable", ignore_index=True)
    costs = view_costs(left, layers)
    costs["masked_m2"] = shapely.area(seen) - shapely.area(left)
    return Masks(zones, left, costs)


def _zones(layers: PrivacyLayers, options: PrivacyOptions) -> Iterator[tuple[str, Shapes]]:
    """Return the ground to hide, by kind."""
    margin = options.mask_margin_m
    if "yard" in options.masked and layers.yards is not None:
        yield "yard", layers.yards
    if "facade" in options.masked and layers.dwellings is not None:
        yield "facade", shapely.buffer(layers.dwellings, max(margin, 2 * AT_WALL_M))
    if "entrance" in options.masked and layers.entrances is not None:
        homes = layers.entrances[layers.door_of_dwelling]
        yield "entrance", shapely.buffer(homes, max(margin, 2 * DOOR_M))
    if "sensitive" in options.masked and layers.sensitive is not None:
        for kind in np.unique(layers.kind.astype(str)).tolist():
            places = layers.sensitive[layers.kind == kind]
            yield kind, shapely.buffer(places, max(margin, 2 * AT_WALL_M))


def _met(seen: Shapes, grounds: Shapes) -> Iterator[tuple[int, shapely.Geometry]]:
    """Return each view that meets the ground, and the ground that it meets, merged."""
    view, ground = shapely.STRtree(grounds).query(seen, predicate="intersects")
    order = np.lexsort((ground, view))
    view, ground = view[order], ground[order]
    values, first = np.unique(view, return_index=True)
    for at, group in zip(values, np.split(ground, first[1:]), strict=True) if len(values) else ():
        yield int(at), shapely.union_all(grounds[group])


def polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry as one polygon or multipolygon, which may be empty."""
    pieces = shapely.get_parts(shape)
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    pieces = pieces[shapely.area(pieces) > 1e-6]
    if len(pieces) == 1:
        only: shapely.Geometry = pieces[0]
        return only
    return shapely.multipolygons(pieces) if len(pieces) else shapely.Polygon()
