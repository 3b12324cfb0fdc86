"""Which column of a file holds what: as the project file says, else guessed, and told.

Columns that hold persons are refused unless the project file maps them to nothing, free text is
never kept, and every other column that nobody asked for is left unread and named.
The names that are recognised stand in ``data/column_names.csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from geodata.columns import as_array, is_text
from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import ngettext
from geodata.options import nearest
from geodata.screening import is_personal_number

TARGETS: Final = (
    "date",
    "time",
    "end_date",
    "end_time",
    "x",
    "y",
    "offence_code",
    "offence_text",
    "count",
    "case_id",
    "source",
    "police_initiated",
    "space_type",
    "certainty",
    "geocode_class",
    "address",
)
"""What a column can be taken as; the keys of ``[input.columns]``."""

REQUIRED: Final = ("date", "x", "y")
JOIN: Final = " + "
"""Between two column names in the project file: their texts are joined by a space."""

_SAMPLE_ROWS: Final = 500
_SENTENCE_LENGTH: Final = 60


@dataclass(frozen=True)
class ColumnMap:
    """The columns of one file, sorted by what becomes of them.

    Attributes
    ----------
    columns
        Target (one of `TARGETS`) → the columns it is read from; several are joined.
    guessed
        The targets that were not in the project file.
    ignored
        Columns the project file maps to nothing.
    free_text
        Columns of free text, never read further.
    unused
        The other columns nobody asked for.
    faults, notices
        What stops the work, and what is worth telling.
    """

    columns: Mapping[str, tuple[str, ...]]
    guessed: tuple[str, ...]
    ignored: tuple[str, ...]
    free_text: tuple[str, ...]
    unused: tuple[str, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]


def plain(name: str) -> str:
    """Return a column name as it is compared: lower case, no accents, letters and digits only."""
    folded = name.strip().lower().translate(_FOLD)
    return re.sub(r"[^0-9a-z]", "", folded)


_FOLD: Final = str.maketrans("åäöéèüæø", "aaoeeuao")


def _words(name: str) -> str:
    """Return the words of a column name between spaces: ``SuspectRace`` is `` suspect race ``."""
    spaced = re.sub(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])", " ", name.strip())
    folded = spaced.lower().translate(_FOLD)
    return f" {re.sub(r'[^0-9a-z]+', ' ', folded).strip()} "


@dataclass(frozen=True)
class _Known:
    target: str
    name: str
    group: str


@cache
def _known() -> tuple[_Known, ...]:
    path = Path(__file__).parent / "data" / "column_names.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_Known(r["target"], r["name"], r["group"]) for r in csv.DictReader(file))


def personal_name(name: str) -> bool:
    """Tell whether a column name says that the column holds persons."""
    whole, words = plain(name), _words(name)
    for known in _known():
        if known.target != "personal":
            continue
        if known.group == "whole" and plain(known.name) == whole:
            return True
        if known.group == "word" and (_words(known.name) in words or plain(known.name) == whole):
            return True
    return False


def choose_columns(
    table: pa.Table,
    *,
    columns: Mapping[str, str],
    ignore: Sequence[str],
    unlisted: Literal["drop", "refuse"],
    also_used: Sequence[str],
    where: str,
) -> ColumnMap:
    """Decide what each column of a file is.

    Parameters
    ----------
    table
        The file.
    columns
        Target → column name, two joined by `JOIN`, or ``""`` for deliberately nothing.
    ignore
        Columns mapped to nothing; ``*`` at the end stands for any ending.
    unlisted
        ``refuse`` makes every column that is not used and not ignored a fault.
    also_used
        Columns that rules look at.
    where
        Name of the input, for messages.

    Returns
    -------
    ColumnMap
        With faults ``unknown_target``, ``missing_column``, ``missing_required``,
        ``personal_column``, ``unlisted_column``.
    """
    names = list(table.column_names)
    chosen, faults = _stated(columns, names, where)
    stated = set(columns)
    ignored = {n for n in names if _listed(n, ignore)}
    taken = {c for cs in chosen.values() for c in cs}
    samples = _samples(table, [n for n in names if n not in ignored])
    personal = {n for n, sample in samples.items() if _personal(n, sample)}
    free = {n for n, sample in samples.items() if _free_text(n, sample)} - taken - personal
    free_names = _by_plain([n for n in names if n not in ignored | personal | free | taken])
    for target in TARGETS:
        if target not in stated and not (target == "y" and "x" in stated):
            guess = _guess(target, free_names, chosen)
            chosen.update(guess)
            for cs in guess.values():
                free_names = {k: v for k, v in free_names.items() if v not in cs}
    taken = {c for cs in chosen.values() for c in cs}
    unused = [n for n in names if n not in taken | ignored | free | personal | set(also_used)]
    faults += _missing_rules(also_used, names, where)
    faults += _refused(names, personal, unlisted, unused, where)
    if not any(f.code == "missing_column" for f in faults):
        faults += _required(chosen, names, where)
    guessed = tuple(t for t in TARGETS if t in chosen and t not in stated)
    return ColumnMap(
        columns={t: chosen[t] for t in TARGETS if t in chosen},
        guessed=guessed,
        ignored=tuple(n for n in names if n in ignored),
        free_text=tuple(n for n in names if n in free),
        unused=tuple(unused),
        faults=tuple(faults),
        notices=tuple(_tell(chosen, guessed, [n for n in names if n in free], where)),
    )


def _stated(
    columns: Mapping[str, str], names: Sequence[str], where: str
) -> tuple[dict[str, tuple[str, ...]], list[Fault]]:
    chosen: dict[str, tuple[str, ...]] = {}
    faults = []
    for target, text in columns.items():
        place = f"{where} columns.{target}"
        if target not in TARGETS:
            faults.append(
                Fault(
                    code="unknown_target",
                    what=_("Okänd uppgift ”{target}” i kolumnlistan.").format(target=target),
                    where=place,
                    next_step=nearest(target, TARGETS),
                )
            )
            continue
        if not text.strip():
            continue
        parts = (text,) if text in names else tuple(p.strip() for p in text.split(JOIN))
        missing = [p for p in parts if p not in names]
        faults += [_missing_column(p, names, place) for p in missing]
        if not missing:
            chosen[target] = parts
    return chosen, faults


def _missing_column(name: str, names: Sequence[str], place: str) -> Fault:
    return Fault(
        code="missing_column",
        what=_("Kolumnen ”{name}” finns inte i filen.").format(name=name),
        where=place,
        next_step=nearest(name, names),
    )


def _missing_rules(also_used: Sequence[str], names: Sequence[str], where: str) -> list[Fault]:
    return [
        _missing_column(n, names, f"{where} rules")
        for n in dict.fromkeys(also_used)
        if n not in names
    ]


def _listed(name: str, ignore: Sequence[str]) -> bool:
    return any(
        name == entry or (entry.endswith("*") and name.startswith(entry[:-1])) for entry in ignore
    )


def _by_plain(names: Sequence[str]) -> dict[str, str]:
    """Return plain name → name; the technical ``__x`` and ``__y`` keep theirs."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name if name.startswith("__") else plain(name), name)
    return found


