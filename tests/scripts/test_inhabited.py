from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from scripts.pipeline import inhabited

DAY = date(2026, 6, 30)


def areas(rows: list[tuple[str, str, float | None, str | None, str | None]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "area_id": [row[0] for row in rows],
            "kind": pd.Categorical([row[1] for row in rows]),
            "population": pd.Series([row[2] for row in rows], dtype="float64"),
            "valid_from": pd.to_datetime(pd.Series([row[3] for row in rows])),
            "valid_to": pd.to_datetime(pd.Series([row[4] for row in rows])),
        },
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(len(rows))],
        crs=3006,
    )


def test_nobody_is_counted_twice() -> None:
    table = areas(
        [
            ("M", "municipality", 900.0, None, None),
            ("R1", "regso", 400.0, None, None),
            ("R2", "regso", 500.0, None, None),
            ("R3", "regso", None, None, None),
        ]
    )
    found = inhabited(table, DAY)
    assert found is not None
    assert found["area_id"].tolist() == ["R1", "R2"]


def test_only_boundaries_in_force_on_the_day() -> None:
    table = areas(
        [
            ("R1", "regso", 400.0, None, "2026-06-29"),
            ("R1", "regso", 410.0, "2026-06-30", None),
            ("R2", "regso", 500.0, "2026-07-01", None),
        ]
    )
    found = inhabited(table, DAY)
    assert found is not None
    assert found["population"].tolist() == [410.0]


def test_no_inhabitants_known_or_no_events_is_none() -> None:
    table = areas([("R1", "regso", None, None, None), ("R2", "regso", 0.0, None, None)])
    assert inhabited(table, DAY) is None
    assert inhabited(table.assign(population=5.0), None) is None
    assert inhabited(table.iloc[:0], DAY) is None
