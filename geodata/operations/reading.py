"""From the list's cells to table ``operations``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geodata import schema
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.evidence_tables import EVIDENCE
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.operations.cells import Cells, read_cells
from geodata.operations.options import OperationOptions
from geodata.options import nearest
from geodata.schema import AREA_KINDS
from geodata.times import TimeOptions
from geodata.times.clocks import read_clocks
from geodata.times.stamps import read_stamps

MINUTE_US: Final = 60_000_000
FAR_M: Final = 50_000
"""A place farther than this from all areas can't be right."""

_TIMES: Final = TimeOptions(unknown_times=())  # 00:00 is midnight in a list of hours
_YEARS_AHEAD: Final = 2
"""Operations may be planned, but not for a year that is a slip of the pen."""


@dataclass(frozen=True)
class Operations:
    """Table ``operations``, and what was chosen and is worth a look."""

    table: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


def read_operations(
    path: Path,
    *,
    areas: gpd.GeoDataFrame,
    crs: str,
    timezone: str,
    today: date,
    options: OperationOptions | None = None,
) -> Operations:
    """Read the list of operations.

    Parameters
    ----------
    path
        CSV, XLSX or TOML with the columns of `cells.NAMES`. ``från`` is required; without ``till``
        an operation lasts one day, without hours all day. Its place is the first given of
        ``polygon`` (WKT, or corners in TOML), ``E`` and ``N`` with ``radie``, ``område`` (id or
        name); without any it is the whole municipality. Coordinates are in the project's system.
    areas
        Table ``areas``, for the names of areas.
    crs, timezone
        Of the project.
    today
        Day of the extract.
    options
        How far an operation at a point reaches.

    Returns
    -------
    Operations
        In order of time, place and name, so independent of the order of the rows.

    Raises
    ------
    DataError
        Every fault of the file: those of `read_cells`, and ``unreadable_date``,
        ``unreadable_time``, ``end_before_start``, ``unlikely_year``, ``half_hours``,
        ``unreadable_number``, ``half_point``, ``bad_polygon``, ``unknown_area``, ``far_away``.
    """
    options = options or OperationOptions()
    reader = _Reader(path, read_cells(path), areas)
    first, last = reader.days(today, timezone)
    start, stop = reader.hours()
    hours = reader.numbers("hours", least=0.0)
    area_id, geometry = reader.places(first, options.radius_m)
    raise_all(reader.faults, DataError)
    cells = reader.cells
    names, kinds = cells.texts("name"), cells.texts("kind")
    table = gpd.GeoDataFrame(
        {
            "operation_id": pd.Series([""] * len(cells.rows), dtype="str"),
            "source_row": np.array(cells.rows, dtype=np.int64),
            "name": pd.Series([name or None for name in names], dtype="str"),
            "kind": pd.Series([kind or None for kind in kinds], dtype="str"),
            "first_date": first.astype("datetime64[us]"),
            "last_date": last.astype("datetime64[us]"),
            "from_minute": pd.array(start, dtype="Int64"),
            "to_minute": pd.array(stop, dtype="Int64"),
            "patrol_hours": np.array([np.nan if h is None else h for h in hours], dtype=float),
            "area_id": pd.Series(area_id, dtype="str"),
        },
        geometry=gpd.GeoSeries(geometry, crs=crs),
        crs=crs,
    )
    table["_place"] = [g.wkt if g is not None else "" for g in geometry]
    keys = ["first_date", "last_date", "from_minute", "to_minute", "_place", "name", "kind"]
    table = table.sort_values([*keys, "source_row"], ignore_index=True).drop(columns="_place")
    width = max(3, len(str(len(table))))
    ids = [f"I{i:0{width}d}" for i in range(1, len(table) + 1)]
    table["operation_id"] = pd.Series(ids, dtype="str")
    schema.check(table, "operations", crs=crs, tables=EVIDENCE)
    return Operations(table, (*cells.notices, *reader.notices, *_tell(table)))


