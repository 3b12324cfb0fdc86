"""What a row of hot and other quarters is called.

The first rule that holds gives the class:

- ``unclear``: fewer than ``min_quarters`` whole quarters, or no quarter hot;
- ``gone``: hot before, but in none of the last four quarters (a year, so that no season passes for
  an end);
- ``new``: hot in the last four quarters only;
- ``fading``: events by quarter fall by Mann-Kendall (p at most ``alpha``), or hot in at least half
  of the quarters from the first hot one to the last year – four or more, else they are too few to
  tell – and in the last year at most ``fading_share`` as often;
- ``chronic``: hot in at least ``chronic_share`` of the quarters since the first hot one;
- ``intermittent``: all others.

The classes are after the idea of emerging hot-spot analysis (Harris et al. 2017), with rules that
can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.labels import label
from geodata.language import N_, number
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.trend import Trend

Flags = NDArray[np.bool_]

YEAR: Final = 4
"""Quarters of a year."""


@dataclass(frozen=True, kw_only=True)
class PersistenceOptions:
    """When a quarter is hot, and what a row of quarters is called."""

    max_quarters: int = setting(
        12,
        N_("Hur många hela kvartal bakåt som räknas, om uttaget räcker."),
        unit="kvartal",
        minimum=4,
        maximum=80,
    )
    min_quarters: int = setting(
        8,
        N_("Minsta antal hela kvartal för att en hot spot ska få en klass."),
        unit="kvartal",
        minimum=5,
    )
    min_events: int = setting(
        2,
        N_("Minsta antal händelser i en hot spot för att kvartalet ska räknas som hett."),
        unit="händelser",
        minimum=1,
    )
    top_share: float = setting(
        0.1,
        N_(
            "Andel av kvartalets rutor med händelser som är dess toppskikt; hot spoten måste ha "
            "minst lika många händelser som de för att kvartalet ska vara hett."
        ),
        unit="andel",
        above=0,
        maximum=1,
    )
    own_share: float = setting(
        0.25,
        N_(
            "Andel av hot spotens eget snitt per kvartal som kvartalet minst måste nå, så att en "
            "tydlig säsong syns även där det finns många händelser."
        ),
        unit="andel",
        minimum=0,
        maximum=1,
    )
    chronic_share: float = setting(
        0.75,
        N_("Andel heta kvartal sedan det första som gör en hot spot ihållande."),
        unit="andel",
        above=0,
        maximum=1,
    )
    fading_share: float = setting(
        0.5,
        N_("Så stor del av tidigare andel heta kvartal, eller mindre, gör den avtagande."),
        unit="andel",
        minimum=0,
        maximum=1,
    )
    alpha: float = setting(
        0.05,
        N_("Högsta p-värde för att en fallande trend ska göra en hot spot avtagande."),
        above=0,
        maximum=0.5,
    )


def classify(hot: Flags, trend: Trend, rules: PersistenceOptions) -> str:
    """Return the class of one row of quarters, oldest first; the rules stand at the module's top.

    Parameters
    ----------
    hot
        Whether each quarter was hot, shape (quarters,).
    trend
        Of the events by quarter.
    rules
        The limits.
    """
    if len(hot) < rules.min_quarters or not hot.any():
        return "unclear"
    recent, before = hot[-YEAR:], hot[:-YEAR]
    if not recent.any():
        return "gone"
    if not before.any():
        return "new"
    since = hot[int(np.argmax(hot)) :]
    usual = float(since[:-YEAR].mean()) if len(since) >= 2 * YEAR else 0.0
    falls = trend.slope < 0 and trend.s < 0 and trend.p <= rules.alpha
    if falls or (usual >= 0.5 and recent.mean() <= rules.fading_share * usual):
        return "fading"
    return "chronic" if since.mean() >= rules.chronic_share else "intermittent"


def explain(row: Mapping[str, Any], rules: PersistenceOptions) -> str:
    """Return the class of a row of ``persistence`` in one or two sentences."""
    name = label(row["class"]).capitalize()
    if row["n_quarters"] < rules.min_quarters:
        text = _("{name}: {n} hela kvartal är för kort historik (minst {least} behövs).")
        return text.format(name=name, n=row["n_quarters"], least=rules.min_quarters)
    if row["n_hot"] == 0:
        text = _("{name}: når inte toppskiktet i något enskilt kvartal av {n}.")
        return text.format(name=name, n=row["n_quarters"])
    text = _(
        "{name}: i toppskiktet {hot} av {n} kvartal, varav {recent} av de fyra senaste, första "
        "gången i kvartalet från {first}."
    ).format(
        name=name,
        hot=row["n_hot"],
        n=row["n_quarters"],
        recent=row["n_hot_last_year"],
        first=row["first_hot"].date(),
    )
    return text + " " + _trend_text(row, rules)


def _trend_text(row: Mapping[str, Any], rules: PersistenceOptions) -> str:
    p = number(row["trend_p"], 3)
    if row["trend_p"] > rules.alpha or row["trend_s"] == 0:
        text = _("Ingen säkerställd trend i antalet rapporterade händelser (p = {p}).")
        return text.format(p=p)
    rises = row["trend_s"] > 0
    text = (
        _("Antalet rapporterade händelser stiger med {slope} per kvartal (p = {p}).")
        if rises
        else _("Antalet rapporterade händelser faller med {slope} per kvartal (p = {p}).")
    )
    return text.format(slope=number(abs(row["sen_slope"]), 1), p=p)
