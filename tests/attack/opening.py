"""Opening produced files to the bottom: all that stands in them, whatever it is wrapped in."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
import pikepdf
import pypdf
import shapely
from lxml import etree
from lxml import html as lxml_html
from PIL import Image

from tests.attack.drawn import Drawing
from tests.attack.office import read_shapes
from tests.attack.pdfdrawn import read_page
from tests.attack.pixels import USUAL_DPI, Raster
from tests.attack.svg import read_svg, svgs

PRINTABLE = re.compile(rb"[\x20-\x7e\xa0-\xff]{5,}")
EMU_TO_MM = 36_000
EXTENT = re.compile(rb'<wp:extent cx="(\d+)" cy="(\d+)"')
DATA_URI = re.compile(r"data:([\w/+.-]*)((?:;[\w=.-]+)*?)(;base64)?,([^\"'\s)<>]+)")


DRAWN = ("d", "style", "class", "points", "transform", "viewbox")
"""What tells how something looks: read as drawings, not as words."""


@dataclass(eq=False)
class Opened:
    """What stands in the files, each with where it stands."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    """Words a person or a search could read."""
    raw: list[tuple[str, str]] = field(default_factory=list)
    """All bytes as text, code and style too: exact strings are looked for here."""
    values: list[tuple[str, Any]] = field(default_factory=list)
    """JSON and rows of tables, as nested lists and dicts."""
    shapes: list[tuple[str, Any]] = field(default_factory=list)
    """Geometries in the CRS of their file."""
    rasters: list[tuple[str, Raster]] = field(default_factory=list)
    """Pictures of dots."""
    drawings: list[tuple[str, Drawing]] = field(default_factory=list)
    """Pictures and pages, in units of their own."""
    tables: list[tuple[str, list[list[str]]]] = field(default_factory=list)
    """Tables as a reader sees them: a heading row, then rows of texts."""


def open_folder(folder: Path) -> Opened:
    """Open every file of a folder, those in folders too."""
    opened = Opened()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        opened.texts.append((f"{name} (filename)", name))
        open_bytes(opened, name, path.read_bytes(), path)
    return opened


def open_bytes(opened: Opened, where: str, data: bytes, path: Path | None = None) -> None:
    """Open one file by what it holds, not by its name."""
    opened.raw.append((where, data.decode("utf-8", errors="replace")))
    if b"\x00" in data[:4096]:
        opened.raw.append((f"{where} (utf-16)", data.decode("utf-16-le", errors="replace")))
    if data[:16] == b"SQLite format 3\x00":
        _sqlite(opened, where, data, path)
    elif data[:4] == b"PK\x03\x04":
        _zip(opened, where, data)
    elif data[:5] == b"%PDF-":
        _pdf(opened, where, data)
    elif data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"II*\x00", b"MM\x00*"):
        _image(opened, where, data)
    elif data[:4] == b"PAR1":
        _parquet(opened, where, data)
    elif data[:3] not in (b"wOF", b"OTT", b"\x00\x01\x00"):
        _text(opened, where, data.decode("utf-8", errors="replace"))


def _text(opened: Opened, where: str, text: str) -> None:
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype html", "<html")):
        _html(opened, where, text)
    elif head.startswith(("<?xml", "<svg", "<w:", "<")):
        _xml(opened, where, text)
    elif head.startswith(("{", "[")):
        _json(opened, where, text)
    else:
        opened.texts.append((where, text))
        rows = [re.split(r"[;\t]", line) for line in text.splitlines()]
        if rows and len(rows[0]) > 1:
            opened.tables.append((where, rows))
            opened.values.append((where, rows))


def _json(opened: Opened, where: str, text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        opened.texts.append((where, text))
        return
    opened.values.append((where, value))
    for key, one in strings(value):
        opened.texts.append((f"{where}:{key}", one))
        _data_uris(opened, f"{where}:{key}", one)


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Give every string in a value with the keys that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (f"{key}.{name}", str(name))
            yield from strings(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
    elif isinstance(value, str):
        yield (key, value)


def _html(opened: Opened, where: str, text: str) -> None:
    root = lxml_html.fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    for n, node in enumerate(root.iter("script")):
        kind = node.get("type") or ""
        if "json" in kind:
            _json(opened, f"{where}#{node.get('id') or n}", node.text or "")
    for node in root.iter():
        if not isinstance(node.tag, str):  # a comment
            opened.texts.append((f"{where} (comment)", node.text or ""))
            continue
        for name, value in node.attrib.items():
            if name not in DRAWN and not value.startswith("data:"):
                opened.texts.append((f"{where}@{name}", value))
            _data_uris(opened, f"{where}@{name}", value)
        if node.tag in ("script", "style"):
            _data_uris(opened, f"{where} <{node.tag}>", node.text or "")
        else:
            opened.texts.append((where, node.text or ""))
        opened.texts.append((where, node.tail or ""))
    for n, picture in enumerate(svgs(root)):
        opened.drawings.append((f"{where} picture {n + 1}", read_svg(picture)))
    for n, table in enumerate(root.iter("table")):
        opened.tables.append((f"{where} table {n + 1}", _rows(table)))


def _rows(table: Any) -> list[list[str]]:
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("th", "td")]
        for row in table.iter("tr")
    ]


def _data_uris(opened: Opened, where: str, text: str) -> None:
    for found in DATA_URI.finditer(text):
        kind, _args, base, body = found.groups()
        if "font" in kind:
            continue
        plain = unquote_to_bytes(html.unescape(body))
        data = base64.b64decode(plain + b"==") if base else plain
        open_bytes(opened, f"{where} (data:{kind})", data)


def _xml(opened: Opened, where: str, text: str) -> None:
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError:
        opened.texts.append((where, text))
        return
    for node in root.iter():
        tag = node.tag if isinstance(node.tag, str) else "comment"
        for value in (node.text, node.tail):
            if value and not tag.endswith("}style"):
                opened.texts.append((where, value))
        if tag != "comment":
            for name, value in node.attrib.items():
                if len(value) < 300 and name not in DRAWN:
                    opened.texts.append((f"{where}@{name}", value))
                _data_uris(opened, f"{where}@{name}", value)
    for n, picture in enumerate(svgs(root)):
        opened.drawings.append((f"{where} picture {n + 1}", read_svg(picture)))
    shapes = read_shapes(root)
    if shapes.marks:
        opened.drawings.append((f"{where} (shapes)", shapes))
    # Words may be cut in pieces by formatting: also all of it joined.
    joined = "".join(root.itertext())
    opened.raw.append((f"{where} (joined)", joined))


def _zip(opened: Opened, where: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        opened.texts.append((where, archive.comment.decode("utf-8", errors="replace")))
        first = len(opened.rasters)
        for name in names:
            open_bytes(opened, f"{where}!{name}", archive.read(name))
        sizes = _wide_mm(archive)
        for n, (name, one) in enumerate(opened.rasters[first:], first):
            high, wide = one.rgb.shape[:2]
            told = {wide / w for w, h in sizes if abs(w / h / (wide / high) - 1) < 0.01}
            opened.rasters[n] = (name, Raster(one.rgb, tuple(told) or one.per_mm))
    if "word/document.xml" in names:
        import docx

        document = docx.Document(io.BytesIO(data))
        for n, table in enumerate(document.tables):
            rows = [[cell.text for cell in row.cells] for row in table.rows]
            opened.tables.append((f"{where} table {n + 1}", rows))
    if "xl/workbook.xml" in names:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data))
        for sheet in book:  # hidden ones too
            rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
            opened.tables.append((f"{where} sheet {sheet.title}", rows))
            opened.values.append((f"{where} sheet {sheet.title}", [list(r) for r in sheet.values]))


def _pdf(opened: Opened, where: str, data: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(data))
    opened.texts.append((f"{where} (info)", str(dict(reader.metadata or {}))))
    for n, page in enumerate(reader.pages):
        text = page.extract_text()
        opened.texts.append((f"{where} page {n + 1}", text))
        opened.raw.append((f"{where} page {n + 1}", text))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for n, page in enumerate(pdf.pages):
            opened.drawings.append((f"{where} page {n + 1}", read_page(page)))
        for name, attached in pdf.attachments.items():
            open_bytes(opened, f"{where} (attached {name})", attached.get_file().read_bytes())
        for n, item in enumerate(pdf.objects):
            _pdf_object(opened, f"{where} (object {n})", item)


def _pdf_object(opened: Opened, where: str, item: Any) -> None:
    if isinstance(item, pikepdf.Stream):
        if item.get("/Subtype") == "/Image":
            _pdf_image(opened, where, item)
        try:
            body = item.read_bytes()
        except pikepdf.PdfError:  # an image's own compression
            return
        if b"<?xpacket" in body[:200]:
            text = body.decode("utf-8", errors="replace")
            opened.texts.append((where.replace("(object", "(xmp) (object"), text))
        if b"BT" not in body:
            _printable(opened, where, body)
    elif isinstance(item, pikepdf.Dictionary):
        _pdf_numbers(opened, where, item)
        for key in ("/Alt", "/ActualText", "/Contents", "/T", "/V", "/Title"):
            if key in item and isinstance(item[key], pikepdf.String):
                opened.texts.append((f"{where} ({key})", str(item[key])))


def _pdf_image(opened: Opened, where: str, item: pikepdf.Stream) -> None:
    try:
        _raster(opened, where, pikepdf.PdfImage(item).as_pil_image())
    except (pikepdf.PdfError, NotImplementedError, ValueError):  # a mask, or a way of its own
        return


def _pdf_numbers(opened: Opened, where: str, item: pikepdf.Dictionary) -> None:
    """Take lists of numbers as they stand: a map's own corners may be told so (GPTS)."""
    for key, value in item.items():
        if isinstance(value, pikepdf.Array) and len(value) > 1:
            plain = list(value)  # type: ignore[call-overload]
            if all(isinstance(one, int | float | Decimal) for one in plain):
                opened.values.append((f"{where} ({key})", [float(one) for one in plain]))


