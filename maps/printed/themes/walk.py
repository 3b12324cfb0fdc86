"""A walk with numbered stops, such as a round of dog searches."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from geodata.disclosure import Released
from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.printed.layer import Key, Layer, Look, Shapes, Symbols
from maps.printed.themes.base import shapes_of, spatial, withheld

STOP: Final = Look(fill="#1d2327", line="#ffffff", width_mm=0.35)
WAY: Final = Look(line="#7a2e8e", width_mm=0.7, dash_mm=(2.0, 1.2), halo=True)
_SIZE_MM: Final = 4.6


def walk_layer(
    stops: Released, *, order: str, title: str = "", way: bool = True, closed: bool = False
) -> Layer:
    """Return stops as numbered discs in the order of a walk, with the way between them.

    Parameters
    ----------
    stops
        Table with points.
    order
        Column with the number of each stop; what is written in the discs.
    title
        Heading of the legend.
    way
        Whether straight lines lead from stop to stop: they tell the order, not the way to go.
    closed
        Whether the walk ends where it began.
    """
    heading = title or _("Runda")
    absent = withheld(stops, heading)
    if absent is not None:
        return absent
    table = spatial(stops).sort_values(order, kind="stable")
    points = np.asarray(shapely.centroid(shapes_of(table)))
    texts = tuple(str(int(n)) for n in table[order])
    legend = [Key("circle", STOP, _("stopp, i ordning"), 4.2, "1")]
    marks: list[Shapes | Symbols] = []
    if way and len(points) > 1:
        line = shapely.get_coordinates(points)
        if closed:
            line = np.vstack([line, line[:1]])
        marks.append(Shapes(np.array([shapely.LineString(line)]), WAY))
        legend.append(Key("line", WAY, _("ordning mellan stoppen (fågelvägen)")))
    if len(points):
        marks.append(Symbols(points, "circle", _SIZE_MM, STOP, texts, spread=True))
    n = len(points)
    text = ngettext("{n} numrerat stopp.", "{n} numrerade stopp.", n)
    return Layer(
        title=heading,
        profile=stops.profile,
        marks=tuple(marks),
        legend=tuple(legend),
        alt=text.format(n=number(n)),
    )
