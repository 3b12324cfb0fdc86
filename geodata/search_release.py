"""What other profiles than ``intern`` see of dog searches: numbers by area, small ones hidden."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Hide = Callable[[npt.NDArray[np.int64], int], Bools]


def suppressed_areas(
    table: pd.DataFrame, columns: tuple[str, ...], minimum: int, hide: Hide
) -> tuple[pd.DataFrame, Bools]:
    """Hide small numbers of table ``search_areas``.

    An area with few entrances is a few entrances: all its numbers are hidden. Searches without a
    find are a number too, that of searches less that of finds: where either is small, finds are
    hidden. No hidden number can be had back from the sum of its column.

    Parameters
    ----------
    table
        Table ``search_areas``.
    columns
        Of its counts, those shown; the others are left out.
    minimum
        Least count shown.
    hide
        `geodata.disclosure.hide_small`.

    Returns
    -------
    tuple
        The table with counts as ``Int64``, and which rows have hidden ones.
    """
    few = table["n_entrances"].to_numpy("int64") < minimum
    empty = table["n_searches"].to_numpy("int64") - table["n_finds"].to_numpy("int64")
    shown = table[["area_id", "name", *columns]].copy()
    any_hidden = np.zeros(len(table), dtype=bool)
    for column in columns:
        values = table[column].to_numpy("int64")
        hidden = few.copy()
        if column == "n_finds":
            hidden |= hide(empty, minimum) & (values > 0)
        hidden = _in_company(hidden | hide(values, minimum), values)
        shown[column] = pd.array(values, dtype="Int64")
        shown[column] = shown[column].mask(hidden)
        any_hidden |= hidden
    shown["hidden"] = any_hidden
    return shown, any_hidden


def _in_company(hidden: Bools, values: npt.NDArray[np.int64]) -> Bools:
    """Hide one more where a single hidden number could be had from the sum: all that tie for it."""
    if int(hidden.sum()) != 1 or bool(hidden.all()):
        return hidden
    least = values[~hidden].min()
    return np.asarray(hidden | (values == least), dtype=bool)
