"""``published.json``: the numbers that an edition has told, for the editions that follow.

It holds nothing that the edition's tables don't show: of what they hide, only that they do. Sets
and spans stand once, by number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from geodata.disclosure.cells import Cell
from geodata.disclosure.countrules import ANY_DAY
from geodata.disclosure.options import Profile
from geodata.disclosure.released import Released
from geodata.errors import DataError, Fault, raise_all
from geodata.language import gettext as _

PUBLISHED: Final = "published.json"
FORMAT: Final = 2
"""Since 2 it holds ``more`` and ``parts`` as well: counts of a split, and what is told as hidden. A
file of format 1 is read as one that lacks these."""

FORMATS: Final = (1, FORMAT)

_READERS: Final = {"intern": get_args(Profile), "samverkan": ("samverkan", "publik")}
"""Whose editions the readers of a profile have; the public has its own only."""


def write_published(folder: Path, released: Iterable[Released]) -> bool:
    """Write what released tables tell into a folder, for the next edition.

    Parameters
    ----------
    folder
        The run's folder.
    released
        Tables of one profile; those that told no counts add nothing.

    Returns
    -------
    bool
        Whether there was anything to write.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    tables = list(released)
    told: dict[Cell, int | None] = {c: None for one in tables for c in one.hidden}
    told |= {cell: n for one in tables for cell, n in one.published.items()}
    # Where the days aren't told, next year's number has the same name but is another.
    cells = sorted(cell for cell in told if (cell.first, cell.last) != ANY_DAY)
    if not cells:
        return False
    parts: dict[str, list[Any]] = {
        "what": sorted({cell.what for cell in cells}),
        "areas": sorted({cell.areas for cell in cells}),
        "classes": sorted({cell.classes for cell in cells}),
        "days": sorted({(cell.first.isoformat(), cell.last.isoformat()) for cell in cells}),
    }
    number = {name: {key: i for i, key in enumerate(keys)} for name, keys in parts.items()}

    def row(cell: Cell) -> list[int]:
        return [
            number["what"][cell.what],
            number["areas"][cell.areas],
            number["classes"][cell.classes],
            number["days"][cell.first.isoformat(), cell.last.isoformat()],
        ]

    cuts = sorted({(cell.split, cell.parts) for cell in cells})
    cut = {key: i for i, key in enumerate(cuts)}
    held = {
        "format": FORMAT,
        "profile": tables[0].profile,
        **parts,
        "counts": [
            [*row(cell), told[cell]] for cell in cells if not cell.split and told[cell] is not None
        ],
        "parts": cuts,
        "more": [
            [*row(cell), cut[cell.split, cell.parts], told[cell]]
            for cell in cells
            if cell.split or told[cell] is None
        ],
    }
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    (folder / PUBLISHED).write_text(text + "\n", encoding="utf-8", newline="\n")
    return True


def read_earlier(paths: Sequence[str], *, base: Path, profile: Profile) -> dict[Cell, int | None]:
    """Read what readers of a profile have from earlier editions.

    Parameters
    ----------
    paths
        Files ``published.json``, or folders that hold one, in order of age, oldest first.
    base
        Folder that relative paths start from.
    profile
        Editions for others than its readers are passed over.

    Returns
    -------
    dict
        What is counted → the number, of two editions the later; ``None`` where all hid it.

    Raises
    ------
    DataError
        With every file that is missing or can't be read.
    """
    faults: list[Fault] = []
    known: dict[Cell, int | None] = {}
    for text in paths:
        path = base / text
        file = path / PUBLISHED if path.is_dir() else path
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            if held["format"] not in FORMATS:
                raise ValueError(_("Okänt format: {n}.").format(n=held["format"]))
            if held["profile"] in _READERS.get(profile, (profile,)):
                found = _cells(held)
                known |= {c: n for c, n in found.items() if n is not None or c not in known}
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            faults.append(
                Fault(
                    code="earlier_edition_unreadable",
                    what=_("En tidigare utgåva går inte att läsa."),
                    where=f"[disclosure] earlier: {file}",
                    why=str(error),
                    next_step=_(
                        "Ange mappen med den tidigare körningen eller dess published.json; utan "
                        "den går det inte att veta vad läsaren redan har."
                    ),
                )
            )
    raise_all(faults, DataError)
    return known


def _cells(held: Any) -> dict[Cell, int | None]:  # noqa: ANN401 (as read from JSON)
    days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in held["days"]]
    cuts = [(str(split), tuple(parts)) for split, parts in held.get("parts", ())]

    def cell(what: int, areas: int, classes: int, span: int, cut: int | None = None) -> Cell:
        return Cell(
            str(held["what"][what]),
            tuple(held["areas"][areas]),
            tuple(held["classes"][classes]),
            *days[span],
            *(("", ()) if cut is None else cuts[cut]),
        )

    found = {cell(*names): int(n) for *names, n in held["counts"]}
    more = {cell(*names): None if n is None else int(n) for *names, n in held.get("more", ())}
    return {**more, **found}
