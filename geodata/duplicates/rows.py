"""Rows that go in and events that come out, as integer codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one file that can be used, as integer codes; −1 is missing.

    Attributes
    ----------
    number
        Row as a spreadsheet shows it.
    case, code, text, address
        Position among distinct case numbers, offence codes, offence texts and addresses. All but
        `case` are numbered in the order of their texts.
    start, end
        Microseconds since 1970 UTC.
    precision, offence_class, source, police_initiated, space_type, certainty, geocode_class
        Position among the values of the schema.
    count
        Offences of the row as the file says, 0 where it says nothing.
    place
        Number of the point, equal for equal coordinates.
    """

    number: Ints
    case: Ints
    place: Ints
    start: Ints
    end: Ints
    precision: npt.NDArray[np.int8]
    code: Ints
    text: Ints
    offence_class: npt.NDArray[np.int8]
    count: Ints
    source: npt.NDArray[np.int8]
    police_initiated: npt.NDArray[np.int8]
    space_type: npt.NDArray[np.int8]
    certainty: npt.NDArray[np.int8]
    geocode_class: npt.NDArray[np.int8]
    address: Ints

    def __len__(self) -> int:
        return len(self.number)


CONTENT: Final = (
    "offence_class",
    "code",
    "text",
    "start",
    "end",
    "precision",
    "source",
    "police_initiated",
    "space_type",
    "certainty",
    "geocode_class",
    "address",
    "count",
)
"""What two rows of one event must share to be duplicates, in the order that ranks them."""


@dataclass(frozen=True, eq=False)
class Events:
    """The events that rows make up.

    Attributes
    ----------
    row
        Position in `Rows` of the row that stands for the event: its principal offence.
    first_number
        Lowest row number of the event.
    start, end
        Earliest start and latest end of its rows, microseconds since 1970 UTC.
    precision
        The coarsest of its rows.
    count
        Offences.
    codes, classes
        Position in `code_sets` and `class_sets`.
    code_sets, class_sets
        Distinct sets of offence codes and of classes, in order; −1 never stands in them.
    n_duplicate
        Rows merged as exact duplicates.
    n_added
        Rows kept that add an offence to an event another row began.
    n_identical
        Identical rows kept because nothing tells whether they are separate events.
    n_split
        Case numbers that stand at several places or times, so that they became several events.
    """

    row: Ints
    first_number: Ints
    start: Ints
    end: Ints
    precision: npt.NDArray[np.int8]
    count: Ints
    codes: Ints
    classes: Ints
    code_sets: list[tuple[int, ...]]
    class_sets: list[tuple[int, ...]]
    n_duplicate: int
    n_added: int
    n_identical: int
    n_split: int
