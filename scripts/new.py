"""``lagesbild new``: a commented project file, with an export's columns filled in.

The comments are made of the options classes themselves, so the file shows every setting there is,
its default and its unit, and can't fall behind the code.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from geodata.errors import Fault, Notice, OutputError
from geodata.exports import ReadOptions, read_export
from geodata.incidents import ImportOptions, guess_extract_day
from geodata.language import N_, language
from geodata.language import gettext as _
from geodata.mapping import JOIN, choose_columns, personal_name
from geodata.names import PROJECT_FILE
from geodata.options import default_of
from geodata.register.template import write_templates
from geodata.schema import INCIDENTS
from geodata.values import CATEGORIES, known_texts, texts
from scripts.config import TABLES
from scripts.extractday import told
from scripts.project_options import ProjectOptions

MOST_VALUES: Final = 40
"""Distinct texts above which a column isn't taken for one of categories."""

HEADINGS: Final = {
    "project": N_("Projektet"),
    "areas": N_("Områden: beslutade EST-områden och SCB:s RegSO"),
    "reference": N_("Egna lager: karta, kameraplatser och entréer (fil eller fil#lager)"),
    "store": N_("Lagret, som uttag läggs till vecka för vecka"),
    "hotspots": N_("Hot spots"),
    "cameras": N_("Förslag till kameraplatser"),
    "candidates": N_("Kameror: var de kan stå"),
    "views": N_("Kameror: vad de ser"),
    "privacy": N_("Kameror: vad vyn kostar i integritet, och masker"),
    "choice": N_("Kameror: hur många, inom vilka gränser"),
    "alternatives": N_("Kameror: mindre alternativ bredvid förslaget"),
    "evaluation_plan": N_("Kameror: uppföljning som bestäms före start"),
    "sheets": N_("Kameror: underlagen"),
    "dogsearch": N_("Förslag till hundsök i allmänna utrymmen"),
    "search_need": N_("Hundsök: vad som ger en entré poäng"),
    "round": N_("Hundsök: rundan och passen"),
    "evidence": N_("Prövning av hot spots"),
    "accuracy": N_("Metodernas träffsäkerhet på ortens egen historia"),
    "significance": N_("Mer än slump? Getis-Ord Gi*"),
    "stability": N_("Stabilitet när punkterna flyttas"),
    "persistence": N_("Varaktighet, kvartal för kvartal"),
    "match": N_("Jämförelse med en tidigare period"),
    "time": N_("Timme och veckodag"),
    "activity": N_("Insatser"),
    "agreement": N_("Om två källor pekar på samma ställen"),
    "relative": N_("Narkotikarapporter mot alla andra rapporter"),
    "density": N_("Täthetsyta"),
    "scan": N_("Ansamlingar i rum och tid"),
    "near_repeat": N_("Närupprepning"),
    "picture": N_("Lägesbilden, område för område"),
    "watch": N_("Veckans bevakning"),
    "perceived": N_("Upplevd trygghet"),
    "followup": N_("Uppföljning, period mot period"),
    "effect": N_("Åtgärdernas effekt"),
    "disclosure": N_("Vad som får lämnas ut i varje profil"),
    "map": N_("Kartan"),
    "print": N_("Kartor för tryck"),
    "appendix": N_("Kartbilagan till den årliga uppföljningen"),
    "output": N_("Resultatet"),
}


@dataclass(frozen=True)
class NewProject:
    """The file that was written and what was chosen for the user."""

    file: Path
    notices: tuple[Notice, ...]


