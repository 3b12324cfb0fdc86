"""What the register and earlier results say of an entrance before a round."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from hotspots.searchround.options import RoundOptions


def candidates(
    entrances: pd.DataFrame, results: pd.DataFrame | None, *, monday: date, options: RoundOptions
) -> pd.DataFrame:
    """Return the entrances as `select_round` wants them.

    Parameters
    ----------
    entrances
        Table ``search_entrances``.
    results
        Table ``search_results``; ``None`` for none.
    monday
        First day of the round's week.
    options
        ``window_days``.

    Returns
    -------
    pandas.DataFrame
        One row an entrance, in the order of `entrances`: ``entrance_id``, ``owner``, ``area_id``,
        ``need``, ``last_searched``, ``n_searched_recent`` (weeks with a search that was done,
        within the window before the week), ``last_found`` (Monday of the last week with a find),
        ``consent_valid`` (from Monday to Sunday: the day of a walk isn't settled).
    """
    sunday = pd.Timestamp(monday + timedelta(days=6))
    ends = entrances["consent_valid_to"]
    back = entrances["consent_withdrawn"]
    taken_back = (back <= sunday) & ~(back < entrances["consent_date"])
    valid = (entrances["consent"] == "valid") & ~(ends < sunday) & ~taken_back
    table = entrances[["entrance_id", "owner", "area_id", "need"]].copy()
    table["consent_valid"] = valid.to_numpy(bool)
    done = _done(results, monday)
    since = pd.Timestamp(monday - timedelta(days=options.window_days))
    recent = done.loc[done["week_start"] >= since].drop_duplicates(["entrance_id", "week_start"])
    finds = done[done["result"] == "find"].groupby("entrance_id")["week_start"].max()
    last = done.groupby("entrance_id")["week_start"].max()
    numbers = recent["entrance_id"].value_counts()
    ids = table["entrance_id"]
    table["n_searched_recent"] = numbers.reindex(ids, fill_value=0).to_numpy("int64")
    table["last_searched"] = last.reindex(ids).to_numpy("datetime64[us]")
    table["last_found"] = finds.reindex(ids).to_numpy("datetime64[us]")
    return table


def _done(results: pd.DataFrame | None, monday: date) -> pd.DataFrame:
    """Return the searches that were done before the week."""
    if results is None:
        columns = {"entrance_id": "str", "week_start": "datetime64[us]", "result": "str"}
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})
    done = (results["result"] != "not_done") & (results["week_start"] < pd.Timestamp(monday))
    return results.loc[done, ["entrance_id", "week_start", "result"]]
