"""A town of known truth for tests of the effect of measures."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.measures.reading import COLUMNS
from hotspots.effect.evaluating import Counted
from tests.factories import CRS, X0, Y0, make_incidents

FIRST, LAST = date(2022, 1, 1), date(2025, 12, 31)
DAYS = (LAST - FIRST).days + 1
BEGAN = date(2025, 1, 1)
COUNTED = Counted("police", "anmälda narkotikabrott", (FIRST, LAST), by_month=False)


def spots(n_side: int = 4, apart_m: float = 700.0) -> np.ndarray:
    """Return the middles of hot spots in a square, metres from the corner, shape (n, 2)."""
    at = np.arange(n_side) * apart_m
    return np.array([(x, y) for x in at for y in at])


def town(
    rng: np.random.Generator,
    *,
    a_year: float = 60.0,
    bout: float = 1.0,
    effect: float = 1.0,
    moved_m: float | None = None,
    n_side: int = 4,
    level_spread: float = 0.3,
) -> pd.DataFrame:
    """Return events at hot spots alike; the first one changes by `effect` on `BEGAN`.

    Parameters
    ----------
    bout
        Mean number of events that come together on one day: above 1 counts are overdispersed.
    moved_m
        Distance, eastwards, to which the events that go away move; ``None``: nowhere.
    """
    middles = spots(n_side)
    xs, ys, days = [], [], []
    turn = (BEGAN - date(2024, 1, 1)).days
    begins = (FIRST - date(2024, 1, 1)).days
    for i, (x, y) in enumerate(middles):
        level = a_year * (1.0 if i == 0 else float(rng.gamma(1 / level_spread**2, level_spread**2)))
        n = rng.poisson(level * DAYS / 365.25 / bout)
        day = np.repeat(rng.integers(begins, begins + DAYS, n), 1 + rng.poisson(bout - 1, n))
        at_x, at_y = (
            x + rng.normal(0, 25, len(day)).round(),
            y + rng.normal(0, 25, len(day)).round(),
        )
        if i == 0 and effect < 1:
            gone = (day >= turn) & (rng.random(len(day)) > effect)
            if moved_m is None:
                day, at_x, at_y = day[~gone], at_x[~gone], at_y[~gone]
            else:
                at_x = np.where(gone, at_x + moved_m, at_x)
        xs.append(at_x)
        ys.append(at_y)
        days.append(day)
    scattered = 300
    xs.append(rng.integers(-500, 2600, scattered).astype(float))
    ys.append(rng.integers(-500, 2600, scattered).astype(float))
    days.append(rng.integers(begins, begins + DAYS, scattered))
    return make_incidents(x=np.concatenate(xs), y=np.concatenate(ys), day=np.concatenate(days))


def measures(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return measures; each row overrides a camera at the first hot spot from `BEGAN`."""
    default = {
        "kind": "kamera",
        "name": "Kamera",
        "first_date": BEGAN,
        "last_date": None,
        "fixed_date": date(2024, 11, 1),
        "responsible": None,
        "place": "point",
        "area_id": None,
        "n_rows": 1,
        "geometry": shapely.Point(X0, Y0).buffer(75),
    }
    made = [{"measure_id": f"M{i}", **default, **row} for i, row in enumerate(rows or ({},), 1)]
    table = pd.DataFrame(made, columns=list(COLUMNS))
    for name in ("first_date", "last_date", "fixed_date"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    for name in ("measure_id", "kind", "name", "responsible", "place", "area_id"):
        table[name] = pd.Series([v or None for v in table[name]], dtype="str")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
