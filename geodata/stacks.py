"""Stacked coordinates: one point with an implausible share of the rows.

Police stations, hospitals, area centroids and default addresses gather rows that did not happen
there. A point is flagged when it has at least `share` of the rows of a file (or of its street drug
rows), at least `min_rows` of them, and at least `RATIO` times as many as the sixth largest point.

The last condition keeps real concentrations: real crime falls off slowly from the busiest point
to the next (in four open data sets the busiest plausible point has 1.7–3.5 times the rows of the
sixth, at shares of 0.4–2 %), and a small file has large shares everywhere. A default address
stands out from its followers (Charlottesville's "600 E MARKET ST": 22 % of the drug rows, 22
times the sixth).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.columns import Codes

RATIO: Final = 3.0
FOLLOWER: Final = 6
"""The point in order of size that the largest are compared with."""

SUSPECT_SHARE: Final = 0.01
SUSPECT_RATIO: Final = 3.0
"""A point below `share` is told, not flagged, when it has this share and so many times the next."""

NEAR_M: Final = 1.0


@dataclass(frozen=True)
class Stack:
    """One point with an implausible share of the rows.

    Attributes
    ----------
    place
        Number of the point.
    rows, share
        Rows on it, and their share (0–1) of all rows of `of`.
    of
        ``all`` or ``street_drugs``: the rows among which it is implausible.
    flagged
        False when it only looks suspicious, and is told.
    """

    place: int
    rows: int
    share: float
    of: str
    flagged: bool


def find_stacks(
    place: Codes,
    street_drugs: npt.NDArray[np.bool_],
    *,
    share: float,
    min_rows: int,
) -> list[Stack]:
    """Find points with an implausible share of the rows of one file.

    Parameters
    ----------
    place
        Number of the point of each row, from 0.
    street_drugs
        Which rows are street drug offences; a default address may be hidden among other rows.
    share, min_rows
        Lowest share (0–1) and number of rows of a flagged point.

    Returns
    -------
    list of Stack
        Largest share first; each point once.
    """
    found: dict[int, Stack] = {}
    for of, chosen in (("all", place), ("street_drugs", place[street_drugs])):
        for stack in _among(chosen, of, share=share, min_rows=min_rows):
            known = found.get(stack.place)
            if known is None or (stack.flagged, stack.share) > (known.flagged, known.share):
                found[stack.place] = stack
    return sorted(found.values(), key=lambda s: (not s.flagged, -s.share, s.place))


def _among(place: Codes, of: str, *, share: float, min_rows: int) -> list[Stack]:
    counts = np.bincount(place)
    if np.count_nonzero(counts) < FOLLOWER:
        return []
    total = len(place)
    order = np.argsort(-counts, kind="stable")
    largest = counts[order[: FOLLOWER + 1]]
    follower = int(largest[FOLLOWER - 1])
    flagged = np.flatnonzero(
        (counts >= max(min_rows, share * total)) & (counts >= RATIO * follower)
    )
    stacks = [Stack(int(p), int(counts[p]), float(counts[p] / total), of, True) for p in flagged]
    if not stacks:
        n, following = int(largest[0]), int(largest[1])
        if n >= max(min_rows, SUSPECT_SHARE * total) and n >= SUSPECT_RATIO * following:
            stacks = [Stack(int(order[0]), n, n / total, of, False)]
    return stacks


def is_confirmed(
    x_m: float, y_m: float, addresses: Sequence[str], confirmed: Sequence[str | Sequence[float]]
) -> bool:
    """Tell whether the project file confirms a point, by address or within a metre of [x, y]."""
    names = {address.strip().casefold() for address in addresses}
    for entry in confirmed:
        if isinstance(entry, str):
            if entry.strip().casefold() in names:
                return True
        elif len(entry) == 2 and np.hypot(entry[0] - x_m, entry[1] - y_m) <= NEAR_M:
            return True
    return False
