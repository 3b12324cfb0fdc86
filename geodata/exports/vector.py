"""GeoPackage, Shapefile and GeoJSON: whole by Arrow, else record by record.

pyogrio reads a layer in one go or not at all. If it can't, or gives fewer records than the layer
has, fiona reads it record by record, so that one bad record costs one row.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.errors
import pyogrio.raw

from geodata.errors import DataError, Notice
from geodata.exports.headers import name_faults
from geodata.exports.one_by_one import Layer, read_one_by_one
from geodata.exports.points import layer_crs, split_points
from geodata.exports.raw import Cut, ReadOptions, file_fault, rejected_frame, shorten
from geodata.exports.typed import local_dates, plain_columns
from geodata.exports.vector_faults import broken_file, cut_short, no_records
from geodata.language import gettext as _
from geodata.options import nearest

_GEOMETRY: Final = "wkb_geometry"
_OGR_ERRORS: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pyogrio.errors.CRSError,
    pa.ArrowInvalid,
    UnicodeDecodeError,
    SystemError,  # what Cython makes of an error within an error
    UnboundLocalError,  # pyogrio 0.13 on a CRS that isn't UTF-8
)


def read_vector(path: Path, options: ReadOptions) -> Cut:
    """Cut a vector layer of points into columns.

    Parameters
    ----------
    path
        GeoPackage, Shapefile (.shp, or .zip with one within) or GeoJSON.
    options
        Layer.

    Returns
    -------
    Cut
        Attributes with the types of the file, then ``__x`` and ``__y``; a layer without geometry
        has attributes only. Row numbers are the records' numbers from 1.

    Raises
    ------
    DataError
        ``unreadable``, ``truncated_file``, ``missing_part``, ``unknown_layer``, ``empty_file``,
        ``header_only``, ``not_points``.
    """
    with _quiet() as told:
        source, name, notices = _choose_layer(path, options)
        try:
            layer: Layer | None = _whole(source, name)
        except _OGR_ERRORS:
            layer = None
        if layer is None or len(layer.numbers) != layer.n_records:
            layer = read_one_by_one(source, name, path)
    if layer.n_records == 0:
        raise DataError(no_records(path, name))
    table, numbers, bad = layer.table, layer.numbers, layer.bad
    faults = name_faults(table.column_names, path)
    if faults:
        raise DataError(faults)
    table, dropped = plain_columns(table)
    if path.suffix.lower() == ".gpkg":
        table, dates = local_dates(table)
        dropped = (*dropped, *dates)
    crs: str | None = None
    crs_notices: tuple[Notice, ...] = ()
    if layer.wkb is not None:
        table, numbers, without = split_points(table, layer.wkb, numbers, path)
        crs, crs_notices = layer_crs(layer.crs)
        bad = [*bad, *without]
    return Cut(
        table=table,
        row_numbers=numbers,
        rejected=rejected_frame(bad),
        notices=(*notices, *cut_short(path), *crs_notices, *dropped, *_told(told)),
        layer=name,
        crs=crs,
    )


@contextmanager
def _quiet() -> Iterator[list[warnings.WarningMessage]]:
    """Collect what GDAL warns of, so that it becomes a notice and no Python warning."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield told


def _told(told: list[warnings.WarningMessage]) -> list[Notice]:
    texts = sorted({shorten(str(warning.message)) for warning in told})
    return [
        Notice(
            code="reader_warning",
            level="warning",
            text=_("Läsaren anmärkte: {text}").format(text=text),
        )
        for text in texts[:5]
    ]


def _sources(path: Path) -> list[str]:
    """Return what GDAL is to open: the file itself, or the shapefiles within a .zip."""
    if path.suffix.lower() == ".shp" or not zipfile.is_zipfile(path):
        return [str(path)]
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.lower().endswith(".shp"))
    # Archives made on a Mac hold a shadow of each file.
    names = [name for name in names if not name.startswith("__MACOSX/")]
    return [f"/vsizip/{{{path.resolve().as_posix()}}}/{name}" for name in names]


def _choose_layer(path: Path, options: ReadOptions) -> tuple[str, str, list[Notice]]:
    """Return the source and name of the layer stated, else the first one with points."""
    found: list[tuple[str, str, str]] = []  # source, layer, geometry type
    try:
        for source in _sources(path):
            found += [(source, str(n), str(t)) for n, t in pyogrio.list_layers(source)]
    except _OGR_ERRORS as error:
        raise DataError(broken_file(path, error)) from error
    if not found:
        raise DataError(no_records(path))
    names = [layer for _source, layer, _type in found]
    if options.layer is not None:
        chosen = next((f for f in found if f[1] == options.layer), None)
        if chosen is None:
            what = _("Lagret ”{layer}” finns inte.").format(layer=options.layer)
            fault = file_fault("unknown_layer", what, path, next_step=nearest(options.layer, names))
            raise DataError(fault)
        return chosen[0], chosen[1], []
    # False sorts first: points before layers of unknown kind before all else.
    source, layer, _type = min(found, key=lambda f: ("Point" not in f[2], f[2] != "Unknown"))
    if len(found) == 1:
        return source, layer, []
    notice = Notice(
        code="layer_chosen",
        level="chosen",
        text=_(
            "Filen har {n} lager: {names}. Lagret ”{chosen}” läses; ett annat väljs med layer."
        ).format(n=len(found), names=", ".join(names), chosen=layer),
        data={"layers": names, "chosen": layer},
    )
    return source, layer, [notice]


def _whole(source: str, name: str) -> Layer:
    """Read a layer in one go."""
    n = int(pyogrio.read_info(source, layer=name, force_feature_count=True)["features"])
    meta, table = pyogrio.raw.read_arrow(source, layer=name)
    table.validate(full=True)  # GDAL passes on bytes that aren't UTF-8
    n_read = table.num_rows
    geometry = meta["geometry_name"] or _GEOMETRY
    wkb = table.column(geometry) if geometry in table.column_names else None
    if wkb is not None:
        table = table.drop_columns([geometry])
        if isinstance(wkb.type, pa.BaseExtensionType):
            wkb = pa.chunked_array([chunk.storage for chunk in wkb.chunks], wkb.type.storage_type)
    return Layer(table, wkb, meta["crs"], np.arange(1, n_read + 1, dtype=np.int64), [], n)
