"""The table of incidents, made of the events of all files and sorted by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.beside import side_by_side
from geodata.columns import Codes, Distinct
from geodata.duplicates import Events, pack
from geodata.incidents.understanding import CM_PER_M, Understood
from geodata.offence_codes import ANDTS_OF_CLASS, OffenceCodes
from geodata.schema import ANDTS_GROUPS, INCIDENTS, OFFENCE_CLASSES, PRECISIONS
from geodata.values import CATEGORIES

_GROUP_OF_CLASS: Final = np.array(
    [ANDTS_GROUPS.index(ANDTS_OF_CLASS[name]) for name in OFFENCE_CLASSES], dtype=np.int8
)


@dataclass(frozen=True, eq=False)
class File:
    """One file's events, with what is needed to write them out."""

    input_no: int
    understood: Understood
    events: Events
    weight: float
    stacked_places: frozenset[int]


@dataclass(frozen=True, eq=False)
class _Texts:
    """Texts of all files in one order: codes compare as the texts do, −1 is missing."""

    values: pa.Array
    codes: Codes

    def column(self, order: Codes) -> Any:  # noqa: ANN401 (pandas' str array)
        return _strings(_taken(self.values, self.codes[order]))


def make_table(files: Sequence[File], *, codes: OffenceCodes, timezone: str) -> pd.DataFrame:
    """Return table ``incidents``.

    Places are numbered by easting, then northing, over all files. Events are in order of start,
    place, classes, codes, source and everything else that is told of them, so that neither the
    order of the rows nor that of equal events shows.
    """
    place, x_m, y_m = _number_places(files)
    start = _all(files, lambda f: f.events.start)
    classes = _sets(
        [(f.events.class_sets, f.events.classes, OFFENCE_CLASSES) for f in files],
    )
    code_sets = _sets(
        [
            (f.events.code_sets, f.events.codes, f.understood.meaning.code.values.to_pylist())
            for f in files
        ]
    )
    of = {label: _of_rows(files, label) for label in ("offence_class", *CATEGORIES)}
    code = _texts(files, "code")
    address = _texts(files, "address")
    case = _cases(files)
    plain: dict[str, Codes] = {
        "end": _all(files, lambda f: f.events.end),
        "precision": _all(files, lambda f: f.events.precision),
        "count": _all(files, lambda f: f.events.count),
        "input_no": _all(files, lambda f: np.full(len(f.events.row), f.input_no, dtype=np.int64)),
    }
    order = _order(
        [start, place],
        lambda tied: [
            classes.codes[tied],
            code_sets.codes[tied],
            of["source"][tied],
            pd.factorize(case.column(tied), sort=True)[0],
            *(plain[name][tied] for name in plain),
            *(of[label][tied] for label in of if label != "source"),
            code.codes[tied],
            address.codes[tied],
        ],
    )
    place_of = place[order]
    nothing = _strings(pa.nulls(len(order), pa.large_string()))
    (case_id, classes_of), (code_of, codes_of, address_of) = side_by_side(
        lambda: (case.column(order), classes.column(order)),
        lambda: (code.column(order), code_sets.column(order), address.column(order)),
    )
    columns: dict[str, Any] = {
        "incident_id": np.arange(1, len(order) + 1, dtype=np.int64),
        "input_no": plain["input_no"][order],
        "source_row": _all(files, lambda f: f.events.first_number)[order],
        "case_id": case_id,
        "start": _instants(start[order], timezone),
        "end": _instants(plain["end"][order], timezone),
        "time_precision": _category(plain["precision"][order], PRECISIONS),
        "offence_code": code_of,
        "offence_codes": codes_of,
        "offence_count": plain["count"][order],
        "offence_class": _category(of["offence_class"][order], OFFENCE_CLASSES),
        "offence_classes": classes_of,
        "andts_group": _category(_groups(of["offence_class"], code, codes)[order], ANDTS_GROUPS),
        **{label: _category(of[label][order], INCIDENTS[label].values) for label in CATEGORIES},
        "address": address_of,
        "place_id": place_of + 1,
        "x_m": x_m[place_of],
        "y_m": y_m[place_of],
        "weight": _all(files, lambda f: np.full(len(f.events.row), f.weight))[order],
        "stacked": _stacked(files, place)[order],
        "area_id": nothing,
        "regso_id": nothing,
    }
    return pd.DataFrame({name: columns[name] for name in INCIDENTS}, copy=False)


def _all(files: Sequence[File], values: Callable[[File], npt.NDArray[Any]]) -> npt.NDArray[Any]:
    parts = [values(file) for file in files]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _of_rows(files: Sequence[File], name: str) -> npt.NDArray[Any]:
    return _all(files, lambda f: getattr(f.understood.rows, name)[f.events.row])


