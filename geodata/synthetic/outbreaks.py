"""Outbreaks to plant among events: what a weekly watch should find, and what it may miss.

They are added to a table of incidents that is already there, from a random stream of their own, so
that nothing else of a made-up town changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema


@dataclass(frozen=True)
class Outbreak:
    """Events beyond the ordinary.

    Attributes
    ----------
    name
        What it is called.
    where
        Name of the set of places it falls on.
    source, offence_class
        Values of `geodata.schema`.
    first
        Monday on which it begins.
    sizes
        Events in each week.
    """

    name: str
    where: str
    source: str
    offence_class: str
    first: date
    sizes: tuple[int, ...]

    @property
    def last(self) -> date:
        """Return its last Sunday."""
        return date.fromordinal(self.first.toordinal() + 7 * len(self.sizes) - 1)


DEMO_OUTBREAKS: Final = (
    Outbreak("steep", "hageby", "police", "drug_supply", date(2025, 10, 6), (6, 9, 7, 4)),
    Outbreak("slow", "navestad", "est_report", "disorder", date(2025, 8, 4), (2,) * 20),
    Outbreak("borderless", "centre", "police", "damage", date(2025, 11, 17), (5, 4)),
    Outbreak("small", "klockaretorpet", "police", "violence", date(2025, 11, 3), (1, 2, 1)),
)
"""Steep in one area; slow in another; at a few places that no area holds; too small to be seen."""


def plant_outbreaks(
    incidents: pd.DataFrame,
    places: Mapping[str, NDArray[np.int64]],
    outbreaks: Sequence[Outbreak] = DEMO_OUTBREAKS,
    *,
    seed: int = 581,
) -> pd.DataFrame:
    """Return the incidents with the outbreaks' events at the end.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    places
        ``place_id`` of the places of each set that the outbreaks name, all of them in use.
    outbreaks
        What to plant.
    seed
        The same arguments give the same events.

    Returns
    -------
    pandas.DataFrame
        Table ``incidents``; the new rows are copies of an event on the same place with time,
        source and class changed.
    """
    by_place = incidents.drop_duplicates("place_id").set_index("place_id", drop=False)
    parts = [incidents]
    for number, outbreak in enumerate(outbreaks):
        rng = np.random.default_rng(np.random.SeedSequence([seed, 66, number]))
        week = np.repeat(np.arange(len(outbreak.sizes)), outbreak.sizes)
        chosen = rng.choice(np.sort(places[outbreak.where]), len(week))
        rows = by_place.loc[chosen].reset_index(drop=True)
        minutes = week * 7 * 1440 + rng.integers(0, 7 * 1440, len(week))
        first = pd.Timestamp(outbreak.first).tz_localize(incidents["start"].dt.tz)
        rows["start"] = (first + pd.to_timedelta(minutes, unit="min")).as_unit("us")
        rows["end"] = rows["start"]
        rows["time_precision"] = _all("minute", len(rows), "time_precision")
        rows["source"] = _all(outbreak.source, len(rows), "source")
        rows["offence_class"] = _all(outbreak.offence_class, len(rows), "offence_class")
        rows["offence_classes"] = pd.Series([outbreak.offence_class] * len(rows), dtype="str")
        rows["police_initiated"] = _all("no", len(rows), "police_initiated")
        rows["stacked"] = False
        parts.append(rows[list(incidents.columns)])
    table = pd.concat(parts, ignore_index=True)
    table["incident_id"] = np.arange(1, len(table) + 1)
    return table


def _all(value: str, n: int, column: str) -> pd.Categorical:
    return schema.category([value] * n, "incidents", column)
