"""Tables of counts released together, so that none gives away what another hides.

Columns stay as they are, except that counts become ``Int64`` with ``NA`` for hidden, figures that
rest on hidden counts become ``NA``, and a column ``hidden`` (bool) tells which rows have such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.disclosure.cells import Cell, build
from geodata.disclosure.countrules import COUNT_TABLES, CountTable
from geodata.disclosure.options import DisclosureOptions, Profile
from geodata.disclosure.protect import ContradictionError, suppress
from geodata.disclosure.small import hidden_note, mask
from geodata.files.titles import title
from geodata.language import gettext as _
from geodata.schema import OFFENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

Bools = npt.NDArray[np.bool_]
Published: TypeAlias = Mapping[Cell, int]
"""Numbers that a reader has, by what they count."""

_Key: TypeAlias = tuple[str, tuple[str, ...], date, date]
_ALL_CLASSES: Final = tuple(sorted(OFFENCE_CLASSES))


@dataclass(frozen=True, eq=False)
class Joint:
    """What came of tables released together.

    Attributes
    ----------
    tables
        Name → table, or ``None`` where it is withheld.
    notes
        Name → what was hidden or withheld, and why.
    published
        Name → the numbers that stand in the table, by what they count.
    """

    tables: Mapping[str, pd.DataFrame | None]
    notes: Mapping[str, tuple[str, ...]]
    published: Mapping[str, Published]


@dataclass(frozen=True, eq=False)
class _Read:
    """A table, its rows that may leave, and what they count."""

    rule: CountTable
    table: pd.DataFrame
    cells: Mapping[str, Sequence[Cell | None]]


def release_counts(
    tables: Mapping[str, pd.DataFrame],
    profile: Profile,
    options: DisclosureOptions,
    *,
    earlier: Published,
) -> Joint:
    """Hide what must be hidden of tables of counts, in all of them at once.

    Parameters
    ----------
    tables
        Tables of `COUNT_TABLES`, and others of the run that tell of their days.
    profile
        ``samverkan`` or ``publik``.
    options
        The limits.
    earlier
        Numbers that the reader has from earlier editions.
    """
    minimum = options.least(profile)
    read: dict[str, _Read] = {}
    withheld: dict[str, tuple[str, ...]] = {}
    for name in (n for n in COUNT_TABLES if n in tables):
        one = _read(name, tables)
        if profile == "publik" and not _whole_quarters(one):
            withheld[name] = (_uneven(name),)
        else:
            read[name] = one
    try:
        hidden, lost = _hidden(read, earlier, minimum)
    except ContradictionError:  # what can't be told how to protect doesn't leave
        withheld |= {name: (_no_sums(name),) for name in read}
        read, hidden, lost = {}, set(), set()
    shown: dict[str, pd.DataFrame | None] = dict.fromkeys(withheld)
    notes = dict(withheld)
    published: dict[str, Published] = {}
    for name, one in read.items():
        table = _masked(one, hidden)
        enough = table is not None and _enough(one, table)
        shown[name] = table if enough else None
        if table is None or not enough:
            notes[name] = (_too_few(name),)
            continue
        told = hidden_note(int(table["hidden"].sum()), minimum)
        own = {cell for cells in one.cells.values() for cell in cells}
        notes[name] = (*told, *(_known_before(len(own & lost)) if own & lost else ()))
        published[name] = _published(one, hidden)
    return Joint(shown, notes, published)


def _read(name: str, tables: Mapping[str, pd.DataFrame]) -> _Read:
    rule, table = COUNT_TABLES[name], tables[name]
    if rule.rows is not None:
        table = table.loc[rule.rows(table)]
    table = table.reset_index(drop=True)
    return _Read(rule, table, rule.cells(table, tables))


def _values(one: _Read) -> Iterable[tuple[Cell, int]]:
    for column, cells in one.cells.items():
        for cell, value in zip(cells, one.table[column].tolist(), strict=True):
            if cell is not None:
                yield cell, int(value)


def _published(one: _Read, hidden: set[Cell]) -> dict[Cell, int]:
    return {cell: value for cell, value in _values(one) if cell not in hidden}


def _hidden(
    read: Mapping[str, _Read], earlier: Published, minimum: int
) -> tuple[set[Cell], set[Cell]]:
    """Return the cells to hide, and those that earlier editions give away all the same."""
    values: dict[Cell, int] = {}
    for one in read.values():
        for cell, value in _values(one):
            if values.setdefault(cell, value) != value:
                msg = f"two tables tell different counts of {cell}"
                raise ValueError(msg)
    implied = _implied(values)
    kinds = sorted({cell.what for cell in values})
    hidden: set[Cell] = set()
    lost: set[Cell] = set()
    for kind in kinds:
        own = {c: n for c, n in values.items() if c.what == kind}
        zeros = {c: n for c, n in implied.items() if c.what == kind}
        # A number told before and corrected since is taken as known: it was nearly right.
        before = {c: own.get(c, n) for c, n in earlier.items() if c.what == kind}
        try:
            found, gone = _suppressed(own, {**before, **zeros}, minimum)
        except ContradictionError:
            # The events have changed since: what fits no more tells of other events.
            again = {c: n for c, n in before.items() if c in own}
            found, gone = _suppressed(own, {**again, **zeros}, minimum)
        hidden |= found
        lost |= gone
    return hidden, lost


def _suppressed(own: Published, known: Published, minimum: int) -> tuple[set[Cell], set[Cell]]:
    both = {**known, **own}
    system = build(list(both))
    values = np.array([both[cell] for cell in system.cells], dtype=np.int64)
    fixed = np.array([cell in known for cell in system.cells], dtype=bool)
    done = suppress(system, values, fixed=fixed, minimum=minimum)
    gone = {system.cells[i] for i in done.unprotected}
    small = {cell for cell, n in own.items() if cell in known and 0 < n < minimum}
    hidden = {cell for cell, hide in zip(system.cells, done.hidden, strict=True) if hide}
    return hidden | small, gone | small


def _implied(values: Published) -> dict[Cell, int]:
    """Return zeros that no row tells: classes left out of a list whose classes sum to all."""
    lists: dict[_Key, dict[str, int]] = {}
    wholes: dict[_Key, int] = {}
    for cell, value in values.items():
        key = (cell.what, cell.areas, cell.first, cell.last)
        if len(cell.classes) == 1:
            lists.setdefault(key, {})[cell.classes[0]] = value
        elif cell.classes == _ALL_CLASSES:
            wholes[key] = value
    zeros: dict[Cell, int] = {}
    for key, listed in lists.items():
        if sum(listed.values()) != wholes.get(key):
            continue
        what, areas, first, last = key
        for name in OFFENCE_CLASSES:
            if name not in listed:
                zeros[Cell(what, areas, (name,), first, last)] = 0
    return zeros


def _masked(one: _Read, hidden: set[Cell]) -> pd.DataFrame | None:
    table = one.table.drop(columns=list(one.rule.inside)).copy()
    gone = {
        column: np.array([cell is not None and cell in hidden for cell in cells], dtype=bool)
        for column, cells in one.cells.items()
    }
    whole = {column: _whole_hidden(one, column, hidden) for column in one.cells}
    for column, counts in one.rule.figures.items():
        masked = np.any([gone[c] for c in counts], axis=0)
        if column in one.rule.of_whole:
            masked |= np.any([whole[c] for c in counts], axis=0)
        mask(table, column, masked)
    for column, masked in gone.items():
        mask(table, column, masked)
    table["hidden"] = np.any(list(gone.values()), axis=0) if len(table) else np.zeros(0, bool)
    return table


def _whole_hidden(one: _Read, column: str, hidden: set[Cell]) -> Bools:
    """Return the rows whose count of all areas is hidden."""
    gone = {(c.what, c.classes, c.first, c.last) for c in hidden if c.areas == ("*",)}
    return np.array(
        [c is not None and (c.what, c.classes, c.first, c.last) in gone for c in one.cells[column]],
        dtype=bool,
    )


def _enough(one: _Read, table: pd.DataFrame) -> bool:
    """Return whether any area's count is left of those that there are."""
    counts = [column for column in one.cells if column in table.columns]
    by_area = np.array(
        [[c is not None and c.areas != ("*",) for c in one.cells[column]] for column in counts],
        dtype=bool,
    ).any(axis=0)
    if not by_area.any():
        return True
    return bool(table.loc[by_area, counts].notna().to_numpy().any())  # type: ignore[index]


