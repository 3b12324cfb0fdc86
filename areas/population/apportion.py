"""Inhabitants of zones brought over to areas whose borders cut the zones.

A zone's inhabitants are spread over its dwellings by floor area (footprint × storeys), by footprint
where no storeys are known, and evenly over its ground where there are no dwellings to go by: three
class dasymetric mapping without the classes (Eicher & Brewer, *Cartography and GIS* 28, 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.lists import as_number

Floats = NDArray[np.float64]

LEAST_M2: Final = 10.0
"""Dwelling m² per inhabitant: with less, the zone's buildings are not all there."""

_USES: Final = ("residential", "building", "kind", "use", "andamal1", "ändamål", "objekttyp")
_LEVELS: Final = ("levels", "building:levels", "floors", "våningar", "antal_vaningar")
_DWELLINGS: Final = frozenset(
    {
        *("apartments", "house", "residential", "detached", "terrace", "semidetached_house"),
        *("villa", "rowhouse", "dormitory", "bungalow", "true", "bostad"),
    }
)


@dataclass(frozen=True, eq=False)
class Homes:
    """Dwellings.

    Attributes
    ----------
    points
        A point within each, shape (n,).
    m2
        Floor area where storeys are known, else footprint, shape (n,).
    how
        ``floor`` or ``footprint``.
    """

    points: NDArray[np.object_]
    m2: Floats
    how: str


def homes(buildings: gpd.GeoDataFrame | None) -> Homes | None:
    """Return the dwellings among buildings; ``None`` when there are none.

    Parameters
    ----------
    buildings
        Polygons in metres. What is a dwelling is told by the first column of those that map makers
        use for it; where none has a word for dwellings, every building may be one. Storeys likewise
        (footprint alone counts unless at least half of the dwellings tell theirs; the others then
        get the median).
    """
    if buildings is None or buildings.empty:
        return None
    columns = {str(c).casefold(): str(c) for c in buildings.columns}
    table = buildings
    for name in _USES:
        if name in columns:
            words = buildings[columns[name]].astype("str").str.casefold().str.split(";").str[0]
            lived_in = words.str.strip().isin(_DWELLINGS).to_numpy()
            if lived_in.any():
                table = buildings[lived_in]
                break
    shapes = table.geometry.to_numpy()
    footprint = shapely.area(shapes)
    storeys = _storeys(table, columns)
    how = "footprint" if storeys is None else "floor"
    m2 = footprint if storeys is None else footprint * storeys
    return Homes(shapely.point_on_surface(shapes), np.asarray(m2, dtype=np.float64), how)


def _storeys(table: gpd.GeoDataFrame, columns: dict[str, str]) -> Floats | None:
    for name in _LEVELS:
        if name in columns:
            told = [as_number(str(v)) for v in table[columns[name]]]
            number = np.array([np.nan if v is None or v <= 0 else v for v in told])
            known = np.isfinite(number)
            if known.mean() >= 0.5:
                return np.where(known, number, np.median(number[known]))
    return None


@dataclass(frozen=True, eq=False)
class Inhabitants:
    """Inhabitants of zones, ready to be brought over to any area.

    Attributes
    ----------
    zones
        ``zone_id``, ``population`` (NaN where unknown), geometry; they don't overlap. ``None``
        where no population has been read.
    homes
        Dwellings; ``None`` where no buildings are known.
    """

    zones: gpd.GeoDataFrame | None = None
    homes: Homes | None = None

    def within(self, shapes: Sequence[Any], given: Sequence[float] | Floats) -> pd.DataFrame:
        """Return the inhabitants within shapes.

        Parameters
        ----------
        shapes
            Polygons in the system of the zones; ``None`` has no inhabitants known.
        given
            Inhabitants that are already known of each, else NaN: they stand.

        Returns
        -------
        pandas.DataFrame
            ``population`` (NaN where unknown, also where a zone that holds some of the shape is)
            and ``how``: ``given``, ``floor``, ``footprint``, ``area``, or ``mixed`` where the
            shape's inhabitants come in more than one way.
        """
        known = np.asarray(given, dtype=np.float64)
        found = [(value, "given" if np.isfinite(value) else None) for value in known]
        if self.zones is not None and len(self.zones):
            weights = _Weights(self.zones, self.homes)
            for i, shape in enumerate(shapes):
                if not np.isfinite(known[i]) and shape is not None and not shape.is_empty:
                    found[i] = weights.within(shape)
        return pd.DataFrame(found, columns=["population", "how"]).astype({"population": "float64"})

    def dwelling_m2(self, shapes: Sequence[Any]) -> Floats:
        """Return the m² of dwellings within each shape; NaN without buildings or shape."""
        if self.homes is None:
            return np.full(len(shapes), np.nan)
        tree = shapely.STRtree(self.homes.points)
        m2 = self.homes.m2
        sums = [
            np.nan if s is None else float(m2[np.sort(tree.query(s, predicate="covers"))].sum())
            for s in shapes
        ]
        return np.array(sums, dtype=np.float64)


class _Weights:
    """Where the inhabitants of each zone live within it."""

    def __init__(self, zones: gpd.GeoDataFrame, homes_: Homes | None) -> None:
        self.shapes = zones.geometry.to_numpy()
        self.people = zones["population"].to_numpy(dtype=np.float64)
        self.homes = homes_
        self.by_ground = np.ones(len(zones), dtype=bool)
        self.tree = shapely.STRtree(self.shapes)
        if homes_ is None:
            return
        # A point on the border of two zones counts in the first of them.
        point, zone = self.tree.query(homes_.points, predicate="covered_by")
        order = np.lexsort((zone, point))
        first = order[np.unique(point[order], return_index=True)[1]]
        self.zone_of = np.full(len(homes_.points), -1, dtype=np.int64)
        self.zone_of[point[first]] = zone[first]
        inside = self.zone_of >= 0
        self.total = np.bincount(
            self.zone_of[inside], weights=homes_.m2[inside], minlength=len(zones)
        )
        with np.errstate(invalid="ignore"):
            self.by_ground = ~((self.total > 0) & (self.total >= LEAST_M2 * self.people))

    def within(self, shape: Any) -> tuple[float, str | None]:  # noqa: ANN401 (a polygon)
        """Return the inhabitants of a shape and how they were found."""
        touched = np.sort(self.tree.query(shape, predicate="intersects"))
        cut = shapely.area(shapely.intersection(self.shapes[touched], shape))
        ground = cut / shapely.area(self.shapes[touched])
        part = np.where(ground > 1e-9, ground, 0.0)
        ways = np.full(len(touched), "area", dtype=object)
        if self.homes is not None and not self.by_ground[touched].all():
            held = shapely.covers(shape, self.homes.points) & (self.zone_of >= 0)
            m2 = np.bincount(
                self.zone_of[held], weights=self.homes.m2[held], minlength=len(self.people)
            )[touched]
            lived = ~self.by_ground[touched]
            part[lived] = m2[lived] / self.total[touched][lived]
            ways[lived] = self.homes.how
        used = part > 0
        if not used.any():
            return np.nan, None
        people = float((part[used] * self.people[touched][used]).sum())
        if not np.isfinite(people):
            return np.nan, None
        told = sorted(set(ways[used].tolist()))
        # A zone that lies wholly inside gives all its inhabitants in any way.
        split = sorted(set(ways[used & (part < 1 - 1e-6)].tolist())) or told
        return people, str(split[0]) if len(split) == 1 else "mixed"
