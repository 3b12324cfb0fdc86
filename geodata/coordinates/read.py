"""From two columns to points in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geodata.columns import Codes, Column, pairs, quote
from geodata.coordinates import tell
from geodata.coordinates.numbers import Flags, Floats, Numbers, read_numbers
from geodata.coordinates.options import CoordinateOptions
from geodata.coordinates.systems import Candidate, Fit, candidates, try_all
from geodata.coordinates.tell import Told
from geodata.crs import Bounds, canonical_crs, same_crs, transform
from geodata.errors import Fault, Notice, SettingsError
from geodata.reasons import code_of

DECIMALS: Final = 2
"""Points are rounded to centimetres, so that the same place always is the same number."""

CLEAR_SHARE: Final = 0.5
"""A named system that fits fewer rows than this, where another fits more, is contradicted."""

_NINES: Final = np.array([10.0**figures - 1 for figures in range(3, 11)])
_ONES: Final = (_NINES[2:, None] / 9 * np.arange(1, 9)).ravel()
_FILLERS: Final = np.concatenate([_NINES, _ONES])
"""999, 9999, …; and 11111, 22222, … with five figures or more."""

Reasons = np.ndarray[tuple[int], np.dtype[np.int8]]


@dataclass(frozen=True)
class ParsedPoints:
    """The points of a file's rows, one entry a row.

    Attributes
    ----------
    x_m, y_m
        Easting and northing in metres of the project's system, rounded to 0.01 m; NaN where
        `reason` is not 0.
    reason
        int8, position in `reasons.CODES`; 0 for a row without fault.
    details
        What was read, for rows with a reason; the index is the position of the row.
    source_crs
        The system that the points were taken for, as ``EPSG:…``.
    notices
        What was chosen for the user and what they should look at.
    faults
        What stops the work: ``unknown_crs``, ``crs_contradicts_values``, ``all_outside_area``.
    """

    x_m: Floats
    y_m: Floats
    reason: Reasons
    details: pd.Series
    source_crs: str
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Points:
    """Distinct points: both columns as numbers, rows of each, and why it can't be used."""

    x: Floats
    y: Floats
    rows: Codes
    reason: Reasons
    of_row: Codes


def read_coordinates(
    *,
    x: Column,
    y: Column,
    options: CoordinateOptions,
    stated_crs: str | None,
    project_crs: str,
    bbox: Bounds | None,
) -> ParsedPoints:
    """Read the coordinates of a file into the project's system.

    Parameters
    ----------
    x, y
        Raw columns that the user calls easting (longitude) and northing (latitude).
    options
        How they are written; ``crs`` other than ``auto`` goes before `stated_crs`.
    stated_crs
        The system that the file itself states for these two columns, if any.
    project_crs
        The project's system, in metres.
    bbox
        The project's area in that system: points outside are rejected. Without it a point must lie
        where the project's system is meant to be used.

    Returns
    -------
    ParsedPoints
        With the reasons ``missing_coordinates``, ``unreadable_coordinates``,
        ``zero_coordinates``, ``dummy_coordinates``, ``outside_area`` and ``other_crs``.
    """
    first, second, thousands = read_numbers((x, y), options.decimal)
    points = _distinct_points(first, second)
    stated = options.crs if options.crs.strip().casefold() != "auto" else stated_crs
    found = _find(points, stated, (canonical_crs(project_crs), bbox), options)
    told = found.told and replace(found.told, stated=stated is not None, thousands=thousands)
    reason = found.placed.reason[points.of_row]
    rows = np.flatnonzero(reason)
    return ParsedPoints(
        x_m=found.placed.x_m[points.of_row],
        y_m=found.placed.y_m[points.of_row],
        reason=reason,
        details=pd.Series(quote([x, y], rows), index=rows, dtype="str"),
        source_crs=found.crs,
        notices=tell.notices_of(told) if told else (),
        faults=found.faults,
    )


@dataclass(frozen=True)
class _Placed:
    """Distinct points in the project's system, and why one has no place."""

    x_m: Floats
    y_m: Floats
    reason: Reasons


@dataclass(frozen=True)
class _Found:
    """The distinct points placed, the system of most, and what is to be told."""

    placed: _Placed
    crs: str
    told: Told | None = None
    faults: tuple[Fault, ...] = ()


def _find(
    points: _Points,
    stated: str | None,
    project: tuple[str, Bounds | None],
    options: CoordinateOptions,
) -> _Found:
    """Find the systems that distinct points stand in and convert them."""
    try:
        tried = candidates(stated, *project)
    except SettingsError as error:
        faults = tuple(replace(fault, where="[[input]] crs") for fault in error.faults)
        return _Found(_nowhere(points), project[0], faults=faults)
    points = _without_fillers(points, tried)
    usable = np.flatnonzero(points.reason == 0)
    fit = try_all(tried, points.x[usable], points.y[usable], points.rows[usable])
    main, faults = _main(fit, stated, project, _example(points, usable))
    if main is None:
        crs = canonical_crs(stated) if stated else project[0]
        return _Found(_nowhere(points), crs, faults=faults)
    chosen, told = _place(fit, main, points, usable, options)
    other = (chosen >= 0) & ~np.isin(chosen, (main, _twin(main)))
    placed = _convert(points, chosen, tried, project, other & (options.mixed == "reject"))
    return _Found(placed, tried[main].crs, told)


