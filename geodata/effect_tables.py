"""The tables of the follow-up: areas period against period, measures and what they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.schema import OFFENCE_CLASSES, SOURCES, Column, Tables, category, check

FOLLOWUP_UNITS: Final = ("whole", "area", "outside")
FOLLOWUP_CLASSES: Final = ("all", "street_drugs", *OFFENCE_CLASSES)
FOLLOWUP_STATES: Final = ("rose", "fell", "none", "few", "missing")
BY_DATE: Final = "by_date"
"""Boundary of an area: that of each event's own day."""

MEASURE_STATES: Final = (
    "evaluated",
    "no_events",
    "no_control",
    "short_after",
    "short_before",
    "outside",
    "no_place",
)
VERDICTS: Final = ("fell", "rose", "none", "unknown")
PLACES: Final = ("polygon", "point", "area", "none")
EFFECT_VARIANTS: Final = ("given", "margin", "view")
EFFECT_ROLES: Final = ("treated", "buffer", "control", "control_buffer", "rest")
METHODS: Final = ("wdd_local", "wdd_displaced", "wdd_total", "wdq", "net", "did", "series")
PHASES: Final = ("before", "after")
RING_KINDS: Final = ("all", "stairwell")


def _interval(name: str, meaning: str) -> dict[str, Column]:
    return {
        name: Column("float", meaning, nullable=True),
        f"{name}_low": Column("float", "lower limit of its 95 % interval", nullable=True),
        f"{name}_high": Column("float", "upper limit of its 95 % interval", nullable=True),
    }


_ID: Final = Column("text", "id of the measure")
_VARIANT: Final = Column(
    "category",
    "the place as given, with a margin around it, or what a camera sees",
    EFFECT_VARIANTS,
)
_SOURCE: Final = Column("category", "who reported", SOURCES)

FOLLOWUP_AREAS: Final[Mapping[str, Column]] = {
    "area_id": Column("text", "id of the area, or '*', '*outside'"),
    "name": Column("text", "name as printed"),
    "unit": Column("category", "the whole, an area, or outside all areas", FOLLOWUP_UNITS),
    "boundary": Column("text", "'by_date': as of each event's day; else first day of a boundary"),
    "source": _SOURCE,
    "class": Column("category", "what is counted", FOLLOWUP_CLASSES),
    "first_before": Column("date", "first day of the period before"),
    "last_before": Column("date", "last day of it"),
    "first_now": Column("date", "first day of the period now"),
    "last_now": Column("date", "last day of it"),
    "days_before": Column("int", "days of the period before that the unit was in force"),
    "days_now": Column("int", "days of the period now that the unit was in force"),
    "n_before": Column("int", "events before", nullable=True),
    "n_now": Column("int", "events now", nullable=True),
    "per_year_before": Column("float", "events per 365.25 days, before", nullable=True),
    "per_year_now": Column("float", "events per 365.25 days, now", nullable=True),
    **_interval("ratio", "events per day now over before"),
    **_interval("rest_ratio", "that ratio over the ratio of the rest of the municipality"),
    "rri": Column("float", "that ratio over the ratio of the whole municipality", nullable=True),
    "dispersion": Column(
        "float", "variance by mean of the weeks' counts, at least 1", nullable=True
    ),
    "power": Column("float", "chance of showing the change that is asked for, 0–1", nullable=True),
    "state": Column("category", "what can be said", FOLLOWUP_STATES),
    "sentence": Column("text", "that in words"),
}

MEASURES: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "kind": Column("text", "kind of measure, of the list of kinds"),
    "name": Column("text", "what was done, and where", nullable=True),
    "first_date": Column("date", "first day"),
    "last_date": Column("date", "last day; missing while it goes on", nullable=True),
    "fixed_date": Column("date", "day on which its polygon was fixed", nullable=True),
    "responsible": Column("text", "function", nullable=True),
    "place": Column("category", "what the place was given as", PLACES),
    "area_id": Column("text", "area it was given as", nullable=True),
    "n_rows": Column("int", "rows of the list that are this measure"),
    "state": Column("category", "whether it could be evaluated, else why not", MEASURE_STATES),
    "verdict": Column("category", "what all variants and methods say together", VERDICTS),
    "sentence": Column("text", "that in words"),
    "warning": Column("text", "what weakens it, in words", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon; empty without a place"),
}

MEASURE_SOURCES: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "source": _SOURCE,
    "counted": Column("bool", "the source of the hot spots, whose verdict is that of the measure"),
    "state": Column("category", "whether it could be evaluated, else why not", MEASURE_STATES),
    "verdict": Column("category", "what all variants and methods say together", VERDICTS),
    "sentence": Column("text", "that in words"),
    "warning": Column("text", "what weakens it, in words", nullable=True),
}
"""A row a measure and source: each source is judged by itself, and no two are ever summed."""

