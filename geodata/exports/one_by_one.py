"""A vector layer read record by record with fiona, so that one bad record costs one row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import fiona
import fiona.errors
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
import shapely.geometry
from fiona._err import CPLE_BaseError  # GDAL's own errors, which fiona doesn't always translate
from shapely.errors import ShapelyError

from geodata.errors import DataError
from geodata.exports.raw import shorten
from geodata.exports.vector_faults import broken_file

_FILE_ERRORS: Final = (
    fiona.errors.FionaError,
    fiona.errors.FionaValueError,
    CPLE_BaseError,
    UnicodeDecodeError,
    SystemError,
)
_RECORD_ERRORS: Final = (
    *_FILE_ERRORS,
    ShapelyError,
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
)


class Layer(NamedTuple):
    """A layer as read: attributes, geometry as WKB (``None``: no geometry), CRS, record numbers.

    ``bad`` holds rejected rows ``(number, reason, detail)``; ``n_records`` is what the layer says
    it has.
    """

    table: pa.Table
    wkb: pa.ChunkedArray | None
    crs: str | None
    numbers: npt.NDArray[np.int64]
    bad: list[tuple[int, str, str]]
    n_records: int


def read_one_by_one(source: str, name: str, path: Path) -> Layer:
    """Read a layer record by record.

    Parameters
    ----------
    source, name
        What GDAL opens, and the layer in it.
    path
        For messages.

    Raises
    ------
    DataError
        ``unreadable`` and the like, if not even the layer can be opened.
    """
    bad: list[tuple[int, str, str]] = []
    rows: list[dict[str, Any]] = []
    blobs: list[bytes | None] = []
    numbers: list[int] = []
    try:
        with fiona.open(source, layer=name) as layer:
            n = len(layer)
            crs = _crs(layer)
            labels = list(layer.schema["properties"])
            flat = layer.schema["geometry"] in (None, "None")
            for number, record in _records(layer, n):
                if isinstance(record, str):
                    bad.append((number, "bad_record", record))
                    continue
                properties, blob = record
                rows.append(properties)
                blobs.append(blob)
                numbers.append(number)
    except _FILE_ERRORS as error:
        raise DataError(broken_file(path, error)) from error
    return Layer(
        table=pa.table({label: _values([row.get(label) for row in rows]) for label in labels}),
        wkb=None if flat else pa.chunked_array([pa.array(blobs, pa.binary())]),
        crs=crs,
        numbers=np.array(numbers, dtype=np.int64),
        bad=bad,
        n_records=n,
    )


def _records(
    layer: fiona.Collection, n: int
) -> Iterator[tuple[int, str | tuple[dict[str, Any], bytes | None]]]:
    """Yield number and attributes with geometry of each record, or what is wrong with it."""
    reader = iter(layer)
    for number in range(1, n + 1):
        try:
            record = next(reader)
            shape = record.geometry
            blob = None if shape is None else shapely.to_wkb(shapely.geometry.shape(shape))
        except StopIteration:
            yield number, ""  # the layer says it has more records than can be got
        except _RECORD_ERRORS as error:
            yield number, shorten(str(error))
        else:
            yield number, (dict(record.properties), blob)


def _crs(layer: fiona.Collection) -> str | None:
    try:
        return layer.crs_wkt or None
    except _FILE_ERRORS:  # a damaged .prj: the same as none, which the caller tells
        return None


def _values(values: list[Any]) -> pa.Array:
    """Return values as the type they share, else as text."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if v is None else str(v) for v in values], pa.string())
