"""The need in words, and what was counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from geodata.errors import Notice
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number


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
