"""Camera sites by status, and what a camera sees: view, masks and what must not be seen.

Positions of cameras are for the profile ``intern`` alone; the door gives no other one the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from geodata.disclosure import Released
from geodata.language import gettext as _
from geodata.language import number
from maps.printed.layer import Hatch, Key, Label, Layer, Look, Shape, Shapes, Symbols
from maps.printed.themes.base import shapes_of, spatial, withheld

BLUE: Final = "#1b4f9c"

VIEW: Final = Look(fill="#1b4f9c", line="#1b4f9c", width_mm=0.4, opacity=0.28)
MASKED: Final = Look(
    hatch=Hatch(colour="#b3401a", gap_mm=1.2, width_mm=0.35, angle=45, ground="#ffffff"),
    line="#b3401a",
    width_mm=0.35,
)


@dataclass(frozen=True)
class Status:
    """How sites of one status are drawn: shape, fill and words, told apart without colour."""

    text: str
    shape: Shape = "circle"
    look: Look = field(default_factory=lambda: Look(fill=BLUE, line="#ffffff", width_mm=0.35))


def site_layer(
    released: Released,
    *,
    title: str,
    statuses: Mapping[str, Status],
    column: str = "",
    label: str = "site_id",
    size_mm: float = 3.0,
    default: str = "",
) -> Layer:
    """Return sites by status, with their ids.

    Parameters
    ----------
    released
        Table with points, such as ``camera_sites``.
    title
        Heading of the legend.
    statuses
        Look and words by status, in the legend's order.
    column
        Column of the status; without one all sites have the first.
    label
        Column with the ids written beside the symbols; none when empty.
    size_mm
        Of the symbols.
    default
        Status of a site whose own isn't in `statuses`.

    Raises
    ------
    ValueError
        If a site has a status that isn't in `statuses` and there is no default.
    """
    absent = withheld(released, title)
    if absent is not None:
        return absent
    table = spatial(released)
    points = np.asarray(shapely.centroid(shapes_of(table)))
    first = next(iter(statuses))
    kinds = table[column].astype(str).to_numpy() if column else np.full(len(table), first)
    strange = sorted(set(kinds.tolist()) - set(statuses))
    if strange and not default:
        msg = f"no look for status {strange}"
        raise ValueError(msg)
    kinds = np.where(np.isin(kinds, strange), default, kinds)
    shown = [kind for kind in statuses if (kinds == kind).any()]
    names = table[label].astype(str).tolist() if label else []
    at = shapely.get_coordinates(points).tolist()
    return Layer(
        title=title,
        profile=released.profile,
        marks=tuple(
            Symbols(points[kinds == kind], statuses[kind].shape, size_mm, statuses[kind].look)
            for kind in shown
        ),
        labels=tuple(
            Label(name, x, y, clear_mm=size_mm / 2 + 0.5, weight="bold", colour="#123a75", rank=20)
            for name, (x, y) in zip(names, at, strict=bool(label))
        ),
        legend=tuple(
            Key(statuses[kind].shape, statuses[kind].look, statuses[kind].text, size_mm)
            for kind in shown
        ),
        notes=released.notes,
        alt=_told(title, names, kinds, statuses),
    )


def view_layer(
    views: Released,
    *,
    masks: Released | None = None,
    title: str = "",
) -> Layer:
    """Return what a camera sees, and what of it is masked.

    Parameters
    ----------
    views
        Table with the polygons that are seen.
    masks
        Table with the polygons that are masked, drawn upon them.
    title
        Heading of the legend.
    """
    heading = title or _("Upptagningsområde")
    absent = withheld(views, heading)
    if absent is not None:
        return absent
    marks = [Shapes(shapes_of(spatial(views)), VIEW)]
    legend = [Key("fill", VIEW, _("syns från platsen"))]
    area = float(shapely.area(shapely.union_all(marks[0].shapes)))
    told = _("Det som syns från platsen är {area} m².").format(area=number(area))
    if masks is not None and masks.table is not None and len(masks.table):
        hidden = shapes_of(spatial(masks))
        marks.append(Shapes(hidden, MASKED))
        legend.append(Key("fill", MASKED, _("maskeras")))
        share = float(shapely.area(shapely.union_all(hidden)))
        told += " " + _("{area} m² maskeras.").format(area=number(share))
    return Layer(
        title=heading,
        profile=views.profile,
        marks=tuple(marks),
        legend=tuple(legend),
        alt=told,
    )


def _told(
    title: str, names: Sequence[str], kinds: np.ndarray, statuses: Mapping[str, Status]
) -> str:
    parts = []
    for kind, status in statuses.items():
        chosen = [name for name, own in zip(names, kinds, strict=False) if own == kind]
        n = int((kinds == kind).sum())
        if n:
            of = ", ".join(chosen) if chosen else number(n)
            parts.append(f"{status.text} {of}")
    return f"{title}: {'; '.join(parts)}." if parts else ""
