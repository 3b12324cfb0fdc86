"""Where two independent sources agree: cells that are hot in both.

A cell is hot in a source when it is in the top class of that source's own cells, by distinct days.
Points of different sources miss by different errors, so a hot cell of one agrees with a hot cell of
the other within ``reach_cells`` cells. Agreement is told against what would be by chance: if the
hot cells of B lay anywhere among the cells with events of either source.
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
from geodata.caveats import source_caveat
from geodata.errors import Notice
from geodata.evidence_tables import EVIDENCE
from geodata.labels import label
from geodata.language import N_, number, percent
from geodata.language import gettext as _
from geodata.options import setting
from geodata.schema import SOURCES
from hotspots import tally
from hotspots.lattice import number_cells
from hotspots.selection import event_days
from hotspots.topclass import top_class

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class AgreementOptions:
    """What is hot in a source, and how near two hot cells must lie."""

    cell_size_m: float = setting(
        100.0,
        N_("Rutans sida. Större rutor ger fler träffar i båda källorna."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    top_share: float = setting(
        0.05,
        N_("Andel av källans rutor med händelser som är dess toppskikt. Lika rutor tas med."),
        unit="andel",
        above=0,
        maximum=1,
    )
    min_days: int = setting(
        3,
        N_("Minsta antal olika dagar för att en ruta ska höra till toppskiktet."),
        unit="dagar",
        minimum=1,
    )
    reach_cells: int = setting(
        1,
        N_("Hur många rutor bort den andra källans toppskikt får ligga. 0 = samma ruta."),
        unit="rutor",
        minimum=0,
        maximum=5,
    )
    min_events: int = setting(
        20,
        N_("Minsta antal händelser i vardera källan för att de ska jämföras."),
        unit="händelser",
        minimum=2,
    )


@dataclass(frozen=True)
class Agreement:
    """Table ``agreement`` and what it says.

    Attributes
    ----------
    table
        Cells with events of either source, by column and row; empty where they can't be compared.
    source_a, source_b
        The sources, ``None`` where there was only one.
    n_both
        Hot cells of A with a hot cell of B within reach.
    expected
        As many as there would be by chance.
    notices, caveats
        What to look at; the words that always go with each source.
    """

    table: gpd.GeoDataFrame
    source_a: str | None
    source_b: str | None
    n_both: int
    expected: float
    notices: tuple[Notice, ...]
    caveats: tuple[str, ...]


def largest_sources(events: pd.DataFrame, n: int = 2) -> tuple[str, ...]:
    """Return the sources with most events, most first, ties in order of `schema.SOURCES`."""
    counts = {name: int((events["source"] == name).sum()) for name in SOURCES}
    found = sorted((name for name in SOURCES if counts[name]), key=lambda name: -counts[name])
    return tuple(found[:n])


def agreement_map(
    events: pd.DataFrame,
    options: AgreementOptions | None = None,
    *,
    crs: str,
    sources: tuple[str, str] | None = None,
) -> Agreement:
    """Map the cells that are hot in two sources, and those hot in one.

    Parameters
    ----------
    events
        Rows of ``incidents``, already selected, of all sources.
    options
        What is hot, and how near.
    crs
        The project's CRS.
    sources
        The two sources; the two with most events when left out.

    Returns
    -------
    Agreement
        A cell's class is ``both`` when it is hot in one source and a cell within reach is hot in
        the other, else ``only_a``, ``only_b`` or ``neither``.
    """
    options = options or AgreementOptions()
    chosen = sources or largest_sources(events)
    caveats = tuple(source_caveat(name) for name in chosen)
    refusal = _too_little(events, chosen, options)
    if refusal is not None:
        nothing: Any = schema.empty("agreement", crs=crs, tables=EVIDENCE)
        known = (*chosen, None, None)
        return Agreement(nothing, known[0], known[1], 0, 0.0, (refusal,), caveats)
    events = events[events["source"].isin(list(chosen))]
    x_m, y_m = events["x_m"].to_numpy(np.float64), events["y_m"].to_numpy(np.float64)
    cell, columns, rows = number_cells(x_m, y_m, options.cell_size_m)
    n_events, n_days, top = [], [], []
    for name in chosen:
        own = (events["source"] == name).to_numpy()
        n_events.append(tally.totals(cell[own], len(columns)))
        n_days.append(tally.distinct(cell[own], event_days(events)[own], len(columns)))
        top.append(top_class(n_days[-1], share=options.top_share, least=options.min_days))
    near = [_near(columns, rows, hot, options.reach_cells) for hot in top]
    both = (top[0] & near[1]) | (top[1] & near[0])
    names = np.select([both, top[0], top[1]], ["both", "only_a", "only_b"], "neither")
    size = options.cell_size_m
    west, south = columns * float(size), rows * float(size)
    ids = [f"E{c}_N{r}" for c, r in zip(columns.tolist(), rows.tolist(), strict=True)]
    table = gpd.GeoDataFrame(
        {
            "cell_id": pd.Series(ids, dtype="str"),
            "x_m": west,
            "y_m": south,
            "n_a": n_events[0],
            "n_b": n_events[1],
            "n_days_a": n_days[0],
            "n_days_b": n_days[1],
            "top_a": top[0],
            "top_b": top[1],
            "class": schema.category(names, "agreement", "class", tables=EVIDENCE),
        },
        geometry=shapely.box(west, south, west + size, south + size),
        crs=crs,
    )
    schema.check(table, "agreement", crs=crs, tables=EVIDENCE)
    n_both, expected = int((top[0] & near[1]).sum()), float(top[0].sum() * near[1].mean())
    notice = _tell(chosen, top, n_both, expected, options)
    return Agreement(table, chosen[0], chosen[1], n_both, expected, (notice,), caveats)


def _near(columns: Ints, rows: Ints, hot: Flags, reach: int) -> Flags:
    """Tell which cells have a hot cell at most `reach` cells away, diagonals included."""
    width = int(np.ptp(rows)) + 2 * reach + 1
    key = (columns - columns.min()) * width + (rows - rows.min())
    steps = [dc * width + dr for dc in range(-reach, reach + 1) for dr in range(-reach, reach + 1)]
    reached = (key[hot][:, None] + np.array(steps)[None, :]).ravel()
    near: Flags = np.isin(key, reached)
    return near


def _too_little(
    events: pd.DataFrame, sources: tuple[str, ...], options: AgreementOptions
) -> Notice | None:
    if len(sources) < 2:
        text = (
            _("Bara en källa har händelser: {source}. Det går inte att se om en annan håller med.")
            if sources
            else _("Det finns inga händelser att jämföra mellan källor.")
        )
        text = text.format(source=", ".join(map(label, sources)))
        return Notice(code="one_source_only", text=text, level="warning")
    counts = {name: int((events["source"] == name).sum()) for name in sources}
    few = [name for name in sources if counts[name] < options.min_events]
    if not few:
        return None
    listed = ", ".join(f"{label(name)} ({number(counts[name])})" for name in few)
    text = _(
        "För få händelser för att jämföra källor: {listed}. Minst {least} behövs i vardera."
    ).format(listed=listed, least=number(options.min_events))
    return Notice(code="too_few_to_compare", text=text, level="warning", data={"counts": counts})


def _tell(
    sources: tuple[str, ...],
    top: list[Flags],
    n_both: int,
    expected: float,
    options: AgreementOptions,
) -> Notice:
    text = _(
        "Av {n} rutor om {cell} m i toppskiktet för {a} (de {share} med flest olika dagar, minst "
        "{days}) har {both} en ruta i toppskiktet för {b} högst {reach} bort. Av en slump hade det "
        "varit ungefär {expected}."
    ).format(
        n=number(int(top[0].sum())),
        cell=number(options.cell_size_m),
        a=label(sources[0]),
        share=percent(options.top_share),
        days=options.min_days,
        both=number(n_both),
        b=label(sources[1]),
        reach=_("{m} m").format(m=number(options.reach_cells * options.cell_size_m)),
        expected=number(expected, 1),
    )
    data = {
        "sources": list(sources),
        "n_top": [int(hot.sum()) for hot in top],
        "n_both": n_both,
        "expected": expected,
    }
    return Notice(code="sources_compared", text=text, data=data)
