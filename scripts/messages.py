"""Keeps the English catalogue in step with the code: ``python -m scripts.messages``.

New Swedish texts come into ``geodata/locale/en.po`` with an empty English one, gone texts leave it,
and the rest stay as they are. The file is sorted by text and names no places in the code, so that
it changes only when a text does. A test holds the catalogue to what the code says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parents[1]
CATALOGUE: Final = ROOT / "geodata" / "locale" / "en.po"
PACKAGES: Final = ("areas", "geodata", "hotspots", "maps", "scripts")
METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
LINE_WIDTH: Final = 100
# Written by hand: Babel's own header holds the time of writing.
HEADER: Final = """\
# English texts of Lägesbild. Kept in step with the code by `python -m scripts.messages`.
msgid ""
msgstr ""
"Project-Id-Version: lagesbild\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Text = str | tuple[str, str]


def extract(root: Path = ROOT) -> dict[str, Text]:
    """Return the texts of the code: Swedish → itself, or its singular and plural.

    Parameters
    ----------
    root
        Folder that holds the packages.

    Returns
    -------
    dict
        In order of the text. A text used both alone and as a singular stands once, as a pair. The
        units of settings are texts too, although they are not marked.
    """
    found = Catalog(locale="en")
    for package in PACKAGES:
        for _file, _line, text, _comments, context in extract_from_dir(
            root / package, METHODS, keywords=KEYWORDS
        ):
            found.add(text, context=context)
    for unit in _units(root):
        found.add(unit)
    texts = (message.id for message in found if message.id)
    pairs = (text if isinstance(text, str) else (text[0], text[1]) for text in texts)
    return dict(sorted((_key(text), text) for text in pairs))


def _key(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


def english(message: Message) -> tuple[str, ...]:
    """Return the English forms of a message: one, or singular and plural; empty where none."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return tuple(forms or ("",))


def _units(root: Path) -> Iterator[str]:
    """Yield the units of all settings: ``setting(..., unit="dagar")``."""
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "setting":
                    continue
                for keyword in node.keywords:
                    unit = keyword.value.value if isinstance(keyword.value, ast.Constant) else ""
                    if keyword.arg == "unit" and isinstance(unit, str) and unit:
                        yield unit


def read(file: Path = CATALOGUE) -> dict[str, Message]:
    """Return the messages of a catalogue by their Swedish text."""
    with file.open("rb") as stream:
        return {_key(m.id): m for m in read_po(stream, locale="en") if m.id}


def updated(texts: dict[str, Text], known: dict[str, Message]) -> bytes:
    """Return the catalogue of `texts` as a file, with the English of those that are known.

    Parameters
    ----------
    texts
        From `extract`.
    known
        From `read`. A text whose plural has changed counts as new.
    """
    catalog = Catalog(locale="en")
    for key, text in texts.items():
        old = known.get(key)
        kept = old.string if old is not None and old.id == text else None
        catalog.add(text, string=kept)
        message = catalog[text]
        if message is not None:
            message.flags.clear()
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=LINE_WIDTH,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    return HEADER.encode() + body.getvalue()


def missing(file: Path = CATALOGUE) -> list[str]:
    """Return the Swedish texts that have no English one."""
    return [key for key, message in read(file).items() if not all(english(message))]


def main() -> None:
    """Bring the catalogue up to date and tell what is left to translate."""
    CATALOGUE.write_bytes(updated(extract(), read()))
    for text in missing():
        click.echo(text)
    click.echo(f"{len(read())} texts, {len(missing())} without English")


if __name__ == "__main__":
    main()
