"""The words of figures in an appendix: hidden, unknown, more, fewer, and never more than is known.

That reports have risen or fallen is said only of reported offences, and only where the interval
leaves out no change.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from geodata.labels import label
from geodata.language import day, number, percent
from geodata.language import gettext as _
from geodata.schema import SOURCES
from maps.appendix.model import AppendixFacts, Source

_DASH = "–"


def unknown() -> str:
    """Return the words for a figure that nobody gave; never zero."""
    return _("uppgift saknas")


def secret() -> str:
    """Return the word for a figure that may not be shown; never zero."""
    return _("dolt")


def count(value: Any, *, hidden: bool = False, decimals: int = 0) -> str:  # noqa: ANN401 (a cell)
    """Return a figure as printed."""
    if value is None or pd.isna(value):
        return secret() if hidden else unknown()
    return number(float(value), decimals)


def noun(facts: AppendixFacts, source: str, what: str) -> str:
    """Return what is counted: ``anmälda narkotikabrott``, ``EST-rapporter``."""
    if source == "police" and what == "counted":
        return _("anmälda narkotikabrott") if facts.drugs else _("anmälda brott")
    if source == "police":
        return _("anmälda brott, alla slag")
    if source == "est_report":
        return _("EST-rapporter")
    if source in ("unknown", "other"):
        return _("rapporter utan känd källa")
    return _("rapporter från {source}").format(source=label(source))


def state_text(source: str, state: Any) -> str:  # noqa: ANN401 (a cell)
    """Return what can be said of a change, in a few words."""
    if state is None or pd.isna(state):
        return secret()
    if source == "police":
        sure = {"more": _("anmälda brott har ökat"), "fewer": _("anmälda brott har minskat")}
    else:
        sure = {"more": _("säkert fler rapporter"), "fewer": _("säkert färre rapporter")}
    texts = {
        **sure,
        "none": _("ej säkerställd förändring"),
        "few": _("för få för att säga något"),
        "missing": _("ingen jämförelse"),
    }
    return texts[str(state)]


def ratio_percent(ratio: float) -> str:
    """Return a ratio as a change in percent with its sign: ``+12 %``, ``−8 %``."""
    whole = round(100 * (ratio - 1))
    sign = "+" if whole > 0 else ("\u2212" if whole < 0 else "±")
    return sign + percent(abs(whole) / 100)


def interval_text(low: Any, high: Any) -> str:  # noqa: ANN401 (two cells)
    """Return the interval of a change in percent; open upwards where nothing was before."""
    if low is None or pd.isna(low):
        return _DASH
    lower = ratio_percent(float(low))
    if high is None or pd.isna(high):
        return _("minst {low}").format(low=lower)
    return _("{low} till {high}").format(low=lower, high=ratio_percent(float(high)))


def change_sentence(facts: AppendixFacts, row: pd.Series, where: str) -> str:
    """Return one change in a sentence.

    Parameters
    ----------
    facts
        Of the appendix.
    row
        Row of table ``appendix_change``.
    where
        ``i hela kommunen``, ``i Hageby``.
    """
    what = noun(facts, str(row["source"]), str(row["what"]))
    now, before = row["n_now"], row["n_before"]
    if pd.isna(row["state"]) or pd.isna(now):
        return _("{what} {where}: talen är dolda.").format(what=capital(what), where=where)
    if str(row["state"]) == "missing":
        text = _("{what} {where}: {now}.")
        if facts.compared:  # else that is said once, of all
            text = _("{what} {where}: {now}. Uppgift att jämföra med saknas.")
        return text.format(what=capital(what), where=where, now=count(now))
    figures = _("{now} mot {before} under {compared}").format(
        now=count(now), before=count(before), compared=facts.compared
    )
    if pd.notna(row["ratio"]):
        figures += _(", {ratio} (95-procentsintervall {interval})").format(
            ratio=ratio_percent(float(row["ratio"])),
            interval=interval_text(row["ratio_low"], row["ratio_high"]),
        )
    police = str(row["source"]) == "police"
    texts = {
        "more": _("{What} har ökat {where}: {figures}.")
        if police
        else _("Säkert fler {what} {where}: {figures}."),
        "fewer": _("{What} har minskat {where}: {figures}.")
        if police
        else _("Säkert färre {what} {where}: {figures}."),
        "none": _("Ingen säkerställd förändring av {what} {where}: {figures}."),
        "few": _("För få {what} {where} för att säga något om förändring: {figures}."),
    }
    text = texts[str(row["state"])]
    return text.format(What=capital(what), what=what, where=where, figures=figures)


def no_comparison() -> str:
    """Return why nothing can be said of change, where the extract has no period before."""
    return _("Uttaget når inte till året före, så någon förändring kan inte räknas.")


def place_text(unit: str, name: str) -> str:
    """Return where, for a sentence."""
    if unit == "whole":
        return _("i hela kommunen")
    if unit == "outside":
        return _("utanför områdena")
    if unit == "unplaced":
        return _("på förvald adress")
    return _("i {area}").format(area=name)


def source_line(source: Source, *extra: str, origin: str = "") -> str:
    """Return the line beneath a map or table.

    Parameters
    ----------
    source
        For extract date and what weakens the period.
    *extra
        Further sentences; empty ones are left out.
    origin
        Where the figures come from: a code of `geodata.schema.SOURCES`, or words. Without one it is
        the source of the project's own count.
    """
    facts = source.facts
    taken = facts.map.extract_date
    parts = [_("Källa: {source}.").format(source=label(origin or own_source(source)))]
    if taken is not None:
        parts.append(_("Uttag {day}.").format(day=day(taken)))
    if facts.unfinished:
        text = _("Perioden är inte slut i uttaget: till och med {last}.")
        parts.append(text.format(last=day(facts.last)))
    elif facts.early_days is not None and (not origin or origin in SOURCES):
        parts.append(_("Sena rapporter kan saknas."))
    parts += [one for one in extra if one]
    return " ".join(parts)


def own_source(source: Source) -> str:
    """Return the source of the project's own count."""
    counts = source.table("appendix_counts")
    if counts is None:
        return "police"
    own = counts.loc[counts["what"].astype(str) == "counted", "source"]
    return str(own.iloc[0]) if len(own) else "police"


def rate_words(source: Source) -> str:
    """Return what rates are per."""
    counts = source.table("appendix_counts")
    per = [] if counts is None else counts["rate_per"].dropna().astype(str).tolist()
    return _("per 1 000 invånare och år") if "inhabitants" in per else _("per km² och år")


def boundary_note(facts: AppendixFacts) -> str:
    """Return a sentence on boundaries that were changed; empty when none was."""
    if not facts.moved:
        return ""
    told = "; ".join(f"{name} {', '.join(day(one) for one in days)}" for name, days in facts.moved)
    return _(
        "Ändrad gräns under perioderna: {areas}. Varje händelse räknas till den gräns som gällde "
        "den dagen."
    ).format(areas=told)


def capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]
