"""Points where a camera could stand, all of them on open ground, and why others can't be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from hotspots.candidates.corners import corner_points
from hotspots.candidates.finding import along_streets, grid_points
from hotspots.candidates.options import CandidateOptions, Source
from hotspots.layers import in_order, nearest_outline
from hotspots.sightlines import Obstacles
from hotspots.sightlines.viewing import OFF_WALL_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]

REASONS: Final = ("inside_building", "not_public", "far")
"""Why a point can't be used."""

DIRECTIONS: Final = 16
"""Ways out of a house that are tried, from east anticlockwise."""


@dataclass(frozen=True, eq=False)
class Standings:
    """Candidate points on open ground, by easting and northing.

    Attributes
    ----------
    ids
        Id of each, text, shape (n,).
    xy
        Metres, shape (n, 2).
    source
        ``poles``, ``streets``, ``corners`` or ``grid`` of each, shape (n,).
    hotspot
        Row of the hot spot it stands in or nearest to, shape (n,).
    moved_m
        How far it was moved out of a house, metres, shape (n,).
    public
        Whether it stands on public ground, shape (n,); ``None`` where no layer tells.
    rejected
        ``id``, ``source``, ``x_m``, ``y_m``, ``reason`` (`REASONS`) of the points that can't be
        used, those far from every hot spot only of the user's own layer.
    notices
        What was chosen, moved and struck.
    """

    ids: Texts
    xy: Floats
    source: Texts
    hotspot: Ints
    moved_m: Floats
    public: NDArray[np.bool_] | None
    rejected: pd.DataFrame
    notices: tuple[Notice, ...]


def find_standings(
    hotspots: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    obstacles: Obstacles,
    reach_m: float,
    spacing_m: float,
    options: CandidateOptions,
    crs: str,
) -> Standings:
    """Return the points within reach of a hot spot where a camera could stand.

    A point inside a house, or within 1 mm of its wall, is moved to ``off_wall_m`` outside the
    nearest wall if that is at most ``move_m`` away, and struck otherwise. The ids of made points
    are their coordinates, so that a point keeps its id from run to run.

    Parameters
    ----------
    hotspots
        Table ``hotspots``, by rank.
    layers
        Of the project, by name; used are ``poles`` (points), ``streets`` (lines) and
        ``public_ground`` (polygons).
    obstacles
        The houses.
    reach_m
        Farthest a point may stand from a hot spot, metres.
    spacing_m
        Distance between made points, metres.
    options
        Sources and how points are moved.
    crs
        The project's system.
    """
    outlines = hotspots.geometry.to_numpy()
    sources = options.sources or _chosen(layers, obstacles)
    found = [
        _points(one, layers, obstacles, outlines, (reach_m, spacing_m), options, crs)
        for one in sources
    ]
    ids = np.concatenate([one[0] for one in found])
    xy = np.concatenate([one[1] for one in found])
    source = np.repeat(np.array(sources, dtype=object), [len(one[0]) for one in found])
    at, moved = move_out(xy, obstacles, options)
    at[np.isnan(moved)] = xy[np.isnan(moved)]
    hotspot = nearest_outline(at, outlines, within_m=reach_m)
    ground = layers.get("public_ground")
    public = None if ground is None else _on(at, ground)
    reason = np.full(len(ids), "", dtype=object)
    if public is not None and options.public_only:
        reason[~public & (source != "poles")] = "not_public"
    reason[np.isnan(moved)] = "inside_building"
    reason[hotspot < 0] = "far"
    unnamed = (ids == "") & (reason != "far")
    ids[unnamed] = _made_ids(at[unnamed])
    good = np.flatnonzero(reason == "")
    good = good[np.lexsort((source[good].astype(str), ids[good].astype(str), *at[good].T[::-1]))]
    good = good[_first_of_each(at[good])]
    bad = np.flatnonzero((reason != "") & ((reason != "far") | (source == "poles")))
    rejected = pd.DataFrame(
        {
            "id": pd.Series(ids[bad], dtype="str"),
            "source": pd.Series(source[bad], dtype="str"),
            "x_m": xy[bad, 0],
            "y_m": xy[bad, 1],
            "reason": pd.Series(reason[bad], dtype="str"),
        }
    ).sort_values(["x_m", "y_m", "id"], ignore_index=True)
    return Standings(
        ids=ids[good],
        xy=at[good],
        source=source[good],
        hotspot=hotspot[good],
        moved_m=moved[good],
        public=None if public is None else public[good],
        rejected=rejected,
        notices=tuple(_tell(source[good], moved[good], reason, public, reach_m)),
    )


def _chosen(layers: Mapping[str, gpd.GeoDataFrame], obstacles: Obstacles) -> tuple[Source, ...]:
    poles, streets = layers.get("poles"), layers.get("streets")
    if poles is not None and len(poles):
        return ("poles",)
    found: list[Source] = []
    if streets is not None and len(streets):
        found.append("streets")
    if len(obstacles.houses):
        found.append("corners")
    return tuple(found) or ("grid",)


