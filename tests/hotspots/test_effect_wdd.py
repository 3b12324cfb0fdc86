"""WDD, WDQ and power against the published and recomputed test rows."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.effect.power import least_effect
from hotspots.effect.wdd import Change, wdd
from hotspots.effect.wdq import wdq

PAPER = (Change(308, 318), Change(207, 110), Change(150, 140), Change(178, 157))
counts = st.integers(0, 500)
changes = st.builds(Change, counts, counts)


def test_the_paper() -> None:
    found = wdd(*PAPER)
    assert found.displaced is not None
    assert found.local.estimate == -107
    assert found.displaced.estimate == -11
    assert found.total.estimate == -118
    assert found.total.variance == 1568
    assert found.total.error == pytest.approx(39.598, abs=5e-4)
    assert found.total.z == pytest.approx(-2.98, abs=5e-3)
    assert (round(found.total.low), round(found.total.high)) == (-196, -40)
    assert found.total.certain


def test_simple_without_places_around() -> None:
    found = wdd(Change(20, 20), Change(20, 10))
    assert found.local.estimate == -10
    assert found.displaced is None
    assert found.total == found.local


def test_time_weights() -> None:
    found = wdd(Change(100, 50), Change(80, 20), time_weights=(2, 1)).total
    assert found.estimate == -20
    assert found.error == pytest.approx(sqrt(115))


def test_area_weights() -> None:
    found = wdd(*PAPER, area_weights=(0.9, 1.2, 1.6, 1.5)).total
    told = [found.estimate, found.error, found.z, found.low, found.high]
    expected = [-99.69444444, 35.4280755, -2.813995483, -169.1321965, -30.25669241]
    assert told == pytest.approx(expected, rel=1e-7)


def test_like_a_camera_shows_no_certain_change() -> None:
    found = wdd(Change(38, 36), Change(40, 22), Change(31, 30), Change(30, 36))
    assert found.displaced is not None
    assert found.local.estimate == -16
    assert found.local.z == pytest.approx(-1.372, abs=5e-4)
    assert found.displaced.estimate == 7
    assert found.total.estimate == -9
    assert found.total.error == pytest.approx(16.217, abs=5e-4)
    assert found.total.z == pytest.approx(-0.555, abs=5e-4)
    assert (round(found.total.low, 1), round(found.total.high, 1)) == (-40.8, 22.8)
    assert not found.total.certain


@pytest.mark.real
def test_every_row_of_the_reference_file(real_data: Path) -> None:
    text = (real_data / "checks" / "reference_values.json").read_text(encoding="utf-8")
    told = json.loads(text)["wdd_wheeler_ratcliffe_2018"]
    names = ("control", "treated", "disp_control", "disp_treated")
    for row in told["simple"]:
        found = wdd(*(Change(*row[name]) for name in names if name in row))
        if "Est_Local" in row:
            assert found.local.estimate == row["Est_Local"]
        if "Est_Total" in row:
            assert found.total.estimate == row["Est_Total"]


def test_no_events_at_all_is_no_certain_change() -> None:
    found = wdd(Change(0, 0), Change(0, 0), Change(0, 0), Change(0, 0)).total
    assert found.estimate == 0
    assert np.isnan([found.z, found.p, found.low, found.high]).all()
    assert not found.certain


def test_half_of_the_places_around_is_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        wdd(Change(1, 1), Change(1, 1), Change(1, 1))


@given(changes, changes, changes, changes)
def test_control_and_treated_are_mirrored(a: Change, b: Change, c: Change, d: Change) -> None:
    assert wdd(a, b, c, d).total.estimate == -wdd(b, a, d, c).total.estimate
    assert wdd(a, b, c, d).total.variance == wdd(b, a, d, c).total.variance


@given(changes, changes, st.floats(0.5, 4.0))
def test_dispersion_widens_the_interval_by_its_root(a: Change, b: Change, by: float) -> None:
    plain, wider = wdd(a, b).total, wdd(a, b, dispersion=by).total
    assert wider.estimate == plain.estimate
    assert wider.error == pytest.approx(plain.error * sqrt(by))


@given(changes, changes, st.floats(0.2, 5.0))
def test_the_same_weight_everywhere_only_scales(a: Change, b: Change, by: float) -> None:
    plain, scaled = wdd(a, b).total, wdd(a, b, area_weights=(by,) * 4).total
    assert scaled.estimate == pytest.approx(plain.estimate / by)
    if plain.variance > 0:
        assert scaled.z == pytest.approx(plain.z)


QUOTIENTS = [
    ((40, 22), (30, 36), (200, 190), -0.08421, -0.46875, 8.5, "displacement"),
    ((40, 22), (30, 26), (200, 190), -0.08421, 0.15625, 18.5, "diffusion"),
    ((40, 42), (30, 30), (200, 190), 0.02105, None, -5.5, None),
]


@pytest.mark.parametrize(("a", "b", "c", "success", "quotient", "net", "reading"), QUOTIENTS)
def test_quotients(a, b, c, success, quotient, net, reading) -> None:
    found = wdq(Change(*a), Change(*b), Change(*c))
    assert found.success == pytest.approx(success, abs=5e-6)
    assert found.wdq == (None if quotient is None else pytest.approx(quotient, abs=1e-9))
    assert found.net == pytest.approx(net)
    assert found.reading == reading
    assert found.reason == (None if quotient is not None else "no_success")


@pytest.mark.parametrize("control", [(0, 190), (200, 0), (0, 0)])
def test_no_control_events_is_no_quotient(control) -> None:
    found = wdq(Change(40, 22), Change(30, 36), Change(*control))
    assert (found.success, found.wdq, found.net, found.reason) == (None, None, None, "no_control")


READINGS = [
    ((30, 40), "displacement_larger"),
    ((30, 30), "none"),
    ((30, 10), "diffusion_larger"),
]


@pytest.mark.parametrize(("buffer", "reading"), READINGS)
def test_readings_with_a_steady_control(buffer, reading) -> None:
    # The target falls by 8 with a control that stands still.
    assert wdq(Change(40, 32), Change(*buffer), Change(200, 200)).reading == reading


@pytest.mark.parametrize(
    ("baseline", "share"), [(10, None), (20, 0.80), (40, 0.58), (80, 0.42), (160, 0.30)]
)
def test_power_by_baseline(baseline: int, share: float | None) -> None:
    least = least_effect(baseline, baseline)
    if share is None:
        assert least is None
    else:
        assert least is not None
        assert least.share == pytest.approx(share, abs=0.011)
        # That many fewer is significant by the test itself, one event more is not.
        control = Change(baseline, baseline)
        assert wdd(control, Change(baseline, least.after)).total.certain
        assert not wdd(control, Change(baseline, least.after + 1)).total.certain
