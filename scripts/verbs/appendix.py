"""The verb of the yearly appendix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, cast

import click

from geodata.language import gettext as _
from scripts.verbs.frame import (
    adopt_language,
    guarded,
    project_parameters,
    show_inside_only,
    show_notices,
)

TIERS: Final = {"strategisk": "strategic", "normativ": "normative", "båda": "both"}
PROFILES: Final = ("intern", "samverkan", "publik")


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [
        click.Command(
            "appendix",
            options_metavar=_("[VAL]"),
            callback=guarded(run_appendix),
            help=_(
                "Gör kartbilagan till den årliga uppföljningen av PROJEKT (mapp eller projektfil; "
                "förval: mappen du står i): en HTML-sida, en PDF och en Word-fil med numrerade "
                "kartor och tabeller. Den normativa nivån görs alltid för profilen publik."
            ),
            short_help=_("Kartbilaga till den årliga uppföljningen."),
            params=[
                *project_parameters(),
                click.Option(
                    ["--period"],
                    default="",
                    metavar=_("PERIOD"),
                    help=_(
                        "Ett år (2023), ett halvår (2023-H1) eller dagar (2023-01-15--2023-05-31)."
                    ),
                ),
                click.Option(
                    ["--tier"],
                    type=click.Choice(list(TIERS)),
                    default="båda",
                    help=_("Nivå: strategisk, normativ eller båda (förval)."),
                ),
                click.Option(
                    ["--compare"],
                    default="",
                    metavar=_("PERIOD"),
                    help=_("Vad perioden jämförs med. Förval: samma dagar året före."),
                ),
                click.Option(
                    ["--profile"],
                    type=click.Choice(PROFILES),
                    default=None,
                    help=_("Profil för den strategiska nivån. Förval: projektets egen."),
                ),
            ],
        )
    ]


def run_appendix(
    project: Path,
    *,
    overrides: tuple[str, ...],
    as_json: bool,
    period: str,
    tier: str,
    compare: str,
    profile: str | None,
) -> int:
    """Make the appendix and tell where it is."""
    from geodata.disclosure import Profile
    from geodata.errors import Fault, SettingsError
    from geodata.periods import read_period
    from scripts.appendix.making import Asked, make_appendix, tiers_of
    from scripts.config import load_project
    from scripts.progress import Steps

    loaded = load_project(project, overrides)
    adopt_language(loaded.project.language)
    if not period:
        what = _("Det framgår inte vilken period bilagan ska gälla.")
        step = _("Lägg till --period, till exempel --period 2023 eller --period 2023-H1.")
        raise SettingsError(Fault(code="period_missing", what=what, next_step=step))
    told = read_period(period)
    against = read_period(compare) if compare else None
    with Steps.on_terminal() as steps:
        made = make_appendix(
            loaded,
            told,
            tiers_of(cast("Asked", TIERS[tier])),
            steps,
            profile=cast("Profile | None", profile),
            against=against,
        )
    if as_json:
        shown = {
            "folder": str(made.folder),
            "files": list(made.files),
            "notices": [vars(notice) for notice in made.notices],
            "seconds": dict(made.seconds),
        }
        click.echo(json.dumps(shown, ensure_ascii=False, default=str))
        return 0
    warnings = [notice for notice in made.notices if notice.level == "warning"]
    if warnings:  # one tier at least may be for others
        show_inside_only()
    show_notices(warnings)
    click.echo()
    click.echo(_("Bilagan ligger i {folder}:").format(folder=made.folder))
    for name in made.files:
        click.echo(f"  {name}")
    return 0
