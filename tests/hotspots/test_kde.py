from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geodata import schema
from geodata.errors import DataError, SettingsError
from geodata.evidence_tables import EVIDENCE
from hotspots.kde import (
    Frame,
    KdeOptions,
    choose_bandwidth,
    density_table,
    estimate_density,
    evaluate,
    frame_of,
    kernels,
)
from hotspots.kde.bandwidth import sums_of_others
from hotspots.kde.surface import kernel_shares
from tests.factories import CRS, X0, Y0, make_incidents, no_incidents

FRAME = Frame(0, 0, 40, 30, 50.0)
"""2 × 1.5 km."""


def direct(x, y, weight, frame: Frame, kernel: str, h: float) -> np.ndarray:
    """Sum every point's kernel at every centre, as the textbook writes it."""
    cx, cy = frame.centres()
    r2 = (cx[None, :, None] - x) ** 2 + (cy[:, None, None] - y) ** 2
    if kernel == "quartic":
        k = np.where(r2 < h * h, 3 / (math.pi * h * h) * (1 - r2 / (h * h)) ** 2, 0.0)
    else:
        k = np.exp(-r2 / (2 * h * h)) / (2 * math.pi * h * h)
    return k @ weight


points = st.lists(
    st.tuples(st.floats(-500, 2500), st.floats(-500, 2000), st.integers(0, 40)),
    min_size=1,
    max_size=20,
)


@given(points=points, h=st.sampled_from([50.0, 77.0, 130.0, 200.0, 400.0]))
@settings(max_examples=60)
def test_quartic_is_the_direct_sum(points, h) -> None:
    x, y, w = (np.array(v, dtype=float) for v in zip(*points, strict=True))
    made = evaluate(x, y, w, FRAME, kernel="quartic", bandwidth_m=h)
    scale = max(w.sum(), 1) / h**2
    np.testing.assert_allclose(made, direct(x, y, w, FRAME, "quartic", h), atol=1e-12 * scale)


@given(points=points, h=st.sampled_from([50.0, 77.0, 130.0, 200.0, 400.0]))
@settings(max_examples=60)
def test_gaussian_is_the_direct_sum_but_for_the_binning(points, h) -> None:
    x, y, w = (np.array(v, dtype=float) for v in zip(*points, strict=True))
    made = evaluate(x, y, w, FRAME, kernel="gaussian", bandwidth_m=h)
    # whatever the point's place in its cell: 1e-4 of the peak that all would have on one point
    peak = w.sum() / (2 * math.pi * h * h)
    error = np.abs(made - direct(x, y, w, FRAME, "gaussian", h)).max()
    assert error <= 1e-4 * peak
    assert (made >= 0).all()


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_error_on_a_town_is_far_below_a_thousandth_of_the_peak(kernel) -> None:
    rng = np.random.default_rng(5)
    centre = rng.uniform(200, 1500, (12, 2))
    x, y = (centre[rng.integers(0, 12, 20_000)] + rng.normal(0, 60, (20_000, 2))).T
    w = np.ones(len(x))
    some = Frame(0, 0, 24, 24, 50.0)
    exact = np.zeros((24, 24))
    for part in np.array_split(np.arange(len(x)), 20):
        exact += direct(x[part], y[part], w[part], some, kernel, 200.0)
    made = evaluate(x, y, w, some, kernel=kernel, bandwidth_m=200.0)
    assert np.abs(made - exact).max() < 2e-5 * exact.max()


def test_known_answer_at_the_point_itself() -> None:
    at = np.array([1025.0]), np.array([725.0]), np.array([2.0])  # a cell's centre
    quartic = evaluate(*at, FRAME, kernel="quartic", bandwidth_m=200.0)
    gaussian = evaluate(*at, FRAME, kernel="gaussian", bandwidth_m=200.0)
    assert quartic[14, 20] == pytest.approx(2 * 3 / (math.pi * 200**2), rel=1e-12)
    assert gaussian[14, 20] == pytest.approx(2 / (2 * math.pi * 200**2), rel=1e-12)
    # half-way out the quartic is (1 − 1/4)² of its peak, at the rim nothing
    assert quartic[14, 22] / quartic[14, 20] == pytest.approx(0.5625)
    assert quartic[14, 24] == 0
    assert quartic[14, 24 - 8] == 0


