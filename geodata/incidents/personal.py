"""Rows whose texts hold personal data: found, told without repeating them, and set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geodata.columns import Codes, Distinct
from geodata.errors import Notice
from geodata.import_report import UnknownText
from geodata.language import gettext as _
from geodata.mapping import JOIN, ColumnMap
from geodata.screening import Role, chance_hits, find_personal, kind_text

ROLES: Final[Mapping[str, Role]] = {
    "case_id": "case_id",
    "offence_code": "code",
    "address": "address",
}
"""How the texts of a target are searched; all others as ordinary text."""


@dataclass(frozen=True, eq=False)
class Personal:
    """Personal data in the texts of a file.

    Attributes
    ----------
    kind
        int8, one a row: position in `screening.KINDS`, −1 for none.
    column
        int64, one a row: position in `columns` of the column it was found in, −1 for none.
    columns
        The names in the file of the columns searched.
    notices
        What looks like chance.
    """

    kind: npt.NDArray[np.int8]
    column: Codes
    columns: tuple[str, ...]
    notices: tuple[Notice, ...]

    def details(self, rows: Codes) -> list[str]:
        """Return what was found on some rows, by kind and column; empty where nothing was."""
        found = []
        for kind, column in zip(self.kind[rows].tolist(), self.column[rows].tolist(), strict=True):
            text = ""
            if kind >= 0:
                text = _("{kind} i kolumnen {column}").format(
                    kind=kind_text(kind), column=self.columns[column]
                )
            found.append(text)
        return found

    def cells(self, table: pa.Table, rows: Codes, empty: Sequence[str]) -> pd.DataFrame:
        """Return cells of rejected rows as texts; cells that hold personal data are empty.

        Every column is searched again on these rows, those of dates and coordinates too. The
        columns of free text in `empty` keep their name only.
        """
        taken = table.take(pa.array(rows))
        cells = {}
        for name in table.column_names:
            column = taken.column(name)
            kept = ["" if v is None else str(v) for v in column.to_pylist()]
            if name in empty:
                kept = [""] * len(kept)
            elif not pa.types.is_floating(column.type):
                found = find_personal(pa.array(kept, pa.string()), "text")
                kept = ["" if k >= 0 else t for k, t in zip(found.tolist(), kept, strict=True)]
            cells[name] = pd.Series(kept, dtype="str")
        return pd.DataFrame(cells)


def screen(
    columns: Mapping[str, Distinct],
    chosen: ColumnMap,
    reviewed: Sequence[str],
    n: int,
    where: str,
) -> Personal:
    """Search the texts of a file for personal data.

    Parameters
    ----------
    columns
        Target → its texts.
    chosen
        Where the texts come from.
    reviewed
        Columns that somebody has looked through; they are not searched.
    n
        Rows of the file.
    where
        Name of the input, for notices.
    """
    kind = np.full(n, -1, dtype=np.int8)
    column = np.full(n, -1, dtype=np.int64)
    names, notices = [], []
    for target, texts in columns.items():
        if set(chosen.columns[target]) <= set(reviewed):
            continue
        found = find_personal(texts.values, ROLES.get(target, "text"))
        names.append(JOIN.join(chosen.columns[target]))
        if not (found >= 0).any():
            continue
        of_row = np.append(found, np.int8(-1))[texts.codes]
        first = (of_row >= 0) & (kind < 0)
        kind[first] = of_row[first]
        column[first] = len(names) - 1
        if chance_hits(texts.values, found):
            notices.append(_chance(names[-1], where))
    return Personal(kind, column, tuple(names), tuple(notices))


def _chance(column: str, where: str) -> Notice:
    return Notice(
        code="personal_number_by_chance",
        level="warning",
        text=_(
            "{where}: omkring vart tionde nummer i kolumnen ”{column}” klarar personnumrets "
            "kontrollsiffra, så som slumpen ger. Är det löpnummer, skriv "
            'reviewed_columns = ["{column}"] så behålls raderna.'
        ).format(where=where, column=column),
        data={"column": column},
    )


def safe_texts(unknown: Sequence[UnknownText]) -> tuple[UnknownText, ...]:
    """Return the texts that can be shown: their rows are rejected if they hold personal data."""
    found = find_personal(pa.array([u.text for u in unknown], pa.string()), "text")
    return tuple(u for u, kind in zip(unknown, found.tolist(), strict=True) if kind < 0)


def mask_details(
    details: Sequence[str], reasons: Sequence[str], *, all_of_row: bool = False
) -> list[str]:
    """Return what is told of rejected rows, without personal data.

    Parameters
    ----------
    details
        What was read.
    reasons
        Why the row was rejected; a detail of ``personal_data`` is safe already.
    all_of_row
        The details show whole rows of a file with columns that must not follow: show none.
    """
    hidden = _("(texten visas inte)")
    if all_of_row:
        return [hidden] * len(details)
    found = find_personal(pa.array(details, pa.string()), "text")
    return [
        hidden if kind >= 0 and reason != "personal_data" else text
        for text, reason, kind in zip(details, reasons, found.tolist(), strict=True)
    ]
