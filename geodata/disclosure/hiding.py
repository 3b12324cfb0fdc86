"""Which cells of an edition to hide, kind by kind, with what its reader has already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from geodata.disclosure.alike import Bounds, merge_alike
from geodata.disclosure.cells import (
    EVERYWHERE,
    ROUNDED,
    Cell,
    Rounding,
    System,
    all_but,
    build,
    only,
)
from geodata.disclosure.countrules import UNPLACED
from geodata.disclosure.options import DisclosureOptions, Profile
from geodata.disclosure.otherrules import PERSONAL
from geodata.disclosure.protect import ContradictionError, Suppression, nearest, suppress
from geodata.disclosure.remainders import remainders
from geodata.schema import OFFENCE_CLASSES

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Published: TypeAlias = Mapping[Cell, int]
"""Numbers that are told, by what they count."""

Known: TypeAlias = Mapping[Cell, int | Bounds | None]
"""What earlier editions told: a number, or least and most; ``None`` for what they hid."""

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

    @property
    def lists_defaults(self) -> bool:
        """Whether events on a default address have a row wherever there are any."""

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
    zeros
        Cells without a row that are known to be none.
    """

    hidden: frozenset[Cell]
    lost: frozenset[Cell]
    zeros: Published


def hide_cells(
    tables: Iterable[Counted], earlier: Known, profile: Profile, options: DisclosureOptions
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
    implied: dict[Cell, int] = {}
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
        if one.lists_defaults:
            implied |= _implied_defaults(own)
    implied |= {**_implied_classes(values), **_implied_parts(values)}
    hidden: set[Cell] = set()
    lost: set[Cell] = set()
    for kind in sorted({cell.what for cell in values}):
        own, zeros, sums = (
            {c: n for c, n in part.items() if c.what == kind} for part in (values, implied, summed)
        )
        before = {c: n for c, n in earlier.items() if c.what == kind}
        closed = _Closed(least_shown(kind, profile, options), frozenset(secret))
        found, gone = _with_remainders(
            own, zeros, {c: n for c, n in sums.items() if c not in own}, before, closed
        )
        hidden |= found
        lost |= gone
    return Hidden(frozenset(hidden), frozenset(lost), implied)


def _with_remainders(
    own: Published, zeros: Published, sums: Published, earlier: Known, closed: _Closed
) -> tuple[set[Cell], set[Cell]]:
    """Hide what `_hide_kind` does, with what lists leave of their whole hidden as well."""
    told = {c: n for c, n in earlier.items() if isinstance(n, int)}
    # Numbers corrected since don't go together with the new: then only the new are subtracted.
    for known in ({**told, **zeros, **own}, {**zeros, **own}):
        rest = {
            cell: n
            for cell, n in remainders(known).items()
            if cell not in zeros and cell not in earlier and closed.closes(cell, n)
        }
        try:
            found, gone = _hide_kind({**own, **rest}, zeros, sums, earlier, closed)
        except ContradictionError:
            continue
        return found - rest.keys(), gone - rest.keys()
    return _hide_kind(own, zeros, sums, earlier, closed)


def least_shown(kind: str, profile: Profile, options: DisclosureOptions) -> int:
    """Return the least count of a kind that a profile shows: of persons, that of the public."""
    least = options.least(profile)
    return max(least, options.min_count_publik) if kind.startswith(PERSONAL) else least


@dataclass(frozen=True)
class _Closed:
    """What may not be told: small counts, and those of `secret`."""

    minimum: int
    secret: frozenset[Cell]

    def closes(self, cell: Cell, value: int) -> bool:
        """Return whether a count may not be told."""
        return 0 < value < self.minimum or cell in self.secret


@dataclass(frozen=True)
class Reader:
    """What the reader has beside what is about to be told.

    Attributes
    ----------
    certain
        What follows of itself, and sums that others may print.
    before
        What earlier editions told.
    bounds
        Least and most that their grids and hot spots told.
    hidden
        What they hid: it must stay hidden.
    """

    certain: Published
    before: Published
    bounds: Mapping[Cell, Bounds]
    hidden: frozenset[Cell]

    @classmethod
    def of(cls, own: Published, certain: Published, earlier: Known) -> Reader:
        """Return the reader of earlier editions, before `own` is told."""
        # A number told before and corrected since is taken as known: it was nearly right.
        before = {c: own.get(c, n) for c, n in earlier.items() if isinstance(n, int)}
        bounds = {c: n for c, n in earlier.items() if isinstance(n, tuple)}
        once = frozenset(c for c, n in earlier.items() if n is None and c not in own)
        return cls(certain, before, bounds, once)


def _hide_kind(
    own: Published, zeros: Published, sums: Published, earlier: Known, closed: _Closed
) -> tuple[set[Cell], set[Cell]]:
    found, gone = _suppressed(own, Reader.of(own, {**zeros, **sums}, earlier), closed)
    if not gone or not sums:
        return found, gone
    # Sums that others may print leave too little room: the whole list is hidden, and what earlier
    # editions of our own give away is told apart.
    lists = {_list(cell) for cell in gone}
    whole = {cell for cell in own if _list(cell) in lists}
    again, lost = _suppressed(own, Reader.of(own, zeros, earlier), closed)
    return found | again | whole, lost


def _list(cell: Cell) -> tuple[object, ...]:
    return cell.classes, cell.first, cell.last, cell.split, cell.parts


def _suppressed(own: Published, reader: Reader, closed: _Closed) -> tuple[set[Cell], set[Cell]]:
    """Return the cells to hide, and those that are given away all the same."""
    done, system = _first_that_holds(own, reader, closed)
    gone = {system.cells[i] for i in done.unprotected}
    hidden = {cell for cell, hide in zip(system.cells, done.hidden, strict=True) if hide}
    known = {c for c, n in own.items() if c in reader.before and closed.closes(c, n)}
    return (hidden & set(own)) | known, (gone & set(own)) | known


def _first_that_holds(
    own: Published, reader: Reader, closed: _Closed
) -> tuple[Suppression, System]:
    """Return what to hide when the reader takes the numbers by their word, as far as they allow."""
    rest, sums = _rounded_lists(own)
    tries: tuple[tuple[Published, Rounding], ...] = ((rest, "none"), (sums, "apart"), ({}, "half"))
    for more, rounding in tries if sums else tries[:1]:
        try:
            knows = replace(reader, certain={**reader.certain, **more})
            return _solve(own, knows, closed, rounding)
        except ContradictionError:  # rounded numbers need not sum to what they are parts of
            continue
    # The events have changed since: what fits no more is taken as the nearest that does.
    return _solve(own, reader, closed, "half", corrected=True)


def _solve(
    own: Published,
    reader: Reader,
    closed: _Closed,
    rounding: Rounding,
    *,
    corrected: bool = False,
) -> tuple[Suppression, System]:
    reader = replace(reader, bounds={} if corrected else merge_alike(reader.bounds)[0])
    made = Made.of(own, reader, rounding)
    known = made.those({**reader.before, **reader.certain, **reader.bounds})
    once = made.those(reader.hidden) & ~known & ~made.those(own)
    values = made.values
    if corrected:
        loose = made.those(reader.before) & ~made.those(own) & ~made.those(reader.certain)
        values = nearest(made.system, values, loose=loose, unknown=once)
    done = suppress(
        made.system,
        values,
        fixed=known,
        minimum=closed.minimum,
        secret=made.those(closed.secret),
        once=once,
        bounds=None if corrected else made.bounds,
    )
    return done, made.system


@dataclass(frozen=True, eq=False)
class Made:
    """All that a reader may know, as a system.

    Attributes
    ----------
    system, values
        Its cells, and their values.
    bounds
        Least and most of each when it is shown.
    """

    system: System
    values: npt.NDArray[np.int64]
    bounds: tuple[Floats, Floats]

    @classmethod
    def of(cls, own: Published, reader: Reader, rounding: Rounding) -> Made:
        """Return the system of what is told and what the reader has."""
        numbers = {**reader.before, **reader.certain, **own}
        cells = [*numbers, *reader.bounds, *reader.hidden]
        system = build(cells, rounding=rounding)
        values = np.array([numbers.get(cell, 0) for cell in system.cells], dtype=np.int64)
        low, high = values - system.slack, values + system.slack
        for at, cell in enumerate(system.cells):
            if cell in reader.bounds and cell not in numbers:
                least, most = reader.bounds[cell]
                low[at], high[at] = least, np.inf if most is None else most
        return cls(system, values, (low, high))

    def those(self, cells: Container[Cell]) -> Bools:
        """Return which cells are among some."""
        return np.array([cell in cells for cell in self.system.cells], dtype=bool)


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


def _implied_defaults(own: Published) -> dict[Cell, int]:
    """Return that nothing stands on a default address where a list by area has no row of it."""
    lists: defaultdict[Cell, set[tuple[str, ...]]] = defaultdict(set)
    for cell in own:
        lists[replace(cell, areas=(UNPLACED,))].add(cell.areas)
    by_area = {cell: areas for cell, areas in lists.items() if areas - {all_but(())}}
    return {cell: 0 for cell, areas in by_area.items() if cell.areas not in areas}


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


def _rounded_lists(own: Published) -> tuple[dict[Cell, int], dict[Cell, int]]:
    """Return what no part of each rounded list holds of its whole; and, with none such, its sum."""
    lists: defaultdict[Cell, dict[str, int]] = defaultdict(dict)
    for cell, value in own.items():
        if cell.split in ROUNDED:
            lists[replace(cell, parts=())][cell.parts[0]] = value
    rest: dict[Cell, int] = {}
    sums: dict[Cell, int] = {}
    for cell, parts in lists.items():
        unnamed = replace(cell, parts=all_but(list(parts)))
        sums |= {replace(cell, parts=all_but(())): sum(parts.values()), unnamed: 0}
        whole = own.get(replace(cell, split=""))
        if whole is not None:
            rest[unnamed] = whole - sum(parts.values())
    return rest, sums
