"""Shapes drawn in Word itself: DrawingML paths and shapes set out on the page, and VML."""

from __future__ import annotations

import re
from typing import Any

from tests.attack.drawn import Drawing

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def read_shapes(root: Any) -> Drawing:
    """Return the marks of an XML part: paths by their points, shapes by where they stand."""
    drawing = Drawing()
    for node in root.iter():
        name = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
        if name == "path" and len(node):
            points = [(float(p.get("x")), float(p.get("y"))) for p in node.iter("{*}pt")]
            drawing.add(points, "path", closed=node.find("{*}close") is not None)
        elif name in ("anchor", "inline"):
            _anchored(drawing, node)
        elif name == "xfrm":
            off, size = node.find("{*}off"), node.find("{*}ext")
            if off is not None and size is not None:
                _box(drawing, [off.get("x"), off.get("y"), size.get("cx"), size.get("cy")])
        elif name in ("oval", "rect", "shape", "polyline"):
            _vml(drawing, node)
    return drawing


def _anchored(drawing: Drawing, node: Any) -> None:
    at = [one.text for one in node.iter("{*}posOffset")]
    size = node.find("{*}extent")
    if len(at) == 2 and size is not None:
        _box(drawing, [*at, size.get("cx"), size.get("cy")])


def _box(drawing: Drawing, numbers: list[Any]) -> None:
    x, y, wide, high = (float(n) for n in numbers)
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    drawing.add(corners, "shape", closed=True)


def _vml(drawing: Drawing, node: Any) -> None:
    told = dict(part.split(":", 1) for part in (node.get("style") or "").split(";") if ":" in part)
    keys = ("left", "top", "width", "height")
    found = [NUMBERS.search(told.get(key, told.get(f"margin-{key}", ""))) for key in keys]
    if all(found):
        _box(drawing, [one.group() for one in found if one])
    numbers = [float(n) for n in NUMBERS.findall(node.get("points") or "")]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(pairs) > 1:
        drawing.add(pairs, "polyline")
