"""Whether a layer of the map tells small counts, of its own or of tables by area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from geodata.disclosure.cells import Cell
from geodata.disclosure.hiding import (
    Bools,
    Bounds,
    Known,
    Made,
    Published,
    Reader,
)
from geodata.disclosure.protect import ContradictionError, agrees, tells


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
    telling: set[str] = set()
    for name, layer in layers.items():
        kinds = {cell.what for cell in layer.bounds}
        own, certain = (
            {c: n for c, n in part.items() if c.what in kinds} for part in (values, zeros)
        )
        before = {c: n for c, n in earlier.items() if c.what in kinds}
        told = _Told(own, frozenset(hidden) & set(own), through, layer)
        if any(_tells(told, reader, minimum) for reader in _readers(own, certain, before, told)):
            telling.add(name)
        else:
            through = _narrower(through, layer.bounds)
    return frozenset(telling)


@dataclass(frozen=True)
class _Told:
    """What an edition tells: its counts, those hidden, the layers let through, the one asked."""

    own: Published
    hidden: frozenset[Cell]
    through: Mapping[Cell, Bounds]
    layer: Layer


def _readers(own: Published, certain: Published, earlier: Known, told: _Told) -> Iterator[Reader]:
    """Give the reader; where events have changed since earlier editions, also one without these.

    A square told again is taken as told now: it was nearly right before.
    """
    reader = Reader.of(own, certain, earlier)
    old = {c: ends for c, ends in reader.bounds.items() if c not in told.layer.bounds}
    for one in (replace(reader, bounds=old), replace(reader, bounds={})):
        if _holds(told, one):
            yield one
            return
    yield Reader.of(own, certain, {})


def _system(told: _Told, reader: Reader) -> tuple[Made, Bools, Bools]:
    """Return all that is known with the layer, what of it is known without, and what it adds."""
    shown = {c: n for c, n in told.own.items() if c not in told.hidden}
    bounds = _narrower(reader.bounds, told.through, told.layer.bounds)
    known = replace(reader, bounds=bounds, hidden=reader.hidden | told.hidden)
    made = Made.of(shown, known, "half")
    held = {*reader.before, *reader.certain, *shown, *told.through, *reader.bounds}
    return made, made.those(held), made.those(told.layer.bounds)


def _holds(told: _Told, reader: Reader) -> bool:
    made, shown, more = _system(told, reader)
    return agrees(made.system, made.bounds, shown=shown | more)


def _tells(told: _Told, reader: Reader, minimum: int) -> bool:
    made, shown, more = _system(told, reader)
    small = {c for c in told.hidden if 0 < told.own[c] < minimum} | told.layer.small
    try:
        return tells(
            made.system,
            made.bounds,
            shown=shown,
            more=more,
            small=made.those(small),
            minimum=minimum,
        )
    except ContradictionError:
        return True  # what can't be told how to check doesn't leave


def _narrower(*parts: Mapping[Cell, Bounds]) -> dict[Cell, Bounds]:
    """Return bounds of several layers and editions as one: the narrower of each."""
    found: dict[Cell, Bounds] = {}
    for part in parts:
        for cell, (low, high) in part.items():
            before = found.get(cell, (0, None))
            ends = [one for one in (high, before[1]) if one is not None]
            found[cell] = (max(low, before[0]), min(ends) if ends else None)
    return found
