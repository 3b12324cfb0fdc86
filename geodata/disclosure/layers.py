"""Whether a layer of the map tells small counts, of its own or of tables by area."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from geodata.disclosure.alike import Bounds, merge_alike
from geodata.disclosure.cells import Cell
from geodata.disclosure.hiding import (
    Bools,
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
        if _tells(_reader_of(certain, before, told, minimum), minimum):
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


def _reader_of(certain: Published, earlier: Known, told: _Told, minimum: int) -> _Known:
    """Return what the reader knows; where events have changed since, without earlier editions.

    A square told again is taken as told now: it was nearly right before.
    """
    reader = Reader.of(told.own, certain, earlier)
    old = {c: ends for c, ends in reader.bounds.items() if c not in told.layer.bounds}
    for one in (replace(reader, bounds=old), replace(reader, bounds={})):
        known = _system(told, one, minimum)
        if _holds(known):
            return known
    return _system(told, Reader.of(told.own, certain, {}), minimum)


@dataclass(frozen=True, eq=False)
class _Known:
    """All that is known with a layer, what of it is known without, what it adds, what is small."""

    made: Made
    shown: Bools
    more: Bools
    small: Bools


def _system(told: _Told, reader: Reader, minimum: int) -> _Known:
    shown = {c: n for c, n in told.own.items() if c not in told.hidden}
    bounds = _narrower(reader.bounds, told.through, told.layer.bounds)
    merged, origins = merge_alike(bounds)
    known = replace(reader, bounds=merged, hidden=reader.hidden | told.hidden)
    made = Made.of(shown, known, "half")
    held = {*told.through, *reader.bounds}
    before = {c for c, own in origins.items() if held & set(own)}
    more = {c for c, own in origins.items() if set(own) & set(told.layer.bounds)}
    small = {c for c, own in origins.items() if len(c.parts) == 1 and told.layer.small & set(own)}
    small |= {c for c in told.hidden if 0 < told.own[c] < minimum}
    certain = {*reader.before, *reader.certain, *shown, *before}
    return _Known(made, made.those(certain), made.those(more), made.those(small))


def _holds(known: _Known) -> bool:
    return agrees(known.made.system, known.made.bounds, shown=known.shown | known.more)


def _tells(known: _Known, minimum: int) -> bool:
    try:
        return tells(
            known.made.system,
            known.made.bounds,
            shown=known.shown,
            more=known.more,
            small=known.small,
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
