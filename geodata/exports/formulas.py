"""Cells of an XLSX sheet that hold formulas, found in its XML.

calamine gives the values last computed, as it should, but doesn't tell that they were computed.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
_TAG: Final = r"<(?:\w+:)?{name}\b([^>]*)>"
_SHEET: Final = re.compile(_TAG.format(name="sheet").encode())
_RELATION: Final = re.compile(_TAG.format(name="Relationship").encode())
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})([0-9]+)\"[^>]*>\s*<(?:\w+:)?f[\s/>]"
)


def formula_columns(path: Path, sheet: str) -> tuple[Counter[int], str]:
    """Count the formula cells of a sheet.

    Returns
    -------
    tuple
        Number of formula cells by column from 0, and the first such cell (``H2``) or ``""``.
    """
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        if member is None:
            return Counter(), ""
        return _count(archive, member)


def _count(archive: zipfile.ZipFile, member: str) -> tuple[Counter[int], str]:
    counts: Counter[int] = Counter()
    first = ""
    buffer = b""
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            buffer += piece
            seen = 0
            for match in _FORMULA.finditer(buffer):
                first = first or (match[1] + match[2]).decode()
                counts[_column(match[1])] += 1
                seen = match.end()
            # A cell may be cut at the end of the piece: its tag is among the last two.
            buffer = buffer[max(seen, buffer.rfind(b"<", 0, max(buffer.rfind(b"<"), 0))) :]
    return counts, first


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name in the archive of the XML of a sheet."""
    wanted = None
    for match in _SHEET.finditer(archive.read("xl/workbook.xml")):
        attributes = _attributes(match[1])
        if attributes.get("name") == sheet:
            wanted = next((v for k, v in attributes.items() if k.endswith(":id")), None)
    for match in _RELATION.finditer(archive.read("xl/_rels/workbook.xml.rels")):
        attributes = _attributes(match[1])
        if attributes.get("Id") == wanted:
            target = attributes.get("Target", "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return name if name in archive.namelist() else None
    return None


def _attributes(text: bytes) -> dict[str, str]:
    return {
        key.decode(): html.unescape(value.decode("utf-8", "replace"))
        for key, value in _ATTRIBUTE.findall(text)
    }
