"""Which system a point stands in, told by where it lands.

A system is tried by asking whether the numbers lie within the project's area as that system
writes it: a comparison with four numbers, no projection. Each system is tried in both axis orders,
since Swedish files often name the northing X.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.columns import Codes
from geodata.crs import (
    Bounds,
    area_of_use,
    canonical_crs,
    crs_name,
    parse_crs,
    same_crs,
    transform_bounds,
)

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

COMMON: Final = ("EPSG:3006", "EPSG:3010", "EPSG:3021", "EPSG:4326")
"""Systems of Swedish exports, tried when the file doesn't say."""

_MARGIN: Final = 3.0
"""Degrees that a system may be used beyond its stated area."""
_ZONE_WIDTH: Final = 7.0
"""Degrees of longitude; systems with a narrower area are zones of a series."""

_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_DEGREES: Final = "EPSG:4326"


@dataclass(frozen=True)
class Candidate:
    """A system in one axis order.

    Attributes
    ----------
    crs
        The system, as `canonical_crs`.
    swapped
        The first column is the northing.
    bounds
        The project's area in this system: west, south, east, north.
    in_degrees
        The system writes degrees.
    """

    crs: str
    swapped: bool
    bounds: Bounds
    in_degrees: bool

    @property
    def name(self) -> str:
        """Name of the system for people."""
        return crs_name(self.crs)

    def ordered(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return easting and northing of two columns."""
        return (y, x) if self.swapped else (x, y)

    def fits(self, x: Floats, y: Floats) -> Flags:
        """Tell which points land in the area."""
        east, north = self.ordered(x, y)
        west, south, last_east, last_north = self.bounds
        inside = (east >= west) & (east <= last_east) & (north >= south) & (north <= last_north)
        if self.in_degrees:
            return inside
        # Degrees, read as metres, lie near a system's origin, which a wide area may hold.
        return inside & ((np.abs(east) > 180) | (np.abs(north) > 180))


def candidates(
    stated: str | None,
    project_crs: str,
    bbox: Bounds | None,
    others: Sequence[str] = COMMON,
) -> tuple[Candidate, ...]:
    """Return the systems to try, in order of preference, each in both axis orders.

    Parameters
    ----------
    stated
        The system that the user or the file names; first when given.
    project_crs
        The project's system.
    bbox
        The project's area in its system; without it the area of use of that system serves, with
        some degrees around it when it is narrow.
    others
        Systems to try after these.
    """
    named = [canonical_crs(text) for text in (stated, project_crs, *others) if text]
    systems: list[str] = []
    for crs in named:
        if not any(same_crs(crs, known) for known in systems):
            systems.append(crs)
    found = []
    for at, crs in enumerate(systems):
        bounds = _bounds(crs, project_crs, bbox, trusted=at == 0 and stated is not None)
        if bounds is not None:
            degrees = parse_crs(crs).is_geographic
            found += [Candidate(crs, swapped, bounds, degrees) for swapped in (False, True)]
    return tuple(found)


def _bounds(crs: str, project_crs: str, bbox: Bounds | None, *, trusted: bool) -> Bounds | None:
    """Return the project's area in a system, a little widened; ``None`` where it has no place."""
    if bbox is not None:
        degrees = transform_bounds(bbox, project_crs, _DEGREES)
        common = degrees and _common(degrees, widened(area_of_use(crs) or _WORLD, _MARGIN))
        source, box = project_crs, bbox
    else:
        # A zone is often used for a town beyond its rim, a system of a whole country is not.
        area = area_of_use(project_crs) or _WORLD
        degrees = widened(area, _MARGIN) if area[2] - area[0] < _ZONE_WIDTH else area
        own = degrees if same_crs(crs, project_crs) else area_of_use(crs) or _WORLD
        common = _common(degrees, own)
        source, box = _DEGREES, common or degrees
    if common is None and not trusted:
        return None
    bounds = transform_bounds(box, source, crs)
    if bounds is None:
        return None
    # Points on the rim are not lost to rounding: a thousandth of the width is let in here, and
    # the box itself is asked afterwards.
    slack = 1e-3 * max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return bounds[0] - slack, bounds[1] - slack, bounds[2] + slack, bounds[3] + slack


def widened(box: Bounds, degrees: float) -> Bounds:
    """Return a box in degrees with a margin, within the world."""
    return (
        max(box[0] - degrees, -180.0),
        max(box[1] - degrees, -90.0),
        min(box[2] + degrees, 180.0),
        min(box[3] + degrees, 90.0),
    )


def _common(one: Bounds, other: Bounds) -> Bounds | None:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west < east and south < north else None


@dataclass(frozen=True)
class Fit:
    """How the systems fit the points.

    Attributes
    ----------
    candidates
        As tried.
    fits
        bool, shape (len(candidates), n points).
    rows
        int64, rows that land in the area by each candidate.
    total
        Rows tried.
    """

    candidates: tuple[Candidate, ...]
    fits: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    total: int

    def best(self, among: Sequence[int] | None = None) -> int | None:
        """Return the candidate with most rows, the earlier of equals; ``None`` with no rows."""
        numbers = list(range(len(self.candidates))) if among is None else list(among)
        if not numbers:
            return None
        winner = max(numbers, key=lambda number: (self.rows[number], -number))
        return winner if self.rows[winner] else None

    def share(self, number: int) -> float:
        """Return the share of rows that land in the area by a candidate."""
        return float(self.rows[number]) / self.total if self.total else 0.0


def try_all(tried: tuple[Candidate, ...], x: Floats, y: Floats, rows: Codes) -> Fit:
    """Try systems on distinct points.

    Parameters
    ----------
    x, y
        Both columns, distinct points; NaN fits nowhere.
    rows
        Rows of each point.
    """
    fits = np.array([candidate.fits(x, y) for candidate in tried], dtype=bool)
    fits = fits.reshape(len(tried), len(x))
    landed = np.array([rows[inside].sum() for inside in fits], dtype=np.int64)
    return Fit(tried, fits, landed, int(rows.sum()))
