"""First proposals of camera sites: where a few cameras would reach most of what happens in public.

What is proposed is where to look closer. Whether a camera is needed and proportionate is weighed by
people, with other measures tried first; nothing here says that a place meets a term of law.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots import tally
from hotspots.candidates import Candidates, find_candidates
from hotspots.clusters import Hotspots
from hotspots.covering import Cover, max_cover
from hotspots.distance import within
from hotspots.options import CameraOptions
from hotspots.sites import Demand, count_demand, describe_sites

Ints = NDArray[np.int64]


__all__ = ["CameraOptions", "CameraPlan", "propose_cameras"]


@dataclass(frozen=True)
class CameraPlan:
    """Proposed camera sites and what they reach.

    Attributes
    ----------
    sites
        Table ``camera_sites``.
    coverage
        One row a site and a place within its reach: ``site_id``, ``place_id``, ``n_events``.
    covered
        Events within reach of at least one site.
    bound
        No choice of as many of these candidates can reach more.
    gap
        ``(bound − covered) / bound``, 0–1.
    status
        ``optimal``, ``time_limit`` or ``nothing_to_propose``.
    notices
        What was chosen, and what to look at.
    """

    sites: gpd.GeoDataFrame
    coverage: pd.DataFrame
    covered: int
    bound: int
    gap: float
    status: Literal["optimal", "time_limit", "nothing_to_propose"]
    notices: tuple[Notice, ...]


def propose_cameras(
    incidents: pd.DataFrame,
    hotspots: Hotspots,
    *,
    candidates: gpd.GeoDataFrame | None,
    streets: gpd.GeoDataFrame | None,
    options: CameraOptions,
    crs: str,
) -> CameraPlan:
    """Choose the camera sites that together reach the most events, and rank them.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    hotspots
        Hot spots; sites are sought within ``reach_m`` of them.
    candidates
        Points to choose from (poles); else points along `streets`, else a grid.
    streets
        Lines.
    options
        What is to be reached, and by how many.
    crs
        The project's CRS.

    Returns
    -------
    CameraPlan
        Solved exactly, or with the gap told. Candidates that reach the same events are told apart
        by their mean distance to them, then by easting and northing, so that the order of rows
        never matters.
    """
    demand = count_demand(incidents, options, period=hotspots.period, source=hotspots.source)
    notices = list(demand.notices)
    if hotspots.table.empty or not len(demand.ids):
        return _nothing(notices, _("Det finns ingen hot spot med räknade händelser."), crs)
    stand = find_candidates(
        hotspots.table,
        poles=candidates,
        streets=streets,
        reach_m=options.reach_m,
        spacing_m=options.spacing_m,
        crs=crs,
    )
    site, place, cost = _reach(stand, demand, options)
    cover = max_cover(
        site, place, demand.n, cost, options.n_cameras, time_limit_s=options.time_limit_s
    )
    notices += stand.notices
    if not len(cover.chosen):
        text = _("Ingen möjlig plats når {n} händelser.").format(n=options.min_events)
        return _nothing(notices, text, crs)
    notices += _tell_cover(cover, demand, options)
    pick = np.isin(site, cover.chosen)
    rank = np.full(len(cost), -1, dtype=np.int64)
    rank[cover.chosen] = np.arange(len(cover.chosen))
    site, place = rank[site[pick]], place[pick]
    sites = describe_sites(stand, cover, site, place, demand, hotspots.table, options.reach_m)
    coverage = pd.DataFrame(
        {
            "site_id": sites["site_id"].to_numpy()[site],
            "place_id": demand.ids[place],
            "n_events": demand.n[place],
        }
    ).sort_values(["site_id", "place_id"], ignore_index=True)
    coverage["site_id"] = coverage["site_id"].astype("str")
    return CameraPlan(
        sites, coverage, cover.covered, cover.bound, cover.gap, cover.status, tuple(notices)
    )


def _reach(
    stand: Candidates, demand: Demand, options: CameraOptions
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return all pairs of candidate and place within reach, and the cost of each candidate.

    Candidates that reach fewer than ``min_events`` events have no pairs. The cost is the mean
    distance to the events within reach, metres: of two that reach the same, the nearer is better.
    """
    site, place = within(stand.xy, demand.xy, options.reach_m)
    k = len(stand.xy)
    total = tally.totals(site, k, demand.n[place])
    apart = np.hypot(*(stand.xy[site] - demand.xy[place]).T)
    sums = np.bincount(site, weights=apart * demand.n[place], minlength=k)
    # to the centimetre: the last binary digits must not decide
    cost = np.round(sums / np.maximum(total, 1), 2)
    enough = (total >= options.min_events)[site]
    return site[enough], place[enough], cost


def _tell_cover(cover: Cover, demand: Demand, options: CameraOptions) -> list[Notice]:
    total = int(demand.n.sum())
    n = len(cover.chosen)
    text = ngettext(
        "{n} kameraplats når {covered} av {total} räknade händelser ({share}).",
        "{n} kameraplatser når tillsammans {covered} av {total} räknade händelser ({share}).",
        n,
    ).format(
        n=number(n),
        covered=number(cover.covered),
        total=number(total),
        share=percent(cover.covered / total),
    )
    if cover.gap:
        text += " " + _(
            "Tiden tog slut före beviset: lika många platser kan högst nå {bound} ({gap} fler)."
        ).format(bound=number(cover.bound), gap=percent(cover.gap, 1))
    else:
        text += " " + _("Inget annat urval av lika många möjliga platser når fler.")
    text += " " + _("Räckvidden är en cirkel: hus och träd som skymmer är inte medräknade.")
    data = {"n_sites": n, "covered": cover.covered, "total": total, "bound": cover.bound}
    notices = [Notice(code="cameras_cover", text=text, data=data)]
    if n < options.n_cameras:
        text = _(
            "Av högst {k} kameraplatser föreslås {n}: ingen annan möjlig plats når minst {least} "
            "händelser och något som inte redan nås."
        ).format(k=options.n_cameras, n=n, least=options.min_events)
        data = {"n_sites": n, "n_cameras": options.n_cameras}
        notices.append(Notice(code="fewer_cameras", text=text, data=data))
    return notices


def _nothing(notices: list[Notice], why: str, crs: str) -> CameraPlan:
    text = _("Ingen kameraplats föreslås.") + " " + why
    notice = Notice(code="no_camera_sites", text=text, level="warning")
    sites = cast("gpd.GeoDataFrame", schema.empty("camera_sites", crs=crs))
    coverage = pd.DataFrame(
        {
            "site_id": pd.Series([], dtype="str"),
            "place_id": np.zeros(0, dtype=np.int64),
            "n_events": np.zeros(0, dtype=np.int64),
        }
    )
    return CameraPlan(sites, coverage, 0, 0, 0.0, "nothing_to_propose", (*notices, notice))
