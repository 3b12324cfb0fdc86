"""Classes and frames that many maps share, so that years and areas can be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.disclosure import Released
from geodata.language import number
from maps.printed.layer import Frame
from maps.style import SEQUENTIAL, class_starts, class_texts


@dataclass(frozen=True)
class Classes:
    """Limits of classes and their colours, light to dark.

    Attributes
    ----------
    starts
        The least value of each class, lowest first; the lowest is above zero.
    highest
        The largest value of all that are compared.
    decimals
        How many the values have.
    """

    starts: tuple[float, ...]
    highest: float
    decimals: int = 0

    @property
    def colours(self) -> tuple[str, ...]:
        """A colour a class, each darker than the one before."""
        return SEQUENTIAL[len(self.starts)] if self.starts else ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The legend's words for each class: ``1``, ``2–4``, ``5–18``."""
        if not self.starts:
            return ()
        if self.decimals == 0:
            whole = tuple(int(start) for start in self.starts)
            return tuple(class_texts(whole, int(self.highest)))
        step = 10.0**-self.decimals
        ends = [*(start - step for start in self.starts[1:]), max(self.highest, self.starts[-1])]
        return tuple(
            f"{number(low, self.decimals)}–{number(high, self.decimals)}"
            for low, high in zip(self.starts, ends, strict=True)
        )

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the number of the class of each value, from 0; −1 for what is zero or missing."""
        known = np.nan_to_num(np.round(values.astype("float64"), self.decimals))
        places = np.searchsorted(np.array(self.starts), known + 1e-9, side="right") - 1
        return np.where(known > 0, np.clip(places, 0, None), -1)


def common_classes(
    tables: Sequence[Released], column: str, *, classes: int = 5, decimals: int = 0
) -> Classes:
    """Return classes that fit the values of several tables at once.

    Parameters
    ----------
    tables
        Released tables of several years or kinds; withheld ones are left out.
    column
        Counts, or other values ≥ 0. Zero and missing ones have no class.
    classes
        Most classes wanted, at most 7.
    decimals
        How many decimals the values are shown with; 0 for counts.

    Returns
    -------
    Classes
        Natural breaks of the logarithms with round limits (`maps.style.class_starts`).
    """
    found = [
        pd.to_numeric(released.table[column]).astype("Float64").to_numpy("float64", na_value=0.0)
        for released in tables
        if released.table is not None
    ]
    values = np.round(np.concatenate([*found, np.zeros(0)]), decimals)
    values = values[values > 0]
    if not len(values):
        return Classes((), 0.0, decimals)
    scale = 1.0 if decimals == 0 else 10.0**decimals
    whole = np.round(values * scale).astype(np.int64)
    starts = class_starts(whole, min(classes, max(SEQUENTIAL)))
    return Classes(tuple(s / scale for s in starts), float(values.max()), decimals)


def common_frame(
    tables: Sequence[Released | gpd.GeoDataFrame], *, margin: float = 0.04, least_m: float = 150.0
) -> Frame:
    """Return the smallest frame that holds all of several tables, with some air around.

    Parameters
    ----------
    tables
        Tables with geometry in the project's CRS; withheld and empty ones are left out.
    margin
        Air on each side, as a share of the longer side.
    least_m
        Least width and height, metres.

    Raises
    ------
    ValueError
        If there is nothing to frame.
    """
    shown = [t.table if isinstance(t, Released) else t for t in tables]
    boxes = [t.total_bounds for t in shown if isinstance(t, gpd.GeoDataFrame) and len(t)]
    if not boxes:
        msg = "nothing to frame: every table is withheld or empty"
        raise ValueError(msg)
    left, bottom = np.min(boxes, axis=0)[:2].tolist()
    right, top = np.max(boxes, axis=0)[2:].tolist()
    air = margin * max(right - left, top - bottom)
    wide, high = max(right - left + 2 * air, least_m), max(top - bottom + 2 * air, least_m)
    x, y = (left + right) / 2, (bottom + top) / 2
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def around(x_m: float, y_m: float, *, width_m: float, height_m: float) -> Frame:
    """Return a frame around a place."""
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        msg = f"no place: {x_m}, {y_m}"
        raise ValueError(msg)
    return (x_m - width_m / 2, y_m - height_m / 2, x_m + width_m / 2, y_m + height_m / 2)
