"""What has passed the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Final

import pandas as pd

from geodata.disclosure.cells import Cell
from geodata.disclosure.options import Profile

DOOR: Final = object()
"""Held by `geodata.disclosure.door`; without it nothing is `Released`."""


@dataclass(frozen=True)
class Released:
    """A table that has passed the door. Made by `geodata.disclosure.door` and by nothing else.

    Attributes
    ----------
    name
        Its name in `geodata.all_tables.ALL_TABLES`.
    table
        What may be shown; ``None`` when all of it is withheld.
    profile
        Whom it is for.
    notes
        What was hidden, coarsened or withheld, and why, as sentences for the reader.
    published
        The counts it tells, by what they count; for tables of counts outside ``intern``.
    hidden
        What it tells as hidden.
    bounds
        Least and most of what it tells less closely, by what they count; ``None``: no upper end.
    """

    name: str
    table: pd.DataFrame | None
    profile: Profile
    notes: tuple[str, ...] = ()
    published: Mapping[Cell, int] = field(default_factory=dict)
    hidden: frozenset[Cell] = frozenset()
    bounds: Mapping[Cell, tuple[int, int | None]] = field(default_factory=dict)
    door: InitVar[object] = None

    def __post_init__(self, door: object) -> None:
        """Refuse to be made anywhere but in `release`."""
        if door is not DOOR:
            msg = "Released is made by geodata.disclosure.release only"
            raise TypeError(msg)

    def shown(self) -> pd.DataFrame:
        """Return the table.

        Raises
        ------
        ValueError
            If it is withheld: there is nothing to write.
        """
        if self.table is None:
            msg = f"table {self.name!r} is withheld from {self.profile!r}"
            raise ValueError(msg)
        return self.table

    def part(self, rows: pd.Series[bool]) -> Released:
        """Return some of its rows, numbered anew: what may be shown of all may be shown of some.

        Parameters
        ----------
        rows
            Which, one a row of `table`; of a withheld table nothing is left anyhow.
        """
        table = None if self.table is None else self.table.loc[rows].reset_index(drop=True)
        return Released(self.name, table, self.profile, self.notes, door=DOOR)
