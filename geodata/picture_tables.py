"""The tables of the picture of areas (lägesbild), of perceived safety and of the feedback sheet.

A *unit* is what is counted: the whole of the data, each area, what lies outside all areas, and the
events on a default address, which no area owns. Areas, outside and unplaced sum to the whole, by
source, class and space. Sources are never summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geodata.schema import SOURCES, Column, Tables

UNITS: Final = ("whole", "area", "outside", "unplaced")
WHOLE: Final = "*"
OUTSIDE: Final = "*outside"
UNPLACED: Final = "*unplaced"
"""Ids of the units that are no areas."""

POPULATION_WAYS: Final = ("given", "floor", "footprint", "area", "mixed")
BY: Final = ("all", "class", "space")
WEEK_STATUS: Final = ("reported", "zero", "no_report", "not_in_force")
PLACE_STATUS: Final = ("new", "returning", "lasting", "gone")
FEELINGS: Final = ("unsafe", "safe")
DISAGREEMENTS: Final = ("unsafe_few_reports", "safe_many_reports", "none", "unclear")

_AREA: Final = Column("text", "id of the area, or '*', '*outside', '*unplaced'")
_UNIT: Final = Column("category", "whole, area, outside all areas, or on a default address", UNITS)
_SOURCE: Final = Column("category", "who reported", SOURCES)
_WEEK: Final[Mapping[str, Column]] = {
    "week_start": Column("date", "Monday of the ISO week"),
    "iso_year": Column("int", "year of the ISO week"),
    "iso_week": Column("int", "number of the ISO week, 1–53"),
}


def _interval(name: str, meaning: str) -> dict[str, Column]:
    return {
        name: Column("float", meaning, nullable=True),
        f"{name}_low": Column("float", "lower limit of its 95 % interval", nullable=True),
        f"{name}_high": Column("float", "upper limit of its 95 % interval", nullable=True),
    }


PICTURE_AREAS: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "name": Column("text", "name as printed"),
    "unit": _UNIT,
    "kind": Column("text", "which set of areas it belongs to", nullable=True),
    "authoritative": Column("bool", "the decided boundary, not a stand-in"),
    "first_date": Column("date", "first counted day that the unit was in force"),
    "last_date": Column("date", "last counted day"),
    "days": Column("int", "counted days that the unit was in force"),
    "area_ha": Column("float", "hectares", nullable=True),
    "population": Column("float", "inhabitants", nullable=True),
    "population_how": Column(
        "category", "given, or apportioned by floor, footprint, area", POPULATION_WAYS, True
    ),
}

PICTURE_COUNTS: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "unit": _UNIT,
    "source": _SOURCE,
    "by": Column("category", "all events, or by class of principal offence, or by space", BY),
    "value": Column("text", "the class or kind of space; 'all' where by is all"),
    "n_events": Column("int", "events"),
    "n_offences": Column("int", "offences of these events"),
    "share": Column("float", "of the same events in the whole, 0–1", nullable=True),
    **_interval("per_1000", "events per 1,000 inhabitants and year"),
    **_interval("shrunk", "the same, drawn towards the areas' common level (empirical Bayes)"),
    **_interval("per_ha", "events per hectare and year"),
    **_interval("rest_ratio", "rate over that of the rest of the municipality"),
    **_interval("peer_ratio", "rate over that of the comparable areas together"),
    "ratio_per": Column(
        "category", "what the two ratios count per", ("inhabitants", "hectares"), True
    ),
}

PICTURE_WEEKS: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "source": _SOURCE,
    **_WEEK,
    "n_events": Column("int", "events that began in the week"),
    "status": Column("category", "events, none, or nobody reported", WEEK_STATUS),
}

PICTURE_NOW: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "source": _SOURCE,
    "by": Column("category", "all events, or by class or space", BY),
    "value": Column("text", "the class or kind of space; 'all' where by is all"),
    "n_week": Column("int", "events in the week; NA where nobody reported", nullable=True),
    "n_previous": Column("int", "events in the four weeks before"),
    "previous_weeks": Column("int", "how many of these weeks somebody reported in, 0–4"),
    "n_last_year": Column("int", "events in the same week the year before", nullable=True),
}

PICTURE_HOURS: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "source": _SOURCE,
    "weekday": Column("int", "1 is Monday"),
    "hour": Column("int", "0–23 by the local clock; 24 where the hour is not known"),
    "weight": Column("float", "events, spread over the time they may have happened"),
}

PICTURE_PLACES: Final[Mapping[str, Column]] = {
    "place_id": Column("int", "the place"),
    "address": Column("text", "most common address on the place", nullable=True),
    "area_id": Column("text", "area it stands in", nullable=True),
    "source": _SOURCE,
    "status": Column("category", "NA where the data are too short to say", PLACE_STATUS, True),
    "n_week": Column("int", "events in the week"),
    "n_recent": Column("int", "events in the last four weeks, the week included"),
    "n_before": Column("int", "events in the weeks before these that the status looks at"),
    "n_events": Column("int", "events in all of the data up to the week's end"),
    "first_date": Column("date", "date of the first event"),
    "last_date": Column("date", "date of the last event"),
    "geometry": Column("geometry", "Point"),
}

PICTURE_COVERAGE: Final[Mapping[str, Column]] = {
    "reporter": Column("text", "who reported, as named in the list; else the source"),
    "source": _SOURCE,
    "area_id": Column("text", "area the reporter answers for; '*' for all of it"),
    **_WEEK,
    "status": Column("category", "reports, nothing to report, or no word", WEEK_STATUS),
    "n_reports": Column("int", "reports; NA where no word came", nullable=True),
    "stated": Column("bool", "said by the reporter, not read out of the events"),
}

PICTURE_PEERS: Final[Mapping[str, Column]] = {
    "area_id": _AREA,
    "peer_id": Column("text", "id of the comparable area"),
    "peer_name": Column("text", "its name"),
    "rank": Column("int", "1 is most alike"),
    "distance": Column("float", "root of the mean squared log ratio of what was compared"),
    "size_ratio": Column("float", "hectares of the peer over those of the area"),
    "buildings_ratio": Column("float", "dwelling m² per hectare, likewise", nullable=True),
    "events_ratio": Column("float", "events per hectare the year before, likewise", nullable=True),
}

PERCEIVED_POINTS: Final[Mapping[str, Column]] = {
    "point_id": Column("int", "number, 1…n by easting, then northing"),
    "feeling": Column("category", "unsafe or safe, as perceived", FEELINGS),
    "origin": Column("text", "dialogue or survey it comes from", nullable=True),
    "answers": Column("int", "how many said so"),
    "date": Column("date", "day of the dialogue or survey", nullable=True),
    "area_id": Column("text", "area it stands in", nullable=True),
    "geometry": Column("geometry", "Point"),
}

PERCEIVED_CELLS: Final[Mapping[str, Column]] = {
    "cell_id": Column("text", "column and row of the cell"),
    "near": Column("text", "address of the nearest place with an event", nullable=True),
    "area_id": Column("text", "area of the cell's middle", nullable=True),
    "n_unsafe": Column("int", "answers that name a place in the cell as unsafe"),
    "n_safe": Column("int", "answers that name a place in the cell as safe"),
    "n_reported": Column("int", "reported events of one source in the period"),
    "unsafe_class": Column("int", "0 low, 1 middle, 2 high"),
    "reported_class": Column("int", "0 low, 1 middle, 2 high"),
    "disagreement": Column("category", "how the two differ", DISAGREEMENTS),
    "few": Column("bool", "so few answers that one or two would change it"),
    "geometry": Column("geometry", "Polygon, square"),
}

PERCEIVED_AREAS: Final[Mapping[str, Column]] = {
    "area_id": Column("text", "the area"),
    "name": Column("text", "its name"),
    "question": Column("text", "what was asked"),
    "origin": Column("text", "survey or dialogue", nullable=True),
    "wave": Column("text", "when, as the table says"),
    "n_answers": Column("int", "answers"),
    "n_unsafe": Column("int", "of them unsafe"),
    **_interval("unsafe", "share that feel unsafe, 0–1"),
    "n_reported": Column("int", "reported events of one source in the period"),
    "reported_rate": Column("float", "of these per 1,000 inhabitants or ha a year", nullable=True),
    "unsafe_class": Column("int", "0 low, 1 middle, 2 high"),
    "reported_class": Column("int", "0 low, 1 middle, 2 high"),
    "disagreement": Column("category", "how the two differ", DISAGREEMENTS),
    "few": Column("bool", "too few answers to say much"),
    "geometry": Column("geometry", "Polygon or MultiPolygon"),
}

FEEDBACK: Final[Mapping[str, Column]] = {
    "source": _SOURCE,
    "by": Column("category", "by area or by class; never both at once", ("all", "area", "class")),
    "value": Column("text", "id of the area, or class; 'all' where by is all"),
    "name": Column("text", "as printed"),
    "first_date": Column("date", "first counted day"),
    "last_date": Column("date", "last counted day"),
    "n_events": Column("int", "reports in the period"),
}

FEEDBACK_MEASURES: Final[Mapping[str, Column]] = {
    "name": Column("text", "area, or the whole municipality"),
    "kind": Column("text", "kind of measure"),
    "n_measures": Column("int", "measures begun or going on in the period"),
    "days": Column("int", "days of them in the period"),
}

PICTURE: Final[Tables] = {
    "picture_areas": PICTURE_AREAS,
    "picture_counts": PICTURE_COUNTS,
    "picture_weeks": PICTURE_WEEKS,
    "picture_now": PICTURE_NOW,
    "picture_hours": PICTURE_HOURS,
    "picture_places": PICTURE_PLACES,
    "picture_coverage": PICTURE_COVERAGE,
    "picture_peers": PICTURE_PEERS,
    "perceived_points": PERCEIVED_POINTS,
    "perceived_cells": PERCEIVED_CELLS,
    "perceived_areas": PERCEIVED_AREAS,
    "feedback": FEEDBACK,
    "feedback_measures": FEEDBACK_MEASURES,
}
