"""The places where events stand, and the hot spots that are planted among them.

What is planted is known, so it can be checked what is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.synthetic import plan
from geodata.synthetic.plan import Floats
from geodata.synthetic.town import Town


@dataclass(frozen=True)
class Spot:
    """One planted hot spot.

    Attributes
    ----------
    spot_id, name
        Its name in the truth file.
    pattern
        ``steady``, ``operations`` (found in operation weeks only), ``stairwell``, ``summer``,
        ``school`` or ``moved`` (one that ends and one that begins near by).
    at
        Easting and northing it lies at.
    cases
        Cases per 6,000 events.
    places
        Number of points it spreads over.
    supply
        How many times likelier a case is about supply than on an ordinary place.
    clock
        Name of the profile of hours.
    first, last
        Days between which it is alive; ``None`` is the whole period.
    """

    spot_id: str
    name: str
    pattern: str
    at: tuple[float, float]
    cases: int
    places: int
    supply: float
    clock: str
    first: date | None = None
    last: date | None = None


MOVED_ON: Final = date(2024, 7, 1)
_MALLS: Final = {name: (x, y) for kind, name, x, y, _ in plan.LANDMARKS if kind == "mall"}
_SCHOOL: Final = next((x, y) for *_, name, x, y, _d in plan.LANDMARKS if name == "Demogymnasiet")
_ROUND, _OVAL = ((x, y) for _, x, y, _ in plan.RINGS)

SPOTS: Final = (
    Spot("P01", "Exempeltorget", "steady", plan.SQUARE, 400, 8, 5.0, "evening"),
    Spot("P02", "Exempelgallerian", "steady", _MALLS["Exempelgallerian"], 330, 8, 5.0, "day"),
    Spot("P03", "Ringens centrum", "steady", _MALLS["Ringens centrum"], 270, 7, 4.0, "evening"),
    Spot("P04", "Klockans centrum", "steady", _MALLS["Klockans centrum"], 210, 6, 3.0, "evening"),
    Spot("P05", "Brofästet", "operations", (568930, 6495450), 220, 7, 0.2, "patrol"),
    Spot("P06", "Skissparken", "summer", plan.PARK, 210, 6, 1.5, "night"),
    Spot(
        "P07", "Skissvägen norr", "moved", (567560, 6496060), 160, 6, 4.0, "evening", None, MOVED_ON
    ),
    Spot("P08", "Skissvägen söder", "moved", (567790, 6495640), 175, 6, 4.0, "evening", MOVED_ON),
    Spot("P09", "Ellipsringen", "stairwell", _OVAL, 130, 8, 1.5, "evening"),
    Spot("P10", "Hageby södra", "stairwell", (570200, 6492520), 110, 8, 1.0, "night"),
    Spot("P11", "Utkastvägen", "operations", (569780, 6494180), 90, 5, 0.1, "patrol"),
    Spot("P12", "Demogymnasiet", "school", _SCHOOL, 110, 4, 0.5, "school"),
)

REACH_M: Final = 70.0
"""How far from its middle a planted hot spot goes, as long as that leaves it three points."""

STATION: Final = next((x, y) for kind, _, x, y, _d in plan.LANDMARKS if kind == "police")
STATION_SHARE: Final = 0.09
"""Share of all cases that stand on the police station for want of a better place."""


def make_places(town: Town, areas: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the points on which events can stand.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y`` in whole metres, ``street``, ``number``, ``kind`` (building kind, ``entrance``,
        ``forecourt``, ``street`` or ``green``), ``geocode`` and ``pull``, how much it draws
        ordinary events.
    """
    parts = [
        _around_landmarks(town),
        _at_buildings(town),
        _at_entrances(town),
        _along_streets(town),
        _in_green(town),
    ]
    table = pd.concat(parts, ignore_index=True).drop_duplicates(["x", "y"], ignore_index=True)
    points = np.asarray(shapely.points(table[["x", "y"]].to_numpy(dtype=float)))
    decided = shapely.union_all(
        areas.geometry[(areas["kind"].astype(str) == "est_area").to_numpy()].to_numpy()
    )
    shapely.prepare(decided)
    table["decided"] = np.asarray(shapely.contains(decided, points))
    centre = np.hypot(table["x"] - 569000, table["y"] - 6495000)
    by_kind = {
        "villa": 0.08,
        "rowhouse": 0.15,
        "industry": 0.1,
        "mall": 0.5,
        "green": 0.7,
        "school": 0.4,
    }
    crowd = table.groupby([table["x"] // 150, table["y"] // 150])["x"].transform("size")
    # by ground rather than by address, or the old town would be one single hot spot
    pull = table["kind"].map(by_kind).fillna(1.0) * (np.exp(-centre / 3500) + 0.25) / crowd**0.75
    pull *= np.where(table["decided"], 1.6, 1.0) * np.where(table["kind"] == "entrance", 0.13, 1.0)
    table["pull"] = pull * rng.gamma(0.9, 1.0, len(table))
    return table


def _frame(
    points: Floats, street: object, number: object, kind: object, geocode: str
) -> pd.DataFrame:
    whole = np.round(points).astype(np.int64)
    return pd.DataFrame(
        {"x": whole[:, 0], "y": whole[:, 1], "street": street, "number": number, "kind": kind}
    ).assign(geocode=geocode)


def _at_buildings(town: Town) -> pd.DataFrame:
    houses = town.buildings
    centre = shapely.get_coordinates(shapely.point_on_surface(houses.geometry.to_numpy()))
    number = houses["number"].astype(str).to_numpy()
    return _frame(centre, houses["street"].to_numpy(), number, houses["kind"].to_numpy(), "Adress")


def _at_entrances(town: Town) -> pd.DataFrame:
    doors = town.entrances
    parts = doors["address"].str.extract(r"^(?P<street>.*?) (?P<number>\d+.*)$")
    points = shapely.get_coordinates(doors.geometry.to_numpy())
    return _frame(
        points, parts["street"].to_numpy(), parts["number"].to_numpy(), "entrance", "Adress"
    )


def _along_streets(town: Town) -> pd.DataFrame:
    streets = town.streets[town.streets["name"].notna()]
    lines = streets.geometry.to_numpy()
    n = np.maximum(1, streets.length.to_numpy() // 130).astype(int)
    row = np.repeat(np.arange(len(streets)), n)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    points = shapely.line_interpolate_point(lines[row], (nth + 0.5) / n[row], normalized=True)
    dry = ~shapely.intersects(town.water.geometry.iloc[0], points)
    at = shapely.get_coordinates(points[dry])
    return _frame(at, streets["name"].to_numpy()[row[dry]], "", "street", "Interpolerad")


def _around_landmarks(town: Town) -> pd.DataFrame:
    """Return points along the walls of malls and schools, and around square and named park."""
    houses = town.buildings[town.buildings["kind"].isin(["mall", "school"])]
    green = town.green[town.green["name"].notna()]
    green = green.set_geometry(green.geometry.buffer(-12)).explode(ignore_index=True)
    green = green[~green.geometry.is_empty]
    walls = [
        *shapely.get_exterior_ring(houses.geometry.to_numpy()),
        *shapely.get_exterior_ring(green.geometry.to_numpy()),
    ]
    street = [*houses["street"], *green["name"]]
    number = [*houses["number"].astype(str), *([""] * len(green))]
    kind = [*houses["kind"].replace("mall", "forecourt"), *(["green"] * len(green))]
    parts = []
    for wall, name, house, what in zip(walls, street, number, kind, strict=True):
        n = max(1, int(wall.length // 32))
        points = shapely.line_interpolate_point(wall, (np.arange(n) + 0.5) / n, normalized=True)
        geocode = "Område" if what == "green" else "Adress"
        parts.append(_frame(shapely.get_coordinates(points), name, house, what, geocode))
    return pd.concat(parts, ignore_index=True)


def _in_green(town: Town) -> pd.DataFrame:
    green = town.green[town.green["kind"].isin(["park", "square"])]
    points = shapely.get_coordinates(shapely.point_on_surface(green.geometry.to_numpy()))
    name = green["name"].fillna("Park").to_numpy()
    return _frame(points, name, "", "green", "Område")


def plant(places: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """Return the points of each planted hot spot, by its id, with their ``share`` of its cases."""
    chances = np.random.SeedSequence([seed, 4]).spawn(len(SPOTS))
    return {
        spot.spot_id: places_of(spot, places, np.random.default_rng(chance))
        for spot, chance in zip(SPOTS, chances, strict=True)
    }


def places_of(spot: Spot, places: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the points of a planted hot spot, with ``share`` of its cases (sums to 1)."""
    kinds = {"entrance"} if spot.pattern == "stairwell" else None
    fit = places[places["kind"].isin(kinds)] if kinds else places[places["kind"] != "entrance"]
    if spot.pattern == "stairwell":
        # doors close together in one house or two: a stairwell problem keeps to its stairs
        first = fit.iloc[_nearest(fit, spot.at, 1)[0]]
        chosen = fit.iloc[_nearest(fit, (first["x"], first["y"]), spot.places)]
    else:
        first = fit.iloc[_nearest(fit, spot.at, 1)[0]]
        near = fit.iloc[_nearest(fit, (first["x"], first["y"]), spot.places)]
        reach = np.hypot(near["x"] - first["x"], near["y"] - first["y"]).to_numpy()
        chosen = near[(reach <= REACH_M) | (np.arange(len(near)) < 3)]
    weight = 1 / np.arange(1, len(chosen) + 1) ** 0.6
    return chosen.assign(share=rng.permutation(weight) / weight.sum(), spot=spot.spot_id)


def _nearest(places: pd.DataFrame, at: tuple[float, float], n: int) -> NDArray[np.int64]:
    """Return the rows of the `n` places nearest to a point, nearest first."""
    reach = np.hypot(places["x"].to_numpy() - at[0], places["y"].to_numpy() - at[1])
    return np.argsort(reach, kind="stable")[:n]