def write_new_project(folder: Path, export: Path | None) -> NewProject:
    """Write ``lagesbild.toml`` and templates into `folder`, made if it isn't there.

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
    guess = Guess(path="utdrag.csv") if export is None else guess_input(export, folder)
    text = project_text(folder.resolve().name, guess)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        write_templates(folder)
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
    return NewProject(file.resolve(), guess.notices)


@dataclass(frozen=True)
class Guess:
    """What an export seems to be, to be looked through by the one who knows.

    Attributes
    ----------
    path
        As it is written in the project file.
    columns
        Target → column, for ``[input.columns]``.
    ignore
        Columns that hold persons, by their names.
    values
        Target → text of the file → category, ``unknown`` where nobody knows.
    constants
        What goes for the whole file.
    extract_day
        The day of the extract, by the rows; ``None`` when they don't tell.
    """

    path: str
    columns: Mapping[str, str] = field(default_factory=dict)
    ignore: Sequence[str] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    extract_day: date | None = None
    notices: tuple[Notice, ...] = ()


def guess_input(export: Path, folder: Path) -> Guess:
    """Read an export and say what its columns and their texts seem to be.

    Raises
    ------
    DataError
        If the export can't be read.
    """
    raw = read_export(export, ReadOptions())
    ignore = [name for name in raw.table.column_names if personal_name(name)]
    chosen = choose_columns(
        raw.table, columns={}, ignore=ignore, unlisted="drop", also_used=(), where="[[input]]"
    )
    values = {
        target: suggest_values(texts(raw.table, columns).values.to_pylist(), target)
        for target, columns in chosen.columns.items()
        if target in CATEGORIES
    }
    notices = [*raw.notices, *chosen.notices]
    constants = {}
    if "offence_code" in chosen.columns and "source" not in chosen.columns:
        constants["source"] = "police"
        text = _('Filen har brottskoder och antas komma från polisen: source = "police".')
        notices.append(Notice(code="source_assumed", text=text, level="chosen"))
    taken = guess_extract_day(
        raw.table, chosen, timezone=str(ProjectOptions.timezone), today=date.today()
    )
    notices.append(told(taken))
    return Guess(
        path=_relative(export, folder),
        columns={target: JOIN.join(names) for target, names in chosen.columns.items()},
        ignore=ignore,
        values={target: known for target, known in values.items() if known},
        constants=constants,
        extract_day=taken.day if taken else None,
        notices=tuple(notices),
    )


def suggest_values(found: Sequence[str], target: str) -> dict[str, str]:
    """Return a category for each text of a column, most of them to be looked through.

    A text of several parts (``Gata, torg``) gets the category of its parts where those that are
    known agree. Where there are more than `MOST_VALUES` texts the column holds something else.
    """
    if len(found) > MOST_VALUES:
        return {}
    known = known_texts(target, {})
    suggested = {}
    for text in found:
        parts = [text, *re.split(r"[,/;]| och | i ", text)]
        agreed = {known[p.strip().casefold()] for p in parts if p.strip().casefold() in known}
        suggested[text] = agreed.pop() if len(agreed) == 1 else "unknown"
    return suggested


def project_text(name: str, guess: Guess) -> str:
    """Return a project file with every setting there is, defaults commented out."""
    project = {"name": name}
    if guess.extract_day is not None:
        project["extract_date"] = guess.extract_day.isoformat()
    if language() != "sv":
        project["language"] = language()
    lines = [
        "# " + _("Projektfil för Lägesbild. Rader med # först är förval: ta bort # och ändra."),
        "# " + _("Kör ”lagesbild check” för att se vad som lästes, ”lagesbild run” för allt."),
        "",
        *_table("project", project),
        *([_note_of_day()] if guess.extract_day is not None else []),
        "",
        "# " + _("En fil att läsa. Flera filer: upprepa [[input]] för varje."),
        "[[input]]",
        f"path = {toml_value(guess.path)}",
        *_defaults(ReadOptions),
        *([f"ignore = {toml_value(list(guess.ignore))}"] if guess.ignore else []),
        *_defaults(ImportOptions, skip={"ignore": ()} if guess.ignore else None),
        "",
        *_meaning(guess),
    ]
    given: Mapping[str, dict[str, Any]] = {"areas": {"builtin": ["est", "regso"]}}
    for table in TABLES:
        if table != "project":
            lines += [*_table(table, given.get(table, {})), ""]
    return "\n".join(lines)


def _note_of_day() -> str:
    return "# " + _(
        "extract_date är gissad av filens sista datum. Ändra om uttaget gjordes en annan dag."
    )


def _meaning(guess: Guess) -> list[str]:
    lines = [
        "# " + _("Vilken kolumn i filen som är vad. Personuppgifter ska inte läsas in."),
        "[input.columns]",
        *(f"{target} = {toml_value(column)}" for target, column in guess.columns.items()),
        "",
        "# " + _("Vad som gäller hela filen där raderna inte säger något."),
        "[input.constants]",
        *(f"{target} = {toml_value(value)}" for target, value in guess.constants.items()),
        "",
    ]
    for target, known in guess.values.items():
        allowed = ", ".join(INCIDENTS[target].values)
        lines += [
            "# " + _("Vad texterna betyder; möjliga: {values}.").format(values=allowed),
            f"[input.values.{target}]",
            *(f"{toml_value(text)} = {toml_value(value)}" for text, value in known.items()),
            "",
        ]
    return lines


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
        unit = _(str(f.metadata.get("unit", "")))
        note = _(str(f.metadata.get("help", ""))) + (f" [{unit}]" if unit else "")
        shown = _("(utelämnad)") if default is None else toml_value(default)
        lines.append(f"# {f.name} = {shown}  # {note}")
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
