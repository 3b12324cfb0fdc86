"""CSV as Swedish Excel opens it: ``;``, UTF-8 with a byte-order mark, decimal comma, CRLF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.disclosure import Released
from geodata.exports.raw import RawTable
from geodata.files.flat import flat
from geodata.reasons import reason_text

PRIVATE_REASONS: Final = frozenset({"personal_data"})
"""Reasons whose rows are named but not repeated: copying them would spread what was found."""

ADDED: Final = ("lagesbild_input", "lagesbild_row", "lagesbild_reason", "lagesbild_detail")
"""Columns that `write_rejected` puts first; leave them standing when the file is read again."""


def write_csv(path: Path, released: Released, *, decimal_comma: bool = True) -> None:
    """Write a released table as CSV. Times carry their offset from UTC.

    Parameters
    ----------
    path
        The file.
    released
        A table that is not withheld.
    decimal_comma
        ``1,5`` rather than ``1.5``.

    Raises
    ------
    ValueError
        If the table is withheld.
    OSError
        If the file can't be written.
    """
    if released.table is None:
        msg = f"table {released.name!r} is withheld from {released.profile!r}"
        raise ValueError(msg)
    _write(path, flat(released.table), "," if decimal_comma else ".")


def write_rejected(
    path: Path, released: Released, raw: RawTable, *, input_no: int, columns: Sequence[str]
) -> int:
    """Write the rejected rows of one input as they stood, to be corrected and read again.

    Parameters
    ----------
    path
        The file.
    released
        The table ``rejected``, profile ``intern``: the only one it is let out to.
    raw
        The input as it was read.
    input_no
        Its number in the project file; rows of other inputs are left out.
    columns
        Columns of the input to repeat, in order: those the project uses. Columns that hold persons
        or free text are not to be among them.

    Returns
    -------
    int
        Rows written. Rows rejected for `PRIVATE_REASONS`, and rows that could not be cut into
        columns, have empty cells. ``lagesbild_detail`` says in words what was wrong.

    Raises
    ------
    ValueError
        If the table is withheld or another one.
    OSError
        If the file can't be written.
    """
    if released.table is None or released.name != "rejected":
        msg = "write_rejected takes the released table 'rejected'"
        raise ValueError(msg)
    mine = released.table[released.table["input_no"] == input_no]
    mine = mine.sort_values(["row_number", "reason"], kind="stable").reset_index(drop=True)
    reasons = {code: reason_text(code) for code in mine["reason"].unique()}
    said = [
        f"{reasons[reason]} {detail}".strip()
        for reason, detail in zip(mine["reason"], mine["detail"], strict=True)
    ]
    cells: dict[str, object] = {
        ADDED[0]: mine["input_no"],
        ADDED[1]: mine["row_number"],
        ADDED[2]: mine["reason"],
        ADDED[3]: pd.Series(said, dtype=object),
    }
    originals = _originals(raw, mine, [c for c in columns if c not in ADDED])
    _write(path, flat(pd.DataFrame(cells | originals)), ".")
    return len(mine)


def _originals(
    raw: RawTable, rejected: pd.DataFrame, columns: Sequence[str]
) -> dict[str, pd.Series]:
    """Return the cells of the rejected rows as text, empty where they are not to be had."""
    wanted = rejected["row_number"].to_numpy("int64")
    at = np.searchsorted(raw.row_numbers, wanted)  # rising, by the promise of RawTable
    known = at < len(raw.row_numbers)
    known[known] = raw.row_numbers[at[known]] == wanted[known]
    known &= ~rejected["reason"].isin(PRIVATE_REASONS).to_numpy(dtype=bool)
    places = pa.array(np.where(known, at, 0), mask=~known)
    cells = {}
    for name in columns:
        taken = raw.table.column(name).take(places)
        text = taken.cast(pa.string()).to_pandas().astype(object)
        cells[name] = text.where(text.notna(), "")
    return cells


def _write(path: Path, table: pd.DataFrame, decimal: str) -> None:
    table.to_csv(
        path, sep=";", decimal=decimal, index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
