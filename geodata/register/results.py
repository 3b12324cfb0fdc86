"""The register of results: what a search of a space in a week gave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata import schema
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.exports import read_export
from geodata.language import N_, ngettext, number
from geodata.language import gettext as _
from geodata.register.columns import Cells, choose, listed
from geodata.register.dates import read_dates
from geodata.register.issues import Issues
from geodata.register.options import RegisterOptions
from geodata.register.reading import broken_rows, reading
from geodata.register.words import key, read_word
from geodata.search_tables import RESULTS, SEARCHES

TARGETS: Final = (
    "entrance_id",
    "address",
    "space",
    "week",
    "result",
    "minutes",
    "performer",
    "to_police",
    "follow_up",
)
REQUIRED: Final = ("space", "week", "result")
_WEEK: Final = re.compile(r"(\d{4})\s*[-/ ]?\s*(?:w|v)\.?\s*(\d{1,2})", re.IGNORECASE)
_WEEK_FIRST: Final = re.compile(r"(?:w|v)\.?\s*(\d{1,2})[\s,/-]+(\d{4})", re.IGNORECASE)

TOLD: Final = {
    "unknown_entrance": N_(
        "Resultat för entréer som inte står i registret. De sparas men räknas inte."
    ),
    "unknown_space": N_("Resultat för utrymmen som inte är kända. De räknas inte."),
    "unreadable_week": N_("Resultat utan vecka som går att läsa. De räknas inte."),
    "unknown_result": N_("Resultat med ord som inte är kända. De räknas inte."),
    "future_week": N_("Resultat från veckor som inte har börjat. De räknas inte."),
    "double_result": N_(
        "Flera resultat för samma entré, utrymme och vecka; det som säger mest gäller."
    ),
}


@dataclass(frozen=True)
class Results:
    """Table ``search_results``, its rows to look at as ``search_issues``, and what to tell."""

    table: pd.DataFrame
    issues: pd.DataFrame
    notices: tuple[Notice, ...]


def read_results(
    path: Path,
    *,
    register: pd.DataFrame,
    on: date,
    timezone: str = "Europe/Stockholm",
    options: RegisterOptions | None = None,
) -> Results:
    """Read a register of results.

    Parameters
    ----------
    path
        XLSX or CSV with a row for each entrance, space and week; rows without a result are forms
        not yet filled in. A week is ``2025-W37``, ``2025 v. 37``, ``v. 37 2025`` or a day in it.
    register
        Table ``register``: entrances are known by id, else by an address of one entrance.
    on
        The day; later weeks can't have results.
    timezone
        The project's.
    options
        Columns, and what isn't read.

    Returns
    -------
    Results
        Rows that can't be understood are left out and stand among the issues; results of unknown
        entrances are kept with ``known`` false. By week, entrance and space.

    Raises
    ------
    DataError
        As `read_export`; ``broken_rows``, ``personal_column``, ``personal_value``,
        ``missing_column``.
    """
    options = options or RegisterOptions()
    raw = read_export(path, reading(path))
    cells = choose(
        raw,
        targets=TARGETS,
        stated=options.results_columns,
        ignore=options.register_ignore,
        where="[dogsearch.results_columns]",
    )
    faults = [*broken_rows(raw), *cells.faults, *_required(cells)]
    raise_all(faults, DataError)
    issues = Issues(raw.row_numbers)
    table = pd.DataFrame(
        {"entrance_id": _entrances(cells, register), "source_row": raw.row_numbers}
    )
    table["known"] = table["entrance_id"].isin(set(register["entrance_id"]))
    table["space"] = [read_word(text, "space") for text in cells.texts("space")]
    table["result"] = [read_word(text, "result") for text in cells.texts("result")]
    table["week_start"], week_notices = _weeks(cells, on, timezone)
    table["minutes"] = _numbers(cells.texts("minutes"))
    table["performer"] = pd.Series(_words(cells, "performer"), dtype="str")
    said = pd.Series([read_word(t, "yes") for t in cells.texts("to_police")], dtype="str")
    table["to_police"] = (said == "yes").astype("boolean").mask(said.isna())
    table["follow_up"] = pd.Series(_follow_up(cells), dtype="str")
    kept, empty = _understood(table, cells, on, issues)
    frame = _finish(_strongest(kept, issues))
    unknown = frame[~frame["known"]]
    issues.add_named("unknown_entrance", unknown, "")
    notices = (*cells.notices, *week_notices, *_tell(frame, empty, issues, path))
    return Results(frame, issues.table(), notices)


def _required(cells: Cells) -> list[Fault]:
    missing = [name for name in REQUIRED if name not in cells.of]
    if "entrance_id" not in cells.of and "address" not in cells.of:
        missing.insert(0, "entrance_id")
    if not missing:
        return []
    return [
        Fault(
            code="missing_column",
            what=_("Resultaten saknar kolumner: {columns}.").format(columns=", ".join(missing)),
            where=str(cells.raw.path),
            next_step=_("Ange dem under [dogsearch.results_columns]."),
        )
    ]


def _entrances(cells: Cells, register: pd.DataFrame) -> pd.Series[Any]:
    """Return the id of each row's entrance, else its address as written."""
    alone = register[register["address"].notna()].drop_duplicates("address", keep=False)
    by_address = dict(zip(alone["address"].map(key), alone["entrance_id"], strict=True))
    ids, addresses = cells.texts("entrance_id"), cells.texts("address")
    named = [
        one or by_address.get(key(address), address)
        for one, address in zip(ids, addresses, strict=True)
    ]
    return pd.Series(named, dtype="str")


