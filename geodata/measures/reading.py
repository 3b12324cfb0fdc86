"""From the cells of the table of measures to one row a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.lists import Listing, as_number
from geodata.measures.cells import read_cells
from geodata.measures.kinds import measure_kinds
from geodata.options import nearest
from geodata.schema import AREA_KINDS

FAR_M: Final = 50_000.0
"""A place farther than this from all areas can't be right."""

COLUMNS: Final = (
    "measure_id",
    "kind",
    "name",
    "first_date",
    "last_date",
    "fixed_date",
    "responsible",
    "place",
    "area_id",
    "n_rows",
    "geometry",
)
"""Columns of `Measures.table`; as those of the same names of table ``measures``."""


@dataclass(frozen=True, eq=False)
class Measures:
    """Measures, in order of first day and id, and what is to be told of them.

    ``table`` has the columns `COLUMNS`; a measure without a place has an empty polygon.
    """

    table: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


def read_measures(
    path: Path,
    *,
    areas: gpd.GeoDataFrame,
    crs: str,
    radius_m: float = 75.0,
    layer: str | None = None,
    source_crs: str | None = None,
) -> Measures:
    """Read the table of measures.

    Parameters
    ----------
    path
        CSV, XLSX, or a layer of points or polygons, with the columns of `cells.NAMES`. ``slag`` and
        ``från`` are required; without ``till`` a measure goes on. The place is the first given of
        ``polygon`` (WKT in the project's system), ``E`` and ``N`` with ``radie``, ``område`` (id or
        name, with its boundary on the first day). Rows of one id are one measure, held at all their
        places from the first day to the last, as a dog search that is held again.
    areas
        Table ``areas``.
    crs
        The project's system.
    radius_m
        Of a point without one.
    layer, source_crs
        Layer of a vector file, and the system of one that doesn't say.

    Returns
    -------
    Measures
        Independent of the order of rows.

    Raises
    ------
    DataError
        Every fault of the file: as `read_cells`, and ``unknown_kind``, ``unreadable_date``,
        ``no_first_day``, ``end_before_start``, ``unreadable_number``, ``half_point``,
        ``bad_polygon``, ``unknown_area``, ``far_away``, ``missing_id``, ``kinds_of_one_id``.
    """
    listing = read_cells(path, crs=crs, layer=layer, source_crs=source_crs)
    reader = _Reader(listing, areas)
    kinds = reader.kinds()
    first, last, fixed = reader.days()
    ids = reader.ids(kinds)
    places = reader.places(first, radius_m)
    raise_all(reader.faults, DataError)
    rows = pd.DataFrame(
        {
            "measure_id": ids,
            "kind": kinds,
            "name": list(listing.texts("name")),
            "first_date": pd.to_datetime(pd.Series(first)),
            "last_date": pd.to_datetime(pd.Series(last)),
            "fixed_date": pd.to_datetime(pd.Series(fixed)),
            "responsible": list(listing.texts("responsible")),
            "place": [place for place, _area, _shape in places],
            "area_id": [area for _place, area, _shape in places],
            "geometry": [shape for _place, _area, shape in places],
        }
    )
    table = _one_row_each(rows, crs)
    return Measures(table, (*listing.notices, *_tell(table)))


