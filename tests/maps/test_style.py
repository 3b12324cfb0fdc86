"""Classes a person can read, and colours that differ for everyone."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps import style

COUNTS = st.lists(st.integers(1, 400), min_size=1, max_size=60).map(np.array)


@given(COUNTS, st.integers(2, 7))
def test_classes_cover_all_counts_and_none_is_empty(counts, classes):
    starts = style.class_starts(counts, classes)
    numbers = style.classify(counts, starts)
    assert starts[0] == counts.min()
    assert list(starts) == sorted(set(starts))
    assert 1 <= len(starts) <= classes
    assert set(numbers) == set(range(len(starts)))


@given(COUNTS)
def test_classes_do_not_depend_on_order(counts):
    assert style.class_starts(counts, 5) == style.class_starts(counts[::-1], 5)


def spread(groups):
    return sum(((np.log(g) - np.log(g).mean()) ** 2).sum() for g in groups)


@given(st.lists(st.integers(1, 12), min_size=3, max_size=25).map(np.array), st.integers(2, 4))
def test_no_other_limits_give_tighter_classes(counts, classes):
    # Up to 6 every whole number is readable, above it 8 and 10 and no others.
    starts = style.class_starts(counts, classes)
    ours = spread([counts[style.classify(counts, starts) == n] for n in range(len(starts))])
    allowed = [1, 2, 3, 4, 5, 6, 8, 10]
    best = np.inf
    for cuts in combinations(allowed, len(starts) - 1):
        groups = np.split(np.sort(counts), np.searchsorted(np.sort(counts), cuts))
        if all(len(g) for g in groups):
            best = min(best, spread(groups))
    assert ours == pytest.approx(best, abs=1e-9)


def test_limits_are_round_where_they_can_be():
    rng = np.random.default_rng(4)
    starts = style.class_starts(np.minimum(rng.zipf(1.6, 4000), 900), 5)
    assert set(starts[1:]) <= set(style.READABLE)


def test_words_of_classes():
    assert style.class_texts((1, 2, 5), 1234) == ["1", "2–4", "5–1\u00a0234"]
    assert style.class_texts((), 0) == []
    assert style.class_texts((3,), 3) == ["3"]


def test_no_counts_no_classes():
    assert style.class_starts(np.array([], dtype=np.int64), 5) == ()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("colours", [c for n, c in style.SEQUENTIAL.items() if n > 1])
def test_every_step_is_darker_also_in_grey_print(colours):
    assert all(luminance(a) > 1.15 * luminance(b) for a, b in pairwise(colours))


# Machado, Oliveira & Fernandes (2009), severity 1: linear RGB of a dichromat.
PROTAN = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
DEUTAN = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def lab(linear):
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(linear, 0, 1)
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", [np.eye(3), PROTAN, DEUTAN], ids=["all", "protan", "deutan"])
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_classes_differ_for_the_colour_blind(vision, n):
    def linear(colour):
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)

    seen = [lab(vision @ linear(c)) for c in style.SEQUENTIAL[n]]
    assert min(np.linalg.norm(a - b) for a, b in pairwise(seen)) > 10
