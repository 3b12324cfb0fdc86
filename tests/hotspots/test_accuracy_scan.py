from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from hotspots.accuracy import scanning
from hotspots.accuracy.history import History, gather
from hotspots.accuracy.options import AccuracyOptions
from hotspots.accuracy.scanning import scan
from hotspots.options import HotspotOptions
from hotspots.scan.permutation import PermutationOptions, scan_permutation
from tests.factories import make_incidents

WEEKS = 12


def small(seed: int, *, burst: int = 12) -> History:
    """Some sixty cells in 20 × 20, and a burst in the last two weeks in the corner."""
    rng = np.random.default_rng(seed)
    n = 30 * WEEKS
    cells = rng.integers(0, 20, (60, 2)) * 100 + 50
    at = cells[rng.integers(0, 60, n)]
    week = np.repeat(np.arange(WEEKS), 30)
    x = [*at[:, 0], *([1850] * burst)]
    y = [*at[:, 1], *([1850] * burst)]
    day = [*(week * 7 + rng.integers(0, 7, n)), *(np.arange(burst) % 14 + (WEEKS - 2) * 7)]
    found = gather(make_incidents(x=x, y=y, day=day), HotspotOptions(), AccuracyOptions())
    assert found is not None
    return found


def log_ratio(count: float, expected: float, total: float) -> float:
    if count <= expected:
        return 0.0
    rest = total - count
    beyond = rest * np.log(rest / (total - expected)) if rest else 0.0
    return float(count * np.log(count / expected) + beyond)


def strongest_by_hand(counts: np.ndarray, cells: np.ndarray) -> tuple[float, set[int]]:
    """Try every circle about a cell with events and every span up to the last period."""
    total, periods = counts.sum(), counts.shape[1]
    held = np.flatnonzero(counts.sum(axis=1))
    best, inside = 0.0, set()
    for centre in held:
        apart = ((cells - cells[centre]) ** 2).sum(axis=1)
        for edge, span in itertools.product(np.unique(apart[held]), (1, 2, 3)):
            disc = apart <= edge
            if edge > 100 or counts[disc].sum() > total / 2:
                continue
            count = counts[disc, periods - span :].sum()
            expected = counts[disc].sum() * counts[:, periods - span :].sum() / total
            found = log_ratio(count, expected, total)
            if count >= 2 and found > best + 1e-12:
                best, inside = found, set(np.flatnonzero(disc).tolist())
    return best, inside


@pytest.mark.parametrize("seed", range(6))
def test_the_strongest_cluster_is_the_one_found_by_trying_all(seed) -> None:
    past = small(seed, burst=12 * (seed % 2)).before(WEEKS)
    cells = np.column_stack([past.grid.columns, past.grid.rows])
    ratio, disc = strongest_by_hand(past.counts, cells)
    found = scanning._ratios(past, past.counts.sum(axis=1))
    assert found.max() == pytest.approx(ratio)
    # Another circle may hold the same events and more or fewer empty cells.
    with_events = past.counts.sum(axis=1) > 0
    top = np.isclose(found, ratio) & with_events
    assert set(np.flatnonzero(top)) == {cell for cell in disc if with_events[cell]}


def test_the_clusters_are_those_of_the_scan_itself() -> None:
    past = small(7).before(WEEKS)
    total = past.counts.sum(axis=1)
    place, week = np.nonzero(past.counts)
    held = np.flatnonzero(total)
    table = scan_permutation(
        pd.DataFrame(
            {
                "place_id": place,
                "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(week, unit="D"),
                "count": past.counts[place, week],
            }
        ),
        pd.DataFrame(
            {
                "place_id": held,
                "x_m": past.grid.columns[held] * 100.0,
                "y_m": past.grid.rows[held] * 100.0,
            }
        ),
        PermutationOptions(max_days=3, replications=1),
    ).table
    assert len(table) > 1
    found = scanning._ratios(past, total)
    for row in table.itertuples():
        members = np.array([int(i) for i in row.place_ids.split(";")])
        assert (found[members] >= row.llr - 1e-9).all()
        assert found[members].min() == pytest.approx(row.llr)


def test_cells_of_a_cluster_first_then_counts() -> None:
    past = small(1).before(WEEKS)
    total = past.counts.sum(axis=1)
    ratio, score = np.round(scanning._ratios(past, total), 9), scan(past)
    order = np.lexsort((-total, -ratio))
    assert (np.diff(score[order]) <= 0).all()
    same = (np.diff(score[order]) == 0) == (
        (np.diff(ratio[order]) == 0) & (np.diff(total[order]) == 0)
    )
    assert same.all()


def test_a_burst_is_on_top_only_while_it_lasts() -> None:
    known = small(1)
    corner = known.grid.at(np.array([569000 + 1850.0]), np.array([6495000 + 1850.0]))[0]
    live = scanning._ratios(known.before(WEEKS), known.counts.sum(axis=1))
    assert live[corner] == live.max() > 5
    before = known.before(WEEKS - 2)
    assert scanning._ratios(before, before.counts.sum(axis=1))[corner] < 5


def test_of_too_many_cells_those_with_most_events_are_searched(monkeypatch) -> None:
    monkeypatch.setattr(scanning, "MAX_CELLS", 3)
    assert scanning._searched(np.array([1.0, 0.0, 5.0, 2.0, 2.0, 2.0])).tolist() == [2, 3, 4]
    past = small(1).before(WEEKS)
    total = past.counts.sum(axis=1)
    searched = scanning._searched(total)
    rest = np.setdiff1d(np.arange(len(total)), searched)
    alone = dataclasses.replace(past, counts=past.counts.copy())
    alone.counts[rest] = 0
    expected = scanning._ratios(alone, alone.counts.sum(axis=1))
    assert scanning._ratios(past, total).tolist() == expected.tolist()


def test_without_contrast_the_counts_are_left() -> None:
    known = small(1)
    assert scan(known.before(1)).tolist() == known.counts[:, 0].tolist()
    one = gather(
        make_incidents(x=[50.0] * 400, day=np.arange(400) % 84),
        HotspotOptions(),
        AccuracyOptions(),
    )
    assert one is not None
    past = one.before(8)
    assert scan(past).tolist() == past.counts.sum(axis=1).tolist()
