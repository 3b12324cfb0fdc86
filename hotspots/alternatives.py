"""Fewer hours, a smaller sector, a shorter reach, masked: each beside the view that is proposed.

Shares of a place's location uncertainty are additive over parts of a view that don't overlap. So
one look at the slices of a sector, and one at the reaches within it, tell exactly what every
narrower sector and every shorter reach on the same steps would hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import ALTERNATIVE, ALTERNATIVES, CAMERAS
from geodata.language import N_, number, percent
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.aoristic import DAYS, HOURS, UNKNOWN_HOUR, aoristic
from hotspots.period import event_days
from hotspots.timeprofile import TimeOptions
from hotspots.timewindow import smallest_split, smallest_window

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEEK_HOURS: Final = DAYS * HOURS
TURN: Final = 360.0
_SLACK: Final = 1e-9
"""Shares are held to the limit up to this: 0.8 of ten events is eight of them."""


@dataclass(frozen=True, kw_only=True)
class AlternativeOptions:
    """``[alternatives]``: what a narrower proposal has to keep, and on which steps it is sought."""

    keep_share: float = setting(
        0.8,
        N_("Andel av händelserna som ett mindre alternativ minst ska behålla."),
        unit="andel",
        above=0,
        maximum=1,
    )
    sector_step_deg: float = setting(
        5.0,
        N_("Steg som en mindre sektor söks i. Mindre är noggrannare, tar längre."),
        unit="°",
        minimum=1,
        maximum=90,
    )
    reach_step_m: float = setting(
        5.0,
        N_("Steg som en kortare räckvidd söks i. Mindre är noggrannare, tar längre."),
        unit="m",
        minimum=1,
        maximum=100,
    )


class Look(Protocol):
    """How views are made: `hotspots.sightlines` behind a few words.

    `sights` has one row a view: ``row`` (the site, as numbered by the caller), ``bearing_deg``
    (``NaN``: the camera turns), ``width_deg``, ``reach_m``, ``masked`` (bool).
    """

    def shares(self, sights: pd.DataFrame) -> csr_array:
        """Return the share of each place in each view, 0–1, sights × places."""

    def costs(self, sights: pd.DataFrame) -> gpd.GeoDataFrame:
        """Return the view and its costs: ``geometry``, ``area_m2``, ``n_dwelling_buildings``,
        ``n_sensitive`` (unmasked); a number that is not known is missing.
        """  # noqa: D205


@dataclass(frozen=True, eq=False)
class PlaceTimes:
    """When the events of each place happen.

    Attributes
    ----------
    hours
        Aoristic hours of the week and last the unknown hour, float64, shape (places, 7 × 25).
    n
        Events of each place, shape (places,).
    place, day, known
        Of each event: its place, its day, and whether its hour is known, shape (events,).
    years
        Length of the period, years.
    """

    hours: Floats
    n: Ints
    place: Ints
    day: NDArray[np.datetime64]
    known: NDArray[np.bool_]
    years: float


def place_times(events: pd.DataFrame, place: Ints, k: int, *, years: float) -> PlaceTimes:
    """Spread the events of each place over the hours of the week.

    Parameters
    ----------
    events
        Rows of ``incidents`` that are counted, of one source: ``start``, ``end``,
        ``time_precision``.
    place
        Place of each event, 0…k−1, shape (events,).
    k
        Number of places.
    years
        Length of the period, years.
    """
    return PlaceTimes(
        hours=aoristic(events, place, k).reshape(k, DAYS * (HOURS + 1)),
        n=np.bincount(place, minlength=k).astype(np.int64),
        place=place,
        day=event_days(events),
        known=events["time_precision"].isin(["minute", "hour"]).to_numpy(),
        years=years,
    )


def alternatives(
    sites: pd.DataFrame,
    times: PlaceTimes,
    look: Look,
    options: AlternativeOptions | None = None,
    *,
    time_options: TimeOptions | None = None,
    crs: str,
) -> gpd.GeoDataFrame:
    """Set smaller proposals beside each site's own.

    Parameters
    ----------
    sites
        One row a site, by rank: ``site_id``, ``row``, ``bearing_deg`` (``NaN``: it turns),
        ``width_deg``, ``reach_m``.
    times
        The counted events.
    look
        How views and their costs are made.
    options
        What is to be kept.
    time_options
        How many events with a known hour a window needs.
    crs
        The project's CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``camera_alternatives``: for each site what is proposed; the fewest hours a week, the
        same every day or apart for weekends, that hold ``keep_share`` of the known time; the
        narrowest sector and the shortest reach that hold as much of the events; and the view with
        its masks. Where nothing smaller keeps enough the row says so and stands as proposed.
    """
    options = options or AlternativeOptions()
    windows = time_options or TimeOptions()
    rows: list[dict[str, Any]] = []
    for site in sites.to_dict("records"):
        rows += _of_site(_Site(site, times, look), options, windows)
    if not rows:
        empty = schema.empty("camera_alternatives", crs=crs, tables=CAMERAS)
        return gpd.GeoDataFrame(empty, geometry="geometry", crs=crs)
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)[list(ALTERNATIVE)]
    table["alternative"] = pd.Categorical(table["alternative"], categories=list(ALTERNATIVES))
    kinds = {"site_id": "str", "text": "str", "n_residential": "Int64", "n_sensitive": "Int64"}
    table = table.astype(kinds)
    schema.check(table, "camera_alternatives", crs=crs, tables=CAMERAS)
    return table


class _Site:
    """One site: its sight, and what sights like it hold."""

    def __init__(self, site: Mapping[Hashable, Any], times: PlaceTimes, look: Look) -> None:
        self.id = str(site["site_id"])
        self.sight = {
            "row": int(site["row"]),
            "bearing_deg": float(site["bearing_deg"]),
            "width_deg": float(site["width_deg"]),
            "reach_m": float(site["reach_m"]),
            "masked": False,
        }
        self.times = times
        self.look = look
        self.shares = np.asarray(look.shares(self.sights({})).todense())[0]
        self.events = float(self.shares @ times.n)

    def sights(self, *changes: dict[str, Any]) -> pd.DataFrame:
        """Return this site's sight with each of the changes, one row a change."""
        return pd.DataFrame([{**self.sight, **change} for change in changes])

    def held(self, sights: pd.DataFrame) -> Floats:
        """Return the expected events in each sight, shape (sights,)."""
        return np.asarray(self.look.shares(sights) @ self.times.n, dtype=np.float64)

    def told(
        self,
        kind: str,
        text: str,
        change: dict[str, Any],
        *,
        share: float = 1.0,
        hours: int = WEEK_HOURS,
    ) -> dict[str, Any]:
        """Return the row of one alternative; `share` is what its hours hold of what it sees."""
        sights = self.sights(change)
        seen = float(self.held(sights)[0]) * share
        cost = self.look.costs(sights).iloc[0]
        return {
            "site_id": self.id,
            "alternative": kind,
            "text": text,
            "events": seen / self.times.years,
            "share_kept": seen / self.events if self.events else np.nan,
            "hours_week": float(hours),
            "area_m2": float(cost["area_m2"]),
            "n_residential": cost["n_dwelling_buildings"],
            "n_sensitive": cost["n_sensitive"],
            "geometry": cost["geometry"],
        }


