"""What was found in the coordinates of a file, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geodata.coordinates.systems import Candidate, Fit, Floats, candidates, try_all
from geodata.crs import NAMES, Bounds, crs_name, transform
from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent

_ZONES = frozenset(f"EPSG:{code}" for code in range(3007, 3019))
"""SWEREF 99 by local zone: the same numbers in each, some ten kilometres apart."""


@dataclass(frozen=True)
class Told:
    """The findings to tell.

    Attributes
    ----------
    crs
        The system of most rows.
    swapped
        Its first column is the northing.
    rows, total
        Rows that this places in the area, of all that have numbers.
    turned_rows
        Rows of the same system with the columns the other way round.
    others
        Rows of each other system.
    rejected
        These others are rejected rather than converted.
    stated
        The system was named by the user or the file.
    thousands
        Sign found to part thousands, or empty.
    """

    crs: str
    swapped: bool
    rows: int
    total: int
    turned_rows: int
    others: Mapping[str, int]
    rejected: bool
    stated: bool = False
    thousands: str = ""


def notices_of(told: Told) -> tuple[Notice, ...]:
    """Return the notices of the findings, always in the same order."""
    notices = [_system(told)]
    if told.swapped:
        notices.append(
            Notice(
                code="axes_swapped",
                text=_("X-kolumnen är nordkoordinat och Y-kolumnen östkoordinat: axlarna byts."),
                level="chosen",
                data={"rows": told.rows},
            )
        )
    if told.turned_rows:
        notices.append(_turned(told.turned_rows))
    if told.others:
        notices.append(_mixed(told))
    if told.thousands:
        notices.append(
            Notice(
                code="thousands_sign",
                text=_("Tecknet ”{sign}” i koordinaterna läses som tusentalsavgränsare.").format(
                    sign=told.thousands
                ),
                level="chosen",
                data={"sign": told.thousands},
            )
        )
    return tuple(notices)


def _system(told: Told) -> Notice:
    share = told.rows / told.total
    if told.stated:
        text = _("Koordinaterna är angivna i {crs}: {share} av raderna hamnar inom området.")
    else:
        text = _("Koordinaterna läses som {crs}: {share} av raderna hamnar inom området.")
    text = text.format(crs=crs_name(told.crs), share=percent(share, 1))
    zone = told.crs in _ZONES and not told.stated
    if zone:
        text += " " + _("Andra SWEREF 99-zoner ser likadana ut: stäm av med filens avsändare.")
    return Notice(
        code="crs_found",
        text=text,
        level="warning" if share < 0.5 or zone else "info" if told.stated else "chosen",
        data={"crs": told.crs, "rows": told.rows, "total": told.total, "swapped": told.swapped},
    )


def _turned(rows: int) -> Notice:
    return Notice(
        code="swapped_rows",
        text=ngettext(
            "{n} rad har öst- och nordkoordinat i motsatt ordning mot de andra: den vänds.",
            "{n} rader har öst- och nordkoordinat i motsatt ordning mot de andra: de vänds.",
            rows,
        ).format(n=number(rows)),
        level="warning",
        data={"rows": rows},
    )


def _mixed(told: Told) -> Notice:
    counts = ", ".join(
        _("{n} i {crs}").format(n=number(rows), crs=crs_name(crs))
        for crs, rows in sorted(told.others.items())
    )
    if told.rejected:
        text = _(
            "Filen blandar koordinatsystem: {counts}, övriga i {crs}. De avvisas (inställning: "
            "mixed)."
        )
    else:
        text = _(
            "Filen blandar koordinatsystem: {counts}, övriga i {crs}. De räknas om (inställning: "
            "mixed)."
        )
    return Notice(
        code="mixed_crs",
        text=text.format(counts=counts, crs=crs_name(told.crs)),
        level="warning",
        data={"rows": dict(sorted(told.others.items())), "rejected": told.rejected},
    )


def _point(example: tuple[float, float]) -> str:
    decimals = 0 if max(map(abs, example)) > 1000 else 4
    return f"{number(example[0], decimals)} / {number(example[1], decimals)}"


def contradiction(
    stated: str, fit: Fit, best: int, own_share: float, example: tuple[float, float]
) -> Fault:
    """Return the fault that the named system doesn't fit the values and another does."""
    found = fit.candidates[best]
    text = _(
        "Som {stated} hamnar {own} av raderna inom området, som {found} hamnar {share} där. "
        "Vanligaste värdet i filen: {example}."
    )
    degrees = _(" Värdena är grader, inte meter.") if found.crs == "EPSG:4326" else ""
    return Fault(
        code="crs_contradicts_values",
        what=_("Koordinaterna står inte i {stated}, som anges, utan i {found}.").format(
            stated=crs_name(stated), found=found.name
        ),
        where="[[input]] crs",
        why=text.format(
            stated=crs_name(stated),
            own=percent(own_share, 1),
            found=found.name,
            share=percent(fit.share(best), 1),
            example=_point(example),
        )
        + degrees,
        next_step=_('Sätt crs = "{crs}" under [[input]], eller ”auto”.').format(crs=found.crs),
    )


def all_outside(
    rows: int,
    stated: str | None,
    project: tuple[str, Bounds | None],
    example: tuple[float, float],
) -> Fault:
    """Return the fault that no row lies in the area, and where the rows seem to lie instead."""
    project_crs, bbox = project
    x, y = np.array([example[0]]), np.array([example[1]])
    why = _("Vanligaste värdet i filen: {example}.").format(example=_point(example))
    step = _(
        "Kontrollera att rätt kolumner är valda som x och y, att crs under [[input]] stämmer, "
        "och att projektets område är rätt kommun."
    )
    if bbox is not None:
        every = [f"EPSG:{code}" for code in NAMES.values()]
        inside = _found(candidates(None, project_crs, bbox, every), x, y)
        if inside is not None:
            step = _('Som {crs} hamnar det inom området: prova crs = "{code}".').format(
                crs=inside.name, code=inside.crs
            )
        lies = _found(candidates(stated, project_crs, None), x, y)
        if lies is not None:
            east, north = transform(*lies.ordered(x, y), lies.crs, project_crs)
            why += " " + _(
                "Som {crs} ligger det på öst {east}, nord {north}; området går från öst {west} "
                "till {last_east} och nord {south} till {last_north}."
            ).format(
                crs=lies.name,
                east=number(east[0]),
                north=number(north[0]),
                west=number(bbox[0]),
                last_east=number(bbox[2]),
                south=number(bbox[1]),
                last_north=number(bbox[3]),
            )
    return Fault(
        code="all_outside_area",
        what=ngettext(
            "Den enda raden med koordinater ligger utanför projektets område.",
            "Alla {n} rader med koordinater ligger utanför projektets område.",
            rows,
        ).format(n=number(rows)),
        why=why,
        next_step=step,
    )


def _found(tried: tuple[Candidate, ...], x: Floats, y: Floats) -> Candidate | None:
    """Return the first system that places a point in the area."""
    best = try_all(tried, x, y, np.ones(1, dtype=np.int64)).best()
    return None if best is None else tried[best]
