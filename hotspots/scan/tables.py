"""Between tables and arrays: places by number, cases by place and day, faults told together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import DataError, Fault, raise_all
from geodata.language import gettext as _
from geodata.language import number

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Cases(NamedTuple):
    """Cases by place and day, in that order, each pair once.

    ``start`` (n + 1,) says where each place's pairs begin; ``day`` and ``events`` (how many) are of
    shape (k,).
    """

    start: Ints
    day: Ints
    events: Ints


@dataclass(frozen=True)
class Ground:
    """Where cases may be.

    Attributes
    ----------
    place_id
        Ids, ascending, shape (n,).
    points
        Coordinates, metres, shape (n, 2).
    baseline
        What cases are compared with at each place, or ``None``.
    """

    place_id: Ints
    points: Floats
    baseline: Floats | None


@dataclass(frozen=True)
class Days:
    """The days of the study, both ends inclusive."""

    first: np.datetime64
    length: int

    def day(self, number_: int) -> np.datetime64:
        """Return day 0…length−1 as a date."""
        return self.first + np.timedelta64(number_, "D")


def read_ground(locations: pd.DataFrame, *, baseline: bool) -> Ground:
    """Return the places in order of id; the order of the rows doesn't matter.

    Raises
    ------
    DataError
        ``place_twice``, ``coordinates_missing`` or ``baseline_unusable``.
    """
    table = locations.sort_values("place_id", kind="stable")
    ids = table["place_id"].to_numpy(np.int64)
    points = table[["x_m", "y_m"]].to_numpy(np.float64)
    faults = []
    if len(np.unique(ids)) < len(ids):
        faults.append(Fault(code="place_twice", what=_("Samma plats står flera gånger i listan.")))
    if not np.isfinite(points).all():
        faults.append(
            Fault(code="coordinates_missing", what=_("Det finns platser utan koordinater."))
        )
    weights = None
    if baseline:
        weights = table["baseline"].to_numpy(np.float64, na_value=np.nan)
        if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
            faults.append(
                Fault(
                    code="baseline_unusable",
                    what=_("Jämförelsetalen går inte att använda."),
                    why=_("De ska alla vara kända, minst noll, och inte noll överallt."),
                )
            )
    raise_all(faults, DataError)
    return Ground(ids, points, weights)


def read_days(
    cases: pd.DataFrame, first_day: date | None, last_day: date | None
) -> tuple[Days | None, Ints]:
    """Return the days of the study and each case's day counted from its first.

    Without `first_day` or `last_day` the study begins or ends with the cases.

    Raises
    ------
    DataError
        ``date_missing`` or ``outside_period``.
    """
    if len(cases) == 0:
        return None, np.zeros(0, dtype=np.int64)
    missing = int(cases["day"].isna().sum())
    if missing:
        what = _("{n} rader saknar datum.").format(n=number(missing))
        step = _("Ta bort dem, eller pröva bara var och inte när.")
        raise DataError(Fault(code="date_missing", what=what, next_step=step))
    days = pd.to_datetime(cases["day"]).to_numpy().astype("datetime64[D]")
    first = days.min() if first_day is None else np.datetime64(first_day, "D")
    last = days.max() if last_day is None else np.datetime64(last_day, "D")
    if days.min() < first or days.max() > last:
        what = _("Det finns händelser utanför perioden {first}–{last}.").format(
            first=first, last=last
        )
        raise DataError(Fault(code="outside_period", what=what))
    return Days(first, int((last - first).astype(int)) + 1), (days - first).astype(np.int64)


def read_cases(cases: pd.DataFrame, ground: Ground) -> tuple[Ints, Ints]:
    """Return the number of the place, 0…n−1, and the count of each row.

    Raises
    ------
    DataError
        ``place_unknown`` or ``count_unusable``.
    """
    ids = cases["place_id"].to_numpy(np.int64)
    place = np.searchsorted(ground.place_id, ids)
    known = place < len(ground.place_id)
    known[known] = ground.place_id[place[known]] == ids[known]
    faults = []
    if not known.all():
        what = _("{n} rader står på en plats som inte finns i listan.").format(
            n=number(int((~known).sum()))
        )
        faults.append(Fault(code="place_unknown", what=what))
    count = np.ones(len(cases), dtype=np.int64)
    if "count" in cases.columns:
        raw = cases["count"].to_numpy(np.float64, na_value=np.nan)
        if not np.isfinite(raw).all() or (raw < 0).any() or (raw != np.rint(raw)).any():
            what = _("Antalen ska vara hela tal, minst noll.")
            faults.append(Fault(code="count_unusable", what=what))
        else:
            count = raw.astype(np.int64)
    raise_all(faults, DataError)
    return place.astype(np.int64), count


def by_place_and_day(place: Ints, day: Ints, count: Ints, *, n: int, length: int) -> Cases:
    """Return counts by place and day, pairs without a case left out."""
    pairs, which = np.unique(place * length + day, return_inverse=True)
    # bincount sums in float64, exact for whole numbers below 2**53
    sums = np.bincount(which, weights=count, minlength=len(pairs)).astype(np.int64)
    return from_pairs(pairs[sums > 0], sums[sums > 0], n=n, length=length)


def from_pairs(pairs: Ints, count: Ints, *, n: int, length: int) -> Cases:
    """Return cases from the ascending numbers ``place × length + day`` and their counts."""
    start = np.searchsorted(pairs, np.arange(n + 1) * length).astype(np.int64)
    return Cases(start, pairs % length, count)
