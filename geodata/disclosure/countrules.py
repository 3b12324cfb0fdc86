"""Tables of counts: what each number counts, and which other columns rest on it.

A table of counts is released together with all others of the same run (`joint`). To add one, say
here how its rows become `Cell`s; no rule of its own is needed. Those of events stand here, those
of dog searches, answers and indicators in `otherrules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.disclosure.cells import Cell, all_but, only
from geodata.schema import OFFENCE_CLASSES, STREET_DRUG_CLASSES

Tables = Mapping[str, pd.DataFrame]
Bools = npt.NDArray[np.bool_]
CellsOf = Callable[[pd.DataFrame, Tables], Mapping[str, Sequence[Cell | None]]]

WHOLE: Final = "*"
OUTSIDE: Final = "*outside"
UNPLACED: Final = "*unplaced"
ANY_DAY: Final = (date(1900, 1, 1), date(1900, 1, 1))
"""Span of what is counted over days that the table doesn't tell: no edition remembers it."""

NAMED: Final = (date(1900, 1, 2), date(1900, 1, 2))
"""Span of what its kind names already, such as one wave of a survey."""


@dataclass(frozen=True)
class CountTable:
    """How a table of counts is read.

    Attributes
    ----------
    cells
        From the table (and the others of the run) to the cell of each row, by column; ``None``
        where the column has no count in the row.
    figures
        Columns that rest on counts → the counts that they can be had back from. They are hidden
        with any of these.
    of_whole
        Columns that rest on the same count of all areas as well, such as shares.
    inside
        Columns that never leave, since other counts could be had from them.
    inside_public
        Columns that the public is not shown either; they are not counted among what is told.
    rows
        Which rows may leave; all of them where it is ``None``.
    secret
        From the table and the least count shown to the rows of each column that are hidden
        whatever they count.
    sums_known
        Whether the sum of all areas must be taken as known: others may print it.
    lists_defaults
        Whether events on a default address have a row of their own wherever there are any.
    any_days
        Whether the public may be told of days that are no whole quarters.
    span_in_note
        Whether the days are told in a note, since the table as released tells none.
    asked
        Where its days are chosen: a setting or an option of the command line.
    """

    cells: CellsOf
    figures: Mapping[str, tuple[str, ...]]
    of_whole: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    inside_public: tuple[str, ...] = ()
    rows: Callable[[pd.DataFrame], pd.Series[Any]] | None = None
    secret: Callable[[pd.DataFrame, int], Mapping[str, Bools]] | None = None
    sums_known: bool = False
    lists_defaults: bool = False
    any_days: bool = False
    span_in_note: bool = False
    asked: str = ""


def areas_of(ids: pd.Series[Any], *, defaults: bool = True) -> dict[str, tuple[str, ...]]:
    """Return the set of areas that each id of a table stands for.

    ``*`` is all; ``*outside`` all but the others of the table.

    Parameters
    ----------
    ids
        Column of ids.
    defaults
        Whether some of it may stand on a default address, which is of no area nor outside them.
    """
    known = sorted({str(one) for one in ids.dropna()} - {WHOLE, OUTSIDE})
    sets = {one: only(one) for one in known}
    beside = [UNPLACED] if defaults else []
    return {**sets, WHOLE: all_but(()), OUTSIDE: all_but([*known, *beside])}


def classes_of(values: pd.Series[Any]) -> dict[str, tuple[str, ...]]:
    """Return the set of classes that each name of a table stands for."""
    groups = {"all": only(*OFFENCE_CLASSES), "street_drugs": only(*STREET_DRUG_CLASSES)}
    return {**{str(v): only(str(v)) for v in values.unique()}, **groups}


def day_of(value: object) -> date:
    """Return the day of a cell that holds one."""
    stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    return stamp.date()


