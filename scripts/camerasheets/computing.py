"""The tables of the camera proposals: the plan and everything the sheets tell, computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import CAMERAS
from geodata.errors import Notice
from geodata.forms import Forms, proposed_hours
from geodata.labels import label
from geodata.language import gettext as _
from hotspots.alternatives import alternatives, place_times
from hotspots.cameraplan import (
    CameraPlan,
    CameraSettings,
    Decided,
    Scene,
    SceneLook,
    considered_table,
    frontier_tables,
    masks_table,
    plan_cameras,
    sensitive_table,
    sights_of,
    site_masks,
    views_table,
)
from hotspots.crimepicture import (
    Counted,
    Held,
    Measure,
    Members,
    area_figures,
    compare_places,
    count_measures,
    describe_crime,
    event_days_of,
    find_members,
    hot_quarters,
)
from hotspots.evaluationplan import EvaluationPlan, fix_plan
from hotspots.period import Period, event_days
from scripts.camerasheets.asked import asked_places, listed_measures

if TYPE_CHECKING:
    from geodata.measures import Measures
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.reading import Material


@dataclass(frozen=True, eq=False)
class Proposals:
    """The plan, with the ids that its sites keep, and its tables by name."""

    plan: CameraPlan
    tables: Mapping[str, pd.DataFrame]
    notices: tuple[Notice, ...]

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """Return table ``camera_sites``."""
        return cast("gpd.GeoDataFrame", self.tables["camera_sites"])


def settings_of(project: Project) -> CameraSettings:
    """Return all settings that camera proposals depend on."""
    return CameraSettings(
        cameras=project.cameras,
        candidates=project.candidates,
        views=project.views,
        privacy=project.privacy,
        choice=project.choice,
        errors=project.stability,
    )


def decisions(forms: Forms) -> tuple[Decided, ...]:
    """Return the places that people have decided on, as their forms say."""
    found = []
    for name, form in sorted(forms.by_id.items()):
        position = form.standing.position
        ended = form.standing.ended is not None
        if position == "open" or (position == "decided" and ended):
            continue
        why = form.standing.declined_because
        key = form.place
        found.append(Decided(name, key.candidate_id, key.x_m, key.y_m, position, why))
    return tuple(found)


def propose(
    project: Project,
    material: Material,
    results: Results,
    forms: Forms,
    listed: Measures | None = None,
) -> Proposals:
    """Propose the sites and compute every table that tells of them.

    `listed` is the project's own table of measures, where it has one.

    Raises
    ------
    SettingsError
        If no place keeps to the limits, or decisions contradict them.
    """
    crs = project.project.crs
    plan = plan_cameras(
        results.incidents,
        results.hotspots,
        material.layers,
        settings_of(project),
        decided=decisions(forms),
        address_m=project.sheets.address_m,
        crs=crs,
    )
    scene = plan.scene
    if scene is None:
        return Proposals(plan, {"camera_sites": plan.sites}, plan.notices)
    points = [(float(x), float(y)) for x, y in scene.xy[plan.at].tolist()]
    ids = forms.ids_of(points)
    sites = plan.sites.assign(site_id=pd.Series(ids, dtype="str"))
    plan = replace(plan, sites=gpd.GeoDataFrame(sites, crs=crs))
    tables: dict[str, pd.DataFrame] = {"camera_sites": plan.sites}
    tables |= _seen(plan, scene, ids, project, results)
    members = find_members(
        results.places,
        scene.seen[plan.at],
        buildings=material.layers.get("buildings"),
        address_m=project.sheets.address_m,
    )
    tried = _tried(scene.seen[plan.at], ids, forms, listed)
    tables |= _crime(plan, members, ids, project, results, (forms, tried))
    tables["camera_comparison"], told = _comparison(plan, ids, project, results, forms)
    fixed = _evaluation(plan, ids, project)
    tables |= _plan_tables(fixed)
    return Proposals(plan, tables, (*plan.notices, *told, *fixed.notices))


def _seen(
    plan: CameraPlan, scene: Scene, ids: list[str], project: Project, results: Results
) -> dict[str, pd.DataFrame]:
    """Return the tables of what the sites see, what it costs and what else could be chosen."""
    assert plan.choice is not None
    assert plan.frontier is not None
    crs, masked = project.project.crs, site_masks(scene, plan.at, project.project.crs)
    chosen = dict(zip(plan.sites["candidate_id"].tolist(), ids, strict=True))
    total = int(plan.demand.n.sum())
    frontier, sets = frontier_tables(
        scene, plan.frontier, chosen, total=total, weight=plan.demand.n, crs=crs
    )
    spots = results.hotspots.table["hotspot_id"].tolist()
    period = plan.demand.chosen.period
    years = (period.months() if period else 12) / 12
    sights = sights_of(scene, plan.at, ids)
    # Alternatives lie within what is proposed: hours elsewhere don't matter.
    look = SceneLook(scene, plan.demand, crs).near(sights)
    assert look.places is not None
    mine = np.isin(plan.demand.place, look.places)
    place = np.searchsorted(look.places, plan.demand.place[mine])
    times = place_times(plan.demand.events[mine], place, len(look.places), years=years)
    others = alternatives(
        sights,
        times,
        look,
        project.alternatives,
        time_options=project.time,
        crs=crs,
    )
    cost = plan.frontier.cost_name
    return {
        "camera_views": views_table(scene, plan.at, ids, masked, crs=crs),
        "camera_masks": masks_table(masked, ids, crs=crs),
        "camera_sensitive": sensitive_table(scene, plan.at, ids, masked),
        "camera_alternatives": others,
        "camera_frontier": frontier,
        "camera_frontier_sites": sets,
        "camera_considered": considered_table(scene, plan.choice, cost, spots, crs=crs),
    }


def counted_of(plan: CameraPlan, results: Results) -> Counted:
    """Return what the main figures count."""
    period = plan.demand.chosen.period
    days = event_days(results.incidents)
    earliest: date = days.min().item()
    return Counted(
        classes=plan.demand.classes,
        source=plan.demand.chosen.source,
        space_types=plan.demand.space_types,
        period=period or Period(earliest, days.max().item()),
        earliest=earliest,
    )


def counted_text(plan: CameraPlan) -> str:
    """Return what is counted in words."""
    demand = plan.demand
    return _("{source}; {classes}; {spaces}").format(
        source=label(demand.chosen.source),
        classes=", ".join(label(one) for one in demand.classes),
        spaces=", ".join(label(one) for one in demand.space_types),
    )


def _crime(
    plan: CameraPlan,
    members: Members,
    ids: list[str],
    project: Project,
    results: Results,
    said: tuple[Forms, Mapping[str, list[Measure]]],
) -> dict[str, pd.DataFrame]:
    """Return the tables of section C and of the measures tried."""
    assert plan.scene is not None
    forms, tried = said
    counted = counted_of(plan, results)
    quarters = hot_quarters(
        results.incidents,
        len(ids),
        members,
        counted,
        options=project.hotspots,
        rules=project.persistence,
    )
    stays = results.hotspots.table.set_index("hotspot_id")["stability"]
    extra = pd.DataFrame(
        {
            "n_expected": plan.sites["n_expected"].to_numpy(),
            "n_quarters": [n for n, _hot in quarters],
            "n_hot": [hot for _n, hot in quarters],
            "stability": stays.reindex(plan.sites["hotspot_id"]).to_numpy(float),
        }
    )
    asked = {name: proposed_hours(forms.of(name).intrusion) for name in ids}
    crime = describe_crime(
        results.incidents,
        members,
        ids,
        counted,
        extra=extra,
        hours={name: one for name, one in asked.items() if one is not None},
        least_for_trend=project.sheets.least_for_trend,
        times=project.time,
    )
    days = event_days_of(results.incidents, members, ids, counted)
    return {
        "camera_counts": crime.counts,
        "camera_picture": crime.picture,
        "camera_times": crime.times,
        "camera_measures": count_measures(
            tried,
            days,
            months=project.sheets.measure_months,
            span=(counted.earliest, counted.period.last),
            low_number=project.sheets.low_number,
        ),
    }


def _measures(forms: Forms, name: str) -> list[Measure]:
    return [
        Measure(
            measure_id=f"{name}-{number_}",
            kind=one.kind,
            name=one.name,
            first_date=one.first_date,
            last_date=one.last_date,
            responsible=one.responsible,
            effect=one.effect,
            why_not_enough=one.why_not_enough,
        )
        for number_, one in enumerate(forms.of(name).measures.tried, start=1)
    ]


def _tried(
    seen: NDArray[np.object_], ids: list[str], forms: Forms, listed: Measures | None
) -> dict[str, list[Measure]]:
    """Return the measures tried at each place: the form's, and those of the project's list."""
    found = {}
    for name, view in zip(ids, seen, strict=True):
        own = _measures(forms, name)
        others = listed_measures(listed, view, own)
        found[name] = [*own, *(one for one in others if one.measure_id != name)]
    return found


def _comparison(
    plan: CameraPlan, ids: list[str], project: Project, results: Results, forms: Forms
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    scene, spots = plan.scene, results.hotspots.table
    assert scene is not None
    names = [
        f"{one} {name}" if isinstance(name, str) else str(one)
        for one, name in zip(spots["hotspot_id"], spots["name"], strict=True)
    ]
    held = Held(
        n_events=plan.held,
        area_m2=scene.costs["area_m2"].to_numpy(float),
        hotspot=scene.stand.hotspot[scene.point],
        xy=scene.xy,
        hotspot_names=names,
    )
    by_area = plan.demand.events["area_id"].value_counts()
    areas: list[Any] = [
        None if not isinstance(one, str) else one for one in plan.sites["area_id"].tolist()
    ]
    reach_m = scene.settings.views.metres()
    asked, told = asked_places(forms, ids, held, spots, reach_m)
    table = compare_places(
        ids,
        plan.at,
        held,
        areas=area_figures(results.areas, areas, by_area),
        apart_m=2 * reach_m,
        named=project.sheets.comparison_places,
        asked=asked,
    )
    return table, told


def _evaluation(plan: CameraPlan, ids: list[str], project: Project) -> EvaluationPlan:
    """Fix how the proposals are to be evaluated, on the day of the export."""
    assert plan.scene is not None
    period = plan.demand.chosen.period
    assert period is not None
    seen = gpd.GeoDataFrame(
        {"site_id": pd.Series(ids, dtype="str")},
        geometry=gpd.GeoSeries(plan.scene.seen[plan.at], crs=project.project.crs),
    )
    return fix_plan(
        seen,
        plan.demand.events,
        project.evaluation_plan,
        first=period.first,
        last=period.last,
        fixed=project.project.extract_date or date.today(),
        outcome=_("antal anmälda eller rapporterade händelser: {counted}").format(
            counted=counted_text(plan)
        ),
    )


def _plan_tables(fixed: EvaluationPlan) -> dict[str, pd.DataFrame]:
    places, effects = fixed.places, fixed.effects.assign(outcome=fixed.outcome)
    places["role"] = schema.category(places["role"], "camera_evaluation", "role", tables=CAMERAS)
    effects = effects.astype({"outcome": "str"})[list(CAMERAS["camera_effects"])]
    found: dict[str, pd.DataFrame] = {
        "camera_evaluation": places[list(CAMERAS["camera_evaluation"])],
        "camera_effects": effects,
    }
    for name, table in found.items():
        schema.check(table, name, tables=CAMERAS)
    return found
