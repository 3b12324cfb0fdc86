"""What the evidence page tells of the town as a whole: clusters in time, near repeats, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geodata.evidence_report import Finding, as_texts
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from hotspots.timeprofile import TimeProfile
from scripts.weighing import Evidence


def small(p: float) -> str:
    """Return a p-value as it is read: three decimals, or that it is smaller than they show."""
    least = 0.001
    return _("under {p}").format(p=number(least, 3)) if p < least else number(p, 3)


def findings(evidence: Evidence) -> Iterator[Finding]:
    """Yield the evidence that isn't of one hot spot, or of a method, in the order of the page."""
    yield from (_without_hours(one) for one in evidence.profiles.values() if not has_hours(one))
    if evidence.scan is not None and not evidence.scan.table.empty:
        yield Finding(
            title=_("Ansamlingar i rum och tid"),
            sentences=(
                _(
                    "Ställen där fler händelser än väntat har kommit på kort tid, sett till hur "
                    "många platsen och dagarna brukar ha."
                ),
                _beyond_chance(evidence.scan.table["p_value"]),
            ),
            table=as_texts(
                evidence.scan.table,
                {
                    _("Från"): ("first_day", _day),
                    _("Till"): ("last_day", _day),
                    _("Radie, m"): ("radius_m", number),
                    _("Händelser"): ("observed", number),
                    _("Väntade"): ("expected", lambda v: number(v, 1)),
                    "p": ("p_value", small),
                },
            ),
        )
    if evidence.near_repeat is not None and not evidence.near_repeat.table.empty:
        yield _near_repeat(evidence.near_repeat.table)
    if evidence.without is not None and not evidence.without.table.empty:
        table = evidence.without.table
        yield Finding(
            title=_("Med och utan insatsdagar"),
            sentences=tuple(notice.text for notice in evidence.without.notices),
            table=as_texts(
                table,
                {
                    _("Hot spot"): ("hotspot_id", str),
                    _("Händelser"): ("n_events", number),
                    _("Utan insatser"): ("n_events_without", number),
                    _("Dagar utan"): ("n_days_without", number),
                    _("Kvar"): ("stands_without", lambda v: _("ja") if v else _("nej")),
                },
            ),
        )
    if evidence.relative is not None and not evidence.relative.table.empty:
        kinds = evidence.relative.table["class"].value_counts()
        yield Finding(
            title=_("Mot alla andra rapporter"),
            sentences=(
                *(notice.text for notice in evidence.relative.notices),
                _(
                    "Rutor med större andel av de räknade rapporterna än ortens snitt, mer än "
                    "slumpen ger: {higher}; med mindre andel: {lower}."
                ).format(
                    higher=number(int(kinds.get("higher", 0))),
                    lower=number(int(kinds.get("lower", 0))),
                ),
            ),
            table={},
        )
    if evidence.matches is not None:
        yield Finding(
            title=_("Jämfört med den tidigare perioden"),
            sentences=tuple(notice.text for notice in evidence.matches.notices),
            table={},
        )
    if evidence.agreement is not None and evidence.agreement.source_b is not None:
        yield Finding(
            title=_("Två källor på samma ställen"),
            sentences=(
                *(notice.text for notice in evidence.agreement.notices),
                *evidence.agreement.caveats,
            ),
            table={},
        )


def _day(value: Any) -> str:  # noqa: ANN401 (a timestamp of a table)
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


def _beyond_chance(p: pd.Series[float]) -> str:
    level = 0.05
    n = int((p < level).sum())
    if not n:
        return _("Ingen av dem är mer än vad slumpen kan ge (p minst 0,05).")
    if n == len(p):
        return _("Alla är mer än vad slumpen kan ge (p under 0,05).")
    text = ngettext(
        "{n} av dem är mer än vad slumpen kan ge (p under 0,05); övriga kan vara slump.",
        "{n} av dem är mer än vad slumpen kan ge (p under 0,05); övriga kan vara slump.",
        n,
    )
    return text.format(n=number(n))


def has_hours(one: TimeProfile) -> bool:
    """Tell whether any event of a source has a known hour, so that there is a picture to show."""
    return one.n_events - one.n_month_only > one.n_unknown_hour


def _without_hours(one: TimeProfile) -> Finding:
    title = _("Timme och veckodag: {source}").format(source=label(one.source))
    return Finding(title=title, sentences=(one.sentence,), table={})


def _near_repeat(table: pd.DataFrame) -> Finding:
    near = table[table["distance_to_m"] < float("inf")]
    near = near[near["days_to"] < float("inf")]
    spans = near.assign(
        distance=_spans(near["distance_from_m"], near["distance_to_m"]),
        days=_spans(near["days_from"], near["days_to"]),
    )
    return Finding(
        title=_("Närupprepning"),
        sentences=(
            _(
                "Par av händelser nära varandra i både plats och tid, mot vad plats och tid var "
                "för sig skulle ge. Kvot över 1: en händelse följs ofta av fler i närheten."
            ),
        ),
        table=as_texts(
            spans,
            {
                _("Avstånd, m"): ("distance", str),
                _("Dagar emellan"): ("days", str),
                _("Par"): ("observed", number),
                _("Väntade"): ("expected", lambda v: number(v, 1)),
                _("Kvot"): ("ratio", lambda v: number(v, 2)),
                "p": ("p_value", small),
            },
        ),
    )


def _spans(low: pd.Series[float], high: pd.Series[float]) -> list[str]:
    """Return bands as ``100–200``; one that begins where it ends as its only value."""
    return [
        number(b) if a == b else f"{number(a)}–{number(b)}" for a, b in zip(low, high, strict=True)
    ]
