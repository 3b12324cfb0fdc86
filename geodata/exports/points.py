"""Geometries of vector files → columns ``__x``, ``__y``, and the rows that have no point."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import canonical_crs, parse_crs
from geodata.errors import DataError, Notice, SettingsError
from geodata.exports.raw import X_COLUMN, Y_COLUMN, file_fault, shorten
from geodata.language import gettext as _
from geodata.language import number

_POINT: Final = 0
_MULTIPOINT: Final = 4


def split_points(
    table: pa.Table, wkb: pa.ChunkedArray, record_numbers: npt.NDArray[np.int64], path: Path
) -> tuple[pa.Table, npt.NDArray[np.int64], list[tuple[int, str, str]]]:
    """Add the points to a table; leave out records that have none.

    Parameters
    ----------
    table
        Attributes, one row a record.
    wkb
        The geometry of each record as WKB, null where it has none.
    record_numbers
        The records' numbers.
    path
        For messages.

    Returns
    -------
    tuple
        The table with columns ``__x`` and ``__y`` (double, in the layer's CRS, easting or
        longitude first), its record numbers, and rejected rows ``(number, reason, detail)`` with
        reason ``bad_record``, ``empty_geometry``, ``several_points`` or ``not_a_point``.

    Raises
    ------
    DataError
        ``not_points`` if no record has a point and some have lines or polygons.
    """
    blobs = wkb.to_numpy()
    geometries = shapely.from_wkb(blobs, on_invalid="ignore")
    kinds = shapely.get_type_id(geometries)
    single = (kinds == _MULTIPOINT) & (shapely.get_num_geometries(geometries) == 1)
    geometries[single] = shapely.get_geometry(geometries[single], 0)
    filled = np.where(shapely.is_empty(geometries), None, geometries)
    x, y = shapely.get_x(filled), shapely.get_y(filled)  # NaN where it is no point
    good = np.isfinite(x) & np.isfinite(y)
    others = (kinds >= 0) & (kinds != _POINT) & (kinds != _MULTIPOINT)
    if not good.any() and others.any():
        raise _not_points(geometries[others][0], int(others.sum()), path)
    rejected = [
        (int(record_numbers[i]), *_why(geometries[i], blobs[i])) for i in np.flatnonzero(~good)
    ]
    kept = pa.array(good)
    columns = {name: table.column(name).filter(kept) for name in table.column_names}
    points = pa.table({**columns, X_COLUMN: pa.array(x[good]), Y_COLUMN: pa.array(y[good])})
    return points, record_numbers[good], rejected


def _why(geometry: BaseGeometry | None, blob: bytes | None) -> tuple[str, str]:
    """Return why a record has no point, and what was read."""
    if geometry is None and blob is not None:
        return "bad_record", _("geometri: {n} byte").format(n=len(blob))
    if geometry is None or geometry.is_empty:
        return "empty_geometry", ""
    if geometry.geom_type == "MultiPoint":
        return "several_points", shorten(geometry.wkt)
    if geometry.geom_type == "Point":
        return "bad_record", shorten(geometry.wkt)
    return "not_a_point", shorten(geometry.geom_type)


def _not_points(geometry: BaseGeometry, n: int, path: Path) -> DataError:
    kinds = {
        "Polygon": _("ytor"),
        "MultiPolygon": _("ytor"),
        "LineString": _("linjer"),
        "MultiLineString": _("linjer"),
    }
    return DataError(
        file_fault(
            "not_points",
            _("Filen innehåller {kind}, inte punkter.").format(
                kind=kinds.get(geometry.geom_type, geometry.geom_type)
            ),
            path,
            why=_("Händelser ska ha punkter; {n} poster har annat och ingen har en punkt.").format(
                n=number(n)
            ),
            next_step=_(
                "Ange en fil eller ett lager med punkter. Områden anges i stället under [areas]."
            ),
        )
    )


def layer_crs(text: str | None) -> tuple[str | None, tuple[Notice, ...]]:
    """Return the one spelling of a layer's CRS, or ``None`` with a warning if it has none.

    A CRS that isn't on the ground (a drawing's own axes) counts as none.
    """
    if text:
        try:
            crs = parse_crs(text)
        except SettingsError:
            crs = None
        if crs is not None and (crs.is_projected or crs.is_geographic):
            if crs.to_authority() == ("OGC", "CRS84"):  # the same but for the axes, which are ours
                return "EPSG:4326", ()
            return canonical_crs(crs.to_wkt()), ()
    notice = Notice(
        code="crs_missing",
        level="warning",
        text=_("Filen säger inte i vilket koordinatsystem dess punkter står."),
    )
    return None, (notice,)
