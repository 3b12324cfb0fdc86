"""What chance alone would do, by drawing lots.

**Conditional** (one cell at a time): the cell keeps its own count; the counts of its k neighbours
are replaced by k counts drawn without replacement from all other cells of the ground. p is the
share of draws, the real one included, whose sum is as large (Anselin 1995; as in esda, one sided).
All cells use the same draws, as in esda: an ordered sample of cells, of which a cell with k
neighbours takes the first k, passing over itself. Leaving out any one cell of a random order leaves
a random order of the rest, so this is the conditional distribution exactly, and its cost is that of
the draws, not of draws times cells.

**Whole map** (family-wise): all counts are dealt out anew over all cells of the ground, and the
largest z anywhere is noted. p of a cell is the share of deals, the real one included, whose largest
z is at least the cell's own: at 0.05, one map in twenty without any pattern shows one such cell
or more (Westfall & Young 1993, max-T).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled
from hotspots.significance.neighbours import CellNeighbours, Neighbours, PairNeighbours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 10_000
"""Draws held in memory at a time."""

TIE_SUM, TIE_Z = 1e-12, 1e-9
"""Sums this near, as a share of the total, and z this near are equal: fractions are rounded."""


def conditional_p(
    values: Floats, neighbours: Neighbours, *, draws: int, seed: int, two_sided: bool
) -> Floats:
    """Return each cell's p by conditional permutation.

    Parameters
    ----------
    values
        Counts (or other figures), shape (n,), n ≥ 2.
    neighbours
        Who counts together.
    draws
        Number of draws; the smallest p is 1 / (draws + 1).
    seed
        Of the random numbers.
    two_sided
        Twice the smaller tail, at most 1, instead of the upper one.

    Returns
    -------
    numpy.ndarray
        p, shape (n,).
    """
    k = neighbours.sizes - 1
    target = neighbours.sums(values) - values
    slack = TIE_SUM * (1 + float(np.abs(values).sum()))
    rng = np.random.default_rng(seed)
    depth = min(int(k.max()) + 1, len(values))
    above = np.zeros(len(values), dtype=np.int64)
    below = np.zeros(len(values), dtype=np.int64)
    for start in range(0, draws, BLOCK):
        order = ordered_samples(rng, len(values), depth, min(BLOCK, draws - start))
        above += _count(values, target - slack, k, order, at_least=True)
        if two_sided:
            below += _count(values, target + slack, k, order, at_least=False)
    upper: Floats = (above + 1) / (draws + 1)
    if not two_sided:
        return upper
    tail: Floats = np.minimum(upper, (below + 1) / (draws + 1))
    return np.minimum(2 * tail, 1.0)


def ordered_samples(rng: np.random.Generator, n: int, depth: int, count: int) -> Ints:
    """Return `count` ordered samples of `depth` of n without replacement, (count, depth)."""
    if depth * 8 > n:
        return np.argsort(rng.random((count, n)), axis=1)[:, :depth]
    order = rng.integers(0, n, (count, depth))
    for place in range(1, depth):
        # a repeated one is drawn again until it is new: each place is uniform over the rest
        again = (order[:, :place] == order[:, place, None]).any(axis=1)
        while again.any():
            rows = np.flatnonzero(again)
            order[rows, place] = rng.integers(0, n, len(rows))
            again[rows] = (order[rows, :place] == order[rows, place, None]).any(axis=1)
    return order


def _count(values: Floats, target: Floats, k: Ints, order: Ints, *, at_least: bool) -> Ints:
    """Count for each cell the samples whose sum of k is at least (or at most) its target."""
    drawn = values[order]
    sums = np.zeros((len(order), order.shape[1] + 1))
    np.cumsum(drawn, axis=1, out=sums[:, 1:])
    counts = np.empty(len(values), dtype=np.int64)
    for size in np.unique(k):
        cells = np.flatnonzero(k == size)
        distinct, which = np.unique(target[cells], return_inverse=True)
        ranked = np.sort(sums[:, size])
        if at_least:
            found = len(ranked) - np.searchsorted(ranked, distinct, "left")
        else:
            found = np.searchsorted(ranked, distinct, "right")
        counts[cells] = found[which]
    # a cell among its own first k passes over itself and takes the next one
    sample, place = np.nonzero(k[order] > np.arange(order.shape[1]))
    cell = order[sample, place]
    plain = sums[sample, k[cell]]
    passed = plain - values[cell] + drawn[sample, k[cell]]
    aim = target[cell]
    change = (
        (passed >= aim).astype(np.int64) - (plain >= aim)
        if at_least
        else (passed <= aim).astype(np.int64) - (plain <= aim)
    )
    np.add.at(counts, cell, change)
    return counts


def family_p(
    values: Floats,
    z: Floats,
    neighbours: CellNeighbours | PairNeighbours,
    moments: tuple[Floats, Floats],
    *,
    permutations: int,
    seed: int,
    two_sided: bool,
) -> Floats:
    """Return each cell's p by dealing out all counts anew.

    Parameters
    ----------
    values, z
        Counts and their Gi*, shape (n,).
    neighbours
        Who counts together.
    moments
        Of each cell: mean of its sum under chance, and 1 / standard deviation (0 where there is
        no z), shape (n,).
    permutations, seed, two_sided
        As in `conditional_p`; two sided takes the largest absolute z.

    Returns
    -------
    numpy.ndarray
        p, shape (n,); missing where z is.
    """
    seeds = np.random.SeedSequence(seed).generate_state(permutations, np.uint64)
    workers = os.cpu_count() or 1
    parts = [part for part in np.array_split(seeds, workers) if len(part)]
    one = _largest_on_cells if isinstance(neighbours, CellNeighbours) else _largest_by_pairs

    def work(part: NDArray[np.uint64]) -> Floats:
        return one(values, neighbours, moments, part, two_sided)  # type: ignore[arg-type]

    neighbours.sums(values)  # what is made on first use is made before the threads start
    with ThreadPoolExecutor(len(parts)) as pool:
        largest = np.sort(np.concatenate(list(pool.map(work, parts))))
    own = np.abs(z) if two_sided else z
    slack = TIE_Z * (1 + np.abs(own))
    at_least = permutations - np.searchsorted(largest, own - slack, "left")
    return np.where(np.isnan(z), np.nan, (at_least + 1) / (permutations + 1))


def _largest_by_pairs(
    values: Floats,
    neighbours: PairNeighbours,
    moments: tuple[Floats, Floats],
    seeds: NDArray[np.uint64],
    two_sided: bool,
) -> Floats:
    mean, scale = moments
    largest = np.empty(len(seeds))
    for i, seed in enumerate(seeds):
        dealt = np.random.default_rng(seed).permutation(values)
        z = (neighbours.sums(dealt) - mean) * scale
        largest[i] = np.abs(z).max() if two_sided else z.max()
    return largest


def _largest_on_cells(
    values: Floats,
    neighbours: CellNeighbours,
    moments: tuple[Floats, Floats],
    seeds: NDArray[np.uint64],
    two_sided: bool,
) -> Floats:
    rows, columns = neighbours.shape
    mean, scale = np.zeros(rows * columns), np.zeros(rows * columns)
    mean[neighbours.position], scale[neighbours.position] = moments
    largest = np.empty(len(seeds))
    compiled(deal_and_scan)(
        values[values != 0],
        neighbours.position.astype(np.int32),
        neighbours.halves,
        mean.reshape(rows, columns),
        scale.reshape(rows, columns),
        seeds,
        two_sided,
        largest,
    )
    return largest


def deal_and_scan(
    values: Floats,
    position: NDArray[np.int32],
    halves: Ints,
    mean: Floats,
    scale: Floats,
    seeds: NDArray[np.uint64],
    two_sided: bool,
    largest: Floats,
) -> None:
    """Deal `values` over `position` once a seed and set ``largest`` to the largest z.

    Each seed starts its own stream (splitmix64) and its own order, so the result does not depend on
    how the seeds are shared out over threads.
    """
    rows, columns = mean.shape
    reach = len(halves) // 2
    dealt = len(values)
    field = np.zeros(rows * columns)
    before = np.zeros((rows, columns + 1))
    inner = columns - 2 * reach
    sums = np.empty(inner)
    order = np.empty_like(position)
    for s in range(len(seeds)):
        order[:] = position
        state = seeds[s]
        for i in range(dealt):
            state += np.uint64(0x9E3779B97F4A7C15)
            mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed ^= mixed >> np.uint64(31)
            j = i + int(float(mixed >> np.uint64(11)) * 2.0**-53 * (len(order) - i))
            order[i], order[j] = order[j], order[i]
            field[order[i]] = values[i]
        for r in range(rows):
            running = 0.0
            for c in range(columns):
                running += field[r * columns + c]
                before[r, c + 1] = running
        top = 0.0
        for r in range(reach, rows - reach):
            sums[:] = 0.0
            for line in range(len(halves)):
                half = halves[line]
                row = before[r - reach + line]
                for c in range(inner):
                    sums[c] += row[c + reach + half + 1] - row[c + reach - half]
            for c in range(inner):
                z = (sums[c] - mean[r, c + reach]) * scale[r, c + reach]
                top = max(top, abs(z) if two_sided else z)
        largest[s] = top
        for i in range(dealt):
            field[order[i]] = 0.0
