"""The table behind the map's switch of period: counted events by object and period."""

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
    }
}
"""The level ``whole`` has a row for every period, also where nothing was counted."""