def _distinct_points(first: Numbers, second: Numbers) -> _Points:
    x_at, y_at, of_row = pairs(first.codes, second.codes)
    x, y = first.values[x_at], second.values[y_at]
    reason = np.zeros(len(x), dtype=np.int8)
    reason[(x == 0) & (y == 0)] = code_of("zero_coordinates")
    reason[first.unreadable[x_at] | second.unreadable[y_at]] = code_of("unreadable_coordinates")
    reason[first.missing[x_at] | second.missing[y_at]] = code_of("missing_coordinates")
    return _Points(x, y, np.bincount(of_row, minlength=len(x)), reason, of_row)


def _without_fillers(points: _Points, tried: tuple[Candidate, ...]) -> _Points:
    """Give fillers their reason: 9999999 and the like, and a lone 0, where no system has them."""
    x, y = points.x, points.y
    lost = ~try_all(tried, x, y, points.rows).fits.any(axis=0) & (points.reason == 0)
    filler = np.isin(np.floor(np.abs(x)), _FILLERS) | np.isin(np.floor(np.abs(y)), _FILLERS)
    filler |= (np.abs(x) == 90) | (np.abs(y) == 90) | ((x == y) & (np.abs(x) == 1))
    reason = points.reason.copy()
    reason[lost & ((x == 0) | (y == 0))] = code_of("zero_coordinates")
    reason[lost & filler] = code_of("dummy_coordinates")
    return replace(points, reason=reason)


def _main(
    fit: Fit, stated: str | None, project: tuple[str, Bounds | None], example: tuple[float, float]
) -> tuple[int | None, tuple[Fault, ...]]:
    """Return the candidate that most rows stand in, or the fault that stops the work."""
    best = fit.best()
    if stated is None:
        main = best
    else:
        own = [k for k, tried in enumerate(fit.candidates) if same_crs(tried.crs, stated)]
        main = fit.best(own)
        own_share = 0.0 if main is None else fit.share(main)
        if best is not None and own_share < CLEAR_SHARE <= fit.share(best):
            return None, (tell.contradiction(stated, fit, best, own_share, example),)
    if main is not None or fit.total == 0:
        return main, ()
    return None, (tell.all_outside(fit.total, stated, project, example),)


def _twin(number: int) -> int:
    """Return the number of the same system in the other axis order; they stand in pairs."""
    return number ^ 1


def _place(
    fit: Fit, main: int, points: _Points, usable: Codes, options: CoordinateOptions
) -> tuple[Codes, Told]:
    """Say by which candidate each distinct point is read: its number, or −1 for none.

    Points that the main system can't place are tried in its other axis order, then in the other
    systems in order of preference.
    """
    tried = fit.candidates
    twin = _twin(main)
    order = [main, twin, *(k for k in range(len(tried)) if k not in (main, twin))]
    chosen = np.full(len(points.x), -1, dtype=np.int64)
    groups: dict[int, int] = {}
    for number in order:
        free = usable[fit.fits[number] & (chosen[usable] < 0)]
        chosen[free] = number
        groups[number] = int(points.rows[free].sum())
    others = {
        tried[k].crs: groups[k] + groups.get(k + 1, 0)
        for k in range(0, len(tried), 2)
        if k not in (main, twin) and groups[k] + groups.get(k + 1, 0)
    }
    told = Told(
        crs=tried[main].crs,
        swapped=tried[main].swapped,
        rows=groups[main],
        total=fit.total,
        turned_rows=groups[twin],
        others=others,
        rejected=options.mixed == "reject",
    )
    return chosen, told


def _convert(
    points: _Points,
    chosen: Codes,
    tried: tuple[Candidate, ...],
    project: tuple[str, Bounds | None],
    refused: Flags,
) -> _Placed:
    """Convert each group of distinct points and hold it to the project's area."""
    project_crs, bbox = project
    x_m, y_m = np.full(len(points.x), np.nan), np.full(len(points.x), np.nan)
    for number in np.unique(chosen[chosen >= 0]).tolist():
        rows = chosen == number
        east, north = tried[number].ordered(points.x[rows], points.y[rows])
        east, north = transform(east, north, tried[number].crs, project_crs)
        x_m[rows], y_m[rows] = np.round(east, DECIMALS), np.round(north, DECIMALS)
    reason = points.reason.copy()
    outside = np.isnan(x_m)
    if bbox is not None:
        outside |= (x_m < bbox[0]) | (y_m < bbox[1]) | (x_m > bbox[2]) | (y_m > bbox[3])
    reason[outside & (reason == 0)] = code_of("outside_area")
    reason[refused & (reason == 0)] = code_of("other_crs")
    x_m[reason != 0], y_m[reason != 0] = np.nan, np.nan
    # −0.0 and 0.0 are the same place and must be the same bytes.
    return _Placed(x_m + 0.0, y_m + 0.0, reason)


def _nowhere(points: _Points) -> _Placed:
    """Return no place for any point."""
    nan = np.full(len(points.x), np.nan)
    reason = np.where(points.reason == 0, code_of("outside_area"), points.reason)
    return _Placed(nan, nan, reason.astype(np.int8))


def _example(points: _Points, usable: Codes) -> tuple[float, float]:
    """Return the point on most rows, the smallest of equals."""
    if not len(usable):
        return np.nan, np.nan
    most = usable[points.rows[usable] == points.rows[usable].max()]
    west = most[points.x[most] == points.x[most].min()]
    return float(points.x[west[0]]), float(points.y[west].min())
