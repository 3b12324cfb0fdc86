"""Faults and notices about the columns of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import ngettext
from geodata.mapping.names import JOIN
from geodata.options import nearest


def missing_column(name: str, names: Sequence[str], place: str) -> Fault:
    """Return the fault of a column that the file lacks, with the nearest of those it has."""
    return Fault(
        code="missing_column",
        what=_("Kolumnen ”{name}” finns inte i filen.").format(name=name),
        where=place,
        next_step=nearest(name, names),
    )


def missing_rules(also_used: Sequence[str], names: Sequence[str], where: str) -> list[Fault]:
    """Return a fault for each column that a rule looks at and the file lacks."""
    return [
        missing_column(n, names, f"{where} rules")
        for n in dict.fromkeys(also_used)
        if n not in names
    ]


def ignored_but_used(columns: Sequence[str], where: str) -> list[Fault]:
    """Return a fault for columns that are both mapped to nothing and read."""
    if not columns:
        return []
    return [
        Fault(
            code="ignored_but_used",
            what=_("Kolumner står i ignore men används också: {columns}.").format(
                columns=", ".join(f"”{n}”" for n in columns)
            ),
            where=where,
            next_step=_("Ta bort dem ur ignore, eller ur [input.columns] och reglerna."),
        )
    ]


def kept_sentences(columns: Mapping[str, str], where: str) -> list[Fault]:
    """Return a fault for each target that would keep free text; target → column."""
    return [
        Fault(
            code="free_text_mapped",
            what=_("Kolumnen ”{column}” innehåller fritext och kan inte bli {target}.").format(
                column=column, target=target
            ),
            where=f"{where} columns.{target}",
            why=_("Fritext kan peka ut personer och behålls aldrig."),
            next_step=_('Välj en annan kolumn, eller skriv {target} = "".').format(target=target),
        )
        for target, column in columns.items()
    ]


def refused(
    names: Sequence[str], personal: set[str], unlisted: str, unused: Sequence[str], where: str
) -> list[Fault]:
    """Return a fault for columns that hold persons, and one for columns that are not listed."""
    faults = []
    if personal:
        quoted = ", ".join(f'"{n}"' for n in names if n in personal)
        faults.append(
            Fault(
                code="personal_column",
                what=_("Filen har kolumner som rör personer: {columns}.").format(columns=quoted),
                where=where,
                why=_("Sådana uppgifter behövs inte och får inte följa med."),
                next_step=_(
                    "Ta bort dem ur filen, eller skriv ignore = [{columns}] så läses de inte."
                ).format(columns=quoted),
            )
        )
    if unlisted == "refuse" and unused:
        quoted = ", ".join(f'"{n}"' for n in unused)
        faults.append(
            Fault(
                code="unlisted_column",
                what=_("Filen har kolumner som inte är upptagna: {columns}.").format(
                    columns=quoted
                ),
                where=where,
                next_step=_(
                    "Ta upp dem i [input.columns] eller i ignore, eller sätt "
                    'unlisted_columns = "drop".'
                ),
            )
        )
    return faults


def required(missing: Sequence[str], names: Sequence[str], where: str) -> list[Fault]:
    """Return a fault if required targets have no column; `names` are the file's columns."""
    if not missing:
        return []
    words = {"date": _("datum"), "x": _("x-koordinat"), "y": _("y-koordinat")}
    return [
        Fault(
            code="missing_required",
            what=_("Hittar inga kolumner för {targets}.").format(
                targets=", ".join(words[t] for t in missing)
            ),
            where=where,
            why=_("Filens kolumner: {columns}.").format(columns=", ".join(names)),
            next_step=_("Ange dem under [input.columns], till exempel {example}.").format(
                example=", ".join(f'{t} = "…"' for t in missing)
            ),
        )
    ]


def chosen_columns(
    chosen: Mapping[str, tuple[str, ...]],
    guessed: Sequence[str],
    free: Sequence[str],
    where: str,
) -> list[Notice]:
    """Tell what was taken as what, and which columns hold free text."""
    notices = []
    if guessed:
        taken = {t: JOIN.join(chosen[t]) for t in guessed}
        notices.append(
            Notice(
                code="guessed_columns",
                level="chosen",
                text=_("{where}: kolumnerna är antagna efter sina namn: {pairs}.").format(
                    where=where, pairs=", ".join(f"{t} = ”{c}”" for t, c in taken.items())
                ),
                data={"columns": taken},
            )
        )
    if free:
        notices.append(
            Notice(
                code="free_text_column",
                level="info",
                text=ngettext(
                    "{where}: kolumnen {columns} innehåller fritext och läses inte.",
                    "{where}: kolumnerna {columns} innehåller fritext och läses inte.",
                    len(free),
                ).format(where=where, columns=", ".join(f"”{n}”" for n in free)),
                data={"columns": list(free)},
            )
        )
    return notices
