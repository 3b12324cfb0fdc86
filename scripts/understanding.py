"""The first step: what was read becomes events. It needs few libraries, so it begins early."""

from __future__ import annotations

from datetime import date
from typing import Final

import geopandas as gpd

from geodata.incidents import Import, import_incidents
from geodata.incidents import Input as ReadInput
from geodata.store.reading import stored_import
from scripts.config import Project
from scripts.reading import Box, Material, stated_extent

WHOLE_TOWN_KINDS: Final = ("municipality", "regso", "deso")
"""Kinds of area that together cover the municipality."""


def import_step(project: Project, material: Material) -> Import:
    """Understand the rows of all input files, or take the events of the project's store."""
    options = project.project
    if material.store is not None:
        meanings = [one.meaning for one in project.inputs]
        return stored_import(material.store, meanings, codes=material.codes)
    return import_incidents(
        [
            ReadInput(raw=raw, options=one.meaning)
            for raw, one in zip(material.raws, project.inputs, strict=True)
        ],
        crs=options.crs,
        timezone=options.timezone,
        today=options.extract_date or date.today(),
        bbox=extent(project, material.areas.table),
        codes=material.codes,
    )


def extent(project: Project, areas: gpd.GeoDataFrame) -> Box | None:
    """Return the box outside which a point can't be right, or ``None`` when nothing tells it.

    The project's own ``extent``, else the bounds of the areas that cover the municipality with
    ``extent_margin_m`` around them. In metres of the project's CRS: x min, y min, x max, y max.
    """
    stated = stated_extent(project)
    if stated is not None:
        return stated
    whole = areas[areas["kind"].isin(WHOLE_TOWN_KINDS)]
    if whole.empty:
        return None
    margin = project.project.extent_margin_m
    low_x, low_y, high_x, high_y = (float(v) for v in whole.total_bounds)
    return (low_x - margin, low_y - margin, high_x + margin, high_y + margin)
