"""Kinds of measures, the words for them and their signs on maps: a data file that can be edited."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

BUILT_IN = "measure_kinds.csv"
GROUPS: Final = ("control", "place", "people", "other")
"""What a measure works by: watch and control, the place itself, people who are there, else."""

_NAMES: Final = {
    "kamera": N_("kamera"),
    "hundsök": N_("hundsök"),
    "belysning": N_("belysning"),
    "röjning": N_("röjning"),
    "ordningsvakt": N_("ordningsvakt"),
    "fältare": N_("fältare"),
    "polisinsats": N_("polisinsats"),
    "ombyggnad": N_("ombyggnad"),
    "låsning": N_("låsning"),
    "städning": N_("städning"),
    "nattvandring": N_("nattvandring"),
    "aktivitet": N_("aktivitet"),
    "annat": N_("annat"),
}


@dataclass(frozen=True)
class Sign:
    """How a kind of measure is marked on a map: one of `GROUPS`, and a letter."""

    group: str
    letter: str


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = (files("geodata") / "data" / BUILT_IN).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))


@cache
def measure_kinds() -> Mapping[str, str]:
    """Return the kind of each known word, lower case; a kind is a word for itself."""
    found: dict[str, str] = {}
    for row in _rows():
        for word in (row["kind"], *row["words"].split(",")):
            found[word.strip().casefold()] = row["kind"]
    return found


@cache
def measure_signs() -> Mapping[str, Sign]:
    """Return the sign of each kind, in the order of the list."""
    return {row["kind"]: Sign(row["group"], row["sign"]) for row in _rows()}


def kind_name(kind: str) -> str:
    """Return the name of a kind in the user's language; one that was added to the list as it is."""
    name = _NAMES.get(kind)
    return _(name) if name else kind
