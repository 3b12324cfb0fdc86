"""Periods as people name them: a year, half of one, or from one day to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from geodata.errors import Fault, SettingsError
from geodata.language import day
from geodata.language import gettext as _

Kind = Literal["year", "half_year", "span"]

_YEAR: Final = re.compile(r"(\d{4})")
_HALF: Final = re.compile(r"(\d{4})[- ]?[hH]([12])")
_SPAN: Final = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:--|–|/|\.\.|till|to|:)\s*(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Period:
    """Days that are told of, both included.

    Attributes
    ----------
    first, last
        Its days.
    kind
        A calendar year, half of one, or any days.
    """

    first: date
    last: date
    kind: Kind

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        """Return its name as printed: ``2023``, ``2023 jan–jun``, or its days."""
        if self.kind == "year":
            return str(self.first.year)
        if self.kind == "half_year":
            half = _("jan–jun") if self.first.month == 1 else _("jul–dec")
            return f"{self.first.year} {half}"
        return f"{day(self.first)} – {day(self.last)}"

    @property
    def key(self) -> str:
        """Return its name in file names: ``2023``, ``2023-H1``, ``2023-01-15_2023-05-31``."""
        if self.kind == "year":
            return str(self.first.year)
        if self.kind == "half_year":
            return f"{self.first.year}-H{1 if self.first.month == 1 else 2}"
        return f"{self.first.isoformat()}_{self.last.isoformat()}"

    def before(self, years: int = 1) -> Period:
        """Return the same days so many years earlier."""
        first = _years_back(self.first, years)
        # Counted from the day after, so that a year that ends in February ends in February.
        last = _years_back(self.last + timedelta(days=1), years) - timedelta(days=1)
        return Period(first, last, self.kind)

    def until(self, last: date) -> Period:
        """Return the part of it that ends on a day at the latest."""
        return self if last >= self.last else Period(self.first, last, "span")


def read_period(text: str) -> Period:
    """Read ``2023``, ``2023-H1`` or ``2023-01-15--2023-05-31``.

    Raises
    ------
    SettingsError
        ``bad_period`` or ``period_reversed``.
    """
    plain = text.strip()
    try:
        if found := _YEAR.fullmatch(plain):
            year = int(found[1])
            return Period(date(year, 1, 1), date(year, 12, 31), "year")
        if found := _HALF.fullmatch(plain):
            year = int(found[1])
            if found[2] == "1":
                return Period(date(year, 1, 1), date(year, 6, 30), "half_year")
            return Period(date(year, 7, 1), date(year, 12, 31), "half_year")
        if found := _SPAN.fullmatch(plain):
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            return _span(first, last, text)
    except ValueError:
        pass  # a day that no calendar has: told below
    raise SettingsError(
        Fault(
            code="bad_period",
            what=_("Perioden ”{text}” går inte att tyda.").format(text=text),
            where="--period",
            next_step=_(
                "Skriv ett år (2023), ett halvår (2023-H1) eller två dagar ({span})."
            ).format(span="2023-01-15--2023-05-31"),
        )
    )


def _span(first: date, last: date, text: str) -> Period:
    if first > last:
        raise SettingsError(
            Fault(
                code="period_reversed",
                what=_("Periodens första dag ligger efter den sista: ”{text}”.").format(text=text),
                where="--period",
            )
        )
    for kind, half in (("year", ""), ("half_year", "-H1"), ("half_year", "-H2")):
        whole = read_period(f"{first.year}{half}")
        if (whole.first, whole.last) == (first, last):
            return Period(first, last, "year" if kind == "year" else "half_year")
    return Period(first, last, "span")


def _years_back(one: date, years: int) -> date:
    try:
        return one.replace(year=one.year - years)
    except ValueError:  # 29 February
        return one.replace(year=one.year - years, day=28)
