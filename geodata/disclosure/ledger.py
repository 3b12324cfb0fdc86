"""``published.json``: the numbers that an edition has told, for the editions that follow.

It holds nothing that the edition's tables don't show: of what they hide, only that they do. Sets
and spans stand once, by number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias, get_args

from geodata.disclosure.cells import Cell
from geodata.disclosure.countrules import ANY_DAY
from geodata.disclosure.options import Profile
from geodata.disclosure.released import Released
from geodata.errors import DataError, Fault, raise_all
from geodata.language import gettext as _

PUBLISHED: Final = "published.json"
FORMAT: Final = 2
"""Since 2 it holds ``parts``, ``more`` and ``bounds`` as well: counts of a split, what is told as
hidden, and what a grid tells. A file of format 1 is read as one that lacks these."""

FORMATS: Final = (1, FORMAT)

Told: TypeAlias = int | tuple[int, int | None] | None
"""A number; its least and most, the latter ``None`` without an upper end; or that it is hidden."""

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
    told: dict[Cell, Told] = {c: None for one in tables for c in one.hidden}
    told |= {cell: ends for one in tables for cell, ends in one.bounds.items()}
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
    plain: list[list[Any]] = []
    more: list[list[Any]] = []
    bounds: list[list[Any]] = []
    for cell in cells:
        value, at = told[cell], cut[cell.split, cell.parts]
        if isinstance(value, tuple):
            bounds.append([*row(cell), at, *value])
        elif cell.split or value is None:
            more.append([*row(cell), at, value])
        else:
            plain.append([*row(cell), value])
    lists = {"counts": plain, "parts": cuts, "more": more, "bounds": bounds}
    held = {"format": FORMAT, "profile": tables[0].profile, **parts, **lists}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    (folder / PUBLISHED).write_text(text + "\n", encoding="utf-8", newline="\n")
    return True


def read_earlier(paths: Sequence[str], *, base: Path, profile: Profile) -> dict[Cell, Told]:
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
        What is counted → the number, of two editions the later, or its least and most where none
        told it; ``None`` where all hid it.

    Raises
    ------
    DataError
        With every file that is missing or can't be read.
    """
    faults: list[Fault] = []
    known: dict[Cell, Told] = {}
    for text in paths:
        path = base / text
        file = path / PUBLISHED if path.is_dir() else path
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            if held["format"] not in FORMATS:
                raise ValueError(_("Okänt format: {n}.").format(n=held["format"]))
            if held["profile"] in _READERS.get(profile, (profile,)):
                found = _cells(held)
                known |= {c: n for c, n in found.items() if _rank(n) >= _rank(known.get(c))}
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


def _rank(told: Told) -> int:
    """Return how much is told: nothing, least and most, or a number."""
    return 0 if told is None else 1 if isinstance(told, tuple) else 2


def _cells(held: Any) -> dict[Cell, Told]:  # noqa: ANN401 (as read from JSON)
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
    bounds: dict[Cell, Told] = {
        cell(*names): (int(low), None if high is None else int(high))
        for *names, low, high in held.get("bounds", ())
    }
    return {**more, **bounds, **found}
