"""What the watch found, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from areas.watch import control, sentences
from areas.watch.calendar import week_name
from areas.watch.options import WatchOptions
from areas.watch.reference import monday
from areas.watch.series import INITIATED, Series
from areas.watch.watching import Judged
from geodata import schema
from geodata.watch_tables import WATCH

SERIES_ID: Final = "B{:04d}"
GATHERING_ID: Final = "G{:02d}"
SIGNAL_ID: Final = "V{:02d}"


@dataclass(frozen=True)
class Gathering:
    """One cluster of the scan, with what was scanned; distances in metres, both days inclusive.

    ``weeks`` are the events of its places in the weeks that were scanned, the watched one last.
    """

    source: str
    kind: str
    center_place_id: int
    name: str
    x_m: float
    y_m: float
    radius_m: float
    first_day: pd.Timestamp
    last_day: pd.Timestamp
    observed: int
    expected: float
    p: float
    initiated: float
    weeks: tuple[int, ...]


def series_table(series: Series, judged: Judged, options: WatchOptions) -> pd.DataFrame:
    """Return table ``watch_series``, in the order of the series."""
    keys, counts = series.keys, series.counts
    n = len(keys)
    before = counts[:, :-1]
    known = np.isfinite(before)
    begun = (series.since - series.first_week)[:, None]
    lost = (~known & (np.arange(before.shape[1]) >= begun)).sum(axis=1)
    signal = judged.by_week | judged.by_shift
    share = keys["share_police_initiated"].to_numpy(np.float64)
    why = [
        sentences.state_sentence(
            str(judged.state[i]),
            n_weeks=int(known[i].sum()),
            n_past=int(judged.n_past[i]),
            observed=float(counts[i, -1]) if np.isfinite(counts[i, -1]) else 0.0,
            expected=float(judged.expected[i]),
            least=options.min_past,
        )
        if not signal[i]
        else _signal_sentence(i, series, judged)
        for i in range(n)
    ]
    return typed(
        {
            "series_id": [SERIES_ID.format(i + 1) for i in range(n)],
            "unit": keys["unit"],
            "unit_id": keys["unit_id"],
            "name": keys["name"],
            "source": keys["source"],
            "class": keys["class"],
            "week": [week_name(series.week)] * n,
            "state": judged.state,
            "n_weeks": known.sum(axis=1),
            "n_missing": lost,
            "n_past": judged.n_past,
            "observed": counts[:, -1] if n else [],
            "expected": judged.expected,
            "upper": judged.upper,
            "dispersion": judged.dispersion,
            "p": judged.p,
            "cusum": judged.cusum,
            "cusum_p": judged.cusum_p,
            "share_police_initiated": share,
            "police_initiated": np.nan_to_num(share) >= INITIATED,
            "signal": signal,
            "why": why,
        },
        "watch_series",
    )


def weeks_table(
    series: Series, judged: Judged, gatherings: list[Gathering], options: WatchOptions
) -> pd.DataFrame:
    """Return table ``watch_weeks``: the last weeks of each watched series and each gathering."""
    shown = np.flatnonzero(np.isin(judged.state, ("watched", "missing")))
    length = min(options.weeks_shown, series.counts.shape[1])
    numbers = np.arange(series.week - length + 1, series.week + 1)
    counts, curve = series.counts[shown, -length:], judged.curve[shown, -length:]
    begun = numbers >= series.since[shown][:, None]
    row, at = np.nonzero(begun)
    names = np.array([week_name(int(one)) for one in numbers], dtype=object)
    firsts = np.array([np.datetime64(monday(int(one)), "us") for one in numbers])
    ids = [SERIES_ID.format(one + 1) for one in shown[row].tolist()]
    events, level = [counts[row, at]], [curve[row, at]]
    for number, one in enumerate(gatherings, start=1):
        own = np.array(one.weeks[-length:], dtype=np.float64)
        ids += [GATHERING_ID.format(number)] * len(own)
        events.append(own)
        level.append(np.full(len(own), np.nan))
        at = np.concatenate([at, np.arange(length - len(own), length)])
    return typed(
        {
            "series_id": ids,
            "week": names[at],
            "first_date": firsts[at],
            "n_events": np.concatenate(events),
            "expected": np.concatenate(level),
        },
        "watch_weeks",
    )


def signals_table(
    series: Series, judged: Judged, gatherings: list[Gathering], *, n_scans: int
) -> pd.DataFrame:
    """Return table ``watch_signals``, the rarest by chance first."""
    rows = [
        _series_signal(i, series, judged)
        for i in np.flatnonzero(judged.by_week | judged.by_shift).tolist()
    ]
    rows += [
        _scan_signal(number, one, series.week, n_scans)
        for number, one in enumerate(gatherings, start=1)
    ]
    rows.sort(key=lambda row: (-row["recurrence_weeks"], row["name"], row["source"], row["class"]))
    for rank, row in enumerate(rows, start=1):
        row |= {"signal_id": SIGNAL_ID.format(rank), "rank": rank}
    columns = WATCH["watch_signals"]
    return typed({name: [row[name] for row in rows] for name in columns}, "watch_signals")


def _strongest(i: int, judged: Judged) -> tuple[float, float]:
    """Return the p and the recurrence of a series' signal, of the rarer way."""
    ways = [("week", judged.p[i])] if judged.by_week[i] else []
    ways += [("shift", judged.cusum_p[i])] if judged.by_shift[i] else []
    found = [
        (float(p), float(control.recurrence(np.array(p), way, judged.n_watched))) for way, p in ways
    ]
    return max(found, key=lambda one: one[1])


