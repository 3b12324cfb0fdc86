"""A sheet as data: its sections, what is missing, what makes two versions different."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from geodata.disclosure import Profile
from geodata.forms.completeness import Missing
from geodata.forms.fields import Form
from geodata.forms.law import Law
from maps.paper import (
    Beside,
    Block,
    Bullets,
    Facts,
    Paragraph,
    Picture,
    Remark,
    Table,
    Words,
    plain,
)
from maps.sheets.picture import Ground


@dataclass(frozen=True, eq=False, kw_only=True)
class SheetFacts:
    """All that one sheet tells, before it is put into words.

    Attributes
    ----------
    site_id, name
        The proposal, and a name of its place.
    tables
        Released tables of `geodata.camera_tables`, with the rows of this proposal only, and
        ``camera_sites``. One that is missing has nothing to tell.
    form, law, missing
        What people have filled in, the texts, and what is still to be answered.
    known
        Layers that the run had: ``buildings``, ``sensitive``, ``yards``, ``public_ground``,
        ``stops``, ``cameras``, ``entrances``. What hangs on another one is not checked, never 0.
    ground
        What the map is drawn of.
    counted
        What is counted, in words: source, classes and kinds of space.
    project, extract_date, profile, synthetic
        As on every output.
    """

    site_id: str
    name: str
    tables: Mapping[str, pd.DataFrame]
    form: Form
    law: Law
    missing: tuple[Missing, ...]
    known: frozenset[str]
    ground: Ground
    counted: str
    project: str
    extract_date: date | None
    profile: Profile
    synthetic: bool = False
    comparison: pd.DataFrame = field(default_factory=pd.DataFrame)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table's rows of this proposal; an empty one where there is none."""
        return self.tables.get(name, pd.DataFrame())

    def row(self, name: str) -> dict[str, Any]:
        """Return the one row of a table; empty where there is none."""
        table = self.table(name)
        if not len(table):
            return {}
        return {str(key): value for key, value in table.iloc[0].to_dict().items()}


@dataclass(frozen=True)
class Section:
    """A section of the sheet: its letter, its title and what it holds."""

    letter: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet in words.

    Attributes
    ----------
    site_id, place, title
        The proposal and the name of its place.
    complete, missing
        Whether nothing is missing, and what is: section and words.
    overview
        The first page: map, figures and alternatives.
    sections
        A to G.
    project, extract_date, profile, synthetic
        As on every output.
    header, notes
        The standing header, and the standing sentences beneath.
    shape
        A digest of the coverage polygon and the masks.
    version
        Number of the version; 0 is none yet.
    changes
        What has changed since the version before.
    """

    site_id: str
    place: str
    title: str
    complete: bool
    missing: tuple[tuple[str, str], ...]
    overview: tuple[Block, ...]
    sections: tuple[Section, ...]
    project: str
    extract_date: date | None
    profile: Profile
    synthetic: bool
    header: str
    notes: tuple[str, ...]
    shape: str
    version: int = 0
    changes: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """Return ``complete`` or ``incomplete``."""
        return "complete" if self.complete else "incomplete"

    def entries(self) -> dict[str, str]:
        """Return everything the sheet says, one entry a figure: what two versions are told by."""
        found = {"status": self.status, "shape": self.shape, "extract": str(self.extract_date)}
        first = Section("1", "", self.overview)
        for section in (first, *self.sections):
            for key, value in _entries(section.blocks):
                name = f"{section.letter} · {key}"
                found[name] = f"{found[name]} | {value}" if name in found else value
        return found

    def map(self) -> Picture | None:
        """Return the sheet's map."""
        inner = [one for block in self.overview if isinstance(block, Beside) for one in block.left]
        maps = [one for one in inner if isinstance(one, Picture) and one.kind == "map"]
        return maps[0] if maps else None

    def digest(self) -> str:
        """Return a SHA-256 of what the sheet says; number and changes are no part of it."""
        text = json.dumps(self.entries(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _entries(blocks: Sequence[Block]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for block in blocks:
        if isinstance(block, Facts):
            found += [(name, _value(words)) for name, words in block.pairs]
        elif isinstance(block, Table):
            for row in block.rows:
                head = plain(row[0])
                found += [
                    (f"{block.caption}: {head}, {column}", plain(cell))
                    for column, cell in zip(block.header[1:], row[1:], strict=True)
                ]
        elif isinstance(block, Bullets):
            found += [("", plain(item)) for item in block.items]
        elif isinstance(block, Beside):
            found += _entries((*block.left, *block.right))
        elif isinstance(block, Paragraph | Remark):
            found.append(("", plain(block.words)))
    return found


def _value(words: Words) -> str:
    """Return the value of a fact without its reference to the law."""
    pieces = words if isinstance(words, tuple) else (words,)
    return "".join(
        piece if isinstance(piece, str) else ("" if piece.soft else piece.text) for piece in pieces
    ).strip()


def differences(before: Mapping[str, str], now: Mapping[str, str], *, most: int = 12) -> list[str]:
    """Return what has changed between the entries of two versions, in words.

    Parameters
    ----------
    before, now
        `Sheet.entries` of each.
    most
        Longest list; what is left out is counted in its last line.
    """
    from geodata.language import gettext as _
    from geodata.language import ngettext, number

    texts = {
        "status": _("Status"),
        "shape": _("Upptagningsområde och maskering"),
        "extract": _("Uttagsdatum"),
    }
    found = []
    for key in sorted({*before, *now}, key=lambda k: (list(now).index(k) if k in now else -1, k)):
        old, new = before.get(key, ""), now.get(key, "")
        if old == new:
            continue
        name = texts.get(key, key)
        if key == "shape":
            found.append(_("{name}: har ändrats.").format(name=name))
        else:
            found.append(f"{name}: {_short(old)} → {_short(new)}")
    if len(found) <= most:
        return found
    rest = len(found) - most
    more = ngettext("och {n} uppgift till", "och {n} uppgifter till", rest).format(n=number(rest))
    return [*found[:most], more]


def _short(text: str, most: int = 60) -> str:
    text = " ".join(text.split()) or "–"
    return text if len(text) <= most else text[: most - 1] + "…"
