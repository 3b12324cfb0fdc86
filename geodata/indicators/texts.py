"""The appendix's standing texts and the promise, from text files that anyone can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import language

ITEMS: Final = ("outreach", "cameras", "est", "searches", "sspf", "sig", "andts")
"""The seven promise items, in order; every appendix has a row of each."""

SENSITIVE: Final = ("sspf", "sig")
"""About single persons, whatever an edited file says: totals only, small ones hidden."""

COMPUTED: Final = ("cameras", "est", "searches")
LISTS: Final = ("method", "limit", "term")


@dataclass(frozen=True)
class Item:
    """A promise item.

    Attributes
    ----------
    key
        One of `ITEMS`.
    name, promised, uncertainty
        Texts in the user's language.
    names
        What a list of indicators may call it.
    """

    key: str
    name: str
    promised: str
    uncertainty: str
    names: tuple[str, ...]

    @property
    def computed(self) -> bool:
        """Whether the project's own data tell of it."""
        return self.key in COMPUTED

    @property
    def sensitive(self) -> bool:
        """Whether its figures are about single persons."""
        return self.key in SENSITIVE


@dataclass(frozen=True)
class Standing:
    """The standing texts of an appendix, in the user's language.

    Attributes
    ----------
    purpose
        By tier: what the appendix is for.
    method, limits
        Sentences.
    terms
        Words with what they mean.
    """

    purpose: Mapping[str, str]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


def read_promise(path: Path | None = None) -> tuple[Item, ...]:
    """Return the seven promise items: the built-in texts, or those of a file of one's own.

    Raises
    ------
    SettingsError
        ``texts_unreadable`` or ``texts_incomplete``.
    """
    read = _read("promise.toml", path, "promise")
    entries = read.get("item", {})
    lacking = [
        f"item.{key}.{part}"
        for key in ITEMS
        for part in ("name", "promised", "uncertainty")
        if not _text(entries.get(key, {}).get(part))
    ]
    _refuse(lacking, "promise.toml", path, "promise")
    return tuple(
        Item(
            key,
            _text(entries[key]["name"]),
            _text(entries[key]["promised"]),
            _text(entries[key]["uncertainty"]),
            (key, *(str(name) for name in entries[key].get("names", ()))),
        )
        for key in ITEMS
    )


def read_standing(path: Path | None = None) -> Standing:
    """Return the standing texts: the built-in ones, or those of a file of one's own.

    Raises
    ------
    SettingsError
        ``texts_unreadable`` or ``texts_incomplete``.
    """
    read = _read("appendix.toml", path, "texts")
    purposes = read.get("purpose", {})
    lacking = [f"purpose.{t}" for t in ("strategic", "normative") if not _text(purposes.get(t))]
    lacking += [name for name in LISTS if not read.get(name)]
    _refuse(lacking, "appendix.toml", path, "texts")
    return Standing(
        {tier: _text(text) for tier, text in purposes.items()},
        tuple(_text(one) for one in read["method"]),
        tuple(_text(one) for one in read["limit"]),
        tuple((_text(one.get("word")), _text(one)) for one in read["term"]),
    )


@cache
def _built_in(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("geodata") / "data" / name).read_text("utf-8"))


def _read(name: str, path: Path | None, setting: str) -> Mapping[str, Any]:
    if path is None:
        return _built_in(name)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Fault(
                code="texts_unreadable",
                what=_("Filen med bilagans texter går inte att läsa."),
                where=f"[appendix] {setting}: {path}",
                why=str(error),
                next_step=_("Utgå från den inbyggda filen geodata/data/{name}.").format(name=name),
            )
        ) from error


def _refuse(lacking: Sequence[str], name: str, path: Path | None, setting: str) -> None:
    if lacking:
        raise SettingsError(
            Fault(
                code="texts_incomplete",
                what=_("Filen med bilagans texter saknar: {names}.").format(
                    names=", ".join(lacking)
                ),
                where=f"[appendix] {setting}: {path}",
                next_step=_("Utgå från den inbyggda filen geodata/data/{name}.").format(name=name),
            )
        )


def _text(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return str(entry.get(language()) or entry.get("sv") or "").strip()
