"""One file understood: which rows can be used, what they hold, and why the others can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geodata.beside import side_by_side
from geodata.columns import Codes, Column
from geodata.coordinates import ParsedPoints, read_coordinates
from geodata.duplicates import Rows
from geodata.errors import Fault, Notice
from geodata.exports import RawTable
from geodata.incidents.meaning import Meaning, check_rules, read_meaning
from geodata.incidents.options import ImportOptions
from geodata.incidents.personal import Personal, mask_details, safe_texts, screen
from geodata.mapping import ColumnMap, choose_columns
from geodata.offence_codes import OffenceCodes
from geodata.reasons import CODES, code_of
from geodata.times import ParsedTimes, read_times
from geodata.values import check_stated, texts

T = TypeVar("T", bound=np.dtype[Any])

CM_PER_M: Final = 100
"""Points are held to the centimetre, as `read_coordinates` gives them: equal points are equal."""


@dataclass(frozen=True)
class Setting:
    """What holds for all files of a project."""

    crs: str
    timezone: str
    today: date
    bbox: tuple[float, float, float, float] | None
    codes: OffenceCodes


@dataclass(frozen=True, eq=False)
class Understood:
    """One file, row by row.

    Attributes
    ----------
    chosen
        What its columns were taken as.
    meaning
        Its texts, for all rows of the file.
    rows
        The usable rows.
    usable
        Their positions in the file.
    x_cm, y_cm
        Where the usable rows are, whole centimetres of the project's CRS.
    start
        Start of all rows, in the project's time zone.
    source_crs
        CRS the coordinates stood in.
    rejected
        ``row_number``, ``reason``, ``detail``, in order of row.
    cells
        The rejected rows as they stood in the columns that were read, personal data left out;
        columns ``row_number``, ``reason``, ``detail`` and those of the file.
    notices
        What was chosen for the user and what they should look at.
    """

    chosen: ColumnMap
    meaning: Meaning
    rows: Rows
    usable: Codes
    x_cm: Codes
    y_cm: Codes
    start: pd.Series[Any]
    source_crs: str
    rejected: pd.DataFrame
    cells: pd.DataFrame
    notices: tuple[Notice, ...]


def understand(
    raw: RawTable, options: ImportOptions, setting: Setting, where: str
) -> tuple[Understood | None, list[Fault]]:
    """Understand one file, or return every fault that stops it."""
    table = raw.table
    chosen = choose_columns(
        table,
        columns=options.columns,
        ignore=options.ignore,
        unlisted=options.unlisted_columns,
        also_used=[rule.column for rule in options.rules if rule.column],
        where=where,
    )
    faults = list(chosen.faults)
    faults += check_stated(options.values, options.constants, where)
    faults += check_rules(options.rules, where)
    sound = not faults  # else a column that the meaning is read from may not be there
    (times, points), meaning = side_by_side(
        lambda: (times_of(table, chosen, options, setting), _points(raw, chosen, options, setting)),
        lambda: read_meaning(table, chosen, options, setting.codes) if sound else None,
    )
    for parsed in (times, points):
        faults += [_located(f, where) for f in (parsed.faults if parsed else ())]
    if faults or times is None or points is None or meaning is None:
        return None, faults
    meaning = replace(meaning, unknown=safe_texts(meaning.unknown))
    personal = screen(meaning.screened, chosen, options.reviewed_columns, len(table), where)
    reason = _reasons(personal, times, points)
    usable = np.flatnonzero(reason == 0)
    x_cm = np.rint(points.x_m[usable] * CM_PER_M).astype(np.int64)
    y_cm = np.rint(points.y_m[usable] * CM_PER_M).astype(np.int64)
    rejected, cells = _rejected(raw, chosen, reason, personal, times, points)
    return Understood(
        chosen=chosen,
        meaning=meaning,
        rows=_rows(raw, meaning, times, usable, _places(x_cm, y_cm)),
        usable=usable,
        x_cm=x_cm,
        y_cm=y_cm,
        start=times.start,
        source_crs=str(points.source_crs),
        rejected=rejected,
        cells=cells,
        notices=(
            *raw.notices,
            *chosen.notices,
            *times.notices,
            *points.notices,
            *personal.notices,
        ),
    ), []


def _located(fault: Fault, where: str) -> Fault:
    return replace(fault, where=f"{where}: {fault.where}" if fault.where else where)


def _column(table: pa.Table, names: Sequence[str] | None) -> Column | None:
    """Return a raw column; of several the texts joined by a space."""
    if not names:
        return None
    if len(names) == 1:
        return table.column(names[0])
    joined = texts(table, names)
    return joined.values.take(pa.array(joined.codes, mask=joined.codes < 0))


def times_of(
    table: pa.Table, chosen: ColumnMap, options: ImportOptions, setting: Setting
) -> ParsedTimes | None:
    """Return the times of the rows; ``None`` where no column is taken for the date."""
    day = _column(table, chosen.columns.get("date"))
    if day is None:
        return None
    return read_times(
        date=day,
        time=_column(table, chosen.columns.get("time")),
        end_date=_column(table, chosen.columns.get("end_date")),
        end_time=_column(table, chosen.columns.get("end_time")),
        options=options,
        timezone=setting.timezone,
        today=setting.today,
    )


def _points(
    raw: RawTable, chosen: ColumnMap, options: ImportOptions, setting: Setting
) -> ParsedPoints | None:
    x = _column(raw.table, chosen.columns.get("x"))
    y = _column(raw.table, chosen.columns.get("y"))
    if x is None or y is None:
        return None
    of_file = chosen.columns["x"][0].startswith("__")
    return read_coordinates(
        x=x,
        y=y,
        options=options,
        stated_crs=raw.crs if of_file else None,
        project_crs=setting.crs,
        bbox=setting.bbox,
    )


def _reasons(personal: Personal, times: ParsedTimes, points: ParsedPoints) -> npt.NDArray[np.int8]:
    """Return the first reason of each row against it: personal data, then time, then place."""
    reason = np.where(personal.kind >= 0, np.int8(code_of("personal_data")), np.int8(0))
    for found in (times.reason, points.reason):
        reason = np.where(reason == 0, found, reason)
    return reason


def _places(x_cm: Codes, y_cm: Codes) -> Codes:
    """Return a number for each row's point, equal for equal points."""
    if not len(x_cm):
        return x_cm
    height = int(y_cm.max() - y_cm.min()) + 1
    codes: Codes = pd.factorize((x_cm - x_cm.min()) * height + (y_cm - y_cm.min()))[0]
    return codes


