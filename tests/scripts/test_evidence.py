from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspots.accuracy import AccuracyOptions
from hotspots.accuracy.cards import method_card
from hotspots.accuracy.history import gather
from hotspots.accuracy.trial import try_methods
from hotspots.options import HotspotOptions
from scripts.evidence.__main__ import PAGE, render
from scripts.evidence.accuracy import NAMES, difference, try_town, verdict
from scripts.evidence.towns import TOWNS, Town, read_town
from tests.factories import make_incidents


def row(low: float, high: float) -> pd.Series:
    return pd.Series({"lead": (low + high) / 2, "lead_low": low, "lead_high": high})


def test_verdict_follows_the_interval() -> None:
    assert verdict(row(0.1, 0.2)) == "better"
    assert verdict(row(-0.2, -0.1)) == "worse"
    assert verdict(row(-0.1, 0.2)) == "within noise"


def test_minus_signs_are_signs() -> None:
    assert difference(-1.5, 0.25, -2.0, 1.0) == "−1.50 (SE 0.25; −2.00 to +1.00)"


def test_the_page_has_every_part() -> None:
    rng = np.random.default_rng(0)
    n = 14 * 40
    cell = np.where(rng.random(n) < 0.6, rng.integers(0, 6, n) * 37, rng.integers(0, 400, n))
    incidents = make_incidents(
        x=(cell % 20) * 100.0, y=(cell // 20) * 100.0, day=rng.integers(0, 98, n)
    )
    town = Town("Småstad", "smastad", "Made up.", {"all_time": (1.0, 2.0)})
    page = render([try_town(town, incidents, HotspotOptions())])
    assert "<!--" not in page
    for name, text in NAMES.items():
        assert text in page, name
    assert "## Småstad" in page
    assert "nan" not in page


def test_the_written_page_is_of_this_form() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "<!--" not in page
    for town in TOWNS:
        assert f"## {town.name}" in page


@pytest.mark.real
def test_learning_is_not_worse_than_counting(real_data: Path) -> None:
    town = next(town for town in TOWNS if town.name == "San Francisco")
    incidents, counted = read_town(town, real_data)
    history = gather(incidents, counted, AccuracyOptions())
    assert history is not None
    assert history.periods.unit == "week"
    trial = try_methods(history, AccuracyOptions(), methods=("all_time", "kde", "additive"))
    assert trial is not None
    table = method_card(trial, AccuracyOptions(), seed=581).table
    auto = table[table["method"] == "auto"]
    assert (auto["lead_high"] > 0).all()
