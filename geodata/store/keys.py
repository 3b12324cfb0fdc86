"""What makes two events the same, as numbers: the case, the content, the place, the start."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.schema import INCIDENTS

CENTIMETRES: Final = 100

NOT_CONTENT: Final = frozenset(
    ("incident_id", "input_no", "source_row", "place_id", "stacked", "area_id", "regso_id")
)
"""Columns that say where an event stands among others, not what it is."""

CONTENT: Final = tuple(name for name in INCIDENTS if name not in NOT_CONTENT)

KEYS: Final = np.dtype(
    [("key", "u8"), ("content", "u8"), ("place", "i8"), ("start", "i8")], align=False
)


def keys_of(incidents: pd.DataFrame) -> npt.NDArray[np.void]:
    """Return what an event is recognised by, one record an event.

    Parameters
    ----------
    incidents
        Table ``incidents``.

    Returns
    -------
    numpy.ndarray
        Of type `KEYS`. ``key``: hash of case number and source, of the content where there is no
        case number. ``content``: hash of all that is told of the event. ``place``: its point in
        whole centimetres. ``start``: microseconds since 1970.

    The hash is that of `pandas.util.hash_array` (SipHash with a fixed key), equal from run to run;
    that two of a million events share one has a chance of 1 in 37 million.
    """
    found = np.zeros(len(incidents), dtype=KEYS)
    parts = {name: _hash(incidents[name]) for name in CONTENT}
    found["content"] = _together(list(parts.values()))
    case = _together([parts["case_id"], parts["source"]])
    found["key"] = np.where(incidents["case_id"].isna(), found["content"], case)
    x, y = (np.rint(incidents[c].to_numpy("float64") * CENTIMETRES) for c in ("x_m", "y_m"))
    found["place"] = x.astype("i8") * 2**32 + y.astype("i8")
    found["start"] = _microseconds(incidents["start"])
    return found


def _hash(column: pd.Series) -> npt.NDArray[np.uint64]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        of_value = _hash(pd.Series(list(column.cat.categories), dtype="str"))
        return np.append(of_value, np.uint64(0))[column.cat.codes.to_numpy()]
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return pd.util.hash_array(_microseconds(column))
    if isinstance(column.dtype, pd.StringDtype):
        codes, values = pd.factorize(column)
        of_value = pd.util.hash_array(np.asarray(values, dtype=object), categorize=False)
        return np.append(of_value, np.uint64(0))[codes]
    return pd.util.hash_array(column.to_numpy())


def _microseconds(column: pd.Series) -> npt.NDArray[np.int64]:
    utc = np.asarray(column.to_numpy("datetime64[us]"))  # pandas hands out UTC, without zone
    return utc.view("i8")


def _together(columns: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return one hash of several columns; which column holds which value matters."""
    whole = np.full(len(columns[0]), 0x345678, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            whole = (whole ^ column) * np.uint64(1_000_003)
            whole ^= whole >> np.uint64(29)
    return whole
