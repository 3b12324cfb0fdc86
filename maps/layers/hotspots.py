"""Hot spots as outlines with their rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.language import gettext as _
from geodata.language import number
from geodata.schema import OFFENCE_CLASSES, SOURCES
from maps import encoding, style
from maps.layers.base import (
    MapLayer,
    Popups,
    Swatch,
    TextTable,
    composition,
    counts,
    joined,
    label_points,
    leads,
    shares,
    spans,
    texts,
    wgs84,
)

DIGITS: Final = 6
_CURVE_M: Final = 0.5
"""How far the corners of a rounded outline may be from it: less than the width of its line."""


def hotspot_layer(hotspots: gpd.GeoDataFrame, area_names: Mapping[str, str]) -> MapLayer:
    """Return hot spots, best rank drawn last so that it lies on top.

    Parameters
    ----------
    hotspots
        Released hot spots; columns a profile withholds may be gone, hidden counts are ``NA``.
    area_names
        Names of areas by ``area_id``.
    """
    ordered = hotspots.sort_values("rank", kind="stable").reset_index(drop=True)
    shapes = np.asarray(ordered.geometry.array)
    outlines = ordered.set_geometry(shapely.simplify(shapes, _CURVE_M), crs=ordered.crs)
    anchors = ordered.set_geometry(label_points(shapes), crs=ordered.crs)
    areas = [area_names.get(a) if isinstance(a, str) else None for a in ordered["area_id"]]
    data = {
        "kind": "hotspots",
        "digits": DIGITS,
        "paths": encoding.paths(wgs84(outlines), DIGITS),
        "anchors": encoding.points(wgs84(anchors), DIGITS),
        "labels": ordered["hotspot_id"].tolist(),
        "line": style.HOTSPOT_LINE,
        "popups": _hotspot_popups(ordered, areas).json(),
    }
    return MapLayer(
        key="hotspots",
        title=_("Hot spots"),
        data=data,
        views=frozenset({"overview", "cameras", "searches"}),
        legend=(Swatch("outline", style.HOTSPOT_LINE, _legend(ordered)),),
        table=_hotspot_table(ordered, areas),
    )


def _legend(table: gpd.GeoDataFrame) -> str:
    if len(table) < 2:
        return _("hot spot")
    return _("hot spot, {first} har högst rang").format(first=table["hotspot_id"].iloc[0])


def _hotspot_popups(table: gpd.GeoDataFrame, areas: list[str | None]) -> Popups:
    popups = Popups(titles=[_("Hot spot {id}").format(id=i) for i in table["hotspot_id"]])
    popups.subtitles = [joined(n, a) for n, a in zip(texts(table, "name"), areas, strict=True)]
    popups.lead = leads(table)
    popups.add(_("Brott"), counts(table, "n_offences"))
    popups.add(_("Kvartal med händelse"), counts(table, "n_quarters"))
    popups.add(_("Första – sista"), spans(table))
    popups.add(_("Olika platser"), counts(table, "n_places"))
    popups.add(_("Andel av alla räknade"), shares(table, "share"))
    popups.add(_("Yta"), [f"{number(v / 1e4, 1)} ha" for v in table["area_m2"]])
    popups.add(
        _("Täthet"),
        [_("{n} händelser per ha").format(n=number(v, 1)) for v in table["density_per_ha"]],
    )
    popups.add(_("Typ av brott"), composition(table, "n", OFFENCE_CLASSES))
    popups.add(_("Samma brott, per källa"), composition(table, "n_source", SOURCES))
    popups.add(_("På polisens initiativ"), shares(table, "share_police_initiated"))
    return popups


def _hotspot_table(table: gpd.GeoDataFrame, areas: list[str | None]) -> TextTable:
    names = texts(table, "name")
    columns: list[list[Any]] = [
        table["hotspot_id"].tolist(),
        [n or a or "–" for n, a in zip(names, areas, strict=True)],
        counts(table, "n_events"),
        counts(table, "n_days"),
        shares(table, "share"),
    ]
    return TextTable(
        caption=_("Hot spots"),
        header=(_("Nr"), _("Plats"), _("Händelser"), _("Dagar"), _("Andel")),
        left=2,
        rows=tuple(zip(*columns, strict=True)),
    )
