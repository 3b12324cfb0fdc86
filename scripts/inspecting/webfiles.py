"""Opening pages, JSON and plain text."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import numpy as np

from scripts.inspecting.contents import Contents, Shapes, sheet_of, values_of

_URL: Final = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]+)|@import\s*['\"]([^'\"]+)", re.IGNORECASE)
_CALL: Final = re.compile(
    r"(?:fetch|import|importScripts|WebSocket|EventSource|sendBeacon|\.open)\s*\(\s*"
    r"(?:['\"]\w+['\"]\s*,\s*)?['\"`]((?:https?:|wss?:)?//[^'\"`]+)",
    re.IGNORECASE,
)
_DATA: Final = re.compile(r"data:([\w/+.-]*)((?:;[\w=.-]+)*?)(;base64)?,(.*)", re.DOTALL)
_READ: Final = ("alt", "title", "aria-label", "content", "value", "placeholder", "datetime")
_FETCHING: Final = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src", "srcdoc"),
    "audio": ("src",),
    "video": ("src", "poster"),
    "source": ("src", "srcset"),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "input": ("src",),
    "link": ("href",),
    "form": ("action",),
}
"""Attributes of an element that make a browser fetch, or send."""

POINT_KINDS: Final = ("sites", "places", "addresses")
"""Kinds of layers of the map whose places are points."""

Open = Callable[[str, bytes], Contents]
"""Opens a file within the file: its name and bytes."""


def open_html(text: str, opener: Open) -> Contents:
    """Open a page or a drawing in SVG."""
    page = _Page(opener)
    page.feed(text)
    page.close()
    return page.found


def open_json(text: str) -> Contents:
    """Open JSON: keys count as names of layers, texts as read."""
    found = Contents()
    value = json.loads(text)
    _take_json(found, value, "")
    if isinstance(value, dict) and isinstance(value.get("profile"), str):
        found.profile = value["profile"]
    return found


def open_text(name: str, text: str) -> Contents:
    """Open plain text, as a table where it is one."""
    found = Contents(texts=[("", line) for line in text.splitlines() if line.strip()])
    if name.lower().endswith((".csv", ".tsv")):
        first = text.partition("\n")[0]
        sign = max(";\t,", key=first.count)
        sheet = sheet_of(name, list(csv.reader(io.StringIO(text), delimiter=sign)))
        if sheet is not None:
            found.sheets.append(sheet)
    return found


def _take_json(found: Contents, value: Any, where: str) -> None:  # noqa: ANN401 (JSON)
    layers = value.get("layers") if isinstance(value, dict) else None
    if isinstance(layers, dict):
        found.layers += [str(name) for name in layers]
        found.shapes += [
            Shapes(str(name), frozenset(["Point"]), np.zeros(0))
            for name, layer in layers.items()
            if isinstance(layer, dict) and (layer.get("kind") in POINT_KINDS or "points" in layer)
        ]
    for path, one in values_of(value):
        if isinstance(one, str):
            found.texts.append((f"{where}{path}", one))


class _Page(HTMLParser):
    def __init__(self, opener: Open) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Contents()
        self._open = opener
        self._inside: list[str] = []
        self._json = False
        self._rows: list[list[list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._inside.append(tag)
            self._json = "json" in given.get("type", "")
        self._references(tag, given)
        for name in _READ:
            if given.get(name):
                self.found.texts.append((f"<{tag} {name}>", given[name]))
        if tag == "table":
            self._rows.append([])
        elif self._rows and tag == "tr":
            self._rows[-1].append([])
        elif self._rows and tag in ("td", "th") and self._rows[-1]:
            self._rows[-1][-1].append("")

    def _references(self, tag: str, given: dict[str, str]) -> None:
        for name in _FETCHING.get(tag, ()):
            if given.get(name) and not (tag == "link" and given.get("rel") == "canonical"):
                self._fetch(given[name])
        if tag in ("a", "area") and given.get("href"):
            self.found.linked.append(given["href"])
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.fetched.append(given.get("content", "").partition("url=")[2])
        if given.get("style"):
            self._style(given["style"])

    def _fetch(self, target: str) -> None:
        packed = _DATA.match(target.strip())
        if packed is None:
            if not target.startswith("#"):
                self.found.fetched.append(target)
            return
        kind, _arguments, base, body = packed.groups()
        if not body or "font" in kind:
            return
        data = unquote_to_bytes(body)
        if base:
            try:
                data = base64.b64decode(data + b"==")
            except binascii.Error:
                self.found.hidden.append(target[:60])
                return
        self.found.add(self._open(f"data.{kind.rpartition('/')[2]}", data))

    def _style(self, text: str) -> None:
        for found in _URL.finditer(text):
            self._fetch(found[1] or found[2])

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()
        elif tag == "table" and self._rows:
            rows = [[" ".join(cell.split()) for cell in row] for row in self._rows.pop() if row]
            sheet = sheet_of("<table>", rows)
            if sheet is not None:
                self.found.sheets.append(sheet)

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._code(data)
            return
        if data.strip():
            self.found.texts.append(("", " ".join(data.split())))
        if self._rows and self._rows[-1] and self._rows[-1][-1]:
            self._rows[-1][-1][-1] += f" {data}"

    def _code(self, text: str) -> None:
        if self._inside[-1] == "style":
            self._style(text)
        elif self._json:
            try:
                _take_json(self.found, json.loads(text), "<script>.")
            except ValueError:
                self.found.texts.append(("<script>", text))
        else:
            self.found.fetched += _CALL.findall(text)

    def handle_comment(self, data: str) -> None:
        self.found.texts.append(("<!-- -->", data))
