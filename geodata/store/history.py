"""The history: events that have been told in more than one way, version by version."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import schema
from geodata.store.keys import CONTENT
from geodata.store_tables import STORE_TABLES


def versions(parts: Sequence[pd.DataFrame], index: npt.NDArray[np.void]) -> pd.DataFrame:
    """Return table ``event_versions``.

    Parameters
    ----------
    parts
        Events of each part with ``event_no``, ``partner``, ``extracted`` and ``file``.
    index
        The store's index.
    """
    if not parts:
        return schema.empty("event_versions", tables=STORE_TABLES)
    events = pd.concat(parts, ignore_index=True)
    first = first_of(events["event_no"].to_numpy(), events["partner"].to_numpy())
    events["first"] = first
    many = events[events["first"].duplicated(keep=False)].copy()
    many["counts"] = np.isin(many["event_no"], index["event_no"][index["current"]])
    many = many.sort_values(["first", "extracted", "event_no"], ignore_index=True)
    many["event"] = pd.factorize(many["first"])[0] + 1
    many["version"] = many.groupby("event").cumcount() + 1
    many["changed"] = _changed(many)
    table = many[list(STORE_TABLES["event_versions"])].copy()
    for name in ("file", "changed"):
        table[name] = table[name].astype("str")
    table["extracted"] = table["extracted"].astype("datetime64[us]")
    schema.check(table, "event_versions", tables=STORE_TABLES)
    return table


def first_of(event: npt.NDArray[np.int64], partner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number under which each event was first stored."""
    first = dict(zip(event.tolist(), event.tolist(), strict=True))
    for number, other in sorted(zip(event.tolist(), partner.tolist(), strict=True)):
        if other in first:  # a purged version begins nothing
            first[number] = first[other]
    return np.array([first[number] for number in event.tolist()], dtype=np.int64)


def _changed(events: pd.DataFrame) -> list[str]:
    before = events.shift(1)
    begins = (events["version"] == 1).to_numpy()
    names: list[list[str]] = [[] for _ in range(len(events))]
    for name in CONTENT:
        now, then = events[name].astype(object), before[name].astype(object)
        differs = ~((now == then) | (now.isna() & then.isna())) & ~begins
        for row in np.flatnonzero(differs):
            names[row].append(name)
    return [";".join(found) for found in names]
