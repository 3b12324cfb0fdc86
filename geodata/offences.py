"""The class of each row: by the project's rules, its offence code, or its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geodata.columns import Codes, Distinct
from geodata.offence_codes import OffenceCodes, class_of_text, tidy_code
from geodata.schema import OFFENCE_CLASSES

UNKNOWN = OFFENCE_CLASSES.index("unknown")


@dataclass(frozen=True, eq=False)
class CodeColumn:
    """Offence codes as the list writes them.

    Attributes
    ----------
    distinct
        The codes in order of text, and the code of each row.
    n_restored
        Rows whose leading zero was put back.
    """

    distinct: Distinct
    n_restored: int


@dataclass(frozen=True)
class CodeCount:
    """One code of a file.

    Attributes
    ----------
    code, text, offence_class
        As the list of codes has them; `text` is empty and the class ``unknown`` if it hasn't.
    rows
        Usable rows with the code.
    expired
        Of these, rows dated outside the years the code was in use.
    known
        Whether the code stands in the list.
    """

    code: str
    text: str
    offence_class: str
    rows: int
    expired: int
    known: bool


def tidy_codes(column: Distinct) -> CodeColumn:
    """Write the codes of a column as the list does (see `tidy_code`)."""
    tidied = [tidy_code(text) for text in column.values.to_pylist()]
    names = sorted({code for code, _restored in tidied})
    position = {code: i for i, code in enumerate(names)}
    new = np.array([position[code] for code, _restored in tidied] + [-1], dtype=np.int64)
    restored = np.array([was for _code, was in tidied], dtype=bool)
    counts = column.counts()
    return CodeColumn(
        Distinct(pa.array(names, pa.string()), new[column.codes]), int(counts[restored].sum())
    )


def classes_of_codes(column: Distinct, codes: OffenceCodes) -> npt.NDArray[np.int8]:
    """Return the class of each row by its code, −1 where the code is missing or not in the list."""
    of_code = np.full(len(column.values) + 1, -1, dtype=np.int8)
    for i, code in enumerate(column.values.to_pylist()):
        if code in codes:
            of_code[i] = OFFENCE_CLASSES.index(codes[code].offence_class)
    return of_code[column.codes]


def classes_of_texts(column: Distinct, stated: Mapping[str, str]) -> npt.NDArray[np.int8]:
    """Return the class of each row by its text, −1 where no rule holds.

    `stated` is the project's own: whole text → class.
    """
    own = {text.strip().casefold(): name for text, name in stated.items()}
    of_text = np.full(len(column.values) + 1, -1, dtype=np.int8)
    for i, text in enumerate(column.values.to_pylist()):
        name = own.get(text.casefold()) or class_of_text(text)
        position = OFFENCE_CLASSES.index(name)
        of_text[i] = -1 if position == UNKNOWN else position
    return of_text[column.codes]


def count_codes(
    column: Distinct, rows: Codes, start: pd.Series[Any], codes: OffenceCodes
) -> tuple[CodeCount, ...]:
    """Count the codes of the usable rows, and those out of use at the row's own date.

    Parameters
    ----------
    column
        The codes of all rows of the file.
    rows
        Positions of the usable rows.
    start
        Start of all rows, in the project's time zone.
    codes
        The list of codes.
    """
    of_row = column.codes[rows]
    counts = np.bincount(of_row[of_row >= 0], minlength=len(column.values))
    found = []
    for i, code in enumerate(column.values.to_pylist()):
        if not counts[i]:
            continue
        known = codes.by_code.get(code)
        expired = 0
        if known and (known.valid_from or known.valid_to):
            expired = _outside(start.iloc[rows[of_row == i]], known.valid_from, known.valid_to)
        found.append(
            CodeCount(
                code=code,
                text=known.text if known else "",
                offence_class=known.offence_class if known else "unknown",
                rows=int(counts[i]),
                expired=expired,
                known=known is not None,
            )
        )
    return tuple(found)


def _outside(start: pd.Series[Any], first: date | None, last: date | None) -> int:
    """Return how many of some times lie on local days outside a period, bounds inclusive."""
    days = start.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    outside = np.zeros(len(days), dtype=bool)
    if first is not None:
        outside |= days < np.datetime64(first)
    if last is not None:
        outside |= days > np.datetime64(last)
    return int(outside.sum())
