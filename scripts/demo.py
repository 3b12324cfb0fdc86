"""``lagesbild demo``: the synthetic Norrköping as a project in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from areas.boundaries import builtin_areas
from geodata.errors import Fault, OutputError
from geodata.language import gettext as _
from geodata.names import PROJECT_FILE
from geodata.schema import DEFAULT_CRS
from geodata.synthetic import write_demo

MARK = "facit.json"
"""A file only the demo writes: what was planted."""


def write_demo_project(folder: Path) -> Path:
    """Write the demo project into `folder` and return its project file.

    Raises
    ------
    OutputError
        If the folder holds a project that isn't the demo, or can't be written.
    """
    if (folder / PROJECT_FILE).exists() and not (folder / MARK).exists():
        raise OutputError(
            Fault(
                code="project_exists",
                what=_("I mappen finns redan ett projekt, och det skrivs inte över."),
                where=str(folder),
                next_step=_("Ange en annan mapp: lagesbild demo MAPP"),
            )
        )
    try:
        return write_demo(folder, areas=builtin_areas(("est", "regso"), DEFAULT_CRS)).project_file
    except OSError as error:
        raise OutputError(
            Fault(
                code="not_writable",
                what=_("Demostaden går inte att skriva."),
                where=str(folder),
                why=error.strerror or str(error),
                next_step=_("Ange en mapp där du får skriva: lagesbild demo MAPP"),
            )
        ) from error
