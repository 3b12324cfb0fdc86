"""What tables become on a printed map: one function a theme, from a released table to a layer.

A table that is withheld becomes a layer that draws nothing and says why in the legend.
"""

from __future__ import annotations

from maps.printed.themes.areas import area_layer, choropleth_layer
from maps.printed.themes.bivariate import bivariate_layer
from maps.printed.themes.grid import grid_layer
from maps.printed.themes.hotspots import hotspot_layer
from maps.printed.themes.simple import line_layer, point_layer, surface_layer
from maps.printed.themes.sites import Status, site_layer, view_layer
from maps.printed.themes.walk import walk_layer

__all__ = [
    "Status",
    "area_layer",
    "bivariate_layer",
    "choropleth_layer",
    "grid_layer",
    "hotspot_layer",
    "line_layer",
    "point_layer",
    "site_layer",
    "surface_layer",
    "view_layer",
    "walk_layer",
]
