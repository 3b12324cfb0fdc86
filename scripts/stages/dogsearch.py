"""The stage of dog searches: register and results in, need, the round of a week, its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd

from areas.assign import assign_points
from geodata.disclosure import Released, last_quarter_end
from geodata.errors import Fault, Notice, SettingsError, raise_all
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.register import (
    Register,
    Results,
    made_register,
    owners_table,
    read_register,
    read_results,
)
from geodata.searchtexts import SearchTexts, read_search_texts
from hotspots.searchround.weeks import monday_of, week_text
from scripts.stages import Page, Part

if TYPE_CHECKING:
    from hotspots.searchround.planning import RoundPlan
    from scripts.config import Project
    from scripts.pipeline import Results as RunResults
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

PAGE = "hundsok.html"


@dataclass(frozen=True)
class Searches:
    """What the stage read: the register and its results where they are, and the texts."""

    register: Register | None
    results: Results | None
    monday: date
    texts: SearchTexts
    notices: tuple[Notice, ...] = ()


def today(project: Project) -> date:
    """Return the day of the export; without one, that of the run."""
    return project.project.extract_date or date.today()


def read(project: Project, areas: gpd.GeoDataFrame) -> Searches:
    """Read the register of entrances and that of results.

    Raises
    ------
    LagesbildError
        With the faults of the week, the texts and both files.
    """
    del areas
    faults: list[Fault] = []
    monday, texts = today(project), None
    try:
        monday = monday_of(project.round.week, today(project))
    except SettingsError as error:
        faults += error.faults
    own = project.round.texts
    try:
        texts = read_search_texts(project.base / own if own is not None else None)
    except SettingsError as error:
        faults += error.faults
    raise_all(faults, SettingsError)
    if texts is None:  # raise_all has told why
        raise AssertionError
    if not project.dogsearch.register:
        return Searches(None, None, monday, texts, _unread(project))
    register = read_entrances(project, monday)
    results, notices = _results(project, register)
    return Searches(register, results, monday, texts, notices)


def read_entrances(project: Project, monday: date) -> Register:
    """Read the project's register, with consent weighed on the round's Monday."""
    from scripts.reading import split_layer, stated_extent

    path, layer = split_layer(project.dogsearch.register)
    return read_register(
        project.base / path,
        crs=project.project.crs,
        on=monday,
        bbox=stated_extent(project),
        layer=layer,
        timezone=project.project.timezone,
        options=project.dogsearch,
    )


def _results(project: Project, register: Register) -> tuple[Results | None, tuple[Notice, ...]]:
    """Read the results; before the first round there is no file yet, and that is no fault."""
    if not project.dogsearch.results:
        return None, ()
    path = project.base / project.dogsearch.results
    if not path.exists():
        text = _("Inga resultat av hundsök finns ännu: {file} skapas när de första läses in.")
        notice = Notice(code="no_results_yet", text=text.format(file=path.name))
        return None, (notice,)
    results = read_results(
        path,
        register=register.table,
        on=today(project),
        timezone=project.project.timezone,
        options=project.dogsearch,
    )
    return results, results.notices


def _unread(project: Project) -> tuple[Notice, ...]:
    if not project.dogsearch.results:
        return ()
    text = _("Resultaten i {file} läses inte: det finns inget register över entréer att läsa mot.")
    file = Path(project.dogsearch.results).name
    return (Notice(code="results_unread", text=text.format(file=file), level="warning"),)


def work(
    project: Project,
    material: Material,
    results: RunResults,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Weigh the need, plan the round and say how its pages are written."""
    del evidence
    found = cast("Searches", material.extras["dogsearch"])
    with steps.step(_("Planerar hundsök")):
        planned = _plan(project, material, results, found)
    page = _page(project, planned)
    # Outside intern, how many are planned is as sensitive as where.
    intern = project.project.profile == "intern"
    return Part(
        tables=planned.tables,
        notices=planned.notices,
        counts={"search_round": len(planned.round.stops)} if intern else {},
        said=(_said(planned),) if intern else (),
        layers=("search_round",),
        pages=(page,),
        write=partial(_write, project, material, results, found, planned),
    )


@dataclass(frozen=True)
class _Planned:
    """Everything of the round, before anything is held back.

    ``shown`` are the notices of its page: how the files were read stands on the start page.
    """

    tables: Mapping[str, pd.DataFrame]
    round: RoundPlan
    notices: tuple[Notice, ...]
    shown: tuple[Notice, ...]
    made: bool


