"""Decided areas as outlines with names; statistical areas as a thin net beneath."""

from __future__ import annotations

from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.labels import label
from geodata.language import day, number
from geodata.language import gettext as _
from maps import encoding, style
from maps.layers.base import (
    MapLayer,
    Popups,
    Swatch,
    TextTable,
    joined,
    label_points,
    simplified,
    texts,
    wgs84,
)

DIGITS: Final = 6
STRONG: Final = ("est_area", "other")
"""Kinds of area that are drawn as a main matter; the others are a thin net."""
_ORDER: Final = ("municipality", "deso", "regso", "other", "est_area")


def valid_on(areas: gpd.GeoDataFrame, on: date | None) -> gpd.GeoDataFrame:
    """Return the boundaries in force on a day, in order of name; all of them without a day."""
    ordered = areas.sort_values(["name", "area_id", "valid_from"], kind="stable")
    if on is None:
        return ordered.reset_index(drop=True)
    at = pd.Timestamp(on)
    started = ordered["valid_from"].isna() | (ordered["valid_from"] <= at)
    lasting = ordered["valid_to"].isna() | (ordered["valid_to"] >= at)
    return ordered.loc[started & lasting].reset_index(drop=True)


def area_layers(areas: gpd.GeoDataFrame, hotspots: pd.DataFrame | None) -> list[MapLayer]:
    """Return one layer a kind of area, the lowest first.

    Parameters
    ----------
    areas
        Boundaries in force, from `valid_on`.
    hotspots
        Released hot spots, for the number of them in each area; ``None`` when withheld.
    """
    kinds = areas["kind"].astype(str)
    return [
        _layer(areas.loc[kinds == kind].reset_index(drop=True), kind, hotspots)
        for kind in _ORDER
        if bool((kinds == kind).any())
    ]


def _layer(areas: gpd.GeoDataFrame, kind: str, hotspots: pd.DataFrame | None) -> MapLayer:
    strong = kind in STRONG
    preliminary = ~areas["authoritative"].to_numpy(dtype=bool)
    shapes = areas.set_geometry(simplified(np.asarray(areas.geometry.array), 1.0), crs=areas.crs)
    anchors = areas.set_geometry(label_points(np.asarray(areas.geometry.array)), crs=areas.crs)
    data = {
        "kind": "outlines",
        "digits": DIGITS,
        "paths": encoding.paths(wgs84(shapes), DIGITS),
        "anchors": encoding.points(wgs84(anchors), DIGITS),
        "labels": areas["name"].tolist(),
        "dashed": preliminary.tolist(),
        "strong": strong,
        "line": style.AREA_LINE if strong else style.REGSO_LINE,
        "popups": _popups(areas, kind, hotspots).json(),
    }
    return MapLayer(
        key=f"areas_{kind}",
        title=_title(kind),
        data=data,
        views=frozenset({"overview", "cameras", "searches", "measures"})
        if strong or kind == "municipality"
        else frozenset({"overview"} if kind == "regso" else ()),
        legend=_legend(preliminary, strong=strong),
        table=_table(areas, kind, hotspots) if strong else None,
        level="area" if kind in ("est_area", "regso") else "",
        ids=tuple(areas["area_id"].tolist()),
    )


def _title(kind: str) -> str:
    titles = {
        "est_area": _("EST-områden"),
        "other": _("Andra områden"),
        "regso": _("RegSO-områden"),
        "deso": _("DeSO-områden"),
        "municipality": _("Kommun"),
    }
    return titles[kind]


def _legend(preliminary: np.ndarray, *, strong: bool) -> tuple[Swatch, ...]:
    if not strong:
        return (Swatch("thin", style.REGSO_LINE, _("gräns")),)
    swatches = []
    if not preliminary.all():
        swatches.append(Swatch("line", style.AREA_LINE, _("beslutad gräns")))
    if preliminary.any():
        swatches.append(Swatch("dashed", style.AREA_LINE, _("preliminär gräns")))
    return tuple(swatches)


def _status(areas: gpd.GeoDataFrame) -> list[str]:
    return [_("beslutad") if a else _("preliminär") for a in areas["authoritative"]]


def _hotspots_in(areas: gpd.GeoDataFrame, hotspots: pd.DataFrame | None) -> list[str | None]:
    if hotspots is None:
        return [None] * len(areas)
    inside = hotspots["area_id"].value_counts()
    return [number(int(inside.get(a, 0))) for a in areas["area_id"]]


def _popups(areas: gpd.GeoDataFrame, kind: str, hotspots: pd.DataFrame | None) -> Popups:
    popups = Popups(titles=areas["name"].tolist())
    strong = kind in STRONG
    popups.subtitles = [
        joined(label(kind), _("preliminär gräns") if strong and not a else None)
        for a in areas["authoritative"]
    ]
    if strong:
        popups.add(_("Hot spots"), _hotspots_in(areas, hotspots))
        popups.add(_("Gräns"), _status(areas))
        popups.add(_("Beslut"), texts(areas, "decision_ref"))
        for name, column in ((_("Gäller från"), "valid_from"), (_("Gäller till"), "valid_to")):
            popups.add(name, [None if pd.isna(v) else day(v) for v in areas[column]])
    else:
        popups.add(_("Kod"), areas["area_id"].tolist())
    population = [None if pd.isna(v) else number(v) for v in areas["population"]]
    popups.add(_("Invånare"), population)
    popups.add(_("Källa"), texts(areas, "source"))
    return popups


def _table(areas: gpd.GeoDataFrame, kind: str, hotspots: pd.DataFrame | None) -> TextTable:
    header = [_("Område"), _("Gräns"), _("Hot spots")]
    columns = [areas["name"].tolist(), _status(areas), _hotspots_in(areas, hotspots)]
    if hotspots is None:
        header, columns = header[:2], columns[:2]
    return TextTable(
        caption=_title(kind),
        header=tuple(header),
        left=2,
        rows=tuple(zip(*columns, strict=True)),
    )
