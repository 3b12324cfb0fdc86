"""The days of a register: any way of writing them, ”tills vidare” is no end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.columns import as_array, is_text
from geodata.errors import Fault, Notice
from geodata.register.columns import Cells
from geodata.register.words import key, words
from geodata.times import TimeOptions
from geodata.times.stamps import read_stamps

_TIMES: Final = TimeOptions(unknown_times=())
LAST_DAY: Final = ("consent_valid_to",)
"""Columns that mean the last day of what is written, as ”2026-06”; the others mean the first."""


@dataclass(frozen=True)
class Dates:
    """Days of each column as ``datetime64[us]`` series, and which cells can't be read."""

    days: Mapping[str, pd.Series[Any]]
    unreadable: dict[str, NDArray[np.bool_]]
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


def read_dates(cells: Cells, targets: Sequence[str], *, today: date, timezone: str) -> Dates:
    """Read the columns of days of a register together, so that one order of day and month holds.

    Returns
    -------
    Dates
        Missing where a cell is empty, says that there is no end, or can't be read.
    """
    there = [target for target in targets if target in cells.of]
    read = read_stamps(
        [_column(cells, target) for target in there],
        options=_TIMES,
        timezone=timezone,
        today=today,
    )
    empty = np.full(len(cells), np.datetime64("NaT", "us"))
    days = {target: pd.Series(empty) for target in targets}
    unreadable = {}
    for target, stamps in zip(there, read.stamps, strict=True):
        lost = stamps.missing | stamps.unreadable
        day = stamps.until - 1 if target in LAST_DAY else stamps.day
        found = np.where(lost, 0, day).astype("datetime64[D]").astype("datetime64[us]")
        days[target] = pd.Series(found).mask(lost)
        unreadable[target] = np.asarray(stamps.unreadable, dtype=bool)
    return Dates(days, unreadable, read.notices, read.faults)


def _column(cells: Cells, target: str) -> pa.Array:
    column = as_array(cells.raw.table.column(cells.of[target]))
    if not is_text(column.type):
        return column
    endless = words("open_end")
    return pa.array(["" if key(t) in endless else t for t in cells.texts(target)], pa.string())
