"""What the evidence page tells of the town as a whole."""

from __future__ import annotations

import pandas as pd

from hotspots.summary import window_text
from scripts.findings import _beyond_chance, _near_repeat, _spans


def test_clusters_that_chance_may_give_are_said_to_be_so() -> None:
    assert _beyond_chance(pd.Series([0.2, 0.9])).startswith("Ingen av dem")
    assert _beyond_chance(pd.Series([0.01, 0.9])).startswith("1 av dem")
    assert _beyond_chance(pd.Series([0.01, 0.049])).startswith("Alla")
    assert _beyond_chance(pd.Series([0.05])).startswith("Ingen av dem")


def test_bands_stand_with_both_their_edges() -> None:
    assert _spans(pd.Series([0.0, 0.0, 100.0]), pd.Series([0.0, 100.0, 200.0])) == [
        "0",
        "0–100",
        "100–200",
    ]


def test_what_lies_beyond_the_last_band_is_not_shown() -> None:
    table = pd.DataFrame(
        {
            "distance_from_m": [0.0, 100.0],
            "distance_to_m": [100.0, float("inf")],
            "days_from": [0.0, 0.0],
            "days_to": [7.0, 7.0],
            "observed": [3, 9],
            "expected": [1.0, 8.0],
            "ratio": [3.0, 1.1],
            "p_value": [0.0004, 0.5],
        }
    )
    shown = _near_repeat(table).table
    assert shown["Avstånd, m"] == ("0–100",)
    assert shown["Dagar emellan"] == ("0–7",)
    assert shown["p"] == ("under 0,001",)


def test_midnight_ends_a_window_as_24() -> None:
    assert window_text(9, 15) == "09–24"
    assert window_text(20, 8) == "20–04"
    assert window_text(0, 24) == "hela dygnet"
