"""Counts by cell and period, and the past of a period: what a method may see, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.schema import SOURCES
from hotspots.accuracy.grid import Floats, Grid, Ints, spread
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.periods import Periods, choose_periods
from hotspots.accuracy.residents import Residents, read_residents
from hotspots.options import HotspotOptions
from hotspots.selection import choose_period, count_within, event_days, has_class

if TYPE_CHECKING:
    import scipy.sparse as sp

NEIGHBOURHOOD_BANDWIDTH_M: Final = 200.0


@dataclass(frozen=True)
class History:
    """All that happened, by cell and period.

    Attributes
    ----------
    grid
        Cells within the margin of any event; see `first_near` for when they came to be.
    counts
        Counted events, shape (cells, periods).
    beside
        Other events by kind: ``other_classes`` of the counted source, or the name of another
        source with the counted classes; each of shape (cells, periods).
    first_near
        First period with an event of any kind within the margin, shape (cells,).
    place_x_m, place_y_m, place_counts
        The counted events' distinct points, and counts by place and period.
    periods
        The periods.
    residents
        Where people live, if that is known.
    """

    grid: Grid
    counts: Floats
    beside: Mapping[str, Floats]
    first_near: Ints
    place_x_m: Floats
    place_y_m: Floats
    place_counts: Floats
    periods: Periods
    residents: Residents | None = None
    _memo: dict[tuple[str, int], Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def quartic(self) -> sp.csr_array[Any]:
        """Kernel density from places to cells, 200 m; geometry only, no counts."""
        return self.grid.quartic(self.place_x_m, self.place_y_m, NEIGHBOURHOOD_BANDWIDTH_M)

    @cached_property
    def place_cell(self) -> Ints:
        """Cell of each place."""
        return self.grid.at(self.place_x_m, self.place_y_m)

    def before(self, period: int) -> Past:
        """Return what was known when `period` began: views of the columns before it."""
        return Past(
            grid=self.grid,
            counts=self.counts[:, :period],
            beside={name: table[:, :period] for name, table in self.beside.items()},
            area=self.first_near < period,
            place_counts=self.place_counts[:, :period],
            history=self,
        )


@dataclass(frozen=True)
class Past:
    """What was known when period number `now` began: everything before it, nothing of it.

    Attributes
    ----------
    grid, counts, beside, place_counts
        As in `History`, the columns before `now` only.
    area
        Where an event could happen: cells within the margin of any past event, shape (cells,).
    history
        For what doesn't depend on time: geometry, length of periods, and the memory of earlier
        pasts. `tests/hotspots/test_accuracy_methods.py` holds every method to not looking ahead.
    """

    grid: Grid
    counts: Floats
    beside: Mapping[str, Floats]
    area: NDArray[np.bool_]
    place_counts: Floats
    history: History = field(repr=False)
    _once: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def now(self) -> int:
        """Number of the period that is to be foretold."""
        return int(self.counts.shape[1])

    @property
    def period_days(self) -> float:
        """Mean length of a period, days."""
        return 365.25 / self.history.periods.per_year

    def once(self, what: str, compute: Callable[[], Any]) -> Any:  # noqa: ANN401 (the method's own)
        """Return what several methods need of this past, computed at the first asking."""
        if what not in self._once:
            self._once[what] = compute()
        return self._once[what]

    def earlier(self, period: int) -> Past:
        """Return what was known when an earlier period began."""
        if period >= self.now:
            message = f"period {period} is not past at {self.now}"
            raise IndexError(message)
        return self.history.before(period)

    def remembered(self, what: str, period: int) -> Any | None:  # noqa: ANN401 (the method's own)
        """Return what a method laid by about an earlier period, ``None`` when it hasn't."""
        if period >= self.now:
            message = f"period {period} is not past at {self.now}"
            raise IndexError(message)
        return self.history._memo.get((what, period))

    def remember(self, what: str, period: int, value: object) -> None:
        """Lay by what depends on nothing later than `period`, itself past."""
        if period >= self.now:
            message = f"period {period} is not past at {self.now}"
            raise IndexError(message)
        self.history._memo[what, period] = value


def gather(
    incidents: pd.DataFrame,
    counted: HotspotOptions,
    options: AccuracyOptions,
    *,
    population: pd.DataFrame | None = None,
) -> History | None:
    """Count events by cell and period, over all the time there is.

    Parameters
    ----------
    incidents
        Table ``incidents``. Unconfirmed stacked points never count.
    counted
        Classes, source, last day and side of the cells.
    options
        Length of the periods and margin of the area.
    population
        Points or areas with inhabitants, see `residents.read_residents`; ``None`` when unknown.

    Returns
    -------
    History or None
        ``None`` when there are too few events or periods to try anything on.
    """
    chosen = count_within(incidents, counted, period=None)
    span, _ = choose_period(incidents, counted)
    if span is None or chosen.events.empty:
        return None
    periods = choose_periods(chosen.days, last=span.last, by_month=chosen.by_month, options=options)
    if periods is None:
        return None
    kept = incidents[~incidents["stacked"].to_numpy(bool)]
    period = periods.number(event_days(kept))
    kept, period = kept[period >= 0], period[period >= 0]
    grid, first_near = spread(
        kept["x_m"].to_numpy(np.float64),
        kept["y_m"].to_numpy(np.float64),
        period,
        cell_size_m=counted.cell_size_m,
        margin_m=options.margin_m,
    )
    cell = grid.at(kept["x_m"].to_numpy(np.float64), kept["y_m"].to_numpy(np.float64))
    n = len(periods)
    wanted = has_class(kept, counted.classes)
    source = kept["source"].astype("str").to_numpy()
    of_source = source == chosen.source
    target = wanted & of_source
    kinds = {"other_classes": ~wanted & of_source}
    kinds |= {name: wanted & (source == name) for name in SOURCES if name != chosen.source}
    points, place = np.unique(
        kept.loc[target, ["x_m", "y_m"]].to_numpy(), axis=0, return_inverse=True
    )
    return History(
        grid=grid,
        counts=table_of(cell[target], period[target], len(grid), n),
        beside={
            name: table_of(cell[which], period[which], len(grid), n)
            for name, which in kinds.items()
            if which.any()
        },
        first_near=first_near,
        place_x_m=points[:, 0],
        place_y_m=points[:, 1],
        place_counts=table_of(place.astype(np.int64), period[target], len(points), n),
        periods=periods,
        residents=read_residents(population, grid),
    )


def table_of(unit: Ints, period: Ints, units: int, periods: int) -> Floats:
    """Count events by unit and period, shape (units, periods)."""
    flat = np.bincount(unit * periods + period, minlength=units * periods)
    return flat.reshape(units, periods).astype(np.float64)
