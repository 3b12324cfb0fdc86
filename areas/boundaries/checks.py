"""What areas must fulfil together, and what is worth telling of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from areas.boundaries.tables import in_force_together
from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number

Box = tuple[float, float, float, float]

FAR_M: Final = 200_000.0
"""Areas of one project farther apart than this can't all be right."""

TOUCH_M: Final = 0.01
"""Within this a gap touches its neighbour."""


def dates_and_decisions(table: gpd.GeoDataFrame) -> list[Fault]:
    """Return faults ``validity_reversed`` and ``authoritative_without_decision``."""
    faults = [
        Fault(
            code="validity_reversed",
            what=_("{name}: sista dagen ligger före första dagen.").format(name=row["name"]),
            where=row["source"],
            why=f"valid_from {row['valid_from']:%Y-%m-%d}, valid_to {row['valid_to']:%Y-%m-%d}",
        )
        for _i, row in table[table["valid_to"] < table["valid_from"]].iterrows()
    ]
    undecided = table[table["authoritative"] & table["decision_ref"].isna()]
    faults += [
        Fault(
            code="authoritative_without_decision",
            what=_("{name} anges som beslutad gräns utan beslut.").format(name=row["name"]),
            where=row["source"],
            next_step=_("Ange beslutets beteckning i decision_ref, eller ta bort authoritative."),
        )
        for _i, row in undecided.iterrows()
    ]
    return faults


def duplicates(table: gpd.GeoDataFrame) -> list[Fault]:
    """Return faults ``duplicate_area``, ``area_id_of_two_kinds`` and ``same_geometry``."""
    faults = []
    for area_id, group in table.groupby("area_id", sort=True):
        if group["kind"].nunique() > 1:
            faults.append(
                Fault(
                    code="area_id_of_two_kinds",
                    what=_("Områdets id ”{id}” används för två slags områden.").format(id=area_id),
                    where=", ".join(sorted(set(group["source"]))),
                    next_step=_("Ge ett av dem ett annat id."),
                )
            )
        elif any(in_force_together(one, other) for one, other in _all_pairs(group)):
            faults.append(
                Fault(
                    code="duplicate_area",
                    what=_("Området ”{id}” har två gränser som gäller samtidigt.").format(
                        id=area_id
                    ),
                    where=", ".join(sorted(set(group["source"]))),
                    next_step=_("Ange när var och en gäller, eller slå ihop ytorna till en."),
                )
            )
    for one, other in pairs(table):
        if one["area_id"] != other["area_id"] and one["geometry"].equals(other["geometry"]):
            faults.append(
                Fault(
                    code="same_geometry",
                    what=_("{one} och {other} har samma yta.").format(
                        one=one["name"], other=other["name"]
                    ),
                    where=", ".join(sorted({one["source"], other["source"]})),
                    next_step=_("Ta bort det ena området, eller ange när vart och ett gäller."),
                )
            )
    return faults


def _all_pairs(group: pd.DataFrame) -> Iterator[tuple[pd.Series[Any], pd.Series[Any]]]:
    rows = [row for _i, row in group.iterrows()]
    for i, one in enumerate(rows):
        for other in rows[i + 1 :]:
            yield one, other


def pairs(
    table: gpd.GeoDataFrame, within_m: float = 0.0
) -> Iterator[tuple[pd.Series[Any], pd.Series[Any]]]:
    """Yield areas of the same kind, in force together, that meet or lie within a distance."""
    geometry = table.geometry.to_numpy()
    left, right = shapely.STRtree(geometry).query(geometry, "dwithin", within_m)
    order = np.lexsort((right, left))
    for i, j in zip(left[order], right[order], strict=True):
        one, other = table.iloc[i], table.iloc[j]
        if i < j and one["kind"] == other["kind"] and in_force_together(one, other):
            yield one, other


def position(table: gpd.GeoDataFrame, frame: Box | None) -> list[Fault]:
    """Return faults ``area_outside_project`` and ``areas_far_apart``.

    Parameters
    ----------
    table
        The areas of the project's own files.
    frame
        Box that they must meet; without one they must lie within `FAR_M` of each other.
    """
    if not len(table):
        return []
    bounds = table.geometry.bounds
    if frame is not None:
        x0, y0, x1, y1 = frame
        away = (
            (bounds["maxx"] < x0)
            | (bounds["minx"] > x1)
            | (bounds["maxy"] < y0)
            | (bounds["miny"] > y1)
        )
        code, why = "area_outside_project", _("Projektets område är {x0}–{x1} öst, {y0}–{y1} nord.")
        why = why.format(x0=number(x0), x1=number(x1), y0=number(y0), y1=number(y1))
    else:
        middle = (bounds[["minx", "miny"]].to_numpy() + bounds[["maxx", "maxy"]].to_numpy()) / 2
        distance = np.abs(middle - np.median(middle, axis=0)).max(axis=1)
        away = pd.Series(distance > FAR_M, index=table.index)
        code, why = "areas_far_apart", _("De ligger mer än {km} km från de övriga områdena.")
        why = why.format(km=number(FAR_M / 1000))
    if not away.any():
        return []
    names = ", ".join(sorted(table.loc[away, "name"]))
    return [
        Fault(
            code=code,
            what=_("Områden ligger inte där de ska: {names}.").format(names=names),
            where=", ".join(sorted(set(table.loc[away, "source"]))),
            why=why,
            next_step=_("Koordinatsystemet i filen är troligen ett annat än det som anges."),
        )
    ]


