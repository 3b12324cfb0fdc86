"""What the picture counts in: the whole, each area, the rest, and what has no true place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from areas.assign import assign_areas
from areas.population.apportion import Inhabitants
from geodata import schema
from geodata.language import gettext as _
from geodata.picture_tables import OUTSIDE, PICTURE, UNPLACED, WHOLE

Ints = NDArray[np.int64]

ORDER: Final = ("est_area", "regso", "deso", "municipality", "other")
"""In which ``auto`` looks for areas of its own."""

COVERING: Final = ("municipality", "regso", "deso")
"""Kinds of area that together cover the municipality."""


@dataclass(frozen=True)
class Window:
    """The days that are counted, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, eq=False)
class Units:
    """The units of one set of areas.

    Attributes
    ----------
    table
        Table ``picture_areas``: the whole first, then areas by id, then outside and unplaced.
    code
        Row of `table` of each event, never that of the whole; shape (n,).
    shapes
        Boundary of each row at the end of the window, ``None`` for those without; the whole has
        one where areas cover the municipality.
    """

    table: pd.DataFrame
    code: Ints
    shapes: Sequence[Any]

    @property
    def years(self) -> NDArray[np.float64]:
        """Return the counted years of each unit, shape (k,)."""
        return np.asarray(self.table["days"].to_numpy(dtype=np.float64) / 365.25)

    @property
    def areas(self) -> NDArray[np.bool_]:
        """Return which rows are areas, shape (k,)."""
        return np.asarray(self.table["unit"] == "area")

    def of(self, values: Ints) -> Ints:
        """Return sums by unit with that of the whole in the first row.

        Parameters
        ----------
        values
            Sums by unit, the first row empty, shape (k, …).
        """
        made = values.copy()
        made[0] = values[1:].sum(axis=0)
        return made


def chosen_kind(areas: gpd.GeoDataFrame, asked: str) -> str | None:
    """Return the kind of area that the picture is made for; ``None`` when there is none.

    Parameters
    ----------
    areas
        Table ``areas``.
    asked
        A kind, or ``auto``: the first of `ORDER` that the table has.
    """
    there = set(areas["kind"].astype("str"))
    wanted = ORDER if asked == "auto" else (asked,)
    return next((kind for kind in wanted if kind in there), None)


def in_force(areas: gpd.GeoDataFrame, kind: str | None, window: Window) -> gpd.GeoDataFrame:
    """Return the areas of a kind in force on some day of the window, the last boundary of each.

    With columns ``days`` (of the window, all boundaries of the id together) and ``from`` (first
    of them), in order of id.
    """
    first, last = pd.Timestamp(window.first), pd.Timestamp(window.last)
    table = areas[areas["kind"].astype("str") == (kind or "")]
    begins = table["valid_from"].fillna(first).clip(lower=first)
    ends = table["valid_to"].fillna(last).clip(upper=last)
    table = table.assign(**{"from": begins, "days": (ends - begins).dt.days + 1})
    table = table[table["days"] > 0]
    table = table.sort_values(["area_id", "valid_from"], na_position="first", kind="stable")
    grouped = table.groupby("area_id", sort=False)
    days = grouped["days"].transform("sum").clip(upper=window.days)
    table = table.assign(**{"days": days, "from": grouped["from"].transform("min")})
    return table.drop_duplicates("area_id", keep="last").reset_index(drop=True)


def make_units(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    kind: str | None,
    window: Window,
    inhabitants: Inhabitants,
) -> Units:
    """Divide all events among the whole's parts.

    Parameters
    ----------
    incidents
        Table ``incidents``. An event belongs to the area in force on its own day; one on a default
        address (``stacked``) to none, since it has no true place.
    areas
        Table ``areas``.
    kind
        Which of them; ``None`` for none.
    window
        The counted days.
    inhabitants
        Who lives where.

    Returns
    -------
    Units
    """
    chosen = in_force(areas, kind, window)
    ids = chosen["area_id"].tolist()
    stacked = incidents["stacked"].to_numpy(dtype=bool)
    outside = len(ids) + 1
    code = np.full(len(incidents), outside, dtype=np.int64)
    if kind is not None and len(ids):
        found = assign_areas(incidents, areas, kind=kind)
        place = pd.Index(ids).get_indexer(pd.Index(found.array))
        code = np.where(place >= 0, place + 1, outside).astype(np.int64)
    code[stacked] = outside + 1
    shapes, table = _table(chosen, areas, window, inhabitants, kind)
    keep = list(range(outside + (2 if stacked.any() else 1)))
    table = table.iloc[keep].reset_index(drop=True)
    schema.check(table, "picture_areas", tables=PICTURE)
    return Units(table, code, [shapes[i] for i in keep])


def whole_shape(areas: gpd.GeoDataFrame, window: Window) -> Any:  # noqa: ANN401 (a geometry)
    """Return the outline of the areas that cover the municipality, or ``None``."""
    for kind in COVERING:
        covering = in_force(areas, kind, window)
        if len(covering):
            return shapely.union_all(covering.geometry.to_numpy(), grid_size=0.01)
    return None


def _table(
    chosen: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    window: Window,
    inhabitants: Inhabitants,
    kind: str | None,
) -> tuple[list[Any], pd.DataFrame]:
    """Return boundaries and rows of the whole, the areas, outside and unplaced."""
    whole = whole_shape(areas, window)
    inside = shapely.union_all(chosen.geometry.to_numpy(), grid_size=0.01)
    outside = None if whole is None else shapely.difference(whole, inside, grid_size=0.01)
    shapes = [whole, *chosen.geometry, outside, None]
    n = len(shapes)
    given = [np.nan, *chosen["population"].astype("float64"), np.nan, np.nan]
    people = inhabitants.within(shapes, given)
    first = pd.Timestamp(window.first)
    names = [_("Hela kommunen"), *chosen["name"], _("Utanför områdena"), _("På förvald adress")]
    size = [np.nan if shape is None else shape.area / 1e4 for shape in shapes]
    table = pd.DataFrame(
        {
            "area_id": pd.Series([WHOLE, *chosen["area_id"], OUTSIDE, UNPLACED], dtype="str"),
            "name": pd.Series(names, dtype="str"),
            "unit": schema.category(
                ["whole", *["area"] * len(chosen), "outside", "unplaced"],
                "picture_areas",
                "unit",
                tables=PICTURE,
            ),
            "kind": pd.Series([None, *[kind] * len(chosen), None, None], dtype="str"),
            "authoritative": [True, *chosen["authoritative"].astype(bool), True, True],
            "first_date": pd.Series([first, *chosen["from"], first, first]).astype(
                "datetime64[us]"
            ),
            "last_date": pd.Series([pd.Timestamp(window.last)] * n).astype("datetime64[us]"),
            "days": np.array(
                [window.days, *chosen["days"], window.days, window.days], dtype=np.int64
            ),
            "area_ha": np.array(size, dtype=np.float64),
            "population": people["population"].to_numpy(),
            "population_how": schema.category(
                people["how"], "picture_areas", "population_how", tables=PICTURE
            ),
        }
    )
    return shapes, table
