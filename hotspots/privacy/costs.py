"""What a view costs in privacy: what of it is private, who lives there, which places lie in it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.privacy.layers import SENSITIVE_KINDS, PrivacyLayers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

AT_WALL_M: Final = 0.05
"""A wall is in view where the view comes this near, metres; so a corner may add twice this."""

DOOR_M: Final = 0.5
"""An entrance is in view when the view comes this near: doors are drawn on or in the wall."""

LEAST_FACADE_M: Final = 0.5
"""A house is in view when at least so much of its wall is, metres: less is a corner grazed."""

LEAST_M2: Final = 0.1
"""Ground in view smaller than this is none."""


def view_costs(seen: Shapes, layers: PrivacyLayers) -> pd.DataFrame:
    """Return what each view costs. A column is NA throughout where its layer is missing.

    Parameters
    ----------
    seen
        Views (`hotspots.sightlines.views`) or what masks leave of them; shape (n,).
    layers
        What there is to see.

    Returns
    -------
    pandas.DataFrame
        One row a view, in order:

        ``area_m2``
            area seen
        ``public_m2``, ``share_public``
            of it public ground, m² and 0–1 (NA where nothing is seen)
        ``private_yard_m2``
            of it private yards
        ``facade_m``
            length of residential façade in view, along the ground
        ``n_dwelling_buildings``
            residential buildings with at least `LEAST_FACADE_M` of façade in view
        ``n_entrances``, ``n_other_entrances``
            entrances of residential buildings in view, and of others
        ``n_sensitive``, ``n_sensitive_<kind>``
            sensitive places in view, in all and by `SENSITIVE_KINDS`; a place is in view when the
            view comes within `AT_WALL_M` of it
        ``stop_m2``, ``existing_m2``
            of the view transit stop areas, and what existing cameras see
        ``n_withheld``
            places in view that must not be told of. For choosing sites only (`for_choosing`): it
            must not be written anywhere.
    """
    area = shapely.area(seen)
    public = area_within(seen, layers.public)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(area > 0, public / area, np.nan)
    facade, houses = _facades(seen, layers.dwellings)
    doors, other_doors = _entrances(seen, layers)
    table = {
        "area_m2": area,
        "public_m2": public,
        "share_public": np.clip(share, 0, 1),
        "private_yard_m2": area_within(seen, layers.yards),
        "facade_m": facade,
        "n_dwelling_buildings": _whole(houses),
        "n_entrances": _whole(doors),
        "n_other_entrances": _whole(other_doors),
        **_sensitive(seen, layers),
        "stop_m2": area_within(seen, layers.stops),
        "existing_m2": area_within(seen, layers.existing),
        "n_withheld": _whole(_count_near(seen, layers.withheld, AT_WALL_M)),
    }
    return pd.DataFrame(table)


def for_choosing(costs: pd.DataFrame) -> pd.DataFrame:
    """Return costs to choose by: withheld places count as sensitive ones, and leave no column.

    The result steers which sites can be chosen and must not be written.
    """
    table = costs.drop(columns="n_withheld")
    table["n_sensitive"] = costs["n_sensitive"] + costs["n_withheld"]
    return table


def area_within(seen: Shapes, ground: Shapes | None) -> Floats:
    """Return how much of each view is ground of a kind, m²; NaN where the layer is missing.

    Polygons that overlap count once.
    """
    if ground is None:
        return np.full(len(seen), np.nan)
    found = np.zeros(len(seen))
    for view, shape in _pieces(seen, ground):
        found[view] = shapely.area(shape)
    return np.where(found < LEAST_M2, 0.0, found)


def _pieces(seen: Shapes, ground: Shapes) -> list[tuple[int, shapely.Geometry]]:
    """Return each view that meets the ground, with what of it is such ground, merged."""
    view, other = shapely.STRtree(ground).query(seen, predicate="intersects")
    order = np.lexsort((other, view))
    view, other = view[order], other[order]
    shared = shapely.intersection(seen[view], ground[other])
    values, first = np.unique(view, return_index=True)
    groups = np.split(shared, first[1:]) if len(values) else []
    return [
        (int(at), group[0] if len(group) == 1 else shapely.union_all(group))
        for at, group in zip(values, groups, strict=True)
    ]


def _facades(seen: Shapes, dwellings: Shapes | None) -> tuple[Floats, Floats]:
    """Return the metres of residential façade in each view, and the houses that they are of."""
    if dwellings is None:
        return np.full(len(seen), np.nan), np.full(len(seen), np.nan)
    view, house = shapely.STRtree(dwellings).query(seen, predicate="dwithin", distance=AT_WALL_M)
    wide = shapely.buffer(seen, AT_WALL_M, cap_style="flat", join_style="mitre", mitre_limit=2)
    walls = shapely.boundary(dwellings)
    length = shapely.length(shapely.intersection(walls[house], wide[view]))
    counted = length >= LEAST_FACADE_M
    metres = np.bincount(view[counted], weights=length[counted], minlength=len(seen))
    houses = np.bincount(view[counted], minlength=len(seen))
    # numpy counts in whole numbers where there is nothing to weigh
    return metres.astype(np.float64), houses.astype(np.float64)


def _entrances(seen: Shapes, layers: PrivacyLayers) -> tuple[Floats, Floats]:
    doors, home = layers.entrances, layers.door_of_dwelling
    if doors is None or home is None:
        return np.full(len(seen), np.nan), np.full(len(seen), np.nan)
    return _count_near(seen, doors[home], DOOR_M), _count_near(seen, doors[~home], DOOR_M)


def _count_near(seen: Shapes, shapes: Shapes | None, within_m: float) -> Floats:
    if shapes is None:
        return np.full(len(seen), np.nan)
    view, _shape = shapely.STRtree(shapes).query(seen, predicate="dwithin", distance=within_m)
    return np.bincount(view, minlength=len(seen)).astype(np.float64)


def _sensitive(seen: Shapes, layers: PrivacyLayers) -> dict[str, pd.Series[int]]:
    places = layers.sensitive
    kinds = {
        kind: _whole(
            _count_near(seen, None if places is None else places[layers.kind == kind], AT_WALL_M)
        )
        for kind in SENSITIVE_KINDS
    }
    total = _whole(_count_near(seen, places, AT_WALL_M))
    return {"n_sensitive": total, **{f"n_sensitive_{kind}": n for kind, n in kinds.items()}}


def _whole(counts: Floats) -> pd.Series[int]:
    return pd.Series(counts).astype("Int64")
