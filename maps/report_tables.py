"""The tables of the import report: how the events are spread, points, codes, and each file."""

from __future__ import annotations

from typing import Final

from geodata.import_report import ImportReport, InputReport
from geodata.labels import label
from geodata.language import N_, number
from geodata.language import gettext as _
from maps.sheet import Bar, bars

MOST_CODES: Final = 40
"""Codes shown; those that need a look come first."""

_TARGETS: Final[dict[str, str]] = {
    "date": N_("datum"),
    "time": N_("klockslag"),
    "end_date": N_("datum till"),
    "end_time": N_("klockslag till"),
    "x": N_("x (öst)"),
    "y": N_("y (norr)"),
    "offence_code": N_("brottskod"),
    "offence_text": N_("brottstext"),
    "count": N_("antal brott"),
    "case_id": N_("ärendenummer"),
    "source": N_("källa"),
    "police_initiated": N_("på polisens initiativ"),
    "space_type": N_("slags plats"),
    "certainty": N_("säker eller misstänkt"),
    "geocode_class": N_("lägets noggrannhet"),
    "address": N_("adress"),
}
_GROUPS: Final = (
    ("offence_class", N_("Brottsklass")),
    ("source", N_("Källa")),
    ("police_initiated", N_("På polisens initiativ")),
    ("space_type", N_("Slags plats")),
    ("geocode_class", N_("Lägets noggrannhet")),
    ("certainty", N_("Säker eller misstänkt")),
)
_STATUS: Final[dict[str, str]] = {
    "flagged": N_("flaggad, räknas inte"),
    "confirmed": N_("bekräftad, räknas"),
    "suspect": N_("misstänkt, räknas"),
}


def groups(report: ImportReport) -> list[tuple[str, tuple[Bar, ...]]]:
    """Return the charts: how the events are spread over the values of each column."""
    return [
        (_(caption), bars(report.counts[column]))
        for column, caption in _GROUPS
        if sum(report.counts.get(column, {}).values())
    ]


def stacks(report: ImportReport) -> list[dict[str, object]]:
    """Return the points with an implausible share of the rows."""
    of = {"all": _("av alla rader"), "street_drugs": _("av narkotikaraderna")}
    return [
        {
            "address": stack.address,
            "x_m": stack.x_m,
            "y_m": stack.y_m,
            "rows": stack.rows,
            "share": stack.share,
            "of": of.get(stack.of, stack.of),
            "status": _(_STATUS.get(stack.status, stack.status)),
            "loud": stack.status != "confirmed",
        }
        for stack in report.stacks
    ]


def codes(report: ImportReport) -> list[dict[str, object]]:
    """Return the codes of all files, unknown and expired ones first, then the most common."""
    merged: dict[str, dict[str, object]] = {}
    rows: dict[str, int] = {}
    expired: dict[str, int] = {}
    for code in (code for one in report.inputs for code in one.codes):
        known = {"code": code.code, "text": code.text, "known": code.known}
        merged.setdefault(code.code, known | {"offence_class": code.offence_class})
        rows[code.code] = rows.get(code.code, 0) + code.rows
        expired[code.code] = expired.get(code.code, 0) + code.expired
    order = sorted(merged, key=lambda c: (bool(merged[c]["known"]) and not expired[c], -rows[c], c))
    return [merged[c] | {"rows": rows[c], "expired": expired[c]} for c in order[:MOST_CODES]]


def _target(name: str) -> str:
    text = _TARGETS.get(name)
    return _(text) if text else label(name)


def file(one: InputReport) -> dict[str, object]:
    """Return what is told of one file: its columns, what was left, and facts."""
    left = (
        (_("Fri text, läses aldrig"), one.free_text),
        (_("Mappade till ingenting i projektfilen"), one.ignored),
        (_("Kolumner som inte används"), one.unused),
    )
    return {
        "name": one.file,
        "columns": [
            {"name": _target(c.target), "columns": c.columns, "guessed": c.guessed}
            for c in one.columns
        ],
        "left": [(caption, names) for caption, names in left if names],
        "unknown_texts": [
            {"name": _target(t.target), "text": t.text, "rows": t.rows} for t in one.unknown_texts
        ],
        "facts": _facts(one),
    }


def _facts(one: InputReport) -> list[tuple[str, str]]:
    rows = _("{read} lästa, {kept} behållna, {rejected} avvisade, {duplicate} dubbletter").format(
        read=number(one.rows_read),
        kept=number(one.rows_kept),
        rejected=number(one.rows_rejected),
        duplicate=number(one.rows_duplicate),
    )
    separators = {";": _("semikolon"), ",": _("komma"), "\t": _("tabb"), "|": _("lodstreck")}
    facts = [
        (_("Rader"), rows),
        (_("Format"), one.format),
        (_("Teckenkodning"), one.encoding or ""),
        (_("Avgränsare"), separators.get(one.separator or "", one.separator or "")),
        (_("Blad eller lager"), one.layer or ""),
        (_("Koordinatsystem"), one.source_crs),
        (_("Likadana rader som behållits"), number(one.rows_identical)),
        (_("Ärenden på flera platser eller tider"), number(one.cases_split)),
        (_("Kontrollsumma (SHA-256)"), one.sha256),
    ]
    return [(name, value) for name, value in facts if value]
