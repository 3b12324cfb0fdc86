"""Kinds of measures and the words for them: a data file that can be edited."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

BUILT_IN = "measure_kinds.csv"


@cache
def measure_kinds() -> Mapping[str, str]:
    """Return the kind of each known word, lower case; a kind is a word for itself."""
    text = (files("geodata") / "data" / BUILT_IN).read_text("utf-8")
    found: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines(), delimiter=";"):
        for word in (row["kind"], *row["words"].split(",")):
            found[word.strip().casefold()] = row["kind"]
    return found
