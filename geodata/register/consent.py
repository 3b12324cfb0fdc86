"""Consent on a day: valid only when everything that makes it a consent is there.

Precedence, first that applies: nothing given (``none``), withdrawn on the day or before and not
given anew since (``withdrawn``), no owner, two owners, no role, no readable date (``unclear``),
not yet in force, expired, covers none of the spaces (``no_space``), ``valid``. The last day of a
consent is inside it; a consent withdrawn today is withdrawn.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.search_tables import REGISTER, SPACES

Flags = NDArray[np.bool_]


def weigh_consent(
    table: pd.DataFrame, *, given: Flags, refused: Flags, withdrawn: Flags, unclear: Flags, on: date
) -> pd.DataFrame:
    """Return the register with ``consent`` and ``search_spaces`` filled in.

    Parameters
    ----------
    table
        Columns of `REGISTER` except those two.
    given
        Something of a consent stands on the row.
    refused
        The register says no.
    withdrawn
        The register says withdrawn without a day.
    unclear
        Something stands on the row that can't be relied on.
    on
        The day.
    """
    day = pd.Timestamp(on)
    taken_back = withdrawn | (
        (table["consent_withdrawn"] <= day) & ~(table["consent_withdrawn"] < table["consent_date"])
    ).to_numpy(bool)
    bare = table["consent_by"].isna() | table["consent_date"].isna() | table["owner"].isna()
    lacking = unclear | bare.to_numpy(bool)
    spaces = search_spaces(table["spaces"], table["consent_spaces"])
    conditions = [
        ~given | refused,
        taken_back,
        lacking,
        (table["consent_date"] > day).to_numpy(bool),
        (table["consent_valid_to"] < day).to_numpy(bool),
        (spaces == "").to_numpy(bool),
    ]
    names = ["none", "withdrawn", "unclear", "not_yet", "expired", "no_space"]
    status = np.select(conditions, names, default="valid")
    table = table.copy()
    table["consent"] = schema.category(status, "register", "consent", tables=REGISTER)
    table["search_spaces"] = spaces.where(status == "valid", "").astype("str")
    return table


def search_spaces(spaces: pd.Series[Any], scope: pd.Series[Any]) -> pd.Series[Any]:
    """Return the spaces that a consent covers: those of the scope that the entrance has.

    A consent without scope covers the entrance's spaces; an entrance without known spaces has
    those of the scope.
    """
    pairs = pd.DataFrame({"spaces": spaces, "scope": scope})
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(pairs))
    found = []
    for own, covered in distinct:
        mine, his = set(own.split(";")) - {""}, set(covered.split(";")) - {""}
        both = (mine & his) if mine and his else (mine | his)
        found.append(";".join(space for space in SPACES if space in both))
    return pd.Series(np.array(found, dtype=object)[codes], index=spaces.index, dtype="str")
