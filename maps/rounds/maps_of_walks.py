"""The maps of a round: one of all walks, one of each."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.disclosure import Profile
from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.interactive import MapFacts
from maps.printed import Backdrop, Key, Layer, Look, Shapes, Symbols
from maps.printed.canvas import Box, Canvas, fitting_scale
from maps.printed.drawing import draw
from maps.printed.furniture import legend_blocks, north_arrow, scale_bar
from maps.printed.sheet import alt_text, whole

STOP: Final = Look(fill="#1d2327", line="#ffffff", width_mm=0.35)
WAY: Final = Look(line="#7a2e8e", width_mm=0.9, halo=True)
_MARGIN_M: Final = 60.0
_LEAST_SIDE_M: Final = 250.0
_FOOT_MM: Final = 17.5
"""Room beneath the map for north, scale and legend."""
_BAR_MM: Final = 55.0
_LEGEND_MM: Final = 80.0
"""Where the legend begins, beside the scale."""


def walk_map(
    stops: gpd.GeoDataFrame,
    walk: gpd.GeoDataFrame,
    backdrop: Backdrop,
    facts: MapFacts,
    *,
    title: str,
    size: tuple[float, float],
) -> Markup:
    """Return the map of one walk: numbered stops and the way between them.

    Parameters
    ----------
    stops
        Rows of table ``search_round`` of the walk, in order.
    walk
        Its row of table ``search_walks``.
    backdrop
        The project's own layers.
    facts
        Profile and what else is printed.
    title
        Of the picture.
    size
        Width and height, millimetres.
    """
    numbers = tuple(str(n) for n in stops["stop"])
    told = ngettext("{n} stopp i ordning.", "{n} stopp i ordning.", len(stops))
    layer = _layer(
        stops,
        walk,
        numbers,
        facts.profile,
        heading=_("Passet"),
        disc=_("entré, i ordning"),
        alt=told.format(n=number(len(stops))),
    )
    return _drawn(layer, walk, backdrop, facts, title=title, size=size)


def round_map(
    stops: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    backdrop: Backdrop,
    facts: MapFacts,
    *,
    title: str,
    size: tuple[float, float],
) -> Markup:
    """Return the map of all walks; each entrance has the number of its walk."""
    numbers = tuple(str(n) for n in stops["walk"])
    told = ngettext("{n} pass.", "{n} pass.", len(walks)).format(n=number(len(walks)))
    layer = _layer(
        stops,
        walks,
        numbers,
        facts.profile,
        heading=_("Rundan"),
        disc=_("entré, med passets nummer"),
        alt=told,
    )
    return _drawn(layer, walks, backdrop, facts, title=title, size=size)


def _layer(
    stops: pd.DataFrame,
    walks: gpd.GeoDataFrame,
    numbers: tuple[str, ...],
    profile: Profile,
    *,
    heading: str,
    disc: str,
    alt: str,
) -> Layer:
    points = np.asarray(gpd.GeoDataFrame(stops).geometry.array)
    lines = np.asarray(walks.geometry.array)
    legend = [Key("circle", STOP, disc, 4.2, "1")]
    marks: list[Shapes | Symbols] = []
    if (walks["n_entrances"] > 1).any():
        marks.append(Shapes(lines, WAY))
        legend.append(Key("line", WAY, _("gångväg")))
    # Drawn last to first: where discs overlap the first stop is read.
    marks.append(Symbols(points[::-1], "circle", 4.4, STOP, numbers[::-1]))
    return Layer(title=heading, profile=profile, marks=tuple(marks), legend=tuple(legend), alt=alt)


def _drawn(
    layer: Layer,
    walks: gpd.GeoDataFrame,
    backdrop: Backdrop,
    facts: MapFacts,
    *,
    title: str,
    size: tuple[float, float],
) -> Markup:
    left, low, right, top = (float(side) for side in walks.total_bounds)  # stops lie on the walks
    middle = ((left + right) / 2, (low + top) / 2)
    wide = max(right - left + 2 * _MARGIN_M, _LEAST_SIDE_M) / 2
    high = max(top - low + 2 * _MARGIN_M, _LEAST_SIDE_M) / 2
    frame = (middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)
    box = Box(0.2, 0.2, size[0] - 0.4, size[1] - _FOOT_MM - 0.4)
    scale = fitting_scale(frame, box)
    panel = draw([layer], backdrop, Canvas(box, middle, scale), street_names=True)
    bottom = box.bottom + 1.4
    parts = [panel.svg, north_arrow().at(0, bottom - 0.6)]
    parts.append(scale_bar(scale, _BAR_MM).at(9, bottom))
    legend = legend_blocks([layer], size[0] - _LEGEND_MM)
    parts += [block.at(_LEGEND_MM, bottom - 0.4) for block in legend]
    alt = alt_text(title, [layer], facts, panel.unplaced)
    made = whole(Markup().join(parts), size, title=title, alt=alt)
    return Markup(made)  # noqa: S704 (drawn by us, every text of data escaped there)
