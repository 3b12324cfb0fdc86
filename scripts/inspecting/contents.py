"""What a file holds, whatever kind it is: texts, tables, shapes, metadata, references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table as a reader sees it: a heading and rows of texts of equal length."""

    name: str
    heading: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True, eq=False)
class Shapes:
    """The geometries of a layer.

    Attributes
    ----------
    name
        Of the layer.
    kinds
        Kinds of geometry, as shapely names them, e.g. ``Point``.
    sides_m
        The longer side of each polygon's bounding box, metres, shape (n,).
    """

    name: str
    kinds: frozenset[str]
    sides_m: npt.NDArray[np.float64]


@dataclass(eq=False)
class Contents:
    """What was found in one file.

    Attributes
    ----------
    texts
        Where in the file, and what a person can read there.
    layers
        Names of tables and layers, as programs know them.
    sheets, shapes
        Tables and geometries.
    metadata
        Key and value of what stands in the file without being shown.
    fetched
        Addresses that the file loads when it is opened.
    linked
        Addresses that a reader may follow.
    hidden
        What is there unseen: comments, attachments, changes kept, sheets out of sight.
    profile
        Profile that the file states to programs; empty where it doesn't.
    """

    texts: list[tuple[str, str]] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    shapes: list[Shapes] = field(default_factory=list)
    metadata: list[tuple[str, str]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    profile: str = ""

    def add(self, other: Contents) -> None:
        """Take in what stands in a file within the file."""
        for name in ("texts", "layers", "sheets", "shapes", "metadata", "fetched", "linked"):
            getattr(self, name).extend(getattr(other, name))
        self.hidden.extend(other.hidden)


def values_of(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (JSON)
    """Give every key with where it stands, and every text and number of JSON."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else str(key)
            yield here, str(key)
            yield from values_of(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner, path)
    else:
        yield path, value


def sheet_of(name: str, rows: list[list[str]]) -> Sheet | None:
    """Return rows as a table whose first row is the heading; ``None`` without two rows."""
    if len(rows) < 2:
        return None
    width = max(len(row) for row in rows)
    filled = [(*row, *[""] * (width - len(row))) for row in rows]
    return Sheet(name, filled[0], tuple(filled[1:]))
