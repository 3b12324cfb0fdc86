"""Tables made for tests: valid by `geodata.schema`, with secrets in every text."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, box

from geodata import schema

CRS = "EPSG:3006"
SECRETS = ("Hagebygatan 123", "0581-K1234-24", "5010;5011", "HEMLIGT")
"""Texts that stand in every text column that could point at somebody."""


def filled(name: str, n: int = 3, /, **columns: object) -> pd.DataFrame:
    """Return `n` valid rows of a table; every text is a secret unless given."""
    data: dict[str, object] = {}
    for label, column in schema.TABLES[name].items():
        match column.kind:
            case "int":
                data[label] = np.full(n, 7, dtype="int64")
            case "float":
                data[label] = np.full(n, 0.5)
            case "bool":
                data[label] = np.zeros(n, dtype=bool)
            case "text":
                data[label] = pd.Series([SECRETS[i % 4] for i in range(n)], dtype="str")
            case "time":
                data[label] = pd.Series(
                    [pd.Timestamp(2024, 3, 15, 14, 35, tz="Europe/Stockholm")] * n
                ).astype("datetime64[us, Europe/Stockholm]")
            case "date":
                data[label] = pd.Series([datetime(2024, 3, 15)] * n).astype("datetime64[us]")
            case "category":
                data[label] = schema.category([column.values[0]] * n, name, label)
    data |= columns
    if "geometry" in schema.TABLES[name]:
        shapes = data.pop("geometry", [Point(568941 + i, 6495231) for i in range(n)])
        return gpd.GeoDataFrame(data, geometry=list(shapes), crs=CRS)
    return pd.DataFrame(data)


def grid(counts: list[int], side: float = 100.0) -> gpd.GeoDataFrame:
    n = len(counts)
    east = 568000.0 + side * np.arange(n)
    events = np.array(counts, dtype="int64")
    return filled(
        "grid",
        n,
        cell_id=pd.Series([f"E{i}" for i in range(n)], dtype="str"),
        x_m=east,
        y_m=np.full(n, 6495000.0),
        n_events=events,
        n_days=events,
        share=events / max(events.sum(), 1),
        geometry=[box(e, 6495000, e + side, 6495000 + side) for e in east],
    )
