"""What lists leave of their whole: counts that no row tells, but anybody can subtract.

A list by area whose rows and ”outside” don't sum to the whole gives away what stands on a default
address; classes that don't sum to all give away the rest; three quarters of a year the fourth.
Such a remainder is a cell like any other, and protected like any other when it is small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from geodata.disclosure.cells import EVERYWHERE, Cell, all_but, only

Values = Mapping[Cell, int]
_DAY = timedelta(days=1)


def remainders(told: Values) -> dict[Cell, int]:
    """Return the remainders of lists by area, class and days, and those of remainders in turn.

    Parameters
    ----------
    told
        Counts by cell; those of a further cut (``split``) are passed over.

    Returns
    -------
    dict
        Cells that `told` lacks → their counts, none of them negative.
    """
    known = {cell: n for cell, n in told.items() if not cell.split}
    found: dict[Cell, int] = {}
    for axis in (_areas, _classes, _days):
        more = axis({**known, **found})
        found |= {cell: n for cell, n in more.items() if n >= 0 and cell not in known}
    return found


def _grouped(values: Values, key: Callable[[Cell], Cell]) -> dict[Cell, dict[Cell, int]]:
    groups: defaultdict[Cell, dict[Cell, int]] = defaultdict(dict)
    for cell, n in values.items():
        groups[key(cell)][cell] = n
    return groups


def _areas(values: Values) -> dict[Cell, int]:
    """Return what areas, and what lies outside them, leave of the whole."""
    found: dict[Cell, int] = {}
    for key, cells in _grouped(values, lambda cell: replace(cell, areas=())).items():
        by_set = {cell.areas: n for cell, n in cells.items()}
        whole = by_set.pop(all_but(()), None)
        if whole is None:
            continue
        single = {ids[0]: n for ids, n in by_set.items() if len(ids) == 1}
        outside = [ids for ids in by_set if EVERYWHERE in ids]
        for ids in outside:
            inside = set(ids) - {EVERYWHERE}
            rest = inside - single.keys()
            if rest:
                left = whole - by_set[ids] - sum(single[one] for one in inside - rest)
                found[replace(key, areas=only(*rest))] = left
        if single and not outside:
            found[replace(key, areas=all_but(list(single)))] = whole - sum(single.values())
    return found


def _classes(values: Values) -> dict[Cell, int]:
    """Return what single classes leave of a group of them, and a group of a larger one."""
    found: dict[Cell, int] = {}
    for key, cells in _grouped(values, lambda cell: replace(cell, classes=())).items():
        by_set = {frozenset(c.classes): n for c, n in cells.items() if EVERYWHERE not in c.classes}
        single = {next(iter(s)): n for s, n in by_set.items() if len(s) == 1}
        groups = [one for one in by_set if len(one) > 1]
        for group in groups:
            parts = [frozenset[str](), *(one for one in groups if one < group)]
            for part in parts:
                listed = (group - part) & single.keys()
                rest = group - part - listed
                if rest and (listed or part):
                    left = by_set[group] - by_set.get(part, 0) - sum(single[one] for one in listed)
                    found[replace(key, classes=only(*rest))] = left
    return found


def _days(values: Values) -> dict[Cell, int]:
    """Return what spans leave of a longer one, where that is one span."""
    found: dict[Cell, int] = {}
    no_day = date.min
    for key, cells in _grouped(values, lambda c: replace(c, first=no_day, last=no_day)).items():
        by_span = {(cell.first, cell.last): n for cell, n in cells.items()}
        for (first, last), n in by_span.items():
            gaps, covered = _gaps(first, last, [one for one in by_span if one != (first, last)])
            if len(gaps) == 1 and covered:
                left = n - sum(by_span[one] for one in covered)
                found[replace(key, first=gaps[0][0], last=gaps[0][1])] = left
    return found


_Span = tuple[date, date]


def _gaps(first: date, last: date, others: list[_Span]) -> tuple[list[_Span], list[_Span]]:
    """Return what spans within a longer one leave open, the shortest first taken, and these."""
    within = sorted((b - a, a, b) for a, b in others if first <= a and b <= last)
    taken: list[_Span] = []
    for _length, a, b in within:
        if all(b < begins or ends < a for begins, ends in taken):
            taken.append((a, b))
    gaps: list[_Span] = []
    at = first
    for a, b in sorted(taken):
        if at < a:
            gaps.append((at, a - _DAY))
        at = b + _DAY
    if at <= last:
        gaps.append((at, last))
    return gaps, taken
