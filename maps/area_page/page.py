"""The pages of the picture (lägesbild) as HTML without script."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geodata.disclosure import Released
from geodata.language import day, number
from geodata.language import gettext as _
from maps.area_page import content, listing
from maps.area_page.facts import WHOLE_FILE, PictureFacts, file_names
from maps.sheet import render


def area_pages(released: Mapping[str, Released], facts: PictureFacts) -> dict[str, str]:
    """Return the pages of a run by file name: the whole municipality, and each area.

    Parameters
    ----------
    released
        Released tables by name: those of `geodata.picture_tables` that there are.
    facts
        What is said beside them.

    Returns
    -------
    dict
        ``lagesbild.html``, and ``lagesbild/<area>.html`` of each area. Every text is escaped.

    Raises
    ------
    ValueError
        For another profile than ``intern``: the pages name places and tell of few events.
    """
    foreign = [name for name, one in released.items() if one.profile != facts.profile]
    if facts.profile != "intern" or foreign:
        msg = f"the picture is for intern, not for {facts.profile}; {foreign}"
        raise ValueError(msg)
    tables = {name: one.table for name, one in released.items() if one.table is not None}
    units = tables["picture_areas"]
    areas = units[units["unit"] == "area"]
    files = file_names(areas["area_id"].tolist())
    week = content.now_cells(tables)
    pages = {WHOLE_FILE: _page(tables, week, "*", facts, files)}
    for area in areas["area_id"]:
        pages[files[area]] = _page(tables, week, area, facts, files)
    return pages


def _page(
    tables: Mapping[str, pd.DataFrame],
    week: content.WeekCells | None,
    unit: str,
    facts: PictureFacts,
    files: Mapping[str, str],
) -> str:
    units = tables["picture_areas"].set_index("area_id")
    row = units.loc[[unit]].iloc[0]
    whole = unit == "*"
    names = dict(zip(units.index, units["name"], strict=True))
    cards = content.now_cards(tables, unit, str(row["name"]))
    several = len(units) > 2 and bool((units["unit"] == "area").any())
    back = "../" + WHOLE_FILE
    links = [
        (names[area], file if whole else file.split("/")[1], area == unit)
        for area, file in sorted(files.items(), key=lambda one: names[one[0]])
    ]
    return render(
        "area_page.html",
        profile=facts.profile,
        title=facts.title,
        synthetic=facts.synthetic,
        styles=("evidence.css", "area_page.css"),
        name=row["name"],
        whole=whole,
        with_areas=whole and bool(files),
        back=back,
        links=links,
        span=content.coverage_span(facts),
        lead=content.lead(cards, tables, unit),
        caveat=facts.caveat,
        period=_("{first} – {last}").format(first=day(facts.first), last=day(facts.last)),
        preliminary=not bool(row["authoritative"]),
        facts=_facts(row),
        cards=cards,
        areas=content.area_lines(tables, week) if whole and several else [],
        classes=content.kind_lines(tables, unit, "class", week),
        spaces=content.kind_lines(tables, unit, "space", week),
        comparison=[] if whole else content.comparison(tables, unit),
        hours=content.hour_pictures(tables, unit, facts),
        places=listing.place_lists(tables, unit, names, facts),
        coverage=listing.coverage(tables, unit, names),
        warnings=facts.warnings,
        notes=facts.notes,
    )


def _facts(row: pd.Series) -> list[tuple[str, str]]:
    """Return what there is to know of the unit itself."""
    ways = {
        "given": _("uppgift från områdeslagret"),
        "floor": _("fördelat efter bostädernas våningsyta"),
        "footprint": _("fördelat efter bostadshusens byggnadsyta"),
        "area": _("fördelat efter markytan"),
        "mixed": _("fördelat efter bostädernas yta och markytan"),
    }
    found = []
    if not pd.isna(row["population"]):
        how = "" if row["unit"] == "whole" else ways.get(str(row["population_how"]), "")
        text = number(float(row["population"]))
        found.append((_("Invånare"), f"{text} ({how})" if how else text))
    elif row["unit"] == "area":
        found.append((_("Invånare"), _("uppgift saknas")))
    if not pd.isna(row["area_ha"]):
        found.append((_("Yta"), f"{number(float(row['area_ha']))} ha"))
    if row["unit"] == "area" and row["days"] < 364:
        text = _("{first}, {n} dagar i perioden")
        found.append(
            (_("Gäller från"), text.format(first=day(row["first_date"]), n=number(row["days"])))
        )
    return found
