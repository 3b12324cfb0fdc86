"""GeoPackage, Shapefile and GeoJSON: whole by Arrow, else record by record.

pyogrio reads a layer in one go or not at all. If it can't, or gives fewer records than the layer
has, fiona reads it record by record, so that one bad record costs one row.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import fiona
import fiona.errors
import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely
import shapely.geometry
from shapely.errors import ShapelyError

from geodata.errors import DataError, Fault, Notice
from geodata.exports.headers import name_faults
from geodata.exports.points import layer_crs, split_points
from geodata.exports.raw import Cut, ReadOptions, file_fault, rejected_frame, shorten
from geodata.exports.typed import plain_columns
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
)
_RECORD_ERRORS: Final = (
    fiona.errors.FionaError,
    fiona.errors.FionaValueError,
    ShapelyError,
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
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
        source, layer, notices = _choose_layer(path, options)
        try:
            table, wkb, crs, n = _whole(source, layer)
        except _OGR_ERRORS:
            table, wkb, crs, n = None, None, None, -1
        numbers = np.arange(1, n + 1, dtype=np.int64)
        bad: list[tuple[int, str, str]] = []
        if table is None or table.num_rows != n:
            table, wkb, crs, numbers, bad = _by_record(source, layer, path)
    if table.num_rows + len(bad) == 0:
        raise DataError(_fault("header_only", path, layer=layer))
    faults = name_faults(table.column_names, path, row=1)
    if faults:
        raise DataError(faults)
    table, dropped = plain_columns(table)
    crs_notices: tuple[Notice, ...] = ()
    if wkb is not None:
        table, numbers, without = split_points(table, wkb, numbers, path)
        crs, crs_notices = layer_crs(crs)
        bad = [*bad, *without]
    return Cut(
        table=table,
        row_numbers=numbers,
        rejected=rejected_frame(bad),
        notices=(*notices, *crs_notices, *dropped, *_told(told)),
        layer=layer,
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
        raise DataError(_unreadable(path, error)) from error
    if not found:
        raise DataError(_fault("empty_file", path))
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


def _whole(source: str, layer: str) -> tuple[pa.Table, pa.ChunkedArray | None, str | None, int]:
    """Return attributes, geometry, CRS and the number of records the layer says it has."""
    n = int(pyogrio.read_info(source, layer=layer, force_feature_count=True)["features"])
    meta, table = pyogrio.raw.read_arrow(source, layer=layer)
    name = meta["geometry_name"] or _GEOMETRY
    wkb = table.column(name) if name in table.column_names else None
    if wkb is not None:
        table = table.drop_columns([name])
        if isinstance(wkb.type, pa.BaseExtensionType):
            wkb = pa.chunked_array([chunk.storage for chunk in wkb.chunks], wkb.type.storage_type)
    return table, wkb, meta["crs"], n


def _by_record(
    source: str, layer: str, path: Path
) -> tuple[pa.Table, pa.ChunkedArray | None, str | None, np.ndarray, list[tuple[int, str, str]]]:
    """Read a layer record by record; return what `_whole` does, and the records that are bad."""
    bad: list[tuple[int, str, str]] = []
    rows: list[dict[str, Any]] = []
    blobs: list[bytes | None] = []
    numbers: list[int] = []
    try:
        with fiona.open(source, layer=layer) as records:
            n = len(records)
            crs = records.crs_wkt or None
            names = list(records.schema["properties"])
            flat = records.schema["geometry"] in (None, "None")
            reader = iter(records)
            for record_number in range(1, n + 1):
                try:
                    record = next(reader)
                    shape = record.geometry
                    blob = None if shape is None else shapely.to_wkb(shapely.geometry.shape(shape))
                    rows.append(dict(record.properties))
                except StopIteration:
                    bad.append((record_number, "bad_record", ""))
                    continue
                except _RECORD_ERRORS as error:
                    bad.append((record_number, "bad_record", shorten(str(error))))
                    continue
                blobs.append(blob)
                numbers.append(record_number)
    except (fiona.errors.FionaError, fiona.errors.FionaValueError, UnicodeDecodeError) as error:
        raise DataError(_unreadable(path, error)) from error
    table = pa.table({name: _values([row.get(name) for row in rows]) for name in names})
    wkb = None if flat else pa.chunked_array([pa.array(blobs, pa.binary())])
    return table, wkb, crs, np.array(numbers, dtype=np.int64), bad


def _values(values: list[Any]) -> pa.Array:
    """Return values as the type they share, else as text."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if v is None else str(v) for v in values], pa.string())


def _fault(code: str, path: Path, *, layer: str = "") -> Fault:
    what = {
        "empty_file": _("Filen är tom."),
        "header_only": _("Lagret har inga poster."),
    }
    place = _("lager {layer}").format(layer=layer) if layer else ""
    return file_fault(code, what[code], path, place=place, next_step=_("Gör om uttaget."))


def _unreadable(path: Path, error: Exception) -> Fault:
    """Return the fault of a file that can't be opened, with the likeliest cause."""
    absent = [s for s in (".shx", ".dbf") if not path.with_suffix(s).exists()]
    if path.suffix.lower() == ".shp" and absent:
        return file_fault(
            "missing_part",
            _("Shapefilen saknar en del: {parts}.").format(
                parts=", ".join(path.stem + suffix for suffix in absent)
            ),
            path,
            why=_("En shapefil består av flera filer med samma namn som ska ligga tillsammans."),
            next_step=_("Kopiera alla delar (.shp, .shx, .dbf, .prj) till samma mapp."),
        )
    code, why = "unreadable", shorten(str(error))
    if path.suffix.lower() in (".geojson", ".json"):
        code, why = _json_error(path, why)
    return file_fault(
        code,
        _("Filen går inte att läsa som karta."),
        path,
        why=_("Läsaren säger: {error}").format(error=why),
        next_step=_("Hämta eller kopiera filen på nytt, eller öppna den i QGIS och spara om den."),
    )


def _json_error(path: Path, why: str) -> tuple[str, str]:
    """Return code and reason of a GeoJSON file that can't be opened."""
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        place = _("rad {row}, tecken {column}").format(row=error.lineno, column=error.colno)
        return ("truncated_file" if at_end else "unreadable"), f"{error.msg}, {place}"
    except RecursionError:
        return "unreadable", why
    return "unreadable", why
