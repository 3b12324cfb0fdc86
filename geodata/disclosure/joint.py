"""Tables of counts released together, so that none gives away what another hides.

Columns stay as they are, except that counts become ``Int64`` with ``NA`` for hidden, figures that
rest on hidden counts become ``NA``, and a column ``hidden`` (bool) tells which rows have such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.disclosure.cells import Cell
from geodata.disclosure.countrules import CountTable
from geodata.disclosure.hiding import Hidden, Known, Published, hide_cells, least_shown
from geodata.disclosure.options import DisclosureOptions, Profile
from geodata.disclosure.otherrules import COUNT_TABLES, whole_numbers
from geodata.disclosure.protect import ContradictionError
from geodata.disclosure.small import hidden_note, mask, place
from geodata.disclosure.times import last_quarter_end, span_told, whole_quarters
from geodata.files.titles import title
from geodata.language import day
from geodata.language import gettext as _

Bools = npt.NDArray[np.bool_]


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
    hidden
        Name → what stands in the table as hidden.
    counts, zeros
        All that the tables that are shown count, hidden or not, and what follows of itself: for
        inside.
    """

    tables: Mapping[str, pd.DataFrame | None]
    notes: Mapping[str, tuple[str, ...]]
    published: Mapping[str, Published]
    hidden: Mapping[str, frozenset[Cell]]
    counts: Published
    zeros: Published


@dataclass(frozen=True, eq=False)
class _Read:
    """A table, its rows that may leave, and what they count.

    Attributes
    ----------
    rule
        How it is read.
    table
        The rows that may leave.
    inside
        Columns that may not.
    cells, numbers
        What each row of a column counts, and how many.
    secret
        Cells that are hidden whatever they count.
    """

    rule: CountTable
    table: pd.DataFrame
    inside: tuple[str, ...]
    cells: Mapping[str, Sequence[Cell | None]]
    numbers: Mapping[str, Sequence[int | None]]
    secret: frozenset[Cell]

    @property
    def sums_known(self) -> bool:
        """Whether the sum of all areas must be taken as known."""
        return self.rule.sums_known

    @property
    def lists_defaults(self) -> bool:
        """Whether events on a default address have a row wherever there are any."""
        return self.rule.lists_defaults

    def values(self) -> Iterator[tuple[Cell, int]]:
        """Give each cell with its count."""
        for column, cells in self.cells.items():
            for cell, value in zip(cells, self.numbers[column], strict=True):
                if cell is not None and value is not None:
                    yield cell, value


