"""Surfaces, lines and points of one look: for layers that need no classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from geodata.disclosure import Released
from geodata.language import number
from maps.printed.layer import Key, Label, Layer, Look, Shape, Shapes, Symbols
from maps.printed.themes.base import shapes_of, spatial, withheld


def surface_layer(
    released: Released,
    *,
    title: str,
    text: str,
    look: Look,
    under: bool = False,
    label: str = "",
    alt: str = "",
) -> Layer:
    """Return polygons of one look.

    Parameters
    ----------
    released
        Table with polygons.
    title, text
        Heading of the legend, and what a polygon is.
    look
        How they are drawn.
    under
        Whether streets go above them.
    label
        Column with a name to write on each; none without.
    alt
        What the layer shows; the text and number of polygons without.
    """
    absent = withheld(released, title)
    if absent is not None:
        return absent
    table = spatial(released)
    shapes = shapes_of(table)
    labels: tuple[Label, ...] = ()
    if label and len(table):
        inside = shapely.get_coordinates(shapely.point_on_surface(shapes))
        labels = tuple(
            Label(str(name), x, y, place="inside", size_pt=7.5)
            for name, (x, y) in zip(table[label], inside.tolist(), strict=True)
        )
    return Layer(
        title=title,
        profile=released.profile,
        marks=(Shapes(shapes, look),) if len(shapes) else (),
        labels=labels,
        legend=(Key("fill" if look.fill or look.hatch else "line", look, text),),
        level="under" if under else "over",
        alt=alt or f"{title}: {text} ({number(len(table))}).",
    )


def line_layer(
    released: Released, *, title: str, text: str, look: Look, under: bool = False, alt: str = ""
) -> Layer:
    """Return lines of one look; parameters as of `surface_layer`."""
    made = surface_layer(
        released, title=title, text=text, look=replace(look, fill=None), under=under, alt=alt
    )
    return replace(made, legend=tuple(replace(key, shape="line") for key in made.legend))


def point_layer(
    released: Released,
    *,
    title: str,
    text: str,
    look: Look,
    shape: Shape = "circle",
    size_mm: float = 2.2,
    label: str = "",
    alt: str = "",
) -> Layer:
    """Return points of one look, with a name beside each where `label` names a column.

    Parameters
    ----------
    released
        Table with points, or shapes whose middle is meant.
    title, text, look, label, alt
        As of `surface_layer`.
    shape, size_mm
        Of the symbol.
    """
    absent = withheld(released, title)
    if absent is not None:
        return absent
    table = spatial(released)
    points = np.asarray(shapely.centroid(shapes_of(table)))
    labels: tuple[Label, ...] = ()
    if label:
        labels = tuple(
            Label(str(name), x, y, clear_mm=size_mm / 2 + 0.5, rank=30)
            for name, (x, y) in zip(
                table[label], shapely.get_coordinates(points).tolist(), strict=True
            )
        )
    return Layer(
        title=title,
        profile=released.profile,
        marks=(Symbols(points, shape, size_mm, look),) if len(points) else (),
        labels=labels,
        legend=(Key(shape, look, text, size_mm),),
        alt=alt or f"{title}: {text} ({number(len(table))}).",
    )
