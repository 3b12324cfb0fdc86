"""Everything that candidates are judged by: where they stand, what they see, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.errors import Notice
from hotspots.cameraplan.gaining import Sight, gain_of, houses_near
from hotspots.cameraplan.trying import near_enough, points_to_try
from hotspots.candidates import CandidateOptions, Standings, find_standings
from hotspots.choosing.options import ChoiceOptions
from hotspots.layers import nearest_outline
from hotspots.options import CameraOptions
from hotspots.privacy import PrivacyLayers, PrivacyOptions, privacy_layers, view_costs
from hotspots.privacy.masks import masks
from hotspots.sightlines import (
    Obstacles,
    ViewOptions,
    best_bearings,
    existing_views,
    make_obstacles,
    open_mass,
    place_sigma,
    shares_within,
    views,
)
from hotspots.sightlines.shares import LEAST
from hotspots.sites import Demand
from hotspots.stability import StabilityOptions

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

ROUGH = 2e-3
"""Shares of a sector of 15° below this are left out where only the best points are tried."""

SAME_POINT_M = 2.0
"""A candidate nearer than this to a decided place is that place."""


@dataclass(frozen=True, kw_only=True)
class CameraSettings:
    """All settings that camera proposals depend on."""

    cameras: CameraOptions = field(default_factory=CameraOptions)
    candidates: CandidateOptions = field(default_factory=CandidateOptions)
    views: ViewOptions = field(default_factory=ViewOptions)
    privacy: PrivacyOptions = field(default_factory=PrivacyOptions)
    choice: ChoiceOptions = field(default_factory=ChoiceOptions)
    errors: StabilityOptions = field(default_factory=StabilityOptions)

    def settled(self) -> CameraSettings:
        """Return the same with the views' reach as a number."""
        return replace(self, views=self.views.settled(self.cameras.reach_m))


@dataclass(frozen=True)
class Decided:
    """A place that people have decided on earlier.

    Attributes
    ----------
    proposal_id, candidate_id
        Its ids.
    x_m, y_m
        Where it stands.
    position
        ``decided``: it is in the set; ``declined``: nothing within half the reach is proposed.
    why
        Why it was declined.
    """

    proposal_id: str
    candidate_id: str
    x_m: float
    y_m: float
    position: Literal["decided", "declined"]
    why: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """The candidates with their views; one row a point and bearing.

    Attributes
    ----------
    stand
        The points.
    point
        Row of `stand` of each candidate, shape (n,).
    ids
        Id of each candidate: that of its point, with its bearing where it has one.
    bearing_deg
        ``NaN`` for one that turns, shape (n,).
    seen
        What each sees, polygons, shape (n,).
    gain
        Share of each demanded place in view, candidates × places.
    costs
        `view_costs` of each, as they may be told.
    choosing
        Costs to choose by; they must not be written.
    hushed
        Candidates with a withheld place in view, shape (n,). That they break a limit must not be
        told: it would tell of the place.
    existing, existing_gain
        What existing cameras see, and their shares; ``None`` without such a layer.
    obstacles, privacy
        What hides, and whom it concerns.
    sigma_m, open_share
        Uncertainty of each demanded place, and how much of it is open ground.
    settings
        All settings, settled.
    pinned, declined
        Candidate ids that earlier decisions put in, and leave out with the reason.
    notices
        What was chosen and mended.
    """

    stand: Standings
    point: Ints
    ids: NDArray[np.object_]
    bearing_deg: Floats
    seen: Shapes
    gain: csr_array
    costs: pd.DataFrame
    choosing: pd.DataFrame
    hushed: NDArray[np.bool_]
    existing: Shapes | None
    existing_gain: csr_array | None
    obstacles: Obstacles
    privacy: PrivacyLayers
    sigma_m: Floats
    open_share: Floats
    settings: CameraSettings
    pinned: tuple[str, ...]
    declined: Mapping[str, str]
    notices: tuple[Notice, ...]

    @property
    def xy(self) -> Floats:
        """Where each candidate stands, metres, shape (n, 2)."""
        found: Floats = self.stand.xy[self.point]
        return found


