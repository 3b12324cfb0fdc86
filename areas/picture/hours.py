"""Hour by weekday of each unit and source, from weights that were worked out elsewhere.

The weights are those of ``hotspots.aoristic``: a room that this one may not know, so the run hands
the numbers over and only their table is made here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.units import Units
from geodata import schema
from geodata.picture_tables import PICTURE
from geodata.schema import SOURCES


def hour_groups(incidents: pd.DataFrame, units: Units) -> tuple[NDArray[np.int64], int]:
    """Return the group of each event, by unit and source, and the number of groups."""
    source = incidents["source"].cat.codes.to_numpy(dtype=np.int64)
    return units.code * len(SOURCES) + source, len(units.table) * len(SOURCES)


def hours_table(weights: NDArray[np.float64], units: Units) -> pd.DataFrame:
    """Return table ``picture_hours``; cells without weight are left out.

    Parameters
    ----------
    weights
        By group of `hour_groups`, weekday and hour, the last hour the unknown one; shape
        (groups, 7, 25).
    units
        The units.
    """
    cube = weights.reshape(len(units.table), len(SOURCES), 7, 25).copy()
    cube[0] = cube[1:].sum(axis=0)
    unit, source, weekday, hour = np.nonzero(cube > 0)
    table = pd.DataFrame(
        {
            "area_id": pd.Series(units.table["area_id"].to_numpy()[unit], dtype="str"),
            "source": schema.category(
                np.array(SOURCES, dtype=object)[source], "picture_hours", "source", tables=PICTURE
            ),
            "weekday": weekday.astype(np.int64) + 1,
            "hour": hour.astype(np.int64),
            "weight": cube[unit, source, weekday, hour],
        }
    )
    schema.check(table, "picture_hours", tables=PICTURE)
    return table
