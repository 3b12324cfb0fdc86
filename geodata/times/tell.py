"""What was found in the times of a file, in words."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.times.clocks import Clocks
from geodata.times.stamps import Stamps
from geodata.times.words import NONE, UNKNOWN


@dataclass(frozen=True)
class Told:
    """The findings to tell.

    Attributes
    ----------
    stamps
        The date column of the start.
    clocks
        The column of clock times of the start, if any.
    as_hours
        Figures were taken for whole hours.
    skipped, doubled
        Rows in the hour that summer time skips, and in the hour that is passed twice.
    past_midnight
        Rows whose end was moved to the day after the start.
    late
        Rows rejected because their date is long after all others.
    """

    stamps: Stamps
    clocks: Clocks | None
    as_hours: bool
    skipped: int
    doubled: int
    past_midnight: int
    late: int = 0


def notices_of(told: Told, timezone: str) -> tuple[Notice, ...]:
    """Return the notices of the findings, always in the same order."""
    notices = [
        *_midnights(told),
        *_unknown(told),
        *_figures(told),
        *_missing_clock(told),
        *_changes(told, timezone),
        *_late(told),
    ]
    return tuple(notices)


def _midnights(told: Told) -> list[Notice]:
    notices = []
    rows = told.stamps.midnights
    if rows:
        notices.append(
            Notice(
                code="midnight_only",
                text=_(
                    "Datumkolumnen har midnatt som klockslag på {n} av {total} rader. Det säger "
                    "inget om tiden: bara dagen används för dem."
                ).format(n=number(rows), total=number(len(told.stamps.day))),
                level="chosen",
                data={"rows": rows},
            )
        )
    months = int((told.stamps.until - told.stamps.day > 1).sum())
    if months:
        notices.append(
            Notice(
                code="month_only",
                text=ngettext(
                    "{n} rad anger bara månad.", "{n} rader anger bara månad.", months
                ).format(n=number(months)),
                data={"rows": months},
            )
        )
    return notices


def _unknown(told: Told) -> list[Notice]:
    if told.clocks is not None:
        found = told.clocks.unknown_rows
    else:
        found = {"00:00": int((told.stamps.clock == UNKNOWN).sum())}
    total = sum(found.values())
    if not total:
        return []
    values = ", ".join(
        _("{text} på {n}").format(text=text, n=number(rows))
        for text, rows in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:5]
    )
    return [
        Notice(
            code="time_unknown",
            text=ngettext(
                "{n} rad har ett klockslag som betyder att tiden är okänd ({values}) och får "
                "dagen som tid. Inställning: unknown_times.",
                "{n} rader har ett klockslag som betyder att tiden är okänd ({values}) och får "
                "dagen som tid. Inställning: unknown_times.",
                total,
            ).format(n=number(total), values=values),
            level="chosen",
            data={"rows": total, "values": found},
        )
    ]


def _figures(told: Told) -> list[Notice]:
    if not told.as_hours:
        return []
    return [
        Notice(
            code="clock_as_hours",
            text=_(
                "Klockslagen är heltal upp till 24 och läses som hela timmar. Sätt clock till "
                "”hhmm” om 5 betyder 00:05."
            ),
            level="chosen",
        )
    ]


def _missing_clock(told: Told) -> list[Notice]:
    if told.clocks is None:
        return []
    rows = int(((told.clocks.clock == NONE) & (told.stamps.clock == NONE)).sum())
    if not rows:
        return []
    return [
        Notice(
            code="time_missing",
            text=ngettext(
                "{n} rad saknar klockslag och får dagen som tid.",
                "{n} rader saknar klockslag och får dagen som tid.",
                rows,
            ).format(n=number(rows)),
            data={"rows": rows},
        )
    ]


def _changes(told: Told, timezone: str) -> list[Notice]:
    notices = []
    if told.skipped:
        notices.append(
            Notice(
                code="time_skipped_by_dst",
                text=ngettext(
                    "{n} rad har ett klockslag som inte finns, i timmen som hoppas över när "
                    "sommartid börjar ({zone}). Dagen behålls, klockslaget räknas som okänt.",
                    "{n} rader har ett klockslag som inte finns, i timmen som hoppas över när "
                    "sommartid börjar ({zone}). Dagen behålls, klockslaget räknas som okänt.",
                    told.skipped,
                ).format(n=number(told.skipped), zone=timezone),
                level="warning",
                data={"rows": told.skipped},
            )
        )
    if told.doubled:
        notices.append(
            Notice(
                code="time_doubled_by_dst",
                text=ngettext(
                    "{n} rad har ett klockslag i timmen som passeras två gånger när sommartid "
                    "slutar ({zone}). Starten läses som den första, slutet som den andra.",
                    "{n} rader har ett klockslag i timmen som passeras två gånger när sommartid "
                    "slutar ({zone}). Starten läses som den första, slutet som den andra.",
                    told.doubled,
                ).format(n=number(told.doubled), zone=timezone),
                data={"rows": told.doubled},
            )
        )
    if told.past_midnight:
        notices.append(
            Notice(
                code="end_past_midnight",
                text=ngettext(
                    "{n} rad har ett slutklockslag före starten och inget slutdatum: slutet läses "
                    "som nästa dag.",
                    "{n} rader har ett slutklockslag före starten och inget slutdatum: slutet "
                    "läses som nästa dag.",
                    told.past_midnight,
                ).format(n=number(told.past_midnight)),
                level="chosen",
                data={"rows": told.past_midnight},
            )
        )
    return notices


def _late(told: Told) -> list[Notice]:
    if not told.late:
        return []
    return [
        Notice(
            code="late_dates_rejected",
            text=ngettext(
                "{n} rad har ett datum långt efter alla andra i filen och avvisas som felskriven. "
                "Är datumet rätt: sätt late_dates till ”keep” under [[input]].",
                "{n} rader har datum långt efter alla andra i filen och avvisas som felskrivna. "
                "Är datumen rätt: sätt late_dates till ”keep” under [[input]].",
                told.late,
            ).format(n=number(told.late)),
            level="warning",
            data={"rows": told.late},
        )
    ]
