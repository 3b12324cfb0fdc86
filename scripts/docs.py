"""Makes the reference pages of ``docs/`` from the code: ``python -m scripts.docs``.

A test holds the pages to what this makes, so they can't fall behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import click

from geodata.all_tables import ALL_TABLES
from geodata.exports import ReadOptions
from geodata.incidents import ImportOptions
from geodata.language import using
from geodata.options import default_of
from scripts.config import TABLES
from scripts.new import toml_value
from scripts.project_options import ProjectOptions

DOCS: Final = Path(__file__).parents[1] / "docs"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name."""
    # Click's own texts go by this variable.
    os.environ["LANGUAGE"] = "en"
    with using("en"):
        return {
            "tables.md": "\n".join(_tables()) + "\n",
            "settings.md": "\n".join(_settings()) + "\n",
            "commands.md": "\n".join(_commands()) + "\n",
        }


def _tables() -> Iterator[str]:
    yield "# The tables"
    yield ""
    sources = "the descriptions that `geodata/all_tables.py` gathers"
    yield f"Made by `python -m scripts.docs` from {sources}."
    for name, columns in ALL_TABLES.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield "| column | type | may be missing | meaning |"
        yield "|---|---|---|---|"
        for label, column in columns.items():
            meaning = column.meaning
            if column.values:
                meaning += ": " + ", ".join(f"`{value}`" for value in column.values)
            missing = "yes" if column.nullable else ""
            yield f"| `{label}` | {column.kind} | {missing} | {meaning} |"


def _settings() -> Iterator[str]:
    from geodata.language import gettext as _

    yield "# The settings of `lagesbild.toml`"
    yield ""
    yield "Made by `python -m scripts.docs` from the options classes."
    groups: dict[str, tuple[type[Any], ...]] = {
        "project": (ProjectOptions,),
        "[input]": (ReadOptions, ImportOptions),
        **{name: (cls,) for name, cls in TABLES.items() if name != "project"},
    }
    for name, classes in groups.items():
        yield ""
        yield f"## [{name}]"
        yield ""
        yield "| setting | default | unit | what |"
        yield "|---|---|---|---|"
        if name == "[input]":
            yield "| `path` | – |  | The file to read, from the project file's folder. |"
        for cls in classes:
            for f in fields(cls):
                text = _(str(f.metadata.get("help", "")))
                unit = _(str(f.metadata.get("unit", "")))
                default = toml_value(default_of(f)).replace("|", "\\|")
                yield f"| `{f.name}` | `{default}` | {unit} | {text.replace('|', chr(92) + '|')} |"


def _commands() -> Iterator[str]:
    from scripts.cli import build

    group = build()
    yield "# The commands"
    yield ""
    yield "Made by `python -m scripts.docs` from the command itself."
    names = ["", *group.list_commands(click.Context(group))]
    for name in names:
        command = group.get_command(click.Context(group), name) if name else group
        if command is None:
            continue
        context = click.Context(command, info_name=f"lagesbild {name}".strip(), terminal_width=90)
        yield ""
        yield f"## lagesbild {name}".rstrip()
        yield ""
        yield "```text"
        yield command.get_help(context)
        yield "```"


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
