"""The verb that looks through a folder before it is handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from geodata.language import gettext as _
from scripts.verbs.frame import guarded, json_option, language_option

if TYPE_CHECKING:
    from geodata.disclosure import Profile

FAILED: Final = 5
"""Exit code when something was found."""


def commands() -> list[click.Command]:
    """Return the verb, in the language in use."""
    return [
        click.Command(
            "inspect",
            options_metavar=_("[VAL]"),
            callback=guarded(run_inspect),
            help=_(
                "Granska MAPP innan den lämnas ut: varje fil, dess profil, och om den har lägen, "
                "små antal, kameraplatser, personuppgifter, namn i filens egna uppgifter eller "
                "något som hämtas utifrån. Skriver granskning-MAPP.html bredvid mappen och ändrar "
                "inget i den. Avslutar med 0 (godkänd) eller 5 (underkänd)."
            ),
            short_help=_("Granska en mapp innan den lämnas ut."),
            params=[
                click.Argument(
                    ["folder"],
                    type=click.Path(exists=True, file_okay=False, path_type=Path),
                    metavar=_("MAPP"),
                ),
                click.Option(
                    ["--profile"],
                    type=click.Choice(["samverkan", "publik"]),
                    help=_("Vem mappen ska till. Förval: körningens egen profil, annars publik."),
                ),
                click.Option(
                    ["--html", "page"],
                    type=click.Path(dir_okay=False, path_type=Path),
                    metavar=_("FIL"),
                    help=_("Var sidan skrivs. Förval: granskning-MAPP.html bredvid mappen."),
                ),
                json_option(),
                language_option(),
            ],
        )
    ]


def run_inspect(folder: Path, profile: str | None, page: Path | None, *, as_json: bool) -> int:
    """Look through a folder, tell what was found, and write the page."""
    from scripts.inspecting.folder import inspect_folder
    from scripts.inspecting.page import write_page

    found = inspect_folder(folder.resolve(), cast("Profile | None", profile))
    written = write_page(found, page)
    if as_json:
        told = {**found.to_dict(), "page": str(written)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        *lines, verdict = found.lines()
        for line in lines:
            click.echo(line)
        click.secho(verdict, bold=True, fg="green" if found.passed else "red")
        click.echo(_("Öppna i webbläsaren: {file}").format(file=written))
    return 0 if found.passed else FAILED
