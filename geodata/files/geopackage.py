"""``results.gpkg``: all tables in one file that opens in QGIS with its styles.

The tables go through GDAL's Arrow writer. QGIS looks for styles in a table ``layer_styles`` with
the columns below, registered as a table of attributes, and takes the row with ``useAsDefault`` for
a layer (QGIS User Guide, "Saving styles in a GeoPackage"; OGC GeoPackage 1.4 for the rest).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyogrio

from geodata.all_tables import ALL_TABLES
from geodata.disclosure import Released, marking
from geodata.files.arrow import batches, geometry_type
from geodata.files.qgis import layer_style
from geodata.files.titles import title
from geodata.language import gettext as _

GEOMETRY: Final = "geom"

_FILE: Final = {"VERSION": "1.2", "DATETIME_FORMAT": "UTC"}
"""1.2 is what every QGIS 3 reads without a warning; UTC is what the standard asks of times."""

_GDAL_ERRORS: Final = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)

_LAYER_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""


def write_geopackage(
    path: Path, tables: Mapping[str, Released], *, crs: str, stamp: datetime
) -> None:
    """Write tables and their QGIS styles into one GeoPackage.

    Parameters
    ----------
    path
        The file; it must not exist.
    tables
        Released tables by layer name, all of one profile. Withheld ones make no layer.
        ``incidents`` becomes points of its ``x_m`` and ``y_m``. Layers are written in the order
        of `geodata.all_tables.ALL_TABLES`, whatever the order of the mapping.
    crs
        CRS of all coordinates, as ``EPSG:3006``.
    stamp
        Timezone-aware time that stands as "last changed"; the only time in the file that is not
        data. Two calls with equal tables and stamp give equal bytes.

    Raises
    ------
    TypeError, ValueError
        If a table has not passed the door, or the profiles differ.
    OSError
        If the file can't be written.
    """
    written = _shown(tables)
    moment = stamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        for name, released in written.items():
            _write_layer(path, name, released, crs)
        _write_styles(path, written, moment)
    except (*_GDAL_ERRORS, sqlite3.Error) as error:
        # GDAL repeats the whole statement before the reason.
        raise OSError(str(error).rsplit(": ", 1)[-1]) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _shown(tables: Mapping[str, Released]) -> dict[str, Released]:
    wrong = [name for name, table in tables.items() if not isinstance(table, Released)]
    if wrong:
        msg = f"not passed by geodata.disclosure.release: {', '.join(wrong)}"
        raise TypeError(msg)
    if len({released.profile for released in tables.values()}) > 1:
        msg = "tables of different profiles can't stand in one file"
        raise ValueError(msg)
    order = list(ALL_TABLES)
    names = sorted(tables, key=lambda name: (order.index(tables[name].name), name))
    return {name: tables[name] for name in names if tables[name].table is not None}


def _write_layer(path: Path, name: str, released: Released, crs: str) -> None:
    assert released.table is not None
    kind = geometry_type(released.table)
    parts = batches(released.table, geometry_name=GEOMETRY, kind=kind)
    first = next(parts)
    reader = pa.RecordBatchReader.from_batches(first.schema, chain([first], parts))
    words = [marking(released.profile), *released.notes]
    if any(isinstance(dtype, pd.DatetimeTZDtype) for dtype in released.table.dtypes):
        words.append(_("Tider i UTC."))
    told = {"IDENTIFIER": title(released.name), "DESCRIPTION": " ".join(words)}
    shape = {"GEOMETRY_NAME": GEOMETRY} if kind else {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}
    first_layer = not path.exists()
    pyogrio.write_arrow(
        reader,
        path,
        layer=name,
        driver="GPKG",
        append=not first_layer,
        geometry_name=GEOMETRY if kind else None,
        geometry_type=kind,
        crs=crs if kind else None,
        dataset_options=_FILE if first_layer else None,
        layer_options=told | shape,
    )


def _write_styles(path: Path, written: Mapping[str, Released], moment: str) -> None:
    rows = []
    for name, released in written.items():
        assert released.table is not None
        qml = layer_style(released.name, released.table)
        if qml is not None:
            rows.append(("", "", name, GEOMETRY, name, qml, "", 1, "", "", None, moment))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_LAYER_STYLES)
        # Without this row GDAL, and so QGIS, doesn't see the table.
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (moment,),
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
            " ui, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
