"""What an import did, as data: for the report page, for ``--json`` and for tests.

The rows of a file end in exactly one place: ``rows_read = rows_kept + rows_rejected +
rows_duplicate``. Events are at most the rows kept; the difference is rows that add an offence to an
event that another row began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from geodata.errors import Notice, SchemaError, about_file
from geodata.offences import CodeCount


@dataclass(frozen=True)
class ColumnUse:
    """One column that was read.

    Attributes
    ----------
    target
        What it was taken as, one of `geodata.mapping.TARGETS`.
    columns
        Its name in the file; several were joined.
    guessed
        Whether it was chosen by its name rather than by the project file.
    """

    target: str
    columns: tuple[str, ...]
    guessed: bool


@dataclass(frozen=True)
class UnknownText:
    """A text that stands for no category of a column, with the rows that hold it."""

    target: str
    text: str
    rows: int


@dataclass(frozen=True)
class StackedPoint:
    """A point with an implausible share of the rows.

    Attributes
    ----------
    address
        Most common address on it, empty if none.
    x_m, y_m
        Where it is, metres of the project's CRS.
    rows, share
        Rows on it and their share (0–1) of the rows of `of`: ``all`` or ``street_drugs``.
    rows_all
        Rows on it of any class.
    status
        ``flagged``: left out of clustering; ``confirmed``: by the project file; ``suspect``: told.
    """

    address: str
    x_m: float
    y_m: float
    rows: int
    share: float
    of: str
    rows_all: int
    status: str


@dataclass(frozen=True)
class InputReport:
    """What became of one file.

    Attributes
    ----------
    input_no
        Number of the file in the project file, from 1.
    rows_read, rows_kept, rows_rejected, rows_duplicate
        Rows; the last three add up to the first.
    events, rows_added
        Events, and kept rows that add an offence to an event: together the rows kept.
    rows_identical
        Kept rows that repeat another, where nothing tells whether they are separate events.
    cases_split
        Case numbers that stand at several places or times.
    reasons
        Reason → rejected rows.
    columns, ignored, free_text, unused
        What was made of each column of the file.
    codes
        Offence codes of the usable rows.
    """

    input_no: int
    file: str
    sha256: str
    format: str
    encoding: str | None
    separator: str | None
    layer: str | None
    source_crs: str
    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_duplicate: int
    events: int
    rows_added: int
    rows_identical: int
    cases_split: int
    reasons: Mapping[str, int]
    columns: tuple[ColumnUse, ...]
    ignored: tuple[str, ...]
    free_text: tuple[str, ...]
    unused: tuple[str, ...]
    codes: tuple[CodeCount, ...]
    unknown_texts: tuple[UnknownText, ...]
    stacks: tuple[StackedPoint, ...]
    notices: tuple[Notice, ...]

    @property
    def unknown_codes(self) -> tuple[CodeCount, ...]:
        """Codes that don't stand in the list of codes."""
        return tuple(code for code in self.codes if not code.known)

    def check(self) -> None:
        """Hold the counts to each other; raise SchemaError if a row ended in two places or none."""
        ends = self.rows_kept + self.rows_rejected + self.rows_duplicate
        if (
            self.rows_read != ends
            or self.rows_kept != self.events + self.rows_added
            or self.rows_rejected != sum(self.reasons.values())
        ):
            msg = f"{self.file}: the rows don't add up: {self.totals()}"
            raise SchemaError(msg)

    def totals(self) -> dict[str, int]:
        """Return the counts of rows and events."""
        return {
            "rows_read": self.rows_read,
            "rows_kept": self.rows_kept,
            "rows_rejected": self.rows_rejected,
            "rows_duplicate": self.rows_duplicate,
            "events": self.events,
            "rows_added": self.rows_added,
        }


@dataclass(frozen=True)
class ImportReport:
    """What became of all files.

    Attributes
    ----------
    inputs
        One a file, in the order of the project file.
    offences
        Sum of ``offence_count``.
    places
        Distinct points.
    counts
        Column of ``incidents`` → value → events; every value of the schema, zeros too.
    first_date, last_date
        Local days of the first and the last event.
    codes_source
        Where the list of offence codes comes from.
    """

    inputs: tuple[InputReport, ...]
    offences: int
    places: int
    counts: Mapping[str, Mapping[str, int]]
    first_date: date | None
    last_date: date | None
    codes_source: str

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every notice, file by file, each with the name of its file."""
        return tuple(notice for one in self.inputs for notice in about_file(one.notices, one.file))

    @property
    def totals(self) -> dict[str, int]:
        """Counts of rows and events over all files."""
        names = (
            "rows_read",
            "rows_kept",
            "rows_rejected",
            "rows_duplicate",
            "events",
            "rows_added",
        )
        return {name: sum(one.totals()[name] for one in self.inputs) for name in names}

    @property
    def reasons(self) -> dict[str, int]:
        """Reason → rejected rows, over all files, most common first."""
        total: dict[str, int] = {}
        for one in self.inputs:
            for reason, n in one.reasons.items():
                total[reason] = total.get(reason, 0) + n
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    @property
    def stacks(self) -> tuple[StackedPoint, ...]:
        """Every stacked point, file by file."""
        return tuple(stack for one in self.inputs for stack in one.stacks)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts, lists, texts and numbers, ready for JSON."""
        whole: dict[str, Any] = plain(asdict(self))
        whole["totals"] = self.totals
        whole["reasons"] = self.reasons
        return whole


def plain(value: Any) -> Any:  # noqa: ANN401 (any part of a report)
    """Return a report or part of one as plain dicts, lists, texts and numbers."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
