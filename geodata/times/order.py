"""The order of day, month and year, decided from all rows of the file.

A text such as 3/4/2025 doesn't say which number is the day. The rows that can only be read one way
decide for the rest of their group: those written alike, with as many figures and the same sign
between. Rows that prove opposite orders mean that the file mixes two, and then nobody can know
what 3/4/2025 is: that stops the work.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.times.words import DayText

EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
YEARS_AHEAD: Final = 20
"""A year of two figures is read as at most this many years after today's."""
MIXED_SHARE: Final = 0.01
"""Rows that contradict the order of the others: below this share they are typing errors."""

_POSSIBLE: Final = {
    "long": ("dmy", "mdy"),
    "short": ("ymd", "dmy", "mdy"),
    "six": ("ymd", "dmy", "mdy", "ym"),
}


@dataclass(frozen=True)
class Span:
    """Days since 1970-01-01: the first, and the first after."""

    day: int
    until: int


def full_year(short: int, today: date) -> int:
    """Return the year of two figures: the latest that is at most `YEARS_AHEAD` after today."""
    last = today.year + YEARS_AHEAD
    return last - (last - short) % 100


def span(text: DayText, order: str, today: date) -> Span | None:
    """Return the days that a text names in an order; ``None`` when the calendar has no such day."""
    a, b, c = text.parts
    if order == "ym":
        year, month, day = a * 100 + b, c, 0
    else:
        by_letter = dict(zip(order or "ymd", (a, b, c), strict=True))
        year, month, day = by_letter["y"], by_letter["m"], by_letter["d"]
        if text.short_year:
            year = full_year(year, today)
    try:
        first = date(year, month, day or 1).toordinal() - EPOCH_ORDINAL
    except ValueError:
        return None
    return Span(first, first + (1 if day else monthrange(year, month)[1]))


def is_leap_slip(text: DayText, order: str, today: date) -> bool:
    """Tell whether a text is 29 February of a year that has none."""
    if order == "ym":
        return False
    by_letter = dict(zip(order or "ymd", text.parts, strict=True))
    return by_letter["m"] == 2 and by_letter["d"] == 29 and span(text, order, today) is None


@dataclass(frozen=True)
class _Vote:
    text: DayText
    rows: int
    raw: str


@dataclass(frozen=True)
class Orders:
    """The order of each group, and what is to be told about it."""

    of: Mapping[str, str]
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


def choose_orders(
    texts: Iterable[tuple[str, DayText, int]], *, setting: str, today: date, earliest: date
) -> Orders:
    """Decide the order of each group of texts.

    Parameters
    ----------
    texts
        Raw text, what it says, and its number of rows.
    setting
        ``date_order``; anything but ``auto`` decides where it can apply.
    today, earliest
        Between them a day is plausible.
    """
    groups: dict[str, list[_Vote]] = {}
    for raw, text, rows in texts:
        if text.group:
            groups.setdefault(text.group, []).append(_Vote(text, rows, raw))
    of: dict[str, str] = {}
    notices: list[Notice] = []
    faults: list[Fault] = []
    for group in sorted(groups):
        votes = groups[group]
        allowed = _allowed(group, setting)
        ballot = _Ballot(votes, allowed, today, earliest)
        best = ballot.best()
        of[group] = best
        if len(allowed) == 1 or setting != "auto":
            continue
        contrary, proving = ballot.contrary(best), ballot.proving(best)
        against = _rows(contrary)
        if contrary and against >= MIXED_SHARE * (against + _rows(proving)):
            faults.append(_mixed_fault(best, proving, contrary, today))
        elif contrary:
            notices.append(_contrary_notice(best, contrary))
        notices.append(_chosen(best, votes, proving, contrary))
    return Orders(of, tuple(notices), tuple(faults))


