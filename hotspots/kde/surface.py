"""A density surface in metres: values on a grid, with edge correction where a mask is given."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.language import ngettext, number
from hotspots.compiled import compiled
from hotspots.kde import kernels
from hotspots.kde.bandwidth import choose_bandwidth
from hotspots.kde.frame import Frame, frame_of, possible_cells
from hotspots.kde.options import KdeOptions, Kernel, check_options
from hotspots.kde.places import check_weights, places_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NODES_PER_DEVIATION = 4

MIN_SHARE = 0.01
"""Places with less of their kernel than this where events could happen are left out, and told."""


@dataclass(frozen=True)
class Density:
    """A density surface.

    Attributes
    ----------
    per_km2
        Events (sum of weights) per square kilometre at the centre of each cell, shape (rows,
        columns), rows from south to north.
    frame
        Where the cells lie.
    inside
        Cells where an event could happen, same shape; all ``True`` without a mask.
    total
        Sum of the weights that were spread.
    kernel, bandwidth_m
        What they were spread with.
    notices
        What was chosen or left out.
    """

    per_km2: Floats
    frame: Frame
    inside: Bools
    total: float
    kernel: Kernel
    bandwidth_m: float
    notices: tuple[Notice, ...] = ()


def reach_m(kernel: Kernel, bandwidth_m: float) -> float:
    """Return how far a kernel reaches, metres."""
    return bandwidth_m * (kernels.REACH if kernel == "gaussian" else 1.0)


def evaluate(
    x_m: Floats,
    y_m: Floats,
    weight: Floats,
    frame: Frame,
    *,
    kernel: Kernel,
    bandwidth_m: float,
) -> Floats:
    """Return the kernel density at the cells' centres.

    Parameters
    ----------
    x_m, y_m, weight
        Points, metres, and what they weigh; shape (n,). Points outside the frame count too as far
        as their kernel reaches in.
    frame
        The cells.
    kernel, bandwidth_m
        ``quartic`` with that radius, or ``gaussian`` with that standard deviation, metres.

    Returns
    -------
    numpy.ndarray
        Weight per square metre, shape (rows, columns). Quartic: the direct sum. Gaussian: within
        1e-4 of one point's peak, see `hotspots.kde.kernels`.
    """
    x, y = frame.in_cells(x_m, y_m)
    h = bandwidth_m / frame.cell_size_m
    near = _near(x, y, frame, reach_m(kernel, h))
    if not near.all():
        x, y, weight = x[near], y[near], weight[near]
    # a point just within reach of the frame spreads as far again on its other side
    pad = math.ceil(2 * h if kernel == "quartic" else reach_m(kernel, h)) + kernels.MARGIN
    part = slice(pad, pad + frame.rows), slice(pad, pad + frame.columns)
    if kernel == "quartic":
        grid = np.zeros((frame.rows + 2 * pad, frame.columns + 2 * pad))
        compiled(kernels.spread_quartic)(x + pad, y + pad, weight, h, grid)
        return grid[part] * (kernels.quartic_scale(h) / frame.cell_size_m**2)
    step = _nodes_per_cell(h)
    grid = np.zeros(((frame.rows + 2 * pad) * step, (frame.columns + 2 * pad) * step))
    compiled(kernels.spread_spline)((x + pad) * step, (y + pad) * step, weight, grid)
    smoothed = kernels.smooth(grid, kernels.gaussian_coefficients(h * step))
    values = smoothed[::step, ::step][part] * (step / frame.cell_size_m) ** 2
    return np.maximum(values, 0.0)


def kernel_shares(
    x_m: Floats, y_m: Floats, inside: Bools, frame: Frame, *, kernel: Kernel, bandwidth_m: float
) -> Floats:
    """Return the sum of each point's kernel over the `inside` cells times their area; shape (n,).

    The mirror of `evaluate`: a point of weight 1 gives its cells values that sum to this.
    """
    x, y = frame.in_cells(x_m, y_m)
    h = bandwidth_m / frame.cell_size_m
    near = _near(x, y, frame, reach_m(kernel, h))
    x, y = x[near], y[near]
    pad = math.ceil(reach_m(kernel, h)) + kernels.MARGIN
    step = 1 if kernel == "quartic" else _nodes_per_cell(h)
    wide = 2 * pad
    field = np.zeros(((frame.rows + 2 * wide) * step, (frame.columns + 2 * wide) * step))
    cells = field[::step, ::step]
    cells[wide : wide + frame.rows, wide : wide + frame.columns] = inside
    read, shares = np.empty(len(x)), np.zeros(len(x_m))
    if kernel == "quartic":
        compiled(kernels.read_quartic)(x + wide, y + wide, h, field, read)
        shares[near] = read * kernels.quartic_scale(h)
    else:
        smoothed = kernels.smooth(field, kernels.gaussian_coefficients(h * step))
        compiled(kernels.read_spline)((x + wide) * step, (y + wide) * step, smoothed, read)
        shares[near] = read * step**2
    return shares


def _near(x: Floats, y: Floats, frame: Frame, reach: float) -> Bools:
    """Return which points, in cells, have a cell within reach."""
    across = (x > -reach) & (x < frame.columns - 1 + reach)
    return across & (y > -reach) & (y < frame.rows - 1 + reach)


def _nodes_per_cell(h: float) -> int:
    return max(1, math.ceil(NODES_PER_DEVIATION / h - 1e-9))


def estimate_density(
    events: pd.DataFrame,
    options: KdeOptions,
    *,
    possible: gpd.GeoDataFrame | None = None,
    impossible: gpd.GeoDataFrame | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Density:
    """Estimate the density of events.

    Parameters
    ----------
    events
        Rows of ``incidents`` to spread, already selected; ``weight`` is what each weighs.
    options
        Kernel, bandwidth and cell size.
    possible
        Polygons where an event could happen, such as the municipality. With it, or `impossible`,
        what would fall outside is brought back: each place's weight is divided by the share of its
        kernel on cells whose centre is inside (Jones 1993, "Simple boundary correction for kernel
        density estimation"; in spatstat ``diggle=TRUE``), and density outside is 0. The cells'
        sum is then the total exactly.
    impossible
        Polygons where none could, such as water.
    bounds
        x min, y min, x max, y max of the surface, metres; else the places' own with as much around
        them as the kernel reaches.

    Returns
    -------
    Density
        Cell sums times cell area give the total: exactly with a mask, to 1e-5 with the Gaussian
        kernel without, and with the quartic one to 0.3 % where the bandwidth is four cells or
        more. No events: all 0.

    Raises
    ------
    SettingsError
        ``bandwidth_below_cell``, ``bandwidth_range``, ``grid_too_large``.
    DataError
        ``no_possible_cells`` where the masks leave no cell; ``bad_weight``.
    """
    check_options(options)
    check_weights(events["weight"].to_numpy(np.float64))
    x_m, y_m, weight = places_of(events)
    bandwidth_m = options.bandwidth_m
    notices: tuple[Notice, ...] = ()
    if options.bandwidth == "likelihood":
        bandwidth_m, notices = choose_bandwidth(x_m, y_m, weight, options)
    frame = _frame(x_m, y_m, bandwidth_m, options, possible, bounds)
    if possible is None and impossible is None:
        values = evaluate(x_m, y_m, weight, frame, kernel=options.kernel, bandwidth_m=bandwidth_m)
        inside = np.ones(values.shape, dtype=bool)
        density = Density(
            values * 1e6, frame, inside, float(weight.sum()), options.kernel, bandwidth_m, notices
        )
    else:
        inside = possible_cells(frame, possible, impossible)
        density = _corrected(
            x_m, y_m, weight, frame, inside, kernel=options.kernel, bandwidth_m=bandwidth_m
        )
        density = replace(density, notices=(*notices, *density.notices))
    return density


def _corrected(
    x_m: Floats,
    y_m: Floats,
    weight: Floats,
    frame: Frame,
    inside: Bools,
    *,
    kernel: Kernel,
    bandwidth_m: float,
) -> Density:
    """Spread places so that all of their weight lies on the `inside` cells."""
    share = kernel_shares(x_m, y_m, inside, frame, kernel=kernel, bandwidth_m=bandwidth_m)
    reached = share >= MIN_SHARE
    notices = () if reached.all() else (_left_out(weight[~reached]),)
    spread = weight[reached] / share[reached]
    values = evaluate(
        x_m[reached], y_m[reached], spread, frame, kernel=kernel, bandwidth_m=bandwidth_m
    )
    total = float(weight[reached].sum())
    values = np.where(inside, values, 0.0)
    return Density(values * 1e6, frame, inside, total, kernel, bandwidth_m, notices)


def _frame(
    x_m: Floats,
    y_m: Floats,
    bandwidth_m: float,
    options: KdeOptions,
    possible: gpd.GeoDataFrame | None,
    bounds: tuple[float, float, float, float] | None,
) -> Frame:
    if bounds is not None:
        return frame_of(bounds, cell_size_m=options.cell_size_m)
    if len(x_m):
        box = (float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max()))
        margin = reach_m(options.kernel, bandwidth_m)
        return frame_of(box, cell_size_m=options.cell_size_m, margin_m=margin)
    if possible is not None and len(possible):
        low_x, low_y, high_x, high_y = (float(v) for v in possible.total_bounds)
        return frame_of((low_x, low_y, high_x, high_y), cell_size_m=options.cell_size_m)
    return Frame(0, 0, 0, 0, options.cell_size_m)


def _left_out(weight: Floats) -> Notice:
    text = ngettext(
        "{n} plats ligger så långt utanför den möjliga ytan att den är utelämnad i täthetsytan.",
        "{n} platser ligger så långt utanför den möjliga ytan att de är utelämnade i täthetsytan.",
        len(weight),
    )
    return Notice(
        code="outside_mask",
        text=text.format(n=number(len(weight))),
        level="warning",
        data={"places": len(weight), "weight": float(weight.sum())},
    )


def density_table(density: Density, *, crs: str, at_least_km2: float = 0.0) -> gpd.GeoDataFrame:
    """Return the surface as table ``density``: a square a cell, by column and row.

    Parameters
    ----------
    density
        The surface.
    crs
        The project's CRS.
    at_least_km2
        Cells with a lower density are left out; cells with density 0 always are.
    """
    values = density.per_km2
    keep = (values > 0) & (values >= at_least_km2)
    column, row = np.nonzero(keep.T)
    if len(column) == 0:
        return cast("gpd.GeoDataFrame", schema.empty("density", crs=crs, tables=EVIDENCE))
    kept = values[row, column]
    frame = density.frame
    column, row = column + frame.column, row + frame.row
    size = frame.cell_size_m
    west, south = column * size, row * size
    data: dict[str, Any] = {
        "cell_id": pd.Series(
            [f"E{c}_N{r}" for c, r in zip(column.tolist(), row.tolist(), strict=True)], dtype="str"
        ),
        "x_m": west,
        "y_m": south,
        "density_km2": kept,
        "share": kept / values.sum(),
    }
    table = gpd.GeoDataFrame(data, geometry=shapely.box(west, south, west + size, south + size))
    table = table.set_crs(crs)
    schema.check(table, "density", crs=crs, tables=EVIDENCE)
    return table
