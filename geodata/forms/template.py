"""The empty form as a text file: every field with what it means, ready to be filled in."""

from __future__ import annotations

import json
import textwrap
from dataclasses import Field, fields
from typing import Any, Final, get_args, get_type_hints

from geodata.forms.fields import Form, MeasureTried
from geodata.language import gettext as _
from geodata.options import default_of

_WIDTH: Final = 96


def template(proposal_id: str, *, candidate_id: str, x_m: float, y_m: float) -> str:
    """Return a form with nothing filled in but which place it is about.

    Parameters
    ----------
    proposal_id
        ``K01``, …
    candidate_id, x_m, y_m
        The place, in the project's CRS.
    """
    lead = _(
        "Formulär till kameraunderlag {id}. Fyll i mellan citattecknen och kör lagesbild igen; "
        "filen skrivs aldrig över. Fält som lämnas tomma räknas som obesvarade. Skriv inga namn på "
        "privatpersoner och inga skyddade boenden."
    ).format(id=proposal_id)
    lines = [*_comment(lead), ""]
    place = {"candidate_id": candidate_id, "x_m": round(x_m, 2), "y_m": round(y_m, 2)}
    hints = get_type_hints(Form)
    for part in fields(Form):
        help_ = _(part.metadata["help"])
        lines += [*_comment(help_), f"[{part.name}]"]
        for one in fields(hints[part.name]):
            if one.name == "tried":
                continue
            lines += _entry(one, place.get(one.name))
        lines.append("")
        if part.name == "measures":
            lines += _measure()
    return "\n".join(lines).rstrip() + "\n"


def _measure() -> list[str]:
    """Return the commented table of one measure tried, to be copied for each."""
    lines = _comment(_("Ta bort # och fyll i, en sådan tabell per åtgärd:"))
    lines.append("# [[measures.tried]]")
    for one in fields(MeasureTried):
        lines.append(f"# {one.name} = {_example(one)}")
        lines += [f"#   {line}" for line in textwrap.wrap(_(one.metadata["help"]), _WIDTH - 4)]
    return [*lines, ""]


def _example(one: Field[Any]) -> str:
    return "2025-01-31" if one.name.endswith("_date") else '""'


def _entry(one: Field[Any], value: object = None) -> list[str]:
    help_, unit = _(one.metadata["help"]), one.metadata["unit"]
    lines = _comment(f"{help_} ({_(unit)})" if unit else help_)
    given = default_of(one) if value is None else value
    if given is None:  # nothing that TOML can say: shown as a comment
        example = "2025-01-31" if "date" in str(one.type) else "0"
        return [*lines, f"# {one.name} = {example}"]
    return [*lines, f"{one.name} = {_toml(given)}"]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    # A JSON string is a TOML basic string.
    return json.dumps(value, ensure_ascii=False)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def choices(cls: type[Any], name: str) -> tuple[str, ...]:
    """Return the words that a field may hold, the empty one left out; none for free text."""
    hint = get_type_hints(cls)[name]
    inner = get_args(hint)
    words = get_args(inner[0]) if inner and get_args(inner[0]) else inner
    return tuple(str(word) for word in words if isinstance(word, str) and word)