def _of_site(
    site: _Site, options: AlternativeOptions, windows: TimeOptions
) -> list[dict[str, Any]]:
    text = _("Som föreslagits: dygnet runt, {width} grader, {reach} m.").format(
        width=number(site.sight["width_deg"]),
        reach=number(site.sight["reach_m"]),
    )
    return [
        site.told("proposed", text, {}),
        _fewer_hours(site, options, windows),
        _smaller_sector(site, options),
        _shorter_reach(site, options),
        site.told("masked", _("Med föreslagen maskering."), {"masked": True}),
    ]


def _fewer_hours(site: _Site, options: AlternativeOptions, windows: TimeOptions) -> dict[str, Any]:
    times, kind = site.times, "fewer_hours"
    seen = (site.shares > 0)[times.place] & times.known
    if seen.sum() < windows.min_known or len(np.unique(times.day[seen])) < windows.min_days:
        text = _("För få händelser med känt klockslag för att ange färre timmar.")
        return site.told(kind, text, {})
    matrix = (site.shares @ times.hours).reshape(DAYS, HOURS + 1)[:, :UNKNOWN_HOUR]
    daily = smallest_window(matrix, share=options.keep_share)
    split = smallest_split(matrix, share=options.keep_share)
    apart = 5 * split.weekdays.hours + 2 * split.weekend.hours
    if apart < DAYS * daily.hours:
        hours, share = apart, split.share
        text = _("Måndag–fredag {week}, lördag–söndag {end}: {share} av den kända tiden.").format(
            week=split.weekdays.text(), end=split.weekend.text(), share=percent(share)
        )
    else:
        hours, share = DAYS * daily.hours, daily.share
        text = _("Alla dagar {window}: {share} av den kända tiden.").format(
            window=daily.text(), share=percent(share)
        )
    if hours >= WEEK_HOURS:
        return site.told(kind, _("Färre timmar håller inte tillräckligt av händelserna."), {})
    return site.told(kind, text, {}, share=share, hours=hours)


