"""The marks of an SVG: every path, shape, text and use, with all transforms undone.

What is hidden, clipped away or only defined is read too: it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.attack.drawn import CAP, UNIT, Drawing, affine, moved

STEP = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)")
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
NUMBERS = re.compile(NUMBER)
ARC = re.compile(
    rf"({NUMBER})[\s,]*({NUMBER})[\s,]*({NUMBER})[\s,]*([01])[\s,]*([01])[\s,]*"
    rf"({NUMBER})[\s,]*({NUMBER})"
)
TAKES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}
"""Numbers that a step takes; the last two, or the one, say where it ends."""
TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)", re.IGNORECASE)
LOOKS = ("fill", "stroke", "stroke-width", "class")


def read_svg(root: Any) -> Drawing:
    """Return the marks of an ``svg`` element, in units of its view box."""
    drawing = Drawing()
    ids = {node.get("id"): node for node in root.iter() if node.get("id")}
    _walk(drawing, root, UNIT, {}, ids, 0)
    return drawing


def svgs(root: Any) -> Iterator[Any]:
    """Give the outermost ``svg`` elements beneath a node, or itself."""
    for node in root.iter():
        if _name(node) == "svg" and not any(_name(up) == "svg" for up in node.iterancestors()):
            yield node


def _name(node: Any) -> str:
    return node.tag.rsplit("}", 1)[-1].lower() if isinstance(node.tag, str) else ""


def _walk(
    drawing: Drawing,
    node: Any,
    matrix: np.ndarray,
    looks: dict[str, str],
    ids: dict[str, Any],
    depth: int,
) -> None:
    name = _name(node)
    if not name:
        return
    matrix = matrix @ _transform(node.get("transform") or node.get("patterntransform") or "")
    looks = looks | _looks(node)
    if name == "svg" and depth:
        matrix = matrix @ _nested(node)
    look = " ".join([name if name == "text" else "", *(looks.get(key, "") for key in LOOKS)])
    for points, closed in _shapes(name, node):
        drawing.add(moved(matrix, points), look, closed=closed)
    if name == "use":
        aim = ids.get((_href(node) or "").lstrip("#"))
        if aim is not None and depth < 20:
            start = affine(1, 0, 0, 1, _number(node, "x"), _number(node, "y"))
            drawing.add(moved(matrix @ start, [(0, 0)]), f"use {look}")
            _walk(drawing, aim, matrix @ start, looks, ids, depth + 1)
    for inner in node:
        _walk(drawing, inner, matrix, looks, ids, depth + 1)


def _looks(node: Any) -> dict[str, str]:
    own = {key: node.get(key) for key in LOOKS if node.get(key)}
    for part in (node.get("style") or "").split(";"):
        key, _colon, value = part.partition(":")
        if key.strip() in LOOKS:
            own[key.strip()] = value.strip()
    return own


def _href(node: Any) -> str | None:
    return next((v for k, v in node.attrib.items() if k.rsplit("}", 1)[-1].endswith("href")), None)


def _number(node: Any, key: str, otherwise: float = 0.0) -> float:
    found = NUMBERS.search(node.get(key) or "")
    return float(found.group()) if found else otherwise


def _nested(node: Any) -> np.ndarray:
    box = [float(n) for n in NUMBERS.findall(node.get("viewBox") or node.get("viewbox") or "")]
    place = affine(1, 0, 0, 1, _number(node, "x"), _number(node, "y"))
    if len(box) != 4 or min(box[2:]) <= 0:
        return place
    across, down = _number(node, "width", box[2]), _number(node, "height", box[3])
    step = min(across / box[2], down / box[3])
    rest = ((across - box[2] * step) / 2, (down - box[3] * step) / 2)
    return place @ affine(step, 0, 0, step, rest[0] - box[0] * step, rest[1] - box[1] * step)


def _transform(text: str) -> np.ndarray:
    matrix = UNIT
    for name, inside in TRANSFORM.findall(text):
        n = [float(one) for one in NUMBERS.findall(inside)]
        matrix = matrix @ _one_transform(name.lower(), n)
    return matrix


def _one_transform(name: str, n: list[float]) -> np.ndarray:
    if name == "matrix":
        return affine(*n[:6])
    if name == "translate":
        return affine(1, 0, 0, 1, n[0], n[1] if len(n) > 1 else 0.0)
    if name == "scale":
        return affine(n[0], 0, 0, n[1] if len(n) > 1 else n[0], 0, 0)
    turn = np.radians(n[0])
    if name == "rotate":
        around = n[1:3] if len(n) > 2 else [0.0, 0.0]
        spin = affine(np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn), 0, 0)
        there, back = affine(1, 0, 0, 1, *around), affine(1, 0, 0, 1, -around[0], -around[1])
        return np.asarray(there @ spin @ back)
    slant = float(np.tan(turn))
    return affine(1, 0, slant, 1, 0, 0) if name == "skewx" else affine(1, slant, 0, 1, 0, 0)


def _shapes(name: str, node: Any) -> Iterator[tuple[Any, bool]]:
    """Give the points of an element, and whether they close."""
    if name == "path":
        yield from path_points(node.get("d") or "")
    elif name in ("polyline", "polygon"):
        numbers = [float(n) for n in NUMBERS.findall(node.get("points") or "")]
        yield np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2), name == "polygon"
    elif name in ("circle", "ellipse"):
        x, y = _number(node, "cx"), _number(node, "cy")
        across = _number(node, "rx", _number(node, "r"))
        down = _number(node, "ry", _number(node, "r"))
        yield [(x - across, y), (x, y - down), (x + across, y), (x, y + down)], True
    elif name == "line":
        ends = [(_number(node, f"x{i}"), _number(node, f"y{i}")) for i in (1, 2)]
        yield ends, False
    elif name in ("rect", "image", "foreignobject"):
        x, y = _number(node, "x"), _number(node, "y")
        right, bottom = x + _number(node, "width"), y + _number(node, "height")
        yield [(x, y), (right, y), (right, bottom), (x, bottom)], True
    elif name in ("text", "tspan") and node.get("x"):
        x, y = _number(node, "x"), _number(node, "y")
        yield [(x, y)], False
        yield [(x, y - CAP * _number(node, "font-size"))], False


def path_points(text: str) -> Iterator[tuple[np.ndarray, bool]]:
    """Give the points on each part of a path, and whether the part closes."""
    at, start = np.zeros(2), np.zeros(2)
    points: list[np.ndarray] = []
    for letter, inside in STEP.findall(text):
        kind = letter.lower()
        if kind in "mz" and points:
            yield np.array(points), kind == "z"
            points = []
        if kind == "z":
            at = start
        for n, end in enumerate(_ends(kind, inside)):
            if not points and (kind != "m" or n):
                points.append(at)  # after a close, from where the part began
            at = _end(kind, np.array(end), at, relative=letter.islower())
            if kind == "m" and n == 0:
                start = at
            points.append(at)
    if points:
        yield np.array(points), False


def _end(kind: str, end: np.ndarray, at: np.ndarray, *, relative: bool) -> np.ndarray:
    if kind == "h":
        return np.array([end[0] + relative * at[0], at[1]])
    if kind == "v":
        return np.array([at[0], end[0] + relative * at[1]])
    return np.asarray(end + relative * at)


def _ends(kind: str, inside: str) -> list[tuple[float, ...]]:
    """Return where each step of one letter ends."""
    if kind == "a":
        return [(float(one[5]), float(one[6])) for one in ARC.findall(inside)]
    numbers = [float(n) for n in NUMBERS.findall(inside)]
    takes = TAKES.get(kind, len(numbers) + 1)
    keep = 1 if takes == 1 else 2
    whole = range(takes, len(numbers) + 1, takes)
    return [tuple(numbers[stop - keep : stop]) for stop in whole]
