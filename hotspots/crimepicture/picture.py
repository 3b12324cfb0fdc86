"""Counts, days, quarters, change, hours and quality of the events of each view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import CAMERAS, PERIODS
from geodata.schema import GEOCODE_CLASSES, YES_NO
from hotspots import tally
from hotspots.aoristic import UNKNOWN_HOUR, aoristic
from hotspots.crimepicture.change import rate_change
from hotspots.crimepicture.members import Members
from hotspots.selection import Period, event_days, find_rows, has_class
from hotspots.timeprofile import TimeOptions
from hotspots.timewindow import Window, smallest_window

Days = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
WEEK: Final = 168


@dataclass(frozen=True)
class Counted:
    """What counts as an event of the main figures.

    Attributes
    ----------
    classes, source, space_types
        As of the choice of sites.
    period
        Days of the main figures.
    earliest
        First day of the whole extract.
    """

    classes: tuple[str, ...]
    source: str
    space_types: tuple[str, ...]
    period: Period
    earliest: date


@dataclass(frozen=True, eq=False)
class CrimePicture:
    """Tables ``camera_counts``, ``camera_picture`` and ``camera_times``."""

    counts: pd.DataFrame
    picture: pd.DataFrame
    times: pd.DataFrame


def describe_crime(
    incidents: pd.DataFrame,
    members: Members,
    site_ids: Sequence[str],
    counted: Counted,
    *,
    extra: pd.DataFrame,
    hours: Mapping[str, Flags] | None = None,
    least_for_trend: int = 20,
    times: TimeOptions | None = None,
) -> CrimePicture:
    """Describe what happened in each view.

    Parameters
    ----------
    incidents
        Table ``incidents``, the whole extract.
    members
        Places of each view.
    site_ids
        Id of each view.
    counted
        What the main figures count; ``camera_counts`` shows all classes and sources beside.
    extra
        One row a site, in order: ``n_expected`` (events), ``n_quarters``, ``n_hot``,
        ``stability`` (0–1, may be missing).
    hours
        Proposed hours of the week by site, shape (7, 24), where somebody has stated them.
    least_for_trend
        Fewest events in 24 months for a change to be given.
    times
        What the smallest window has to hold.

    Returns
    -------
    CrimePicture
        In the order of `site_ids`.
    """
    admitted = incidents["space_type"].isin(list(counted.space_types)).to_numpy()
    seen = np.isin(incidents["place_id"].to_numpy(np.int64), members.place)
    near = incidents[admitted & seen]
    sites = [_Site(near, members, number_, name, counted) for number_, name in enumerate(site_ids)]
    rows, clock = [], []
    for site, more in zip(sites, extra.to_dict("records"), strict=True):
        wanted = (hours or {}).get(site.name)
        row, matrix = site.row(least_for_trend, times or TimeOptions(), wanted)
        rows.append({**row, **{str(k): v for k, v in more.items()}})
        clock.append(matrix)
    return CrimePicture(
        pd.concat([site.counts() for site in sites], ignore_index=True)
        if sites
        else schema.empty("camera_counts", tables=CAMERAS),
        _picture(rows),
        _times(site_ids, clock),
    )


class _Site:
    """One view and its events, of those admitted that lie in any view."""

    def __init__(
        self,
        near: pd.DataFrame,
        members: Members,
        number_: int,
        name: str,
        counted: Counted,
    ) -> None:
        self.name, self.counted = name, counted
        mine = members.view == number_
        self.all = near[np.isin(near["place_id"].to_numpy(np.int64), members.place[mine])]
        rows = find_rows(self.all, classes=counted.classes, source=counted.source, period=None)
        self.events = self.all.iloc[rows]
        self.facades = members.place[mine & members.facade]

    def counts(self) -> pd.DataFrame:
        """Return the rows of ``camera_counts``: every class and source, by period."""
        last = self.counted.period.last
        kept = self.all[~self.all["stacked"].to_numpy(bool)]
        days = event_days(kept)
        parts = []
        for months in PERIODS:
            first = _back(last, months)
            within = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
            parts.append(self._counts(kept[within], months, first, last))
        return pd.concat(parts, ignore_index=True)

    def _counts(self, events: pd.DataFrame, months: int, first: date, last: date) -> pd.DataFrame:
        keys = ["source", "offence_class"]
        # A row without a case number is a report of its own.
        own = pd.Series([f"row {i}" for i in events["incident_id"]], index=events.index)
        case = events["case_id"].astype("object").where(events["case_id"].notna(), own)
        grouped = events.assign(case=case).groupby(keys, observed=True, sort=True)
        table = grouped.agg(n_reports=("case", "nunique"), n_offences=("offence_count", "sum"))
        table = table.reset_index()
        table.insert(0, "site_id", pd.Series([self.name] * len(table), dtype="str"))
        table.insert(1, "months", months)
        table.insert(2, "first_date", _date(first, len(table)))
        table.insert(3, "last_date", _date(last, len(table)))
        table.insert(4, "whole", self.counted.earliest <= first)
        table["source"] = schema.category(
            table["source"], "camera_counts", "source", tables=CAMERAS
        )
        table["offence_class"] = schema.category(
            table["offence_class"], "camera_counts", "offence_class", tables=CAMERAS
        )
        return table.astype({"n_reports": "int64", "n_offences": "int64", "whole": "bool"})

    def row(
        self, least: int, times: TimeOptions, hours: Flags | None
    ) -> tuple[dict[str, Any], NDArray[np.float64]]:
        """Return the row of ``camera_picture`` and the matrix of hours, shape (7, 25)."""
        period = self.counted.period
        days = event_days(self.events)
        within = (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
        events, days_in = self.events[within], days[within]
        zero = np.zeros(len(events), dtype=np.int64)
        initiative = tally.by_category(zero, events["police_initiated"], 1)[0]
        geocodes = tally.by_category(zero, events["geocode_class"], 1)[0]
        matrix = aoristic(events, zero, 1)[0]
        now, before = self._two_years(days)
        change = rate_change(now, before) if now + before >= least else (np.nan,) * 3
        row = {
            "site_id": self.name,
            "source": self.counted.source,
            "first_date": period.first,
            "last_date": period.last,
            "n_events": len(events),
            "n_facade": int(events["place_id"].isin(self.facades).sum()),
            "n_use": self._use(),
            "n_days": len(np.unique(days_in)),
            "longest_gap": _longest_gap(days_in, period),
            **{f"n_initiative_{k}": int(n) for k, n in zip(YES_NO, initiative, strict=True)},
            "n_now": now,
            "n_before": before,
            "change": change[0],
            "change_low": change[1],
            "change_high": change[2],
            **{f"n_geocode_{k}": int(n) for k, n in zip(GEOCODE_CLASSES, geocodes, strict=True)},
            "n_dropped": self._dropped(),
            **_hours(events, days_in, matrix, times, hours),
        }
        return row, matrix

    def _two_years(self, days: Days) -> tuple[int, int]:
        last = self.counted.period.last
        year, two = (np.datetime64(_back(last, months)) for months in (12, 24))
        end = np.datetime64(last)
        return int(((days >= year) & (days <= end)).sum()), int(
            ((days >= two) & (days < year)).sum()
        )

    def _use(self) -> int:
        rows = find_rows(
            self.all, classes=("drug_use",), source=self.counted.source, period=self.counted.period
        )
        return int((~has_class(self.all.iloc[rows], self.counted.classes)).sum())

    def _dropped(self) -> int:
        stacked = self.all[self.all["stacked"].to_numpy(bool)]
        days, period = event_days(stacked), self.counted.period
        mine = has_class(stacked, self.counted.classes)
        mine = mine & (stacked["source"] == self.counted.source).to_numpy()
        mine &= (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
        return int(mine.sum())


def _hours(
    events: pd.DataFrame,
    days: Days,
    matrix: NDArray[np.float64],
    times: TimeOptions,
    hours: Flags | None,
) -> dict[str, Any]:
    known = events["time_precision"].isin(["minute", "hour"]).to_numpy()
    by_hour = matrix[:, :UNKNOWN_HOUR]
    window: Window | None = None
    if known.sum() >= times.min_known and len(np.unique(days[known])) >= times.min_days:
        window = smallest_window(by_hour, share=times.window_share)
    row: dict[str, Any] = {
        "n_known": int(known.sum()),
        "window_start": window.start if window else None,
        "window_hours": window.hours if window else None,
        "window_share": window.share if window else np.nan,
        "efficiency": window.efficiency if window else np.nan,
        "hours_week": np.nan,
        "hours_share": np.nan,
        "hours_efficiency": np.nan,
    }
    if hours is not None:
        row["hours_week"] = float(hours.sum())
        if by_hour.sum() > 0:
            share = float(by_hour[hours].sum() / by_hour.sum())
            row["hours_share"] = share
            row["hours_efficiency"] = share / (float(hours.sum()) / WEEK)
    return row


def _longest_gap(days: Days, period: Period) -> int:
    """Return the longest run of days without any event, ends of the period included."""
    edges = [
        np.datetime64(period.first) - np.timedelta64(1, "D"),
        *np.unique(days),
        np.datetime64(period.last) + np.timedelta64(1, "D"),
    ]
    gaps = np.diff(np.array(edges, dtype="datetime64[D]")).astype(np.int64) - 1
    return int(gaps.max())


def _back(last: date, months: int) -> date:
    """Return the first day of the `months` months that end with `last`."""
    stop = pd.Timestamp(last) + pd.Timedelta(days=1)
    return (stop - pd.DateOffset(months=months)).date()


def _date(day: date, n: int) -> NDArray[np.datetime64]:
    return np.full(n, np.datetime64(day, "us"))


def _picture(rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return schema.empty("camera_picture", tables=CAMERAS)
    table = pd.DataFrame(rows)
    for name in ("first_date", "last_date"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    table["source"] = schema.category(table["source"], "camera_picture", "source", tables=CAMERAS)
    floats = [c for c, column in CAMERAS["camera_picture"].items() if column.kind == "float"]
    table = table.astype(dict.fromkeys(floats, "float64"))
    table = table.astype(
        {
            "site_id": "str",
            "window_start": "Int64",
            "window_hours": "Int64",
            "n_quarters": "int64",
            "n_hot": "int64",
        }
    )
    table = table[list(CAMERAS["camera_picture"])]
    schema.check(table, "camera_picture", tables=CAMERAS)
    return table


def _times(site_ids: Sequence[str], matrices: list[NDArray[np.float64]]) -> pd.DataFrame:
    if not matrices:
        return schema.empty("camera_times", tables=CAMERAS)
    k, size = len(matrices), 7 * (UNKNOWN_HOUR + 1)
    table = pd.DataFrame(
        {
            "site_id": pd.Series(np.repeat(np.array(site_ids, dtype=object), size), dtype="str"),
            "weekday": np.tile(np.repeat(np.arange(7), UNKNOWN_HOUR + 1), k),
            "hour": np.tile(np.arange(UNKNOWN_HOUR + 1), 7 * k),
            "n": np.concatenate([matrix.ravel() for matrix in matrices]),
        }
    )
    schema.check(table, "camera_times", tables=CAMERAS)
    return table
