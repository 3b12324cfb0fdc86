"""The places and the reporters on a page of the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geodata.labels import label
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps.area_page.facts import PictureFacts, week_name

MOST_PLACES = 15
COVERED_WEEKS = 13


@dataclass(frozen=True)
class PlaceList:
    """Places under one heading, those of all sources, each in a row of its own."""

    key: str
    title: str
    about: str
    rows: tuple[tuple[str, ...], ...]
    more: str


@dataclass(frozen=True)
class Coverage:
    """Who reported which weeks: heads of the columns, and a row each with marks."""

    weeks: tuple[str, ...]
    years: str
    rows: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]
    stated: bool


def place_lists(
    tables: Mapping[str, pd.DataFrame], unit: str, names: Mapping[str, str], facts: PictureFacts
) -> list[PlaceList]:
    """Return the places with several reports, the new, the returning and the gone."""
    if "picture_places" not in tables:
        return []
    table = tables["picture_places"]
    own = table if unit == "*" else table[table["area_id"] == unit]
    status = own["status"].astype("str")
    recent, quiet = facts.recent_weeks, facts.quiet_weeks
    lists = [
        (
            "several",
            _("Platser med {n} eller fler händelser").format(n=facts.min_reports),
            _("Under de senaste {n} veckorna, från samma källa.").format(n=recent),
            own[own["n_recent"] >= facts.min_reports],
        ),
        (
            "new",
            _("Nya platser"),
            _("Första händelsen i uppgifterna under de senaste {n} veckorna.").format(n=recent),
            own[status == "new"],
        ),
        (
            "returning",
            _("Återkommande platser"),
            _("Händelse under de senaste {n} veckorna efter minst {quiet} veckor utan.").format(
                n=recent, quiet=quiet
            ),
            own[status == "returning"],
        ),
        (
            "gone",
            _("Upphörda platser"),
            _(
                "Minst {least} händelser under {quiet} veckor, men ingen under de senaste {n}. "
                "Ingen rapport betyder inte att inget har hänt."
            ).format(least=facts.min_reports, quiet=quiet, n=recent),
            own[status == "gone"],
        ),
    ]
    return [_list(key, title, about, rows, names) for key, title, about, rows in lists]


def _list(
    key: str, title: str, about: str, rows: pd.DataFrame, names: Mapping[str, str]
) -> PlaceList:
    shown = rows.head(MOST_PLACES)
    texts = tuple(
        (
            _("plats {id}").format(id=place) if pd.isna(address) else str(address),
            names.get(str(area), "") if isinstance(area, str) else "",
            label(str(source)),
            number(week),
            number(recent),
            number(total),
            day(last),
        )
        for place, address, area, source, week, recent, total, last in zip(
            shown["place_id"],
            shown["address"],
            shown["area_id"],
            shown["source"].astype("str"),
            shown["n_week"],
            shown["n_recent"],
            shown["n_events"],
            shown["last_date"],
            strict=True,
        )
    )
    hidden = len(rows) - len(shown)
    more = (
        ngettext(
            "{n} plats till finns i tabellen picture_places.",
            "{n} platser till finns i tabellen picture_places.",
            hidden,
        ).format(n=number(hidden))
        if hidden
        else ""
    )
    return PlaceList(key, title, about, texts, more)


def coverage(
    tables: Mapping[str, pd.DataFrame], unit: str, names: Mapping[str, str]
) -> Coverage | None:
    """Return who reported of a unit in the last weeks; ``None`` where no weeks are known."""
    table = tables.get("picture_coverage")
    if table is None or table.empty:
        return None
    own = table if unit == "*" else table[table["area_id"].isin((unit, "*"))]
    weeks = sorted(table["week_start"].unique())[-COVERED_WEEKS:]
    own = own[own["week_start"].isin(weeks)]
    if own.empty:
        return None
    marks = {
        "reported": ("reported", _("rapport")),
        "zero": ("zero", _("inget att rapportera")),
        "no_report": ("none", _("ingen rapport")),
    }
    rows = []
    for (reporter, area), told in own.groupby(["reporter", "area_id"], sort=True):
        by_week = told.set_index("week_start")
        cells = []
        for week in weeks:
            if week not in by_week.index:
                cells.append(("none", "", week_name(week.date())))
                continue
            row = by_week.loc[week]
            kind, words = marks[str(row["status"])]
            n = row["n_reports"]
            text = number(int(n)) if kind != "none" and not pd.isna(n) else ""
            cells.append((kind, text, f"{week_name(week.date())}: {words}"))
        where = _("hela kommunen") if area == "*" else names.get(str(area), str(area))
        rows.append((str(reporter), where, tuple(cells)))
    calendar = [week.date().isocalendar() for week in weeks]
    span = _("Vecka {first} till {last}").format(
        first=week_name(weeks[0].date()), last=week_name(weeks[-1].date())
    )
    heads = tuple(str(one.week) for one in calendar)
    return Coverage(heads, span, tuple(rows), bool(own["stated"].any()))
