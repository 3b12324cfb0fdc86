"""Columns as distinct values: parse each value once, spread the answer over the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = pa.ChunkedArray | pa.Array
"""A raw column as it stands in the file."""

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]

BLANKS = frozenset(("", "-", "--", "?", "null", "none", "na", "n/a", "nan", "nat", "#n/a"))
BLANKS |= {"okänd", "okänt", "saknas", "uppgift saknas", "unknown"}
"""Texts, lower case, that stand for a missing value."""


@dataclass(frozen=True)
class Distinct:
    """A column as its distinct values and, for each row, which of them it holds.

    Attributes
    ----------
    values
        The distinct values, without nulls, in order of first appearance.
    codes
        int64, one a row: position in `values`, −1 for null.
    """

    values: pa.Array
    codes: Codes

    def counts(self) -> Codes:
        """Return the number of rows of each value, shape (len(values),)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))


def as_array(column: Column) -> pa.Array:
    """Return a column as one array, decoded when it was dictionary-encoded; text as string."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(column, pa.ChunkedArray):  # more text than one array of 32-bit offsets holds
        column = pa.concat_arrays([chunk.cast(pa.large_string()) for chunk in column.chunks])
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_text(column.type) and column.nbytes < 2**31:
        column = column.cast(pa.string())
    return column


_SAMPLE = 100_000


def repeats(array: pa.Array) -> bool:
    """Tell whether values come back often enough that telling them apart saves work."""
    if len(array) <= _SAMPLE:
        return True
    return len(array.slice(0, _SAMPLE).unique()) <= _SAMPLE / 2


def is_text(kind: pa.DataType) -> bool:
    """Tell whether an Arrow type is text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def distinct(column: Column) -> Distinct:
    """Return the distinct values of a column and which of them each row holds.

    Floating-point NaN counts as null.
    """
    array = as_array(column)
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), None, array)
    encoded = array.dictionary_encode()
    indices = encoded.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    return Distinct(encoded.dictionary, indices.to_numpy(zero_copy_only=False).astype(np.int64))


def plain_texts(values: pa.Array) -> list[str]:
    """Return texts in lower case with no-break spaces and runs of space as one space, trimmed.

    Values that stand for missing (`BLANKS`) become the empty text.
    """
    texts = [" ".join(text.split()).strip("'\"").casefold() for text in values.to_pylist()]
    return ["" if text in BLANKS else text for text in texts]


def pairs(first: Codes, second: Codes) -> tuple[Codes, Codes, Codes]:
    """Return the distinct pairs of two code columns.

    Returns
    -------
    tuple
        For each distinct pair its first and its second code, and for each row the number of its
        pair.
    """
    width = int(second.max(initial=0)) + 2
    codes, keys = pd.factorize((first + 1) * width + (second + 1))
    return keys // width - 1, keys % width - 1, codes.astype(np.int64)


def quote(columns: Sequence[Column], rows: Codes) -> list[str]:
    """Return what stands in some columns on some rows, for a person to look up.

    Parameters
    ----------
    columns
        Raw columns of equal length.
    rows
        Positions of the rows.

    Returns
    -------
    list of str
        One text a row, the columns parted by `` | ``, each cut after 60 characters; empty when
        nothing stands in any of them.
    """
    parts = []
    for column in columns:
        values = as_array(column).take(pa.array(rows, pa.int64())).to_pylist()
        parts.append(["" if value is None else str(value)[:60] for value in values])
    return [" | ".join(row) if any(row) else "" for row in zip(*parts, strict=True)]
