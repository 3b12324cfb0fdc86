"""The store as an import: the same tables and report as of files that are read at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import schema
from geodata.errors import Notice
from geodata.import_report import ColumnUse, InputReport, StackedPoint, UnknownText
from geodata.incidents import Import, ImportOptions
from geodata.incidents.reporting import whole_report
from geodata.incidents.telling import tell_stack
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from geodata.offence_codes import OffenceCodes
from geodata.offences import CodeCount
from geodata.schema import INCIDENTS, STREET_DRUG_CLASSES
from geodata.stacks import find_stacks, is_confirmed
from geodata.store.parts import PartFacts
from geodata.store.store import Store

Ints = npt.NDArray[np.int64]


def stored_import(store: Store, options: Sequence[ImportOptions], *, codes: OffenceCodes) -> Import:
    """Return the events of a store that count, as an import gives them.

    Parameters
    ----------
    store
        With at least one event.
    options
        Of each ``[[input]]`` of the project file, in order: what makes a point stacked.
    codes
        The list of offence codes.

    Returns
    -------
    Import
        ``incidents`` numbered anew, in an order that depends on what is told of them only.
        ``input_no`` is that of the ``[[input]]``; the report has one part for each of these, over
        all its exports. A row that told an event once more, or in an older or corrected version,
        counts as a duplicate; rows of purged events are not counted.
    """
    incidents = _numbered(store.read())
    stacks: dict[int, list[StackedPoint]] = {}
    flagged: set[int] = set()
    for input_no in sorted({part.input_no for part in store.facts.parts}):
        chosen = options[min(input_no, len(options)) - 1]
        events = incidents[incidents["input_no"] == input_no]
        stacks[input_no] = _stacks(events, chosen)
        flagged |= _flagged(events, stacks[input_no])
    incidents["stacked"] = incidents["place_id"].isin(flagged)
    schema.check(incidents, "incidents")
    reports = tuple(
        _report(input_no, store, incidents, points) for input_no, points in stacks.items()
    )
    for report in reports:
        report.check()
    return Import(
        incidents=incidents,
        rejected=_rejected(store),
        rejected_rows={},
        report=whole_report(reports, incidents, codes),
    )


def _numbered(events: pd.DataFrame) -> pd.DataFrame:
    """Return table ``incidents``, events and places numbered in order of what they are."""
    first = ["start", "x_m", "y_m"]
    rest = [name for name in INCIDENTS if name in events.columns and name not in first]
    events = events.sort_values([*first, *rest], kind="stable", ignore_index=True)
    xy = np.round(events[["x_m", "y_m"]].to_numpy("float64"), 2)
    _points, place = np.unique(xy, axis=0, return_inverse=True)
    nothing = pd.array([None] * len(events), dtype="str")
    columns: dict[str, Any] = {
        **{name: events[name] for name in events.columns},
        "incident_id": np.arange(1, len(events) + 1, dtype=np.int64),
        "place_id": place.ravel().astype(np.int64) + 1,
        "stacked": np.zeros(len(events), dtype=bool),
        "area_id": nothing,
        "regso_id": nothing,
    }
    return pd.DataFrame({name: columns[name] for name in INCIDENTS}, copy=False)


def _stacks(events: pd.DataFrame, options: ImportOptions) -> list[StackedPoint]:
    """Return the points with an implausible share of the events of one input."""
    place = events["place_id"].to_numpy()
    drugs = events["offence_class"].isin(STREET_DRUG_CLASSES).to_numpy()
    points = []
    for stack in find_stacks(
        place, drugs, share=options.stacked_share, min_rows=options.stacked_min_rows
    ):
        there = events[place == stack.place]
        x_m, y_m = float(there["x_m"].iloc[0]), float(there["y_m"].iloc[0])
        counts = there["address"].value_counts()
        names = sorted(counts.index, key=lambda name: (-int(counts[name]), str(name)))
        if is_confirmed(x_m, y_m, [str(n) for n in names], options.confirmed_stacks):
            status = "confirmed"
        else:
            status = "flagged" if stack.flagged else "suspect"
        points.append(
            StackedPoint(
                address=str(names[0]) if names else "",
                x_m=x_m,
                y_m=y_m,
                rows=stack.rows,
                share=stack.share,
                of=stack.of,
                rows_all=len(there),
                status=status,
            )
        )
    return points


def _flagged(events: pd.DataFrame, stacks: Sequence[StackedPoint]) -> set[int]:
    found: set[int] = set()
    for stack in stacks:
        if stack.status == "flagged":
            at = (events["x_m"] == stack.x_m) & (events["y_m"] == stack.y_m)
            found |= set(events.loc[at, "place_id"].tolist())
    return found


def _rejected(store: Store) -> pd.DataFrame:
    """Return the rejected rows of all exports; the name of the export stands in the detail."""
    parts = []
    for part in store.facts.parts:
        if part.rejected_file:
            rows = pd.read_parquet(store.folder / part.rejected_file)
            rows["detail"] = f"{part.source}: " + rows["detail"].astype("str")
            parts.append(rows.assign(input_no=np.int64(part.input_no)))
    if not parts:
        return schema.empty("rejected")
    table = pd.concat(parts, ignore_index=True)[list(schema.REJECTED)]
    for name in ("reason", "detail"):
        table[name] = table[name].astype("str")
    schema.check(table, "rejected")
    return table


def _report(
    input_no: int, store: Store, incidents: pd.DataFrame, stacks: list[StackedPoint]
) -> InputReport:
    """Return what became of all exports of one input."""
    parts = [part for part in store.facts.parts if part.input_no == input_no]
    told = [part.report for part in parts]
    events = int((incidents["input_no"] == input_no).sum())
    added = _total(told, "rows_added")
    read = _total(told, "rows_read") - sum(part.purged for part in parts)
    rejected = _total(told, "rows_rejected")
    kept = min(events + added, read - rejected)
    last = told[-1]
    name = ngettext("{n} uttag i lagret", "{n} uttag i lagret", len(parts)).format(
        n=number(len(parts))
    )
    return InputReport(
        input_no=input_no,
        file=name,
        sha256=hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest(),
        format=last["format"],
        encoding=last["encoding"],
        separator=last["separator"],
        layer=last["layer"],
        source_crs=last["source_crs"],
        rows_read=read,
        rows_kept=kept,
        rows_rejected=rejected,
        rows_duplicate=read - rejected - kept,
        events=events,
        rows_added=kept - events,
        rows_identical=_total(told, "rows_identical"),
        cases_split=_total(told, "cases_split"),
        reasons=_summed([report["reasons"] for report in told]),
        columns=tuple(
            ColumnUse(c["target"], tuple(c["columns"]), c["guessed"]) for c in last["columns"]
        ),
        ignored=tuple(last["ignored"]),
        free_text=tuple(last["free_text"]),
        unused=tuple(last["unused"]),
        codes=_codes(told),
        unknown_texts=_unknown(told),
        stacks=tuple(stacks),
        notices=(_tell(parts, events), *(tell_stack(stack, name) for stack in stacks)),
    )


def _total(told: Sequence[Mapping[str, Any]], name: str) -> int:
    return sum(int(report[name]) for report in told)


def _summed(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, n in one.items():
            total[name] = total.get(name, 0) + n
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def _codes(told: Sequence[Mapping[str, Any]]) -> tuple[CodeCount, ...]:
    total: dict[str, CodeCount] = {}
    for report in told:
        for found in report["codes"]:
            one = CodeCount(**found)
            old = total.get(one.code)
            rows, expired = (old.rows, old.expired) if old else (0, 0)
            total[one.code] = CodeCount(
                one.code, one.text, one.offence_class, one.rows + rows, one.expired + expired,
                one.known,
            )  # fmt: skip
    return tuple(total[code] for code in sorted(total))


def _unknown(told: Sequence[Mapping[str, Any]]) -> tuple[UnknownText, ...]:
    total: dict[tuple[str, str], int] = {}
    for report in told:
        for found in report["unknown_texts"]:
            key = (found["target"], found["text"])
            total[key] = total.get(key, 0) + found["rows"]
    texts = [UnknownText(target, text, rows) for (target, text), rows in total.items()]
    return tuple(sorted(texts, key=lambda u: (u.target, -u.rows, u.text)))


def _tell(parts: Sequence[PartFacts], events: int) -> Notice:
    days = [date.fromisoformat(d) for part in parts if part.file for d in (part.first, part.last)]
    corrected = sum(part.corrected + part.outdated for part in parts)
    text = _(
        "Händelserna läses ur projektets lager: {n} händelser ur {files} uttag, {first} – {last}. "
        "{corrected} av dem har funnits i fler än en version; den ur senaste uttaget gäller."
    ).format(
        n=number(events),
        files=number(len(parts)),
        first=day(min(days)) if days else "–",
        last=day(max(days)) if days else "–",
        corrected=number(corrected),
    )
    data = {"events": events, "exports": len(parts), "corrected": corrected}
    return Notice(code="store_read", text=text, level="chosen", data=data)
