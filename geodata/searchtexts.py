"""Law references and standing texts of dog searches, from a text file that a lawyer can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import language

BUILT_IN: Final = "search_texts.toml"


@dataclass(frozen=True, eq=False)
class SearchTexts:
    """The texts of a file; ``version`` is the state of the law it says it follows."""

    texts: Mapping[str, Mapping[str, str]]
    version: str

    def text(self, key: str) -> str:
        """Return a text in the user's language; Swedish where it has no other."""
        entry = self.texts[key]
        return entry.get(language()) or entry["sv"]


@cache
def _built_in() -> Mapping[str, Any]:
    return tomllib.loads((files("geodata") / "data" / BUILT_IN).read_text("utf-8"))


def read_search_texts(path: Path | None = None) -> SearchTexts:
    """Return the texts: the built-in ones, or those of a file of the user's own.

    Raises
    ------
    SettingsError
        If the file can't be read, isn't TOML, or lacks a text that the built-in one has.
    """
    whole = _built_in()
    own = whole if path is None else _own(path)
    texts = own.get("text", {})
    lacking = [key for key in whole["text"] if not str(texts.get(key, {}).get("sv", "")).strip()]
    if lacking:
        raise SettingsError(
            Fault(
                code="search_texts_incomplete",
                what=_("Filen med stående texter saknar: {names}.").format(
                    names=", ".join(lacking)
                ),
                where=f"[round] texts: {path}",
                next_step=_("Utgå från den inbyggda filen geodata/data/search_texts.toml."),
            )
        )
    return SearchTexts(texts, str(own.get("version", "")))


def _own(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Fault(
                code="search_texts_unreadable",
                what=_("Filen med stående texter går inte att läsa."),
                where=f"[round] texts: {path}",
                why=str(error),
                next_step=_("Utgå från den inbyggda filen geodata/data/search_texts.toml."),
            )
        ) from error
