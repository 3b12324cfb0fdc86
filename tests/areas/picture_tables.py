"""A small town for tests of the picture: two RegSO side by side, one decided area across them."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from areas.picture import Known, Picture, PictureOptions, make_picture
from tests.factories import CRS, X0, Y0, make_incidents


def areas_table(*extra: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return RegSO R001 and R002, 1 × 1 km each, and area ``a`` of 40 ha across their border."""
    rows: list[dict[str, Any]] = [
        {"area_id": "0581R001", "name": "Väst", "kind": "regso", "box": (0, 0, 1000, 1000)},
        {"area_id": "0581R002", "name": "Öst", "kind": "regso", "box": (1000, 0, 2000, 1000)},
        {"area_id": "a", "name": "Åkern", "kind": "est_area", "box": (800, 0, 1200, 1000)},
        *extra,
    ]
    table = pd.DataFrame(
        {
            "area_id": pd.Series([r["area_id"] for r in rows], dtype="str"),
            "name": pd.Series([r["name"] for r in rows], dtype="str"),
            "kind": pd.Categorical(
                [r["kind"] for r in rows],
                categories=["est_area", "regso", "deso", "municipality", "other"],
            ),
            "valid_from": pd.to_datetime([r.get("valid_from") for r in rows]).astype(
                "datetime64[us]"
            ),
            "valid_to": pd.to_datetime([r.get("valid_to") for r in rows]).astype("datetime64[us]"),
            "decision_ref": pd.Series([None] * len(rows), dtype="str"),
            "authoritative": True,
            "source": pd.Series(["prov"] * len(rows), dtype="str"),
            "population": [float(r.get("population", np.nan)) for r in rows],
        }
    )
    shapes = [
        shapely.box(X0 + b[0], Y0 + b[1], X0 + b[2], Y0 + b[3]) for b in (r["box"] for r in rows)
    ]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def flat(events: pd.DataFrame, group: np.ndarray, k: int) -> np.ndarray:
    """Put every event on Monday at midnight: the weights themselves are tested elsewhere."""
    weights = np.zeros((k, 7, 25))
    np.add.at(weights, (group, 0, 0), 1.0)
    return weights


def picture_of(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame | None = None,
    as_of: date = date(2024, 12, 29),
    known: dict[str, Any] | None = None,
    **options: Any,
) -> Picture:
    """Make a picture that there is."""
    table = areas_table() if areas is None else areas
    made = make_picture(
        incidents,
        Known(table, **(known or {})),
        PictureOptions(**options),
        as_of=as_of,
        crs=CRS,
        spread=flat,
    )
    assert made is not None
    return made


def town(n: int = 400, seed: int = 3) -> pd.DataFrame:
    """Return events of two sources over a year and a half, some on a default address."""
    rng = np.random.default_rng(seed)
    return make_incidents(
        x=rng.choice(40, n) * 50.0,
        y=rng.choice(20, n) * 50.0,
        day=rng.integers(-180, 363, n),
        source=rng.choice(["police", "est_report"], n).tolist(),
        offence_class=rng.choice(["drug_supply", "drug_use", "damage"], n).tolist(),
        space_type=rng.choice(["public", "residential_common"], n).tolist(),
        offence_count=rng.integers(1, 4, n),
        stacked=(rng.random(n) < 0.1).tolist(),
    )
