"""Law references and standing texts, from a text file that a lawyer can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import language


@dataclass(frozen=True, eq=False)
class Law:
    """The texts of a law file, in the user's language.

    Attributes
    ----------
    tables
        As in the file: ``text``, ``track``, ``purpose``, ``trigger``, ``field``, ``register``.
    """

    tables: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Which state of the law the file says it follows."""
        return str(self.tables["version"])

    def text(self, key: str, table: str = "text") -> str:
        """Return a text in the user's language; Swedish where it has no other."""
        entry = self.tables[table][key]
        return str(entry.get(language()) or entry["sv"])

    def keys(self, table: str) -> tuple[str, ...]:
        """Return the keys of a table, in the order of the file."""
        return tuple(self.tables[table])

    def reference(self, key: str, table: str = "field") -> str:
        """Return the section of law that a field or entry belongs to, ``""`` for none."""
        entry = self.tables[table].get(key, "")
        return str(entry.get("law", "")) if isinstance(entry, Mapping) else str(entry)

    def register_columns(self) -> tuple[tuple[str, str], ...]:
        """Return key and heading of the items of the register, in order."""
        return tuple(
            (str(one["key"]), str(one.get(language()) or one["sv"]))
            for one in self.tables["register"]
        )


@cache
def _built_in() -> Mapping[str, Any]:
    text = (files("geodata") / "data" / "camera_law.toml").read_text("utf-8")
    return tomllib.loads(text)


def read_law(path: Path | None = None) -> Law:
    """Return the law texts: the built-in ones, or those of a file of the user's own.

    Raises
    ------
    SettingsError
        If the file can't be read, isn't TOML, or lacks a text that the built-in one has.
    """
    whole = _built_in()
    if path is None:
        return Law(whole)
    try:
        own = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Fault(
                code="law_unreadable",
                what=_("Filen med lagrum går inte att läsa."),
                where=f"[sheets] law: {path}",
                why=str(error),
                next_step=_("Utgå från den inbyggda filen geodata/data/camera_law.toml."),
            )
        ) from error
    lacking = _lacking(whole, own)
    if lacking:
        raise SettingsError(
            Fault(
                code="law_incomplete",
                what=_("Filen med lagrum saknar texter: {names}.").format(names=", ".join(lacking)),
                where=f"[sheets] law: {path}",
                next_step=_("Utgå från den inbyggda filen geodata/data/camera_law.toml."),
            )
        )
    return Law(own)


def _lacking(whole: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """Return the names of what `whole` has and `own` lacks or holds in another kind."""
    found = []
    for name, value in whole.items():
        mine = own.get(name)
        if not isinstance(mine, type(value)):
            found.append(name)
        elif isinstance(value, Mapping):
            inner = {key: one for key, one in value.items() if key != "en"}
            assert isinstance(mine, Mapping)
            found += [f"{name}.{key}" for key in _lacking(inner, mine)]
    if len(own.get("register", [])) != len(whole.get("register", [])):
        found.append("register")
    return found
