"""From files cut into columns to one table of incidents, with every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata import schema
from geodata.columns import Codes
from geodata.duplicates import gather
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.exports import RawTable
from geodata.import_report import ColumnUse, ImportReport, InputReport, StackedPoint
from geodata.incidents.options import ImportOptions
from geodata.incidents.table import File, make_table
from geodata.incidents.telling import tell
from geodata.incidents.understanding import CM_PER_M, Setting, Understood, understand
from geodata.language import gettext as _
from geodata.language import number
from geodata.mapping import JOIN, choose_columns
from geodata.offence_codes import OffenceCodes, read_offence_codes
from geodata.offences import count_codes
from geodata.reasons import reason_text
from geodata.schema import INCIDENTS, OFFENCE_CLASSES, STREET_DRUG_CLASSES
from geodata.stacks import Stack, find_stacks, is_confirmed

_STREET_DRUGS = np.isin(OFFENCE_CLASSES, STREET_DRUG_CLASSES)

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


@dataclass(frozen=True)
class Input:
    """One file and what its columns mean."""

    raw: RawTable
    options: ImportOptions


@dataclass(frozen=True, eq=False)
class Import:
    """All files together.

    Attributes
    ----------
    incidents
        Table ``incidents``; ``area_id`` and ``regso_id`` are missing throughout.
    rejected
        Table ``rejected``, in order of file and row.
    rejected_rows
        Number of the file → its rejected rows as they stood in the columns that were read, with
        ``row_number``, ``reason`` and ``detail``. Cells with personal data are empty. Rows that
        could not be cut into columns are not there.
    report
        Every count.
    """

    incidents: pd.DataFrame
    rejected: pd.DataFrame
    rejected_rows: Mapping[int, pd.DataFrame]
    report: ImportReport


def import_incidents(
    inputs: Sequence[Input],
    *,
    crs: str,
    timezone: str,
    today: date,
    bbox: tuple[float, float, float, float] | None,
    codes: OffenceCodes | None = None,
) -> Import:
    """Read what the rows of exports mean.

    Parameters
    ----------
    inputs
        The files, in the order of the project file.
    crs, timezone
        The project's CRS in metres, and its time zone.
    today
        Later events are rejected.
    bbox
        In the project's CRS: points outside are rejected.
    codes
        The list of offence codes; the built-in one by default.

    Returns
    -------
    Import
        The tables and the report. Row order matters only to ``source_row``.

    Raises
    ------
    DataError
        With the faults of all files: a column that is missing, required, personal or not listed; a
        category that doesn't exist; dates or coordinates that can't be read as one system;
        ``all_rejected`` when no row of any file can be used.
    """
    setting = Setting(crs, timezone, today, bbox, codes or read_offence_codes())
    understood, faults = [], []
    for number_, one in enumerate(inputs, start=1):
        found, more = understand(one.raw, one.options, setting, _name(inputs, number_))
        faults += more
        understood.append(found)
    raise_all(faults, DataError)
    files, stacks = [], []
    for number_, (one, found) in enumerate(zip(inputs, understood, strict=True), start=1):
        if found is None:  # raise_all has told why
            raise AssertionError
        file, stacked = _gather(number_, one, found)
        files.append(file)
        stacks.append(stacked)
    raise_all(_all_rejected(inputs, files), DataError)
    incidents = make_table(files, codes=setting.codes, timezone=timezone)
    schema.check(incidents, "incidents")
    reports = tuple(
        _report(one, file, stacked, setting, _name(inputs, file.input_no))
        for one, file, stacked in zip(inputs, files, stacks, strict=True)
    )
    for report in reports:
        report.check()
    return Import(
        incidents=incidents,
        rejected=_rejected(files),
        rejected_rows={file.input_no: file.understood.cells for file in files},
        report=_whole(reports, incidents, setting),
    )


def guess_columns(raw: RawTable) -> tuple[dict[str, str], tuple[Notice, ...]]:
    """Return what the columns of a file are taken as when nothing is said, and what to tell.

    Returns
    -------
    tuple
        Target → column (two joined by `mapping.JOIN`), ready for ``[input.columns]``; and notices,
        with one for columns that must be listed in ``ignore``.
    """
    chosen = choose_columns(
        raw.table, columns={}, ignore=(), unlisted="drop", also_used=(), where=raw.path.name
    )
    notices = [*raw.notices, *chosen.notices]
    notices += [
        Notice(code=f.code, level="warning", text=" ".join(f.lines())) for f in chosen.faults
    ]
    return {t: JOIN.join(names) for t, names in chosen.columns.items()}, tuple(notices)


def _name(inputs: Sequence[Input], number_: int) -> str:
    """Return the name of an input in messages: its file, numbered where there are several."""
    name = inputs[number_ - 1].raw.path.name
    return name if len(inputs) == 1 else f"[[input]] {number_} ({name})"


def _gather(number_: int, one: Input, found: Understood) -> tuple[File, list[StackedPoint]]:
    rows = found.rows
    events = gather(rows, one.options.duplicates, counted=found.meaning.counted)
    street_drugs = _STREET_DRUGS[rows.offence_class]
    stacks = find_stacks(
        rows.place,
        street_drugs,
        share=one.options.stacked_share,
        min_rows=one.options.stacked_min_rows,
    )
    points = [_point(stack, found, one.options) for stack in stacks]
    flagged = frozenset(
        s.place for s, p in zip(stacks, points, strict=True) if p.status == "flagged"
    )
    return File(number_, found, events, one.options.weight, flagged), points


def _point(stack: Stack, found: Understood, options: ImportOptions) -> StackedPoint:
    at = np.flatnonzero(found.rows.place == stack.place)
    addresses = _common_addresses(found, at)
    x_m, y_m = float(found.x_cm[at[0]] / CM_PER_M), float(found.y_cm[at[0]] / CM_PER_M)
    if is_confirmed(x_m, y_m, addresses, options.confirmed_stacks):
        status = "confirmed"
    else:
        status = "flagged" if stack.flagged else "suspect"
    return StackedPoint(
        address=addresses[0] if addresses else "",
        x_m=x_m,
        y_m=y_m,
        rows=stack.rows,
        share=stack.share,
        of=stack.of,
        rows_all=len(at),
        status=status,
    )


def _common_addresses(found: Understood, at: Codes) -> list[str]:
    """Return the addresses on a point, most common first, of equally common ones by alphabet."""
    codes = found.rows.address[at]
    counts = np.bincount(codes[codes >= 0])
    order = np.lexsort((np.arange(len(counts)), -counts))
    order = order[counts[order] > 0]
    return [str(t) for t in found.meaning.address.values.take(pa.array(order)).to_pylist()]


def _all_rejected(inputs: Sequence[Input], files: Sequence[File]) -> list[Fault]:
    """Return a fault if no row of any file can be used."""
    if any(len(file.understood.rows) for file in files):
        return []
    faults = []
    for one, file in zip(inputs, files, strict=True):
        reasons = _count_reasons(file.understood.rejected)
        told = "; ".join(f"{reason_text(r)} ({r}): {number(n)}" for r, n in reasons.items())
        faults.append(
            Fault(
                code="all_rejected",
                what=_("Ingen av filens {n} rader kan användas.").format(
                    n=number(one.raw.rows_read)
                ),
                where=str(one.raw.path),
                why=told or _("Filen har inga rader."),
                next_step=_("Se efter att kolumnerna är rätt angivna under [input.columns]."),
            )
        )
    return faults


def _count_reasons(rejected: pd.DataFrame) -> dict[str, int]:
    counts = Counter(rejected["reason"].tolist())
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _rejected(files: Sequence[File]) -> pd.DataFrame:
    parts = [f.understood.rejected.assign(input_no=np.int64(f.input_no)) for f in files]
    table = pd.concat(parts, ignore_index=True)[list(schema.REJECTED)]
    schema.check(table, "rejected")
    return table


def _report(
    one: Input, file: File, stacks: list[StackedPoint], setting: Setting, where: str
) -> InputReport:
    found, events, raw = file.understood, file.events, one.raw
    codes = count_codes(found.meaning.code, found.usable, found.start, setting.codes)
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
        reasons=_count_reasons(found.rejected),
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
        notices=(*found.notices, *tell(file, codes, stacks, one.options, where)),
    )


def _whole(
    reports: tuple[InputReport, ...], incidents: pd.DataFrame, setting: Setting
) -> ImportReport:
    days = _ends(incidents["start"])
    return ImportReport(
        inputs=reports,
        offences=int(incidents["offence_count"].sum()),
        places=int(incidents["place_id"].max()) if len(incidents) else 0,
        counts={label: _by_value(incidents[label], label) for label in COUNTED},
        first_date=days[0],
        last_date=days[1],
        codes_source=setting.codes.version,
    )


def _by_value(column: pd.Series[Any], label: str) -> dict[str, int]:
    values = INCIDENTS[label].values
    counts = np.bincount(column.cat.codes.to_numpy(), minlength=len(values))
    return dict(zip(values, counts.tolist(), strict=True))


def _ends(start: pd.Series[Any]) -> tuple[date | None, date | None]:
    if start.empty:
        return None, None
    return start.iloc[0].date(), start.iloc[-1].date()
