"""The command ``lagesbild``: thin verbs over the library.

Nothing heavy is imported before a verb needs it, so that ``--help`` is instant.
"""

from __future__ import annotations

import gettext as standard_gettext
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from geodata.language import LANGUAGES, Language, set_language
from geodata.language import gettext as _
from scripts.verbs import appendix, cameras, dogsearch, followup, inspect, store, watch
from scripts.verbs import main as main_verbs
from scripts.verbs.frame import language_option

MODULES: Final = (
    main_verbs,
    cameras,
    dogsearch,
    store,
    watch,
    followup,
    appendix,
    inspect,
)
"""Where the verbs are, in the order of ``--help``."""


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
    # requests (of folium) silences it too, but libraries are loaded beside the reading, and what a
    # thread does to warnings another one undoes. Nothing here ever goes out on a network.
    warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
    chosen = choose_language(given)
    set_language(chosen)
    os.environ["LANGUAGE"] = chosen
    standard_gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
    build()(args=given, prog_name="lagesbild")


def program() -> None:
    """Run the command and end the process at once.

    Taking a million rows apart one object at a time, as the interpreter does when it ends by
    itself, lasts half a second in which the user waits for nothing.
    """
    try:
        main()
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        for stream in (sys.stdout, sys.stderr):
            with suppress(BrokenPipeError):  # nobody reads on
                stream.flush()
        os._exit(ended.code or 0)


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
        params=[language_option()],
    )
    click.version_option(package_name="lagesbild", prog_name="lagesbild")(group)
    for module in MODULES:
        for verb in module.commands():
            group.add_command(verb)
    return group


if __name__ == "__main__":
    program()
