"""A measure as the page shows it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.labels import label
from geodata.language import N_, day, number, percent
from geodata.language import gettext as _
from geodata.measures import kind_name
from maps.followup_page.chart import series_picture
from maps.measurewords import VERDICTS, when_words

Row = Mapping[Hashable, Any]

VARIANTS: Final = {
    "given": N_("Platsen som angiven"),
    "margin": N_("Med marginal"),
    "view": N_("Kamerans upptagningsområde"),
}
_EVENTS: Final = ("wdd_local", "wdd_displaced", "wdd_total", "net")
METHODS: Final = {
    "wdd_local": N_("Platsen mot kontrollområden, händelser (WDD)"),
    "wdd_displaced": N_("Buffertzonen mot runt kontrollområdena, händelser"),
    "wdd_total": N_("Båda tillsammans, händelser"),
    "wdq": N_("Omfördelning eller spridd nytta, kvot (WDQ)"),
    "net": N_("Händelser som uteblev, netto (TNE)"),
    "did": N_("Regression mot kontrollområden, kvot"),
    "series": N_("Platsens egen tidsserie, kvot"),
}


@dataclass(frozen=True)
class Figure:
    """One cell of the table of methods: a figure, its interval, whether it is certain."""

    value: str
    interval: str
    certain: bool
    why: str


@dataclass(frozen=True)
class MethodRow:
    """One method, a figure a variant."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Judged:
    """What one source says of a measure."""

    source: str
    counted: bool
    verdict: str
    loud: bool
    change: str
    sentence: str
    warning: str
    chart: Markup
    ends: tuple[str, str, str]
    variants: tuple[str, ...]
    counts: tuple[tuple[str, tuple[str, ...]], ...]
    methods: tuple[MethodRow, ...]
    rings: tuple[tuple[str, str, str, bool], ...]
    power: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A measure, and what each source says of it: that of the hot spots first, never summed."""

    id: str
    title: str
    kind: str
    when: str
    verdict: str
    loud: bool
    judged: tuple[Judged, ...]
    facts: tuple[tuple[str, str], ...]


def make_card(row: Row, tables: Mapping[str, pd.DataFrame], key: str) -> Card:
    """Return a measure's card.

    Parameters
    ----------
    row
        Of table ``measures``.
    tables
        ``measure_sources``, ``measure_counts``, ``measure_effects``, ``measure_rings``,
        ``measure_series`` and ``measure_power``.
    key
        Of the measure, for the ids of its pictures.
    """
    own = {
        name: table[(table["measure_id"] == row["measure_id"]).to_numpy()]
        for name, table in tables.items()
    }
    verdict = str(row["verdict"])
    judged = tuple(
        _judged(
            one,
            {
                name: part[(part["source"] == one["source"]).to_numpy()]
                for name, part in own.items()
            },
            f"series-{key}-{i}",
        )
        for i, one in enumerate(own["measure_sources"].to_dict("records"))
    )
    return Card(
        id=str(row["measure_id"]),
        title=_text(row["name"]) or kind_name(str(row["kind"])),
        kind=kind_name(str(row["kind"])),
        when=when_words(row),
        verdict=_(VERDICTS[verdict]),
        loud=any(one.loud for one in judged),
        judged=judged,
        facts=_facts(row, own["measure_counts"]),
    )


def _of_source(tables: Mapping[str, pd.DataFrame], source: str) -> dict[str, pd.DataFrame]:
    return {name: one[(one["source"] == source).to_numpy()] for name, one in tables.items()}


def _judged(row: Row, own: Mapping[str, pd.DataFrame], key: str) -> Judged:
    """Return what one source says; `own` holds its rows of the measure."""
    variants = list(dict.fromkeys(own["measure_effects"]["variant"].astype("str")))
    verdict = str(row["verdict"])
    chart, ends = _chart(str(row["measure_id"]), own["measure_series"], key)
    return Judged(
        source=label(str(row["source"])),
        counted=bool(row["counted"]),
        verdict=_(VERDICTS[verdict]),
        loud=verdict in ("fell", "rose"),
        change=_change(own["measure_counts"]),
        sentence=str(row["sentence"]),
        warning=_text(row["warning"]),
        chart=chart,
        ends=ends,
        variants=tuple(_(VARIANTS[one]) for one in variants),
        counts=_counts(own["measure_counts"], variants),
        methods=tuple(_method(name, own["measure_effects"], variants) for name in METHODS)
        if variants
        else (),
        rings=tuple(_ring(one) for one in own["measure_rings"].to_dict("records")),
        power=tuple(
            f"{_(VARIANTS[str(one['variant'])])}: {one['sentence']}"
            for one in own["measure_power"].to_dict("records")
        ),
    )


def _change(counts: pd.DataFrame) -> str:
    """Return events at the place as given, before and after; empty where nothing was compared."""
    treated = counts[counts["role"] == "treated"]
    if treated.empty:
        return ""
    first = treated.iloc[0]
    return _("{before} → {after}").format(
        before=number(first["n_before"]), after=number(first["n_after"])
    )


def _missing(value: object) -> bool:
    return bool(pd.isna(pd.Series([value], dtype=object)).iloc[0])


def _text(value: object) -> str:
    return "" if _missing(value) else str(value)


def _facts(row: Row, counts: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    fixed = _("uppgift saknas") if _missing(row["fixed_date"]) else day(row["fixed_date"])
    found = [(_("Ytan fastställd"), fixed)]
    if _text(row["responsible"]):
        found.append((_("Ansvarig"), _text(row["responsible"])))
    if len(counts):
        top = counts.iloc[0]
        for name, end in ((_("Före"), "before"), (_("Efter"), "after")):
            period = _("{first} till {last}, {n} dagar").format(
                first=day(top[f"first_{end}"]),
                last=day(top[f"last_{end}"]),
                n=number(top[f"days_{end}"]),
            )
            found.append((name, period))
    return tuple(found)


def _chart(name: str, series: pd.DataFrame, key: str) -> tuple[Markup, tuple[str, str, str]]:
    if series.empty:
        return Markup(), ("", "", "")
    n_before = int((series["phase"] == "before").sum())
    counts = series["n_treated"].tolist()
    chart = series_picture(
        key, name, counts, series["mean_control"].tolist(), series["expected"].tolist(), n_before
    )
    last = series.iloc[-1]
    end = last["first_date"] + pd.Timedelta(days=int(last["days"]) - 1)
    return chart, (
        day(series["first_date"].iloc[0]),
        _("högst {n}").format(n=number(max(counts))),
        day(end),
    )


def _counts(counts: pd.DataFrame, variants: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return events before → after by role, a text a variant."""
    names = {
        "treated": _("Platsen"),
        "buffer": _("Buffertzonen"),
        "control": _("Kontrollområden"),
        "control_buffer": _("Runt kontrollområdena"),
        "rest": _("Resten av kommunen"),
    }
    found = []
    for role, name in names.items():
        texts = []
        for variant in variants:
            own = counts[(counts["role"] == role) & (counts["variant"] == variant)]
            text = "–"
            if len(own):
                text = _("{before} → {after}").format(
                    before=number(own["n_before"].sum()), after=number(own["n_after"].sum())
                )
                if role == "control":
                    text += " " + _("({n} områden)").format(n=number(len(own)))
            texts.append(text)
        found.append((name, tuple(texts)))
    return tuple(found)


