"""Geometry and columns as short JSON, so that a whole town fits in one small page.

Coordinates become whole numbers of 10⁻⁶ degree (0.1 m) or 10⁻⁵ (1 m), each written as the
difference to the one before. Rounding moves equal corners alike, so shared borders stay shared.
The text stays plain JSON on purpose: whoever searches a released file can read what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Rings = list[list[list[int]]]


def to_json(value: object) -> str:
    """Return compact JSON that can stand inside an HTML ``script`` element.

    ``<``, ``>`` and ``&`` become escapes, so that no text can end the element or open a comment,
    and so do the two line separators that JavaScript once took for line breaks.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def paths(geometries: npt.NDArray[np.object_], digits: int) -> Rings:
    """Return lines or rings of each geometry, flat and by differences.

    Parameters
    ----------
    geometries
        Polygons or lines in degrees, shape ``(n,)``; missing and empty ones have no path.
    digits
        Decimals of a degree kept.

    Returns
    -------
    list
        One list a geometry of its paths, each ``[x, y, dx, dy, …]`` in units of
        ``10**-digits`` degree. The first point of a path is told from the first point of the path
        before it (the very first from 0, 0); a ring is not closed by repeating its first point.
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines, part_of_line = parts, np.arange(len(parts))
    if polygonal.any():
        rings, part_of_ring = shapely.get_rings(parts[polygonal], return_index=True)
        polygon_numbers = np.flatnonzero(polygonal)
        lines = np.concatenate([rings, parts[~polygonal]])
        part_of_line = np.concatenate([polygon_numbers[part_of_ring], np.flatnonzero(~polygonal)])
        order = np.argsort(part_of_line, kind="stable")
        lines, part_of_line = lines[order], part_of_line[order]
    flat, starts = _differences(lines, polygonal[part_of_line], digits)
    result: Rings = [[] for _ in range(len(geometries))]
    owners = owner[part_of_line].tolist()
    ends = [*starts[1:], len(flat)][: len(starts)]  # no lines, no end
    for line, (start, end) in enumerate(zip(starts, ends, strict=True)):
        result[owners[line]].append(flat[start:end])
    return result


def _differences(
    lines: npt.NDArray[np.object_], is_ring: npt.NDArray[np.bool_], digits: int
) -> tuple[list[int], list[int]]:
    """Return the numbers of all lines in one list, and where in it each line begins."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(coordinates * 10**digits).astype(np.int64)
    if len(whole) == 0:
        return [], [0] * len(lines)
    first = np.append(True, line[1:] != line[:-1])
    last = np.append(first[1:], True)
    same = np.append(False, (whole[1:] == whole[:-1]).all(axis=1))
    keep = first | ~(same | (last & is_ring[line]))
    whole, line, first = whole[keep], line[keep], first[keep]
    delta = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    delta[first] = np.diff(whole[first], axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    starts = 2 * np.searchsorted(line, np.arange(len(lines)))
    return delta.ravel().tolist(), starts.tolist()


def points(geometries: npt.NDArray[np.object_], digits: int) -> list[int]:
    """Return points in degrees as one flat list of differences, ``[x, y, dx, dy, …]``."""
    whole = np.rint(shapely.get_coordinates(geometries) * 10**digits).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return [int(v) for v in steps.ravel().tolist()]


def whole_numbers(values: pd.Series[Any]) -> list[int | None]:
    """Return whole numbers, ``None`` for missing."""
    return [None if pd.isna(v) else int(v) for v in values.tolist()]


def day_spans(first: pd.Series[Any], last: pd.Series[Any]) -> dict[str, Any]:
    """Return dates as ``{"base": day, "values": [days after base, days later, …]}``.

    ``base`` is the earliest first date, counted from 1970-01-01.
    """
    days = [s.to_numpy("datetime64[D]").astype(np.int64) for s in (first, last)]
    base = int(days[0].min()) if len(days[0]) else 0
    steps = np.column_stack([days[0] - base, days[1] - days[0]])
    return {"base": base, "values": [int(v) for v in steps.ravel().tolist()]}


def compositions(table: pd.DataFrame, columns: Sequence[str]) -> dict[str, Any]:
    """Return counts above 0, largest first, as distinct kinds and each row's number of kind.

    A kind is ``[number of column, count, …]``. Places are many but their kinds are few: most have
    one or two reports of one class.
    """
    counts = table[list(columns)].to_numpy(dtype="int64")
    distinct, which = np.unique(counts, axis=0, return_inverse=True)
    order = np.argsort(-distinct, axis=1, kind="stable")
    ranked = np.take_along_axis(distinct, order, axis=1)
    pairs = np.stack([order, ranked], axis=2).reshape(len(distinct), 2 * len(columns))
    lengths = (2 * (ranked > 0).sum(axis=1)).tolist()
    kinds = [row[:n] for row, n in zip(pairs.tolist(), lengths, strict=True)]
    return {"kinds": kinds, "which": [int(v) for v in which.ravel().tolist()]}


def addresses(values: Iterable[object]) -> dict[str, list[Any]]:
    """Return addresses as a list of street names and, a row, its street's number and house number.

    A missing address is street −1. Joined by a space, street and house give the address back
    exactly; a house of digits alone is written as a number, none as 0.
    """
    streets: dict[str, int] = {}
    which: list[int] = []
    houses: list[int | str] = []
    for value in values:
        if not isinstance(value, str):
            which.append(-1)
            houses.append(0)
            continue
        head, gap, tail = value.rpartition(" ")
        split = bool(gap) and tail[:1].isdigit() and tail != "0"
        which.append(streets.setdefault(head if split else value, len(streets)))
        plain = split and tail.isascii() and tail.isdigit() and tail[0] != "0"
        houses.append((int(tail) if plain else tail) if split else 0)
    return {"streets": list(streets), "which": which, "houses": houses}
