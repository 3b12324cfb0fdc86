"""Figures of the picture as people read them: what is missing is said, never left as nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from geodata.language import gettext as _
from geodata.language import number

NONE = "–"


def figure(value: Any, decimals: int = 1) -> str:  # noqa: ANN401 (a cell of a table)
    """Return a figure, or a dash where it is missing; ``<`` where it would round to nothing."""
    if pd.isna(value):
        return NONE
    least = 10.0**-decimals
    if 0 < value < least / 2:
        return f"<\u00a0{number(least, decimals)}"
    return number(float(value), decimals)


def between(low: Any, high: Any, decimals: int = 1) -> str:  # noqa: ANN401 (cells of a table)
    """Return an interval; an upper limit that is missing has none."""
    if pd.isna(low) and pd.isna(high):
        return ""
    if pd.isna(high):
        return _("minst {low}").format(low=figure(low, decimals))
    return f"{figure(low, decimals)}–{figure(high, decimals)}"


def places(values: Any) -> int:  # noqa: ANN401 (a column)
    """Return the decimals that a column of rates needs to show its middle with two figures."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known) & (known > 0)]
    if not len(known):
        return 1
    return int(np.clip(1 - np.floor(np.log10(np.median(known))), 0, 3))


def week_count(value: Any) -> str:  # noqa: ANN401 (a cell of a table)
    """Return the events of a week, or that nobody reported."""
    return _("ingen rapport") if pd.isna(value) else number(int(value))


def mean_before(total: int, weeks: int) -> str:
    """Return the mean of the weeks before, with how many they are where not all four."""
    if weeks == 0:
        return _("ingen rapport")
    mean = number(total / weeks, 1)
    return mean if weeks == 4 else _("{mean} ({n} v.)").format(mean=mean, n=weeks)


def ratio(row: Any, name: str) -> str:  # noqa: ANN401 (a row of a table)
    """Return a ratio in words: how many times the other's, or that it can't be told."""
    value = row[name]
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if pd.isna(value):
        return "" if pd.isna(low) else _("minst {low} gånger").format(low=figure(low))
    return _("{ratio} gånger ({range})").format(ratio=figure(value), range=between(low, high))


def beyond_chance(row: Any, name: str) -> bool:  # noqa: ANN401 (a row of a table)
    """Tell whether a ratio's interval leaves out 1."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return bool(low > 1 or high < 1)
