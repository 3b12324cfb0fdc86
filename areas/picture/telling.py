"""What the picture chose for the user and what to look at, in sentences."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from areas.picture.options import PictureOptions
from areas.picture.units import Units
from areas.picture.weekly import weekly_days
from areas.picture.weeks import last_complete
from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number

_YOUNG_DAYS = 91
"""An area in force for fewer days has rates of so short a time that they say little."""


def tell_picture(
    *,
    incidents: pd.DataFrame,
    units: Units,
    week: date | None,
    as_of: date,
    history: int,
    options: PictureOptions,
    pooled: str | None,
) -> tuple[Notice, ...]:
    """Return the notices of a picture.

    Parameters
    ----------
    incidents, units
        Events and their units.
    week
        Monday of the week now; ``None`` where only months are known.
    as_of
        Day of the extract.
    history
        Weeks that the data reach back from the week now, that one included.
    options
        As used.
    pooled
        Kind of area that the common level was fitted to.
    """
    told = [*_weeks(incidents, week, as_of, history, options), *_areas(units)]
    if units.areas.any() and pooled is None:
        text = _("Inga områden att jämföra med: läs in RegSO eller DeSO under [areas].")
        told.append(Notice(code="picture_no_pool", text=text))
    return tuple(told)


def _weeks(
    incidents: pd.DataFrame, week: date | None, as_of: date, history: int, options: PictureOptions
) -> list[Notice]:
    monthly = int((~weekly_days(incidents)).sum())
    if week is None:
        text = _(
            "Ingen veckovy: bara händelsernas månad är känd. Antal och tal per invånare gäller de "
            "sista {n} hela månaderna."
        ).format(n=max(round(options.weeks * 12 / 52), 1))
        return [Notice(code="picture_no_weeks", text=text, level="warning")]
    told = []
    if monthly:
        text = ngettext(
            "{n} händelse är känd bara på månad och står inte i veckovyn.",
            "{n} händelser är kända bara på månad och står inte i veckovyn.",
            monthly,
        ).format(n=number(monthly))
        told.append(Notice(code="picture_months", text=text, data={"n": monthly}))
    late = (last_complete(as_of) - week).days // 7
    if late:
        text = ngettext(
            "Lägesbilden gäller vecka {week}: den sista hela veckan före uttaget saknar rapporter.",
            "Lägesbilden gäller vecka {week}: de {n} sista hela veckorna före uttaget saknar "
            "rapporter.",
            late,
        ).format(week=week.isocalendar().week, n=number(late))
        told.append(
            Notice(code="picture_weeks_empty", text=text, level="warning", data={"weeks": late})
        )
    if history < options.weeks:
        text = ngettext(
            "Uppgifterna täcker {n} vecka. Tal per år är osäkra och en jämförelse med förra året "
            "går inte att göra.",
            "Uppgifterna täcker {n} veckor. Tal per år är osäkra och en jämförelse med förra året "
            "går inte att göra.",
            history,
        ).format(n=number(history))
        data = {"weeks": history}
        told.append(Notice(code="picture_short", text=text, level="warning", data=data))
    return told


def _areas(units: Units) -> list[Notice]:
    table = units.table[units.areas]
    told = []
    nobody = table.loc[~(table["population"] > 0), "name"].tolist()
    if nobody:
        text = ngettext(
            "Invånarna är inte kända i {n} område: {names}. Tal per invånare visas inte där.",
            "Invånarna är inte kända i {n} områden: {names}. Tal per invånare visas inte där.",
            len(nobody),
        ).format(n=number(len(nobody)), names=_some(nobody))
        data = {"n": len(nobody)}
        told.append(Notice(code="picture_no_population", text=text, level="warning", data=data))
    shared = table.loc[table["population_how"].isin(("floor", "footprint", "area", "mixed"))]
    if len(shared):
        told.append(_apportioned(shared))
    young = table.loc[
        table["days"] < min(_YOUNG_DAYS, int(units.table["days"].max())), "name"
    ].tolist()
    if young:
        text = ngettext(
            "{n} område har gällt för kort tid för att talen ska säga mycket: {names}.",
            "{n} områden har gällt för kort tid för att talen ska säga mycket: {names}.",
            len(young),
        ).format(n=number(len(young)), names=_some(young))
        data = {"n": len(young)}
        told.append(Notice(code="picture_young_area", text=text, level="warning", data=data))
    unplaced = int(np.sum(units.table["unit"].to_numpy()[units.code] == "unplaced"))
    if unplaced:
        text = _(
            "{n} händelser står på en förvald adress. De räknas i hela kommunen men i inget område."
        ).format(n=number(unplaced))
        told.append(Notice(code="picture_unplaced", text=text, data={"n": unplaced}))
    return told


def _apportioned(shared: pd.DataFrame) -> Notice:
    how = {
        "floor": _("bostädernas våningsyta"),
        "footprint": _("bostadshusens byggnadsyta"),
        "area": _("markytan"),
        "mixed": _("bostädernas yta, och markytan där bostäder inte är kända"),
    }
    ways = [way for way in how if (shared["population_how"] == way).any()]
    text = _("Invånare är fördelade på områdena efter {how}.").format(
        how=_(" eller ").join(how[way] for way in ways)
    )
    return Notice(code="population_apportioned", text=text, level="chosen", data={"how": ways})


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown}, …" if len(names) > 5 else shown
