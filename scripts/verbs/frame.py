"""What all verbs share: their options, how faults are shown, how a run is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geodata.errors import LagesbildError, Notice
from geodata.language import LANGUAGES, Language, language, ngettext, number, set_language
from geodata.language import gettext as _

if TYPE_CHECKING:
    from scripts.summary import RunSummary

NOTHING_TO_PROPOSE: Final = 4


def language_option() -> click.Option:
    """Return the option ``--language``."""
    return click.Option(
        ["--language"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_("Språk: svenska (förval) eller engelska."),
    )


def json_option() -> click.Option:
    """Return the option ``--json``."""
    return click.Option(
        ["--json", "as_json"], is_flag=True, help=_("Skriv sammanfattningen som JSON.")
    )


def project_parameters() -> list[click.Parameter]:
    """Return the parameters of a verb that works on a project."""
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
        json_option(),
        language_option(),
    ]


def guarded(verb: Callable[..., int]) -> Callable[..., None]:
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


def run_project(
    project: Path,
    *,
    overrides: tuple[str, ...],
    as_json: bool,
    proposals: bool = True,
    stages: Sequence[str] | None = None,
) -> int:
    """Run the project, all of it or only some of its stages; tell what was made and where to look.

    Parameters
    ----------
    stages
        Names of `scripts.stages.STAGES`; ``None`` means all of them.
    """
    import gc

    # Millions of values in arrays make few cycles: looking for them every 700 objects takes 7 %.
    gc.set_threshold(50_000, 20, 100)
    from scripts.ahead import Ahead

    with Ahead(project, overrides, language=_asked_language()) as ahead:
        from scripts.config import load_project
        from scripts.outputs import run_and_write
        from scripts.progress import Steps

        loaded = load_project(project, overrides)
        adopt_language(loaded.project.language)
        with Steps.on_terminal() as steps:
            summary = run_and_write(loaded, steps, proposals=proposals, stages=stages, ahead=ahead)
    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, default=str))
    else:
        _show_summary(summary)
    return NOTHING_TO_PROPOSE if summary.nothing_to_propose else 0


def adopt_language(project_language: Language) -> None:
    """Use the project's language unless the command line asked for one."""
    set_language(_asked_language() or project_language)


def _asked_language() -> Language | None:
    """Return the language that the command line asked for, in use by now; ``None`` without one."""
    asked = "--language" in " ".join(sys.argv[1:]) or "LAGESBILD_LANGUAGE" in os.environ
    return language() if asked else None


def _is_told(notice: Notice) -> bool:
    """Whether the terminal says it: what to look at, and what the figures count."""
    return notice.level == "warning" or notice.code in ("period_counted", "source_counted")


def show_inside_only() -> None:
    """Say that the lines that follow are for the house, when the files are for others."""
    text = _(
        "INTERNT, bara för dig som kör: det som står här kan innehålla tal som döljs i filerna. "
        "Det skrivs bara i filer med profilen intern och ska inte lämnas ut."
    )
    click.secho(text, bold=True)


def _show_summary(summary: RunSummary) -> None:
    inside = summary.profile == "intern"
    told = [notice for notice in summary.notices if _is_told(notice)]
    if not inside:
        show_inside_only()
    show_notices(told)
    rest = len(summary.notices) - len(told)
    if rest and not inside:  # the start page may quote none of them
        more = ngettext(
            "{n} val eller upplysning till ges av --json.",
            "{n} val och upplysningar till ges av --json.",
            rest,
        )
        click.echo(f"· {more.format(n=number(rest))}")
    elif rest:  # what needs no decision would hide what does
        more = ngettext(
            "{n} val eller upplysning till står på startsidan.",
            "{n} val och upplysningar till står på startsidan.",
            rest,
        )
        click.echo(f"· {more.format(n=number(rest))}")
    click.echo()
    for line in summary.account():
        click.echo(line)
    if not inside:
        click.echo()
        click.secho(_("Det som kan lämnas ut: bara filerna nedan."), bold=True)
    for line in summary.made():
        click.echo(line)
    click.echo()
    click.secho(_("Öppna i webbläsaren: {file}").format(file=summary.start_page), bold=True)
