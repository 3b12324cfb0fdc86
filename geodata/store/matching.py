"""Which events of a new export are known, corrected or new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

ADDED: Final = 0
UNCHANGED: Final = 1
CORRECTED: Final = 2
OUTDATED: Final = 3


@dataclass(frozen=True, eq=False)
class Matched:
    """What became of each event of an export.

    Attributes
    ----------
    status
        `ADDED`, `UNCHANGED`, `CORRECTED` (takes the place of a stored version) or `OUTDATED` (the
        stored version is of a later extract and stands), shape (n,).
    partner
        Number of the stored event that it was recognised as, −1 for none, shape (n,).
    """

    status: Ints
    partner: Ints


def match(new: pd.DataFrame, old: pd.DataFrame, extracted: int) -> Matched:
    """Recognise the events of an export among stored ones.

    Events of one case are held against each other, each stored version against at most one: first
    those that are equal, then those at the same place and start, at the same start, at the same
    place, and last the one that is left of a case when one is left on either side. What is
    recognised but differs is a correction; the version of the later extract counts. A version that
    was replaced before is known when it comes again in an extract no later than its own.

    An event that began outside the time the export spans is replaced only by one with the same
    start: that it isn't there says nothing, since a case may have events in several weeks.

    Parameters
    ----------
    new
        ``key``, ``content``, ``place``, ``start`` of the events of the export.
    old
        The same of the stored events of the same cases, and ``event_no``, ``current`` (bool: not
        replaced) and ``extracted`` (day of the extract).
    extracted
        Day of this export's extract, days since 1970.

    Returns
    -------
    Matched
        In the order of `new`, whatever the order of `old`.
    """
    status = np.full(len(new), ADDED, dtype=np.int64)
    partner = np.full(len(new), -1, dtype=np.int64)
    old = old.sort_values("event_no", ignore_index=True)
    left, current = new.reset_index(drop=True), old[old["current"]]
    span = (left["start"].min(), left["start"].max())
    left = left[left["key"].isin(old["key"])]
    replaced = old[~old["current"] & (old["extracted"] >= extracted)]
    same = ["key", "content"]
    rounds: list[tuple[pd.DataFrame | None, list[str]]] = [(None, same), (replaced, same)]
    rounds += [(None, ["key", *also]) for also in (["place", "start"], ["start"], ["place"])]
    for stored, by in [*rounds, (None, ["key"])]:
        among = current if stored is None else stored
        if left.empty or among.empty:
            continue
        mine, theirs = left, among
        if by != same and "start" not in by:
            theirs = among[among["start"].between(*span)]
        if by == ["key"]:  # the last of a case on either side
            mine, theirs = _alone(left), _alone(theirs)
        at, found = _pairs(mine, theirs, by)
        later = np.where(found["extracted"] > extracted, OUTDATED, CORRECTED)
        status[at] = UNCHANGED if by == same else later
        partner[at] = found["event_no"]
        left = left.drop(index=pd.Index(at))
        if stored is None:
            current = current.drop(index=found.index)
    return Matched(status, partner)


def _pairs(new: pd.DataFrame, old: pd.DataFrame, by: list[str]) -> tuple[Ints, pd.DataFrame]:
    """Return labels of `new` and the rows of `old` that go together, one to one, in order."""
    both = pd.concat([new[by], old[by]], ignore_index=True)
    group = both.groupby(by, sort=False).ngroup().to_numpy()
    of = pd.DataFrame({"group": group})
    turn = np.concatenate(
        [of.iloc[part].groupby("group", sort=False).cumcount().to_numpy()
         for part in (slice(0, len(new)), slice(len(new), None))]
    )  # fmt: skip
    number = group * (turn.max(initial=0) + 1) + turn
    _same, at, there = np.intersect1d(
        number[: len(new)], number[len(new) :], assume_unique=True, return_indices=True
    )
    return new.index.to_numpy()[at], old.iloc[there]


def _alone(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events whose case has no other event left."""
    return events[~events["key"].duplicated(keep=False)]
