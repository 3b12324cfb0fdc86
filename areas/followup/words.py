"""What is said of one comparison: a change only as reported events, and only when it is certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number, percent

HALF = 0.5


def counted_words(source: str, kind: str) -> str:
    """Return what is counted, as ”anmälda narkotikabrott (innehav)”."""
    police = source == "police"
    if kind == "all":
        return _("anmälda händelser") if police else _("rapporterade händelser")
    if kind == "street_drugs":
        return _("anmälda narkotikabrott") if police else _("rapporterad narkotika")
    what = _("anmälda händelser, {kind}") if police else _("rapporterade händelser, {kind}")
    return what.format(kind=label(kind))


def sentence(row: Mapping[str, Any], change: float) -> str:
    """Return the sentence of a row of table ``followup_areas``, its columns as in the table.

    Parameters
    ----------
    row
        The row; counts and ratio are absent where the state is ``missing``.
    change
        The fall that must be possible to show, as a share.
    """
    state = row["state"]
    what = counted_words(row["source"], row["class"])
    start = what[:1].upper() + what[1:]
    if state == "missing":
        return _("{what}: uppgift saknas för den ena perioden.").format(what=start)
    figures = _("{before} före, {now} nu").format(
        before=number(row["n_before"]), now=number(row["n_now"])
    )
    if state == "few":
        size = (
            _("en halvering")
            if change == HALF
            else _("en minskning med {n}").format(n=percent(change))
        )
        return _("{what}: för få händelser för att visa ens {size} ({figures}).").format(
            what=start, size=size, figures=figures
        )
    if state == "none":
        return _("{what}: ingen säkerställd förändring ({figures}).").format(
            what=start, figures=figures
        )
    text = (
        _("{what} har ökat ({figures}; {ratio}).")
        if state == "rose"
        else _("{what} har minskat ({figures}; {ratio}).")
    )
    return text.format(what=start, figures=figures, ratio=_times(row))


def _times(row: Mapping[str, Any]) -> str:
    low, high = row["ratio_low"], row["ratio_high"]
    if row["ratio"] != row["ratio"]:  # none before: only the lower limit is finite
        return _("minst {low} gånger så många per dag").format(low=number(low, 1))
    return _("{ratio} gånger så många per dag, {low}–{high}").format(
        ratio=number(row["ratio"], 2), low=number(low, 2), high=number(high, 2)
    )
