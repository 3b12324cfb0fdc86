"""Two values of each area at once, such as perceived and reported: a square of three by three."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geodata.disclosure import Released
from geodata.language import gettext as _
from maps.printed.layer import Key, Label, Layer, Look, Shapes
from maps.printed.themes.areas import areas_of, name_labels
from maps.printed.themes.base import MISSING, shapes_of, withheld

COLOURS: Final = (
    ("#eceef0", "#f3c58a", "#e58a1f"),
    ("#a9cbe0", "#b09f95", "#9c5f24"),
    ("#3f8fbf", "#44617f", "#33282a"),
)
"""By the first value (rows) and the second (columns), low to high, after Stevens (2015).

Blue for the one, orange for the other, so that the colour-blind can tell them; the code that is
written in each area (``1A``–``3C``) tells them in grey.
"""

CODES: Final = tuple(tuple(f"{row + 1}{'ABC'[column]}" for column in range(3)) for row in range(3))


def thirds(values: pd.Series) -> np.ndarray:
    """Return 0, 1 or 2 for the lowest, middle and highest third of the values, −1 where missing.

    Equal values are in the same third: that of the lowest of their ranks.
    """
    numbers = pd.to_numeric(values).astype("Float64")
    ranks = numbers.rank(method="min").to_numpy("float64", na_value=0.0)
    n = int(numbers.notna().sum())
    return np.where(ranks > 0, np.minimum((3 * (ranks - 1)) // max(n, 1), 2), -1).astype(int)


def bivariate_layer(
    areas: Released,
    values: Released,
    columns: tuple[str, str],
    *,
    title: str,
    names: tuple[str, str],
    on: date | None = None,
    kinds: Sequence[str] = ("est_area",),
) -> Layer:
    """Return areas by two values, each in thirds.

    Parameters
    ----------
    areas
        Table ``areas``.
    values
        A table with ``area_id``, one row an area.
    columns
        The two values; an area without either has no colour.
    title
        Heading of the legend.
    names
        What the two values are called.
    on, kinds
        As of `area_layer`.
    """
    absent = withheld(areas, title) or withheld(values, title)
    if absent is not None or values.table is None:
        return absent or Layer(title=title, profile=areas.profile)
    table = areas_of(areas, kinds, on)
    rows = values.table.dropna(subset=["area_id"]).set_index("area_id").reindex(table["area_id"])
    first, second = (thirds(rows[column]) for column in columns)
    known = (first >= 0) & (second >= 0)
    shapes = shapes_of(table)
    marks, legend, codes = [], [], np.full(len(table), "", dtype=object)
    levels = (_("lågt"), _("medelhögt"), _("högt"))
    for row in (2, 1, 0):
        for column in (2, 1, 0):
            of = known & (first == row) & (second == column)
            look = Look(fill=COLOURS[row][column], line="#6f747a", width_mm=0.12)
            codes[of] = CODES[row][column]
            if of.any():
                marks.append(Shapes(shapes[of], look))
                text = _("{code}: {first} {a}, {second} {b}").format(
                    code=CODES[row][column],
                    first=names[0],
                    a=levels[row],
                    second=names[1],
                    b=levels[column],
                )
                legend.append(Key("fill", look, text))
    if (~known).any():
        marks.append(Shapes(shapes[~known], MISSING))
        legend.append(Key("fill", MISSING, _("uppgift saknas")))
    named = name_labels(table)
    labels = tuple(
        Label(
            f"{label.text}\n{code}" if code else label.text,
            label.x_m,
            label.y_m,
            place="inside",
            size_pt=9,
            rank=label.rank,
        )
        for label, code in zip(named, codes.tolist(), strict=True)
    )
    told = ", ".join(
        f"{name} {code}" for name, code in zip(table["name"], codes.tolist(), strict=True) if code
    )
    return Layer(
        title=title,
        profile=areas.profile,
        marks=tuple(marks),
        labels=labels,
        legend=tuple(legend),
        level="under",
        alt=f"{title}: {told}." if told else "",
    )
