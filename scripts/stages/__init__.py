"""The stages that build on the hot spots: cameras, dog searches, areas over time.

A stage is a module of this folder with two functions, and the run knows it by its name only;
`WANTED` says when a project gives it something to do, so that others are not even imported:

``read(project, areas) -> object``
    Reads its own files (`areas` is the table); raises every fault at once as `LagesbildError`.
``work(project, material, results, evidence, steps) -> Part``
    Computes its tables and says how its pages are written. Touches no disk itself; what it read
    stands in ``material.extras[name]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

import geopandas as gpd
import pandas as pd

from geodata.disclosure import Released, inside_only
from geodata.errors import Notice

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence


def _searches(project: Project) -> bool:
    """Whether there is a register, or a layer of entrances or buildings to make one of."""
    layers = project.reference
    return bool(project.dogsearch.register or layers.entrances or layers.buildings)


def _switch(project: Project) -> bool:
    """Whether the map may have a switch of period: asked for, and its table may leave."""
    inside = inside_only("period_counts", project.project.profile)
    return project.map.periods != "none" and not inside


WANTED: Final[Mapping[str, Callable[[Project], bool]]] = {
    "cameras": lambda project: project.cameras.run,
    "dogsearch": _searches,
    "picture": lambda project: project.picture.run,
    "watch": lambda project: project.watch.run,
    "followup": lambda project: project.followup.run,
    "periods": _switch,
}
"""Modules of this folder, in the order in which they work, and what gives them something to do."""

STAGES: Final[tuple[str, ...]] = tuple(WANTED)


@dataclass(frozen=True)
class Page:
    """A file that a stage writes and the start page leads to: what it is called and holds."""

    file: str
    title: str
    text: str


@dataclass(frozen=True)
class Part:
    """What a stage adds to a run.

    Attributes
    ----------
    tables
        Tables of `geodata.all_tables.ALL_TABLES` by name. One that the run already has under that
        name is replaced: the stage knows more.
    notices
        What was chosen for the user and what to look at.
    counts
        Rows found, by table, for ``--json``.
    said
        Phrases for the summary, such as ”8 kameraplatser”.
    layers
        Names of those tables that the map shows.
    pages
        What it writes that a person reads, in order.
    write
        Writes its pages and files into the run's folder, from released tables only. Files are made
        whole in the folder given; the run moves them into place.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    write: Callable[[Path, Mapping[str, Released]], None] | None = None


class Stage(Protocol):
    """The functions of a stage's module."""

    def read(  # noqa: D102 (told above)
        self, project: Project, areas: gpd.GeoDataFrame
    ) -> object: ...

    def work(  # noqa: D102
        self,
        project: Project,
        material: Material,
        results: Results,
        evidence: Evidence | None,
        steps: Steps,
    ) -> Part: ...


def stage(name: str) -> Stage:
    """Return a stage by name; what it needs is imported only now."""
    return cast("Stage", import_module(f"scripts.stages.{name}"))


def wanted(project: Project, asked: Sequence[str] = STAGES) -> tuple[str, ...]:
    """Return the names of the stages that the project gives something to do, of those asked for."""
    return tuple(name for name in STAGES if name in asked and WANTED[name](project))
