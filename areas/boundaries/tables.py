"""Making the table ``areas``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema


def as_areas(table: gpd.GeoDataFrame, *, kind: str, **constants: object) -> gpd.GeoDataFrame:
    """Return the columns of table ``areas``, from those of `table`, then `constants`, else missing.

    Parameters
    ----------
    table
        At least ``area_id``, ``name``, ``source`` and the geometry; may hold more of the columns.
    kind
        Kind of all areas.
    constants
        Values of columns that `table` doesn't hold.
    """
    n = len(table)
    missing: dict[str, object] = {"authoritative": False, "population": np.nan}
    data: dict[str, Any] = {}
    for label, column in schema.AREAS.items():
        if label in table.columns:
            values = table[label].reset_index(drop=True)
        else:
            values = pd.Series([constants.get(label, missing.get(label))] * n)
        if column.kind == "category":
            data[label] = schema.category([kind] * n, "areas", label)
        elif column.kind == "date":
            data[label] = pd.to_datetime(values).astype("datetime64[us]")
        elif column.kind != "geometry":
            types = {"text": "str", "float": "float64", "bool": "bool"}
            data[label] = values.astype(types[column.kind])
    geometry = table.geometry.reset_index(drop=True)
    return gpd.GeoDataFrame(data, geometry=geometry, crs=table.crs)


def concat(tables: Sequence[gpd.GeoDataFrame], *, crs: str) -> gpd.GeoDataFrame:
    """Return all areas in one table, in order of kind, id and first day."""
    if not tables:
        return cast("gpd.GeoDataFrame", schema.empty("areas", crs=crs))
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(
        ["kind", "area_id", "valid_from"], na_position="first", kind="stable", ignore_index=True
    )
    return gpd.GeoDataFrame(table, geometry="geometry", crs=tables[0].crs)


def in_force_together(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Tell whether two areas are in force on some common day."""
    apart = one["valid_to"] < other["valid_from"] or other["valid_to"] < one["valid_from"]
    return not apart
