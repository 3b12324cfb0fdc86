"""What each column of a file is, decided from the project file and the names of the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.mapping import telling
from geodata.mapping.names import JOIN, guess, is_free_text, is_personal, plain, samples_of
from geodata.options import nearest

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
KEPT: Final = ("case_id", "offence_code", "address")
"""Targets whose text reaches the table of incidents."""


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
    sentences
        Columns of free text that the project file uses to class rows; their text is not kept.
    rule_columns
        Columns that rules look at.
    unused
        The other columns nobody asked for.
    faults, notices
        What stops the work, and what is worth telling.
    """

    columns: Mapping[str, tuple[str, ...]]
    guessed: tuple[str, ...]
    ignored: tuple[str, ...]
    free_text: tuple[str, ...]
    sentences: tuple[str, ...]
    rule_columns: tuple[str, ...]
    unused: tuple[str, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]


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
        ``personal_column``, ``unlisted_column``, ``ignored_but_used``, ``free_text_mapped``.
    """
    names = list(table.column_names)
    chosen, faults = _stated(columns, names, where)
    stated = set(columns)
    ignored = {n for n in names if _listed(n, ignore)}
    taken = {c for cs in chosen.values() for c in cs}
    samples = samples_of(table, [n for n in names if n not in ignored])
    personal = {n for n, sample in samples.items() if is_personal(n, sample)}
    sentences = {n for n, sample in samples.items() if is_free_text(n, sample)}
    free = sentences - taken - set(also_used) - personal
    free_names = _by_plain([n for n in names if n not in ignored | personal | free | taken])
    for target in TARGETS:
        if target not in stated and not (target == "y" and "x" in stated):
            guessed_now = guess(target, free_names, chosen)
            chosen.update(guessed_now)
            for cs in guessed_now.values():
                free_names = {k: v for k, v in free_names.items() if v not in cs}
    taken = {c for cs in chosen.values() for c in cs}
    unused = [n for n in names if n not in taken | ignored | free | personal | set(also_used)]
    faults += telling.missing_rules(also_used, names, where)
    faults += telling.ignored_but_used(sorted(ignored & (taken | set(also_used))), where)
    faults += telling.kept_sentences(
        {t: n for t in KEPT for n in chosen.get(t, ()) if n in sentences}, where
    )
    faults += telling.refused(names, personal, unlisted, unused, where)
    if not any(f.code == "missing_column" for f in faults):
        faults += telling.required([t for t in REQUIRED if t not in chosen], names, where)
    guessed = tuple(t for t in TARGETS if t in chosen and t not in stated)
    return ColumnMap(
        columns={t: chosen[t] for t in TARGETS if t in chosen},
        guessed=guessed,
        ignored=tuple(n for n in names if n in ignored),
        free_text=tuple(n for n in names if n in free),
        sentences=tuple(n for n in names if n in sentences - free),
        rule_columns=tuple(dict.fromkeys(also_used)),
        unused=tuple(unused),
        faults=tuple(faults),
        notices=tuple(
            telling.chosen_columns(chosen, guessed, [n for n in names if n in free], where)
        ),
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
        faults += [telling.missing_column(p, names, place) for p in missing]
        if not missing:
            chosen[target] = parts
    return chosen, faults


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
