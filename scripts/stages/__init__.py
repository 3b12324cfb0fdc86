"""The stages that build on the hot spots: cameras, dog searches, areas over time.

A stage is a module of this folder with three functions, and the run knows it by its name only:

``wanted(project) -> bool``
    Whether the project file gives it something to do.
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

from geodata.disclosure import Released
from geodata.errors import Notice

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

STAGES: Final[tuple[str, ...]] = ("cameras", "dogsearch", "picture", "watch", "followup", "periods")
"""Modules of this folder, in the order in which they work."""


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

    def wanted(self, project: Project) -> bool: ...  # noqa: D102 (told above)

    def read(self, project: Project, areas: gpd.GeoDataFrame) -> object: ...  # noqa: D102

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


def wanted(project: Project, asked: Sequence[str] = STAGES) -> dict[str, Stage]:
    """Return the stages that the project gives something to do, of those asked for."""
    found = {name: stage(name) for name in STAGES if name in asked}
    return {name: one for name, one in found.items() if one.wanted(project)}
