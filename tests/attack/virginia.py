"""A real city for the attacker: Charlottesville with areas of its own, as a municipality has them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

CRS = "EPSG:32617"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "charlottesville.toml"
DATA = "charlottesville_2012_2017.csv.gz"
N_AREAS = 12
AREAS = """
[[areas.file]]
path = "omraden.gpkg"
kind = "est_area"

[appendix]
late_days = 0
"""


def write_city(folder: Path, real_data: Path) -> Path:
    """Write the example's project with areas; return its file.

    The data folder has no borders of the city: `N_AREAS` are made around its reports, their borders
    as crooked as a real one.
    """
    data = (real_data / "incidents" / DATA).read_bytes()
    (folder / DATA).write_bytes(data)
    file = folder / "lagesbild.toml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8") + AREAS, encoding="utf-8")
    areas = gpd.GeoDataFrame(
        {"area_id": [f"N{i + 1:02d}" for i in range(N_AREAS)]},
        geometry=list(city_areas(folder / DATA)),
        crs=CRS,
    )
    areas.insert(1, "name", "Stadsdel " + areas["area_id"].str[1:])
    areas.to_file(folder / "omraden.gpkg", layer="omraden")
    return file


def city_areas(data: Path) -> np.ndarray:
    """Return surfaces that cover where nearly all reports are, ``(N_AREAS,)``."""
    table = pd.read_csv(data, usecols=["lon", "lat"]).dropna()
    lon, lat = (table[name].to_numpy() for name in ("lon", "lat"))
    near = (np.abs(lon - np.median(lon)) < 0.06) & (np.abs(lat - np.median(lat)) < 0.05)
    points = gpd.GeoSeries(gpd.points_from_xy(lon[near], lat[near]), crs="EPSG:4326").to_crs(CRS)
    xy = shapely.get_coordinates(points.to_numpy())
    low, high = np.percentile(xy, [0.5, 99.5], axis=0)
    whole = shapely.box(*low, *high)
    rng = np.random.default_rng(4)
    seeds = shapely.MultiPoint(rng.uniform(low, high, (N_AREAS, 2)))
    parts = shapely.voronoi_polygons(seeds, extend_to=whole).geoms
    fine = [shapely.segmentize(part.intersection(whole), 60.0) for part in parts]
    return np.array([shapely.transform(part, _crooked) for part in fine])


def _crooked(xy: np.ndarray) -> np.ndarray:
    """Move points alike wherever they lie, so that shared borders stay shared."""
    return np.round(xy + 20 * np.column_stack([np.sin(xy[:, 1] / 45), np.cos(xy[:, 0] / 60)]), 1)
