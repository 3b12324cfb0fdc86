"""The page of one walk, for the handler: a map, the entrances in order, what may be searched.

It says nothing of reports, need or persons: who goes there needs to know where, not why.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.printed import Backdrop
from maps.rounds.maps_of_walks import walk_map
from maps.rounds.model import (
    RoundFacts,
    Row,
    distance,
    duration,
    entrance_more,
    entrance_name,
    said,
    spaces_of,
)
from maps.sheet import render

MAP_MM = (182.0, 80.0)


@dataclass(frozen=True)
class Stop:
    """One entrance on the page."""

    number: int
    name: str
    more: str
    way: str
    access: str
    spaces: tuple[str, ...]


def walk_html(
    stops: gpd.GeoDataFrame,
    walk: gpd.GeoDataFrame,
    *,
    n_walks: int,
    backdrop: Backdrop,
    facts: RoundFacts,
) -> str:
    """Make the page of one walk.

    Parameters
    ----------
    stops
        Rows of released table ``search_round`` of the walk, in order.
    walk
        Its row of ``search_walks``.
    n_walks
        Walks of the round.
    backdrop
        The project's own layers.
    facts
        What else is told.

    Returns
    -------
    str
        A whole HTML page for A4, without script, that fetches nothing. Every text is escaped.

    Raises
    ------
    ValueError
        For another profile than ``intern``: the page names entrances.
    """
    if facts.map.profile != "intern":
        msg = f"the page of a walk is for intern, not for {facts.map.profile}"
        raise ValueError(msg)
    row = walk.iloc[0]
    heading = _("Pass {no} av {of}, vecka {week}").format(
        no=row["walk"], of=n_walks, week=facts.week
    )
    shown = [_stop(one) for one in stops.to_dict("records")]
    n = len(shown)
    entrances = ngettext("{n} entré", "{n} entréer", n).format(n=number(n))
    return render(
        "walk.html",
        profile=facts.map.profile,
        title=heading,
        synthetic=facts.map.synthetic,
        styles=("rounds.css",),
        project=facts.map.project,
        figures=(
            (_("att söka"), entrances),
            (_("hela passet"), duration(row["minutes"])),
            (_("gång mellan entréer"), distance(row["walking_m"])),
        ),
        plan=_("{n} min per entré och {start} min för start är inräknade.").format(
            n=number(facts.minutes_per_entrance), start=number(facts.start_min)
        ),
        drawing=walk_map(stops, walk, backdrop, facts.map, title=heading, size=MAP_MM),
        stops=shown,
        handling=[facts.texts.text(key) for key in ("consent", "not_doors", "find", "no_finds")],
        law=[facts.texts.text(key) for key in ("suspicion", "police_act")],
        version=facts.texts.version,
    )


def _stop(row: Row) -> Stop:
    way = ""
    if row["stop"] > 1:
        way = _("{distance} från föregående").format(distance=distance(row["walk_m"]))
    return Stop(
        number=row["stop"],
        name=entrance_name(row),
        more=entrance_more(row),
        way=way,
        access=said(row["access"]),
        spaces=tuple(spaces_of(row)),
    )
