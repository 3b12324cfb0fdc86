"""The tables of the yearly appendix: counts by period and area, change, times, cameras, indicators.

All counts are of one source at a time. A *list* is what sums to a known whole: the areas of one
period and source, the classes of one period, the days of the week, the parts of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geodata.schema import SOURCES, Column, Tables

UNITS: Final = ("whole", "area", "outside", "unplaced")
LISTS: Final = ("whole", "area", "class")
WHAT: Final = ("counted", "all")
RATES: Final = ("inhabitants", "km2")
CHANGES: Final = ("more", "fewer", "none", "few", "missing")
TIME_LISTS: Final = ("hour", "weekday", "part")
PARTS: Final = ("night", "morning", "afternoon", "evening", "unknown")
CAMERA_STATES: Final = ("decided", "complete", "incomplete", "proposed")
ROLES: Final = ("done", "result")

_SOURCE: Final = Column("category", "who reported", SOURCES)
_WHAT: Final = Column("category", "the classes that the project counts, or all of them", WHAT)
_UNIT: Final = Column("category", "the whole, an area, outside all, on a default address", UNITS)
_AREA: Final = Column("text", "id of the area, or '*', '*outside', '*unplaced'")
_NAME: Final = Column("text", "name as printed")

COUNTS: Final[Mapping[str, Column]] = {
    "order": Column("int", "0 is the period told of, 1 the one before, …"),
    "period": Column("text", "name of the period as printed"),
    "first_date": Column("date", "first counted day"),
    "last_date": Column("date", "last counted day"),
    "source": _SOURCE,
    "what": _WHAT,
    "by": Column("category", "which list the row belongs to", LISTS),
    "area_id": _AREA,
    "name": _NAME,
    "unit": _UNIT,
    "value": Column("text", "class of offence; 'all' in the other lists"),
    "days": Column("int", "counted days that the unit was in force"),
    "n_events": Column("int", "events"),
    "rate": Column("float", "events a year by what rate_per says", nullable=True),
    "rate_per": Column("category", "1,000 inhabitants or km²", RATES, True),
}

CHANGE: Final[Mapping[str, Column]] = {
    "source": _SOURCE,
    "what": _WHAT,
    "area_id": _AREA,
    "name": _NAME,
    "unit": _UNIT,
    "n_before": Column("int", "events in the period before", nullable=True),
    "n_now": Column("int", "events in the period told of", nullable=True),
    "ratio": Column("float", "events per day now over before", nullable=True),
    "ratio_low": Column("float", "lower limit of its 95 % interval", nullable=True),
    "ratio_high": Column("float", "upper limit of its 95 % interval", nullable=True),
    "state": Column("category", "what can be said", CHANGES),
}

TIMES: Final[Mapping[str, Column]] = {
    "source": _SOURCE,
    "by": Column("category", "hour of a weekday, weekday, or part of the day", TIME_LISTS),
    "weekday": Column("int", "1 is Monday; 0 where the list is not of days"),
    "hour": Column("int", "0–23; 24 unknown; −1 where the list is not of hours"),
    "part": Column("category", "part of the day", PARTS, True),
    "n_events": Column("float", "events, spread over the time they may have happened"),
}

CAMERAS: Final[Mapping[str, Column]] = {
    "site_id": Column("text", "proposal"),
    "rank": Column("int", "1 adds most"),
    "area_id": Column("text", "area of most of what it covers", nullable=True),
    "area_name": Column("text", "its name", nullable=True),
    "hotspot_id": Column("text", "hot spot it stands in or nearest to", nullable=True),
    "state": Column("category", "how far its papers have come", CAMERA_STATES),
    "n_missing": Column("int", "items missing in its papers", nullable=True),
    "decided": Column("date", "day of the documented assessment", nullable=True),
    "review_date": Column("date", "to be reviewed at the latest", nullable=True),
    "geometry": Column("geometry", "Point"),
}

INDICATORS: Final[Mapping[str, Column]] = {
    "item": Column("text", "promise item, a key of promise.toml"),
    "role": Column("category", "what was done, or what came of it", ROLES),
    "indicator": Column("text", "what is counted"),
    "area_id": Column("text", "area; missing: the whole municipality", nullable=True),
    "name": Column("text", "name of the area as printed; missing: the whole", nullable=True),
    "period": Column("text", "2023, 2023-H1, or two days with _ between"),
    "value": Column("float", "the value; missing: not known", nullable=True),
    "unit": Column("text", "its unit; missing: a count", nullable=True),
    "data_source": Column("text", "where it comes from", nullable=True),
    "uncertainty": Column("text", "how sure it is, in words", nullable=True),
    "sensitive": Column("bool", "about single persons: only as a hidden total"),
}

APPENDIX: Final[Tables] = {
    "appendix_counts": COUNTS,
    "appendix_change": CHANGE,
    "appendix_times": TIMES,
    "appendix_cameras": CAMERAS,
    "appendix_indicators": INDICATORS,
}