def _rows(raw: RawTable, meaning: Meaning, times: ParsedTimes, usable: Codes, place: Codes) -> Rows:
    everything = len(usable) == len(raw.table)

    def of(values: np.ndarray[tuple[int], T]) -> np.ndarray[tuple[int], T]:
        return values if everything else values[usable]

    def instants(series: pd.Series[Any]) -> Codes:
        microseconds: Codes = np.asarray(series.astype("int64"), dtype=np.int64)
        return of(microseconds)

    return Rows(
        number=of(raw.row_numbers),
        case=of(meaning.case.codes),
        place=place,
        start=instants(times.start),
        end=instants(times.end),
        precision=of(times.precision),
        code=of(meaning.code.codes),
        text=of(meaning.text.codes),
        count=of(meaning.count),
        address=of(meaning.address.codes),
        **{label: of(codes) for label, codes in meaning.categories.items()},
    )


def _rejected(
    raw: RawTable,
    chosen: ColumnMap,
    reason: npt.NDArray[np.int8],
    personal: Personal,
    times: ParsedTimes,
    points: ParsedPoints,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rejected rows with their reasons, and what stood in the columns that were read."""
    at = np.flatnonzero(reason)
    names = [CODES[code] for code in reason[at].tolist()]
    details = personal.details(at)
    for parsed in (times, points):
        told = parsed.details.reindex(at)
        details = [d or ("" if pd.isna(t) else str(t)) for d, t in zip(details, told, strict=True)]
    details = mask_details(details, names)
    rows = pd.DataFrame(
        {
            "row_number": raw.row_numbers[at],
            "reason": pd.Series(names, dtype="str"),
            "detail": pd.Series(details, dtype="str"),
        }
    )
    uncut = raw.rejected.copy()
    hidden = bool(chosen.ignored or chosen.free_text)
    uncut["detail"] = pd.Series(
        mask_details(uncut["detail"].tolist(), uncut["reason"].tolist(), all_of_row=hidden),
        dtype="str",
        index=uncut.index,
    )
    read = [name for names in chosen.columns.values() for name in names]
    read = list(dict.fromkeys((*read, *chosen.rule_columns)))
    cells = pd.concat([rows, personal.cells(raw.table.select(read), at, chosen.sentences)], axis=1)
    rejected = pd.concat([rows, uncut], ignore_index=True)
    rejected = rejected.sort_values("row_number", kind="stable", ignore_index=True)
    return rejected, cells