class _Reader:
    """Reads column after column and collects what is wrong with them."""

    def __init__(self, path: Path, cells: Cells, areas: gpd.GeoDataFrame) -> None:
        self.path, self.cells, self.areas = path, cells, areas
        self.faults: list[Fault] = []
        self.notices: tuple[Notice, ...] = ()

    def fault(self, code: str, what: str, at: int | Sequence[int], **more: str) -> None:
        """Note a fault of one row or several."""
        listed = [at] if isinstance(at, int) else list(at)
        rows = ", ".join(str(self.cells.rows[i]) for i in listed)
        where = _("{path}, rad {rows}").format(path=self.path, rows=rows)
        self.faults.append(Fault(code=code, what=what, where=where, **more))

    def days(self, today: date, timezone: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return first and last day of each row, ``datetime64[D]``."""
        columns = [self.cells.columns[n] for n in ("first", "last") if n in self.cells.columns]
        read = read_stamps(columns, options=_TIMES, timezone=timezone, today=today)
        self.faults += read.faults
        self.notices += read.notices
        for stamps in read.stamps:
            if stamps.unreadable.any():
                bad = np.flatnonzero(stamps.unreadable).tolist()
                self.fault("unreadable_date", _("Datum som inte går att läsa."), bad)
        start = read.stamps[0]
        if start.missing.any():
            bad = np.flatnonzero(start.missing).tolist()
            self.fault("unreadable_date", _("Insats utan datum."), bad)
        first, last = start.day, start.until - 1
        if len(read.stamps) > 1:
            given = ~read.stamps[1].missing
            last = np.where(given, read.stamps[1].until - 1, start.day)
        sound = ~np.logical_or.reduce([s.unreadable | s.missing for s in read.stamps[:1]])
        if (wrong := np.flatnonzero(sound & (last < first))).size:
            self.fault("end_before_start", _("Insats som slutar innan den börjar."), wrong.tolist())
        years = (last.astype("datetime64[D]").astype("datetime64[Y]").astype(int)) + 1970
        odd = sound & (years > today.year + _YEARS_AHEAD)
        if odd.any():
            self.fault("unlikely_year", _("Orimligt årtal."), np.flatnonzero(odd).tolist())
        return first.astype("datetime64[D]"), last.astype("datetime64[D]")

    def hours(self) -> tuple[list[int | None], list[int | None]]:
        """Return start and end of each day's work, minutes after midnight."""
        found: list[list[int | None]] = []
        for name in ("from_time", "to_time"):
            column = self.cells.columns.get(name, pa.nulls(len(self.cells.rows), pa.string()))
            clock = read_clocks(column, _TIMES).clock
            texts = self.cells.texts(name)
            bad = [i for i, text in enumerate(texts) if text and clock[i] < 0]
            if bad:
                self.fault("unreadable_time", _("Klockslag som inte går att läsa."), bad)
            minutes = [int(c) // MINUTE_US if c >= 0 else None for c in clock]
            found.append(minutes)
        pairs = zip(*found, strict=True)
        half = [i for i, (a, b) in enumerate(pairs) if (a is None) != (b is None)]
        if half and not self.faults:
            self.fault("half_hours", _("Insats med bara det ena av två klockslag."), half)
        return found[0], found[1]

    def numbers(self, name: str, *, least: float) -> list[float | None]:
        """Return a column as numbers, with decimal comma or point."""
        numbers: list[float | None] = []
        for i, text in enumerate(self.cells.texts(name)):
            plain = "".join(text.split()).replace(",", ".").replace("−", "-")
            try:
                value = float(plain) if plain else None
            except ValueError:
                value = float("nan")
            if value is not None and not (isfinite(value) and value >= least):
                what = _("Tal som inte går att läsa: {text}.").format(text=text)
                self.fault("unreadable_number", what, i)
                value = None
            numbers.append(value)
        return numbers

    def places(
        self, first: np.ndarray[Any, Any], radius_m: float
    ) -> tuple[list[str | None], list[Any]]:
        """Return area id and polygon of each row; ``None`` for the whole municipality."""
        x, y = self.numbers("x", least=-1e8), self.numbers("y", least=-1e8)
        radius = self.numbers("radius", least=1.0)
        polygons, names = self.cells.texts("polygon"), self.cells.texts("area")
        ids: list[str | None] = [None] * len(names)
        shapes: list[Any] = [None] * len(names)
        for i, name in enumerate(names):
            if polygons[i]:
                shapes[i] = self._polygon(polygons[i], i)
            elif (east := x[i]) is not None and (north := y[i]) is not None:
                shapes[i] = shapely.Point(east, north).buffer(radius[i] or radius_m)
            elif (x[i] is None) != (y[i] is None):
                self.fault("half_point", _("Punkt med bara den ena koordinaten."), i)
            if name:
                ids[i], outline = self._area(name, first[i], i)
                shapes[i] = outline if shapes[i] is None else shapes[i]
            self._check_near(shapes[i], i)
        return ids, shapes

    def _polygon(self, text: str, i: int) -> Any:  # noqa: ANN401 (a geometry or None)
        shape = shapely.from_wkt(text, on_invalid="ignore")
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            what = _("Yta som inte går att läsa som WKT-polygon.")
            self.fault("bad_polygon", what, i)
            return None
        return shape if shape.is_valid else shapely.make_valid(shape, method="structure")

    def _area(self, name: str, day: np.datetime64, i: int) -> tuple[str | None, Any]:
        """Return id and polygon of the area of a name, as it was on a day."""
        wanted = name.casefold()
        table, on = self.areas, pd.Timestamp(day)
        same = table["area_id"].str.casefold().eq(wanted) | table["name"].str.casefold().eq(wanted)
        fit = table[same.fillna(False) & ~(table["valid_from"] > on) & ~(table["valid_to"] < on)]
        if fit.empty:
            known = [*table["name"].dropna().unique()]
            step = nearest(name, known) if known else ""
            what = _("Okänt område ”{name}”, eller inte giltigt den dagen.").format(name=name)
            self.fault("unknown_area", what, i, next_step=step)
            return None, None
        rank = fit["kind"].astype(str).map(list(AREA_KINDS).index)
        best = fit.assign(rank=rank).sort_values(["rank", "area_id", "valid_from"]).iloc[0]
        return str(best["area_id"]), best.geometry

    def _check_near(self, shape: Any, i: int) -> None:  # noqa: ANN401 (a geometry or None)
        if shape is None or self.areas.empty:
            return
        if shapely.distance(shape, shapely.box(*self.areas.total_bounds)) > FAR_M:
            self.fault(
                "far_away",
                _("Insatsens plats ligger mer än {km} km från alla områden.").format(
                    km=number(FAR_M / 1000)
                ),
                i,
                next_step=_("Kontrollera att E är öst, N är nord och att systemet är projektets."),
            )


def _tell(table: gpd.GeoDataFrame) -> list[Notice]:
    days = int((table["last_date"] - table["first_date"]).dt.days.sum()) + len(table)
    text = ngettext(
        "{n} insats är inläst, {days} insatsdagar.",
        "{n} insatser är inlästa, {days} insatsdagar.",
        len(table),
    ).format(n=number(len(table)), days=number(days))
    notices = [Notice(code="operations_read", text=text, data={"n": len(table), "days": days})]
    everywhere = int(table.geometry.isna().sum())
    if everywhere:
        text = ngettext(
            "{n} insats saknar plats och gäller hela kommunen.",
            "{n} insatser saknar plats och gäller hela kommunen.",
            everywhere,
        ).format(n=number(everywhere))
        notices.append(Notice(code="operations_everywhere", text=text, level="chosen"))
    return notices
