"""Every method tried on the town's own past, and the scores of the one that is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.accuracy.cards import Card, method_card
from hotspots.accuracy.history import History, gather
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.registry import NAMES, scores
from hotspots.accuracy.trial import Trial, try_methods
from hotspots.options import HotspotOptions


@dataclass(frozen=True)
class Accuracy:
    """The trial of all methods, or why there is none.

    Attributes
    ----------
    trial, card, history
        ``None`` when there is too little to try anything on.
    notices
        ``methods_tried`` with the card's sentence, or ``methods_not_tried`` with the reason.
    """

    trial: Trial | None
    card: Card | None
    history: History | None
    notices: tuple[Notice, ...]


def evaluate(
    incidents: pd.DataFrame,
    counted: HotspotOptions,
    *,
    options: AccuracyOptions | None = None,
    population: pd.DataFrame | None = None,
    seed: int = 581,
) -> Accuracy:
    """Try every method on the town's own past.

    Parameters
    ----------
    incidents
        Table ``incidents``, all of it: other classes help some methods and tell where anything
        could happen. Unconfirmed stacked points never count.
    counted
        Classes, source and side of the cells. The period is not limited to ``window_months``: the
        trial needs all the past there is.
    options
        How the trial is made; defaults when left out.
    population
        Where people live, for the baseline of that name: points (``x_m``, ``y_m``, ``population``)
        or areas (a GeoDataFrame with ``population``), in the CRS of the incidents; an area's
        inhabitants are spread evenly over its part of the cells in which an event could happen.
        Without it, or when nobody lives in those cells, the baseline is left out and the notice
        says so.
    seed
        For the intervals.

    Returns
    -------
    Accuracy
        Independent of the order of the rows; the same for the same seed.
    """
    chosen = options or AccuracyOptions()
    history = gather(incidents, counted, chosen, population=population)
    trial = None if history is None else try_methods(history, chosen)
    if trial is None:
        text = _(
            "Metodernas träffsäkerhet är inte prövad: det behövs minst {periods} veckor, månader "
            "eller kvartal med i medeltal {events} räknade händelser. Använd antal per ruta."
        ).format(periods=number(chosen.min_periods), events=number(chosen.min_events_per_period))
        notice = Notice(code="methods_not_tried", text=text, level="warning")
        return Accuracy(trial=None, card=None, history=history, notices=(notice,))
    card = method_card(trial, chosen, seed=seed)
    text = (
        card.sentence
        + " "
        + _('Med method = "auto" används: {method}.').format(method=_(NAMES[card.chosen]))
    )
    if history is not None and history.residents is None:
        text += " " + _("Befolkning är inte prövad: invånartal saknas för rutorna.")
    data = {"best": card.best, "chosen": card.chosen, "folds": card.folds, "unit": card.unit}
    return Accuracy(
        trial=trial,
        card=card,
        history=history,
        notices=(Notice(code="methods_tried", text=text, data=data),),
    )


def cell_scores(history: History, method: str) -> pd.DataFrame:
    """Score every cell for the period after the last, by all that is known.

    Parameters
    ----------
    history
        Of an `Accuracy`.
    method
        Its name; what ``auto`` stands for is `Card.chosen`.

    Returns
    -------
    pandas.DataFrame
        ``x_m``, ``y_m`` (south-west corner, metres), ``n_events`` (all counted) and ``score``
        (higher is hotter; no unit), one row a cell of the area, by column, then row.
    """
    past = history.before(len(history.periods))
    score = scores(past, (method,))[method]
    grid, area = history.grid, past.area
    return pd.DataFrame(
        {
            "x_m": grid.columns[area] * grid.cell_size_m,
            "y_m": grid.rows[area] * grid.cell_size_m,
            "n_events": history.counts[area].sum(axis=1).astype("int64"),
            "score": score,
        }
    )
