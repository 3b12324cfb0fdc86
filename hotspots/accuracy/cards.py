"""The method card: which method fitted this town best, by how much, and whether that is noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots.accuracy.grid import Floats
from hotspots.accuracy.intervals import Interval, interval
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.registry import AUTO, NAMES, REFERENCE
from hotspots.accuracy.trial import Trial

COLUMNS = (
    "method",
    "share",
    "hit_rate",
    "pai",
    "pai_low",
    "pai_high",
    "pei",
    "rri",
    "lead",
    "lead_error",
    "lead_low",
    "lead_high",
    "beyond_noise",
)


@dataclass(frozen=True)
class Card:
    """How the methods did on this town's own past.

    Attributes
    ----------
    table
        One row a method and share of the area, in the order of the trial: ``method``; ``share``
        (0–1); ``hit_rate`` (0–1), ``pai``, ``pei`` as means over folds, ``pai_low``, ``pai_high``
        the 95 % interval; ``rri`` over all folds; ``lead`` over all-time counts in PAI, paired by
        fold, with ``lead_error``, ``lead_low``, ``lead_high``, and ``beyond_noise`` whether the
        interval leaves out 0.
    chosen
        The method that a run with ``method = "auto"`` uses.
    best
        The method of highest mean PEI over all shares, in hindsight; never `auto`.
    folds, unit
        Number of periods that were foretold, and their length.
    first, last
        First day of the first and of the last of them.
    mean_events, mean_cells
        Events a period; cells of the area.
    sentence
        What the card says, in the user's language.
    """

    table: pd.DataFrame
    chosen: str
    best: str
    folds: int
    unit: str
    first: pd.Timestamp
    last: pd.Timestamp
    mean_events: float
    mean_cells: float
    sentence: str


def method_card(trial: Trial, options: AccuracyOptions, *, seed: int) -> Card:
    """Sum up a trial.

    Parameters
    ----------
    trial
        Of `hotspots.accuracy.trial.try_methods`.
    options
        Number of resamples.
    seed
        The same gives the same intervals.
    """
    pai = trial.pai
    reference = trial.methods.index(REFERENCE)
    level = interval(pai, n_bootstrap=options.n_bootstrap, seed=seed)
    lead = compare(trial, REFERENCE, n_bootstrap=options.n_bootstrap, seed=seed)
    hit_rate = trial.hit_rate.mean(axis=0)
    before = trial.caught_before.mean(axis=0)
    rri = np.divide(hit_rate, before, out=np.full_like(before, np.nan), where=before > 0)
    beyond = lead.beyond_noise.copy()
    beyond[reference] = False
    columns = {
        "hit_rate": hit_rate,
        "pai": level.mean,
        "pai_low": level.low,
        "pai_high": level.high,
        "pei": trial.pei.mean(axis=0),
        "rri": rri,
        "lead": lead.mean,
        "lead_error": lead.error,
        "lead_low": lead.low,
        "lead_high": lead.high,
        "beyond_noise": beyond,
    }
    n, k = len(trial.methods), len(trial.shares)
    keys: dict[str, Any] = {
        "method": pd.Series(np.repeat(np.array(trial.methods), k), dtype="str"),
        "share": np.tile(np.array(trial.shares), n),
    }
    table = pd.DataFrame(keys | {name: value.ravel() for name, value in columns.items()})
    return Card(
        table=table,
        chosen=trial.chosen_next,
        best=_best(trial),
        folds=len(trial.starts),
        unit=trial.unit,
        first=pd.Timestamp(trial.starts[0]),
        last=pd.Timestamp(trial.starts[-1]),
        mean_events=float(trial.total.mean()),
        mean_cells=float(trial.area.mean()),
        sentence=_sentence(trial, table),
    )


def compare(trial: Trial, other: str, *, n_bootstrap: int, seed: int) -> Interval:
    """Return each method's lead in PAI over another on the same folds, (methods, shares)."""
    pai: Floats = trial.pai
    at = trial.methods.index(other)
    return interval(pai - pai[:, [at], :], n_bootstrap=n_bootstrap, seed=seed)


def _best(trial: Trial) -> str:
    efficiency = trial.pei.mean(axis=(0, 2))
    efficiency[trial.methods.index(AUTO)] = -np.inf
    return trial.methods[int(np.argmax(np.round(efficiency, 12)))]


def _sentence(trial: Trial, table: pd.DataFrame) -> str:
    """Say which method fitted best, at the share nearest to 5 % of the area."""
    best = _best(trial)
    share = min(trial.shares, key=lambda value: abs(value - 0.05))
    at = table["method"].eq(best) & np.isclose(table["share"], share)
    reference = table["method"].eq(REFERENCE) & np.isclose(table["share"], share)
    folds = len(trial.starts)
    tried = ngettext(
        "{n} period som metoderna inte sett", "{n} perioder som metoderna inte sett", folds
    )
    facts = {
        "method": _(NAMES[best]),
        "tried": tried.format(n=number(folds)),
        "share": percent(share, 1 if share < 0.01 else 0),
        "caught": percent(float(table.loc[at, "hit_rate"].iloc[0])),
        "counts": percent(float(table.loc[reference, "hit_rate"].iloc[0])),
    }
    if best == REFERENCE:
        return _(
            "Bäst på {tried} var antalet händelser under hela tiden: {share} av ytan fångade "
            "{caught} av händelserna. Ingen annan metod gjorde det bättre."
        ).format(**facts)
    if bool((table.loc[at, "lead_low"] > 0).iloc[0]):
        return _(
            "Bäst på {tried} var {method}: {share} av ytan fångade {caught} av händelserna, mot "
            "{counts} för antalet under hela tiden. Skillnaden är större än vad slumpen förklarar."
        ).format(**facts)
    return _(
        "Bäst på {tried} var {method}: {share} av ytan fångade {caught} av händelserna, mot "
        "{counts} för antalet under hela tiden. Skillnaden kan vara slump."
    ).format(**facts)
