"""Rows that are one event: exact duplicates merged, several offences of one event gathered.

With a case number an event is case, place and hour. Without one it is source, place and hour,
where the time is known to the hour or better. Identical rows known only by day or month and
without a case number can't be told from separate events, so they are kept unless the project file
says otherwise. (`domain`: deduplicate to case number; if none, to same place and same hour.)

Everything is arithmetic on integer codes; only rows that share a key with another are looked at
more closely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.schema import PRECISIONS

Ints = npt.NDArray[np.int64]
Mode = Literal["auto", "merge", "keep"]

_HOUR_US: Final = 3_600_000_000
_TIMED: Final = PRECISIONS.index("hour")
"""Precisions up to this position know the hour."""

_ROOM: Final = 2**62


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one file that can be used, as integer codes; −1 is missing.

    Attributes
    ----------
    number
        Row as a spreadsheet shows it.
    case, code, text, address
        Position among distinct case numbers, offence codes, offence texts and addresses. All but
        `case` are numbered in the order of their texts.
    start, end
        Microseconds since 1970 UTC.
    precision, offence_class, source, police_initiated, space_type, certainty, geocode_class
        Position among the values of the schema.
    count
        Offences of the row as the file says, 0 where it says nothing.
    place
        Number of the point, equal for equal coordinates.
    """

    number: Ints
    case: Ints
    place: Ints
    start: Ints
    end: Ints
    precision: npt.NDArray[np.int8]
    code: Ints
    text: Ints
    offence_class: npt.NDArray[np.int8]
    count: Ints
    source: npt.NDArray[np.int8]
    police_initiated: npt.NDArray[np.int8]
    space_type: npt.NDArray[np.int8]
    certainty: npt.NDArray[np.int8]
    geocode_class: npt.NDArray[np.int8]
    address: Ints

    def __len__(self) -> int:
        return len(self.number)


CONTENT: Final = (
    "offence_class",
    "code",
    "text",
    "start",
    "end",
    "precision",
    "source",
    "police_initiated",
    "space_type",
    "certainty",
    "geocode_class",
    "address",
    "count",
)
"""What two rows of one event must share to be duplicates, in the order that ranks them."""


@dataclass(frozen=True, eq=False)
class Events:
    """The events that rows make up.

    Attributes
    ----------
    row
        Position in `Rows` of the row that stands for the event: its principal offence.
    first_number
        Lowest row number of the event.
    start, end
        Earliest start and latest end of its rows, microseconds since 1970 UTC.
    precision
        The coarsest of its rows.
    count
        Offences.
    codes, classes
        Position in `code_sets` and `class_sets`.
    code_sets, class_sets
        Distinct sets of offence codes and of classes, in order; −1 never stands in them.
    n_duplicate
        Rows merged as exact duplicates.
    n_added
        Rows kept that add an offence to an event another row began.
    n_identical
        Identical rows kept because nothing tells whether they are separate events.
    n_split
        Case numbers that stand at several places or times, so that they became several events.
    """

    row: Ints
    first_number: Ints
    start: Ints
    end: Ints
    precision: npt.NDArray[np.int8]
    count: Ints
    codes: Ints
    classes: Ints
    code_sets: list[tuple[int, ...]]
    class_sets: list[tuple[int, ...]]
    n_duplicate: int
    n_added: int
    n_identical: int
    n_split: int


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


def gather(rows: Rows, mode: Mode, *, counted: bool) -> Events:
    """Make events of rows.

    Parameters
    ----------
    rows
        The rows of one file.
    mode
        What becomes of identical rows: ``auto`` merges them where case number or hour shows that
        they are one event, ``merge`` always, ``keep`` never.
    counted
        The file tells the number of offences (``antal``), so it is summed; else distinct offences
        are counted.
    """
    timed = rows.precision <= _TIMED
    joinable = (rows.case >= 0) | timed
    n_identical, n_duplicate = 0, 0
    alone = np.flatnonzero(~joinable)
    if len(alone):
        alone, first_number, n_repeated = _identical(rows, alone, mode)
        n_duplicate, n_identical = (n_repeated, 0) if mode == "merge" else (0, n_repeated)
    else:
        first_number = rows.number[alone]
    single, shared, group = _groups(rows, np.flatnonzero(joinable), timed)
    several = _several(rows, shared, group, mode, counted=counted)
    single = np.concatenate([alone, single])
    first_number = np.concatenate([first_number, rows.number[single[len(alone) :]]])
    code_sets = _Sets(several.code_sets)
    class_sets = _Sets(several.class_sets)
    row = np.concatenate([single, several.row])
    ones = rows.count[single] if counted else np.ones(len(single), dtype=np.int64)
    return Events(
        row=row,
        first_number=np.concatenate([first_number, several.first_number]),
        start=np.concatenate([rows.start[single], several.start]),
        end=np.concatenate([rows.end[single], several.end]),
        precision=np.concatenate([rows.precision[single], several.precision]),
        count=np.concatenate([np.maximum(ones, 1), several.count]),
        codes=np.concatenate([code_sets.of_items(rows.code[single]), several.codes]),
        classes=np.concatenate([class_sets.of_items(rows.offence_class[single]), several.classes]),
        code_sets=code_sets.sets,
        class_sets=class_sets.sets,
        n_duplicate=n_duplicate + several.n_duplicate,
        n_added=len(shared) - several.n_duplicate - len(several.row),
        n_identical=n_identical,
        n_split=_split(rows.case[row]),
    )


