"""A town with every event in one area: nothing is left to compare with, and that is no fault."""

from __future__ import annotations

import numpy as np

from areas.followup import FollowupOptions, follow_up
from tests.areas.picture_tables import areas_table
from tests.areas.test_followup import YEARS, events, row
from tests.areas.test_watch_series import pick, town, watched


def test_the_watch_sees_the_area_as_the_whole() -> None:
    series, judged = watched(town(west=0))
    east, whole = pick(series, "area", "Öst"), pick(series, "municipality", "Hela kommunen")
    np.testing.assert_array_equal(series.counts[east], series.counts[whole])
    assert judged.state[east] == judged.state[whole] == "watched"


def test_the_follow_up_has_no_rest_to_hold_against() -> None:
    compared = follow_up(events(60, 40), areas_table(), YEARS, FollowupOptions(), by_month=False)
    found = row(compared.table, "a")
    assert (found["n_before"], found["n_now"]) == (60, 40)
    assert np.isnan([found["rest_ratio"], found["rest_ratio_low"], found["rest_ratio_high"]]).all()
    assert found["rri"] == 1.0
    assert found["state"] == "none"
