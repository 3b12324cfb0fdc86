"""What goes wrong and what is worth telling, as data: faults stop, notices inform.

Every fault says what, where, why and what to do next. Faults are collected and raised together, so
that a user mends them all in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that stops the work.

    Attributes
    ----------
    code
        Stable English name (``missing_column``), for tests and for ``--json``.
    what, where, why, next_step
        Sentences for the user, in the user's language. ``what`` is required.
    """

    code: str
    what: str
    where: str = ""
    why: str = ""
    next_step: str = ""

    def lines(self) -> list[str]:
        """Return the filled-in parts, what first."""
        return [part for part in (self.what, self.where, self.why, self.next_step) if part]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the user should know although the work goes on.

    Attributes
    ----------
    code
        Stable English name, for tests and for ``--json``.
    text
        One or two sentences in the user's language, with numbers and units.
    level
        ``chosen``: chosen for the user; ``warning``: look at this; ``info``: the rest.
    data
        The numbers of the text, for machines.
    """

    code: str
    text: str
    level: Literal["info", "chosen", "warning"] = "info"
    data: Mapping[str, object] = field(default_factory=dict)


class LagesbildError(Exception):
    """Base of all errors a user can cause and mend. Holds every fault found, not the first."""

    exit_code = 1

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n\n".join("\n".join(fault.lines()) for fault in self.faults))


class SettingsError(LagesbildError):
    """The project file or the command line asks for something that can't be."""

    exit_code = 2


class DataError(LagesbildError):
    """A file can't be read, or what stands in it can't be used."""

    exit_code = 3


class OutputError(LagesbildError):
    """The results can't be written: folder, rights or disk."""

    exit_code = 3


class SchemaError(Exception):
    """A table breaks its own description: an error in the program, never in the user's data."""


def about_file(notices: Iterable[Notice], name: str) -> tuple[Notice, ...]:
    """Return the notices with the name of their file before each that doesn't say it."""
    return tuple(
        notice if name in notice.text else replace(notice, text=f"{name}: {notice.text}")
        for notice in notices
    )


def raise_all(faults: Sequence[Fault], kind: type[LagesbildError]) -> None:
    """Raise `kind` with all `faults`; do nothing when there are none."""
    if faults:
        raise kind(faults)