def release_counts(
    tables: Mapping[str, pd.DataFrame],
    profile: Profile,
    options: DisclosureOptions,
    *,
    earlier: Known,
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
        Numbers that the reader has from earlier editions, ``None`` for those that these hid.
    """
    read: dict[str, _Read] = {}
    withheld: dict[str, tuple[str, ...]] = {}
    for name in (n for n in COUNT_TABLES if n in tables):
        one = _read(name, tables, profile, options)
        uneven = None if profile != "publik" or one.rule.any_days else _uneven_span(one)
        if uneven is not None:
            withheld[name] = (_uneven(name, *uneven, asked=one.rule.asked),)
        else:
            read[name] = one
    try:
        found = hide_cells(read.values(), earlier, profile, options)
    except ContradictionError:  # what can't be told how to protect doesn't leave
        withheld |= {name: (_no_sums(name),) for name in read}
        read, found = {}, Hidden(frozenset(), frozenset(), {})
    shown: dict[str, pd.DataFrame | None] = dict.fromkeys(withheld)
    notes = dict(withheld)
    published: dict[str, Published] = {}
    hidden: dict[str, frozenset[Cell]] = {}
    for name, one in read.items():
        table = _masked(one, found.hidden)
        shown[name] = table if _enough(one, table) else None
        if shown[name] is None:
            notes[name] = (_too_few(name, by_area=_has_areas(one)),)
            continue
        notes[name] = _notes(one, table, found, profile, options)
        published[name] = {c: n for c, n in one.values() if c not in found.hidden}
        hidden[name] = frozenset(c for c, _n in one.values() if c in found.hidden)
    counts = {c: n for name in published for c, n in read[name].values()}
    return Joint(shown, notes, published, hidden, counts, found.zeros)


def _read(
    name: str, tables: Mapping[str, pd.DataFrame], profile: Profile, options: DisclosureOptions
) -> _Read:
    rule, table = COUNT_TABLES[name], tables[name]
    if rule.rows is not None:
        table = table.loc[rule.rows(table)]
    table = table.reset_index(drop=True)
    inside = (*rule.inside, *(rule.inside_public if profile == "publik" else ()))
    cells = {c: own for c, own in rule.cells(table, tables).items() if c not in inside}
    numbers = {column: whole_numbers(table, column) for column in cells}
    minimum = options.least(profile)
    closed = {} if rule.secret is None else rule.secret(table, minimum)
    secret = {
        cell
        for column, own in cells.items()
        if column in closed
        for cell, hide in zip(own, closed[column], strict=True)
        if hide and cell is not None
    }
    return _Read(rule, table, inside, cells, numbers, frozenset(secret))


def _notes(
    one: _Read, table: pd.DataFrame, found: Hidden, profile: Profile, options: DisclosureOptions
) -> tuple[str, ...]:
    own = {cell for cells in one.cells.values() for cell in cells if cell is not None}
    lost = len(own & found.lost)
    kinds = [cell.what for cell in own & found.hidden]
    minimum = max((least_shown(kind, profile, options) for kind in kinds), default=0)
    told = (*_span_note(one, profile), *hidden_note(int(table["hidden"].sum()), minimum))
    return (*told, *(_known_before(lost) if lost else ()))


def _span_note(one: _Read, profile: Profile) -> tuple[str, ...]:
    spans = {
        (c.first, c.last) for cells in one.cells.values() for c in cells if c and c.first < c.last
    }
    if not one.rule.span_in_note or len(spans) != 1:
        return ()
    return (_("Räknat: {days}.").format(days=span_told(*next(iter(spans)), profile)),)


def _masked(one: _Read, hidden: Set[Cell]) -> pd.DataFrame:
    table = one.table.drop(columns=list(one.inside)).copy()
    for column, numbers in one.numbers.items():
        if pd.api.types.is_float_dtype(table[column]) and column != "value":
            table[column] = pd.Series(list(numbers), index=table.index).astype("Float64")
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
    told = np.any(list(gone.values()), axis=0) if len(table) else np.zeros(0, bool)
    at = place(table, "geometry") if "geometry" in table.columns else len(table.columns)
    table.insert(at, "hidden", told)
    return table


def _whole_hidden(one: _Read, column: str, hidden: Set[Cell]) -> Bools:
    """Return the rows whose count of all areas is hidden."""
    gone = {c for c in hidden if c.areas == ("*",)}
    return np.array(
        [c is not None and replace(c, areas=("*",)) in gone for c in one.cells[column]],
        dtype=bool,
    )


def _has_areas(one: _Read) -> bool:
    return any(c and c.areas != ("*",) for cells in one.cells.values() for c in cells)


def _enough(one: _Read, table: pd.DataFrame) -> bool:
    """Return whether any count is left of lists; of a table by area, any area's."""
    some = _has_areas(one)
    if not some and not any(c and c.split for cells in one.cells.values() for c in cells):
        return True  # numbers that stand alone
    counted = np.array(
        [
            [c is not None and not (some and c.areas == ("*",)) for c in cells]
            for cells in one.cells.values()
        ],
        dtype=bool,
    ).T
    if not counted.any():
        return True
    return bool((table[list(one.cells)].notna().to_numpy() & counted).any())


def _uneven_span(one: _Read) -> tuple[date, date] | None:
    """Return days that are counted over and no whole quarters; ``None`` where there are none."""
    spans = {
        (c.first, c.last) for cells in one.cells.values() for c in cells if c and c.first < c.last
    }
    return max((s for s in spans if not whole_quarters(*s)), key=lambda s: s[1], default=None)


def _uneven(name: str, first: date, last: date, *, asked: str) -> str:
    """Say that a table is withheld for its days, and which days would do."""
    text = _(
        "Tabellen ”{name}” visas inte: den räknar över dagar som inte är hela kvartal, och publikt "
        "visas inga närmare tider."
    )
    begin, end = last_quarter_end(first - timedelta(days=1)), last_quarter_end(last)
    begin += timedelta(days=1)
    told = [text.format(name=title(name))]
    if begin > end:
        told.append(_("Välj en period som är minst ett helt kvartal."))
    elif asked:
        offer = _(
            "Ange i stället {first} till {last} ({where}), som är hela kvartal, så visas den."
        )
        told.append(offer.format(first=day(begin), last=day(end), where=asked))
    return " ".join(told)


def _too_few(name: str, *, by_area: bool) -> str:
    text = _(
        "Tabellen ”{name}” visas inte: områdena är för få för att små tal ska kunna skyddas, så "
        "hela tabellen hålls inne."
    )
    if not by_area:
        text = _("Tabellen ”{name}” visas inte: talen är för små för att kunna skyddas.")
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
