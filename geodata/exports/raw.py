"""What every reader of export files returns, its settings, and how our own rejects are written.

`REJECTED_COLUMNS`, `escape_cell` and `unescape_cell` are used by the writer of ``rejected.csv`` and
by the reader, so that a corrected file can be read again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geodata.errors import Fault, Notice
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting

Format = Literal["csv", "xlsx", "gpkg", "shapefile", "geojson", "parquet"]

REJECTED_COLUMNS: Final = (
    "lagesbild_input",
    "lagesbild_row",
    "lagesbild_reason",
    "lagesbild_detail",
)
"""Columns that ``rejected.csv`` has beyond those of the export."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet compute a cell (OWASP, CSV Injection)."""

X_COLUMN: Final = "__x"
Y_COLUMN: Final = "__y"
"""Columns of a vector file's points: easting or longitude, northing or latitude."""

DETAIL_LENGTH: Final = 200
"""Longest text of a bad row that is repeated in a report, characters."""

_STARTS = "".join(re.escape(start) for start in FORMULA_STARTS)
_RISKY = re.compile(f"'*[{_STARTS}]")
_ESCAPED = re.compile(f"'+[{_STARTS}]")
ESCAPED_PATTERN: Final = rf"\A'('*[{_STARTS}])"
"""The same as `unescape_cell` looks for, for whole columns (RE2)."""


@dataclass(frozen=True)
class ReadOptions:
    """How one export file is to be cut into columns. Part of ``[[input]]``."""

    format: Literal["auto", "csv", "xlsx", "gpkg", "shapefile", "geojson", "parquet"] = setting(
        "auto", N_("Filens format; auto avgör det av innehållet.")
    )
    encoding: Literal[
        "auto",
        "utf-8",
        "cp1252",
        "iso-8859-1",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp850",
        "mac-roman",
    ] = setting("auto", N_("Teckenkodning i en textfil; auto avgör den av innehållet."))
    separator: Literal["auto", ";", ",", "\t", "tab", "|"] = setting(
        "auto", N_("Avgränsare i en textfil; auto väljer den som passar rubrik och rader.")
    )
    sheet: str | None = setting(
        None, N_("Blad i en XLSX-fil; utelämnat väljs det första bladet med data.")
    )
    layer: str | None = setting(
        None, N_("Lager i en vektorfil; utelämnat väljs det första lagret med punkter.")
    )
    skip_rows: int = setting(
        0,
        N_("Rader ovanför rubrikraden som hoppas över i en text- eller XLSX-fil."),
        unit="rader",
        minimum=0,
        maximum=1000,
    )


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file cut into columns, nothing interpreted.

    Attributes
    ----------
    table
        The rows that could be cut. Text files give strings only, an empty cell is ``""``; XLSX and
        vector files keep the types of the file, an empty cell is null.
    row_numbers
        int64, one a row of `table`, rising: the row as a spreadsheet shows it, the header of an
        ordinary text file being row 1; in vector and Parquet files the record's number from 1. A
        record with quoted line breaks is one row; a blank line takes up a number but isn't read.
    rejected
        Rows that could not be cut: ``row_number`` (int64), ``reason``, ``detail`` (str).
    rows_read
        ``len(table) + len(rejected)``.
    path, format, encoding, separator, layer
        What was read and how; `layer` is the sheet of an XLSX file.
    sha256
        Of the file; of a shapefile: of its parts (.cpg, .dbf, .prj, .shp, .shx) in that order.
    crs
        CRS of ``__x``, ``__y`` in a vector file (``EPSG:…`` or WKT), always easting or longitude
        first; ``None`` if it has none.
    notices
        What was chosen for the user and what looks odd.
    """

    table: pa.Table
    row_numbers: npt.NDArray[np.int64]
    rejected: pd.DataFrame
    rows_read: int
    path: Path
    format: Format
    encoding: str | None
    separator: str | None
    layer: str | None
    sha256: str
    crs: str | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, eq=False)
class Cut:
    """What a reader of one format found; `reading` adds path and checksum."""

    table: pa.Table
    row_numbers: npt.NDArray[np.int64]
    rejected: pd.DataFrame
    notices: tuple[Notice, ...] = ()
    encoding: str | None = None
    separator: str | None = None
    layer: str | None = None
    crs: str | None = None


def rejected_frame(rows: Sequence[tuple[int, str, str]]) -> pd.DataFrame:
    """Return rejected rows ``(row_number, reason, detail)`` as a table in order of row."""
    ordered = sorted(rows)
    return pd.DataFrame(
        {
            "row_number": np.array([row[0] for row in ordered], dtype=np.int64),
            "reason": pd.Series([row[1] for row in ordered], dtype="str"),
            "detail": pd.Series([row[2] for row in ordered], dtype="str"),
        }
    )


def shorten(text: str) -> str:
    """Return `text` on one line, printable and at most `DETAIL_LENGTH` characters."""
    short = text[: DETAIL_LENGTH * 2].rstrip("\r\n")
    short = short.replace("\r\n", "⏎").replace("\n", "⏎").replace("\r", "⏎").replace("\0", "␀")
    short = short.encode("utf-8", "replace").decode("utf-8")  # lone surrogates stand for bad bytes
    return short if len(short) <= DETAIL_LENGTH else short[: DETAIL_LENGTH - 1] + "…"


def escape_cell(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula; undone by `unescape_cell`."""
    return "'" + text if _RISKY.match(text) else text


def unescape_cell(text: str) -> str:
    """Return what `escape_cell` was given."""
    return text[1:] if _ESCAPED.match(text) else text


def file_fault(
    code: str, what: str, path: Path, *, why: str = "", next_step: str = "", place: str = ""
) -> Fault:
    """Return a fault of the file at `path`; `place` says where in it."""
    where = _("Fil: {path}").format(path=path)
    if place:
        where += f", {place}"
    return Fault(code=code, what=what, where=where, why=why, next_step=next_step)
