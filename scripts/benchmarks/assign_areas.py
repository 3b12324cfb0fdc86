"""Events into areas: `areas.assign` beside `geopandas.sjoin`, same answer, in one process.

Run ``python -m scripts.benchmarks.assign_areas``. The city is synthetic: 20 × 20 km, 100 areas of
some 200 vertices that share their borders, a million events, either all on points of their own or
stacked on 40,000 places. In both cases half of the areas get new ids at a change of year, so that
each event has to be put by its own date.

The peer: points made from the columns, `sjoin` with ``intersects``, rows outside the validity left
out, the first area by id kept. A second peer, kinder to it, gets its points ready-made.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from areas.assign import assign_areas
from geodata import schema

CRS = "EPSG:3006"
SIDE_M = 20_000.0
N_EVENTS = 1_000_000
N_PLACES = 40_000
RUNS = 5


def city(rng: np.random.Generator, *, dated: bool) -> gpd.GeoDataFrame:
    """Return 100 areas with shared, wriggling borders; with `dated` half are renamed in 2024."""
    steps = np.linspace(0, SIDE_M, 11)
    fine = np.linspace(0, SIDE_M, 501)

    def wriggling() -> npt.NDArray[np.float64]:
        bend = np.convolve(rng.normal(0, 1, 501), np.ones(9) / 9, mode="same") * 120
        bend[::50] = 0
        return bend

    lines: list[shapely.Geometry] = []
    for at in steps:
        bend = 0 if at in (0, SIDE_M) else 1
        lines.append(shapely.LineString(np.column_stack([fine, at + bend * wriggling()])))
        lines.append(shapely.LineString(np.column_stack([at + bend * wriggling(), fine])))
    polygons = [p for p in shapely.polygonize([shapely.unary_union(lines)]).geoms if p.area > 1e6]
    n = len(polygons)
    ids = [f"A{i:03}" for i in range(n)]
    table = gpd.GeoDataFrame(
        {
            "area_id": pd.Series(ids, dtype="str"),
            "name": pd.Series(ids, dtype="str"),
            "kind": schema.category(["other"] * n, "areas", "kind"),
            "valid_from": pd.Series([pd.NaT] * n, dtype="datetime64[us]"),
            "valid_to": pd.Series([pd.NaT] * n, dtype="datetime64[us]"),
            "decision_ref": pd.Series([None] * n, dtype="str"),
            "authoritative": False,
            "source": pd.Series(["synthetic"] * n, dtype="str"),
            "population": np.nan,
        },
        geometry=polygons,
        crs=CRS,
    )
    if dated:
        old, new = table.iloc[::2].copy(), table.iloc[::2].copy()
        old["valid_to"] = pd.Timestamp("2023-12-31")
        new["valid_from"] = pd.Timestamp("2024-01-01")
        new["area_id"] = new["area_id"] + "N"
        table = pd.concat([table.iloc[1::2], old, new], ignore_index=True)
    schema.check(table, "areas", crs=CRS)
    return table


def events(rng: np.random.Generator, n_places: int) -> pd.DataFrame:
    """Return events on places as the import numbers them: by easting, then northing."""
    centres = rng.uniform(0, SIDE_M, (200, 2))
    clustered = int(0.6 * n_places)
    xy = np.concatenate(
        [
            centres[rng.integers(0, 200, clustered)]
            + rng.normal(0, 1, (clustered, 2)) * rng.uniform(30, 120, (clustered, 1)),
            rng.uniform(-500, SIDE_M + 500, (n_places - clustered, 2)),
        ]
    )
    xy = xy[np.lexsort((xy[:, 1], xy[:, 0]))]
    place = np.arange(n_places) if n_places == N_EVENTS else rng.integers(0, n_places, N_EVENTS)
    place = rng.permutation(place)
    seconds = rng.integers(0, 4 * 365 * 86_400, N_EVENTS)
    start = pd.Timestamp("2022-01-01") + pd.to_timedelta(seconds, unit="s")
    return pd.DataFrame(
        {
            "place_id": place + 1,
            "x_m": xy[place, 0],
            "y_m": xy[place, 1],
            "start": pd.Series(start)
            .dt.as_unit("us")
            .dt.tz_localize("UTC")
            .dt.tz_convert("Europe/Stockholm"),
        }
    )


def is_dated(areas: gpd.GeoDataFrame) -> bool:
    """Tell whether any area has a first or last day."""
    return bool(areas[["valid_from", "valid_to"]].notna().any(axis=None))


def points_of(table: pd.DataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the events as the peer wants them, with their day where it matters."""
    days = {"day": table["start"].dt.tz_localize(None).dt.normalize()} if is_dated(areas) else {}
    return gpd.GeoDataFrame(
        days,
        geometry=gpd.points_from_xy(table["x_m"], table["y_m"]),
        index=table.index,
        crs=CRS,
    )


def by_sjoin(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return the same as `assign_areas`, the usual way."""
    columns = ["area_id", "valid_from", "valid_to", "geometry"]
    joined = gpd.sjoin(points, areas[columns], predicate="intersects")
    if is_dated(areas):
        fits = ~(joined["valid_from"] > joined["day"]) & ~(joined["valid_to"] < joined["day"])
        joined = joined[fits]
    if joined.index.has_duplicates:
        joined = joined.sort_values("area_id", kind="stable")
        joined = joined[~joined.index.duplicated()]
    answer: pd.Series[Any] = joined["area_id"].reindex(points.index)
    return answer


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(areas: gpd.GeoDataFrame, table: pd.DataFrame) -> list[float]:
    """Return median seconds of ours, of the peer, and of the peer with points ready-made.

    Stops where the answers differ.
    """
    points = points_of(table, areas)
    ours = assign_areas(table, areas, kind="other")
    pd.testing.assert_series_equal(ours, by_sjoin(points, areas), check_names=False)
    timed = [
        (
            seconds(lambda: assign_areas(table, areas, kind="other")),
            seconds(lambda: by_sjoin(points_of(table, areas), areas)),
            seconds(lambda: by_sjoin(points, areas)),
        )
        for _run in range(RUNS)
    ]
    return [statistics.median(column) for column in zip(*timed, strict=True)]


def main() -> None:
    """Print one line a case: medians and ratios."""
    print(f"{'case':34}{'ours s':>9}{'sjoin s':>9}{'ratio':>8}{'points made':>13}{'ratio':>8}")
    for dated in (False, True):
        for n_places in (N_EVENTS, N_PLACES):
            rng = np.random.default_rng(581)
            areas, table = city(rng, dated=dated), events(rng, n_places)
            one, whole, join = measure(areas, table)
            case = f"{n_places:>9,} places, {'dated' if dated else 'undated'}"
            vertices = shapely.get_num_coordinates(areas.geometry.to_numpy()).mean()
            print(
                f"{case:34}{one:9.3f}{whole:9.3f}{whole / one:8.1f}{join:13.3f}{join / one:8.1f}"
                f"   ({len(areas)} areas, {vertices:.0f} vertices each,"
                f" same answer)"
            )


if __name__ == "__main__":
    main()
