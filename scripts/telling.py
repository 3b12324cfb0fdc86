"""Puts the evidence into the words, figures and tables of the evidence page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from geodata.caveats import standing_caveat
from geodata.evidence_report import (
    AccuracyReport,
    EvidenceReport,
    Finding,
    HotspotEvidence,
    LorenzReport,
    MatrixReport,
    as_texts,
)
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number, percent
from hotspots.accuracy import Accuracy
from hotspots.accuracy.registry import NAMES, REFERENCE
from hotspots.concentration import Concentration
from hotspots.summary import Weighed, summarise
from hotspots.timeprofile import TimeProfile
from scripts.config import Project
from scripts.pipeline import Results
from scripts.weighing import Evidence

CARD_SHARE = 0.05
"""Share of the area at which the method's PAI is told in one figure."""


def with_evidence(project: Project, results: Results, evidence: Evidence) -> Results:
    """Return the results with the evidence filled into the table of hot spots."""
    method, pai = used_method(project, results.accuracy)
    weighed = Weighed(
        gi_star=evidence.gi_star.table if evidence.gi_star else None,
        stability=evidence.stability.table if evidence.stability else None,
        persistence=evidence.persistence.table if evidence.persistence else None,
        times=evidence.times,
        method=method,
        method_pai=pai,
        by_month=results.counted.by_month,
    )
    table = summarise(
        results.hotspots, results.places, weighed, cell_size_m=project.hotspots.cell_size_m
    )
    return replace(
        results,
        hotspots=replace(results.hotspots, table=table),
        notices=(*results.notices, *evidence.notices),
    )


def used_method(project: Project, accuracy: Accuracy | None) -> tuple[str, float | None]:
    """Return the name of the method that ranked the cells, and its PAI at 5 % of the area."""
    if accuracy is None or accuracy.card is None:
        return _(NAMES[REFERENCE]), None  # counts rank the cells where nothing could be tried
    code = accuracy.card.chosen if project.hotspots.method == "auto" else "all_time"
    table = accuracy.card.table
    row = table[(table["method"] == code) & ((table["share"] - CARD_SHARE).abs() < 1e-9)]
    return _(NAMES[code]), float(row["pai"].iloc[0]) if len(row) else None


def evidence_report(project: Project, results: Results, evidence: Evidence) -> EvidenceReport:
    """Return everything the evidence page shows, in the user's language."""
    period = results.counted.period
    return EvidenceReport(
        hotspots=tuple(_hotspots(results, evidence)),
        accuracy=_accuracy(project, results.accuracy),
        lorenz=tuple(_lorenz(one) for one in evidence.concentration if one.n_events),
        matrices=tuple(_matrix(one) for one in evidence.profiles.values()),
        findings=tuple(_findings(evidence)),
        notes=tuple(notice.text for notice in evidence.notices),
        caveat=standing_caveat(),
        period=_("{first} till {last}").format(first=period.first, last=period.last)
        if period
        else "",
    )


def _hotspots(results: Results, evidence: Evidence) -> Iterator[HotspotEvidence]:
    quarters: dict[str, pd.DataFrame] = {}
    if evidence.persistence is not None:
        by_id = evidence.persistence.quarters.groupby("hotspot_id")
        quarters = {str(name): rows for name, rows in by_id}
    table = results.hotspots.table.drop(columns="geometry")
    for row in table.to_dict("records"):
        own = quarters.get(str(row["hotspot_id"]))
        yield HotspotEvidence(
            hotspot_id=str(row["hotspot_id"]),
            name="" if pd.isna(row["name"]) else str(row["name"]),
            sentence=str(row["sentence"]),
            uncertain=bool(row["uncertain"]),
            quarters=() if own is None else tuple(own["n_events"].tolist()),
            hot_quarters=() if own is None else tuple(own["hot"].tolist()),
            figures=tuple(_figures(row)),
        )


