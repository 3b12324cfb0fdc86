"""The table of measures cut into known columns, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.errors import DataError, Fault, raise_all
from geodata.language import gettext as _
from geodata.lists import Listing, read_listing
from geodata.options import nearest
from geodata.reference import read_layer
from geodata.vectors import SUFFIXES

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("åtgärds-id", "id", "nr", "measure_id"),
    "kind": ("slag", "typ", "åtgärdsslag", "kind", "type"),
    "name": ("namn", "åtgärd", "beskrivning", "name"),
    "first": ("från", "från datum", "startdatum", "datum", "first_date", "from"),
    "last": ("till", "till datum", "slutdatum", "last_date", "to"),
    "fixed": ("fastställd", "ytan fastställd", "fixed_date"),
    "responsible": ("ansvarig", "responsible"),
    "area": ("område", "area", "area_id"),
    "x": ("e", "öst", "east", "x", "x_m"),
    "y": ("n", "nord", "north", "y", "y_m"),
    "radius": ("radie", "radie m", "radius", "radius_m"),
    "polygon": ("polygon", "wkt", "yta"),
}
"""Column and the headings it may have, any case; ``_`` and blank are the same."""

REQUIRED: Final = ("kind", "first")
IGNORED: Final = ("fid", "ogc_fid", "objectid")


def read_cells(path: Path, *, crs: str, layer: str | None, source_crs: str | None) -> Listing:
    """Cut the table of measures.

    Parameters
    ----------
    path
        CSV or XLSX; or a vector file of points or polygons, whose geometry becomes the columns
        ``polygon`` (WKT), or ``x`` and ``y``, in the project's system.
    crs
        The project's system.
    layer, source_crs
        Layer of a vector file, and the system of one that doesn't say.

    Raises
    ------
    DataError
        As `read_listing` or `read_layer`.
    """
    if path.suffix.lower() not in SUFFIXES:
        return read_listing(path, NAMES, required=REQUIRED)
    table = read_layer(
        path, crs=crs, kinds=("point", "polygon"), layer=layer, source_crs=source_crs
    ).table
    columns, faults = _known(table, path)
    raise_all(faults, DataError)
    texts = {name: [_text(value) for value in table[heading]] for name, heading in columns.items()}
    shapes = table.geometry.to_numpy()
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    texts["polygon"] = [
        "" if point else shape.wkt for shape, point in zip(shapes, points, strict=True)
    ]
    for axis, values in (("x", shapely.get_x(shapes)), ("y", shapely.get_y(shapes))):
        texts[axis] = [
            repr(float(value)) if point else "" for value, point in zip(values, points, strict=True)
        ]
    return Listing(path, texts, list(range(1, len(table) + 1)), crs, ())


def _known(table: gpd.GeoDataFrame, path: Path) -> tuple[dict[str, str], list[Fault]]:
    names = {_key(alias): name for name, aliases in NAMES.items() for alias in aliases}
    columns: dict[str, str] = {}
    faults = []
    for heading in table.columns:
        if heading == table.geometry.name or _key(heading) in IGNORED:
            continue
        name = names.get(_key(heading))
        if name is None:
            step = nearest(_key(heading), [aliases[0] for aliases in NAMES.values()])
            what = _("Okänd kolumn ”{heading}”.").format(heading=heading)
            faults.append(Fault(code="unknown_column", what=what, where=str(path), next_step=step))
        elif name in columns:
            what = _("Två kolumner betyder samma sak: ”{heading}” är den andra.")
            what = what.format(heading=heading)
            faults.append(Fault(code="duplicate_columns", what=what, where=str(path)))
        else:
            columns[name] = str(heading)
    for name in REQUIRED:
        if name not in columns:
            what = _("Kolumnen ”{name}” saknas.").format(name=NAMES[name][0])
            faults.append(Fault(code="missing_column", what=what, where=str(path)))
    return columns, faults


def _key(heading: object) -> str:
    return " ".join(str(heading).strip().casefold().replace("_", " ").split())


def _text(value: Any) -> str:  # noqa: ANN401 (a cell of any type)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value).strip().removesuffix(" 00:00:00")
