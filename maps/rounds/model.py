"""What the pages of a round know besides the tables, and how rows become words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geodata.disclosure import Released
from geodata.errors import Notice
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number
from geodata.searchtexts import SearchTexts
from maps.interactive import MapFacts

FOLDER: Final = "hundsok"
"""Where the pages of the walks, the letters and the forms stand, beside the page of the round."""

Row = Mapping[Hashable, Any]


@dataclass(frozen=True, kw_only=True)
class RoundFacts:
    """What is told beside the tables.

    Attributes
    ----------
    week
        ISO week of the round. No page knows a day.
    map
        As for the map: title, profile, extract date, sources.
    texts
        Law references and standing texts.
    notices
        Of the stage; shown in ``intern`` only.
    seed
        Of the draw.
    share_by_need
        Part of the round taken by need, 0–1.
    minutes_per_entrance, start_min
        Settings of ``[round]``.
    made
        The entrances are made of a layer: there is no register.
    """

    week: str
    map: MapFacts
    texts: SearchTexts
    notices: tuple[Notice, ...]
    seed: int
    share_by_need: float
    minutes_per_entrance: float
    start_min: float
    made: bool


def table_of(tables: Mapping[str, Released], name: str) -> pd.DataFrame | None:
    """Return a table that was released and isn't withheld, ``None`` otherwise."""
    one = tables.get(name)
    return one.table if one is not None else None


def said(value: object) -> str:
    """Return a text of a table, ``""`` where it is missing."""
    return value if isinstance(value, str) else ""


def entrance_name(row: Row) -> str:
    """Return what an entrance is called: its address, else its property, else its id."""
    return said(row["address"]) or said(row["property"]) or str(row["entrance_id"])


def entrance_more(row: Row) -> str:
    """Return property and owner of an entrance, those that are known and not its name."""
    parts = [said(row["property"]) if said(row["address"]) else "", said(row["owner"])]
    return " · ".join(part for part in parts if part)


def spaces_of(row: Row) -> list[str]:
    """Return the names of the spaces consented to."""
    return [label(space) for space in said(row["search_spaces"]).split(";") if space]


def duration(minutes: float) -> str:
    """Return minutes as people say them: ``2 h 40 min``."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return _("{n} min").format(n=number(rest))
    if not rest:
        return _("{n} h").format(n=number(hours))
    return _("{h} h {m} min").format(h=number(hours), m=number(rest))


def distance(metres: float) -> str:
    """Return metres to the nearest ten, or kilometres with one decimal from 1 km."""
    if metres < 995:
        return _("{n} m").format(n=number(10 * round(metres / 10)))
    return _("{n} km").format(n=number(metres / 1000, 1))


def area_names(tables: Mapping[str, Released]) -> dict[str, str]:
    """Return the names of the areas by id."""
    areas = table_of(tables, "search_areas")
    if areas is None:
        return {}
    named = areas[areas["area_id"].notna() & areas["name"].notna()]
    return dict(zip(named["area_id"], named["name"], strict=True))
