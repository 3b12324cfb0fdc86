"""The tables behind the map's switch of period: counted events, and the hot spots of each."""

from __future__ import annotations

from typing import Final

from geodata.schema import Column, Tables

LEVELS: Final = ("whole", "area", "hotspot", "cell", "place")

PERIOD_TABLES: Final[Tables] = {
    "period_counts": {
        "level": Column("category", "what is counted: whole, area, hot spot, cell, place", LEVELS),
        "object_id": Column("text", "area_id, hotspot_id, cell_id or place_id; '*' for the whole"),
        "period": Column("text", "year, 2024, or quarter, 2024-Q1"),
        "whole": Column("bool", "the counted days cover the whole of the period"),
        "n_events": Column("int", "counted events; objects without any in a period have no row"),
    },
    "period_hotspots": {
        "period": Column("text", "year, 2024, or quarter, 2024-Q1"),
        "rank": Column("int", "1 is first of the period"),
        "spot_id": Column("text", "H03 where it is that hot spot, H03b the next of it, else P1 …"),
        "hotspot_id": Column(
            "text", "hot spot of the whole time with most of its events", nullable=True
        ),
        "n_events": Column("int", "counted events of the period"),
        "n_days": Column("int", "distinct days with events"),
        "n_places": Column("int", "places with events"),
        "area_m2": Column("float", "area, m²"),
        "geometry": Column("geometry", "Polygon or MultiPolygon"),
    },
}
"""The level ``whole`` has a row for every period, also where nothing was counted."""
