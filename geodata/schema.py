"""The tables: their columns, types, units and meaning, written once.

`check` holds every stage to them. Times are timezone-aware; coordinates and areas are in metres of
the project's CRS; missing is missing (``NA``), never −1.

``incidents`` carries coordinates as two plain columns rather than as a million Point objects:
it is the only table with one row an event. All other spatial tables are GeoDataFrames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geodata.errors import SchemaError

DEFAULT_CRS: Final = "EPSG:3006"

OFFENCE_CLASSES: Final = (
    "drug_supply",
    "drug_production",
    "drug_possession",
    "drug_use",
    "drug_unspecified",
    "drug_smuggling",
    "drug_control_act",
    "doping",
    "alcohol",
    "tobacco",
    "harmful_substances",
    "violence",
    "damage",
    "disorder",
    "other",
    "unknown",
)
"""In order of rank: an event with several offences takes the first of its classes."""

STREET_DRUG_CLASSES: Final = (
    "drug_supply",
    "drug_production",
    "drug_possession",
    "drug_use",
    "drug_unspecified",
)

ANDTS_GROUPS: Final = ("alcohol", "narcotics", "doping", "tobacco", "none", "unknown")
SOURCES: Final = (
    "police",
    "est_report",
    "guard",
    "housing_company",
    "municipality",
    "citizen",
    "other",
    "unknown",
)
YES_NO: Final = ("yes", "no", "unknown")
SPACE_TYPES: Final = ("public", "residential_common", "dwelling", "other", "unknown")
GEOCODE_CLASSES: Final = ("address", "interpolated", "street", "area", "unknown")
CERTAINTIES: Final = ("confirmed", "suspected", "unknown")
PRECISIONS: Final = ("minute", "hour", "day", "month")
AREA_KINDS: Final = ("est_area", "regso", "deso", "municipality", "other")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    kind
        ``int``, ``float``, ``bool``, ``text``, ``time``, ``date``, ``category`` or ``geometry``.
    meaning
        What it holds, with unit.
    values
        For ``category``: the values it may take, in order.
    nullable
        Whether a value may be missing.
    """

    kind: str
    meaning: str
    values: tuple[str, ...] = ()
    nullable: bool = False


def counts(prefix: str, values: tuple[str, ...], of: str) -> dict[str, Column]:
    """Return one whole-number column a value, named ``prefix_value``."""
    return {f"{prefix}_{value}": Column("int", f"{of}: {value}") for value in values}


INCIDENTS: Final[Mapping[str, Column]] = {
    "incident_id": Column("int", "number of the event, 1…n in order of content"),
    "input_no": Column("int", "number of the input file in the project file, from 1"),
    "source_row": Column("int", "row in the export on which the event first stood"),
    "case_id": Column("text", "case number as in the export", nullable=True),
    "start": Column("time", "earliest time of the event"),
    "end": Column("time", "latest time, exclusive where precision is day or month; never < start"),
    "time_precision": Column("category", "how exactly the time is known", PRECISIONS),
    "offence_code": Column("text", "code of the principal offence", nullable=True),
    "offence_codes": Column("text", "all codes of the event, sorted, by ';'", nullable=True),
    "offence_count": Column("int", "number of offences (brottsantal)"),
    "offence_class": Column("category", "class of the principal offence", OFFENCE_CLASSES),
    "offence_classes": Column("text", "all classes of the event, in order of rank, by ';'"),
    "andts_group": Column("category", "ANDTS group of the principal offence", ANDTS_GROUPS),
    "source": Column("category", "who reported", SOURCES),
    "police_initiated": Column("category", "found on police initiative", YES_NO),
    "space_type": Column("category", "kind of space", SPACE_TYPES),
    "certainty": Column("category", "confirmed or suspected", CERTAINTIES),
    "geocode_class": Column("category", "how the point was found", GEOCODE_CLASSES),
    "address": Column("text", "street address without flat number", nullable=True),
    "place_id": Column("int", "distinct point on which the event stands"),
    "x_m": Column("float", "easting, metres of the project's CRS"),
    "y_m": Column("float", "northing, metres of the project's CRS"),
    "weight": Column("float", "weight in sums; 1 unless the project says otherwise"),
    "stacked": Column("bool", "stands on a point with an implausible share, unconfirmed"),
    "area_id": Column("text", "decided area at the event's own date", nullable=True),
    "regso_id": Column("text", "RegSO area at the event's own date", nullable=True),
}

REJECTED: Final[Mapping[str, Column]] = {
    "input_no": Column("int", "number of the input file in the project file, from 1"),
    "row_number": Column("int", "row in the export, counted as a spreadsheet shows it"),
    "reason": Column("text", "stable name of the reason"),
    "detail": Column("text", "what was read"),
}

