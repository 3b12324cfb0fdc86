"""Numbers of dog searches by area: all that is told of them outside ``intern``."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from geodata import schema
from geodata.search_tables import SEARCHES


def area_numbers(
    entrances: pd.DataFrame,
    stops: pd.DataFrame,
    results: pd.DataFrame | None,
    areas: gpd.GeoDataFrame,
    *,
    last: date,
    first: date | None = None,
) -> pd.DataFrame:
    """Return table ``search_areas``: what may be told outside ``intern``.

    Parameters
    ----------
    entrances, stops, results
        Tables ``search_entrances``, ``search_round`` and ``search_results``.
    areas
        Table ``areas``, for the names.
    first, last
        The days whose searches are counted, by the Monday of their week. Without `first` all
        searches before: it is then the first day of the quarter that the earliest lies in.

    Returns
    -------
    pandas.DataFrame
        One row an area, by id, entrances outside all areas last. A search is an entrance in a week.
    """
    area_of = entrances.set_index("entrance_id")["area_id"].astype("str")
    outside = ""  # sorts first; put last below
    known = schema.empty("search_results", tables=SEARCHES) if results is None else results
    done = known[(known["result"] != "not_done") & known["entrance_id"].isin(area_of.index)]
    begin = _begin(done, last) if first is None else first
    done = done[done["week_start"].between(pd.Timestamp(begin), pd.Timestamp(last))]
    visits = done.assign(find=done["result"] == "find")
    by_week = visits.groupby(["entrance_id", "week_start"])["find"].max().reset_index()
    counted = {
        "n_entrances": area_of,
        "n_valid": area_of[(entrances["consent"] == "valid").to_numpy(bool)],
        "n_round": stops["area_id"],
        "n_searches": by_week["entrance_id"].map(area_of),
        "n_finds": by_week.loc[by_week["find"].astype(bool), "entrance_id"].map(area_of),
    }
    numbers = {
        name: ids.astype("str").fillna(outside).value_counts() for name, ids in counted.items()
    }
    ids = sorted(numbers["n_entrances"].index, key=lambda one: (one == outside, one))
    names = areas.drop_duplicates("area_id").set_index("area_id")["name"]
    table = pd.DataFrame({"area_id": pd.Series(ids, dtype="str")})
    table["area_id"] = table["area_id"].mask(table["area_id"] == outside)
    table["name"] = table["area_id"].map(names).astype("str")
    for column, edge in (("first_date", begin), ("last_date", last)):
        table[column] = pd.Series([pd.Timestamp(edge)] * len(ids)).astype("datetime64[us]")
    for name, count in numbers.items():
        table[name] = count.reindex(ids, fill_value=0).to_numpy("int64")
    schema.check(table, "search_areas", tables=SEARCHES)
    return table


def _begin(done: pd.DataFrame, last: date) -> date:
    """Return the first day of the quarter of the earliest search; without one, of the last day."""
    earliest = done["week_start"].min() if len(done) else pd.Timestamp(last)
    begin: date = min(earliest, pd.Timestamp(last)).to_period("Q").start_time.date()
    return begin