def _image(opened: Opened, where: str, data: bytes) -> None:
    image = Image.open(io.BytesIO(data))
    image.load()
    _raster(opened, where, image)
    opened.texts += [(f"{where} ({key})", str(value)) for key, value in image.info.items()]
    opened.texts += [(f"{where} (exif {key})", str(v)) for key, v in image.getexif().items()]
    if data[:4] == b"\x89PNG":
        at = 8
        while at + 8 <= len(data):
            size, kind = struct.unpack(">I4s", data[at : at + 8])
            body = data[at + 8 : at + 8 + size]
            if kind in (b"zTXt", b"iTXt"):
                for cut in range(len(body)):
                    if body[cut : cut + 1] == b"\x78":
                        try:
                            body += zlib.decompress(body[cut:])
                            break
                        except zlib.error:
                            continue
            if kind not in (b"IDAT", b"PLTE", b"IHDR", b"IEND"):
                opened.texts.append((f"{where} ({kind.decode()})", body.decode("latin-1")))
            at += size + 12
        _printable(opened, f"{where} (after the end)", data[at:])


def _raster(opened: Opened, where: str, image: Image.Image) -> None:
    told = [float(one) for one in image.info.get("dpi", ())[:1] if one]
    plain = np.asarray(
        Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    )
    per_mm = tuple(dpi / 25.4 for dpi in told or USUAL_DPI)
    opened.rasters.append((where, Raster(plain[:, :, :3], per_mm)))


