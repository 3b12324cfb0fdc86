"""CSV as Swedish Excel opens it: ``;``, UTF-8 with a byte-order mark, decimal comma, CRLF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from geodata.disclosure import Released
from geodata.exports.raw import REJECTED_COLUMNS
from geodata.files.flat import flat
from geodata.reasons import reason_text


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
    _write(path, flat(released.shown()), "," if decimal_comma else ".")


def write_list_csv(path: Path, released: Released, headings: Mapping[str, str]) -> None:
    """Write columns of a released table under headings for people, to be handed over.

    Parameters
    ----------
    path
        The file.
    released
        A table that is not withheld.
    headings
        Column → heading; the columns written, in order.

    Raises
    ------
    ValueError
        If the table is withheld.
    OSError
        If the file can't be written.
    """
    _write(path, flat(released.shown()[list(headings)].rename(columns=dict(headings))), ",")


def write_rejected(path: Path, released: Released, rows: pd.DataFrame, *, input_no: int) -> int:
    """Write the rejected rows of one input as they stood, to be corrected and read again.

    Parameters
    ----------
    path
        The file.
    released
        The table ``rejected``, profile ``intern``: the only one it is let out to.
    rows
        What stood on the rows, as of `geodata.incidents.Import.rejected_rows`: ``row_number``,
        ``reason``, ``detail``, then the columns that were read, without personal data.
    input_no
        Number of the input in the project file; rows of other inputs are left out.

    Returns
    -------
    int
        Rows written. The columns of the input follow those of `REJECTED_COLUMNS`; rows that could
        not be cut into columns have empty cells. ``lagesbild_detail`` says in words what was wrong.

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
    texts = {code: reason_text(code) for code in mine["reason"].unique()}
    said = [
        f"{texts[reason]} {detail}".strip()
        for reason, detail in zip(mine["reason"], mine["detail"], strict=True)
    ]
    told = {
        REJECTED_COLUMNS[0]: mine["input_no"],
        REJECTED_COLUMNS[1]: mine["row_number"],
        REJECTED_COLUMNS[2]: mine["reason"],
        REJECTED_COLUMNS[3]: pd.Series(said, dtype="str"),
    }
    # By position: the input may have columns of the same names as ours.
    cells = rows.iloc[:, 3:].set_axis(pd.Index(rows.iloc[:, 0]), axis=0)
    cells = cells.drop(columns=[name for name in cells if name in REJECTED_COLUMNS])
    found = cells.reindex(mine["row_number"]).fillna("").reset_index(drop=True)
    _write(path, flat(pd.concat([pd.DataFrame(told), found], axis=1)), ".")
    return len(mine)


def _write(path: Path, table: pd.DataFrame, decimal: str) -> None:
    table.to_csv(
        path, sep=";", decimal=decimal, index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
