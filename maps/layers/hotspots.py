"""Hot spots as outlines with their rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.labels import label
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
        "dashed": ordered["uncertain"].tolist(),
        "popups": _hotspot_popups(ordered, areas).json(),
    }
    return MapLayer(
        key="hotspots",
        title=_("Hot spots"),
        data=data,
        views=frozenset({"overview", "cameras", "searches", "measures"}),
        legend=(
            Swatch("outline", style.HOTSPOT_LINE, _legend(ordered)),
            *([_uncertain_swatch()] if bool(ordered["uncertain"].any()) else []),
        ),
        table=_hotspot_table(ordered, areas),
        level="hotspot",
        ids=tuple(ordered["hotspot_id"].tolist()),
    )


def _legend(table: gpd.GeoDataFrame) -> str:
    if len(table) < 2:
        return _("hot spot")
    return _("hot spot, {first} har högst rang").format(first=table["hotspot_id"].iloc[0])


def _uncertain_swatch() -> Swatch:
    text = _("osäker: kvar i mindre än hälften av omkörningarna med flyttade punkter")
    return Swatch("outline_dashed", style.HOTSPOT_LINE, text)


def _hotspot_popups(table: gpd.GeoDataFrame, areas: list[str | None]) -> Popups:
    popups = Popups(titles=[_("Hot spot {id}").format(id=i) for i in table["hotspot_id"]])
    popups.subtitles = [joined(n, a) for n, a in zip(texts(table, "name"), areas, strict=True)]
    popups.lead = leads(table)
    _add_evidence(popups, table)
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


def _add_evidence(popups: Popups, table: gpd.GeoDataFrame) -> None:
    """Add what the evidence says, where the hot spots have been weighed."""
    popups.add(_("Bedömning"), texts(table, "sentence"))
    popups.add(_("Stabilitet"), shares(table, "stability"))
    kinds = [label(kind) if kind else None for kind in texts(table, "persistence")]
    popups.add(_("Varaktighet"), kinds)
    popups.add(_("Mest klockan"), texts(table, "time_window"))
    popups.add(_("q (slump, korrigerat)"), _figures(table, "q", 3))
    popups.add(_("Metod"), texts(table, "method"))
    popups.add(_("Metodens PAI, 5 % av ytan"), _figures(table, "method_pai", 1))


def _figures(table: gpd.GeoDataFrame, name: str, decimals: int) -> list[str | None]:
    """Return a column as texts, ``None`` where missing or not released to this profile."""
    if name not in table:
        return [None] * len(table)
    return [_figure(value, decimals) for value in table[name]]


def _figure(value: Any, decimals: int) -> str | None:  # noqa: ANN401 (a cell of a table)
    """Return a figure as text, ``None`` where it is missing; what rounds to 0 is told as small."""
    if pd.isna(value):
        return None
    least = 10.0**-decimals
    if 0 <= value < least:
        return _("under {p}").format(p=number(least, decimals))
    return number(float(value), decimals)


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
