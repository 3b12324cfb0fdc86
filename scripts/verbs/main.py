"""The verbs of the main job: demo, new, check, run, hotspots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from geodata.language import gettext as _
from scripts.verbs.frame import (
    adopt_language,
    guarded,
    json_option,
    language_option,
    project_parameters,
    run_project,
    show_notices,
)

DEMO_FOLDER: Final = "lagesbild-demo"


def commands() -> list[click.Command]:
    """Return the verbs, in the language in use."""
    return [_demo(), _new(), _check(), _run(), _hotspots()]


def _demo() -> click.Command:
    return click.Command(
        "demo",
        options_metavar=_("[VAL]"),
        callback=guarded(run_demo),
        help=_("Gör ett påhittat Norrköping i MAPP (förval: lagesbild-demo) och kör allt på det."),
        short_help=_("Gör en demostad och kör allt på den."),
        params=[
            click.Argument(
                ["folder"],
                default=DEMO_FOLDER,
                type=click.Path(path_type=Path),
                metavar=_("[MAPP]"),
            ),
            json_option(),
            language_option(),
        ],
    )


def _new() -> click.Command:
    return click.Command(
        "new",
        options_metavar=_("[VAL]"),
        callback=guarded(run_new),
        help=_(
            "Skapa ett projekt i MAPP: en kommenterad projektfil. Med --export gissas "
            "filens kolumner och skrivs in, så att de kan granskas."
        ),
        short_help=_("Skapa ett nytt projekt."),
        params=[
            click.Argument(["folder"], type=click.Path(path_type=Path), metavar=_("MAPP")),
            click.Option(
                ["--export"],
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help=_("Filen som ska läsas: CSV, XLSX, GeoPackage, Shapefile, GeoJSON, Parquet."),
            ),
            json_option(),
            language_option(),
        ],
    )


def _check() -> click.Command:
    return click.Command(
        "check",
        options_metavar=_("[VAL]"),
        callback=guarded(run_check),
        help=_(
            "Läs allt i PROJEKT (mapp eller projektfil; förval: mappen du står i), visa vad som "
            "lästes och alla inställningar. Skriver inga filer."
        ),
        short_help=_("Läs allt och visa inställningarna; skriv inget."),
        params=project_parameters(),
    )


def _run() -> click.Command:
    return click.Command(
        "run",
        options_metavar=_("[VAL]"),
        callback=guarded(run_project),
        help=_(
            "Kör hela PROJEKT (mapp eller projektfil; förval: mappen du står i): tabeller, karta, "
            "importrapport. Avslutar med 0 (klart), 2 (inställningar), 3 (data) eller "
            "4 (inget att föreslå)."
        ),
        short_help=_("Kör allt: tabeller, karta, rapporter."),
        params=project_parameters(),
    )


def _hotspots() -> click.Command:
    return click.Command(
        "hotspots",
        options_metavar=_("[VAL]"),
        callback=guarded(run_hotspots),
        help=_(
            "Sök och pröva hot spots i PROJEKT utan att föreslå kameraplatser och hundsök: "
            "tabeller, karta och sidan hotspots.html med metodkort, Lorenzkurva, timme och "
            "veckodag."
        ),
        short_help=_("Bara hot spots, med all prövning."),
        params=project_parameters(),
    )


def run_demo(folder: Path, *, as_json: bool) -> int:
    """Write the demo project and run it."""
    from scripts.demo import write_demo_project

    file = write_demo_project(folder)
    return run_project(file, overrides=(), as_json=as_json)


def run_new(folder: Path, export: Path | None, *, as_json: bool) -> int:
    """Write a commented project file."""
    from scripts.new import write_new_project

    made = write_new_project(folder, export)
    if as_json:
        click.echo(json.dumps({"project": str(made.file)}, ensure_ascii=False))
        return 0
    show_notices(made.notices)
    click.echo(_("Projektfilen är skriven: {file}").format(file=made.file))
    click.echo(_("Granska den och kör sedan: lagesbild check {folder}").format(folder=folder))
    return 0


def run_check(project: Path, *, overrides: tuple[str, ...], as_json: bool) -> int:
    """Read everything and show it; write nothing."""
    from scripts.checking import check_project, check_text
    from scripts.config import load_project
    from scripts.progress import Steps

    loaded = load_project(project, overrides)
    adopt_language(loaded.project.language)
    with Steps.on_terminal() as steps:
        result = check_project(loaded, steps)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, default=str))
    else:
        click.echo(check_text(result))
        show_notices(result.notices)  # last: a terminal shows its end
        click.echo()
        click.echo(_("Stämmer det? Kör sedan: lagesbild run {project}").format(project=project))
    return 0


def run_hotspots(project: Path, *, overrides: tuple[str, ...], as_json: bool) -> int:
    """Run the project up to its hot spots."""
    return run_project(project, overrides=overrides, as_json=as_json, proposals=False)
