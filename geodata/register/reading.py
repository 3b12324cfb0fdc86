"""From a register's file to table ``register``: entrances with owner, spaces and consent.

What is odd in the file never stops the work and is never dropped in silence: each kind of it is one
notice, and its rows stand in table ``search_issues``. Only doors, flats and persons, and files that
can't be read at all, stop it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.coordinates.options import CoordinateOptions
from geodata.coordinates.read import ParsedPoints, read_coordinates
from geodata.crs import Bounds
from geodata.errors import DataError, Fault, Notice, about_file, raise_all
from geodata.exports import RawTable, ReadOptions, read_export
from geodata.language import gettext as _
from geodata.register import meanings, telling
from geodata.register.columns import Cells, choose, listed
from geodata.register.consent import weigh_consent
from geodata.register.dates import read_dates
from geodata.register.issues import Issues
from geodata.register.merging import merge, name_entrances
from geodata.register.options import RegisterOptions
from geodata.register.persons import role_faults
from geodata.register.words import key, read_word, words
from geodata.search_tables import REGISTER

TARGETS: Final = (
    "entrance_id",
    "address",
    "property",
    "owner",
    "contact_role",
    "tenure",
    "dwellings",
    "spaces",
    "access",
    "consent_given",
    "consent_by",
    "consent_date",
    "consent_spaces",
    "consent_valid_to",
    "consent_withdrawn",
    "informed_date",
    "informed_channel",
    "owner_request",
    "x",
    "y",
)
DATES: Final = (
    "consent_date",
    "consent_valid_to",
    "consent_withdrawn",
    "informed_date",
    "owner_request",
)
TEXTS: Final = (
    "entrance_id",
    "address",
    "property",
    "owner",
    "contact_role",
    "access",
    "consent_by",
    "informed_channel",
)
CONSENT_TARGETS: Final = ("consent_by", "consent_spaces", "consent_date", "consent_valid_to")


@dataclass(frozen=True)
class Register:
    """Entrances that may be thought of for dog searches.

    Attributes
    ----------
    table
        Table ``register`` of `geodata.search_tables.REGISTER`, by easting, northing, id.
    owners
        Owners that stand in the file without an entrance: ``owner``, ``contact_role``.
    issues
        Table ``search_issues``: what there is to look at, row by row.
    on
        The day on which consent was weighed.
    notices
        What was chosen and what to look at, one a kind.
    """

    table: gpd.GeoDataFrame
    owners: pd.DataFrame
    issues: pd.DataFrame
    on: date
    notices: tuple[Notice, ...] = field(default=())


def read_register(
    path: Path,
    *,
    crs: str,
    on: date,
    bbox: Bounds | None = None,
    layer: str | None = None,
    timezone: str = "Europe/Stockholm",
    options: RegisterOptions | None = None,
) -> Register:
    """Read a register of entrances.

    Parameters
    ----------
    path
        XLSX, CSV or GeoPackage with a row an entrance. Columns are guessed after the names of
        ``data/register_columns.csv`` unless the settings name them.
    crs
        The project's system.
    on
        The day on which consent must hold.
    bbox
        Where a point can be, in `crs`; an entrance outside has no place.
    layer
        Layer or sheet, where the file has several.
    timezone
        The project's.
    options
        Columns, what isn't read, and the register's own system.

    Returns
    -------
    Register
        Rows without a point are left out and stand among the issues; rows of one entrance are
        made one with the strictest of their consents.

    Raises
    ------
    DataError
        As `read_export`; ``broken_rows``, ``personal_column``, ``personal_value``,
        ``person_as_role``, ``missing_column``, ``unknown_target``, ``no_entrances``, ``no_place``,
        and those of the dates' order and the coordinates' system.
    """
    options = options or RegisterOptions()
    raw = read_export(path, reading(path, layer))
    cells = choose(
        raw,
        targets=TARGETS,
        stated=options.register_columns,
        ignore=options.register_ignore,
        where="[dogsearch.register_columns]",
    )
    faults = [*broken_rows(raw), *cells.faults, *role_faults(cells), *_no_point_columns(cells)]
    raise_all(faults, DataError)
    issues = Issues(raw.row_numbers)
    table = pd.DataFrame({name: meanings.text(cells, name) for name in TEXTS})
    table["source_row"] = pd.array(raw.row_numbers, dtype="Int64")
    table["tenure"], table["dwellings"] = (
        meanings.tenure(cells, issues),
        meanings.dwellings(cells, issues),
    )
    table["spaces"] = meanings.spaces(cells, issues)
    table["consent_spaces"] = meanings.scope(cells, table["spaces"], issues)
    dates = read_dates(cells, DATES, today=on, timezone=timezone)
    raise_all(dates.faults, DataError)
    for name in DATES:
        table[name] = dates.days[name]
    points = _points(cells, crs, bbox, options)
    raise_all(points.faults, DataError)
    table["x_m"], table["y_m"] = points.x_m, points.y_m
    flags = _consent_flags(cells, table, dates.unreadable, issues)
    table = pd.concat([table, flags], axis=1)
    table, owners = _with_place(table, cells, issues)
    if table.empty:
        raise DataError(_no_entrances(path))
    table = merge(name_entrances(table), issues)
    frame = _finish(table, crs, on, issues)
    notices = (
        *cells.notices,
        *dates.notices,
        *about_file(points.notices, path.name),
        *telling.register_read(frame, path, on),
        *telling.of_issues(issues, path),
    )
    return Register(frame, owners, issues.table(), on, notices)


def reading(path: Path, layer: str | None = None) -> ReadOptions:
    """Return how to cut a register's file: past the template's line of explanation, if it stands.

    `layer` is a layer of a vector file, or a sheet.
    """
    if path.suffix.lower() == ".xlsx":
        return ReadOptions(sheet=layer)
    skip = 0
    if path.suffix.lower() in (".csv", ".txt") and path.is_file():
        with path.open("rb") as file:
            start = file.read(8).removeprefix(b"\xef\xbb\xbf")
        skip = 1 if start.lstrip(b'"').startswith(b"#") else 0
    return ReadOptions(layer=layer, skip_rows=skip)


def broken_rows(raw: RawTable) -> list[Fault]:
    """Return a fault when rows of a register couldn't be cut into columns."""
    if not len(raw.rejected):
        return []
    return [
        Fault(
            code="broken_rows",
            what=_("Rader som inte går att dela i kolumner: {rows}.").format(
                rows=listed(raw.rejected["row_number"].to_numpy())
            ),
            where=str(raw.path),
        )
    ]