@pytest.mark.parametrize(("kernel", "tolerance"), [("quartic", 3e-3), ("gaussian", 1e-5)])
@given(at=st.tuples(st.floats(0, 50), st.floats(0, 50)), h=st.sampled_from([200.0, 310.0]))
@settings(max_examples=40)
def test_sum_is_the_number_of_events(kernel, tolerance, at, h) -> None:
    events = make_incidents(x=[at[0], at[0], 400.0], y=[at[1], at[1], 90.0])
    density = estimate_density(events, KdeOptions(kernel=kernel, bandwidth_m=h))
    assert density.per_km2.sum() * 0.05**2 == pytest.approx(3, rel=tolerance)
    assert density_table(density, crs=CRS)["share"].sum() == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_shares_are_the_mirror_of_spreading(kernel) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-300, 2300, 50), rng.uniform(-300, 1800, 50)
    inside = rng.random((30, 40)) < 0.6
    shares = kernel_shares(x, y, inside, FRAME, kernel=kernel, bandwidth_m=130.0)
    for i in range(50):
        one = evaluate(
            x[i : i + 1], y[i : i + 1], np.ones(1), FRAME, kernel=kernel, bandwidth_m=130.0
        )
        assert shares[i] == pytest.approx(one[inside].sum() * 50**2, abs=1e-6)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_with_a_mask_nothing_leaks_and_nothing_is_lost(kernel) -> None:
    rng = np.random.default_rng(3)
    events = make_incidents(x=rng.uniform(0, 990, 200), y=rng.uniform(0, 990, 200))
    town = gpd.GeoDataFrame(geometry=[box(X0, Y0, X0 + 1000, Y0 + 1000)], crs=CRS)
    water = gpd.GeoDataFrame(geometry=[box(X0 + 400, Y0, X0 + 500, Y0 + 1000)], crs=CRS)
    plain = estimate_density(events, KdeOptions(kernel=kernel))
    held = estimate_density(events, KdeOptions(kernel=kernel), possible=town, impossible=water)
    assert plain.per_km2.sum() * 0.05**2 == pytest.approx(200, rel=3e-3)
    assert held.per_km2.sum() * 0.05**2 == pytest.approx(200, rel=1e-5)
    assert (held.per_km2[~held.inside] == 0).all()
    assert held.inside.sum() == 400 - 40
    # along the edge the plain surface sinks towards half, the corrected one does not
    centre_x, centre_y = held.frame.centres()
    edge = np.ix_((centre_y > Y0) & (centre_y < Y0 + 1000), (centre_x > X0) & (centre_x < X0 + 50))
    assert held.per_km2[edge].mean() > 1.25 * plain.per_km2[edge].mean()
    assert not held.notices


def test_places_far_off_the_mask_are_left_out_and_told() -> None:
    events = make_incidents(x=[100, 100, 5000], y=[100, 120, 5000])
    town = gpd.GeoDataFrame(geometry=[box(X0, Y0, X0 + 1000, Y0 + 1000)], crs=CRS)
    density = estimate_density(events, KdeOptions(), possible=town)
    assert density.total == 2
    assert [n.code for n in density.notices] == ["outside_mask"]
    assert density.notices[0].data == {"places": 1, "weight": 1.0}


