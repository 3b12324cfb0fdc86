"""The marks of a page of a PDF: its streams of drawing, forms within forms, notes and patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pikepdf

from tests.attack.drawn import CAP, UNIT, Drawing, affine, moved

DEEPEST = 12
PAINTS = {
    "S": False,
    "s": True,
    "f": True,
    "F": True,
    "f*": True,
    "B": True,
    "B*": True,
    "b": True,
    "b*": True,
    "n": True,
}
"""What ends a path, and whether it closes it: a filled path is closed, said or not."""
COLOURS = {
    "rg": "fill",
    "g": "fill",
    "k": "fill",
    "sc": "fill",
    "scn": "fill",
    "RG": "line",
    "G": "line",
    "K": "line",
    "SC": "line",
    "SCN": "line",
    "w": "width",
}
SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def read_page(page: pikepdf.Page) -> Drawing:
    """Return the marks of a page, in points from its lower left."""
    reader = _Reader(Drawing())
    reader.stream(page.obj, page.obj.get("/Resources"), UNIT, 0)
    for note in page.obj.get("/Annots", []):
        if "/Rect" in note:
            x0, y0, x1, y1 = (float(n) for n in note["/Rect"])
            reader.drawing.add([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], "note", closed=True)
            reader.form(note.get("/AP", {}).get("/N"), affine(1, 0, 0, 1, x0, y0), 0)
    return reader.drawing


@dataclass(eq=False)
class _State:
    matrix: np.ndarray
    looks: dict[str, str] = field(default_factory=dict)

    def copy(self) -> _State:
        return replace(self, looks=dict(self.looks))


class _Reader:
    """Follows one stream's operators."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.widths: dict[tuple[int, int], dict[int, float]] = {}

    def stream(self, stream: Any, resources: Any, matrix: np.ndarray, depth: int) -> None:
        """Read a stream of drawing, and the forms that it calls."""
        _Stream(self, _State(matrix), resources, depth).read(stream)
        for pattern in (_under(resources, "/Pattern") or {}).values():
            if isinstance(pattern, pikepdf.Stream):
                self.form(pattern, matrix, depth + 1)

    def advance(self, font: Any, given: list[Any]) -> float:
        """Return how wide a shown text is, in sizes of its letters."""
        if font is None or not given:
            return 0.0
        shown = given[-1] if isinstance(given[-1], pikepdf.Array) else [given[-1]]
        codes = b"".join(bytes(one) for one in shown if isinstance(one, pikepdf.String))
        double = "/DescendantFonts" in font
        if font.objgen not in self.widths:
            first = int(font.get("/FirstChar", 0))
            simple = {first + i: float(w) for i, w in enumerate(font.get("/Widths", []))}
            inner = font["/DescendantFonts"][0].get("/W", []) if double else []
            self.widths[font.objgen] = _widths(inner) if double else simple
        glyphs = [a * 256 + b for a, b in zip(codes[::2], codes[1::2], strict=False)]
        widths = self.widths[font.objgen]
        return sum(widths.get(code, 1000.0) for code in (glyphs if double else codes)) / 1000

    def form(self, form: Any, matrix: np.ndarray, depth: int) -> None:
        """Read a form, or a pattern, where it is set down."""
        if not isinstance(form, pikepdf.Stream) or depth > DEEPEST:
            return
        own = affine(*(float(n) for n in form.get("/Matrix", [1, 0, 0, 1, 0, 0])))
        self.stream(form, form.get("/Resources"), matrix @ own, depth + 1)


def _under(resources: Any, key: str) -> Any:
    return resources.get(key) if resources is not None else None


