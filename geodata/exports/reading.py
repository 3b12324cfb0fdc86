"""The one way in: find the format, read, add the checksum."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyarrow as pa

from geodata.errors import DataError, Notice
from geodata.exports.formats import find_format
from geodata.exports.raw import Cut, Format, RawTable, ReadOptions, file_fault
from geodata.language import gettext as _

_PARTS: Final = (".cpg", ".dbf", ".prj", ".shp", ".shx")
_APPLIES: Final[dict[str, tuple[Format, ...]]] = {
    "encoding": ("csv",),
    "separator": ("csv",),
    "sheet": ("xlsx",),
    "layer": ("gpkg", "shapefile", "geojson"),
    "skip_rows": ("csv", "xlsx"),
}


def read_export(path: Path, options: ReadOptions) -> RawTable:
    """Cut an export file into columns; interpret nothing.

    Parameters
    ----------
    path
        CSV (also gzipped), XLSX, GeoPackage, Shapefile (also zipped), GeoJSON, Parquet or
        GeoParquet.
    options
        Format, encoding, separator, sheet, layer and rows to skip; ``auto`` is announced.

    Returns
    -------
    RawTable
        With ``rows_read == len(table) + len(rejected)``.

    Raises
    ------
    DataError
        With every fault found in the file, such as ``file_missing``, ``empty_file``,
        ``header_only``, ``not_text``, ``wrong_separator``, ``duplicate_columns``,
        ``truncated_file``, ``password_protected``, ``unknown_format``, ``not_points``,
        ``unreadable``.
    """
    _refuse_no_file(path)
    # Arrow's own allocator gives memory back at once, and to be given fresh pages again and again
    # costs a second on a million rows.
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        kind = find_format(path, options)
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(_sha256, path)  # hashing lets go of the interpreter lock
            cut = _reader(kind)(path, options)
            sha256 = digest.result()
    except OSError as error:
        raise DataError(
            file_fault(
                "unreadable",
                _("Filen går inte att läsa."),
                path,
                why=str(error.strerror or error),
                next_step=_("Kontrollera rättigheterna och att filen inte är öppen i Excel."),
            )
        ) from error
    return RawTable(
        table=cut.table,
        row_numbers=cut.row_numbers,
        rejected=cut.rejected,
        rows_read=cut.table.num_rows + len(cut.rejected),
        path=path,
        format=kind,
        encoding=cut.encoding,
        separator=cut.separator,
        layer=cut.layer,
        sha256=sha256,
        crs=cut.crs,
        notices=(*_unused(options, kind), *cut.notices),
    )


def _reader(kind: Format) -> Callable[[Path, ReadOptions], Cut]:
    """Return the reader of a format; each brings its own heavy library."""
    if kind == "csv":
        from geodata.exports.text import read_text

        return read_text
    if kind == "xlsx":
        from geodata.exports.excel import read_excel

        return read_excel
    if kind == "parquet":
        from geodata.exports.parquet import read_parquet

        return read_parquet
    from geodata.exports.vector import read_vector

    return read_vector


def _refuse_no_file(path: Path) -> None:
    if not path.is_file():
        is_folder = path.is_dir()
        raise DataError(
            file_fault(
                "file_missing",
                _("Här står en mapp, inte en fil.") if is_folder else _("Filen finns inte."),
                path,
                next_step=_("Ange rätt sökväg i projektfilen."),
            )
        )
    if path.stat().st_size == 0:
        raise DataError(
            file_fault(
                "empty_file",
                _("Filen är tom."),
                path,
                why=_("Den innehåller varken rubrikrad eller rader."),
                next_step=_("Gör om uttaget, eller ange rätt fil i projektfilen."),
            )
        )


def _sha256(path: Path) -> str:
    if path.suffix.lower() != ".shp":
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    parts = {p.suffix.lower(): p for p in path.parent.glob(path.stem + ".*") if p.is_file()}
    for suffix in _PARTS:
        if suffix in parts:
            with parts[suffix].open("rb") as file:
                while piece := file.read(io.DEFAULT_BUFFER_SIZE):
                    digest.update(piece)
    return digest.hexdigest()


def _unused(options: ReadOptions, kind: Format) -> list[Notice]:
    """Tell of settings that this format has no use for."""
    default = ReadOptions()
    idle = [
        name
        for name, kinds in _APPLIES.items()
        if getattr(options, name) != getattr(default, name) and kind not in kinds
    ]
    return [
        Notice(
            code="setting_unused",
            level="warning",
            text=_("Inställningen {name} har ingen verkan på en fil av formatet {kind}.").format(
                name=name, kind=kind
            ),
            data={"setting": name},
        )
        for name in idle
    ]
