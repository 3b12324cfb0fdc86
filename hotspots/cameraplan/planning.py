"""Which candidates are proposed, and the efficient sets beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice, SettingsError
from geodata.language import gettext as _
from hotspots.cameraplan.scene import CameraSettings, Decided, Scene, make_scene
from hotspots.choosing.choice import Choice, choose
from hotspots.choosing.frontier import Frontier, frontier
from hotspots.choosing.options import ChoiceOptions, cost_label
from hotspots.clusters import Hotspots
from hotspots.crimepicture import Members, find_members
from hotspots.sites import Demand, Stood, count_demand, describe_sites

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CameraPlan:
    """The proposal.

    Attributes
    ----------
    sites
        Table ``camera_sites``, by rank.
    demand
        What was to be seen.
    scene, choice, frontier
        How it was chosen; ``None`` where there is nothing to choose from.
    at
        Candidate of each site, shape (sites,).
    held
        Events that belong to each candidate's view, shape (candidates,).
    notices
        What was chosen, and what to look at.
    """

    sites: gpd.GeoDataFrame
    demand: Demand
    scene: Scene | None
    choice: Choice | None
    frontier: Frontier | None
    at: Ints
    held: Ints
    notices: tuple[Notice, ...]


def plan_cameras(
    incidents: pd.DataFrame,
    hotspots: Hotspots,
    layers: Mapping[str, gpd.GeoDataFrame],
    settings: CameraSettings,
    *,
    decided: Sequence[Decided] = (),
    address_m: float = 15.0,
    crs: str,
) -> CameraPlan:
    """Propose the camera sites that see most, within the limits of what they may cost in privacy.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    hotspots
        The hot spots; sites are sought within reach of them.
    layers
        The project's layers; see `make_scene`.
    settings
        What is asked.
    decided
        Earlier decisions.
    address_m
        How far into a house whose façade is in view an address may lie and still belong to it.
    crs
        The project's CRS.

    Returns
    -------
    CameraPlan
        Independent of the order of rows.

    Raises
    ------
    SettingsError
        If no candidate keeps to the limits, or decisions contradict them.
    """
    demand = count_demand(
        incidents, settings.cameras, period=hotspots.period, source=hotspots.source
    )
    if hotspots.table.empty or not len(demand.ids):
        return _nothing(demand, (), _("Det finns ingen hot spot med räknade händelser."), crs)
    scene = make_scene(demand, hotspots.table, layers, settings, decided=decided, crs=crs)
    if not scene.gain.nnz and not scene.pinned:
        text = _("Ingen möjlig plats ser en yta med minst {n} händelser inom räckvidd.").format(
            n=settings.cameras.min_events
        )
        return _nothing(demand, scene.notices, text, crs)
    options, weighed = _weighed(scene)
    choice = _choice(scene, demand, options)
    if choice is None or not len(choice.sites):
        text = _("Ingen tillåten plats ser något som inte redan är i bild.")
        told = () if choice is None else choice.notices
        return _nothing(demand, (*scene.notices, *told), text, crs)
    curve = frontier(
        scene.gain,
        demand.n,
        scene.choosing,
        # all points of the curve together get as long as the choice itself
        replace(options, time_limit_s=options.time_limit_s / options.frontier_points),
        existing=scene.existing_gain,
        pinned=scene.pinned,
        forbidden=tuple(scene.declined),
        first=choice.first,
    )
    members = find_members(
        pd.DataFrame({"place_id": demand.ids, "x_m": demand.xy[:, 0], "y_m": demand.xy[:, 1]}),
        scene.seen,
        buildings=layers.get("buildings"),
        address_m=address_m,
    )
    sites = _sites(scene, choice, members, demand, hotspots.table)
    place = np.searchsorted(demand.ids, members.place)
    held = np.bincount(members.view, weights=demand.n[place], minlength=len(scene.seen))
    return CameraPlan(
        sites=sites,
        demand=demand,
        scene=scene,
        choice=choice,
        frontier=curve,
        at=choice.rows,
        held=held.astype(np.int64),
        notices=(*demand.notices, *scene.notices, *weighed, *choice.notices),
    )


def _choice(scene: Scene, demand: Demand, options: ChoiceOptions) -> Choice | None:
    """Choose; ``None`` where no candidate keeps to the limits and saying by how much would tell.

    Raises
    ------
    SettingsError
        As of `choose`.
    """
    try:
        return choose(
            scene.gain,
            demand.n,
            scene.choosing,
            options,
            existing=scene.existing_gain,
            pinned=scene.pinned,
            forbidden=tuple(scene.declined),
        )
    except SettingsError as error:
        if scene.hushed.any() and all(one.code == "limits_too_tight" for one in error.faults):
            return None
        raise


def _weighed(scene: Scene) -> tuple[ChoiceOptions, list[Notice]]:
    """Return the settings of the choice, weighing what is known against coverage.

    Where the layer of the cost that the settings name is missing, the area seen stands in for it.
    """
    options = scene.settings.choice
    name = options.frontier_cost
    if not scene.choosing[name].isna().all():
        return options, []
    text = _(
        "Underlag för {cost} saknas, så i avvägningskurvan vägs sedd yta mot täckningen."
    ).format(cost=cost_label(name))
    notice = Notice(code="frontier_by_area", text=text, level="warning", data={"asked": name})
    return replace(options, frontier_cost="area_m2"), [notice]


def _sites(
    scene: Scene, choice: Choice, members: Members, demand: Demand, hotspots: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    rows = choice.rows
    rank = np.full(len(scene.seen), -1, dtype=np.int64)
    rank[rows] = np.arange(len(rows))
    mine = rank[members.view] >= 0
    stood = Stood(
        ids=scene.ids[rows],
        xy=scene.xy[rows],
        hotspot=scene.stand.hotspot[scene.point[rows]],
        source=scene.stand.source[scene.point[rows]],
        expected=choice.sites["events_seen"].to_numpy(np.float64),
        added=choice.sites["events_added"].to_numpy(np.float64),
        bearing_deg=scene.bearing_deg[rows],
        pinned=choice.sites["pinned"].to_numpy(bool),
        sight=scene.obstacles.tested,
    )
    return describe_sites(
        stood,
        rank[members.view[mine]],
        np.searchsorted(demand.ids, members.place[mine]),
        demand,
        hotspots,
        scene.settings.views.metres(),
    )


def _nothing(demand: Demand, notices: Sequence[Notice], why: str, crs: str) -> CameraPlan:
    text = _("Ingen kameraplats föreslås.") + " " + why
    notice = Notice(code="no_camera_sites", text=text, level="warning")
    sites = cast("gpd.GeoDataFrame", schema.empty("camera_sites", crs=crs))
    none = np.zeros(0, dtype=np.int64)
    told = (*demand.notices, *notices, notice)
    return CameraPlan(sites, demand, None, None, None, none, none, told)
