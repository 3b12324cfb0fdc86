"""The hot spots of each period, beside those of the whole time in the same layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.language import gettext as _
from geodata.language import number
from maps import encoding, style
from maps.layers.base import (
    MapLayer,
    Popups,
    Swatch,
    TextTable,
    counts,
    joined,
    label_points,
    leads,
    texts,
    wgs84,
)

DIGITS: Final = 6
_CURVE_M: Final = 1.0
"""How far the corners of an outline may be from it: there are many, and lines are two pixels."""


def with_spots(
    layer: MapLayer, spots: gpd.GeoDataFrame | None, names: Mapping[str, str]
) -> MapLayer:
    """Return the layer of hot spots with those of each period, shown while it is chosen.

    Parameters
    ----------
    layer
        That of `maps.layers.hotspots.hotspot_layer`.
    spots
        Released table ``period_hotspots``; without it the layer says that it shows the whole time.
    names
        Period → its name in the switch, in order.
    """
    if spots is None:
        whole = Swatch("outline", style.HOTSPOT_LINE, _("hot spot, räknad på hela perioden"))
        return replace(layer, period_legend=(whole,))
    known = spots.loc[spots["period"].isin(list(names))]
    table = known.sort_values(["period", "rank"], kind="stable").reset_index(drop=True)
    shapes = np.asarray(table.geometry.array)
    outlines = table.set_geometry(shapely.simplify(shapes, _CURVE_M), crs=table.crs)
    anchors = table.set_geometry(label_points(shapes), crs=table.crs)
    numbers = {name: i for i, name in enumerate(names)}
    data = {
        **layer.data,
        "period_paths": encoding.paths(wgs84(outlines), DIGITS),
        "period_anchors": encoding.points(wgs84(anchors), DIGITS),
        "period_labels": table["spot_id"].tolist(),
        "period_of": [numbers[one] for one in table["period"]],
        "popups": _joined_popups(layer.data["popups"], _popups(table, names), len(layer.ids)),
    }
    legend = (
        Swatch("outline", style.HOTSPOT_LINE, _("hot spot i den visade perioden")),
        Swatch(
            "none", style.HOTSPOT_LINE, _("H: hot spot även i hela perioden, P: bara i den visade")
        ),
    )
    return replace(layer, data=data, period_legend=legend, period_table=_table(table, names))


def _popups(table: gpd.GeoDataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    popups = Popups(titles=[_("Hot spot {id}").format(id=one) for one in table["spot_id"]])
    told = [names[one] for one in table["period"]]
    whole = texts(table, "hotspot_id")
    popups.subtitles = [
        joined(period, None if same else _("ingen hot spot i hela perioden"))
        for period, same in zip(told, whole, strict=True)
    ]
    popups.lead = leads(table)
    popups.texts = [_("Samma gränser som för hela perioden, i proportion till längden.")] * len(
        table
    )
    popups.add(_("Rang i perioden"), [number(int(one)) for one in table["rank"]])
    other = [
        None if own == same else same for own, same in zip(table["spot_id"], whole, strict=True)
    ]
    popups.add(_("Mest samma händelser som"), other)
    popups.add(_("Olika platser"), counts(table, "n_places"))
    popups.add(_("Yta"), [f"{number(v / 1e4, 1)} ha" for v in table["area_m2"]])
    return popups.json()


def _joined_popups(first: Mapping[str, Any], then: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Return popups of `n` objects and of others after them; lines of the one lack in the other."""
    k = len(then["titles"])

    def filled(values: Sequence[Any], size: int) -> list[Any]:
        return list(values) or [""] * size

    fields = [{**one, "values": [*one["values"], *[None] * k]} for one in first["fields"]]
    for one in then["fields"]:
        same = next((old for old in fields if old["label"] == one["label"]), None)
        if same is None:
            fields.append({**one, "values": [*[None] * n, *one["values"]]})
        else:
            same["values"] = [*same["values"][:n], *one["values"]]
    return {
        "titles": [*first["titles"], *then["titles"]],
        "lead": [*first["lead"], *then["lead"]],
        "subtitles": [*filled(first["subtitles"], n), *filled(then["subtitles"], k)],
        "texts": [*filled(first["texts"], n), *filled(then["texts"], k)],
        "fields": fields,
    }


def _table(table: gpd.GeoDataFrame, names: Mapping[str, str]) -> TextTable:
    columns: list[list[Any]] = [
        table["spot_id"].tolist(),
        [names[one] for one in table["period"]],
        counts(table, "n_events"),
        counts(table, "n_days"),
    ]
    return TextTable(
        caption=_("Hot spots i varje period"),
        header=(_("Nr"), _("Period"), _("Händelser"), _("Dagar")),
        left=2,
        rows=tuple(zip(*columns, strict=True)),
    )
