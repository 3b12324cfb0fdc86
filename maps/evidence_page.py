"""The evidence page: why each hot spot can be believed, how far, and how that was tried.

Self-contained, without script. It names places and tells of few events, so it is for profile
``intern`` alone. Nothing is computed here but the order of the methods and the drawings.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.disclosure import Profile
from geodata.evidence_report import (
    AccuracyReport,
    EvidenceReport,
    HotspotEvidence,
    LorenzReport,
    MatrixReport,
)
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from maps.pictures.accuracy import SHAPES, Panel, accuracy_panels, kind, share_text
from maps.pictures.lorenz import lorenz_picture
from maps.pictures.matrix import DAYS, HOURS, matrix_picture, scale
from maps.pictures.quarters import quarters_picture
from maps.pictures.svg import tag
from maps.sheet import render

_SPOKEN_SHARE = 0.05
"""Methods stand in order of their PAI at the share nearest to this, which is shown first."""


@dataclass(frozen=True)
class _Spot:
    evidence: HotspotEvidence
    bars: Markup
    ends: tuple[str, str]
    most: str


@dataclass(frozen=True)
class _Name:
    text: str
    kind: str
    mark: Markup


@dataclass(frozen=True)
class _Row:
    name: str
    kind: str
    cells: tuple[str, ...]
    verdict: str


@dataclass(frozen=True)
class _Table:
    caption: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Card:
    """The method card: ``names`` and ``panels`` stand side by side, ``tables`` below.

    The first table is open, and the methods are in its order; ``spoken`` says of what share it is.
    """

    report: AccuracyReport
    names: tuple[_Name, ...]
    panels: tuple[Panel, ...]
    legend: tuple[tuple[Markup, str], ...]
    tables: tuple[_Table, ...]
    spoken: str


@dataclass(frozen=True)
class _Curve:
    report: LorenzReport
    drawing: Markup
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Matrix:
    report: MatrixReport
    drawing: Markup
    legend: tuple[tuple[Markup, str], ...]
    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def evidence_html(
    report: EvidenceReport, *, profile: Profile, title: str, synthetic: bool = False
) -> str:
    """Make the evidence page of a run.

    Parameters
    ----------
    report
        What was found; shown as it is.
    profile
        Whom the page is for: ``intern``.
    title
        Name of the project.
    synthetic
        The data are made up.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Every text is escaped.

    Raises
    ------
    ValueError
        For another profile: the page names places and tells of few events.
    """
    if profile != "intern":
        msg = f"the evidence page is for intern, not for {profile}"
        raise ValueError(msg)
    card = _card(report.accuracy) if report.accuracy is not None else None
    methods = len(card.names) if card is not None else 0
    return render(
        "hotspots.html",
        profile=profile,
        title=title,
        synthetic=synthetic,
        styles=("evidence.css",),
        rules=f":root {{ --methods: {methods}; }}\n",
        report=report,
        lead=_lead(report.hotspots),
        spots=[_spot(i, one, report) for i, one in enumerate(report.hotspots, start=1)],
        card=card,
        curves=[_curve(i, one) for i, one in enumerate(report.lorenz, start=1)],
        matrices=[_matrix(i, one) for i, one in enumerate(report.matrices, start=1)],
    )


def _lead(spots: tuple[HotspotEvidence, ...]) -> str:
    if not spots:
        return _("Ingen hot spot hittades.")
    total = ngettext("{n} hot spot", "{n} hot spots", len(spots)).format(n=number(len(spots)))
    unsure = sum(spot.uncertain for spot in spots)
    if not unsure:
        return _("{total}, ingen av dem osäker.").format(total=total)
    text = ngettext("{total}, varav {n} osäker.", "{total}, varav {n} osäkra.", unsure)
    return text.format(total=total, n=number(unsure))


def _spot(i: int, spot: HotspotEvidence, report: EvidenceReport) -> _Spot:
    if not spot.quarters:
        return _Spot(spot, Markup(), ("", ""), "")
    names = report.quarter_names if len(report.quarter_names) == len(spot.quarters) else ()
    whole = " ".join(part for part in (spot.hotspot_id, spot.name) if part)
    bars = quarters_picture(f"quarters-{i}", whole, spot.quarters, spot.hot_quarters, names)
    ends = (names[0], names[-1]) if names else (_("äldst"), _("senast"))
    return _Spot(spot, bars, ends, _("högst {n}").format(n=number(max(spot.quarters))))


def _card(report: AccuracyReport) -> _Card:
    table = report.table
    shares: list[float] = sorted(float(share) for share in table["share"].unique())
    spoken = min(shares, key=lambda share: abs(share - _SPOKEN_SHARE))
    order = _order(table[table["share"] == spoken])
    reference = set(table.loc[table["reference"], "method"])
    names = [(name, kind(name, name in reference, report.used)) for name in order]
    shown = [spoken, *(share for share in shares if share != spoken)]
    return _Card(
        report,
        tuple(_Name(name, key, _mark(key)) for name, key in names),
        tuple(accuracy_panels(report, order)),
        _card_legend({key: name for name, key in reversed(names)}, report.used in reference),
        tuple(_table(table[table["share"] == share], names, share) for share in shown),
        share_text(spoken),
    )


def _order(rows: pd.DataFrame) -> list[str]:
    """Return the methods by falling PAI; equal ones, and those without, as they stand."""
    ordered = rows.sort_values("pai", ascending=False, kind="stable", na_position="last")
    return [str(name) for name in ordered["method"]]


def _mark(key: str) -> Markup:
    path = tag("path", class_=f"dot-{key}", d=SHAPES[key])
    return tag("svg", path, class_="key", viewBox="-9 -9 18 18", aria_hidden="true")


def _card_legend(named: dict[str, str], used_is_reference: bool) -> tuple[tuple[Markup, str], ...]:
    """Return mark and meaning of each shape that is drawn, and of the lines."""
    found = []
    if "used" in named:
        found.append((_mark("used"), _("används i körningen: {name}").format(name=named["used"])))
    if "reference" in named:
        text = _("det som de andra ska slå: {name}").format(name=named["reference"])
        found.append((_mark("reference"), text))
    if "other" in named:
        found.append((_mark("other"), _("övriga metoder")))
    whisker = tag("line", class_="whisker other", x1=-9, x2=9, y1=0, y2=0)
    line = tag("line", class_="ref", x1=0, x2=0, y1=-9, y2=9)
    text = (
        _("PAI för den metod som används") if used_is_reference else _("PAI för det som ska slås")
    )
    for drawn, meaning in ((whisker, _("95 % osäkerhetsintervall")), (line, text)):
        key = tag("svg", drawn, class_="key", viewBox="-9 -9 18 18", aria_hidden="true")
        found.append((key, meaning))
    return tuple(found)


def _table(rows: pd.DataFrame, names: list[tuple[str, str]], share: float) -> _Table:
    found = rows.set_index("method").to_dict("index")
    made = (_row(name, key, found[name]) for name, key in names)
    caption = _("Träffsäkerhet vid {share}").format(share=share_text(share))
    return _Table(caption, tuple(made))


def _row(name: str, key: str, row: dict[Hashable, Any]) -> _Row:
    cells = (
        _percent(row["hit_rate"]),
        _figure(row["pai"], 1),
        _between(row["pai_low"], row["pai_high"], 1),
        _figure(row["pei"], 2),
        _figure(row["rri"], 2),
    )
    if row["reference"]:
        return _Row(name, key, (*cells, "–", ""), "–")
    lead = (_signed(row["lead"]), _between(row["lead_low"], row["lead_high"], 1))
    return _Row(name, key, (*cells, *lead), _verdict(row["lead"], bool(row["beyond_noise"])))


def _verdict(lead: float, beyond_noise: bool) -> str:
    if not np.isfinite(lead):
        return "–"
    if not beyond_noise:
        return _("kan vara slump")
    return _("bättre") if lead > 0 else _("sämre")


def _figure(value: float, decimals: int) -> str:
    """Return a figure, never as less than nothing when it is written as nothing."""
    return number(round(value, decimals) + 0.0, decimals) if np.isfinite(value) else "–"


def _percent(value: float) -> str:
    return percent(value, 1) if np.isfinite(value) else "–"


def _signed(value: float) -> str:
    """Return a difference with its sign, unless it is written as nothing."""
    return f"+{_figure(value, 1)}" if round(value, 1) > 0 else _figure(value, 1)


def _between(low: float, high: float, decimals: int) -> str:
    if not np.isfinite([low, high]).all():
        return ""
    return _("{low} till {high}").format(low=_figure(low, decimals), high=_figure(high, decimals))


def _curve(i: int, report: LorenzReport) -> _Curve:
    figures = [(_("Ginikoefficient"), number(report.gini, 2))]
    for units, events in zip(report.top["share_units"], report.top["share_events"], strict=True):
        busiest = percent(units, 0 if units >= 0.01 else 1)
        name = _("De {share} med flest händelser").format(share=busiest)
        figures.append((name, _("{share} av händelserna").format(share=percent(events, 1))))
    return _Curve(report, lorenz_picture(f"lorenz-{i}", report), tuple(figures))


def _matrix(i: int, report: MatrixReport) -> _Matrix:
    heads = [f"{hour:02d}–{hour + 1:02d}" for hour in range(HOURS)] + [_("okänt")]
    rows = (
        (head, tuple(number(value, 1) for value in report.matrix[:, column].tolist()))
        for column, head in enumerate(heads)
    )
    return _Matrix(
        report,
        matrix_picture(f"matrix-{i}", report),
        tuple((_swatch(colour), text) for colour, text in scale(report.matrix).legend()),
        tuple(_(short) for short, _whole in DAYS),
        tuple(rows),
    )


def _swatch(colour: str) -> Markup:
    box = tag("rect", class_="cell", width="100%", height="100%", fill=colour)
    return tag("svg", box, class_="swatch", aria_hidden="true")
