"""Words that the sections of a sheet share: names of codes, values that may be missing."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd

from geodata.language import N_, day, number, percent
from geodata.language import gettext as _
from maps.paper import Run, Words

NAMES: Final[dict[str, str]] = {
    "municipality": N_("kommun"),
    "police": N_("Polismyndigheten"),
    "housing_company": N_("bostadsbolag"),
    "other": N_("annan"),
    "lighting": N_("belysning"),
    "pruning": N_("röjning"),
    "guards": N_("ordningsvakt"),
    "field_workers": N_("fältare"),
    "police_presence": N_("polisnärvaro"),
    "activation": N_("platsaktivering"),
    "locks": N_("lås eller entré"),
    "dog_search": N_("hundsök"),
    "fixed": N_("fast kamera"),
    "ptz": N_("styrbar kamera (PTZ)"),
    "live": N_("enbart realtid"),
    "recorded": N_("enbart inspelning"),
    "both": N_("realtid och inspelning"),
    "all": N_("alla dagar"),
    "weekdays": N_("måndag–fredag"),
    "weekends": N_("lördag–söndag"),
    "yes": N_("ja"),
    "no": N_("nej"),
    "open": N_("utreds"),
    "decided": N_("beslutad"),
    "declined": N_("avstås"),
    "proposed": N_("Enligt förslaget"),
    "fewer_hours": N_("Färre timmar"),
    "smaller_sector": N_("Mindre sektor"),
    "shorter_reach": N_("Kortare räckvidd"),
    "masked": N_("Maskerat"),
    "school": N_("skola"),
    "preschool": N_("förskola"),
    "care": N_("vård"),
    "social_services": N_("socialtjänst"),
    "worship": N_("trossamfund"),
    "union_or_party": N_("fackförenings- eller partilokal"),
    "court": N_("domstol eller advokat"),
    "playground": N_("lekplats"),
    "outdoor_seating": N_("uteservering"),
    "workplace": N_("arbetsplats"),
    "yard": N_("privat tomtmark"),
    "facade": N_("bostadsfasad"),
    "entrance": N_("bostadsentré"),
    "treated": N_("upptagningsområde"),
    "buffer": N_("buffertzon"),
    "control": N_("kontrollområde"),
}


def named(code: str) -> str:
    """Return the name of a code of the form or of a table; the code itself when it has none."""
    text = NAMES.get(code)
    return _(text) if text else code


def unchecked() -> Run:
    """Return the words for what no layer could tell: never 0."""
    return Run(_("ej kontrollerat"), italic=True)


def lacking() -> Run:
    """Return the words for what nobody has answered."""
    return Run(_("uppgift saknas"), italic=True)


def said(value: object) -> Words:
    """Return what the form says, or that it says nothing."""
    if value is None or value in ("", ()):
        return lacking()
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return day(value) if isinstance(value, date) else str(value)


def with_law(value: Words, law: str) -> Words:
    """Return a value followed by the section of law that it belongs to."""
    pieces = value if isinstance(value, tuple) else (value,)
    return (*pieces, Run(f" ({law})", soft=True)) if law else pieces


def is_missing(value: Any) -> bool:  # noqa: ANN401 (a cell of a table)
    """Tell whether a cell is missing."""
    return value is None or bool(pd.isna(value))


def figure(value: Any, decimals: int = 0, unit: str = "") -> Words:  # noqa: ANN401
    """Return a figure with its unit; missing is not checked."""
    if is_missing(value):
        return unchecked()
    gap = "\u00a0" if unit else ""
    return f"{number(float(value), decimals)}{gap}{unit}"


def share(value: Any, decimals: int = 0) -> Words:  # noqa: ANN401
    """Return a share (0–1) as percent; missing is not checked."""
    return unchecked() if is_missing(value) else percent(float(value), decimals)


def span_of(first: Any, last: Any) -> str:  # noqa: ANN401 (timestamps)
    """Return two days as a period."""
    return f"{day(pd.Timestamp(first).date())}–{day(pd.Timestamp(last).date())}"


def hours_text(first: int, hours: int) -> str:
    """Return hours as ``14–22``."""
    if hours >= 24:
        return _("hela dygnet")
    return f"{first:02d}–{(first + hours) % 24 or 24:02d}"
