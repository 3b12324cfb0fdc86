"""The page of the follow-up: measures and what they did, then areas period against period.

Self-contained, without script. It tells of few events at named places, so it is for profile
``intern`` alone. Made of released tables only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geodata.caveats import source_caveat, standing_caveat
from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import day, ngettext, number, percent
from geodata.language import gettext as _
from maps.followup_page.areas import changes_of, make_blocks
from maps.followup_page.cards import make_card, power_rows
from maps.followup_page.facts import PAGE, FollowupFacts
from maps.sheet import render

__all__ = ["PAGE", "FollowupFacts", "followup_html"]

PARTS: Final = (
    "measure_sources",
    "measure_counts",
    "measure_effects",
    "measure_rings",
    "measure_series",
    "measure_power",
)


def followup_html(
    tables: Mapping[str, Released],
    facts: FollowupFacts,
    *,
    power: Mapping[int, float | None] | None = None,
) -> str:
    """Make the page.

    Parameters
    ----------
    tables
        ``followup_areas``, and ``measures`` with its parts, those that there are; released for
        ``intern``.
    facts
        What is said beside the figures.
    power
        Events before → smallest fall that can be shown, 0–1; ``None`` for none at all.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Every text is escaped.

    Raises
    ------
    ValueError
        For tables that are withheld, or another profile.
    """
    if facts.profile != "intern" or any(one.table is None for one in tables.values()):
        msg = f"the page of the follow-up is for intern, not for {facts.profile}"
        raise ValueError(msg)
    found = {name: one.table for name, one in tables.items() if one.table is not None}
    cards = []
    if "measures" in found:
        parts = {name: found[name] for name in PARTS}
        rows = found["measures"].to_dict("records")
        rows.sort(key=lambda row: row["state"] != "evaluated")  # stable: by day within
        cards = [make_card(row, parts, str(i)) for i, row in enumerate(rows)]
        cards.sort(key=lambda card: not card.loud)
    areas = found.get("followup_areas")
    blocks = make_blocks(areas) if areas is not None else []
    sources = [] if areas is None else list(dict.fromkeys(areas["source"].astype("str")))
    said = [standing_caveat(), *(source_caveat(one) for one in sources)]
    return render(
        "followup.html",
        profile=facts.profile,
        title=facts.title,
        synthetic=facts.synthetic,
        styles=("evidence.css", "followup.css"),
        lead=_lead(
            cards_n=len(cards),
            certain=sum(one.counted and one.loud for card in cards for one in card.judged),
        ),
        cards=cards,
        blocks=blocks,
        changes=changes_of(blocks),
        periods=_periods(areas),
        source=label(facts.source) if facts.source else "",
        measured=list(dict.fromkeys(one.source for card in cards for one in card.judged)),
        outcome=facts.outcome,
        power=power_rows(power or {}),
        asked=(percent(facts.change), percent(facts.power)),
        caveats=list(dict.fromkeys(said)),
        notes=facts.notes,
        warnings=facts.warnings,
    )


def _lead(*, cards_n: int, certain: int) -> str:
    if cards_n == 0:
        return _("Områden period mot period.")
    if certain == 0:
        return ngettext(
            "{n} åtgärd följd upp: ingen säkerställd förändring.",
            "{n} åtgärder följda upp: ingen säkerställd förändring.",
            cards_n,
        ).format(n=number(cards_n))
    return ngettext(
        "{n} åtgärd följd upp, {certain} med säkerställd förändring.",
        "{n} åtgärder följda upp, {certain} med säkerställd förändring.",
        cards_n,
    ).format(n=number(cards_n), certain=number(certain))


def _periods(areas: pd.DataFrame | None) -> str:
    if areas is None or areas.empty:
        return ""
    row = areas.iloc[0]
    return _("{first} till {last} mot {b_first} till {b_last}").format(
        first=day(row["first_now"]),
        last=day(row["last_now"]),
        b_first=day(row["first_before"]),
        b_last=day(row["last_before"]),
    )
