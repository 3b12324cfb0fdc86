"""Opening workbooks, Word files, PDFs and pictures, with what they carry unseen."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from geodata.language import gettext as _
from scripts.inspecting.contents import Contents, sheet_of
from scripts.inspecting.webfiles import Open

_TAG: Final = re.compile(r"<[^>]+>")
_PROPERTY: Final = re.compile(r"<(?:\w+:)?(\w+)(?:\s[^>]*)?>([^<]+)</")
_RELATION: Final = re.compile(r"<Relationship\s[^>]*>")
_ROW: Final = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
_CELL: Final = re.compile(r"<w:tc[ >].*?</w:tc>", re.DOTALL)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SEEN: Final = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"gAMA", b"sRGB", b"cHRM", b"sBIT")
)
"""Chunks of a PNG that only say how it looks."""


def open_zip(data: bytes, opener: Open) -> Contents:
    """Open a workbook or a Word file, or any other archive file by file."""
    found = Contents()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if archive.comment:
            found.hidden.append(archive.comment.decode("utf-8", errors="replace"))
        office = "[Content_Types].xml" in names
        for part in names:
            if not part.endswith("/"):
                _part(found, part, archive.read(part), opener if not office else None, opener)
    if "xl/workbook.xml" in names:
        _workbook(found, data)
    return found


def _part(found: Contents, part: str, data: bytes, whole: Open | None, opener: Open) -> None:
    if whole is not None:
        found.add(whole(part, data))
    elif part.startswith("docProps/") and part.endswith(".xml"):
        text = data.decode("utf-8", errors="replace")
        found.metadata += [(key, unescape(value)) for key, value in _PROPERTY.findall(text)]
    elif part.endswith(".rels"):
        _relations(found, data.decode("utf-8", errors="replace"))
    elif re.search(r"(?:^|/)comments?\d*\.xml$|threadedComment|/people\.xml$", part):
        found.hidden.append(_("kommentarer ({part})").format(part=part))
        found.texts.append((part, _plain(data)))
    elif re.fullmatch(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml", part):
        _words(found, part, data.decode("utf-8", errors="replace"))
    elif "/media/" in part:
        found.add(opener(part, data))
    elif re.search(r"/embeddings/|vbaProject|/customXml/", part):
        found.hidden.append(part)


def _relations(found: Contents, text: str) -> None:
    for relation in _RELATION.findall(text):
        if 'TargetMode="External"' in relation:
            target = unescape(relation.partition('Target="')[2].partition('"')[0])
            kind = relation.partition('Type="')[2].partition('"')[0]
            (found.linked if kind.endswith("/hyperlink") else found.fetched).append(target)


def _plain(data: bytes) -> str:
    return " ".join(unescape(_TAG.sub(" ", data.decode("utf-8", errors="replace"))).split())


def _words(found: Contents, part: str, text: str) -> None:
    """Take in a part of a Word file; a word may be cut in pieces by its formatting."""
    if re.search(r"<w:(?:ins|del|moveFrom|moveTo) ", text):
        found.hidden.append(_("sparade ändringar ({part})").format(part=part))
    if "<w:vanish/>" in text:
        found.hidden.append(_("dold text ({part})").format(part=part))
    for line in re.split(r"</w:p>|<w:br/>|<w:tab/>", text):
        plain = unescape(_TAG.sub("", line)).strip()
        if plain:
            found.texts.append((part, plain))
    for table in re.findall(r"<w:tbl>.*?</w:tbl>", text, re.DOTALL):
        rows = [
            [" ".join(unescape(_TAG.sub(" ", cell)).split()) for cell in _CELL.findall(row)]
            for row in _ROW.findall(table)
        ]
        sheet = sheet_of(part, rows)
        if sheet is not None:
            found.sheets.append(sheet)


def _workbook(found: Contents, data: bytes) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            found.hidden.append(_("dolt blad {name}").format(name=sheet.title))
        for edge in (sheet.oddHeader, sheet.oddFooter):
            told = [edge.left.text, edge.center.text, edge.right.text]
            found.texts += [(sheet.title, text) for text in told if text]
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
        found.layers.append(sheet.title)
        found.texts += [(sheet.title, cell) for row in rows for cell in row if cell]
        table = sheet_of(sheet.title, rows)
        if table is not None:
            found.sheets.append(table)


def open_pdf(data: bytes) -> Contents:
    """Open a PDF: the text of its pages, what it says of itself, and what is attached."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    found = Contents()
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text() or ""
        found.texts += [(f"s. {number}", line) for line in text.splitlines() if line.strip()]
        for note in page.get("/Annots") or []:
            _annotation(found, note.get_object())
    for key, value in (reader.metadata or {}).items():
        found.metadata.append((key.strip("/"), str(value)))
    if reader.xmp_metadata is not None:
        creators = reader.xmp_metadata.dc_creator or []
        found.metadata += [("creator", str(one)) for one in creators]
    found.hidden += [str(name) for name in reader.attachments]
    if "/JavaScript" in str(reader.root_object.get("/OpenAction", "")):
        found.hidden.append("JavaScript")
    return found


def _annotation(found: Contents, note: Any) -> None:  # noqa: ANN401 (pypdf's own)
    action = note.get("/A")
    target = action.get_object().get("/URI") if action is not None else None
    if target:
        found.linked.append(str(target))
    elif note.get("/Subtype") in ("/Text", "/FreeText", "/FileAttachment"):
        found.hidden.append(_("anteckning i PDF"))
        found.texts.append((_("anteckning i PDF"), str(note.get("/Contents", ""))))


def open_picture(data: bytes) -> Contents:
    """Open a PNG or a JPEG: what it carries beside the picture."""
    chunks = _png(data) if data.startswith(_PNG) else _jpeg(data)
    return Contents(metadata=[(kind, _printable(body)) for kind, body in chunks])


def _png(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        if kind not in _SEEN:
            yield kind.decode("latin-1"), data[at + 8 : at + 8 + size]
        at += 12 + size


def _jpeg(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + size]
        if data[at + 1] == 0xE1:
            yield "EXIF", body
        elif data[at + 1] in (0xED, 0xFE):
            yield "IPTC" if data[at + 1] == 0xED else "COM", body
        at += 2 + size


def _printable(body: bytes) -> str:
    return re.sub(r"[^\x20-\x7e]+", " ", body.decode("latin-1"))[:200].strip()
