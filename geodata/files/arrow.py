"""Tables as Arrow record batches, the form in which GDAL and Parquet take them fastest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BATCH_ROWS: Final = 65_536
_POINT: Final = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def point_wkb(x_m: npt.NDArray[np.float64], y_m: npt.NDArray[np.float64]) -> pa.BinaryArray:
    """Return points as well-known binary without making a single geometry object.

    Parameters
    ----------
    x_m, y_m
        Coordinates, shape ``(n,)``, finite.

    Returns
    -------
    pyarrow.BinaryArray
        ``n`` values of 21 bytes: byte order, kind 1 (Point), x, y (OGC 06-103r4, 8.2).
    """
    values = np.empty(len(x_m), dtype=_POINT)
    values["order"], values["kind"], values["x"], values["y"] = 1, 1, x_m, y_m
    width = _POINT.itemsize
    offsets = np.arange(0, width * (len(values) + 1), width, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(values.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(values), buffers)


def _as_multi(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape


def geometry_type(table: pd.DataFrame) -> str | None:
    """Return the one kind of geometry a layer is declared with; ``None`` without geometry.

    Polygons beside multipolygons make a layer of multipolygons: a GeoPackage layer has one kind.
    """
    if not isinstance(table, gpd.GeoDataFrame):
        return "Point" if {"x_m", "y_m"} <= set(table.columns) else None
    kinds = set(table.geometry.geom_type.dropna())
    if kinds <= {"Point"}:
        return "Point"
    if kinds == {"LineString"}:
        return "LineString"
    return "Polygon" if kinds == {"Polygon"} else "MultiPolygon"


def _geometry(part: pd.DataFrame, kind: str) -> pa.Array:
    if not isinstance(part, gpd.GeoDataFrame):
        return point_wkb(part["x_m"].to_numpy("float64"), part["y_m"].to_numpy("float64"))
    shapes = part.geometry.to_numpy()
    if kind == "MultiPolygon":
        shapes = np.array([_as_multi(shape) for shape in shapes], dtype=object)
    return pa.array(shapely.to_wkb(shapes), type=pa.binary())


def _plain(column: pa.Array) -> pa.Array:
    """Return a column in a type that every reader has: text for category, date for midnight."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        return column.cast(pa.string())
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        return column.cast(pa.date32())
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    return column


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    one = column.combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # no chunk at all, or older versions of pyarrow
        return one.chunk(0) if one.num_chunks else pa.array([], type=column.type)
    return one


def batches(
    table: pd.DataFrame, *, geometry_name: str, kind: str | None
) -> Iterator[pa.RecordBatch]:
    """Cut a table into record batches; at least one, so that an empty table keeps its columns.

    Parameters
    ----------
    table
        Any table of `geodata.schema`, or what `geodata.disclosure` has left of it.
    geometry_name
        Name of the geometry column, well-known binary; last of all.
    kind
        As of `geometry_type`; ``None`` for no geometry.
    """
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    for start in range(0, max(len(table), 1), BATCH_ROWS):
        stop = start + BATCH_ROWS
        # A text column of pandas may be in several chunks, which a record batch can't hold.
        part = pa.Table.from_pandas(plain.iloc[start:stop], preserve_index=False)
        columns = [_plain(_in_one(column)) for column in part.columns]
        names = list(part.schema.names)
        if kind is not None:
            columns.append(_geometry(table.iloc[start:stop], kind))
            names.append(geometry_name)
        yield pa.RecordBatch.from_arrays(columns, names=names)