def make_scene(
    demand: Demand,
    hotspots: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    settings: CameraSettings,
    *,
    decided: Sequence[Decided] = (),
    crs: str,
) -> Scene:
    """Set up the candidates near the hot spots with what they see and what it costs.

    Parameters
    ----------
    demand
        The counted events.
    hotspots
        Table ``hotspots``.
    layers
        The project's layers by name: ``buildings``, ``poles``, ``streets``, ``entrances``,
        ``cameras`` (existing ones), ``sensitive``, ``yards``, ``public_ground``, ``stops``.
    settings
        What is asked.
    decided
        Earlier decisions. A decided place that is no candidate becomes one.
    crs
        The project's CRS.

    Raises
    ------
    SettingsError
        If the reach is 0.
    """
    settings = settings.settled()
    obstacles = make_obstacles(layers.get("buildings"), options=settings.views, crs=crs)
    stand = _stand(hotspots, layers, settings, decided, obstacles)
    sigma = place_sigma(
        demand.place, demand.events["geocode_class"], len(demand.ids), settings.errors
    )
    open_share = open_mass(demand.xy, sigma, obstacles)
    sight = Sight(sigma, open_share, obstacles, settings.views.metres())
    told_about = _told_about(stand, decided)
    steps = settings.choice.steps
    tried = points_to_try(
        stand, demand, sight, told_about, settings.cameras, settings.candidates, steps=steps
    )
    stand = tried.stand
    # Where only the best of many points are tried, bearings needn't be told to the last event.
    least = ROUGH if tried.n_left else LEAST
    point, bearing = _bearings(stand, demand, sigma, settings.views, obstacles, least)
    ids = _ids(stand.ids[point], bearing)
    seen = views(stand.xy[point], bearing, settings.views, obstacles)
    existing, told = _existing(layers.get("cameras"), settings.views, obstacles, crs)
    privacy = privacy_layers(
        {name: layer for name, layer in layers.items() if name in _PRIVACY},
        options=settings.privacy,
        crs=crs,
        existing=existing,
    )
    free = np.isnan(bearing) & ~houses_near(stand.xy[point], settings.views.metres(), obstacles)
    gain = gain_of(seen, (stand.xy[point], free), demand, sight, steps=steps)
    costs = view_costs(seen, privacy)
    masked = masks(seen, privacy, settings.privacy, crs=crs).costs
    pinned, declined = _positions(stand, point, ids, decided, settings.views.metres())
    near = near_enough(stand, demand, settings.cameras)[point] | np.isin(ids, pinned)
    return Scene(
        stand=stand,
        point=point,
        ids=ids,
        bearing_deg=bearing,
        seen=seen,
        gain=csr_array(gain.multiply(near[:, None].astype(float)).tocsr()),
        costs=costs.drop(columns="n_withheld"),
        choosing=_choosing(ids, stand.ids[point], costs, masked, pinned),
        hushed=costs["n_withheld"].to_numpy("float64", na_value=0.0) > 0,
        existing=existing,
        existing_gain=None
        if existing is None
        else shares_within(existing, demand.xy, sigma, obstacles, open_share=open_share),
        obstacles=obstacles,
        privacy=privacy,
        sigma_m=sigma,
        open_share=open_share,
        settings=settings,
        pinned=pinned,
        declined=declined,
        notices=(*obstacles.notices, *stand.notices, *tried.notices, *told, *privacy.notices),
    )


_PRIVACY = ("buildings", "entrances", "sensitive", "yards", "public_ground", "stops")


