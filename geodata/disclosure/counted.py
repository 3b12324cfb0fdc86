"""What the grid and the hot spots of a run count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geodata.disclosure.cells import Cell, all_but, only
from geodata.disclosure.countrules import UNPLACED


@dataclass(frozen=True)
class CountedEvents:
    """What the grid and the hot spots of a run count.

    Attributes
    ----------
    source, classes
        Who reported, and which classes.
    first, last
        The days.
    """

    source: str
    classes: tuple[str, ...]
    first: date
    last: date

    @property
    def cell(self) -> Cell:
        """Return the cell of all of it, but for what stands on a default address."""
        where = all_but((UNPLACED,))
        return Cell(f"events/{self.source}", where, only(*self.classes), self.first, self.last)
