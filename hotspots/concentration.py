"""How unevenly events lie over places and cells: the Lorenz curve and the Gini coefficient.

The law of crime concentration (Weisburd 2015) speaks of the share of places that hold half of the
crime. Where there are fewer events than places even a perfectly even crime can't touch them all, so
the generalised Gini of Bernasco & Steenbeek (2017) stands beside the plain one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.accuracy.grid import spread
from hotspots.lattice import number_cells

Floats = NDArray[np.float64]

TOP_SHARES: Final = (0.01, 0.05, 0.10)


@dataclass(frozen=True)
class Concentration:
    """How events are spread over units, those without events included.

    Attributes
    ----------
    units
        What they are: ``places`` or ``cells``.
    n_units, n_with_events
        Units where an event could happen; units with at least one.
    n_events
        Events.
    gini
        0 when all units hold the same, near 1 when one holds all; NaN without events.
    gini_generalised
        The same, measured from the most even spread that so few events allow (Bernasco &
        Steenbeek 2017); equal to `gini` when there are at least as many events as units.
    top
        One row a share: ``share_units`` and ``share_events``, 0–1, the busiest first; in between
        two units the share is taken along the curve.
    half
        Share of the units, busiest first, that holds half of the events; NaN without events.
    curve
        The Lorenz curve, busiest last: ``share_units``, ``share_events``, from (0, 0) to (1, 1),
        one row a distinct count, since it is straight in between.
    """

    units: str
    n_units: int
    n_with_events: int
    n_events: int
    gini: float
    gini_generalised: float
    top: pd.DataFrame
    half: float
    curve: pd.DataFrame


def concentration(
    counts: NDArray[Any], *, units: str, shares: tuple[float, ...] = TOP_SHARES
) -> Concentration:
    """Measure how unevenly events lie over units.

    Parameters
    ----------
    counts
        Events of every unit where an event could happen, zeros included, shape (units,).
    units
        What the units are called in the result.
    shares
        Shares of the units, busiest first, that the table `Concentration.top` tells.
    """
    values, often = np.unique(np.asarray(counts, dtype=np.float64), return_counts=True)
    n, total = int(often.sum()), float((values * often).sum())
    x = np.concatenate([[0.0], np.cumsum(often) / max(n, 1)])
    if total == 0:
        y = np.zeros(len(x))
        top, half, gini, general = np.full(len(shares), np.nan), np.nan, np.nan, np.nan
    else:
        y = np.concatenate([[0.0], np.cumsum(values * often) / total])
        y[-1] = 1.0
        gini = float(1 - ((y[1:] + y[:-1]) * np.diff(x)).sum())
        general = max(n / total, 1.0) * (gini - 1) + 1
        top = 1 - np.interp(1 - np.array(shares), x, y)
        half = float(1 - np.interp(0.5, y, x))
    return Concentration(
        units=units,
        n_units=n,
        n_with_events=int(often[values > 0].sum()),
        n_events=round(total),
        gini=gini,
        gini_generalised=float(general),
        top=pd.DataFrame({"share_units": np.array(shares), "share_events": top}),
        half=half,
        curve=pd.DataFrame({"share_units": x, "share_events": y}),
    )


def over_places(events: pd.DataFrame, incidents: pd.DataFrame) -> Concentration:
    """Measure over places: every point with an incident of any kind, since others aren't known.

    Parameters
    ----------
    events
        Rows of ``incidents`` that count.
    incidents
        Table ``incidents``; unconfirmed stacked points aren't places.
    """
    known = np.unique(incidents.loc[~incidents["stacked"], "place_id"].to_numpy(np.int64))
    at = np.searchsorted(known, events["place_id"].to_numpy(np.int64))
    return concentration(np.bincount(at, minlength=len(known)), units="places")


def over_cells(
    events: pd.DataFrame, incidents: pd.DataFrame, *, cell_size_m: float, margin_m: float
) -> Concentration:
    """Measure over cells: every cell within a margin of an incident of any kind.

    Parameters
    ----------
    events, incidents
        As for `over_places`.
    cell_size_m
        Side of the square cells, metres.
    margin_m
        Between centres of cells, metres. A wider margin adds empty cells and so raises the Gini.
    """
    known = incidents[~incidents["stacked"].to_numpy(bool)]
    if known.empty:
        return concentration(np.zeros(0), units="cells")
    x_m, y_m = known["x_m"].to_numpy(np.float64), known["y_m"].to_numpy(np.float64)
    never = np.zeros(len(known), dtype=np.int64)
    grid, _first = spread(x_m, y_m, never, cell_size_m=cell_size_m, margin_m=margin_m)
    x_m, y_m = events["x_m"].to_numpy(np.float64), events["y_m"].to_numpy(np.float64)
    cell, columns, rows = number_cells(x_m, y_m, cell_size_m)
    counts = np.zeros(len(grid), dtype=np.int64)
    counts[grid.find(columns, rows)] = np.bincount(cell, minlength=len(columns))
    return concentration(counts, units="cells")
