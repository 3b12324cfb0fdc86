"""Monte Carlo p-values that stop when the answer is clear (Besag & Clifford 1991).

A random world's only figure is its strongest window anywhere. The p-value of a cluster is the share
of worlds, the real one among them, whose strongest window is at least as strong: it holds for the
whole search, and for the second and later clusters it errs on the side of caution (Kulldorff 1997).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BATCH = 32
"""Worlds handed to the threads at once; the answer doesn't depend on it."""


@dataclass(frozen=True)
class Significance:
    """One entry a cluster, in order of rank.

    Attributes
    ----------
    p
        p-values, shape (m,).
    runs
        Random worlds that each p-value rests on, shape (m,).
    """

    p: NDArray[np.float64]
    runs: NDArray[np.int64]


def sequential(
    observed: Sequence[float],
    simulate: Callable[[int, float, float], float],
    *,
    replications: int,
    stop_after: int,
) -> Significance:
    """Return the p-value of each cluster.

    Parameters
    ----------
    observed
        Ratios of the clusters, strongest first.
    simulate
        Function of the world's number (0…), of a floor and of a ceiling. Returns the ratio of the
        world's strongest window; at most the floor if that isn't above it, and any ratio above the
        ceiling if that is. It must be safe to call from several threads.
    replications
        Largest number of worlds.
    stop_after
        A cluster needs no more worlds once so many have reached it; its p is then that number over
        the worlds seen. 0 = never stop.

    Returns
    -------
    Significance
        Independent of the number of threads.
    """
    levels = np.array(observed, dtype=np.float64)
    # equal windows of a random world must count as reached, whatever the last bit of their sums
    levels -= 1e-9 * (1 + levels)
    reached = np.zeros(len(levels), dtype=np.int64)
    runs = np.full(len(levels), replications, dtype=np.int64)
    open_ = np.ones(len(levels), dtype=bool)
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        while open_.any() and done < replications:
            floor, ceiling = levels[open_].min(), levels[open_].max()
            batch = range(done, min(done + BATCH, replications))

            def one(k: int, floor: float = floor, ceiling: float = ceiling) -> float:
                return simulate(k, floor, ceiling)

            for strongest in threads.map(one, batch):
                done += 1
                reached[open_] += strongest > levels[open_]
                settled = open_ & (reached == stop_after) & (stop_after > 0)
                runs[settled] = done
                open_ &= ~settled
    p = np.where(open_, (reached + 1) / (runs + 1), reached / runs)
    return Significance(p, runs)
