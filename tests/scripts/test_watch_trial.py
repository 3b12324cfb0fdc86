"""The trial of the watch: what it promises, on few worlds, and its place on the page."""

from __future__ import annotations

import numpy as np

from scripts.evidence.watch_trial import detection, false_signals


def test_false_signals_keep_to_what_is_promised() -> None:
    # three quarters of a false signal in ten weeks are the series' share: 0.9 in twelve
    found, smallest = false_signals(12, seed=4)
    assert found.series > 450
    assert found.either <= 4  # more would have a chance under 0.3 %
    assert (np.diff(smallest) >= 0).all()


def test_large_outbreaks_are_found_and_small_limits_find_less() -> None:
    sizes = np.full(3, 12.0)
    ours, strict = detection(sizes, 1e-12, n=40, seed=2)
    _ours, loose = detection(sizes, 1e-3, n=40, seed=2)
    assert ours.soon > 0.6
    assert loose.soon >= strict.soon
    assert ours.delay <= 3
