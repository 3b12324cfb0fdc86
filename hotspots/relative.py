"""Relative density: cases held against other reports, with tolerance contours by Monte Carlo.

Where there is much of everything there is much of each thing. The ratio of two kernel densities of
the same bandwidth (Bithell 1990; Kelsall & Diggle 1995) shows where cases are more, or less, than
their share of all. Whether a ratio is beyond chance is told by random labelling (Hazelton & Davies
2009): the reports keep their places, the label "case" is dealt out anew among them, and the p of a
cell is the rank of its ratio among those of the relabelled maps. The contour of tolerance runs
around the cells that hold against all cells at once (``p_map``): the most extreme cell of each
relabelled map, in standard deviations, is what they are ranked among (Westfall & Young 1993). So
the chance of a map with any false contour is at most ``alpha``. The mean and the variance of a cell
under random labelling are known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.caveats import standing_caveat
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.language import N_, number, percent
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.kde import Frame, frame_of
from hotspots.selection import event_days

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SLACK: Final = 1e-9
"""Sums that should be equal may differ by their last digits."""

_MOST_SHUFFLED: Final = 1_000_000

CUT: Final = 4.0
"""The kernel ends at this many bandwidths, where it is below 0.04 % of its peak."""


@dataclass(frozen=True, kw_only=True)
class RelativeOptions:
    """Grid, bandwidth and Monte Carlo of relative density."""

    bandwidth_m: float = setting(
        200.0,
        N_("Kärnans standardavvikelse. Större värde ger jämnare yta och färre fynd."),
        unit="m",
        minimum=20,
        maximum=5000,
    )
    cell_size_m: float = setting(
        100.0, N_("Rutans sida; högst bandbredden."), unit="m", minimum=10, maximum=2000
    )
    unit: Literal["days", "events"] = setting(
        "days",
        N_("Vad som räknas: olika dagar per plats (en insats räknas en gång) eller händelser."),
    )
    min_support: float = setting(
        5.0,
        N_("Minsta vägda antal rapporter omkring en ruta för att den ska prövas."),
        unit="rapporter",
        above=0,
    )
    runs: int = setting(
        499, N_("Antal omfördelningar av märkningen. Fler ger finare p."), minimum=99, maximum=9999
    )
    seed: int = setting(
        581, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )
    alpha: float = setting(
        0.05,
        N_("Högsta risk för att någon ruta på hela kartan pekas ut av en slump."),
        above=0,
        maximum=0.5,
    )


@dataclass(frozen=True)
class RelativeDensity:
    """Table ``relative_density`` and its contours.

    Attributes
    ----------
    table
        Cells with reports around, by column and row; empty where nothing can be compared.
    higher, lower
        What the tolerance contours enclose, edges along the cells; empty where nothing is beyond
        chance.
    n_cases, n_against
        What was counted.
    notices, caveat
        What was chosen and what to look at; the words that always go with it.
    """

    table: gpd.GeoDataFrame
    higher: Any
    lower: Any
    n_cases: int
    n_against: int
    notices: tuple[Notice, ...]
    caveat: str


def relative_density(
    cases: pd.DataFrame,
    against: pd.DataFrame,
    options: RelativeOptions | None = None,
    *,
    crs: str,
) -> RelativeDensity:
    """Hold the density of cases against that of other reports.

    Parameters
    ----------
    cases
        Rows of ``incidents``, such as the drug reports of one source.
    against
        Rows of ``incidents`` they are held against, *without* the cases: all other reports of the
        same source, or the reports of another source.
    options
        Grid, bandwidth and Monte Carlo.
    crs
        The project's CRS.

    Returns
    -------
    RelativeDensity
        ``ratio`` is the cases' share of the density over the others' share: 1 is the town's own
        mix, infinite where there are cases only. Independent of the order of the rows.

    Notes
    -----
    Labels are dealt out cell by cell (multivariate hypergeometric), which is random labelling of
    every single report. With ``unit = "days"`` the reports of a day on
    a place are one, since they did not come independently of one another.
    """
    options = options or RelativeOptions()
    counts = [_units(events, options.unit) for events in (cases, against)]
    totals = [int(c["n"].sum()) for c in counts]
    caveat = standing_caveat()
    if min(totals) == 0 or options.cell_size_m > options.bandwidth_m:
        nothing: Any = schema.empty("relative_density", crs=crs, tables=EVIDENCE)
        none = shapely.MultiPolygon()
        notice = _refusal(totals, options)
        return RelativeDensity(nothing, none, none, totals[0], totals[1], (notice,), caveat)
    places = pd.concat(counts, keys=["case", "other"], names=["label"]).reset_index("label")
    x_m, y_m = places["x_m"].to_numpy(np.float64), places["y_m"].to_numpy(np.float64)
    bounds = (float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max()))
    frame = frame_of(bounds, cell_size_m=options.cell_size_m, margin_m=options.bandwidth_m)
    is_case = (places["label"] == "case").to_numpy()
    n = places["n"].to_numpy(np.float64)
    at = _cell_of(frame, x_m, y_m)
    shape = (frame.rows, frame.columns)
    n_cases, n_all = (
        np.bincount(at, weights=weight, minlength=frame.rows * frame.columns)
        .astype(np.float64)
        .reshape(shape)
        for weight in (n * is_case, n)
    )
    found = _test(n_cases, n_all, options)
    table = _table(frame, found, (totals[0], totals[1]), options, crs)
    contours = [_outline(table, side) for side in ("higher", "lower")]
    notices = (_tell(table, totals, options),)
    return RelativeDensity(table, contours[0], contours[1], totals[0], totals[1], notices, caveat)


def _units(events: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return how much is counted on each place: ``x_m``, ``y_m``, ``n``."""
    table = pd.DataFrame(
        {
            "x_m": events["x_m"].to_numpy(np.float64),
            "y_m": events["y_m"].to_numpy(np.float64),
            "day": event_days(events).astype(np.int64),
        }
    )
    if unit == "days":
        table = table.drop_duplicates()
    return table.groupby(["x_m", "y_m"], sort=True).size().rename("n").reset_index()


