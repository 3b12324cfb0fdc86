"""Every place with a report, as one light layer: drawn in one pass, packed column by column."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from geodata.labels import label
from geodata.language import gettext as _
from geodata.schema import OFFENCE_CLASSES, SOURCES
from maps import encoding, style
from maps.layers.base import MapLayer, Popups, Swatch, wgs84

DIGITS: Final = 5
"""A metre is enough: police points are whole metres and stand on addresses."""


def place_layer(places: gpd.GeoDataFrame, *, from_zoom: int) -> MapLayer:
    """Return the places. They are off at first and shown from `from_zoom` inwards."""
    table = places.sort_values("place_id", kind="stable").reset_index(drop=True)
    popups = Popups(
        titles={
            "kind": "addresses",
            "missing": _("Plats utan adress"),
            **encoding.addresses(table["address"].tolist()),
        }
    )
    popups.lead = {"events": table["n_events"].tolist(), "days": table["n_days"].tolist()}
    days = encoding.day_spans(table["first_date"], table["last_date"])
    popups.add_coded(_("Första – sista"), "span", days)
    for name, prefix, codes in (
        (_("Typ av brott"), "n", OFFENCE_CLASSES),
        (_("Källa"), "n_source", SOURCES),
    ):
        pairs = encoding.compositions(table, [f"{prefix}_{code}" for code in codes])
        popups.add_coded(name, "composition", pairs, names=[label(code) for code in codes])
    for name, column in (
        (_("På polisens initiativ"), "n_police_initiated"),
        (_("I allmänt utrymme i bostadshus"), "n_residential_common"),
    ):
        if table[column].any():
            popups.add_coded(name, "number", table[column].tolist(), quiet=True)
    stacked = [_("Misstänkt standardadress, räknas inte") if s else None for s in table["stacked"]]
    popups.add(_("Obs"), stacked)
    data = {
        "kind": "places",
        "digits": DIGITS,
        "points": encoding.points(wgs84(table), DIGITS),
        "sizes": table["n_events"].tolist(),
        "fill": style.PLACE_FILL,
        "from_zoom": from_zoom,
        "popups": popups.json(),
    }
    return MapLayer(
        key="places",
        title=_("Platser"),
        data=data,
        legend=(Swatch("dot", style.PLACE_FILL, _("plats med händelser; större är fler")),),
        note=_("Visas när kartan är inzoomad"),
        level="place",
        ids=tuple(str(one) for one in table["place_id"]),
    )
