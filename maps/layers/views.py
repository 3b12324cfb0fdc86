"""What proposed cameras see, what is masked, and the sets to choose from. For ``intern`` only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.language import gettext as _
from geodata.language import number, percent
from maps import encoding, style
from maps.layers.base import MapLayer, Popups, Swatch, TextTable, wgs84
from maps.sheets.words import named

DIGITS: Final = 6
_CURVE_M: Final = 0.3
"""Views are drawn this exact: a third of a metre is a hair on any screen."""


def camera_view_layers(tables: Mapping[str, gpd.GeoDataFrame]) -> list[MapLayer]:
    """Return what proposed cameras see, where there are any, lowest first.

    Parameters
    ----------
    tables
        The map's tables by name; used are ``camera_frontier``, ``camera_frontier_sites``,
        ``camera_views`` and ``camera_masks``.
    """
    made = []
    if len(tables.get("camera_frontier", ())) and len(tables.get("camera_frontier_sites", ())):
        made.append(frontier_layer(tables["camera_frontier"], tables["camera_frontier_sites"]))
    for name, layer in (("camera_views", view_layer), ("camera_masks", mask_layer)):
        if len(tables.get(name, ())):
            made.append(layer(tables[name]))
    return made


def view_layer(views: gpd.GeoDataFrame) -> MapLayer:
    """Return the ground that each proposed camera sees, with what lies in it."""
    table = views.reset_index(drop=True)
    popups = Popups(titles=[_("Upptagningsområde {id}").format(id=i) for i in table["site_id"]])
    popups.lead = [_("{area} m²").format(area=number(v)) for v in table["area_m2"]]
    lines = (
        (_("Allmän plats"), "public_m2", "m²"),
        (_("Privat tomtmark"), "yard_m2", "m²"),
        (_("Bostadsfasad i bild"), "facade_m", "m"),
        (_("Bostadshus i bild"), "n_residential", ""),
        (_("Entréer i bild"), "n_entrances", ""),
        (_("Känsliga platser i bild"), "n_sensitive", ""),
        (_("Hållplatsområde i bild"), "stop_m2", "m²"),
        (_("Överlapp med befintliga kameror"), "existing_m2", "m²"),
        (_("Föreslagen maskering"), "masked_m2", "m²"),
        (_("Yta efter maskering"), "net_m2", "m²"),
    )
    for name, column, unit in lines:
        popups.add(name, [_known(value, unit) for value in table[column]])
    header = (_("Nr"), _("Yta, m²"), _("Tomtmark, m²"), _("Bostadshus"), _("Känsliga"))
    columns: list[list[Any]] = [
        table["site_id"].tolist(),
        [number(v) for v in table["area_m2"]],
        *([_known(v, "") for v in table[c]] for c in ("yard_m2", "n_residential", "n_sensitive")),
    ]
    return MapLayer(
        key="camera_views",
        title=_("Upptagningsområden"),
        data=_shapes(table, "views", style.CAMERA, popups) | {"fill": 0.2},
        views=frozenset({"cameras"}),
        legend=(Swatch("fill", style.CAMERA, _legend(table)),),
        table=TextTable(
            caption=_("Upptagningsområden"),
            header=header,
            left=1,
            rows=tuple(zip(*columns, strict=True)),
        ),
    )


def _legend(table: gpd.GeoDataFrame) -> str:
    if bool(table["sight"].all()):
        return _("yta som kameran ser, hus skymmer")
    return _("yta inom räckvidd, fri sikt ej prövad")


def _known(value: Any, unit: str) -> str:  # noqa: ANN401 (a cell of a table)
    """Return a figure, or that no layer tells: never 0 for what nobody has checked."""
    if pd.isna(value):
        return _("ej kontrollerat")
    return f"{number(float(value))} {unit}".strip()


def mask_layer(masks: gpd.GeoDataFrame) -> MapLayer:
    """Return the proposed masking zones."""
    table = masks.reset_index(drop=True)
    names = [named(kind) for kind in table["kind"]]
    popups = Popups(titles=[_("Maskering {id}").format(id=i) for i in table["site_id"]])
    popups.add(_("Döljer"), names)
    popups.add(_("Yta"), [_("{area} m²").format(area=number(v)) for v in table["area_m2"]])
    popups.add(_("Andel av upptagningsområdet"), [percent(float(v)) for v in table["share"]])
    return MapLayer(
        key="camera_masks",
        title=_("Föreslagen maskering"),
        data=_shapes(table, "views", style.HOTSPOT_LINE, popups) | {"fill": 0.45},
        views=frozenset({"cameras"}),
        legend=(Swatch("fill", style.HOTSPOT_LINE, _("yta som maskeras")),),
    )


def frontier_layer(frontier: pd.DataFrame, sites: gpd.GeoDataFrame) -> MapLayer:
    """Return the efficient sets: one is shown at a time, chosen in the table beside the map."""
    sets = frontier.sort_values("set_no", kind="stable").reset_index(drop=True)
    table = sites.sort_values(["set_no", "candidate_id"], kind="stable").reset_index(drop=True)
    members = [
        np.flatnonzero((table["set_no"] == number_).to_numpy()).tolist()
        for number_ in sets["set_no"]
    ]
    n, cost = len(sets), str(sets["cost_name"].iloc[0])
    popups = Popups(
        titles=[_("Urval {i} av {n}").format(i=i, n=number(n)) for i in sets["set_no"]],
        subtitles=[_("det som föreslås") if one else "" for one in sets["proposed"]],
        lead=[_("{n} väntade händelser i bild").format(n=number(v, 1)) for v in sets["events"]],
    )
    costs = [_("ej kontrollerat") if pd.isna(v) else number(float(v), 1) for v in sets["cost"]]
    popups.add(_("Andel av alla räknade"), [percent(float(v), 1) for v in sets["share"]])
    popups.add(_("Kameraplatser"), [number(int(v)) for v in sets["n_sites"]])
    popups.add(cost[:1].upper() + cost[1:], costs)
    data = _shapes(table, "frontier", style.SEARCH, popups) | {"sets": members, "fill": 0.16}
    columns: list[list[Any]] = [
        [
            _("{i} (förslaget)").format(i=i) if one else str(i)
            for i, one in zip(sets["set_no"], sets["proposed"], strict=True)
        ],
        [number(int(v)) for v in sets["n_sites"]],
        [number(float(v), 1) for v in sets["events"]],
        [percent(float(v), 1) for v in sets["share"]],
        costs,
    ]
    return MapLayer(
        key="camera_frontier",
        title=_("Urval av platser"),
        data=data,
        legend=(Swatch("outline_dashed", style.SEARCH, _("upptagningsområden i det urvalet")),),
        note=_("Välj ett urval i tabellen ”Täckning mot intrång”, så visas det."),
        table=TextTable(
            caption=_("Täckning mot intrång"),
            header=(_("Urval"), _("Platser"), _("Väntat"), _("Andel"), _("Intrång")),
            left=1,
            rows=tuple(zip(*columns, strict=True)),
        ),
    )


def _shapes(table: gpd.GeoDataFrame, kind: str, colour: str, popups: Popups) -> dict[str, Any]:
    drawn = table.set_geometry(
        shapely.simplify(np.asarray(table.geometry.array), _CURVE_M), crs=table.crs
    )
    return {
        "kind": kind,
        "digits": DIGITS,
        "paths": encoding.paths(wgs84(drawn), DIGITS),
        "line": colour,
        "popups": popups.json(),
    }
