"""A round in words: what was chosen, how, and each wish that couldn't be met."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.selection import Selected
from hotspots.searchround.walks import Walks
from hotspots.searchround.weeks import week_text

PROVEN: Final = 0.0005
"""Shares below this print as nothing: the plan is told as the best there is."""


def round_planned(
    selected: Selected,
    division: Walks,
    stops: pd.DataFrame,
    options: RoundOptions,
    monday: date,
) -> tuple[Notice, ...]:
    """Tell how a round was put together and what fell short."""
    week = week_text(monday)
    short = _fewer(selected, options, week)
    if selected.entrances.empty:
        return short
    return (
        _chosen(selected, division, week),
        _time(division, len(stops), options),
        *short,
        *_unmet(selected),
        *_price(selected),
    )


def minutes_text(minutes: float) -> str:
    """Return minutes as people say them: ``2 h 40 min``."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return _("{n} min").format(n=number(rest))
    if not rest:
        return _("{n} h").format(n=number(hours))
    return _("{h} h {m} min").format(h=number(hours), m=number(rest))


def _chosen(selected: Selected, division: Walks, week: str) -> Notice:
    by_need = int((selected.entrances["part"] == "need").sum())
    drawn = len(selected.entrances) - by_need
    walks = len(division.walks)
    n = len(selected.entrances)
    entrances = ngettext("{n} entré", "{n} entréer", n).format(n=number(n))
    text = ngettext(
        "Hundsök {week}: {entrances} i {walks} pass.",
        "Hundsök {week}: {entrances} i {walks} pass.",
        walks,
    ).format(week=week, entrances=entrances, walks=number(walks))
    text += " " + _(
        "Valda efter behov: {need}. Lottade: {drawn}, bland de {pool} som väntat längst "
        "(startvärde {seed})."
    ).format(
        need=number(by_need), drawn=number(drawn), pool=number(selected.pool), seed=selected.seed
    )
    data = {
        "week": week,
        "n": len(selected.entrances),
        "walks": walks,
        "by_need": by_need,
        "drawn": drawn,
        "pool": selected.pool,
        "seed": selected.seed,
    }
    return Notice(code="round_planned", text=text, level="chosen", data=data)


def _time(division: Walks, n: int, options: RoundOptions) -> Notice:
    walking = sum(walk.length for walk in division.walks)
    whole = division.minutes + n * options.minutes_per_entrance
    text = _("Passen tar sammanlagt {whole}, varav {walking} gång mellan entréer.").format(
        whole=minutes_text(whole), walking=minutes_text(walking)
    )
    if division.gap < PROVEN:
        text += " " + _("Ingen annan indelning tar kortare tid i starter och gång.")
    else:
        text += " " + _(
            "Starter och gång tar {used}; ingen indelning kan ta mindre än {bound} ({gap} mer än "
            "gränsen)."
        ).format(
            used=minutes_text(division.minutes),
            bound=minutes_text(division.bound),
            gap=percent(division.gap, 1),
        )
    data = {"minutes": whole, "walking_min": walking, "gap": division.gap}
    return Notice(code="round_time", text=text, data=data)


def _fewer(selected: Selected, options: RoundOptions, week: str) -> tuple[Notice, ...]:
    """Tell why a round has fewer entrances than were asked for, in one message."""
    n, wanted = len(selected.entrances), selected.n_wanted
    if n >= wanted > 0:
        return ()
    if wanted == 0:
        text = _("Tidsbudgeten {budget} rymmer inte ett enda sök.").format(
            budget=minutes_text(options.budget_min)
        )
        data = {"budget_min": options.budget_min}
        return (Notice(code="budget_too_small", text=text, level="warning", data=data),)
    if n:
        text = _("Rundan {week} får {n} av {wanted} önskade entréer.")
    else:
        text = _("Rundan {week} blir tom: ingen entré får sökas.")
    text = text.format(week=week, n=number(n), wanted=number(wanted)) + " "
    text += _(
        "Registret har {register}; {without} saknar samtycke som gäller hela veckan och {capped} "
        "är redan sökta {most} gånger på {days} dagar utan fynd."
    ).format(
        register=number(selected.n_register),
        without=number(selected.n_without_consent),
        capped=number(selected.n_capped),
        most=number(options.max_per_window),
        days=number(options.window_days),
    )
    data = {
        "n": n,
        "wanted": wanted,
        "register": selected.n_register,
        "without_consent": selected.n_without_consent,
        "capped": selected.n_capped,
    }
    larger = wanted > selected.n_register
    code = "round_past_register" if larger and n else ("round_smaller" if n else "round_empty")
    return (Notice(code=code, text=text, level="warning", data=data),)


def _unmet(selected: Selected) -> tuple[Notice, ...]:
    """Tell each least number that isn't met: by how much, and why."""
    short = selected.minima[selected.minima["short"] > 0]
    return tuple(
        Notice(
            code="least_unmet",
            text=unmet_text(row),
            level="warning",
            data={name: row[name] for name in ("kind", "name", "least", "n_selected", "reason")},
        )
        for row in short.to_dict("records")
    )


def unmet_text(row: Mapping[Hashable, Any]) -> str:
    """Say of one row of table ``search_minima`` what is short and why."""
    texts = {
        "owner": _("Ägaren {name} skulle ha minst {least} i rundan men får {n}."),
        "area": _("Området {name} skulle ha minst {least} i rundan men får {n}."),
    }
    reasons = {
        "no_consent": _(
            "Bara {able} av dess {total} entréer får sökas; de flesta saknar samtycke."
        ),
        "searched": _("Bara {able} av dess {total} entréer får sökas; de flesta är nyss sökta."),
        "others": _("Andra ägares och områdens minsta antal tar platserna."),
    }
    return (texts[str(row["kind"])] + " " + reasons[str(row["reason"])]).format(
        name=row["name"],
        least=number(row["least"]),
        n=number(row["n_selected"]),
        able=number(row["n_able"]),
        total=number(row["n_entrances"]),
    )


def _price(selected: Selected) -> tuple[Notice, ...]:
    """Tell what need the least numbers cost, and what proof is missing."""
    notices = []
    lost = 1 - selected.need_total / selected.need_free if selected.need_free > 0 else 0.0
    if lost >= PROVEN:
        text = _(
            "Ägares och områdens minsta antal kostar {lost} av det behov som annars kunde väljas."
        ).format(lost=percent(lost, 1))
        notices.append(Notice(code="need_given_up", text=text, data={"share": lost}))
    if selected.gap >= PROVEN:
        text = _("Urvalet efter behov kan vara upp till {gap} från det bästa.").format(
            gap=percent(selected.gap, 1)
        )
        data = {"gap": selected.gap}
        notices.append(Notice(code="round_gap", text=text, level="warning", data=data))
    return tuple(notices)