def _points(
    source: Source,
    layers: Mapping[str, gpd.GeoDataFrame],
    obstacles: Obstacles,
    outlines: Texts,
    metres: tuple[float, float],
    options: CandidateOptions,
    crs: str,
) -> tuple[Texts, Floats]:
    """Return ids (empty where they are to be made) and points of one source."""
    reach_m, spacing_m = metres
    layer = layers.get(source)
    if source in ("poles", "streets") and (layer is None or not len(layer)):
        return np.zeros(0, dtype=object), np.zeros((0, 2))
    if source == "poles" and layer is not None:
        table = in_order(layer, "P", crs=crs)
        return table["id"].to_numpy(object), table[["x_m", "y_m"]].to_numpy(np.float64)
    if source == "streets" and layer is not None:
        xy = along_streets(in_order(layer, "G", crs=crs), outlines, reach_m, spacing_m)
    elif source == "corners":
        near = np.unique(
            obstacles.tree.query(outlines, predicate="dwithin", distance=reach_m + options.move_m)[
                1
            ]
        )
        xy = np.round(corner_points(obstacles.houses[near], options.off_wall_m), 2)
    else:
        xy = grid_points(outlines, reach_m, spacing_m)
    return np.full(len(xy), "", dtype=object), xy


def move_out(xy: Floats, obstacles: Obstacles, options: CandidateOptions) -> tuple[Floats, Floats]:
    """Return the points with those in houses moved out, and how far each was moved.

    The way out is that of `DIRECTIONS` from the nearest point of the wall that ends farthest from
    the houses. ``NaN`` metres for a point that lies too deep in a house, or has no way out.
    """
    at = xy.astype(np.float64, copy=True)
    moved = np.zeros(len(xy))
    points = np.asarray(shapely.points(xy), dtype=object)
    point, house = obstacles.tree.query(points, predicate="dwithin", distance=OFF_WALL_M)
    point, first = np.unique(point, return_index=True)
    house = house[first]
    if not len(point):
        return at, moved
    lines = shapely.shortest_line(points[point], shapely.boundary(obstacles.houses[house]))
    wall = shapely.get_coordinates(lines).reshape(-1, 2, 2)[:, 1]
    angle = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    ways = options.off_wall_m * np.column_stack([np.cos(angle), np.sin(angle)])
    tried = wall[:, None, :] + ways[None, :, :]
    free = np.round(shapely.distance(shapely.points(tried), obstacles.houses[house][:, None]), 6)
    best = tried[np.arange(len(point)), np.argmax(free, axis=1)]
    far = np.hypot(*(best - xy[point]).T)
    struck = (shapely.length(lines) > options.move_m) | obstacles.inside(best, margin_m=OFF_WALL_M)
    at[point] = np.round(best, 2)
    moved[point] = np.where(struck, np.nan, far)
    return at, moved


def _on(xy: Floats, ground: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    found = np.zeros(len(xy), dtype=bool)
    points = np.asarray(shapely.points(xy), dtype=object)
    found[ground.sindex.query(points, predicate="intersects")[0]] = True
    return found


def _made_ids(xy: Floats) -> Texts:
    """Return ids of coordinates: whole metres as ``E569000_N6495000``, decimals only if any."""
    made = []
    for x, y in np.round(xy, 1).tolist():
        decimals = 0 if x == int(x) and y == int(y) else 1
        made.append(f"E{x:.{decimals}f}_N{y:.{decimals}f}")
    return np.array(made, dtype=object)


def _first_of_each(xy: Floats) -> Ints:
    """Return the rows of the first point of each decimetre, in order: the rest are the same."""
    _keys, first = np.unique(np.round(xy, 1), axis=0, return_index=True)
    return np.sort(first)


def _tell(
    source: Texts, moved: Floats, reason: Texts, public: NDArray[np.bool_] | None, reach_m: float
) -> list[Notice]:
    names = {
        "poles": _("ur eget lager"),
        "streets": _("längs gator"),
        "corners": _("vid hushörn"),
        "grid": _("i rutnät"),
    }
    counts = {one: int((source == one).sum()) for one in names}
    text = _("Möjliga kameraplatser inom {reach} m från en hot spot: {n} ({parts}).").format(
        reach=number(reach_m),
        n=number(len(source)),
        parts=", ".join(f"{number(n)} {names[one]}" for one, n in counts.items() if n) or "0",
    )
    notices = [Notice(code="standings", text=text, level="chosen", data=counts)]
    n_moved, inside = int((moved > 0).sum()), int((reason == "inside_building").sum())
    if n_moved or inside:
        text = _(
            "Platser i hus: {moved} har flyttats ut till närmaste vägg och {struck} har strukits."
        ).format(moved=number(n_moved), struck=number(inside))
        data = {"moved": n_moved, "struck": inside}
        notices.append(Notice(code="standings_in_houses", text=text, level="warning", data=data))
    off = int((reason == "not_public").sum())
    if off:
        text = ngettext(
            "{n} plats utanför allmän platsmark har strukits.",
            "{n} platser utanför allmän platsmark har strukits.",
            off,
        ).format(n=number(off))
        notices.append(Notice(code="standings_not_public", text=text, data={"n": off}))
    if public is None:
        text = _("Ej kontrollerat om platserna står på allmän platsmark: lager saknas.")
        notices.append(Notice(code="standings_public_unknown", text=text, level="warning"))
    return notices