def _weeks(cells: Cells, on: date, timezone: str) -> tuple[pd.Series[Any], tuple[Notice, ...]]:
    """Return the Monday of each row's week, missing where it can't be read."""
    texts = cells.texts("week")
    mondays: Mapping[str, date | None] = {text: _monday(text) for text in set(texts)}
    if all(mondays[text] for text in texts if text):
        return _days([mondays[text] for text in texts]), ()
    read = read_dates(cells, ("week",), today=on, timezone=timezone)
    raise_all([f for f in read.faults if not any(mondays.values())], DataError)
    days = read.days["week"]
    monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    own = _days([mondays[text] for text in texts])
    return own.fillna(monday.astype("datetime64[us]")), read.notices


def _days(found: list[date | None]) -> pd.Series[Any]:
    return pd.Series(np.array(found, dtype="datetime64[D]").astype("datetime64[us]"))


def _monday(text: str) -> date | None:
    match = _WEEK.fullmatch(text) or _WEEK_FIRST.fullmatch(text)
    if match is None:
        return None
    year, week = (int(part) for part in match.groups())
    if week > year:
        year, week = week, year
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _numbers(texts: list[str]) -> pd.Series[Any]:
    plain = pd.Series(texts, dtype="str").str.replace(",", ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64").clip(lower=0)


def _words(cells: Cells, target: str) -> list[str | None]:
    return [read_word(text, target) for text in cells.texts(target)]


def _follow_up(cells: Cells) -> list[str | None]:
    """Return known measures by ``;``; other text is never kept."""
    found = []
    for text in cells.texts("follow_up"):
        known = [read_word(part, "follow_up") for part in re.split("[;,]", text)]
        found.append(";".join(sorted({word for word in known if word})) or None)
    return found


def _understood(
    table: pd.DataFrame, cells: Cells, on: date, issues: Issues
) -> tuple[pd.DataFrame, int]:
    """Return the rows that can be counted, and how many are forms not yet filled in."""
    empty = np.array([not text for text in cells.texts("result")], dtype=bool)
    left = ~empty
    for code, bad, target in (
        ("unknown_result", table["result"].isna(), "result"),
        ("unknown_space", table["space"].isna(), "space"),
        ("unreadable_week", table["week_start"].isna(), "week"),
        ("future_week", table["week_start"] > pd.Timestamp(on), "week"),
    ):
        rows = left & bad.to_numpy(bool)
        issues.add(code, np.flatnonzero(rows), cells.texts(target))
        left &= ~rows
    return table[left].reset_index(drop=True), int(empty.sum())


def _strongest(table: pd.DataFrame, issues: Issues) -> pd.DataFrame:
    """Keep one row for each entrance, space and week: the result that says most."""
    rank = table["result"].map(list(RESULTS).index)
    order = table.assign(_rank=rank).sort_values(
        ["week_start", "entrance_id", "space", "_rank", "source_row"],
        ascending=[True, True, True, False, True],
    )
    again = order.duplicated(["week_start", "entrance_id", "space"])
    issues.add_named("double_result", order[again], order.loc[again, "result"].tolist())
    return order[~again].drop(columns="_rank")


def _finish(table: pd.DataFrame) -> pd.DataFrame:
    iso = table["week_start"].dt.isocalendar()
    weeks = [f"{y}-W{w:02d}" for y, w in zip(iso["year"], iso["week"], strict=True)]
    table = table.assign(week=pd.Series(weeks, index=table.index, dtype="str"))
    for name in ("space", "result"):
        table[name] = schema.category(table[name], "search_results", name, tables=SEARCHES)
    table = table[list(SEARCHES["search_results"])].reset_index(drop=True)
    schema.check(table, "search_results", tables=SEARCHES)
    return table


def _tell(table: pd.DataFrame, empty: int, issues: Issues, path: Path) -> list[Notice]:
    counts = table["result"].value_counts(sort=False)
    done = int(len(table) - counts.get("not_done", 0))
    finds = int(counts.get("find", 0))
    text = _("{file}: {n} resultat, {done} genomförda sök i utrymmen, {finds} med fynd.").format(
        file=path.name, n=number(len(table)), done=number(done), finds=number(finds)
    )
    if empty:
        text += " " + ngettext(
            "{n} rad saknar resultat.", "{n} rader saknar resultat.", empty
        ).format(n=number(empty))
    data = {"n": len(table), "done": done, "finds": finds, "empty": empty}
    notices = [Notice(code="results_read", text=text, data=data)]
    for code, n in issues.counts.items():
        where = _("{file}, rad {rows}.").format(file=path.name, rows=listed(issues.rows(code)))
        notices.append(
            Notice(
                code=code,
                text=f"{_(TOLD[code])} {where}",
                level="warning",
                data={"n": n, "rows": issues.rows(code)},
            )
        )
    return notices
