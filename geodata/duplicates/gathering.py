"""Events made of rows: keys found for all rows at once, shared keys looked at more closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from geodata.duplicates.rows import CONTENT, Events, Ints, Rows
from geodata.duplicates.sets import Sets, begins, pack, set_of_group
from geodata.schema import PRECISIONS

Mode = Literal["auto", "merge", "keep"]

_HOUR_US: Final = 3_600_000_000
_TIMED: Final = PRECISIONS.index("hour")
"""Precisions up to this position know the hour."""


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
    code_sets = Sets(several.code_sets)
    class_sets = Sets(several.class_sets)
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
    first = begins(keys[order])
    n_repeated = int((~first).sum())
    if mode == "merge":
        alone = alone[order[first]]
    return alone, rows.number[alone], n_repeated


def _groups(rows: Rows, joinable: Ints, timed: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Return rows whose key is theirs alone, rows that share one, and the group of the latter."""
    case = rows.case[joinable]
    n_cases = int(case.max(initial=-1)) + 1
    owner = np.where(case >= 0, case, n_cases + rows.source[joinable].astype(np.int64))
    hour = rows.start[joinable] // _HOUR_US
    keys = pack([owner, rows.place[joinable], hour, timed[joinable].view(np.int8)])
    order = np.argsort(keys)
    first = begins(keys[order])
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
        kept = begins(same)  # identical rows are neighbours: sorted by group and content
        shared, group = shared[kept], group[kept]
    principal = begins(group)
    starts = np.flatnonzero(principal)
    offence = pack([group, rows.code[shared], rows.text[shared]])
    if counted:
        count = np.add.reduceat(np.maximum(rows.count[shared], 1), starts) if n_groups else group
    elif mode == "keep":
        count = np.bincount(group, minlength=n_groups)
    else:
        _keys, first_of = np.unique(offence, return_index=True)
        count = np.bincount(group[first_of], minlength=n_groups)
    codes, code_sets = set_of_group(group, rows.code[shared], n_groups)
    classes, class_sets = set_of_group(group, rows.offence_class[shared], n_groups)
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


def _split(cases: Ints) -> int:
    """Return how many case numbers stand in more than one event."""
    known = cases[cases >= 0]
    return int((np.bincount(known) > 1).sum()) if len(known) else 0