def test_a_mask_that_covers_everything_is_refused() -> None:
    events = make_incidents(x=[100, 300], y=[100, 120])
    water = gpd.GeoDataFrame(geometry=[box(X0 - 9e3, Y0 - 9e3, X0 + 9e3, Y0 + 9e3)], crs=CRS)
    with pytest.raises(DataError) as raised:
        estimate_density(events, KdeOptions(), impossible=water)
    assert raised.value.faults[0].code == "no_possible_cells"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (KdeOptions(bandwidth_m=40), "bandwidth_below_cell"),
        (KdeOptions(bandwidth="likelihood", bandwidth_low_m=20), "bandwidth_below_cell"),
        (
            KdeOptions(bandwidth="likelihood", bandwidth_low_m=500, bandwidth_high_m=400),
            "bandwidth_range",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused(options, code) -> None:
    with pytest.raises(SettingsError) as raised:
        estimate_density(make_incidents(x=[0, 1]), options)
    assert raised.value.faults[0].code == code


def test_a_surface_beyond_reason_is_refused() -> None:
    events = make_incidents(x=[0, 900_000], y=[0, 900_000])
    with pytest.raises(SettingsError) as raised:
        estimate_density(events, KdeOptions())
    assert raised.value.faults[0].code == "grid_too_large"


def test_negative_weights_are_refused() -> None:
    with pytest.raises(DataError) as raised:
        estimate_density(make_incidents(x=[0, 1], weight=[1.0, -1.0]), KdeOptions())
    assert raised.value.faults[0].code == "bad_weight"


def test_no_events_and_a_million_on_one_place() -> None:
    none = estimate_density(no_incidents(), KdeOptions())
    assert none.total == 0
    assert len(density_table(none, crs=CRS)) == 0
    heavy = estimate_density(make_incidents(x=[10.0], y=[10.0], weight=[1e6]), KdeOptions())
    one = estimate_density(make_incidents(x=[10.0], y=[10.0]), KdeOptions())
    np.testing.assert_allclose(heavy.per_km2, 1e6 * one.per_km2, rtol=1e-12)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_does_not_depend_on_the_order_of_rows(kernel) -> None:
    rng = np.random.default_rng(8)
    x, y = rng.integers(0, 30, 300) * 20, rng.integers(0, 30, 300) * 20
    events = make_incidents(x=x, y=y, weight=rng.random(300))
    options = KdeOptions(kernel=kernel)
    one = density_table(estimate_density(events, options), crs=CRS)
    two = density_table(estimate_density(events.sample(frac=1, random_state=3), options), crs=CRS)
    assert_geodataframe_equal(one, two)
    schema.check(one, "density", crs=CRS, tables=EVIDENCE)


def test_moved_by_whole_cells_only_the_corners_move() -> None:
    rng = np.random.default_rng(8)
    events = make_incidents(x=rng.integers(0, 900, 40), y=rng.integers(0, 900, 40))
    moved = events.assign(x_m=events["x_m"] + 350, y_m=events["y_m"] - 100)
    one, two = (estimate_density(e, KdeOptions(kernel="gaussian")) for e in (events, moved))
    np.testing.assert_allclose(one.per_km2, two.per_km2, rtol=0, atol=1e-9)
    assert two.frame.column - one.frame.column == 7
    assert two.frame.row - one.frame.row == -2


def test_bounds_cut_the_surface_without_changing_it() -> None:
    rng = np.random.default_rng(8)
    events = make_incidents(x=rng.integers(0, 2000, 99), y=rng.integers(0, 2000, 99))
    whole = estimate_density(events, KdeOptions())
    part = estimate_density(events, KdeOptions(), bounds=(X0 + 500, Y0 + 500, X0 + 999, Y0 + 899))
    assert part.per_km2.shape == (8, 10)
    row, column = part.frame.row - whole.frame.row, part.frame.column - whole.frame.column
    np.testing.assert_allclose(
        part.per_km2, whole.per_km2[row : row + 8, column : column + 10], atol=1e-9
    )


def test_frame_is_the_count_grids() -> None:
    frame = frame_of((0.0, 0.0, 100.0, 49.9), cell_size_m=50.0)
    assert (frame.column, frame.row, frame.columns, frame.rows) == (0, 0, 3, 1)


def test_sums_of_others_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 900, 80), rng.uniform(0, 700, 80)
    w = rng.integers(1, 9, 80).astype(float)
    inner = np.maximum(150.0**2 - (x[:, None] - x) ** 2 - (y[:, None] - y) ** 2, 0) ** 2
    np.fill_diagonal(inner, 0)
    # relative to the place's own term, which is added and taken out again
    np.testing.assert_allclose(sums_of_others(x, y, w, 150.0), inner @ w, atol=1e-9 * 150.0**4)


