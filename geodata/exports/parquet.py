"""Parquet and GeoParquet by Arrow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geodata.errors import DataError, Fault
from geodata.exports.headers import name_faults
from geodata.exports.points import layer_crs, split_points
from geodata.exports.raw import Cut, ReadOptions, file_fault, rejected_frame
from geodata.exports.typed import plain_columns
from geodata.language import gettext as _

_DEFAULT_CRS: Final = "OGC:CRS84"  # GeoParquet 1.1: what a column without "crs" is in


def read_parquet(path: Path, options: ReadOptions) -> Cut:  # noqa: ARG001 (one signature for all)
    """Read a Parquet file; points of GeoParquet become ``__x`` and ``__y``.

    Parameters
    ----------
    path
        The file.
    options
        Nothing in it applies.

    Returns
    -------
    Cut
        Columns with the types of the file. Row numbers are the records' numbers from 1.

    Raises
    ------
    DataError
        ``truncated_file``, ``password_protected``, ``header_only``, ``not_points``,
        ``duplicate_columns``.
    """
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        table.validate(full=True)  # bytes that are not UTF-8, offsets out of range
    except (pa.ArrowException, OSError) as error:
        raise DataError(_damaged(path, error)) from error
    if table.num_rows == 0:
        raise DataError(_no_rows(path))
    geometry = _geometry(table)
    numbers = np.arange(1, table.num_rows + 1, dtype=np.int64)
    wkb = None
    if geometry is not None:
        wkb = _as_wkb(table.column(geometry[0]))
        table = table.drop_columns([geometry[0]])
    faults = name_faults(table.column_names, path)
    if faults:
        raise DataError(faults)
    table, notices = plain_columns(table)
    crs: str | None = None
    rejected: list[tuple[int, str, str]] = []
    if wkb is not None and geometry is not None:
        table, numbers, rejected = split_points(table, wkb, numbers, path)
        crs, crs_notices = layer_crs(geometry[1])
        notices = (*notices, *crs_notices)
    return Cut(
        table=table,
        row_numbers=numbers,
        rejected=rejected_frame(rejected),
        notices=notices,
        crs=crs,
    )


def _geometry(table: pa.Table) -> tuple[str, str | None] | None:
    """Return the primary geometry column and its CRS, if the file says it has one."""
    text = (table.schema.metadata or {}).get(b"geo")
    if text is None:
        return None
    try:
        geo: Any = json.loads(text)
        name = geo["primary_column"]
        crs = geo["columns"][name].get("crs", _DEFAULT_CRS)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if name not in table.column_names:
        return None
    return name, crs if isinstance(crs, str) or crs is None else json.dumps(crs)


def _as_wkb(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return geometries as WKB, also those that GeoParquet 1.1 writes as two numbers."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks], column.type.storage_type)
    if not pa.types.is_struct(column.type):
        return column
    whole = column.combine_chunks()
    x, y = (whole.field(axis).to_numpy(zero_copy_only=False) for axis in ("x", "y"))
    points = shapely.points(x, y)
    points[np.isnan(x) | ~np.asarray(whole.is_valid())] = None
    return pa.chunked_array([pa.array(shapely.to_wkb(points), pa.binary())])


def _damaged(path: Path, error: Exception) -> Fault:
    if "encrypt" in str(error).lower() or "decrypt" in str(error).lower():
        return file_fault(
            "password_protected",
            _("Filen är krypterad."),
            path,
            next_step=_("Spara den utan kryptering."),
        )
    return file_fault(
        "truncated_file",
        _("Filen är avbruten eller skadad."),
        path,
        why=_("Läsaren säger: {error}").format(error=error),
        next_step=_("Hämta eller kopiera filen på nytt."),
    )


def _no_rows(path: Path) -> Fault:
    return file_fault(
        "header_only",
        _("Filen har kolumner men inga rader."),
        path,
        next_step=_("Gör om uttaget; kontrollera dess urval och period."),
    )
