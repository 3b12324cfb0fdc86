"""Points where a camera could stand: the user's poles, points along streets, or a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots import tally
from hotspots.layers import in_order, nearest_outline

MOST_LISTED: Final = 5


@dataclass(frozen=True)
class Candidates:
    """Candidate points in a fixed order, by easting and northing.

    Attributes
    ----------
    ids
        Id of each, text, shape (n,).
    xy
        Metres, shape (n, 2).
    hotspot
        Row of the hot spot it stands in or nearest to, shape (n,).
    source
        Where they come from.
    notices
        What was chosen.
    """

    ids: NDArray[np.object_]
    xy: NDArray[np.float64]
    hotspot: NDArray[np.int64]
    source: Literal["poles", "streets", "grid"]
    notices: tuple[Notice, ...]


def find_candidates(
    hotspots: gpd.GeoDataFrame,
    *,
    poles: gpd.GeoDataFrame | None,
    streets: gpd.GeoDataFrame | None,
    reach_m: float,
    spacing_m: float,
    crs: str,
) -> Candidates:
    """Return the points within reach of a hot spot where a camera could stand.

    Parameters
    ----------
    hotspots
        Table ``hotspots``, by rank.
    poles
        Points to choose from; taken when given.
    streets
        Lines along which points are made when there are no poles.
    reach_m
        Farthest a candidate may stand from a hot spot, metres.
    spacing_m
        Distance between made points, metres. They stand on whole metres.
    crs
        The project's CRS.
    """
    outlines = hotspots.geometry.to_numpy()
    source: Literal["poles", "streets", "grid"] = "grid"
    ids = None
    if poles is not None and len(poles):
        layer, source = in_order(poles, "P", crs=crs), "poles"
        ids = layer["id"].to_numpy(object)
        xy = layer[["x_m", "y_m"]].to_numpy(np.float64)
    elif streets is not None and len(streets):
        source = "streets"
        xy = along_streets(in_order(streets, "G", crs=crs), outlines, reach_m, spacing_m)
    else:
        xy = grid_points(outlines, reach_m, spacing_m)
    hotspot = nearest_outline(xy, outlines, within_m=reach_m)
    near = hotspot >= 0
    if ids is None:
        made = [f"E{x:.0f}_N{y:.0f}" for x, y in xy[near].tolist()]
    else:
        made = ids[near].tolist()
    notices = [_tell(source, int(near.sum()), len(near), reach_m, spacing_m)]
    if source != "grid":
        notices += _tell_without(hotspots, xy, source, reach_m)
    return Candidates(np.array(made, dtype=object), xy[near], hotspot[near], source, tuple(notices))


def along_streets(
    streets: gpd.GeoDataFrame, outlines: NDArray[Any], reach_m: float, spacing_m: float
) -> NDArray[np.float64]:
    """Return points each `spacing_m` along the streets near a hot spot, both ends included."""
    lines = shapely.get_parts(streets.geometry.to_numpy())
    _outline, near = shapely.STRtree(lines).query(outlines, predicate="dwithin", distance=reach_m)
    lines = lines[np.unique(near)]
    steps = np.ceil(shapely.length(lines) / spacing_m).astype(np.int64) + 1
    line = np.repeat(np.arange(len(lines)), steps)
    step = np.arange(len(line)) - np.repeat(np.cumsum(steps) - steps, steps)
    points = shapely.line_interpolate_point(lines[line], step * spacing_m)
    return _distinct(shapely.get_coordinates(points))


def grid_points(outlines: NDArray[Any], reach_m: float, spacing_m: float) -> NDArray[np.float64]:
    """Return points on multiples of `spacing_m` within reach of a hot spot's bounds."""
    parts = []
    for west, south, east, north in shapely.bounds(outlines):
        x = np.arange(np.floor((west - reach_m) / spacing_m), (east + reach_m) / spacing_m + 1)
        y = np.arange(np.floor((south - reach_m) / spacing_m), (north + reach_m) / spacing_m + 1)
        parts.append(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2))
    return _distinct(np.concatenate([*parts, np.zeros((0, 2))]) * spacing_m)


def _distinct(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distinct points in whole metres, by easting and northing."""
    x, y = np.round(xy).astype(np.int64).T
    low = y.min(initial=0)
    height = int(y.max(initial=0)) - low + 1
    # one whole number a point: rows sort 50 times as slowly
    keys = tally.unique(x * height + (y - low))
    return np.column_stack([keys // height, keys % height + low]).astype(np.float64)


def _tell(source: str, near: int, total: int, reach_m: float, spacing_m: float) -> Notice:
    texts = {
        "poles": _(
            "Möjliga kameraplatser: {near} av {total} stolpar, de inom {reach} m från en hot spot."
        ),
        "streets": _(
            "Möjliga kameraplatser: {near} punkter längs gator, var {spacing}:e meter, inom "
            "{reach} m från en hot spot. Med ett lager av stolpar väljs bland verkliga fästen."
        ),
        "grid": _(
            "Möjliga kameraplatser: {near} punkter i ett rutnät om {spacing} m, inom {reach} m "
            "från en hot spot. De kan ligga i hus eller vatten; ett lager av stolpar eller gator "
            "ger verkliga platser."
        ),
    }
    text = texts[source].format(
        near=number(near), total=number(total), spacing=number(spacing_m), reach=number(reach_m)
    )
    data = {"source": source, "n_near": near, "n": total}
    return Notice(code="camera_candidates", text=text, level="chosen", data=data)


def _tell_without(
    hotspots: gpd.GeoDataFrame, xy: NDArray[np.float64], source: str, reach_m: float
) -> list[Notice]:
    """Tell which hot spots no camera can be proposed for, for want of a place to put it."""
    points = np.asarray(shapely.points(xy), dtype=object)
    outlines = hotspots.geometry.to_numpy()
    reached, _point = shapely.STRtree(points).query(outlines, predicate="dwithin", distance=reach_m)
    ids = hotspots["hotspot_id"].drop(hotspots.index[np.unique(reached)]).tolist()
    if not ids:
        return []
    listed = ", ".join(ids[:MOST_LISTED])
    if len(ids) > MOST_LISTED:
        listed += " " + _("och {n} till").format(n=number(len(ids) - MOST_LISTED))
    what = _("stolpe") if source == "poles" else _("gata")
    text = _(
        "Ingen {what} finns inom {reach} m från {ids}, så där föreslås ingen kamera. Lägg till "
        "möjliga fästen i lagret om platsen ska prövas."
    ).format(what=what, reach=number(reach_m), ids=listed)
    return [
        Notice(code="no_candidates_near", text=text, level="warning", data={"hotspot_ids": ids})
    ]