def _identical(rows: Rows, alone: Ints, mode: Mode) -> tuple[Ints, Ints, int]:
    """Return rows that stand alone, their numbers, and how many repeat another.

    With ``merge`` the repeats are left out; the lowest row number stands for all.
    """
    keys = pack([getattr(rows, name)[alone] for name in ("place", *CONTENT)])
    order = np.lexsort((rows.number[alone], keys))
    first = _begins(keys[order])
    n_repeated = int((~first).sum())
    if mode == "merge":
        alone = alone[order[first]]
    return alone, rows.number[alone], n_repeated


def _begins(ordered: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Tell for each element of a sorted array whether it differs from the one before."""
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return first


def _groups(rows: Rows, joinable: Ints, timed: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Return rows whose key is theirs alone, rows that share one, and the group of the latter."""
    case = rows.case[joinable]
    n_cases = int(case.max(initial=-1)) + 1
    owner = np.where(case >= 0, case, n_cases + rows.source[joinable].astype(np.int64))
    hour = rows.start[joinable] // _HOUR_US
    keys = pack([owner, rows.place[joinable], hour, timed[joinable].view(np.int8)])
    order = np.argsort(keys)
    first = _begins(keys[order])
    shared = ~first | ~np.append(first[1:], True)
    is_shared = np.zeros(len(joinable), dtype=bool)
    is_shared[order[shared]] = True
    # Rows alone go on in the order of the file, which is the fast one to read their columns in.
    return joinable[~is_shared], joinable[order[shared]], np.cumsum(first[shared]) - 1


@dataclass(frozen=True, eq=False)
class _Several:
    row: Ints
    first_number: Ints
    start: Ints
    end: Ints
    precision: npt.NDArray[np.int8]
    count: Ints
    codes: Ints
    classes: Ints
    code_sets: list[tuple[int, ...]]
    class_sets: list[tuple[int, ...]]
    n_duplicate: int


def _several(rows: Rows, shared: Ints, group: Ints, mode: Mode, *, counted: bool) -> _Several:
    """Make one event of each group of rows."""
    n_groups = int(group.max(initial=-1)) + 1
    order = np.lexsort(
        (rows.number[shared], *(_ranked(rows, name, shared) for name in reversed(CONTENT)), group)
    )
    shared, group = shared[order], group[order]
    first_number = np.full(n_groups, np.iinfo(np.int64).max)
    np.minimum.at(first_number, group, rows.number[shared])
    n_before = len(shared)
    if mode != "keep":
        same = pack([group, *(getattr(rows, name)[shared] for name in CONTENT)])
        kept = _begins(same)  # identical rows are neighbours: sorted by group and content
        shared, group = shared[kept], group[kept]
    principal = _begins(group)
    starts = np.flatnonzero(principal)
    offence = pack([group, rows.code[shared], rows.text[shared]])
    if counted:
        count = np.add.reduceat(np.maximum(rows.count[shared], 1), starts) if n_groups else group
    elif mode == "keep":
        count = np.bincount(group, minlength=n_groups)
    else:
        _keys, first_of = np.unique(offence, return_index=True)
        count = np.bincount(group[first_of], minlength=n_groups)
    codes, code_sets = _set_of_group(group, rows.code[shared], n_groups)
    classes, class_sets = _set_of_group(group, rows.offence_class[shared], n_groups)
    return _Several(
        row=shared[principal],
        first_number=first_number,
        start=_over(np.minimum, rows.start[shared], starts),
        end=_over(np.maximum, rows.end[shared], starts),
        precision=_over(np.maximum, rows.precision[shared], starts),
        count=count.astype(np.int64),
        codes=codes,
        classes=classes,
        code_sets=code_sets,
        class_sets=class_sets,
        n_duplicate=n_before - len(shared),
    )


def _ranked(rows: Rows, name: str, chosen: Ints) -> Ints:
    """Return a column for sorting, missing last: an offence with a code goes before one without."""
    values = getattr(rows, name)[chosen].astype(np.int64)
    return np.where(values < 0, np.iinfo(np.int64).max, values)


def _over(function: np.ufunc, values: npt.NDArray[Any], starts: Ints) -> npt.NDArray[Any]:
    """Return `function` over each group, whose first rows are `starts`."""
    result: npt.NDArray[Any] = function.reduceat(values, starts) if len(starts) else values[:0]
    return result


def _set_of_group(
    group: Ints, item: npt.NDArray[np.integer], n_groups: int
) -> tuple[Ints, list[tuple[int, ...]]]:
    """Return for each group the number of its set of items, and the sets, each in order.

    Sets are built one member at a time for all groups at once, so the work is one pass for each
    member of the largest set.
    """
    sets = _Sets([()])
    numbers = np.zeros(n_groups, dtype=np.int64)
    known = item >= 0
    if not known.any():
        return numbers, sets.sets
    width = int(item.max()) + 1
    owner, member = np.divmod(np.unique(group[known] * width + item[known]), width)
    begin = np.flatnonzero(_begins(owner))
    position = np.arange(len(owner)) - np.repeat(begin, np.diff(begin, append=len(owner)))
    for step in range(int(position.max()) + 1):
        now = position == step
        numbers[owner[now]] = sets.extend(numbers[owner[now]], member[now], width)
    return numbers, sets.sets


class _Sets:
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


def _split(cases: Ints) -> int:
    """Return how many case numbers stand in more than one event."""
    known = cases[cases >= 0]
    return int((np.bincount(known) > 1).sum()) if len(known) else 0
