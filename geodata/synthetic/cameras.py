"""What camera proposals need beside the town: cameras, sensitive places, yards, ground, forms.

All of it is made of the town itself by fixed rules, without chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.synthetic import plan
from geodata.synthetic.town import Town

FORMS: Final[Mapping[str, tuple[str, tuple[float, float]]]] = {
    "K01": ("decided", (568821.6, 6494952.6)),
    "K02": ("half", (571073.0, 6492069.2)),
    "K03": ("declined", (570278.7, 6492880.6)),
}
"""Forms that are there from the start, by proposal: the text, and a point near its pole."""

EXISTING: Final = (
    ("Resecentrum", 568952.0, 6495120.0, 200.0),
    ("Ringen", 571020.0, 6492040.0, 90.0),
)
"""Made-up cameras: name, easting, northing and bearing."""

EXISTING_REACH_M: Final = 35.0
YARD_M: Final = 9.0
"""How far a yard reaches around its flats; villas have as much."""

SIDEWALK_M: Final = 4.0
STOP_EVERY: Final = 6
"""Of the collector streets every sixth has a stop at its middle."""

KINDS: Final[Mapping[str, str]] = {"school": "skola", "hospital": "sjukhus"}
SHELTER: Final = (570120.0, 6492560.0)
"""A shelter, made up like all else: it must never be found in anything that is written."""


def camera_layers(town: Town) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers by the names they have in the GeoPackage."""
    public = _public(town)
    return {
        "kameror": _cameras(),
        "kansliga_platser": _sensitive(town),
        "tomtmark": _yards(town, public),
        "allman_plats": public,
        "hallplatser": _stops(town),
    }


def _cameras() -> gpd.GeoDataFrame:
    names, x, y, bearing = zip(*EXISTING, strict=True)
    table = pd.DataFrame(
        {
            "namn": names,
            "riktning": bearing,
            "bildvinkel": 90.0,
            "rackvidd_m": EXISTING_REACH_M,
            "agare": "Exempelkommunen",
        }
    )
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(x, y), crs=plan.CRS)


def _sensitive(town: Town) -> gpd.GeoDataFrame:
    """Return schools, care, a playground in every named green, outdoor seating, and a shelter."""
    houses = town.buildings[town.buildings["kind"].isin(list(KINDS))]
    green = town.green[town.green["name"].notna()]
    malls = town.buildings[town.buildings["kind"] == "mall"]
    corner = shapely.get_coordinates(malls.geometry.to_numpy())[:1]
    seats = shapely.points(corner + np.array([0.0, -6.0]))
    parts = [
        (houses["kind"].map(KINDS).tolist(), houses["name"].tolist(), houses.geometry.to_numpy()),
        (
            ["lekplats" if kind == "park" else "uteservering" for kind in green["kind"]],
            green["name"].tolist(),
            shapely.buffer(shapely.centroid(green.geometry.to_numpy()), 8, quad_segs=4),
        ),
        (["uteservering"], [str(malls["name"].iloc[0])], shapely.buffer(seats, 4, quad_segs=4)),
        (["skyddat boende"], ["Skyddat boende (påhittat)"], np.array([shapely.Point(SHELTER)])),
    ]
    return gpd.GeoDataFrame(
        {
            "slag": [kind for kinds, _names, _shapes in parts for kind in kinds],
            "namn": [name for _kinds, names, _shapes in parts for name in names],
        },
        geometry=np.concatenate([np.asarray(shapes) for *_words, shapes in parts]),
        crs=plan.CRS,
    )


def _public(town: Town) -> gpd.GeoDataFrame:
    """Return streets with their sidewalks, and greens and squares, as one layer of polygons."""
    lines = town.streets.geometry.to_numpy()
    half = town.streets["width_m"].to_numpy(float) / 2 + SIDEWALK_M
    ground = shapely.union_all(shapely.buffer(lines, half, cap_style="flat"), grid_size=0.1)
    greens = shapely.union_all(town.green.geometry.to_numpy(), grid_size=0.1)
    houses = shapely.union_all(town.buildings.geometry.to_numpy(), grid_size=0.1)
    whole = shapely.difference(shapely.union(ground, greens, grid_size=0.1), houses, grid_size=0.1)
    parts = shapely.get_parts(whole)
    parts = parts[shapely.get_dimensions(parts) == 2]
    return gpd.GeoDataFrame(
        {"slag": "allmän plats"}, index=range(len(parts)), geometry=parts
    ).set_crs(plan.CRS)


def _yards(town: Town, common: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the ground around dwellings that is neither street, green nor house."""
    homes = town.buildings[town.buildings["kind"].isin(["apartments", "villa", "rowhouse"])]
    around = shapely.union_all(shapely.buffer(homes.geometry.to_numpy(), YARD_M, quad_segs=2))
    houses = shapely.union_all(town.buildings.geometry.to_numpy(), grid_size=0.1)
    public = shapely.union_all(common.geometry.to_numpy(), grid_size=0.1)
    yards = shapely.difference(
        shapely.difference(around, houses, grid_size=0.1), public, grid_size=0.1
    )
    parts = shapely.get_parts(yards)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 4)]
    return gpd.GeoDataFrame({"slag": "tomtmark"}, index=range(len(parts)), geometry=parts).set_crs(
        plan.CRS
    )


def _stops(town: Town) -> gpd.GeoDataFrame:
    """Return stop areas along some of the collector streets."""
    streets = town.streets[town.streets["kind"].isin(["main", "collector"])].iloc[::STOP_EVERY]
    middle = shapely.line_interpolate_point(streets.geometry.to_numpy(), 0.5, normalized=True)
    areas = shapely.buffer(middle, 12, quad_segs=2)
    names = [f"Exempelhållplats {number}" for number in range(1, len(areas) + 1)]
    return gpd.GeoDataFrame({"namn": names}, geometry=areas, crs=plan.CRS)


def write_forms(folder: Path, town: Town) -> tuple[Path, ...]:
    """Write one filled-in form, one that is half filled in, and one of a place declined.

    Parameters
    ----------
    folder
        The project's folder of decisions.
    town
        Its poles are where cameras can stand.

    Raises
    ------
    OSError
        If a file can't be written.
    """
    written = []
    points = shapely.get_coordinates(town.poles.geometry.to_numpy())
    for name, (text, near) in FORMS.items():
        row = int(np.argmin(np.hypot(*(points - near).T)))
        template = (Path(__file__).parent / "forms" / f"{text}.toml").read_text("utf-8")
        filled = (
            template.replace("{candidate}", str(town.poles["pole_id"].iloc[row]))
            .replace("{x_m}", f"{points[row, 0]:.1f}")
            .replace("{y_m}", f"{points[row, 1]:.1f}")
        )
        file = folder / name / "formular.toml"
        if file.exists():  # somebody may have gone on with it
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled, encoding="utf-8", newline="\n")
        written.append(file)
    return tuple(written)
