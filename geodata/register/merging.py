"""One row an entrance: ids for those that lack one, rows of the same entrance made one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.register.issues import Issues
from geodata.register.words import joined


def name_entrances(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an id on every row, in an order that the file's order doesn't touch.

    Rows without an id that agree in address, property and point get the same: they are one
    entrance. Made ids are ``E1``, ``E2``, … by easting, northing, property, address, and never one
    that the register has.
    """
    order = ["x_m", "y_m", "property", "address", "owner", "spaces", "consent_date", "source_row"]
    table = table.sort_values(order, ignore_index=True)
    bare = table["entrance_id"].isna()
    if not bare.any():
        return table
    groups = table[bare].groupby(["x_m", "y_m", "property", "address"], dropna=False, sort=False)
    number = groups.ngroup().to_numpy() + 1
    taken = set(table["entrance_id"].dropna())
    prefix = "E"
    while any(f"{prefix}{n}" in taken for n in range(1, int(number.max()) + 1)):
        prefix += "E"
    table.loc[bare, "entrance_id"] = [f"{prefix}{n}" for n in number]
    return table


def merge(table: pd.DataFrame, issues: Issues) -> pd.DataFrame:
    """Make rows of one entrance one.

    Text and numbers are those of the first row that has any; spaces are joined. Of consent the
    strictest holds: what one row lacks, all lack; the scope is what all rows cover; it ends on the
    first of their last days and counts from the last of their first; one that is withdrawn
    withdraws it. Different owners leave it unclear.
    """
    double = table["entrance_id"].duplicated(keep=False)
    _same_place(table[~double], issues)
    if not double.any():
        return table
    addresses = table.loc[double, "address"].fillna("").tolist()
    issues.add_named("duplicate_entrance", table[double], addresses)
    whole = [_one(rows) for _id, rows in table[double].groupby("entrance_id", sort=True)]
    merged = pd.concat([table[~double], *whole], ignore_index=True)
    return merged.astype(table.dtypes.to_dict())


def _one(rows: pd.DataFrame) -> pd.DataFrame:
    first = rows.bfill().iloc[[0]].copy()
    at = first.index[0]
    first.loc[at, "spaces"] = joined([s for text in rows["spaces"] for s in text.split(";")])
    scopes = [set((r["consent_spaces"] or r["spaces"]).split(";")) for _i, r in rows.iterrows()]
    first.loc[at, "consent_spaces"] = joined(list(set.intersection(*scopes)))
    first.loc[at, "_given"] = bool(rows["_given"].all())
    for name in ("_refused", "_back", "_odd"):
        first.loc[at, name] = bool(rows[name].any())
    if rows["owner"].dropna().str.casefold().nunique() > 1 or not first.loc[at, "consent_spaces"]:
        first.loc[at, "_odd"] = True
    given, back = rows["consent_date"], rows["consent_withdrawn"]
    last_given = _earliest(given, last=True)
    standing = _earliest(back.mask(back < given))
    first["consent_date"] = last_given
    first["consent_valid_to"] = _earliest(rows["consent_valid_to"])
    first["consent_withdrawn"] = standing
    first.loc[at, "_back"] |= bool((standing < last_given)[0])
    return first


def _earliest(days: pd.Series[Any], *, last: bool = False) -> NDArray[np.datetime64]:
    """Return the first (or last) of some days, shape (1,); missing where there is none."""
    known = np.sort(days.dropna().to_numpy("datetime64[us]"))
    if not len(known):
        return np.array(["NaT"], dtype="datetime64[us]")
    return known[-1:] if last else known[:1]


def _same_place(table: pd.DataFrame, issues: Issues) -> None:
    """Note entrances with ids of their own that share address and point."""
    known = table[table["address"].notna()]
    twice = known[known.duplicated(["address", "x_m", "y_m"], keep=False)]
    issues.add_named("same_place", twice, twice["address"].tolist())
