"""Who reported which weeks: the list of reporters, and what the events themselves tell.

The list has a row for each week in which a reporter was heard of, also with nothing to report:
columns ``rapportör`` and ``vecka`` (2025-W12, v. 12 2025, or a day in the week), and if wanted
``källa`` (else EST reports), ``område`` (else all of it) and ``antal`` (0: nothing to report).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.units import Units
from areas.picture.weekly import Weeks
from areas.picture.weeks import iso, monday
from geodata import schema
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.labels import LABELS, label
from geodata.language import LANGUAGES, ngettext, number, using
from geodata.language import gettext as _
from geodata.lists import Listing, as_number, read_listing
from geodata.options import nearest
from geodata.picture_tables import PICTURE, WEEK_STATUS, WHOLE
from geodata.schema import SOURCES

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "reporter": ("rapportör", "uppgiftslämnare", "reporter"),
    "week": ("vecka", "week"),
    "source": ("källa", "source"),
    "area": ("område", "area", "area_id"),
    "n": ("antal", "antal rapporter", "n", "count"),
}
DEFAULT_SOURCE: Final = "est_report"

_WEEKS: Final = (
    re.compile(r"^(?P<y>\d{4})\s*-?\s*[wv]\.?\s*(?P<w>\d{1,2})$", re.IGNORECASE),
    re.compile(r"^[wv]\.?\s*(?P<w>\d{1,2})[\s,-]+(?P<y>\d{4})$", re.IGNORECASE),
)
_DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, eq=False)
class Reporters:
    """The list of reporters.

    Attributes
    ----------
    table
        ``reporter``, ``source``, ``area_id`` (`WHOLE` for all), ``week_start`` (datetime64), ``n``
        (NaN where only said that they reported); in order of these, one row of each.
    notices
        What was chosen.
    """

    table: pd.DataFrame
    notices: tuple[Notice, ...] = ()


def read_reporters(path: Path, *, areas: pd.DataFrame) -> Reporters:
    """Read the list of reporters.

    Parameters
    ----------
    path
        CSV or XLSX.
    areas
        Table ``areas``, for ids and names.

    Raises
    ------
    DataError
        As `read_listing`; ``unreadable_week``, ``unknown_source``, ``unknown_area``,
        ``unreadable_number``, ``missing_name``.
    """
    listing = read_listing(path, NAMES, required=("reporter", "week"))
    faults: list[Fault] = []
    names = listing.texts("reporter")
    if "" in names:
        rows = [i for i, name in enumerate(names) if not name]
        faults.append(listing.fault("missing_name", _("Rad utan rapportör."), rows))
    weeks = [_week(text) for text in listing.texts("week")]
    bad = [i for i, week in enumerate(weeks) if week is None]
    if bad:
        what = _("Vecka som inte går att läsa: {text}.").format(text=listing.texts("week")[bad[0]])
        step = _("Skriv 2025-W12, v. 12 2025 eller ett datum i veckan.")
        faults.append(listing.fault("unreadable_week", what, bad, step))
    sources = _looked_up(listing, "source", _source_words(), DEFAULT_SOURCE, faults)
    places = _looked_up(listing, "area", _area_words(areas), WHOLE, faults)
    counts = [as_number(text) if text else np.nan for text in listing.texts("n")]
    bad = [i for i, n in enumerate(counts) if n is None or n < 0]
    if bad:
        what = _("Antal som inte går att läsa: {text}.").format(text=listing.texts("n")[bad[0]])
        faults.append(listing.fault("unreadable_number", what, bad))
    raise_all(faults, DataError)
    table = pd.DataFrame(
        {
            "reporter": pd.Series(list(names), dtype="str"),
            "source": pd.Series(sources, dtype="str"),
            "area_id": pd.Series(places, dtype="str"),
            "week_start": np.array(weeks, dtype="datetime64[D]").astype("datetime64[us]"),
            "n": np.array(counts, dtype=np.float64),
        }
    )
    keys = ["reporter", "source", "area_id", "week_start"]
    # Several rows of a week are one word: their numbers are summed, and 0 is said when all say so.
    table = table.groupby(keys, sort=True)["n"].sum(min_count=1).reset_index()
    text = ngettext(
        "{n} rapportör, {weeks} rapportveckor är inlästa.",
        "{n} rapportörer, {weeks} rapportveckor är inlästa.",
        table["reporter"].nunique(),
    ).format(n=number(table["reporter"].nunique()), weeks=number(len(table)))
    read = Notice(code="reporters_read", text=text, data={"weeks": len(table)})
    return Reporters(table, (*listing.notices, read))


def who_spoke(
    events: NDArray[np.int64],
    starts: NDArray[np.datetime64],
    units: Units,
    reporters: Reporters | None,
) -> NDArray[np.bool_]:
    """Return whether anybody of a source reported of a unit in a week.

    Parameters
    ----------
    events, starts
        Events by unit, source and week, the whole first; as of `weekly.count_weeks`.
    units
        The units.
    reporters
        The list; it decides for its sources from its first week to its last. ``None`` for none.

    Returns
    -------
    numpy.ndarray
        bool, as `events`. Elsewhere a source is heard of in every unit in the weeks that it
        reported anything anywhere.
    """
    spoke = np.broadcast_to(events[:1] > 0, events.shape).copy()
    if reporters is None:
        return spoke
    rows = {area: i for i, area in enumerate(units.table["area_id"])}
    for source, told in reporters.table.groupby("source", sort=True):
        at = SOURCES.index(str(source))
        days = told["week_start"].to_numpy(dtype="datetime64[D]")
        ruled = (starts >= days.min()) & (starts <= days.max())
        spoke[:, at, ruled] = False
        for area, listed in told.groupby("area_id", sort=True):
            heard = np.isin(starts, listed["week_start"].to_numpy(dtype="datetime64[D]"))
            spoke[0, at, heard] = True
            if area == WHOLE:
                spoke[:, at, heard] = True
            elif area in rows:
                spoke[rows[str(area)], at, heard] = True
    return spoke


def coverage_table(
    weeks: Weeks, sources: Sequence[str], reporters: Reporters | None
) -> pd.DataFrame:
    """Return table ``picture_coverage``: each reporter by week, and sources without a list.

    Parameters
    ----------
    weeks
        Of the units, the whole first.
    sources
        Those that the data have.
    reporters
        The list, or ``None``.
    """
    parts = []
    listed = pd.DataFrame() if reporters is None else reporters.table
    known = set(listed["source"]) if len(listed) else set()
    if len(listed):
        parts += [
            _rows(weeks.starts, told)
            for _keys, told in listed.groupby(["reporter", "source", "area_id"], sort=True)
        ]
    silent = WEEK_STATUS.index("no_report")
    for source in sources:
        if source not in known:
            at = SOURCES.index(source)
            heard = weeks.events[0, at] > 0
            status = np.where(heard, 0, silent)
            n = np.where(heard, weeks.events[0, at], -1)
            parts.append(_frame((label(source), source, WHOLE), weeks.starts, status, n, False))
    table = schema.empty("picture_coverage", tables=PICTURE)
    if parts:
        table = pd.concat(parts, ignore_index=True)
    schema.check(table, "picture_coverage", tables=PICTURE)
    return table


def _rows(starts: NDArray[np.datetime64], told: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks of one reporter in one area, from the first that was heard of."""
    keys = tuple(str(told[name].iloc[0]) for name in ("reporter", "source", "area_id"))
    days = told["week_start"].to_numpy(dtype="datetime64[D]")
    own = starts[starts >= days.min()]
    at = pd.Index(days).get_indexer(pd.Index(own))
    reported, zero, silent, _before = range(len(WEEK_STATUS))
    n = told["n"].to_numpy(dtype=np.float64)
    count = np.where(at >= 0, n[at], np.nan)
    status = np.where(at < 0, silent, np.where(count == 0, zero, reported))
    return _frame(keys, own, status, np.where(np.isnan(count), -1, count), True)


