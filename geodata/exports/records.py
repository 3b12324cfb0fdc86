"""The exact, slower reading of a text file: record by record, with the text each came from.

Built on Python's ``csv``, which reads quotes as Excel writes them. It differs in one thing: a quote
that is never closed would swallow the rest of the file; here it costs the row on which it stands.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

MAX_RECORD_LINES: Final = 1000
"""A quoted text of more lines than this is taken for a quote that was never closed."""

_FIELD_LIMIT: Final = 2**31 - 1


class Record(NamedTuple):
    """One record of a text file.

    ``row`` is its number from 1 as a spreadsheet shows it, ``cells`` what it was cut into, ``raw``
    the text with its line break, ``broken`` whether it opens a quote that isn't closed. A blank
    line has no cells.
    """

    row: int
    cells: list[str]
    raw: str
    broken: bool


@contextmanager
def long_fields() -> Iterator[None]:
    """Let ``csv`` read fields of any length; its limit holds for the whole process."""
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def lines_of(data: bytes, start: int) -> Iterator[str]:
    """Yield the lines of UTF-8 bytes with their breaks; bad bytes become lone surrogates."""
    stream = io.BytesIO(data)
    stream.seek(start)
    return iter(io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline=""))


def records(lines: Iterator[str], separator: str, first_row: int = 1) -> Iterator[Record]:
    """Yield the records of `lines`, blank ones too; call within `long_fields`."""
    pending: deque[str] = deque()
    taken: list[str] = []
    ended = False

    def feed() -> Iterator[str]:
        nonlocal ended
        while len(taken) < MAX_RECORD_LINES:
            line = pending.popleft() if pending else next(lines, None)
            if line is None:
                ended = True
                return
            taken.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=separator)
    row = first_row
    while True:
        cells = next(reader, None)
        if cells is None:
            return
        # A record of one line is sound unless the file ended while it waited for a closing quote.
        broken = (
            not one_record(taken, separator)
            if len(taken) > 1
            else ended and ends_within_quote(taken, separator)
        )
        if not broken:
            yield Record(row, cells, "".join(taken), broken=False)
            taken.clear()
        else:
            first, *rest = taken
            pending.extendleft(reversed(rest))
            taken.clear()
            yield Record(row, next(csv.reader([first], delimiter=separator)), first, broken=True)
            reader = csv.reader(feed(), delimiter=separator)
        row += 1


def ends_within_quote(taken: list[str], separator: str) -> bool:
    """Tell whether the lines end within a quoted text."""
    try:
        list(csv.reader(taken, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def one_record(lines: Iterable[str], separator: str) -> bool:
    """Tell whether lines are one record, properly quoted: no stray quote ties them together."""
    try:
        return len(list(csv.reader(lines, delimiter=separator, strict=True))) == 1
    except csv.Error:
        return False
