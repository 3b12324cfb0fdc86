"""The command ``lagesbild``: thin verbs over the library.

Nothing heavy is imported before a verb needs it, so that ``--help`` is instant.
"""

from __future__ import annotations

import gettext as standard_gettext
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geodata.errors import LagesbildError, Notice
from geodata.language import LANGUAGES, Language, set_language
from geodata.language import gettext as _

if TYPE_CHECKING:
    from scripts.outputs import RunSummary

NOTHING_TO_PROPOSE: Final = 4
DEMO_FOLDER: Final = "lagesbild-demo"


def choose_language(arguments: Sequence[str]) -> Language:
    """Return the language asked for by ``--language`` or ``LAGESBILD_LANGUAGE``, else Swedish.

    Help texts are made before options are read, so the argument is looked for by hand.
    """
    asked = os.environ.get("LAGESBILD_LANGUAGE", "")
    for one, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if one == "--language":
            asked = following
        elif one.startswith("--language="):
            asked = one.partition("=")[2]
    return asked if asked in LANGUAGES else "sv"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; the exit code is 0, 2 (settings), 3 (data) or 4 (nothing to propose)."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # a Windows console in cp1252 can't show every sign of the data
            reconfigure(errors="replace")
    chosen = choose_language(given)
    set_language(chosen)
    os.environ["LANGUAGE"] = chosen
    standard_gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
    build()(args=given, prog_name="lagesbild")


def build() -> click.Group:
    """Return the command with its verbs, in the language in use."""
    group = click.Group(
        "lagesbild",
        help=_(
            "Från polisens datauttag till kartor och beslutsunderlag: var narkotikabrott samlas, "
            "och var kameror och hundsök skulle kunna göra nytta.\n\n"
            "Börja med ”lagesbild demo”, eller ”lagesbild new MAPP --export FIL” för egna data."
        ),
        no_args_is_help=True,
        options_metavar=_("[VAL]"),
        subcommand_metavar=_("KOMMANDO [ARGUMENT]..."),
        params=[_language_option()],
    )
    click.version_option(package_name="lagesbild", prog_name="lagesbild")(group)
    for verb in (_demo(), _new(), _check(), _run(), _hotspots()):
        group.add_command(verb)
    return group


def _language_option() -> click.Option:
    return click.Option(
        ["--language"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_("Språk: svenska (förval) eller engelska."),
    )


def _json_option() -> click.Option:
    return click.Option(
        ["--json", "as_json"], is_flag=True, help=_("Skriv sammanfattningen som JSON.")
    )


def _project_parameters() -> list[click.Parameter]:
    return [
        click.Argument(
            ["project"], default=".", type=click.Path(path_type=Path), metavar=_("[PROJEKT]")
        ),
        click.Option(
            ["--set", "overrides"],
            multiple=True,
            metavar=_("TABELL.NYCKEL=VÄRDE"),
            help=_("Ändra en inställning för den här gången, t.ex. --set hotspots.eps_m=100."),
        ),
        _json_option(),
        _language_option(),
    ]


def _demo() -> click.Command:
    return click.Command(
        "demo",
        options_metavar=_("[VAL]"),
        callback=_guarded(run_demo),
        help=_("Gör ett påhittat Norrköping i MAPP (förval: lagesbild-demo) och kör allt på det."),
        short_help=_("Gör en demostad och kör allt på den."),
        params=[
            click.Argument(
                ["folder"],
                default=DEMO_FOLDER,
                type=click.Path(path_type=Path),
                metavar=_("[MAPP]"),
            ),
            _json_option(),
            _language_option(),
        ],
    )


def _new() -> click.Command:
    return click.Command(
        "new",
        options_metavar=_("[VAL]"),
        callback=_guarded(run_new),
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
            _json_option(),
            _language_option(),
        ],
    )


def _check() -> click.Command:
    return click.Command(
        "check",
        options_metavar=_("[VAL]"),
        callback=_guarded(run_check),
        help=_(
            "Läs allt i PROJEKT (mapp eller projektfil; förval: mappen du står i), visa vad som "
            "lästes och alla inställningar. Skriver inga filer."
        ),
        short_help=_("Läs allt och visa inställningarna; skriv inget."),
        params=_project_parameters(),
    )


