"""From files cut into columns to one table of incidents, with every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geodata import schema
from geodata.duplicates import gather
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.exports import RawTable
from geodata.import_report import ImportReport
from geodata.incidents.options import ImportOptions
from geodata.incidents.points import stacked_points
from geodata.incidents.reporting import count_reasons, input_report, whole_report
from geodata.incidents.table import File, make_table
from geodata.incidents.understanding import Setting, understand
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.mapping import JOIN, choose_columns
from geodata.offence_codes import OffenceCodes, read_offence_codes
from geodata.reasons import reason_text


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
        points, flagged = stacked_points(found, one.options)
        events = gather(found.rows, one.options.duplicates, counted=found.meaning.counted)
        files.append(File(number_, found, events, one.options.weight, flagged))
        stacks.append(points)
    raise_all(_all_rejected(inputs, files), DataError)
    incidents = make_table(files, codes=setting.codes, timezone=timezone)
    schema.check(incidents, "incidents")
    reports = tuple(
        input_report(
            one.raw, one.options, file, stacked, setting.codes, _name(inputs, file.input_no)
        )
        for one, file, stacked in zip(inputs, files, stacks, strict=True)
    )
    for report in reports:
        report.check()
    return Import(
        incidents=incidents,
        rejected=_rejected(files),
        rejected_rows={file.input_no: file.understood.cells for file in files},
        report=whole_report(reports, incidents, setting.codes),
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


def _all_rejected(inputs: Sequence[Input], files: Sequence[File]) -> list[Fault]:
    """Return a fault if no row of any file can be used."""
    if any(len(file.understood.rows) for file in files):
        return []
    faults = []
    for one, file in zip(inputs, files, strict=True):
        reasons = count_reasons(file.understood.rejected)
        told = "; ".join(f"{reason_text(r)} ({r}): {number(n)}" for r, n in reasons.items())
        faults.append(
            Fault(
                code="all_rejected",
                what=ngettext(
                    "Filens enda rad kan inte användas.",
                    "Ingen av filens {n} rader kan användas.",
                    one.raw.rows_read,
                ).format(n=number(one.raw.rows_read)),
                where=str(one.raw.path),
                why=told or _("Filen har inga rader."),
                next_step=_("Se efter att kolumnerna är rätt angivna under [input.columns]."),
            )
        )
    return faults


def _rejected(files: Sequence[File]) -> pd.DataFrame:
    parts = [f.understood.rejected.assign(input_no=np.int64(f.input_no)) for f in files]
    table = pd.concat(parts, ignore_index=True)[list(schema.REJECTED)]
    schema.check(table, "rejected")
    return table
