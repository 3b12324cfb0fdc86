"""What the words of a register mean: spaces, tenure, results, yes and no.

The words stand in ``data/register_words.csv``, which may be edited.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from geodata.search_tables import SPACES

_DATA: Final = Path(__file__).parents[1] / "data"
_BETWEEN: Final = re.compile(r"[;,/+|\n]| och | and |&")


@cache
def words(kind: str) -> Mapping[str, str]:
    """Return word → value of a kind, words in lower case."""
    with (_DATA / "register_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["word"]: row["value"] for row in rows if row["kind"] == kind}


@cache
def column_names() -> tuple[tuple[str, str], ...]:
    """Return pairs of target and column name, best first."""
    with (_DATA / "register_columns.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["target"], row["name"]) for row in csv.DictReader(file))


def key(text: str) -> str:
    """Return a text as it is compared: lower case, single spaces."""
    return " ".join(text.casefold().split())


def read_word(text: str, kind: str) -> str | None:
    """Return the value of a word, ``None`` where it isn't known."""
    return words(kind).get(key(text))


def read_spaces(text: str, every: Sequence[str] = SPACES) -> tuple[tuple[str, ...], list[str]]:
    """Read a list of spaces.

    Parameters
    ----------
    text
        Such as ``trapphus, tvättstuga; källargång``.
    every
        What ”alla” stands for.

    Returns
    -------
    tuple
        The spaces in the order of `SPACES`, and the words that aren't known.
    """
    found: set[str] = set()
    unknown = []
    for part in _BETWEEN.split(text):
        word = key(part)
        if not word:
            continue
        if word in words("every_space"):
            found.update(every)
        elif (space := words("space").get(word)) is not None:
            found.add(space)
        else:
            unknown.append(part.strip())
    return tuple(space for space in SPACES if space in found), unknown


def joined(spaces: Sequence[str]) -> str:
    """Return spaces as the tables hold them: in the order of `SPACES`, by ``;``."""
    return ";".join(space for space in SPACES if space in set(spaces))
