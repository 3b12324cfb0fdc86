"""QML, the form in which QGIS keeps a layer's style: rules, symbols, labels.

Properties are written both as ``Option`` (QGIS 3.20 and later) and as ``prop`` (earlier): each
version reads the one it knows. Format: ``QgsMapLayer::writeStyle``, ``QgsRuleBasedRenderer::save``
and ``QgsPalLayerSettings::writeXml`` of QGIS 3.22, in which it was tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

_HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


@dataclass(frozen=True)
class Part:
    """One symbol layer: its class in QGIS, its properties, what data decides, what lies inside."""

    kind: str
    properties: Mapping[str, str]
    by_data: Mapping[str, str] | None = None
    inside: Symbol | None = None


@dataclass(frozen=True)
class Symbol:
    """What a rule draws: its parts, the lowest first, seen through by `opacity` (0–1)."""

    kind: str  # fill or marker
    parts: tuple[Part, ...]
    opacity: float = 1.0


@dataclass(frozen=True)
class Rule:
    """A symbol for the features that fulfil an expression of QGIS; all, if it is empty."""

    label: str
    symbol: Symbol
    where: str = ""


@dataclass(frozen=True)
class Labels:
    """Text by an expression of QGIS, in points, over the feature or beside it."""

    expression: str
    size: float = 9.0
    color: str = "#1c1b22"
    over_point: bool = True
    by_data: Mapping[str, str] | None = None


def rgba(color: str) -> str:
    """Return ``#rrggbb`` as QGIS writes a colour, opaque."""
    return ",".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def qml(rules: Sequence[Rule], labels: Labels | None, *, from_scale: int | None = None) -> str:
    """Return a style as QGIS stores it.

    Parameters
    ----------
    rules
        At least one; a feature is drawn by every rule it fulfils.
    labels
        ``None`` for a layer without text.
    from_scale
        The layer is drawn at 1:`from_scale` and closer only; a higher number shows it earlier.
    """
    root = ET.Element(
        "qgis",
        version="3.22.0",
        styleCategories="Symbology|Labeling|Rendering",
        labelsEnabled="1" if labels else "0",
    )
    if from_scale:
        root.attrib |= {"hasScaleBasedVisibilityFlag": "1", "minScale": str(from_scale)}
        root.set("maxScale", "0")
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


def _add_symbol(parent: ET.Element, symbol: Symbol, name: str) -> None:
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
            _add_by_data(layer, "data_defined_properties", part.by_data)
        if part.inside:
            _add_symbol(layer, part.inside, f"@{name}@{number_}")


def _add_by_data(parent: ET.Element, tag: str, expressions: Mapping[str, str]) -> None:
    node = ET.SubElement(parent, tag)
    collection = ET.SubElement(node, "Option", type="Map")
    ET.SubElement(collection, "Option", name="name", type="QString", value="")
    properties = ET.SubElement(collection, "Option", name="properties", type="Map")
    for key, expression in expressions.items():
        one = ET.SubElement(properties, "Option", name=key, type="Map")
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(one, "Option", name="type", type="int", value="3")
    ET.SubElement(collection, "Option", name="type", type="QString", value="collection")


def _add_labels(root: ET.Element, labels: Labels) -> None:
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
        textColor=rgba(labels.color),
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
    if labels.by_data:
        _add_by_data(settings, "dd_properties", labels.by_data)
