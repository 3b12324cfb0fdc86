"""What the cameras that are there already see, as far as the layer tells."""

from __future__ import annotations

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
from hotspots.layers import in_order
from hotspots.sightlines.obstacles import Obstacles
from hotspots.sightlines.options import ViewOptions
from hotspots.sightlines.viewing import views

Floats = NDArray[np.float64]

BEARING_COLUMNS: Final = ("bearing_deg", "bearing", "riktning_grader", "riktning")
ANGLE_COLUMNS: Final = ("field_of_view_deg", "bildvinkel_grader", "bildvinkel")
REACH_COLUMNS: Final = ("reach_m", "rackvidd_m", "räckvidd_m", "räckvidd", "rackvidd")


@dataclass(frozen=True, eq=False)
class Existing:
    """Existing cameras.

    Attributes
    ----------
    ids, seen
        Id (text) and view of each that sees anything, shape (n,).
    notices
        What was taken for granted.
    """

    ids: NDArray[np.object_]
    seen: NDArray[np.object_]
    notices: tuple[Notice, ...]


def existing_views(
    cameras: gpd.GeoDataFrame, *, options: ViewOptions, obstacles: Obstacles, crs: str
) -> Existing:
    """Return what existing cameras see.

    Parameters
    ----------
    cameras
        Points with `BEARING_COLUMNS` (degrees clockwise from grid north; missing: it turns),
        `ANGLE_COLUMNS` (degrees) and `REACH_COLUMNS` (metres), each missing where unknown: then the
        project's own; or polygons, which are taken as they are.
    options
        The project's camera, reach settled.
    obstacles
        What hides.
    crs
        The project's system.
    """
    layer = in_order(cameras, "K", crs=crs)
    shapes = layer.geometry.to_numpy().copy()
    points = np.flatnonzero(shapely.get_dimensions(shapes) == 0)
    table = layer.iloc[points]
    bearing = _numbers(table, BEARING_COLUMNS)
    reach = _numbers(table, REACH_COLUMNS)
    angle = _numbers(table, ANGLE_COLUMNS)
    shapes[points] = views(
        table[["x_m", "y_m"]].to_numpy(np.float64),
        bearing,
        options,
        obstacles,
        reach_m=np.where(reach > 0, reach, options.metres()),
        field_of_view_deg=np.where(angle > 0, angle, options.field_of_view_deg),
    )
    sees = ~shapely.is_empty(shapes)
    notices = _tell(int((~(reach > 0)).sum()), int(np.isnan(bearing).sum()), len(points), options)
    if not sees.all():
        text = ngettext(
            "{n} befintlig kamera står i ett hus och räknas inte.",
            "{n} befintliga kameror står i hus och räknas inte.",
            int((~sees).sum()),
        ).format(n=number(int((~sees).sum())))
        notices.append(Notice(code="cameras_in_houses", text=text, level="warning"))
    return Existing(layer["id"].to_numpy(object)[sees], shapes[sees], tuple(notices))


def _numbers(table: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    columns = {str(name).casefold(): name for name in table.columns}
    for name in names:
        if name in columns:
            return pd.to_numeric(table[columns[name]], errors="coerce").to_numpy(np.float64)
    return np.full(len(table), np.nan)


def _tell(no_reach: int, turning: int, n: int, options: ViewOptions) -> list[Notice]:
    if not n or not (no_reach or turning):
        return []
    text = _(
        "Befintliga kameror: {n} som punkter. {no_reach} saknar räckvidd och räknas med "
        "{reach} m; {turning} saknar riktning och räknas som vridbara."
    ).format(
        n=number(n),
        no_reach=number(no_reach),
        reach=number(options.metres()),
        turning=number(turning),
    )
    data = {"n": n, "no_reach": no_reach, "turning": turning}
    return [Notice(code="existing_cameras", text=text, level="chosen", data=data)]
