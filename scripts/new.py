"""``lagesbild new``: a commented project file, with an export's columns filled in.

The comments are made of the options classes themselves, so the file shows every setting there is,
its default and its unit, and can't fall behind the code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from geodata.errors import Fault, Notice, OutputError
from geodata.exports import ReadOptions, read_export
from geodata.incidents import ImportOptions
from geodata.language import N_
from geodata.language import gettext as _
from geodata.mapping import JOIN, choose_columns, personal_name
from geodata.options import default_of
from scripts.config import PROJECT_FILE, TABLES

HEADINGS: Final = {
    "project": N_("Projektet"),
    "areas": N_("Områden: beslutade EST-områden och SCB:s RegSO"),
    "reference": N_("Egna lager: karta, kameraplatser och entréer (fil eller fil#lager)"),
    "hotspots": N_("Hot spots"),
    "cameras": N_("Förslag till kameraplatser"),
    "dogsearch": N_("Förslag till hundsök i allmänna utrymmen"),
    "disclosure": N_("Vad som får lämnas ut i varje profil"),
    "map": N_("Kartan"),
    "output": N_("Resultatet"),
}


@dataclass(frozen=True)
class NewProject:
    """The file that was written and what was chosen for the user."""

    file: Path
    notices: tuple[Notice, ...]


def write_new_project(folder: Path, export: Path | None) -> NewProject:
    """Write ``lagesbild.toml`` into `folder`, made if it isn't there.

    Raises
    ------
    OutputError
        If there is a project file already, or the folder can't be written.
    DataError
        If the export can't be read.
    """
    file = folder / PROJECT_FILE
    if file.exists():
        raise OutputError(
            Fault(
                code="project_exists",
                what=_("Det finns redan en projektfil, och den skrivs inte över."),
                where=str(file),
                next_step=_("Välj en annan mapp, eller flytta undan filen."),
            )
        )
    columns: Mapping[str, str] = {}
    ignore: Sequence[str] = ()
    notices: tuple[Notice, ...] = ()
    path = "utdrag.csv"
    if export is not None:
        raw = read_export(export, ReadOptions())
        ignore = [name for name in raw.table.column_names if personal_name(name)]
        chosen = choose_columns(
            raw.table, columns={}, ignore=ignore, unlisted="drop", also_used=(), where="[[input]]"
        )
        columns = {target: JOIN.join(names) for target, names in chosen.columns.items()}
        notices = (*raw.notices, *chosen.notices)
        path = _relative(export, folder)
    text = project_text(folder.resolve().name, path, columns, ignore)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            Fault(
                code="not_writable",
                what=_("Projektfilen går inte att skriva."),
                where=str(file),
                why=error.strerror or str(error),
                next_step=_("Välj en mapp där du får skriva."),
            )
        ) from error
    return NewProject(file.resolve(), notices)


def project_text(
    name: str, path: str, columns: Mapping[str, str], ignore: Sequence[str] = ()
) -> str:
    """Return a project file with every setting there is, defaults commented out.

    Columns in `ignore` hold persons, by their names, and are written down as not to be read.
    """
    lines = [
        "# " + _("Projektfil för Lägesbild. Rader med # först är förval: ta bort # och ändra."),
        "# " + _("Kör ”lagesbild check” för att se vad som lästes, ”lagesbild run” för allt."),
        "",
        *_table("project", {"name": name, "extract_date": date.today().isoformat()}),
        "",
        "# " + _("En fil att läsa. Flera filer: upprepa [[input]] för varje."),
        "[[input]]",
        f"path = {toml_value(path)}",
        *_defaults(ReadOptions),
        *([f"ignore = {toml_value(list(ignore))}"] if ignore else []),
        *_defaults(ImportOptions, skip={"ignore": ()} if ignore else None),
        "",
        "# " + _("Vilken kolumn i filen som är vad. Personuppgifter ska inte läsas in."),
        "[input.columns]",
        *(f"{target} = {toml_value(column)}" for target, column in columns.items()),
        "",
    ]
    given: Mapping[str, dict[str, Any]] = {"areas": {"builtin": ["est", "regso"]}}
    for table in TABLES:
        if table != "project":
            lines += [*_table(table, given.get(table, {})), ""]
    return "\n".join(lines)


def _table(name: str, given: Mapping[str, Any]) -> list[str]:
    return [
        f"# {_(HEADINGS[name])}",
        f"[{name}]",
        *(f"{key} = {toml_value(value)}" for key, value in given.items()),
        *_defaults(TABLES[name], skip=given),
    ]


def _defaults(cls: type[Any], skip: Mapping[str, Any] | None = None) -> list[str]:
    lines = []
    for f in fields(cls):
        default = default_of(f)
        if f.name in (skip or {}) or isinstance(default, dict):
            continue
        unit = f.metadata.get("unit", "")
        note = _(str(f.metadata.get("help", ""))) + (f" [{unit}]" if unit else "")
        lines.append(f"# {f.name} = {toml_value(default)}  # {note}")
    return lines


def toml_value(value: object) -> str:
    """Return a value as TOML writes it; what is left out by default shows as an empty text."""
    if value is None:
        return '""'
    if isinstance(value, Path):
        value = value.as_posix()
    if isinstance(value, tuple):
        value = list(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return file.resolve().as_posix()
