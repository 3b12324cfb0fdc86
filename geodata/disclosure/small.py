"""Small counts in a list with a known sum, and how a hidden one is written."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.language import gettext as _

CLASS_BOUNDS: Final = (10, 20, 50, 100)
"""Where the classes of public counts begin, above the least count shown."""


def hide_small(counts: npt.NDArray[np.int64], minimum: int) -> npt.NDArray[np.bool_]:
    """Tell which counts of a group with a known sum must be hidden.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0, shape ``(n,)``, whose sum the reader may know.
    minimum
        Counts from 1 to ``minimum − 1`` are hidden. Higher hides more.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)``. Beside the small counts, the smallest shown one is hidden too where the sum
        would otherwise give the small ones away: when one count alone is hidden, or when all
        hidden ones must be 1, or all ``minimum − 1``. Where no other count is left, the zeros are
        hidden. Ties are hidden together.
    """
    hidden = (counts > 0) & (counts < minimum)
    shown = counts[~hidden & (counts > 0)]
    n, total = int(hidden.sum()), int(counts[hidden].sum())
    if n == 0 or (shown.size and n > 1 and n < total < n * (minimum - 1)):
        return hidden
    # All that tie, not the first of them: which one was chosen would tell where the small one is.
    tied = shown.min() if shown.size else 0
    return np.asarray(hidden | (counts == tied), dtype=bool)


def class_edges(minimum: int) -> list[int]:
    """Return where the classes of public counts begin, but for the lowest."""
    return [minimum, *(b for b in CLASS_BOUNDS if b > minimum)]


def class_labels(minimum: int) -> tuple[str, ...]:
    """Return the names of the classes of public counts, the hidden one first.

    Parameters
    ----------
    minimum
        Least count shown; the first class is everything below it.
    """
    edges = class_edges(minimum)
    closed = [f"{low}–{high - 1}" for low, high in pairwise(edges)]
    return (
        _("färre än {minimum}").format(minimum=minimum),
        *closed,
        _("{low} eller fler").format(low=edges[-1]),
    )


def hidden_note(n: int, minimum: int) -> tuple[str, ...]:
    """Return the sentence that tells of hidden counts; none when nothing is hidden."""
    if n == 0:
        return ()
    text = _("Antal under {minimum} är dolda (inte noll), liksom tal som skulle avslöja dem.")
    return (text.format(minimum=minimum),)


def place(table: pd.DataFrame, column: str) -> int:
    """Return where a column stands."""
    return list(table.columns).index(column)


def mask(table: pd.DataFrame, column: str, hidden: npt.NDArray[np.bool_]) -> None:
    """Make the hidden values of a column ``NA``, in place; counts become ``Int64``."""
    series = table[column]
    if isinstance(series.dtype, pd.CategoricalDtype | pd.StringDtype):
        table[column] = series.mask(pd.Series(hidden, index=table.index))
        return
    whole = pd.api.types.is_integer_dtype(series.dtype)
    nullable = series.astype(pd.Int64Dtype()) if whole else series.astype(pd.Float64Dtype())
    table[column] = nullable.mask(pd.Series(hidden, index=table.index))
