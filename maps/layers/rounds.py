"""The entrances of a round of dog searches on the map, numbered by walk and stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.labels import label
from geodata.language import gettext as _
from maps import encoding, style
from maps.layers.base import MapLayer, Popups, Swatch, TextTable, joined, texts, wgs84

DIGITS: Final = 6


def round_layer(stops: gpd.GeoDataFrame, area_names: Mapping[str, str]) -> MapLayer:
    """Return the entrances of a round; the popup says where and what may be searched.

    Parameters
    ----------
    stops
        Table ``search_round``.
    area_names
        Names of areas by id.
    """
    table = stops.sort_values(["walk", "stop"], kind="stable").reset_index(drop=True)
    numbers = [f"{walk}:{stop}" for walk, stop in zip(table["walk"], table["stop"], strict=True)]
    names = [
        address or place or str(one)
        for address, place, one in zip(
            texts(table, "address"), texts(table, "property"), table["entrance_id"], strict=True
        )
    ]
    areas = [area_names.get(a) if isinstance(a, str) else None for a in table["area_id"]]
    spaces = [_spaces(one) for one in table["search_spaces"]]
    popups = Popups(titles=[_("Hundsök {no}").format(no=no) for no in numbers])
    popups.subtitles = [
        joined(_("vecka {week}").format(week=week), name, area)
        for week, name, area in zip(table["week"], names, areas, strict=True)
    ]
    popups.texts = [
        _("Vald efter behov.") if part == "need" else _("Vald genom lottning.")
        for part in table["part"]
    ]
    popups.lead = spaces
    popups.add(_("Ägare"), texts(table, "owner"))
    popups.add(_("Senast sökt"), [_week(one) for one in table["last_search"]])
    data: dict[str, Any] = {
        "kind": "sites",
        "digits": DIGITS,
        "points": encoding.points(wgs84(table), DIGITS),
        "labels": numbers,
        "symbol": "search",
        "colour": style.SEARCH,
        "popups": popups.json(),
    }
    return MapLayer(
        key="search_round",
        title=_("Rundans entréer"),
        data=data,
        views=frozenset({"searches"}),
        legend=(Swatch("search", style.SEARCH, _("entré i rundan, pass:stopp")),),
        table=TextTable(
            caption=_("Hundsök, rundan"),
            header=(_("Nr"), _("Entré"), _("Utrymmen i samtycket")),
            left=3,
            rows=tuple(zip(numbers, names, spaces, strict=True)),
        ),
    )


def _spaces(text: str) -> str:
    return ", ".join(label(space) for space in text.split(";") if space)


def _week(monday: object) -> str:
    if not isinstance(monday, pd.Timestamp) or pd.isna(monday):
        return _("aldrig")
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02d}"