class _Stream:
    """One stream: its state, the path that is being drawn, and where its text stands."""

    def __init__(self, reader: _Reader, state: _State, resources: Any, depth: int) -> None:
        self.reader, self.state, self.resources, self.depth = reader, state, resources, depth
        self.kept: list[_State] = []
        self.parts: list[tuple[list[tuple[float, float]], bool]] = []
        self.text = self.line = UNIT
        self.font: Any = None
        self.size = 0.0

    def read(self, stream: Any) -> None:
        for step in pikepdf.parse_content_stream(stream):
            if isinstance(step, pikepdf.ContentStreamInlineImage):
                self.mark(SQUARE, "image", closed=True)
                continue
            name, given = str(step.operator), list(step.operands)
            if name in PAINTS:
                self.paint(closes=PAINTS[name])
            elif name in COLOURS:
                self.state.looks[COLOURS[name]] = " ".join(str(n) for n in given)
            elif name in STEPS:
                STEPS[name](self, given)

    def mark(self, points: Any, look: str, *, closed: bool) -> None:
        self.reader.drawing.add(moved(self.state.matrix, points), look, closed=closed)

    def paint(self, *, closes: bool) -> None:
        looks = self.state.looks
        look = " ".join(f"{key} {looks.get(key, '')}" for key in ("fill", "line", "width"))
        for points, closed in self.parts:
            self.mark(points, look, closed=closed or closes)
        self.parts = []

    def keep(self, _given: list[Any]) -> None:
        self.kept.append(self.state.copy())

    def restore(self, _given: list[Any]) -> None:
        if self.kept:
            self.state = self.kept.pop()

    def transform(self, given: list[Any]) -> None:
        own = affine(*(float(n) for n in given))
        self.state.matrix = self.state.matrix @ own

    def begin(self, given: list[Any]) -> None:
        self.parts.append(([(float(given[0]), float(given[1]))], False))

    def go(self, given: list[Any]) -> None:
        """Draw to where the last two numbers say: a line, or a curve's end."""
        if not self.parts:
            self.parts.append(([], False))
        points, closed = self.parts[-1]
        if closed:  # goes on from where the closed part began
            points = [points[0]]
            self.parts.append((points, False))
        points.append((float(given[-2]), float(given[-1])))

    def close(self, _given: list[Any]) -> None:
        if self.parts:
            self.parts[-1] = (self.parts[-1][0], True)

    def rectangle(self, given: list[Any]) -> None:
        x, y, wide, high = (float(n) for n in given)
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        self.parts.append((corners, True))

    def call(self, given: list[Any]) -> None:
        called = (_under(self.resources, "/XObject") or {}).get(str(given[0]))
        if called is None:
            return
        if called.get("/Subtype") == "/Form":
            self.reader.form(called, self.state.matrix, self.depth)
        else:
            self.mark(SQUARE, "image", closed=True)

    def begin_text(self, _given: list[Any]) -> None:
        self.text = self.line = UNIT

    def set_text(self, given: list[Any]) -> None:
        self.text = self.line = affine(*(float(n) for n in given))

    def move_text(self, given: list[Any]) -> None:
        self.line = self.line @ affine(1, 0, 0, 1, float(given[0]), float(given[1]))
        self.text = self.line

    def set_font(self, given: list[Any]) -> None:
        font = (_under(self.resources, "/Font") or {}).get(str(given[0]))
        self.font, self.size = font, float(given[1])

    def show(self, given: list[Any]) -> None:
        """Take where a text stands, and its middle: a letter may be a mark of its own."""
        wide = self.size * self.reader.advance(self.font, given)
        points = [(0.0, 0.0), (wide / 2, CAP * self.size)]
        look = f"text {self.state.looks.get('fill', '')}"
        for point in moved(self.text, points):
            self.mark(point, look, closed=False)


def _widths(told: Any) -> dict[int, float]:
    """Return widths by glyph: ``c [w w …]`` or ``c c w``."""
    found: dict[int, float] = {}
    items = list(told)
    while items:
        first = int(items.pop(0))
        if isinstance(items[0], pikepdf.Array):
            found |= {first + i: float(w) for i, w in enumerate(items.pop(0))}
        else:
            last, wide = int(items.pop(0)), float(items.pop(0))
            found |= dict.fromkeys(range(first, last + 1), wide)
    return found


STEPS: dict[str, Callable[[_Stream, list[Any]], None]] = {
    "q": _Stream.keep,
    "Q": _Stream.restore,
    "cm": _Stream.transform,
    "m": _Stream.begin,
    "l": _Stream.go,
    "c": _Stream.go,
    "v": _Stream.go,
    "y": _Stream.go,
    "h": _Stream.close,
    "re": _Stream.rectangle,
    "Do": _Stream.call,
    "Tf": _Stream.set_font,
    "BT": _Stream.begin_text,
    "Tm": _Stream.set_text,
    "Td": _Stream.move_text,
    "TD": _Stream.move_text,
    "Tj": _Stream.show,
    "TJ": _Stream.show,
    "'": _Stream.show,
    '"': _Stream.show,
}
