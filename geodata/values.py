"""Texts of a column as distinct values, and the categories of the tables they stand for.

Known texts stand in ``data/value_names.csv``; the project file adds its own. A text that nobody
knows becomes ``unknown`` and is told with its count.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geodata.columns import BLANKS, Codes, Distinct, distinct, is_text, pairs
from geodata.errors import Fault
from geodata.labels import LABELS
from geodata.language import gettext as _
from geodata.options import nearest
from geodata.schema import INCIDENTS

CATEGORIES: Final = (
    "source",
    "police_initiated",
    "space_type",
    "certainty",
    "geocode_class",
)
"""Columns of ``incidents`` that texts of a file are mapped to."""

SETTABLE: Final = ("offence_class", *CATEGORIES)
"""What constants, values and rules of the project file may set."""

_BLANK_TEXTS: Final = pa.array(
    sorted({form for b in BLANKS for form in (b, b.upper(), b.capitalize())})
)


def texts(table: pa.Table, columns: Sequence[str], *, ordered: bool = True) -> Distinct:
    """Return the texts of a column, or of several joined by a space.

    Parameters
    ----------
    table
        The file.
    columns
        Column names.
    ordered
        Sort the distinct texts, so that codes compare as texts do. Needless for case numbers,
        where it would cost most.

    Returns
    -------
    Distinct
        Trimmed texts; numbers without a needless ``.0``. Texts that stand for nothing (`BLANKS`)
        are missing.
    """
    parts = [_texts(distinct(table.column(name))) for name in columns]
    joined = parts[0]
    for part in parts[1:]:
        joined = _join(joined, part)
    return _in_order(joined) if ordered else joined


def _texts(found: Distinct) -> Distinct:
    values = found.values
    if pa.types.is_floating(values.type):
        whole = pc.equal(values, pc.round(values)).to_numpy(zero_copy_only=False)
        if whole.all() and (not len(values) or pc.max(pc.abs(values)).as_py() < 2**53):
            values = values.cast(pa.int64())
    if not is_text(values.type):
        values = values.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(values)
    blank = pc.is_in(trimmed, _BLANK_TEXTS.cast(trimmed.type))
    if trimmed.equals(values) and not pc.any(blank).as_py():
        return Distinct(values, found.codes)
    encoded = pc.if_else(blank, pa.scalar(None, trimmed.type), trimmed).dictionary_encode()
    return Distinct(encoded.dictionary, _recode(encoded.indices, found.codes))


def _recode(indices: pa.Array, codes: Codes) -> Codes:
    """Return `codes` through a renumbering; −1 and null stay −1."""
    new = np.append(indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), -1)
    return new[codes]


def _join(first: Distinct, second: Distinct) -> Distinct:
    left, right, codes = pairs(first.codes, second.codes)
    # An empty side leaves a space to trim. (Arrow's own skipping of nulls loses rows of nothing.)
    joined = pc.utf8_trim_whitespace(
        pc.binary_join_element_wise(
            _take(first, left), _take(second, right), pa.scalar(" ", pa.large_string())
        )
    )
    missing = pc.equal(joined, "")
    encoded = pc.if_else(missing, pa.scalar(None, joined.type), joined).dictionary_encode()
    return Distinct(encoded.dictionary, _recode(encoded.indices, codes))


def _take(found: Distinct, codes: Codes) -> pa.Array:
    """Return one text a code, the empty text for −1."""
    taken = found.values.cast(pa.large_string()).take(pa.array(codes, mask=codes < 0))
    return taken.fill_null("")


def _in_order(found: Distinct) -> Distinct:
    order = pc.sort_indices(found.values).to_numpy(zero_copy_only=False).astype(np.int64)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    return Distinct(found.values.take(pa.array(order)), rank[found.codes])


@dataclass(frozen=True)
class Categories:
    """The category of each row.

    Attributes
    ----------
    codes
        int8, one a row: position among the values of the column in the schema, −1 where the row
        says nothing or nothing known.
    unknown
        Text nobody knows → number of rows.
    """

    codes: npt.NDArray[np.int8]
    unknown: Mapping[str, int]


@cache
def _built_in() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).parent / "data" / "value_names.csv"
    names: dict[str, dict[str, str]] = {label: {} for label in CATEGORIES}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["column"]][row["text"].casefold()] = row["value"]
    return names


def known_texts(label: str, stated: Mapping[str, str]) -> dict[str, str]:
    """Return every text, case folded, that is known to stand for a category of a column.

    The project's own go before the built-in ones, these before the categories' names.
    """
    own = {text.strip().casefold(): value for text, value in stated.items()}
    names = {LABELS[v].casefold(): v for v in INCIDENTS[label].values if v in LABELS}
    return {v: v for v in INCIDENTS[label].values} | names | dict(_built_in().get(label, {})) | own


def categorise(column: Distinct, label: str, stated: Mapping[str, str]) -> Categories:
    """Return the categories that texts stand for.

    Parameters
    ----------
    column
        The texts.
    label
        Column of the schema, one of `CATEGORIES`.
    stated
        The project's own texts → categories.
    """
    known = known_texts(label, stated)
    positions = {value: i for i, value in enumerate(INCIDENTS[label].values)}
    of_value = np.full(len(column.values) + 1, -1, dtype=np.int8)
    unknown: dict[str, int] = {}
    counts = column.counts()
    for i, text in enumerate(column.values.to_pylist()):
        value = known.get(text.casefold())
        if value is None:
            unknown[text] = int(counts[i])
        else:
            of_value[i] = positions[value]
    return Categories(of_value[column.codes], unknown)


def check_stated(
    values: Mapping[str, Mapping[str, str]], constants: Mapping[str, str], where: str
) -> list[Fault]:
    """Return a fault for every column and category of the project file that doesn't exist."""
    faults = []
    for label, names in values.items():
        place = f"{where} values.{label}"
        faults += _check_label(label, place)
        for text, value in names.items():
            faults += check_value(label, value, f"{place} ”{text}”")
    for label, value in constants.items():
        place = f"{where} constants.{label}"
        faults += _check_label(label, place)
        faults += check_value(label, value, place)
    return faults


def _check_label(label: str, place: str) -> list[Fault]:
    if label in SETTABLE:
        return []
    return [
        Fault(
            code="unknown_target",
            what=_("Okänd uppgift ”{target}”.").format(target=label),
            where=place,
            next_step=nearest(label, SETTABLE),
        )
    ]


def check_value(label: str, value: str, place: str) -> list[Fault]:
    """Return a fault if `value` is no category of a column that has categories."""
    if label not in SETTABLE or value in INCIDENTS[label].values:
        return []
    return [
        Fault(
            code="unknown_value",
            what=_("”{value}” är ingen kategori av {label}.").format(value=value, label=label),
            where=place,
            next_step=nearest(value, INCIDENTS[label].values),
        )
    ]
