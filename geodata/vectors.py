"""Vector files as they stand: which layer, which coordinate system, and whether to believe it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geodata.crs import area_of_use, crs_name, parse_crs, transform_bounds
from geodata.errors import DataError, Fault, LagesbildError
from geodata.language import gettext as _
from geodata.language import number
from geodata.options import nearest

KINDS: Final[Mapping[str, str]] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "LinearRing": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}
SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".parquet")
GEOMETRY_COLUMNS: Final = ("geometry", "geom", "wkb_geometry", "wkb")
WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
MARGIN_DEGREES: Final = 0.5
"""How far outside its area of use a system is still believed."""


def open_layer(
    path: Path,
    *,
    layer: str | None = None,
    source_crs: str | None = None,
    kinds: Sequence[str] = (),
) -> gpd.GeoDataFrame:
    """Read a layer as it stands.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile (also zipped) or Parquet with WKB.
    layer
        Name of the layer, needed where the file holds several that could be meant.
    source_crs
        System of a file that doesn't state one.
    kinds
        Helps to choose among several layers: the only one of these kinds is taken.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows with a geometry, in the file's order and system; columns as in the file, geometry in
        ``geometry``, without heights.

    Raises
    ------
    DataError
        ``missing_file``, ``unknown_format``, ``unreadable_file``, ``missing_layer``,
        ``several_layers``, ``no_geometry``, ``missing_crs``, ``unknown_crs``, ``empty_layer``,
        ``degrees_in_metres``, ``swapped_axes`` or ``outside_crs``.
    """
    if not path.is_file():
        raise DataError(
            layer_fault(
                path, "missing_file", _("Filen finns inte."), next_step=_("Ange rätt sökväg.")
            )
        )
    if path.suffix.casefold() not in SUFFIXES:
        raise DataError(
            layer_fault(
                path,
                "unknown_format",
                _("Filformatet ”{suffix}” går inte att läsa.").format(suffix=path.suffix),
                next_step=_("Spara lagret som GeoPackage (.gpkg) eller GeoJSON (.geojson)."),
            )
        )
    parquet = path.suffix.casefold() == ".parquet"
    table = _read_parquet(path) if parquet else _read_vector(path, layer, kinds)
    table = table[~(table.geometry.isna() | table.geometry.is_empty)].reset_index(drop=True)
    if not len(table):
        raise DataError(layer_fault(path, "empty_layer", _("Lagret har inga rader med geometri.")))
    table = table.set_geometry(table.geometry.force_2d())  # heights are no part of any answer
    table = _with_crs(path, table, source_crs)
    _check_position(path, table)
    return table


def layer_fault(path: Path, code: str, what: str, *, why: str = "", next_step: str = "") -> Fault:
    """Return a fault of a layer, named by its file."""
    return Fault(code=code, what=what, where=str(path), why=why, next_step=next_step)


def _quietly(path: Path, read: Callable[[], gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Read, with what the reader warns of, such as a ring left open, left to our own checks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except (DataSourceError, pa.ArrowException, shapely.errors.GEOSException, ValueError) as error:
        raise DataError(
            layer_fault(
                path,
                "unreadable_file",
                _("Filen går inte att läsa."),
                why=str(error).splitlines()[0][:200] if str(error) else "",
                next_step=_("Öppna filen i QGIS och spara den på nytt som GeoPackage."),
            )
        ) from error


def _read_vector(path: Path, layer: str | None, kinds: Sequence[str]) -> gpd.GeoDataFrame:
    name = _choose_layer(path, layer, kinds)

    def read() -> gpd.GeoDataFrame:
        return pyogrio.read_dataframe(path, layer=name, on_invalid="ignore")

    try:
        table = _quietly(path, read)
    except DataLayerError as error:
        raise DataError(layer_fault(path, "unreadable_file", str(error))) from error
    return table.rename_geometry("geometry") if table.geometry.name != "geometry" else table


def _choose_layer(path: Path, layer: str | None, kinds: Sequence[str]) -> str:
    try:
        listed = pyogrio.list_layers(path)
    except DataSourceError as error:
        raise DataError(
            layer_fault(
                path,
                "unreadable_file",
                _("Filen går inte att läsa."),
                why=str(error).splitlines()[0][:200],
                next_step=_("Öppna filen i QGIS och spara den på nytt som GeoPackage."),
            )
        ) from error
    spatial = {str(name): str(kind) for name, kind in listed if kind is not None}
    if not spatial:
        raise DataError(
            layer_fault(
                path,
                "no_geometry",
                _("Filen har inget lager med geometri."),
                next_step=_("Ange en fil med kartlager."),
            )
        )
    if layer is not None:
        if layer in spatial:
            return layer
        raise DataError(
            layer_fault(
                path,
                "missing_layer",
                _("Lagret ”{layer}” finns inte i filen.").format(layer=layer),
                next_step=nearest(layer, list(spatial)),
            )
        )
    fitting = [n for n, kind in spatial.items() if _kind(kind) in kinds]
    for names in (list(spatial), fitting):
        if len(names) == 1:
            return names[0]
    raise DataError(
        layer_fault(
            path,
            "several_layers",
            _("Filen har flera lager: {names}.").format(names=", ".join(sorted(spatial))),
            next_step=_("Ange vilket lager som ska läsas."),
        )
    )


def _kind(name: str) -> str | None:
    """Return the kind of a geometry type as the reader names it: ``2.5D Polygon``, ``Point Z``."""
    return KINDS.get(name.removeprefix("2.5D ").removeprefix("Measured ").split(" ")[0])


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    """Read Parquet with or without the GeoParquet description of its geometry column."""

    def read() -> gpd.GeoDataFrame:
        schema = pq.read_schema(path)
        if b"geo" in (schema.metadata or {}):
            table = gpd.read_parquet(path)
            return table if table.geometry.name == "geometry" else table.rename_geometry("geometry")
        name = next((n for n in GEOMETRY_COLUMNS if n in schema.names), None)
        if name is None or not _is_binary(schema.field(name).type):
            raise DataError(
                layer_fault(
                    path,
                    "no_geometry",
                    _("Filen har ingen kolumn med geometri."),
                    why=_("Sökte efter: {names}.").format(names=", ".join(GEOMETRY_COLUMNS)),
                    next_step=_("Spara den som GeoParquet eller GeoPackage."),
                )
            )
        table = pq.read_table(path)
        shapes = shapely.from_wkb(table[name].to_numpy(zero_copy_only=False), on_invalid="ignore")
        return gpd.GeoDataFrame(table.drop_columns([name]).to_pandas(), geometry=shapes)

    return _quietly(path, read)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _with_crs(path: Path, table: gpd.GeoDataFrame, source_crs: str | None) -> gpd.GeoDataFrame:
    """Return the table with a system: its own, else the one given.

    GeoJSON without a word of its system counts as degrees; where the numbers can't be degrees it
    has none.
    """
    if table.crs is not None and not (table.crs.is_geographic and not _within(table, WORLD)):
        return table
    if not source_crs:
        raise DataError(
            layer_fault(
                path,
                "missing_crs",
                _("Lagret anger inget koordinatsystem."),
                why=_("Utan det går det inte att veta var på jorden det ligger."),
                next_step=_('Ange det i projektfilen, till exempel crs = "EPSG:3006".'),
            )
        )
    try:
        return table.set_crs(parse_crs(source_crs), allow_override=True)
    except LagesbildError as error:
        raise DataError(
            [
                layer_fault(path, f.code, f.what, why=f.why, next_step=f.next_step)
                for f in error.faults
            ]
        ) from error


def _within(table: gpd.GeoDataFrame, box: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = table.total_bounds
    return bool(x0 >= box[0] and y0 >= box[1] and x1 <= box[2] and y1 <= box[3])


def _check_position(path: Path, table: gpd.GeoDataFrame) -> None:
    """Hold the coordinates to the area in which their system is used."""
    if not np.isfinite(table.total_bounds).all():
        raise DataError(
            layer_fault(path, "outside_crs", _("Lagret har koordinater som inte är tal."))
        )
    name = crs_name(table.crs.to_string())
    if table.crs.is_projected and _within(table, WORLD):
        raise DataError(
            layer_fault(
                path,
                "degrees_in_metres",
                _("Koordinaterna ser ut som grader, men lagret anger {crs}.").format(crs=name),
                next_step=_("Spara lagret på nytt med rätt koordinatsystem, troligen WGS 84."),
            )
        )
    x0, y0, x1, y1 = (float(v) for v in table.total_bounds)
    if _believable(table.crs, (x0, y0, x1, y1)):
        return
    if _believable(table.crs, (y0, x0, y1, x1)):
        raise DataError(
            layer_fault(
                path,
                "swapped_axes",
                _("Koordinaterna står i omvänd ordning: nord före öst."),
                why=_("Utan omkastning hamnar lagret utanför {crs}.").format(crs=name),
                next_step=_("Spara lagret på nytt med öst före nord."),
            )
        )
    raise DataError(
        layer_fault(
            path,
            "outside_crs",
            _("Lagret ligger utanför det område där {crs} används.").format(crs=name),
            why=_("Det sträcker sig från {x0}, {y0} till {x1}, {y1}.").format(
                x0=number(x0), y0=number(y0), x1=number(x1), y1=number(y1)
            ),
            next_step=_("Koordinatsystemet är troligen ett annat; ange det som gäller."),
        )
    )


def _believable(crs: Any, bounds: tuple[float, float, float, float]) -> bool:  # noqa: ANN401
    use = area_of_use(crs.to_string())
    if use is None:
        return True
    degrees = transform_bounds(bounds, crs.to_string(), "EPSG:4326")
    west, south, east, north = use
    return (
        degrees is not None
        and degrees[0] >= west - MARGIN_DEGREES
        and degrees[1] >= south - MARGIN_DEGREES
        and degrees[2] <= east + MARGIN_DEGREES
        and degrees[3] <= north + MARGIN_DEGREES
    )
