"""Sensitive places in and near each view, one row each. Shelters are never among them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.privacy.costs import AT_WALL_M
from hotspots.privacy.layers import PrivacyLayers

Shapes = NDArray[np.object_]


def sensitive_near(
    xy: NDArray[np.float64],
    seen: Shapes,
    left: Shapes,
    layers: PrivacyLayers,
    *,
    near_m: float,
) -> pd.DataFrame | None:
    """Return the sensitive places that lie in a view or within `near_m` of its camera.

    Parameters
    ----------
    xy
        The cameras, metres, shape (n, 2).
    seen, left
        Their views, and what the masks leave of them, shape (n,).
    layers
        The sensitive places.
    near_m
        Metres from the camera.

    Returns
    -------
    pandas.DataFrame or None
        ``view`` (row), ``kind``, ``name`` (may be missing), ``distance_m`` from the camera to the
        nearest of it, ``in_view``, ``masked`` (in view, and the masks cover what is seen of it);
        by view, distance, kind and name. ``None`` where the project has no such layer: then nothing
        is known.
    """
    if layers.sensitive is None:
        return None
    places = layers.sensitive
    points = np.asarray(shapely.points(xy), dtype=object)
    tree = shapely.STRtree(places)
    in_view = tree.query(seen, predicate="dwithin", distance=AT_WALL_M)
    unmasked = tree.query(left, predicate="dwithin", distance=AT_WALL_M)
    near = tree.query(points, predicate="dwithin", distance=near_m)
    keys = [pairs[0] * len(places) + pairs[1] for pairs in (in_view, unmasked, near)]
    pairs = np.union1d(keys[0], keys[2])
    view, place = pairs // max(len(places), 1), pairs % max(len(places), 1)
    table = pd.DataFrame(
        {
            "view": view.astype(np.int64),
            "kind": pd.Series(layers.kind[place], dtype="str"),
            "name": pd.Series(layers.name[place], dtype="str"),
            "distance_m": shapely.distance(points[view], places[place]),
            "in_view": np.isin(pairs, keys[0]),
            "masked": np.isin(pairs, keys[0]) & ~np.isin(pairs, keys[1]),
        }
    )
    return table.sort_values(["view", "distance_m", "kind", "name"], ignore_index=True)
