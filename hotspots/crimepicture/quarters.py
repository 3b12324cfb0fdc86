"""In how many quarters a view was in the top class, by the rule that hot spots are followed by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.clusters import Hotspots
from hotspots.crimepicture.members import Members
from hotspots.crimepicture.picture import Counted
from hotspots.options import HotspotOptions, OffenceClass
from hotspots.persistence import PersistenceOptions, follow_hotspots


def hot_quarters(
    incidents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    views: NDArray[Any],
    members: Members,
    counted: Counted,
    *,
    options: HotspotOptions,
    rules: PersistenceOptions,
) -> list[tuple[int, int]]:
    """Return quarters followed and quarters in the top class of each view.

    The quarters are whole ones, counted back from the period's last day. Views may overlap, so
    each is followed on its own.

    Parameters
    ----------
    incidents, places
        The whole extract.
    views, members
        Polygons and their places.
    counted
        What counts; only admitted kinds of space.
    options, rules
        The grid of the top class, and when a quarter is hot.
    """
    admitted = incidents[incidents["space_type"].isin(list(counted.space_types)).to_numpy()]
    classes = cast("tuple[OffenceClass, ...]", counted.classes)
    options = replace(options, classes=classes)
    found = []
    for number_, view in enumerate(views):
        mine = members.of(number_)
        alone = Hotspots(
            table=_outline(view, places.crs),
            place_hotspot=pd.Series(
                np.full(len(mine), "V", dtype=object),
                index=pd.Index(mine, name="place_id"),
                dtype="str",
            ),
            notices=(),
            period=counted.period,
            source=counted.source,
        )
        if admitted.empty:
            found.append((0, 0))
            continue
        table = follow_hotspots(admitted, places, alone, options, rules).table
        found.append((int(table["n_quarters"].sum()), int(table["n_hot"].sum())))
    return found


def _outline(view: Any, crs: object) -> gpd.GeoDataFrame:  # noqa: ANN401 (a shapely polygon)
    names = pd.Series(["V"], dtype="str")
    return gpd.GeoDataFrame({"hotspot_id": names}, geometry=[view], crs=crs)
