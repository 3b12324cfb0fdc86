"""What the themes share: looks, withheld tables, counts as classes with hidden ones hatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.disclosure import Released
from geodata.language import gettext as _
from maps.printed.classes import Classes
from maps.printed.layer import Geometries, Hatch, Key, Layer, Look, Shapes

HIDDEN: Final = Look(hatch=Hatch(), line="#8a8f94", width_mm=0.12)
"""A count that may not be told: hatched, so that it is never taken for zero."""

ZERO: Final = Look(fill="#ffffff", line="#8a8f94", width_mm=0.12)
MISSING: Final = Look(
    hatch=Hatch(colour="#b9bcc0", gap_mm=2.2, width_mm=0.16, angle=-45, ground="#f1f1ef"),
    line="#8a8f94",
    width_mm=0.12,
)
"""Nothing is known here."""


def withheld(released: Released, title: str) -> Layer | None:
    """Return a layer that says why a table isn't shown, or ``None`` when it is."""
    if released.table is not None:
        return None
    notes = released.notes or (_("Inget att visa."),)
    return Layer(title=title, profile=released.profile, notes=notes, alt=" ".join(notes))


def spatial(released: Released) -> gpd.GeoDataFrame:
    """Return the table of a released layer, which has geometry."""
    return cast("gpd.GeoDataFrame", released.table)


def shapes_of(table: gpd.GeoDataFrame) -> Geometries:
    """Return the geometries of a table."""
    return np.asarray(table.geometry.array)


def class_look(classes: Classes, number: int, *, edge: str | None = "#6f747a") -> Look:
    """Return the look of a class."""
    return Look(fill=classes.colours[number], line=edge, width_mm=0.12)


def counted(
    shapes: Geometries,
    values: pd.Series,
    classes: Classes,
    *,
    hidden: Sequence[bool],
    known: Sequence[bool],
) -> tuple[tuple[Shapes, ...], tuple[Key, ...]]:
    """Return surfaces by class with their legend, the darkest first in the legend.

    Parameters
    ----------
    shapes
        Polygons, shape ``(n,)``.
    values
        Count or other value of each; missing where hidden or unknown.
    classes
        Limits and colours.
    hidden
        Which values may not be told.
    known
        Which surfaces have a value at all, hidden or not.
    """
    numbers = pd.to_numeric(values).astype("Float64")
    secret, there = np.asarray(hidden, dtype=bool), np.asarray(known, dtype=bool)
    missing = numbers.isna().to_numpy() & ~secret
    of = classes.of(numbers.to_numpy("float64", na_value=0.0))
    open_to_all = there & ~secret & ~missing
    groups = [
        (class_look(classes, number), text, open_to_all & (of == number))
        for number, text in reversed(list(enumerate(classes.texts)))
    ]
    always = len(groups)
    groups += [
        (ZERO, "0", open_to_all & (of < 0)),
        (HIDDEN, _("dolt, inte noll"), secret & there),
        (MISSING, _("uppgift saknas"), ~secret & (~there | missing)),
    ]
    marks = tuple(Shapes(shapes[chosen], look) for look, _text, chosen in groups if chosen.any())
    # Classes stand in the legend also where this map has none, so that maps can be compared.
    legend = tuple(
        Key("fill", look, text)
        for place, (look, text, chosen) in enumerate(groups)
        if place < always or chosen.any()
    )
    return marks, legend
