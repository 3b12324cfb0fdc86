"""Broken rings: named, shown where they cross, mended only where that hardly changes the area."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geodata.errors import Fault, Notice
from geodata.language import N_, number, percent
from geodata.language import gettext as _
from geodata.reference import mend

REASONS: Final[dict[str, str]] = {
    "Self-intersection": N_("gränsen korsar sig själv"),
    "Ring Self-intersection": N_("gränsen rör vid sig själv"),
    "Too few points in geometry component": N_("gränsen har för få punkter"),
    "Hole lies outside shell": N_("ett hål ligger utanför området"),
    "Holes are nested": N_("ett hål ligger i ett annat"),
    "Nested shells": N_("en del av området ligger i en annan"),
    "Interior is disconnected": N_("ett hål delar området"),
    "Duplicate Rings": N_("samma gräns förekommer två gånger"),
}
"""GEOS's reasons in words."""


class Mended(NamedTuple):
    """Areas with valid rings, or the faults of those that can't be mended."""

    table: gpd.GeoDataFrame
    faults: list[Fault]
    notices: list[Notice]


def mend_areas(table: gpd.GeoDataFrame, *, path: Path, max_share: float) -> Mended:
    """Mend the rings of areas.

    Parameters
    ----------
    table
        Table ``areas`` in metres.
    path
        File they come from, for messages.
    max_share
        How much of the mended area may differ from the area as drawn (the absolute value of the
        signed sum over its rings): a crossing near a corner changes next to nothing, a bow-tie
        half of it. Beyond this the file must be mended by a person who knows what was meant.

    Returns
    -------
    Mended
        Fault ``invalid_ring`` or notice ``ring_mended`` for each broken area.
    """
    faults: list[Fault] = []
    notices: list[Notice] = []
    for position in np.flatnonzero(~table.geometry.is_valid.to_numpy()):
        shape, name = table.geometry.iloc[position], table["name"].iloc[position]
        reason, spot = _reason(shape)
        after = _mended_area(table.iloc[[position]])
        change = abs(after - _drawn_area(shape))
        if not after or change > max_share * after:
            faults.append(
                Fault(
                    code="invalid_ring",
                    what=_("Gränsen för {name} är trasig: {reason}{spot}.").format(
                        name=name, reason=reason, spot=spot
                    ),
                    where=str(path),
                    why=_("En lagning skulle ändra ytan med {m2} m².").format(m2=number(change)),
                    next_step=_("Rätta gränsen i QGIS: Kontrollera giltighet, sedan Nodverktyg."),
                )
            )
            continue
        notices.append(
            Notice(
                code="ring_mended",
                text=_(
                    "Gränsen för {name} i {file} var trasig ({reason}{spot}) och har lagats; "
                    "ytan ändrades med {m2} m² ({share})."
                ).format(
                    name=name,
                    file=path.name,
                    reason=reason,
                    spot=spot,
                    m2=number(change, 1),
                    share=percent(change / after, 3),
                ),
                level="warning",
                data={"area": name, "file": path.name, "changed_m2": change},
            )
        )
    return Mended(table if faults else mend(table)[0], faults, notices)


def _reason(shape: Any) -> tuple[str, str]:  # noqa: ANN401 (shapely geometry)
    """Return why a polygon is broken, and where: `` vid 569 000, 6 492 000``."""
    text = str(shapely.is_valid_reason(shape))
    match = re.fullmatch(r"(.*?)\[(\S+) (\S+)\]", text)
    if match is None:
        return text, ""
    spot = _(" vid {x}, {y}").format(x=number(float(match[2])), y=number(float(match[3])))
    known = REASONS.get(match[1])
    return (_(known) if known else match[1]), spot


def _drawn_area(shape: Any) -> float:  # noqa: ANN401 (shapely geometry)
    return abs(float(shapely.area(shape)))


def _mended_area(one: gpd.GeoDataFrame) -> float:
    return float(mend(one)[0].area.sum())