def _no_point_columns(cells: Cells) -> list[Fault]:
    if {"x", "y"} <= set(cells.of):
        return []
    return [
        Fault(
            code="no_place",
            what=_("Registret har inga kolumner med koordinater."),
            where=str(cells.raw.path),
            why=_("Utan punkt går det inte att ge en entré några rapporter eller en rutt."),
            next_step=_("Lägg till kolumnerna E och N, eller ange dem i register_columns."),
        )
    ]


def _no_entrances(path: Path) -> Fault:
    return Fault(
        code="no_entrances",
        what=_("Registret har ingen entré med en punkt."),
        where=str(path),
        next_step=_("Fyll i minst en rad med entré, ägare och koordinater."),
    )


def _points(cells: Cells, crs: str, bbox: Bounds | None, options: RegisterOptions) -> ParsedPoints:
    return read_coordinates(
        x=cells.raw.table.column(cells.of["x"]),
        y=cells.raw.table.column(cells.of["y"]),
        options=CoordinateOptions(crs=options.register_crs),
        stated_crs=cells.raw.crs,
        project_crs=crs,
        bbox=bbox,
    )


def _consent_flags(
    cells: Cells, table: pd.DataFrame, unreadable: dict[str, NDArray[np.bool_]], issues: Issues
) -> pd.DataFrame:
    """Return what the columns of consent say beyond their days, as flags."""
    said = np.array([read_word(text, "yes") or "" for text in cells.texts("consent_given")])
    back = np.array([read_word(text, "yes") or "" for text in cells.texts("consent_withdrawn")])
    filled = np.zeros(len(table), dtype=bool)
    for target in CONSENT_TARGETS:
        filled |= np.array([bool(text) for text in cells.texts(target)], dtype=bool)
    odd = np.zeros(len(table), dtype=bool)
    for name, rows in unreadable.items():
        bad = rows & (back == "") if name == "consent_withdrawn" else rows
        if bad.any():
            issues.add("unreadable_date", np.flatnonzero(bad), cells.texts(name))
            odd |= bad if name.startswith("consent") else False
    given = (filled | (said == "yes") | odd) & (said != "no")
    half = given & (table["consent_by"].isna() | table["consent_date"].isna()).to_numpy(bool)
    issues.add("half_consent", np.flatnonzero(half & ~odd), "")
    return pd.DataFrame(
        {"_given": given, "_refused": said == "no", "_back": back == "yes", "_odd": odd}
    )


