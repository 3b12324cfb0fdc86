"""Parts of which a reader knows the same, taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from geodata.disclosure.cells import EVERYWHERE, Cell

Bounds: TypeAlias = tuple[int, int | None]
"""Least and most; ``None`` without an upper end."""


def merge_alike(
    bounds: Mapping[Cell, Bounds],
) -> tuple[dict[Cell, Bounds], dict[Cell, tuple[Cell, ...]]]:
    """Return bounds with all parts of a split as one but for the first, where all tell the same.

    Parts of which the same is known can't be told apart: what one of them may be, each may be. A
    grid of ten thousand squares is some tens of cells so.

    Returns
    -------
    tuple
        Cell → its bounds, and cell → the cells that it stands for.
    """
    told: defaultdict[tuple[str, str], list[tuple[Cell, Bounds]]] = defaultdict(list)
    made: dict[Cell, Bounds] = {}
    origins: dict[Cell, tuple[Cell, ...]] = {}
    for cell, ends in bounds.items():
        if cell.split and len(cell.parts) == 1 and EVERYWHERE not in cell.parts:
            told[cell.split, cell.parts[0]].append((replace(cell, parts=()), ends))
        else:
            made[cell], origins[cell] = ends, (cell,)
    alike: defaultdict[tuple[tuple[Cell, Bounds], ...], list[str]] = defaultdict(list)
    for (_split, part), own in told.items():
        alike[tuple(sorted(own, key=lambda one: one[0]))].append(part)
    for known, parts in alike.items():
        first, *rest = sorted(parts)
        for cell, (low, high) in known:
            for names in ([first], rest):
                new, n = replace(cell, parts=tuple(names)), len(names)
                if n:
                    made[new] = (low * n, None if high is None else high * n)
                    origins[new] = tuple(replace(cell, parts=(one,)) for one in parts)
    return made, origins