def _frame(
    keys: tuple[str, ...],
    starts: NDArray[np.datetime64],
    status: NDArray[np.int64],
    n: NDArray[np.float64] | NDArray[np.int64],
    stated: bool,
) -> pd.DataFrame:
    year, week = iso(starts)
    size = len(starts)
    counts = n.astype(np.int64)
    return pd.DataFrame(
        {
            "reporter": pd.Series([keys[0]] * size, dtype="str"),
            "source": schema.category(
                [keys[1]] * size, "picture_coverage", "source", tables=PICTURE
            ),
            "area_id": pd.Series([keys[2]] * size, dtype="str"),
            "week_start": starts.astype("datetime64[us]"),
            "iso_year": year,
            "iso_week": week,
            "status": schema.category(
                np.array(WEEK_STATUS, dtype=object)[status],
                "picture_coverage",
                "status",
                tables=PICTURE,
            ),
            "n_reports": pd.arrays.IntegerArray(counts, counts < 0),
            "stated": np.full(size, stated),
        }
    )


def _week(text: str) -> date | None:
    for pattern in _WEEKS:
        found = pattern.match(text.strip())
        if found:
            try:
                return date.fromisocalendar(int(found["y"]), int(found["w"]), 1)
            except ValueError:
                return None
    if _DAY.match(text):
        try:
            return monday(date.fromisoformat(text[:10]))
        except ValueError:
            return None
    return None


def _source_words() -> dict[str, str]:
    """Return what sources may be called: a list stays readable when the language is changed."""
    words = {name: name for name in SOURCES}
    for spoken in LANGUAGES:
        with using(spoken):
            words |= {_(LABELS[name]).casefold(): name for name in SOURCES}
    return words


def _area_words(areas: pd.DataFrame) -> dict[str, str]:
    ids = areas["area_id"].astype("str")
    words = dict(zip(areas["name"].astype("str").str.casefold(), ids, strict=True))
    return words | {one.casefold(): one for one in ids}


def _looked_up(
    listing: Listing, column: str, words: Mapping[str, str], blank: str, faults: list[Fault]
) -> list[str]:
    texts = listing.texts(column)
    found = [words.get(text.casefold()) if text else blank for text in texts]
    unknown = [i for i, value in enumerate(found) if value is None]
    if unknown:
        first = texts[unknown[0]]
        code, what = {
            "source": ("unknown_source", _("Okänd källa ”{text}”.")),
            "area": ("unknown_area", _("Okänt område ”{text}”.")),
        }[column]
        step = nearest(first.casefold(), list(words))
        faults.append(listing.fault(code, what.format(text=first), unknown, step))
    return [value or "" for value in found]
