"""The verb of dog searches: plan a round, or read the results of one back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from geodata.language import gettext as _
from scripts.verbs.frame import (
    NOTHING_TO_PROPOSE,
    adopt_language,
    guarded,
    project_parameters,
    run_project,
    show_notices,
)


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [
        click.Command(
            "dogsearch",
            options_metavar=_("[VAL]"),
            callback=guarded(run_dogsearch),
            help=_(
                "Planera en veckas hundsök i PROJEKT: vilka entréer med samtycke, i vilka pass. "
                "Skriver hundsok.html, ett blad per pass, brev till ägare och en blankett. Med "
                "--results läses en ifylld blankett in i projektets resultat; det som redan står "
                "där skrivs inte igen."
            ),
            short_help=_("Planera hundsök, eller läs in resultat."),
            params=[
                *project_parameters(),
                click.Option(
                    ["--week"],
                    default="",
                    metavar=_("ÅÅÅÅ-Wvv"),
                    help=_("Rundans vecka, t.ex. 2026-W48. Förval: veckan efter uttagsdagen."),
                ),
                click.Option(
                    ["--results"],
                    type=click.Path(exists=True, dir_okay=False, path_type=Path),
                    help=_("En ifylld blankett (XLSX eller CSV) att läsa in."),
                ),
            ],
        )
    ]


def run_dogsearch(
    project: Path,
    *,
    overrides: tuple[str, ...],
    as_json: bool,
    week: str,
    results: Path | None,
) -> int:
    """Plan a round, or with `results` read a form back and plan nothing."""
    if results is not None:
        return _read_back(project, results, overrides=overrides, as_json=as_json)
    own = ("evidence.run=false", *((f"round.week={week}",) if week else ()))
    code = run_project(
        project, overrides=(*overrides, *own), as_json=as_json, stages=("dogsearch",)
    )
    return 0 if code == NOTHING_TO_PROPOSE else code


def _read_back(project: Path, results: Path, *, overrides: tuple[str, ...], as_json: bool) -> int:
    from scripts.config import load_project
    from scripts.searchresults import add_results

    loaded = load_project(project, overrides)
    adopt_language(loaded.project.language)
    added = add_results(loaded, results)
    if as_json:
        click.echo(json.dumps(added.to_dict(), ensure_ascii=False, default=str))
        return 0
    show_notices(added.notices)
    click.echo()
    for line in added.lines():
        click.echo(line)
    return 0
