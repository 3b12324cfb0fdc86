"""Proposed camera sites with their reach, and proposed places for dog searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geodata.language import gettext as _
from geodata.language import number
from geodata.schema import OFFENCE_CLASSES
from maps import encoding, style
from maps.layers.base import (
    MapLayer,
    Popups,
    Swatch,
    TextTable,
    composition,
    counts,
    joined,
    leads,
    shares,
    spans,
    texts,
    wgs84,
)

DIGITS: Final = 6


def camera_layer(sites: gpd.GeoDataFrame, area_names: Mapping[str, str]) -> MapLayer:
    """Return proposed camera sites, with a circle of their reach where no houses tell the view."""
    table = sites.sort_values("rank", kind="stable").reset_index(drop=True)
    areas = _area_names(table, area_names)
    popups = Popups(titles=[_("Kameraplats {id}").format(id=i) for i in table["site_id"]])
    popups.subtitles = [joined(_("förslag"), a) for a in areas]
    popups.texts = table["why"].tolist()
    popups.lead = leads(table, "n_covered")
    popups.add(_("Väntat antal i bild"), [number(v, 1) for v in table["n_expected"]])
    popups.add(_("varav ingen bättre plats ser"), counts(table, "n_added"))
    popups.add(_("Andel av alla räknade"), shares(table, "share_covered"))
    popups.add(_("Räckvidd"), [f"{number(v)} m" for v in table["reach_m"]])
    popups.add(_("Typ av brott"), composition(table, "n", OFFENCE_CLASSES))
    popups.add(_("På polisens initiativ"), counts(table, "n_police_initiated"))
    popups.add(_("Eget bruk inom räckvidd, räknas inte"), counts(table, "n_use_within_reach"))
    popups.add(_("Hot spot"), texts(table, "hotspot_id"))
    data = _site_data(table, "camera", style.CAMERA, popups)
    if not bool(table["sight"].all()):  # else the views tell it better than circles
        data["reach_m"] = [round(float(r), 1) for r in table["reach_m"]]
    columns: list[list[Any]] = [
        table["site_id"].tolist(),
        [joined(h, a) or "–" for h, a in zip(texts(table, "hotspot_id"), areas, strict=True)],
        counts(table, "n_covered"),
        shares(table, "share_covered"),
    ]
    return MapLayer(
        key="camera_sites",
        title=_("Föreslagna kameraplatser"),
        data=data,
        views=frozenset({"cameras"}),
        legend=_camera_legend(table),
        table=TextTable(
            caption=_("Kameraplatser, förslag"),
            header=(_("Nr"), _("Hot spot och område"), _("Händelser"), _("Andel")),
            left=2,
            rows=tuple(zip(*columns, strict=True)),
        ),
    )


def _camera_legend(table: gpd.GeoDataFrame) -> tuple[Swatch, ...]:
    reaches = np.unique(table["reach_m"].to_numpy())
    if len(reaches) == 1:
        words = _("räckvidd {reach} m").format(reach=number(reaches[0]))
    else:
        words = _("räckvidd")
    site = Swatch("camera", style.CAMERA, _("föreslagen kameraplats"))
    if bool(table["sight"].all()):
        return (site,)
    return (site, Swatch("reach", style.CAMERA, words))


def search_layer(sites: gpd.GeoDataFrame, area_names: Mapping[str, str]) -> MapLayer:
    """Return proposed places for dog searches in common areas."""
    table = sites.sort_values("rank", kind="stable").reset_index(drop=True)
    areas = _area_names(table, area_names)
    names = texts(table, "name")
    popups = Popups(titles=[_("Hundsök {id}").format(id=i) for i in table["site_id"]])
    popups.subtitles = [joined(_("förslag"), n, a) for n, a in zip(names, areas, strict=True)]
    popups.texts = table["why"].tolist()
    popups.lead = leads(table)
    popups.add(_("Första – sista"), spans(table))
    popups.add(_("Hot spot"), texts(table, "hotspot_id"))
    columns: list[list[Any]] = [
        table["site_id"].tolist(),
        [n or a or "–" for n, a in zip(names, areas, strict=True)],
        counts(table, "n_events"),
        counts(table, "n_days"),
    ]
    return MapLayer(
        key="search_sites",
        title=_("Föreslagna platser för hundsök"),
        data=_site_data(table, "search", style.SEARCH, popups),
        views=frozenset({"searches"}),
        legend=(Swatch("search", style.SEARCH, _("föreslagen plats för hundsök")),),
        table=TextTable(
            caption=_("Hundsök, förslag"),
            header=(_("Nr"), _("Plats"), _("Händelser"), _("Dagar")),
            left=2,
            rows=tuple(zip(*columns, strict=True)),
        ),
    )


def _area_names(table: gpd.GeoDataFrame, names: Mapping[str, str]) -> list[str | None]:
    return [names.get(a) if isinstance(a, str) else None for a in table["area_id"]]


def _site_data(table: gpd.GeoDataFrame, symbol: str, colour: str, popups: Popups) -> dict[str, Any]:
    return {
        "kind": "sites",
        "digits": DIGITS,
        "points": encoding.points(wgs84(table), DIGITS),
        "labels": table["site_id"].tolist(),
        "symbol": symbol,
        "colour": colour,
        "popups": popups.json(),
    }
