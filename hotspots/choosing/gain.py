"""From shares of each place in view to a covering problem: what is seen best counts once.

A choice covers of each place the share that its best camera sees: events × the greatest share over
the chosen sites (and those that stand there already). The share is the part of a place's location
uncertainty that lies in view, so this is the expected number of events in the view of the one
camera that sees each place best: never more than what is in view of any of them, and no event
counts twice where views overlap.

Shares are taken in steps (1/20). With steps the greatest share is a sum of layers: a place seen to
13/20 is seen in layers 1 … 13, and a layer is seen when any chosen site sees it. So the problem is
one of plain 0/1 covering with whole-number weights, solved exactly, and layers that the same sites
see are one.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from hotspots.choosing.problem import Ints, merge


def in_steps(gain: csr_array, steps: int) -> csr_array:
    """Return shares (0–1) as whole steps, to the nearest; int64, nothing stored that is 0."""
    found = csr_array(gain, copy=True)
    found.sum_duplicates()
    found = csr_array(
        (np.rint(found.data * steps).astype(np.int64), found.indices, found.indptr),
        shape=found.shape,
    )
    found.eliminate_zeros()
    return found


def best_seen(seen: csr_array) -> Ints:
    """Return the most steps in which any of the sites sees each place, shape (places,)."""
    if seen.shape[0] == 0:
        return np.zeros(seen.shape[1], dtype=np.int64)
    return np.asarray(seen.max(axis=0).todense()).ravel().astype(np.int64)


def events_seen(gain: csr_array, rows: Ints, weight: Ints) -> float:
    """Return the events that these sites see together: weight × greatest share, summed.

    Parameters
    ----------
    gain
        Shares in view, sites × places, 0–1.
    rows
        Sites, rows of `gain`.
    weight
        Events of each place, shape (places,): any weights, for instance those of own use or those
        found on police initiative, which are shown apart and never decide anything.
    """
    if len(rows) == 0:
        return 0.0
    best = np.asarray(gain[rows].max(axis=0).todense()).ravel()
    return float(best @ weight)


def layers(seen: csr_array, weight: Ints, already: Ints) -> tuple[csr_array, Ints]:
    """Return the layers as 0/1 demand, those already seen left out.

    Parameters
    ----------
    seen
        Steps in view, sites × places.
    weight
        Events of each place, shape (places,).
    already
        Steps in which each place is seen by what stands there or is decided, shape (places,).

    Returns
    -------
    tuple
        Sites × layers (ones), and the weight of each layer in events × steps.
    """
    pairs = seen.tocoo()
    site, place, level = pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data
    more = (level > already[place]) & (weight[place] > 0)
    site, place, level = site[more], place[more], level[more]
    steps = int(level.max()) + 1 if len(level) else 1
    # One demand a level that occurs at a place; it stands for the steps since the one before.
    keys, at = np.unique(place * steps + level, return_inverse=True)
    spot, top = keys // steps, keys % steps
    first = np.ones(len(keys), dtype=bool)
    first[1:] = spot[1:] != spot[:-1]
    below = np.where(first, already[spot], np.append(0, top[:-1]))
    worth = (top - below) * weight[spot]
    # A site that sees a place up to a level sees all its levels below too.
    start = np.flatnonzero(first)[np.cumsum(first) - 1]
    many = at - start[at] + 1
    rows = np.repeat(site, many)
    ends = np.cumsum(many)
    columns = np.arange(int(many.sum())) - np.repeat(ends - many, many) + np.repeat(start[at], many)
    ones = np.ones(len(rows), dtype=np.int64)
    reach = csr_array((ones, (rows, columns)), shape=(seen.shape[0], len(keys)))
    return merge(reach, worth)
