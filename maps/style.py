"""How things look: colours, line widths and readable classes, decided once.

The sequential colours follow ColorBrewer's *YlOrRd* with a darker first step: safe for the
colour-blind and, since they darken evenly, readable in grey print. Shapes differ as well as
colours, so nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.language import gettext as _
from geodata.language import number

ACCENT: Final = "#12506b"
"""The one accent colour of page and map."""

LAND: Final = "#f4f2ed"
"""Colour of the ground, the same as in ``map.css``."""

HOTSPOT_LINE: Final = "#1c1b22"
AREA_LINE: Final = "#12506b"
REGSO_LINE: Final = "#9a9fa8"
PLACE_FILL: Final = "#3d3a6b"
CAMERA: Final = "#1b5fd0"
SEARCH: Final = "#7a2e8e"
HIDDEN_FILL: Final = "#c9c9c4"

SEQUENTIAL: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("#fd8d3c",),
    2: ("#fecc5c", "#e31a1c"),
    3: ("#fee08b", "#fd8d3c", "#bd0026"),
    4: ("#fee391", "#fdae4b", "#f0502a", "#a50026"),
    5: ("#fee391", "#fec04f", "#fd8d3c", "#e8352a", "#9c0824"),
    6: ("#fff0a8", "#fed676", "#feb24c", "#fb7b35", "#e31a1c", "#94072a"),
    7: ("#fff0a8", "#fed976", "#feb24c", "#fd8d3c", "#f2452b", "#c8141f", "#7f0a26"),
}
"""Colours from low to high, by number of classes."""

SHADES: Final = ("#dfe0f0", "#c3c2e2", "#a3a0cf", "#8179b8", "#5f4f9f", "#432c80", "#2a1259")
"""Colours of shaded areas, low to high: one hue that darkens evenly, apart from `SEQUENTIAL`."""

BACKGROUND: Final[Mapping[str, Mapping[str, object]]] = {
    "municipality": {"kind": "outline", "stroke": "#b9b6ad", "width": 1.5},
    "green": {"kind": "fill", "fill": "#e2ead6", "ink": "#6b7d55"},
    "water": {"kind": "fill", "fill": "#cfe0ea", "stroke": "#b6cfdd", "width": 1, "ink": "#4f7d99"},
    "buildings": {
        "kind": "fill",
        "fill": "#e0dcd3",
        "stroke": "#cdc8bd",
        "width": 0.5,
        "ink": "#75706a",
    },
    "streets": {"kind": "street", "fill": "#ffffff", "stroke": "#cfccc4", "ink": "#5d5a52"},
}
"""Layers of the project's own background, in the order they are drawn."""

ROAD_COLUMNS: Final = ("highway", "kind")
"""Columns that may say what sort of street a line is, the first one there is used."""

ROAD_RANKS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("motorway", "trunk", "primary", "main"), 3),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link"), 3),
    **dict.fromkeys(("secondary", "tertiary", "collector"), 2),
    **dict.fromkeys(("secondary_link", "tertiary_link"), 2),
    **dict.fromkeys(("footway", "path", "cycleway", "steps", "pedestrian"), 0),
    **dict.fromkeys(("track", "bridleway", "footpath"), 0),
}
"""How wide a street is drawn, by OpenStreetMap's ``highway`` and the demo's ``kind``; else 1."""

_STEPS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 75)
READABLE: Final = tuple(sorted({step * 10**power for power in range(6) for step in _STEPS}))
"""Whole numbers a class may begin at."""


def class_starts(counts: npt.NDArray[np.int64], classes: int) -> tuple[int, ...]:
    """Return where each class of a legend begins, lowest first.

    Natural breaks (Fisher 1958; Jenks 1967) of the logarithms of the counts, with the limits
    restricted to round numbers, found exactly by dynamic programming over the distinct values.
    Counts of reports are skewed: on the plain scale all but the very worst cells would fall in one
    class, and with quantiles two cells with one report each could fall in different ones.

    Parameters
    ----------
    counts
        Whole numbers ≥ 1, shape ``(n,)``.
    classes
        Most classes wanted; fewer come back when there are not that many different counts.

    Returns
    -------
    tuple of int
        The first value of each class; the first is the least count, none is empty.
    """
    if counts.size == 0:
        return ()
    values, weights = np.unique(counts, return_counts=True)
    starts = np.unique(np.searchsorted(values, [r for r in READABLE if r <= values[-1]]))
    starts = np.unique(np.append(starts[starts > 0], 0))
    k = min(classes, len(starts))
    cost = _within(np.log(values), weights, starts)
    n = len(starts)
    best = np.full((k + 1, n + 1), np.inf)
    best[0, 0] = 0.0
    came = np.zeros((k + 1, n + 1), dtype=np.int64)
    for count in range(1, k + 1):
        for end in range(count, n + 1):
            tries = best[count - 1, :end] + cost[:end, end]
            came[count, end] = int(np.argmin(tries))
            best[count, end] = tries[came[count, end]]
    cuts, end = [], n
    for count in range(k, 0, -1):
        end = int(came[count, end])
        cuts.append(end)
    return tuple(_round_start(values, int(starts[c])) for c in reversed(cuts))


def _within(
    logs: npt.NDArray[np.float64], weights: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the weighted squared deviation of each run of values between two possible limits."""
    edges = np.append(starts, len(logs))
    sums = [np.append(0.0, np.cumsum(weights * logs**power)) for power in (0, 1, 2)]
    n, first, second = (s[edges][None, :] - s[edges][:, None] for s in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = second - first**2 / n
    return np.where(n > 0, np.maximum(spread, 0.0), np.inf)


def _round_start(values: npt.NDArray[np.int64], index: int) -> int:
    """Return the roundest number that still begins the class at ``values[index]``."""
    if index == 0:
        return int(values[0])
    low, high = int(values[index - 1]) + 1, int(values[index])
    between = [r for r in READABLE if low <= r <= high]
    return between[-1] if between else high


def class_texts(starts: tuple[int, ...], highest: int) -> list[str]:
    """Return the legend's words of each class: ``1``, ``2–4``, ``5–18``."""
    ends = [*(start - 1 for start in starts[1:]), max(highest, starts[-1])] if starts else []
    return [
        number(low) if low == high else f"{number(low)}–{number(high)}"
        for low, high in zip(starts, ends, strict=True)
    ]


def classify(counts: npt.NDArray[np.int64], starts: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Return the number of the class of each count, from 0."""
    return np.searchsorted(np.array(starts), counts, side="right") - 1


def background_names() -> dict[str, str]:
    """Return the names of the background layers as people read them."""
    return {
        "municipality": _("kommungräns"),
        "green": _("grönområden"),
        "water": _("vatten"),
        "buildings": _("byggnader"),
        "streets": _("gator"),
    }
