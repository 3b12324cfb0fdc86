"""The index: a few numbers of every stored event, in order of case, read without being loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.store.keys import KEYS

INDEX: Final = np.dtype(
    [*((name, KEYS[name]) for name in KEYS.names or ()), ("event_no", "i8"), ("part", "i4"),
     ("extracted", "i4"), ("current", "?")]
)  # fmt: skip


def empty_index() -> npt.NDArray[np.void]:
    """Return the index of a store without events."""
    return np.zeros(0, dtype=INDEX)


def read_index(path: Path) -> npt.NDArray[np.void]:
    """Return an index whose pages are read from disk when they are looked at."""
    found: npt.NDArray[np.void] = np.load(path, mmap_mode="r")
    return found


def events_of(index: npt.NDArray[np.void], keys: npt.NDArray[np.uint64]) -> pd.DataFrame:
    """Return the stored events, all versions, of the given cases.

    Returns
    -------
    pandas.DataFrame
        Columns of `INDEX`, in order of the index.
    """
    wanted = np.unique(keys)
    ordered = np.ascontiguousarray(index["key"])
    low = np.searchsorted(ordered, wanted, side="left")
    high = np.searchsorted(ordered, wanted, side="right")
    n = high - low
    rows = np.repeat(low - np.concatenate([[0], np.cumsum(n)[:-1]]), n) + np.arange(n.sum())
    return frame(np.asarray(index[rows]))


def frame(records: npt.NDArray[np.void]) -> pd.DataFrame:
    """Return records as columns."""
    return pd.DataFrame({name: records[name] for name in records.dtype.names or ()})


def with_part(
    index: npt.NDArray[np.void], added: npt.NDArray[np.void], replaced: npt.NDArray[np.int64]
) -> npt.NDArray[np.void]:
    """Return the index with a part's events in their places and `replaced` ones not current."""
    whole = np.insert(
        np.asarray(index), np.searchsorted(index["key"], added["key"], "right"), added
    )
    if len(replaced):
        whole["current"][np.isin(whole["event_no"], replaced)] = False
    return whole
