"""Keys of several columns as one number, and sets of numbers as one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.duplicates.rows import Ints

_ROOM: Final = 2**62


def pack(columns: Sequence[npt.NDArray[np.integer]]) -> Ints:
    """Return one int64 a row, equal exactly where all columns are equal.

    Columns are shifted to start at 0 and laid side by side in the 62 bits; what doesn't fit is
    numbered anew first.
    """
    keys = np.zeros(len(columns[0]), dtype=np.int64)
    if not len(keys):
        return keys
    size = 1
    for column in columns:
        values, width = _from_zero(column)
        if size > _ROOM // width:
            keys, size = _numbered(keys)
        if size > _ROOM // width:
            values, width = _numbered(values)
        keys = keys * width + values
        size *= width
    return keys


def _from_zero(column: npt.NDArray[np.integer]) -> tuple[Ints, int]:
    values = column.astype(np.int64)
    low = int(values.min())
    return values - low, int(values.max()) - low + 1


def _numbered(values: Ints) -> tuple[Ints, int]:
    codes, found = pd.factorize(values)
    return codes.astype(np.int64), len(found)


def begins(ordered: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Tell for each element of a sorted array whether it differs from the one before."""
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return first


def set_of_group(
    group: Ints, item: npt.NDArray[np.integer], n_groups: int
) -> tuple[Ints, list[tuple[int, ...]]]:
    """Return for each group the number of its set of items, and the sets, each in order.

    Sets are built one member at a time for all groups at once, so the work is one pass for each
    member of the largest set.
    """
    sets = Sets([()])
    numbers = np.zeros(n_groups, dtype=np.int64)
    known = item >= 0
    if not known.any():
        return numbers, sets.sets
    width = int(item.max()) + 1
    owner, member = np.divmod(np.unique(group[known] * width + item[known]), width)
    begin = np.flatnonzero(begins(owner))
    position = np.arange(len(owner)) - np.repeat(begin, np.diff(begin, append=len(owner)))
    for step in range(int(position.max()) + 1):
        now = position == step
        numbers[owner[now]] = sets.extend(numbers[owner[now]], member[now], width)
    return numbers, sets.sets


class Sets:
    """Distinct sets of numbers, found by extending sets already there."""

    def __init__(self, sets: list[tuple[int, ...]]) -> None:
        self.sets = list(sets)

    def extend(self, numbers: Ints, members: Ints, width: int) -> Ints:
        """Return the numbers of the given sets with one member more each."""
        codes, keys = pd.factorize(numbers * width + members, sort=True)
        begin = len(self.sets)
        self.sets += [(*self.sets[key // width], key % width) for key in keys.tolist()]
        return begin + codes.astype(np.int64)

    def of_items(self, items: npt.NDArray[np.integer]) -> Ints:
        """Return the numbers of the sets that hold one item each, none for −1."""
        known = {members: i for i, members in enumerate(self.sets)}
        shifted = items.astype(np.int64) + 1
        counts = np.bincount(shifted)
        present = np.flatnonzero(counts) - 1
        numbers = np.zeros(len(counts), dtype=np.int64)
        for item in present.tolist():
            members = (item,) if item >= 0 else ()
            if members not in known:
                known[members] = len(self.sets)
                self.sets.append(members)
            numbers[item + 1] = known[members]
        return numbers[shifted]
