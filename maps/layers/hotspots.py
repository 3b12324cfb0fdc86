"""Hot spots as outlines with their rank, and the count grid in readable classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
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
        legend=(Swatch("outline", style.HOTSPOT_LINE, _("hot spot, H01 är den med högst rang")),),
        table=_hotspot_table(ordered, areas),
    )


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
        numeric=(False, False, True, True, True),
        rows=tuple(zip(*columns, strict=True)),
    )


def grid_layer(grid: gpd.GeoDataFrame, classes: int) -> MapLayer:
    """Return the count grid in classes of equal colour.

    Parameters
    ----------
    grid
        A released grid: counts, counts with hidden ones (``NA``), or ready classes
        (``events_class``).
    classes
        Most classes wanted.
    """
    cells = grid.sort_values("cell_id", kind="stable").reset_index(drop=True)
    if "events_class" in cells.columns:
        numbers, words = _ready_classes(cells)
    else:
        numbers, words = _count_classes(cells, classes)
    colours = style.SEQUENTIAL[max(1, len(words))][: len(words)]
    legend = [Swatch("fill", c, w) for c, w in zip(colours, words, strict=True)]
    if (numbers < 0).any():
        legend.append(Swatch("hidden", style.HIDDEN_FILL, _hidden_words(cells)))
    data = {
        "kind": "grid",
        "digits": DIGITS,
        "paths": encoding.paths(wgs84(cells), DIGITS),
        "classes": numbers.tolist(),
        "colours": list(colours),
        "hidden": style.HIDDEN_FILL,
        "popups": _grid_popups(cells, numbers, words).json(),
    }
    return MapLayer(
        key="grid",
        title=_("Rutnät"),
        data=data,
        views=frozenset({"overview"}),
        legend=tuple(legend),
        note=_("Händelser per ruta om {side} × {side} m").format(side=number(_side_m(cells))),
    )


def _side_m(cells: gpd.GeoDataFrame) -> float:
    if len(cells) == 0:
        return 0.0
    left, _bottom, right, _top = cells.geometry.iloc[0].bounds
    return float(right - left)


def _count_classes(cells: gpd.GeoDataFrame, classes: int) -> tuple[np.ndarray, list[str]]:
    known = cells["n_events"].notna().to_numpy()
    values = cells.loc[known, "n_events"].to_numpy(dtype=np.int64)
    starts = style.class_starts(values, classes)
    numbers = np.full(len(cells), -1, dtype=np.int64)
    if values.size:
        numbers[known] = style.classify(values, starts)
    return numbers, style.class_texts(starts, int(values.max(initial=0)))


def _ready_classes(cells: gpd.GeoDataFrame) -> tuple[np.ndarray, list[str]]:
    """Take the classes of a public grid; its first class, too few to show, is not a colour."""
    kinds = cells["events_class"].cat
    codes = kinds.codes.to_numpy(dtype=np.int64)
    return np.where(cells["hidden"].to_numpy(dtype=bool), -1, codes - 1), list(kinds.categories)[1:]


def _hidden_words(cells: gpd.GeoDataFrame) -> str:
    if "events_class" in cells.columns:
        return str(cells["events_class"].cat.categories[0])
    return _("dolt, litet antal (inte noll)")


def _grid_popups(cells: gpd.GeoDataFrame, numbers: np.ndarray, words: list[str]) -> Popups:
    popups = Popups(titles={"kind": "same", "text": _("Ruta")})
    if "events_class" in cells.columns:
        names = [*words, _hidden_words(cells)]
        popups.add(_("Händelser"), [names[n] for n in numbers])
        return popups
    popups.titles = {
        "kind": "prefixed",
        "prefix": _("Ruta"),
        "values": cells["cell_id"].tolist(),
    }
    popups.lead = {
        "events": encoding.whole_numbers(cells["n_events"]),
        "days": encoding.whole_numbers(cells["n_days"]),
    }
    permille = (pd.to_numeric(cells["share"]) * 1000).round()
    popups.add_coded(_("Andel av alla räknade"), "share", encoding.whole_numbers(permille))
    return popups
