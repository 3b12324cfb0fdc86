"""Counts in the cells of a grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geodata.disclosure import Released
from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.printed.classes import Classes
from maps.printed.layer import Key, Layer, Look, Shapes
from maps.printed.themes.base import HIDDEN, counted, shapes_of, spatial, withheld
from maps.style import SEQUENTIAL


def grid_layer(released: Released, classes: Classes | None = None) -> Layer:
    """Return the cells of a grid by count.

    Parameters
    ----------
    released
        Table ``grid``: counts for ``intern`` and ``samverkan``, classes for ``publik``.
    classes
        From `common_classes`; not needed where the table has classes of its own.

    Raises
    ------
    ValueError
        If the table has counts and no classes are given.
    """
    heading = _("Händelser per ruta")
    absent = withheld(released, heading)
    if absent is not None:
        return absent
    table = spatial(released)
    side = _side_m(table)
    if side:
        heading = _("Händelser per ruta om {side} m").format(side=number(side))
    if "events_class" in table.columns:
        marks, legend = _by_class(table)
    elif classes is None:
        msg = "a grid with counts needs classes"
        raise ValueError(msg)
    else:
        hidden = table["n_events"].isna().tolist()
        marks, legend = counted(
            shapes_of(table), table["n_events"], classes, hidden=hidden, known=[True] * len(table)
        )
    n = len(table)
    text = ngettext("{n} ruta har händelser.", "{n} rutor har händelser.", n)
    return Layer(
        title=heading,
        profile=released.profile,
        marks=marks,
        legend=legend,
        level="under",
        notes=released.notes,
        alt=text.format(n=number(n)),
    )


def _by_class(table: gpd.GeoDataFrame) -> tuple[tuple[Shapes, ...], tuple[Key, ...]]:
    """Return cells by their own classes; the lowest is hidden and hatched."""
    kinds = table["events_class"].cat
    texts = [str(text) for text in kinds.categories]
    colours = SEQUENTIAL[len(texts) - 1]
    looks = [HIDDEN, *(Look(fill=c, line="#6f747a", width_mm=0.12) for c in colours)]
    codes, shapes = kinds.codes.to_numpy(), shapes_of(table)
    marks = tuple(
        Shapes(shapes[codes == code], look)
        for code, look in enumerate(looks)
        if (codes == code).any()
    )
    keys = [Key("fill", look, text) for look, text in zip(looks, texts, strict=True)]
    return marks, tuple(reversed(keys))


def _side_m(table: gpd.GeoDataFrame) -> int:
    if table.empty:
        return 0
    bounds = table.geometry.bounds
    return round(float(np.median(bounds["maxx"] - bounds["minx"])))
