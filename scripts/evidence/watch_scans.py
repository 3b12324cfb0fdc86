"""How often the scan of the weekly watch is wrong: a town in which nothing gathers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from areas.watch.calendar import event_weeks
from scripts.config import Project
from scripts.evidence.watch_rates import at_most
from scripts.pipeline import Results
from scripts.stages.watch import SCAN_WEEKS, find_gatherings


@dataclass(frozen=True)
class FalseGatherings:
    """Signals of the scan in weeks in which nothing gathers, and the searches of each week."""

    weeks: int
    searches: int
    signals: int

    @property
    def in_ten_weeks(self) -> float:
        """Return the mean number in ten weeks."""
        return 10 * self.signals / self.weeks

    @property
    def at_most(self) -> float:
        """Return the upper end of its one-sided exact 95 % Poisson interval."""
        return at_most(self.signals, self.weeks)


def false_gatherings(
    project: Project, results: Results, *, week: int, towns: int, seed: int
) -> FalseGatherings:
    """Scan one week of so many towns whose events have had their moments dealt anew.

    Each source's events of the last year keep their places, and its moments stay the same; which
    moment belongs to which event is drawn. Places and days are as busy as before, but nothing is
    left that gathers in both.

    Parameters
    ----------
    project, results
        A town.
    week
        Number of the last week.
    towns
        Draws.
    seed
        Of the draws.
    """
    rows = results.incidents
    at = event_weeks(rows["start"]).to_numpy()
    placed = (rows["time_precision"] != "month").to_numpy() & ~rows["stacked"].to_numpy(bool)
    year = rows[(at <= week) & (at > week - SCAN_WEEKS) & placed]
    signals, searches = 0, 0
    for number in range(towns):
        rng = np.random.default_rng(np.random.SeedSequence([seed, 25, number]))
        found = find_gatherings(project, results, dealt(year, rng), week)
        signals += len(found.gatherings)
        searches = found.n_scans
    return FalseGatherings(towns, searches, signals)


def dealt(events: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return events with the moments of each source dealt anew among its events."""
    taken = np.arange(len(events))
    for source in sorted(set(events["source"])):
        own = np.flatnonzero((events["source"] == source).to_numpy())
        taken[own] = rng.permutation(own)
    return events.assign(start=events["start"].iloc[taken].array)
