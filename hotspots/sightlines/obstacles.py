"""What hides: the footprints of houses, merged once, their walls kept by where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geodata.errors import Notice, SchemaError
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.reference import mend
from hotspots.entrances import KIND_COLUMNS
from hotspots.sightlines.options import ViewOptions
from hotspots.sightlines.walls import EdgeGrid, edge_grid

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

HEIGHT_COLUMNS: Final = ("height_m", "height", "hojd_m", "höjd_m", "hojd", "höjd", "byggnadshojd")
"""Columns that may hold the height of a house, metres."""

STOREY_COLUMNS: Final = ("levels", "building:levels", "vaningar", "våningar", "antal_vaningar")
"""Columns that may hold the number of storeys."""

TOUCHES_M2: Final = 0.5
"""Footprints that share more than this overlap; less is how neighbours are drawn."""


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Footprints made ready once for all views.

    Attributes
    ----------
    walls
        The walls of the houses that hide all that lies behind, by place.
    opaque
        These houses, merged where they touch or overlap: polygons that don't overlap.
    low, low_height_m
        Houses lower than the camera, which hide the ground nearest behind them only, merged by
        height, and their heights, metres.
    mount_height_m
        Height of the cameras that this was made for.
    tested
        Whether there is anything to hide: ``False`` means that the line of sight is not tested.
    notices
        What was mended, merged or missing.
    """

    walls: EdgeGrid
    opaque: Shapes
    low: Shapes
    low_height_m: Floats
    mount_height_m: float
    tested: bool
    notices: tuple[Notice, ...]

    @cached_property
    def houses(self) -> Shapes:
        """Footprints of all houses, high and low: where no ground can be seen."""
        if not len(self.low):
            return self.opaque
        return parts(shapely.union_all(np.concatenate([self.opaque, self.low])))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of `houses`."""
        return shapely.STRtree(self.houses)

    @cached_property
    def low_tree(self) -> shapely.STRtree:
        """Index of `low`."""
        return shapely.STRtree(self.low)

    def inside(self, xy: Floats, *, margin_m: float = 0.0) -> NDArray[np.bool_]:
        """Tell which points lie in a house, on its wall, or closer to it than `margin_m`."""
        points = np.asarray(shapely.points(xy), dtype=object)
        found = np.zeros(len(xy), dtype=bool)
        point, _house = self.tree.query(points, predicate="dwithin", distance=margin_m)
        found[point] = True
        return found


def make_obstacles(
    buildings: gpd.GeoDataFrame | None, *, options: ViewOptions, crs: str
) -> Obstacles:
    """Return the houses as what hides, ready for any number of views.

    Houses that touch or overlap become one, so that no two walls cross. A house hides all ground
    behind it, unless its height is known (`HEIGHT_COLUMNS`, metres, or `STOREY_COLUMNS` times
    ``storey_m``) and less than ``mount_height_m``. A building of a kind named by ``see_through``
    hides nothing, and the ground under it counts as open.

    Parameters
    ----------
    buildings
        Polygons in `crs`, any columns; ``None`` or empty when the project has none.
    options
        Height of the cameras, kinds that don't hide, height of a storey.
    crs
        The project's system.

    Raises
    ------
    SchemaError
        If the layer is in another system.
    """
    if buildings is None or not len(buildings):
        text = _("Fri sikt är inte prövad: det finns inga husytor, så inget skymmer vyerna.")
        notice = Notice(code="sight_not_tested", text=text, level="warning")
        return _ready(_none(), _none(), np.zeros(0), options, (notice,))
    if buildings.crs is None or CRS.from_user_input(buildings.crs) != CRS.from_user_input(crs):
        msg = f"buildings: CRS is {buildings.crs}, should be {crs}"
        raise SchemaError(msg)
    shaped = buildings[~(buildings.geometry.is_empty | buildings.geometry.isna())]
    table, mended = mend(gpd.GeoDataFrame(shaped.reset_index(drop=True)))
    notices = _tell_mended(mended, len(shaped) - len(table))
    through = has_kind(table, options.see_through)
    if through.any():
        text = ngettext(
            "{n} husyta är öppen undertill (som skärmtak) och skymmer inget.",
            "{n} husytor är öppna undertill (som skärmtak) och skymmer inget.",
            int(through.sum()),
        ).format(n=number(int(through.sum())))
        notices.append(Notice(code="see_through", text=text, data={"n": int(through.sum())}))
    table = gpd.GeoDataFrame(table[~through].reset_index(drop=True))
    shapes = shapely.force_2d(table.geometry.to_numpy())
    height = heights(table, options.storey_m)
    notices += _tell_heights(height, options)
    below = height < options.mount_height_m
    merged = shapely.union_all(shapes[~below])
    notices += _tell_overlaps(shapes)
    low, low_height = _merge_low(shapes[below], height[below])
    return _ready(parts(merged), low, low_height, options, tuple(notices))


def parts(shape: Any) -> Shapes:  # noqa: ANN401 (shapely geometries)
    """Return the polygons of a geometry, by their southwest corner, rings in a fixed form."""
    found = shapely.get_parts(shape)
    found = found[shapely.get_type_id(found) == shapely.GeometryType.POLYGON]
    found = shapely.normalize(found[shapely.area(found) > 0])
    order = np.lexsort((shapely.area(found), *shapely.bounds(found).T[:2]))
    ordered: Shapes = found[order]
    return ordered


def has_kind(table: gpd.GeoDataFrame, words: tuple[str, ...]) -> NDArray[np.bool_]:
    """Tell which rows have one of the words in a column that says what kind of building it is."""
    wanted = {word.casefold() for word in words}
    found = np.zeros(len(table), dtype=bool)
    for name in table.columns:
        if str(name).casefold() in KIND_COLUMNS:
            found |= table[name].astype("str").str.casefold().isin(wanted).to_numpy(dtype=bool)
    return found


def heights(table: gpd.GeoDataFrame, storey_m: float) -> Floats:
    """Return the height of each house, metres; infinite where the layer doesn't tell."""
    columns = {str(name).casefold(): name for name in table.columns}
    height = np.full(len(table), np.nan)
    for names, unit in ((HEIGHT_COLUMNS, 1.0), (STOREY_COLUMNS, storey_m)):
        for name in names:
            if name in columns:
                stated = pd.to_numeric(table[columns[name]], errors="coerce").to_numpy(np.float64)
                usable = np.isnan(height) & (stated > 0)
                height[usable] = stated[usable] * unit
    return np.where(np.isnan(height), np.inf, height)