def _cell_of(frame: Frame, x_m: Floats, y_m: Floats) -> Ints:
    column = np.floor(x_m / frame.cell_size_m).astype(np.int64) - frame.column
    row = np.floor(y_m / frame.cell_size_m).astype(np.int64) - frame.row
    return row * frame.columns + column


def _smooth(grid: Floats, kernel: Floats) -> Floats:
    """Return the sum around each cell, each cell weighed by the kernel across and along."""
    from scipy.ndimage import correlate1d

    rows = correlate1d(grid, kernel, axis=0, mode="constant")
    smooth: Floats = correlate1d(rows, kernel, axis=1, mode="constant")
    return smooth


@dataclass(frozen=True, eq=False)
class _Tested:
    """Grids of cases and reports around each cell, and p where there are enough of them."""

    cases: Floats
    support: Floats
    tested: Flags
    higher: Floats
    lower: Floats
    over_map: Floats


def _test(n_cases: Floats, n_all: Floats, options: RelativeOptions) -> _Tested:
    """Rank each cell among relabelled maps.

    Given the reports around a cell, its ratio rises with the cases around it, so the cases alone
    rank the ratio.
    """
    sigma = options.bandwidth_m / options.cell_size_m
    steps = np.arange(-int(CUT * sigma), int(CUT * sigma) + 1)
    kernel = np.exp(-0.5 * (steps / sigma) ** 2)
    cases, support = _smooth(n_cases, kernel), _smooth(n_all, kernel)
    total, dealt = n_all.sum(), n_cases.sum()
    share = dealt / total
    spread = _smooth(n_all, kernel**2) - support**2 / total
    variance = share * (1 - share) * total / max(total - 1, 1) * spread
    # Where every report has the same weight, nothing depends on the labels.
    tested = (support >= options.min_support) & (variance > _SLACK * support)
    mean, sd = share * support[tested], np.sqrt(variance[tested])
    z = (cases[tested] - mean) / sd
    rng = np.random.default_rng(options.seed)
    filled = np.flatnonzero(n_all)
    pool, grid = n_all.ravel()[filled].astype(np.int64), np.zeros(n_all.size)
    # Shuffling every report is the faster way as long as they are not very many.
    method: Literal["count", "marginals"] = "count" if total <= _MOST_SHUFFLED else "marginals"
    more, fewer, most, least = (np.ones(len(z)) for _ in range(4))
    for _run in range(options.runs if len(z) else 0):
        grid[filled] = rng.multivariate_hypergeometric(pool, int(dealt), method=method)
        drawn = (_smooth(grid.reshape(n_all.shape), kernel)[tested] - mean) / sd
        more += drawn >= z - _SLACK
        fewer += drawn <= z + _SLACK
        most += drawn.max() >= z - _SLACK
        least += drawn.min() <= z + _SLACK
    p = [np.full(n_all.shape, np.nan) for _ in range(3)]
    both = np.minimum(2 * np.minimum(most, least), options.runs + 1)
    for one, ranks in zip(p, (more, fewer, both), strict=True):
        one[tested] = ranks / (options.runs + 1)
    return _Tested(cases, support, tested, p[0], p[1], p[2])


