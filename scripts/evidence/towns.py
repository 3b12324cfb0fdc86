"""The four real towns, imported by the project files of docs/examples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from hotspots.options import HotspotOptions
from scripts.config import load_project
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.understanding import import_step

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"


@dataclass(frozen=True)
class Town:
    """A town to be tried.

    Attributes
    ----------
    name
        As printed.
    example
        Stem of its project file in docs/examples.
    remark
        What its events are, one sentence.
    first_trial
        PAI at 1 and 5 % that a first trial gave, before this code was written, by method.
    """

    name: str
    example: str
    remark: str
    first_trial: dict[str, tuple[float, float]]


TOWNS: Final = (
    Town(
        name="Charlottesville",
        example="charlottesville",
        remark="Drug reports of five years; the default address with its 1,089 rows is out.",
        first_trial={"all_time": (31.9, 13.1), "last_period": (19.0, 8.9), "kde": (10.2, 7.5)},
    ),
    Town(
        name="San Francisco",
        example="san-francisco",
        remark="Drug reports of half a year, one an event (the rows are one an offence).",
        first_trial={"all_time": (50.6, 12.8), "last_period": (44.5, 11.9), "kde": (40.0, 12.2)},
    ),
    Town(
        name="London",
        example="london",
        remark="Drug offences of three years, known by month, on anonymised street points; "
        "nothing but drugs is in the file.",
        first_trial={"all_time": (26.6, 11.1), "last_period": (20.7, 8.1), "kde": (15.3, 7.4)},
    ),
    Town(
        name="Met, stop and search",
        example="met-stop-and-search",
        remark="Searches for drugs in eleven months: police work, not crime.",
        first_trial={"all_time": (44.9, 15.0), "last_period": (38.0, 12.0), "kde": (20.5, 9.1)},
    ),
)


def read_town(town: Town, data: Path) -> tuple[pd.DataFrame, HotspotOptions]:
    """Import a town's file from the folder of data.

    Returns
    -------
    tuple
        Table ``incidents``, and which of them count.

    Raises
    ------
    LagesbildError
        When the file is missing or can't be read.
    """
    project = load_project(EXAMPLES / f"{town.example}.toml")
    inputs = tuple(replace(one, path=data / "incidents" / one.path.name) for one in project.inputs)
    project = replace(project, inputs=inputs)
    return import_step(project, read_material(project, Steps())).incidents, project.hotspots
