"""What each profile sees of tables that are no plain counts: grids, hot spots, searches, answers.

Columns that pass are named, never those that don't, except where a table is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata import schema
from geodata.all_tables import ALL_TABLES
from geodata.disclosure.options import DisclosureOptions
from geodata.disclosure.small import (
    class_edges,
    class_labels,
    hidden_note,
    hide_small,
    mask,
    place,
)
from geodata.language import gettext as _
from geodata.language import ngettext, number

Shown = tuple[pd.DataFrame | None, tuple[str, ...]]
Rule = Callable[[pd.DataFrame, DisclosureOptions], Shown]


def _all(table: pd.DataFrame, options: DisclosureOptions) -> Shown:
    del options
    return table, ()


def _cell_side_m(grid: gpd.GeoDataFrame) -> float:
    bounds = grid.geometry.bounds
    sides = np.minimum(bounds["maxx"] - bounds["minx"], bounds["maxy"] - bounds["miny"])
    # A millimetre off for the rounding of coordinates.
    return float(sides.min()) + 1e-3 if len(grid) else np.inf


def _too_fine(minimum_m: float) -> tuple[str, ...]:
    return (
        _("Rutnätet visas inte: rutorna är mindre än {minimum:g} m.").format(minimum=minimum_m),
    )


def _grid_samverkan(table: pd.DataFrame, options: DisclosureOptions) -> Shown:
    grid = cast("gpd.GeoDataFrame", table)
    if _cell_side_m(grid) < options.min_cell_m_samverkan:
        return None, _too_fine(options.min_cell_m_samverkan)
    minimum = options.min_count_samverkan
    grid = grid[["cell_id", "x_m", "y_m", "n_events", "n_days", "share", "geometry"]].copy()
    hidden = hide_small(grid["n_events"].to_numpy("int64"), minimum)
    few_days = hidden | (grid["n_days"].to_numpy() < minimum)
    for column, which in (("n_events", hidden), ("n_days", few_days), ("share", hidden)):
        mask(grid, column, which)
    grid.insert(place(grid, "geometry"), "hidden", few_days)
    return grid, hidden_note(int(few_days.sum()), minimum)


def _classes_tell(counts: npt.NDArray[np.int64], edges: list[int]) -> bool:
    """Return whether classes and the known sum narrow down what a hidden cell can hold.

    It must be free to be 1 and ``minimum − 1`` for all that the other cells' classes allow.
    """
    minimum = edges[0]
    if not ((counts > 0) & (counts < minimum)).any():
        return False
    bounds = np.array([1, *edges, np.inf])
    which = np.searchsorted(edges, counts, side="right")
    room_up = counts.sum() - bounds[which].sum()
    room_down = (bounds[which + 1] - 1).sum() - counts.sum()
    return bool(min(room_up, room_down) < minimum - 2)


def _grid_publik(table: pd.DataFrame, options: DisclosureOptions) -> Shown:
    grid = cast("gpd.GeoDataFrame", table)
    if _cell_side_m(grid) < options.min_cell_m_publik:
        return None, _too_fine(options.min_cell_m_publik)
    minimum = options.min_count_publik
    counts = grid["n_events"].to_numpy("int64")
    edges = class_edges(minimum)
    labels = class_labels(minimum)
    if _classes_tell(counts, edges):
        return None, (
            _(
                "Rutnätet visas inte: rutornas klasser och det räknade antalet ger tillsammans "
                "bort små tal."
            ),
        )
    shown = grid[["cell_id", "geometry"]].copy()
    codes = np.searchsorted(edges, counts, side="right")
    kind = pd.CategoricalDtype(list(labels), ordered=True)
    shown.insert(1, "events_class", pd.Categorical.from_codes(codes, dtype=kind))
    shown.insert(2, "hidden", counts < minimum)
    note = _("Rutornas antal visas i klasser; den lägsta är ”{label}”.").format(label=labels[0])
    return shown, (note,)


_EVIDENCE_INSIDE: Final = ("z", "p", "time_window", "method", "method_pai", "sentence")
"""Columns of hot spots that stay inside: counts can be had back from some, and hours are times."""


def _hotspots_samverkan(table: pd.DataFrame, options: DisclosureOptions) -> Shown:
    minimum = options.min_count_samverkan
    enough = table["n_events"] >= minimum
    dropped = int((~enough).sum())
    shown = table.loc[enough].reset_index(drop=True)
    # The name is the address of the busiest place; first and last dates are those of one event.
    for end in ("first", "last"):
        months = shown[f"{end}_date"].dt.strftime("%Y-%m")
        shown.insert(place(shown, f"{end}_date"), f"{end}_month", months)
    shown = shown.drop(columns=["name", "first_date", "last_date", *_EVIDENCE_INSIDE])
    shown["q"] = shown["q"].round(3)
    hidden = _hide_rows(shown, [f"n_{c}" for c in schema.OFFENCE_CLASSES], minimum)
    hidden |= _hide_rows(shown, [f"n_source_{s}" for s in schema.SOURCES], minimum)
    for column in ("n_days", "n_places"):
        few = shown[column].to_numpy() < minimum
        mask(shown, column, few)
        hidden |= few
    hidden |= _hide_share(shown, minimum)
    shown.insert(place(shown, "geometry"), "hidden", hidden)
    shown = _on_squares(cast("gpd.GeoDataFrame", shown), options.min_cell_m_samverkan)
    notes = [
        _("Hot spots visas utan adress; första och sista händelsen anges som månad."),
        _("Hot spotens gräns visas som de rutor om {side} m som den berör.").format(
            side=number(options.min_cell_m_samverkan)
        ),
    ]
    if dropped:
        notes.append(
            ngettext(
                "{n} hot spot med färre än {minimum} händelser visas inte.",
                "{n} hot spots med färre än {minimum} händelser visas inte.",
                dropped,
            ).format(n=number(dropped), minimum=minimum)
        )
    return shown, (*notes, *hidden_note(int(hidden.sum()), minimum))


def _on_squares(hotspots: gpd.GeoDataFrame, side_m: float) -> gpd.GeoDataFrame:
    """Return hot spots as the squares that they touch: an outline follows single addresses."""
    shapes = []
    for shape in hotspots.geometry.to_numpy():  # hot spots are tens, not thousands
        low_x, low_y, high_x, high_y = np.array(shapely.bounds(shape)) // side_m
        columns = np.arange(low_x, high_x + 1) * side_m
        rows = np.arange(low_y, high_y + 1) * side_m
        x, y = (side.ravel() for side in np.meshgrid(columns, rows))
        squares = shapely.box(x, y, x + side_m, y + side_m)
        # A touch of the border alone is none.
        inner = shapely.area(shapely.intersection(squares, shape)) > 0
        shapes.append(shapely.union_all(squares[inner]))
    shown = hotspots.set_geometry(np.array(shapes, dtype=object), crs=hotspots.crs)
    shown["area_m2"] = shapely.area(shown.geometry.to_numpy())
    shown["density_per_ha"] = shown["n_events"] / (shown["area_m2"] / 10_000)
    return shown


def _hide_rows(table: pd.DataFrame, columns: list[str], minimum: int) -> npt.NDArray[np.bool_]:
    """Hide small counts row by row in place; return which rows have some."""
    counts = table[columns].to_numpy("int64")
    hidden = np.zeros(counts.shape, dtype=bool)
    for row, values in enumerate(counts):  # hot spots are tens, not thousands
        hidden[row] = hide_small(values, minimum)
    for at, column in enumerate(columns):
        mask(table, column, hidden[:, at])
    return np.asarray(hidden.any(axis=1))


def _hide_share(table: pd.DataFrame, minimum: int) -> npt.NDArray[np.bool_]:
    """Hide the share of police initiative where it stands for a small count; round the rest."""
    share = table["share_police_initiated"].astype("float64").to_numpy()
    n = table["n_events"].to_numpy("float64")
    small = np.zeros(len(table), dtype=bool)
    for part in (share * n, (1 - share) * n):
        small |= (part > 1e-9) & (part < minimum)
    table["share_police_initiated"] = np.round(share, 2)
    mask(table, "share_police_initiated", small)
    return small


def _indicators_inside(table: pd.DataFrame, options: DisclosureOptions) -> Shown:
    """Show all indicators but those about single persons: of these only totals, not small ones."""
    personal = table["sensitive"].to_numpy(dtype=bool)
    shown = table.loc[~personal | table["area_id"].isna()].reset_index(drop=True)
    personal, value = shown["sensitive"].to_numpy(dtype=bool), shown["value"].to_numpy("float64")
    small = (value > 0) & (value < options.min_count_publik)
    hidden = personal & shown["unit"].isna().to_numpy() & small
    shown["hidden"] = hidden
    for column in ("value", "uncertainty"):
        mask(shown, column, hidden)
    return shown, hidden_note(int(hidden.sum()), options.min_count_publik)


RULES: Final[dict[tuple[str, str], Rule]] = {
    **{(name, "intern"): _all for name in ALL_TABLES},
    ("appendix_indicators", "intern"): _indicators_inside,
    ("areas", "samverkan"): _all,
    ("areas", "publik"): _all,
    ("picture_areas", "samverkan"): _all,
    ("grid", "samverkan"): _grid_samverkan,
    ("grid", "publik"): _grid_publik,
    ("hotspots", "samverkan"): _hotspots_samverkan,
    ("feedback_measures", "samverkan"): _all,
}
"""Table and profile → rule. Tables of `otherrules.COUNT_TABLES` have none but ``intern``."""