class _Reader:
    """Reads column after column and collects what is wrong with them."""

    def __init__(self, listing: Listing, areas: gpd.GeoDataFrame) -> None:
        self.listing, self.areas = listing, areas
        self.n = len(listing.rows)
        self.faults: list[Fault] = []

    def fault(self, code: str, what: str, rows: Sequence[int], step: str = "") -> None:
        self.faults.append(self.listing.fault(code, what, rows, step))

    def kinds(self) -> list[str]:
        """Return the kind of each row."""
        known = measure_kinds()
        words = [text.casefold() for text in self.listing.texts("kind")]
        bad = [i for i, word in enumerate(words) if word not in known]
        if bad:
            said = self.listing.texts("kind")[bad[0]]
            what = _("Okänt slag av åtgärd: ”{text}”.").format(text=said)
            step = nearest(words[bad[0]], sorted(set(known.values())))
            step += " " + _("Annars: skriv ”annat”.")
            self.fault("unknown_kind", what, bad, step)
        return [known.get(word, "") for word in words]

    def ids(self, kinds: Sequence[str]) -> list[str]:
        """Return the id of each row, empty when the list has none at all."""
        ids = [text.strip() for text in self.listing.texts("id")]
        missing = [i for i, one in enumerate(ids) if not one]
        if missing and len(missing) < self.n:
            what = _("Åtgärd utan id, fast andra har id.")
            self.fault("missing_id", what, missing)
        first: dict[str, str] = {}
        mixed = [
            i
            for i, (one, kind) in enumerate(zip(ids, kinds, strict=True))
            if one and first.setdefault(one, kind) != kind
        ]
        if mixed:
            what = _("Samma id står för olika slag av åtgärd: ”{id}”.").format(id=ids[mixed[0]])
            self.fault("kinds_of_one_id", what, mixed)
        return ids

    def days(self) -> tuple[list[date | None], list[date | None], list[date | None]]:
        """Return first day, last day and day of fixing of each row."""
        found = [self._days(name) for name in ("first", "last", "fixed")]
        first, last, fixed = found
        texts = self.listing.texts("first")
        blank = [i for i in range(self.n) if not texts[i]]
        if blank:
            self.fault("no_first_day", _("Åtgärd utan första dag."), blank)
        pairs = enumerate(zip(first, last, strict=True))
        wrong = [i for i, (a, b) in pairs if a is not None and b is not None and b < a]
        if wrong:
            what = _("Åtgärd som slutar innan den börjar: {first} till {last}.").format(
                first=first[wrong[0]], last=last[wrong[0]]
            )
            self.fault("end_before_start", what, wrong, _("Byt plats på från och till."))
        return first, last, fixed

    def _days(self, name: str) -> list[date | None]:
        days: list[date | None] = []
        bad = []
        texts = self.listing.texts(name)
        for i, text in enumerate(texts):
            try:
                days.append(date.fromisoformat(text) if text else None)
            except ValueError:
                days.append(None)
                bad.append(i)
        if bad:
            what = _("Datum som inte går att läsa: {text}.").format(text=texts[bad[0]])
            self.fault("unreadable_date", what, bad, _("Skriv som 2025-01-31."))
        return days

    def _numbers(self, name: str) -> list[float | None]:
        texts = self.listing.texts(name)
        values = [as_number(text) if text else None for text in texts]
        bad = [i for i, text in enumerate(texts) if text and values[i] is None]
        bad += [i for i, v in enumerate(values) if name == "radius" and v is not None and v <= 0]
        if bad:
            what = _("Tal som inte går att läsa: {text}.").format(text=texts[bad[0]])
            self.fault("unreadable_number", what, bad)
        return values

    def places(
        self, first: Sequence[date | None], radius_m: float
    ) -> list[tuple[str, str | None, Any]]:
        """Return how the place of each row was given, its area's id, and its polygon."""
        x, y, radius = (self._numbers(name) for name in ("x", "y", "radius"))
        polygons, names = self.listing.texts("polygon"), self.listing.texts("area")
        found: list[tuple[str, str | None, Any]] = []
        for i in range(self.n):
            area, outline = self._area(names[i], first[i], i) if names[i] else (None, None)
            east, north = x[i], y[i]
            if (east is None) != (north is None):
                self.fault("half_point", _("Punkt med bara den ena koordinaten."), [i])
            if polygons[i]:
                place, shape = "polygon", self._polygon(polygons[i], i)
            elif east is not None and north is not None:
                place, shape = "point", shapely.Point(east, north).buffer(radius[i] or radius_m)
            elif outline is not None:
                place, shape = "area", outline
            else:
                place, shape = "none", shapely.Polygon()
            self._check_near(shape, i)
            found.append((place, area, shape))
        return found

    def _polygon(self, text: str, i: int) -> Any:  # noqa: ANN401 (a geometry)
        shape = shapely.from_wkt(text, on_invalid="ignore")
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            self.fault("bad_polygon", _("Yta som inte går att läsa som WKT-polygon."), [i])
            return shapely.Polygon()
        return shape if shape.is_valid else shapely.make_valid(shape, method="structure")

    def _area(self, name: str, day: date | None, i: int) -> tuple[str | None, Any]:
        """Return id and boundary of the area of a name, as on a day."""
        table, wanted = self.areas, name.casefold()
        same = table["area_id"].str.casefold().eq(wanted) | table["name"].str.casefold().eq(wanted)
        fit = table[same.fillna(False)]
        if day is not None:
            on = pd.Timestamp(day)
            fit = fit[~(fit["valid_from"] > on) & ~(fit["valid_to"] < on)]
        if fit.empty:
            step = nearest(name, list(table["name"].dropna().unique())) if len(table) else ""
            what = _("Okänt område ”{name}”, eller inte giltigt den dagen.").format(name=name)
            self.fault("unknown_area", what, [i], step)
            return None, None
        rank = fit["kind"].astype("str").map(list(AREA_KINDS).index)
        best = fit.assign(rank=rank).sort_values(["rank", "area_id", "valid_from"]).iloc[0]
        return str(best["area_id"]), best.geometry

    def _check_near(self, shape: Any, i: int) -> None:  # noqa: ANN401 (a geometry)
        if shape.is_empty or self.areas.empty:
            return
        if shapely.distance(shape, shapely.box(*self.areas.total_bounds)) > FAR_M:
            what = _("Åtgärdens plats ligger mer än {km} km från alla områden.").format(
                km=number(FAR_M / 1000)
            )
            step = _("Kontrollera att E är öst, N är nord och att systemet är projektets.")
            self.fault("far_away", what, [i], step)


