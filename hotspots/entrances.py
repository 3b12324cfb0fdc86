"""Entrances and residential buildings, and which of them each place with reports belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.layers import in_order, nearest_outline
from hotspots.options import SearchOptions

Ints = NDArray[np.int64]
AT_WALL_M: Final = 3.0
"""An entrance belongs to a building when it stands at most this far from it, metres."""

KIND_COLUMNS: Final = ("building", "use", "kind", "typ", "type", "ändamål", "andamal")
"""Columns that may say what kind of building it is; a building is what any of them says."""

UNKNOWN_KINDS: Final = ("", "yes", "unknown", "okänd", "okänt")


@dataclass(frozen=True)
class Spots:
    """What reports can be given to: entrances, then buildings, or the places themselves.

    ``of_place`` gives the row of each place, −1 for none.
    """

    table: pd.DataFrame  # id, name, x_m, y_m, source
    of_place: Ints


def find_spots(
    ids: Ints,
    xy: NDArray[np.float64],
    entrances: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    options: SearchOptions,
    crs: str,
) -> tuple[Spots, list[Notice]]:
    """Return what reports are given to, and which of it each place with reports goes to."""
    notices: list[Notice] = []
    doors = houses = None
    if entrances is not None and len(entrances):
        doors = in_order(entrances, "E", crs=crs).assign(source="entrances")
    if buildings is not None and len(buildings):
        houses, notices = residential_houses(in_order(buildings, "B", crs=crs), options)
        houses = houses.assign(source="buildings")
    if houses is not None and doors is not None:
        return _doors_of_houses(xy, doors, houses, options.reach_m), notices
    layer = doors if doors is not None else houses
    if layer is not None:
        of_place = nearest_outline(xy, layer.geometry.to_numpy(), within_m=options.reach_m)
        return Spots(_spots(layer), of_place), notices
    missing = pd.Series(pd.NA, index=range(len(ids)), dtype="str")
    table = pd.DataFrame({"id": missing, "name": missing, "x_m": xy[:, 0], "y_m": xy[:, 1]})
    text = _(
        "Varken entréer eller hus finns som lager. Platserna för hundsök är därför händelsernas "
        "egna punkter."
    )
    notices.append(Notice(code="search_at_places", text=text, level="warning"))
    return Spots(table.assign(source="places"), np.arange(len(ids))), notices


def _spots(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(layer[["id", "name", "x_m", "y_m", "source"]])


def _doors_of_houses(
    xy: NDArray[np.float64], doors: gpd.GeoDataFrame, houses: gpd.GeoDataFrame, reach_m: float
) -> Spots:
    """Give each place to its nearest house, and there to the nearest entrance if there is one."""
    outlines = houses.geometry.to_numpy()
    at = doors[["x_m", "y_m"]].to_numpy(np.float64)
    house_of_door = nearest_outline(at, outlines, within_m=AT_WALL_M)
    house = nearest_outline(xy, outlines, within_m=reach_m)
    pairs = pd.merge(
        pd.DataFrame({"place": np.arange(len(xy)), "house": house}).query("house >= 0"),
        pd.DataFrame({"door": np.arange(len(at)), "house": house_of_door}),
        on="house",
    )
    place, door = pairs["place"].to_numpy(), pairs["door"].to_numpy()
    apart = np.hypot(*(xy[place] - at[door]).T)
    order = np.lexsort((door, apart, place))
    found, first = np.unique(place[order], return_index=True)
    of_place = np.where(house >= 0, house + len(doors), -1)
    of_place[found] = door[order][first]
    return Spots(pd.concat([_spots(doors), _spots(houses)], ignore_index=True), of_place)


def residential_houses(
    houses: gpd.GeoDataFrame, options: SearchOptions
) -> tuple[gpd.GeoDataFrame, list[Notice]]:
    """Return the residential buildings, with those of unknown kind if the settings say so."""
    wanted = {word.casefold() for word in options.residential}
    residential = np.zeros(len(houses), dtype=bool)
    stated = np.zeros(len(houses), dtype=bool)
    for name in houses.columns:
        if str(name).casefold() in KIND_COLUMNS:
            codes, texts = pd.factorize(houses[name].astype("str").fillna("").str.casefold())
            words = [{word.strip() for word in re.split("[;,/]", text)} for text in texts]
            residential |= np.array([bool(w & wanted) for w in words])[codes]
            stated |= np.array([not w <= set(UNKNOWN_KINDS) for w in words])[codes]
    unknown = ~residential & ~stated
    kept = residential | unknown if options.include_unknown_buildings else residential
    numbers = {
        "residential": int(residential.sum()),
        "total": len(houses),
        "unknown": int(unknown.sum()),
    }
    text = _("Hus för hundsök: {residential} bostadshus av {total}.")
    if numbers["unknown"]:
        text += " "
        if options.include_unknown_buildings:
            text += _("{unknown} hus utan angivet slag räknas med.")
        else:
            text += _("{unknown} hus utan angivet slag räknas inte.")
    text = text.format(**{name: number(n) for name, n in numbers.items()})
    notice = Notice(code="residential_buildings", text=text, level="chosen", data=numbers)
    return houses[kept].reset_index(drop=True), [notice]