MEASURE_COUNTS: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "variant": _VARIANT,
    "role": Column(
        "category", "treated, around it, control place, around these, all else", EFFECT_ROLES
    ),
    "place": Column("int", "number of the control place, else 0"),
    "source": _SOURCE,
    "first_before": Column("date", "first day of the period before"),
    "last_before": Column("date", "last day of it"),
    "first_after": Column("date", "first day of the period after"),
    "last_after": Column("date", "last day of it"),
    "days_before": Column("int", "days before"),
    "days_after": Column("int", "days after"),
    "n_before": Column("int", "events before"),
    "n_after": Column("int", "events after"),
    "likeness": Column("float", "of a control place: 0 is equal, 1 as chance", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon; empty for all else"),
}

MEASURE_EFFECTS: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "variant": _VARIANT,
    "source": _SOURCE,
    "method": Column(
        "category",
        "wdd: events more than the control places lead one to expect; wdq: quotient; net: events "
        "avoided; did, series: ratio",
        METHODS,
    ),
    **_interval("estimate", "what it finds"),
    "p": Column("float", "chance of as much without any effect", nullable=True),
    "dispersion": Column("float", "variance by mean that widened the interval", nullable=True),
    "certain": Column("bool", "the interval excludes no change"),
    "why_not": Column("text", "why there is no figure", nullable=True),
}

MEASURE_RINGS: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "source": _SOURCE,
    "what": Column("category", "all events, or those in stairwells and cellars", RING_KINDS),
    "from_m": Column("float", "inner distance from the place, metres"),
    "to_m": Column("float", "outer distance, metres"),
    "n_before": Column("int", "events before"),
    "n_after": Column("int", "events after"),
    **_interval("ratio", "change per day over that of all that lies farther away"),
    "sentence": Column("text", "that in words"),
}

MEASURE_SERIES: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "source": _SOURCE,
    "phase": Column("category", "before or after the measure began", PHASES),
    "first_date": Column("date", "first day of the block"),
    "days": Column("int", "its days"),
    "n_treated": Column("int", "events at the place as given"),
    "mean_control": Column("float", "events of a control place, on average", nullable=True),
    "expected": Column("float", "events to expect had the measure not begun", nullable=True),
}

MEASURE_POWER: Final[Mapping[str, Column]] = {
    "measure_id": _ID,
    "variant": _VARIANT,
    "source": _SOURCE,
    "n_before": Column("int", "events before at the place"),
    "n_control": Column("int", "events before in all its control places"),
    "n_controls": Column("int", "control places"),
    "most_after": Column("int", "most events after that show an effect", nullable=True),
    "least_fall": Column("float", "smallest fall that could be shown, 0–1", nullable=True),
    "sentence": Column("text", "that in words"),
}

FOLLOWUP: Final[Tables] = {
    "followup_areas": FOLLOWUP_AREAS,
    "measures": MEASURES,
    "measure_sources": MEASURE_SOURCES,
    "measure_counts": MEASURE_COUNTS,
    "measure_effects": MEASURE_EFFECTS,
    "measure_rings": MEASURE_RINGS,
    "measure_series": MEASURE_SERIES,
    "measure_power": MEASURE_POWER,
}


def shaped(rows: Sequence[Mapping[Any, Any]], name: str, *, crs: object = None) -> pd.DataFrame:
    """Return rows as the table of a name; what a row hasn't got is missing.

    Parameters
    ----------
    rows
        Column → value.
    name
        Of `FOLLOWUP`.
    crs
        Of a spatial table.

    Raises
    ------
    SchemaError
        If they can't be that table.
    """
    columns = FOLLOWUP[name]
    table = pd.DataFrame(list(rows), columns=list(columns))
    for title, column in columns.items():
        values = table[title]
        if column.kind == "category":
            table[title] = category(values, name, title, tables=FOLLOWUP)
        elif column.kind == "date":
            table[title] = pd.to_datetime(values).astype("datetime64[us]")
        elif column.kind == "int":
            table[title] = values.astype("Int64") if column.nullable else values.astype("int64")
        elif column.kind == "float":
            table[title] = pd.to_numeric(values).astype("float64")
        elif column.kind == "bool":
            table[title] = values.astype("bool")
        elif column.kind == "text":
            table[title] = values.astype("str")
    if "geometry" in columns:
        table = gpd.GeoDataFrame(table, geometry="geometry", crs=crs)
    check(table, name, tables=FOLLOWUP)
    return table