def _run() -> click.Command:
    return click.Command(
        "run",
        options_metavar=_("[VAL]"),
        callback=_guarded(run_project),
        help=_(
            "Kör hela PROJEKT (mapp eller projektfil; förval: mappen du står i): tabeller, karta, "
            "importrapport. Avslutar med 0 (klart), 2 (inställningar), 3 (data) eller "
            "4 (inget att föreslå)."
        ),
        short_help=_("Kör allt: tabeller, karta, rapporter."),
        params=_project_parameters(),
    )


def _hotspots() -> click.Command:
    return click.Command(
        "hotspots",
        options_metavar=_("[VAL]"),
        callback=_guarded(run_hotspots),
        help=_(
            "Sök och pröva hot spots i PROJEKT utan att föreslå kameraplatser och hundsök: "
            "tabeller, karta och sidan hotspots.html med metodkort, Lorenzkurva, timme och "
            "veckodag."
        ),
        short_help=_("Bara hot spots, med all prövning."),
        params=_project_parameters(),
    )


def _guarded(verb: Callable[..., int]) -> Callable[..., None]:
    """Return the verb with its faults shown as text (or JSON) and turned into an exit code."""

    def run(**arguments: Any) -> None:  # noqa: ANN401 (click's own)
        try:
            code = verb(**arguments)
        except LagesbildError as error:
            show_faults(error, as_json=bool(arguments.get("as_json")))
            code = error.exit_code
        click.get_current_context().exit(code)

    return run


def show_faults(error: LagesbildError, *, as_json: bool) -> None:
    """Show every fault: what, where, why, next step."""
    if as_json:
        faults = [vars(fault) for fault in error.faults]
        click.echo(json.dumps({"exit_code": error.exit_code, "faults": faults}, ensure_ascii=False))
        return
    for fault in error.faults:
        click.secho(f"✗ {fault.what}", fg="red", err=True)
        for line in fault.lines()[1:]:
            click.echo(f"  {line}", err=True)
        click.echo(err=True)


def show_notices(notices: Sequence[Notice]) -> None:
    """Show what was chosen and what to look at, warnings first."""
    signs = {"warning": ("!", "yellow"), "chosen": ("→", "cyan"), "info": ("·", None)}
    for level, (sign, colour) in signs.items():
        for notice in notices:
            if notice.level == level:
                click.echo(click.style(sign, fg=colour) + f" {notice.text}")


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
    _adopt(loaded.project.language)
    with Steps.on_terminal() as steps:
        result = check_project(loaded, steps)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, default=str))
    else:
        show_notices(result.notices)
        click.echo(check_text(result))
    return 0


def run_hotspots(project: Path, *, overrides: tuple[str, ...], as_json: bool) -> int:
    """Run the project up to its hot spots."""
    return run_project(project, overrides=overrides, as_json=as_json, proposals=False)


def run_project(
    project: Path, *, overrides: tuple[str, ...], as_json: bool, proposals: bool = True
) -> int:
    """Run the whole project and tell what was made and where to look."""
    from scripts.config import load_project
    from scripts.outputs import run_and_write
    from scripts.progress import Steps

    loaded = load_project(project, overrides)
    _adopt(loaded.project.language)
    with Steps.on_terminal() as steps:
        summary = run_and_write(loaded, steps, proposals=proposals)
    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, default=str))
    else:
        _show_summary(summary)
    return NOTHING_TO_PROPOSE if summary.nothing_to_propose else 0


def _adopt(project_language: Language) -> None:
    """Use the project's language unless the command line asked for one."""
    asked = "--language" in " ".join(sys.argv[1:]) or "LAGESBILD_LANGUAGE" in os.environ
    if not asked:
        set_language(project_language)


def _show_summary(summary: RunSummary) -> None:
    show_notices(summary.notices)
    click.echo()
    for line in summary.lines():
        click.echo(line)
    click.echo()
    click.secho(_("Öppna i webbläsaren: {file}").format(file=summary.start_page), bold=True)


if __name__ == "__main__":
    main()