def _whole_quarters(one: _Read) -> bool:
    """Return whether all that is counted is counted over whole quarters, or days are not told."""
    spans = {
        (c.first, c.last) for cells in one.cells.values() for c in cells if c and c.first < c.last
    }
    return all(_begins(first) and _begins(last + timedelta(days=1)) for first, last in spans)


def _begins(day: date) -> bool:
    return day.day == 1 and day.month % 3 == 1


def _uneven(name: str) -> str:
    text = _(
        "Tabellen ”{name}” visas inte: den räknar över dagar som inte är hela kvartal, och publikt "
        "visas inga närmare tider."
    )
    return text.format(name=title(name))


def _too_few(name: str) -> str:
    text = _(
        "Tabellen ”{name}” visas inte: områdena är för få för att små tal ska kunna skyddas, så "
        "hela tabellen hålls inne."
    )
    return text.format(name=title(name))


def _no_sums(name: str) -> str:
    text = _(
        "Tabellen ”{name}” visas inte: talen i körningens tabeller går inte ihop, så det går inte "
        "att veta vad som behöver döljas."
    )
    return text.format(name=title(name))


def _known_before(n: int) -> tuple[str, ...]:
    text = _("{n} av de dolda talen går att räkna fram ur tidigare utgåvor, vad som än döljs nu.")
    return (text.format(n=n),)
