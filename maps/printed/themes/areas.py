"""Areas: their borders with names, and a value of each as a colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number
from maps.layers.areas import valid_on
from maps.layers.base import label_points
from maps.printed.classes import Classes
from maps.printed.labels import area_name
from maps.printed.layer import Key, Label, Layer, Look, Shapes
from maps.printed.themes.base import counted, shapes_of, spatial, withheld

DECIDED: Final = Look(line="#12506b", width_mm=0.65, halo=True)
LOOSE: Final = Look(line="#12506b", width_mm=0.65, dash_mm=(2.2, 1.1), halo=True)
_THIN: Final = Look(line="#7d828a", width_mm=0.2)


def areas_of(released: Released, kinds: Sequence[str], on: date | None) -> gpd.GeoDataFrame:
    """Return the areas of some kinds in force on a day, in order of name."""
    table = valid_on(spatial(released), on)
    return table.loc[table["kind"].astype(str).isin(kinds)].reset_index(drop=True)


def area_layer(
    released: Released,
    *,
    on: date | None = None,
    kinds: Sequence[str] = ("est_area", "other"),
    names: bool = True,
    strong: bool = True,
) -> Layer:
    """Return the borders of areas, with their names.

    Parameters
    ----------
    released
        Table ``areas``.
    on
        Day whose borders are drawn; all of them without.
    kinds
        Which kinds of `geodata.schema.AREA_KINDS`.
    names
        Whether names are written.
    strong
        Drawn as a main matter, with what isn't decided dashed; else as a thin net.
    """
    title = _("Områden") if strong else _("Statistikområden")
    absent = withheld(released, title)
    if absent is not None:
        return absent
    table = areas_of(released, kinds, on)
    shapes = shapes_of(table)
    decided = table["authoritative"].to_numpy(dtype=bool)
    if not strong:
        marks: tuple[Shapes, ...] = (Shapes(shapes, _THIN),)
        legend: tuple[Key, ...] = (Key("line", _THIN, _kind_text(table)),)
    else:
        looks = ((DECIDED, decided, _("beslutad gräns")), (LOOSE, ~decided, _("preliminär gräns")))
        marks = tuple(Shapes(shapes[of], look) for look, of, _text in looks if of.any())
        legend = tuple(Key("line", look, text) for look, of, text in looks if of.any())
    return Layer(
        title=title,
        profile=released.profile,
        marks=marks if len(shapes) else (),
        labels=name_labels(table) if names else (),
        legend=legend if len(shapes) else (),
        tags=(_("PRELIMINÄR GRÄNS"),) if strong and not decided.all() else (),
        alt=_told(table, decided) if strong else "",
    )


def choropleth_layer(
    areas: Released,
    values: Released,
    column: str,
    classes: Classes,
    *,
    title: str,
    on: date | None = None,
    kinds: Sequence[str] = ("est_area",),
) -> Layer:
    """Return areas coloured by a value.

    Parameters
    ----------
    areas
        Table ``areas``.
    values
        A table with ``area_id``, one row an area, `column`, and ``hidden`` (bool) where a profile
        hides. An area without a row has no value.
    column
        The value; missing in a hidden row.
    classes
        From `common_classes`, so that maps can be compared.
    title
        What the value is, with unit and period.
    on, kinds
        As of `area_layer`.

    Raises
    ------
    ValueError
        If an area has several rows.
    """
    absent = withheld(areas, title) or withheld(values, title)
    if absent is not None or values.table is None:
        return absent or Layer(title=title, profile=areas.profile)
    table = areas_of(areas, kinds, on)
    rows = values.table.dropna(subset=["area_id"]).set_index("area_id")
    if not rows.index.is_unique:
        msg = f"several rows an area in {values.name}"
        raise ValueError(msg)
    matched = rows.reindex(table["area_id"])
    known = table["area_id"].isin(rows.index).to_numpy()
    hidden = np.zeros(len(table), dtype=bool)
    if "hidden" in matched.columns:
        # A row may hide another of its figures; only what is missing here is hidden here.
        hidden = matched["hidden"].eq(True).to_numpy(dtype=bool)
        hidden = hidden & matched[column].isna().to_numpy()
    marks, legend = counted(
        shapes_of(table), matched[column], classes, hidden=hidden.tolist(), known=known.tolist()
    )
    return Layer(
        title=title,
        profile=areas.profile,
        marks=marks,
        legend=legend,
        level="under",
        alt=_values_told(title, table, matched[column], hidden, known, classes.decimals),
    )


def name_labels(table: gpd.GeoDataFrame) -> tuple[Label, ...]:
    """Return the names of areas, larger areas choosing first."""
    if table.empty:
        return ()
    shapes = shapes_of(table)
    points = shapely.get_coordinates(label_points(shapes)).tolist()
    order = np.argsort(np.argsort(-shapely.area(shapes), kind="stable"), kind="stable")
    return tuple(
        Label(
            area_name(str(name)),
            x,
            y,
            place="inside",
            size_pt=9,
            colour="#0d3a4e",
            rank=40 + int(rank),
        )
        for name, (x, y), rank in zip(table["name"], points, order.tolist(), strict=True)
    )


def _kind_text(table: gpd.GeoDataFrame) -> str:
    return ", ".join(label(kind) for kind in dict.fromkeys(table["kind"].astype(str)))


def _told(table: gpd.GeoDataFrame, decided: np.ndarray) -> str:
    if table.empty:
        return ""
    loose = table.loc[~decided, "name"]
    text = _("Områden: {names}.").format(names=", ".join(dict.fromkeys(table["name"])))
    if len(loose):
        text += " " + _("Gränsen är preliminär för {names}.").format(
            names=", ".join(dict.fromkeys(loose))
        )
    return text


def _values_told(
    title: str,
    table: gpd.GeoDataFrame,
    values: pd.Series,
    hidden: np.ndarray,
    known: np.ndarray,
    decimals: int,
) -> str:
    words = [
        _("dolt")
        if secret
        else _("uppgift saknas")
        if not there or pd.isna(value)
        else number(float(value), decimals)
        for value, secret, there in zip(values, hidden, known, strict=True)
    ]
    pairs = [f"{name} {word}" for name, word in zip(table["name"], words, strict=True)]
    return f"{title}: {', '.join(pairs)}."
