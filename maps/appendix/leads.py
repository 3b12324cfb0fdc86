"""What a chapter shows, in a sentence before its maps and tables: where, and when.

A report has such a sentence before each map. Only figures that stand in the chapter's own tables
are told, as they are printed there; what is hidden there is left out here, and takes no part in
what is said to be most or fewest.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from geodata.language import gettext as _
from geodata.language import number
from maps.appendix.model import Source
from maps.appendix.words import capital, count, noun, own_source, rate_words

NAMED: Final = 6
"""Areas named in a sentence, those of highest rate; the others stand in the table."""

DECIMALS: Final = 1


def where(source: Source) -> str:
    """Return the rate of each area in a sentence, highest first; empty where none is known."""
    counts = source.table("appendix_counts")
    if counts is None:
        return ""
    own = counts[(counts["what"].astype(str) == "counted") & (counts["order"] == 0)]
    own = own[own["by"].astype(str).isin(("whole", "area")) & own["rate"].notna()]
    # Ordered by what is printed: the order tells no more than the figures do.
    own = own.assign(printed=own["rate"].astype(float).round(DECIMALS))
    areas = own[own["unit"].astype(str) == "area"]
    areas = areas.sort_values(["printed", "name"], ascending=[False, True])
    if areas.empty:
        return ""
    what = capital(noun(source.facts, own_source(source), "counted"))
    told = ", ".join(_with_rate(row) for _i, row in areas.head(NAMED).iterrows())
    whole = own[own["unit"].astype(str) == "whole"]
    if len(whole):
        told = _("{areas}; hela kommunen ({rate})").format(
            areas=told, rate=count(whole["rate"].iloc[0], decimals=DECIMALS)
        )
    if len(areas) > NAMED:
        text = _("{what} {per}, de {k} högsta av {n} områden vars tal visas: {told}.")
    else:
        text = _("{what} {per}, högst först: {told}.")
    return text.format(
        what=what, per=rate_words(source), told=told, k=number(NAMED), n=number(len(areas))
    )


def _with_rate(row: pd.Series) -> str:
    return f"{row['name']} ({count(row['rate'], decimals=DECIMALS)})"


def most_and_fewest(named: list[tuple[str, float | None]]) -> tuple[str, str, str, str] | None:
    """Return what has most and fewest, each with its figure.

    Parameters
    ----------
    named
        Names with counts as printed; ``None`` for a hidden or unknown one.

    Returns
    -------
    tuple of str or None
        Names and figure of most, names and figure of fewest. ``None`` where a count isn't known,
        since that one may be either, or where all are equal.
    """
    values = [value for _name, value in named if value is not None]
    if not values or len(values) < len(named) or min(values) == max(values):
        return None
    high, low = max(values), min(values)
    joined = [
        _(" och ").join(name for name, value in named if value == edge) for edge in (high, low)
    ]
    return joined[0], count(high), joined[1], count(low)


def when_sentence(
    days: list[tuple[str, float | None]], parts: list[tuple[str, float | None]]
) -> str:
    """Return which weekday and part of the day has most events; empty where that isn't known.

    Parameters
    ----------
    days, parts
        Names with counts as printed, as of `most_and_fewest`; without the unknown hour.
    """
    told = []
    texts = (
        (days, _("Av veckodagarna har {most} flest händelser ({n}) och {fewest} färst ({m}).")),
        (parts, _("Av dygnets delar har {most} flest händelser ({n}) och {fewest} färst ({m}).")),
    )
    for named, text in texts:
        found = most_and_fewest(named)
        if found is not None:
            told.append(text.format(most=found[0], n=found[1], fewest=found[2], m=found[3]))
    return " ".join(told)
