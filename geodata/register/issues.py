"""What there is to look at in a register, gathered while it is read: one kind, one notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.search_tables import SEARCHES

Rows = NDArray[np.int64]


class Issues:
    """Gathers rows by kind; `table` gives them as table ``search_issues``."""

    def __init__(self, row_numbers: Rows) -> None:
        self._numbers = row_numbers
        self._found: dict[str, list[tuple[int | None, str | None, str]]] = {}
        self._hidden: dict[str, int] = {}

    def add(self, code: str, rows: Rows, details: str | Sequence[str]) -> None:
        """Note positions of the file; `details` is one text, or one for each row of the file."""
        for row in rows.tolist():
            text = details if isinstance(details, str) else details[row]
            self._found.setdefault(code, []).append((int(self._numbers[row]), None, text))

    def add_named(self, code: str, table: pd.DataFrame, details: str | Sequence[str]) -> None:
        """Note entrances of the register; `details` is one text, or one for each of them."""
        texts = [details] * len(table) if isinstance(details, str) else details
        for row, name, text in zip(table["source_row"], table["entrance_id"], texts, strict=True):
            number = None if pd.isna(row) else int(row)
            self._found.setdefault(code, []).append((number, str(name), str(text)))

    def hide(self, code: str, n: int) -> None:
        """Note a number of rows that are never pointed out."""
        if n:
            self._hidden[code] = self._hidden.get(code, 0) + n

    @property
    def counts(self) -> Mapping[str, int]:
        """Return the number of rows by kind, in the order met."""
        return {code: len(rows) for code, rows in self._found.items()} | self._hidden

    def rows(self, code: str) -> list[int]:
        """Return the row numbers of a kind, ascending."""
        return sorted({row for row, _name, _text in self._found.get(code, []) if row is not None})

    def table(self) -> pd.DataFrame:
        """Return table ``search_issues``, by kind, row and entrance."""
        listed = [(code, *one) for code, rows in self._found.items() for one in rows]
        listed.sort(key=lambda r: (r[0], r[1] is None, r[1] or 0, r[2] or "", r[3]))
        columns: dict[str, Any] = {
            "code": pd.Series([r[0] for r in listed], dtype="str"),
            "row_number": pd.array([r[1] for r in listed], dtype="Int64"),
            "entrance_id": pd.Series([r[2] for r in listed], dtype="str"),
            "detail": pd.Series([r[3] for r in listed], dtype="str"),
        }
        table = pd.DataFrame(columns)
        schema.check(table, "search_issues", tables=SEARCHES)
        return table