def _plan(project: Project, material: Material, results: RunResults, found: Searches) -> _Planned:
    from hotspots.searchneed.fairness import weigh_fairness
    from hotspots.searchneed.weighing import weigh_need
    from hotspots.searchround.numbers import area_numbers
    from hotspots.searchround.planning import plan_round

    crs, on = project.project.crs, today(project)
    register = found.register or _made(project, material, found.monday)
    area = assign_points(register.table.geometry, results.areas, kind="est_area", on=on)
    known = found.results.table if found.results is not None else None
    need = weigh_need(
        register.table.assign(area_id=area.astype("str")),
        results.incidents,
        results=known,
        cameras=material.layers.get("cameras"),
        on=on,
        counted=project.dogsearch,
        options=project.search_need,
        crs=crs,
    )
    round_ = plan_round(
        need.table,
        results=known,
        streets=material.layers.get("streets"),
        options=project.round,
        monday=found.monday,
        seed=project.project.seed,
        crs=crs,
    )
    tables: dict[str, pd.DataFrame] = {
        "search_entrances": need.table,
        "search_owners": owners_table(register),
        "search_issues": _issues(register, found.results),
        "search_hits": need.hits,
        "search_round": round_.stops,
        "search_walks": round_.walks,
        "search_minima": round_.minima,
        "search_areas": area_numbers(
            need.table, round_.stops, known, results.areas, last=_counted_until(project, on)
        ),
    }
    notices = [*need.notices, *round_.notices]
    if known is not None and len(known):
        fairness = weigh_fairness(
            need.table,
            known,
            on=on,
            share_by_need=project.round.share_by_need,
            drift_days=project.search_need.drift_days,
            seed=project.project.seed,
        )
        tables |= {"search_results": known, "search_fairness": fairness.table}
        notices += fairness.notices
    kept = {name: table for name, table in tables.items() if len(table)}
    reading = (*found.notices, *register.notices)
    shown = (*(notice for notice in reading if notice.level == "warning"), *notices)
    return _Planned(kept, round_, (*reading, *notices), shown, found.register is None)


def _counted_until(project: Project, on: date) -> date:
    """Return the last day whose searches are told: publicly, that of the last whole quarter."""
    return last_quarter_end(on) if project.project.profile == "publik" else on


def _made(project: Project, material: Material, monday: date) -> Register:
    """Return entrances made of the layers, those of houses only where there is no other."""
    from hotspots.entrances import residential_houses
    from hotspots.layers import in_order

    crs = project.project.crs
    entrances, buildings = (material.layers.get(name) for name in ("entrances", "buildings"))
    if (entrances is None or entrances.empty) and buildings is not None:
        # How the houses were chosen is told by the search sites, which choose the same.
        buildings, _told = residential_houses(in_order(buildings, "B", crs=crs), project.dogsearch)
    return made_register(entrances=entrances, buildings=buildings, crs=crs, on=monday)


def _issues(register: Register, results: Results | None) -> pd.DataFrame:
    parts = [register.issues, *([results.issues] if results is not None else [])]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else register.issues


def _said(planned: _Planned) -> str:
    n = len(planned.round.stops)
    return ngettext("{n} entré i hundsöksrundan", "{n} entréer i hundsöksrundan", n).format(
        n=number(n)
    )


def _page(project: Project, planned: _Planned) -> Page:
    if project.project.profile == "intern":
        stops = planned.round.stops
        week = stops["week"].iloc[0] if len(stops) else ""
        title = _("Hundsök {week}").format(week=week).strip()
        text = _("Rundan: passen med karta, varför varje entré är vald, fördelning och brevlista.")
    else:
        title = _("Hundsök per område")
        text = _("Antal entréer och sök per område; små tal är dolda.")
    return Page(PAGE, title, text)


def _write(
    project: Project,
    material: Material,
    results: RunResults,
    found: Searches,
    planned: _Planned,
    folder: Path,
    released: Mapping[str, Released],
) -> None:
    from maps.rounds import RoundFacts, write_round
    from scripts.writing import background, map_facts

    facts = RoundFacts(
        week=week_text(found.monday),
        map=map_facts(project, material, results),
        texts=found.texts,
        notices=planned.shown,
        seed=project.project.seed,
        share_by_need=project.round.share_by_need,
        minutes_per_entrance=project.round.minutes_per_entrance,
        start_min=project.round.start_min,
        made=planned.made,
    )
    tables = {name: one for name, one in released.items() if name.startswith("search_")}
    write_round(folder, PAGE, tables, background(project, material, results), facts)
