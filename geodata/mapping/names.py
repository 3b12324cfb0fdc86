"""Column names that are known: what each may hold, and which hold persons or free text."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from geodata.columns import as_array, is_text
from geodata.screening import is_personal_number

JOIN: Final = " + "
"""Between two column names in the project file: their texts are joined by a space."""

_SAMPLE_ROWS: Final = 500
_SENTENCE_LENGTH: Final = 60


def plain(name: str) -> str:
    """Return a column name as it is compared: lower case, no accents, letters and digits only."""
    folded = name.strip().lower().translate(_FOLD)
    return re.sub(r"[^0-9a-z]", "", folded)


_FOLD: Final = str.maketrans("åäöéèüæø", "aaoeeuao")


def _words(name: str) -> str:
    """Return the words of a column name between spaces: ``SuspectRace`` is `` suspect race ``."""
    spaced = re.sub(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])", " ", name.strip())
    folded = spaced.lower().translate(_FOLD)
    return f" {re.sub(r'[^0-9a-z]+', ' ', folded).strip()} "


@dataclass(frozen=True)
class _Known:
    target: str
    name: str
    group: str


@cache
def _known() -> tuple[_Known, ...]:
    path = Path(__file__).parents[1] / "data" / "column_names.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_Known(r["target"], r["name"], r["group"]) for r in csv.DictReader(file))


def personal_name(name: str) -> bool:
    """Tell whether a column name says that the column holds persons."""
    whole, words = plain(name), _words(name)
    for known in _known():
        if known.target != "personal":
            continue
        if known.group == "whole" and plain(known.name) == whole:
            return True
        if known.group == "word" and (_words(known.name) in words or plain(known.name) == whole):
            return True
    return False


def guess(
    target: str, names: Mapping[str, str], chosen: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the columns that a target is guessed to be read from, both of a pair at once.

    `names` are the columns still free, by plain name; `chosen` what is decided already.
    """
    if target == "y":
        return {}
    if target == "x":
        return {} if "y" in chosen else _guess_pair(names)
    for known in _known():
        if known.target != target:
            continue
        parts = [names.get(plain(p)) for p in known.name.split(JOIN)]
        found = [p for p in parts if p is not None]
        if len(found) == len(parts):
            return {target: tuple(found)}
    return {}


def _guess_pair(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the first pair of coordinate columns of one kind; never one of each."""
    groups: dict[str, dict[str, list[str]]] = {}
    for known in _known():
        if known.target in ("x", "y"):
            key = known.name if known.name.startswith("__") else plain(known.name)
            if key in names:
                groups.setdefault(known.group, {}).setdefault(known.target, []).append(names[key])
    order = list(dict.fromkeys(k.group for k in _known() if k.target == "x"))
    for group in order:
        pair = groups.get(group, {})
        if "x" in pair and "y" in pair:
            return {"x": (pair["x"][0],), "y": (pair["y"][0],)}
    return {}


def samples_of(table: pa.Table, names: Sequence[str]) -> dict[str, list[str]]:
    """Return texts of each column from rows spread evenly over the file, without blanks."""
    rows = np.arange(0, table.num_rows, max(1, table.num_rows // _SAMPLE_ROWS))
    taken = table.select(list(names)).take(pa.array(rows))
    samples: dict[str, list[str]] = {}
    for name in names:
        column = as_array(taken.column(name))
        if pa.types.is_integer(column.type):
            column = column.cast(pa.string())
        texts = column.drop_null().to_pylist() if is_text(column.type) else []
        samples[name] = [t.strip() for t in texts if t.strip()]
    return samples


def is_personal(name: str, sample: Sequence[str]) -> bool:
    """Tell whether a column holds persons: by its name, or as most texts are personnummer."""
    if personal_name(name):
        return True
    texts = set(sample)
    return bool(texts) and sum(map(is_personal_number, texts)) > len(texts) / 2


def is_free_text(name: str, sample: Sequence[str]) -> bool:
    """Tell whether a column holds sentences: by its name, or long, spaced and mostly distinct."""
    key = plain(name)
    if any(k.target == "free_text" and plain(k.name) == key for k in _known()):
        return True
    long = sum(len(t) > _SENTENCE_LENGTH and t.count(" ") >= 6 for t in sample)
    return long > len(sample) / 4 and len(set(sample)) > len(sample) / 2
