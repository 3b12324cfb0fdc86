"""Coordinate columns as numbers: decimal comma, thousands, degrees, minutes and seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.columns import BLANKS, Codes, Column, as_array, distinct, is_text, repeats

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

_PLAIN: Final = r"^[-+]?[0-9]+(?:[.,][0-9]+)?$"
_SPACES: Final = "[ \\t\u00a0\u2007\u2009\u202f'’]"
_DECIMALS: Final = r"[0-9]*{sign}(?:[0-9]{{1,2}}|[0-9]{{4,}})"
_THOUSANDS: Final = r"[-+]?[0-9]{{1,3}}(?:{sign}[0-9]{{3}}){{2,}}(?:{other}[0-9]+)?"
_BOTH: Final = r"[-+]?[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+{other}[0-9]+"
_SEXAGESIMAL: Final = re.compile(
    r"(\d{1,3})[°:](\d{1,2}(?:\.\d+)?)['′’:]?(?:(\d{1,2}(?:\.\d+)?)(?:[\"″”]|'')?)?"
)
_SIDE: Final = re.compile(r"([nsewöv])?(.*?)([nsewöv])?")


@dataclass(frozen=True)
class Numbers:
    """A column as numbers.

    Attributes
    ----------
    values
        Distinct values, NaN where missing or unreadable; the last one stands for null.
    missing, unreadable
        One entry a value.
    codes
        int64, one a row: position in `values`.
    """

    values: Floats
    missing: Flags
    unreadable: Flags
    codes: Codes


def read_numbers(columns: tuple[Column, Column], decimal: str) -> tuple[Numbers, Numbers, str]:
    """Read both coordinate columns of a file.

    Parameters
    ----------
    columns
        Raw columns of equal length.
    decimal
        ``,``, ``.`` or ``auto``: then a sign parts thousands when more rows show it as such
        (6,495,231) than show it as decimal sign (568941,25), in the two columns together.

    Returns
    -------
    tuple
        The numbers of both columns and the sign that parts thousands, ``""`` for none found.
    """
    loaded = [_distinct(as_array(column)) for column in columns]
    texts = [
        (values, np.bincount(codes, minlength=len(values) + 1)[:-1])
        for values, codes in loaded
        if is_text(values.type)
    ]
    thousands = {",": ".", ".": ","}.get(decimal) or _thousands(texts)
    first, second = (_numbers(values, codes, thousands) for values, codes in loaded)
    return first, second, thousands if decimal == "auto" else ""


def _distinct(array: pa.Array) -> tuple[pa.Array, Codes]:
    """Return values and codes; the code one past the last value stands for null."""
    if not repeats(array):
        codes = np.arange(len(array), dtype=np.int64)
        if array.null_count:
            codes[array.is_null().to_numpy(zero_copy_only=False)] = len(array)
        return array, codes
    found = distinct(array)
    return found.values, np.where(found.codes < 0, len(found.values), found.codes)


def _thousands(texts: list[tuple[pa.Array, Codes]]) -> str:
    """Return the sign that parts thousands, or an empty text."""
    for sign, other in ((",", "."), (".", ",")):
        names = {"sign": re.escape(sign), "other": re.escape(other)}
        grouped = f"^(?:{_THOUSANDS.format(**names)}|{_BOTH.format(**names)})$"
        decimal = f"^[-+]?{_DECIMALS.format(**names)}$"
        shown = sum(_rows(values, rows, grouped) for values, rows in texts)
        if shown and shown > sum(_rows(values, rows, decimal) for values, rows in texts):
            return sign
    return ""


def _rows(values: pa.Array, rows: Codes, pattern: str) -> int:
    hits = pc.fill_null(pc.match_substring_regex(values, pattern), False)
    return int(rows[hits.to_numpy(zero_copy_only=False)].sum())


def _numbers(values: pa.Array, codes: Codes, thousands: str) -> Numbers:
    if is_text(values.type):
        numbers, missing = _from_texts(values, thousands)
    elif pa.types.is_boolean(values.type) or not _is_number(values.type):
        numbers, missing = np.full(len(values), np.nan), np.zeros(len(values), dtype=bool)
    else:
        floats = values.cast(pa.float64(), safe=False)
        numbers = floats.to_numpy(zero_copy_only=False).copy()
        missing = np.isnan(numbers)
    bad = ~np.isfinite(numbers)
    numbers[bad] = np.nan
    return Numbers(
        np.append(numbers, np.nan),
        np.append(missing, True),
        np.append(bad & ~missing, False),
        codes,
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _from_texts(values: pa.Array, thousands: str) -> tuple[Floats, Flags]:
    """Read texts: the plain ones at once, the others one by one."""
    plain = pc.match_substring_regex(values, _PLAIN)
    if thousands or not pc.all(plain).as_py():
        values = pc.replace_substring_regex(values, _SPACES, "")
        if thousands:
            values = pc.replace_substring(values, thousands, "")
        plain = pc.match_substring_regex(values, _PLAIN)
    plain = pc.fill_null(plain, False)
    dotted = pc.replace_substring(values, ",", ".")
    numbers = pc.if_else(plain, dotted, None).cast(pa.float64()).to_numpy(zero_copy_only=False)
    numbers = numbers.copy()
    missing = np.zeros(len(values), dtype=bool)
    for at in np.flatnonzero(~plain.to_numpy(zero_copy_only=False)).tolist():
        text = dotted[at].as_py()
        if text is None or text.casefold() in BLANKS:
            missing[at] = True
        else:
            numbers[at] = _read_odd(text)
    return numbers, missing


def _read_odd(text: str) -> float:
    """Read a number with a sign, side, unit or power of ten; NaN when it is none.

    Sides are N, S, E, W and the Swedish Ö and V; S, W and V count as negative.
    """
    text = "".join(text.casefold().split()).replace("−", "-")
    m = _SIDE.fullmatch(text.removesuffix("m").removesuffix("°"))
    if m is None or (m[1] and m[3]):
        return np.nan
    sign = -1.0 if (m[1] or m[3] or "") in ("s", "w", "v") else 1.0
    body = m[2].removesuffix("°")
    if parts := _SEXAGESIMAL.fullmatch(body.removeprefix("-")):
        minutes, seconds = float(parts[2]), float(parts[3] or 0)
        if minutes >= 60 or seconds >= 60:
            return np.nan
        degrees = float(parts[1]) + minutes / 60 + seconds / 3600
        return sign * (-degrees if body.startswith("-") else degrees)
    if not re.fullmatch(r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d{1,2})?", body):
        return np.nan
    return sign * float(body)