def _with_place(
    table: pd.DataFrame, cells: Cells, issues: Issues
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that are entrances with a point, and the owners that have none."""
    shelter = _shelters(cells)
    issues.hide("shelter", int(shelter.sum()))
    placed = (table["x_m"].notna() & table["y_m"].notna()).to_numpy(bool)
    named = (table["entrance_id"].notna() | table["address"].notna()).to_numpy(bool)
    entrance = placed | named
    lost = entrance & ~placed & ~shelter
    issues.add("no_point", np.flatnonzero(lost), table["address"].fillna("").tolist())
    alone = ~entrance & table["owner"].notna().to_numpy(bool) & ~shelter
    kept = table[placed & ~shelter]
    missing = alone | lost
    without = table.loc[missing & table["owner"].notna(), ["owner", "contact_role"]]
    have = set(kept["owner"].dropna().map(key))
    without = without[~without["owner"].map(key).isin(have)]
    first = without.sort_values(["owner", "contact_role"]).drop_duplicates("owner")
    for row in first.index:
        issues.add("owner_without_entrances", np.array([row]), str(first.loc[row, "owner"]))
    empty = ~entrance & ~alone & ~shelter
    issues.add("empty_row", np.flatnonzero(empty), "")
    return kept.reset_index(drop=True), first.reset_index(drop=True)


def _shelters(cells: Cells) -> NDArray[np.bool_]:
    """Tell which rows are of a shelter: they are left out and never named."""
    found = np.zeros(len(cells), dtype=bool)
    for target in TEXTS:
        codes, texts = meanings.distinct_texts(cells.texts(target))
        hit = np.array([any(word in key(text) for word in words("shelter")) for text in texts])
        found |= hit[codes] if len(hit) else False
    return found


def _finish(table: pd.DataFrame, crs: str, on: date, issues: Issues) -> gpd.GeoDataFrame:
    """Weigh consent and give the table its columns, order and geometry."""
    several = _two_owners(table, issues)
    alone = table["owner"].isna().to_numpy(bool)
    issues.add_named("no_owner", table[alone], "")
    table["register_source"] = schema.category(
        ["register"] * len(table), "register", "register_source", tables=REGISTER
    )
    table["area_id"] = pd.Series(pd.NA, index=table.index, dtype="str")
    table = weigh_consent(
        table,
        given=table["_given"].to_numpy(bool),
        refused=table["_refused"].to_numpy(bool),
        withdrawn=table["_back"].to_numpy(bool),
        unclear=table["_odd"].to_numpy(bool) | several,
        on=on,
    )
    return as_register(table, crs)


def as_register(table: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return table ``register`` in order of place, held to its description."""
    table = table.sort_values(["x_m", "y_m", "entrance_id"], ignore_index=True)
    columns = [name for name in REGISTER["register"] if name != "geometry"]
    frame = gpd.GeoDataFrame(
        table[columns], geometry=gpd.points_from_xy(table["x_m"], table["y_m"]), crs=crs
    )
    schema.check(frame, "register", crs=crs, tables=REGISTER)
    return frame


def _two_owners(table: pd.DataFrame, issues: Issues) -> NDArray[np.bool_]:
    """Tell which entrances lie on a property that the register gives two owners."""
    owner = table["owner"].map(key, na_action="ignore")
    estate = table["property"].map(key, na_action="ignore")
    several = (owner.groupby(estate).transform("nunique") > 1).to_numpy(bool)
    issues.add_named("two_owners", table[several], table.loc[several, "property"].tolist())
    return several