def _appendix_counts(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    areas = areas_of(table["area_id"])
    counted = _counted(table)
    found = []
    for row in table.itertuples(index=False):
        whole = counted if row.what == "counted" else only(*OFFENCE_CLASSES)
        classes = only(str(row.value)) if row.by == "class" else whole
        what = f"events/{row.source}"
        found.append(
            Cell(
                what,
                areas[str(row.area_id)],
                classes,
                day_of(row.first_date),
                day_of(row.last_date),
            )
        )
    return {"n_events": found}


def _counted(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the classes that the project counts, as far as the lists by class tell them."""
    listed = table.loc[(table["what"] == "counted") & (table["by"] == "class"), "value"]
    return only(*listed.astype("str")) if len(listed) else ("*counted",)


def _appendix_change(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    beside = tables.get("appendix_counts")
    areas = areas_of(table["area_id"])
    spans: dict[str, tuple[date, date]] = {}
    counted: tuple[str, ...] = ("*counted",)
    if beside is not None and len(beside):
        counted = _counted(beside)
        for column, order in (("n_now", 0), ("n_before", 1)):
            own = beside[beside["order"] == order]
            if len(own):
                first, last = own["first_date"].iloc[0], own["last_date"].iloc[0]
                spans[column] = (day_of(first), day_of(last))
    found: dict[str, list[Cell | None]] = {"n_before": [], "n_now": []}
    for row in table.itertuples(index=False):
        classes = counted if row.what == "counted" else only(*OFFENCE_CLASSES)
        for column, cells in found.items():
            kind = "events" if column in spans else column
            first, last = spans.get(column, ANY_DAY)
            cell = Cell(f"{kind}/{row.source}", areas[str(row.area_id)], classes, first, last)
            cells.append(None if pd.isna(getattr(row, column)) else cell)
    return found


def _appendix_times(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    beside = tables.get("appendix_counts")
    kind, (first, last) = "times", ANY_DAY
    classes: tuple[str, ...] = ("*counted",)
    if beside is not None and len(beside):
        told = beside[beside["order"] == 0]
        kind, classes = "events", _counted(beside)
        first, last = day_of(told["first_date"].iloc[0]), day_of(told["last_date"].iloc[0])
    found = []
    for row in table.itertuples(index=False):
        part = str(row.weekday) if row.by == "weekday" else str(row.part)
        what = f"{kind}/{row.source}"
        found.append(Cell(what, all_but(()), classes, first, last, str(row.by), only(part)))
    return {"n_events": found}


def _followup(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    areas = areas_of(table["area_id"])  # events on a default address have no row here
    classes = classes_of(table["class"])
    found: dict[str, list[Cell | None]] = {"n_before": [], "n_now": []}
    for row in table.rename(columns={"class": "kind"}).itertuples(index=False):
        for column, cells in found.items():
            when = column.removeprefix("n_")
            first, last = getattr(row, f"first_{when}"), getattr(row, f"last_{when}")
            missing = pd.isna(getattr(row, column)) or pd.isna(first) or pd.isna(last)
            cell = None
            if not missing:
                cell = Cell(
                    f"events/{row.source}",
                    areas[str(row.area_id)],
                    classes[str(row.kind)],
                    day_of(first),
                    day_of(last),
                )
            cells.append(cell)
    return found


def _picture(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    areas, classes = areas_of(table["area_id"]), classes_of(table["value"])
    beside = tables.get("picture_areas")
    first, last = ANY_DAY
    if beside is not None and len(beside):
        first, last = day_of(beside["first_date"].min()), day_of(beside["last_date"].max())
    kind = "events" if first != last else "picture"
    found = []
    for row in table.itertuples(index=False):
        what, where, value = f"{kind}/{row.source}", areas[str(row.area_id)], str(row.value)
        cell = Cell(what, where, classes[value], first, last)
        if row.by == "space":
            cell = Cell(what, where, classes["all"], first, last, "space", only(value))
        found.append(cell)
    return {"n_events": found}


def _feedback(table: pd.DataFrame, tables: Tables) -> Mapping[str, Sequence[Cell | None]]:
    del tables
    areas = areas_of(table.loc[table["by"] == "area", "value"])
    classes = classes_of(table.loc[table["by"] == "class", "value"])
    return {
        "n_events": [
            Cell(
                f"events/{row.source}",
                areas[str(row.value) if row.by == "area" else WHOLE],
                classes[str(row.value)] if row.by == "class" else only(*OFFENCE_CLASSES),
                day_of(row.first_date),
                day_of(row.last_date),
            )
            for row in table.itertuples(index=False)
        ]
    }


def _by_date(table: pd.DataFrame) -> pd.Series[Any]:
    """Return the rows of the boundary of each day; another boundary is another area."""
    return table["boundary"] == "by_date"


def _no_hours(table: pd.DataFrame) -> pd.Series[Any]:
    return table["by"] != "hour"


_PERIOD: Final = "--period"
_RATIO: Final = ("ratio", "ratio_low", "ratio_high")
_BOTH: Final = ("n_before", "n_now")
_PICTURE_RATES: Final = (
    *("share", "per_1000", "per_1000_low", "per_1000_high"),
    *("per_ha", "per_ha_low", "per_ha_high"),
    *("rest_ratio", "rest_ratio_low", "rest_ratio_high", "ratio_per"),
)

EVENT_TABLES: Final[Mapping[str, CountTable]] = {
    "appendix_counts": CountTable(
        _appendix_counts, {"rate": ("n_events",)}, lists_defaults=True, asked=_PERIOD
    ),
    "appendix_change": CountTable(
        _appendix_change,
        dict.fromkeys((*_RATIO, "state"), _BOTH),
        lists_defaults=True,
        asked=_PERIOD,
    ),
    "appendix_times": CountTable(_appendix_times, {}, rows=_no_hours, asked=_PERIOD),
    "followup_areas": CountTable(
        _followup,
        {
            "per_year_before": ("n_before",),
            "per_year_now": ("n_now",),
            **dict.fromkeys((*_RATIO, "state", "sentence"), _BOTH),
            **dict.fromkeys(("rest_ratio", "rest_ratio_low", "rest_ratio_high", "rri"), _BOTH),
        },
        of_whole=("rest_ratio", "rest_ratio_low", "rest_ratio_high", "rri"),
        inside=("dispersion", "power"),
        rows=_by_date,
        asked="[followup] date_from, date_to",
    ),
    "picture_counts": CountTable(
        _picture,
        dict.fromkeys(_PICTURE_RATES, ("n_events",)),
        of_whole=("share", "rest_ratio", "rest_ratio_low", "rest_ratio_high"),
        inside=(
            *("n_offences", "shrunk", "shrunk_low", "shrunk_high"),
            *("peer_ratio", "peer_ratio_low", "peer_ratio_high"),
        ),
        lists_defaults=True,
    ),
    "feedback": CountTable(_feedback, {}, lists_defaults=True),
}
"""The tables of events that leave as counts in ``samverkan`` and ``publik``, by name."""
