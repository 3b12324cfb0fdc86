"""The files of a store: parts, the index, and the list that says which of them count."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata import schema
from geodata.errors import DataError, Fault
from geodata.language import gettext as _
from geodata.schema import INCIDENTS
from geodata.store.index import empty_index, read_index

LIST: Final = "lager.json"
FORMAT: Final = 1
MARKING: Final = "INTERN – SEKRETESSPRÖVAS"
LEFT_OUT: Final = ("incident_id", "place_id", "stacked", "area_id", "regso_id")
"""Columns worked out anew at each run: over all events, with the boundaries of that day."""

OF_PART: Final = ("event_no", "status", "partner")
"""Number of the event in the store; what became of it when it came (`geodata.store.matching`); and
the stored event it was recognised as, −1 for none."""


@dataclass(frozen=True)
class PartFacts:
    """What the list says of one part.

    Attributes
    ----------
    part
        Its number, from 1, never used again.
    file, rejected_file
        Names of its files; empty when it has no rejected rows.
    source, sha256
        Name and checksum of the export.
    input_no
        Number of the ``[[input]]`` that it was read by.
    extracted
        Day of the extract, ISO.
    first, last
        First and last day of its events, ISO; empty without any.
    events, unchanged, corrected, outdated
        Events by what became of them: new; known; taking an older version's place; older than
        what was known.
    report
        `geodata.import_report.InputReport` as plain values.
    purged
        Events that have been purged from it.
    """

    part: int
    file: str
    rejected_file: str
    source: str
    sha256: str
    input_no: int
    extracted: str
    first: str
    last: str
    events: int
    unchanged: int
    corrected: int
    outdated: int
    report: Mapping[str, Any]
    purged: int = 0


@dataclass(frozen=True)
class StoreList:
    """``lager.json``: every part in order, the index in force, and what was purged."""

    crs: str
    timezone: str
    parts: tuple[PartFacts, ...] = ()
    index: str = ""
    next_part: int = 1
    next_event: int = 1
    purged: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)

    def files(self) -> set[str]:
        """Return the names of all files that count, the list's own too."""
        named = {name for part in self.parts for name in (part.file, part.rejected_file)}
        named |= {rejected_csv(part.part) for part in self.parts if part.rejected_file}
        return (named | {self.index, LIST}) - {""}


def rejected_csv(part: int) -> str:
    """Return the name of the file of a part's rejected rows that is there to be corrected."""
    return f"rejected-{part:04d}.csv"


def read_list(folder: Path) -> StoreList | None:
    """Read the list of a store; ``None`` when there is no store.

    Raises
    ------
    DataError
        ``store_unreadable``: the list is damaged, or of a later version of the program.
    """
    path = folder / LIST
    if not path.is_file():
        return None
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        if read.pop("format") != FORMAT:
            raise DataError(_unreadable(path, _("Lagret är skrivet av en annan version.")))
        read.pop("marking")
        parts = tuple(PartFacts(**part) for part in read.pop("parts"))
        return StoreList(parts=parts, purged=tuple(read.pop("purged")), **read)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(_unreadable(path, str(error))) from error


def write_list(folder: Path, facts: StoreList) -> None:
    """Put a list in force, in one step, and clear away the files that no longer count."""
    text = json.dumps(
        {"format": FORMAT, "marking": MARKING, **asdict(facts)}, ensure_ascii=False, indent=1
    )
    part = folder / f".{LIST}"
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / LIST)
    counts = facts.files()
    for path in folder.iterdir():
        if path.name not in counts and _is_ours(path.name):
            path.unlink()


def _is_ours(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem.startswith(("del-", "avvisade-", "rejected-", "index-")) and name.endswith(
        (".parquet", ".npy", ".csv")
    )


def index_of(folder: Path, facts: StoreList) -> npt.NDArray[np.void]:
    """Return the index in force."""
    return read_index(folder / facts.index) if facts.index else empty_index()


def write_part(path: Path, incidents: pd.DataFrame, told: pd.DataFrame) -> None:
    """Write events with what is told of each: ``event_no``, ``status`` and ``partner``."""
    columns = [name for name in INCIDENTS if name not in LEFT_OUT]
    table = pa.Table.from_pandas(incidents[columns], preserve_index=False)
    for name in OF_PART:
        table = table.append_column(name, pa.array(told[name].to_numpy(np.int64)))
    pq.write_table(table.replace_schema_metadata({"lagesbild": MARKING}), path, compression="zstd")


def read_part(path: Path, timezone: str) -> pd.DataFrame:
    """Read the events of a part, and the columns `OF_PART`.

    Raises
    ------
    DataError
        ``store_unreadable``: a file is missing or damaged.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(_unreadable(path, str(error))) from error
    found: dict[str, Any] = {name: table[name].to_numpy() for name in OF_PART}
    for name in table.column_names:
        if name in found:
            continue
        column = table[name]
        if INCIDENTS[name].kind == "category":
            text = column.cast(pa.string()).to_pandas()
            found[name] = schema.category(text, "incidents", name)
        elif INCIDENTS[name].kind == "text":
            found[name] = column.to_pandas().astype("str")
        elif INCIDENTS[name].kind == "time":
            found[name] = column.to_pandas().dt.tz_convert(timezone)
        else:
            found[name] = column.to_numpy()
    return pd.DataFrame(found)


def _unreadable(path: Path, why: str) -> Fault:
    return Fault(
        code="store_unreadable",
        what=_("Projektets lager går inte att läsa."),
        where=str(path),
        why=why,
        next_step=_(
            "Återställ mappen från en säkerhetskopia, eller byt namn på den och lägg in uttagen på "
            "nytt med ”lagesbild add”."
        ),
    )
