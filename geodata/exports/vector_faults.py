"""What to tell of a vector file that can't be opened, or that is shorter than it says."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Final

from geodata.errors import Fault, Notice
from geodata.exports.raw import file_fault, shorten
from geodata.language import gettext as _

_SHP_LENGTH: Final = 24  # big-endian, in words of two bytes, ESRI Shapefile Technical Description
_SQLITE_PAGE_SIZE: Final = 16  # big-endian, 1 means 65536; the SQLite file format, 1.3
_SQLITE_PAGES: Final = 28


def no_records(path: Path, layer: str = "") -> Fault:
    """Return the fault of a file without layers, or of a layer without records."""
    if not layer:
        return file_fault(
            "empty_file", _("Filen har inga lager."), path, next_step=_("Gör om uttaget.")
        )
    return file_fault(
        "header_only",
        _("Lagret har inga poster."),
        path,
        place=_("lager {layer}").format(layer=layer),
        next_step=_("Gör om uttaget; kontrollera dess urval och period."),
    )


def broken_file(path: Path, error: Exception) -> Fault:
    """Return the fault of a file that can't be opened, with the likeliest cause."""
    absent = [s for s in (".shx", ".dbf") if not path.with_suffix(s).exists()]
    if path.suffix.lower() == ".shp" and absent:
        return file_fault(
            "missing_part",
            _("Shapefilen saknar en del: {parts}.").format(
                parts=", ".join(path.stem + suffix for suffix in absent)
            ),
            path,
            why=_("En shapefil består av flera filer med samma namn som ska ligga tillsammans."),
            next_step=_("Kopiera alla delar (.shp, .shx, .dbf, .prj) till samma mapp."),
        )
    code, why = "unreadable", shorten(str(error))
    if path.suffix.lower() in (".geojson", ".json"):
        code, why = _json_error(path, why)
    elif _missing_bytes(path) > 0:
        code = "truncated_file"
    what = {
        "truncated_file": _("Filen är avbruten eller skadad."),
        "unreadable": _("Filen går inte att läsa som karta."),
        "unknown_format": _("Filen är JSON men inte GeoJSON."),
    }
    return file_fault(
        code,
        what[code],
        path,
        why=_("Läsaren säger: {error}").format(error=why),
        next_step=_("Hämta eller kopiera filen på nytt, eller öppna den i QGIS och spara om den."),
    )


def cut_short(path: Path) -> tuple[Notice, ...]:
    """Return a warning if a shapefile that could be opened has lost its end."""
    missing = _missing_bytes(path)
    if missing <= 0:
        return ()
    notice = Notice(
        code="truncated_file",
        level="warning",
        text=_("Filen är avbruten: {n} byte saknas i slutet. Hämta den på nytt.").format(n=missing),
        data={"missing_bytes": missing},
    )
    return (notice,)


def _missing_bytes(path: Path) -> int:
    """Return how many bytes fewer a .shp or SQLite file has than its header says."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100:
        return 0
    if head.startswith(b"\0\0\x27\x0a"):
        stated = 2 * int(struct.unpack_from(">i", head, _SHP_LENGTH)[0])
    elif head.startswith(b"SQLite format 3\0"):
        page = int(struct.unpack_from(">H", head, _SQLITE_PAGE_SIZE)[0])
        pages = int(struct.unpack_from(">I", head, _SQLITE_PAGES)[0])
        stated = (65536 if page == 1 else page) * pages
    else:
        return 0
    return max(0, stated - path.stat().st_size)


def _json_error(path: Path, why: str) -> tuple[str, str]:
    """Return code and reason of a GeoJSON file that can't be opened."""
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        place = _("rad {row}, tecken {column}").format(row=error.lineno, column=error.colno)
        return ("truncated_file" if at_end else "unreadable"), f"{error.msg}, {place}"
    except RecursionError:
        return "unreadable", why
    return "unknown_format", why
