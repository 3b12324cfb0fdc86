"""Dated polygons: read from files, composed from RegSO or DeSO, or built in; and checked."""

from areas.boundaries.builtin import (
    builtin_areas,
    covers_norrkoping,
    municipality_box,
    municipality_outline,
)
from areas.boundaries.options import AreaColumns, AreaFile, AreaOptions, ComposedArea
from areas.boundaries.reading import Areas, read_areas

__all__ = [
    "AreaColumns",
    "AreaFile",
    "AreaOptions",
    "Areas",
    "ComposedArea",
    "builtin_areas",
    "covers_norrkoping",
    "municipality_box",
    "municipality_outline",
    "read_areas",
]
