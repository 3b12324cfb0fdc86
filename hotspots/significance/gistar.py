"""Getis-Ord Gi*: cells and areas that stand out together with their neighbours.

With binary weights, itself included (Getis & Ord 1992; Ord & Getis 1995; esda's
``G_Local(star=True, transform="B")``)::

    z = (Σⱼ xⱼ − x̄ k) / (S √((n k − k²) / (n − 1))),   S² = Σ x² / n − x̄²

with k the number of neighbours, itself included, and n, x̄, S over the whole ground. Counts are few
and skewed, so the normal distribution finds too much; permutation does not (see
`hotspots.significance.permutation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.language import gettext as _
from geodata.language import ngettext, number
from hotspots.significance.fdr import benjamini_hochberg, benjamini_yekutieli
from hotspots.significance.ground import Ground
from hotspots.significance.neighbours import CellNeighbours, PairNeighbours
from hotspots.significance.options import GiStarOptions, check_options
from hotspots.significance.permutation import conditional_p, family_p

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GiStar:
    """A table of scores and what there is to tell of it."""

    table: pd.DataFrame
    notices: tuple[Notice, ...] = ()


def z_scores(values: Floats, neighbours: CellNeighbours | PairNeighbours) -> Floats:
    """Return Gi* of each, shape (n,); missing where all values are equal or all are neighbours."""
    mean, scale = _moments(values, neighbours)
    return np.where(scale > 0, (neighbours.sums(values) - mean) * scale, np.nan)


def _moments(values: Floats, neighbours: CellNeighbours | PairNeighbours) -> tuple[Floats, Floats]:
    """Return mean and 1 / standard deviation of each sum under chance; 0 where it can't vary."""
    n, k = len(values), neighbours.sizes.astype(np.float64)
    mean = values.mean()
    # about the mean: Σ x² / n − x̄² would lose digits
    variance = float(np.mean((values - mean) ** 2)) * (n * k - k**2) / max(n - 1, 1)
    equal = np.ptp(values) == 0
    scale = np.zeros(n)
    if not equal:
        np.divide(1.0, np.sqrt(variance), out=scale, where=variance > 0)
    return mean * k, scale


def score(
    values: Floats, neighbours: CellNeighbours | PairNeighbours, options: GiStarOptions
) -> dict[str, NDArray[Any]]:
    """Compute every score.

    Parameters
    ----------
    values
        Counts (or another figure) of each cell of the ground, shape (n,).
    neighbours
        Who counts together.
    options
        See `GiStarOptions`.

    Returns
    -------
    dict
        Columns ``n_events``, ``n_neighbours``, ``z``, ``p``, ``q``, ``p_perm``, ``q_perm``,
        ``p_family``, ``hot`` of table ``gi_star``, each of shape (n,). Missing (nan) where there is
        no z, and where permutations are 0.
    """
    from scipy.special import ndtr

    check_options(options)
    n = len(values)
    two_sided = options.alternative == "two-sided"
    missing = np.full(n, np.nan)
    z = z_scores(values, neighbours) if n else missing
    p = 2 * ndtr(-np.abs(z)) if two_sided else ndtr(-z)
    testable = bool((~np.isnan(z)).any())
    p_perm = p_family = missing
    if testable and options.draws:
        p_perm = conditional_p(
            values, neighbours, draws=options.draws, seed=options.seed, two_sided=two_sided
        )
        p_perm = np.where(np.isnan(z), np.nan, p_perm)
    if testable and options.permutations:
        p_family = family_p(
            values,
            z,
            neighbours,
            _moments(values, neighbours),
            permutations=options.permutations,
            seed=options.seed,
            two_sided=two_sided,
        )
    correct = benjamini_hochberg if options.correction == "bh" else benjamini_yekutieli
    columns: dict[str, NDArray[Any]] = {
        "n_events": values,
        "n_neighbours": neighbours.sizes if n else np.zeros(0, dtype=np.int64),
        "z": z,
        "p": p,
        "q": correct(p),
        "p_perm": p_perm,
        "q_perm": correct(p_perm),
        "p_family": p_family,
    }
    columns["hot"] = (z > 0) & (columns[options.judge] <= options.level)
    return columns


