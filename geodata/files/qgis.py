"""QGIS styles (QML) for the layers of the GeoPackage, made for what the layer holds.

Every layer is drawn by rules, so that a hidden count has a symbol of its own beside the classes.
Colours are those of the map page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pandas as pd

from geodata.files.qml import Labels, Part, Rule, Symbol, qml, rgba
from geodata.language import gettext as _
from geodata.language import number

_SEQUENTIAL: Final = ("#fff0a8", "#fed676", "#feb24c", "#fb7b35", "#e31a1c", "#94072a")
_FROM_SCALE: Final = {"places": 25_000, "incidents": 25_000}
"""Points are seen from here: a whole town of them hides what they add up to."""
_STARTS: Final = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)
_AREA, _REGSO, _HOTSPOT, _HIDDEN = "#12506b", "#8a8f98", "#1c1b22", "#c9c9c4"
_CAMERA, _SEARCH, _PLACE = "#1b5fd0", "#7a2e8e", "#3d3a6b"


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
        ``None`` for a table without geometry.
    """
    make = _STYLES.get(name)
    if make is None:
        return None
    return qml(*make(table), from_scale=_FROM_SCALE.get(name))


def class_rules(counts: pd.Series[int]) -> list[tuple[int, int | None, str]]:
    """Return the classes of a count: first value, last value (``None``: no end), colour.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0, missing where hidden.

    Returns
    -------
    list
        At most six, from the least count up, starting at round numbers.
    """
    known = counts.dropna()
    if known.empty:
        return []
    low, high = int(known.min()), int(known.max())
    starts = [start for start in _STARTS if low < start <= high][-5:]
    starts = [low, *starts]
    ends = [*(start - 1 for start in starts[1:]), None]
    step = (len(_SEQUENTIAL) - 1) / max(len(starts) - 1, 1)
    colors = [_SEQUENTIAL[round(i * step)] for i in range(len(starts))]
    return list(zip(starts, ends, colors, strict=True))


def _fill(color: str | None, line: str, width_mm: float, *, dash: bool = False) -> Part:
    return Part(
        "SimpleFill",
        {
            "color": rgba(color or "#ffffff"),
            "style": "solid" if color else "no",
            "outline_color": rgba(line),
            "outline_style": "dash" if dash else "solid",
            "outline_width": f"{width_mm:g}",
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
    )


def _marker(shape: str, color: str, size_mm: float, size: str = "") -> Part:
    properties = {
        "name": shape,
        "color": rgba(color),
        "outline_color": rgba("#ffffff"),
        "outline_style": "solid",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
        "scale_method": "diameter",
    }
    return Part("SimpleMarker", properties, {"size": size} if size else None)


_Style = tuple[list[Rule], Labels | None]


def _areas(table: pd.DataFrame) -> _Style:
    del table
    small = "\"kind\" IN ('regso', 'deso')"
    rules = [
        Rule(
            _("Beslutad gräns"),
            Symbol("fill", (_fill(None, _AREA, 0.8),)),
            f'NOT ({small}) AND "authoritative"',
        ),
        Rule(
            _("Preliminär gräns"),
            Symbol("fill", (_fill(None, _AREA, 0.8, dash=True),)),
            f'NOT ({small}) AND NOT "authoritative"',
        ),
        Rule(_("RegSO och DeSO"), Symbol("fill", (_fill(None, _REGSO, 0.3),)), small),
    ]
    text = f"CASE WHEN {small} AND @map_scale > 60000 THEN '' ELSE \"name\" END"
    grey = {"Color": f"if({small}, '{_REGSO}', '{_AREA}')", "Size": f"if({small}, 7, 10)"}
    return rules, Labels(text, color=_AREA, by_data=grey)


def _grid(table: pd.DataFrame) -> _Style:
    if "events_class" in table:
        return _grid_in_classes(table), None
    rules = []
    for start, end, color in class_rules(table["n_events"]):
        label = number(start) if end == start else f"{number(start)}–{number(end or 0)}"
        where = f'"n_events" >= {start}' + (f' AND "n_events" <= {end}' if end else "")
        if end is None:
            label = _("{low} eller fler").format(low=number(start))
        rules.append(Rule(label, _cell(color), where))
    return [*rules, _hidden_rule('"n_events" IS NULL', _("dolt antal"))], None


def _grid_in_classes(table: pd.DataFrame) -> list[Rule]:
    hidden, *labels = table["events_class"].cat.categories
    colors = _SEQUENTIAL[-len(labels) :]
    rules = [
        Rule(label, _cell(color), f"\"events_class\" = '{label}'")
        for label, color in zip(labels, colors, strict=False)
    ]
    return [*rules, _hidden_rule('"hidden"', hidden)]


def _cell(color: str) -> Symbol:
    return Symbol("fill", (_fill(color, "#ffffff", 0.1),), opacity=0.7)


def _hidden_rule(where: str, label: str) -> Rule:
    return Rule(label, Symbol("fill", (_fill(_HIDDEN, "#ffffff", 0.1),), opacity=0.7), where)


def _hotspots(table: pd.DataFrame) -> _Style:
    halo = _fill(None, "#ffffff", 1.4)
    rules = [Rule(_("Hot spot med rang"), Symbol("fill", (halo, _fill(None, _HOTSPOT, 0.7))))]
    if bool(table["uncertain"].any()):
        dashed = Symbol("fill", (halo, _fill(None, _HOTSPOT, 0.7, dash=True)))
        rules[0] = replace(rules[0], where='NOT "uncertain"')
        rules.append(Rule(_("Osäker hot spot"), dashed, '"uncertain"'))
    return rules, Labels('"rank"', size=11)


def _cameras(table: pd.DataFrame) -> _Style:
    del table
    reach = Part(
        "GeometryGenerator",
        {"SymbolType": "Fill", "geometryModifier": 'buffer($geometry, "reach_m", 24)',
         "units": "MapUnit"},
        inside=Symbol("fill", (_fill(None, _CAMERA, 0.4, dash=True),)),
    )  # fmt: skip
    site = Symbol("marker", (reach, _marker("square", _CAMERA, 3.6)))
    return [Rule(_("Föreslagen kameraplats med räckvidd"), site)], Labels(
        '"site_id"', color=_CAMERA, over_point=False
    )


def _searches(table: pd.DataFrame) -> _Style:
    del table
    site = Symbol("marker", (_marker("diamond", _SEARCH, 4.0),))
    return [Rule(_("Föreslagen plats för hundsök"), site)], Labels(
        '"site_id"', color=_SEARCH, over_point=False
    )


def _places(table: pd.DataFrame) -> _Style:
    del table
    sized = 'min(12, 1 + 0.7 * sqrt("n_events"))'  # area follows the count
    plain = Symbol("marker", (_marker("circle", _PLACE, 2, sized),), opacity=0.75)
    stacked = Symbol("marker", (_marker("diamond", _HIDDEN, 3, sized),))
    return [
        Rule(_("Plats, yta efter antal händelser"), plain, 'NOT "stacked"'),
        Rule(_("Misstänkt standardadress"), stacked, '"stacked"'),
    ], None


def _incidents(table: pd.DataFrame) -> _Style:
    del table
    dot = Symbol("marker", (_marker("circle", _PLACE, 1.2),), opacity=0.5)
    return [Rule(_("Händelse"), dot)], None


_STYLES: Final[dict[str, Callable[[pd.DataFrame], _Style]]] = {
    "areas": _areas,
    "grid": _grid,
    "hotspots": _hotspots,
    "camera_sites": _cameras,
    "search_sites": _searches,
    "places": _places,
    "incidents": _incidents,
}