def _figures(row: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    yield _("Händelser"), number(row["n_events"])
    yield _("Olika dagar"), number(row["n_days"])
    yield _("Yta"), _("{n} ha").format(n=number(row["area_m2"] / 10_000, 1))
    if pd.notna(row["q"]):
        yield _("q (slump, korrigerat)"), small(row["q"])
        yield _("Gi* (z)"), number(row["z"], 1)
    if pd.notna(row["stability"]):
        yield _("Stabilitet"), percent(row["stability"])
    if pd.notna(row["persistence"]):
        yield _("Varaktighet"), label(str(row["persistence"]))
    if pd.notna(row["time_window"]):
        yield _("Tidsfönster"), str(row["time_window"])
    if pd.notna(row["share_police_initiated"]):
        yield _("Polisens initiativ"), percent(row["share_police_initiated"])


def small(p: float) -> str:
    """Return a p-value as it is read: three decimals, or that it is smaller than they show."""
    least = 0.001
    return _("under {p}").format(p=number(least, 3)) if p < least else number(p, 3)


def _accuracy(project: Project, accuracy: Accuracy | None) -> AccuracyReport | None:
    if accuracy is None or accuracy.card is None:
        return None
    card = accuracy.card
    used, _pai = used_method(project, accuracy)
    table = card.table.assign(
        reference=card.table["method"] == REFERENCE,
        method=[_(NAMES[code]) for code in card.table["method"]],
    )
    units = {"week": _("veckor"), "month": _("månader"), "quarter": _("kvartal")}
    return AccuracyReport(
        sentence=card.sentence,
        used=used,
        about=_("{n} {unit} förutsagda en i taget, {first} till {last}.").format(
            n=number(card.folds),
            unit=units.get(card.unit, card.unit),
            first=f"{card.first:%Y-%m-%d}",
            last=f"{card.last:%Y-%m-%d}",
        ),
        table=table,
    )


def _lorenz(one: Concentration) -> LorenzReport:
    titles = {"places": _("Över platser"), "cells": _("Över rutor")}
    text = _(
        "Hälften av händelserna finns på {half} av {n} {units} där något kan hända. Gini {gini}."
    )
    units = {"places": _("platser"), "cells": _("rutor")}
    return LorenzReport(
        title=titles[one.units],
        sentence=text.format(
            half=percent(one.half, 1),
            n=number(one.n_units),
            units=units[one.units],
            gini=number(one.gini, 2),
        ),
        curve=one.curve,
        top=one.top,
        gini=one.gini,
    )


def _matrix(one: TimeProfile) -> MatrixReport:
    window = one.window
    hours = tuple((window.start + i) % 24 for i in range(window.hours)) if window else ()
    return MatrixReport(
        source=label(one.source),
        matrix=one.matrix,
        window=window.text() if window else "",
        hours=hours,
        sentence=one.sentence,
        caveat=one.caveat,
    )


def _findings(evidence: Evidence) -> Iterator[Finding]:
    if evidence.scan is not None and not evidence.scan.table.empty:
        yield Finding(
            title=_("Ansamlingar i rum och tid"),
            sentences=(
                _(
                    "Ställen där fler händelser än väntat har kommit på kort tid, sett till hur "
                    "många platsen och dagarna brukar ha."
                ),
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


def _near_repeat(table: pd.DataFrame) -> Finding:
    near = table[table["distance_to_m"] < float("inf")]
    near = near[near["days_to"] < float("inf")]
    return Finding(
        title=_("Närupprepning"),
        sentences=(
            _(
                "Par av händelser nära varandra i både plats och tid, mot vad plats och tid var "
                "för sig skulle ge. Kvot över 1: en händelse följs ofta av fler i närheten."
            ),
        ),
        table=as_texts(
            near,
            {
                _("Inom, m"): ("distance_to_m", number),
                _("Inom, dagar"): ("days_to", number),
                _("Par"): ("observed", number),
                _("Väntade"): ("expected", lambda v: number(v, 1)),
                _("Kvot"): ("ratio", lambda v: number(v, 2)),
                "p": ("p_value", small),
            },
        ),
    )
