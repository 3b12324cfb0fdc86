"""What each profile sees of the appendix's times and indicators; its counts pass with all others.

A list of times sums to a whole that is printed too, so at least two of its counts are hidden or
none. Where a list has too few counts for that, all of it is left out and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.language import gettext as _

if TYPE_CHECKING:
    from geodata.disclosure import DisclosureOptions, Profile

Bools = npt.NDArray[np.bool_]
Hide = Callable[[npt.NDArray[np.int64], int], Bools]
Shown = tuple[pd.DataFrame | None, tuple[str, ...]]

APPENDIX_RULES: Final[tuple[tuple[str, Profile], ...]] = (
    ("appendix_times", "samverkan"),
    ("appendix_times", "publik"),
    ("appendix_indicators", "intern"),
    ("appendix_indicators", "samverkan"),
    ("appendix_indicators", "publik"),
)
"""Tables and profiles that `appendix_rule` knows; the cameras have none but ``intern``."""

LEAST_HIDDEN: Final = 2
"""Hidden counts of a list that has any: one alone is the whole less the others."""


def appendix_rule(
    key: tuple[str, Profile], hide: Hide, table: pd.DataFrame, options: DisclosureOptions
) -> Shown:
    """Let through what a profile may see of a table of the appendix.

    Parameters
    ----------
    key
        One of `APPENDIX_RULES`: the table and the profile.
    hide
        `geodata.disclosure.hide_small`.
    table, options
        The table, and the limits of ``[disclosure]``.
    """
    name, profile = key
    if name == "appendix_indicators":
        inside = profile == "intern"
        return release_indicators(
            table, options.least(profile), personal=options.min_count_publik, inside=inside
        )
    return release_times(table, options.least(profile), hide)


def hidden_in_list(counts: npt.NDArray[np.int64], minimum: int, hide: Hide) -> Bools | None:
    """Return which counts of a list are hidden; ``None`` where the list can't be protected.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0 whose sum is known, shape (n,).
    minimum
        Least count shown.
    hide
        `geodata.disclosure.hide_small`.
    """
    hidden = hide(counts, minimum)
    if hidden.any() and (int(hidden.sum()) < LEAST_HIDDEN or bool(hidden.all())):
        return None
    return hidden


def release_times(table: pd.DataFrame, minimum: int, hide: Hide) -> Shown:
    """Show weekdays and parts of the day only, as whole numbers with small ones hidden."""
    shown = table[table["by"] != "hour"].reset_index(drop=True)
    counts = np.rint(shown["n_events"].to_numpy("float64")).astype(np.int64)
    hidden = np.zeros(len(shown), dtype=bool)
    kept = np.ones(len(shown), dtype=bool)
    for _key, own in shown.groupby(["source", "by"], sort=False, observed=True):
        rows = own.index.to_numpy()
        found = hidden_in_list(counts[rows], minimum, hide)
        if found is None:
            kept[rows] = False
        else:
            hidden[rows] = found
    shown["n_events"] = counts.astype(np.float64)
    shown["hidden"] = hidden
    _mask(shown, ("n_events",), hidden)
    notes = _hidden_note(hidden & kept, minimum)
    if not kept.all():
        notes = (*notes, _("Tider visas inte: för få händelser för att dolda tal ska skyddas."))
    shown = shown.loc[kept].reset_index(drop=True)
    return (shown if len(shown) else None), notes


def release_indicators(table: pd.DataFrame, minimum: int, *, personal: int, inside: bool) -> Shown:
    """Hide small counts of table ``appendix_indicators``.

    What is about single persons is never shown by area, and its small totals are hidden inside the
    house as well. Outside it areas are left out and all small counts hidden; a value with a unit
    (percent, index) is no count.

    Parameters
    ----------
    table
        The table.
    minimum
        Least count shown.
    personal
        Least count shown of what is about single persons, whatever the profile.
    inside
        Whether the profile is ``intern``.
    """
    of_whole = table["area_id"].isna().to_numpy()
    sensitive = table["sensitive"].to_numpy(dtype=bool)
    kept = of_whole | (~sensitive & inside)
    shown = table.loc[kept].reset_index(drop=True)
    value = shown["value"].to_numpy("float64")
    least = np.where(shown["sensitive"].to_numpy(dtype=bool), max(minimum, personal), minimum)
    hidden = shown["unit"].isna().to_numpy() & (value > 0) & (value < least)
    shown["hidden"] = hidden
    _mask(shown, ("value",), hidden)
    return shown, _hidden_note(hidden, max(minimum, personal))


def _mask(table: pd.DataFrame, columns: tuple[str, ...], hidden: Bools) -> None:
    for column in columns:
        whole = pd.api.types.is_integer_dtype(table[column].dtype)
        kind = pd.Int64Dtype() if whole else pd.Float64Dtype()
        table[column] = table[column].astype(kind).mask(pd.Series(hidden, index=table.index))


def _hidden_note(hidden: Bools, minimum: int) -> tuple[str, ...]:
    if not hidden.any():
        return ()
    text = _("Antal under {minimum} är dolda (inte noll), liksom tal som skulle avslöja dem.")
    return (text.format(minimum=minimum),)
