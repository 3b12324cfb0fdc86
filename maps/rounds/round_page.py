"""The page of a round: its walks, why each entrance is in it, how searches are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from maps.printed import Backdrop
from maps.rounds.maps_of_walks import round_map
from maps.rounds.model import (
    FOLDER,
    RoundFacts,
    Row,
    area_names,
    distance,
    duration,
    entrance_more,
    entrance_name,
    said,
    spaces_of,
    table_of,
)
from maps.rounds.pictures import need_bar
from maps.rounds.spreads import least_pictures, rate_text, spread_pictures
from maps.sheet import render

MAP_MM = (220.0, 130.0)
Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class _Walk:
    href: str
    name: str
    text: str


@dataclass(frozen=True)
class _Stop:
    walk: int
    stop: int
    name: str
    more: str
    spaces: str
    area: str
    by_need: bool
    part: str
    bar: Markup
    why: str
    last: str


@dataclass(frozen=True)
class _Told:
    text: str
    file: str = ""


def walk_file(no: int) -> str:
    """Return the file of a walk's page, relative to the folder of the run."""
    return f"{FOLDER}/pass-{no}.html"


def round_html(
    tables: Mapping[str, Released], *, backdrop: Backdrop, facts: RoundFacts, links: Links
) -> str:
    """Make the page of a round.

    Parameters
    ----------
    tables
        Released ``search_*`` tables; those that there are.
    backdrop
        The project's own layers.
    facts
        What else is told.
    links
        File → what it is called and holds, of letters and forms.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Outside ``intern`` it holds nothing
        but numbers by area. Every text is escaped.
    """
    intern = facts.map.profile == "intern"
    stops = table_of(tables, "search_round") if intern else None
    walks = table_of(tables, "search_walks") if intern else None
    names = area_names(tables)
    drawing = None
    if stops is not None and walks is not None:
        drawing = round_map(
            gpd.GeoDataFrame(stops),
            cast("gpd.GeoDataFrame", walks),
            backdrop,
            facts.map,
            title=_("Rundan {week}").format(week=facts.week),
            size=MAP_MM,
        )
    told = facts.notices if intern else ()
    return render(
        "round.html",
        profile=facts.map.profile,
        title=_heading(facts),
        synthetic=facts.map.synthetic,
        styles=("rounds.css",),
        project=facts.map.project,
        lead=_lead(stops, walks, facts) if intern else "",
        drawing=drawing,
        walks=_walks(walks),
        stops=_stops(stops, names),
        by_need=percent(facts.share_by_need),
        seed=facts.seed,
        warnings=[_Told(notice.text) for notice in told if notice.level == "warning"],
        others=[_Told(notice.text) for notice in told if notice.level != "warning"],
        least=least_pictures(tables, names) if intern else (),
        spread=spread_pictures(tables, names) if intern else (),
        hits=_hits(tables, names) if intern else (),
        areas=_areas(tables),
        area_notes=tables["search_areas"].notes if "search_areas" in tables else (),
        links=links if intern else {},
        facts=facts,
        texts=[facts.texts.text(key) for key in _text_keys(intern=intern)],
    )


def _text_keys(*, intern: bool) -> tuple[str, ...]:
    keys = ("random", "consent", "no_finds", "rate")
    return (*keys, "informed", "suspicion", "police_act") if intern else keys


def _heading(facts: RoundFacts) -> str:
    if facts.map.profile == "intern":
        return _("Hundsök vecka {week}").format(week=facts.week)
    if facts.map.profile == "samverkan":
        return _("Hundsök i allmänna utrymmen, vecka {week}").format(week=facts.week)
    return _("Hundsök i allmänna utrymmen")


