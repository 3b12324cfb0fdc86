"""The synthetic town as layers: streets, buildings, entrances, poles, water, green ground."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import to_crs_table
from geodata.synthetic import plan
from geodata.synthetic.blocks import green_ground
from geodata.synthetic.buildings import make_buildings, number_on
from geodata.synthetic.network import build_network
from geodata.synthetic.plan import style_of


@dataclass(frozen=True)
class Town:
    """The layers of the town, all in `plan.CRS`.

    Attributes
    ----------
    streets
        ``street_id``, ``name``, ``kind`` (main, collector, local, footpath), ``width_m``; lines.
    buildings
        ``building_id``, ``kind``, ``name``, ``address``, ``street``, ``number``, ``levels``,
        ``n_dwellings``, ``residential``, ``owner``, ``tenure``; polygons.
    entrances
        ``entrance_id``, ``building_id``, ``address``, ``owner``, ``tenure``; points on outlines.
    poles
        ``pole_id``, ``kind``, ``owner``; points beside streets.
    water, green
        ``name``, ``kind``; polygons.
    """

    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    poles: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    green: gpd.GeoDataFrame


def order_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas that shape the town: decided areas first, then RegSO, in `plan.CRS`."""
    rank = areas["kind"].astype(str).map({"est_area": 0, "regso": 1})
    table = to_crs_table(areas.assign(rank=rank)[rank.notna()], plan.CRS)
    table = table.sort_values(["rank", "area_id"], kind="stable").drop_duplicates("area_id")
    near = table.intersects(shapely.polygons(plan.OUTLINE))
    return table[near][["area_id", "name", "kind", "geometry"]].reset_index(drop=True)


def build_town(areas: gpd.GeoDataFrame, seed: int) -> Town:
    """Build the town.

    Parameters
    ----------
    areas
        Table ``areas`` with the decided areas (``est_area``) and RegSO (``regso``).
    seed
        The same seed and areas give the same town.
    """
    chances = [np.random.default_rng(s) for s in np.random.SeedSequence([seed, 1]).spawn(3)]
    shaping = order_areas(areas)
    network = build_network(shaping, chances[0])
    buildings = _addresses(make_buildings(network, chances[1]), network.streets)
    water = gpd.GeoDataFrame(
        {"name": ["Motala ström (schematisk)"], "kind": ["water"]},
        geometry=[network.water],
        crs=plan.CRS,
    )
    green = green_ground(network.blocks)
    return Town(
        streets=network.streets,
        buildings=buildings.drop(columns=["front", "stairs", "block"]),
        entrances=_entrances(buildings),
        poles=_poles(network.streets, shaping, buildings, water, green),
        water=water,
        green=green,
    )


def _addresses(buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add ``street``, ``number`` and ``address`` from the nearest street with a name."""
    named = streets[streets["name"].notna()].reset_index(drop=True)
    lines = named.geometry.to_numpy()
    centre = shapely.centroid(buildings.geometry.to_numpy())
    nearest = shapely.STRtree(lines).nearest(centre)
    along = shapely.line_locate_point(lines[nearest], centre)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[nearest], along))
    back = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[nearest], np.maximum(along - 1, 0))
    )
    way, out = foot - back, shapely.get_coordinates(centre) - foot
    left = way[:, 0] * out[:, 1] - way[:, 1] * out[:, 0] > 0
    before = named.length.groupby(named["name"]).cumsum().to_numpy() - named.length.to_numpy()
    table = buildings.copy()
    table["street"] = named["name"].to_numpy()[nearest]
    table["number"] = number_on(table["street"].to_numpy(), left, before[nearest] + along)
    table["address"] = table["street"] + " " + table["number"].astype(str)
    return table


def _entrances(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stairwell entrances: evenly along each front, lettered when there are several."""
    houses = buildings[buildings["stairs"] > 0]
    stairs = houses["stairs"].to_numpy()
    row = np.repeat(np.arange(len(houses)), stairs)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(stairs) - stairs, stairs)
    share = (nth + 0.5) / stairs[row]
    fronts = houses["front"].to_numpy()[row]
    points = shapely.line_interpolate_point(fronts, share, normalized=True)
    table = houses[["building_id", "address", "owner", "tenure"]].iloc[row].reset_index(drop=True)
    letter = pd.Series(np.array(list("ABCDEFGH"))[nth])
    several = pd.Series(stairs[row] > 1)
    table["address"] = table["address"].where(~several, table["address"] + " " + letter)
    table.insert(0, "entrance_id", [f"E{n:05d}" for n in range(1, len(table) + 1)])
    return gpd.GeoDataFrame(table, geometry=points, crs=plan.CRS)


def _poles(
    streets: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    water: gpd.GeoDataFrame,
    green: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return lamp posts: along large roads, streets of the dense town and by flats, forecourts."""
    in_grid = np.array([style_of(name) is plan.GRID_CITY for name in areas["name"]], dtype=bool)
    dense = (areas["kind"].astype(str) == "est_area").to_numpy() | in_grid
    ground = shapely.union_all(areas.geometry[dense].to_numpy())
    large = streets["kind"].isin(["main", "collector"])
    flats = buildings.geometry.to_numpy()[(buildings["kind"] == "apartments").to_numpy()]
    yards = shapely.union_all(shapely.buffer(flats, 25, quad_segs=2))
    ground = shapely.union(ground, yards)
    shapely.prepare(ground)
    lit = streets[large | streets.intersects(ground)]
    spacing = np.where(lit["kind"].isin(["main", "collector"]), 62.0, 48.0)
    n = np.maximum(1, lit.length.to_numpy() // spacing).astype(int)
    row = np.repeat(np.arange(len(lit)), n)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    lines = lit.geometry.to_numpy()[row]
    at = (nth + 0.5) * lit.length.to_numpy()[row] / n[row]
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
    near = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + 0.5))
    way = (near - here) / 0.5
    aside = (lit["width_m"].to_numpy()[row] / 2 + 1.2) * np.where(nth % 2, 1, -1)
    points = shapely.points(
        np.round(here + np.column_stack([-way[:, 1], way[:, 0]]) * aside[:, None], 1)
    )
    keep = (large.loc[lit.index].to_numpy()[row]) | shapely.intersects(ground, points)
    every = np.concatenate([points[keep], _forecourt_poles(buildings, green)])
    every = every[~shapely.intersects(water.geometry.iloc[0], every)]
    _, taken = shapely.STRtree(every).query(buildings.geometry.to_numpy(), predicate="intersects")
    table = gpd.GeoDataFrame({"kind": "street_lamp"}, index=range(len(every)), geometry=every)
    table = table.drop(index=np.unique(taken)).drop_duplicates("geometry").reset_index(drop=True)
    table = table.set_crs(plan.CRS)
    table.insert(0, "pole_id", [f"P{number:05d}" for number in range(1, len(table) + 1)])
    table["owner"] = "Exempel Elnät AB"
    return table


def _forecourt_poles(buildings: gpd.GeoDataFrame, green: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return points around malls and schools and along the edges of square and named park."""
    houses = buildings[buildings["kind"].isin(["mall", "school"])]
    named = green[green["name"].notna()]
    edges = [
        *shapely.get_exterior_ring(shapely.buffer(houses.geometry.to_numpy(), 9)),
        *shapely.get_exterior_ring(named.geometry.to_numpy()),
    ]
    at = [
        shapely.line_interpolate_point(edge, np.arange(20, edge.length, 40), normalized=False)
        for edge in edges
    ]
    whole = np.round(shapely.get_coordinates(np.concatenate(at)), 1)
    return np.asarray(shapely.points(whole))
