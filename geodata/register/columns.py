"""Which column of a register holds what; columns of doors, flats and persons are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.columns import as_array, is_text
from geodata.errors import Fault, Notice, about_file
from geodata.exports import RawTable
from geodata.exports.raw import unescape_cell
from geodata.language import gettext as _
from geodata.language import ngettext
from geodata.mapping import personal_name
from geodata.mapping.names import plain
from geodata.options import nearest
from geodata.register.words import column_names, words
from geodata.screening import Role, find_personal, kind_text

SPACE_PREFIX: Final = "space:"
"""Targets of columns with a space as heading and a mark in the cells."""


@dataclass(frozen=True, eq=False)
class Cells:
    """A register cut into known columns.

    Attributes
    ----------
    raw
        The file.
    of
        Target → column of the file.
    notices
        What was guessed and what isn't read.
    faults
        What stops the work.
    """

    raw: RawTable
    of: Mapping[str, str]
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.raw.table.num_rows)

    def texts(self, target: str) -> list[str]:
        """Return a column as text without blanks around, empty where missing; shape (n,)."""
        if target not in self.of:
            return [""] * len(self)
        column = as_array(self.raw.table.column(self.of[target]))
        if pa.types.is_floating(column.type):  # a spreadsheet's 12.0 is 12
            whole = pc.equal(column, pc.floor(column))
            if pc.all(pc.fill_null(whole, True)).as_py():
                column = column.cast(pa.int64(), safe=False)
        if not is_text(column.type):
            column = column.cast(pa.string())
        codes = column.dictionary_encode()
        known = [unescape_cell(str(v)).strip() for v in codes.dictionary.to_pylist()]
        at = codes.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        texts: list[str] = np.array([*known, ""], dtype=object)[at].tolist()
        return texts


def choose(
    raw: RawTable,
    *,
    targets: Sequence[str],
    stated: Mapping[str, str],
    ignore: Sequence[str],
    where: str,
) -> Cells:
    """Decide what each column of a register is.

    Parameters
    ----------
    raw
        The file.
    targets
        What may be read; with ``spaces`` among them a column may also be headed by a space and
        hold marks (``x``, ``ja``).
    stated
        Target → column of the project file; ``""`` for deliberately nothing.
    ignore
        Columns that are not read.
    where
        Name of the settings, for messages.

    Returns
    -------
    Cells
        With the faults ``unknown_target``, ``missing_column``, ``personal_column`` and
        ``personal_value``.
    """
    names = [name for name in raw.table.column_names if name not in set(ignore)]
    chosen, faults = _stated(stated, targets, names, where)
    free = {
        (name if name.startswith("__") else plain(name)): name
        for name in reversed(names)
        if name not in chosen.values()
    }
    guessed = {}
    for target, name in column_names():
        key = name if name.startswith("__") else plain(name)
        if target in targets and target not in {*stated, *chosen} and key in free:
            guessed[target] = chosen[target] = free.pop(key)
    if "spaces" in targets:
        for word, space in words("space").items():
            target = SPACE_PREFIX + space
            if plain(word) in free and target not in chosen:
                guessed[target] = chosen[target] = free.pop(plain(word))
    unused = [name for name in names if name not in chosen.values()]
    refused = [name for name in unused if _is_refused(name)]
    if refused:
        faults.append(_personal_column(refused, str(raw.path)))
    cells = Cells(raw, chosen, (), ())
    faults += _personal_values(cells)
    read = about_file(raw.notices, raw.path.name)
    notices = (*read, *_told(guessed, [n for n in unused if n not in refused], raw))
    return Cells(raw, chosen, notices, tuple(faults))


def _is_refused(name: str) -> bool:
    text = plain(name)
    return personal_name(name) or any(
        target == "refused" and plain(word) in text for target, word in column_names()
    )


def _stated(
    stated: Mapping[str, str], targets: Sequence[str], names: Sequence[str], where: str
) -> tuple[dict[str, str], list[Fault]]:
    chosen, faults = {}, []
    for target, name in stated.items():
        place = f"{where} {target}"
        if target not in targets:
            faults.append(
                Fault(
                    code="unknown_target",
                    what=_("Okänd uppgift ”{target}” i kolumnlistan.").format(target=target),
                    where=place,
                    next_step=nearest(target, list(targets)),
                )
            )
        elif name and name not in names:
            faults.append(
                Fault(
                    code="missing_column",
                    what=_("Kolumnen ”{name}” finns inte i filen.").format(name=name),
                    where=place,
                    next_step=nearest(name, names),
                )
            )
        elif name:
            chosen[target] = name
    return chosen, faults


def _personal_column(refused: Sequence[str], where: str) -> Fault:
    quoted = ", ".join(f'"{name}"' for name in refused)
    return Fault(
        code="personal_column",
        what=_("Registret har kolumner om dörrar, lägenheter eller personer: {columns}.").format(
            columns=quoted
        ),
        where=where,
        why=_(
            "Hundsök gäller allmänna utrymmen vid en entré; sådana uppgifter får inte följa med."
        ),
        next_step=_(
            "Ta bort dem ur filen, eller skriv register_ignore = [{columns}] så läses de inte."
        ).format(columns=quoted),
    )


def _personal_values(cells: Cells) -> list[Fault]:
    """Return a fault for each text column that holds personal data; the text is never repeated."""
    faults = []
    for target, name in cells.of.items():
        if target in ("x", "y") or not is_text(as_array(cells.raw.table.column(name)).type):
            continue
        codes = pa.array(cells.texts(target), pa.string()).dictionary_encode()
        role: Role = "case_id" if target == "entrance_id" else "text"
        kinds = find_personal(codes.dictionary, role)
        if not (kinds >= 0).any():
            continue
        hit = kinds[codes.indices.to_numpy()]
        rows = cells.raw.row_numbers[hit >= 0]
        found = sorted({int(kind) for kind in hit[hit >= 0]})
        faults.append(
            Fault(
                code="personal_value",
                what=_("Kolumnen ”{name}” innehåller {kinds}.").format(
                    name=name, kinds=", ".join(kind_text(kind) for kind in found)
                ),
                where=_("{path}, rad {rows}").format(path=cells.raw.path, rows=listed(rows)),
                why=_("Registret får varken peka ut en person eller en lägenhet."),
                next_step=_("Ta bort uppgiften ur filen; för kontakt räcker en roll."),
            )
        )
    return faults


def listed(rows: Sequence[int] | NDArray[np.int64], most: int = 10) -> str:
    """Return row numbers as a text, the first `most` of them."""
    shown = [str(int(row)) for row in list(rows)[:most]]
    return ", ".join(shown) + (" …" if len(rows) > most else "")


def _told(guessed: Mapping[str, str], unused: Sequence[str], raw: RawTable) -> list[Notice]:
    notices = []
    if guessed:
        pairs = ", ".join(f"{target} = ”{name}”" for target, name in guessed.items())
        notices.append(
            Notice(
                code="guessed_columns",
                level="chosen",
                text=_("{where}: kolumnerna är antagna efter sina namn: {pairs}.").format(
                    where=raw.path.name, pairs=pairs
                ),
                data={"columns": dict(guessed)},
            )
        )
    if unused:
        notices.append(
            Notice(
                code="columns_unread",
                text=ngettext(
                    "{where}: kolumnen {columns} läses inte.",
                    "{where}: kolumnerna {columns} läses inte.",
                    len(unused),
                ).format(where=raw.path.name, columns=", ".join(f"”{n}”" for n in unused)),
                data={"columns": list(unused)},
            )
        )
    return notices
