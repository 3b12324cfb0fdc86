"""Which cells of an edition to hide, kind by kind, with what its reader has already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeAlias

import numpy as np

from geodata.disclosure.cells import EVERYWHERE, ROUNDED, Cell, all_but, build, only
from geodata.disclosure.options import DisclosureOptions, Profile
from geodata.disclosure.otherrules import PERSONAL
from geodata.disclosure.protect import ContradictionError, nearest, suppress
from geodata.schema import OFFENCE_CLASSES

Published: TypeAlias = Mapping[Cell, int]
"""Numbers that a reader has, by what they count."""

_Key: TypeAlias = tuple[str, tuple[str, ...], date, date]
_ALL_CLASSES: Final = tuple(sorted(OFFENCE_CLASSES))


class Counted(Protocol):
    """A table as its cells."""

    @property
    def secret(self) -> frozenset[Cell]:
        """Cells that are hidden whatever they count."""

    @property
    def sums_known(self) -> bool:
        """Whether the sum of all areas must be taken as known."""

    def values(self) -> Iterator[tuple[Cell, int]]:
        """Give each cell with its count."""


@dataclass(frozen=True)
class Hidden:
    """What is hidden of an edition.

    Attributes
    ----------
    hidden
        Its cells.
    lost
        Those of them that earlier editions give away all the same.
    """

    hidden: frozenset[Cell]
    lost: frozenset[Cell]


def hide_cells(
    tables: Iterable[Counted], earlier: Published, profile: Profile, options: DisclosureOptions
) -> Hidden:
    """Choose what to hide of all tables together.

    Parameters
    ----------
    tables
        What is about to be told.
    earlier
        What the reader has already.
    profile, options
        Whose limits count.

    Raises
    ------
    ContradictionError
        If the counts contradict each other.
    ValueError
        If two tables tell different counts of the same.
    """
    values: dict[Cell, int] = {}
    summed: dict[Cell, int] = {}
    secret: set[Cell] = set()
    for one in tables:
        own = dict(one.values())
        for cell, value in own.items():
            if values.setdefault(cell, value) != value:
                msg = f"two tables tell different counts of {cell}"
                raise ValueError(msg)
        secret |= one.secret
        if one.sums_known:
            summed |= _sums(own)
    implied = {**_implied_classes(values), **_implied_parts(values)}
    hidden: set[Cell] = set()
    lost: set[Cell] = set()
    for kind in sorted({cell.what for cell in values}):
        least = least_shown(kind, profile, options)
        own, zeros, sums, before = (
            {c: n for c, n in part.items() if c.what == kind}
            for part in (values, implied, summed, earlier)
        )
        known = _Known(zeros, {c: n for c, n in sums.items() if c not in own}, before)
        found, gone = _hide_kind(own, known, secret, least)
        hidden |= found
        lost |= gone
    return Hidden(frozenset(hidden), frozenset(lost))


def least_shown(kind: str, profile: Profile, options: DisclosureOptions) -> int:
    """Return the least count of a kind that a profile shows: of persons, that of the public."""
    least = options.least(profile)
    return max(least, options.min_count_publik) if kind.startswith(PERSONAL) else least


@dataclass(frozen=True)
class _Known:
    """What the reader has beside what is about to be told: of itself, from others, from before."""

    zeros: Published
    sums: Published
    before: Published


def _hide_kind(
    own: Published, known: _Known, secret: set[Cell], minimum: int
) -> tuple[set[Cell], set[Cell]]:
    # A number told before and corrected since is taken as known: it was nearly right.
    before = {c: own.get(c, n) for c, n in known.before.items()}
    certain = {**known.zeros, **known.sums}
    found, gone = _suppressed(own, certain, before, secret, minimum)
    if not gone or not known.sums:
        return found, gone
    # Sums that others may print leave too little room: the whole list is hidden, and what earlier
    # editions of our own give away is told apart.
    lists = {_list(cell) for cell in gone}
    closed = {cell for cell in own if _list(cell) in lists}
    again, lost = _suppressed(own, known.zeros, before, secret | closed, minimum, sure=False)
    return found | again | closed, lost


def _list(cell: Cell) -> tuple[object, ...]:
    return cell.classes, cell.first, cell.last, cell.split, cell.parts


def _suppressed(
    own: Published,
    certain: Published,
    before: Published,
    secret: set[Cell],
    minimum: int,
    *,
    sure: bool = True,
) -> tuple[set[Cell], set[Cell]]:
    """Return the cells to hide, and those that are given away all the same."""
    both = {**before, **certain, **own}
    system = build(list(both))
    values = np.array([both[cell] for cell in system.cells], dtype=np.int64)
    fixed = np.array([c in before or c in certain for c in system.cells], dtype=bool)
    closed = np.array([cell in secret for cell in system.cells], dtype=bool) if sure else None
    try:
        done = suppress(system, values, fixed=fixed, minimum=minimum, secret=closed)
    except ContradictionError:
        # The events have changed since: what fits no more is taken as the nearest that does.
        loose = np.array([c in before and c not in own and c not in certain for c in system.cells])
        values = nearest(system, values, loose=loose)
        done = suppress(system, values, fixed=fixed, minimum=minimum, secret=closed)
    gone = {system.cells[i] for i in done.unprotected}
    known_small = {c for c, n in own.items() if c in before and (0 < n < minimum or c in secret)}
    hidden = {cell for cell, hide in zip(system.cells, done.hidden, strict=True) if hide}
    return (hidden & set(own)) | known_small, gone | known_small


def _sums(own: Published) -> dict[Cell, int]:
    """Return the sum of all areas of each list of two areas or more that has no such row."""
    lists: defaultdict[Cell, dict[tuple[str, ...], int]] = defaultdict(dict)
    for cell, value in own.items():
        lists[Cell(cell.what, (), cell.classes, cell.first, cell.last)][cell.areas] = value
    found: dict[Cell, int] = {}
    for cell, areas in lists.items():
        if len(areas) == 1 or all_but(()) in areas:
            continue
        outside = any(EVERYWHERE in ids for ids in areas)
        whole = all_but(()) if outside else only(*(one for ids in areas for one in ids))
        total = Cell(cell.what, whole, cell.classes, cell.first, cell.last)
        found[total] = sum(areas.values())
    return found


def _implied_classes(values: Published) -> dict[Cell, int]:
    """Return zeros that no row tells: classes left out of a list whose classes sum to all."""
    lists: defaultdict[_Key, dict[str, int]] = defaultdict(dict)
    wholes: dict[_Key, int] = {}
    for cell, value in values.items():
        key = (cell.what, cell.areas, cell.first, cell.last)
        if cell.split:
            continue
        if len(cell.classes) == 1:
            lists[key][cell.classes[0]] = value
        elif cell.classes == _ALL_CLASSES:
            wholes[key] = value
    return {
        Cell(what, areas, (name,), first, last): 0
        for (what, areas, first, last), listed in lists.items()
        if sum(listed.values()) == wholes.get((what, areas, first, last))
        for name in OFFENCE_CLASSES
        if name not in listed
    }


def _implied_parts(values: Published) -> dict[Cell, int]:
    """Return that nothing is of a part that no row tells, where the parts sum to the whole."""
    lists: defaultdict[Cell, dict[str, int]] = defaultdict(dict)
    for cell, value in values.items():
        if cell.split and cell.split not in ROUNDED:
            plain = Cell(cell.what, cell.areas, cell.classes, cell.first, cell.last, cell.split)
            lists[plain][cell.parts[0]] = value
    found: dict[Cell, int] = {}
    for cell, parts in lists.items():
        base = (cell.what, cell.areas, cell.classes, cell.first, cell.last)
        if sum(parts.values()) == values.get(Cell(*base)):
            found[Cell(*base, cell.split, all_but(list(parts)))] = 0
    return found
