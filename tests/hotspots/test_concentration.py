from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.concentration import concentration, over_cells, over_places
from tests.factories import make_incidents, no_incidents


def test_known_gini() -> None:
    # Mean absolute difference of 1, 3, 5, 7 over twice the mean: 2.5 / 8.
    assert concentration(np.array([5, 1, 7, 3]), units="cells").gini == pytest.approx(0.3125)
    assert concentration(np.full(9, 4), units="cells").gini == pytest.approx(0)
    one = concentration(np.array([0] * 9 + [50]), units="cells")
    assert one.gini == pytest.approx(0.9)
    assert one.gini_generalised == pytest.approx(0.9)


def test_more_places_than_events() -> None:
    """Ten events on ten of a hundred places are as even as ten events can be."""
    even = concentration(np.array([1] * 10 + [0] * 90), units="places")
    assert even.gini == pytest.approx(0.9)
    assert even.gini_generalised == pytest.approx(0)
    all_in_one = concentration(np.array([10] + [0] * 99), units="places")
    assert all_in_one.gini_generalised == pytest.approx(1 - 10 * 0.01)


def test_share_of_the_busiest() -> None:
    counts = np.array([50, 30, 10, 5, 3, 1, 1] + [0] * 93)
    found = concentration(counts, units="cells", shares=(0.01, 0.05, 0.1))
    assert found.top["share_events"].tolist() == pytest.approx([0.5, 0.98, 1.0])
    assert found.half == pytest.approx(0.01)
    assert (found.n_units, found.n_with_events, found.n_events) == (100, 7, 100)
    # Half a unit takes half of what it holds.
    half = concentration(np.array([8, 2]), units="cells", shares=(0.25,))
    assert half.top["share_events"].tolist() == pytest.approx([0.4])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60).filter(sum))
def test_gini_by_brute_force(counts) -> None:
    x = np.array(counts, float)
    found = concentration(x, units="cells")
    direct = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    assert found.gini == pytest.approx(direct, abs=1e-12)
    curve = found.curve.to_numpy()
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 1]
    assert (np.diff(curve, axis=0) >= 0).all()
    assert found.gini_generalised <= found.gini + 1e-12
    for k in range(1, len(x) + 1):
        one = concentration(x, units="cells", shares=(k / len(x),)).top["share_events"].iloc[0]
        assert one == pytest.approx(np.sort(x)[::-1][:k].sum() / x.sum())


def test_nothing_is_no_number() -> None:
    for found in (
        concentration(np.zeros(5), units="cells"),
        concentration(np.zeros(0), units="cells"),
        over_places(no_incidents(), no_incidents()),
        over_cells(no_incidents(), no_incidents(), cell_size_m=100, margin_m=300),
    ):
        assert found.n_events == 0
        assert np.isnan(found.gini)
        assert np.isnan(found.top["share_events"]).all()


def test_units_without_counted_events_are_units_all_the_same() -> None:
    incidents = make_incidents(
        x=[0, 0, 0, 1000, 2000, 3000],
        offence_class=["drug_use"] * 3 + ["damage"] * 3,
        stacked=[False] * 5 + [True],
    )
    events = incidents[incidents["offence_class"] == "drug_use"]
    places = over_places(events, incidents)
    assert (places.n_units, places.n_with_events, places.n_events) == (3, 1, 3)
    cells = over_cells(events, incidents, cell_size_m=100, margin_m=100)
    assert (cells.n_units, cells.n_with_events, cells.n_events) == (15, 1, 3)


def test_row_order_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    incidents = make_incidents(x=rng.integers(0, 900, 80), y=rng.integers(0, 900, 80))
    shuffled = incidents.sample(frac=1, random_state=2)
    one = over_cells(incidents, incidents, cell_size_m=100, margin_m=200)
    two = over_cells(shuffled, shuffled, cell_size_m=100, margin_m=200)
    assert one.curve.equals(two.curve)
    assert one.gini == two.gini
