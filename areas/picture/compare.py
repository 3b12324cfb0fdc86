"""Which areas an area may be held against: alike in size, dwellings and earlier events.

Chosen by stated rules and never by who lives there. Earlier events are those of the year before the
counted one, so that an area is not matched on the very figure it is then compared by, which would
draw the two together (regression to the mean).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from areas.picture.counts import Peers, Tally, exposures
from areas.picture.options import PictureOptions
from areas.picture.units import Units
from areas.population.apportion import Inhabitants
from geodata import schema
from geodata.picture_tables import PICTURE

Floats = NDArray[np.float64]

OVERLAP: Final = 0.05
"""Share of the smaller of two areas that they may have in common and still be two."""

_LABELS: Final = ("size", "buildings", "events")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Comparable areas.

    Attributes
    ----------
    table
        Table ``picture_peers``.
    of
        For each unit the rows of the pool's table that it is held against.
    """

    table: pd.DataFrame
    of: tuple[tuple[int, ...], ...]


def find_peers(
    units: Units,
    pool: Units,
    *,
    inhabitants: Inhabitants,
    before: tuple[Floats, Floats] | None,
    options: PictureOptions,
) -> Comparison:
    """Find the areas that each area may be held against.

    Parameters
    ----------
    units, pool
        The areas asked about, and those to choose among.
    inhabitants
        For the dwellings of each.
    before
        Events of one source in the year before, of each row of `units` and of `pool`; ``None``
        where the data don't reach that far back.
    options
        ``peers`` at most, each within ``peer_factor`` times in hectares, dwelling m² per hectare
        and earlier events per hectare; what is not known is not compared.

    Returns
    -------
    Comparison
        Nearest first by the root of the mean squared log ratio; ties by id. Areas that overlap by
        more than `OVERLAP` of the smaller are never compared.
    """
    own, theirs = (_features(one, inhabitants, at, before) for at, one in enumerate((units, pool)))
    limit = np.log(options.peer_factor)
    rows: list[dict[str, Any]] = []
    chosen: list[tuple[int, ...]] = []
    for i, is_area in enumerate(units.areas):
        found: list[tuple[float, str, int, Floats]] = []
        for j in np.flatnonzero(pool.areas).tolist() if is_area else []:
            logs = theirs[j] - own[i]
            known = logs[np.isfinite(logs)]
            if not np.isfinite(logs[0]) or (np.abs(known) > limit).any():
                continue
            if not _same(units.shapes[i], pool.shapes[j]):
                distance = float(np.sqrt(np.mean(known**2)))
                found.append((round(distance, 9), str(pool.table["area_id"][j]), j, logs))
        found.sort(key=lambda one: one[:2])
        best = found[: options.peers]
        chosen.append(tuple(j for _d, _id, j, _l in best))
        rows += [
            {
                "area_id": units.table["area_id"][i],
                "peer_id": peer,
                "peer_name": pool.table["name"][j],
                "rank": rank,
                "distance": distance,
                **{
                    f"{name}_ratio": float(np.exp(v)) for name, v in zip(_LABELS, logs, strict=True)
                },
            }
            for rank, (distance, peer, j, logs) in enumerate(best, start=1)
        ]
    table = schema.empty("picture_peers", tables=PICTURE)
    if rows:
        text = dict.fromkeys(("area_id", "peer_id", "peer_name"), "str")
        table = pd.DataFrame(rows)[list(table.columns)].astype(text)
    schema.check(table, "picture_peers", tables=PICTURE)
    return Comparison(table, tuple(chosen))


def peer_sums(comparison: Comparison, pool: Units, counted: Tally, k: int) -> Peers:
    """Return the comparable areas' events and what they count over, for each of `k` units."""
    people, land = exposures(pool)
    events = np.zeros((k, counted.events.shape[1]), dtype=np.int64)
    sums = np.full((2, k), np.nan)
    for i, rows in enumerate(comparison.of):
        if rows:
            events[i] = counted.events[list(rows)].sum(axis=0)
            sums[:, i] = people[list(rows)].sum(), land[list(rows)].sum()
    return Peers(events, sums[0], sums[1])


def _features(
    units: Units, inhabitants: Inhabitants, at: int, before: tuple[Floats, Floats] | None
) -> Floats:
    """Return logs of hectares, dwelling m² per ha, earlier events per ha; shape (k, 3).

    A constant is added where there may be none, so that an empty area is far from a full one but
    not infinitely far: 1 m² a hectare, and half an event in all.
    """
    land = units.table["area_ha"].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        homes = np.log(inhabitants.dwelling_m2(units.shapes) / land + 1)
        earlier = (
            np.full(len(land), np.nan) if before is None else np.log((before[at] + 0.5) / land)
        )
        return np.column_stack([np.log(land), homes, earlier])


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 (two polygons)
    common = float(shapely.area(shapely.intersection(one, other)))
    return bool(common > OVERLAP * min(one.area, other.area))
