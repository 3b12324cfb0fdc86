"""The straightforward notebook: what an analyst with pandas and Folium would write.

The yardstick of `whole_run`, not part of the product. It reads the export, puts each row in its
area by a spatial join, clusters the rows with scikit-learn's DBSCAN and draws the clusters.
``python -m scripts.benchmarks.notebook EXPORT.csv AREAS.gpkg MAP.html``; prints, as JSON, the
clusters by number of events.
"""

from __future__ import annotations

import json
import sys

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import MultiPoint
from sklearn.cluster import DBSCAN

CODES = ["5004", "5005", "5010", "5011"]
EPS_M = 75
MIN_SAMPLES = 200


def main(export: str, areas_file: str, map_file: str) -> None:
    """Run the notebook from top to bottom."""
    # Read and tidy the export
    df = pd.read_csv(export, sep=";", decimal=",", dtype={"brottskod": str})
    df["brottsdag start"] = pd.to_datetime(df["brottsdag start"])
    df = df.dropna(subset=["N", "E"])
    df = df[df["brottskod"].isin(CODES)]
    df = df.drop_duplicates(subset=["diarienr", "brottsdag start", "tid start", "N", "E"])

    # Which area is each row in?
    points = gpd.GeoDataFrame(df, geometry=gpd.points_from_xy(df["E"], df["N"]), crs=3006)
    areas = gpd.read_file(areas_file)
    joined = gpd.sjoin(points, areas[["area_id", "geometry"]], how="left", predicate="within")

    # Clusters of rows
    xy = joined[["E", "N"]].to_numpy()
    found = DBSCAN(eps=EPS_M, min_samples=MIN_SAMPLES).fit(xy)
    joined["cluster"] = found.labels_

    # A map of the clusters
    clusters = joined[joined["cluster"] >= 0]
    hulls = clusters.groupby("cluster")[["E", "N"]].apply(
        lambda g: MultiPoint(g.to_numpy()).convex_hull.buffer(EPS_M / 2)
    )
    shapes = gpd.GeoDataFrame(
        {"n": clusters.groupby("cluster").size()}, geometry=hulls, crs=3006
    ).to_crs(4326)
    m = folium.Map(location=[58.59, 16.19], zoom_start=12)
    folium.GeoJson(areas.to_crs(4326)).add_to(m)
    folium.GeoJson(shapes, tooltip=folium.GeoJsonTooltip(["n"])).add_to(m)
    m.save(map_file)

    # For the comparison: the core rows, of which every method must say the same
    core = found.core_sample_indices_
    np.save(f"{map_file}.npy", np.column_stack([xy[core], found.labels_[core]]))
    print(json.dumps(sorted(clusters.groupby("cluster").size().tolist(), reverse=True)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
