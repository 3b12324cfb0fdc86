"""The verb of the weekly watch."""

from __future__ import annotations

from pathlib import Path

import click

from geodata.language import gettext as _
from scripts.verbs.frame import NOTHING_TO_PROPOSE, guarded, project_parameters, run_project


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [
        click.Command(
            "watch",
            options_metavar=_("[VAL]"),
            callback=guarded(run_watch),
            help=_(
                "Bevaka en vecka i PROJEKT: vilka områden, slag av händelser och platser som "
                "ligger högre än sin egen historia förklarar. Skriver bevakning.html och tabeller. "
                "”Inga signaler denna vecka” är ett vanligt utfall."
            ),
            short_help=_("Veckans signaler mot det väntade."),
            params=[
                *project_parameters(),
                click.Option(
                    ["--week"],
                    default="",
                    metavar=_("ÅÅÅÅ-Wvv"),
                    help=_("ISO-veckan, t.ex. 2025-W50. Förval: den senaste hela veckan."),
                ),
            ],
        )
    ]


def run_watch(project: Path, *, overrides: tuple[str, ...], as_json: bool, week: str) -> int:
    """Run the project with the watch alone; no signals is no failure."""
    own = ("watch.run=true", "evidence.run=false", *((f"watch.week={week}",) if week else ()))
    code = run_project(project, overrides=(*overrides, *own), as_json=as_json, stages=("watch",))
    return 0 if code == NOTHING_TO_PROPOSE else code
