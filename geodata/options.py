"""Settings declared as data: one frozen class beside the function that uses them.

A field made with `setting` carries its help text, unit and range; `read_options` turns a TOML table
into an instance and returns every fault at once, with a suggestion for a misspelt key. The TOML key
is the field's name.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from geodata.errors import Fault
from geodata.language import gettext as _

T = TypeVar("T")


@dataclass(frozen=True)
class Range:
    """What a setting may be. Bounds are inclusive; ``None`` is no bound."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None  # exclusive lower bound

    def allows(self, value: float) -> bool:
        """Tell whether `value` lies within the bounds."""
        return not (
            (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.above is not None and value <= self.above)
        )

    def text(self) -> str:
        """Return the bounds as a reader would say them."""
        parts = []
        if self.above is not None:
            parts.append(_("större än {value:g}").format(value=self.above))
        if self.minimum is not None:
            parts.append(_("minst {value:g}").format(value=self.minimum))
        if self.maximum is not None:
            parts.append(_("högst {value:g}").format(value=self.maximum))
        return ", ".join(parts)


def setting(
    default: Any,  # noqa: ANN401 (a field of any type)
    help: str,  # noqa: A002 (the word the user sees)
    *,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    factory: bool = False,
) -> Any:  # noqa: ANN401
    """Declare one setting.

    Parameters
    ----------
    default
        The default, or with ``factory=True`` a function that makes it (for dicts).
    help
        One Swedish sentence marked with ``N_``: what it is and which way it pushes the result.
    unit
        Unit as printed (``m``, ``dagar``), empty for none.
    minimum, maximum, above
        Range of a number, or of every number in a tuple.
    """
    metadata = {"help": help, "unit": unit, "range": Range(minimum, maximum, above)}
    if factory:
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def default_of(f: Field[Any]) -> Any:  # noqa: ANN401
    """Return the default of a field."""
    if f.default_factory is not MISSING:
        return f.default_factory()
    return f.default


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a sentence that suggests the known word nearest to `word`, or lists them all."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return _("Menade du ”{word}”?").format(word=close[0])
    return _("Möjliga: {words}.").format(words=", ".join(sorted(known)))


def read_options(cls: type[T], table: Mapping[str, Any], where: str) -> tuple[T, list[Fault]]:
    """Make an options instance from a TOML table.

    Parameters
    ----------
    cls
        A frozen dataclass whose fields are made by `setting`. A field whose type is such a class,
        or a tuple of them, is read from a table or an array of tables within this one.
    table
        The TOML table.
    where
        Its name in the file, such as ``[hotspots]``, used in messages.

    Returns
    -------
    tuple
        The instance (defaults where a value was faulty) and all faults, each with code
        ``unknown_setting``, ``wrong_type`` or ``out_of_range``.
    """
    hints = get_type_hints(cls)
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for key, raw in table.items():
        place = f"{where} {key}"
        if key in known and _nested(hints[key]) is not None:
            values[key], more = _read_nested(hints[key], raw, where, key)
            faults += more
            continue
        if key not in known:
            faults.append(
                Fault(
                    code="unknown_setting",
                    what=_("Okänd inställning ”{key}”.").format(key=key),
                    where=place,
                    next_step=nearest(key, list(known)),
                )
            )
            continue
        try:
            value = convert(raw, hints[key])
        except (TypeError, ValueError):
            faults.append(
                Fault(
                    code="wrong_type",
                    what=_("Fel slags värde: {value!r}.").format(value=raw),
                    where=place,
                    why=_("Här ska stå {kind}.").format(kind=kind_text(hints[key])),
                )
            )
            continue
        limits: Range = known[key].metadata.get("range", Range())
        numbers = value if isinstance(value, tuple) else (value,)
        if any(isinstance(v, int | float) and not limits.allows(v) for v in numbers):
            faults.append(
                Fault(
                    code="out_of_range",
                    what=_("Värdet {value!r} går inte att använda.").format(value=raw),
                    where=place,
                    why=_("Det ska vara {limits}.").format(limits=limits.text()),
                )
            )
            continue
        values[key] = value
    return cls(**values), faults


def _nested(hint: Any) -> Any:  # noqa: ANN401 (an options class or None)
    """Return the options class of a table within a table, or of each of a list of tables."""
    item = get_args(hint)[0] if get_origin(hint) is tuple else hint
    return item if isinstance(item, type) and is_dataclass(item) else None


def _read_nested(hint: Any, raw: Any, where: str, key: str) -> tuple[Any, list[Fault]]:  # noqa: ANN401
    """Read ``[outer.key]`` or ``[[outer.key]]``; a single table may stand for a list of one."""
    cls, name = _nested(hint), where.replace("[", "").replace("]", "") + f".{key}"
    many = get_origin(hint) is tuple
    entries = raw if many and isinstance(raw, list) else [raw]
    if not all(isinstance(entry, Mapping) for entry in entries):
        heading = f"[[{name}]]" if many else f"[{name}]"
        return (() if many else cls()), [
            Fault(
                code="wrong_type",
                what=_("Fel slags värde: {value!r}.").format(value=raw),
                where=heading,
                why=_("Här ska stå {kind}.").format(kind=_("en tabell")),
            )
        ]
    values, faults = [], []
    for number, entry in enumerate(entries, start=1):
        heading = f"[{name}]" if not many else f"[[{name}]] {number}"
        value, more = read_options(cls, entry, heading)
        values.append(value)
        faults += more
    return (tuple(values) if many else values[0]), faults


def convert(raw: Any, hint: Any) -> Any:  # noqa: ANN401, PLR0911, C901, PLR0912 (by type)
    """Return `raw` as the annotated type; raise TypeError or ValueError if it cannot be."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = get_args(hint)
        for option in options:
            if option is type(None):
                continue
            try:
                return convert(raw, option)
            except (TypeError, ValueError):
                continue
        raise TypeError(raw)
    if origin is Literal:
        if raw in get_args(hint):
            return raw
        raise ValueError(raw)
    if origin is tuple:
        if not isinstance(raw, list | tuple):
            raise TypeError(raw)
        return tuple(convert(item, get_args(hint)[0]) for item in raw)
    if origin in (dict, Mapping):
        if not isinstance(raw, Mapping):
            raise TypeError(raw)
        key_type, value_type = get_args(hint)
        return {convert(k, key_type): convert(v, value_type) for k, v in raw.items()}
    if hint is Any:
        return raw
    if hint is Path:
        if not isinstance(raw, str):
            raise TypeError(raw)
        return Path(raw)
    if hint is date:
        if isinstance(raw, str):
            return date.fromisoformat(raw)
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        raise TypeError(raw)
    if hint is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    if hint is int and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if hint in (str, bool) and isinstance(raw, hint):
        return raw
    raise TypeError(raw)


def kind_text(hint: Any) -> str:  # noqa: ANN401 (one line a kind of type)
    """Return a type annotation in words a user knows."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _(" eller ").join(kind_text(h) for h in get_args(hint) if h is not type(None))
    if origin is Literal:
        return _("något av {words}").format(words=", ".join(f'"{w}"' for w in get_args(hint)))
    if origin is tuple:
        return _("en lista med {kind}").format(kind=kind_text(get_args(hint)[0]))
    if origin in (dict, Mapping):
        return _("en tabell")
    names = {
        str: _("text inom citattecken"),
        int: _("ett heltal"),
        float: _("ett tal"),
        bool: _("true eller false"),
        date: _("ett datum som 2025-01-31"),
        Path: _("en sökväg inom citattecken"),
    }
    return names.get(hint, str(hint))