def _wide_mm(archive: zipfile.ZipFile) -> list[tuple[float, float]]:
    """Return width and height of every picture that a document sets out, in millimetres."""
    found = []
    for name in archive.namelist():
        if name.endswith(".xml"):
            told = [one.groups() for one in EXTENT.finditer(archive.read(name))]
            found += [(int(wide) / EMU_TO_MM, int(high) / EMU_TO_MM) for wide, high in told]
    return found


def _parquet(opened: Opened, where: str, data: bytes) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    opened.texts.append((f"{where} (metadata)", str(table.schema.metadata)))
    _table(opened, where, table.column_names, [list(r.values()) for r in table.to_pylist()])


def _table(opened: Opened, where: str, columns: list[str], rows: list[list[Any]]) -> None:
    kept = []
    for row in rows:
        plain: list[Any] = []
        for value in row:
            if isinstance(value, bytes):
                opened.shapes += [(where, shape) for shape in _geometries(value)]
                plain.append(None)
            else:
                plain.append(value)
                if isinstance(value, str):
                    opened.texts.append((where, value))
        kept.append(plain)
    opened.values.append((where, {"columns": columns, "rows": kept}))
    texts = [["" if v is None else str(v) for v in row] for row in kept]
    opened.tables.append((where, [columns, *texts]))


def _geometries(value: bytes) -> list[Any]:
    body = value
    if value[:2] == b"GP" and len(value) > 8:
        size = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get((value[3] >> 1) & 7, 0)
        body = value[8 + size :]
    try:
        return [shapely.from_wkb(body)]
    except (shapely.errors.GEOSException, NotImplementedError):
        return []


def _sqlite(opened: Opened, where: str, data: bytes, path: Path | None) -> None:
    if path is not None:
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        names = [n for (n,) in base.execute("select name from sqlite_master where type='table'")]
        for name in names:
            try:
                found = base.execute(f'select * from "{name}"')
            except sqlite3.OperationalError:  # a virtual table of an extension
                continue
            columns = [one[0] for one in found.description]
            _table(opened, f"{where}!{name}", columns, [list(r) for r in found.fetchall()])
        for (sql,) in base.execute("select sql from sqlite_master where sql is not null"):
            opened.texts.append((f"{where} (schema)", sql))
        base.close()
    # Rows that were deleted stand on in free pages and in the unused middle of pages.
    _printable(opened, f"{where} (bytes)", data)
    for found in re.finditer(rb"GP\x00[\x00-\x3f]", data):
        body = data[found.start() : found.start() + 8 + 64 + 21]
        for shape in _geometries(body[:29]) + _geometries(body):
            if shape is not None and shape.geom_type == "Point":
                opened.shapes.append((f"{where} (bytes)", shape))


def _printable(opened: Opened, where: str, data: bytes) -> None:
    words = [m.group().decode("utf-8", errors="replace") for m in PRINTABLE.finditer(data)]
    opened.raw.append((where, "\n".join(words)))