@dataclass(frozen=True)
class _Ballot:
    """The texts of a group and the orders they may be read in.

    A day is plausible between `earliest` and `today`.
    """

    votes: list[_Vote]
    allowed: tuple[str, ...]
    today: date
    earliest: date

    def plausible(self, vote: _Vote, order: str) -> bool:
        """Tell whether a text gets a plausible day by an order."""
        found = span(vote.text, order, self.today)
        low = self.earliest.toordinal() - EPOCH_ORDINAL
        high = self.today.toordinal() - EPOCH_ORDINAL
        return found is not None and low <= found.day <= high

    def best(self) -> str:
        """Return the order by which most rows get a plausible day, then any day at all."""

        def support(order: str) -> tuple[int, int]:
            plausible = [vote for vote in self.votes if self.plausible(vote, order)]
            valid = [v for v in self.votes if span(v.text, order, self.today) is not None]
            return _rows(plausible), _rows(valid)

        return max(self.allowed, key=support)  # the first of equals, in order of preference

    def proving(self, best: str) -> list[_Vote]:
        """Return the texts that only `best` gives a plausible day."""
        return [
            vote
            for vote in self.votes
            if [order for order in self.allowed if self.plausible(vote, order)] == [best]
        ]

    def contrary(self, best: str) -> list[_Vote]:
        """Return the texts that are no day at all by `best` but a plausible one by another."""
        return [
            vote
            for vote in self.votes
            if span(vote.text, best, self.today) is None
            and any(self.plausible(vote, order) for order in self.allowed)
        ]


def _allowed(group: str, setting: str) -> tuple[str, ...]:
    kind, _sep, sign = group.partition(" ")
    possible = _POSSIBLE[kind]
    if setting in possible:
        return (setting, "ym") if kind == "six" and setting == "ymd" else (setting,)
    if kind == "short" and sign != "-":
        return ("dmy", "mdy", "ymd")
    return possible


def order_name(order: str) -> str:
    """Return an order in words."""
    names = {
        "ymd": _("år-månad-dag"),
        "dmy": _("dag-månad-år"),
        "mdy": _("månad-dag-år"),
        "ym": _("år och månad"),
    }
    return names[order]


def _examples(votes: list[_Vote]) -> str:
    """Return up to three texts, those on most rows first."""
    ranked = sorted(votes, key=lambda v: (-v.rows, v.raw))
    return ", ".join(f"”{vote.raw}”" for vote in ranked[:3])


def _rows(votes: list[_Vote]) -> int:
    return sum(vote.rows for vote in votes)


def _mixed_fault(best: str, proving: list[_Vote], contrary: list[_Vote], today: date) -> Fault:
    other = next(
        order
        for order in ("dmy", "mdy", "ymd", "ym")
        if order != best and span(contrary[0].text, order, today) is not None
    )
    return Fault(
        code="mixed_date_orders",
        what=_("Filen blandar två ordningar mellan dag och månad."),
        why=_(
            "Rader som bara kan läsas som {best}: {n}, till exempel {examples}. Rader som bara kan "
            "läsas som {other}: {m}, till exempel {others}. Övriga datum går "
            "därför inte att tolka säkert."
        ).format(
            n=number(_rows(proving)),
            best=order_name(best),
            examples=_examples(proving) or "–",
            m=number(_rows(contrary)),
            other=order_name(other),
            others=_examples(contrary),
        ),
        next_step=_(
            "Dela filen i två, eller sätt date_order till ”ymd”, ”dmy” eller ”mdy” under "
            "[[input]]; då avvisas de rader som inte stämmer."
        ),
    )


def _contrary_notice(best: str, contrary: list[_Vote]) -> Notice:
    return Notice(
        code="contrary_date_order",
        text=ngettext(
            "{n} rad har ett datum som inte kan läsas som {best} men väl i annan ordning: "
            "{examples}. Den avvisas.",
            "{n} rader har datum som inte kan läsas som {best} men väl i annan ordning, till "
            "exempel {examples}. De avvisas.",
            _rows(contrary),
        ).format(n=number(_rows(contrary)), best=order_name(best), examples=_examples(contrary)),
        level="warning",
        data={"rows": _rows(contrary), "order": best},
    )


def _chosen(best: str, votes: list[_Vote], proving: list[_Vote], contrary: list[_Vote]) -> Notice:
    if proving:
        text = ngettext(
            "Datum som {example} läses som {order}: {n} rad kan rimligen inte läsas annorlunda.",
            "Datum som {example} läses som {order}: {n} rader kan rimligen inte läsas annorlunda.",
            _rows(proving),
        )
    else:
        text = _(
            "Datum som {example} läses som {order}, men ingen rad bevisar det. Stäm av mot filen "
            "och sätt date_order under [[input]]."
        )
    return Notice(
        code="date_order",
        text=text.format(
            example=_examples(votes[:1]), order=order_name(best), n=number(_rows(proving))
        ),
        level="chosen",
        data={
            "order": best,
            "rows": _rows(votes),
            "proving": _rows(proving),
            "contrary": _rows(contrary),
        },
    )