def _stand(
    hotspots: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    settings: CameraSettings,
    decided: Sequence[Decided],
    obstacles: Obstacles,
) -> Standings:
    """Return the candidate points, with the decided places that are none of them."""
    stand = find_standings(
        hotspots,
        layers,
        obstacles=obstacles,
        reach_m=settings.views.metres(),
        spacing_m=settings.cameras.spacing_m,
        options=settings.candidates,
        crs=str(hotspots.crs),
    )
    more = [
        one
        for one in decided
        if one.position == "decided"
        and not (np.hypot(*(stand.xy - (one.x_m, one.y_m)).T) < SAME_POINT_M).any()
    ]
    if not more:
        return stand
    xy = np.array([(one.x_m, one.y_m) for one in more])
    names = [one.candidate_id or one.proposal_id for one in more]
    outlines = hotspots.geometry.to_numpy()
    return replace(
        stand,
        ids=np.append(stand.ids, np.array(names, dtype=object)),
        xy=np.concatenate([stand.xy, xy]),
        source=np.append(stand.source, np.full(len(more), "poles", dtype=object)),
        moved_m=np.append(stand.moved_m, np.zeros(len(more))),
        public=None if stand.public is None else np.append(stand.public, np.zeros(len(more), bool)),
        hotspot=np.append(stand.hotspot, nearest_outline(xy, outlines, within_m=np.inf)),
    )


def _told_about(stand: Standings, decided: Sequence[Decided]) -> NDArray[np.bool_]:
    """Tell which points earlier decisions are about, shape (points,)."""
    found = np.zeros(len(stand.xy), dtype=bool)
    for one in decided:
        found |= np.hypot(*(stand.xy - (one.x_m, one.y_m)).T) < SAME_POINT_M
    return found


def _bearings(
    stand: Standings,
    demand: Demand,
    sigma: Floats,
    options: ViewOptions,
    obstacles: Obstacles,
    least: float,
) -> tuple[Ints, Floats]:
    """Return the point and the bearing of each candidate: one a point unless cameras are fixed."""
    n = len(stand.xy)
    if options.camera == "turning" or not n:
        return np.arange(n), np.full(n, np.nan)
    found = best_bearings(
        stand.xy, demand.xy, sigma, demand.n.astype(np.float64), options, obstacles, least=least
    )
    point, nth = np.nonzero(~np.isnan(found))
    return point.astype(np.int64), found[point, nth]


def _ids(names: NDArray[np.object_], bearing: Floats) -> NDArray[np.object_]:
    return np.array(
        [
            name if np.isnan(at) else f"{name}/{at:.0f}°"
            for name, at in zip(names.tolist(), bearing.tolist(), strict=True)
        ],
        dtype=object,
    )


def _existing(
    cameras: gpd.GeoDataFrame | None, options: ViewOptions, obstacles: Obstacles, crs: str
) -> tuple[Shapes | None, tuple[Notice, ...]]:
    if cameras is None:
        return None, ()
    found = existing_views(cameras, options=options, obstacles=obstacles, crs=crs)
    return found.seen, found.notices


def _choosing(
    ids: NDArray[np.object_],
    points: NDArray[np.object_],
    costs: pd.DataFrame,
    masked: pd.DataFrame,
    pinned: Sequence[str],
) -> pd.DataFrame:
    """Return the costs to choose by: what masks can't remove of sensitive places, the rest as seen.

    Withheld places count as sensitive ones, masked or not: a mask would tell where they are. Not
    so for places that are decided on: a fault about them would tell as much.
    """
    table = costs.drop(columns="n_withheld")
    hushed = costs["n_withheld"].mask(np.isin(ids, list(pinned)) & costs["n_withheld"].notna(), 0)
    table["n_sensitive"] = masked["n_sensitive"] + hushed
    table.insert(0, "candidate_id", pd.Series(ids, dtype="str"))
    table.insert(1, "point_id", pd.Series(points, dtype="str"))
    return table


def _positions(
    stand: Standings,
    point: Ints,
    ids: NDArray[np.object_],
    decided: Sequence[Decided],
    reach_m: float,
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the candidates that are pinned (the best bearing of each), and those declined."""
    pinned: list[str] = []
    declined: dict[str, str] = {}
    for one in decided:
        # What is declined is the place, not the pole: the next pole would be the same proposal.
        around = reach_m / 2 if one.position == "declined" else SAME_POINT_M
        near = np.hypot(*(stand.xy[point] - (one.x_m, one.y_m)).T) < around
        mine = ids[near].tolist()
        if one.position == "declined":
            declined.update(dict.fromkeys(mine, one.why))
        else:
            pinned += mine[:1]
    return tuple(pinned), declined
