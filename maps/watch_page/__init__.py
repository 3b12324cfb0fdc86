"""The page of the weekly watch: signals first, then every series as a small chart.

Self-contained, without script. It tells of few events at named places, so it is for profile
``intern`` alone. Made of released tables only.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.caveats import source_caveat, standing_caveat
from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import day, ngettext, number, percent
from geodata.language import gettext as _
from maps.sheet import render
from maps.watch_page.chart import weeks_picture
from maps.watch_page.series import Weeks, iso, make_blocks, make_rows, sources_of, top, weeks_of
from maps.watch_page.words import method_words, recurrence_short, what_words

PAGE: Final = "bevakning.html"

_TALL: Final = 96


@dataclass(frozen=True)
class _Card:
    """A signal as it is shown."""

    id: str
    title: str
    sentence: str
    method: str
    initiated: bool
    chart: Markup
    ends: tuple[str, str, str]
    figures: tuple[tuple[str, str], ...]


def watch_html(
    tables: Mapping[str, Released],
    *,
    week: str,
    title: str,
    notices: Sequence[str] = (),
    synthetic: bool = False,
) -> str:
    """Make the page of a week's watch.

    Parameters
    ----------
    tables
        ``watch_signals``, ``watch_series`` and ``watch_weeks``, released for ``intern``.
    week
        The week that was watched, as people say it.
    title
        Name of the project.
    notices
        What the reader should know, sentences.
    synthetic
        The data are made up.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Every text is escaped.

    Raises
    ------
    ValueError
        For tables that are withheld, or another profile.
    """
    names = ("watch_signals", "watch_series", "watch_weeks")
    found = {name: tables[name].table for name in names}
    profile = tables["watch_signals"].profile
    signals, series, weeks = (found[name] for name in names)
    if profile != "intern" or signals is None or series is None or weeks is None:
        msg = f"the page of the watch is for intern, not for {profile}"
        raise ValueError(msg)
    by_series = weeks_of(weeks)
    upper = dict(zip(series["series_id"], series["upper"], strict=True))
    states = series["state"].astype("str")
    shown = series[states.isin(("watched", "missing"))]
    return render(
        "watch.html",
        profile=profile,
        title=title,
        synthetic=synthetic,
        styles=("evidence.css", "watch.css"),
        week=week,
        lead=_lead(len(signals), week),
        calm=signals.empty,
        cards=[_card(row, upper, by_series) for row in signals.to_dict("records")],
        sources=[label(one) for one in sources_of(shown)],
        rows=make_rows(shown, signals, by_series),
        blocks=make_blocks(shown, signals, by_series),
        all=what_words("all"),
        n_watched=int((states == "watched").sum()),
        left=_left(series),
        caveats=_caveats(series),
        notices=list(notices),
    )


def _lead(n: int, week: str) -> str:
    if not n:
        return _("Inga signaler denna vecka ({week}).").format(week=week)
    text = ngettext("{n} signal, {week}.", "{n} signaler, {week}.", n)
    return text.format(n=number(n), week=week)


def _card(
    row: Mapping[Hashable, Any], upper: Mapping[str, float], weeks: Mapping[str, Weeks]
) -> _Card:
    chart, ends = Markup(), ("", "", "")
    if row["series_id"] in weeks:
        own = weeks[row["series_id"]]
        n_weeks = -(-((row["last_date"] - row["first_date"]).days + 1) // 7)
        chart = weeks_picture(
            f"signal-{row['rank']}",
            row["name"],
            own.counts,
            own.expected,
            upper=upper.get(str(row["series_id"]), np.nan),
            first=len(own.counts) - n_weeks,
            height=_TALL,
        )
        ends = (iso(own.first), _("högst {n}").format(n=top(own)), str(row["week"]))
    return _Card(
        id=str(row["signal_id"]),
        title=_("{place}: {what}").format(place=row["name"], what=what_words(str(row["class"]))),
        sentence=str(row["sentence"]),
        method=method_words(str(row["method"])),
        initiated=bool(row["police_initiated"]),
        chart=chart,
        ends=ends,
        figures=_figures(row),
    )


def _figures(row: Mapping[Hashable, Any]) -> tuple[tuple[str, str], ...]:
    found = [
        (_("Händelser"), number(row["observed"])),
        (_("Att vänta"), number(row["expected"], 1)),
        (_("Källa"), label(str(row["source"]))),
        (
            _("Dagar"),
            _("{first} till {last}").format(
                first=day(row["first_date"]), last=day(row["last_date"])
            ),
        ),
        (_("p i serien"), _p_text(float(row["p"]))),
        (_("Slumpen når dit"), recurrence_short(float(row["recurrence_weeks"]))),
    ]
    if np.isfinite(row["radius_m"]):
        found.insert(3, (_("Radie"), _("{n} m").format(n=number(row["radius_m"]))))
    return tuple(found)


def _p_text(p: float) -> str:
    if p < 1e-6:
        return "< " + number(1e-6, 6)
    return number(p, 6 if p < 1e-4 else 4)


def _left(series: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Return the reasons why series aren't watched, with those that have too short a history."""
    states = series["state"].astype("str")
    found: list[tuple[str, list[str]]] = []
    few, short = series[states == "few"], series[states == "short"]
    if len(few):
        text = ngettext(
            "{n} serie har för få händelser för att bevakas för sig. Dess händelser räknas i "
            "serierna ovanför och i sökningen efter ansamlingar i rum och tid.",
            "{n} serier har för få händelser för att bevakas var för sig. Deras händelser räknas i "
            "serierna ovanför och i sökningen efter ansamlingar i rum och tid.",
            len(few),
        )
        found.append((text.format(n=number(len(few))), []))
    if len(short):
        text = ngettext(
            "{n} serie har för kort historik: minst två år behövs.",
            "{n} serier har för kort historik: minst två år behövs.",
            len(short),
        )
        longest = short.groupby(["name", "source"], observed=True, sort=False)["n_weeks"].max()
        lines = [
            ngettext("{name} ({source}): {n} vecka", "{name} ({source}): {n} veckor", n).format(
                name=row["name"], source=label(str(row["source"])), n=number(n)
            )
            for row in longest.reset_index().to_dict("records")
            for n in [int(row["n_weeks"])]
        ]
        found.append((text.format(n=number(len(short))), lines))
    return found


def _caveats(series: pd.DataFrame) -> list[str]:
    """Return the standing words, and those of each source that has series."""
    sources = dict.fromkeys(series["source"].astype("str"))
    found = [standing_caveat(), *(source_caveat(one) for one in sources)]
    share = series["police_initiated"].mean() if len(series) else 0.0
    if share > 0:
        found.append(
            _("{share} av serierna hittas mest på polisens initiativ; de är märkta.").format(
                share=percent(float(share))
            )
        )
    return list(dict.fromkeys(found))
