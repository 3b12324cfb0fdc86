"""The order of the steps, from events to what will be shown. Touches no disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from areas.assign import assign_areas, assign_points
from geodata.errors import Notice
from geodata.incidents import Import
from geodata.language import gettext as _
from geodata.places import group_places
from geodata.schema import AREA_KINDS
from hotspots.accuracy import Accuracy, cell_scores, evaluate
from hotspots.clusters import Hotspots, find_hotspots
from hotspots.density import count_grid
from hotspots.dogsearch import SearchPlan, propose_searches
from hotspots.selection import Selection, count
from scripts.config import Project
from scripts.progress import Steps
from scripts.reading import Material


@dataclass(frozen=True)
class Results:
    """Every table of a run, in the project's CRS, before anything is held back."""

    imported: Import
    incidents: pd.DataFrame
    places: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    counted: Selection
    grid: gpd.GeoDataFrame
    accuracy: Accuracy | None
    hotspots: Hotspots
    searches: SearchPlan | None
    notices: tuple[Notice, ...]

    @property
    def nothing_to_propose(self) -> bool:
        """Whether there is no hot spot and no dog search to propose."""
        found = self.searches is not None and not self.searches.sites.empty
        return self.hotspots.table.empty and not found


def compute(
    project: Project,
    material: Material,
    imported: Import,
    steps: Steps,
    *,
    proposals: bool = True,
    located: Callable[[pd.DataFrame], None] | None = None,
) -> Results:
    """Run every step on what was read and understood; the rows as read are no longer needed.

    Without `proposals` it stops at the hot spots: no dog-search sites. `located`
    is given the table ``incidents`` as soon as nothing more will be added to it.

    Returns
    -------
    Results
        Tables that don't depend on the order of the rows that were read.
    """
    crs = project.project.crs
    areas = material.areas.table
    with steps.step(_("Lägger händelser på platser och i områden")):
        incidents = imported.incidents.assign(
            area_id=assign_areas(imported.incidents, areas, kind="est_area"),
            regso_id=assign_areas(imported.incidents, areas, kind="regso"),
        )
        if located is not None:
            located(incidents)
        places = group_places(incidents, crs=crs)
        last = _last_day(incidents)
        if last is not None:
            places["area_id"] = assign_points(places.geometry, areas, kind="est_area", on=last)
    accuracy = None
    if project.evidence.run or project.hotspots.method == "auto":
        with steps.step(_("Prövar metodernas träffsäkerhet")):
            accuracy = evaluate(
                incidents,
                project.hotspots,
                options=replace(
                    project.accuracy,
                    trees=project.accuracy.trees or project.hotspots.method == "auto",
                ),
                population=inhabited(areas, last),
                seed=project.project.seed,
            )
    with steps.step(_("Söker hot spots")):
        counted = count(incidents, project.hotspots)
        cell_size_m, cell_notices = _cell_size(project)
        grid = count_grid(
            incidents[["x_m", "y_m"]].iloc[counted.rows],
            cell_size_m=cell_size_m,
            crs=crs,
            days=counted.days,
            cells=counted.cells(cell_size_m),
        )
        hotspots = find_hotspots(
            incidents,
            places,
            project.hotspots,
            crs=crs,
            counted=counted,
            scores=_scores(project, accuracy),
        )
    searches = _propose(project, material, incidents, hotspots, steps) if proposals else None
    return Results(
        imported=imported,
        incidents=incidents,
        places=places,
        areas=areas,
        counted=counted,
        grid=grid,
        accuracy=accuracy,
        hotspots=hotspots,
        searches=searches,
        notices=(
            *material.notices,
            *imported.report.notices,
            *cell_notices,
            *(accuracy.notices if accuracy is not None else ()),
            *hotspots.notices,
            *(searches.notices if searches is not None else ()),
        ),
    )


def _propose(
    project: Project,
    material: Material,
    incidents: pd.DataFrame,
    hotspots: Hotspots,
    steps: Steps,
) -> SearchPlan:
    with steps.step(_("Väljer platser för hundsök")):
        return propose_searches(
            incidents,
            hotspots,
            entrances=material.layers.get("entrances"),
            buildings=material.layers.get("buildings"),
            options=project.dogsearch,
            crs=project.project.crs,
        )


def _scores(project: Project, accuracy: Accuracy | None) -> pd.DataFrame | None:
    """Return the cells' scores by the method that did best, where the project asks for it."""
    if project.hotspots.method != "auto" or accuracy is None:
        return None
    if accuracy.card is None or accuracy.history is None:
        return None
    return cell_scores(accuracy.history, accuracy.card.chosen)


def inhabited(areas: gpd.GeoDataFrame, on: date | None) -> gpd.GeoDataFrame | None:
    """Return the areas whose inhabitants are known, of the kind that has most of them.

    Areas of one kind only, in force on one day, so that nobody is counted twice; the first of
    `geodata.schema.AREA_KINDS` at a tie. ``None`` when no area has any inhabitants.

    Parameters
    ----------
    areas
        Table ``areas``.
    on
        The day; ``None`` when there are no events.
    """
    if on is None:
        return None
    day = pd.Timestamp(on)
    in_force = ~(areas["valid_from"] > day) & ~(areas["valid_to"] < day)
    known = areas[in_force & (areas["population"] > 0)]
    if known.empty:
        return None
    kinds = known["kind"].astype("str")
    numbers = {kind: int((kinds == kind).sum()) for kind in AREA_KINDS}
    return known[kinds == max(numbers, key=lambda kind: numbers[kind])]


def _last_day(incidents: pd.DataFrame) -> date | None:
    if incidents.empty:
        return None
    last: pd.Timestamp = incidents["start"].max()
    return last.date()


def _cell_size(project: Project) -> tuple[float, tuple[Notice, ...]]:
    """Return the side of the grid's cells: never finer than the profile allows."""
    asked = project.hotspots.cell_size_m
    finest = {
        "intern": 0.0,
        "samverkan": project.disclosure.min_cell_m_samverkan,
        "publik": project.disclosure.min_cell_m_publik,
    }[project.project.profile]
    if asked >= finest:
        return asked, ()
    text = _(
        "Rutnätet görs med rutor om {finest:g} m i stället för {asked:g} m, för profilen {profile}."
    )
    return finest, (
        Notice(
            code="cell_size_coarsened",
            text=text.format(finest=finest, asked=asked, profile=project.project.profile),
            level="chosen",
            data={"cell_size_m": finest, "asked_m": asked},
        ),
    )


def geocode_shares(incidents: pd.DataFrame) -> dict[str, float]:
    """Return the share (0–1) of events by geocode class, those without events left out."""
    counts = incidents["geocode_class"].value_counts(sort=False)
    total = max(int(counts.sum()), 1)
    return {str(name): float(np.round(n / total, 4)) for name, n in counts.items() if n}
