"""Small valid tables for tests, made from the columns that matter to the test."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema

CRS = "EPSG:3006"
X0, Y0 = 569_000.0, 6_495_000.0
"""A round corner near the middle of Norrköping."""

DEFAULTS: dict[str, Any] = {
    "input_no": 1,
    "case_id": None,
    "time_precision": "minute",
    "offence_code": "5010",
    "offence_codes": "5010",
    "offence_count": 1,
    "offence_class": "drug_possession",
    "andts_group": "narcotics",
    "source": "police",
    "police_initiated": "unknown",
    "space_type": "public",
    "certainty": "unknown",
    "geocode_class": "address",
    "address": None,
    "weight": 1.0,
    "stacked": False,
    "area_id": None,
    "regso_id": None,
}


def make_incidents(**columns: Any) -> pd.DataFrame:
    """Return a valid ``incidents`` table.

    Each keyword is a column: one value for all rows or one a row. ``x`` and ``y`` are metres from
    (`X0`, `Y0`); ``day`` counts days from 2024-01-01 12:00. ``place_id``, ``incident_id`` and
    ``source_row`` are made.
    """
    n = max((len(v) for v in columns.values() if np.ndim(v)), default=1)

    def full(name: str, default: Any) -> Any:
        value = columns.pop(name, default)
        return list(value) if np.ndim(value) else [value] * n

    x = np.array(full("x", 0.0), dtype=float) + X0
    y = np.array(full("y", 0.0), dtype=float) + Y0
    days = pd.to_timedelta(np.array(full("day", 0)), unit="D")
    start = (pd.Timestamp("2024-01-01 12:00") + days).tz_localize("Europe/Stockholm")
    data: dict[str, Any] = {
        "start": start.as_unit("us"),
        "end": start.as_unit("us"),
        "x_m": x,
        "y_m": y,
    }
    for name, default in DEFAULTS.items():
        data[name] = full(name, default)
    data["offence_classes"] = (
        full("offence_classes", None) if "offence_classes" in columns else data["offence_class"]
    )
    assert not columns, f"unknown columns {list(columns)}"
    table = pd.DataFrame(data)
    _points, place = np.unique(np.column_stack([x, y]).reshape(-1, 2), axis=0, return_inverse=True)
    table["place_id"] = place.ravel() + 1
    table["incident_id"] = table["source_row"] = np.arange(1, n + 1)
    return typed(table, "incidents")


def typed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the columns of table `name` in order, with its types."""
    out = {}
    kinds = {"int": "int64", "float": "float64", "bool": "bool", "text": "str"}
    for label, column in schema.TABLES[name].items():
        if column.kind == "category":
            out[label] = pd.Series(schema.category(table[label], name, label), index=table.index)
        elif column.kind in kinds:
            out[label] = table[label].astype(kinds[column.kind])
        else:
            out[label] = table[label]
    return pd.DataFrame(out)


def no_incidents() -> pd.DataFrame:
    """Return the ``incidents`` table without rows."""
    return make_incidents(x=[0.0]).iloc[:0]


def make_places(incidents: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a ``places`` table of `incidents`: ids, points, addresses and the main counts."""
    groups = incidents.groupby("place_id", sort=True)
    first = groups.first()
    data: dict[str, Any] = {
        "place_id": first.index.to_numpy(),
        "x_m": first["x_m"].to_numpy(),
        "y_m": first["y_m"].to_numpy(),
    }
    days = incidents["start"].dt.tz_localize(None).dt.normalize()
    by_place = days.groupby(incidents["place_id"])
    data |= {
        "address": first["address"].to_numpy(),
        "n_events": groups.size().to_numpy(),
        "n_offences": groups["offence_count"].sum().to_numpy(),
        "n_days": by_place.nunique().to_numpy(),
        "first_date": by_place.min().to_numpy(),
        "last_date": by_place.max().to_numpy(),
        "stacked": groups["stacked"].max().to_numpy(),
        "area_id": first["area_id"].to_numpy(),
    }
    frame = pd.DataFrame(
        {name: data.get(name, 0) for name in schema.PLACES if name != "geometry"},
        index=range(len(first)),
    )
    for label, column in schema.PLACES.items():
        if column.kind == "text":
            frame[label] = frame[label].astype("str")
    points = gpd.points_from_xy(frame["x_m"], frame["y_m"])
    table = gpd.GeoDataFrame(frame, geometry=points, crs=CRS)
    schema.check(table, "places", crs=CRS)
    return table
