"""What the QGIS styles are made of: colours, fills, lines, markers, classes of a count.

Colours are those of the map page.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from geodata.files.qml import Labels, Part, Rule, Symbol, rgba
from geodata.language import gettext as _
from geodata.language import number

SEQUENTIAL: Final = ("#fff0a8", "#fed676", "#feb24c", "#fb7b35", "#e31a1c", "#94072a")
_STARTS: Final = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)
AREA, REGSO, HOTSPOT, HIDDEN = "#12506b", "#8a8f98", "#1c1b22", "#c9c9c4"
CAMERA, SEARCH, PLACE = "#1b5fd0", "#7a2e8e", "#3d3a6b"
HIGH, LOW = "#b3401a", "#2b6ea6"
"""Orange and blue for two sides of a matter: told apart by the colour-blind too."""

Style: TypeAlias = tuple[list[Rule], Labels | None]


def class_rules(counts: pd.Series[int]) -> list[tuple[int, int | None, str]]:
    """Return the classes of a count: first value, last value (``None``: no end), colour.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0, missing where hidden.

    Returns
    -------
    list
        At most six, from the least count up, starting at round numbers.
    """
    known = counts.dropna()
    if known.empty:
        return []
    low, high = int(known.min()), int(known.max())
    starts = [start for start in _STARTS if low < start <= high][-5:]
    starts = [low, *starts]
    ends = [*(start - 1 for start in starts[1:]), None]
    step = (len(SEQUENTIAL) - 1) / max(len(starts) - 1, 1)
    colors = [SEQUENTIAL[round(i * step)] for i in range(len(starts))]
    return list(zip(starts, ends, colors, strict=True))


def count_rules(counts: pd.Series[int], column: str) -> list[Rule]:
    """Return a rule a class of a count of squares, none for hidden counts."""
    rules = []
    for start, end, color in class_rules(counts):
        label = number(start) if end == start else f"{number(start)}–{number(end or 0)}"
        where = f'"{column}" >= {start}' + (f' AND "{column}" <= {end}' if end else "")
        if end is None:
            label = _("{low} eller fler").format(low=number(start))
        rules.append(Rule(label, cell(color), where))
    return rules


def value_rules(values: pd.Series[float], column: str, words: str) -> list[Rule]:
    """Return a rule a class of a figure: the half, the tenth … with the highest values.

    Parameters
    ----------
    values
        Of the layer; missing ones get a rule of their own.
    column
        Its name.
    words
        The label of a class, with ``{low}`` for the value it begins at.
    """
    known = values.dropna().to_numpy(np.float64)
    starts: list[float] = []
    if known.size:
        cuts = np.quantile(known, (0.5, 0.75, 0.9, 0.95, 0.99))
        starts = sorted({float(f"{cut:.2g}") for cut in cuts if cut > known.min()})
    bounds = [-np.inf, *starts, np.inf]
    step = (len(SEQUENTIAL) - 1) / max(len(starts), 1)
    rules = []
    for i, (low, high) in enumerate(pairwise(bounds)):
        parts = [f'"{column}" >= {low:g}'] if np.isfinite(low) else [f'"{column}" IS NOT NULL']
        parts += [f'"{column}" < {high:g}'] if np.isfinite(high) else []
        text = words.format(low=_figure(low)) if np.isfinite(low) else _("lägre")
        rules.append(Rule(text, cell(SEQUENTIAL[round(i * step)]), " AND ".join(parts)))
    return rules


def _figure(value: float) -> str:
    return number(value, 0 if abs(value) >= 10 else 2)


def rules_of(column: str, kinds: Mapping[str, tuple[str, Symbol]]) -> list[Rule]:
    """Return a rule a value of a category: value → its words and symbol."""
    return [
        Rule(words, symbol, f"\"{column}\" = '{kind}'") for kind, (words, symbol) in kinds.items()
    ]


def cell(color: str) -> Symbol:
    """Return a square of a grid, seen through."""
    return Symbol("fill", (fill(color, "#ffffff", 0.1),), opacity=0.7)


def outlined(color: str, width_mm: float = 0.6, *, dash: bool = False, face: float = 0) -> Symbol:
    """Return a polygon drawn as an outline on a white halo, its face filled for `face` above 0."""
    halo = fill(None, "#ffffff", width_mm + 0.7)
    inner = [Part("SimpleFill", {**fill(color, color, 0).properties, "outline_style": "no",
                                 "color": _seen_through(color, face)})] if face else []  # fmt: skip
    return Symbol("fill", (*inner, halo, fill(None, color, width_mm, dash=dash)))


def _seen_through(color: str, share: float) -> str:
    return f"{rgba(color).rsplit(',', 1)[0]},{round(255 * share)}"


def point(shape: str, color: str, size_mm: float, size: str = "") -> Symbol:
    """Return a point; `size` is an expression of QGIS that decides its size."""
    return Symbol("marker", (marker(shape, color, size_mm, size),))


def within(column: str, color: str) -> Part:
    """Return the circle around a point whose radius in metres stands in a column."""
    return Part(
        "GeometryGenerator",
        {"SymbolType": "Fill", "geometryModifier": f'buffer($geometry, "{column}", 24)',
         "units": "MapUnit"},
        inside=Symbol("fill", (fill(None, color, 0.4, dash=True),)),
    )  # fmt: skip


def line(color: str, width_mm: float) -> Symbol:
    """Return a line."""
    properties = {
        "line_color": rgba(color),
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "line_style": "solid",
        "joinstyle": "round",
        "capstyle": "round",
    }
    return Symbol("line", (Part("SimpleLine", properties),))


def fill(color: str | None, line: str, width_mm: float, *, dash: bool = False) -> Part:
    """Return a polygon's face and outline; no face without a colour."""
    return Part(
        "SimpleFill",
        {
            "color": rgba(color or "#ffffff"),
            "style": "solid" if color else "no",
            "outline_color": rgba(line),
            "outline_style": "dash" if dash else "solid",
            "outline_width": f"{width_mm:g}",
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
    )


def marker(shape: str, color: str, size_mm: float, size: str = "") -> Part:
    """Return a point's shape, edged in white."""
    properties = {
        "name": shape,
        "color": rgba(color),
        "outline_color": rgba("#ffffff"),
        "outline_style": "solid",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
        "scale_method": "diameter",
    }
    return Part("SimpleMarker", properties, {"size": size} if size else None)
