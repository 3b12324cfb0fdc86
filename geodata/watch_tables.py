"""The tables of the weekly watch: series, their weeks, and the signals."""

from __future__ import annotations

from typing import Final

from geodata.schema import OFFENCE_CLASSES, SOURCES, Column, Tables

WATCH_CLASSES: Final = ("all", "street_drugs", *OFFENCE_CLASSES)
WATCH_UNITS: Final = ("municipality", "area", "place", "circle")
WATCH_STATES: Final = ("watched", "short", "few", "missing")
WATCH_METHODS: Final = ("week", "shift", "week_and_shift", "scan")

WATCH_SERIES: Final = {
    "series_id": Column("text", "'B0001', 'B0002', … in order of unit, name, source and class"),
    "unit": Column("category", "what is counted within", WATCH_UNITS),
    "unit_id": Column("text", "area_id or place_id; missing for the municipality", nullable=True),
    "name": Column("text", "name of the area or address of the place"),
    "source": Column("category", "who reported", SOURCES),
    "class": Column("category", "what is counted", WATCH_CLASSES),
    "week": Column("text", "ISO week that is watched, '2025-W50'"),
    "state": Column("category", "whether it could be watched, else why not", WATCH_STATES),
    "n_weeks": Column("int", "weeks of history before the watched one, missing ones left out"),
    "n_missing": Column("int", "weeks of history in which the source has no rows at all"),
    "n_past": Column("int", "events in the weeks compared with"),
    "observed": Column("int", "events of the week", nullable=True),
    "expected": Column("float", "events to expect by season and trend", nullable=True),
    "upper": Column("float", "least number that would be a signal of the week", nullable=True),
    "dispersion": Column("float", "variance by mean of the history, at least 1", nullable=True),
    "p": Column("float", "chance of at least so many in the week", nullable=True),
    "cusum": Column("float", "sum of evidence of a slow shift", nullable=True),
    "cusum_p": Column("float", "chance of so large a sum; at most a bound", nullable=True),
    "share_police_initiated": Column(
        "float", "of the events of the last year where it is known, 0–1", nullable=True
    ),
    "police_initiated": Column("bool", "most of it is found on police initiative"),
    "signal": Column("bool", "there is a signal"),
    "why": Column("text", "how it stands, one sentence"),
}

WATCH_WEEKS: Final = {
    "series_id": Column("text", "series, or gathering of the scan"),
    "week": Column("text", "ISO week"),
    "first_date": Column("date", "its Monday"),
    "n_events": Column("int", "events; missing where the source has no rows", nullable=True),
    "expected": Column("float", "events to expect, by the watched week's fit", nullable=True),
}

WATCH_SIGNALS: Final = {
    "signal_id": Column("text", "'V01', 'V02', … the rarest by chance first"),
    "rank": Column("int", "1 is the rarest"),
    "method": Column("category", "what found it", WATCH_METHODS),
    "series_id": Column("text", "series; 'G01', … for a gathering of the scan"),
    "unit": Column("category", "what is counted within", WATCH_UNITS),
    "unit_id": Column("text", "area_id, or place_id of the place or centre", nullable=True),
    "name": Column("text", "area, address, or address of the centre"),
    "source": Column("category", "who reported", SOURCES),
    "class": Column("category", "what is counted", WATCH_CLASSES),
    "week": Column("text", "ISO week that is watched"),
    "first_date": Column("date", "first day of what is counted as observed"),
    "last_date": Column("date", "last day of it"),
    "observed": Column("int", "events of these days"),
    "expected": Column("float", "events to expect"),
    "ratio": Column("float", "observed by expected"),
    "p": Column("float", "chance of the like in this series, or in this scan"),
    "recurrence_weeks": Column(
        "float", "weeks between false signals as strong as this, all series and methods counted"
    ),
    "police_initiated": Column("bool", "most of it is found on police initiative"),
    "x_m": Column("float", "easting of the circle's centre, metres", nullable=True),
    "y_m": Column("float", "northing of it, metres", nullable=True),
    "radius_m": Column("float", "its radius, metres", nullable=True),
    "sentence": Column("text", "the signal in words"),
}

WATCH: Final[Tables] = {
    "watch_signals": WATCH_SIGNALS,
    "watch_series": WATCH_SERIES,
    "watch_weeks": WATCH_WEEKS,
}
