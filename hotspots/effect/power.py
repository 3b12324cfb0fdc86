"""The smallest fall that a before-and-after comparison could tell from chance.

The weighted displacement difference (Wheeler & Ratcliffe 2018, *Crime Science* 7:11) compares the
change in the treated place with that in control places. Its variance is the sum of the counts, so
what it could show is known before anything is done. With few events nothing could be shown, however
well the measure works.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class LeastEffect:
    """The smallest fall that would be told from chance.

    Attributes
    ----------
    after
        Most events in the treated place afterwards.
    share
        The fall, as a share of what is expected without the measure, 0–1.
    """

    after: int
    share: float


def least_effect(
    treated: int,
    control: float,
    *,
    controls: int = 1,
    before: float = 1.0,
    after: float = 1.0,
    dispersion: float = 1.0,
    level: float = 0.05,
) -> LeastEffect | None:
    """Return the smallest fall in the treated place that would be significant.

    Parameters
    ----------
    treated, control
        Events in the treated place and in all control places together, before.
    controls
        Number of control places; their events are divided by it.
    before, after
        Lengths of the two periods, in any one unit; counts are divided by them.
    dispersion
        Variance of a count by its mean; above 1 less can be shown.
    level
        Two-sided level of significance, 0–1.

    Returns
    -------
    LeastEffect or None
        Supposing that the control places go on as before. ``None`` when not even no events at all
        would be significant. A true fall of just this size is found about every second time.
    """
    longer = after / before
    expected = treated * longer
    # Counts per length of the period before; a count divided by w has its variance divided by w².
    weight = float(controls)
    still = control / weight**2 + control * longer / (weight * longer) ** 2
    counts = np.arange(int(np.floor(expected)) + 1)
    fall = treated - counts / longer
    error = np.sqrt(dispersion * (treated + counts / longer**2 + still))
    enough = np.flatnonzero((fall > 0) & (fall >= NormalDist().inv_cdf(1 - level / 2) * error))
    if len(enough) == 0:
        return None
    most = int(counts[enough[-1]])
    return LeastEffect(after=most, share=1 - most / expected)