def _merge_low(shapes: Shapes, height: Floats) -> tuple[Shapes, Floats]:
    """Return low houses merged with those of the same height, and their heights."""
    merged, of = [_none()], [np.zeros(0)]
    for value in np.unique(height):
        found = parts(shapely.union_all(shapes[height == value]))
        merged.append(found)
        of.append(np.full(len(found), value))
    return np.concatenate(merged), np.concatenate(of)


def _none() -> Shapes:
    return np.zeros(0, dtype=object)


def _ready(
    opaque: Shapes, low: Shapes, height: Floats, options: ViewOptions, notices: tuple[Notice, ...]
) -> Obstacles:
    return Obstacles(
        walls=edge_grid(opaque),
        opaque=opaque,
        low=low,
        low_height_m=height,
        mount_height_m=options.mount_height_m,
        tested=bool(len(opaque) or len(low)),
        notices=notices,
    )


def _tell_mended(mended: int, dropped: int) -> list[Notice]:
    if not mended:
        return []
    text = ngettext(
        "{n} husyta korsar sig själv och har lagats.",
        "{n} husytor korsar sig själva och har lagats.",
        mended,
    ).format(n=number(mended))
    if dropped:
        text += " " + ngettext(
            "{n} av dem saknade utsträckning och har utelämnats.",
            "{n} av dem saknade utsträckning och har utelämnats.",
            dropped,
        ).format(n=number(dropped))
    data = {"mended": mended, "dropped": dropped}
    return [Notice(code="footprints_mended", text=text, level="warning", data=data)]


def _tell_overlaps(shapes: Shapes) -> list[Notice]:
    """Tell how many footprints lie over another; they were merged."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    over = shared > TOUCHES_M2
    n = len(np.union1d(one[over], other[over]))
    if not n:
        return []
    text = ngettext(
        "{n} husyta ligger över en annan. De räknas som ett hus.",
        "{n} husytor ligger över varandra. De räknas som ett hus där de överlappar.",
        n,
    ).format(n=number(n))
    return [Notice(code="footprints_overlap", text=text, data={"n": n})]


def _tell_heights(height: Floats, options: ViewOptions) -> list[Notice]:
    known = int(np.isfinite(height).sum())
    if not known:
        text = _("Husens höjder är okända: varje hus antas skymma allt bakom sig.")
        return [Notice(code="heights_unknown", text=text, level="chosen")]
    below = int((height < options.mount_height_m).sum())
    text = _(
        "Höjden är känd för {known} av {n} hus. {below} är lägre än kameran ({mount} m) och "
        "skymmer bara marken närmast bakom sig; övriga antas skymma allt."
    ).format(
        known=number(known),
        n=number(len(height)),
        below=number(below),
        mount=number(options.mount_height_m),
    )
    data = {"known": known, "n": len(height), "below": below}
    return [Notice(code="heights_known", text=text, level="chosen", data=data)]
