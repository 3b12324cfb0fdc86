"""Letters to property owners: what is planned at their entrances, one page an owner."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.disclosure import Released
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps.rounds.model import RoundFacts, Row, entrance_name, said, spaces_of
from maps.sheet import render


@dataclass(frozen=True)
class Letter:
    """What one owner is told. ``rows``: entrance, property, spaces, day the tenants were told."""

    owner: str
    role: str
    rows: tuple[tuple[str, str, str, str], ...]
    count: str


def letters_of(stops: pd.DataFrame) -> list[Letter]:
    """Return a letter for each owner with an entrance in the round, by name."""
    found = []
    for owner, rows in stops.groupby("owner", sort=True):
        roles = sorted(set(rows["contact_role"].dropna()))
        ordered = rows.sort_values(["address", "entrance_id"])
        told = tuple(_row(row) for row in ordered.to_dict("records"))
        n = len(told)
        count = ngettext("{n} entré", "{n} entréer", n).format(n=number(n))
        found.append(Letter(str(owner), ", ".join(roles), told, count))
    return found


def _row(row: Row) -> tuple[str, str, str, str]:
    informed = row["informed_date"]
    return (
        entrance_name(row),
        said(row["property"]) or "–",
        ", ".join(spaces_of(row)),
        _("uppgift saknas") if pd.isna(informed) else day(informed),
    )


def letters_html(stops: Released, facts: RoundFacts) -> str:
    """Make the letters of a round.

    Parameters
    ----------
    stops
        Table ``search_round``.
    facts
        What else is told.

    Raises
    ------
    ValueError
        For another profile than ``intern``: the letters name entrances.
    """
    if stops.table is None or facts.map.profile != "intern":
        msg = f"letters to owners are for intern, not for {facts.map.profile}"
        raise ValueError(msg)
    return render(
        "letters.html",
        profile=facts.map.profile,
        title=_("Brev till fastighetsägare, vecka {week}").format(week=facts.week),
        synthetic=facts.map.synthetic,
        styles=("rounds.css",),
        project=facts.map.project,
        letters=letters_of(stops.table),
        week=facts.week,
        body=facts.texts.text("letter"),
        texts=[facts.texts.text(key) for key in ("consent", "random", "informed")],
    )
