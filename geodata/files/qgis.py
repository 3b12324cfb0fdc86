"""QGIS styles (QML) for the layers of the GeoPackage, made for what the layer holds.

Every layer is drawn by rules, so that a hidden count has a symbol of its own beside the classes.
Colours are those of the map page. Properties are written both as ``Option`` (QGIS 3.20 and later)
and as ``prop`` (earlier): each version reads the one it knows. Format: ``QgsMapLayer::writeStyle``
and ``QgsRuleBasedRenderer::save`` of QGIS 3.22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

import pandas as pd

from geodata.language import gettext as _
from geodata.language import number

_HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SEQUENTIAL: Final = ("#fff0a8", "#fed676", "#feb24c", "#fb7b35", "#e31a1c", "#94072a")
_STARTS: Final = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)
_AREA, _REGSO, _HOTSPOT, _HIDDEN = "#12506b", "#8a8f98", "#1c1b22", "#c9c9c4"
_CAMERA, _SEARCH, _PLACE = "#1b5fd0", "#7a2e8e", "#3d3a6b"


@dataclass(frozen=True)
class _Part:
    """One symbol layer: its class in QGIS, its properties, what data decides, what lies inside."""

    kind: str
    properties: Mapping[str, str]
    by_data: Mapping[str, str] | None = None
    inside: _Symbol | None = None


@dataclass(frozen=True)
class _Symbol:
    kind: str  # fill or marker
    parts: tuple[_Part, ...]
    opacity: float = 1.0


@dataclass(frozen=True)
class _Rule:
    label: str
    symbol: _Symbol
    where: str = ""


@dataclass(frozen=True)
class _Labels:
    expression: str
    size: float = 9.0
    color: str = "#1c1b22"
    over_point: bool = True


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
    return _qml(*make(table)) if make else None


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


def _fill(color: str | None, line: str, width_mm: float, *, dash: bool = False) -> _Part:
    return _Part(
        "SimpleFill",
        {
            "color": _rgba(color or "#ffffff"),
            "style": "solid" if color else "no",
            "outline_color": _rgba(line),
            "outline_style": "dash" if dash else "solid",
            "outline_width": f"{width_mm:g}",
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
    )


def _marker(shape: str, color: str, size_mm: float, size: str = "") -> _Part:
    properties = {
        "name": shape,
        "color": _rgba(color),
        "outline_color": _rgba("#ffffff"),
        "outline_style": "solid",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
        "scale_method": "diameter",
    }
    return _Part("SimpleMarker", properties, {"size": size} if size else None)


def _rgba(color: str) -> str:
    return ",".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


_Style = tuple[list[_Rule], _Labels | None]


def _areas(table: pd.DataFrame) -> _Style:
    del table
    small = "\"kind\" IN ('regso', 'deso')"
    rules = [
        _Rule(
            _("Beslutad gräns"),
            _Symbol("fill", (_fill(None, _AREA, 0.8),)),
            f'NOT ({small}) AND "authoritative"',
        ),
        _Rule(
            _("Preliminär gräns"),
            _Symbol("fill", (_fill(None, _AREA, 0.8, dash=True),)),
            f'NOT ({small}) AND NOT "authoritative"',
        ),
        _Rule(_("RegSO och DeSO"), _Symbol("fill", (_fill(None, _REGSO, 0.3),)), small),
    ]
    text = f"CASE WHEN {small} AND @map_scale > 60000 THEN '' ELSE \"name\" END"
    return rules, _Labels(text, color=_AREA)


def _grid(table: pd.DataFrame) -> _Style:
    if "events_class" in table:
        return _grid_in_classes(table), None
    rules = []
    for start, end, color in class_rules(table["n_events"]):
        label = number(start) if end == start else f"{number(start)}–{number(end or 0)}"
        where = f'"n_events" >= {start}' + (f' AND "n_events" <= {end}' if end else "")
        if end is None:
            label = _("{low} eller fler").format(low=number(start))
        rules.append(_Rule(label, _cell(color), where))
    return [*rules, _hidden_rule('"n_events" IS NULL', _("dolt antal"))], None


def _grid_in_classes(table: pd.DataFrame) -> list[_Rule]:
    hidden, *labels = table["events_class"].cat.categories
    colors = _SEQUENTIAL[-len(labels) :]
    rules = [
        _Rule(label, _cell(color), f"\"events_class\" = '{label}'")
        for label, color in zip(labels, colors, strict=False)
    ]
    return [*rules, _hidden_rule('"hidden"', hidden)]


def _cell(color: str) -> _Symbol:
    return _Symbol("fill", (_fill(color, "#ffffff", 0.1),), opacity=0.7)


def _hidden_rule(where: str, label: str) -> _Rule:
    return _Rule(label, _Symbol("fill", (_fill(_HIDDEN, "#ffffff", 0.1),), opacity=0.7), where)


def _hotspots(table: pd.DataFrame) -> _Style:
    del table
    shape = _Symbol("fill", (_fill(None, "#ffffff", 1.4), _fill(None, _HOTSPOT, 0.7)))
    return [_Rule(_("Hot spot med rang"), shape)], _Labels('"rank"', size=11)


def _cameras(table: pd.DataFrame) -> _Style:
    del table
    reach = _Part(
        "GeometryGenerator",
        {"SymbolType": "Fill", "geometryModifier": 'buffer($geometry, "reach_m", 24)',
         "units": "MapUnit"},
        inside=_Symbol("fill", (_fill(None, _CAMERA, 0.4, dash=True),)),
    )  # fmt: skip
    site = _Symbol("marker", (reach, _marker("square", _CAMERA, 3.6)))
    return [_Rule(_("Föreslagen kameraplats med räckvidd"), site)], _Labels(
        '"site_id"', color=_CAMERA, over_point=False
    )


def _searches(table: pd.DataFrame) -> _Style:
    del table
    site = _Symbol("marker", (_marker("diamond", _SEARCH, 4.0),))
    return [_Rule(_("Föreslagen plats för hundsök"), site)], _Labels(
        '"site_id"', color=_SEARCH, over_point=False
    )


def _places(table: pd.DataFrame) -> _Style:
    del table
    sized = 'min(12, 1 + 0.7 * sqrt("n_events"))'  # area follows the count
    plain = _Symbol("marker", (_marker("circle", _PLACE, 2, sized),), opacity=0.75)
    stacked = _Symbol("marker", (_marker("cross2", _HIDDEN, 3, sized),))
    return [
        _Rule(_("Plats, yta efter antal händelser"), plain, 'NOT "stacked"'),
        _Rule(_("Misstänkt standardadress"), stacked, '"stacked"'),
    ], None


def _incidents(table: pd.DataFrame) -> _Style:
    del table
    dot = _Symbol("marker", (_marker("circle", _PLACE, 1.2),), opacity=0.5)
    return [_Rule(_("Händelse"), dot)], None


_STYLES: Final[dict[str, Callable[[pd.DataFrame], _Style]]] = {
    "areas": _areas,
    "grid": _grid,
    "hotspots": _hotspots,
    "camera_sites": _cameras,
    "search_sites": _searches,
    "places": _places,
    "incidents": _incidents,
}


def _qml(rules: Sequence[_Rule], labels: _Labels | None) -> str:
    root = ET.Element(
        "qgis",
        version="3.22.0",
        styleCategories="Symbology|Labeling",
        labelsEnabled="1" if labels else "0",
    )
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0")
    tree = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    for i, rule in enumerate(rules):
        node = ET.SubElement(tree, "rule", key=f"rule{i}", symbol=str(i), label=rule.label)
        if rule.where:
            node.set("filter", rule.where)
        _add_symbol(symbols, rule.symbol, str(i))
    if labels:
        _add_labels(root, labels)
    ET.indent(root)
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _add_symbol(parent: ET.Element, symbol: _Symbol, name: str) -> None:
    node = ET.SubElement(
        parent,
        "symbol",
        name=name,
        type=symbol.kind,
        alpha=f"{symbol.opacity:g}",
        clip_to_extent="1",
        force_rhr="0",
    )
    for number_, part in enumerate(symbol.parts):
        layer = ET.SubElement(
            node, "layer", {"class": part.kind, "enabled": "1", "pass": "0", "locked": "0"}
        )
        options = ET.SubElement(layer, "Option", type="Map")
        for key, value in part.properties.items():
            ET.SubElement(options, "Option", name=key, type="QString", value=value)
            ET.SubElement(layer, "prop", k=key, v=value)
        if part.by_data:
            _add_by_data(layer, part.by_data)
        if part.inside:
            _add_symbol(layer, part.inside, f"@{name}@{number_}")


def _add_by_data(parent: ET.Element, expressions: Mapping[str, str]) -> None:
    node = ET.SubElement(parent, "data_defined_properties")
    collection = ET.SubElement(node, "Option", type="Map")
    ET.SubElement(collection, "Option", name="name", type="QString", value="")
    properties = ET.SubElement(collection, "Option", name="properties", type="Map")
    for key, expression in expressions.items():
        one = ET.SubElement(properties, "Option", name=key, type="Map")
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(one, "Option", name="type", type="int", value="3")
    ET.SubElement(collection, "Option", name="type", type="QString", value="collection")


def _add_labels(root: ET.Element, labels: _Labels) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=labels.expression,
        isExpression="1",
        fontFamily="Open Sans",
        fontSize=f"{labels.size:g}",
        fontSizeUnit="Point",
        fontWeight="75",
        textColor=_rgba(labels.color),
        textOpacity="1",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="1",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="0.85",
    )
    # 1: over the point; 6: beside a point, where there is room.
    place = "1" if labels.over_point else "6"
    ET.SubElement(settings, "placement", placement=place, dist="1", distUnits="MM")
    ET.SubElement(settings, "rendering", drawLabels="1", obstacle="0")
