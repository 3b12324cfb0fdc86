"""From entrances with need to a round in walks: tables, and what there is to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Fault, Notice, SettingsError
from geodata.language import gettext as _
from geodata.language import number
from geodata.search_tables import SEARCHES
from hotspots.searchround import telling
from hotspots.searchround.history import candidates
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.selection import Selected, select_round
from hotspots.searchround.walking import Streets, Walking, walking_between
from hotspots.searchround.walks import Walks, divide, takes
from hotspots.searchround.weeks import week_text

FROM_REGISTER = (
    "entrance_id",
    "address",
    "property",
    "owner",
    "contact_role",
    "area_id",
    "search_spaces",
    "access",
    "informed_date",
    "need_words",
)
"""Columns of ``search_entrances`` that a round carries with it."""


@dataclass(frozen=True)
class RoundPlan:
    """A round.

    Attributes
    ----------
    stops
        Table ``search_round``: the entrances, walk by walk, in order.
    walks
        Table ``search_walks``.
    minima
        Table ``search_minima``.
    selected
        How the entrances were chosen.
    division
        How they were divided, with the bound.
    notices
        What was chosen, what couldn't be had, one by one.
    """

    stops: gpd.GeoDataFrame
    walks: gpd.GeoDataFrame
    minima: pd.DataFrame
    selected: Selected
    division: Walks
    notices: tuple[Notice, ...]


def plan_round(
    entrances: gpd.GeoDataFrame,
    *,
    results: pd.DataFrame | None,
    streets: gpd.GeoDataFrame | None,
    options: RoundOptions,
    monday: date,
    seed: int,
    crs: str,
) -> RoundPlan:
    """Choose the entrances of a week's round and lay them in walks.

    Parameters
    ----------
    entrances
        Table ``search_entrances``.
    results
        Table ``search_results``, or ``None``.
    streets
        Lines in `crs`, or ``None``: then all is walked straight times ``detour``.
    options
        Of the round.
    monday
        First day of its week.
    seed
        Of the project.
    crs
        The project's.

    Raises
    ------
    SettingsError
        ``search_past_shift`` if not even one search fits into a shift.
    """
    if options.minutes_per_entrance + options.start_min > options.shift_min:
        raise SettingsError(_past_shift(options))
    table = candidates(entrances, results, monday=monday, options=options)
    graph = Streets.of(streets)
    by_id = entrances.set_index("entrance_id", drop=False)
    tried: dict[int, _Try] = {}

    def attempt(n: int) -> _Try:
        if n not in tried:
            selected = select_round(table, options=options, monday=monday, seed=seed, n=n)
            ids = selected.entrances["entrance_id"].sort_values()
            xy = by_id.loc[ids, ["x_m", "y_m"]].to_numpy(np.float64)
            walking = walking_between(xy, graph, options)
            tried[n] = _Try(selected, ids.tolist(), walking, divide(walking.minutes, options))
        return tried[n]

    n = options.n_entrances
    if options.budget_min > 0:
        n = _most_within(options, len(table), lambda k: attempt(k).minutes(options))
    made = attempt(n)
    stops, walks = _tables(made, by_id, options, monday, crs)
    minima = made.selected.minima[list(SEARCHES["search_minima"])].copy()
    minima["kind"] = schema.category(minima["kind"], "search_minima", "kind", tables=SEARCHES)
    schema.check(minima, "search_minima", tables=SEARCHES)
    return RoundPlan(
        stops=stops,
        walks=walks,
        minima=minima,
        selected=made.selected,
        division=made.division,
        notices=telling.round_planned(made.selected, made.division, stops, options, monday),
    )


def _past_shift(options: RoundOptions) -> Fault:
    return Fault(
        code="search_past_shift",
        what=_("Ett sök med start ryms inte i ett pass."),
        where="[round]",
        why=_("start_min {start} + minutes_per_entrance {search} > shift_min {shift}.").format(
            start=number(options.start_min),
            search=number(options.minutes_per_entrance),
            shift=number(options.shift_min),
        ),
        next_step=_("Höj shift_min eller sänk de andra."),
    )


@dataclass(frozen=True)
class _Try:
    """A choice of entrances (ids in the order of `walking`) and its walks."""

    selected: Selected
    ids: list[str]
    walking: Walking
    division: Walks

    def minutes(self, options: RoundOptions) -> float:
        return self.division.minutes + len(self.ids) * options.minutes_per_entrance


def _most_within(options: RoundOptions, register: int, minutes: Callable[[int], float]) -> int:
    """Return the most entrances whose walks and searches fit the budget, by halving.

    One more entrance nearly always takes more time; where it doesn't, a round that fits is found
    all the same, though maybe not the largest.
    """
    low = 0
    high = min(register, int(options.budget_min // options.minutes_per_entrance))
    while low < high:
        middle = (low + high + 1) // 2
        if minutes(middle) <= options.budget_min:
            low = middle
        else:
            high = middle - 1
    return low


def _tables(
    made: _Try, by_id: gpd.GeoDataFrame, options: RoundOptions, monday: date, crs: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    parts, walks = [], []
    week = week_text(monday)
    chosen = made.selected.entrances.set_index("entrance_id")
    for no, walk in enumerate(made.division.walks, start=1):
        order = walk.order
        ids = [made.ids[i] for i in order.tolist()]
        legs = np.concatenate([[0.0], made.walking.metres[order[:-1], order[1:]]])
        rows = pd.DataFrame(by_id.loc[ids, list(FROM_REGISTER)]).reset_index(drop=True)
        rows = rows.join(
            chosen[["part", "order", "need", "last_searched", "draw"]], on="entrance_id"
        )
        parts.append(
            rows.assign(
                week=week,
                walk=no,
                stop=np.arange(1, len(ids) + 1),
                walk_m=legs,
                walk_min=legs / (options.walking_kmh * 1000 / 60),
                **dict(zip(("x_m", "y_m"), made.walking.xy[order].T, strict=True)),
            )
        )
        walks.append(
            {
                "week": week,
                "walk": no,
                "n_entrances": len(ids),
                "walking_m": float(legs.sum()),
                "walking_min": walk.length,
                "bound_min": walk.bound,
                "minutes": takes(made.walking.minutes, order, options),
                "geometry": _line(made.walking, order),
            }
        )
    return _stops(parts, crs), _walks(walks, crs)


def _stops(parts: list[pd.DataFrame], crs: str) -> gpd.GeoDataFrame:
    if not parts:
        return gpd.GeoDataFrame(schema.empty("search_round", crs=crs, tables=SEARCHES))
    table = pd.concat(parts, ignore_index=True)
    table = table.rename(columns={"order": "place", "last_searched": "last_search"})
    table["part"] = schema.category(table["part"], "search_round", "part", tables=SEARCHES)
    table["week"] = table["week"].astype("str")
    points = gpd.points_from_xy(table["x_m"], table["y_m"])
    frame = gpd.GeoDataFrame(table.assign(geometry=points), crs=crs)
    frame = frame[list(SEARCHES["search_round"])]
    schema.check(frame, "search_round", crs=crs, tables=SEARCHES)
    return frame


def _walks(rows: list[dict[str, object]], crs: str) -> gpd.GeoDataFrame:
    if not rows:
        return gpd.GeoDataFrame(schema.empty("search_walks", crs=crs, tables=SEARCHES))
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=crs)
    frame["week"] = frame["week"].astype("str")
    frame = frame[list(SEARCHES["search_walks"])]
    schema.check(frame, "search_walks", crs=crs, tables=SEARCHES)
    return frame


def _line(walking: Walking, order: NDArray[np.int64]) -> shapely.LineString:
    """Return a walk as a line; one stop is a line from it to itself."""
    if len(order) == 1:
        return shapely.LineString(walking.xy[[order[0], order[0]]])
    ways = [walking.way(a, b) for a, b in pairwise(order.tolist())]
    return shapely.LineString(np.vstack(ways))
