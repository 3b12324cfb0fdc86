"""The need in words, and what was counted."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.errors import Notice
from geodata.labels import label
from geodata.language import N_, ngettext, number, percent
from geodata.language import gettext as _
from hotspots.searchneed.drift import Drift


def words(table: pd.DataFrame) -> pd.Series[Any]:
    """Return each entrance's points in words; parts that give nothing are left out.

    Parameters
    ----------
    table
        The columns of need but the words.
    """
    names = ["need_reports", "need_finds", "need_camera", "need_request", "reports", "around_rate"]
    shown = np.round(table[names].to_numpy(np.float64), 1)
    rows, which = np.unique(shown, axis=0, return_inverse=True)
    texts = np.array([_words(row) for row in rows.tolist()], dtype=object)
    return pd.Series(texts[which.ravel()], index=table.index, dtype="str")


def _words(row: list[float]) -> str:
    reports, finds, camera, request, n, around = row
    parts = [
        _("rapporter {points} ({n} vid entrén, grannskapet {rate} per 100 lägenheter)").format(
            points=number(reports, 1), n=number(n, 1), rate=number(around, 1)
        )
    ]
    if finds:
        parts.append(_("tidigare fynd {points}").format(points=number(finds, 1)))
    if camera:
        parts.append(_("kamera i närheten {points}").format(points=number(camera, 1)))
    if request:
        parts.append(_("ägarens önskemål {points}").format(points=number(request, 1)))
    text = ", ".join(parts)
    return text[0].upper() + text[1:] + "."


def need_weighed(
    table: pd.DataFrame, given: int, total: int, source: str, unknown: int
) -> tuple[Notice, ...]:
    """Tell which reports count and what wasn't known."""
    text = _(
        "Behovet bygger på {n} rapporter från allmänna utrymmen i bostadshus ({source}). {far} når "
        "ingen entré och ges inte till någon. Inga uppgifter om vilka som bor där används."
    ).format(n=number(total), source=label(source), far=number(total - given))
    data = {"n": total, "n_given": given, "source": source}
    notices = [Notice(code="need_weighed", text=text, level="chosen", data=data)]
    if unknown and len(table):
        text = ngettext(
            "{n} entré saknar antal lägenheter och räknas som en vanlig entré.",
            "{n} entréer saknar antal lägenheter och räknas som vanliga entréer.",
            unknown,
        ).format(n=number(unknown))
        notices.append(Notice(code="dwellings_unknown", text=text, data={"n": unknown}))
    return tuple(notices)


GROUP_TEXTS: Final = {
    "owner": N_("ägare"),
    "area": N_("område"),
    "tenure": N_("upplåtelseform"),
}


def fairness(table: pd.DataFrame, drifts: tuple[Drift, ...], drift_days: int) -> tuple[Notice, ...]:
    """Tell how many groups lie outside what chance gives, and where searching has drifted."""
    visits = int(table.loc[table["by"] == "tenure", "n_searched"].sum())
    if not visits:
        return ()
    outside = int(table["outside"].sum())
    text = _(
        "{n} besök vid entréer räknas i fördelningen. {outside} av {groups} grupper ligger utanför "
        "vad slumpen ger (95 %); omkring {due} väntas göra det av slump."
    ).format(
        n=number(visits),
        outside=number(outside),
        groups=number(len(table)),
        due=number(0.05 * len(table), 1),
    )
    data = {"n_visits": visits, "n_outside": outside, "n_groups": len(table)}
    notices = [Notice(code="search_fairness", text=text, data=data)]
    for drift in drifts:
        if not drift.drifted:
            continue
        text = _(
            "Sök och behov har glidit isär per {by}: {apart} av {n} besök de senaste {days} "
            "dagarna borde ha legat på annat håll (p = {p}). Störst överskott: {most}. "
            "Störst underskott: {least}."
        ).format(
            by=_(GROUP_TEXTS[drift.by]),
            apart=percent(drift.apart),
            n=number(drift.visits),
            days=number(drift_days),
            p=number(drift.p, 3),
            most=_named(drift.most, drift.by),
            least=_named(drift.least, drift.by),
        )
        notices.append(
            Notice(
                code="search_drift",
                text=text,
                level="warning",
                data={"by": drift.by, "apart": drift.apart, "p": drift.p},
            )
        )
    return tuple(notices)


def _named(group: str | None, by: str) -> str:
    if group is None:
        return _("utan uppgift")
    return label(group) if by == "tenure" else f"”{group}”"
