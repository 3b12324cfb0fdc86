"""The verb of the follow-up."""

from __future__ import annotations

from pathlib import Path

import click

from geodata.language import gettext as _
from scripts.verbs.frame import NOTHING_TO_PROPOSE, guarded, project_parameters, run_project


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [
        click.Command(
            "followup",
            options_metavar=_("[VAL]"),
            callback=guarded(run_followup),
            help=_(
                "Följ upp PROJEKT: område för område period mot period, och effekten av varje "
                "åtgärd i [reference] measures. Skriver uppfoljning.html och tabeller. ”Ingen "
                "säkerställd förändring” är ett vanligt utfall."
            ),
            short_help=_("Period mot period, och åtgärders effekt."),
            params=[
                *project_parameters(),
                click.Option(
                    ["--from", "date_from"],
                    default="",
                    metavar=_("ÅÅÅÅ-MM-DD"),
                    help=_("Periodens första dag. Förval: tolv månader före den sista."),
                ),
                click.Option(
                    ["--to", "date_to"],
                    default="",
                    metavar=_("ÅÅÅÅ-MM-DD"),
                    help=_("Periodens sista dag. Förval: uttagets sista."),
                ),
            ],
        )
    ]


def run_followup(
    project: Path, *, overrides: tuple[str, ...], as_json: bool, date_from: str, date_to: str
) -> int:
    """Run the project with the follow-up alone; no certain change is no failure."""
    asked = {"date_from": date_from, "date_to": date_to}
    own = [f'followup.{name}="{value}"' for name, value in asked.items() if value]
    own += ["followup.run=true", "evidence.run=false"]
    code = run_project(project, overrides=(*overrides, *own), as_json=as_json, stages=("followup",))
    return 0 if code == NOTHING_TO_PROPOSE else code
