"""The words of the watch's page."""

from __future__ import annotations

from typing import Final

from geodata.labels import label
from geodata.language import N_, ngettext, number
from geodata.language import gettext as _

WEEKS_A_YEAR: Final = 52.1775
MOST_YEARS: Final = 100

UNITS: Final = {
    "municipality": N_("kommunen"),
    "area": N_("område"),
    "place": N_("plats"),
    "circle": N_("ansamling"),
}

_METHODS: Final = {
    "week": N_("veckan ligger över det väntade"),
    "shift": N_("långsamt skifte"),
    "week_and_shift": N_("veckan ligger över, efter ett långsamt skifte"),
    "scan": N_("ansamling i rum och tid"),
}

_GROUPS: Final = {"all": N_("alla händelser"), "street_drugs": N_("narkotika, alla slag")}


def what_words(kind: str) -> str:
    """Return what a series counts."""
    return _(_GROUPS[kind]) if kind in _GROUPS else label(kind)


def method_words(method: str) -> str:
    """Return what found a signal."""
    return _(_METHODS[method])


def recurrence_short(weeks: float) -> str:
    """Return how seldom chance alone gives a signal as strong, in few words."""
    years = weeks / WEEKS_A_YEAR
    if years > MOST_YEARS:
        return _("< en gång på {n} år").format(n=number(MOST_YEARS))
    if years >= 2:
        return _("en gång på {n} år").format(n=number(int(years)))
    if weeks < 1:
        return _("oftare än en gång i veckan")
    text = ngettext("en gång i veckan", "en gång på {n} veckor", int(weeks))
    return text.format(n=number(int(weeks)))
