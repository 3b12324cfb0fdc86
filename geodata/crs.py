"""Coordinate systems: the names people write, and the only place that reprojects.

Everywhere in Lägesbild a pair of coordinates is easting, northing (for degrees: longitude,
latitude), whatever axis order the register of systems states.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj.network
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geodata.columns import pairs
from geodata.errors import DataError, Fault, SettingsError
from geodata.language import gettext as _

# No call to the outside for correction grids, ever.
pyproj.network.set_network_enabled(False)  # type: ignore[attr-defined]

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Bounds = tuple[float, float, float, float]

NAMES: Final[dict[str, int]] = {
    "SWEREF 99 TM": 3006,
    "SWEREF 99 12 00": 3007,
    "SWEREF 99 13 30": 3008,
    "SWEREF 99 15 00": 3009,
    "SWEREF 99 16 30": 3010,
    "SWEREF 99 18 00": 3011,
    "SWEREF 99 14 15": 3012,
    "SWEREF 99 15 45": 3013,
    "SWEREF 99 17 15": 3014,
    "SWEREF 99 18 45": 3015,
    "SWEREF 99 20 15": 3016,
    "SWEREF 99 21 45": 3017,
    "SWEREF 99 23 15": 3018,
    "RT90 7.5 gon V": 3019,
    "RT90 5 gon V": 3020,
    "RT90 2.5 gon V": 3021,
    "RT90 0 gon": 3022,
    "RT90 2.5 gon O": 3023,
    "RT90 5 gon O": 3024,
    "WGS 84": 4326,
}
"""Names as Swedish offices write them, with their EPSG codes."""

_OTHER_NAMES: Final = {"sweref99": 3006, "rt90": 3021, "rt9025gv": 3021, "lonlat": 4326}


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


_BY_KEY: Final = {_key(name): code for name, code in NAMES.items()} | _OTHER_NAMES


@cache
def parse_crs(text: str) -> CRS:
    """Return the coordinate system that a text names.

    Parameters
    ----------
    text
        A name of `NAMES` (spaces, points and case don't matter), ``EPSG:3006``, ``3006``, or
        anything else that PROJ reads (WKT, PROJ string, PROJJSON).

    Raises
    ------
    SettingsError
        ``unknown_crs``.
    """
    code = _BY_KEY.get(_key(text))
    source: str | int = code or (int(text) if text.strip().isdecimal() else text)
    try:
        return CRS.from_user_input(source)
    except CRSError as error:
        raise SettingsError(_unknown(text)) from error


def _unknown(text: str) -> Fault:
    from geodata.options import nearest

    return Fault(
        code="unknown_crs",
        what=_("Okänt koordinatsystem: ”{text}”.").format(text=text[:80]),
        why=_("Det finns varken bland namnen i Lägesbild eller i EPSG:s register."),
        next_step=nearest(text, [*NAMES, "EPSG:3006"]),
    )


def crs_name(text: str) -> str:
    """Return a system as people know it: ``SWEREF 99 TM (EPSG:3006)``."""
    crs = parse_crs(text)
    code = crs.to_epsg()
    for name, number in NAMES.items():
        if number == code:
            return f"{name} (EPSG:{code})"
    return f"{crs.name} (EPSG:{code})" if code else str(crs.name)


def canonical_crs(text: str) -> str:
    """Return one spelling of a system: ``EPSG:3006`` where it has a code, else WKT."""
    crs = parse_crs(text)
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def same_crs(one: str, other: str) -> bool:
    """Tell whether two texts name the same system, axis order aside."""
    return bool(parse_crs(one).equals(parse_crs(other), ignore_axis_order=True))


def check_project_crs(text: str) -> str:
    """Hold a project's coordinate system to metres on the ground.

    Returns
    -------
    str
        `canonical_crs`.

    Raises
    ------
    SettingsError
        ``unknown_crs``, or ``crs_not_metric`` for degrees, feet and Mercator, whose metre is not
        a metre on the ground away from the equator.
    """
    crs = parse_crs(text)
    why = ""
    if not crs.is_projected:
        why = _("Det anger läget i grader, och avstånd går inte att räkna i grader.")
    elif any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        why = _("Det räknar i {unit}, inte i meter.").format(unit=crs.axis_info[0].unit_name)
    elif "Mercator" in _method(crs) and "Transverse" not in _method(crs):
        why = _("I Mercators projektion är en meter på kartan inte en meter på marken.")
    if why:
        raise SettingsError(
            Fault(
                code="crs_not_metric",
                what=_("Projektets koordinatsystem kan inte vara {name}.").format(
                    name=crs_name(text)
                ),
                why=why,
                next_step=_("Välj ett plant system i meter, till exempel EPSG:3006 i Sverige."),
            )
        )
    return canonical_crs(text)


def _method(crs: CRS) -> str:
    operation = crs.coordinate_operation
    return str(operation.method_name) if operation else ""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)


def transform(x: Floats, y: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Reproject points, each as it stands; see `to_crs_points` when many are the same.

    Parameters
    ----------
    x, y
        Eastings (longitudes) and northings (latitudes), shape (n,), in `source`.
    source, target
        Systems as `parse_crs` reads them.

    Returns
    -------
    tuple
        Eastings and northings in `target`, shape (n,); NaN where the point can't be projected.
    """
    x = np.asarray(x, dtype=np.float64)
    y = np.asarray(y, dtype=np.float64)
    if same_crs(source, target):
        return x.copy(), y.copy()
    east, north = _transformer(source, target).transform(x, y)
    bad = ~(np.isfinite(east) & np.isfinite(north))
    return np.where(bad, np.nan, east), np.where(bad, np.nan, north)


def to_crs_points(x: Floats, y: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Reproject points, each distinct point once.

    Parameters and returns as of `transform`.
    """
    x_codes, xs = pd.factorize(np.asarray(x, dtype=np.float64), use_na_sentinel=False)
    y_codes, ys = pd.factorize(np.asarray(y, dtype=np.float64), use_na_sentinel=False)
    x_of, y_of, rows = pairs(x_codes, y_codes)
    east, north = transform(xs[x_of], ys[y_of], source, target)
    return east[rows], north[rows]


def transform_bounds(bounds: Bounds, source: str, target: str) -> Bounds | None:
    """Return the smallest upright box in `target` that holds a box in `source`.

    Parameters
    ----------
    bounds
        West, south, east, north in `source`.

    Returns
    -------
    tuple or None
        The same in `target`; ``None`` where `target` can't show it.
    """
    if same_crs(source, target):
        return bounds
    try:
        found = _transformer(source, target).transform_bounds(*bounds, densify_pts=21)
    except ProjError:
        return None
    return tuple(map(float, found)) if np.isfinite(found).all() else None  # type: ignore[return-value]


def area_of_use(text: str) -> Bounds | None:
    """Return where a system is meant to be used: west, south, east, north in degrees (WGS 84)."""
    area = parse_crs(text).area_of_use
    return area.bounds if area else None


def to_crs_table(table: gpd.GeoDataFrame, target: str) -> gpd.GeoDataFrame:
    """Return a table with its geometry in another system; the input is left as it was.

    Raises
    ------
    DataError
        ``missing_crs`` when the table doesn't say which system it stands in.
    SettingsError
        ``unknown_crs`` for `target`.
    """
    crs = parse_crs(target)
    if table.crs is None:
        raise DataError(
            Fault(
                code="missing_crs",
                what=_("Lagret anger inget koordinatsystem."),
                why=_("Utan det går det inte att veta var på jorden det ligger."),
                next_step=_("Spara filen på nytt med koordinatsystem (för Shapefile en .prj)."),
            )
        )
    if table.crs == crs:
        return table.copy()
    return table.to_crs(crs)