def _counted(i: int, series: Series, judged: Judged) -> tuple[int, float, float]:
    """Return weeks counted, observed and expected of a signal: the week, or the whole shift."""
    if judged.by_week[i]:
        return 1, float(series.counts[i, -1]), float(judged.expected[i])
    weeks = int(judged.shift_weeks[i])
    return weeks, float(np.nansum(series.counts[i, -weeks:])), float(judged.shift_expected[i])


def _signal_sentence(i: int, series: Series, judged: Judged) -> str:
    keys = series.keys.iloc[i]
    weeks, observed, expected = _counted(i, series, judged)
    told = sentences.Told(
        str(keys["name"]), str(keys["source"]), str(keys["class"]), series.week, observed, expected
    )
    parts = [
        sentences.week_sentence(told)
        if judged.by_week[i]
        else sentences.shift_sentence(told, weeks)
    ]
    if judged.by_week[i] and judged.by_shift[i] and judged.shift_weeks[i] > 1:
        parts.append(sentences.also_shift(int(judged.shift_weeks[i]), series.week))
    parts.append(sentences.recurrence_words(_strongest(i, judged)[1]))
    if keys["share_police_initiated"] >= INITIATED:
        parts.append(sentences.initiated_words())
    return " ".join(parts)


def _series_signal(i: int, series: Series, judged: Judged) -> dict[str, Any]:
    keys = series.keys.iloc[i]
    weeks, observed, expected = _counted(i, series, judged)
    p, recurrence = _strongest(i, judged)
    both = judged.by_week[i] and judged.by_shift[i]
    return {
        "method": "week_and_shift" if both else "week" if judged.by_week[i] else "shift",
        "series_id": SERIES_ID.format(i + 1),
        "unit": keys["unit"],
        "unit_id": keys["unit_id"],
        "name": keys["name"],
        "source": keys["source"],
        "class": keys["class"],
        "week": week_name(series.week),
        "first_date": np.datetime64(monday(series.week - weeks + 1), "us"),
        "last_date": np.datetime64(monday(series.week) + timedelta(days=6), "us"),
        "observed": int(observed),
        "expected": expected,
        "ratio": observed / max(expected, 1e-9),
        "p": p,
        "recurrence_weeks": recurrence,
        "police_initiated": bool(keys["share_police_initiated"] >= INITIATED),
        "x_m": np.nan,
        "y_m": np.nan,
        "radius_m": np.nan,
        "sentence": _signal_sentence(i, series, judged),
    }


def _scan_signal(number: int, one: Gathering, week: int, n_scans: int) -> dict[str, Any]:
    recurrence = float(control.recurrence(np.array(one.p), "scan", n_scans))
    initiated = one.initiated >= INITIATED
    days = (one.last_day - one.first_day).days + 1
    told = [
        sentences.scan_sentence(
            one.name,
            one.source,
            one.kind,
            observed=one.observed,
            expected=one.expected,
            days=days,
            radius_m=one.radius_m,
        ),
        sentences.recurrence_words(recurrence),
    ]
    return {
        "method": "scan",
        "series_id": GATHERING_ID.format(number),
        "unit": "circle",
        "unit_id": str(one.center_place_id),
        "name": one.name,
        "source": one.source,
        "class": one.kind,
        "week": week_name(week),
        "first_date": one.first_day.to_datetime64(),
        "last_date": one.last_day.to_datetime64(),
        "observed": one.observed,
        "expected": one.expected,
        "ratio": one.observed / one.expected,
        "p": one.p,
        "recurrence_weeks": recurrence,
        "police_initiated": bool(initiated),
        "x_m": one.x_m,
        "y_m": one.y_m,
        "radius_m": one.radius_m,
        "sentence": " ".join([*told, *([sentences.initiated_words()] if initiated else [])]),
    }


def typed(data: dict[str, Any], name: str) -> pd.DataFrame:
    """Return columns as table `name` with its types."""
    kinds = {"int": "int64", "float": "float64", "bool": "bool", "text": "str"}
    made: dict[str, Any] = {}
    for column, about in WATCH[name].items():
        values = data[column]
        if about.kind == "category":
            made[column] = schema.category(
                np.asarray(values, dtype=object), name, column, tables=WATCH
            )
        elif about.kind == "date":
            made[column] = pd.Series(np.asarray(values, dtype="datetime64[us]"))
        elif about.kind == "int" and about.nullable:
            made[column] = pd.Series(np.asarray(values, dtype=np.float64)).astype("Int64")
        else:
            made[column] = pd.Series(list(values), dtype=kinds[about.kind])
    table = pd.DataFrame(made)
    schema.check(table, name, tables=WATCH)
    return table
