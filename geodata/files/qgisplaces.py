"""QGIS styles of points and lines that the stages and the evidence add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from geodata.files.qgisparts import (
    CAMERA,
    HIDDEN,
    HIGH,
    HOTSPOT,
    LOW,
    PLACE,
    SEARCH,
    Style,
    line,
    marker,
    point,
    rules_of,
    within,
)
from geodata.files.qml import Labels, Rule, Symbol
from geodata.language import gettext as _

_GREEN: Final = "#00735a"


def _scan(table: pd.DataFrame) -> Style:
    del table
    symbol = Symbol("marker", (within("radius_m", HOTSPOT), marker("circle", HOTSPOT, 2)))
    return [Rule(_("Ansamling i rum och tid"), symbol)], Labels('"rank"', over_point=False)


def _signals(table: pd.DataFrame) -> Style:
    del table
    symbol = Symbol("marker", (within("radius_m", HIGH), marker("triangle", HIGH, 4)))
    return [Rule(_("Signal i veckans bevakning"), symbol)], Labels(
        '"signal_id"', color=HIGH, over_point=False
    )


def _considered(table: pd.DataFrame) -> Style:
    del table
    return [Rule(_("Prövad plats som inte föreslås"), point("square", HIDDEN, 1.8))], None


def _entrances(table: pd.DataFrame) -> Style:
    del table
    yes, no = point("circle", _GREEN, 1.6), point("diamond", HIDDEN, 1.8)
    return [
        Rule(_("Entré med giltigt samtycke"), yes, "\"consent\" = 'valid'"),
        Rule(_("Entré utan giltigt samtycke"), no, "\"consent\" <> 'valid'"),
    ], None


def _round(table: pd.DataFrame) -> Style:
    del table
    kinds = {
        "need": (_("vald efter behov"), point("square", SEARCH, 4)),
        "drawn": (_("vald genom lottning"), point("diamond", SEARCH, 4)),
    }
    stop = Labels('"walk" || \':\' || "stop"', color=SEARCH, over_point=False)
    return rules_of("part", kinds), stop


def _walks(table: pd.DataFrame) -> Style:
    del table
    return [Rule(_("Hundsökspass"), line(SEARCH, 0.6))], Labels('"walk"', color=SEARCH)


def _picture_places(table: pd.DataFrame) -> Style:
    del table
    sized = 'min(10, 2 + 0.8 * sqrt("n_events"))'
    kinds = {
        "new": (_("ny plats"), point("triangle", HIGH, 3, sized)),
        "returning": (_("återkommande plats"), point("square", PLACE, 3, sized)),
        "lasting": (_("plats som består"), point("circle", PLACE, 3, sized)),
        "gone": (_("plats utan nya händelser"), point("circle", HIDDEN, 3, sized)),
    }
    unknown = Rule(
        _("för kort historik för att säga"), point("diamond", HIDDEN, 3, sized), '"status" IS NULL'
    )
    return [*rules_of("status", kinds), unknown], None


def _perceived_points(table: pd.DataFrame) -> Style:
    del table
    sized = 'min(9, 1.5 + 0.8 * sqrt("answers"))'
    kinds = {
        "unsafe": (_("upplevs otryggt"), point("triangle", "#e58a1f", 3, sized)),
        "safe": (_("upplevs tryggt"), point("circle", LOW, 3, sized)),
    }
    return rules_of("feeling", kinds), None


def _appendix_cameras(table: pd.DataFrame) -> Style:
    del table
    kinds = {
        "decided": (_("beslutad kameraplats"), point("square", CAMERA, 4)),
        "complete": (_("komplett underlag"), point("circle", CAMERA, 4)),
        "incomplete": (_("underlag under arbete"), point("diamond", CAMERA, 3.6)),
        "proposed": (_("föreslagen kameraplats"), point("circle", HIDDEN, 3.6)),
    }
    return rules_of("state", kinds), Labels('"site_id"', color=CAMERA, over_point=False)


PLACES: Final[dict[str, Callable[[pd.DataFrame], Style]]] = {
    "scan_clusters": _scan,
    "watch_signals": _signals,
    "camera_considered": _considered,
    "search_entrances": _entrances,
    "search_round": _round,
    "search_walks": _walks,
    "picture_places": _picture_places,
    "perceived_points": _perceived_points,
    "appendix_cameras": _appendix_cameras,
}
