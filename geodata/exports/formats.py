"""What kind of file it is: by its first bytes, since names of files often lie."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from geodata.errors import DataError, Fault
from geodata.exports.raw import Format, ReadOptions, file_fault
from geodata.language import gettext as _

_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".gz": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".gpkg": "gpkg",
    ".shp": "shapefile",
    ".geojson": "geojson",
    ".json": "geojson",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}
_FOREIGN: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"{\\rtf", "RTF"),
)


def find_format(path: Path, options: ReadOptions) -> Format:
    """Return the format of a file.

    Parameters
    ----------
    path
        An existing file that isn't empty.
    options
        A stated `format` is believed unless the first bytes rule it out.

    Raises
    ------
    DataError
        ``password_protected``, ``old_excel``, ``truncated_file``, ``unknown_format``,
        ``wrong_format``.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    found = _by_content(path, head)
    if options.format == "auto":
        return found
    stated = options.format
    if stated != found:
        raise DataError(
            file_fault(
                "wrong_format",
                _("Filen är inte av formatet {stated}.").format(stated=stated),
                path,
                why=_("Innehållet är av formatet {found}.").format(found=found),
                next_step=_('Ta bort format ur projektfilen eller sätt format = "{found}".').format(
                    found=found
                ),
            )
        )
    return found


def _by_content(path: Path, head: bytes) -> Format:
    suffix = path.suffix.lower()
    if head.startswith(_OLE):
        raise DataError(_ole_fault(path))
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if head.startswith((b"PAR1", b"PARE")):
        return "parquet"
    if head.startswith(b"\0\0\x27\x0a") or suffix == ".shp":
        return "shapefile"
    begins_as_json = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if suffix in (".geojson", ".json") or (begins_as_json and b'"type"' in head):
        return "geojson"
    foreign = next((name for mark, name in _FOREIGN if head.startswith(mark)), None)
    if foreign is not None or head.lstrip()[:9].lower().startswith(
        (b"<html", b"<!doctype", b"<?xml")
    ):
        raise DataError(_unknown(path, foreign or _("webbsida eller XML")))
    expected = _SUFFIXES.get(suffix)
    if expected in ("xlsx", "gpkg", "parquet") and b"\0" in head:
        raise DataError(_damaged(path, expected))
    return "csv"


def _zipped(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise DataError(_damaged(path, _SUFFIXES.get(path.suffix.lower(), "zip"))) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.lower().endswith(".shp") for name in names):
        return "shapefile"
    raise DataError(_unknown(path, _("zip-arkiv utan XLSX eller Shapefile")))


def _ole_fault(path: Path) -> Fault:
    """Return the fault of an OLE file: an encrypted workbook or one of the old format."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return file_fault(
            "password_protected",
            _("Filen är skyddad med lösenord."),
            path,
            why=_("Innehållet är krypterat och går inte att läsa utan lösenordet."),
            next_step=_("Öppna filen i Excel, ta bort lösenordet och spara den på nytt."),
        )
    return file_fault(
        "old_excel",
        _("Filen är i ett äldre Office-format (till exempel .xls)."),
        path,
        why=_("Det formatet läses inte."),
        next_step=_("Öppna filen i Excel och spara den som .xlsx."),
    )


def _damaged(path: Path, kind: str) -> Fault:
    return file_fault(
        "truncated_file",
        _("Filen är avbruten eller skadad."),
        path,
        why=_("Den börjar eller heter som {kind} men går inte att öppna.").format(kind=kind),
        next_step=_("Hämta eller kopiera filen på nytt."),
    )


def _unknown(path: Path, kind: str) -> Fault:
    return file_fault(
        "unknown_format",
        _("Filens format läses inte: {kind}.").format(kind=kind),
        path,
        why=_("Lägesbild läser CSV, XLSX, GeoPackage, Shapefile, GeoJSON och Parquet."),
        next_step=_("Gör om uttaget i något av de formaten, eller packa upp filen."),
    )