def _number_places(
    files: Sequence[File],
) -> tuple[Codes, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the place of each event, numbered from 0 by easting and northing, and their points."""
    points, of_event, begin = [], [], 0
    for file in files:
        rows, events = file.understood.rows, file.events
        n = int(rows.place.max(initial=-1)) + 1
        xy = np.empty((n, 2), dtype=np.int64)
        xy[rows.place, 0], xy[rows.place, 1] = file.understood.x_cm, file.understood.y_cm
        points.append(xy)
        of_event.append(begin + rows.place[events.row])
        begin += n
    xy = np.concatenate(points)
    known = np.zeros(len(xy), dtype=bool)
    known[np.concatenate(of_event)] = True
    if not known.any():
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    low = xy[known].min(axis=0)
    height = int(np.ptp(xy[known][:, 1])) + 1
    keys = np.where(known, (xy[:, 0] - low[0]) * height + (xy[:, 1] - low[1]), 0)
    found = np.unique(keys[known])
    place = np.searchsorted(found, keys)[np.concatenate(of_event)]
    x, y = np.divmod(found, height)
    return place, (x + low[0]) / CM_PER_M, (y + low[1]) / CM_PER_M


def _stacked(files: Sequence[File], place: Codes) -> npt.NDArray[np.bool_]:
    """Tell which events stand on a stacked point, whichever file it was found in."""
    flagged = np.zeros(int(place.max(initial=-1)) + 1, dtype=bool)
    begin = 0
    for file in files:
        rows, n = file.understood.rows, len(file.events.row)
        local = np.zeros(int(rows.place.max(initial=-1)) + 1, dtype=bool)
        local[list(file.stacked_places)] = True
        flagged[place[begin : begin + n][local[rows.place[file.events.row]]]] = True
        begin += n
    return flagged[place]


def _texts(files: Sequence[File], name: str) -> _Texts:
    """Return one order of the texts of all files."""
    columns: list[Distinct] = [getattr(file.understood.meaning, name) for file in files]
    codes = [getattr(f.understood.rows, name)[f.events.row] for f in files]
    if len(files) == 1:
        return _Texts(columns[0].values, codes[0])
    every = pa.concat_arrays([c.values.cast(pa.large_string()) for c in columns]).unique()
    every = every.take(pc.sort_indices(every))
    parts = []
    for column, code in zip(columns, codes, strict=True):
        new = pc.index_in(column.values.cast(pa.large_string()), every).to_numpy(
            zero_copy_only=False
        )
        parts.append(np.append(new.astype(np.int64), -1)[code])
    return _Texts(every, np.concatenate(parts))


def _cases(files: Sequence[File]) -> _Texts:
    """Return the case numbers of all files, in no order: sorting a million costs too much."""
    values, codes, begin = [], [], 0
    for file in files:
        column = file.understood.meaning.case
        code = file.understood.rows.case[file.events.row]
        codes.append(np.where(code >= 0, code + begin, -1) if begin else code)
        values.append(column.values.cast(pa.large_string()))
        begin += len(column.values)
    return _Texts(pa.concat_arrays(values), np.concatenate(codes))


def _sets(files: Sequence[tuple[list[tuple[int, ...]], Codes, Sequence[str]]]) -> _Texts:
    """Return sets of codes or classes, written with ``;``, in one order of their texts.

    Each file gives its sets, the number of the set of each event, and the names of the members.
    """
    written = [[";".join(names[m] for m in one) for one in sets] for sets, _codes, names in files]
    every = sorted({text for texts in written for text in texts if text})
    position = {text: i for i, text in enumerate(every)} | {"": -1}
    codes = [
        np.array([position[text] for text in texts], dtype=np.int64)[of_event]
        for texts, (_sets, of_event, _names) in zip(written, files, strict=True)
    ]
    return _Texts(pa.array(every, pa.large_string()), np.concatenate(codes))


def _groups(classes: npt.NDArray[np.int8], code: _Texts, codes: OffenceCodes) -> Codes:
    """Return the ANDTS group of each event: by its code, else by its class."""
    of_code = np.full(len(code.values) + 1, -1, dtype=np.int8)
    for i, text in enumerate(code.values.to_pylist()):
        if text in codes:
            known = codes[text]
            # A code used against its own class (by a rule) tells nothing of the group.
            of_code[i] = ANDTS_GROUPS.index(known.andts_group)
    by_code = of_code[code.codes]
    return np.where(by_code < 0, _GROUP_OF_CLASS[classes], by_code).astype(np.int64)


def _order(first: Sequence[Codes], rest: Callable[[Codes], list[Codes]]) -> Codes:
    """Return the order by `first`, and among equals by `rest`, which is asked of equals only."""
    keys = pack(_apart(first))
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    tied = np.append(same, False) | np.append(False, same)
    if tied.any():
        at = order[tied]
        order[tied] = at[np.lexsort((*reversed(rest(at)), keys[at]))]
    return order


def _apart(first: Sequence[Codes]) -> list[Codes]:
    """Return times in minutes or seconds where that loses nothing, so that they pack."""
    time, *others = first
    for unit in (60_000_000, 1_000_000):
        if len(time) and not (time % unit).any():
            return [time // unit, *others]
    return [time, *others]


def _instants(microseconds: Codes, timezone: str) -> Any:  # noqa: ANN401 (pandas' time array)
    utc = pd.DatetimeIndex(microseconds.view("datetime64[us]")).tz_localize("UTC")
    return utc.tz_convert(timezone)


def _category(codes: npt.NDArray[np.integer], values: Sequence[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(values)))


def _taken(values: pa.Array, codes: Codes) -> pa.Array:
    """Return one text a code, null for −1."""
    missing = codes < 0
    indices = pa.array(codes, mask=missing) if missing.any() else pa.array(codes)
    return values.cast(pa.large_string()).take(indices)


def _strings(values: pa.Array) -> Any:  # noqa: ANN401 (pandas' str array)
    """Return texts as pandas' ``str`` type."""
    return pd.array(pa.chunked_array([values]), dtype=pd.StringDtype(na_value=np.nan))