def overlaps(table: gpd.GeoDataFrame, min_m2: float) -> list[Notice]:
    """Return a warning for each two areas of the same kind that overlap on some day."""
    notices = []
    for one, other in pairs(table):
        shared = one["geometry"].intersection(other["geometry"]).area
        if shared < max(min_m2, 1e-6):
            continue
        first = min(one["area_id"], other["area_id"])
        name = one["name"] if first == one["area_id"] else other["name"]
        notices.append(
            Notice(
                code="areas_overlap",
                text=_(
                    "{one} och {other} överlappar varandra med {m2} m². "
                    "Händelser där räknas en gång, till {first}."
                ).format(one=one["name"], other=other["name"], m2=number(shared), first=name),
                level="warning",
                data={"areas": [one["area_id"], other["area_id"]], "overlap_m2": shared},
            )
        )
    return notices


def gaps(table: gpd.GeoDataFrame, own: frozenset[str], width_m: float) -> list[Notice]:
    """Return a warning for each two neighbours with a narrow strip between them.

    Parameters
    ----------
    table
        Table ``areas``.
    own
        Ids of the project's own areas: gaps between built-in areas alone aren't looked for.
    width_m
        Strips narrower than this are gaps.

    Notes
    -----
    The two areas together are widened by half of `width_m` and narrowed again, which fills strips
    between them; of what was filled, pieces count that belong to no area and run along both areas
    for at least twice the width, so that a corner where the two meet is none.
    """
    notices = []
    for one, other in pairs(table, width_m) if width_m else ():
        if not own & {one["area_id"], other["area_id"]}:
            continue
        both = shapely.union(one["geometry"], other["geometry"])
        filled = both.buffer(width_m / 2).buffer(-width_m / 2)
        near = table[(table["kind"] == one["kind"]) & table.geometry.intersects(filled)]
        free = shapely.difference(filled, near.union_all())
        strips = [
            part
            for part in shapely.get_parts(free)
            if min(_contact(part, area["geometry"]) for area in (one, other)) >= 2 * width_m
        ]
        m2 = float(sum(part.area for part in strips))
        if m2 < 1:
            continue
        notices.append(
            Notice(
                code="gap_between_areas",
                text=_(
                    "Mellan {one} och {other} finns en springa på {m2} m² som inte hör till "
                    "något område."
                ).format(one=one["name"], other=other["name"], m2=number(m2)),
                level="warning",
                data={"areas": [one["area_id"], other["area_id"]], "gap_m2": m2},
            )
        )
    return notices


def _contact(part: BaseGeometry, area: BaseGeometry) -> float:
    """Return how far the border of `part` runs along `area`, in metres."""
    along = shapely.intersection(shapely.boundary(part), area.buffer(TOUCH_M))
    return float(shapely.length(along))


def holes(table: gpd.GeoDataFrame) -> list[Notice]:
    """Return a notice for each area with holes: events there stand outside it."""
    notices = []
    for _i, row in table.iterrows():
        rings = [ring for part in shapely.get_parts(row["geometry"]) for ring in part.interiors]
        if not rings:
            continue
        m2 = float(shapely.area(shapely.polygons(rings)).sum())
        text = ngettext(
            "{name} har {n} hål på {m2} m²; händelser där räknas inte till området.",
            "{name} har {n} hål på sammanlagt {m2} m²; händelser där räknas inte till området.",
            len(rings),
        )
        notices.append(
            Notice(
                code="area_with_hole",
                text=text.format(name=row["name"], n=number(len(rings)), m2=number(m2)),
                level="info",
                data={"area": row["area_id"], "holes": len(rings), "hole_m2": m2},
            )
        )
    return notices


def stand_ins(table: gpd.GeoDataFrame) -> list[Notice]:
    """Return one warning that names the EST areas whose boundary isn't the decided one."""
    loose = table[(table["kind"] == "est_area") & ~table["authoritative"]]
    if not len(loose):
        return []
    names = sorted(set(loose["name"]))
    return [
        Notice(
            code="not_authoritative",
            text=_("Preliminära gränser, inte beslutade: {names}. Källa: {sources}.").format(
                names=", ".join(names), sources="; ".join(sorted(set(loose["source"])))
            ),
            level="warning",
            data={"areas": sorted(set(loose["area_id"]))},
        )
    ]