PLACES: Final[Mapping[str, Column]] = {
    "place_id": Column("int", "number of the place, 1…n by easting, then northing"),
    "x_m": Column("float", "easting, metres"),
    "y_m": Column("float", "northing, metres"),
    "address": Column("text", "most common address on the place", nullable=True),
    "n_events": Column("int", "events"),
    "n_offences": Column("int", "offences"),
    "n_days": Column("int", "distinct days with at least one event"),
    "first_date": Column("date", "date of the first event"),
    "last_date": Column("date", "date of the last event"),
    **counts("n", OFFENCE_CLASSES, "events of class"),
    **counts("n_source", SOURCES, "events from source"),
    "n_police_initiated": Column("int", "events found on police initiative"),
    "n_public": Column("int", "events in public space"),
    "n_residential_common": Column("int", "events in common areas of residential buildings"),
    "stacked": Column("bool", "an implausible share of all rows stands here, unconfirmed"),
    "area_id": Column("text", "decided area today", nullable=True),
    "geometry": Column("geometry", "Point"),
}

AREAS: Final[Mapping[str, Column]] = {
    "area_id": Column("text", "stable id, unique with valid_from"),
    "name": Column("text", "name as printed"),
    "kind": Column("category", "which set of areas it belongs to", AREA_KINDS),
    "valid_from": Column("date", "first day of the boundary", nullable=True),
    "valid_to": Column("date", "last day of the boundary", nullable=True),
    "decision_ref": Column("text", "reference of the decision", nullable=True),
    "authoritative": Column("bool", "the decided boundary, not a stand-in"),
    "source": Column("text", "where the boundary comes from"),
    "population": Column("float", "inhabitants", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon"),
}

GRID: Final[Mapping[str, Column]] = {
    "cell_id": Column("text", "column and row of the cell, 'E5689_N64952' at 100 m"),
    "x_m": Column("float", "easting of the south-west corner, metres"),
    "y_m": Column("float", "northing of the south-west corner, metres"),
    "n_events": Column("int", "events in the cell"),
    "n_days": Column("int", "distinct days with at least one event"),
    "share": Column("float", "share of all counted events, 0–1"),
    "geometry": Column("geometry", "Polygon, square"),
}

HOTSPOTS: Final[Mapping[str, Column]] = {
    "hotspot_id": Column("text", "'H01', 'H02', … in order of rank"),
    "rank": Column("int", "1 is first"),
    "name": Column("text", "name of its busiest place", nullable=True),
    "area_id": Column("text", "decided area of most of its events", nullable=True),
    "n_events": Column("int", "events of the counted source and classes"),
    "n_offences": Column("int", "offences of these events"),
    "n_days": Column("int", "distinct days with at least one event"),
    "n_places": Column("int", "distinct points"),
    "first_date": Column("date", "date of the first event"),
    "last_date": Column("date", "date of the last event"),
    "n_quarters": Column("int", "distinct quarters with at least one event"),
    "area_m2": Column("float", "area of the outline, m²"),
    "density_per_ha": Column("float", "n_events per hectare of outline"),
    "share": Column("float", "n_events of all counted events, 0–1"),
    "share_police_initiated": Column("float", "of the events where it is known", nullable=True),
    "z": Column("float", "Getis-Ord Gi* of its strongest cell", nullable=True),
    "p": Column("float", "its p", nullable=True),
    "q": Column("float", "p corrected for testing everywhere (FDR)", nullable=True),
    "stability": Column("float", "share of runs with moved points it stays in", nullable=True),
    "uncertain": Column("bool", "stays in less than half of them"),
    "persistence": Column("text", "how it has lasted, by quarter", nullable=True),
    "time_window": Column("text", "smallest hours that hold most of it, '14–22'", nullable=True),
    "method": Column("text", "method that ranked the cells", nullable=True),
    "method_pai": Column("float", "its PAI at 5 % of the area, on the past", nullable=True),
    "sentence": Column("text", "what the evidence comes to", nullable=True),
    **counts("n", OFFENCE_CLASSES, "events of class, counted source"),
    **counts("n_source", SOURCES, "events of the counted classes from source"),
    "geometry": Column("geometry", "Polygon or MultiPolygon"),
}

CAMERA_SITES: Final[Mapping[str, Column]] = {
    "site_id": Column("text", "'K01', 'K02', …; a place keeps its id from run to run"),
    "rank": Column("int", "1 adds most to what existing cameras see"),
    "candidate_id": Column("text", "id of the candidate point"),
    "candidate_source": Column("text", "what it is made of: poles, streets, corners or grid"),
    "hotspot_id": Column("text", "hot spot it stands in or nearest to", nullable=True),
    "area_id": Column("text", "decided area of most of what it covers", nullable=True),
    "reach_m": Column("float", "radius of the reach, metres"),
    "bearing_deg": Column("float", "middle of its sector, clockwise from north", nullable=True),
    "sight": Column("bool", "houses that hide are taken into account"),
    "pinned": Column("bool", "in the set by an earlier decision"),
    "n_covered": Column("int", "events in view: within it, or on a house whose façade it meets"),
    "n_added": Column("int", "of them in view of no site of better rank"),
    "n_expected": Column("float", "expected events in view, by the points' uncertainty"),
    "n_expected_added": Column("float", "of them not seen by existing cameras or better sites"),
    "share_covered": Column("float", "n_covered of all counted events, 0–1"),
    "n_days": Column("int", "distinct days with a covered event"),
    **counts("n", OFFENCE_CLASSES, "covered events of class"),
    "n_police_initiated": Column("int", "covered events found on police initiative"),
    "n_use_within_reach": Column("int", "events of own use within reach, not counted"),
    "why": Column("text", "why it is proposed, one or two sentences"),
    "geometry": Column("geometry", "Point"),
}

SEARCH_SITES: Final[Mapping[str, Column]] = {
    "site_id": Column("text", "'S01', 'S02', … in order of rank"),
    "rank": Column("int", "1 is first"),
    "entrance_id": Column("text", "id in the layer it comes from", nullable=True),
    "site_source": Column("text", "layer: entrances, buildings or places"),
    "name": Column("text", "address or name", nullable=True),
    "hotspot_id": Column("text", "hot spot it stands in", nullable=True),
    "area_id": Column("text", "decided area it stands in", nullable=True),
    "n_events": Column("int", "events in common areas within reach"),
    "n_days": Column("int", "distinct days with at least one of them"),
    "first_date": Column("date", "date of the first"),
    "last_date": Column("date", "date of the last"),
    "why": Column("text", "why it is proposed, one or two sentences"),
    "geometry": Column("geometry", "Point"),
}

Tables: TypeAlias = Mapping[str, Mapping[str, Column]]

TABLES: Final[Tables] = {
    "incidents": INCIDENTS,
    "rejected": REJECTED,
    "places": PLACES,
    "areas": AREAS,
    "grid": GRID,
    "hotspots": HOTSPOTS,
    "camera_sites": CAMERA_SITES,
    "search_sites": SEARCH_SITES,
}


def _dtype_matches(series: pd.Series[Any], column: Column) -> bool:
    dtype = series.dtype
    if column.kind == "category":
        return isinstance(dtype, pd.CategoricalDtype) and tuple(dtype.categories) == column.values
    tests: dict[str, Callable[[Any], bool]] = {
        "int": pd.api.types.is_integer_dtype,
        "float": pd.api.types.is_float_dtype,
        "bool": pd.api.types.is_bool_dtype,
        "text": lambda d: isinstance(d, pd.StringDtype),
        "time": lambda d: isinstance(d, pd.DatetimeTZDtype),
        "date": pd.api.types.is_datetime64_dtype,
        "geometry": lambda d: str(d) == "geometry",
    }
    return bool(tests[column.kind](dtype))


def _same_crs(one: object, other: object) -> bool:
    return one is not None and CRS.from_user_input(one) == CRS.from_user_input(other)


def check(
    table: pd.DataFrame, name: str, *, crs: str | None = None, tables: Tables = TABLES
) -> None:
    """Hold a table to its description.

    Parameters
    ----------
    table
        The table; extra columns are faults too.
    name
        Its name in `tables`.
    crs
        The project's CRS, required of spatial tables when given.
    tables
        The descriptions, for tables that are described elsewhere.

    Raises
    ------
    SchemaError
        With every difference: a missing or extra column, a wrong type, a forbidden missing value,
        a wrong CRS, a duplicated index.
    """
    columns = tables[name]
    faults = [f"missing column {c}" for c in columns if c not in table.columns]
    faults += [f"extra column {c}" for c in table.columns if c not in columns]
    for label, column in columns.items():
        if label not in table.columns:
            continue
        series = table[label]
        if not _dtype_matches(series, column):
            faults.append(f"{label} is {series.dtype}, should be {column.kind}")
        elif not column.nullable and bool(series.isna().any()):
            faults.append(f"{label} has missing values")
    if "geometry" in columns and not isinstance(table, gpd.GeoDataFrame):
        faults.append("not a GeoDataFrame")
    elif "geometry" in columns and crs is not None and not _same_crs(table.crs, crs):
        faults.append(f"CRS is {table.crs}, should be {crs}")
    if faults:
        msg = f"table {name}: " + "; ".join(faults)
        raise SchemaError(msg)


def category(
    values: object, name: str, label: str, *, tables: Tables = TABLES
) -> pd.Categorical[Any]:
    """Return `values` as the category that column `label` of table `name` must have."""
    return pd.Categorical(values, categories=list(tables[name][label].values))  # type: ignore[call-overload,no-any-return]


def empty(name: str, *, crs: str | None = None, tables: Tables = TABLES) -> pd.DataFrame:
    """Return table `name` with its columns and types and no rows."""
    kinds: dict[str, object] = {
        "int": "int64",
        "float": "float64",
        "bool": "bool",
        "text": "str",
        "time": "datetime64[us, Europe/Stockholm]",
        "date": "datetime64[us]",
    }
    data: dict[str, object] = {}
    for label, column in tables[name].items():
        if column.kind == "category":
            data[label] = category([], name, label, tables=tables)
        elif column.kind != "geometry":
            data[label] = pd.Series([], dtype=kinds[column.kind])  # type: ignore[call-overload]
    if "geometry" in tables[name]:
        table: pd.DataFrame = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries([], crs=crs), crs=crs)
        return table
    return pd.DataFrame(data)
