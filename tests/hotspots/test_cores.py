"""The weight of a core: stated, or chosen by the town."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots import cores
from hotspots.clusters import find_hotspots
from hotspots.cores import core_weight
from hotspots.options import HotspotOptions
from tests.factories import CRS, make_incidents, make_places


def town(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    side = 120 * np.sqrt(n)
    return rng.uniform(0, side, n).round(2), rng.uniform(0, side, n).round(2), rng.integers(1, 9, n)


def around(x, y, weight, eps) -> np.ndarray:
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    return ((apart <= eps) * weight).sum(axis=1)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 1000),
    n=st.integers(200, 400),
    share=st.sampled_from([0.02, 0.1, 0.5, 1.0]),
)
def test_chosen_weight_is_what_the_share_of_places_with_most_around_them_have(
    seed, n, share
) -> None:
    x, y, weight = town(seed, n)
    least = core_weight(x, y, weight, HotspotOptions(core_share=share, eps_m=150))
    near = np.sort(around(x, y, weight, 150))[::-1]
    assert least == max(5, near[int(np.ceil(round(share * n, 6))) - 1])
    if least > 5:
        assert (near >= least).mean() >= share > (near > least).mean()


def test_never_under_five_and_five_where_there_are_few_places() -> None:
    x, y = np.arange(300) * 500.0, np.zeros(300)
    ones, many = np.ones(300, dtype=np.int64), np.full(300, 40)
    options = HotspotOptions()
    assert core_weight(x, y, ones, options) == 5
    assert core_weight(x, y, many, options) == 40
    assert core_weight(x[:199], y[:199], many[:199], options) == 5
    none = np.zeros(0)
    assert core_weight(none, none, none.astype(int), options) == 5


def test_a_stated_weight_is_kept() -> None:
    x, y, weight = town(1, 300)
    assert core_weight(x, y, weight, HotspotOptions(min_samples=3)) == 3


def test_order_of_places_and_size_of_parts_do_not_matter(monkeypatch) -> None:
    x, y, weight = town(2, 350)
    options = HotspotOptions(eps_m=200)
    wanted = core_weight(x, y, weight, options)
    mixed = np.random.default_rng(0).permutation(350)
    assert core_weight(x[mixed], y[mixed], weight[mixed], options) == wanted
    monkeypatch.setattr(cores, "_PAIRS_AT_ONCE", 40)
    assert core_weight(x, y, weight, options) == wanted


def test_a_sample_of_many_places_comes_close(monkeypatch) -> None:
    x, y, weight = town(3, 4000)
    options = HotspotOptions(eps_m=200)
    whole = core_weight(x, y, weight, options)
    monkeypatch.setattr(cores, "MOST_ASKED", 1000)
    sample = core_weight(x, y, weight, options)
    near = around(x, y, weight, 200)
    assert (near >= sample).mean() == pytest.approx((near >= whole).mean(), abs=0.02)


def test_chosen_weight_is_told_with_its_unit_and_a_stated_one_is_not() -> None:
    x = np.concatenate([np.arange(250) * 300.0, np.full(40, 100_000.0)])
    day = np.concatenate([np.zeros(250, dtype=int), np.arange(40) * 9])
    incidents = make_incidents(x=x, day=day)
    options = HotspotOptions(window_months=12, core_share=0.002, top_share=1)
    found = find_hotspots(incidents, make_places(incidents), options, crs=CRS)
    assert found.min_samples == 40
    assert found.table["n_days"].tolist() == [40]
    told = next(n for n in found.notices if n.code == "core_chosen")
    assert told.level == "chosen"
    assert "40 olika dagar per plats, summerat inom 75 m" in told.text
    assert told.data == {"min_samples": 40, "n_places": 251, "core_share": 0.002}
    stated = HotspotOptions(window_months=12, min_samples=7, top_share=1)
    found = find_hotspots(incidents, make_places(incidents), stated, crs=CRS)
    assert found.min_samples == 7
    assert "core_chosen" not in [n.code for n in found.notices]


def test_few_places_are_told() -> None:
    incidents = make_incidents(x=[0] * 12, day=range(0, 360, 30))
    options = HotspotOptions(window_months=12, weight="events", top_share=1)
    found = find_hotspots(incidents, make_places(incidents), options, crs=CRS)
    told = next(n for n in found.notices if n.code == "core_chosen")
    assert "5 händelser inom 75 m, det lägsta" in told.text