def gi_star_cells(
    grid: pd.DataFrame, ground: Ground, options: GiStarOptions, *, crs: str
) -> GiStar:
    """Test the cells of a count grid.

    Parameters
    ----------
    grid
        Table ``grid`` (cells with events), with the ground's cell size.
    ground
        The cells where an event could happen. Only these are tested, are neighbours, and make
        up the average; those without events count 0. A cell at the border has fewer neighbours.
    options
        See `GiStarOptions`.
    crs
        The project's CRS.

    Returns
    -------
    GiStar
        Table ``gi_star``: every cell of the ground, by column and row. Notices tell events outside
        the ground, and a map on which nothing can be tested.

    Raises
    ------
    SettingsError
        ``band_below_cell``, ``judge_without_permutations``.
    """
    size = ground.cell_size_m
    values, outside = ground.lay_out(grid)
    neighbours = CellNeighbours.from_metres(
        ground.column, ground.row, cell_size_m=size, band_m=options.band_m
    )
    # a few points far away make a vast box of nothing, which every deal would have to cross
    scores = score(values, neighbours.as_pairs() if neighbours.sparse else neighbours, options)
    west, south = ground.column * size, ground.row * size
    cells = zip(ground.column.tolist(), ground.row.tolist(), strict=True)
    data: dict[str, Any] = {
        "cell_id": pd.Series([f"E{c}_N{r}" for c, r in cells], dtype="str"),
        "x_m": west,
        "y_m": south,
        **scores,
    }
    squares = shapely.box(west, south, west + size, south + size)
    table = gpd.GeoDataFrame(data, geometry=squares, crs=crs)
    schema.check(table, "gi_star", crs=crs, tables=EVIDENCE)
    notices = _nothing_to_test(scores["z"])
    return GiStar(table, ((_outside(outside), *notices) if outside else notices))


def gi_star_areas(
    area_id: pd.Series[Any], values: Floats, neighbours: PairNeighbours, options: GiStarOptions
) -> GiStar:
    """Test areas, or any units with neighbours given as pairs.

    Parameters
    ----------
    area_id
        Of each area, in the order of the neighbours' numbers.
    values
        Counts, or counts by inhabitants or hectare, shape (n,).
    neighbours
        From `pairs_within` or `pairs_touching`; ``band_m`` is not used.
    options
        See `GiStarOptions`.

    Returns
    -------
    GiStar
        Table ``gi_star_areas``, in the order given.

    Raises
    ------
    SettingsError
        ``judge_without_permutations``.
    """
    scores = score(np.asarray(values, dtype=np.float64), neighbours, options)
    ids = area_id.reset_index(drop=True).astype("str")
    table = pd.DataFrame({"area_id": ids, **scores})
    schema.check(table, "gi_star_areas", tables=EVIDENCE)
    return GiStar(table, _nothing_to_test(scores["z"]))


def _nothing_to_test(z: Floats) -> tuple[Notice, ...]:
    if bool((~np.isnan(z)).any()):
        return ()
    return (
        Notice(
            code="nothing_to_test",
            text=_("Alla rutor eller områden har lika många händelser: det finns inget att pröva."),
            level="warning",
        ),
    )


def _outside(events: int) -> Notice:
    text = ngettext(
        "{n} händelse ligger utanför de rutor där händelser kan ske och räknas inte i provet.",
        "{n} händelser ligger utanför de rutor där händelser kan ske och räknas inte i provet.",
        events,
    )
    return Notice(
        code="events_outside_ground",
        text=text.format(n=number(events)),
        level="warning",
        data={"events": events},
    )