def _table(
    frame: Frame, found: _Tested, totals: tuple[int, int], options: RelativeOptions, crs: str
) -> gpd.GeoDataFrame:
    # Less than one report around a cell says nothing, not even a ratio.
    row, column = np.nonzero(found.support >= 1.0)
    order = np.lexsort((row, column))
    at = (row[order], column[order])
    cases, support = found.cases[at], found.support[at]
    with np.errstate(divide="ignore"):
        ratio = (cases / totals[0]) / (np.maximum(support - cases, 0.0) / totals[1])
    beyond = found.over_map[at] <= options.alpha
    above = found.higher[at] < found.lower[at]
    side = np.select(
        [~found.tested[at], beyond & above, beyond], ["too_few", "higher", "lower"], "none"
    )
    columns, rows = frame.column + at[1], frame.row + at[0]
    west, south = columns * frame.cell_size_m, rows * frame.cell_size_m
    ids = [f"E{c}_N{r}" for c, r in zip(columns.tolist(), rows.tolist(), strict=True)]
    table = gpd.GeoDataFrame(
        {
            "cell_id": pd.Series(ids, dtype="str"),
            "x_m": west.astype(np.float64),
            "y_m": south.astype(np.float64),
            "support": support,
            "ratio": ratio,
            "p_higher": found.higher[at],
            "p_lower": found.lower[at],
            "p_map": found.over_map[at],
            "class": schema.category(side, "relative_density", "class", tables=EVIDENCE),
        },
        geometry=shapely.box(west, south, west + frame.cell_size_m, south + frame.cell_size_m),
        crs=crs,
    )
    schema.check(table, "relative_density", crs=crs, tables=EVIDENCE)
    return table


def _outline(table: gpd.GeoDataFrame, side: str) -> Any:  # noqa: ANN401 (a geometry)
    cells = table.geometry.to_numpy()[(table["class"] == side).to_numpy()]
    return shapely.normalize(shapely.union_all(cells)) if len(cells) else shapely.MultiPolygon()


def _refusal(totals: list[int], options: RelativeOptions) -> Notice:
    if min(totals) == 0:
        text = _(
            "Relativ täthet behöver både fall och något att jämföra med: här finns {cases} fall "
            "och {others} andra rapporter."
        ).format(cases=number(totals[0]), others=number(totals[1]))
        return Notice(code="nothing_to_compare", text=text, level="warning")
    text = _("Rutan ({cell} m) är större än bandbredden ({h} m). Välj mindre rutor.").format(
        cell=number(options.cell_size_m), h=number(options.bandwidth_m)
    )
    return Notice(code="bandwidth_below_cell", text=text, level="warning")


def _tell(table: gpd.GeoDataFrame, totals: list[int], options: RelativeOptions) -> Notice:
    n = {name: int((table["class"] == name).sum()) for name in ("higher", "lower", "none")}
    counted = _("olika dagar per plats") if options.unit == "days" else _("händelser")
    text = _(
        "{cases} fall mot {others} andra rapporter ({unit}), bandbredd {h} m. Av {tested} prövade "
        "rutor har {higher} en högre andel fall och {lower} en lägre än vad slumpen ger "
        "({runs} omfördelningar; risken att någon ruta pekas ut av en slump är högst {alpha})."
    ).format(
        cases=number(totals[0]),
        others=number(totals[1]),
        unit=counted,
        h=number(options.bandwidth_m),
        tested=number(sum(n.values())),
        higher=number(n["higher"]),
        lower=number(n["lower"]),
        runs=number(options.runs),
        alpha=percent(options.alpha),
    )
    data = {"n_cases": totals[0], "n_against": totals[1], **n}
    return Notice(code="relative_density", text=text, data=data)
