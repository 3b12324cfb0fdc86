"""Hot spots as outlines with their ids, uncertain ones dashed; or by how they have lasted."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.layers.base import label_points
from maps.printed.layer import Hatch, Key, Label, Layer, Look, Shapes
from maps.printed.themes.base import shapes_of, spatial, withheld

_INK: Final = "#1c1b22"
_DASH: Final = (1.1, 0.75)
_WIDTH: Final = 0.35
_LEAST_MM: Final = 1.3
"""Width below which an outline is a speck on paper: it is then drawn as a disc."""

LASTING: Final[dict[str, Look]] = {
    "chronic": Look(fill="#2b2a33", line=_INK, width_mm=_WIDTH, opacity=0.62),
    "intermittent": Look(
        hatch=Hatch(colour="#2b2a33", gap_mm=1.1, width_mm=0.38, angle=45, ground="#ece9f2"),
        line=_INK,
        width_mm=_WIDTH,
    ),
    "new": Look(fill="#f0a202", line=_INK, width_mm=_WIDTH, opacity=0.85),
    "fading": Look(
        hatch=Hatch(colour="#5b6f8c", gap_mm=1.9, width_mm=0.25, angle=-45, ground="#eef2f7"),
        line=_INK,
        width_mm=_WIDTH,
    ),
    "unclear": Look(fill="#ffffff", line=_INK, width_mm=_WIDTH, opacity=0.7),
}
"""Fill and hatch of each class of persistence: told apart without colour too."""


def hotspot_layer(released: Released, *, by_persistence: bool = False, ids: int = 60) -> Layer:
    """Return the outlines of hot spots.

    Parameters
    ----------
    released
        Table ``hotspots``.
    by_persistence
        Whether they are filled by how they have lasted.
    ids
        How many have their ids written, those of best rank; more would hide the map.
    """
    heading = _("Hot spots, efter varaktighet") if by_persistence else _("Hot spots")
    absent = withheld(released, heading)
    if absent is not None:
        return absent
    table = spatial(released).sort_values("rank", ascending=False, kind="stable")
    marks, legend = _by_persistence(table) if by_persistence else _outlines(table)
    labels = _ids(table.loc[table["rank"] <= ids])
    notes = released.notes
    if len(labels) < len(table):
        text = _("Av {all} hot spots har de {n} med högst rang sitt nummer på kartan.")
        notes = (*notes, text.format(all=number(len(table)), n=number(len(labels))))
    return Layer(
        title=heading,
        profile=released.profile,
        marks=marks,
        labels=labels,
        legend=legend,
        keep_clear=True,
        notes=notes,
        alt=_told(table, by_persistence=by_persistence),
    )


def _ids(table: gpd.GeoDataFrame) -> tuple[Label, ...]:
    """Return the ids, in the outline where there is room, else beside it."""
    if table.empty:
        return ()
    shapes = shapes_of(table)
    points = shapely.get_coordinates(label_points(shapes)).tolist()
    return tuple(
        Label(
            str(name),
            x,
            y,
            place="inside",
            clear_mm=1.0,
            size_pt=8.5,
            weight="bold",
            rank=int(rank),
            home=shape,
        )
        for name, rank, (x, y), shape in zip(
            table["hotspot_id"], table["rank"], points, shapes, strict=True
        )
    )


def _outlines(table: gpd.GeoDataFrame) -> tuple[tuple[Shapes, ...], tuple[Key, ...]]:
    loose = table["uncertain"].to_numpy(dtype=bool)
    solid = Look(line=_INK, width_mm=0.55, halo=True)
    dashed = Look(line=_INK, width_mm=0.55, dash_mm=_DASH, halo=True)
    shapes = shapes_of(table)
    groups = (
        (solid, ~loose, _("hot spot")),
        (dashed, loose, _("osäker hot spot")),
    )
    return (
        tuple(Shapes(shapes[of], look, _LEAST_MM) for look, of, _text in groups if of.any()),
        tuple(Key("line", look, text) for look, of, text in groups if of.any()),
    )


def _by_persistence(table: gpd.GeoDataFrame) -> tuple[tuple[Shapes, ...], tuple[Key, ...]]:
    kinds = table["persistence"].fillna("unclear").astype(str).to_numpy()
    kinds = np.where(np.isin(kinds, list(LASTING)), kinds, "unclear")
    shapes = shapes_of(table)
    shown = [kind for kind in LASTING if (kinds == kind).any()]
    marks = [Shapes(shapes[kinds == kind], LASTING[kind], _LEAST_MM) for kind in reversed(shown)]
    keys = [Key("fill", LASTING[kind], label(kind)) for kind in shown]
    loose = table["uncertain"].to_numpy(dtype=bool)
    if loose.any():
        # A white dashed line upon the outline: the same sign as on the map of all hot spots. A disc
        # that stands for a speck is too small to carry it; the table tells it.
        dashed = Look(line="#ffffff", width_mm=_WIDTH, dash_mm=_DASH)
        marks.append(Shapes(shapes[loose], dashed))
        keys.append(
            Key("line", Look(line=_INK, width_mm=0.55, dash_mm=_DASH), _("osäker hot spot"))
        )
    return tuple(marks), tuple(keys)


def _told(table: gpd.GeoDataFrame, *, by_persistence: bool) -> str:
    n = len(table)
    if n == 0:
        return _("Inga hot spots enligt valda gränser.")
    ordered = table.sort_values("rank", kind="stable")
    names = ordered["hotspot_id"].astype(str).tolist()
    if by_persistence:
        kinds = ordered["persistence"].fillna("unclear")
        names = [f"{name} {label(str(kind))}" for name, kind in zip(names, kinds, strict=True)]
    some = ngettext("{n} hot spot: {names}.", "{n} hot spots: {names}.", n)
    return some.format(n=number(n), names=", ".join(names))