def _lead(stops: pd.DataFrame | None, walks: pd.DataFrame | None, facts: RoundFacts) -> str:
    if stops is None or walks is None:
        if facts.made:
            return _("Ingen entré kan väljas: det finns inget register med samtycken.")
        return _("Ingen entré kan väljas den här veckan.")
    n, of = len(stops), len(walks)
    entrances = ngettext("{n} entré", "{n} entréer", n).format(n=number(n))
    return ngettext(
        "{entrances} i {walks} pass, tillsammans {time} med {distance} gång.",
        "{entrances} i {walks} pass, tillsammans {time} med {distance} gång.",
        of,
    ).format(
        entrances=entrances,
        walks=number(of),
        time=duration(float(walks["minutes"].sum())),
        distance=distance(float(walks["walking_m"].sum())),
    )


def _walks(walks: pd.DataFrame | None) -> list[_Walk]:
    if walks is None:
        return []
    found = []
    for row in walks.to_dict("records"):
        n = int(row["n_entrances"])
        text = ngettext("{n} entré, {time}", "{n} entréer, {time}", n)
        if n > 1:
            text += ", " + _("{distance} gång").format(distance=distance(row["walking_m"]))
        found.append(
            _Walk(
                href=walk_file(row["walk"]),
                name=_("Pass {no}").format(no=row["walk"]),
                text=text.format(n=number(n), time=duration(row["minutes"])),
            )
        )
    return found


def _stops(stops: pd.DataFrame | None, names: Mapping[str, str]) -> list[_Stop]:
    if stops is None:
        return []
    most = float(stops["need"].max())
    return [_stop(row, names, most) for row in stops.to_dict("records")]


def _stop(row: Row, names: Mapping[str, str], most: float) -> _Stop:
    by_need = row["part"] == "need"
    last = row["last_search"]
    area = said(row["area_id"])
    return _Stop(
        walk=row["walk"],
        stop=row["stop"],
        name=entrance_name(row),
        more=entrance_more(row),
        spaces=", ".join(spaces_of(row)),
        area=names.get(area, area),
        by_need=by_need,
        part=(_("behov {no}") if by_need else _("lott {no}")).format(no=row["place"]),
        bar=need_bar(float(row["need"]), most),
        why=said(row["need_words"]) if by_need else "",
        last=_("aldrig") if pd.isna(last) else _week_of(last),
    )


def _week_of(monday: pd.Timestamp) -> str:
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _hits(tables: Mapping[str, Released], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Return hit rates of all searches, by kind of space and by area."""
    table = table_of(tables, "search_hits")
    if table is None:
        return ()
    rows = table[table["level"].isin(["all", "space", "area"])]
    found = []
    for row in rows.to_dict("records"):
        if row["level"] == "all":
            name = _("alla sök")
        elif row["level"] == "space":
            name = label(row["space"])
        else:
            area = said(row["area_id"])
            name = names.get(area, area) or _("utanför områden")
        rate = rate_text(row["rate"], row["rate_low"], row["rate_high"])
        found.append((name, number(row["n_searches"]), number(row["n_finds"]), rate))
    return tuple(found)


def _areas(tables: Mapping[str, Released]) -> tuple[tuple[str, ...], list[list[str]]] | None:
    """Return header and rows of the numbers by area, those columns that were released."""
    table = table_of(tables, "search_areas")
    if table is None:
        return None
    titles = {
        "n_entrances": _("Entréer"),
        "n_valid": _("Giltigt samtycke"),
        "n_round": _("I rundan"),
        "n_searches": _("Sök hittills"),
        "n_finds": _("Sök med fynd"),
    }
    shown = {name: text for name, text in titles.items() if name in table.columns}
    rows = []
    for row in table.to_dict("records"):
        name = said(row["name"]) or said(row["area_id"]) or _("utanför områden")
        rows.append([name, *(_count(row[column]) for column in shown)])
    return (_("Område"), *shown.values()), rows


def _count(value: Any) -> str:  # noqa: ANN401 (a count, or NA where it is hidden)
    return _("dolt") if pd.isna(value) else number(int(value))
