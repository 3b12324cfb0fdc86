"""The density of a view against its area and against the comparable places of the municipality.

Comparable places are the possible camera site with most events at each of the other hot spots, so
that a place is held against the town's busy places and not against empty streets. No figure of who
lives there is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import CAMERAS

HECTARE: float = 10_000.0
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Held:
    """All candidates with what their views hold.

    Attributes
    ----------
    n_events, area_m2, hotspot, xy
        Events in its view, the view's area, the hot spot it belongs to (its number), where it
        stands (metres); shapes (k,), (k,), (k,), (k, 2).
    hotspot_names
        Names of the hot spots.
    """

    n_events: Ints
    area_m2: Floats
    hotspot: Ints
    xy: Floats
    hotspot_names: Sequence[str]


def compare_places(
    site_ids: Sequence[str],
    at: Ints,
    held: Held,
    *,
    areas: Sequence[tuple[str, int, float] | None],
    apart_m: float,
    named: int,
    asked: Mapping[str, Sequence[int]] | None = None,
) -> pd.DataFrame:
    """Compare each proposed site with its area and with the comparable places.

    Parameters
    ----------
    site_ids, at
        Proposals, and which candidate each of them is.
    held
        All candidates.
    areas
        Of each proposal: name, events and hectares of its decided area; ``None`` outside all.
    apart_m
        Candidates nearer than this to the site are the same place and no comparison.
    named
        How many comparison places are shown by name: the densest ones.
    asked
        Candidates that people want beside a proposal, by ``site_id``; shown before the others.

    Returns
    -------
    pandas.DataFrame
        Table ``camera_comparison``. Rank 1 is densest; places that tie share the better rank.
    """
    n_events, area_m2, hotspot, xy = held.n_events, held.area_m2, held.hotspot, held.xy
    hotspot_names = held.hotspot_names
    density = n_events / np.maximum(area_m2, 1.0) * HECTARE
    rows: list[dict[str, Any]] = []
    for name, own, area in zip(site_ids, at.tolist(), areas, strict=True):
        far = np.hypot(*(xy - xy[own]).T) >= apart_m
        best = [
            max(np.flatnonzero(far & (hotspot == h)).tolist(), key=lambda i: (n_events[i], -i))
            for h in range(len(hotspot_names))
            if h != hotspot[own] and (far & (hotspot == h)).any()
        ]
        wanted = [i for i in (asked or {}).get(name, ()) if i != own]
        best = [i for i in best if i not in wanted]
        best.sort(key=lambda i: (-density[i], hotspot[i]))
        best = [*wanted, *best]
        all_of_them = np.array([density[own], *density[best]])
        ranks = [int((all_of_them > one).sum()) + 1 for one in all_of_them]
        n = len(all_of_them)
        shared = {"site_id": name, "n_compared": n}
        rows.append(
            shared
            | _figures("site", name, n_events[own], area_m2[own] / HECTARE)
            | {"rank": ranks[0]}
        )
        if area is not None:
            rows.append(shared | _figures("est_area", *area))
        for place, (i, rank) in enumerate(zip(best, ranks[1:], strict=True)):
            label = hotspot_names[int(hotspot[i])]
            figures = _figures("comparable", label, n_events[i], area_m2[i] / HECTARE)
            rows.append(shared | figures | {"rank": rank, "named": place < len(wanted) + named})
    return _table(rows)


def _figures(kind: str, name: str, n: int, hectares: float) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "n_events": int(n),
        "area_ha": float(hectares),
        "per_ha": int(n) / hectares if hectares > 0 else 0.0,
        "rank": None,
        "named": True,
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return schema.empty("camera_comparison", tables=CAMERAS)
    table = pd.DataFrame(rows, columns=list(CAMERAS["camera_comparison"]))
    table["kind"] = schema.category(table["kind"], "camera_comparison", "kind", tables=CAMERAS)
    table = table.astype({"site_id": "str", "name": "str", "rank": "Int64"})
    schema.check(table, "camera_comparison", tables=CAMERAS)
    return table


def area_figures(
    points_in: gpd.GeoDataFrame, area_ids: Sequence[str | None], n_by_area: pd.Series[Any]
) -> list[tuple[str, int, float] | None]:
    """Return name, events and hectares of the decided area of each proposal.

    Parameters
    ----------
    points_in
        Table ``areas``, the boundaries in force.
    area_ids
        Area of each proposal, ``None`` outside all.
    n_by_area
        Counted events by area, index ``area_id``.
    """
    known = points_in.drop_duplicates("area_id", keep="last").set_index("area_id")
    found: list[tuple[str, int, float] | None] = []
    for area in area_ids:
        if area is None or area not in known.index:
            found.append(None)
            continue
        hectares = float(shapely.area(known.geometry.loc[area])) / HECTARE
        found.append((str(known["name"].loc[area]), int(n_by_area.get(area, 0)), hectares))
    return found
