"""Whether a layer of the map tells small counts, of its own or of tables by area."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from geodata.disclosure.cells import Cell
from geodata.disclosure.hiding import (
    Bounds,
    Known,
    Made,
    Published,
    Reader,
)
from geodata.disclosure.protect import tells


@dataclass(frozen=True)
class Layer:
    """What a layer of the map tells of the events that tables count.

    Attributes
    ----------
    bounds
        Least and most of each number.
    small
        Those of its numbers that are small counts, and hidden.
    """

    bounds: Mapping[Cell, Bounds]
    small: frozenset[Cell]


def layers_that_tell(
    layers: Mapping[str, Layer],
    values: Published,
    zeros: Published,
    hidden: Set[Cell],
    earlier: Known,
    minimum: int,
) -> frozenset[str]:
    """Return the layers that would tell small counts, of their own or of tables by area.

    Parameters
    ----------
    layers
        By name, in the order in which they are let through. All of one kind of count.
    values, zeros, hidden
        The counts of the edition, what follows of itself, and which counts are hidden.
    earlier
        What the reader has already.
    minimum
        Least count shown.
    """
    through: dict[Cell, Bounds] = {}
    small = {c for c in hidden if 0 < values[c] < minimum}
    telling: set[str] = set()
    for name, layer in layers.items():
        kinds = {cell.what for cell in layer.bounds}
        own = {c: n for c, n in values.items() if c.what in kinds}
        certain = {c: n for c, n in zeros.items() if c.what in kinds}
        before = {c: n for c, n in earlier.items() if c.what in kinds}
        reader = Reader.of(own, certain, before)
        shown = {c: n for c, n in own.items() if c not in hidden}
        reader = replace(reader, bounds=_narrower(reader.bounds, through, layer.bounds))
        reader = replace(reader, hidden=reader.hidden | (hidden & set(own)))
        made = Made.of(shown, reader, "half")
        once = {**reader.before, **certain, **shown, **through}
        old = {c for c, n in before.items() if isinstance(n, tuple)}
        if tells(
            made.system,
            made.bounds,
            shown=made.those({*once, *old}),
            more=made.those(layer.bounds),
            small=made.those({*(small & set(own)), *layer.small}),
            minimum=minimum,
        ):
            telling.add(name)
        else:
            through = _narrower(through, layer.bounds)
    return frozenset(telling)


def _narrower(*parts: Mapping[Cell, Bounds]) -> dict[Cell, Bounds]:
    """Return bounds of several layers and editions as one: the narrower of each."""
    found: dict[Cell, Bounds] = {}
    for part in parts:
        for cell, (low, high) in part.items():
            before = found.get(cell, (0, None))
            ends = [one for one in (high, before[1]) if one is not None]
            found[cell] = (max(low, before[0]), min(ends) if ends else None)
    return found
