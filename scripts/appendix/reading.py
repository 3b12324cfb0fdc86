"""Everything that an appendix reads, with the faults of all files at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.errors import Fault, LagesbildError, Notice
from geodata.indicators import (
    Indicators,
    Item,
    Standing,
    no_indicators,
    read_indicators,
    read_promise,
    read_standing,
)
from geodata.language import gettext as _
from geodata.periods import Period
from scripts.reading import Material, read_material

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.progress import Steps


@dataclass(frozen=True)
class Texts:
    """What was read beside the data."""

    standing: Standing
    items: tuple[Item, ...]


def read_all(project: Project, steps: Steps) -> tuple[Material, Indicators, Texts]:
    """Read the project, the list of indicators and the texts; raise the faults of all at once."""
    from scripts.stages import wanted

    faults: list[Fault] = []
    kinds: list[type[LagesbildError]] = []
    options, base = project.appendix, project.base
    standing, items, material = None, None, None
    names = [n for n in ("cameras", "dogsearch", "picture") if n != "cameras" or _inside(project)]
    try:
        standing = read_standing(base / options.texts if options.texts else None)
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    try:
        items = read_promise(base / options.promise if options.promise else None)
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    try:
        material = read_material(project, steps, stages=wanted(project, names))
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    indicators = no_indicators()
    if options.indicators is not None and material is not None and items is not None:
        try:
            path = base / options.indicators
            indicators = read_indicators(path, areas=material.areas.table, items=items)
        except LagesbildError as error:
            faults += error.faults
            kinds.append(type(error))
    if kinds or standing is None or items is None or material is None:
        raise kinds[0](faults)
    return material, indicators, Texts(standing, items)


def _inside(project: Project) -> bool:
    return project.project.profile == "intern"


def of_period(indicators: Indicators, period: Period) -> Indicators:
    """Return the indicators of the period asked for; say so when there are none of it."""
    table = indicators.table
    own = table[table["period"] == period.key].reset_index(drop=True)
    notices = indicators.notices
    if len(table) and own.empty:
        text = _("Indikatortabellen har inga rader för {period}: punkterna står som okända.")
        notice = Notice(
            code="no_indicators_of_period", text=text.format(period=period.name), level="warning"
        )
        notices = (*notices, notice)
    return Indicators(own, notices)