def _guess(
    target: str, names: Mapping[str, str], chosen: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    if target == "y":
        return {}
    if target == "x":
        return {} if "y" in chosen else _guess_pair(names)
    for known in _known():
        if known.target != target:
            continue
        parts = [names.get(plain(p)) for p in known.name.split(JOIN)]
        found = [p for p in parts if p is not None]
        if len(found) == len(parts):
            return {target: tuple(found)}
    return {}


def _guess_pair(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the first pair of coordinate columns of one kind; never one of each."""
    groups: dict[str, dict[str, list[str]]] = {}
    for known in _known():
        if known.target in ("x", "y"):
            key = known.name if known.name.startswith("__") else plain(known.name)
            if key in names:
                groups.setdefault(known.group, {}).setdefault(known.target, []).append(names[key])
    order = list(dict.fromkeys(k.group for k in _known() if k.target == "x"))
    for group in order:
        pair = groups.get(group, {})
        if "x" in pair and "y" in pair:
            return {"x": (pair["x"][0],), "y": (pair["y"][0],)}
    return {}


def _samples(table: pa.Table, names: Sequence[str]) -> dict[str, list[str]]:
    """Return texts of each column from rows spread evenly over the file, without blanks."""
    rows = np.arange(0, table.num_rows, max(1, table.num_rows // _SAMPLE_ROWS))
    taken = table.select(list(names)).take(pa.array(rows))
    samples: dict[str, list[str]] = {}
    for name in names:
        column = as_array(taken.column(name))
        if pa.types.is_integer(column.type):
            column = column.cast(pa.string())
        texts = column.drop_null().to_pylist() if is_text(column.type) else []
        samples[name] = [t.strip() for t in texts if t.strip()]
    return samples


def _personal(name: str, sample: Sequence[str]) -> bool:
    if personal_name(name):
        return True
    texts = set(sample)
    return bool(texts) and sum(map(is_personal_number, texts)) > len(texts) / 2


def _free_text(name: str, sample: Sequence[str]) -> bool:
    """Tell whether a column holds sentences: by its name, or long, spaced and mostly distinct."""
    key = plain(name)
    if any(k.target == "free_text" and plain(k.name) == key for k in _known()):
        return True
    long = sum(len(t) > _SENTENCE_LENGTH and t.count(" ") >= 6 for t in sample)
    return long > len(sample) / 4 and len(set(sample)) > len(sample) / 2


def _refused(
    names: Sequence[str], personal: set[str], unlisted: str, unused: Sequence[str], where: str
) -> list[Fault]:
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


def _required(
    chosen: Mapping[str, tuple[str, ...]], names: Sequence[str], where: str
) -> list[Fault]:
    missing = [t for t in REQUIRED if t not in chosen]
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


def _tell(
    chosen: Mapping[str, tuple[str, ...]],
    guessed: Sequence[str],
    free: Sequence[str],
    where: str,
) -> list[Notice]:
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