def _one_row_each(rows: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Join the rows of each id; number the measures of a list without ids."""
    rows = rows.assign(_wkt=[shape.wkt for shape in rows["geometry"]])
    keys = ["first_date", "measure_id", "kind", "name", "last_date", "_wkt", "fixed_date"]
    rows = rows.sort_values(keys, kind="stable", ignore_index=True)
    if (rows["measure_id"] == "").all():
        width = max(2, len(str(len(rows))))
        rows["measure_id"] = [f"Å{i:0{width}d}" for i in range(1, len(rows) + 1)]
    made = [_joined(own) for _id, own in rows.groupby("measure_id", sort=False)]
    table = pd.DataFrame(made, columns=list(COLUMNS))
    table = table.sort_values(["first_date", "measure_id"], kind="stable", ignore_index=True)
    for name in ("measure_id", "kind", "name", "responsible", "place", "area_id"):
        table[name] = pd.Series([v or None for v in table[name]], dtype="str")
    for name in ("first_date", "last_date", "fixed_date"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    table["n_rows"] = table["n_rows"].astype(np.int64)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def _joined(own: pd.DataFrame) -> dict[str, Any]:
    top = own.iloc[0]
    shapes = [shape for shape in own["geometry"] if not shape.is_empty]
    placed = own[[not shape.is_empty for shape in own["geometry"]]]
    areas = placed["area_id"].unique()
    ends = own["last_date"]
    names = [name for name in dict.fromkeys(own["name"]) if name]
    return {
        **{name: top[name] for name in ("measure_id", "kind", "responsible")},
        "name": ", ".join(names[:3]),
        "first_date": own["first_date"].min(),
        "last_date": pd.NaT if ends.isna().any() else ends.max(),
        # The last of the polygons decides: before it, not all of the place was fixed.
        "fixed_date": pd.NaT if own["fixed_date"].isna().any() else own["fixed_date"].max(),
        "place": placed["place"].iloc[0] if len(placed) else "none",
        "area_id": areas[0] if len(areas) == 1 else None,
        "n_rows": len(own),
        "geometry": shapely.union_all(shapes) if shapes else shapely.Polygon(),
    }


def _tell(table: gpd.GeoDataFrame) -> list[Notice]:
    going = int(table["last_date"].isna().sum())
    text = ngettext(
        "{n} åtgärd är inläst; {going} pågår.",
        "{n} åtgärder är inlästa; {going} pågår.",
        len(table),
    ).format(n=number(len(table)), going=number(going))
    return [Notice(code="measures_read", text=text, data={"n": len(table), "going": going})]
