"""What people want beside a proposal: comparison places, and measures of the project's own list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geodata.errors import Notice
from geodata.forms import Forms
from geodata.language import ngettext, number
from hotspots.crimepicture import Held, Measure

if TYPE_CHECKING:
    from geodata.measures import Measures

MOST: Final = 5
"""Comparison places that can be asked for."""


def asked_places(
    forms: Forms, ids: Sequence[str], held: Held, spots: pd.DataFrame, reach_m: float
) -> tuple[dict[str, list[int]], tuple[Notice, ...]]:
    """Return the candidates that the forms ask to be compared with, by proposal.

    Parameters
    ----------
    forms, ids
        What people have filled in, and the proposals.
    held
        All candidates.
    spots
        Table ``hotspots``, in the order of ``held.hotspot``.
    reach_m
        A point names the candidate with most events within this distance.

    Returns
    -------
    tuple
        Rows of `held`, at most five a proposal; and a notice of those that aren't found.
    """
    found: dict[str, list[int]] = {}
    lost: list[str] = []
    for name in ids:
        rows = []
        for text in forms.of(name).problem.compare_with[:MOST]:
            near = _candidates(text, held, spots, reach_m)
            if not len(near):
                lost.append(f"{name}: {text}")
            else:
                rows.append(max(near.tolist(), key=lambda i: (held.n_events[i], -i)))
        found[name] = list(dict.fromkeys(rows))
    if not lost:
        return found, ()
    text = ngettext(
        "{n} jämförelseplats i formulären finns inte bland hot spots eller möjliga platser: "
        "{list}.",
        "{n} jämförelseplatser i formulären finns inte bland hot spots eller möjliga platser: "
        "{list}.",
        len(lost),
    ).format(n=number(len(lost)), list="; ".join(lost))
    return found, (Notice(code="comparison_unknown", text=text, level="warning"),)


def _candidates(text: str, held: Held, spots: pd.DataFrame, reach_m: float) -> Any:  # noqa: ANN401
    """Return the rows of the candidates that a text names, an array of whole numbers."""
    words = text.replace(",", " ").split()
    try:
        point = [float(word) for word in words]
    except ValueError:
        point = []
    if len(point) == 2:
        return np.flatnonzero(np.hypot(*(held.xy - point).T) <= reach_m)
    wanted = text.strip().casefold()
    same = spots["hotspot_id"].str.casefold().eq(wanted)
    same |= spots["name"].str.casefold().eq(wanted).fillna(value=False)
    return np.flatnonzero(np.isin(held.hotspot, np.flatnonzero(same)))


def listed_measures(
    listed: Measures | None,
    view: Any,  # noqa: ANN401 (a polygon)
    tried: Sequence[Measure],
) -> list[Measure]:
    """Return the measures of the project's list that were held within a view.

    One that the form has too, of the same first day and name, is not repeated: the form says more.
    """
    if listed is None:
        return []
    known = {(one.first_date, one.name.casefold()) for one in tried}
    found = []
    table = listed.table
    for row in table[shapely.intersects(table.geometry.to_numpy(), view)].to_dict("records"):
        first, last = row["first_date"].date(), row["last_date"]
        name = "" if pd.isna(row["name"]) else str(row["name"])
        if (first, name.casefold()) in known:
            continue
        found.append(
            Measure(
                measure_id=str(row["measure_id"]),
                kind=str(row["kind"]),
                name=name,
                first_date=first,
                last_date=None if pd.isna(last) else last.date(),
                responsible="" if pd.isna(row["responsible"]) else str(row["responsible"]),
                effect="",
                why_not_enough="",
            )
        )
    return found
