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
    HotspotEvidence,
    LorenzReport,
    MatrixReport,
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
from scripts.findings import findings, has_hours, small
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
    told = tuple(findings(evidence))
    said = {sentence for one in told for sentence in one.sentences}
    return EvidenceReport(
        hotspots=tuple(_hotspots(results, evidence)),
        accuracy=_accuracy(project, results.accuracy),
        lorenz=tuple(_lorenz(one) for one in evidence.concentration if one.n_events),
        matrices=tuple(_matrix(one) for one in evidence.profiles.values() if has_hours(one)),
        findings=told,
        notes=tuple(n.text for n in evidence.notices if n.text not in said),
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
            figures=tuple(_figures(row, by_month=results.counted.by_month)),
        )


def _figures(row: dict[Any, Any], *, by_month: bool) -> Iterator[tuple[str, str]]:
    yield _("Händelser"), number(row["n_events"])
    yield _("Olika månader") if by_month else _("Olika dagar"), number(row["n_days"])
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
