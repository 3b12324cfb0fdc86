"""The check that both runs of the benchmark find the same hot spots can fail."""

from __future__ import annotations

import numpy as np
import shapely

from scripts.benchmarks.whole_run import same_hotspots

TWO = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])


def cores(*rows: tuple[float, float, int]) -> np.ndarray:
    return np.array(rows, dtype=float)


def test_one_cluster_in_each_outline_is_the_same() -> None:
    assert same_hotspots(TWO, cores((1, 1, 7), (2, 2, 7), (25, 5, 3)))


def test_a_cluster_in_two_outlines_two_in_one_none_in_one_or_outside_is_not() -> None:
    assert not same_hotspots(TWO, cores((1, 1, 7), (25, 5, 7)))
    assert not same_hotspots(TWO, cores((1, 1, 7), (2, 2, 8), (25, 5, 3)))
    assert not same_hotspots(TWO, cores((1, 1, 7)))
    assert not same_hotspots(TWO, cores((1, 1, 7), (15, 1, 7), (25, 5, 3)))
