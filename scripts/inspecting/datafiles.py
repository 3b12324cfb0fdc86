"""Opening GeoPackages, GeoJSON and Parquet: tables, shapes and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from scripts.inspecting.contents import Contents, Shapes, Sheet

_DEGREE_M: Final = 111_320.0
"""Metres of a degree of latitude; near enough for the size of a cell."""


def open_vector(path: Path) -> Contents:
    """Open a file of layers."""
    import pyogrio

    found = Contents()
    for layer, _kind in pyogrio.list_layers(path):
        if layer == "layer_styles":
            continue
        info = pyogrio.read_info(path, layer=layer)
        told = {**(info.get("layer_metadata") or {}), **(info.get("dataset_metadata") or {})}
        found.texts += [(str(layer), str(value)) for value in told.values()]
        _table(found, str(layer), pyogrio.read_dataframe(path, layer=layer))
    return found


def open_parquet(path: Path) -> Contents:
    """Open a Parquet file, with shapes where it has any."""
    import geopandas as gpd
    import pyarrow.parquet as pq

    found = Contents()
    metadata = pq.read_schema(path).metadata or {}
    own = metadata.get(b"lagesbild")
    if own is not None:
        about = json.loads(own)
        found.profile = str(about.get("profile", ""))
        found.texts += [("metadata", str(about.get("marking", "")))]
        found.texts += [("metadata", str(note)) for note in about.get("notes", ())]
    table = gpd.read_parquet(path) if b"geo" in metadata else pd.read_parquet(path)
    _table(found, path.stem, table)
    return found


def _table(found: Contents, name: str, table: pd.DataFrame) -> None:
    found.layers.append(name)
    geometry = getattr(table, "geometry", None) if hasattr(table, "crs") else None
    if geometry is not None and len(table):
        found.shapes.append(_shapes(name, geometry))
        table = pd.DataFrame(table.drop(columns=geometry.name))
    columns = tuple(str(column) for column in table.columns)
    texts = [["" if pd.isna(v) else str(v) for v in table[c].tolist()] for c in table.columns]
    rows = tuple(zip(*texts, strict=True)) if texts else ()
    found.sheets.append(Sheet(name, columns, rows))
    for column, values in zip(columns, texts, strict=True):
        found.texts += [(f"{name}.{column}", value) for value in dict.fromkeys(values) if value]


def _shapes(name: str, geometry: Any) -> Shapes:  # noqa: ANN401 (GeoSeries)
    known = geometry[~geometry.isna()]
    kinds = frozenset(known.geom_type.unique())
    bounds = known[known.geom_type.isin(("Polygon", "MultiPolygon"))].bounds.to_numpy()
    width, height = bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]
    if geometry.crs is not None and geometry.crs.is_geographic:
        width = width * _DEGREE_M * np.cos(np.radians(bounds[:, 1]))
        height = height * _DEGREE_M
    return Shapes(name, kinds, np.maximum(width, height).astype(np.float64))
