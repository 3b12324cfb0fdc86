"""The verb of camera proposals: ``lagesbild cameras``."""

from __future__ import annotations

from pathlib import Path

import click

from geodata.language import gettext as _
from scripts.verbs.frame import guarded, project_parameters, run_project


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [_cameras()]


def _cameras() -> click.Command:
    return click.Command(
        "cameras",
        options_metavar=_("[VAL]"),
        callback=guarded(run_cameras),
        help=_(
            "Föreslå kameraplatser i PROJEKT: sikt, intrång, alternativ, effektiva urval och ett "
            "underlag per plats. Formulären i mappen ”beslut” läses varje gång; saknas ett skrivs "
            "en kommenterad mall. Fastställda versioner ändras aldrig."
        ),
        short_help=_("Bara kameraplatser, med underlag."),
        params=project_parameters(),
    )


def run_cameras(project: Path, *, overrides: tuple[str, ...], as_json: bool) -> int:
    """Run the project up to its camera proposals."""
    own = (*overrides, "cameras.run=true")
    return run_project(project, overrides=own, as_json=as_json, stages=("cameras",))
