"""The evidence of the watch on the demo town: whose a signal is, and moments dealt anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from areas.watch.reference import monday, week_of
from geodata.synthetic.outbreaks import Outbreak
from scripts.evidence.watch_scans import FalseGatherings, dealt
from scripts.evidence.watch_town import Signal, at_operation, is_of
from tests.factories import make_incidents

BEGIN = date(2025, 10, 6)
OUTBREAK = Outbreak("o", "east", "police", "drug_supply", BEGIN, (5, 5))
POINTS = pd.DataFrame({"x_m": [0.0, 5000.0], "y_m": [0.0, 0.0]}, index=[1, 2])
WEEK = week_of(BEGIN)


def signal(week: int = WEEK) -> Signal:
    return Signal(
        week=week,
        method="scan",
        unit="circle",
        unit_id="1",
        name="Torget",
        source="police",
        kind="street_drugs",
        first=monday(week) - timedelta(days=7),
        last=monday(week) + timedelta(days=6),
        observed=5,
        expected=0.5,
        initiated=True,
        x=0.0,
        y=0.0,
        radius=100.0,
    )


@pytest.mark.parametrize(
    ("change", "own"),
    [
        ({}, True),
        ({"source": "est_report"}, False),
        ({"kind": "violence"}, False),
        ({"kind": "all"}, True),
        ({"unit_id": "2"}, False),
        ({"unit": "area", "unit_id": "east"}, True),
        ({"unit": "area", "unit_id": "west"}, False),
        ({"unit": "municipality"}, True),
        ({"week": WEEK - 1}, False),
        ({"week": WEEK + 12, "first": BEGIN + timedelta(weeks=8)}, False),
        ({"week": WEEK + 12, "first": BEGIN}, True),  # a shift that counts the outbreak's weeks
    ],
)
def test_a_signal_is_an_outbreaks_by_time_source_class_and_place(
    change: dict[str, object], *, own: bool
) -> None:
    one = replace(signal(), **change)  # type: ignore[arg-type]
    assert is_of(one, OUTBREAK, np.array([0.0, 50.0]), POINTS) == own


@pytest.mark.parametrize(
    ("change", "reaches"),
    [
        ({}, True),
        ({"x": 240.0}, True),
        ({"x": 260.0}, False),
        ({"last": date(2025, 9, 28), "first": date(2025, 9, 22)}, False),
        ({"unit": "place", "unit_id": "1"}, True),
        ({"unit": "place", "unit_id": "2"}, False),
        ({"unit": "area", "unit_id": "east"}, False),
    ],
)
def test_an_operation_is_reached_in_place_and_time(
    change: dict[str, object], *, reaches: bool
) -> None:
    operations = pd.DataFrame(
        {"från": pd.to_datetime([BEGIN]), "till": [BEGIN], "E": [0], "N": [0], "radie": [150]}
    )
    one = replace(signal(), **change)  # type: ignore[arg-type]
    assert at_operation(one, operations, POINTS) == reaches


def test_moments_are_dealt_within_each_source_and_nothing_else_changes() -> None:
    events = make_incidents(day=list(range(60)), x=[20.0 * (i % 7) for i in range(60)])
    events["source"] = events["source"].cat.set_categories(["police", "est_report"])
    events.loc[40:, "source"] = "est_report"
    other = dealt(events, np.random.default_rng(1))
    rest = [name for name in events.columns if name != "start"]
    pd.testing.assert_frame_equal(other[rest], events[rest])
    assert (other["start"] != events["start"]).mean() > 0.8
    for source in ("police", "est_report"):
        own = (events["source"] == source).to_numpy()
        assert sorted(other.loc[own, "start"]) == sorted(events.loc[own, "start"])


def test_false_gatherings_are_told_by_ten_weeks() -> None:
    found = FalseGatherings(weeks=200, searches=4, signals=5)
    assert found.in_ten_weeks == pytest.approx(0.25)
    assert found.at_most == pytest.approx(10 * 10.513 / 200, rel=1e-3)
