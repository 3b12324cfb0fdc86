"""The page over all proposals: side by side, the sets to choose from, what was not proposed.

Every figure stands for itself: no composite score is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from geodata.disclosure import Released
from geodata.forms.law import Law
from geodata.language import day, number, percent
from geodata.language import gettext as _
from maps.paper import Block, Table, Words
from maps.sheet import render
from maps.sheets.model import Sheet
from maps.sheets.page import block_parts, listed_status
from maps.sheets.words import figure, is_missing, unchecked

SHOWN: Final = 40
"""Places considered and not proposed that the page lists; the table has more."""


def list_html(
    sheets: Sequence[Sheet],
    released: Mapping[str, Released],
    law: Law,
    *,
    project: str,
    folder: str,
    synthetic: bool = False,
) -> str:
    """Return the page over all camera proposals.

    Parameters
    ----------
    sheets
        One a proposal, in order of rank.
    released
        Tables of `geodata.camera_tables` and ``camera_sites``, for ``intern``.
    law
        The standing texts.
    project
        Its name.
    folder
        Where the sheets lie, relative to the page.
    synthetic
        The data are made up.
    """
    tables = {name: one.table for name, one in released.items() if one.table is not None}
    sections: list[tuple[str, str, list[Block]]] = []
    if sheets:
        text = _("Varje uppgift står för sig. Inget sammanvägt betyg räknas; ordningen är rangen.")
        sections.append((_("Förslagen sida vid sida"), text, [_side_by_side(tables)]))
    if len(tables.get("camera_frontier", ())):
        text = _(
            "Varje urval täcker mest av alla med lika litet intrång. Översta raden täcker mest, "
            "nedersta inkräktar minst. På kartan kan ett urval väljas och visas."
        )
        sections.append((_("Täckning mot intrång"), text, [_frontier(tables["camera_frontier"])]))
    if len(tables.get("camera_status", ())):
        sections.append((_("Bedömning och omprövning"), "", [_reviews(tables["camera_status"])]))
    if len(tables.get("camera_considered", ())):
        text = _("Platser som prövades och inte föreslås, med skälet.")
        considered = _considered(tables["camera_considered"])
        sections.append((_("Prövade och inte föreslagna"), text, [considered]))
    return render(
        "camera_list.html",
        profile="intern",
        title=_("Kameraplatser, förslag"),
        synthetic=synthetic,
        styles=("camera_sheet.css",),
        header=law.text("header"),
        project=project,
        sheets=[
            {
                "id": sheet.site_id,
                "name": sheet.place,
                "file": f"{folder}/{sheet.site_id}.html",
                "text": _("Version {n}, {status}").format(
                    n=sheet.version or "–", status=listed_status(complete=sheet.complete)
                ),
            }
            for sheet in sheets
        ],
        sections=[
            (name, text, [block_parts(block) for block in blocks])
            for name, text, blocks in sections
        ],
    )


def _side_by_side(tables: Mapping[str, pd.DataFrame]) -> Table:
    sites = tables["camera_sites"].sort_values("rank", kind="stable")
    views = tables["camera_views"].set_index("site_id")
    picture = tables["camera_picture"].set_index("site_id")
    compared = tables["camera_comparison"]
    own = compared[compared["kind"] == "site"].set_index("site_id")
    rows: list[tuple[Words, ...]] = []
    for site in sites.to_dict("records"):
        key = site["site_id"]
        view, crime, rank = views.loc[key], picture.loc[key], own.loc[key]
        rows.append(
            (
                f"{key}",
                str(site["hotspot_id"]),
                number(int(crime["n_events"])),
                number(int(crime["n_days"])),
                number(float(site["n_expected"]), 1),
                number(float(rank["per_ha"]), 1),
                _("{rank} av {n}").format(rank=rank["rank"], n=rank["n_compared"]),
                _quarters(crime),
                number(float(view["area_m2"])),
                figure(view["yard_m2"]),
                figure(view["n_residential"]),
                figure(view["n_sensitive"]),
            )
        )
    header = (
        _("Nr"),
        _("Hot spot"),
        _("Händelser"),
        _("Dagar"),
        _("Väntat i bild"),
        _("Per hektar"),
        _("Rang i täthet"),
        _("Kvartal i högsta klassen"),
        _("Yta, m²"),
        _("Tomtmark, m²"),
        _("Bostadshus"),
        _("Känsliga platser"),
    )
    return Table(header, tuple(rows), caption=_("Förslag"), left=2)


def _quarters(crime: pd.Series[Any]) -> Words:
    if not crime["n_quarters"]:
        return unchecked()
    return f"{number(int(crime['n_hot']))}/{number(int(crime['n_quarters']))}"


def _frontier(table: pd.DataFrame) -> Table:
    rows: list[tuple[Words, ...]] = [
        (
            number(int(row["set_no"]))
            + (_(" (förslaget)") if row["proposed"] else "")
            + ("" if row["proven"] else " *"),
            number(int(row["n_sites"])),
            number(float(row["events"]), 1),
            percent(float(row["share"])),
            figure(row["cost"], 0 if is_missing(row["cost"]) or row["cost"] >= 10 else 1),
        )
        for row in table.to_dict("records")
    ]
    cost = str(table["cost_name"].iloc[0])
    header = (
        _("Urval"),
        _("Platser"),
        _("Väntade händelser i bild"),
        _("Andel av alla"),
        cost[:1].upper() + cost[1:],
    )
    note = ""
    if not bool(table["proven"].all()):
        note = _("* Tiden tog slut före beviset: ett annat urval kan täcka något mer.")
    return Table(header, tuple(rows), caption=_("Effektiva urval"), left=1, note=note)


def _reviews(table: pd.DataFrame) -> Table:
    rows: list[tuple[Words, ...]] = [
        (
            str(row["site_id"]),
            "–" if is_missing(row["version"]) else str(row["version"]),
            listed_status(complete=bool(row["complete"])),
            _date(row["decided"]),
            _date(row["review_date"]),
            "–" if is_missing(row["changed"]) else str(row["changed"]),
        )
        for row in table.to_dict("records")
    ]
    header = (
        _("Nr"),
        _("Version"),
        _("Status"),
        _("Senaste bedömning"),
        _("Omprövas senast"),
        _("Ändrat sedan förra versionen"),
    )
    return Table(header, tuple(rows), caption=_("Versioner och datum"), left=6)


def _date(value: Any) -> Words:  # noqa: ANN401 (a cell of a table)
    return "–" if is_missing(value) else day(pd.Timestamp(value).date())


def _considered(table: pd.DataFrame) -> Table:
    rows: list[tuple[Words, ...]] = [
        (
            str(row["candidate_id"]),
            "–" if is_missing(row["hotspot_id"]) else str(row["hotspot_id"]),
            str(row["reason"]),
            number(float(row["events"]), 1),
            number(float(row["area_m2"])),
        )
        for row in table.head(SHOWN).to_dict("records")
    ]
    note = ""
    if len(table) > SHOWN:
        note = _("De {n} första av {total}; alla står i tabellen camera_considered.").format(
            n=number(SHOWN), total=number(len(table))
        )
    header = (_("Plats"), _("Hot spot"), _("Varför inte"), _("Väntat i bild"), _("Yta, m²"))
    return Table(header, tuple(rows), caption=_("Prövade platser"), left=3, note=note)
