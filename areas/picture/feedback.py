"""What goes back to those who reported: sums of a quarter, by area and by class, never crossed.

Crossing the two would make many small counts; apart, each is one list whose sum is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from areas.picture.counts import ALL, series_of, tally
from areas.picture.units import Units, Window
from areas.picture.weeks import local_days
from geodata import schema
from geodata.labels import label
from geodata.language import gettext as _
from geodata.picture_tables import PICTURE, UNPLACED

if TYPE_CHECKING:
    from areas.picture.making import Picture

WITHOUT = ("police", "unknown")
"""Sources that aren't written to: the police's figures are its own; nobody's may be too."""


def feedback_table(incidents: pd.DataFrame, units: Units, window: Window) -> pd.DataFrame:
    """Return table ``feedback`` of all named sources but the police.

    Parameters
    ----------
    incidents, units
        Events and the unit of each.
    window
        The days that the sheet tells of.
    """
    days = local_days(incidents["start"])
    within = (days >= np.datetime64(window.first)) & (days <= np.datetime64(window.last))
    series = [one for one in series_of(incidents) if one[0] not in WITHOUT and one[1] != "space"]
    counted = tally(incidents, units, within, series).events
    rows: list[tuple[str, str, str, str, int]] = []
    for at, (source, by, value) in enumerate(series):
        rows.append((source, by, value, _("Alla") if by == ALL else label(value), counted[0, at]))
        if by == ALL:
            rows += [
                (source, "area", unit, name, counted[i, at])
                for i, (unit, name) in enumerate(
                    zip(units.table["area_id"], units.table["name"], strict=True)
                )
                if i and not (unit == UNPLACED and counted[i, at] == 0)
            ]
    table = pd.DataFrame(rows, columns=["source", "by", "value", "name", "n_events"])
    for at, column, edge in ((4, "first_date", window.first), (5, "last_date", window.last)):
        dates = pd.Series([pd.Timestamp(edge)] * len(table)).astype("datetime64[us]")
        table.insert(at, column, dates)
    for column in ("source", "by"):
        values = table[column].tolist()
        table[column] = schema.category(values, "feedback", column, tables=PICTURE)
    table = table.astype({"value": "str", "name": "str", "n_events": "int64"})
    schema.check(table, "feedback", tables=PICTURE)
    return table


def feedback_measures(picture: Picture, measures: pd.DataFrame) -> pd.DataFrame:
    """Return table ``feedback_measures``: what was done, by area and kind.

    Parameters
    ----------
    picture
        Whose areas and days.
    measures
        ``area_id``, ``kind``, ``first_date``, ``last_date`` (missing: still going on), and if they
        have a place, geometry: one without an area of the picture is of the area that holds its
        middle, else of the whole.
    """
    units = picture.units
    rows = [i for i in range(len(units.table)) if units.areas[i]]
    names = [(str(units.table["area_id"][i]), str(units.table["name"][i])) for i in rows]
    known = dict(names)
    area = measures["area_id"].map(known)
    if isinstance(measures, gpd.GeoDataFrame):
        middle = measures.geometry.centroid.to_numpy()
        for i in rows:
            held = shapely.covers(units.shapes[i], middle)
            area = area.where(~(area.isna() & held), str(units.table["name"][i]))
    area = area.fillna(_("Hela kommunen"))
    empty = schema.empty("feedback_measures", tables=PICTURE)
    if measures.empty:
        return empty
    start, end = pd.Timestamp(picture.feedback.first), pd.Timestamp(picture.feedback.last)
    begins = measures["first_date"].where(measures["first_date"] > start, start)
    ends = measures["last_date"].where(measures["last_date"] < end, end)  # missing: going on
    days = (ends - begins).dt.days + 1
    kind = measures["kind"].fillna(_("insats"))
    done = pd.DataFrame({"name": area, "kind": kind, "days": days})[days > 0]
    if done.empty:
        return empty
    grouped = done.groupby(["name", "kind"], sort=True)["days"].agg(["size", "sum"]).reset_index()
    order = {name: i for i, (_id, name) in enumerate(names)}
    grouped["order"] = grouped["name"].map(order).fillna(len(order))
    grouped = grouped.sort_values(["order", "name", "kind"], ignore_index=True)
    table = pd.DataFrame(
        {
            "name": grouped["name"].astype("str"),
            "kind": grouped["kind"].astype("str"),
            "n_measures": grouped["size"].astype("int64"),
            "days": grouped["sum"].astype("int64"),
        }
    )
    schema.check(table, "feedback_measures", tables=PICTURE)
    return table