def test_likelihood_finds_the_spread_of_the_clusters() -> None:
    rng = np.random.default_rng(6)
    options = KdeOptions(bandwidth="likelihood")
    chosen = {}
    for spread in (40.0, 200.0):
        centre = rng.uniform(0, 10_000, (30, 2))
        x, y = (np.repeat(centre, 40, axis=0) + rng.normal(0, spread, (1200, 2))).T
        chosen[spread], notices = choose_bandwidth(x, y, np.ones(1200), options)
        assert notices[0].code == "bandwidth_chosen"
    assert 75 <= chosen[40.0] < 200 < chosen[200.0] <= 700


def test_many_events_on_one_address_do_not_shrink_the_bandwidth_to_nothing() -> None:
    rng = np.random.default_rng(6)
    x, y = rng.uniform(0, 3000, 300), rng.uniform(0, 3000, 300)
    weight = np.ones(300)
    weight[:10] = 1000
    options = KdeOptions(bandwidth="likelihood", bandwidth_low_m=50)
    chosen, _notices = choose_bandwidth(x, y, weight, options)
    assert chosen > 300


def test_one_place_gives_no_bandwidth_to_choose() -> None:
    options = KdeOptions(bandwidth="likelihood")
    density = estimate_density(make_incidents(x=[5, 5], y=[5, 5]), options)
    assert density.bandwidth_m == 200
    assert [n.code for n in density.notices] == ["bandwidth_not_chosen"]


def test_loops_give_the_same_uncompiled() -> None:
    rng = np.random.default_rng(1)
    x, y, w = rng.uniform(8, 12, 9), rng.uniform(8, 12, 9), rng.random(9)
    by_hand, by_machine = np.zeros((20, 20)), np.zeros((20, 20))
    kernels.spread_spline(x, y, w, by_hand)
    from hotspots.compiled import compiled

    compiled(kernels.spread_spline)(x, y, w, by_machine)
    np.testing.assert_allclose(by_hand, by_machine, rtol=1e-13)
    assert by_hand.sum() == pytest.approx(w.sum())


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_points_at_the_reach_of_the_kernel_stay_within_the_memory(kernel, monkeypatch) -> None:
    # compiled loops don't look where they write; as they stand they do, but for negative indexes
    class Watched(np.ndarray):
        def __getitem__(self, key):
            _within(key)
            return super().__getitem__(key)

        def __setitem__(self, key, value):
            _within(key)
            super().__setitem__(key, value)

    def _within(key) -> None:
        for index in key if isinstance(key, tuple) else (key,):
            assert not isinstance(index, int) or index >= 0

    def watched(function):
        def run(*arguments):
            function(*(a.view(Watched) if np.ndim(a) == 2 else a for a in arguments))

        return run

    monkeypatch.setattr("hotspots.kde.surface.compiled", watched)
    frame = Frame(0, 0, 6, 5, 50.0)
    far = (5.0 if kernel == "gaussian" else 1.0) * 330.0 - 0.01
    x = np.array([25 - far, 275 + far, 25 - far, 275 + far, 150, 150])
    y = np.array([25 - far, 225 + far, 225 + far, 25 - far, 25 - far, 225 + far])
    made = evaluate(x, y, np.ones(6), frame, kernel=kernel, bandwidth_m=330.0)
    np.testing.assert_allclose(
        made, direct(x, y, np.ones(6), frame, kernel, 330.0), atol=1e-4 / 330**2
    )
    inside = np.ones((5, 6), dtype=bool)
    shares = kernel_shares(x, y, inside, frame, kernel=kernel, bandwidth_m=330.0)
    assert shares.max() < 0.01
