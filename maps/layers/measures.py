"""Measures of the project's table: where they are, when, and what is found of them.

Cameras in use, dog searches, patrols and all others, each with a sign of its kind. Their table
leaves in ``intern`` only: the place of a camera is told to nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.labels import label
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from geodata.measures import Sign, kind_name, measure_signs
from maps import encoding
from maps.layers.base import MapLayer, Popups, Swatch, TextTable, joined, label_points, texts, wgs84
from maps.measurewords import VERDICTS, when_words

DIGITS: Final = 6
_CURVE_M: Final = 0.5
COLOURS: Final[Mapping[str, str]] = {
    "control": "#0b5cad",
    "place": "#916e07",
    "people": "#7d1128",
    "other": "#5b6168",
}
"""Colour of a group of kinds; its shape differs too, and each kind has its letter."""
SHAPES: Final = tuple(f"measure_{group}" for group in COLOURS)
_UNKNOWN: Final = Sign("other", "•")


def measure_layer(
    measures: gpd.GeoDataFrame,
    tables: Mapping[str, pd.DataFrame],
    area_names: Mapping[str, str],
    last: date | None,
) -> MapLayer | None:
    """Return the measures that have a place, the earliest first; ``None`` without any.

    Parameters
    ----------
    measures
        Released table ``measures``.
    tables
        The map's tables by name; used are ``measure_counts`` and ``measure_sources``.
    area_names
        Names of areas by ``area_id``.
    last
        Last day of what is counted; what ended by then is drawn as ended.
    """
    placed = measures.loc[~(measures.geometry.isna() | measures.geometry.is_empty)]
    if placed.empty:
        return None
    table = placed.sort_values(["first_date", "measure_id"], kind="stable").reset_index(drop=True)
    signs = [measure_signs().get(str(kind), _UNKNOWN) for kind in table["kind"]]
    ended = table["last_date"].notna()
    if last is not None:
        ended &= table["last_date"] <= pd.Timestamp(last)
    shapes = np.asarray(table.geometry.array)
    outlines = table.set_geometry(shapely.simplify(shapes, _CURVE_M), crs=table.crs)
    anchors = table.set_geometry(label_points(shapes), crs=table.crs)
    data: dict[str, Any] = {
        "kind": "measures",
        "digits": DIGITS,
        "paths": encoding.paths(wgs84(outlines), DIGITS),
        "points": encoding.points(wgs84(anchors), DIGITS),
        "labels": [sign.letter for sign in signs],
        "symbols": [f"measure_{sign.group}" for sign in signs],
        "colours": [COLOURS[sign.group] for sign in signs],
        "ended": ended.tolist(),
        "days": [_days(row) for row in table[["first_date", "last_date"]].itertuples(index=False)],
        "popups": _popups(table, tables, area_names).json(),
    }
    return MapLayer(
        key="measures",
        title=_("Åtgärder"),
        data=data,
        views=frozenset({"measures"}),
        legend=_legend(table, bool(ended.any())),
        note=_note(len(measures) - len(table)),
        table=_table(table),
    )


def _days(row: Sequence[Any]) -> list[int | None]:
    """Return first and last day counted from 1970-01-01; no last day while it goes on."""
    return [
        None if pd.isna(one) else int(one.to_datetime64().astype("datetime64[D]").astype(int))
        for one in row
    ]


def _legend(table: gpd.GeoDataFrame, ended: bool) -> tuple[Swatch, ...]:
    present = set(table["kind"].astype("str"))
    known = measure_signs()
    kinds = [kind for kind in known if kind in present] + sorted(present - set(known))
    swatches = []
    for kind in kinds:
        sign = known.get(kind, _UNKNOWN)
        swatches.append(
            Swatch(
                f"measure_{sign.group}",
                COLOURS.get(sign.group, COLOURS["other"]),
                kind_name(kind),
                sign.letter,
            )
        )
    if ended:
        swatches.append(Swatch("outline_dashed", COLOURS["other"], _("avslutad åtgärd")))
    return tuple(swatches)


def _note(unplaced: int) -> str:
    text = _("Ur projektets lista över åtgärder; ytan är den som följs upp.")
    if unplaced:
        more = ngettext(
            "{n} åtgärd saknar plats och visas inte.",
            "{n} åtgärder saknar plats och visas inte.",
            unplaced,
        )
        text += " " + more.format(n=number(unplaced))
    return text


def _names(table: gpd.GeoDataFrame) -> list[str]:
    return [
        name or kind_name(str(kind))
        for name, kind in zip(texts(table, "name"), table["kind"], strict=True)
    ]


def _popups(
    table: gpd.GeoDataFrame, tables: Mapping[str, pd.DataFrame], area_names: Mapping[str, str]
) -> Popups:
    rows = table.to_dict("records")
    popups = Popups(
        titles=[f"{i} {name}" for i, name in zip(table["measure_id"], _names(table), strict=True)]
    )
    popups.subtitles = [
        joined(kind_name(str(row["kind"])), when_words(row), area_names.get(str(row["area_id"])))
        for row in rows
    ]
    popups.lead = [_(VERDICTS[str(row["verdict"])]).capitalize() for row in rows]
    popups.texts = table["sentence"].tolist()
    for source, values in _measured(table, tables.get("measure_counts")).items():
        popups.add(_("Före → efter, {source}").format(source=label(source)), values)
    for source, values in _others(table, tables.get("measure_sources")).items():
        popups.add(_("Enligt {source}").format(source=label(source)), values)
    popups.add(_("Slag"), [kind_name(str(row["kind"])) for row in rows])
    popups.add(
        _("Ytan fastställd"),
        [None if pd.isna(one) else day(one) for one in table["fixed_date"]],
    )
    popups.add(_("Ansvarig"), texts(table, "responsible"))
    popups.add(_("Att tänka på"), texts(table, "warning"))
    return popups


def _measured(table: gpd.GeoDataFrame, counts: pd.DataFrame | None) -> dict[str, list[str | None]]:
    """Return events at the place before and after, by source, a text a measure."""
    if counts is None:
        return {}
    own = counts.loc[counts["role"] == "treated"]
    own = own.drop_duplicates(["measure_id", "source"])  # the place as given, or the view
    found: dict[str, list[str | None]] = {}
    for source, rows in own.groupby("source", sort=False, observed=True):
        told = {
            str(row["measure_id"]): _("{before} → {after}").format(
                before=number(row["n_before"]), after=number(row["n_after"])
            )
            for row in rows.to_dict("records")
        }
        found[str(source)] = [told.get(str(one)) for one in table["measure_id"]]
    return found


def _others(table: gpd.GeoDataFrame, sources: pd.DataFrame | None) -> dict[str, list[str | None]]:
    """Return what the other sources say of each measure: never summed with the counted one."""
    if sources is None:
        return {}
    found: dict[str, list[str | None]] = {}
    others = sources.loc[~sources["counted"]]
    for source, rows in others.groupby("source", sort=False, observed=True):
        told = {
            str(one): _(VERDICTS[str(verdict)])
            for one, verdict in zip(rows["measure_id"], rows["verdict"], strict=True)
        }
        found[str(source)] = [told.get(str(one)) for one in table["measure_id"]]
    return found


def _table(table: gpd.GeoDataFrame) -> TextTable:
    rows = table.to_dict("records")
    columns: list[list[Any]] = [
        table["measure_id"].tolist(),
        _names(table),
        [joined(kind_name(str(row["kind"])), when_words(row)) for row in rows],
        [_(VERDICTS[str(row["verdict"])]) for row in rows],
    ]
    return TextTable(
        caption=_("Åtgärder"),
        header=(_("Nr"), _("Åtgärd"), _("Slag och tid"), _("Utfall")),
        left=4,
        rows=tuple(zip(*columns, strict=True)),
    )
