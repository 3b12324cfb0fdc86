"""A count grid: events by square cell, the plainest picture of where they gather.

Counting does about as well as density surfaces in large Swedish municipalities (Camacho Doyle,
Gerell & Andershed 2021), and it can be checked by hand.
"""

from __future__ import annotations

from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from hotspots import tally
from hotspots.lattice import Cells, number_cells
from hotspots.selection import event_days


def count_grid(
    events: pd.DataFrame,
    *,
    cell_size_m: float,
    crs: str,
    days: NDArray[np.datetime64] | None = None,
    cells: Cells | None = None,
) -> gpd.GeoDataFrame:
    """Count events by cell.

    Parameters
    ----------
    events
        Rows of ``incidents`` to count, already selected; only ``x_m`` and ``y_m`` are looked at
        where `days` are given.
    cell_size_m
        Side of the square cells, metres; corners lie on multiples of it.
    crs
        The project's CRS.
    days
        Local day of each event where it is already known; else found by `event_days`.
    cells
        Cells of that size of the events, where they are already known.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``grid``: cells with at least one event, by column and row. ``n_events`` sums to
        ``len(events)``, ``share`` to 1.
    """
    if cells is None:
        x_m, y_m = (events[name].to_numpy(np.float64) for name in ("x_m", "y_m"))
        cells = number_cells(x_m, y_m, cell_size_m)
    cell, columns, rows = cells
    k = len(columns)
    if k == 0:
        return cast("gpd.GeoDataFrame", schema.empty("grid", crs=crs))
    n_events = tally.totals(cell, k)
    west, south = columns * float(cell_size_m), rows * float(cell_size_m)
    data: dict[str, Any] = {
        "cell_id": pd.Series(
            [f"E{c}_N{r}" for c, r in zip(columns.tolist(), rows.tolist(), strict=True)],
            dtype="str",
        ),
        "x_m": west,
        "y_m": south,
        "n_events": n_events,
        "n_days": tally.distinct(cell, event_days(events) if days is None else days, k),
        "share": n_events / len(events),
    }
    squares = shapely.box(west, south, west + cell_size_m, south + cell_size_m)
    table = gpd.GeoDataFrame(data, geometry=squares, crs=crs)
    schema.check(table, "grid", crs=crs)
    return table
