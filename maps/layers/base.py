"""What a table becomes on the map: shapes, popups, legend and a table to read instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.crs import to_crs_table
from geodata.labels import label
from geodata.language import day, ngettext, number, percent
from geodata.language import gettext as _

WGS84: Final = "EPSG:4326"


@dataclass(frozen=True)
class Swatch:
    """One line of the legend: a small drawing and its words.

    ``shape`` is ``fill``, ``hidden``, ``line``, ``dashed``, ``outline``, ``outline_dashed``,
    ``dot``, ``camera``, ``reach``, ``search``, ``none``, or one of `maps.layers.measures.SHAPES`
    with the letter `sign` in it.
    """

    shape: str
    colour: str
    text: str
    sign: str = ""


@dataclass(frozen=True)
class TextTable:
    """A table that says in text what the layer shows.

    The first column names the object and finds it on the map. The first `left` columns are words,
    the others numbers, set to the right.
    """

    caption: str
    header: tuple[str, ...]
    left: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class MapLayer:
    """One layer of the map.

    Attributes
    ----------
    key
        Stable name, used in the page.
    title
        Name in the layer control.
    data
        What the page's script draws and shows in popups; plain JSON values.
    views
        In which of the map's views it is switched on: ``overview``, ``cameras``, ``searches``.
    legend, note, table
        Beside the map: symbols, a sentence with units, and the text alternative.
    level, ids
        Level of ``period_counts`` and the id of each object as drawn, for the switch of period.
    period_legend
        What the legend says instead while one period is shown.
    period_table
        The text alternative of what is only shown in a period; its rows come after the layer's own
        objects.
    """

    key: str
    title: str
    data: dict[str, Any]
    views: frozenset[str] = frozenset()
    legend: tuple[Swatch, ...] = ()
    note: str = ""
    table: TextTable | None = None
    level: str = ""
    ids: tuple[str, ...] = ()
    period_legend: tuple[Swatch, ...] = ()
    period_table: TextTable | None = None


@dataclass
class Popups:
    """Popups of one layer, column by column; the page's script sets them as text, never as HTML."""

    titles: object = None
    lead: object = None
    subtitles: Sequence[str] = ()
    texts: Sequence[str] = ()
    fields: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, values: Sequence[str | None]) -> None:
        """Add a line of ready text to each popup; ``None`` leaves it out of one."""
        if any(v is not None for v in values):
            self.fields.append({"label": name, "kind": "text", "values": list(values)})

    def add_coded(self, name: str, kind: str, values: object, **more: object) -> None:
        """Add a line the script writes: ``number``, ``share``, ``span`` or ``composition``."""
        self.fields.append({"label": name, "kind": kind, "values": values, **more})

    def json(self) -> dict[str, Any]:
        """Return the popups as JSON values."""
        return {
            "titles": self.titles,
            "lead": self.lead,
            "subtitles": list(self.subtitles),
            "texts": list(self.texts),
            "fields": self.fields,
        }


def wgs84(table: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return the table's geometries in degrees, longitude first."""
    return np.asarray(to_crs_table(table, WGS84).geometry.array)


def simplified(geometries: npt.NDArray[np.object_], tolerance_m: float) -> npt.NDArray[np.object_]:
    """Return polygons simplified by `tolerance_m`, shared borders staying shared.

    Polygons that overlap cannot be simplified together; each is then simplified alone.
    """
    if tolerance_m == 0 or len(geometries) == 0:
        return geometries
    if bool(shapely.coverage_is_valid(geometries)):
        return np.asarray(shapely.coverage_simplify(geometries, tolerance_m))
    return np.asarray(shapely.simplify(geometries, tolerance_m, preserve_topology=True))


def label_points(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return a point well inside each polygon: the centre of its largest inscribed circle."""
    tolerances = np.maximum(np.sqrt(shapely.area(geometries)) / 50, 1e-9)
    radii = shapely.maximum_inscribed_circle(geometries, tolerance=tolerances)
    return np.asarray(shapely.get_point(radii, 0))


def counts(table: pd.DataFrame, column: str) -> list[str | None]:
    """Return counts as text; hidden ones say so, a missing column gives ``None``s."""
    if column not in table.columns:
        return [None] * len(table)
    return [_("dolt") if pd.isna(v) else number(int(v)) for v in table[column].tolist()]


def leads(table: pd.DataFrame, events: str = "n_events") -> list[str]:
    """Return the popups' main figure: ``42 händelser på 31 dagar``, hidden counts told as such."""
    lines = []
    for n, days in zip(table[events].tolist(), table["n_days"].tolist(), strict=True):
        if pd.isna(n):
            lines.append(_("antalet är dolt"))
            continue
        forms = event_forms(int(n))
        text = forms.format(n=number(int(n)))
        if not pd.isna(days):
            text += " " + day_forms(int(days)).format(n=number(int(days)))
        lines.append(text)
    return lines


def event_forms(n: int) -> str:
    """Return the words for `n` events, with ``{n}`` for the number."""
    return ngettext("{n} händelse", "{n} händelser", n)


def day_forms(n: int) -> str:
    """Return the words for on how many days, with ``{n}`` for the number."""
    return ngettext("på {n} dag", "på {n} dagar", n)


def shares(table: pd.DataFrame, column: str, *, hidden: bool = False) -> list[str | None]:
    """Return shares as percent with one decimal; missing as ``None``, or as hidden."""
    if column not in table.columns:
        return [None] * len(table)
    missing = _("dolt") if hidden else None
    return [missing if pd.isna(v) else percent(float(v), 1) for v in table[column].tolist()]


def texts(table: pd.DataFrame, column: str) -> list[str | None]:
    """Return a text column, ``None`` where it is missing or not there."""
    if column not in table.columns:
        return [None] * len(table)
    return [v if isinstance(v, str) and v else None for v in table[column].tolist()]


def spans(table: pd.DataFrame) -> list[str | None]:
    """Return first to last date, or month where the days are withheld."""
    if "first_month" in table.columns:
        pairs = zip(table["first_month"], table["last_month"], strict=True)
        return [a if a == b else f"{a} – {b}" for a, b in pairs]
    if "first_date" not in table.columns:
        return [None] * len(table)
    pairs = zip(table["first_date"], table["last_date"], strict=True)
    return [day(a) if a == b else f"{day(a)} – {day(b)}" for a, b in pairs]


def composition(table: pd.DataFrame, prefix: str, codes: Sequence[str]) -> list[str | None]:
    """Return counts by class or source in words, largest first: ``innehav 8, överlåtelse 3``.

    Where counts are hidden, the words end by saying so.
    """
    columns = [f"{prefix}_{code}" for code in codes]
    if any(c not in table.columns for c in columns):
        return [None] * len(table)
    lines: list[str | None] = []
    for values in table[columns].itertuples(index=False, name=None):
        known = [(int(v), -i) for i, v in enumerate(values) if not pd.isna(v) and v > 0]
        words = [f"{label(codes[-i])} {number(v)}" for v, i in sorted(known, reverse=True)]
        if any(pd.isna(v) for v in values):
            words.append(_("övrigt dolt"))
        lines.append(", ".join(words) or None)
    return lines


def joined(*parts: str | None) -> str:
    """Return the parts that are there, joined by a dot in the middle."""
    return " · ".join(part for part in parts if part)
