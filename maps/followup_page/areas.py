"""The areas as the page shows them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.effect_tables import BY_DATE
from geodata.labels import label
from geodata.language import N_, number
from geodata.language import gettext as _
from maps.followup_page.chart import ratio_picture

STATES: Final = {
    "rose": N_("har ökat"),
    "fell": N_("har minskat"),
    "none": N_("ingen säkerställd förändring"),
    "few": N_("för få händelser"),
    "missing": N_("uppgift saknas"),
}
_GROUPS: Final = {"all": N_("alla"), "street_drugs": N_("narkotika, alla slag")}
_CERTAIN: Final = ("rose", "fell")
SHOWN: Final = ("all", "street_drugs")
"""Classes that always have a line; others when there is something to say of them."""


@dataclass(frozen=True)
class Line:
    """One comparison; `values` are its ratio with lower and upper limit, NaN where not known."""

    key: str
    what: str
    before: str
    now: str
    values: tuple[float, float, float]
    ratio: str
    rest: str
    state: str
    kind: str

    def chart(self, place: str) -> Markup:
        """Draw the ratio; `place` on the page is part of the picture's id."""
        ratio, low, high = self.values
        certain = self.kind in _CERTAIN
        return ratio_picture(f"{place}{self.key}", ratio, low, high, certain=certain)


@dataclass(frozen=True)
class Source:
    """All comparisons of one source in one unit."""

    name: str
    verb: str
    lines: tuple[Line, ...]
    few: str

    @property
    def top(self) -> Line | None:
        """Return the line of all events, or the widest that there is."""
        return self.lines[0] if self.lines else None


@dataclass(frozen=True)
class Block:
    """One unit, or one boundary of it."""

    name: str
    boundary: str
    sources: tuple[Source, ...]

    @property
    def loud(self) -> bool:
        """Tell whether any of its comparisons shows a certain change."""
        return any(line.kind in _CERTAIN for one in self.sources for line in one.lines)


@dataclass(frozen=True)
class Change:
    """A comparison that shows a certain change, with the unit and source that it is of."""

    unit: str
    source: Source
    line: Line


def changes_of(blocks: Sequence[Block]) -> list[Change]:
    """Return the certain changes of all units, in their order."""
    return [
        Change(block.name if not block.boundary else f"{block.name}, {block.boundary}", one, line)
        for block in blocks
        for one in block.sources
        for line in one.lines
        if line.kind in _CERTAIN
    ]


def make_blocks(table: pd.DataFrame) -> list[Block]:
    """Return the units of table ``followup_areas`` in its order."""
    blocks = []
    groups = table.groupby(["area_id", "boundary"], sort=False)
    for number_, ((_area, boundary), rows) in enumerate(groups):
        changed = (table["area_id"] == rows["area_id"].iloc[0]) & (table["boundary"] != BY_DATE)
        sources = tuple(
            _source(str(source), own, f"{number_}-{i}")
            for i, (source, own) in enumerate(rows.groupby("source", sort=False, observed=True))
        )
        words = _boundary(str(boundary), redrawn=bool(changed.any()))
        blocks.append(Block(str(rows["name"].iloc[0]), words, sources))
    return blocks


def _boundary(boundary: str, *, redrawn: bool) -> str:
    if boundary == BY_DATE:
        return _("gränsen den dag händelsen skedde") if redrawn else ""
    if boundary == "":
        return _("samma gräns i båda perioderna")
    return _("gränsen från {day} i båda perioderna").format(day=boundary)


def _source(source: str, rows: pd.DataFrame, key: str) -> Source:
    lines, few = [], []
    for i, row in enumerate(rows.to_dict("records")):
        kind, state = str(row["class"]), str(row["state"])
        if kind in SHOWN or state not in ("few", "missing"):
            lines.append(_line(row, f"r{key}-{i}"))
        else:
            few.append(what_words(kind))
    told = ""
    if few:
        told = _("För få händelser för sig: {names}.").format(names=", ".join(few))
    verb = _("Anmälda") if source == "police" else _("Rapporterade")
    return Source(label(source), verb, tuple(lines), told)


def what_words(kind: str) -> str:
    """Return what a line counts."""
    return _(_GROUPS[kind]) if kind in _GROUPS else label(kind)


def _line(row: Mapping[Hashable, Any], key: str) -> Line:
    state = str(row["state"])
    known = state != "missing"
    return Line(
        key=key,
        what=what_words(str(row["class"])),
        before=number(row["n_before"]) if known else "–",
        now=number(row["n_now"]) if known else "–",
        values=(row["ratio"], row["ratio_low"], row["ratio_high"]),
        ratio=_ratio(row, "ratio"),
        rest=_ratio(row, "rest_ratio"),
        state=_(STATES[state]),
        kind=state,
    )


def _ratio(row: Mapping[Hashable, Any], name: str) -> str:
    ratio, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if not np.isfinite(low):
        return "–"
    if not np.isfinite(ratio):
        return _("minst {low}").format(low=number(low, 2))
    return _("{ratio} ({low}–{high})").format(
        ratio=number(ratio, 2), low=number(low, 2), high=number(high, 2)
    )
