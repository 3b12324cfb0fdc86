"""GeoParquet 1.1: the fastest file to read again, also in QGIS, DuckDB and R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from geodata.disclosure import Released, marking
from geodata.files.arrow import batches, geometry_type

GEOMETRY = "geometry"
_SELDOM_REPEATED: Final = frozenset(
    (GEOMETRY, "case_id", "incident_id", "source_row", "start", "end", "place_id")
)
"""Columns for which a dictionary would be built only to be thrown away."""


def write_parquet(path: Path, released: Released, *, crs: str) -> None:
    """Write a released table as GeoParquet; ``incidents`` becomes points.

    Parameters
    ----------
    path
        The file.
    released
        A table that is not withheld. Its marking and notes stand in the metadata of the file,
        under the key ``lagesbild``.
    crs
        CRS of all coordinates.

    Raises
    ------
    ValueError
        If the table is withheld.
    OSError
        If the file can't be written.
    """
    table = released.shown()
    kind = geometry_type(table)
    parts = batches(table, geometry_name=GEOMETRY, kind=kind)
    about = {"name": released.name, "profile": released.profile, "notes": list(released.notes)}
    about["marking"] = marking(released.profile)
    metadata = {"lagesbild": json.dumps(about, ensure_ascii=False, sort_keys=True)}
    if kind:
        metadata["geo"] = json.dumps(_geo(kind, crs), sort_keys=True)
    first = next(parts)
    schema = first.schema.with_metadata(metadata)
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=[name for name in schema.names if name not in _SELDOM_REPEATED],
        # Bounds let a reader skip rows by time or place; those of texts would help nobody.
        write_statistics=[field.name for field in schema if not _is_bytes(field.type)],
    ) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(first.columns, schema=schema))
        for part in parts:
            writer.write_batch(pa.RecordBatch.from_arrays(part.columns, schema=schema))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _geo(kind: str, crs: str) -> dict[str, object]:
    column = {
        "encoding": "WKB",
        "geometry_types": [kind],
        "crs": CRS.from_user_input(crs).to_json_dict(),
    }
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
