"""The verbs of the project's store: add and purge."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from geodata.language import gettext as _
from scripts.verbs.frame import (
    adopt_language,
    guarded,
    json_option,
    language_option,
    project_parameters,
    show_notices,
)


def commands() -> list[click.Command]:
    """Return the verbs, in the language in use."""
    return [_add(), _purge()]


def _add() -> click.Command:
    return click.Command(
        "add",
        options_metavar=_("[VAL]"),
        callback=guarded(run_add),
        help=_(
            "Lägg nya uttag till projektets lager, utan att läsa de gamla på nytt. Samma rader två "
            "gånger ändrar inget; rättade rader ersätter sin äldre version, och båda finns kvar i "
            "historiken. Utan FIL läggs projektfilens egna filer till. En mapp eller projektfil "
            "först är PROJEKT, som i de andra kommandona."
        ),
        short_help=_("Lägg ett nytt uttag till lagret."),
        params=[
            click.Argument(
                ["files"],
                nargs=-1,
                type=click.Path(exists=True, path_type=Path),
                metavar=_("[PROJEKT] [FIL]..."),
            ),
            click.Option(
                ["--project"],
                default=".",
                type=click.Path(path_type=Path),
                metavar=_("PROJEKT"),
                help=_("Mapp eller projektfil; förval: mappen du står i."),
            ),
            click.Option(
                ["--input", "input_no"],
                type=int,
                metavar=_("NR"),
                help=_("Vilken [[input]] som säger hur filen läses, när projektet har flera."),
            ),
            click.Option(
                ["--extracted"],
                type=click.DateTime(["%Y-%m-%d"]),
                metavar=_("DAG"),
                help=_("Dagen då uttaget gjordes, ÅÅÅÅ-MM-DD; det senare uttaget gäller."),
            ),
            json_option(),
            language_option(),
        ],
    )


def _purge() -> click.Command:
    return click.Command(
        "purge",
        options_metavar=_("[VAL]"),
        callback=guarded(run_purge),
        help=_(
            "Gallra PROJEKT (mapp eller projektfil; förval: mappen du står i): ta bort händelser "
            "före en dag ur lagret, i alla versioner, och alla körningar som bygger på dem. Säger "
            "vad som togs bort."
        ),
        short_help=_("Gallra gamla händelser och allt som gjorts av dem."),
        params=[
            *project_parameters(),
            click.Option(
                ["--before"],
                type=click.DateTime(["%Y-%m-%d"]),
                metavar=_("DAG"),
                help=_("Händelser före dagen tas bort; förval: [store] retention_months bakåt."),
            ),
            click.Option(["--dry-run"], is_flag=True, help=_("Visa bara vad som skulle tas bort.")),
            click.Option(["--yes"], is_flag=True, help=_("Fråga inte först.")),
        ],
    )


def run_add(
    files: tuple[Path, ...],
    project: Path,
    *,
    input_no: int | None,
    extracted: datetime | None,
    as_json: bool,
) -> int:
    """Add exports to the store and tell what became of them."""
    from scripts.adding import add_exports
    from scripts.config import load_project
    from scripts.progress import Steps

    if files and (files[0].is_dir() or files[0].suffix.lower() == ".toml"):
        project, *rest = files
        files = tuple(rest)
    loaded = load_project(project, ())
    adopt_language(loaded.project.language)
    day = extracted.date() if extracted else None
    with Steps.on_terminal() as steps:
        done = add_exports(loaded, files, steps, input_no=input_no, extracted=day)
    if as_json:
        plain = [one.to_dict() for one in done]
        click.echo(json.dumps(plain, ensure_ascii=False, default=str))
        return 0
    show_notices([notice for one in done for notice in one.notices])
    for one in done:
        for line in one.lines():
            click.echo(line)
    return 0


def run_purge(
    project: Path,
    *,
    overrides: tuple[str, ...],
    before: datetime | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Purge the project and tell what was removed."""
    from scripts.config import load_project
    from scripts.purging import purge_project

    loaded = load_project(project, overrides)
    adopt_language(loaded.project.language)
    day: date | None = before.date() if before else None
    if not (dry_run or yes):
        planned = purge_project(loaded, day, dry_run=True)
        for line in planned.lines():
            click.echo(line)
        question = _("Ta bort händelser före {day}? Det går inte att ångra.")
        click.confirm(question.format(day=planned.before.isoformat()), abort=True)
    done = purge_project(loaded, day, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(done.to_dict(), ensure_ascii=False))
    else:
        for line in done.lines():
            click.echo(line)
    return 0
