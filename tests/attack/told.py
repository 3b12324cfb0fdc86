"""What files tell in numbers: the cells of their tables and ledgers, shown and hidden.

Tables are known by their columns, as a reader knows them by their headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.attack.counted import EVERY, REST, Cell, of_ledger
from tests.attack.opening import Opened
from tests.attack.recover import ALL, OUTSIDE, STREET, UNPLACED, WHOLE, Key

Told = tuple[Cell, int | None]
LEDGER = {"what", "areas", "classes", "days", "counts"}


def cells_told(opened: list[Opened]) -> tuple[dict[Cell, int], set[Cell]]:
    """Return the numbers that editions tell, by what they count, and those they hide."""
    editions = [_read(one) for one in opened]
    names = frozenset(name for _tables, _told, areas in editions for name in areas)
    shown: dict[Cell, int] = {}
    hidden: set[Cell] = set()
    for tables, told, _areas in editions:
        window = _window(tables)
        rows = [row for table in tables for row in table]
        for cell, number in [
            *(c for row in rows for c in _of_row(row, names, window, told)),
            *told,
        ]:
            if number is None:
                hidden.add(cell)
            else:
                shown[cell] = number
    return shown, hidden - set(shown)


def _read(opened: Opened) -> tuple[list[list[dict[str, Any]]], list[Told], set[str]]:
    """Return an edition's tables by row, what its ledgers tell, and the areas that it names."""
    held = [value for _where, value in opened.values if isinstance(value, dict)]
    told = [one for value in held if set(value) >= LEDGER for one in of_ledger(value)]
    tables = [_rows(value) for value in held if set(value) == {"columns", "rows"}]
    counting = {"n_events", "n_now", "n_searches", "n_answers"}
    areas = {name for cell, _number in told for name in cell.areas}
    for row in (row for table in tables for row in table if counting & set(row)):
        if row.get("area_id"):
            areas.add(str(row["area_id"]))
    return tables, told, areas - {WHOLE, OUTSIDE}


def cell_of(key: Key, names: frozenset[str]) -> Cell:
    """Return what a key of `tests.attack.secrets.Truth` counts, among named areas."""
    what, area, kind, first, last = key
    return Cell(what, _area(area, names), _class(kind), first, last)


def names_in(cells: Mapping[Cell, int] | set[Cell]) -> frozenset[str]:
    """Return every area that cells name."""
    return frozenset(name for cell in cells for name in cell.areas) - {REST}


def unnamed(cells: Mapping[Cell, int] | set[Cell]) -> set[Cell]:
    """Return events on a default address where no table of the same days tells of any."""
    one = frozenset({UNPLACED})
    named = {(c.what, c.first, c.last) for c in cells if c.areas == one}
    spans = {(c.what, c.first, c.last) for c in cells} - named
    return {Cell(what, one, EVERY, first, last) for what, first, last in spans}


def _rows(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(value["columns"], row, strict=True)) for row in value["rows"]]


def _window(tables: list[list[dict[str, Any]]]) -> tuple[str, str]:
    for rows in tables:
        for row in rows:
            if row.get("area_id") == WHOLE and "first_date" in row and "by" not in row:
                return str(row["first_date"])[:10], str(row["last_date"])[:10]
    return ("", "")


def _of_row(
    row: dict[str, Any], names: frozenset[str], window: tuple[str, str], ledgers: list[Told]
) -> Iterator[Told]:
    columns = set(row)
    if columns >= {"n_now", "first_now"}:  # the follow-up
        for when in ("before", "now"):
            days = (str(row[f"first_{when}"])[:10], str(row[f"last_{when}"])[:10])
            yield from _events(row, row["class"], days, row[f"n_{when}"], names)
    elif columns >= {"order", "period", "what", "by", "n_events"}:  # the appendix
        kind = row["value"] if row["by"] == "class" else row["what"]
        days = (str(row["first_date"])[:10], str(row["last_date"])[:10])
        yield from _events(row, kind, days, row["n_events"], names)
    elif columns >= {"area_id", "source", "by", "value", "n_events"} and window[0]:
        if row["by"] in ("class", "all"):
            kind = ALL if row["by"] == "all" else row["value"]
            yield from _events(row, kind, window, row["n_events"], names)
    elif columns >= {"n_entrances", "n_searches", "n_finds"}:
        area = _area(str(row["area_id"] or OUTSIDE), names)
        for first, last in _spans("searches", ledgers):
            both, find = frozenset({"find", "none"}), frozenset({"find"})
            yield Cell("searches", area, both, first, last), _count(row["n_searches"])
            yield Cell("searches", area, find, first, last), _count(row["n_finds"])
    elif columns >= {"n_answers", "n_unsafe", "question", "origin", "wave"}:
        what = f"answers/{row['question']}/{row['origin']}/{row['wave']}"
        area = _area(str(row["area_id"]), names)
        for first, last in _spans(what, ledgers):
            both, unsafe = frozenset({"safe", "unsafe"}), frozenset({"unsafe"})
            yield Cell(what, area, both, first, last), _count(row["n_answers"])
            yield Cell(what, area, unsafe, first, last), _count(row["n_unsafe"])


def _spans(what: str, ledgers: list[Told]) -> set[tuple[str, str]]:
    """Return the days that ledgers name for what a table tells without days."""
    return {(cell.first, cell.last) for cell, _n in ledgers if cell.what == what} or {("", "")}


def _events(
    row: dict[str, Any], kind: object, days: tuple[str, str], n: object, names: frozenset[str]
) -> Iterator[Told]:
    if kind != "counted":  # what the project counts: its ledger names the classes
        key = (f"events/{row['source']}", str(row["area_id"]), str(kind), *days)
        yield cell_of(key, names), _count(n)


def _area(name: str, names: frozenset[str]) -> frozenset[str]:
    if name == OUTSIDE:
        return names | {REST, UNPLACED}
    return EVERY if name == WHOLE else frozenset({name})


def _class(name: str) -> frozenset[str]:
    if name == ALL:
        return EVERY
    return frozenset(STREET) if name == "street_drugs" else frozenset({name})


def _count(value: object) -> int | None:
    return None if value is None or value == "" or value != value else int(float(str(value)))  # noqa: PLR0124 (NaN)