def _method(method: str, effects: pd.DataFrame, variants: list[str]) -> MethodRow:
    figures = []
    for variant in variants:
        own = effects[(effects["variant"] == variant) & (effects["method"] == method)]
        figures.append(_figure(method, own))
    return MethodRow(_(METHODS[method]), tuple(figures))


def _figure(method: str, own: pd.DataFrame) -> Figure:
    if own.empty:
        return Figure("–", "", False, "")
    one = own.iloc[0]
    if pd.isna(one["estimate"]):
        if np.isfinite(one["estimate_low"]):
            least = _("minst {low}").format(low=number(one["estimate_low"], 2))
            return Figure(least, "", bool(one["certain"]), "")
        return Figure("–", "", False, _text(one["why_not"]))
    decimals = 1 if method in _EVENTS else 2
    sign = method in (*_EVENTS, "wdq")
    interval = ""
    if np.isfinite(one["estimate_low"]):
        interval = _("{low} till {high}").format(
            low=_signed(one["estimate_low"], decimals, sign),
            high=_signed(one["estimate_high"], decimals, sign),
        )
    return Figure(_signed(one["estimate"], decimals, sign), interval, bool(one["certain"]), "")


def _signed(value: float, decimals: int, sign: bool) -> str:
    text = number(value, decimals)
    return f"+{text}" if sign and value > 0 else text


def _ring(row: Row) -> tuple[str, str, str, bool]:
    """Return place, counts, what is said, and whether it is certain."""
    if str(row["what"]) == "stairwell":
        where = _("Trapphus och källare inom {m} m").format(m=number(row["to_m"]))
    else:
        where = _("{low}–{high} m").format(low=number(row["from_m"]), high=number(row["to_m"]))
    counts = _("{before} → {after}").format(
        before=number(row["n_before"]), after=number(row["n_after"])
    )
    if not np.isfinite(row["ratio_low"]):
        return where, counts, "–", False
    certain = row["ratio_low"] > 1 or row["ratio_high"] < 1
    text = _("{ratio} ({low} till {high})").format(
        ratio=number(row["ratio"], 2),
        low=number(row["ratio_low"], 2),
        high=number(row["ratio_high"], 2),
    )
    return where, counts, text, bool(certain)


def power_rows(shares: Mapping[int, float | None]) -> tuple[tuple[str, str], ...]:
    """Return events before and the smallest fall that can be shown, in words."""
    return tuple(
        (number(n), _("ingen, inte ens till noll") if fall is None else f"−{percent(fall, 1)}")
        for n, fall in shares.items()
    )