def _smaller_sector(site: _Site, options: AlternativeOptions) -> dict[str, Any]:
    width, bearing = site.sight["width_deg"], site.sight["bearing_deg"]
    turns = bool(np.isnan(bearing)) or width >= TURN
    whole = TURN if turns else width
    n = max(1, int(np.ceil(whole / options.sector_step_deg - _SLACK)))
    step = whole / n
    first = 0.0 if turns else bearing - whole / 2
    middles = (first + step * (np.arange(n) + 0.5)) % TURN
    slices = [{"bearing_deg": float(at), "width_deg": step} for at in middles]
    events = site.held(site.sights(*slices))
    found = _fewest(events, options.keep_share * site.events, ring=turns)
    if found is None or found[1] == n:
        text = _("Ingen mindre sektor behåller tillräckligt av händelserna.")
        return site.told("smaller_sector", text, {})
    start, many = found
    middle = (first + step * (start + many / 2)) % TURN
    text = _("Sektor om {width} grader mot {bearing}°: det mesta per grad.").format(
        width=number(step * many), bearing=number(middle)
    )
    change = {"bearing_deg": middle, "width_deg": step * many}
    return site.told("smaller_sector", text, change)


def _fewest(events: Floats, least: float, *, ring: bool) -> tuple[int, int] | None:
    """Return start and number of the fewest slices in a row that hold `least`.

    Of runs as short the one that holds most, then the first.
    """
    n = len(events)
    if events.sum() <= 0:
        return None
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([events, events]))])
    for many in range(1, n + 1):
        starts = np.arange(n if ring else n - many + 1)
        held = np.round(total[starts + many] - total[starts], 9)
        if held.max() >= least - _SLACK:
            return int(np.argmax(held)), many
    return None


def _shorter_reach(site: _Site, options: AlternativeOptions) -> dict[str, Any]:
    reach = site.sight["reach_m"]
    shorter = np.arange(options.reach_step_m, reach - _SLACK, options.reach_step_m)
    enough = np.zeros(0, dtype=np.int64)
    if len(shorter) and site.events > 0:
        events = site.held(site.sights(*({"reach_m": float(at)} for at in shorter)))
        enough = np.flatnonzero(events >= options.keep_share * site.events - _SLACK)
    if len(enough) == 0:
        text = _("Ingen kortare räckvidd behåller tillräckligt av händelserna.")
        return site.told("shorter_reach", text, {})
    to = float(shorter[enough[0]])
    text = _("Räckvidd {reach} m.").format(reach=number(to))
    return site.told("shorter_reach", text, {"reach_m": to})
