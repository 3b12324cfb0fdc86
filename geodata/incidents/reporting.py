"""The report of an import, made of what was understood and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geodata.exports import RawTable
from geodata.import_report import ColumnUse, ImportReport, InputReport, StackedPoint
from geodata.incidents.options import ImportOptions
from geodata.incidents.table import File
from geodata.incidents.telling import tell
from geodata.offence_codes import OffenceCodes
from geodata.offences import count_codes
from geodata.schema import INCIDENTS

COUNTED = (
    "offence_class",
    "andts_group",
    "source",
    "police_initiated",
    "space_type",
    "certainty",
    "geocode_class",
    "time_precision",
)
"""Columns whose values the report counts."""


def count_reasons(rejected: pd.DataFrame) -> dict[str, int]:
    """Return reason → rejected rows, most common first."""
    counts = Counter(rejected["reason"].tolist())
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def input_report(
    raw: RawTable,
    options: ImportOptions,
    file: File,
    stacks: Sequence[StackedPoint],
    known: OffenceCodes,
    where: str,
) -> InputReport:
    """Return what became of one file; `known` is the list of codes, `where` its name."""
    found, events = file.understood, file.events
    codes = count_codes(found.meaning.code, found.usable, found.start, known)
    n_events = len(events.row)
    return InputReport(
        input_no=file.input_no,
        file=raw.path.name,
        sha256=raw.sha256,
        format=str(raw.format),
        encoding=raw.encoding,
        separator=raw.separator,
        layer=raw.layer,
        source_crs=found.source_crs,
        rows_read=raw.rows_read,
        rows_kept=n_events + events.n_added,
        rows_rejected=len(found.rejected),
        rows_duplicate=events.n_duplicate,
        events=n_events,
        rows_added=events.n_added,
        rows_identical=events.n_identical,
        cases_split=events.n_split,
        reasons=count_reasons(found.rejected),
        columns=tuple(
            ColumnUse(target, names, target in found.chosen.guessed)
            for target, names in found.chosen.columns.items()
        ),
        ignored=found.chosen.ignored,
        free_text=found.chosen.free_text,
        unused=found.chosen.unused,
        codes=codes,
        unknown_texts=found.meaning.unknown,
        stacks=tuple(stacks),
        notices=(*found.notices, *tell(file, codes, stacks, options, where)),
    )


def whole_report(
    reports: tuple[InputReport, ...], incidents: pd.DataFrame, known: OffenceCodes
) -> ImportReport:
    """Return what became of all files, with counts of the table they made."""
    days = _ends(incidents["start"])
    return ImportReport(
        inputs=reports,
        offences=int(incidents["offence_count"].sum()),
        places=int(incidents["place_id"].max()) if len(incidents) else 0,
        counts={label: _by_value(incidents[label], label) for label in COUNTED},
        first_date=days[0],
        last_date=days[1],
        codes_source=known.version,
    )


def _by_value(column: pd.Series[Any], label: str) -> dict[str, int]:
    values = INCIDENTS[label].values
    counts = np.bincount(column.cat.codes.to_numpy(), minlength=len(values))
    return dict(zip(values, counts.tolist(), strict=True))


def _ends(start: pd.Series[Any]) -> tuple[date | None, date | None]:
    if start.empty:
        return None, None
    return start.iloc[0].date(), start.iloc[-1].date()
