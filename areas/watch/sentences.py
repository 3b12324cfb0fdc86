"""Signals and series in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from areas.watch.calendar import week_words
from areas.watch.control import MOST_YEARS, WEEKS_A_YEAR
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number

YEARS_FROM = 2 * WEEKS_A_YEAR
"""Recurrences from here on are told in years."""


@dataclass(frozen=True)
class Told:
    """What a sentence about a series is made of."""

    name: str
    source: str
    kind: str
    week: int
    observed: float
    expected: float


def class_words(kind: str) -> str:
    """Return what a series counts, as people read it."""
    groups = {
        "all": _("alla händelser"),
        "street_drugs": _("narkotika, alla slag"),
    }
    return groups.get(kind) or label(kind)


def series_words(name: str, source: str, kind: str) -> str:
    """Return the name of a series: where, what, who reported."""
    return _("{place}: {what} ({source})").format(
        place=name, what=class_words(kind), source=label(source)
    )


def week_sentence(told: Told) -> str:
    """Tell of a week that is higher than its past explains."""
    text = ngettext(
        "{series}, {n} händelse {week} mot {expected} att vänta.",
        "{series}, {n} händelser {week} mot {expected} att vänta.",
        int(told.observed),
    )
    return text.format(
        series=series_words(told.name, told.source, told.kind),
        n=number(told.observed),
        week=week_words(told.week),
        expected=number(told.expected, 1),
    )


def shift_sentence(told: Told, weeks: int) -> str:
    """Tell of a level that has been higher for some weeks."""
    if weeks <= 1:
        return week_sentence(told)
    return _(
        "{series}, {n} händelser på {weeks} veckor, från {since}, mot {expected} att vänta: ett "
        "skifte uppåt som har byggts på vecka för vecka."
    ).format(
        series=series_words(told.name, told.source, told.kind),
        n=number(told.observed),
        weeks=number(weeks),
        since=week_words(told.week - weeks + 1),
        expected=number(told.expected, 1),
    )


def also_shift(weeks: int, week: int) -> str:
    """Tell that a week's signal comes on top of weeks that were high."""
    return _("Nivån har legat över det väntade sedan {since}.").format(
        since=week_words(week - weeks + 1)
    )


def scan_sentence(
    name: str, source: str, kind: str, *, observed: int, expected: float, days: int, radius_m: float
) -> str:
    """Tell of a gathering in space and time."""
    where = (
        _("inom {radius} m från {place}").format(radius=number(radius_m), place=name)
        if radius_m >= 1
        else _("på {place}").format(place=name)
    )
    span = ngettext("den senaste dagen", "de senaste {n} dagarna", days).format(n=number(days))
    return _(
        "{what} ({source}), {observed} händelser {where} {span} mot {expected} att vänta av "
        "platsens och dagarnas vanliga antal."
    ).format(
        what=class_words(kind).capitalize(),
        source=label(source),
        observed=number(observed),
        where=where,
        span=span,
        expected=number(expected, 1),
    )


def recurrence_words(weeks: float) -> str:
    """Tell how seldom chance alone gives a signal as strong."""
    years = weeks / WEEKS_A_YEAR
    if years > MOST_YEARS:
        text = _("Slumpen ger en så stark signal mer sällan än en gång på {n} år, allt räknat.")
        return text.format(n=number(MOST_YEARS))
    if weeks >= YEARS_FROM:
        text = _("Slumpen ger en så stark signal ungefär en gång på {n} år, allt räknat.")
        return text.format(n=number(np.floor(years)))
    if weeks < 1:
        return _("Slumpen ger en så stark signal oftare än en gång i veckan, allt räknat.")
    text = ngettext(
        "Slumpen ger en så stark signal ungefär en gång i veckan, allt räknat.",
        "Slumpen ger en så stark signal ungefär en gång på {n} veckor, allt räknat.",
        int(weeks),
    )
    return text.format(n=number(np.floor(weeks)))


def initiated_words() -> str:
    """Return the warning that goes with what the police find by looking for it."""
    return _(
        "De flesta av händelserna hittas på polisens initiativ: signalen kan visa var och när "
        "polisen har arbetat."
    )


def state_sentence(
    state: str, *, n_weeks: int, n_past: int, observed: float, expected: float, least: int
) -> str:
    """Tell how a series without a signal stands."""
    if state == "short":
        text = ngettext(
            "För kort historik: {n} vecka. Serien bevakas först när två år finns att jämföra med.",
            "För kort historik: {n} veckor. Serien bevakas först när två år finns att jämföra med.",
            n_weeks,
        )
        return text.format(n=number(n_weeks))
    if state == "few":
        text = ngettext(
            "För få händelser i jämförelsen: {n}, minst {least} behövs.",
            "För få händelser i jämförelsen: {n}, minst {least} behövs.",
            n_past,
        )
        return text.format(n=number(n_past), least=number(least))
    if state == "missing":
        return _("Källan har inga rader den här veckan: uppgift saknas, inte noll händelser.")
    text = ngettext(
        "Inom det väntade: {n} händelse, {expected} att vänta.",
        "Inom det väntade: {n} händelser, {expected} att vänta.",
        int(observed),
    )
    return text.format(n=number(observed), expected=number(expected, 1))
