"""The user's language: Swedish as written in the code, English by catalogue.

Texts stand in Swedish in the code, ``_("Filen är tom.")``, and are looked up in
``locale/en.po`` when English is chosen. Never call ``_`` at import time: the language is not yet
known. Texts that stand in data (labels) are marked with ``N_`` and translated when shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

_current: ContextVar[Language] = ContextVar("language", default="sv")


def set_language(language: Language) -> None:
    """Choose the language of all texts from here on."""
    _current.set(language)


def language() -> Language:
    """Return the language in use."""
    return _current.get()


@contextmanager
def using(chosen: Language) -> Iterator[None]:
    """Use a language within a ``with`` block."""
    token = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _english() -> dict[str, tuple[str, ...]]:
    from babel.messages.pofile import read_po

    with (Path(__file__).parent / "locale" / "en.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    texts: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        value = (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        if key and all(value):
            texts[key] = value
    return texts


def gettext(text: str) -> str:
    """Return `text` in the user's language."""
    if _current.get() == "sv":
        return text
    return _english().get(text, (text,))[0]


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the singular or plural text for `n`, in the user's language."""
    if _current.get() == "sv":
        return singular if n == 1 else plural
    forms = _english().get(singular, (singular, plural))
    return forms[0] if n == 1 else forms[-1]


def N_(text: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark `text` for translation without translating it yet."""
    return text


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the language writes it: ``1 234,5`` in Swedish, ``1,234.5`` in English.

    Swedish groups by a no-break space, so that a number never breaks over two lines.
    """
    text = f"{value:,.{decimals}f}"
    if _current.get() == "en":
        return text
    return text.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def percent(share: float, decimals: int = 0) -> str:
    """Return a share (0–1) as percent: ``12 %`` in Swedish, ``12%`` in English."""
    gap = "" if _current.get() == "en" else "\u00a0"
    return f"{number(100 * share, decimals)}{gap}%"


def day(value: date) -> str:
    """Return a date as both languages' offices write it: ISO 8601."""
    return value.strftime("%Y-%m-%d")
