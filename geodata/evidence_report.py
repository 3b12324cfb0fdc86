"""What the evidence page shows, as plain data: tables and sentences, nothing to be computed.

Filled by the run from what `hotspots` found, shown by `maps`; neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class HotspotEvidence:
    """One hot spot in words and figures.

    Attributes
    ----------
    hotspot_id, name
        As in the table ``hotspots``.
    sentence
        What the evidence comes to.
    uncertain
        Whether it stays in less than half of the runs with moved points.
    quarters
        Events by quarter, oldest first; empty when there are too few whole quarters.
    hot_quarters
        Whether it was in the top class that quarter, as long as `quarters`.
    figures
        Label → text, in the order they are shown.
    """

    hotspot_id: str
    name: str
    sentence: str
    uncertain: bool
    quarters: tuple[int, ...]
    hot_quarters: tuple[bool, ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class AccuracyReport:
    """The method card.

    Attributes
    ----------
    sentence, used
        What the card says; the method that this run used, by its name.
    about
        Number of periods foretold, their length, first and last.
    table
        One row a method and share of the area, in order: ``method`` (its name), ``share`` (0–1),
        ``hit_rate`` (0–1), ``pai``, ``pai_low``, ``pai_high``, ``pei``, ``rri``, ``lead``,
        ``lead_low``, ``lead_high``, ``beyond_noise`` (bool), ``reference`` (bool: what the others
        have to beat).
    """

    sentence: str
    used: str
    about: str
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class LorenzReport:
    """How unevenly events lie.

    Attributes
    ----------
    title, sentence
        Over what; what it comes to.
    curve
        ``share_units``, ``share_events``, from (0, 0) to (1, 1), busiest last.
    top
        ``share_units``, ``share_events`` of the busiest units.
    gini
        0 when all units hold the same, near 1 when one holds all.
    """

    title: str
    sentence: str
    curve: pd.DataFrame
    top: pd.DataFrame
    gini: float


@dataclass(frozen=True, eq=False)
class MatrixReport:
    """Hour by weekday of one source.

    Attributes
    ----------
    source
        Its name.
    matrix
        float64, shape (7, 25): Monday to Sunday by hour; the last column is unknown hour.
    window
        Hours of the smallest window, ``14–22``; empty when there is none.
    hours
        The hours 0–23 within it.
    sentence, caveat
        What to read out of it, and the words that always go with it.
    """

    source: str
    matrix: npt.NDArray[np.float64]
    window: str
    hours: tuple[int, ...]
    sentence: str
    caveat: str


@dataclass(frozen=True, eq=False)
class Finding:
    """A further result: a heading, what it comes to, and a small table.

    Attributes
    ----------
    table
        Column heads → texts, all of one length; empty for none.
    """

    title: str
    sentences: tuple[str, ...]
    table: dict[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class EvidenceReport:
    """Everything on the page.

    Attributes
    ----------
    hotspots
        By rank.
    accuracy
        ``None`` when nothing could be tried; `notes` then say why.
    lorenz, matrices, findings
        Pictures and further results.
    notes
        Sentences on what was chosen and what was left out.
    caveat
        The standing words.
    period
        First and last day counted, in words.
    quarter_names
        Of the quarters of the hot spots, oldest first; empty to leave them unnamed.
    """

    hotspots: tuple[HotspotEvidence, ...]
    accuracy: AccuracyReport | None
    lorenz: tuple[LorenzReport, ...]
    matrices: tuple[MatrixReport, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    caveat: str
    period: str
    quarter_names: tuple[str, ...] = ()


def as_texts(table: pd.DataFrame, columns: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return columns of a table as texts under new heads, for `Finding.table`.

    Parameters
    ----------
    table
        Any table.
    columns
        Head → (column, function that makes a text of one value); a missing value is a dash.
    """
    return {
        head: tuple("–" if pd.isna(value) else str(make(value)) for value in table[column])
        for head, (column, make) in columns.items()
    }
