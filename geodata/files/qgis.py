"""QGIS styles (QML) for the layers of the GeoPackage, made for what the layer holds.

Every layer is drawn by rules, so that a hidden count has a symbol of its own beside the classes.
Colours are those of the map page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pandas as pd

from geodata.files.qgisparts import (
    AREA,
    CAMERA,
    HIDDEN,
    HOTSPOT,
    PLACE,
    REGSO,
    SEARCH,
    SEQUENTIAL,
    Style,
    cell,
    count_rules,
    fill,
    marker,
    within,
)
from geodata.files.qgisplaces import PLACES
from geodata.files.qgissurfaces import SURFACES
from geodata.files.qml import Labels, Rule, Symbol, qml
from geodata.language import gettext as _

_FROM_SCALE: Final = {
    "places": 25_000,
    "incidents": 25_000,
    "event_versions": 25_000,
    "search_entrances": 25_000,
    "camera_considered": 25_000,
}
"""Points are seen from here: a whole town of them hides what they add up to."""


def layer_style(name: str, table: pd.DataFrame) -> str | None:
    """Return the QML of a layer.

    Parameters
    ----------
    name
        Name of the table in `geodata.schema.TABLES`.
    table
        What the layer holds; the classes of the grid follow its counts.

    Returns
    -------
    str or None
        ``None`` for a table without geometry; every one with geometry has a style.
    """
    make = _STYLES.get(name)
    if make is None:
        return None
    return qml(*make(table), from_scale=_FROM_SCALE.get(name))


def _areas(table: pd.DataFrame) -> Style:
    del table
    small = "\"kind\" IN ('regso', 'deso')"
    rules = [
        Rule(
            _("Beslutad gräns"),
            Symbol("fill", (fill(None, AREA, 0.8),)),
            f'NOT ({small}) AND "authoritative"',
        ),
        Rule(
            _("Preliminär gräns"),
            Symbol("fill", (fill(None, AREA, 0.8, dash=True),)),
            f'NOT ({small}) AND NOT "authoritative"',
        ),
        Rule(_("RegSO och DeSO"), Symbol("fill", (fill(None, REGSO, 0.3),)), small),
    ]
    text = f"CASE WHEN {small} AND @map_scale > 60000 THEN '' ELSE \"name\" END"
    grey = {"Color": f"if({small}, '{REGSO}', '{AREA}')", "Size": f"if({small}, 7, 10)"}
    return rules, Labels(text, color=AREA, by_data=grey)


def _grid(table: pd.DataFrame) -> Style:
    if "events_class" in table:
        return _grid_in_classes(table), None
    hidden = _hidden_rule('"n_events" IS NULL', _("dolt antal"))
    return [*count_rules(table["n_events"], "n_events"), hidden], None


def _grid_in_classes(table: pd.DataFrame) -> list[Rule]:
    hidden, *labels = table["events_class"].cat.categories
    colors = SEQUENTIAL[-len(labels) :]
    rules = [
        Rule(label, cell(color), f"\"events_class\" = '{label}'")
        for label, color in zip(labels, colors, strict=False)
    ]
    return [*rules, _hidden_rule('"hidden"', hidden)]


def _hidden_rule(where: str, label: str) -> Rule:
    return Rule(label, Symbol("fill", (fill(HIDDEN, "#ffffff", 0.1),), opacity=0.7), where)


def _hotspots(table: pd.DataFrame) -> Style:
    halo = fill(None, "#ffffff", 1.4)
    rules = [Rule(_("Hot spot med rang"), Symbol("fill", (halo, fill(None, HOTSPOT, 0.7))))]
    if bool(table["uncertain"].any()):
        dashed = Symbol("fill", (halo, fill(None, HOTSPOT, 0.7, dash=True)))
        rules[0] = replace(rules[0], where='NOT "uncertain"')
        rules.append(Rule(_("Osäker hot spot"), dashed, '"uncertain"'))
    return rules, Labels('"rank"', size=11)


def _cameras(table: pd.DataFrame) -> Style:
    del table
    site = Symbol("marker", (within("reach_m", CAMERA), marker("square", CAMERA, 3.6)))
    return [Rule(_("Föreslagen kameraplats med räckvidd"), site)], Labels(
        '"site_id"', color=CAMERA, over_point=False
    )


def _searches(table: pd.DataFrame) -> Style:
    del table
    site = Symbol("marker", (marker("diamond", SEARCH, 4.0),))
    return [Rule(_("Föreslagen plats för hundsök"), site)], Labels(
        '"site_id"', color=SEARCH, over_point=False
    )


def _places(table: pd.DataFrame) -> Style:
    del table
    sized = 'min(12, 1 + 0.7 * sqrt("n_events"))'  # area follows the count
    plain = Symbol("marker", (marker("circle", PLACE, 2, sized),), opacity=0.75)
    stacked = Symbol("marker", (marker("diamond", HIDDEN, 3, sized),))
    return [
        Rule(_("Plats, yta efter antal händelser"), plain, 'NOT "stacked"'),
        Rule(_("Misstänkt standardadress"), stacked, '"stacked"'),
    ], None


def _incidents(table: pd.DataFrame) -> Style:
    del table
    dot = Symbol("marker", (marker("circle", PLACE, 1.2),), opacity=0.5)
    return [Rule(_("Händelse"), dot)], None


_STYLES: Final[dict[str, Callable[[pd.DataFrame], Style]]] = {
    "areas": _areas,
    "grid": _grid,
    "hotspots": _hotspots,
    "camera_sites": _cameras,
    "search_sites": _searches,
    "places": _places,
    "incidents": _incidents,
    "event_versions": _incidents,
    **SURFACES,
    **PLACES,
}
