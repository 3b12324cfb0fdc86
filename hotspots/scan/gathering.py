"""Places gathered into cells where a scan over places would take too long, and set out again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.lattice import cell_numbers
from hotspots.scan.circles import Floats, Ints, count_pairs
from hotspots.scan.permutation import PermutationOptions
from hotspots.scan.search import Scan

MOST_WORK: Final = 1_500_000
"""Steps for one world, of some 14 ns: with 999 worlds some 20 s of one core."""

PER_CASE: Final = 10
"""Steps that a pair costs for each case that the place has on the days searched, measured."""

TIMES: Final = (1, 2, 3, 5, 10)
"""Sides that are tried, in cells of the count grid; the last is taken whatever it costs."""


@dataclass(frozen=True)
class Gathered:
    """What is searched instead of the places.

    Attributes
    ----------
    cases, locations
        For `hotspots.scan.permutation.scan_permutation`; where places were gathered, ``place_id``
        is the number of a cell and its point the mean of its places.
    cell
        Cell by ``place_id``, or ``None`` where the places themselves are searched.
    notices
        ``scan_by_cells`` where they were gathered.
    """

    cases: pd.DataFrame
    locations: pd.DataFrame
    cell: pd.Series[int] | None
    notices: tuple[Notice, ...] = ()


def gather(
    cases: pd.DataFrame,
    locations: pd.DataFrame,
    *,
    options: PermutationOptions,
    cell_size_m: float,
    most_work: float = MOST_WORK,
) -> Gathered:
    """Gather places into the smallest cells that keep a scan within bounds.

    Parameters
    ----------
    cases
        ``place_id`` and ``day``, one row an event.
    locations
        ``place_id``, ``x_m``, ``y_m`` (metres), at least the places of the cases.
    options
        Settings of the scan.
    cell_size_m
        Side of the smallest cell, metres.
    most_work
        Steps up to which places are left as they are.
    """
    searched = _searched(cases, options)
    points = locations[["x_m", "y_m"]].to_numpy(np.float64)
    if _work(points, searched, options) <= most_work:
        return Gathered(cases, locations, None)
    table = locations.sort_values("place_id", kind="stable")
    for times in TIMES:
        side = cell_size_m * times
        cell, means = _cells(table[["x_m", "y_m"]].to_numpy(np.float64), side)
        if _work(means, searched, options) <= most_work:
            break
    of_place = pd.Series(cell, index=pd.Index(table["place_id"], name="place_id"), name="cell")
    text = _(
        "Sökningen efter ansamlingar i rum och tid är gjord på {n} rutor om {side:g} m i stället "
        "för på {places} platser, som skulle ta för lång tid."
    ).format(n=number(len(means)), side=side, places=number(len(table)))
    return Gathered(
        cases.assign(place_id=cases["place_id"].map(of_place).astype("int64")),
        pd.DataFrame(
            {"place_id": np.arange(len(means)), "x_m": means[:, 0], "y_m": means[:, 1]},
        ),
        of_place,
        (Notice(code="scan_by_cells", text=text, level="chosen", data={"cell_size_m": side}),),
    )


def set_out(scan: Scan, gathered: Gathered, locations: pd.DataFrame) -> Scan:
    """Return the scan with the places in the cells' stead, and with the notices of both.

    The centre becomes the place nearest the middle of the innermost cell's places, the lowest id at
    a tie; point and radius stay those that were searched.
    """
    notices = (*gathered.notices, *scan.notices)
    if gathered.cell is None or scan.table.empty:
        return replace(scan, notices=notices)
    cell, table = gathered.cell, scan.table.copy()
    members = [
        cell.index[cell.isin([int(one) for one in text.split(";")])].to_numpy()
        for text in table["place_ids"]
    ]
    points = locations.set_index("place_id")[["x_m", "y_m"]]
    middles = table[["x_m", "y_m"]].to_numpy(np.float64)
    table["center_place_id"] = [
        _nearest(points.loc[cell.index[cell == centre]], middle)
        for centre, middle in zip(table["center_place_id"], middles, strict=True)
    ]
    table["n_places"] = np.array([len(ids) for ids in members], dtype=np.int64)
    table["place_ids"] = pd.Series(
        [";".join(map(str, ids)) for ids in members], dtype="str", index=table.index
    )
    rank = cell.map(scan.place_rank).dropna().astype("int64").rename("rank")
    return replace(scan, table=table, place_rank=rank, notices=notices)


def _searched(cases: pd.DataFrame, options: PermutationOptions) -> int:
    """Return the events that some window may hold."""
    if options.mode == "retrospective":
        return len(cases)
    return int((cases["day"] > cases["day"].max() - pd.Timedelta(days=options.max_days)).sum())


def _work(points: Floats, searched: int, options: PermutationOptions) -> float:
    pairs = count_pairs(points, options.max_radius_m)
    return pairs * (1 + PER_CASE * searched / max(len(points), 1))


def _cells(points: Floats, side: float) -> tuple[Ints, Floats]:
    """Return the cell of each point, 0…n−1 by column and row, and the mean point of each cell."""
    column, row = cell_numbers(points[:, 0], side), cell_numbers(points[:, 1], side)
    _found, cell = np.unique(np.column_stack([column, row]), axis=0, return_inverse=True)
    n = np.bincount(cell)
    means = [np.bincount(cell, weights=points[:, axis]) / n for axis in (0, 1)]
    middle: Floats = np.round(np.column_stack(means), 2).astype(np.float64)
    return cell.astype(np.int64), middle


def _nearest(points: pd.DataFrame, middle: Floats) -> int:
    squared = ((points.to_numpy(np.float64) - middle) ** 2).sum(axis=1)
    return int(points.index[int(np.argmin(squared))])
