"""Opening any file of a folder by what it holds, not by its name."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from scripts.inspecting.contents import Contents
from scripts.inspecting.datafiles import open_parquet, open_vector
from scripts.inspecting.officefiles import open_pdf, open_picture, open_zip
from scripts.inspecting.webfiles import open_html, open_json, open_text

FONTS: Final = (b"wOFF", b"wOF2", b"OTTO", b"\x00\x01\x00\x00")
PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff")


class UnreadableError(Exception):
    """A file that can't be looked into, so that nothing can be said of it."""


def open_file(path: Path) -> Contents:
    """Open a file of a folder.

    Raises
    ------
    UnreadableError
        If it is damaged, protected, or of a kind that can't be looked into.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
        if start.startswith(b"SQLite format 3") or path.suffix.lower() in (".geojson", ".shp"):
            return open_vector(path)
        if start.startswith(b"PAR1"):
            return open_parquet(path)
        return open_bytes(path.name, path.read_bytes())
    except UnreadableError:
        raise
    except _faults() as error:
        raise UnreadableError(str(error) or type(error).__name__) from error


def open_bytes(name: str, data: bytes) -> Contents:
    """Open a file by its bytes, also one within another.

    Raises
    ------
    UnreadableError
        If it is of a kind that can't be looked into.
    """
    if data.startswith(b"PK\x03\x04"):
        return open_zip(data, open_bytes)
    if data.startswith(b"%PDF-"):
        return open_pdf(data)
    if data.startswith((*PICTURES, *FONTS)):
        return open_picture(data) if data.startswith(PICTURES) else Contents()
    try:
        return _of_text(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(name) from error


def _of_text(name: str, text: str) -> Contents:
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype html", "<html", "<svg", "<?xml")):
        return open_html(text, open_bytes)
    if head.startswith(("{", "[")) and not name.lower().endswith((".toml", ".txt")):
        return open_json(text)
    return open_text(name, text)


def _faults() -> tuple[type[Exception], ...]:
    """Return what the readers raise for files that are damaged or protected."""
    import pyarrow as pa
    from pyogrio.errors import DataSourceError
    from pypdf.errors import PyPdfError

    return (
        OSError,
        ValueError,
        KeyError,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        json.JSONDecodeError,
        pa.ArrowException,
        DataSourceError,
        PyPdfError,
    )
