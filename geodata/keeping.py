"""What a purge leaves on purpose, why, and when it may go: from a text file a lawyer can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _
from geodata.language import language

BUILT_IN: Final = "kept_texts.toml"


@dataclass(frozen=True)
class Keeping:
    """Why a kind of file is left, and until when, in the user's language."""

    why: str
    until: str


def read_keeping(path: Path | None = None) -> dict[str, Keeping]:
    """Return the texts by kind of file: the built-in ones, or those of a file of the user's own.

    Raises
    ------
    SettingsError
        ``kept_texts_unreadable`` or ``kept_texts_incomplete``.
    """
    whole = tomllib.loads((files("geodata") / "data" / BUILT_IN).read_text("utf-8"))
    own = whole if path is None else _own(path)
    kept: Mapping[str, Mapping[str, Any]] = own.get("kept", {})
    lacking = [
        f"[kept.{kind}] {key}"
        for kind in whole["kept"]
        for key in ("sv", "until_sv")
        if not str(kept.get(kind, {}).get(key, "")).strip()
    ]
    if lacking:
        raise SettingsError(
            _fault(
                "kept_texts_incomplete",
                path,
                _("Saknas: {names}.").format(names=", ".join(lacking)),
            )
        )
    return {kind: _in_language(kept[kind]) for kind in whole["kept"]}


def _in_language(entry: Mapping[str, Any]) -> Keeping:
    spoken = language()
    return Keeping(
        why=str(entry.get(spoken) or entry["sv"]),
        until=str(entry.get(f"until_{spoken}") or entry["until_sv"]),
    )


def _own(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(_fault("kept_texts_unreadable", path, str(error))) from error


def _fault(code: str, path: Path | None, why: str) -> Fault:
    return Fault(
        code=code,
        what=_("Filen med texter om vad som sparas går inte att använda."),
        where=f"[store] kept_texts: {path}",
        why=why,
        next_step=_("Utgå från den inbyggda filen geodata/data/kept_texts.toml."),
    )
